from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from postgres import Postgres, PostgresMissing
from redis_server import RedisMissing, RedisServer

from comeback.sessions import SessionLog, migrate, open_log
from comeback.sessions.schema import metadata

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
_numbers = count()


@dataclass(frozen=True)
class Place:
    """A database and the folder of its spool."""

    url: str
    folder: Path
    server: Postgres | None

    @property
    def spool(self) -> Path:
        return self.folder / "spool.db"

    def open(self) -> SessionLog:
        return open_log(self.url, self.spool, pause=0.3)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except PostgresMissing as missing:
        pytest.fail(str(missing))
    migrate(server.create("migrated"))
    yield server
    server.remove()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    try:
        server = RedisServer()
    except RedisMissing as missing:
        pytest.fail(str(missing))
    yield server.url
    server.remove()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "log.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A database without tables."""
    if request.param == "sqlite":
        yield Place(f"sqlite:///{tmp_path / 'log.db'}", tmp_path, None)
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"test{next(_numbers)}"
    yield Place(server.create(name), tmp_path, server)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A database at the newest revision."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "log.db")
        yield Place(f"sqlite:///{tmp_path / 'log.db'}", tmp_path, None)
        return
    server: Postgres = request.getfixturevalue("postgres")
    server.sql(f"TRUNCATE {', '.join(metadata.tables)}", "migrated")
    yield Place(server.url("migrated"), tmp_path, server)


@pytest.fixture
def log(place: Place) -> Iterator[SessionLog]:
    opened = place.open()
    yield opened
    opened.close()
