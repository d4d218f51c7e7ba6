"""Ways to learn what feedback or an ad asked for: three, from the smallest, a center's own first."""

from __future__ import annotations

from dataclasses import dataclass

from comeback.vocabulary import Made
from comeback.workbench import decoder, gap, moments
from comeback.workbench.words import Words

OFFERED = 3


@dataclass(frozen=True)
class Way:
    what: str
    cost: str
    minutes: int
    """A week."""


def topic(words: Words, about: str) -> str:
    """What a text or a point is about: a topic of data/lexicons/ways.yml, `other` if none is known."""
    topics = words.ways["topics"]
    if about in topics:
        return about
    for group, entries in words.skills["skills"].items():
        if group in topics and any(gap.names(words.skills, about) & {e.split("|")[0]} for e in entries):
            return str(group)
    points = decoder.read(words, about)
    return next((p.id for p in points if p.id in topics), "other")


def ways(words: Words, about: str, minutes: int | None = None) -> tuple[Way, ...]:
    """At most OFFERED ways, a center's own first; with `minutes` a week, those that fit come before the others."""
    found = words.ways["own"]
    key = topic(words, about)
    own = [*found.get(key, ()), *found.get("all", ())]
    given = [Way(w["what"], w["cost"], int(w["minutes"])) for w in (*own, *words.ways["topics"][key])]
    fitting = [w for w in given if minutes is None or w.minutes <= minutes]
    return tuple((fitting + [w for w in given if w not in fitting])[:OFFERED])


def offer(words: Words, about: str, time_said: str = "") -> Made:
    """The ways as blanks `way_1` ... `way_3` ("what (cost, minutes)"), and `mentor`. `time_said`: "i have 2 hours a week"."""
    found = ways(words, about, moments.minutes(words.times, time_said))
    blanks = {f"way_{i}": f"{w.what} ({w.cost}, {w.minutes} min)" for i, w in enumerate(found, 1)}
    return Made({**blanks, "mentor": words.ways["mentor"]})
