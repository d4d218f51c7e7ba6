"""How far the name of an employer that no list knows reaches in a message, and how it is written."""

from __future__ import annotations

from comeback.nlu.fact_line import Line, Span
from comeback.nlu.fact_words import FactWords

MAX_NAME = 6
MIN_NAME = 3
SMALL = {"of", "and", "the", "for", "de", "la", "du", "et", "&", "'s", "’s", "in", "und"}
INITIALS = {"llc", "llp", "plc", "ag", "ai", "nhs", "uk", "usa", "it", "hr", "gmbh"}
FORMS = {"gmbh": "GmbH"}
OWNERS = {"my", "a", "an", "his", "her", "their", "our", "your", "some", "every", "each", "any", "no", "another", "one", "the", "this", "that"}
OPENINGS = frozenset({"and", "but", "so", "then", "that", "because", "cos", "when", "after", "now", "today", "yesterday", "plus", "also", "well", "ok", "lol", "guess", "since", "if", "think", "hope", "or", "again", "first"})


class NameRuns:
    def __init__(self, words: FactWords) -> None:
        known = words.companies
        self._english, self._stops = words.english, words.stops
        self._suffixes, self._strong = frozenset(known["suffixes"]), frozenset(known["strong_suffixes"])
        self._ambiguous = frozenset(name for name, level in words.levels.items() if level == "ambiguous")
        self._generic = frozenset(known["generic"])
        self._openers = frozenset(known["openers"])
        names = words.people
        self._first = frozenset(names["first_names"]) | frozenset(names["careful_names"])
        self._places = frozenset(words.places["plain"]) | frozenset(words.places["careful"])
        self.openings = OPENINGS

    def after(self, line: Line, i: int, known: dict[int, Span], whole: bool) -> Span | None:
        """The name that begins at i; with `whole` plain words will do when they fill their part of the message."""
        definite = line.word(i) == "the"
        if definite:
            i += 1
        if i >= len(line) or not line.is_word(i) or line.taken[i]:
            return None
        if i in known:
            return None
        return (
            self._opened(line, i)
            or self._suffixed(line, i, definite)
            or self._titled(line, i)
            or (None if definite else self._lower(line, i))
            or (self._filling(line, i) if whole and not definite else None)
        )

    def before(self, line: Line, end: int, known: dict[int, Span]) -> Span | None:
        """The name that ends before `end`, where it does something."""
        for start in range(max(0, end - MAX_NAME), end):
            if not all(self._may_be_named(line, k) for k in range(start, end)):
                continue
            prior = line.word(start - 1)
            if start in known or (prior in OWNERS and prior != "the"):
                continue
            opened = line.breaks(start - 1) or prior in OPENINGS or prior == "the"
            span = self._opened(line, start) or self._suffixed(line, start, prior == "the")
            if span and span.end == end and opened:
                return span
            if prior == "the":
                continue
            if all(line.titled(k) for k in range(start, end)) and self._is_title_name(line, start, end):
                return Span("company", start, end)
            named = all(self._is_odd(line, k) and len(line.word(k)) > MIN_NAME for k in range(start, end))
            if named and end - start <= 2 and line.word(start) not in self._first and opened:
                return Span("company", start, end)
        return None

    def whole(self, line: Line, start: int, end: int, known: dict[int, Span]) -> Span | None:
        """The part from start to end, when it can be a name as a whole or begins with one and a date follows."""
        if line.word(start) in {"the", "at", "company", "for", "with"}:
            start += 1
            if line.word(start) in {"the", "is", "was", ":"}:
                start += 1
        if start >= end:
            return None
        if start in known:
            sure = line.doc[start : known[start].end].text.lower() not in self._ambiguous
            return known[start] if sure or known[start].end == end or line.taken[known[start].end] else None
        stop = start
        while stop < end and self._may_be_named(line, stop):
            stop += 1
        if stop == start or stop - start > 5 or (stop < end and not line.taken[stop]):
            return None
        words = line.words[start:stop]
        if words[0] in self._suffixes or words[-1] in SMALL:
            return None
        if len(words) == 1 and (words[0] in self._english or words[0] in self._first or words[0] in self._places):
            return Span("company", start, stop) if line.titled(start) and not words[0].endswith("ly") and words[0] not in self._first | self._places else None
        if all(word in self._generic or word in self._suffixes for word in words):
            return None
        if words[0] in self._first and len(words) == 2 and words[1] not in self._suffixes:
            return None
        return Span("company", start, stop)

    def titled_before(self, line: Line, end: int) -> Span | None:
        """The words in title case that end before `end`."""
        start = end
        while start > 0 and end - start < MAX_NAME and line.titled(start - 1) and self._may_be_named(line, start - 1):
            start -= 1
        if start == end or line.opens(start) or not self._is_title_name(line, start, end):
            return None
        return Span("company", start, end)

    def grown(self, line: Line, span: Span) -> Span:
        """With the organisation words that follow in the name: "Siemens" -> "Siemens Energy AG"."""
        end, titled = span.end, line.titled(span.start)
        while end < len(line) and not line.taken[end] and line.titled(end) == titled:
            named = titled and self._may_be_named(line, end) and line.word(end) not in self._first and not line.opens(end)
            if not named and line.word(end) not in self._strong:
                break
            end += 1
        return Span("company", span.start, end)

    def cased(self, line: Line, span: Span) -> str:
        """As the person wrote it, in title case when it was typed without any or all in capitals."""
        text = line.doc[span.start : span.end].text
        if not text.islower() and not (text.isupper() and not line.cased):
            return text
        parts = text.lower().split(" ")
        return " ".join(self._part(part, i == 0) for i, part in enumerate(parts))

    def _part(self, part: str, first: bool) -> str:
        if part in SMALL and not first:
            return part
        if part in FORMS:
            return FORMS[part]
        return part.upper() if part in INITIALS else part[:1].upper() + part[1:]

    def _may_be_named(self, line: Line, k: int) -> bool:
        word = line.word(k)
        if line.taken[k]:
            return line.taken[k] == "place"
        if word in {"&", "'s", "-", "of"}:
            return True
        return line.is_word(k) and (word not in self._stops or word in self._suffixes)

    def _is_odd(self, line: Line, k: int) -> bool:
        """Whether no dictionary holds the word."""
        word = line.word(k)
        return (
            len(word) >= MIN_NAME
            and word[0].isalpha()
            and word.isalpha()
            and word not in self._english
            and word not in self._stops
            and word not in self._places
            and not line.taken[k]
            and any(c in "aeiouy" for c in word)
        )

    def _opened(self, line: Line, i: int) -> Span | None:
        """ "university of leeds", "bank of ireland", "st marys hospital", "royal berkshire hospital"."""
        word = line.word(i)
        if f"{word} {line.word(i + 1)}" in self._openers and line.is_word(i + 2):
            if line.word(i + 2) in self._places or line.titled(i + 2) or self._is_odd(line, i + 2):
                return Span("company", i, self._suffix_end(line, i + 3))
            return None
        if word not in self._openers or not line.is_word(i + 1) or line.word(i + 1) in self._stops:
            return None
        start = i + 2 if line.word(i + 1) != "." else i + 3
        if line.word(start) == "'s":
            start += 1
        end = self._suffix_end(line, start)
        if word in {"st", "saint"} or end > start or line.titled(i):
            return Span("company", i, end)
        return None

    def _suffix_end(self, line: Line, i: int) -> int:
        while line.word(i) in self._suffixes and not line.taken[i]:
            i += 1
        return i

    def _suffixed(self, line: Line, i: int, definite: bool) -> Span | None:
        """Up to four words and a word for an organisation; plain words only before a strong one, without "the"."""
        for end in range(min(len(line), i + 5), i + 1, -1):
            last = line.word(end - 1)
            if last not in self._suffixes or not all(self._may_be_named(line, k) for k in range(i, end)):
                continue
            start = end - 1
            while start > i + 1 and line.word(start - 1) in self._suffixes:
                start -= 1
            words = line.words[i:start]
            if all(word in self._generic or word in self._suffixes for word in words):
                continue
            odd = any(self._is_odd(line, k) or line.titled(k) or line.taken[k] == "place" for k in range(i, start))
            tail = line.words[start:end]
            strong = any(word in self._strong for word in tail) and words[0] not in self._generic and not definite
            if odd and (line.taken[i] != "place" or len(tail) > 1 or last in self._strong) or strong:
                return Span("company", i, end)
        return None

    def _titled(self, line: Line, i: int) -> Span | None:
        end = i
        while end < len(line) and end - i < MAX_NAME:
            joins = line.word(end) in {"&", "and", "of", "'s", "-"} and end > i and line.titled(end + 1)
            if not joins and not (line.titled(end) and self._may_be_named(line, end)):
                break
            end += 2 if joins else 1
        if end == i or not self._is_title_name(line, i, end):
            return None
        return Span("company", i, self._suffix_end(line, end))

    def _is_title_name(self, line: Line, start: int, end: int) -> bool:
        words = line.words[start:end]
        if words[0] in self._stops or " ".join(words) in self._places:
            return False
        if words[0] in self._first and not any(word in self._suffixes for word in words):
            return False
        if any(line.taken[start:end]):
            return False
        if line.opens(start) and (len(words) == 1) and words[0] in self._english:
            return False
        return all(len(word) > 1 or end - start > 1 for word in words)

    def _lower(self, line: Line, i: int) -> Span | None:
        end = i
        while end < len(line) and end - i < 3 and self._is_odd(line, end) and line.word(end) not in self._first:
            end += 1
        if end == i:
            return None
        return Span("company", i, self._suffix_end(line, end))

    def _filling(self, line: Line, i: int) -> Span | None:
        """Plain words up to the end of their part: "barista at blue lantern"."""
        end = i
        while end < len(line) and end - i < 4 and self._may_be_named(line, end) and not line.taken[end]:
            end += 1
        words = line.words[i:end]
        fills = line.breaks(end) or (end < len(line) and line.taken[end] in {"date", "person"})
        if not words or not fills or all(word in self._generic or word in self._suffixes for word in words):
            return None
        return Span("company", i, end)
