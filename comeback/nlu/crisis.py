"""The risk reader: patterns in their context and a learned head; either can raise, only context can lower."""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from comeback.nlu.context import Finding, Lexicon, sentences, worst
from comeback.nlu.encoder import Encoding, spelled
from comeback.vocabulary import Risk, RiskKind, RiskLevel

logger = logging.getLogger(__name__)

MIN_PIECES = 5
"""A shorter sentence is not read by the head on its own, only within the whole message."""
SPOKEN = frozenset({RiskKind.THIRD_PARTY})
"""Kinds that only patterns call a crisis: the head hears worry about others in much everyday talk."""
UNREADABLE = Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE)

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Head:
    """Label-wise attention over the encoder's token vectors, averaged with a linear reading of their mean.

    `labels` [k] are "level:kind"; `where`, `what` [k, 384] and `bias` [k] are the attention's, `linear`
    [k, 384] and `offset` [k] the mean's; tokens are centred by `centre` and divided by `scale` [384].
    """

    labels: tuple[Risk, ...]
    centre: Vector
    scale: Vector
    where: Matrix
    what: Matrix
    bias: Vector
    linear: Matrix
    offset: Vector
    crisis: float
    concern: float
    """The probabilities from which the head alone says crisis, and concern or crisis."""

    @staticmethod
    def load(path: Path) -> Head:
        """Raises OSError, safetensors.SafetensorError, KeyError, ValueError when the file is not a head."""
        with safe_open(str(path), framework="numpy") as file:  # type: ignore[attr-defined, no-untyped-call, unused-ignore]
            about = file.metadata()
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        pairs = [label.split(":") for label in json.loads(about["labels"])]
        labels = tuple(Risk(RiskLevel(level), RiskKind(kind)) for level, kind in pairs)
        return Head(labels, **arrays, crisis=float(about["crisis"]), concern=float(about["concern"]))

    def probabilities(self, tokens: Matrix) -> Vector:
        """Of each label, for the token vectors [n, 384] of a text or of a sentence in it."""
        mean = tokens.mean(axis=0)
        mean = mean / np.linalg.norm(mean)
        hidden = (tokens - self.centre) / self.scale
        attention = _softmax(hidden @ self.where.T, axis=0)
        pooled = (attention * (hidden @ self.what.T)).sum(axis=0) + self.bias
        both: Vector = (_softmax(pooled, axis=0) + _softmax(self.linear @ mean + self.offset, axis=0)) / 2
        return both

    def read(self, tokens: Matrix) -> Risk:
        """The head alone: crisis in its high range, concern in its middle range, with the likeliest kind."""
        chances = self.probabilities(tokens)
        if not np.isfinite(chances).all():
            raise ValueError("the risk head gives no probability")
        likely = list(zip(chances, self.labels, strict=True))
        crisis = sum(p for p, risk in likely if risk.level is RiskLevel.CRISIS and risk.kind not in SPOKEN)
        either = sum(p for p, risk in likely if risk.level is not RiskLevel.NONE)
        if either < self.concern and crisis < self.crisis:
            return Risk()
        kind = max((p, risk.kind) for p, risk in likely if risk.level is not RiskLevel.NONE)[1]
        return Risk(RiskLevel.CRISIS if crisis >= self.crisis else RiskLevel.CONCERN, kind)


@dataclass(frozen=True)
class CrisisReader:
    lexicon: Lexicon
    head: Head | None
    blind: bool = False
    """The head was asked for and could not be loaded."""

    @staticmethod
    def load(lexicons: Path, head: Path | None) -> CrisisReader:
        """Patterns of the folder `lexicons`, and the head of the file `head` (None: patterns alone).

        A broken head is logged and does not raise; LexiconError and OSError mean that nothing can be read.
        """
        lexicon = Lexicon.load(lexicons)
        if head is None:
            return CrisisReader(lexicon, None)
        try:
            return CrisisReader(lexicon, Head.load(head))
        except Exception as error:
            logger.error("the risk head cannot be read: %s", type(error).__name__)
            return CrisisReader(lexicon, None, blind=True)

    def read(self, text: str, encoding: Encoding | None) -> Risk:
        """Never raises. What cannot be read in full and is not a crisis is a concern: help is offered."""
        try:
            return self._read(text, encoding)
        except Exception as error:
            logger.error("the risk reader failed: %s", type(error).__name__)
        try:
            risk = self._read(text, None)
        except Exception:
            return UNREADABLE
        return UNREADABLE if risk.level is RiskLevel.NONE else risk

    def _read(self, text: str, encoding: Encoding | None) -> Risk:
        parts = sentences(text)
        plain = [self.lexicon.normalise(part) for part in parts]
        findings = [self.lexicon.read(sentence) for sentence in plain]
        by_pattern = worst([finding.risk for finding in findings if finding])
        if by_pattern.level is RiskLevel.CRISIS or not any(plain):
            return by_pattern
        if self.head is None or encoding is None:
            unread = self.blind or self.head is not None
            return UNREADABLE if unread and by_pattern.level is RiskLevel.NONE else by_pattern
        rows = _rows(parts, encoding)
        risks = [
            self._combined(sentence, finding, encoding.tokens[a:b])
            for sentence, finding, (a, b) in zip(plain, findings, rows, strict=True)
        ]
        if len(parts) > 1 and not any(
            f or self.lexicon.excuse(s) for s, f in zip(plain, findings, strict=True)
        ):
            risks.append(self.head.read(encoding.tokens))
        return worst(risks)

    def _combined(self, sentence: str, finding: Finding | None, tokens: Matrix) -> Risk:
        if finding and finding.lowered:
            return finding.risk
        found = finding.risk if finding else Risk()
        if self.head is None or len(tokens) < MIN_PIECES:
            return found
        learned = self.head.read(tokens)
        if not finding and learned.level is not RiskLevel.NONE and (kind := self.lexicon.excuse(sentence)):
            lower = learned.level is RiskLevel.CONCERN
            return Risk(RiskLevel.NONE, kind) if lower else Risk(RiskLevel.CONCERN, learned.kind)
        return worst([found, learned])


def _rows(parts: Sequence[str], encoding: Encoding) -> list[tuple[int, int]]:
    """The token rows of each sentence, by counting letters; what is cut off has no rows.

    A single sentence has all rows, [CLS] and [SEP] included, as in training.
    """
    if len(parts) == 1:
        return [(0, len(encoding.tokens))]
    rows, row, read = [], 1, 0
    goal, last = 0, len(encoding.pieces) - 1
    for part in parts:
        first = row
        goal += sum(
            not (c.isspace() or unicodedata.combining(c)) for c in unicodedata.normalize("NFD", spelled(part))
        )
        while row < last and read < goal:
            read += len(encoding.pieces[row].removeprefix("##"))
            row += 1
        rows.append((first, row))
    return rows


def _softmax(scores: Vector, axis: int) -> Vector:
    raised = np.exp(scores - scores.max(axis=axis, keepdims=True))
    chances: Vector = raised / raised.sum(axis=axis, keepdims=True)
    return chances
