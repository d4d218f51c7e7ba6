"""Label-wise attention over the encoder's token vectors: each label looks for its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Attention:
    """Shapes: `project` [384, width], `project_bias` [width], `query` and `out` [labels, width], `bias` [labels]."""

    project: Array
    project_bias: Array
    query: Array
    out: Array
    bias: Array

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> Attention:
        """From arrays of these names, of any float type. Raises KeyError."""
        return Attention(**{field.name: arrays[field.name].astype(np.float32) for field in fields(Attention)})

    def logits(self, tokens: Array) -> Array:
        """float32 [labels], for the token vectors [n, 384] of one text."""
        hidden = _gelu(tokens @ self.project + self.project_bias)
        score = hidden @ self.query.T
        weight = np.exp(score - score.max(axis=0))
        weight /= weight.sum(axis=0)
        logit: Array = ((weight.T @ hidden) * self.out).sum(axis=1) + self.bias
        return logit


def _gelu(x: Array) -> Array:
    # The tanh form, as in training; numpy has no erf.
    y: Array = 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return y
