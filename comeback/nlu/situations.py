"""The situation that a message tells of ("the same job is up again"): by the words of data/lexicons/situations, else by
the nearest of the lines in data/situations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import yaml

from comeback.nlu.encoder import Encoding
from comeback.nlu.nearest import Matrix, Near, Nearest
from comeback.nlu.outright import Outright

ENDS = frozenset(".!?")
FEWEST = 4
"""Word pieces of a sentence that can tell a situation by itself."""
PROPOSED = 16
"""Situations nearest to a sentence whose patterns are tried."""
TRIED = 20
"""Situations nearest to any of its sentences whose patterns are tried at most."""
PASSING = frozenset(
    "no_in_public no_on_bad_day posts_of_others tech_failed bad_nights food_off small_comfort people_keep_asking".split()
)
"""Situations that are often told in passing: another one in the same message goes first."""
MOST = 8
"""Sentences of a message that are looked at one by one."""


def lines(folder: Path) -> list[tuple[str, str]]:
    """All lines with the name of their situation."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yml"))]
    return [(text, name) for named in files for name, texts in named.items() for text in texts]


def read(nearest: Nearest, outright: Outright, text: str, encoding: Encoding) -> Near | None:
    """The situation that the message tells in so many words, else that of the sentence in it that lies nearest to one."""
    found = [near for nears in nearest.read(list(_vectors(encoding)), PROPOSED) for near in nears]
    found.sort(key=lambda near: -near.likeness)
    named = list(dict.fromkeys(near.name for near in found))[:TRIED]
    told = outright.first(text, sorted(named, key=PASSING.__contains__))
    if told:
        return next(replace(near, sure=1.0) for near in found if near.name == told)
    return max(found, key=lambda near: near.sure, default=None)


def _vectors(encoding: Encoding) -> Iterator[Matrix]:
    """Unit vectors [384] of the whole and, where there are several, of its sentences."""
    yield encoding.mean
    ends = [i + 1 for i, piece in enumerate(encoding.pieces) if piece in ENDS]
    bounds = [1, *ends, len(encoding.pieces) - 1]
    parts = [(a, b) for a, b in pairwise(bounds) if b - a >= FEWEST]
    for start, end in parts[:MOST] if len(parts) > 1 else ():
        mean = encoding.tokens[start:end].mean(axis=0)
        yield mean / np.linalg.norm(mean)
