"""The session log: rows in, a person's own rows out. Nothing here makes a talk wait for the database."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import String, Table, select

from comeback.sessions import consent, replay, schema
from comeback.sessions.database import Unavailable
from comeback.sessions.link import Link
from comeback.sessions.outbox import Outbox
from comeback.sessions.rows import Row, TurnRow, new_id
from comeback.sessions.spool import Entry

R = TypeVar("R", bound=Row)

logger = logging.getLogger(__name__)


class SessionLog:
    """Writes go to the spool and from there, on a thread, to the database. Quick reads (`consents`, `recall`, `all`)
    take `patience` seconds at most and, after one failed, fail at once until `pause` seconds have passed."""

    def __init__(self, url: str, spool: Path | None, patience: float = 0.25, pause: float = 2.0) -> None:
        self.link = Link(url, patience, pause)
        self.outbox = Outbox(self.link, spool)
        self._known: dict[str, frozenset[str]] = {}
        self._unread: set[str] = set()

    def record(self, turn: TurnRow) -> bool:
        """Log a turn; never raises. True once it is safe on disk, False when only memory could take it."""
        try:
            return self.add(turn)
        except Exception as error:
            logger.error("a turn was not logged: %s", type(error).__name__)
            return False

    def add(self, row: Row) -> bool:
        """Log a row, without the words that the consents do not cover. Adding one with the same id replaces it.

        True once it is safe on disk; False when consent refuses it or only memory could take it.
        Raises ValueError for a time without zone.
        """
        table = schema.metadata.tables[row.table]
        values: dict[str, Any] | None = {f.name: getattr(row, f.name) for f in fields(row)}
        if values is not None and consent.needs(table, values):
            values = consent.permitted(table, values, self.consents(row.conversation))
        return values is not None and self._put(table, values)

    def all(self, kind: type[R], conversation: str, limit: int = 200) -> list[R]:
        """The latest `limit` rows of a kind, oldest first. Raises Unavailable."""
        self._settle(conversation)
        table = schema.metadata.tables[kind.table]
        query = select(*(table.c[f.name] for f in fields(kind))).where(table.c.conversation == conversation)
        query = query.order_by(table.c.at.desc(), table.c.id).limit(limit)
        found = self.link.read(lambda connection: connection.execute(query).all())
        return [_row(kind, dict(row._mapping)) for row in reversed(found)]

    def consents(self, conversation: str) -> frozenset[str]:
        """The consents in force: those stored and those under way. With the database away, the last known ones."""
        try:
            under_way = [e for e in self.outbox.of(conversation) if e.kind == schema.consent.name]
        except Unavailable:
            under_way = []
        try:
            known = self.link.read(lambda connection: consent.read(connection, conversation))
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[conversation] = known
        except Unavailable:
            known = self._known.get(conversation, frozenset())
        events = [(str(e.body["kind"]), bool(e.body["granted"])) for e in under_way]
        return consent.in_force([*((kind, True) for kind in known), *events])

    def set_consent(
        self, conversation: str, kind: str, granted: bool, wording_version: str, at: datetime
    ) -> bool:
        """Grant or revoke; a revocation also erases what the consent had allowed.

        True once it is safe on disk. Raises ValueError for a wrong kind or a time without zone.
        """
        if kind not in consent.KINDS:
            raise ValueError(f"no such consent: {kind!r}")
        event = {"id": new_id(), "conversation": conversation, "at": at, "kind": kind, "granted": granted}
        durable = self._put(schema.consent, {**event, "wording_version": wording_version})
        if not granted:
            left = self.consents(conversation) - {kind}
            with suppress(Unavailable):
                self.outbox.rewrite(conversation, lambda entry: _still_allowed(entry, left))
        return durable

    def consent_history(self, conversation: str) -> list[dict[str, Any]]:
        """Every grant and revocation, oldest first: at, kind, granted, wording_version. Raises Unavailable."""
        self._settle(conversation)
        table = schema.consent
        query = select(table.c.at, table.c.kind, table.c.granted, table.c.wording_version)
        query = query.where(table.c.conversation == conversation).order_by(table.c.at, table.c.position)
        return self.link.read(lambda c: [dict(row._mapping) for row in c.execute(query)])

    def remember(self, conversation: str, data: dict[str, Any], at: datetime) -> bool:
        """Keep `data` (JSON-able) for the next visit: all under 'memory', its "name" under 'name', else nothing.

        False when refused, and when what is remembered already could not be read (see `recall`).
        """
        if conversation in self._unread:
            self.recall(conversation)
            if conversation in self._unread:
                return False
        kept = consent.remembered(data, self.consents(conversation))
        row = {"conversation": conversation, "at": at, "data": kept}
        return kept is not None and self._put(schema.memory, row)

    def recall(self, conversation: str) -> dict[str, Any] | None:
        """What was remembered, or None; also None when the database is away."""
        self._settle(conversation)
        query = select(schema.memory.c.data).where(schema.memory.c.conversation == conversation)
        try:
            data: dict[str, Any] | None = self.link.read(lambda c: c.execute(query).scalar())
        except Unavailable:
            self._unread.add(conversation)
            return None
        self._unread.discard(conversation)
        return data

    def lose(self, conversation: str) -> None:
        """Drop what this object itself knows about a person."""
        self._known.pop(conversation, None)
        self._unread.discard(conversation)

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything that was logged is in the database; False when `seconds` did not suffice."""
        return self.outbox.flush(seconds)

    def close(self, seconds: float = 2.0) -> None:
        """Move what can be moved, then stop. What is left in the spool file is moved by the next process."""
        self.outbox.close(seconds)
        self.link.close()

    def _put(self, table: Table, values: dict[str, Any]) -> bool:
        body = {name: _storable(table.c[name].type, value) for name, value in values.items()}
        return self.outbox.put(body["conversation"], table.name, body)

    def _settle(self, conversation: str) -> None:
        with suppress(Unavailable):
            if not self.link.resting and self.outbox.of(conversation):
                self.flush(self.link.patience)


def open_log(url: str, spool: Path | None = None, **options: float) -> SessionLog:
    """A log on the database at `url`, with its spool file (None: in memory). Connects on first use, never fails.

    `options`: `patience` and `pause` of SessionLog, in seconds.
    """
    return SessionLog(url, spool, **options)


def _still_allowed(entry: Entry, consents: frozenset[str]) -> dict[str, Any] | None:
    if entry.kind in (schema.consent.name, replay.ERASE):
        return entry.body
    return consent.permitted(schema.metadata.tables[entry.kind], entry.body, consents)


def _row(kind: type[R], values: dict[str, Any]) -> R:
    typed: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in values.items()}
    return kind(**typed)


def _storable(kind: Any, value: Any) -> Any:
    """`value` as JSON, without what a database refuses: NULs, half characters, more than the column takes."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.isoformat()
    value = _plain(value)
    if value is None or not isinstance(kind, String):
        return value
    return str(value)[: kind.length]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_plain(str(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float) else _plain(str(value))
