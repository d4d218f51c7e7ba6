"""Names that a message gives away in so many words: patterns of data/lexicons, tried on the names that lie near in meaning.

The meaning proposes and the words decide: where a pattern matches it is right far more often than a likeness, and to
try all of them on every message would take longer than the encoder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

LONGEST = 600
"""Characters of a message that are looked at."""
STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
ANY, NOT = "any", "not"


class WrongPattern(ValueError):
    """A pattern cannot be used; the message names the file and the name."""


@dataclass(frozen=True)
class Said:
    any: re.Pattern[str]
    none: re.Pattern[str] | None
    """What turns it round."""

    def stands_in(self, text: str) -> bool:
        return bool(self.any.search(text)) and not (self.none and self.none.search(text))


@dataclass(frozen=True)
class Outright:
    said: Mapping[str, Said]

    @staticmethod
    def load(folder: Path) -> Outright:
        """From files of name -> {any: expressions, not: expressions}, upper and lower case alike.

        Raises WrongPattern, OSError.
        """
        return Outright({name: said for path in sorted(folder.glob("*.yml")) for name, said in _read(path)})

    def first(self, text: str, names: Iterable[str]) -> str | None:
        """The first of the names whose words stand in the text."""
        text = text[:LONGEST].translate(STRAIGHT)
        return next((n for n in names if n in self.said and self.said[n].stands_in(text)), None)


def _read(path: Path) -> Iterable[tuple[str, Said]]:
    for name, entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        try:
            yield name, Said(_joined(entry[ANY]), _joined(entry[NOT]) if NOT in entry else None)
        except (re.error, TypeError, KeyError) as error:
            raise WrongPattern(f"{path.name}: {name}: {error}") from error


def _joined(expressions: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in expressions), re.IGNORECASE)
