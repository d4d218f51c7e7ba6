"""How near the nearest training line of each label lies: one nearest neighbour a label, on mean vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

DIRECTIONS = 96
"""Principal components that are kept: of 384, they tell nearly as much in a quarter of the room."""
AT_ONCE = 256
"""Vectors that are compared at once, for the room it takes."""

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Closest:
    """`centre` [384] and `directions` [384, 96] map a mean vector; `lines` [n, 96] are of unit length, sorted by label;
    label i has the lines from `starts[i]` on."""

    centre: Matrix
    directions: Matrix
    lines: Matrix
    starts: npt.NDArray[np.int64]

    @staticmethod
    def fit(vectors: Matrix, target: npt.NDArray[np.int64]) -> Closest:
        """From unit vectors [n, 384] and the number of each one's label; every label has a line."""
        centre = vectors.mean(axis=0)
        spread = np.cov(vectors - centre, rowvar=False)
        directions = np.linalg.eigh(spread)[1][:, : -DIRECTIONS - 1 : -1].astype(np.float32)
        order = np.argsort(target, kind="stable")
        starts = np.searchsorted(target[order], np.arange(target.max() + 1))
        return Closest(centre, directions, _placed(vectors[order], centre, directions), starts)

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> Closest:
        """From `arrays()`. Raises KeyError."""
        whole = {name: arrays[name].astype(np.float32) for name in ("centre", "directions", "lines")}
        return Closest(**whole, starts=arrays["starts"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As they are stored: numbers as float16."""
        return {
            name: value if name == "starts" else value.astype(np.float16)
            for name, value in vars(self).items()
        }

    def likeness(self, vectors: Matrix) -> Matrix:
        """float32 [n, labels]: the cosine to the nearest line of each label, for unit vectors [n, 384]."""
        places = _placed(vectors, self.centre, self.directions)
        parts = [places[i : i + AT_ONCE] @ self.lines.T for i in range(0, len(places), AT_ONCE)]
        return np.concatenate([np.maximum.reduceat(part, self.starts, axis=1) for part in parts])


def _placed(vectors: Matrix, centre: Matrix, directions: Matrix) -> Matrix:
    places = (vectors - centre) @ directions
    placed: Matrix = (places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)).astype(
        np.float32
    )
    return placed
