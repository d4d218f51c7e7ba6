"""The nouns that all rooms share. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """The six steps after a rejection and, above them, safety."""

    ACKNOWLEDGE = "acknowledge"
    PERSPECTIVE = "perspective"
    FEEDBACK = "feedback"
    STRATEGY = "strategy"
    PERSISTENCE = "persistence"
    CELEBRATE = "celebrate"
    SAFETY = "safety"


class Strategy(StrEnum):
    """What a supportive turn does, in the names of ESConv (Liu et al. 2021). Self-disclosure is left out: a program has nothing to disclose."""

    QUESTION = "question"
    RESTATEMENT = "restatement"
    REFLECTION = "reflection of feelings"
    AFFIRMATION = "affirmation and reassurance"
    INFORMATION = "information"
    SUGGESTION = "providing suggestions"
    OTHER = "others"


class RiskLevel(StrEnum):
    NONE = "none"
    CONCERN = "concern"
    CRISIS = "crisis"


class RiskKind(StrEnum):
    """Why a level was chosen. The last four belong to level none."""

    IDEATION = "ideation"
    PASSIVE = "passive"
    PLAN = "plan"
    MEANS = "means"
    GOODBYE = "goodbye"
    SELF_HARM = "self_harm"
    THIRD_PARTY = "third_party"
    HARM_TO_OTHERS = "harm_to_others"
    MEDICAL = "medical"
    UNREADABLE = "unreadable"
    HYPERBOLE = "hyperbole"
    DENIAL = "denial"
    MENTION = "mention"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Risk:
    level: RiskLevel = RiskLevel.NONE
    kind: RiskKind = RiskKind.NOTHING


@dataclass(frozen=True)
class Fact:
    """Something the person named, by character offsets into the text."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What one message says: three independent readings and the facts in it.

    `intent` is what the person wants, `feelings` the emotions decided present (strongest first),
    `emotions` the calibrated probability of each label, `risk` whether to stop.
    """

    text: str
    intent: str
    confidence: float = 1.0
    runners_up: tuple[str, ...] = ()
    emotions: dict[str, float] = field(default_factory=dict)
    feelings: tuple[str, ...] = ()
    risk: Risk = Risk()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One message with its circumstances; `now` is timezone-aware."""

    reading: Reading
    now: datetime
    channel: str = "web"


@dataclass(frozen=True)
class Move:
    """One thing to say: `utter_<stage>_<name>` holds its words.

    `blanks` fill the words, `evidence` is an id of docs/evidence.md, `buttons` are texts that the
    person may send with one tap, `payload` is a made thing (a draft, a calendar file) for the channel.
    """

    stage: Stage
    name: str
    strategy: Strategy = Strategy.OTHER
    evidence: str | None = None
    why: str | None = None
    blanks: dict[str, str] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()
    payload: dict[str, Any] | None = None

    @property
    def response(self) -> str:
        return f"utter_{self.stage}_{self.name}"
