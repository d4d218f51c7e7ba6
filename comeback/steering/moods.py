"""Thirty-five emotion labels, folded into the moods that we answer differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LABELS = {
    "sad": "sadness disappointment grief",
    "angry": "anger annoyance disgust",
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
NEAR = 0.6
"""A low feeling of so much of the high one's chance is the one that is heard."""
ANGRY_FROM = 0.3
"""Mere annoyance is not answered as anger."""
NO_CHANCES: Mapping[str, float] = {}
HIGH = frozenset({"glad", "relieved"})


def mood(feelings: Iterable[str], emotions: Mapping[str, float] = NO_CHANCES) -> str | None:
    """The mood of the strongest feeling that has one; None for neutral and mere attention.

    A low feeling goes before a high one that is not much stronger, by `emotions` (the probability of each).

    >>> mood(["joy", "neutral", "disappointment"])
    'sad'
    """
    found = [(MOOD_OF[label], emotions.get(label, 1.0)) for label in feelings if label in MOOD_OF]
    found = [(m, p) for m, p in found if m != "angry" or p >= ANGRY_FROM]
    low = next(((m, p) for m, p in found if m not in HIGH), None)
    high = next(((m, p) for m, p in found if m in HIGH), None)
    if low and high:
        return low[0] if low[1] >= NEAR * high[1] else high[0]
    return (low or high or (None, 0.0))[0]
