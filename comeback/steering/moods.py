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
    """The mood of the strongest feeling that has one; None for neutral and mere attention.

    >>> mood(["neutral", "disappointment"])
    'sad'
    """
    return next((MOOD_OF[label] for label in feelings if label in MOOD_OF), None)
