"""What a person can ask of the log: what is known, all of it, none of it any more, and proof.

Everything is looked up by one conversation id; nothing here takes a list of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from comeback.sessions import erasure, figures, replay, schema
from comeback.sessions.database import AWAY, Unavailable
from comeback.sessions.erasure import Receipt
from comeback.sessions.store import SessionLog

SPOOL = "spool"
"""Stands beside the table names for the rows that wait outside the database."""

SECONDS = 5.0


@dataclass(frozen=True)
class Category:
    """The rows of one table. `consent` is what it depends on (None: kept without words), `items` the rows themselves.

    `table` is also the key under which data/ says what the category is for.
    """

    table: str
    consent: str | None
    count: int
    first: datetime | None
    last: datetime | None
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Summary:
    """Categories with at least one row, the consents in force, and after how many idle days all of it goes."""

    categories: tuple[Category, ...]
    consents: frozenset[str]
    keep_days: int

    @property
    def total(self) -> int:
        return sum(category.count for category in self.categories)


def summary(log: SessionLog, conversation: str, keep_days: int = 30, items: int = 20) -> Summary:
    """What is stored about a person, at most `items` latest rows of each category. Raises Unavailable."""

    def look(connection: Connection) -> tuple[Category, ...]:
        found = []
        for table in schema.PERSONAL:
            rows = _rows(connection, table, conversation)
            if rows:
                times = [row["at"] for row in rows if row.get("at")]
                consent = table.info.get("consent")
                found.append(
                    Category(
                        table.name,
                        consent,
                        len(rows),
                        min(times, default=None),
                        max(times, default=None),
                        tuple(rows[-items:]),
                    )
                )
        return tuple(found)

    log.flush(log.link.patience)
    return Summary(log.link.read(look, SECONDS), log.consents(conversation), keep_days)


def export(log: SessionLog, conversation: str) -> dict[str, Any]:
    """Every row about a person as JSON types: {"conversation", "consents", "tables": {name: [row]}, "waiting": [row]}.

    "waiting" holds rows that have not reached the database yet. Raises Unavailable.
    """
    log.flush(log.link.patience)
    tables = log.link.read(
        lambda connection: {
            table.name: [_jsonable(row) for row in _rows(connection, table, conversation)]
            for table in schema.PERSONAL
        },
        SECONDS,
    )
    waiting = [{"table": e.kind, **e.body} for e in log.outbox.of(conversation)]
    return {
        "conversation": conversation,
        "consents": sorted(log.consents(conversation)),
        "tables": tables,
        "waiting": waiting,
    }


def readable(exported: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """An export as lines (table, row number from 1, field, value), empty fields left out, for a page or a text file."""
    groups = {**exported["tables"], "waiting": exported["waiting"]}
    return [
        (name, str(number), key, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, rows in groups.items()
        for number, row in enumerate(rows, 1)
        for key, value in row.items()
        if value not in (None, "", [], {})
    ]


def forget(
    log: SessionLog, conversation: str, at: datetime, reason: str = "asked", counted: bool = False
) -> Receipt:
    """Delete every row about a person, in the database and under way, and refuse late ones from before `at`.

    What stays is that an erasure took place and, when `counted`, one more in the week's counts. Raises Unavailable
    when the database cannot be reached in 5 seconds; then nothing was deleted from it.
    """
    start = time.monotonic()
    if counted:
        log.flush(0.5)

    def all_of_it(connection: Connection) -> Receipt:
        erasure.hold(connection, [conversation])
        waiting = len(log.outbox.of(conversation))
        if counted:
            figures.keep(connection, [conversation])
        rows = erasure.erase(connection, [conversation])
        if waiting:
            rows[SPOOL] = waiting
        receipt = Receipt(at, rows, round(time.monotonic() - start, 3))
        erasure.mark(connection, conversation, at)
        if rows or reason == "asked":
            erasure.note(connection, receipt, reason)
        return receipt

    with log.outbox.halted(SECONDS / 2 - 0.5):
        receipt = log.link.write(all_of_it, SECONDS / 2)
        log.outbox.forget(conversation)
        log.lose(conversation)
        wipe(log)
    return receipt


def forget_later(log: SessionLog, conversation: str, at: datetime, reason: str = "asked") -> bool:
    """Delete what is under way at once, and the rest as soon as the database is back.

    True when the order is safe on disk: it then also outlives this process.
    """
    log.outbox.rewrite(conversation, lambda entry: None)
    log.lose(conversation)
    return log.outbox.put(conversation, replay.ERASE, {"at": at.isoformat(), "reason": reason})


def remaining(log: SessionLog, conversation: str) -> dict[str, int]:
    """How many rows each table, and the spool, still holds about a person. Raises Unavailable."""

    def count(connection: Connection) -> dict[str, int]:
        return {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.conversation == conversation)
            ).scalar()
            for table in schema.PERSONAL
        }

    rows: dict[str, int] = log.link.read(count, SECONDS)
    return {**rows, SPOOL: len(log.outbox.of(conversation))}


def wipe(log: SessionLog) -> None:
    """Take deleted rows out of SQLite's write-ahead files too. PostgreSQL does so when it vacuums."""
    log.outbox.shrink()
    if log.link.engine.dialect.name == "sqlite":
        try:
            with log.link.engine.connect() as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except AWAY as error:
            raise Unavailable(type(error).__name__) from None


def _rows(connection: Connection, table: Any, conversation: str) -> list[dict[str, Any]]:
    order = next(table.c[name] for name in ("position", "at", "started_at", "first_seen") if name in table.c)
    query = select(table).where(table.c.conversation == conversation).order_by(order)
    return [dict(row._mapping) for row in connection.execute(query)]


def _jsonable(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if k != "conversation"}
