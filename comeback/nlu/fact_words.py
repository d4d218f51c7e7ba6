"""The words that the fact reader knows: data/lexicons and the English word tables of spacy-lookups-data."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import yaml

TABLES = ("en_lemma_index", "en_lemma_lookup", "en_lemma_exc")
MIN_SLIP = 6
"""Letters from which a word with one slip is still known: shorter ones collide with other words."""


@dataclass(frozen=True, eq=False)
class FactWords:
    """What the lexicon files hold, by file; sets in lower case."""

    companies: dict[str, Any]
    jobs: dict[str, Any]
    roles: dict[str, Any]
    people: dict[str, Any]
    places: dict[str, Any]
    facts: dict[str, Any]
    english: frozenset[str]
    """Words of the dictionary: in lower case, what is not among them is likely a name."""

    @staticmethod
    def load(lexicons: Path) -> FactWords:
        """Raises OSError or yaml.YAMLError when a lexicon cannot be read."""
        names = ("companies", "jobs", "roles", "people", "places", "facts")
        return FactWords(**{n: _yaml(lexicons / f"{n}.yml") for n in names}, english=_english())

    @cached_property
    def levels(self) -> dict[str, str]:
        """Company name in lower case -> how much care it needs: plain, household or ambiguous."""
        return {
            spelling.lower(): level
            for level in ("plain", "household", "ambiguous")
            for name in _flat(self.companies[level])
            for spelling in _spellings(name)
        }

    @cached_property
    def casing(self) -> dict[str, str]:
        """Company name in lower case -> as it is written."""
        names = (_flat(self.companies[level]) for level in ("ambiguous", "household", "plain"))
        return {s.lower(): s for group in names for name in group for s in _spellings(name)}

    @cached_property
    def stops(self) -> frozenset[str]:
        """What is never an employer after a pointing word, with one slip too."""
        plain = frozenset(self.jobs["stops"])
        return plain | slips(plain, self.english)

    @cached_property
    def head_slips(self) -> frozenset[str]:
        """Misspelt heads of roles."""
        heads = [head for head in self.roles["heads"] if head.isalpha() and len(head) > MIN_SLIP]
        other = {h[:i] + c + h[i + 1 :] for h in heads for i in range(1, len(h)) for c in ascii_lowercase}
        return slips(heads, self.english) | (other - self.english)


def slips(words: Iterable[str], english: frozenset[str]) -> frozenset[str]:
    """Each word with a letter left out, doubled or swapped with its neighbour, unless that is a word too."""
    made = set()
    for word in words:
        if len(word) < MIN_SLIP or not word.isalpha():
            continue
        for i in range(1, len(word)):
            made |= {word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:]}
            made.add(word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :])
    return frozenset(made - english)


def _english() -> frozenset[str]:
    words: set[str] = set()
    for table in TABLES:
        packed = files("spacy_lookups_data") / "data" / f"{table}.json.gz"
        for key, value in json.loads(gzip.decompress(packed.read_bytes())).items():
            words |= set(value) if isinstance(value, list | dict) else {key}
    return frozenset(words)


def _spellings(name: str) -> Iterator[str]:
    yield name
    if "'" in name:
        yield name.replace("'", "")
    if " & " in name:
        yield name.replace(" & ", " and ")


def _flat(names: Iterable[Any]) -> Iterator[str]:
    for name in names:
        if isinstance(name, list):
            yield from _flat(name)
        else:
            yield name


def _yaml(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read
