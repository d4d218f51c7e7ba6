"""What a sentence is about: the name whose own lines lie nearest to it in meaning.

A hundred topics, or situations, with two dozen lines each are too few for a classifier of many weights. Two plain
readings are added: the mean likeness of a name's nearest lines, and a linear discriminant whose covariance, shared by
all names, is shrunk (Fisher 1936; Ledoit and Wolf 2004). Together they are right more often than either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from comeback.nlu.cosines import Cosines

Matrix = npt.NDArray[np.float32]

NEAREST = 5
"""Lines of a name that count."""
SHRINKAGE = 0.8
"""This, the weight and the sharpness below were chosen on the held fifth, so that its figures flatter them a little."""
LIKENESS = 60.0
"""Weight of the likeness beside the discriminant's log odds."""
SHARPNESS = 0.12
"""Turns their sum into probabilities; docs/understanding.md says how often what is believed by them is right."""


@dataclass(frozen=True)
class Near:
    name: str
    sure: float
    """How likely it is among the names."""
    likeness: float
    """The mean cosine of its nearest lines: how likely it is to be any of the names at all."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """`lines` are n unit vectors of 384, sorted by name; name i has the lines `starts[i]` to `starts[i + 1]`.
    `weights` [names, 384] and `bias` [names] are the discriminant's."""

    names: tuple[str, ...]
    lines: Cosines
    starts: npt.NDArray[np.int64]
    weights: Matrix
    bias: Matrix

    @staticmethod
    def fit(vectors: Matrix, names: Sequence[str]) -> Nearest:
        """From the unit vectors [n, 384] of lines and their names, some with several; no line, no names."""
        order = np.argsort(np.array(names, dtype=str), kind="stable")
        found, counts = np.unique(np.array(names, dtype=str), return_counts=True)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        weights, bias = _discriminant(vectors, np.array(names, dtype=str), len(found))
        return Nearest(tuple(map(str, found)), Cosines.of(vectors[order]), starts, weights, bias)

    def read(self, vectors: Sequence[Matrix], most: int) -> list[list[Near]]:
        """For each of the unit vectors [384]: the names, likeliest first, at most so many; no lines, no names."""
        if not self.names or not len(vectors):
            return [[] for _ in vectors]
        stacked = np.stack(vectors)
        filled = np.pad(self.lines.to(stacked), ((0, 0), (0, 1)), constant_values=-np.inf)
        last = -min(NEAREST, self._rows.shape[1])
        nearest = np.partition(filled[:, self._rows], last, axis=2)[:, :, last:]
        likeness = np.mean(nearest, axis=2, where=np.isfinite(nearest))
        together = LIKENESS * likeness + stacked @ self.weights.T + self.bias
        odds = np.exp(SHARPNESS * (together - together.max(axis=1, keepdims=True)))
        odds /= odds.sum(axis=1, keepdims=True)
        return [
            [Near(self.names[i], float(p[i]), float(like[i])) for i in np.argsort(-p)[:most]]
            for p, like in zip(odds, likeness, strict=True)
        ]

    @cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        """[names, longest]: the lines of each name, filled up with one that is none."""
        longest = int(np.diff(self.starts).max())
        places = self.starts[:-1, None] + np.arange(longest)
        return np.where(places < self.starts[1:, None], places, len(self.lines.rows))

    def save(self, path: Path) -> None:
        parts: dict[str, npt.NDArray[Any]] = {"lines": self.lines.rows, "starts": self.starts}
        save_file(parts | {"weights": self.weights, "bias": self.bias}, str(path), metadata=None)
        path.with_suffix(".txt").write_text("\n".join(self.names), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Nearest:
        parts = load_file(str(path))
        names = tuple(filter(None, path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")))
        return Nearest(names, Cosines(parts["lines"]), parts["starts"], parts["weights"], parts["bias"])


def _discriminant(vectors: Matrix, names: npt.NDArray[np.str_], count: int) -> tuple[Matrix, Matrix]:
    """Weights [names, 384] and bias [names] of the log odds of each name; all names are as likely beforehand."""
    if count < 2:
        return np.zeros((count, vectors.shape[1]), np.float32), np.zeros(count, np.float32)
    even = np.full(count, 1 / count)
    fitted = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE, priors=even).fit(vectors, names)
    weights, bias = fitted.coef_, fitted.intercept_
    if count == 2:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights.astype(np.float32), bias.astype(np.float32)
