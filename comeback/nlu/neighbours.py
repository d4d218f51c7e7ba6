"""How the training lines nearest in meaning are labelled: k nearest neighbours (Cover and Hart 1967) on mean vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

DIRECTIONS = 64
"""Principal components that are kept: of 384, with bytes for numbers, they vote as well in a twenty-fourth of the room."""
NEAREST = 25
SHARPNESS = 10.0
"""How fast a neighbour's weight falls with its distance: exp(SHARPNESS * (cosine - 1))."""
SLACK = 0.02
"""Added to both sides of the odds, so that neighbours of one mind do not weigh without end."""
INT8 = 127

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """`centre` [384] and `directions` [384, 64] map a mean vector; `lines` [n, 64] of unit length, `labels` [n, k]."""

    centre: Matrix
    directions: Matrix
    lines: Matrix
    labels: Matrix

    @staticmethod
    def fit(vectors: Matrix, labels: npt.NDArray[np.bool_]) -> Neighbours:
        """From unit vectors [n, 384] and yes or no to k questions [n, k]."""
        centre = vectors.mean(axis=0)
        directions = np.linalg.svd(vectors - centre, full_matrices=False)[2][:DIRECTIONS].T
        lines = (vectors - centre) @ directions
        lines /= np.linalg.norm(lines, axis=1, keepdims=True)
        return Neighbours(centre, directions, lines, labels.astype(np.float32))

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> Neighbours:
        """From `arrays()`. Raises KeyError."""
        whole = {
            name: arrays[name].astype(np.float32) for name in ("centre", "directions", "lines", "labels")
        }
        whole["lines"] /= np.linalg.norm(whole["lines"], axis=1, keepdims=True)
        return Neighbours(**whole)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As they are stored: lines as int8, the rest as float16."""
        lines = np.round(self.lines / np.abs(self.lines).max() * INT8).astype(np.int8)
        rest = {name: getattr(self, name).astype(np.float16) for name in ("centre", "directions")}
        return {**rest, "lines": lines, "labels": self.labels.astype(np.int8)}

    def logits(self, mean: Matrix) -> Matrix:
        """float32 [k]: the log odds of each yes among the nearest lines of a unit vector [384]."""
        place = (mean - self.centre) @ self.directions
        near = self.lines @ (place / max(float(np.linalg.norm(place)), 1e-9))
        first = np.argpartition(-near, NEAREST)[:NEAREST]
        weight = np.exp(SHARPNESS * (near[first] - 1))
        yes = weight @ self.labels[first] / weight.sum()
        odds: Matrix = np.log(yes + SLACK) - np.log(1 - yes + SLACK)
        return odds
