"""What the person wants: three readings that vote, a linear one of the shared encoder's mean vector, a linear one of words
and letters, and how near the nearest line of each intent lies."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from sklearn.exceptions import ConvergenceWarning

from comeback.nlu.closest import Closest
from comeback.nlu.ngrams import Ngrams

Matrix = npt.NDArray[np.float32]
Logits = npt.NDArray[np.float64]

STRENGTH = 40.0
"""Inverse regularisation C of the meaning; chosen on the held lines, as the evenness is, among 5, 20, 40, 80."""
EVENNESS, FLOOR = 0.6, 0.05
"""How far the directions of the vectors are brought to one spread before the meaning is learned (0 not, 1 wholly): rare
ones tell more than their length, and it is learned in fewer steps. The smallest variance counts as this share of the mean."""
STEPS, MORE_STEPS = 45, 30
"""Of the meaning: without the held lines, and from there with them."""
EPOCHS, PENALTY = 6, 2e-6
"""Of the reading of words: averaged stochastic gradient descent on the log loss, one intent against the rest."""
SHARPNESS = 16.0
"""Turns the likeness of the nearest lines into log odds; chosen on the held lines among 8, 12, 16, 20."""
HELD = 5
"""One line in so many is held out: it sets the temperature, and training/adapter.py never sees it."""


@dataclass(frozen=True, eq=False)
class IntentClassifier:
    """`weights` float32 [k, 384] and `bias` [k] read the mean vector, `letters` float32 [k, COLUMNS] and `offset` [k] the
    words; the mean of their and the nearest lines' log-probabilities, divided by `temperature`, is calibrated."""

    names: tuple[str, ...]
    weights: Matrix
    bias: Matrix
    ngrams: Ngrams
    letters: Matrix
    offset: Matrix
    closest: Closest
    temperature: float

    @staticmethod
    def fit(
        vectors: Matrix, texts: Sequence[str], labels: Sequence[str], held: npt.NDArray[np.bool_]
    ) -> IntentClassifier:
        """Fit on unit vectors [n, 384] and their texts.

        `held` marks the lines that set the temperature (Guo et al. 2017) and are learned from afterwards.
        """
        names = tuple(sorted(set(labels)))
        target = np.array([names.index(label) for label in labels])
        ngrams = Ngrams.fit(texts)
        rows = ngrams.rows(texts)
        learner = _Learner(names, ngrams, *_evened(vectors))
        temperature = 1.0
        if held.any() and len(set(target[~held])) == len(names):
            trial = learner.fitted(vectors[~held], rows[~held], target[~held])
            temperature = _best_temperature(trial.logits(vectors[held], rows[held]), target[held])
        return learner.fitted(vectors, rows, target, temperature)

    def rank(self, vector: Matrix, text: str) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first."""
        columns, weights = self.ngrams.row(text)
        words = self.letters[:, columns] @ weights
        p = _softmax(self._together(vector[None], words[None])[0] / self.temperature)
        return [(self.names[i], float(p[i])) for i in np.argsort(-p)]

    def logits(self, vectors: Matrix, rows: Any) -> Logits:
        """Before calibration, [n, k], for mean vectors [n, 384] and rows of n-grams [n, COLUMNS]."""
        return self._together(vectors, rows @ self.letters.T)

    def _together(self, vectors: Matrix, words: Matrix) -> Logits:
        meaning = vectors @ self.weights.T + self.bias
        near = SHARPNESS * self.closest.likeness(vectors)
        votes = [_log_softmax(vote.astype(np.float64)) for vote in (meaning, words + self.offset, near)]
        together: Logits = np.mean(votes, axis=0)
        return together

    def save(self, path: Path) -> None:
        arrays = {name: getattr(self, name) for name in ("weights", "bias", "offset")}
        arrays |= {"letters": self.letters.astype(np.float16), "idf": self.ngrams.idf}
        arrays |= {
            f"near.{name}": np.ascontiguousarray(value) for name, value in self.closest.arrays().items()
        }
        save_file({**arrays, "temperature": np.array([self.temperature])}, str(path), metadata=None)
        path.with_suffix(".txt").write_text("\n".join(self.names), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> IntentClassifier:
        parts = load_file(str(path))
        names = tuple(path.with_suffix(".txt").read_text(encoding="utf-8").split("\n"))
        return IntentClassifier(
            names,
            parts["weights"],
            parts["bias"],
            Ngrams(parts["idf"]),
            # In this order the columns of a message lie together.
            parts["letters"].astype(np.float32, order="F"),
            parts["offset"],
            Closest.of({name.removeprefix("near."): value for name, value in parts.items()}),
            float(parts["temperature"][0]),
        )


class _Learner:
    """Learns from some lines and then goes on with more."""

    def __init__(self, names: tuple[str, ...], ngrams: Ngrams, centre: Matrix, even: Matrix) -> None:
        from sklearn.linear_model import LogisticRegression, SGDClassifier

        self._names, self._ngrams, self._centre, self._even = names, ngrams, centre, even
        self._meaning = LogisticRegression(
            C=STRENGTH, class_weight="balanced", max_iter=STEPS, warm_start=True
        )
        self._words = SGDClassifier(
            loss="log_loss",
            alpha=PENALTY,
            max_iter=EPOCHS,
            tol=None,
            class_weight="balanced",
            average=True,
            random_state=0,
            n_jobs=2,
        )

    def fitted(
        self, vectors: Matrix, rows: Any, target: npt.NDArray[np.int64], temperature: float = 1.0
    ) -> IntentClassifier:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._meaning.fit((vectors - self._centre) @ self._even, target)
        self._meaning.max_iter = MORE_STEPS
        self._words.fit(rows, target)
        weights = self._meaning.coef_ @ self._even.T
        bias = self._meaning.intercept_ - weights @ self._centre
        parts = (weights, bias, self._words.coef_, self._words.intercept_)
        weights, bias, letters, offset = (part.astype(np.float32) for part in parts)
        closest = Closest.fit(vectors, target)
        return IntentClassifier(
            self._names, weights, bias, self._ngrams, letters, offset, closest, temperature
        )


def _evened(vectors: Matrix) -> tuple[Matrix, Matrix]:
    """The centre [384] of unit vectors [n, 384], and what brings their directions nearer to one spread [384, 384]; their
    mean length is one again."""
    centre = vectors.mean(axis=0)
    spread, directions = np.linalg.eigh(np.cov(vectors - centre, rowvar=False))
    even = directions * (spread + FLOOR * spread.mean()) ** (-EVENNESS / 2)
    even /= np.linalg.norm((vectors - centre) @ even, axis=1).mean()
    return centre, even.astype(np.float32)


def held_out(text: str) -> bool:
    """Whether a training line belongs to the fifth that no training of the encoder has seen."""
    return hashlib.sha256(text.strip().lower().encode()).digest()[0] % HELD == 0


def _log_softmax(logits: Logits) -> Logits:
    raised = logits - logits.max(axis=-1, keepdims=True)
    less: Logits = raised - np.log(np.exp(raised).sum(axis=-1, keepdims=True))
    return less


def _softmax(logits: Logits) -> Logits:
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p: Logits = e / e.sum(axis=-1, keepdims=True)
    return p


def _best_temperature(logits: Logits, target: npt.NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood on held-out lines."""
    grid = np.geomspace(0.2, 5, 60)
    rows = np.arange(len(target))
    losses = [-np.log(_softmax(logits / t)[rows, target] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])
