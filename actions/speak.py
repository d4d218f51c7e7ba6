"""Turns moves into messages for the channel: words, buttons, made things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comeback import wording
from comeback.content import Content
from comeback.vocabulary import Made, Move


@dataclass(frozen=True)
class Said:
    """One message as it goes out, with the wording it came from."""

    variation: str
    text: str
    buttons: tuple[str, ...]
    payload: Mapping[str, Any] | None


def words(content: Content, move: Move, made: Made, said: Sequence[str], turn: int, country: str) -> Said:
    """The message of one move. Raises wording.NoWords."""
    helpline = content.helplines.get(country) or content.helplines[""]
    source = content.places.get(move.blanks.get("evidence", ""))
    asked = content.asked.get(move.traits.get("pending", ""))
    blanks = {
        **move.blanks,
        **({"asked": asked} if asked else {}),
        **({"source": source} if source else {}),
        "line": helpline.line,
        "emergency": helpline.emergency,
        **made.blanks,
    }
    move = Move(move.stage, move.name, move.strategy, blanks=blanks, traits=move.traits)
    variation, response = wording.choose(content, move, said, turn)
    buttons = response.buttons
    if move.traits.get("guesses"):
        buttons = tuple(content.choices[g] for g in move.traits["guesses"].split() if g in content.choices)
    return Said(variation.id, wording.fill(variation.text, blanks), buttons, made.payload or response.payload)
