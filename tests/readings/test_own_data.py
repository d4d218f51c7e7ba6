"""Asking for one's data, in everybody's own words, through the whole bot."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.readings import training_texts

WAYS = yaml.safe_load((Path(__file__).parent / "own_data.yml").read_text("utf-8"))
people = (f"asks-{number}" for number in count())


def sentences(key: str) -> list[Any]:
    return [pytest.param(way, said, id=said) for way in WAYS for said in way[key]]


def answered(way: dict[str, Any], said: str, say: Any) -> str:
    """The move that answers somebody who says this, after what they said before."""
    who = next(people)
    for before in way.get("after", ()):
        say(before, who)
    move: str = say(said, who)["move"]
    return move


@pytest.mark.parametrize(("way", "said"), sentences("sentences"))
def test_it_is_answered_with_what_they_ask_for(way: dict[str, Any], said: str, say: Any) -> None:
    assert answered(way, said, say) in way["moves"]


@pytest.mark.parametrize(("way", "said"), sentences("known_failures"))
def test_a_known_failure_still_fails(way: dict[str, Any], said: str, say: Any) -> None:
    assert answered(way, said, say) not in way["moves"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["name"])
def test_thirty_ways_or_more_none_of_which_was_trained_on(way: dict[str, Any]) -> None:
    def letters(text: str) -> str:
        return " ".join(re.findall(r"[a-z0-9']+", text.lower()))

    ours = {letters(said) for said in (*way["sentences"], *way["known_failures"])}
    assert len({letters(said) for said in way["sentences"]}) >= 30
    assert not ours & {letters(text) for text in training_texts()}
