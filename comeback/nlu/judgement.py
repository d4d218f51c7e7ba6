"""Where the readings are held against each other before an intent is believed."""

from __future__ import annotations

import re
from collections.abc import Collection

Ranking = list[tuple[str, float]]

GOOD_NEWS = frozenset({"got_offer", "share_win"})
LOW = frozenset(
    "sadness disappointment grief anger annoyance disapproval remorse shame hopelessness numbness disgust".split()
)
REFUSAL = re.compile(
    r"\b(not|n[o']t|didnt|wasnt|isnt|no longer|never|unfortunately|reject\w*|declin\w*|passed on|went with|"
    r"someone else|another candidate|other candidate|instead|withdr\w*|rescind\w*|pulled|cancel\w*|revok\w*|"
    r"runner.?up|close but|but)\b|n't\b",
    re.IGNORECASE,
)
UNCLEAR = "nlu_fallback"
WORDS = re.compile(r"[^\W\d_]{2,}")
VOWEL = re.compile(r"[aeiouyàáâäãåèéêëìíîïòóôöõùúûü]", re.IGNORECASE)


def judge(text: str, ranking: Ranking, feelings: Collection[str]) -> Ranking:
    """The ranking that may be acted on; `nlu_fallback` comes first when none may.

    A rejection is never congratulated: an offer or a win beside low feelings or a refusing word gives way
    to the likeliest news of a rejection when there is one, else it is asked about.
    """
    if unreadable(text):
        return [(UNCLEAR, 1.0), *ranking]
    best = ranking[0][0]
    if best in GOOD_NEWS and (REFUSAL.search(text) and (best == "got_offer" or LOW & set(feelings))):
        bad = next(
            ((n, p) for n, p in ranking[:4] if n.startswith(("tell_", "share_feeling")) and p >= 0.08), None
        )
        first = bad or (UNCLEAR, ranking[0][1])
        return [first, *(pair for pair in ranking if pair[0] != first[0])]
    return ranking


def unreadable(text: str) -> bool:
    """True for what holds no word: emoji, punctuation, keyboard noise."""
    words = WORDS.findall(text)
    if not words:
        return not any(c.isdigit() for c in text)
    if text.isascii() and max(map(len, words)) > 8:
        longest = max(words, key=len)
        return len(words) <= 2 and len(VOWEL.findall(longest)) < 0.22 * len(longest)
    return False
