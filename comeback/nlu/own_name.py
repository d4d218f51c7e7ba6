"""How the person calls themselves: "my name is Ana", "call me Sam", "i'm priya", "dave here"."""

from __future__ import annotations

import re
from collections.abc import Collection

from comeback.vocabulary import Fact

_SAID = re.compile(
    r"(?:\bmy name(?:'s| is|s)|(?:you can |just |please )?\bcall me|\bthe name's|^name(?:'s| is))\s+([^\W\d_][\w'-]{1,20})",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"\b(?:i'?m|i am|this is|it'?s)\s+([^\W\d_][\w'-]{1,20})(?=\s*(?:[,.!]|$|and\b|from\b|by the way|btw))",
    re.IGNORECASE,
)
_HERE = re.compile(r"^\W*([^\W\d_][\w'-]{1,20}) here\b", re.IGNORECASE)
_NO_NAMES = frozenset(
    "not never what when if at back on in later tomorrow tonight an a the it here stupid crazy old your only just me".split()
)


def own_name(text: str, first_names: Collection[str]) -> Fact | None:
    """The person's name, title-cased. Without "my name is" only a known first name counts ("i'm sad" is none)."""
    text = text[:400]
    found = _SAID.search(text)
    if found is None or found[1].lower() in _NO_NAMES:
        plain = (match for pattern in (_PLAINLY, _HERE) for match in pattern.finditer(text))
        found = next((match for match in plain if match[1].lower() in first_names), None)
    return Fact("name", found[1].title(), found.start(1), found.end(1)) if found else None
