"""Who was asked for feedback and who answered: nobody has published how often such requests are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

ENOUGH = 10
"""Fewer asks than this are nobody else's to see."""


@dataclass(frozen=True)
class Ask:
    """One feedback request. `stage` and `recipient` are coarse words (screen, interview, final; manager, recruiter)."""

    stage: str
    recipient: str
    answered: bool


def reply_rates(asks: Iterable[Ask], least: int = 1) -> dict[tuple[str, str], tuple[int, int]]:
    """Answered and asked, by stage and recipient; groups of fewer than `least` asks are left out.

    For one person's own view `least` is 1; for anything that is shared, ENOUGH.

    >>> reply_rates([Ask("final", "manager", True), Ask("final", "manager", False)])
    {('final', 'manager'): (1, 2)}
    """
    asked: Counter[tuple[str, str]] = Counter()
    answered: Counter[tuple[str, str]] = Counter()
    for ask in asks:
        asked[ask.stage, ask.recipient] += 1
        answered[ask.stage, ask.recipient] += ask.answered
    return {group: (answered[group], n) for group, n in asked.items() if n >= least}
