"""Thirty-five emotion labels, folded into the moods that we answer differently."""

from __future__ import annotations

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
HIGH = frozenset({"glad", "relieved"})


def mood(feelings: Iterable[str]) -> str | None:
    """The mood of the strongest feeling that has one, a low one before a high one; None for neutral and mere attention.

    >>> mood(["joy", "neutral", "disappointment"])
    'sad'
    """
    found = [MOOD_OF[label] for label in feelings if label in MOOD_OF]
    return next((m for m in found if m not in HIGH), found[0] if found else None)
