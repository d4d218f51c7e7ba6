"""The rules' facts, amended by the learned reader: it adds what they miss and drops what it does not believe."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from comeback.nlu.encoder import ADAPTER, sha256
from comeback.nlu.fact_evidence import Evidence
from comeback.nlu.fact_line import Span
from comeback.nlu.fact_tagger import LABELS, FactTagger, Matrix, TaggerUnfit, best_spans, sureness
from comeback.nlu.fact_words import FactWords

logger = logging.getLogger(__name__)


class Edges:
    """Where a name may begin and end, by the lexicon."""

    def __init__(self, words: FactWords) -> None:
        known = words.companies
        self._before, self._after = frozenset(known["before_names"]), frozenset(known["after_names"])
        self._growing = frozenset(known["strong_suffixes"]) | frozenset(known["growing"])
        self.platforms = frozenset(known["platforms"])
        self._generic = frozenset(known["generic"]) | frozenset(known["suffixes"])
        self.met = frozenset(words.roles["people"])
        """Those whom one meets on the way to a job: "recruiter"."""

    def trimmed(self, span: Span, words: Sequence[str], taken: set[int]) -> Span | None:
        """The employer's name without words that are no part of it and with the organisation words after it."""
        start, end = span.start, span.end
        while start < end and (words[start] in self._before or not words[start][0].isalnum()):
            start += 1
        while end > start and (words[end - 1] in self._after or not words[end - 1][-1].isalnum()):
            end -= 1
        while start < end < len(words) and words[end] in self._growing and end not in taken:
            end += 1
        unnamed = all(word in self._generic for word in words[start:end])
        return None if unnamed else Span(span.label, start, end)


class LearnedFacts:
    def __init__(self, tagger: FactTagger, edges: Edges) -> None:
        self.tagger, self._edges = tagger, edges

    @staticmethod
    def load(head: Path, words: FactWords, columns: Sequence[str]) -> LearnedFacts | None:
        """None, and one line in the log, when the head does not fit."""
        try:
            return LearnedFacts(FactTagger.load(head, sha256(ADAPTER), columns), Edges(words))
        except (TaggerUnfit, OSError) as error:
            logger.error("facts are read by rules alone: %s", type(error).__name__)
            return None

    def amended(self, evidence: Evidence) -> list[Span]:
        """All facts in order."""
        inputs = self.tagger.inputs(evidence.vectors, evidence.marks, evidence.words)
        return self.joined(evidence, self.tagger.chances(inputs))

    def joined(self, evidence: Evidence, chances: Matrix) -> list[Span]:
        """The rules' facts and those that `chances` (of tags, [tokens, tags]) speak for, without overlaps."""
        cuts = self.tagger.cuts
        found = [s for s in self._edged(evidence) if self._believed(s, evidence, chances)]
        for span in self._read(evidence, chances):
            rivals = [s for s in found if s.start < span.end and span.start < s.end]
            if span in rivals:
                continue
            same = [s for s in rivals if s.label == span.label]
            sure = sureness(chances, span)
            if sure < (cuts[span.label].replace if same else cuts[span.label].add):
                continue
            if any(_is_known(s, evidence) for s in rivals) or not _holds(span, same):
                continue
            if all(sure > _held(s, chances) for s in rivals if s not in same):
                found = [s for s in found if s not in rivals] + [span]
        return sorted(found, key=lambda s: s.start)

    def _believed(self, span: Span, evidence: Evidence, chances: Matrix) -> bool:
        """Known names and what is not learned stand as the rules read them."""
        if span.label not in LABELS or _is_known(span, evidence):
            return True
        return sureness(chances, span) >= self.tagger.cuts[span.label].veto

    def _edged(self, evidence: Evidence) -> list[Span]:
        """The rules' facts; their employers begin and end like the learned ones."""
        trimmed = (
            s
            if s.label != "company" or _is_known(s, evidence)
            else self._edges.trimmed(s, evidence.words, set())
            for s in evidence.found
        )
        return [s for s in trimmed if s is not None]

    def _read(self, evidence: Evidence, chances: Matrix) -> list[Span]:
        """What the tags say; a known name counts only where the rules hear an employer in it."""
        taken = {i for s in evidence.found if s.label != "company" for i in range(s.start, s.end)}
        spans = []
        for span in best_spans(chances):
            if span.label == "company":
                kept = self._edges.trimmed(span, evidence.words, taken)
                if kept and not self._unmeant(kept, evidence):
                    spans.append(kept)
            elif " ".join(evidence.words[span.start : span.end]) not in self._edges.met:
                spans.append(span)
        return spans

    def _unmeant(self, span: Span, evidence: Evidence) -> bool:
        refused = any(
            k.start <= span.start and span.end <= k.end and not _meets(k, evidence.found)
            for k in evidence.known
        )
        return refused or evidence.words[span.start] in self._edges.platforms


def _held(span: Span, chances: Matrix) -> float:
    """How firmly a fact of another label holds its place: dates and the like yield to what is read surely."""
    return sureness(chances, span) if span.label in LABELS else 0.6


def _is_known(span: Span, evidence: Evidence) -> bool:
    return span.label == "company" and any((k.start, k.end) == (span.start, span.end) for k in evidence.known)


def _holds(span: Span, others: Sequence[Span]) -> bool:
    """Whether the span is one of the rules' and more: theirs are rather too short than too long."""
    return len(others) < 2 and all(span.start <= s.start and s.end <= span.end for s in others)


def _meets(span: Span, found: Sequence[Span]) -> bool:
    return any(s.label == "company" and s.start < span.end and span.start < s.end for s in found)
