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
VECTOR_REACH, MARK_REACH = 1, 2
"""Tokens on either side whose vectors and whose marks are seen."""

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

    `centre`, `scale` [384] of the vectors; `vector_near` [3, 384, width] for the vectors of the token and its
    neighbours, `mark_near` [5, marks and words, width] for the marks of two on either side; `bias` [width],
    `out` [width, tags], `out_bias` [tags]. `words` are the words that are inputs of their own.
    """

    words: dict[str, int]
    cuts: dict[str, Cuts]
    centre: Vector
    scale: Vector
    vector_near: Matrix
    mark_near: Matrix
    bias: Vector
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

    def inputs(self, vectors: Matrix, marks: Matrix, words: Sequence[str]) -> tuple[Matrix, Matrix]:
        """Standardised vectors [tokens, 384]; the marks and which of the known words each token is."""
        known = np.zeros((len(vectors), len(self.words)), np.float32)
        for i, word in enumerate(words[: len(vectors)]):
            if (k := self.words.get(word)) is not None:
                known[i, k] = 1
        return (vectors - self.centre) / self.scale, np.concatenate([marks, known], axis=1)

    def chances(self, inputs: tuple[Matrix, Matrix]) -> Matrix:
        """The probability of each tag, float32 [tokens, tags]."""
        vectors, marks = inputs
        hidden = beside(vectors, self.vector_near) + beside(marks, self.mark_near) + self.bias
        scores = np.maximum(hidden, 0) @ self.out + self.out_bias
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


def best_spans(chances: Matrix) -> list[Span]:
    """The likeliest sequence of tags (Viterbi; inside follows begin or inside) as spans; two of one
    label side by side are one."""
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
    return _spans(tags[::-1])


def sureness(chances: Matrix, span: Span) -> float:
    """That the span has its label and its neighbours do not go on with it; 1 for what was not read.

    The geometric mean of the label's probability over the tokens, times that of either edge.
    """
    begin = TAGS.index(f"B-{span.label}")
    label = chances[:, begin] + chances[:, begin + 1]
    within = label[span.start : span.end]
    if not len(within):
        return 1.0
    left = 1 - label[span.start - 1] if span.start else 1.0
    right = 1 - chances[span.end, begin + 1] if span.end < len(chances) else 1.0
    return float(np.exp(np.log(within + 1e-9).mean()) * left * right)


def _spans(tags: Sequence[int]) -> list[Span]:
    spans: list[Span] = []
    for i, tag in enumerate(tags):
        if not tag:
            continue
        label = LABELS[(tag - 1) // 2]
        if spans and spans[-1].end == i and spans[-1].label == label:
            spans[-1] = Span(label, spans[-1].start, i + 1)
        else:
            spans.append(Span(label, i, i + 1))
    return spans
