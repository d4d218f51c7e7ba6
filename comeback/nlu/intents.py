"""What the person wants: multinomial logistic regression on the shared encoder's mean vector."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

Matrix = npt.NDArray[np.float32]

STRENGTH = 20.0
"""Inverse regularisation C; chosen on the training lines by cross-validation among 5, 10, 20, 50."""
HELD = 5
"""One line in so many is held out: it sets the temperature, and training/adapter.py never sees it."""
CLOSE = 0.15
"""Two intents whose probabilities differ by less are a question, not an answer."""


@dataclass(frozen=True)
class IntentClassifier:
    """`weights` is float32 [k, d], `bias` [k]; `temperature` divides the logits so that probabilities are calibrated."""

    names: tuple[str, ...]
    weights: Matrix
    bias: Matrix
    temperature: float

    @staticmethod
    def fit(vectors: Matrix, labels: Sequence[str], held: npt.NDArray[np.bool_]) -> IntentClassifier:
        """Fit on unit vectors [n, d].

        `held` marks the lines that set the temperature (Guo et al. 2017) and are learned from afterwards.
        """
        from sklearn.linear_model import LogisticRegression

        names = tuple(sorted(set(labels)))
        target = np.array([names.index(label) for label in labels])
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=400)
        temperature = 1.0
        if held.any() and len(set(target[~held])) == len(names):
            model.fit(vectors[~held], target[~held])
            temperature = _best_temperature(model.decision_function(vectors[held]), target[held])
        model.fit(vectors, target)
        return IntentClassifier(
            names, model.coef_.astype(np.float32), model.intercept_.astype(np.float32), temperature
        )

    def rank(self, vector: Matrix) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first."""
        p = _softmax((self.weights @ vector + self.bias).astype(np.float64) / self.temperature)
        return [(self.names[i], float(p[i])) for i in np.argsort(-p)]

    def save(self, path: Path) -> None:
        save_file(
            {"weights": self.weights, "bias": self.bias, "temperature": np.array([self.temperature])},
            str(path),
            metadata=None,
        )
        path.with_suffix(".txt").write_text("\n".join(self.names), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> IntentClassifier:
        parts = load_file(str(path))
        names = tuple(path.with_suffix(".txt").read_text(encoding="utf-8").split("\n"))
        return IntentClassifier(names, parts["weights"], parts["bias"], float(parts["temperature"][0]))


def held_out(text: str) -> bool:
    """Whether a training line belongs to the fifth that no training of the encoder has seen."""
    return hashlib.sha256(text.strip().lower().encode()).digest()[0] % HELD == 0


def _softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p: npt.NDArray[np.float64] = e / e.sum(axis=-1, keepdims=True)
    return p


def _best_temperature(logits: npt.NDArray[np.float64], target: npt.NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood on held-out lines."""
    grid = np.geomspace(0.2, 5, 60)
    rows = np.arange(len(target))
    losses = [-np.log(_softmax(logits / t)[rows, target] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])
