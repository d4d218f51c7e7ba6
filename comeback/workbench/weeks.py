"""The weekly check: two numbers from 0 to 10, shown back to the person in words. Nothing is added up or named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean

from comeback.vocabulary import Made
from comeback.workbench.words import Blocks, pattern, straight

ITEMS = ("energy", "inner_talk")
SHOWN = 8
"""Weeks that are listed; the first and the last are compared over these."""
ENOUGH = 3
"""Weeks from which on a direction is spoken of."""
MOVED = 2
"""A smaller difference is none."""


@dataclass(frozen=True)
class Answered:
    """The answers of one week, 0 to 10; None for one left out."""

    day: date
    energy: int | None
    inner_talk: int | None


def read(weeks: Blocks, answers: Mapping[str, str], day: date) -> Answered:
    """The numbers in the answers of the exercise, typed as people do ("7", "about a six", "3/10 tbh")."""
    return Answered(day, *(scale(weeks, answers.get(item, "")) for item in ITEMS))


def noted(weeks: Blocks, answered: Answered) -> str:
    """The numbers of one week ("energy 4, inner talk 8"); "" when there are none."""
    given = {item: n for item in ITEMS if (n := getattr(answered, item)) is not None}
    return str(weeks["and"]).join(weeks["items"][item].format(n=n) for item, n in given.items())


def trend(weeks: Blocks, answered: Sequence[Answered]) -> Made:
    """Blanks: `weeks`, the latest ones in words, oldest first; `moved`, how each number went, from three weeks on."""
    latest = [a for a in answered if noted(weeks, a)][-SHOWN:]
    if not latest:
        return Made()
    lines = [weeks["week"].format(day=f"{a.day.day} {a.day:%B}", numbers=noted(weeks, a)) for a in latest]
    blanks = {"weeks": str(weeks["joined"]).join(lines)}
    moves = [m for item in ITEMS if (m := _moved(weeks, item, latest))]
    return Made(blanks | ({"moved": " ".join(moves)} if moves else {}))


def eased(weeks: Blocks, rated: Iterable[tuple[str, int | None, int | None]]) -> str:
    """Which exercise eased it most, in words, from (name, before, after); "" until one was measured three times."""
    measured: dict[str, list[tuple[int, int]]] = {}
    for name, before, after in rated:
        if before is not None and after is not None and name in weeks["exercises"]:
            measured.setdefault(name, []).append((before, after))
    enough = {name: pairs for name, pairs in measured.items() if len(pairs) >= ENOUGH}
    if not enough:
        return ""
    best = max(enough, key=lambda name: mean(b - a for b, a in enough[name]))
    before, after = (mean(side) for side in zip(*enough[best], strict=True))
    form = weeks["eased"]["yes" if before - after >= 1 else "no"]
    numbers = {"before": f"{before:.0f}", "after": f"{after:.0f}", "n": len(enough[best])}
    return str(form).format(exercise=weeks["exercises"][best], **numbers)


def _moved(weeks: Blocks, item: str, latest: Sequence[Answered]) -> str:
    numbers = [n for a in latest if (n := getattr(a, item)) is not None]
    if len(numbers) < ENOUGH:
        return ""
    first, last = numbers[0], numbers[-1]
    way = "level" if abs(last - first) < MOVED else "up" if last > first else "down"
    return str(weeks["moved"][item][way]).format(first=first, last=last)


def scale(weeks: Blocks, text: str) -> int | None:
    """The number from 0 to 10 in a reply, None when it holds none."""
    said = straight(text).lower()
    found = pattern(weeks["of_ten"]).search(said)
    if not found and len(said.split()) <= weeks["short"]:
        found = pattern(weeks["plain"]).search(said)
    return None if not found else int(weeks["numbers"].get(found["n"], found["n"]))
