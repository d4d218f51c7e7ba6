"""Engines for SQLite, plain or encrypted (SQLCipher), and PostgreSQL with bounded waiting, and what counts as the database being away."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

T = TypeVar("T")

AWAY = (DBAPIError, PoolTimeout, OSError)
"""What goes wrong with a database ..."""

ROW = (DataError, IntegrityError)
"""... apart from what a row is to blame for."""


ENCRYPTED = "sqlite+pysqlcipher"


class Unavailable(Exception):
    """The database cannot be reached in the time given. Holds no value of any row."""


def shown(url: str) -> str:
    """The URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def key_of(url: str) -> str | None:
    """The key of an encrypted SQLite file."""
    parsed = make_url(url)
    return parsed.password if parsed.drivername == ENCRYPTED else None


def open_engine(url: str, patience: float = 0.25) -> Engine:
    """An engine that connects on first use and waits for locks at most `patience` seconds (PostgreSQL: 8 times that)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database, patience)
    wait = int(patience * 8000)
    return create_engine(
        url,
        future=True,
        pool_size=4,
        pool_timeout=patience,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 2,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": 5000,
            "options": f"-c statement_timeout={wait} -c lock_timeout={wait}",
        },
    )


def _sqlite(url: str, path: str | None, patience: float) -> Engine:
    in_memory = not path or path == ":memory:"
    options: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if in_memory else {"pool_size": 4}
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_timeout=30 if in_memory else patience,
        hide_parameters=True,
        connect_args={"timeout": patience, "check_same_thread": False},
        **options,
    )

    @event.listens_for(engine, "do_connect")
    def private(dialect: Any, record: Any, args: Any, kwargs: Any) -> None:
        if path and not in_memory:
            touch_private(Path(path))

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def touch_private(path: Path) -> None:
    """Create the file, readable by its owner only, when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def insert(connection: Connection, table: Table) -> Any:
    """The database's own INSERT, which knows ON CONFLICT."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def reading(engine: Engine, call: Callable[[Connection], T]) -> T:
    """`call` in a transaction; tried once more on a fresh connection when a pooled one had died. Raises Unavailable."""
    return _run(engine, call)


def writing(engine: Engine, call: Callable[[Connection], T]) -> T:
    """As `reading`, for calls that write: SQLite takes its write lock at once. Raises Unavailable."""
    return _run(engine.execution_options(writes=True), call)


def _run(engine: Engine, call: Callable[[Connection], T]) -> T:
    for last in (False, True):
        try:
            with engine.begin() as connection:
                return call(connection)
        except ROW:
            raise
        except AWAY as error:
            stale = isinstance(error, DBAPIError) and error.connection_invalidated
            if last or not stale:
                raise Unavailable(type(error).__name__) from None
    raise AssertionError("unreachable")


def within(seconds: float, call: Callable[[], T]) -> T:
    """`call` on a thread of its own, so that a hung network costs `seconds` at most. Raises Unavailable."""
    answer: Future[T] = Future()

    def work() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True, name="session-log-call").start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise Unavailable("slow") from None
