"""What is known of the running talk: one versioned JSON value, so that a talk survives a release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from comeback.vocabulary import Fact

VERSION = 1
BESIDE = 3
"""Characters between a relation and the name that belongs to it."""
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
    "name",
)


DENIED = re.compile(r"\b(?:not|isn'?t|wasn'?t|never)\s+(?:from\s+|at\s+|the\s+|my\s+)?$", re.IGNORECASE)


PASSING = re.compile(r"(?:min|hour|hr|sec)|\dh\b", re.IGNORECASE)
"""A duration within a day, which tells nothing of the search."""
ORDINAL = re.compile(
    r"^(?:the |my )?(?:first|second|third|fourth|fifth|final|last|next|\d+(?:st|nd|rd|th))\b", re.IGNORECASE
)
"""One round of some, which is no number of rounds."""
TRAILING = re.compile(r"\s+(?:in|on|of|at|this|since|from)$", re.IGNORECASE)
COMMON = frozenset({"relation", "rounds", "count", "duration"})
"""Facts that are no names: said back without the capitals of an angry message."""
FLEETING = {"date": 1, "duration": 4, "money": 4, "relation": 2, "count": 6, "place": 6}
"""Turns for which such a fact is at hand."""


@dataclass(frozen=True)
class Memory:
    turn: int = 0
    first_at: str | None = None
    last_at: str | None = None
    disclosed_at: str | None = None
    stage: str = "acknowledge"
    facts: dict[str, str] = field(default_factory=dict)
    """What the person named, newest value of each kind."""
    named_at: dict[str, int] = field(default_factory=dict)
    """The turn in which each fact was last named."""
    earlier: dict[str, str] = field(default_factory=dict)
    """What the latest message replaced: the values that its facts had before."""
    news: str | None = None
    """The type of the rejection they told."""
    mood: str | None = None
    reads_feelings: bool = True
    """False once they asked that no feeling is read from their words; danger is still heard."""
    heard: int = 0
    """Comforting turns so far."""
    direction: str | None = None
    """What they want first: say, sense or do."""
    pending: str | None = None
    """The question that a bare yes, no or detail would answer."""
    question: str | None = None
    """What they asked last and got no answer to, as typed."""
    people: dict[str, str] = field(default_factory=dict)
    """Persons whom they named beside what they are to them ("my friend Tomas"), lower case."""
    situations: tuple[str, ...] = ()
    """Situations that were answered; each is answered once."""
    wish: dict[str, str] = field(default_factory=dict)
    """What a message wanted that was taken for danger by a guess: its intent, its `topic` and its `text`."""
    offered: tuple[str, ...] = ()
    offer_turn: int = -9
    """The turn of the last offer that nobody had asked for."""
    said: tuple[str, ...] = ()
    fallbacks: int = 0
    last: dict[str, str] = field(default_factory=dict)
    """Stage, strategy, evidence and reason of the last move, for "why did you say that?"."""
    exercise: str | None = None
    step: int = 0
    paused: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    draft: dict[str, str] = field(default_factory=dict)
    message: dict[str, str] = field(default_factory=dict)
    """What was said of a message that they want: who gets it (`to`, `register`), its `purpose`, whether it has `points`, whether
    somebody else got the no (`theirs`), and the lines in which it was `said`."""
    reason: str = ""
    """Why the employer said no, in the words in which it was told in passing."""
    feedback: dict[str, str] = field(default_factory=dict)
    """What the employer said about them, as the workbench keeps it."""
    plan: dict[str, str] = field(default_factory=dict)
    """The last if-then plan: act, cue, coping."""
    wins: tuple[str, ...] = ()
    """What they told of things done, in their words."""
    kept: tuple[str, ...] = ()
    """Sentences of their own that they wanted kept."""
    week_asked: str | None = None
    """When the weekly check was last offered or asked for."""
    reminder: dict[str, str] = field(default_factory=dict)
    """The one reminder that is being asked for: when and what, as typed."""
    remembering: bool = False
    """They agreed that a next visit begins with what is known."""
    keeps_words: bool = False
    """They agreed that their own sentences are stored."""
    erased: bool = False
    """Everything stored was deleted on request, and nothing was stored since."""
    safety: str | None = None
    """None, open (asked, not cleared) or cleared."""
    safety_turn: int = 0
    rechecked: bool = False
    checked: tuple[str, ...] = ()
    """Kinds of concern that were met with a light check."""
    check_turn: int = -9
    alarm: str | None = None
    """How the last alarm was raised: told outright, unsure (guessed) or asked (about means, about harm to others)."""
    alarm_kind: str | None = None
    told: bool = False
    """They told of danger to themselves in this talk: dark hints count as danger."""
    misread: tuple[str, ...] = ()
    """Kinds of danger that were guessed and corrected: no further guess of them is raised."""
    worry: str | None = None
    """About somebody else: danger told, guessed or denied."""
    about: str | None = None
    """The one they worry about: "her", "him", "your daughter"."""


def learn(memory: Memory, facts: Iterable[Fact], text: str = "") -> Memory:
    """The memory with the facts of one message: the first of a kind counts, but none that `text` denies
    ("Figma, not Sigma")."""
    new: dict[str, str] = {}
    for fact in facts:
        passing = fact.entity == "duration" and PASSING.search(fact.value)
        if fact.entity == "rounds" and ORDINAL.search(fact.value):
            continue
        person = memory.facts.get("person")
        if fact.entity == "company" and person and person in fact.value:
            continue
        if fact.entity in NAMED and not passing and not DENIED.search(text[: fact.start]):
            said = TRAILING.sub("", fact.value) if fact.entity == "count" else fact.value
            new.setdefault(fact.entity, said.lower() if fact.entity in COMMON else said)
    named_at = {**memory.named_at, **dict.fromkeys(new, memory.turn)}
    changed = {k: memory.facts[k] for k, v in new.items() if memory.facts.get(k, v).lower() != v.lower()}
    people = {**memory.people, **_people(facts)}
    return replace(memory, facts={**memory.facts, **new}, named_at=named_at, earlier=changed, people=people)


def _people(facts: Iterable[Fact]) -> dict[str, str]:
    """Persons of one message who stand beside what they are to its writer."""
    told = list(facts)
    return {
        person.value.lower(): relation.value.lower()
        for relation in told
        for person in told
        if relation.entity == "relation"
        and person.entity == "person"
        and 0 < person.start - relation.end <= BESIDE
    }


def at_hand(memory: Memory) -> dict[str, str]:
    """The facts that may be said now: what passes quickly is not brought up long after it was named."""
    return {
        name: value
        for name, value in memory.facts.items()
        if memory.turn - memory.named_at.get(name, memory.turn) <= FLEETING.get(name, memory.turn)
    }


def keepsake(memory: Memory) -> dict[str, Any]:
    """What a consented next visit begins with; `recalled` reads it."""
    name = memory.facts.get("name")
    lasting = {kind: value for kind, value in memory.facts.items() if kind not in FLEETING}
    known = {"facts": lasting, "plan": memory.plan, "wins": list(memory.wins), "kept": list(memory.kept)}
    if memory.week_asked:
        known["week_asked"] = memory.week_asked
    return {"name": name, **known} if name else known


def recalled(memory: Memory, kept: Mapping[str, Any]) -> Memory:
    """A fresh memory with what was kept from the last visit; the plan waits to be asked after."""
    named = {"name": kept["name"]} if kept.get("name") else {}
    return replace(
        memory,
        remembering="facts" in kept,
        facts={**(kept.get("facts") or {}), **named},
        plan=dict(kept.get("plan") or {}),
        wins=tuple(kept.get("wins") or ()),
        kept=tuple(kept.get("kept") or ()),
        week_asked=kept.get("week_asked"),
    )


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
