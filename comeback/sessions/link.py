"""The way to the database: opened on first use, bounded in time, and left alone for a while after it failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.engine import Connection, Engine, make_url

from comeback.sessions import database
from comeback.sessions.database import Unavailable

T = TypeVar("T")


class Link:
    """`patience`: seconds that a read may take. `pause`: seconds without further reads after one failed."""

    def __init__(self, url: str, patience: float, pause: float) -> None:
        self.url = url
        self.patience = patience
        self.pause = pause
        self._remote = make_url(url).get_backend_name() != "sqlite"
        self._engine: Engine | None = None
        self._closed_until = 0.0

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = database.open_engine(self.url, self.patience)
        return self._engine

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._closed_until

    def read(self, call: Callable[[Connection], T], seconds: float | None = None) -> T:
        """`call` in a transaction; without `seconds` it is a quick read that fails at once while resting."""
        if seconds is None and self.resting:
            raise Unavailable("resting")
        try:
            answer = self._bounded(lambda: database.reading(self.engine, call), seconds or self.patience)
        except Unavailable:
            self._closed_until = time.monotonic() + self.pause
            raise
        self._closed_until = 0.0
        return answer

    def write(self, call: Callable[[Connection], T], seconds: float) -> T:
        """`call` in a writing transaction, tried again until `seconds` have passed. Raises Unavailable."""
        end = time.monotonic() + seconds
        while True:
            try:
                left = max(0.01, end - time.monotonic())
                return self._bounded(lambda: database.writing(self.engine, call), left)
            except Unavailable:
                if time.monotonic() + 0.05 > end:
                    raise
                time.sleep(0.05)

    def move(self, call: Callable[[Connection], None]) -> None:
        """`call` in a writing transaction, once, on the caller's thread. Raises Unavailable."""
        database.writing(self.engine, call)
        self._closed_until = 0.0

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def _bounded(self, call: Callable[[], T], seconds: float) -> T:
        return database.within(seconds, call) if self._remote else call()
