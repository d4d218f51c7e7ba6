"""Wishes are understood from what people type; several in one message are all read."""

from pathlib import Path

import pytest
import yaml

from comeback.workbench import wishes
from comeback.workbench.wishes import Wish
from comeback.workbench.words import Words

TABLE = yaml.safe_load((Path(__file__).resolve().parent / "wishes.yml").read_text())
ROOT = Path(__file__).resolve().parent.parent.parent


def short(wish: Wish) -> str:
    said = wish.value or wish.new or wish.text or wish.what
    return f"{wish.kind}:{said}" if said else wish.kind


@pytest.mark.parametrize("message", TABLE)
def test_a_wish_is_read(w: Words, message: str) -> None:
    assert [short(wish) for wish in wishes.read(w.wishes, message)] == TABLE[message]


def test_most_of_what_people_type_about_a_draft_is_read(w: Words) -> None:
    """The lines that teach the intent: at least four in five hold a wish that is understood."""
    groups = yaml.safe_load((ROOT / "data/nlu/feedback.yml").read_text())["nlu"]
    lines = next(g["examples"] for g in groups if g["intent"] == "edit_draft").strip().split("\n")
    read = [line for line in lines if wishes.read(w.wishes, line.removeprefix("- "))]
    assert len(read) >= 0.8 * len(lines)


def test_a_long_or_strange_message_does_no_harm(w: Words) -> None:
    for text in ("a" * 50_000, "add that " * 5_000, "((((", "\x00\ud83d", "not " * 9_000 + "shorter"):
        wishes.read(w.wishes, text)
