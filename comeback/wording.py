"""Picks the words of a move: only wordings whose blanks are known and whose traits fit, none said lately."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from comeback.content import Content, Response, Variation
from comeback.vocabulary import Move

DETAILS = frozenset(
    "company role rounds person relation count duration date money place name quote harsh wins".split()
)
"""Blanks that hold what the person said, as against what was made for them."""
DOUBLE_STOP = re.compile(r"(?<!\.)([.?!])\.(?!\.)")
LATELY, QUOTED_LATELY = 6, 2
"""Messages in which a detail that was named is not named again for its own sake; a quotation is new each time."""


class NoWords(LookupError):
    """A move without words; the catalogue test makes this impossible in a release."""


def choose(content: Content, move: Move, said: Sequence[str], turn: int) -> tuple[Variation, Response]:
    """The wording of `move`. `said` are variation ids, oldest first; the same input gives the same words.

    The most particular wordings come first: those with more of the person's own details that were not named
    lately, then those meant for this mood or type of rejection.
    """
    response = content.responses.get(move.response)
    if response is None:
        raise NoWords(move.response)
    fitting = [v for v in response.variations if v.needs <= move.blanks.keys() and _fits(v, move)]
    if not fitting:
        raise NoWords(f"{move.response}: no wording fits {sorted(move.blanks)} {move.traits}")
    fresh = [v for v in fitting if v.id not in said]
    if not fresh:
        return min(fitting, key=lambda v: max(i for i, s in enumerate(said) if s == v.id)), response
    named = _named(content, said[-LATELY:]) - {"quote"} | _named(content, said[-QUOTED_LATELY:])
    named = frozenset() if move.traits.get("repeat") else named
    best = max(_particular(v, named) for v in fresh)
    closest = [v for v in fresh if _particular(v, named) == best]
    return closest[zlib.crc32(f"{move.response}{turn}".encode()) % len(closest)], response


def fill(text: str, blanks: dict[str, str]) -> str:
    """The text with its blanks filled; it begins with a capital, and a filled sentence brings no second full stop."""
    filled = DOUBLE_STOP.sub(r"\1", text.format_map(blanks))
    return filled[:1].upper() + filled[1:]


def _fits(variation: Variation, move: Move) -> bool:
    return all(move.traits.get(trait) in values for trait, values in variation.when.items())


def _particular(variation: Variation, named: frozenset[str]) -> tuple[int, int]:
    return len(variation.needs - named) - len(variation.needs & named), len(variation.when)


def _named(content: Content, said: Sequence[str]) -> frozenset[str]:
    """The blanks of what was said."""
    found: set[str] = set()
    for wording in said:
        name, _, number = wording.rpartition("#")
        response = content.responses.get(name)
        if response and int(number) < len(response.variations):
            found |= response.variations[int(number)].needs & DETAILS
    return frozenset(found)
