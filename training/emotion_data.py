"""The lines that the emotion reader learns from, as texts, targets and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

DOMAIN = ("shame", "numbness", "hopelessness", "exhaustion", "loneliness", "envy", "overwhelm")
CHEERFUL = frozenset(
    [
        "admiration",
        "amusement",
        "approval",
        "caring",
        "curiosity",
        "desire",
        "excitement",
        "gratitude",
        "joy",
        "love",
        "optimism",
        "pride",
        "neutral",
    ]
)
"""A Reddit line that has only these almost never holds a domain feeling: a weak negative for them."""
WEAK = 0.1
OWN_ABSENT = 0.6
"""Weight of a label that we did not give to an own line: several people would have given more."""

EKMAN = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
    "neutral": "neutral",
}
SENTIMENT = {
    "positive": EKMAN["joy"],
    "negative": " ".join(EKMAN[name] for name in ("anger", "disgust", "fear", "sadness")),
    "ambiguous": EKMAN["surprise"],
    "neutral": "neutral",
}


@dataclass(frozen=True)
class Lines:
    """`truth` and `weight` are float32 [lines, labels]; weight 0 means that nobody looked for the label."""

    texts: list[str]
    truth: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: Lines) -> Lines:
        return Lines(
            self.texts + other.texts,
            np.concatenate([self.truth, other.truth]),
            np.concatenate([self.weight, other.weight]),
        )

    def take(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> Lines:
        return Lines([self.texts[i] for i in rows], self.truth[rows], self.weight[rows])

    def labels(self, columns: slice) -> Lines:
        return Lines(self.texts, self.truth[:, columns], self.weight[:, columns])


def labels(goemotions: Path) -> tuple[str, ...]:
    """GoEmotions' 28 in the publisher's order, then the domain's seven."""
    return (*(goemotions / "emotions.txt").read_text(encoding="utf-8").split(), *DOMAIN)


def published(file: Path, names: Sequence[str]) -> Lines:
    """Lines of GoEmotions: text TAB label ids TAB comment id."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    truth, weight = np.zeros((2, len(rows), len(names)), np.float32)
    weight[:, : -len(DOMAIN)] = 1
    for i, (_, ids, _) in enumerate(rows):
        present = [int(k) for k in ids.split(",")]
        truth[i, present] = 1
        if CHEERFUL.issuperset(names[k] for k in present):
            weight[i, -len(DOMAIN) :] = WEAK
    return Lines([row[0] for row in rows], truth, weight)


def own(files: Sequence[Path], names: Sequence[str]) -> Lines:
    """Our lines: text TAB label,label. Raises ValueError for an unknown label or a bad line."""
    texts, truth = [], []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            text, _, given = line.partition("\t")
            unknown = set(given.split(",")) - set(names)
            if unknown or not text:
                raise ValueError(f"{file}:{number}: unknown label {', '.join(sorted(unknown))!r}")
            texts.append(text)
            truth.append([float(name in given.split(",")) for name in names])
    values = np.asarray(truth, np.float32)
    weight = np.where(values > 0, 1, OWN_ABSENT).astype(np.float32)
    weight[:, -len(DOMAIN) :] = 1
    return Lines(texts, values, weight)


@dataclass(frozen=True)
class Own:
    training: Lines
    calibration: Lines
    held_out: Lines
    """held_out.tsv: nothing is fitted on it."""


def own_split(folder: Path, names: Sequence[str]) -> Own:
    """Our lines: of those that are not held out, every sixth is kept for calibration."""
    held_out = folder / "held_out.tsv"
    rest = own(sorted(set(folder.glob("*.tsv")) - {held_out}), names)
    sixth = np.arange(len(rest)) % 6 == 0
    return Own(rest.take(np.flatnonzero(~sixth)), rest.take(np.flatnonzero(sixth)), own([held_out], names))
