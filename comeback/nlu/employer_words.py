"""What the words of an employer's name look like, and how they are written."""

from __future__ import annotations

from comeback.nlu.fact_line import Line, Span
from comeback.nlu.fact_words import FactWords

MIN_NAME = 3
SMALL = {"of", "and", "the", "for", "de", "la", "du", "et", "&", "'s", "in", "und"}
INITIALS = {"llc", "llp", "plc", "ag", "ai", "nhs", "uk", "usa", "it", "hr"}
FORMS = {"gmbh": "GmbH"}
JOINERS = {"&", "'s", "-", "of"}


class NameWords:
    def __init__(self, words: FactWords) -> None:
        known, people, places = words.companies, words.people, words.places
        self.english, self.stops = words.english, words.stops
        self.suffixes, self.strong = frozenset(known["suffixes"]), frozenset(known["strong_suffixes"])
        self.growing = self.strong | frozenset(known["growing"])
        self.kinds = frozenset(known["kinds_of_place"])
        self.generic, self.openers = frozenset(known["generic"]), frozenset(known["openers"])
        self.first = frozenset(people["first_names"]) | frozenset(people["careful_names"])
        self.places = frozenset(places["plain"]) | frozenset(places["careful"])

    def may_be_named(self, line: Line, k: int) -> bool:
        word = line.word(k)
        if line.taken[k]:
            return line.taken[k] == "place"
        if word in {"&", "'s", "-", "of"}:
            return True
        return line.is_word(k) and (word not in self.stops or word in self.suffixes)

    def is_odd(self, line: Line, k: int) -> bool:
        """Whether no dictionary holds the word."""
        word = line.word(k)
        return (
            len(word) >= MIN_NAME
            and word.isalpha()
            and word not in self.english
            and word not in self.stops
            and word not in self.places
            and not line.taken[k]
            and any(c in "aeiouy" for c in word)
        )

    def is_unnamed(self, words: list[str]) -> bool:
        """Whether the words say what kind of place it is and not which: "grad school"."""
        return all(word in self.generic or word in self.suffixes for word in words)

    def is_title_name(self, line: Line, start: int, end: int) -> bool:
        words = line.words[start:end]
        if words[0] in self.stops or " ".join(words) in self.places:
            return False
        if words[0] in self.first and not any(word in self.suffixes for word in words):
            return False
        if any(line.taken[start:end]):
            return False
        if line.opens(start) and (len(words) == 1) and words[0] in self.english:
            return False
        return all(len(word) > 1 or end - start > 1 for word in words)

    def suffix_end(self, line: Line, i: int) -> int:
        while line.word(i) in self.suffixes and not line.taken[i]:
            i += 1
        return i

    def cased(self, line: Line, span: Span) -> str:
        """As the person wrote it, in title case when it was typed without any or all in capitals.

        A kind of place is no name: "shipyard" is written "the shipyard".
        """
        text = line.doc[span.start : span.end].text
        if text.lower() in self.kinds:
            return f"the {text.lower()}"
        if not text.islower() and not (text.isupper() and not line.cased):
            return text
        parts = text.lower().split(" ")
        return " ".join(_part(part, i == 0) for i, part in enumerate(parts))


def _part(part: str, first: bool) -> str:
    if part in SMALL and not first:
        return part
    if part in FORMS:
        return FORMS[part]
    return part.upper() if part in INITIALS else part[:1].upper() + part[1:]
