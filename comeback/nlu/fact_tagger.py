"""Company, role and person by a small network over the encoder's word pieces and what the rules found.

Made by training/facts.py; models/facts.md is the card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from comeback.nlu.fact_line import Span

HEAD = Path(__file__).resolve().parents[2] / "models" / "facts.safetensors"
LABELS = ("company", "role", "person")
TAGS = ("O", *(f"{side}-{label}" for label in LABELS for side in "BI"))
REACH = 2
"""Tokens on either side that are seen."""

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]

_INSIDE = [TAGS.index(f"I-{label}") for label in LABELS]


class TaggerUnfit(RuntimeError):
    """The trained head cannot be read, or was made for another encoder or other marks."""


@dataclass(frozen=True)
class Cuts:
    """Probabilities of a label: from which a span is added to the rules', from which it replaces an overlapping one
    of theirs, and below which one of theirs is dropped."""

    add: float
    replace: float
    veto: float


@dataclass(frozen=True, eq=False)
class FactTagger:
    """One hidden layer of `width` over a token and its neighbours.

    `centre`, `scale` [384] of the vectors; `near` [2 * REACH + 1, inputs, width], `near_bias` [width],
    `out` [width, tags], `out_bias` [tags]. `words` are the words that are inputs of their own.
    """

    words: dict[str, int]
    cuts: dict[str, Cuts]
    centre: Vector
    scale: Vector
    near: Matrix
    near_bias: Vector
    out: Matrix
    out_bias: Vector

    @staticmethod
    def load(path: Path, adapter: str, columns: Sequence[str]) -> FactTagger:
        """`adapter` is the hash of the encoder's adapter, `columns` the marks' names. Raises TaggerUnfit."""
        try:
            with safe_open(str(path), framework="numpy") as file:  # type: ignore[attr-defined, no-untyped-call, unused-ignore]
                about = file.metadata()
                arrays = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
            cuts = {label: Cuts(**given) for label, given in json.loads(about["cuts"]).items()}
            words = {word: i for i, word in enumerate(json.loads(about["words"]))}
            made_for = about["adapter"], json.loads(about["columns"])
        except Exception as error:  # safetensors raises its own unrelated kinds
            raise TaggerUnfit(f"{path} cannot be read: {type(error).__name__}") from error
        if made_for != (adapter, list(columns)):
            raise TaggerUnfit(f"{path} was made for another encoder or lexicon: run training.facts")
        return FactTagger(words, cuts, **arrays)

    def inputs(self, vectors: Matrix, marks: Matrix, words: Sequence[str]) -> Matrix:
        """float32 [tokens, inputs]: the standardised vector, the marks, and which of the known words it is."""
        known = np.zeros((len(vectors), len(self.words)), np.float32)
        for i, word in enumerate(words[: len(vectors)]):
            if (k := self.words.get(word)) is not None:
                known[i, k] = 1
        return np.concatenate([(vectors - self.centre) / self.scale, marks, known], axis=1)

    def chances(self, inputs: Matrix) -> Matrix:
        """The probability of each tag, float32 [tokens, tags]."""
        hidden = np.maximum(beside(inputs, self.near) + self.near_bias, 0)
        scores = hidden @ self.out + self.out_bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances: Matrix = raised / raised.sum(axis=1, keepdims=True)
        return chances


def beside(inputs: Matrix, near: Matrix) -> Matrix:
    """The sum over each token's neighbourhood of its inputs by that place's weights."""
    count, places = len(inputs), len(near)
    total = np.zeros((count, near.shape[2]), np.float32)
    for k in range(places):
        shift = k - places // 2
        here = inputs[max(0, shift) : count + min(0, shift)]
        total[max(0, -shift) : count - max(0, shift)] += here @ near[k]
    return total


def best_spans(chances: Matrix) -> list[tuple[Span, float]]:
    """The likeliest sequence of tags (Viterbi; inside follows begin or inside) as spans with their label's probability."""
    if not len(chances):
        return []
    steps = np.log(chances + 1e-9)
    allowed = np.zeros((len(TAGS), len(TAGS)), np.float32)
    for tag in _INSIDE:
        allowed[:, tag] = -np.inf
        allowed[[tag - 1, tag], tag] = 0
    score, back = steps[0].copy(), np.zeros(chances.shape, np.int64)
    score[_INSIDE] = -np.inf
    for i in range(1, len(steps)):
        through = score[:, None] + allowed
        back[i] = through.argmax(axis=0)
        score = through[back[i], np.arange(len(TAGS))] + steps[i]
    tag = int(score.argmax())
    tags = [tag]
    for i in range(len(steps) - 1, 0, -1):
        tag = int(back[i, tag])
        tags.append(tag)
    return [(span, sureness(chances, span)) for span in _spans(tags[::-1])]


def sureness(chances: Matrix, span: Span) -> float:
    """The geometric mean of the label's probability over the span's tokens; 1 for what was not read."""
    tag = TAGS.index(f"B-{span.label}")
    within = chances[span.start : span.end, tag : tag + 2].sum(axis=1)
    return float(np.exp(np.log(within + 1e-9).mean())) if len(within) else 1.0


def _spans(tags: Sequence[int]) -> list[Span]:
    spans: list[Span] = []
    for i, tag in enumerate(tags):
        if tag in _INSIDE and spans and spans[-1].end == i:
            spans[-1] = Span(spans[-1].label, spans[-1].start, i + 1)
        elif tag:
            spans.append(Span(LABELS[(tag - 1) // 2], i, i + 1))
    return spans
