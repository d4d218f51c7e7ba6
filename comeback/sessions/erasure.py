"""Erasing rows of people, and keeping late ones out: a row from before an erasure never comes back.

What stays of an erasure is a note without identity, and for a week a mark: a fingerprint of the random id of the
conversation, so that rows still under way on another machine are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, text
from sqlalchemy.engine import Connection

from comeback.sessions import schema
from comeback.sessions.database import insert
from comeback.sessions.rows import new_id

MARKED = timedelta(days=8)
"""How long a mark is kept; a spool that was away for longer is not replayed safely."""

LOCKS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(person, 0)) FROM unnest(CAST(:people AS text[])) AS person"
)


@dataclass(frozen=True)
class Receipt:
    """What was erased: rows by table (those with none left out), when, and how long it took in seconds."""

    at: datetime
    counts: dict[str, int]
    seconds: float
    people: int = 1

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def hold(connection: Connection, conversations: Iterable[str]) -> None:
    """Keep others from storing or erasing rows of these people until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(LOCKS, {"people": sorted(set(conversations))}).all()


def erase(connection: Connection, conversations: list[str]) -> dict[str, int]:
    """Delete all rows of these people; rows by table, tables with none left out."""
    gone = {
        table.name: connection.execute(delete(table).where(table.c.conversation.in_(conversations))).rowcount
        for table in reversed(schema.PERSONAL)
    }
    return {name: count for name, count in gone.items() if count}


def mark(connection: Connection, conversation: str, at: datetime) -> None:
    """Refuse rows of `conversation` up to `at` from now on."""
    new = insert(connection, schema.erased).values(mark=_mark(conversation), at=at)
    later = schema.erased.c.at < new.excluded.at
    connection.execute(
        new.on_conflict_do_update(index_elements=["mark"], set_={"at": new.excluded.at}, where=later)
    )


def marked(connection: Connection, conversations: Iterable[str]) -> dict[str, datetime]:
    """Those of `conversations` that were erased lately, and when."""
    marks = {_mark(conversation): conversation for conversation in conversations}
    query = select(schema.erased).where(schema.erased.c.mark.in_(marks))
    return {marks[row.mark]: row.at for row in connection.execute(query)}


def unmark(connection: Connection, now: datetime) -> None:
    """Drop the marks that are old enough."""
    connection.execute(delete(schema.erased).where(schema.erased.c.at < now - MARKED))


def note(connection: Connection, receipt: Receipt, reason: str) -> None:
    """Write the erasure down, without identity."""
    connection.execute(
        insert(connection, schema.erasure).values(
            id=new_id(),
            at=receipt.at,
            reason=reason,
            people=receipt.people,
            rows=receipt.counts,
            seconds=receipt.seconds,
        )
    )


def _mark(conversation: str) -> str:
    return sha256(conversation.encode("utf-8", "replace")).hexdigest()
