"""What is known of the running talk: one versioned JSON value, so that a talk survives a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from comeback.vocabulary import Fact

VERSION = 1
SAID_LATELY = 40
"""Wordings remembered: about twelve turns."""
NAMED = (
    "company",
    "role",
    "person",
    "relation",
    "rounds",
    "count",
    "duration",
    "date",
    "money",
    "place",
    "stage",
)


@dataclass(frozen=True)
class Memory:
    turn: int = 0
    first_at: str | None = None
    last_at: str | None = None
    disclosed_at: str | None = None
    stage: str = "acknowledge"
    facts: dict[str, str] = field(default_factory=dict)
    """What the person named, newest value of each kind."""
    news: str | None = None
    """The type of the rejection they told."""
    mood: str | None = None
    heard: int = 0
    """Comforting turns so far."""
    direction: str | None = None
    """What they want first: say, sense or do."""
    pending: str | None = None
    """The question that a bare yes, no or detail would answer."""
    offered: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    fallbacks: int = 0
    last: dict[str, str] = field(default_factory=dict)
    """Strategy, evidence and reason of the last move, for "why did you say that?"."""
    exercise: str | None = None
    step: int = 0
    paused: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    draft: dict[str, str] = field(default_factory=dict)
    wins: tuple[str, ...] = ()
    safety: str | None = None
    """None, open (asked, not cleared) or cleared."""
    safety_turn: int = 0
    rechecked: bool = False
    checked: tuple[str, ...] = ()
    """Kinds of concern that were met with a light check."""


def learn(memory: Memory, facts: Iterable[Fact]) -> Memory:
    """The memory with the facts of one message: the first of a kind in a message counts."""
    new: dict[str, str] = {}
    for fact in facts:
        if fact.entity in NAMED:
            new.setdefault(fact.entity, fact.value)
    return replace(memory, facts={**memory.facts, **new}) if new else memory


def dump(memory: Memory) -> dict[str, Any]:
    """JSON of what differs from a fresh memory."""
    fresh = asdict(Memory())
    return {"version": VERSION} | {k: v for k, v in asdict(memory).items() if v != fresh[k]}


def restore(value: Mapping[str, Any] | None) -> Memory:
    """The memory in a JSON value; a fresh one for nothing, another version or a damaged value."""
    if not isinstance(value, Mapping) or value.get("version") != VERSION:
        return Memory()
    known = {f.name: f for f in fields(Memory)}
    given: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in value.items() if k in known
    }
    return Memory(**given)
