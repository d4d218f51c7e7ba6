"""The short notation of data/lexicons for token patterns, as spaCy's Matcher takes them.

Words are parted by spaces; `a|b` is one of, `word?` may be missing, `{name}` is a class (a regular expression) or
a word list; what stands in [brackets] is the value when that is not the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab


@dataclass(frozen=True, eq=False)
class Notation:
    """`classes` are regular expressions over a token in lower case, `lists` are word lists."""

    classes: Mapping[str, str]
    lists: Mapping[str, list[str]]

    def parse(self, line: str) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
        """The pattern and the positions of its value in it (all, unless bracketed). Raises KeyError on an unknown class."""
        pattern, marked = [], []
        for place, word in enumerate(line.split()):
            if word.startswith("["):
                marked.append(place)
                word = word.strip("[]")
            optional = len(word) > 1 and word.endswith("?")
            pattern.append(self._token(word[:-1] if optional else word) | ({"OP": "?"} if optional else {}))
        return pattern, tuple(marked) or tuple(range(len(pattern)))

    def _token(self, word: str) -> dict[str, Any]:
        if not word.startswith("{"):
            choices = word.split("|")
            return {"LOWER": {"IN": choices} if len(choices) > 1 else choices[0]}
        names = word[1:-1].split("|")
        if names[0] in self.lists:
            return {"LOWER": {"IN": self.lists[names[0]]}}
        return {"LOWER": {"REGEX": "|".join(self.classes[name] for name in names)}}


@dataclass(frozen=True, eq=False)
class Phrases:
    """Labelled patterns over one document: `whole` ones are values, `marked` ones hold a value."""

    whole: Matcher
    marked: Matcher
    values: dict[str, tuple[str, tuple[int, ...]]]

    @staticmethod
    def build(vocab: Vocab, notation: Notation, lines: Mapping[str, Iterable[str]]) -> Phrases:
        whole, marked, values = Matcher(vocab), Matcher(vocab), {}
        for label, wanted in lines.items():
            patterns = [notation.parse(line) for line in wanted]
            if plain := [pattern for pattern, places in patterns if len(places) == len(pattern)]:
                whole.add(label, plain)
            for number, (pattern, places) in enumerate(patterns):
                if len(places) < len(pattern):
                    marked.add(f"{label}:{number}", [pattern])
                    values[f"{label}:{number}"] = (label, places)
        return Phrases(whole, marked, values)

    def find(self, doc: Doc) -> Iterator[tuple[str, int, int]]:
        """(label, first token, end token) of every value, overlapping ones too."""
        names = doc.vocab.strings
        for key, start, end in self.whole(doc):
            yield names[key], start, end
        if not self.values:
            return
        for key, start, _, alignment in self.marked(doc, with_alignments=True):  # type: ignore[misc]
            label, places = self.values[names[key]]
            inside = [i for i, place in enumerate(alignment) if place in places]
            yield label, start + inside[0], start + inside[-1] + 1
