"""The risk reader: patterns in their context and a learned head; either can raise, only context can lower."""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from comeback.nlu.attention import Attention
from comeback.nlu.context import Finding, Lexicon, sentences, worst
from comeback.nlu.encoder import Encoding, spelled
from comeback.nlu.neighbours import Neighbours
from comeback.nlu.ngrams import Ngrams
from comeback.vocabulary import Risk, RiskKind, RiskLevel

logger = logging.getLogger(__name__)

MIN_PIECES = 4
"""A shorter sentence is not read by the head on its own, only within the whole message."""
APART = frozenset({RiskKind.THIRD_PARTY, RiskKind.MEDICAL, RiskKind.HARM_TO_OTHERS, RiskKind.MEANS})
"""Kinds with an answer of their own: the head names one only when it stands out, else the person is asked about."""
CLEAR = 0.6
SENTENCE_LESS = 0.4
"""So much less counts a sentence of several than the whole message: read alone, it is taken for more than it says."""
UNREADABLE = Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE)

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Chance:
    """How much speaks for a crisis, and for a concern or a crisis (scores, or probabilities without votes); the kind."""

    crisis: float
    either: float
    kind: RiskKind

    def less(self, by: float) -> Chance:
        return Chance(self.crisis - by, self.either - by, self.kind)


@dataclass(frozen=True, eq=False)
class Votes:
    """Four readings of a crisis, and of a crisis or a concern, brought to one scale and added up.

    Columns are [crisis, either]: `linear` [2, 384] reads the mean vector, `words` [2, COLUMNS] the n-grams, `near` the
    lines that are near in meaning; `centre` and `spread` [4, 2] scale the logits of attention, mean, words and near.
    """

    linear: Matrix
    words: Matrix
    bias: Matrix
    """[2, 2]: of the mean vector and of the words."""
    ngrams: Ngrams
    near: Neighbours
    centre: Matrix
    spread: Matrix

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> Votes:
        """From arrays named "votes..." and "near...". Raises KeyError."""
        # In this order the columns of a message lie together.
        votes = {n: a.astype(np.float32, order="F") for n, a in _under("votes.", arrays).items()}
        ngrams = Ngrams(votes.pop("idf"))
        return Votes(**votes, ngrams=ngrams, near=Neighbours.of(_under("near.", arrays)))

    def logits(self, means: Matrix, texts: Sequence[str]) -> Matrix:
        """[p, 3, 2]: of the mean vectors [p, 384], of the words and of the lines near them, before scaling."""
        rows = [self.ngrams.row(text) for text in texts]
        words = np.stack([self.words[:, columns] @ weights for columns, weights in rows])
        return np.stack(
            [means @ self.linear.T + self.bias[0], words + self.bias[1], self.near.logits(means)], axis=1
        )

    def together(self, attention: Matrix, others: Matrix) -> Matrix:
        """[p, 2]: the mean of the scaled logits, those of attention [p, 2] and the others [p, 3, 2]."""
        scaled: Matrix = (np.concatenate([attention[:, None], others], axis=1) - self.centre) / self.spread
        return scaled.mean(axis=1)


@dataclass(frozen=True, eq=False)
class Head:
    """The learned reader: a softmax over labels of level and kind, and beside it two linear votes."""

    labels: tuple[Risk, ...]
    attention: Attention
    votes: Votes | None
    crisis: float
    concern: float
    sure: float
    """Scores from which the head alone says crisis; concern; crisis although the words are excused."""

    @staticmethod
    def load(path: Path) -> Head:
        """Raises OSError, safetensors.SafetensorError, KeyError, ValueError when the file is not a head."""
        with safe_open(str(path), framework="numpy") as file:  # type: ignore[attr-defined, no-untyped-call, unused-ignore]
            about = file.metadata()
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        cuts = (float(about[name]) for name in ("crisis", "concern", "sure"))
        own = {n: a for n, a in arrays.items() if "." not in n}
        return Head(
            labelled(json.loads(about["labels"])),
            Attention.of(own),
            Votes.of(arrays) if "votes.idf" in arrays else None,
            *cuts,
        )

    def chances(self, parts: Sequence[Part]) -> list[Chance]:
        """For each part, of at least one token. Raises ValueError when its tokens hold no number."""
        alone = [self.chance(part.tokens) for part in parts]
        if self.votes is None or not parts:
            return alone
        said = logit(np.array([[chance.crisis, chance.either] for chance in alone]))
        others = self.votes.logits(np.stack([part.mean for part in parts]), [part.text for part in parts])
        scores = self.votes.together(said, others)
        return [
            Chance(float(crisis), float(either), chance.kind)
            for (crisis, either), chance in zip(scores, alone, strict=True)
        ]

    def chance(self, tokens: Matrix) -> Chance:
        """The probabilities without votes, for token vectors [n, 384]. Raises ValueError."""
        logits = self.attention.logits(tokens).astype(np.float64)
        p = np.exp(logits - logits.max())
        p /= p.sum()
        if not np.isfinite(p).all():
            raise ValueError("the risk head gives no probability")
        likely = [(float(q), risk) for q, risk in zip(p, self.labels, strict=True)]
        risky = [(q, risk) for q, risk in likely if risk.level is not RiskLevel.NONE]
        crisis = sum(q for q, risk in risky if risk.level is RiskLevel.CRISIS)
        either = sum(q for q, _ in risky)
        weight, first = max(risky, key=lambda pair: pair[0])
        kind = RiskKind.PASSIVE if first.kind in APART and weight < CLEAR * either else first.kind
        return Chance(crisis, either, kind)


