"""Which of many regular expressions can match a text at all: those of whose strings one stands in it.

Every match of "my (?:mum|dad) is" holds "my mum is" or "my dad is"; a text without either need not be searched. The
strings are read from the parsed expression and found by three of their letters (Cox 2012, "Regular Expression Matching
with a Trigram Index"): a sentence is searched for a few expressions instead of for hundreds.
"""

from __future__ import annotations

import re
import sre_parse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby
from re import Pattern
from sre_constants import (
    ASSERT,
    ASSERT_NOT,
    AT,
    BRANCH,
    IN,
    LITERAL,
    MAX_REPEAT,
    MIN_REPEAT,
    SUBPATTERN,
)
from typing import Any

Strings = frozenset[str]

MANY = 16
"""Strings that are told apart; what could match more of them is known by a part of it."""
GRAM = 3
NOTHING: Strings = frozenset()
EMPTY: Strings = frozenset({""})


def needed(regex: Pattern[str]) -> Strings:
    """Strings of which every match holds at least one, in lower case if case is ignored; none when none are known."""
    strings = _sequence(sre_parse.parse(regex.pattern, regex.flags).data)[1]
    return frozenset(map(str.lower, strings)) if regex.flags & re.IGNORECASE else strings


class Needed:
    """The expressions that a text can match, by their place in the given order."""

    def __init__(self, regexes: Iterable[Pattern[str]]) -> None:
        self._always = set()
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, strings in enumerate(map(needed, regexes)):
            if min(map(len, strings), default=0) < GRAM:
                self._always.add(place)
            for string in strings:
                self._places[string].append(place)
        long = [string for string in self._places if len(string) >= GRAM]
        often = Counter(gram for string in long for gram in _grams(string))
        self._strings: dict[str, list[str]] = defaultdict(list)
        for string in long:
            self._strings[min(_grams(string), key=lambda gram: (often[gram], gram))].append(string)

    def places(self, text: str) -> list[int]:
        """Ascending. An expression that is left out has no match in the text, which is in lower case if case is ignored."""
        near = (string for gram in _grams(text) & self._strings.keys() for string in self._strings[gram])
        return sorted(self._always.union(*(self._places[string] for string in near if string in text)))


def _grams(text: str) -> set[str]:
    return {text[i : i + GRAM] for i in range(len(text) - GRAM + 1)}


def _sequence(items: Iterable[tuple[Any, Any]]) -> tuple[Strings | None, Strings]:
    """All strings that are matched, where they are few, and the needed ones."""
    run, best, whole = EMPTY, NOTHING, True
    for exact, needs in _read(items):
        if exact is not None and len(run) * len(exact) <= MANY:
            run = frozenset([a + b for a in run for b in exact])
            continue
        best, whole = reduce(_better, (run, needs), best), False
        run = EMPTY if exact is None else exact
    return run if whole else None, _better(best, run)


def _read(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Strings | None, Strings]]:
    for plain, group in groupby(items, key=lambda item: item[0] is LITERAL):
        if plain:
            yield frozenset({"".join([chr(letter) for _, letter in group])}), NOTHING
        else:
            yield from (_item(operation, argument) for operation, argument in group)


def _item(operation: Any, argument: Any) -> tuple[Strings | None, Strings]:
    if operation is IN and all(kind is LITERAL for kind, _ in argument):
        return frozenset(chr(letter) for _, letter in argument), NOTHING
    if operation in (AT, ASSERT, ASSERT_NOT):
        return EMPTY, NOTHING
    if operation is SUBPATTERN:
        _, flags, _, inside = argument
        return (None, NOTHING) if flags else _sequence(inside)
    if operation is BRANCH:
        return _branches([_sequence(branch) for branch in argument[1]])
    if operation in (MAX_REPEAT, MIN_REPEAT):
        least, most, repeated = argument
        exact, needs = _sequence(repeated)
        if least == 0:
            return (exact | EMPTY if exact is not None and most == 1 else None), NOTHING
        return (exact, needs) if most == 1 else (None, needs)
    return None, NOTHING


def _branches(branches: Sequence[tuple[Strings | None, Strings]]) -> tuple[Strings | None, Strings]:
    exacts = [exact for exact, _ in branches if exact is not None]
    every = NOTHING.union(*exacts) if len(exacts) == len(branches) else None
    needs = NOTHING.union(*(need for _, need in branches)) if all(need for _, need in branches) else NOTHING
    return every if every is not None and len(every) <= MANY else None, needs


def _better(one: Strings, other: Strings) -> Strings:
    """The one whose shortest string is longer, then the one with fewer."""
    return max(one, other, key=lambda strings: (min(map(len, strings), default=0), -len(strings)))
