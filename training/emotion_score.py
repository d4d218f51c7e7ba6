"""From logits to calibrated probabilities and decisions, and how good they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comeback.nlu import emotion
from training.emotion_data import DOMAIN, Array, Lines

TRUST = 100.0
"""Positive lines from which a label's own best threshold counts as much as the shared one."""
GRID = np.linspace(0.05, 0.7, 66)

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Decision:
    """`scale`, `shift` and `threshold`, each [labels]."""

    scale: Array
    shift: Array
    threshold: Array

    @staticmethod
    def learn(dev_raw: Array, dev: Lines, own_raw: Array, own: Lines) -> Decision:
        """The publisher's labels from dev lines, the domain's from own lines that the heads had not seen."""
        d = len(DOMAIN)
        scale, shift, threshold = (
            np.concatenate([a[:-d], b[-d:]])
            for a, b in zip(_learn(dev_raw, dev), _learn(own_raw, own), strict=True)
        )
        return Decision(scale, shift, threshold)

    def probability(self, raw: Array) -> Array:
        p: Array = 1 / (1 + np.exp(-(raw * self.scale + self.shift)))
        return p

    def present(self, raw: Array) -> Bools:
        return emotion.present(self.probability(raw), self.threshold)


@dataclass(frozen=True)
class Judged:
    probability: Array
    present: Bools


def cross_fitted(dev_raw: Array, dev: Lines, own_raw: Array, own: Lines) -> Judged:
    """Dev lines judged with calibration and thresholds from the other half: an honest estimate."""
    p, present = np.zeros_like(dev_raw), np.zeros(dev_raw.shape, bool)
    half = np.arange(len(dev)) % 2
    for k in (0, 1):
        learned = Decision.learn(dev_raw[half != k], dev.take(np.flatnonzero(half != k)), own_raw, own)
        p[half == k], present[half == k] = (
            learned.probability(dev_raw[half == k]),
            learned.present(dev_raw[half == k]),
        )
    return Judged(p, present)


def _learn(raw: Array, lines: Lines) -> tuple[Array, Array, Array]:
    scale, shift = calibrate(raw, lines)
    return scale, shift, thresholds(Decision(scale, shift, shift).probability(raw), lines)


def calibrate(raw: Array, lines: Lines) -> tuple[Array, Array]:
    """Platt's scale and shift for each label, by Newton's method; a prior keeps rare labels near 1 and 0."""
    prior, start = np.array([4.0, 1.0]), np.array([1.0, 0.0])
    made = []
    for k in range(raw.shape[1]):
        x = np.stack([raw[:, k], np.ones(len(raw))], axis=1).astype(np.float64)
        y, w, beta = lines.truth[:, k], lines.weight[:, k], start
        for _ in range(50):
            p = 1 / (1 + np.exp(-(x @ beta)))
            gradient = x.T @ (w * (p - y)) + prior * (beta - start)
            step = np.linalg.solve((x.T * (w * p * (1 - p))) @ x + np.diag(prior), gradient)
            beta = beta - step / max(1.0, 2 * np.abs(step).max())
        made.append(beta)
    scale, shift = np.asarray(made, np.float32).T
    return scale, shift


def f1(decided: Bools, lines: Lines) -> npt.NDArray[np.float64]:
    """For each label, over the lines where somebody looked for it."""
    seen = lines.weight > 0
    hits = (decided * lines.truth * seen).sum(0)
    return 2 * hits / np.maximum((decided * seen).sum(0) + (lines.truth * seen).sum(0), 1e-9)


def thresholds(p: Array, lines: Lines) -> Array:
    """For each label the probability with the best F1, smoothed, and drawn to the shared best where examples are few."""
    curve = np.stack([f1(p >= t, lines) for t in GRID])
    shared = GRID[int(np.argmax(curve.mean(axis=1)))]
    smooth = np.stack([np.convolve(np.pad(c, 4, mode="edge"), np.ones(9) / 9, "valid") for c in curve.T])
    best = GRID[smooth.argmax(axis=1)]
    trust = (lines.truth * (lines.weight > 0)).sum(0)
    trust = trust / (trust + TRUST)
    return (trust * best + (1 - trust) * shared).astype(np.float32)


def calibration_error(p: Array, lines: Lines, bins: int = 15) -> float:
    """Expected calibration error over all looked-for labels."""
    looked = lines.weight >= 0.5
    q, y = p[looked], lines.truth[looked]
    at = np.minimum((q * bins).astype(int), bins - 1)
    return float(sum(abs(q[at == b].mean() - y[at == b].mean()) * (at == b).mean() for b in np.unique(at)))


def grouped(decided: Bools, truth: Array, names: Sequence[str], groups: Mapping[str, str]) -> float:
    """Macro-F1 over groups of labels: a group is present when one of its labels is."""
    scores = []
    for members in groups.values():
        columns = [names.index(name) for name in members.split()]
        a, b = decided[:, columns].any(1), truth[:, columns].any(1)
        scores.append(2 * (a & b).sum() / max(a.sum() + b.sum(), 1))
    return float(np.mean(scores))
