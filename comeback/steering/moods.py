"""Thirty-five emotion labels, folded into the moods that we answer differently."""

from __future__ import annotations

import re
from collections.abc import Iterable

LABELS = {
    "sad": "sadness disappointment grief",
    "angry": "anger annoyance disapproval disgust",
    "ashamed": "shame embarrassment remorse",
    "anxious": "fear nervousness",
    "numb": "numbness",
    "relieved": "relief",
    "glad": "joy excitement gratitude pride",
    "tired": "exhaustion",
    "lonely": "loneliness",
    "envious": "envy",
    "overwhelmed": "overwhelm",
    "hopeless": "hopelessness",
    "confused": "confusion",
}
MOOD_OF = {label: mood for mood, labels in LABELS.items() for label in labels.split()}
WORDS = {
    "sad": "sad|down|gutted|heartbroken|disappointed",
    "angry": "angry|mad|furious|pissed|livid|annoyed",
    "ashamed": "ashamed|embarrassed|humiliated",
    "anxious": "anxious|scared|afraid|nervous|worried|panicking",
    "numb": "numb|empty|blank",
    "tired": "tired|exhausted|drained|wiped|worn out",
    "lonely": "lonely|alone",
    "envious": "jealous|envious",
    "overwhelmed": "overwhelmed|swamped",
    "hopeless": "hopeless",
    "confused": "confused|lost",
    "relieved": "relieved",
    "glad": "happy|glad",
}
_NAMED = [
    (m, re.compile(rf"(?<!not )(?<!not so )(?<!not really )\b(?:{words})\b", re.IGNORECASE))
    for m, words in WORDS.items()
]
HIGH = frozenset({"glad", "relieved"})


def named(text: str) -> str | None:
    """The mood that the person names outright and does not deny; the last one when there are several.

    >>> named("im not sad, im angry")
    'angry'
    """
    found = [(match.start(), m) for m, pattern in _NAMED for match in pattern.finditer(text)]
    return max(found)[1] if found else None


def mood(feelings: Iterable[str]) -> str | None:
    """The mood of the strongest feeling that has one, a low one before a high one; None for neutral and mere attention.

    >>> mood(["joy", "neutral", "disappointment"])
    'sad'
    """
    found = [MOOD_OF[label] for label in feelings if label in MOOD_OF]
    return next((m for m in found if m not in HIGH), found[0] if found else None)
