"""Which sentence of a message is answered when the whole is a courtesy ("good. thank you. you save this?") or unclear."""

from __future__ import annotations

from collections.abc import Callable

from comeback.nlu.context import sentences
from comeback.nlu.judgement import Ranking

COURTESIES = frozenset({"thank", "greet", "affirm", "deny", "skip", "correct_bot"})
UNCLEAR = 0.4
"""Below this probability of the whole, a clear question in it is answered."""
ASIDE = frozenset({"ask_help", "ask_bot", "ask_private", "probe_bot", "off_topic", "abuse", "ask_grounding"})
"""Intents of the whole that come second to news told in one of its sentences ("I was second. Is a bot of any use?")."""
NEWS = ("tell_rejection", "tell_ghosted", "tell_laid_off", "tell_offer_withdrawn", "got_offer")
NEWS_SURE = 0.8
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
    """The ranking of the sentence that tells news beside something about us or that asks most surely for something, or
    that of the `whole`."""
    said = sentences(text)
    name, sure = whole[0]
    courtesy = name in COURTESIES or sure < UNCLEAR
    if not (courtesy or name in ASIDE) or not 1 < len(said) <= MOST:
        return whole
    rankings = [rank(part) for part in said if len(part.split()) >= SHORTEST]
    asking = [r for r in rankings if r[0][0].startswith(REQUESTS) and r[0][1] >= SURE]
    chosen = max(asking, key=lambda ranking: ranking[0][1], default=whole) if courtesy else whole
    told = [r for r in rankings if r[0][0].startswith(NEWS) and r[0][1] >= NEWS_SURE]
    return told[0] if told and chosen[0][0] in ASIDE else chosen
