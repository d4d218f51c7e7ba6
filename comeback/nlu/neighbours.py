"""How the training lines nearest in meaning are labelled: k nearest neighbours (Cover and Hart 1967) on mean vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from comeback.nlu.cosines import Cosines

DIRECTIONS = 64
"""Principal components that are kept: of 384, with bytes for numbers, they vote as well in a twenty-fourth of the room."""
NEAREST = 25
SHARPNESS = 10.0
"""How fast a neighbour's weight falls with its distance: exp(SHARPNESS * (cosine - 1))."""
SLACK = 0.02
"""Added to both sides of the odds, so that neighbours of one mind do not weigh without end."""
BLOCKS = 200
"""The lines are cut into so many, whose best ones tell how near a line must at least be."""

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """`centre` [384] and `directions` [384, 64] map a mean vector; `lines` are n of 64, `labels` [n, k]."""

    centre: Matrix
    directions: Matrix
    lines: Cosines
    labels: Matrix

    @staticmethod
    def fit(vectors: Matrix, labels: npt.NDArray[np.bool_]) -> Neighbours:
        """From unit vectors [n, 384] and yes or no to k questions [n, k]."""
        centre = vectors.mean(axis=0)
        directions = np.linalg.svd(vectors - centre, full_matrices=False)[2][:DIRECTIONS].T
        lines = Cosines.of((vectors - centre) @ directions)
        return Neighbours(centre, directions, lines, labels.astype(np.float32))

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> Neighbours:
        """From `arrays()`. Raises KeyError."""
        centre, directions, labels = (
            arrays[name].astype(np.float32) for name in ("centre", "directions", "labels")
        )
        return Neighbours(centre, directions, Cosines(arrays["lines"]), labels)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As they are stored: lines as int8, the rest as float16."""
        rest = {name: getattr(self, name).astype(np.float16) for name in ("centre", "directions")}
        return {**rest, "lines": self.lines.rows, "labels": self.labels.astype(np.int8)}

    def logits(self, means: Matrix) -> Matrix:
        """float32 [p, k]: the log odds of each yes among the nearest lines, for unit vectors [p, 384]."""
        likeness = self.lines.to((means - self.centre) @ self.directions)
        yes = np.stack([self._votes(near) for near in likeness])
        odds: Matrix = np.log(yes + SLACK) - np.log(1 - yes + SLACK)
        return odds

    def _votes(self, near: Matrix) -> Matrix:
        first = largest(near, NEAREST)
        weight = np.exp(SHARPNESS * (near[first] - 1))
        votes: Matrix = weight @ self.labels[first] / weight.sum()
        return votes


def largest(values: Matrix, count: int) -> npt.NDArray[np.intp]:
    """Where the largest lie, in no order. Only what reaches the best of enough blocks is compared, which is faster."""
    size = len(values) // BLOCKS
    if BLOCKS < count or not size:
        return np.argpartition(-values, count)[:count]
    best = values[: size * BLOCKS].reshape(size, BLOCKS).max(axis=0)
    high = np.flatnonzero(values >= np.partition(best, -count)[-count])
    return high[np.argpartition(-values[high], count - 1)[:count]]
