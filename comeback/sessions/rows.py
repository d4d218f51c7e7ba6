"""What is logged, as frozen rows: field names are column names, `table` is the table. `at` is timezone-aware.

A row added with the id of an earlier one replaces it: `log.add(replace(request, answered_at=now))`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import uuid4


def new_id() -> str:
    return str(uuid4())


@dataclass(frozen=True, kw_only=True)
class Row:
    """The fields that every row of a person has. `conversation` is the channel's opaque pseudonym."""

    table: ClassVar[str]
    id: str = field(default_factory=new_id)
    conversation: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TurnRow(Row):
    """One turn. `text` is the person's sentence: stored only under the consent 'words'."""

    table: ClassVar[str] = "turn"
    channel: str
    stage: str | None = None
    strategy: str | None = None
    move: str | None = None
    intent: str | None = None
    feelings: tuple[str, ...] = ()
    risk_level: str | None = None
    risk_kind: str | None = None
    evidence: str | None = None
    response: str | None = None
    variation: int | None = None
    milliseconds: float | None = None
    language: str | None = None
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Win(Row):
    """A small win in the person's words; needs 'memory'."""

    table: ClassVar[str] = "win"
    text: str


@dataclass(frozen=True, kw_only=True)
class Application(Row):
    """A job applied for; needs 'memory'. `reached` is how far it came, `outcome` None while open."""

    table: ClassVar[str] = "application"
    company: str | None = None
    role: str | None = None
    reached: str | None = None
    outcome: str | None = None
    outcome_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Feedback(Row):
    """A request for feedback and its answer. The row is kept without consent, its words need 'memory'."""

    table: ClassVar[str] = "feedback"
    application_id: str | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    draft: str | None = None
    answer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plan(Row):
    """An if-then plan; needs 'memory'. `remind_at` also needs 'reminder'."""

    table: ClassVar[str] = "plan"
    cue: str | None = None
    act: str
    due_at: datetime | None = None
    done_at: datetime | None = None
    remind_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Exercise(Row):
    """That an exercise was done; how heavy it was before and after, 0 to 10, needs 'memory'."""

    table: ClassVar[str] = "exercise"
    name: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, kw_only=True)
class Week(Row):
    """The two answers of a weekly check, 0 to 10, None for one left out; needs 'memory'."""

    table: ClassVar[str] = "week"
    energy: int | None = None
    inner_talk: int | None = None


@dataclass(frozen=True, kw_only=True)
class Disclosure(Row):
    """That a disclosure (a program, not a person; what is stored) was shown, and its wording."""

    table: ClassVar[str] = "disclosure"
    kind: str
    wording_version: str


@dataclass(frozen=True, kw_only=True)
class Referral(Row):
    """That help of a category was pointed to; never to whom or why."""

    table: ClassVar[str] = "referral"
    category: str


@dataclass(frozen=True, kw_only=True)
class Rating(Row):
    """The two questions at the end: did you feel heard (0 to 4), do you know your next step."""

    table: ClassVar[str] = "rating"
    heard: int | None = None
    next_step: bool | None = None
