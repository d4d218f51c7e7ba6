"""The people in a message: names, and relations to the one who writes."""

from __future__ import annotations

from spacy.language import Language
from spacy.matcher import PhraseMatcher

from comeback.nlu.fact_line import Line, Span, longest
from comeback.nlu.fact_words import FactWords

MINE = {"my", "our", "me"}
ADJECTIVES = {
    "best",
    "old",
    "dear",
    "poor",
    "lovely",
    "little",
    "big",
    "older",
    "younger",
    "own",
    "late",
    "good",
    "close",
    "new",
    "ex",
    "former",
    "whole",
}
OWN = {
    ("i", "'m"),
    ("i", "am"),
    ("call", "me"),
    ("this", "is"),
    ("sign", "as"),
    ("sign", "it"),
    ("signed", "by"),
    ("regards", ","),
    ("love", ","),
}
MIN_SURNAME = 3
REACH = 8
"""Tokens between somebody and what they are called."""
CALLED = {"called", "named"}
SOMEBODY = {"lady", "guy", "man", "woman", "person", "bloke", "chap", "girl", "somebody", "someone"}


class PersonReader:
    def __init__(self, nlp: Language, words: FactWords) -> None:
        known = words.people
        self._careful = frozenset(known["careful_names"])
        self._first = frozenset(known["first_names"]) - self._careful
        self._suffixes = frozenset(words.companies["suffixes"])
        self._bodies = frozenset(words.jobs["words"]["bodies"])
        self._departments = frozenset(known["departments"])
        self._surnames = frozenset(known["surnames"])
        self._sets = {k: frozenset(known[k]) for k in ("titles", "points", "people", "between", "acts")}
        self._stops, self._english = words.stops, words.english
        self._relations = PhraseMatcher(nlp.vocab, attr="LOWER")
        for kind in ("relations", "mine"):
            self._relations.add(kind, [nlp.make_doc(name) for name in known[kind]])
        self._kin = frozenset(
            name.lower().split()[-1] for kind in ("relations", "mine") for name in known[kind]
        )
        self._vocab = nlp.vocab

    def relations(self, line: Line) -> list[Span]:
        """ "mum" anywhere, "partner" only after "my" and the like; "my dads face" names a dad, whatever is missing."""
        spans = []
        for key, start, end in self._relations(line.doc):
            if line.word(end) in self._suffixes:
                continue
            mine = start
            while line.word(mine - 1) in ADJECTIVES and start - mine < 2:
                mine -= 1
            if self._vocab.strings[key] == "relations" or line.word(mine - 1) in MINE:
                own = mine if line.word(mine - 1) in MINE and line.word(mine) == "best" else start
                spans.append(Span("relation", own, end))
        for i in range(1, len(line)):
            one = line.word(i).removesuffix("s")
            if line.word(i - 1) in MINE and one in self._kin and line.word(i) not in self._kin:
                spans.append(Span("relation", i, i + 1, one))
        return longest(spans)

    def names(self, line: Line) -> list[Span]:
        spans, i = [], 0
        while i < len(line):
            span = self._name(line, i)
            if span:
                spans.append(span)
            i = span.end if span else i + 1
        return spans

    def _name(self, line: Line, i: int) -> Span | None:
        word = line.word(i)
        if line.taken[i] or not word[0].isalpha():
            return None
        if word.rstrip(".") in self._sets["titles"]:
            return self._after_title(line, i)
        if self._of_self(line, i):
            return None
        if not (self._is_first(line, i) or self._introduced(line, i)):
            return None
        end = i + 1
        while end < len(line) and end - i < 3 and self._is_surname(line, i, end):
            end += 1
        if (
            word in self._careful
            and end == i + 1
            and not self._introduced(line, i)
            and not self._pointed(line, i)
        ):
            return None
        return Span("person", i, end, cased(line, i, end))

    def _after_title(self, line: Line, i: int) -> Span | None:
        start = i + 2 if line.word(i + 1) == "." else i + 1
        if not line.is_word(start) or line.taken[start] or line.word(start) in self._stops:
            return None
        if (
            not line.titled(start)
            and line.word(start) in self._english
            and line.word(start) not in self._first | self._careful
        ):
            return None
        formal = line.word(i).rstrip(".") in {"doctor", "sir", "madam", "miss", "professor"}
        if formal and not line.titled(start) and line.word(start) not in self._first:
            return None
        end = start + 1
        while end < len(line) and end - start < 3 and self._is_surname(line, start, end):
            end += 1
        return Span("person", i, end, cased(line, i, end))

    def _is_first(self, line: Line, i: int) -> bool:
        """A first name that is one here: in title case, or pointed at, or acting."""
        word = line.word(i)
        if line.word(i + 1) == "from" and line.word(i + 2) in self._departments and self._pointed(line, i):
            return (
                word.isalpha()
                and word not in self._stops
                and (word not in self._english or word in self._first)
            )
        if word in self._first:
            capital = line.titled(i) and not (
                line.word(i - 1) in {"from", "in"} and line.word(i) in self._english
            )
            return capital or self._pointed(line, i) or self._acting(line, i)
        if word in self._careful and line.titled(i) and not line.opens(i):
            return self._pointed(line, i) or (line.titled(i + 1) and line.word(i + 1) not in self._english)
        return False

    def _pointed(self, line: Line, i: int) -> bool:
        prior = line.word(i - 1)
        return prior in self._sets["points"] or (i == 0 and line.word(1) in {",", ""})

    def _acting(self, line: Line, i: int) -> bool:
        after = line.word(i + 1)
        if after in self._sets["acts"]:
            return True
        return after not in self._english and line.word(i + 2) in self._sets["acts"] and after.isalpha()

    def _introduced(self, line: Line, i: int) -> bool:
        """ "the hiring manager, tom", "her name is priya", "a recruiter called zhang"."""
        word = line.word(i)
        if word in self._stops or not word.isalpha() or len(word) < 2:
            return False
        k = i - 1
        while k >= 0 and i - k <= 3 and line.word(k) in self._sets["between"]:
            k -= 1
        by_noun = line.word(k) in self._sets["people"] or line.word(i - 2) == "name"
        called = line.word(i - 1) in CALLED and line.word(i - 2) not in self._bodies
        somebody = called and line.before(i, self._sets["people"] | SOMEBODY, REACH)
        if line.titled(i) and line.word(i - 1) in self._kin and line.before(i, MINE, 4):
            return True
        if not (by_noun or somebody):
            return False
        if word in self._first:
            return True
        if word in self._careful:
            return line.titled(i) or called or (k < i - 1 and line.breaks(i + 1))
        if word in self._english:
            return somebody and line.titled(i)
        return line.titled(i) or (called and line.word(k) in self._sets["people"])

    def _is_surname(self, line: Line, first: int, i: int) -> bool:
        word = line.word(i)
        if line.taken[i] or word in self._stops or not line.is_word(i) or word in self._sets["acts"]:
            return False
        if line.titled(first):
            return line.titled(i)
        odd = word.isalpha() and len(word) >= MIN_SURNAME and word not in self._english
        return odd or word in self._surnames

    def _of_self(self, line: Line, i: int) -> bool:
        """ "i'm aisha", "my name is tom", "call me jo": the writer, and nobody to write to."""
        third, second, prior = (line.word(i - n) for n in (3, 2, 1))
        return (
            (second, prior) in OWN
            or prior in {"im", "i'm"}
            or (second == "my" and prior in {"name", "names"})
            or (third == "my" and second in {"name", "names"})
        )


def cased(line: Line, start: int, end: int) -> str:
    text = line.doc[start:end].text
    return text if any(c.isupper() for c in text) and not text.isupper() else text.title()
