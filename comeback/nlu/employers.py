"""The employer in a message: a known name where it is meant as one, or an unknown name that a word points at."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from comeback.nlu.employer_names import NameRuns
from comeback.nlu.fact_line import Line, Span, longest
from comeback.nlu.fact_patterns import Notation, Phrases
from comeback.nlu.fact_words import FactWords

REACH = 9
"""Tokens of a clause between a word such as "rejected" and the "from" that belongs to it."""
SHORT = 16
"""Tokens of a message that may be a bare answer: "<company>, <role>"."""
SEPARATORS = {",", "-", "–", "—", "/", "|", ";", "\n", ".", ":"}
ARTICLES = {"the", "my", "that", "this", "a", "an", "our", "another"}
LISTS = {",", "and", "&", "or", "/", "then", "nor"}
CALLED = {"startup", "business", "charity", "hospital", "school", "agency", "shop", "store", "company", "firm", "place", "clinic"}
SAID_OF = {"company", "employer", "organisation", "organization", "firm", "place"}
SELF = {"i", "i'm", "im", "ive", "i've", "me", "we", "rejected", "interview", "interviewed", "applied", "offer", "no", "rejection"}
WORKS = {"works", "is", "'s", "got", "joined", "started", "worked", "s"}
IS = {"is", "was", "'s", ":", "="}
SHORT_NAME = 4
AFTERWARDS = {"again", "after", "and", "but", "today", "yesterday", "for", "as", "in", "on", "so", "because", "then", "too", "lol", "this", "last"}
SOFT = {"just", "finally", "also", "already", "then", "even", "have", "has", "had", "both", "all", "never", "still"}


class EmployerReader:
    def __init__(self, nlp: Language, words: FactWords) -> None:
        known, jobs = words.companies, words.jobs
        self._levels, self._casing = words.levels, words.casing
        self._names = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._names.add("company", [nlp.make_doc(name) for name in self._levels])
        self._points = {prep: frozenset(cues) for prep, cues in jobs["points"].items()}
        self._takes, self._nouns = frozenset(jobs["takes"]), frozenset(jobs["nouns"])
        self._cues = frozenset(jobs["cues"])
        self._others = frozenset(jobs["others"])
        self._things, self._doing = frozenset(known["things"]), frozenset(known["doing"])
        self._stops = words.stops
        self._acts = Phrases.build(nlp.vocab, Notation({}, {}), {"act": jobs["acts"]})
        self._runs = NameRuns(words)

    def known(self, doc: Doc) -> list[Span]:
        """Every name that the lexicon holds, whether an employer is meant or not."""
        return longest(Span("company", start, end) for _, start, end in self._names(doc))

    def read(self, line: Line, known: list[Span]) -> list[Span]:
        starts = {s.start: s for s in known if line.free(s.start, s.end)}
        acts = {start for _, start, _ in self._acts.find(line.doc)}
        cued = not self._cues.isdisjoint(line.words)
        found: list[Span] = []
        for span in starts.values():
            if self._means_employer(line, span, acts, cued, found):
                found.append(span)
        found += self._pointed(line, starts)
        found += self._acting(line, acts, starts)
        found += self._answered(line, starts)
        found += self._compound(line, starts)
        return [self._valued(line, s) for s in longest(self._runs.grown(line, s) for s in found)]

    def _means_employer(self, line: Line, span: Span, acts: set[int], cued: bool, found: list[Span]) -> bool:
        level = self._levels[line.doc[span.start : span.end].text.lower()]
        after, prior = line.word(span.end), line.word(span.start - 1)
        acting = self._acts_at(line, span.end, acts)
        pointed = self._is_pointed(line, span.start)
        listed = prior in LISTS and any(s.end == span.start - 1 for s in found)
        compound = after in self._nouns or (span.end < len(line) and line.taken[span.end] == "role")
        if after in self._things and not acting and not compound:
            return False
        if self._is_answer(line, span):
            return True
        if (pointed or listed) and not (self._is_plain_word(line, span) and not self._ends_here(line, span.end)):
            return True
        if level == "ambiguous":
            plain = prior not in ARTICLES and prior not in self._doing
            opens = line.breaks(span.start - 1) or prior in {"and", "but", "so", "then", "that", "because", "cos", "when"}
            if self._is_plain_word(line, span) and not acting:
                return False
            return (acting and plain and (opens or line.titled(span.start) or prior in self._runs.openings)) or (
                compound and cued and (prior in ARTICLES - {"a", "an"} or line.titled(span.start) and not line.opens(span.start))
                and after not in {"one", "people", "phone", "no", "round", "rounds", "final", "team", "post"}
            )
        if acting or compound:
            return prior not in self._doing or prior in {"a", "my", "an"}
        if prior in self._doing:
            return False
        if level == "household" or self._is_short(line, span):
            beside = line.breaks(span.end) or line.taken[span.end] == "role"
            answers = line.breaks(span.start - 1) or (prior == "at" and line.taken[span.start - 2] == "duration")
            sought = prior == "for" and line.titled(span.start)
            return cued and (sought or beside and answers)
        return not self._of_another(line, span.start)

    def _is_answer(self, line: Line, span: Span) -> bool:
        """ "it was stripe", "the company is Stripe", "i meant figma"."""
        if self._is_plain_word(line, span) or not line.breaks(span.end) and line.word(span.end) not in {"and", "not"}:
            return False
        prior, second = line.word(span.start - 1), line.word(span.start - 2)
        if prior in SAID_OF or (second in SAID_OF and prior in IS) or line.word(span.start - 3) in SAID_OF and prior in {"called", "named"}:
            return True
        short = len(line) <= SHORT and span.start <= 3
        return short and (prior in {"its", "meant", "said"} or (second in {"it", "that", "this", "i"} and prior in IS | {"meant", "said"}))

    def _is_short(self, line: Line, span: Span) -> bool:
        """A few letters typed small, that may be a word of another language or another abbreviation."""
        text = line.doc[span.start : span.end].text
        return len(text) <= SHORT_NAME and text.islower()

    def _is_plain_word(self, line: Line, span: Span) -> bool:
        """A name that is also one of the commonest words: "next", "three"."""
        return span.end - span.start == 1 and line.words[span.start] in self._stops and not line.titled(span.start)

    def _ends_here(self, line: Line, i: int) -> bool:
        return line.breaks(i) or line.word(i) in AFTERWARDS or line.taken[i] in {"date", "duration", "rounds"}

    def _is_pointed(self, line: Line, i: int) -> bool:
        """Whether the words before i point at an employer."""
        k = i - 1
        while line.word(k) in {"the", "big", "fucking", "bloody", "freaking"}:
            k -= 1
        prep = line.word(k)
        if prep in self._takes:
            return k + 1 == i
        if prep in {"/", "("}:
            return False
        if prep not in self._points:
            return False
        if self._of_another(line, k):
            return False
        if prep in {"at", "@", "with", "for"} and k > 0 and line.taken[k - 1] == "role":
            return True
        return line.before(k, self._points[prep], REACH)

    def _of_another(self, line: Line, i: int) -> bool:
        """Whether somebody else is who works there: "my ex works at google now"."""
        for k in range(i - 1, max(-1, i - 1 - REACH), -1):
            if line.words[k] in SELF or line.words[k] in ".!?;":
                return False
            if line.words[k] in self._others:
                return True
            if line.words[k] in {"he", "she"}:
                return line.word(k + 1) in WORKS
        return False

    def _acts_at(self, line: Line, end: int, acts: set[int]) -> bool:
        while line.word(end) in SOFT and end not in acts:
            end += 1
        return end in acts

    def _pointed(self, line: Line, known: dict[int, Span]) -> Iterator[Span]:
        for i, word in enumerate(line.words):
            if (word in self._points or word in self._takes) and self._is_pointed(line, i + 1):
                whole = line.taken[i - 1] == "role" and word in {"at", "@"} and len(line) <= 2 * SHORT
                span = self._runs.after(line, i + 1, known, whole)
                if span:
                    yield span
            elif word in {"called", "named"} and (line.word(i - 1) in CALLED or line.word(i - 2) in CALLED and line.word(i - 1) in IS):
                span = self._runs.after(line, i + 1, known, True)
                if span:
                    yield span
            elif word in SAID_OF and line.word(i + 1) in IS:
                span = self._runs.after(line, i + 2, known, line.word(i + 1) in {":", "="})
                if span:
                    yield span

    def _acting(self, line: Line, acts: set[int], known: dict[int, Span]) -> Iterator[Span]:
        for start in acts:
            end = start
            while end > 0 and line.word(end - 1) in SOFT:
                end -= 1
            span = self._runs.before(line, end, known)
            if span:
                yield span

    def _answered(self, line: Line, known: dict[int, Span]) -> Iterator[Span]:
        """The company in an answer to "which company and which role?"."""
        if not 0 < len(line) <= SHORT:
            return
        if 0 in known and known[0].end == len(line):
            level = self._levels[line.doc.text.strip().lower()] if line.doc.text.strip().lower() in self._levels else ""
            if level in {"plain", "household"} or (line.typed[0][0].isupper() and level):
                yield known[0]
            return
        cuts = [i for i, word in enumerate(line.words) if word in SEPARATORS]
        bounds = list(zip([-1, *cuts], [*cuts, len(line)], strict=True))
        for number, (left, right) in enumerate(bounds[:3]):
            start, end = left + 1, right
            beside = [b for b in (number - 1, number + 1) if 0 <= b < len(bounds)]
            if end > start and any(self._role_part(line, bounds[b]) for b in beside):
                span = self._runs.whole(line, start, end, known)
                if span:
                    yield span

    def _role_part(self, line: Line, bounds: tuple[int, int]) -> bool:
        """Whether the part is a role, an article aside."""
        start, end = bounds[0] + 1, bounds[1]
        skipped = {"the", "a", "an", "role", ":"} | ({"for", "as"} if line.word(bounds[0]) == "," else set())
        while start < end and line.word(start) in skipped:
            start += 1
        while end > start and line.word(end - 1) in {"role", "job", "position", "post"}:
            end -= 1
        return start < end and all(label == "role" for label in line.taken[start:end])

    def _compound(self, line: Line, known: dict[int, Span]) -> Iterator[Span]:
        """ "my Klarna interview": an unknown name in title case before a word for a job."""
        for i, word in enumerate(line.words):
            if word in self._nouns and i > 1 and line.word(i - 1) not in self._english_or_stop(line, i - 1):
                span = self._runs.titled_before(line, i)
                if span and line.word(span.start - 1) in ARTICLES | {"for", "from", "about"}:
                    yield span

    def _english_or_stop(self, line: Line, i: int) -> set[str]:
        return set() if line.titled(i) and not line.opens(i) else {line.word(i)}

    def _valued(self, line: Line, span: Span) -> Span:
        text = line.doc[span.start : span.end].text
        known = self._casing.get(text.lower())
        if known:
            return Span("company", span.start, span.end, known)
        return Span("company", span.start, span.end, self._runs.cased(line, span))
