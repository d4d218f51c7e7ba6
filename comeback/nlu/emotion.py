"""What a message feels like: 35 labels over the shared encoder's token vectors, in numpy.

Made by training/emotion.py; models/emotion.md is the card.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load

from comeback.nlu.attention import Attention
from comeback.nlu.encoder import Encoding

HEAD = Path(__file__).resolve().parents[2] / "models" / "emotion.safetensors"

NEAREST = 0.5
"""A lone label is decided present from this share of its threshold on."""

Array = npt.NDArray[np.float32]


class EmotionDamaged(RuntimeError):
    """The trained head cannot be read."""


@dataclass(frozen=True)
class EmotionReader:
    """`scale` and `shift` [labels] calibrate a logit; from the probability `threshold` on a label is decided present."""

    labels: tuple[str, ...]
    attention: Attention
    scale: Array
    shift: Array
    threshold: Array

    @staticmethod
    def load(path: Path = HEAD) -> EmotionReader:
        """Raises EmotionDamaged."""
        try:
            data = path.read_bytes()
            header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
            labels = tuple(json.loads(header["__metadata__"]["labels"]))
            arrays = load(data)
            rest = (arrays[name].astype(np.float32) for name in ("scale", "shift", "threshold"))
            return EmotionReader(labels, Attention.of(arrays), *rest)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise EmotionDamaged(f"{path} cannot be read: get it back from the repository.") from error

    def read(self, encoding: Encoding, text: str) -> tuple[dict[str, float], tuple[str, ...]]:
        """The probability of each label, and the labels decided present, strongest first."""
        if not text.strip():
            return dict.fromkeys(self.labels, 0.0), ()
        p = self.probabilities(encoding.tokens)
        order, there = np.argsort(-p), present(p, self.threshold)
        feelings = tuple(self.labels[i] for i in order if there[i])
        return dict(zip(self.labels, map(float, p), strict=True)), feelings

    def probabilities(self, tokens: Array) -> Array:
        """Calibrated, [labels], for the token vectors [n, 384] of one text."""
        p: Array = 1 / (1 + np.exp(-(self.scale * self.attention.logits(tokens) + self.shift)))
        return p


def present(p: Array, threshold: Array) -> npt.NDArray[np.bool_]:
    """The labels decided present, [..., labels]; when none is, the nearest to its threshold, from half of it on."""
    share = p / threshold
    nearest = np.minimum(share.max(axis=-1, keepdims=True), 1)
    decided: npt.NDArray[np.bool_] = (share >= nearest) & (share >= NEAREST)
    return decided
