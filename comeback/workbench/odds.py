"""Honest odds: the dated base rate, moved by the person's own counts, with the range that is honest about both.

Each try is taken as deciding on its own: earlier noes make the next one neither likelier nor less likely; they only
say a little about the rate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from scipy.special import betaincinv, betaln

from comeback.vocabulary import Made
from comeback.workbench.words import Blocks

MOST_TRIES = 500
MOST_COUNTED = 100_000
AHEAD = 3


@dataclass(frozen=True)
class Odds:
    """Chances between 0 and 1."""

    rate: float
    """Mean of the posterior rate of one try."""
    chance: float
    """Of at least one success in the next tries, over the whole posterior."""
    low: float
    high: float
    """Central interval of that chance; how wide, data/numbers.yml says."""
    at_base: float
    """Of at least one success at the base rate alone."""


def odds(
    numbers: Blocks, tries_ahead: int, tries: int = 0, successes: int = 0, kind: str = "interview"
) -> Odds:
    """The odds of at least one success in `tries_ahead` more tries, after `successes` in `tries`.

    `kind` is interview (success: an offer) or application (success: an interview). The prior is a Beta distribution
    with the base rate as its mean: Beta(2.7, 7.3) for interviews (CareerPlug 2025). A rate p becomes the chance
    1 - (1 - p)^n, which rises with p, so its quantiles are those of the rate. Raises ValueError for counts below
    zero, more successes than tries, or no tries ahead; more than MOST_TRIES ahead count as that many.
    """
    if not 0 <= successes <= tries or tries_ahead < 1:
        raise ValueError(f"{successes} of {tries}, {tries_ahead} ahead")
    n = min(tries_ahead, MOST_TRIES)
    setting = numbers["odds"][kind]
    base = float(next(e["value"] for e in numbers["numbers"] if e["id"] == setting["base"]))
    a = base * setting["worth"] + successes
    b = (1 - base) * setting["worth"] + tries - successes
    tail = (1 - numbers["odds"]["interval"]) / 2
    low, high = (1 - (1 - float(betaincinv(a, b, q))) ** n for q in (tail, 1 - tail))
    none = float(betaln(a, b + n) - betaln(a, b))
    return Odds(a / (a + b), 1 - exp(none), low, high, 1 - (1 - base) ** n)


def said(numbers: Blocks, chance: float) -> str:
    """A chance in tenths ("about 6 in 10")."""
    tenths = round(chance * 10)
    words = numbers["said"]
    return str(
        words["low"] if tenths < 1 else words["high"] if tenths > 9 else words["chance"].format(n=tenths)
    )


def said_range(numbers: Blocks, low: float, high: float) -> str:
    """A range in tenths ("about 3 to 8 in 10")."""
    words, ends = numbers["said"], (round(low * 10), round(high * 10))
    if ends[0] == ends[1] and 0 < ends[0] < 10:
        key = "range_one"
    elif ends[0] < 1:
        key = "range_low" if ends[1] >= 1 else "low"
    else:
        key = "range" if ends[1] < 10 else "range_high" if ends[0] < 10 else "high"
    return str(words[key].format(low=ends[0], high=ends[1]))


def chance(
    numbers: Blocks, tries_ahead: int, tries: int = 0, successes: int = 0, kind: str = "interview"
) -> Made:
    """The odds as blanks: `n` (tries ahead), `odds`, `range`, and the base rate's `base`, `base_says`, `source_name`, `year` and `limit`.

    `own` (the person's counts, "0/4") only if there are any. Raises ValueError as `odds`.
    """
    found = odds(numbers, tries_ahead, tries, successes, kind)
    entry = next(e for e in numbers["numbers"] if e["id"] == numbers["odds"][kind]["base"])
    blanks = {
        "n": str(min(tries_ahead, MOST_TRIES)),
        "odds": said(numbers, found.chance if tries else found.at_base),
        "range": said_range(numbers, found.low, found.high),
        "base": f"{entry['value'] * 100:g} %",
        "base_says": entry["says"],
        "source_name": entry["source"],
        "year": str(entry["year"]),
        "limit": entry["limit"],
    }
    return Made(blanks | ({"own": f"{successes}/{tries}"} if tries else {}))


def from_answers(numbers: Blocks, answers: Mapping[str, str], ahead: int = AHEAD) -> Made:
    """The odds from the exercise's free texts `interviews` and `offers` ("about 40", "none yet"), as `chance`.

    Nothing is made when one of them holds no number or there are more offers than interviews.
    """
    tries, offers = (counted(numbers, answers.get(name, "")) for name in ("interviews", "offers"))
    if tries is None or offers is None or offers > tries:
        return Made()
    return chance(numbers, ahead, tries, offers)


def counted(numbers: Blocks, text: str) -> int | None:
    """The first number of a text, in digits or words, at most MOST_COUNTED; None if there is none."""
    for word in re.findall(r"\d[\d,.]*|[a-z]+", text.lower()):
        if word[0].isdigit():
            return min(int(re.sub(r"\D", "", re.sub(r"[.,]\d{1,2}$", "", word))), MOST_COUNTED)
        if word in numbers["words"]:
            return int(numbers["words"][word])
    return None
