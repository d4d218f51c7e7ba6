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

from comeback.nlu.needed import Needed

LONGEST = 600
"""Characters of a message that are looked at."""
STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
ANY, NOT = "any", "not"
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrongPattern(ValueError):
    """A pattern cannot be used; the message names the file and the name."""


@dataclass(frozen=True, eq=False)
class Outright:
    """`said` are the names with their expressions, `none` what turns a name round; `needed` knows what can match."""

    said: Sequence[tuple[str, re.Pattern[str]]]
    none: Mapping[str, re.Pattern[str]]
    needed: Needed

    @staticmethod
    def load(folder: Path) -> Outright:
        """From files of name -> {any: expressions, not: expressions}, upper and lower case alike.

        Raises WrongPattern, OSError.
        """
        entries = [entry for path in sorted(folder.glob("*.yml")) for entry in _read(path)]
        said = [(name, regex) for name, regexes, _ in entries for regex in regexes]
        none = {name: regex for name, _, regex in entries if regex}
        return Outright(said, none, Needed(regex for _, regex in said))

    def first(self, text: str, names: Iterable[str]) -> str | None:
        """The first of the names whose words stand in the text."""
        text = text[:LONGEST].translate(STRAIGHT)
        likely: dict[str, list[re.Pattern[str]]] = {}
        for place in self.needed.places(text.lower()):
            name, regex = self.said[place]
            likely.setdefault(name, []).append(regex)
        return next((name for name in names if self._stands(text, name, likely.get(name, ()))), None)

    def _stands(self, text: str, name: str, regexes: Sequence[re.Pattern[str]]) -> bool:
        turned = self.none.get(name)
        return any(regex.search(text) for regex in regexes) and not (turned and turned.search(text))


def _read(path: Path) -> Iterable[tuple[str, list[re.Pattern[str]], re.Pattern[str] | None]]:
    for name, entry in (yaml.load(path.read_text(encoding="utf-8"), Loader=FAST) or {}).items():
        try:
            said = [re.compile(one, re.IGNORECASE) for one in entry[ANY]]
            turned = (
                re.compile("|".join(f"(?:{one})" for one in entry[NOT]), re.IGNORECASE)
                if NOT in entry
                else None
            )
        except (re.error, TypeError, KeyError) as error:
            raise WrongPattern(f"{path.name}: {name}: {error}") from error
        yield name, said, turned
