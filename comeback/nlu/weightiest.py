"""Which sentence of a message is answered when the whole is a courtesy ("good. thank you. you save this?") or unclear."""

from __future__ import annotations

from collections.abc import Callable

from comeback.nlu.context import sentences
from comeback.nlu.judgement import Ranking

COURTESIES = frozenset({"thank", "greet", "affirm", "deny", "skip", "correct_bot"})
UNCLEAR = 0.4
"""Below this probability of the whole, a clear question in it is answered."""
REQUESTS = (
    "ask_",
    "want_",
    "worry_",
    "request_",
    "export_",
    "delete_",
    "make_",
    "improve_",
    "edit_",
    "set_",
    "tell_someone",
)
"""Beginnings of the intents that ask for something."""
SURE = 0.6
"""Probability from which a sentence is answered in place of the whole."""
MOST = 6
"""Sentences of a message that is looked at so."""
SHORTEST = 3
"""Words of a sentence that can stand for the whole."""


def weightiest(text: str, whole: Ranking, rank: Callable[[str], Ranking]) -> Ranking:
    """The ranking of the sentence that asks most surely for something, or that of the `whole`."""
    said = sentences(text)
    name, sure = whole[0]
    if (name not in COURTESIES and sure >= UNCLEAR) or not 1 < len(said) <= MOST:
        return whole
    rankings = [rank(part) for part in said if len(part.split()) >= SHORTEST]
    asking = [r for r in rankings if r[0][0].startswith(REQUESTS) and r[0][1] >= SURE]
    return max(asking, key=lambda ranking: ranking[0][1], default=whole)
