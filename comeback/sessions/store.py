"""The session log: rows in, a person's own rows out. Nothing here makes a talk wait for the database."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import String, Table, Text, select
from sqlalchemy.engine import Engine, make_url

from comeback.sessions import consent, database, replay, schema
from comeback.sessions.database import Unavailable
from comeback.sessions.rows import Row, TurnRow, new_id
from comeback.sessions.spool import Entry, Spool

R = TypeVar("R", bound=Row)
T = TypeVar("T")

logger = logging.getLogger(__name__)

BATCH = 200
POLL_SECONDS = 5.0
"""How often rows that another process left behind are looked for."""


class SessionLog:
    """Writes go to the spool and from there, on a thread, to the database; reads go to the database for at most
    `patience` seconds. After a failed read the next ones fail at once until `pause` seconds have passed."""

    def __init__(
        self, url: str, spool: Path | None = None, *, patience: float = 0.25, pause: float = 2.0
    ) -> None:
        self.url = url
        self.patience = patience
        self._pause = pause
        self._engine: Engine | None = None
        self._remote = make_url(url).get_backend_name() != "sqlite"
        self._spool = Spool(spool)
        self._overflow = Spool(None)
        self._closed_until = 0.0
        self._known: dict[str, frozenset[str]] = {}
        self._unread: set[str] = set()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._mover: threading.Thread | None = None

    # writing

    def record(self, turn: TurnRow) -> bool:
        """Log a turn; never raises. True once it is safe on disk, False when only memory could take it."""
        try:
            return self.add(turn)
        except Exception as error:  # noqa: BLE001 - a talk never stops for its log
            logger.error("a turn was not logged: %s", type(error).__name__)
            return False

    def add(self, row: Row) -> bool:
        """Log a row, without the words that the consents do not cover. Adding one with the same id replaces it.

        True once it is safe on disk; False when consent refuses it or only memory could take it. Raises ValueError for a time without zone.
        """
        table = schema.metadata.tables[row.table]
        values: dict[str, Any] | None = {f.name: getattr(row, f.name) for f in fields(row)}
        assert values is not None
        if consent.needs(table, values):
            values = consent.permitted(table, values, self.consents(row.conversation))
        return values is not None and self._put(table, values)

    def set_consent(
        self, conversation: str, kind: str, granted: bool, wording_version: str, at: datetime
    ) -> bool:
        """Grant or revoke; a revocation also erases what the consent had allowed. Raises ValueError for a wrong kind."""
        if kind not in consent.KINDS:
            raise ValueError(f"no such consent: {kind!r}")
        values = {"id": new_id(), "conversation": conversation, "at": at, "kind": kind, "granted": granted}
        durable = self._put(schema.consent, {**values, "wording_version": wording_version})
        if not granted:
            self._scrub(conversation)
        return durable

    def remember(self, conversation: str, data: dict[str, Any], at: datetime) -> bool:
        """Keep `data` (JSON-able) for the next visit: all of it under 'memory', its "name" under 'name', else nothing.

        False when refused. What could not be read (see `recall`) is not overwritten.
        """
        if (
            conversation in self._unread
            and self.recall(conversation) is None
            and conversation in self._unread
        ):
            return False
        kept = consent.remembered(data, self.consents(conversation))
        return kept is not None and self._put(
            schema.memory, {"conversation": conversation, "at": at, "data": _plain(kept)}
        )

    # reading

    def consents(self, conversation: str) -> frozenset[str]:
        """The consents in force: those stored and those under way. With the database away, the last ones known."""
        try:
            known = self.read(lambda connection: consent.read(connection, conversation))
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[conversation] = known
        except Unavailable:
            known = self._known.get(conversation, frozenset())
        on_the_way = [
            (e.body["kind"], e.body["granted"]) for e in self._pending(conversation) if e.kind == "consent"
        ]
        return consent.in_force([*((kind, True) for kind in known), *on_the_way])

    def consent_history(self, conversation: str) -> list[dict[str, Any]]:
        """Every grant and revocation, oldest first: at, kind, granted, wording_version. Raises Unavailable."""
        table = schema.consent
        query = select(table.c.at, table.c.kind, table.c.granted, table.c.wording_version)
        query = query.where(table.c.conversation == conversation).order_by(table.c.at, table.c.position)
        self.flush(self.patience)
        events: list[dict[str, Any]] = self.read(lambda c: [dict(row._mapping) for row in c.execute(query)])
        return events

    def recall(self, conversation: str) -> dict[str, Any] | None:
        """What was remembered, or None; also None when the database is away."""
        self._settle(conversation)
        query = select(schema.memory.c.data).where(schema.memory.c.conversation == conversation)
        try:
            data: dict[str, Any] | None = self.read(lambda connection: connection.execute(query).scalar())
        except Unavailable:
            self._unread.add(conversation)
            return None
        self._unread.discard(conversation)
        return data

    def all(self, kind: type[R], conversation: str, limit: int = 200) -> list[R]:
        """The latest `limit` rows of a kind, oldest first. Raises Unavailable."""
        self._settle(conversation)
        table = schema.metadata.tables[kind.table]
        query = select(*(table.c[f.name] for f in fields(kind))).where(table.c.conversation == conversation)
        query = query.order_by(table.c.at.desc(), table.c.id).limit(limit)
        found = self.read(lambda connection: connection.execute(query).all())
        return [_row(kind, dict(row._mapping)) for row in reversed(found)]

    def read(self, call: Any, seconds: float | None = None) -> Any:
        """`call(connection)` in a transaction, for at most `seconds` (default: `patience`). Raises Unavailable."""
        if seconds is None and time.monotonic() < self._closed_until:
            raise Unavailable("paused")
        try:
            answer = self._bounded(lambda: database.reading(self.engine, call), seconds or self.patience)
        except Unavailable:
            self._closed_until = time.monotonic() + self._pause
            raise
        self._closed_until = 0.0
        return answer

    def write(self, call: Any, seconds: float) -> Any:
        """`call(connection)` in a writing transaction, tried until `seconds` have passed. Raises Unavailable."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self._bounded(
                    lambda: database.writing(self.engine, call), max(0.01, end - time.monotonic())
                )
            except Unavailable:
                if time.monotonic() + 0.05 > end:
                    raise
                time.sleep(0.05)

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = database.open_engine(self.url, self.patience)
        return self._engine

    # moving

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything that was logged is in the database; False when `seconds` did not suffice."""
        end = time.monotonic() + seconds
        while any(_waiting(spool) for spool in self.spools):
            self._start()
            self._wake.set()
            if time.monotonic() > end:
                return False
            time.sleep(0.002)
        return True

    def close(self, seconds: float = 2.0) -> None:
        """Move what can be moved, then stop. What is left in the spool file is moved by the next process."""
        self.flush(seconds)
        self._stopping.set()
        self._wake.set()
        if self._mover is not None:
            self._mover.join(seconds)
        for spool in self.spools:
            spool.close()
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def halted(self, seconds: float) -> Iterator[None]:
        """Nothing leaves the spools while this is held. Raises Unavailable when it cannot be had in `seconds`."""
        with ExitStack() as stack:
            for spool in self.spools:
                stack.enter_context(spool.moving(seconds))
            yield

    def lose(self, conversation: str) -> None:
        """Drop what this object itself knows about a person."""
        self._known.pop(conversation, None)
        self._unread.discard(conversation)

    @property
    def spools(self) -> tuple[Spool, Spool]:
        return self._spool, self._overflow

    def _put(self, table: Table, values: dict[str, Any]) -> bool:
        body = {name: _storable(table.c[name].type, value) for name, value in values.items()}
        for spool in self.spools:
            try:
                spool.put(body["conversation"], table.name, body)
            except sqlite3.Error as error:
                logger.warning("spool: %s", type(error).__name__)
                continue
            self._start()
            self._wake.set()
            return spool.durable
        return False

    def _start(self) -> None:
        if self._mover is None or not self._mover.is_alive():
            with self._starting:
                if (self._mover is None or not self._mover.is_alive()) and not self._stopping.is_set():
                    self._mover = threading.Thread(target=self._move, daemon=True, name="session-log")
                    self._mover.start()

    def _move(self) -> None:
        wait = 0.1
        while not self._stopping.is_set():
            try:
                for spool in self.spools:
                    while self._move_some(spool):
                        wait = 0.1
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
            except (Unavailable, sqlite3.Error, OSError) as error:
                logger.warning(
                    "session log waits: %s", error if isinstance(error, Unavailable) else type(error).__name__
                )
                self._stopping.wait(wait)
                wait = min(wait * 2, self._pause)

    def _move_some(self, spool: Spool) -> int:
        if not spool.waiting():
            return 0
        with spool.moving():
            entries = spool.oldest(BATCH)
            try:
                database.writing(self.engine, lambda connection: replay.apply(connection, entries))
                spool.drop(entries)
            except Unavailable:
                raise
            except Exception:  # noqa: BLE001 - one row is to blame; find it
                for entry in entries:
                    self._move_one(spool, entry)
        self._closed_until = 0.0
        return len(entries)

    def _move_one(self, spool: Spool, entry: Entry) -> None:
        try:
            database.writing(self.engine, lambda connection: replay.apply(connection, [entry]))
            spool.drop([entry])
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the rows behind it must move on
            logger.error("session log sets a %s row aside: %s", entry.kind, type(error).__name__)
            spool.refuse(entry, type(error).__name__)

    def _bounded(self, call: Any, seconds: float) -> Any:
        return database.within(seconds, call) if self._remote else call()

    def _pending(self, conversation: str) -> list[Entry]:
        found: list[Entry] = []
        for spool in self.spools:
            try:
                found += spool.of(conversation)
            except sqlite3.Error as error:
                logger.warning("spool: %s", type(error).__name__)
        return found

    def _settle(self, conversation: str) -> None:
        if self._pending(conversation) and time.monotonic() >= self._closed_until:
            self.flush(self.patience)

    def _scrub(self, conversation: str) -> None:
        """Take words that are no longer allowed out of the rows under way."""
        left = self.consents(conversation)

        def change(entry: Entry) -> dict[str, Any] | None:
            return (
                entry.body
                if entry.kind == "consent"
                else consent.permitted(schema.metadata.tables[entry.kind], entry.body, left)
            )

        for spool in self.spools:
            try:
                spool.rewrite(conversation, change)
            except sqlite3.Error as error:
                logger.warning("spool: %s", type(error).__name__)


def open_log(url: str, spool: Path | None = None, **options: float) -> SessionLog:
    """A log on the database at `url`, with its spool file (None: in memory). Connects on first use and never fails."""
    return SessionLog(url, spool, **options)


def _waiting(spool: Spool) -> bool:
    try:
        return spool.waiting()
    except sqlite3.Error:
        return False


def _row(kind: type[R], values: dict[str, Any]) -> R:
    return kind(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    )


def _storable(kind: Any, value: Any) -> Any:
    """`value` as JSON, without what a database refuses: NULs, half characters, more than the column takes."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.isoformat()
    value = _plain(value)
    if isinstance(value, str) and isinstance(kind, String) and not isinstance(kind, Text):
        return value[: kind.length]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_plain(str(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float) else _plain(str(value))
