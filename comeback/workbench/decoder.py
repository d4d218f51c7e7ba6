"""Feedback that came back, in the person's words: what of it can be trained, what is not theirs to change, what is unclear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from comeback.vocabulary import Made
from comeback.workbench.words import Blocks, Words, pattern, straight

PILES = ("trainable", "not_yours", "unclear", "strength")
LONGEST = 2_000
POINT_CHARACTERS = 90


@dataclass(frozen=True)
class Point:
    """One point of the feedback. `pile` is one of PILES, `id` a phrase of data/lexicons/feedback.yml."""

    text: str
    """In the words of whoever gave it."""
    pile: str
    id: str
    readings: tuple[str, ...] = ()
    """What it may mean."""
    cannot: str = ""
    """What it does not say."""
    goal: str = ""
    """A learning goal; only for what is trainable."""
    topic: dict[str, str] | None = None
    """What it is about, as a noun for a mail: `topic` and `topic_es`."""


def read(words: Words, text: str) -> tuple[Point, ...]:
    """The points of a feedback in order of appearance; only the first LONGEST characters are read.

    Beside points that are known, what finds no fault is taken for the talk around them and left out.
    """
    lexicon = words.feedback
    said = pattern(words.wishes["answers"]["said"]).sub("", straight(text[:LONGEST]), count=1)
    pieces = [p.strip() for p in pattern(lexicon["splits"]).split(said)]
    pieces = [pattern(lexicon["report"]).sub("", p) or p for p in pieces]
    pieces = [p.strip(" \"'.:!?") for p in pieces]
    points = [_point(lexicon, p) for p in pieces if p and not pattern(lexicon["noise"]).fullmatch(p)]
    known = [p for p in points if p.id != lexicon["other"]["id"] or pattern(lexicon["lack"]).search(p.text)]
    return tuple(known or points)


def decode(words: Words, text: str, about: str = "") -> Made:
    """The feedback sorted. `about`: the phrase or the words that the person asks about, else the first trainable point.

    Blanks (only those that are known): `trainable`, `not_yours`, `unclear`, `strength` (the points of each pile),
    `first` with `readings` (sentences), `reading_1` ... `reading_3` (parts of a sentence), `cannot` and `goal`. Kept: the text and the point spoken of.
    """
    points = read(words, text)
    piles = {pile: "; ".join(f'"{_bare(p.text)}"' for p in points if p.pile == pile) for pile in PILES}
    blanks = {pile: quoted for pile, quoted in piles.items() if quoted}
    point = _asked(words.feedback, points, about)
    if point:
        blanks |= {
            "first": _bare(point.text),
            "readings": " ".join(point.readings),
            "cannot": point.cannot,
            "goal": point.goal,
        }
        blanks |= {f"reading_{i}": _inside(reading) for i, reading in enumerate(point.readings, 1)}
    kept = {"kind": "feedback", "feedback": text[:LONGEST], **({"point": point.id} if point else {})}
    return Made({k: v for k, v in blanks.items() if v}, None, kept)


def _inside(sentence: str) -> str:
    """A sentence as it stands inside another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _bare(text: str) -> str:
    """Without quotation marks of its own: it is said between ours."""
    return text.replace('"', "")


def _asked(lexicon: Blocks, points: tuple[Point, ...], about: str) -> Point | None:
    if about:
        wanted = _point(lexicon, straight(about))
        return next(
            (p for p in points if p.id == wanted.id), wanted if wanted.id != lexicon["other"]["id"] else None
        )
    ordered = sorted(points, key=lambda p: PILES.index(p.pile))
    return next((p for p in ordered if p.pile != "strength"), None)


def _point(lexicon: Blocks, text: str) -> Point:
    praised = pattern(lexicon["praise"]).search(text) and not pattern(lexicon["lack"]).search(text)
    entry: dict[str, Any] = lexicon["other"]
    found = ""
    for phrase in lexicon["phrases"]:
        match = pattern(phrase["pattern"]).search(text)
        if match:
            entry, found = phrase, match[0]
            break
    if praised and entry["pile"] != "not_yours" and entry["id"] != "strong_but":
        return Point(text[:POINT_CHARACTERS], "strength", "strength")
    named = {k: entry[k].format(found=found) for k in ("topic", "topic_es") if k in entry}
    return Point(
        text[:POINT_CHARACTERS],
        entry["pile"],
        entry["id"],
        tuple(entry["can"]),
        entry["cannot"],
        entry.get("goal", ""),
        named or None,
    )
