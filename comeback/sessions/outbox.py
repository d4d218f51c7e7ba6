"""Rows under way: put into a spool at once, moved to the database by one thread, in order, each exactly once."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from comeback.sessions import replay
from comeback.sessions.database import Unavailable, key_of
from comeback.sessions.link import Link
from comeback.sessions.spool import Entry, Spool

logger = logging.getLogger(__name__)

BATCH = 200
POLL_SECONDS = 5.0
"""How often rows that another process left behind are looked for."""


SWEEP_SECONDS = 2.0
"""When so long nothing was logged, copies of rows that have left are taken out of the spool's write-ahead file."""
SWEEP_AT_LAST = 30.0
"""And after so long at the latest, while others talk on: it waits for the disk."""


class Outbox:
    """A spool file and, for when the disk is full or gone, one in memory."""

    def __init__(self, link: Link, path: Path | None) -> None:
        self._link = link
        self._spools = (Spool(path, key=key_of(link.url)), Spool(None))
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._mover: threading.Thread | None = None
        self._copies = False
        self._swept_at = time.monotonic()
        if path is not None and path.exists():
            self._start()

    def put(self, conversation: str, kind: str, body: dict[str, Any]) -> bool:
        """Queue a row; True when it is on disk, False when only in memory."""
        for spool in self._spools:
            try:
                spool.put(conversation, kind, body)
            except sqlite3.Error as error:
                logger.warning("spool: %s", type(error).__name__)
                continue
            self._start()
            self._wake.set()
            return spool.durable
        return False

    def of(self, conversation: str) -> list[Entry]:
        """The rows of a conversation, oldest first. Raises Unavailable when the file cannot be read."""
        with _readable():
            return [entry for spool in self._spools for entry in spool.of(conversation)]

    def forget(self, conversation: str) -> int:
        """Delete the rows of a conversation; how many there were. Raises Unavailable."""
        with _readable():
            return sum(spool.forget(conversation) for spool in self._spools)

    def rewrite(self, conversation: str, change: Callable[[Entry], dict[str, Any] | None]) -> None:
        """Change what waits; None as the new body removes the row. Raises Unavailable."""
        with _readable():
            for spool in self._spools:
                spool.rewrite(conversation, change)

    def shrink(self) -> None:
        """Remove copies of rows that have left. Raises Unavailable."""
        with _readable():
            for spool in self._spools:
                spool.shrink()

    def flush(self, seconds: float) -> bool:
        """Wait until every row is in the database; False when `seconds` did not suffice."""
        end = time.monotonic() + seconds
        while any(_waiting(spool) for spool in self._spools):
            self._start()
            self._wake.set()
            if time.monotonic() > end:
                return False
            time.sleep(0.002)
        return True

    @contextmanager
    def halted(self, seconds: float) -> Iterator[None]:
        """Nothing moves while this is held. Raises Unavailable when it cannot be had in `seconds`."""
        with ExitStack() as stack:
            for spool in self._spools:
                stack.enter_context(spool.moving(seconds))
            yield

    def close(self, seconds: float) -> None:
        self.flush(seconds)
        self._stopping.set()
        self._wake.set()
        if self._mover is not None:
            self._mover.join(seconds)
        for spool in self._spools:
            spool.close()

    def _start(self) -> None:
        with self._starting:
            if (self._mover is None or not self._mover.is_alive()) and not self._stopping.is_set():
                self._mover = threading.Thread(target=self._run, daemon=True, name="session-log")
                self._mover.start()

    def _run(self) -> None:
        wait = 0.1
        while not self._stopping.is_set():
            moved = [self._move_all(spool) for spool in self._spools]
            if all(moved):
                wait = 0.1
                idle = not self._wake.wait(SWEEP_SECONDS if self._copies else POLL_SECONDS)
                self._wake.clear()
                if self._copies and (idle or time.monotonic() - self._swept_at > SWEEP_AT_LAST):
                    self._sweep()
            else:
                self._stopping.wait(wait)
                wait = min(wait * 2, self._link.pause)

    def _sweep(self) -> None:
        with suppress(sqlite3.Error):
            self._copies = not all(spool.shrink() for spool in self._spools)
        self._swept_at = time.monotonic()

    def _move_all(self, spool: Spool) -> bool:
        try:
            while not self._stopping.is_set() and self._move(spool):
                pass
        except (Unavailable, sqlite3.Error, OSError) as error:
            reason = str(error) if isinstance(error, Unavailable) else f"spool: {type(error).__name__}"
            logger.warning("the session log waits: %s", reason)
            return False
        return True

    def _move(self, spool: Spool) -> bool:
        if not spool.waiting():
            return False
        with spool.moving():
            entries = spool.oldest(BATCH)
            self._copies = True
            try:
                self._link.move(lambda connection: replay.apply(connection, entries))
                spool.drop(entries)
            except (Unavailable, sqlite3.Error):
                raise
            except Exception:
                for entry in entries:
                    self._move_one(spool, entry)
        return True

    def _move_one(self, spool: Spool, entry: Entry) -> None:
        try:
            self._link.move(lambda connection: replay.apply(connection, [entry]))
            spool.drop([entry])
        except (Unavailable, sqlite3.Error):
            raise
        except Exception as error:
            logger.error("the session log sets a %s row aside: %s", entry.kind, type(error).__name__)
            spool.refuse(entry, type(error).__name__)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(f"spool: {type(error).__name__}") from None


def _waiting(spool: Spool) -> bool:
    try:
        return spool.waiting()
    except sqlite3.Error:
        return False
