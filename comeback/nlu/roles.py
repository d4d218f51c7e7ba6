"""The role in a message: a head noun with what stands before it, where a job and not a person is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.matcher import PhraseMatcher

from comeback.nlu.fact_line import Line, Span, longest
from comeback.nlu.fact_words import FactWords

MAX_MODIFIERS = 7
ARTICLES = {"a", "an", "the", "my", "new", "another", "their", "that", "this", "our", "his", "her"}
FORMER = {"old", "former", "current", "ex"}
SOUGHT = {"as", "for", "become", "be", "got", "get", "lost"}
JOINERS = {"-", "/", "&", "and"}
AT = {"at", "@", "with", "for", "role", "job"}
IS = {"is", "was", "'s", "as", "became", "got", "works", "be", "s", "now"}
BEFORE_FIRST = {"", "a", "an", "the", "as", ",", "full", "part"}
GRADES = {"ii", "iii", "iv"}
CLOSE = 4
"""Tokens between another person and the role they are said to have."""


class RoleReader:
    def __init__(self, nlp: Language, words: FactWords) -> None:
        known = words.roles
        self._careful = frozenset(known["careful_heads"])
        self._heads = frozenset(known["heads"]) | self._careful | words.head_slips
        self._endings, self._not_heads = tuple(known["head_endings"]), frozenset(known["not_heads"])
        self._modifiers = frozenset(known["modifiers"])
        self._seeks = frozenset(known["seeks"])
        self._sets = {name: frozenset(listed) for name, listed in known.items()}
        self._stops = words.stops
        self._whole = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._whole.add("whole", [nlp.make_doc(name) for name in known["whole"] if " " in name])
        self._people = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._people.add("people", [nlp.make_doc(name) for name in known["people"]])

    def read(self, line: Line, companies: Iterable[Span]) -> list[Span]:
        named = {i for span in companies for i in range(span.start, span.end)}
        people = {i for _, start, end in self._people(line.doc) for i in range(start, end)}
        spans = [self._grown(line, start, end, named) for _, start, end in self._whole(line.doc)]
        spans += self._built(line, named)
        return [
            s
            for s in longest(spans)
            if self._is_job(line, s)
            and (
                s.end - 1 not in people
                or line.word(s.end) in self._sets["jobs"]
                or line.word(s.start - 1) in {"as", "for"}
            )
        ]

    def _built(self, line: Line, named: set[int]) -> Iterator[Span]:
        for i, word in enumerate(line.words):
            if self._is_head(word) and not self._is_head(line.word(i + 1)):
                yield self._grown(line, i, i + 1, named)

    def _is_head(self, word: str) -> bool:
        return word in self._heads or (word.endswith(self._endings) and word not in self._not_heads)

    def _grown(self, line: Line, start: int, end: int, named: set[int]) -> Span:
        """The role with its modifiers on the left and its field on the right."""
        left = self._trimmed(line, self._modified_from(line, start), start)
        right = end
        if line.word(end - 1) in self._sets["of_heads"] and line.word(end) in {"of", "in"}:
            while right - end < 3 and line.word(right + 1) in self._modifiers:
                right += 1
            right = right + 1 if right > end else end
        if line.word(right) in GRADES:
            right += 1
        if line.word(right) in self._sets["jobs"] and left == start:
            left = self._unknown(line, left, named)
        return Span("role", left, right)

    def _modified_from(self, line: Line, start: int) -> int:
        left, least = start, max(0, start - MAX_MODIFIERS)
        while left > least:
            if self._modifies(line.word(left - 1)):
                left -= 1
            elif self._joins(line.word(left - 1), left < start) and self._modifies(line.word(left - 2)):
                left -= 2
            else:
                break
        return max(left, 0)

    def _modifies(self, word: str) -> bool:
        return word in self._modifiers or word in self._heads

    def _joins(self, word: str, inside: bool) -> bool:
        """Whether the word joins two modifiers; "and" only "inside": "sales and marketing manager"."""
        return word in JOINERS and (inside or word != "and")

    def _unknown(self, line: Line, left: int, named: set[int]) -> int:
        """Further left over words that no list knows, when an article stands there: "the falcon keeper role"."""
        for k in range(left - 1, max(-1, left - 4), -1):
            if line.word(k) in {"the", "a", "an", "for"}:
                return k + 1
            if (
                k in named
                or line.word(k) in self._stops
                or not line.is_word(k)
                or not line.words[k].isalpha()
            ):
                break
        return left

    def _trimmed(self, line: Line, left: int, start: int) -> int:
        """Without a first modifier that belongs to what stands before: "this time", "from home", "it"."""
        while left < start:
            word, prior = line.word(left), line.word(left - 1)
            unreal = word == "real" and line.word(left + 1) != "estate"
            loose = word in self._sets["loose_firsts"] and prior not in BEFORE_FIRST
            small = word in self._sets["small_firsts"] and not line.typed[left].isupper()
            if not (unreal or loose or (small and prior not in ARTICLES | {"as", ""})):
                break
            left += 1
        return left

    def _is_job(self, line: Line, span: Span) -> bool:
        sets = self._sets
        after, head = line.word(span.end), line.word(span.end - 1)
        if span.end - span.start == 1 and head in sets["interviewers"] and after.startswith("interview"):
            return False
        if after in sets["jobs"] or (head in sets["programmes"] and span.end - span.start > 1):
            return True
        first = span.start - 1
        while line.word(first) in ARTICLES or (
            line.word(first) in FORMER and line.word(first - 1) in ARTICLES
        ):
            first -= 1
        prior, article = line.word(first), line.word(first + 1) if first + 1 < span.start else ""
        if line.before(first + 1, sets["others"], CLOSE) and (prior in IS or prior in sets["others"]):
            return False
        alone, careful = span.end - span.start == 1, head in self._careful
        at = (
            after in {"at", "@"} and line.is_word(span.end + 1) and line.word(span.end + 1) not in self._stops
        )
        if article not in {"", "a", "an"}:
            met = after in sets["speaks"] or not (prior in sets["gains"] or at)
            return not met and not (careful and prior not in SOUGHT and not at)
        if after in sets["speaks"] and line.breaks(first):
            return False
        if prior == "as" or (
            prior == "for" and (not careful or not alone or line.before(first, self._seeks, CLOSE))
        ):
            return True
        if line.breaks(span.start - 1) and line.breaks(span.end):
            return not (alone and (head in sets["never_alone"] or careful and len(line) > CLOSE))
        opens = line.breaks(span.start - 1)
        if alone and careful:
            return at and (opens or prior in sets["before"])
        if alone:
            return at or prior in sets["before"] or (opens and after in AT)
        return True
