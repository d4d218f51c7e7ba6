"""The employer in a message: a known name where it is meant as one, or an unknown name that a word points at."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from comeback.nlu.employer_answers import answered
from comeback.nlu.employer_names import NameRuns
from comeback.nlu.employer_sense import EmployerSense
from comeback.nlu.fact_line import Line, Span, longest
from comeback.nlu.fact_patterns import Notation, Phrases
from comeback.nlu.fact_words import FactWords

WRITES = frozenset(
    "sent wrote called rang said told phoned emailed mailed replied answered who rejected interviewed".split()
)
"""What people of an employer do in this matter."""
SHORT = 32
"""Tokens of a message in which "<role> at ..." may be followed by a name of plain words."""


class EmployerReader:
    def __init__(self, nlp: Language, words: FactWords) -> None:
        self._levels, self._casing = words.levels, words.casing
        self._small = {name: frozenset(small) for name, small in words.jobs["words"].items()}
        self._compounds = frozenset(words.jobs["compounds"])
        self._names = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._names.add("company", [nlp.make_doc(name) for name in self._levels])
        self._acts = Phrases.build(
            nlp.vocab, Notation({}, {}), {k: words.jobs[k] for k in ("acts", "known_acts")}
        )
        self._sense, self._runs = EmployerSense(words), NameRuns(words)

    def known(self, doc: Doc) -> list[Span]:
        """Every name that the lexicon holds, whether an employer is meant or not."""
        return longest(Span("company", start, end) for _, start, end in self._names(doc))

    def read(self, line: Line, known: list[Span]) -> list[Span]:
        """The employers, given the known names and with all other facts taken."""
        starts = {span.start: span for span in known if line.free(span.start, span.end)}
        done = list(self._acts.find(line.doc))
        acts = {start for label, start, _ in done if label == "acts"}
        line.acts.update(acts)
        found: list[Span] = []
        for span in starts.values():
            if self._sense.means_employer(line, span, {start for _, start, _ in done}, found):
                found.append(span)
        found += self._pointed(line, starts)
        found += self._of_persons(line, starts)
        found += self._acting(line, acts, starts)
        found += answered(line, starts, self._levels, self._runs)
        found += self._compound(line)
        return longest(self._runs.grown(line, s) for s in found)

    def written(self, line: Line, span: Span) -> str:
        """An employer's name as it is written."""
        known = self._casing.get(line.doc[span.start : span.end].text.lower())
        return known or self._runs.words.cased(line, span)

    def _of_persons(self, line: Line, known: dict[int, Span]) -> Iterator[Span]:
        """ "Hannah from Loomwell wrote": whoever acts in this matter comes from the employer."""
        for i, word in enumerate(line.words[:-1]):
            if word != "from" or i == 0 or line.taken[i - 1] != "person" or not line.titled(i + 1):
                continue
            span = known.get(i + 1) or self._runs.after(line, i + 1, known, False)
            if span and line.word(span.end) in WRITES:
                yield span

    def _pointed(self, line: Line, known: dict[int, Span]) -> Iterator[Span]:
        """ "rejected from brightpath", "barista at blue lantern", "a startup called loomly", "company: acme"."""
        small = self._small
        for i, word in enumerate(line.words):
            start, plain = i + 1, False
            if self._sense.is_pointer(word) and self._sense.is_pointed(line, start):
                plain = line.taken[i - 1] == "role" and word in {"at", "@"} and len(line) <= SHORT
            elif word in small["called"] and (
                line.word(i - 1) in small["bodies"]
                or (line.word(i - 2) in small["bodies"] and line.word(i - 1) in small["is"])
            ):
                plain = True
            elif word in small["employer"] and line.word(i + 1) in small["is"] - {"'s"}:
                start, plain = i + 2, line.word(i + 1) in {":", "="}
                if line.word(start) in small["called"]:
                    continue
            else:
                continue
            span = self._runs.after(line, start, known, plain)
            if span:
                yield span

    def _acting(self, line: Line, acts: set[int], known: dict[int, Span]) -> Iterator[Span]:
        """ "klarna ghosted me"."""
        for start in acts:
            end = start
            while end > 0 and line.word(end - 1) in self._small["soft"]:
                end -= 1
            span = self._runs.before(line, end, known)
            if span:
                yield span

    def _compound(self, line: Line) -> Iterator[Span]:
        """ "my Klarna interview": an unknown name in title case before a word for a job."""
        for i, word in enumerate(line.words):
            if word in self._compounds and line.titled(i - 1):
                span = self._runs.titled_before(line, i)
                if span and line.word(span.start - 1) in self._small["articles"] | {"for", "from", "about"}:
                    yield span
