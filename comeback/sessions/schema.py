"""The tables of the session log.

`info["consent"]` on a table or a column names the consent without which the row or the value is not stored;
consent.py enforces it for every write.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator):
    """A timezone-aware datetime, kept in UTC. SQLite has no time zones, so it gets the naive UTC value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _json() -> JSON:
    return JSON(none_as_null=True)


def _conversation(**options: Any) -> Column:
    return Column(
        "conversation", String(128), ForeignKey("person.conversation", ondelete="CASCADE"), **options
    )


def _of_person(name: str, *columns: Column, consent: str | None = None) -> Table:
    return Table(
        name,
        metadata,
        Column("id", String(36), primary_key=True),
        _conversation(nullable=False),
        Column("at", Moment, nullable=False),
        *columns,
        Index(None, "conversation", "at"),
        info={"consent": consent},
    )


person = Table(
    "person",
    metadata,
    Column("conversation", String(128), primary_key=True),
    Column("channel", String(32)),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Index(None, "last_seen"),
)

consent = Table(
    "consent",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    _conversation(nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("wording_version", String(32), nullable=False),
    Index(None, "conversation", "at"),
    sqlite_autoincrement=True,
)

session = Table(
    "session",
    metadata,
    Column("id", String(36), primary_key=True),
    _conversation(nullable=False),
    Column("channel", String(32)),
    Column("language", String(16)),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("consents", _json(), nullable=False),
    Column("stages", _json(), nullable=False),
    Index(None, "conversation", "ended_at"),
    Index(None, "started_at"),
)

turn = _of_person(
    "turn",
    Column(
        "session_id", String(36), ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("channel", String(32)),
    Column("language", String(16)),
    Column("stage", String(32)),
    Column("strategy", String(64)),
    Column("move", String(64)),
    Column("intent", String(64)),
    Column("feelings", _json(), nullable=False),
    Column("risk_level", String(16)),
    Column("risk_kind", String(32)),
    Column("evidence", String(64)),
    Column("response", String(128)),
    Column("variation", Integer),
    Column("milliseconds", Float),
    Column("text", Text, info={"consent": "words"}),
)

memory = Table(
    "memory",
    metadata,
    _conversation(primary_key=True),
    Column("at", Moment, nullable=False),
    Column("data", _json(), nullable=False),
    info={"consent": "memory"},
)

win = _of_person("win", Column("text", Text, nullable=False), consent="memory")

application = _of_person(
    "application",
    Column("company", Text),
    Column("role", Text),
    Column("reached", String(32)),
    Column("outcome", String(32)),
    Column("outcome_at", Moment),
    consent="memory",
)

feedback = _of_person(
    "feedback",
    Column("application_id", String(36)),
    Column("sent_at", Moment),
    Column("answered_at", Moment),
    Column("draft", Text, info={"consent": "memory"}),
    Column("answer", Text, info={"consent": "memory"}),
)

plan = _of_person(
    "plan",
    Column("cue", Text),
    Column("act", Text, nullable=False),
    Column("due_at", Moment),
    Column("done_at", Moment),
    Column("remind_at", Moment, info={"consent": "reminder"}),
    consent="memory",
)

exercise = _of_person(
    "exercise",
    Column("name", String(64), nullable=False),
    Column("before", Integer, info={"consent": "memory"}),
    Column("after", Integer, info={"consent": "memory"}),
)

week = _of_person("week", Column("energy", Integer), Column("inner_talk", Integer), consent="memory")

disclosure = _of_person(
    "disclosure",
    Column("kind", String(64), nullable=False),
    Column("wording_version", String(32), nullable=False),
)

referral = _of_person("referral", Column("category", String(64), nullable=False))

rating = _of_person("rating", Column("heard", Integer), Column("next_step", Boolean))

erasure = Table(
    "erasure",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("people", Integer, nullable=False),
    Column("rows", _json(), nullable=False),
    Column("seconds", Float, nullable=False),
)

tally = Table(
    "tally",
    metadata,
    Column("week", String(10), primary_key=True),
    Column("figure", String(64), primary_key=True),
    Column("value", String(64), primary_key=True),
    Column("people", Integer, nullable=False),
)

published = Table(
    "published",
    metadata,
    Column("week", String(10), primary_key=True),
    Column("figure", String(64), primary_key=True),
    Column("value", String(64), primary_key=True),
    Column("people", Integer, nullable=False),
)

erased = Table(
    "erased",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
)

yearly = Table(
    "yearly",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("category", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
)

PERSONAL: tuple[Table, ...] = tuple(t for t in metadata.sorted_tables if "conversation" in t.c)
"""Every table that holds rows of a person, `person` first: what is summed up, exported and erased."""
