"""How far the name of an employer that no list knows reaches in a message."""

from __future__ import annotations

from comeback.nlu.employer_words import SMALL, NameWords
from comeback.nlu.fact_line import Line, Span
from comeback.nlu.fact_words import FactWords

MAX_NAME = 6
MIN_ACTING = 4
"""Letters from which an unknown word in lower case that acts may be a name."""


class NameRuns:
    def __init__(self, words: FactWords) -> None:
        self.words = NameWords(words)
        self._ambiguous = frozenset(name for name, level in words.levels.items() if level == "ambiguous")
        small = words.jobs["words"]
        self._openings, self._owners = frozenset(small["openings"]), frozenset(small["owners"])

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
            if not all(self.words.may_be_named(line, k) for k in range(start, end)):
                continue
            prior = line.word(start - 1)
            if start in known or prior in self._owners:
                continue
            opened = line.breaks(start - 1) or prior in self._openings or prior == "the"
            span = self._opened(line, start) or self._suffixed(line, start, prior == "the")
            if span and span.end == end and opened:
                return span
            if prior == "the":
                continue
            if all(line.titled(k) for k in range(start, end)) and self.words.is_title_name(line, start, end):
                return Span("company", start, end)
            named = all(
                self.words.is_odd(line, k) and len(line.word(k)) >= MIN_ACTING for k in range(start, end)
            )
            if named and end - start <= 2 and line.word(start) not in self.words.first and opened:
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
        opened = self._opened(line, start)
        if opened and opened.end == end:
            return opened
        stop = start
        while stop < end and self.words.may_be_named(line, stop):
            stop += 1
        if stop == start or stop - start > 5 or (stop < end and not line.taken[stop]):
            return None
        words = line.words[start:stop]
        if words[0] in self.words.suffixes or words[-1] in SMALL:
            return None
        met = words[0] in self.words.first or words[0] in self.words.places
        if len(words) == 1 and (met or words[0] in self.words.english):
            named = line.titled(start) and not met and not words[0].endswith("ly")
            return Span("company", start, stop) if named else None
        if self.words.is_unnamed(words):
            return None
        if words[0] in self.words.first and len(words) == 2 and words[1] not in self.words.suffixes:
            return None
        return Span("company", start, stop)

    def titled_before(self, line: Line, end: int) -> Span | None:
        """The words in title case that end before `end`."""
        start = end
        while (
            start > 0
            and end - start < MAX_NAME
            and line.titled(start - 1)
            and self.words.may_be_named(line, start - 1)
        ):
            start -= 1
        if start == end or line.opens(start) or not self.words.is_title_name(line, start, end):
            return None
        return Span("company", start, end)

    def grown(self, line: Line, span: Span) -> Span:
        """With the organisation words that follow in the name: "Siemens" -> "Siemens Energy AG"."""
        end, titled = span.end, line.titled(span.start)
        while end < len(line) and not line.taken[end] and line.titled(end) == titled:
            named = (
                titled
                and self.words.may_be_named(line, end)
                and line.word(end) not in self.words.first
                and not line.opens(end)
            )
            if not named and line.word(end) not in self.words.growing:
                break
            end += 1
        return Span("company", span.start, end)

    def _opened(self, line: Line, i: int) -> Span | None:
        """ "university of leeds", "bank of ireland", "st marys hospital", "royal berkshire hospital"."""
        word = line.word(i)
        if f"{word} {line.word(i + 1)}" in self.words.openers and line.is_word(i + 2):
            if line.word(i + 2) in self.words.places or line.titled(i + 2) or self.words.is_odd(line, i + 2):
                return Span("company", i, self.words.suffix_end(line, i + 3))
            return None
        if word not in self.words.openers or not line.is_word(i + 1) or line.word(i + 1) in self.words.stops:
            return None
        start = i + 2 if line.word(i + 1) != "." else i + 3
        if line.word(start) == "'s":
            start += 1
        end = self.words.suffix_end(line, start)
        if word in {"st", "saint"} or end > start or line.titled(i):
            return Span("company", i, end)
        return None

    def _suffixed(self, line: Line, i: int, definite: bool) -> Span | None:
        """Up to four words and a word for an organisation; plain words only before a strong one, without "the"."""
        for end in range(min(len(line), i + 5), i + 1, -1):
            last = line.word(end - 1)
            if last not in self.words.suffixes or not all(
                self.words.may_be_named(line, k) for k in range(i, end)
            ):
                continue
            start = end - 1
            while start > i + 1 and line.word(start - 1) in self.words.suffixes:
                start -= 1
            words = line.words[i:start]
            if self.words.is_unnamed(words):
                continue
            odd = any(
                self.words.is_odd(line, k) or line.titled(k) or line.taken[k] == "place"
                for k in range(i, start)
            )
            tail = line.words[start:end]
            strong = (
                len(words[0]) >= MIN_ACTING - 1
                and any(word in self.words.strong for word in tail)
                and words[0] not in self.words.generic
                and not definite
            )
            if odd and (line.taken[i] != "place" or len(tail) > 1 or last in self.words.strong) or strong:
                return Span("company", i, end)
        return None

    def _titled(self, line: Line, i: int) -> Span | None:
        end = i
        while end < len(line) and end - i < MAX_NAME:
            joins = line.word(end) in {"&", "and", "of", "'s", "-"} and end > i and line.titled(end + 1)
            if not joins and not (line.titled(end) and self.words.may_be_named(line, end)):
                break
            end += 2 if joins else 1
        if end == i or not self.words.is_title_name(line, i, end):
            return None
        return Span("company", i, self.words.suffix_end(line, end))

    def _lower(self, line: Line, i: int) -> Span | None:
        end = i
        while (
            end < len(line)
            and end - i < 3
            and self.words.is_odd(line, end)
            and line.word(end) not in self.words.first
        ):
            end += 1
        if end == i:
            return None
        return Span("company", i, self.words.suffix_end(line, end))

    def _filling(self, line: Line, i: int) -> Span | None:
        """Plain words up to the end of their part: "barista at blue lantern"."""
        end = i
        while end < len(line) and end - i < 4 and self.words.may_be_named(line, end) and not line.taken[end]:
            end += 1
        words = line.words[i:end]
        fills = line.breaks(end) or (end < len(line) and line.taken[end] in {"date", "person"})
        if not words or not fills or self.words.is_unnamed(words):
            return None
        return Span("company", i, end)
