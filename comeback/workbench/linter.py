"""What a message that we write for someone must not hold: blame, pleading, two asks, too many words, invented facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from comeback.workbench.words import Blocks, pattern, straight

NAMED = re.compile(r"\b(?:[^\W\d_]*[A-ZÀ-ÖØ-Þ][\w'’-]*|\w*\d\w*)")


@dataclass(frozen=True)
class Frame:
    """What a body is judged by."""

    known: frozenset[str]
    """Every word of the person and of the building blocks, lower case."""
    short: bool = False
    register: str = "letter"
    """letter, formal, phone or text: how it may begin and end."""


def sentence_findings(lexicon: Blocks, text: str, personal: bool = False) -> tuple[str, ...]:
    """Names of the rules that the words of a text break, whatever stands around them. A `personal` one goes to someone
    close and may hold feelings."""
    text = straight(text)
    allowed = lexicon["personal"] if personal else ()
    return tuple(
        name
        for name, patterns in lexicon["findings"].items()
        if name not in allowed and any(pattern(p).search(text) for p in patterns)
    )


def findings(lexicon: Blocks, body: str, frame: Frame) -> tuple[str, ...]:
    """Names of all rules that a message breaks: those of its words, two_asks, too_long, invented, greeting, sign_off."""
    found = list(sentence_findings(lexicon, body, frame.register == "text"))
    if body.count("?") > 1:
        found.append("two_asks")
    if count_words(body) > lexicon["limits"]["short" if frame.short else "full"]:
        found.append("too_long")
    if invented(body, frame.known):
        found.append("invented")
    register = lexicon["registers"][frame.register]
    lines = body.strip().split("\n\n") if frame.register not in ("text", "say") else [body]
    begins = lines[0] if frame.register != "text" else re.split(r"(?<=[,:]) ", body)[0]
    if not pattern(register["greeting"]).search(begins):
        found.append("greeting")
    ends = lines[-1] if frame.register != "text" else ""
    if not pattern(register["sign"]).search(ends):
        found.append("sign_off")
    return tuple(found)


def count_words(body: str) -> int:
    return len(body.split())


def invented(body: str, known: Iterable[str]) -> tuple[str, ...]:
    """Names and numbers of the body that are not among the known words (lower case)."""
    known = set(known)
    return tuple(word for word in NAMED.findall(body) if not words_of(word) <= known)


def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, without punctuation.

    >>> sorted(words_of("St Mary's, 5 rounds"))
    ['5', 'mary', 'rounds', 's', 'st']
    """
    return frozenset(re.findall(r"\w+", straight(text).lower()))
