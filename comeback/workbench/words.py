"""Reads the words of the workbench: building blocks in data/drafts, what readers know in data/lexicons, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

MACRO = re.compile(r"\{([a-z_]+)\}")
Blocks = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """Everything the workbench reads, as parsed YAML; patterns are texts for `pattern()`."""

    drafts: Mapping[str, Blocks]
    """By kind of message, as in the file names of data/drafts."""
    say: Blocks
    """data/drafts/words.yml: notes and changes by key."""
    wishes: Blocks
    linter: Blocks
    feedback: Blocks
    letters: Blocks
    skills: Blocks
    times: Blocks
    ways: Blocks
    numbers: Blocks
    weeks: Blocks
    messages: Blocks
    all_names: frozenset[str]
    """First names, also those that are ordinary words."""


@lru_cache(maxsize=4)
def load(data: Path) -> Words:
    """The words under the folder `data`. Raises OSError or yaml.YAMLError with the file's name."""
    drafts = {path.stem: _read(path) for path in sorted((data / "drafts").glob("*.yml"))}
    lexicons = data / "lexicons"
    return Words(
        drafts,
        drafts.pop("words"),
        _expanded(_read(lexicons / "wishes.yml")) | {"first_names": _first_names(lexicons / "people.yml")},
        _read(lexicons / "linter.yml"),
        _expanded(_read(lexicons / "feedback.yml")),
        _expanded(_read(lexicons / "letters.yml")),
        _read(lexicons / "skills.yml"),
        _read(lexicons / "times.yml"),
        _read(lexicons / "ways.yml"),
        _read(data / "numbers.yml"),
        _read(data / "weeks.yml"),
        _expanded(_expanded(_read(lexicons / "messages.yml"))),
        frozenset(_read(lexicons / "people.yml")["first_names"]),
    )


@lru_cache(maxsize=4096)
def pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern; upper and lower case are alike. Raises re.error."""
    return re.compile(text, re.IGNORECASE)


def straight(text: str) -> str:
    """The text with typographic quotes and runs of white space made plain."""
    return " ".join(text.translate(QUOTES).split())


QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"'}
)


def _first_names(path: Path) -> frozenset[str]:
    """First names that are no ordinary words."""
    people = _read(path)
    return frozenset(people["first_names"]) - frozenset(people["careful_names"])


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value


def _expanded(value: dict[str, Any]) -> dict[str, Any]:
    """The lexicon with each {word} of its `words` put into its patterns."""
    words: dict[str, str] = value.get("words", {})

    def fill(inner: Any) -> Any:
        if isinstance(inner, str):
            return MACRO.sub(lambda m: words.get(m[1], m[0]), inner)
        if isinstance(inner, list):
            return [fill(i) for i in inner]
        return {k: fill(v) for k, v in inner.items()} if isinstance(inner, dict) else inner

    filled: dict[str, Any] = fill(value)
    return filled


LITTLE = frozenset(
    "the bit part line sentence about that with and for any you your would could thank".split()
)


def telling(text: str) -> set[str]:
    """The words that tell one sentence from another."""
    return {w for w in re.findall(r"\w{3,}", text.lower()) if w not in LITTLE}
