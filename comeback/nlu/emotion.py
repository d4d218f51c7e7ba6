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

from comeback.nlu.encoder import Encoding

HEAD = Path(__file__).resolve().parents[2] / "models" / "emotion.safetensors"

Array = npt.NDArray[np.float32]


class EmotionDamaged(RuntimeError):
    """The trained head cannot be read."""


@dataclass(frozen=True)
class EmotionReader:
    """Label-wise attention: each label looks for its own words.

    Shapes: `project` [384, width], `query` and `out` [labels, width], the rest [labels] or [width]; `scale` and
    `shift` calibrate a logit, `threshold` is the probability from which a label is decided present.
    """

    labels: tuple[str, ...]
    project: Array
    project_bias: Array
    query: Array
    out: Array
    bias: Array
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
            return EmotionReader(labels, **{name: a.astype(np.float32) for name, a in load(data).items()})
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise EmotionDamaged(f"{path} cannot be read: get it back from the repository.") from error

    def read(self, encoding: Encoding, text: str) -> tuple[dict[str, float], tuple[str, ...]]:
        """The probability of each label, and the labels decided present, strongest first."""
        if not text.strip():
            return dict.fromkeys(self.labels, 0.0), ()
        p = self.probabilities(encoding.tokens)
        order = np.argsort(-p)
        present = tuple(self.labels[i] for i in order if p[i] >= self.threshold[i])
        return dict(zip(self.labels, map(float, p), strict=True)), present

    def probabilities(self, tokens: Array) -> Array:
        """Calibrated, [labels], for the token vectors [n, 384] of one text."""
        hidden = _gelu(tokens @ self.project + self.project_bias)
        score = hidden @ self.query.T
        weight = np.exp(score - score.max(axis=0))
        weight /= weight.sum(axis=0)
        logit = ((weight.T @ hidden) * self.out).sum(axis=1) + self.bias
        p: Array = 1 / (1 + np.exp(-(self.scale * logit + self.shift)))
        return p


def _gelu(x: Array) -> Array:
    # The tanh form, as in training; numpy has no erf.
    y: Array = 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return y
