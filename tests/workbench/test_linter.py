"""The linter finds what a message must not hold, and lets ordinary sentences stand."""

from pathlib import Path

import pytest
import yaml

from comeback.workbench.linter import Frame, findings, invented, sentence_findings, words_of
from comeback.workbench.words import Words

TABLE = yaml.safe_load((Path(__file__).resolve().parent / "linter.yml").read_text())
GOOD = "Dear Carol Diaz,\n\nThank you for your time at Sigma.\n\nWhat one thing was missing?\n\nKind regards,\nJo"
KNOWN = words_of(GOOD)


@pytest.mark.parametrize("sentence", TABLE)
def test_a_sentence_breaks_these_rules(w: Words, sentence: str) -> None:
    assert list(sentence_findings(w.linter, sentence)) == TABLE[sentence]


@pytest.mark.parametrize(
    ("body", "frame", "found"),
    [
        (GOOD, Frame(KNOWN), ()),
        (GOOD, Frame(KNOWN - {"sigma"}), ("invented",)),
        (GOOD.replace("at Sigma", "in 3 rounds"), Frame(KNOWN), ("invented",)),
        (GOOD.replace("missing?", "missing? Why?"), Frame(KNOWN | {"why"}), ("two_asks",)),
        (GOOD.replace("time", "time " * 120), Frame(KNOWN), ("too_long",)),
        (GOOD.replace("time", "time " * 70), Frame(KNOWN, short=True), ("too_long",)),
        (GOOD.replace("Dear", "Yo"), Frame(KNOWN | {"yo"}), ("greeting",)),
        (GOOD.replace("Dear", "Hi"), Frame(KNOWN | {"hi"}, register="formal"), ("greeting",)),
        (GOOD.replace("Kind regards", "Later"), Frame(KNOWN | {"later"}), ("sign_off",)),
        (GOOD.replace("missing", "missing, you liars"), Frame(KNOWN | {"you", "liars"}), ("insult",)),
    ],
)
def test_a_message_breaks_these_rules(w: Words, body: str, frame: Frame, found: tuple[str, ...]) -> None:
    assert findings(w.linter, body, frame) == found


def test_a_known_name_is_not_invented() -> None:
    assert invented("We met at St Mary's in 2024.", {"we", "st", "mary", "s", "2024"}) == ()
    assert invented("We met at St Mary's.", {"we"}) == ("St", "Mary's")
