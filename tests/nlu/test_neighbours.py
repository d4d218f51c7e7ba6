"""The vote of the lines nearest in meaning, on vectors whose neighbours are known."""

import numpy as np
import pytest

from comeback.nlu.cosines import Cosines
from comeback.nlu.neighbours import NEAREST, Neighbours, largest


@pytest.fixture(scope="module")
def near() -> Neighbours:
    random = np.random.default_rng(0)
    sides = np.repeat(np.eye(2, 80, dtype=np.float32), 60, axis=0)
    vectors = sides + 0.1 * random.standard_normal((120, 80)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Neighbours.fit(vectors, np.stack([sides[:, 0] > 0, np.ones(120)], axis=1).astype(bool))


SIDES = np.eye(2, 80, dtype=np.float32)


def test_a_vector_is_labelled_like_the_lines_around_it(near: Neighbours) -> None:
    assert len(near.lines.rows) > NEAREST
    one, other = near.logits(SIDES)
    assert one[0] > 2 and other[0] < -2
    assert min(one[1], other[1]) > 2


def test_the_small_stored_form_votes_the_same(near: Neighbours) -> None:
    again = Neighbours.of(near.arrays())
    assert again.logits(SIDES) == pytest.approx(near.logits(SIDES), abs=0.1)


@pytest.mark.parametrize("many", [30, 200, 3_007])
def test_the_largest_are_found_whatever_the_number_of_values(many: int) -> None:
    values = np.random.default_rng(many).standard_normal(many).astype(np.float32)
    assert sorted(values[largest(values, 25)]) == sorted(values)[-25:]


def test_cosines_in_bytes_are_near_the_exact_ones() -> None:
    random = np.random.default_rng(0)
    fixed, few = random.standard_normal((500, 64)), np.vstack([random.standard_normal((3, 64)), np.zeros(64)])
    exact = few[:3] @ fixed.T / np.outer(*(np.linalg.norm(v, axis=1) for v in (few[:3], fixed)))
    read = Cosines.of(fixed.astype(np.float32)).to(few.astype(np.float32))
    assert read[:3] == pytest.approx(exact, abs=0.005) and not read[3].any()
