"""What a sentence is about: the name whose own lines lie nearest to it in meaning.

A hundred topics, or situations, with two dozen lines each are too many and too few for a linear reading; the mean
likeness of the nearest lines is right more often, above all where it is sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

Matrix = npt.NDArray[np.float32]

NEAREST = 5
"""Lines of a name that count."""
SHARPNESS = 30.0
"""Turns likenesses into probabilities; docs/understanding.md says how often what is believed by them is right."""


@dataclass(frozen=True)
class Near:
    name: str
    sure: float
    """How likely it is among the names."""
    likeness: float
    """The mean cosine of its nearest lines: how likely it is to be any of the names at all."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """`lines` float32 [n, 384] are unit vectors, sorted by name; name i has the lines `starts[i]` to `starts[i + 1]`."""

    names: tuple[str, ...]
    lines: Matrix
    starts: npt.NDArray[np.int64]

    @staticmethod
    def fit(vectors: Matrix, names: Sequence[str]) -> Nearest:
        """From the unit vectors [n, 384] of lines and their names; no line, no names."""
        order = np.argsort(np.array(names, dtype=str), kind="stable")
        found, counts = np.unique(np.array(names, dtype=str), return_counts=True)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Nearest(tuple(map(str, found)), vectors[order].astype(np.float32), starts)

    def read(self, vector: Matrix, most: int | None = None) -> list[Near]:
        """The names for a unit vector [384], likeliest first, at most so many."""
        if not self.names:
            return []
        likeness = np.append(self.lines @ vector, -np.inf)[self._rows]
        nearest = np.sort(likeness, axis=1)[:, -NEAREST:]
        scores = np.mean(nearest, axis=1, where=np.isfinite(nearest))
        odds = np.exp(SHARPNESS * (scores - scores.max()))
        odds /= odds.sum()
        return [Near(self.names[i], float(odds[i]), float(scores[i])) for i in np.argsort(-odds)[:most]]

    @cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        """[names, longest]: the lines of each name, filled up with one that is none."""
        longest = int(np.diff(self.starts).max())
        places = self.starts[:-1, None] + np.arange(longest)
        return np.where(places < self.starts[1:, None], places, len(self.lines))

    def save(self, path: Path) -> None:
        save_file({"lines": self.lines.astype(np.float16), "starts": self.starts}, str(path), metadata=None)
        path.with_suffix(".txt").write_text("\n".join(self.names), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Nearest:
        parts = load_file(str(path))
        names = tuple(filter(None, path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")))
        return Nearest(names, parts["lines"].astype(np.float32), parts["starts"])
