"""The odds agree with the closed forms and with counting by chance; the checked numbers of the base rate are kept."""

import random
from datetime import date

import pytest

from comeback.workbench.odds import chance, from_answers, odds, said, said_range
from comeback.workbench.words import Words


def test_three_more_interviews_at_the_base_rate(w: Words) -> None:
    """The checked numbers: 61 % at the base rate of 27 %; with Beta(2.7, 7.3) the 80 % interval is 29 to 84 %."""
    found = odds(w.numbers, 3)
    assert found.rate == pytest.approx(0.27)
    assert found.at_base == pytest.approx(1 - 0.73**3) == pytest.approx(0.611, abs=0.001)
    assert (found.low, found.high) == (pytest.approx(0.29, abs=0.005), pytest.approx(0.84, abs=0.005))
    blanks = chance(w.numbers, 3).blanks
    assert (blanks["odds"], blanks["range"], blanks["base"]) == (
        "about 6 in 10",
        "about 3 to 8 in 10",
        "27 %",
    )
    assert "own" not in blanks


@pytest.mark.parametrize(
    ("interviews", "offers", "own"),
    [
        ("4", "none yet", "0/4"),
        ("five or six", "one, i declined", "1/5"),
        ("about a dozen", "0", "0/12"),
        ("1,200", "2", "2/1200"),
        ("zero so far", "no", None),
        ("lost count", "0", "unmade"),
        ("2", "5", "unmade"),
        ("", "", "unmade"),
    ],
)
def test_counts_are_read_from_what_is_typed(w: Words, interviews: str, offers: str, own: str | None) -> None:
    blanks = from_answers(w.numbers, {"interviews": interviews, "offers": offers}).blanks
    assert blanks.get("own", None if blanks else "unmade") == own


@pytest.mark.parametrize(("ahead", "tries", "successes"), [(1, 0, 0), (3, 4, 0), (5, 12, 2), (40, 60, 0)])
def test_the_odds_agree_with_drawing_lots(w: Words, ahead: int, tries: int, successes: int) -> None:
    found = odds(w.numbers, ahead, tries, successes)
    lots = random.Random(1)
    a, b = 2.7 + successes, 7.3 + tries - successes
    chances = sorted(1 - (1 - lots.betavariate(a, b)) ** ahead for _ in range(20_000))
    assert found.chance == pytest.approx(sum(chances) / len(chances), abs=0.01)
    assert found.low == pytest.approx(chances[2_000], abs=0.015)
    assert found.high == pytest.approx(chances[18_000], abs=0.015)
    assert found.chance == pytest.approx(1 - _product(b, a + b, ahead))


def _product(b: float, total: float, n: int) -> float:
    """E[(1 - p)^n] of a Beta distribution, factor by factor."""
    result = 1.0
    for i in range(n):
        result *= (b + i) / (total + i)
    return result


def test_noes_never_make_a_yes_likelier(w: Words) -> None:
    """No gambler's fallacy: each no lowers the estimate a little, and none raises it."""
    chances = [odds(w.numbers, 3, tries).chance for tries in range(30)]
    assert chances == sorted(chances, reverse=True)


def test_applications_have_their_own_base_rate(w: Words) -> None:
    assert odds(w.numbers, 30, kind="application").rate == pytest.approx(0.03)


@pytest.mark.parametrize(("ahead", "tries", "successes"), [(0, 0, 0), (1, 1, 2), (1, -1, 0), (1, 3, -1)])
def test_impossible_counts_are_refused(w: Words, ahead: int, tries: int, successes: int) -> None:
    with pytest.raises(ValueError, match="ahead"):
        odds(w.numbers, ahead, tries, successes)


@pytest.mark.parametrize(
    ("value", "words"), [(0.61, "about 6 in 10"), (0.02, "less than 1 in 10"), (0.99, "more than 9 in 10")]
)
def test_a_chance_is_said_in_tenths(w: Words, value: float, words: str) -> None:
    assert said(w.numbers, value) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.29, 0.84, "about 3 to 8 in 10"),
        (0.01, 0.3, "from less than 1 to about 3 in 10"),
        (0.6, 0.99, "from about 6 to more than 9 in 10"),
        (0.28, 0.31, "about 3 in 10"),
        (0.0, 0.01, "less than 1 in 10"),
        (0.98, 0.99, "more than 9 in 10"),
    ],
)
def test_a_range_is_said_in_tenths(w: Words, low: float, high: float, words: str) -> None:
    assert said_range(w.numbers, low, high) == words


def test_every_number_has_its_limit_source_and_year(w: Words) -> None:
    entries = w.numbers["numbers"]
    assert len({e["id"] for e in entries}) == len(entries)
    for entry in entries:
        assert entry["limit"] and entry["source"] and entry["says"] and entry["url"].startswith("https://")
        assert 2015 <= entry["year"] <= date.today().year
        values = entry["value"].values() if isinstance(entry["value"], dict) else [entry["value"]]
        percents = [f"{v * 100:g} %" for v in values if v < 1]
        assert all(p in entry["says"] for p in percents[:1]), entry["id"]
