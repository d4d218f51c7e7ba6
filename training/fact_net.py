"""The learned fact reader's network, trained in numpy: Adam on the cross-entropy of tags, with dropout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from comeback.nlu.fact_evidence import Evidence
from comeback.nlu.fact_line import Span
from comeback.nlu.fact_tagger import MARK_REACH, TAGS, VECTOR_REACH, Cuts, FactTagger
from training.fact_lines import Marked

Array = npt.NDArray[Any]
Example = tuple[Marked, Evidence]

NETS, WIDTH, EPOCHS, BATCH, RATE, DECAY, SMOOTHING = 2, 30, 10, 128, 2e-3, 1e-2, 0.02
INPUTS_DROPPED, HIDDEN_DROPPED = 0.4, 0.5
MOST, LEAST = 160, 8
"""Words that are inputs of their own, and how often each must stand outside of spans."""
DEVIATION = 0.05
OPEN = {label: Cuts(0.0, 0.0, 0.0) for label in ("company", "role", "person")}


def wanted(example: Example) -> list[Span]:
    """The marked spans by tokens; a token that a span touches is in it."""
    line, seen = example
    spans = []
    for label, start, end in line.spans:
        inside = [
            i for i, (a, b) in enumerate(zip(seen.starts, seen.ends, strict=True)) if a < end and b > start
        ]
        spans.append(Span(label, inside[0], inside[-1] + 1))
    return spans


def tags(example: Example) -> Array:
    made = np.zeros(len(example[1].vectors), np.int64)
    for span in wanted(example):
        made[span.start : span.end] = TAGS.index(f"I-{span.label}")
        made[span.start : span.start + 1] = TAGS.index(f"B-{span.label}")
    return made


def frequent(examples: Sequence[Example]) -> list[str]:
    """The words that often stand outside of spans."""
    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(w for w, tag in zip(example[1].words, tags(example), strict=False) if not tag)
    return sorted(word for word, count in counts.most_common(MOST) if count >= LEAST)


def fit(examples: Sequence[Example], words: Sequence[str]) -> FactTagger:
    """A reader without cuts: NETS nets side by side, their scores averaged."""
    vectors = np.concatenate([seen.vectors for _, seen in examples])
    centre, scale = vectors.mean(0), np.maximum(vectors.std(0), DEVIATION)
    none = np.zeros((1, 1, 1), np.float32)
    blank = FactTagger({w: i for i, w in enumerate(words)}, OPEN, centre, scale, none, none, *[none[0]] * 3)
    inputs = [blank.inputs(seen.vectors, seen.marks, seen.words) for _, seen in examples]
    rows = np.concatenate([_row(vectors, marks) for vectors, marks in inputs])
    goal = np.concatenate([tags(example) for example in examples])
    nets = [_adam(rows, goal, np.random.default_rng(seed)) for seed in range(NETS)]
    near, bias = (np.concatenate([net[i] for net in nets], axis=-1) for i in (0, 1))
    out, out_bias = np.concatenate([net[2] for net in nets]) / NETS, np.mean([net[3] for net in nets], axis=0)
    cut = (2 * VECTOR_REACH + 1) * vectors.shape[1]
    return FactTagger(
        blank.words,
        OPEN,
        centre,
        scale,
        near[:cut].reshape(2 * VECTOR_REACH + 1, -1, NETS * WIDTH),
        near[cut:].reshape(2 * MARK_REACH + 1, -1, NETS * WIDTH),
        bias,
        out,
        out_bias,
    )


def _row(vectors: Array, marks: Array) -> Array:
    moved = [_moved(vectors, k) for k in range(-VECTOR_REACH, VECTOR_REACH + 1)]
    return np.concatenate(moved + [_moved(marks, k) for k in range(-MARK_REACH, MARK_REACH + 1)], axis=1)


def _moved(rows: Array, by: int) -> Array:
    moved = np.zeros_like(rows)
    count = len(rows)
    moved[max(0, -by) : count - max(0, by)] = rows[max(0, by) : count + min(0, by)]
    return moved


def _adam(rows: Array, goal: Array, random: np.random.Generator) -> list[Array]:
    """Whole inputs drop out of a batch, hidden units out of a row; the rate falls to nothing."""
    width, kinds = rows.shape[1], len(TAGS)
    weights = [
        random.normal(0, 0.7 / width**0.5, (width, WIDTH)).astype(np.float32),
        np.zeros(WIDTH, np.float32),
        random.normal(0, 1 / WIDTH**0.5, (WIDTH, kinds)).astype(np.float32),
        np.zeros(kinds, np.float32),
    ]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    step, steps = 0, EPOCHS * -(-len(rows) // BATCH)
    for _ in range(EPOCHS):
        order = random.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            step += 1
            rate = RATE * (1 - step / steps) * min(1.0, step / 50)
            for i, slope in enumerate(_slopes(weights, rows[batch], goal[batch], random)):
                first[i] += 0.1 * (slope - first[i])
                second[i] += 0.001 * (slope**2 - second[i])
                move = first[i] / (1 - 0.9**step) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
                weights[i] -= rate * (move + (DECAY * weights[i] if weights[i].ndim == 2 else 0))
    return weights


def _slopes(weights: list[Array], rows: Array, goal: Array, random: np.random.Generator) -> list[Array]:
    near, bias, out, out_bias = weights
    rows = rows * ((random.random(rows.shape[1]) > INPUTS_DROPPED) / (1 - INPUTS_DROPPED)).astype(np.float32)
    kept = ((random.random((len(rows), WIDTH)) > HIDDEN_DROPPED) / (1 - HIDDEN_DROPPED)).astype(np.float32)
    before = rows @ near + bias
    hidden = np.maximum(before, 0) * kept
    scores = hidden @ out + out_bias
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error -= SMOOTHING / error.shape[1]
    error[np.arange(len(goal)), goal] -= 1 - SMOOTHING
    error /= len(goal)
    back = (error @ out.T) * kept * (before > 0)
    return [rows.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]
