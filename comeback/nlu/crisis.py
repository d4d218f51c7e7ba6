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

from comeback.nlu.attention import Attention
from comeback.nlu.context import Finding, Lexicon, sentences, worst
from comeback.nlu.encoder import Encoding, spelled
from comeback.vocabulary import Risk, RiskKind, RiskLevel

logger = logging.getLogger(__name__)

MIN_PIECES = 4
"""A shorter sentence is not read by the head on its own, only within the whole message."""
UNREADABLE = Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE)

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Chance:
    """Of a crisis, and of a concern or a crisis; and the likeliest kind of either."""

    crisis: float
    either: float
    kind: RiskKind


@dataclass(frozen=True, eq=False)
class Head:
    """The learned reader: a softmax over labels of level and kind."""

    labels: tuple[Risk, ...]
    attention: Attention
    crisis: float
    concern: float
    sure: float
    """Probabilities from which the head alone says crisis; concern; crisis although the words are excused."""

    @staticmethod
    def load(path: Path) -> Head:
        """Raises OSError, safetensors.SafetensorError, KeyError, ValueError when the file is not a head."""
        with safe_open(str(path), framework="numpy") as file:  # type: ignore[attr-defined, no-untyped-call, unused-ignore]
            about = file.metadata()
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        cuts = (float(about[name]) for name in ("crisis", "concern", "sure"))
        return Head(labelled(json.loads(about["labels"])), Attention.of(arrays), *cuts)

    def chance(self, tokens: Matrix) -> Chance:
        """For the token vectors [n, 384] of a text or of a sentence in it. Raises ValueError when they hold no number."""
        logits = self.attention.logits(tokens).astype(np.float64)
        p = np.exp(logits - logits.max())
        p /= p.sum()
        if not np.isfinite(p).all():
            raise ValueError("the risk head gives no probability")
        likely = [(float(q), risk) for q, risk in zip(p, self.labels, strict=True)]
        risky = [(q, risk) for q, risk in likely if risk.level is not RiskLevel.NONE]
        crisis = sum(q for q, risk in risky if risk.level is RiskLevel.CRISIS)
        return Chance(crisis, sum(q for q, _ in risky), max(risky, key=lambda pair: pair[0])[1].kind)


def labelled(names: Sequence[str]) -> tuple[Risk, ...]:
    """From "level:kind". Raises ValueError."""
    pairs = (name.split(":") for name in names)
    return tuple(Risk(RiskLevel(level), RiskKind(kind)) for level, kind in pairs)


@dataclass(frozen=True, eq=False)
class Part:
    """A sentence, or the whole message, as both readers see it.

    `found` is what the patterns say, `excuse` the kind of an idiom, denial or mention that they see in it.
    """

    tokens: Matrix
    found: Finding | None
    excuse: RiskKind | None

    @property
    def excused(self) -> bool:
        return self.excuse is not None or (self.found is not None and self.found.lowered)


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
        plain = [self.lexicon.normalise(part) for part in sentences(text)]
        findings = [self.lexicon.read(sentence) for sentence in plain]
        by_pattern = worst([finding.risk for finding in findings if finding])
        if by_pattern.level is RiskLevel.CRISIS or not any(plain):
            return by_pattern
        if self.head is None or encoding is None:
            unread = self.blind or self.head is not None
            return UNREADABLE if unread and by_pattern.level is RiskLevel.NONE else by_pattern
        return worst([_combined(part, self.head) for part in self._parts(text, encoding, plain, findings)])

    def parts(self, text: str, encoding: Encoding) -> list[Part]:
        """The sentences of the text, and when there are several the text as a whole."""
        plain = [self.lexicon.normalise(part) for part in sentences(text)]
        return self._parts(text, encoding, plain, [self.lexicon.read(sentence) for sentence in plain])

    def _parts(
        self, text: str, encoding: Encoding, plain: Sequence[str], findings: Sequence[Finding | None]
    ) -> list[Part]:
        rows = _rows(sentences(text), encoding)
        parts = [
            Part(encoding.tokens[a:b], finding, self.lexicon.excuse(sentence))
            for sentence, finding, (a, b) in zip(plain, findings, rows, strict=True)
        ]
        if len(parts) == 1:
            return parts
        excuses = [part.excuse or (part.found and part.found.risk.kind) for part in parts if part.excused]
        return [*parts, Part(encoding.tokens, None, excuses[0] if excuses else None)]


def _combined(part: Part, head: Head) -> Risk:
    found = part.found.risk if part.found else Risk()
    if len(part.tokens) < MIN_PIECES:
        return found
    chance = head.chance(part.tokens)
    if part.excused:
        if chance.crisis >= head.sure:
            return Risk(RiskLevel.CRISIS, chance.kind)
        return found if part.found else Risk(RiskLevel.NONE, part.excuse or RiskKind.NOTHING)
    if chance.crisis >= head.crisis:
        return Risk(RiskLevel.CRISIS, chance.kind)
    return worst([found, Risk(RiskLevel.CONCERN, chance.kind)]) if chance.either >= head.concern else found


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
