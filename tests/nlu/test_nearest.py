"""The name whose lines lie nearest, of a whole message or of one sentence in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from comeback.nlu import situations
from comeback.nlu.encoder import Encoding
from comeback.nlu.nearest import Nearest
from comeback.nlu.outright import Outright, WrongPattern

ONE = np.eye(3, dtype=np.float32)


def test_the_nearest_is_found_and_less_sure_between_two(tmp_path: Path) -> None:
    Nearest.fit(np.tile(ONE, (2, 1)), ["salary", "rights", "salary"] * 2).save(
        tmp_path / "topics.safetensors"
    )
    topics = Nearest.load(tmp_path / "topics.safetensors")
    (rights, *_), between = topics.read([ONE[1], np.full(3, 3**-0.5, np.float32)], 2)
    assert (rights.name, rights.likeness) == ("rights", pytest.approx(1)) and rights.sure > 0.99
    assert len(between) == 2 and all(near.sure < 0.7 for near in between)
    assert topics.read([], 2) == []
    assert Nearest.fit(np.zeros((0, 3), np.float32), []).read([ONE[0]], 2) == [[]]


def test_one_sentence_of_several_can_tell_the_situation(tmp_path: Path) -> None:
    nearest = Nearest.fit(np.tile(ONE[:2], (2, 1)), ["reposted", "ghosted"] * 2)
    other, reposted = np.tile(ONE[2], (5, 1)), np.tile(ONE[0], (5, 1))
    pieces = ("[CLS]", *"abcd.", *"efgh.", "[SEP]")
    tokens = np.vstack([ONE[2:], other, reposted, ONE[2:]])
    mean = tokens.mean(axis=0)
    encoding = Encoding(tokens, mean / np.linalg.norm(mean), pieces)
    near = situations.read(nearest, words(tmp_path, ""), "abcd. efgh.", encoding)
    assert near and (near.name, near.likeness) == ("reposted", pytest.approx(1))
    told = situations.read(nearest, words(tmp_path, "ghosted: {any: [EFGH]}"), "abcd. efgh.", encoding)
    assert told and (told.name, told.sure) == ("ghosted", 1)


def words(folder: Path, text: str) -> Outright:
    (folder / "words.yml").write_text(text)
    return Outright.load(folder)


def test_words_count_where_nothing_turns_them_round(tmp_path: Path) -> None:
    read = words(tmp_path, "salary: {any: [pay], not: ['pay(?:ing)? attention']}\nrights: {any: [law]}")
    assert read.first("is the PAY ok", ["rights", "salary"]) == "salary"
    assert read.first("pay attention", ["rights", "salary"]) is None
    with pytest.raises(WrongPattern, match=r"words.yml: salary"):
        words(tmp_path, "salary: {any: ['(pay']}")
