"""The vote of the lines nearest in meaning, on vectors whose neighbours are known."""

import numpy as np
import pytest

from comeback.nlu.neighbours import NEAREST, Neighbours


@pytest.fixture(scope="module")
def near() -> Neighbours:
    random = np.random.default_rng(0)
    sides = np.repeat(np.eye(2, 80, dtype=np.float32), 60, axis=0)
    vectors = sides + 0.1 * random.standard_normal((120, 80)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Neighbours.fit(vectors, np.stack([sides[:, 0] > 0, np.ones(120)], axis=1).astype(bool))


def test_a_vector_is_labelled_like_the_lines_around_it(near: Neighbours) -> None:
    assert len(near.lines) > NEAREST
    one, other = (near.logits(side) for side in np.eye(2, 80, dtype=np.float32))
    assert one[0] > 2 and other[0] < -2
    assert min(one[1], other[1]) > 2


def test_the_small_stored_form_votes_the_same(near: Neighbours) -> None:
    again = Neighbours.of(near.arrays())
    for side in np.eye(2, 80, dtype=np.float32):
        assert again.logits(side) == pytest.approx(near.logits(side), abs=0.1)
