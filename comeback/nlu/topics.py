"""What a practical question is about: the topic whose own lines lie nearest in meaning.

A hundred topics with two dozen lines each are too many and too few for a linear reading; the mean likeness of the
nearest lines is right more often, above all where it is sure.
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
"""Lines of a topic that count."""
SHARPNESS = 30.0
"""Turns likenesses into probabilities; at 0.4 three of five held-out questions get their very topic."""


@dataclass(frozen=True, eq=False)
class Topics:
    """`lines` float32 [n, 384] are unit vectors, sorted by topic; topic i has the lines `starts[i]` to `starts[i + 1]`."""

    names: tuple[str, ...]
    lines: Matrix
    starts: npt.NDArray[np.int64]

    @staticmethod
    def fit(vectors: Matrix, topics: Sequence[str]) -> Topics:
        """From the unit vectors [n, 384] of questions and their topics; no question, no topics."""
        order = np.argsort(np.array(topics, dtype=str), kind="stable")
        names, counts = np.unique(np.array(topics, dtype=str), return_counts=True)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Topics(tuple(map(str, names)), vectors[order].astype(np.float32), starts)

    def nearest(self, vector: Matrix) -> tuple[str, float] | None:
        """The likeliest topic of a question's unit vector [384], and how likely it is among the topics."""
        if not self.names:
            return None
        likeness = np.append(self.lines @ vector, -np.inf)[self._rows]
        nearest = np.sort(likeness, axis=1)[:, -NEAREST:]
        scores = np.mean(nearest, axis=1, where=np.isfinite(nearest))
        odds = np.exp(SHARPNESS * (scores - scores.max()))
        best = int(odds.argmax())
        return self.names[best], float(odds[best] / odds.sum())

    @cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        """[topics, longest]: the lines of each topic, filled up with one that is none."""
        longest = int(np.diff(self.starts).max())
        places = self.starts[:-1, None] + np.arange(longest)
        return np.where(places < self.starts[1:, None], places, len(self.lines))

    def save(self, path: Path) -> None:
        save_file({"lines": self.lines.astype(np.float16), "starts": self.starts}, str(path), metadata=None)
        path.with_suffix(".txt").write_text("\n".join(self.names), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Topics:
        parts = load_file(str(path))
        names = tuple(filter(None, path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")))
        return Topics(names, parts["lines"].astype(np.float32), parts["starts"])
