"""The person's own words, small enough to be said back between quotation marks."""

from __future__ import annotations

import re

FEWEST, MOST = 3, 12
LONGEST = 70
_CLAUSE = re.compile(
    r"[.!?;:\n…()]+|,\s|\s-+\s|\s(?:and|but|because|cos|coz|bc|tho|though|honestly)\s", re.IGNORECASE
)
_OWN = re.compile(r"\b(i|i'?m|i'?ve|i'?d|me|my|we|our)\b", re.IGNORECASE)
_HARSH = re.compile(
    r"\b(stupid|idiot\w*|moron|loser|failure|fraud|impost[eo]r|worthless|useless|pathetic|hopeless|dumb|weak|"
    r"not (?:good|smart|clever|experienced) enough|not enough|embarrass\w+|garbage|trash|rubbish|a joke|"
    r"washed up|unemployable|broken|disappointment|mess)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"^(?!.*(?:(?<!\w)'|'(?!\w)))[\w\s',’%$€£/+-]+$")
_FILLER = re.compile(
    r"^(?:well|um+|uh+|lol|ok(?:ay)?|yeah|yea|like|idk|honestly|i mean|ngl|tbh|so|and|but|just|that|which|then)\s+",
    re.IGNORECASE,
)


def quote(text: str) -> str | None:
    """The clause that says most about the person, or None when none is short and plain enough.

    >>> quote("the mum thing. she was so proud. i feel so stupid")
    'i feel so stupid'
    """
    best: tuple[int, int, str] | None = None
    for place, clause in enumerate(_CLAUSE.split(text[:600])):
        said = clause.strip(" '\"’,-")
        while (shorter := _FILLER.sub("", said)) != said:
            said = shorter
        words = said.split()
        if not FEWEST <= len(words) <= MOST or len(said) > LONGEST or not _PLAIN.match(said):
            continue
        worth = 2 * bool(_against_self(said)) + bool(_OWN.search(said))
        if not worth and len(words) == FEWEST:
            continue
        if best is None or (worth, place) >= best[:2]:
            best = (worth, place, said)
    return best[2] if best else None


def harsh_word(text: str) -> str | None:
    """The hard name that the person gives themselves ("stupid", "not good enough"), lower case, or None.

    >>> harsh_word("i feel so stupid"), harsh_word("im crying, its so stupid")
    ('stupid', None)
    """
    found = (_against_self(clause) for clause in _CLAUSE.split(text[:600]))
    return next((word for word in found if word), None)


def _against_self(clause: str) -> str | None:
    """The hard name in a clause that speaks of oneself before it."""
    found = _HARSH.search(clause)
    return found[0].lower() if found and _OWN.search(clause[: found.start()]) else None
