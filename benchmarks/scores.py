"""How well readings agree with what people wrote down. Pure; all scores between 0 and 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt


def accuracy(truth: Sequence[str], read: Sequence[str]) -> float:
    return float(np.mean([t == r for t, r in zip(truth, read, strict=True)]))


def f1_by_name(truth: Sequence[str], read: Sequence[str]) -> dict[str, float]:
    """For each name that occurs in `truth`."""
    hits = Counter(t for t, r in zip(truth, read, strict=True) if t == r)
    wanted, found = Counter(truth), Counter(read)
    return {name: 2 * hits[name] / (wanted[name] + found[name]) for name in sorted(wanted)}


def confusions(truth: Sequence[str], read: Sequence[str]) -> list[tuple[tuple[str, str], int]]:
    """Pairs (truth, read) that differ, the most frequent first."""
    pairs = Counter((t, r) for t, r in zip(truth, read, strict=True) if t != r)
    return sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative; ties count half."""
    above = np.searchsorted(np.sort(negative), positive, side="left")
    not_below = np.searchsorted(np.sort(negative), positive, side="right")
    return float((above + not_below).mean() / 2 / len(negative))


def calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 15) -> float:
    """Expected calibration error: by how much confidence and share of right answers differ, over equal bins."""
    p: npt.NDArray[np.float64] = np.asarray(confidence, np.float64)
    y: npt.NDArray[np.float64] = np.asarray(right, np.float64)
    at = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[at == b].mean() - y[at == b].mean()) * (at == b).mean() for b in np.unique(at)))


def spans(
    wanted: Sequence[Mapping[str, Counter[str]]], found: Sequence[Mapping[str, Counter[str]]]
) -> dict[str, tuple[float, float, int]]:
    """Precision, recall and number wanted of each entity; per line, entity -> its values."""
    names = sorted({name for line in (*wanted, *found) for name in line})
    scores = {}
    for name in names:
        pairs = [(w.get(name, Counter()), f.get(name, Counter())) for w, f in zip(wanted, found, strict=True)]
        hits = sum((w & f).total() for w, f in pairs)
        asked, read = sum(w.total() for w, _ in pairs), sum(f.total() for _, f in pairs)
        if asked:
            scores[name] = (hits / read if read else 1.0, hits / asked, asked)
    return scores
