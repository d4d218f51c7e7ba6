"""Rows on their way to the database, in a local SQLite file that outlives the process.

Everything is written here first, in one short transaction, and moved on by a thread: a turn costs the same
whether the database is near, slow or gone. In WAL mode a commit survives `kill -9`; a power cut may take the
last moments but never corrupts the file. With a key it is encrypted like the database whose rows it holds.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from comeback.sessions.database import Unavailable, touch_private

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  refused TEXT
);
CREATE INDEX IF NOT EXISTS ix_entry_conversation ON entry (conversation);
"""


@dataclass(frozen=True)
class Entry:
    """One row under way: `kind` is its table, `body` its values as JSON types."""

    position: int
    conversation: str
    kind: str
    body: dict[str, Any]


class Spool:
    """A queue in a file (`path`) or, without one, in memory. Methods raise sqlite3.Error when the file cannot be used."""

    def __init__(self, path: Path | None, patience: float = 0.1, key: str | None = None) -> None:
        self._path = path
        self._key = key
        self._driver: Any = sqlite3 if key is None else importlib.import_module("sqlcipher3.dbapi2")
        self._patience = patience
        self._guard = threading.Lock()
        self._mover = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @property
    def durable(self) -> bool:
        return self._path is not None

    def put(self, conversation: str, kind: str, body: dict[str, Any]) -> None:
        line = json.dumps(body, separators=(",", ":"))
        with self._use() as db:
            db.execute(
                "INSERT INTO entry (conversation, kind, body) VALUES (?, ?, ?)", (conversation, kind, line)
            )

    def oldest(self, count: int) -> list[Entry]:
        with self._use() as db:
            found = db.execute(
                "SELECT position, conversation, kind, body FROM entry WHERE refused IS NULL ORDER BY position LIMIT ?",
                (count,),
            ).fetchall()
        return [Entry(p, c, kind, json.loads(body)) for p, c, kind, body in found]

    def of(self, conversation: str) -> list[Entry]:
        with self._use() as db:
            found = db.execute(
                "SELECT position, conversation, kind, body FROM entry WHERE conversation = ? ORDER BY position",
                (conversation,),
            ).fetchall()
        return [Entry(p, c, kind, json.loads(body)) for p, c, kind, body in found]

    def waiting(self) -> bool:
        with self._use() as db:
            return db.execute("SELECT 1 FROM entry WHERE refused IS NULL LIMIT 1").fetchone() is not None

    def drop(self, entries: list[Entry]) -> None:
        with self._use() as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany("DELETE FROM entry WHERE position = ?", [(entry.position,) for entry in entries])

    def refuse(self, entry: Entry, reason: str) -> None:
        """Set aside a row that the database will never take, so that those behind it move on."""
        with self._use() as db:
            db.execute("UPDATE entry SET refused = ? WHERE position = ?", (reason, entry.position))

    def rewrite(self, conversation: str, change: Callable[[Entry], dict[str, Any] | None]) -> None:
        """Replace the body of each row of a conversation; None removes the row."""
        with self._use() as db:
            db.execute("BEGIN IMMEDIATE")
            for position, kind, body in db.execute(
                "SELECT position, kind, body FROM entry WHERE conversation = ?", (conversation,)
            ).fetchall():
                new = change(Entry(position, conversation, kind, json.loads(body)))
                if new is None:
                    db.execute("DELETE FROM entry WHERE position = ?", (position,))
                else:
                    db.execute("UPDATE entry SET body = ? WHERE position = ?", (json.dumps(new), position))

    def forget(self, conversation: str) -> int:
        """Delete the rows of a conversation, also from the write-ahead file; how many there were."""
        with self._use() as db:
            gone = db.execute("DELETE FROM entry WHERE conversation = ?", (conversation,)).rowcount
        self.shrink()
        return gone

    def shrink(self) -> bool:
        """Empty the write-ahead file, which holds copies of rows that have left; False when somebody is reading it."""
        with self._use() as db:
            return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    @contextmanager
    def moving(self, seconds: float = -1) -> Iterator[None]:
        """Hold this while rows leave for the database or are forgotten: one mover on the machine at a time.

        Raises Unavailable when another holds it for longer than `seconds` (negative: waits).
        """
        if not self._mover.acquire(timeout=seconds):
            raise Unavailable("busy")
        try:
            if self._path is None:
                yield
                return
            touch_private(self._path)
            with open(self._path.with_suffix(".lock"), "a") as lock:
                _lock(lock, seconds)
                yield
        finally:
            self._mover.release()

    def close(self) -> None:
        with self._guard:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self._guard, self._errors_as_sqlite3():
            if self._connection is None:
                self._connection = self._open()
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise
            else:
                if self._connection.in_transaction:
                    self._connection.commit()

    @contextmanager
    def _errors_as_sqlite3(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error:
            raise
        except self._driver.Error as error:
            raise sqlite3.OperationalError(type(error).__name__) from None

    def _open(self) -> sqlite3.Connection:
        try:
            if self._path is not None:
                touch_private(self._path)
        except OSError as error:
            raise sqlite3.OperationalError("the spool's folder cannot be written") from error
        db: sqlite3.Connection = self._driver.connect(
            self._path or ":memory:", timeout=self._patience, isolation_level=None, check_same_thread=False
        )
        if self._key is not None:
            db.execute(f'PRAGMA key="{self._key}"')
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("PRAGMA secure_delete=ON")
        db.executescript(_SCHEMA)
        return db


def _lock(file: IO[str], seconds: float) -> None:
    if seconds < 0:
        fcntl.flock(file, fcntl.LOCK_EX)
        return
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > end:
                raise Unavailable("busy") from None
            time.sleep(0.01)
