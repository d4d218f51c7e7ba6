"""What is in a rejection e-mail, and what only seems to be."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comeback.workbench import letters
from comeback.workbench.words import Words

CASES = yaml.safe_load((Path(__file__).resolve().parent / "letters.yml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_a_letter_is_read(w: Words, case: dict[str, Any]) -> None:
    found = letters.read(w.letters, case["text"])
    assert sorted(s.id for s in found.signals) == sorted(case["signals"])
    low, high = case.get("share", (0.0, 1.0))
    assert low <= found.boilerplate <= high
    assert found.window == case.get("window", "")
    assert list(found.names) == case.get("names", [])
    if "ask" in case:
        answer = {True: "yes", False: "no"}.get(case["ask"], case["ask"])
        assert found.ask.answer == answer
    assert found.ask.reason == case.get("reason", found.ask.reason)


def test_on_file_is_read_honestly(w: Words) -> None:
    blanks = letters.letter(w.letters, CASES[0]["text"]).blanks
    assert "politeness" in blanks["polite"] and "signals" not in blanks
    assert blanks["ask"] == "no" and blanks["share"].startswith("nearly all")


def test_the_line_about_them_is_quoted(w: Words) -> None:
    blanks = letters.letter(w.letters, CASES[2]["text"]).blanks
    assert blanks["signals"].startswith("they say that it was close; a reason is given; a person")
    assert "your presentation" in blanks["quote"] and blanks["names"] == "Carol Diaz, Tom Becker"


def test_every_reason_has_words(w: Words) -> None:
    reasons = (
        "form_letter no_answer_yet finalist offer_withdrawn internal spoke early unknown offered refused"
    )
    assert set(reasons.split()) == set(w.letters["ask"])


def test_a_long_letter_does_no_harm(w: Words) -> None:
    letters.letter(w.letters, "we keep your details " * 5_000)
