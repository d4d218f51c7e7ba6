"""What people tell in their own words is answered as the very thing it is, and ordinary talk is not."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

SAID = yaml.safe_load((Path(__file__).parent / "situations.yml").read_text("utf-8"))
people = (f"tells-{number}" for number in count())


def situations(text: str, say: Any) -> list[str]:
    """The situations that the bot answers in somebody's first message."""
    moves = say(text, next(people))["moves"]
    return [move.removeprefix("situation_") for move in moves if move.startswith("situation_")]


@pytest.mark.parametrize(("name", "text"), SAID["heard"])
def test_it_is_heard_as_such(name: str, text: str, say: Any) -> None:
    assert situations(text, say) == [name]


@pytest.mark.parametrize(("name", "text"), SAID["known_failures"])
def test_a_known_failure_still_fails(name: str, text: str, say: Any) -> None:
    assert situations(text, say) != [name]


@pytest.mark.parametrize("text", SAID["ordinary"])
def test_ordinary_talk_is_none(text: str, say: Any) -> None:
    assert not situations(text, say)