def _under(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}


def logit(p: Matrix) -> Matrix:
    """log(p / (1 - p)), kept finite."""
    odds: Matrix = np.log(p + 1e-9) - np.log(1 - p + 1e-9)
    return odds


def labelled(names: Sequence[str]) -> tuple[Risk, ...]:
    """From "level:kind". Raises ValueError."""
    pairs = (name.split(":") for name in names)
    return tuple(Risk(RiskLevel(level), RiskKind(kind)) for level, kind in pairs)


@dataclass(frozen=True, eq=False)
class Part:
    """A sentence, or the whole message, as both readers see it.

    `found` is what the patterns say, `excuse` the kind of an idiom, denial or mention that they see in it.
    """

    text: str
    tokens: Matrix
    found: Finding | None
    excuse: RiskKind | None
    whole: bool = True

    @property
    def mean(self) -> Matrix:
        """The mean of its tokens at unit length, float32 [384]."""
        mean = self.tokens.mean(axis=0)
        unit: Matrix = mean / np.linalg.norm(mean)
        return unit

    @property
    def less(self) -> float:
        return 0.0 if self.whole else SENTENCE_LESS

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
        parts = self._parts(text, encoding, plain, findings)
        told = [part for part in parts if len(part.tokens) >= MIN_PIECES]
        read = [
            _combined(part, chance, self.head)
            for part, chance in zip(told, self.head.chances(told), strict=True)
        ]
        return worst([*read, *(part.found.risk for part in parts if part.found and part not in told)])

    def parts(self, text: str, encoding: Encoding) -> list[Part]:
        """The sentences of the text, and when there are several the text as a whole."""
        plain = [self.lexicon.normalise(part) for part in sentences(text)]
        return self._parts(text, encoding, plain, [self.lexicon.read(sentence) for sentence in plain])

    def _parts(
        self, text: str, encoding: Encoding, plain: Sequence[str], findings: Sequence[Finding | None]
    ) -> list[Part]:
        said = sentences(text)
        parts = [
            Part(one, encoding.tokens[a:b], finding, self.lexicon.excuse(sentence), len(said) == 1)
            for one, sentence, finding, (a, b) in zip(
                said, plain, findings, _rows(said, encoding), strict=True
            )
        ]
        if len(parts) == 1:
            return parts
        excuses = [
            part.excuse or (part.found.risk.kind if part.found else None) for part in parts if part.excused
        ]
        return [*parts, Part(text, encoding.tokens, None, excuses[0] if excuses else None)]


def _combined(part: Part, chance: Chance, head: Head) -> Risk:
    found = part.found.risk if part.found else Risk()
    chance = chance.less(part.less)
    unsure = part.excused or chance.crisis < head.sure
    if part.excused:
        if chance.crisis >= head.sure:
            return Risk(RiskLevel.CRISIS, chance.kind, unsure)
        return found if part.found else Risk(RiskLevel.NONE, part.excuse or RiskKind.NOTHING)
    named = found == Risk(RiskLevel.CONCERN, RiskKind.IDEATION)
    # A pattern of concern about ideation is believed sooner.
    if chance.crisis >= (min(head.concern, head.crisis) if named else head.crisis):
        return Risk(RiskLevel.CRISIS, chance.kind, unsure)
    guessed = Risk(RiskLevel.CONCERN, chance.kind, unsure=True)
    return worst([found, guessed]) if chance.either >= head.concern else found


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
