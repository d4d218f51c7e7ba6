from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from conftest import NOW, Place
from sqlalchemy import select

from comeback.sessions import (
    SessionLog,
    TurnRow,
    Unavailable,
    Win,
    migrate,
    open_log,
    privacy,
    replay,
    schema,
)
from comeback.sessions.database import open_engine, writing
from comeback.sessions.spool import Spool

WRITER = Path(__file__).parent / "writer.py"


def turn(number: int, conversation: str = "ana", **more: object) -> TurnRow:
    at = NOW + timedelta(seconds=number)
    return TurnRow(id=str(UUID(int=number)), conversation=conversation, at=at, channel="web", **more)  # type: ignore[arg-type]


def stored(log: SessionLog) -> list[str]:
    query = select(schema.turn.c.id).order_by(schema.turn.c.at)
    return log.link.read(lambda c: [row.id for row in c.execute(query)], 5)


@contextmanager
def away(place: Place) -> Iterator[None]:
    """The database takes nothing: PostgreSQL is stopped, the SQLite file locked by somebody else (and still read)."""
    if place.server:
        place.server.stop()
        try:
            yield
        finally:
            place.server.start()
        return
    other = sqlite3.connect(place.folder / "log.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def hanging(place: Place) -> Iterator[None]:
    """PostgreSQL takes connections and answers nothing."""
    assert place.server
    pids = place.server.pids()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_turns_go_on_while_the_database_is_away_and_each_is_stored_once(
    log: SessionLog, place: Place
) -> None:
    log.set_consent("ana", "words", True, "v1", NOW)
    log.record(turn(1, text="before"))
    assert log.flush(60) and log.consents("ana") == {"words"}
    slowest = 0.0
    with away(place):
        for number in range(2, 202):
            start = time.monotonic()
            assert log.record(turn(number, text="during"))
            assert "words" in log.consents("ana")
            slowest = max(slowest, time.monotonic() - start)
        if place.server:
            with pytest.raises(Unavailable):
                privacy.remaining(log, "ana")
    assert slowest < 0.6
    assert log.flush(60)
    assert stored(log) == [turn(number).id for number in range(1, 202)]
    assert [row.text for row in log.all(TurnRow, "ana", 1000)] == ["before", *["during"] * 200]
    assert len(privacy.export(log, "ana")["tables"]["session"]) == 1


def test_consent_can_be_given_and_revoked_while_the_database_is_away(log: SessionLog, place: Place) -> None:
    with away(place):
        log.record(turn(1, text="never agreed"))
        log.set_consent("ana", "words", True, "v1", NOW)
        log.record(turn(2, text="agreed"))
        assert log.consents("ana") == {"words"}
        log.set_consent("ana", "words", False, "v1", NOW + timedelta(seconds=1))
        assert log.consents("ana") == frozenset()
        assert "agreed" not in str(log.outbox.of("ana"))
        assert not log.add(Win(conversation="ana", at=NOW, text="not agreed"))
        log.record(turn(3, text="revoked"))
    assert log.flush(60)
    assert [row.text for row in log.all(TurnRow, "ana")] == [None, None, None]


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_what_could_not_be_read_is_not_overwritten(log: SessionLog, place: Place) -> None:
    log.set_consent("ana", "memory", True, "v1", NOW)
    log.remember("ana", {"name": "Ana", "plan": "write to Ruth"}, NOW)
    assert log.flush(60) and log.recall("ana")
    with away(place):
        assert log.recall("ana") is None
        assert not log.remember("ana", {"name": "Ana"}, NOW)
    time.sleep(log.link.pause)
    assert log.recall("ana") == {"name": "Ana", "plan": "write to Ruth"}


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_hanging_database_costs_a_turn_little(log: SessionLog, place: Place) -> None:
    log.set_consent("ana", "words", True, "v1", NOW)
    assert log.flush(60) and log.consents("ana")
    with hanging(place):
        start = time.monotonic()
        for number in range(20):
            assert log.record(turn(number, text="during"))
        assert time.monotonic() - start < 1
    assert log.flush(60) and len(stored(log)) == 20


def test_a_full_disk_keeps_rows_in_memory_until_the_database_has_them(place: Place) -> None:
    (place.folder / "full").write_text("a file where the spool's folder should be")
    log = open_log(place.url, place.folder / "full" / "spool.db")
    assert not log.record(turn(1))
    for _ in range(100):
        if stored(log):
            break
        time.sleep(0.02)
    assert stored(log) == [turn(1).id]
    log.close()


def test_a_row_that_the_database_refuses_does_not_hold_up_others(log: SessionLog) -> None:
    log.record(turn(1, variation=2**70))
    log.record(turn(2, text="nul \0 and half a character \ud83d", move="m" * 500))
    assert log.flush(60) and stored(log) == [turn(2).id]
    assert privacy.remaining(log, "ana")[privacy.SPOOL] == 1
    assert privacy.forget(log, "ana", NOW).counts[privacy.SPOOL] == 1


def test_a_database_that_is_not_migrated_yet_gets_its_rows_later(empty: Place) -> None:
    log = empty.open()
    assert log.record(turn(1)) and log.consents("ana") == frozenset() and log.recall("ana") is None
    migrate(empty.url)
    assert log.flush(60) and stored(log) == [turn(1).id]
    log.close()


def test_replaying_twice_is_replaying_once(log: SessionLog, place: Place) -> None:
    spool = Spool(None)
    body = {"conversation": "ana", "at": NOW.isoformat()}
    spool.put(
        "ana", "consent", {**body, "id": "c", "kind": "memory", "granted": True, "wording_version": "v1"}
    )
    spool.put("ana", "turn", {**body, "id": "t", "channel": "web", "feelings": [], "stage": "feedback"})
    spool.put("ana", "win", {**body, "id": "w", "text": "got up"})
    spool.put("ana", "memory", {**body, "data": {"name": "Ana"}})
    engine = open_engine(place.url)
    entries = spool.oldest(10)
    once = []
    for _ in range(2):
        writing(engine, lambda connection: replay.apply(connection, entries))
        once.append(privacy.export(log, "ana"))
    engine.dispose()
    assert once[0] == once[1] and len(once[0]["tables"]["turn"]) == 1


def test_forget_waits_at_most_five_seconds_for_a_database_that_is_away(log: SessionLog, place: Place) -> None:
    log.record(turn(1))
    assert log.flush(60)
    with away(place):
        start = time.monotonic()
        with pytest.raises(Unavailable):
            privacy.forget(log, "ana", NOW)
        assert time.monotonic() - start < 6
    time.sleep(0.1)
    assert privacy.forget(log, "ana", NOW).counts["turn"] == 1


@pytest.mark.parametrize(
    ("place", "gone"),
    [("sqlite", False), ("postgresql", False), ("postgresql", True)],
    indirect=["place"],
)
def test_killed_processes_lose_no_acknowledged_turn(place: Place, gone: bool) -> None:
    url = "sqlite:////dev/null/no.db" if gone else place.url
    writers = [
        subprocess.Popen([sys.executable, WRITER, url, place.spool, name], stdout=subprocess.PIPE, text=True)
        for name in ("ana", "ben")
    ]
    acknowledged = []
    for writer in writers:
        assert writer.stdout
        acknowledged += [writer.stdout.readline().strip() for _ in range(100)]
    for writer in writers:
        writer.kill()
        acknowledged += writer.communicate()[0].split("\n")[:-1]
    log = place.open()
    assert log.flush(60)
    found = stored(log)
    assert set(acknowledged) <= set(found) and len(found) == len(set(found))
    assert len(found) <= len(acknowledged) + len(writers)
    log.close()
