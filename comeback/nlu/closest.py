"""How near the nearest training line of each label lies: one nearest neighbour a label, on mean vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from comeback.nlu.cosines import Cosines

DIRECTIONS = 96
"""Principal components that are kept: of 384, they tell nearly as much in a quarter of the room."""
AT_ONCE = 256
"""Vectors that are compared at once, for the room it takes."""

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Closest:
    """`centre` [384] and `directions` [384, 96] map a mean vector; `lines` are n of 96, sorted by label; label i has
    the lines from `starts[i]` on."""

    centre: Matrix
    directions: Matrix
    lines: Cosines
    starts: npt.NDArray[np.int64]

    @staticmethod
    def fit(vectors: Matrix, target: npt.NDArray[np.int64]) -> Closest:
        """From unit vectors [n, 384] and the number of each one's label; every label has a line."""
        centre = vectors.mean(axis=0)
        spread = np.cov(vectors - centre, rowvar=False)
        directions = np.linalg.eigh(spread)[1][:, : -DIRECTIONS - 1 : -1].astype(np.float32)
        order = np.argsort(target, kind="stable")
        starts = np.searchsorted(target[order], np.arange(target.max() + 1))
        return Closest(centre, directions, Cosines.of((vectors[order] - centre) @ directions), starts)

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> Closest:
        """From `arrays()`. Raises KeyError."""
        centre, directions = (arrays[name].astype(np.float32) for name in ("centre", "directions"))
        return Closest(centre, directions, Cosines(arrays["lines"]), arrays["starts"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As they are stored: lines as int8, the rest as float16."""
        rest = {name: getattr(self, name).astype(np.float16) for name in ("centre", "directions")}
        return {**rest, "lines": self.lines.rows, "starts": self.starts}

    def likeness(self, vectors: Matrix) -> Matrix:
        """float32 [n, labels]: the cosine to the nearest line of each label, for unit vectors [n, 384]."""
        places = (vectors - self.centre) @ self.directions
        parts = [self.lines.to(places[i : i + AT_ONCE]) for i in range(0, len(places), AT_ONCE)]
        return np.concatenate([np.maximum.reduceat(part, self.starts, axis=1) for part in parts])
