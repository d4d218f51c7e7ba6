"""A text that a person gives as a whole ("just: Hi Jonas, ... and sign mum"), and what it is signed with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comeback.workbench.told import spelled
from comeback.workbench.words import Words, pattern, straight


@dataclass(frozen=True)
class Whole:
    text: str = ""
    name: str = ""


def read(words: Words, said: str) -> Whole:
    """The text, with its spelling written out; empty where none is given."""
    found = pattern(words.messages["whole_text"]).search(straight(said))
    if not found:
        return Whole()
    text, name = found["led"] or found["text"], ""
    if signed := pattern(words.messages["signed_below"]).search(text):
        text, name = text[: signed.start()], signed["name"][:1].upper() + signed["name"][1:]
    text = spelled(words.wishes, text.strip(" \"'"))
    text = re.sub(r"(^|[.!?] +)([^\W\d_])", lambda m: m[1] + m[2].upper(), text)
    return Whole(text if text[-1:] in ".!?" else f"{text}.", name) if len(text.split()) > 1 else Whole()
