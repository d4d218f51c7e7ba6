"""One message as the fact readers see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc

CLAUSE_ENDS = frozenset(".!?;:\n()")
BREAKS = CLAUSE_ENDS | frozenset({",", "-", "–", "—", "/", "|", "...", "…", "\n\n", '"'})
WORD = re.compile(r"[^\W_][\w&.'+#-]*$")
MAX_TITLED = 0.6
"""From this share of capitalised words on, capitals say nothing."""


@dataclass(frozen=True)
class Span:
    """Tokens `start` up to `end` read as one fact; `value` None is the text as typed."""

    label: str
    start: int
    end: int
    value: str | None = None


@dataclass(frozen=True, eq=False)
class Line:
    """The tokens of a message: as typed, in lower case, and which are taken by a fact already.

    `acts` are the tokens where something is done that employers do.
    """

    doc: Doc
    typed: list[str]
    words: list[str]
    cased: bool
    taken: list[str] = field(default_factory=list)
    acts: set[int] = field(default_factory=set)

    @staticmethod
    def of(doc: Doc) -> Line:
        typed = [token.text for token in doc]
        words = [text.lower() for text in typed]
        letters = [text for text in typed if text[0].isalpha()]
        titled = sum(text[0].isupper() for text in letters)
        cased = titled <= max(2, MAX_TITLED * len(letters)) and not (
            len(letters) > 2 and all(text.isupper() for text in letters)
        )
        return Line(doc, typed, words, cased, [""] * len(typed))

    def __len__(self) -> int:
        return len(self.words)

    def word(self, i: int) -> str:
        """The lower-case token at i; nothing outside the message."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def opens(self, i: int) -> bool:
        """Whether a sentence begins at i, so that its capital says nothing."""
        return i == 0 or self.words[i - 1][0] in ".!?\n\"'“:"

    def breaks(self, i: int) -> bool:
        """Whether the message or a part of it ends before i."""
        return i >= len(self.words) or i < 0 or self.words[i] in BREAKS or self.words[i][0] == "\n"

    def titled(self, i: int) -> bool:
        """Whether the token at i is capitalised in a message where that means something."""
        return self.cased and 0 <= i < len(self.typed) and self.typed[i][0].isupper()

    def is_word(self, i: int) -> bool:
        return 0 <= i < len(self.words) and WORD.match(self.words[i]) is not None

    def take(self, span: Span) -> None:
        self.taken[span.start : span.end] = [span.label] * (span.end - span.start)

    def free(self, start: int, end: int) -> bool:
        return not any(self.taken[start:end])

    def before(self, i: int, wanted: frozenset[str] | set[str], reach: int) -> bool:
        """Whether one of the words stands in the same clause, at most `reach` tokens before i."""
        for k in range(i - 1, max(-1, i - 1 - reach), -1):
            if self.words[k] in CLAUSE_ENDS or self.words[k][0] == "\n":
                return False
            if self.words[k] in wanted:
                return True
        return False


def longest(spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps: the longer wins, then the earlier."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            kept.append(span)
            taken.update(range(span.start, span.end))
    return sorted(kept, key=lambda s: s.start)
