"""What the person names: company, role, person, relation, place, rounds, stage, counts, durations, dates, money.

A blank spaCy pipeline and its matchers over the lexicons of data/lexicons. Precision comes first: a wrong company in a
comforting sentence hurts.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from threading import Lock

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from comeback.nlu.employers import EmployerReader
from comeback.nlu.encoder import Encoding
from comeback.nlu.fact_evidence import Evidence
from comeback.nlu.fact_learned import LearnedFacts
from comeback.nlu.fact_line import Line, Span, longest
from comeback.nlu.fact_marks import FactMarks
from comeback.nlu.fact_patterns import Notation, Phrases
from comeback.nlu.fact_tagger import HEAD
from comeback.nlu.fact_words import FactWords
from comeback.nlu.own_name import own_name
from comeback.nlu.persons import PersonReader, cased
from comeback.nlu.roles import RoleReader
from comeback.vocabulary import Fact

logger = logging.getLogger(__name__)

LONG_TEXT = 6_000
PLAIN = (
    str.maketrans("’‘`´“”\t\r", "''''\"\"  ")
    | dict.fromkeys(range(0xD800, 0xE000), " ")
    | dict.fromkeys(range(0xD800, 0xE000), " ")
)
"""Signs with the same meaning, one for one, so that offsets hold."""
FIGURES = ("age", "count", "rounds", "stage", "money", "duration", "date")

COUNTED = re.compile(
    r"\d+(?:\W+(?:and|a|half|full|whole|more)\b)*\W*(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?|"
    r"rounds?|times?|interviews?|stages?|calls?)\b",
    re.IGNORECASE,
)
"""A number after a name that counts something and is no part of it ("Brightloom 2 weeks ago")."""


class FactReader:
    def __init__(self, nlp: Language, words: FactWords, head: Path | None = None) -> None:
        self._nlp, self._lock = nlp, Lock()
        self._employers = EmployerReader(nlp, words)
        self._roles = RoleReader(nlp, words)
        self._persons = PersonReader(nlp, words)
        self._marks = FactMarks(words)
        self._learned = LearnedFacts.load(head, words, self._marks.columns) if head else None
        facts = words.facts
        notation = Notation(facts["classes"], {"soft": facts["soft"]})
        self._figures = Phrases.build(nlp.vocab, notation, {label: facts[label] for label in FIGURES})
        self._places = PhraseMatcher(nlp.vocab, attr="LOWER")
        for kind in ("plain", "careful"):
            self._places.add(kind, [nlp.make_doc(name) for name in words.places[kind]])
        self._first_names = frozenset(words.people["first_names"]) - frozenset(words.people["careful_names"])
        self._before_place = frozenset(words.places["after"])

    @staticmethod
    def load(lexicons: Path, head: Path | None = HEAD) -> FactReader:
        """Read the lexicon files under `lexicons` and the trained head (None: rules alone).

        A head that does not fit is logged and left out. Raises OSError, yaml.YAMLError or KeyError when a lexicon is
        damaged.
        """
        return FactReader(spacy.blank("en"), FactWords.load(lexicons), head)

    def read(self, text: str, encoding: Encoding | None = None) -> tuple[Fact, ...]:
        """Facts in order of appearance; offsets are characters of `text`. Only the first LONG_TEXT are read.

        With the text's encoding the learned reader adds to the rules; without it they read alone.
        Never raises: what cannot be read names nothing. Keeps no word of the text.
        """
        try:
            with self._lock, self._nlp.memory_zone():
                return self._read(text, encoding)
        except Exception as error:
            logger.error("the facts could not be read: %s", type(error).__name__)
            return ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the marks that the learned reader sees."""
        return self._marks.columns

    def evidence(self, text: str, encoding: Encoding) -> Evidence:
        """What the learned reader is trained on. Raises ValueError for a text without tokens."""
        with self._lock, self._nlp.memory_zone():
            doc = self._doc(text)
            if not len(doc):
                raise ValueError("no tokens")
            line, found, known = self._by_rules(doc)
            return Evidence.of(text, line, found, known, encoding, self._marks)

    def _doc(self, text: str) -> Doc:
        return self._nlp.make_doc(text[:LONG_TEXT].translate(PLAIN))

    def _read(self, text: str, encoding: Encoding | None) -> tuple[Fact, ...]:
        doc = self._doc(text)
        if not len(doc):
            return ()
        line, found, known = self._by_rules(doc)
        if self._learned is not None and encoding is not None:
            found = self._learned.amended(Evidence.of(text, line, found, known, encoding, self._marks))
        facts = [self._fact(line, text, span) for span in found]
        own = own_name(text, self._first_names)
        if own is None:
            return tuple(facts)
        others = [f for f in facts if f.end <= own.start or f.start >= own.end]
        return tuple(sorted([*others, own], key=lambda fact: fact.start))

    def _by_rules(self, doc: Doc) -> tuple[Line, list[Span], list[Span]]:
        """The line, its facts, and every known employer's name whether an employer is meant or not."""
        line = Line.of(doc)
        known = self._employers.known(doc)
        found = self._take(line, self._roles.read(line, known))
        figures = [Span(label, start, end) for label, start, end in self._figures.find(doc)]
        found += [span for span in self._take(line, longest(figures)) if span.label != "age"]
        found += self._take(line, self._persons.relations(line))
        found += self._take(line, self._place_names(line))
        found += self._take(line, [s for s in self._persons.names(line) if not _within(s, known)])
        employers = self._employers.read(line, known)
        rest = [s for s in found if s.label == "role" or not _covered(s, employers)]
        return line, longest([*employers, *rest]), known

    def _take(self, line: Line, spans: list[Span]) -> list[Span]:
        kept = [span for span in spans if line.free(span.start, span.end)]
        for span in kept:
            line.take(span)
        return kept

    def _place_names(self, line: Line) -> list[Span]:
        spans = []
        for key, start, end in self._places(line.doc):
            pointed = line.word(start - 1) in self._before_place
            capital = line.titled(start)
            alone = line.breaks(start - 1) and line.breaks(end)
            careful = self._nlp.vocab.strings[key] == "careful"
            if (
                (pointed and capital)
                if careful
                else (pointed or alone or (capital and not line.opens(start)))
            ):
                spans.append(Span("place", start, end))
        return longest(spans)

    def _fact(self, line: Line, text: str, span: Span) -> Fact:
        counts = span.label == "company" and line.doc[span.end - 1].is_digit
        if counts and COUNTED.match(text, line.doc[span.end - 1].idx):
            span = Span(span.label, span.start, span.end - 1)
        tokens = line.doc[span.start : span.end]
        start, end = tokens.start_char, tokens.end_char
        value = span.value or self._written(line, span) or text[start:end]
        return Fact(span.label, value, start, end)

    def _written(self, line: Line, span: Span) -> str | None:
        if span.label == "company":
            return self._employers.written(line, span)
        return cased(line, span.start, span.end) if span.label == "person" else None


def _within(span: Span, others: list[Span]) -> bool:
    """Whether the span lies in a longer name: "stanley" in "morgan stanley"."""
    return any(o.start <= span.start and span.end <= o.end and o.end - o.start > 1 for o in others)


def _covered(span: Span, others: list[Span]) -> bool:
    return any(o.start < span.end and span.start < o.end for o in others)
