"""A CV beside a job ad: what is asked, shown and missing; never a score."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comeback.workbench import gap
from comeback.workbench.words import Words

CASES = yaml.safe_load((Path(__file__).resolve().parent / "gaps.yml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_a_gap(w: Words, case: dict[str, Any]) -> None:
    found = gap.compare(w.skills, case["cv"], case["ad"])
    shown, missing = {a.name for a in found.shown}, {a.name for a in found.missing if not a.nice}
    nice = {a.name for a in found.missing if a.nice}
    assert set(case.get("shown", ())) <= shown
    assert set(case.get("missing", ())) <= missing
    assert set(case.get("nice", ())) <= nice
    assert not set(case.get("never", ())) & (shown | missing | nice)
    assert list(found.years) == case.get("years", [])
    for asked in found.asked:
        assert asked.words.lower() in asked.quote.lower() and asked.quote in case["ad"].replace("\n", " ")
        assert not asked.shown or asked.shown in case["cv"]


def test_the_blanks_hold_lists_and_no_score(w: Words) -> None:
    blanks = gap.gap(w.skills, CASES[0]["cv"], CASES[0]["ad"]).blanks
    assert "Nursing" in blanks["shown"] and "Medication administration" in blanks["missing"]
    assert blanks["nice"] == "Phlebotomy"
    assert blanks["shown_quote"] == "RN since 2019, St Mary's"
    assert not any("%" in text for text in blanks.values())
    assert gap.gap(w.skills, "", "").blanks == {}


def test_the_lexicon_covers_many_trades(w: Words) -> None:
    entries = [entry for group in w.skills["skills"].values() for entry in group]
    names = [entry.split("|")[0] for entry in entries]
    assert len(names) == len(set(names)) > 300
    spellings = [s.lower() for entry in entries for s in entry.split("|")]
    assert not {s for s in spellings if spellings.count(s) > 1}


def test_long_texts_do_no_harm(w: Words) -> None:
    gap.compare(w.skills, "experience with " * 3_000, "ability to " * 3_000)
