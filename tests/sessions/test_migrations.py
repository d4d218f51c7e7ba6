from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conftest import NOW, Place
from lives import agree, live
from sqlalchemy import insert, inspect

from comeback.sessions import migrate, privacy
from comeback.sessions.database import open_engine
from comeback.sessions.migrate import revisions
from comeback.sessions.schema import metadata, person


def differences(url: str) -> list[object]:
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    engine.dispose()
    theirs = ("alembic_version", "sqlite_sequence")
    return [difference for difference in found if not any(name in str(difference) for name in theirs)]


@pytest.mark.parametrize("revision", [None, *revisions()])
def test_every_earlier_revision_becomes_the_schema_and_keeps_its_rows(
    empty: Place, revision: str | None
) -> None:
    engine = open_engine(empty.url)
    if revision:
        migrate(empty.url, revision)
        with engine.begin() as connection:
            connection.execute(insert(person).values(conversation="ana", first_seen=NOW, last_seen=NOW))
    migrate(empty.url)
    assert differences(empty.url) == []
    log = empty.open()
    assert privacy.remaining(log, "ana")["person"] == (1 if revision else 0)
    agree(log, "ana", NOW)
    live(log, "ana", NOW, "words")
    assert log.flush(60)
    assert all(count for table, count in privacy.remaining(log, "ana").items() if table != privacy.SPOOL)
    log.close()
    engine.dispose()


def test_migrating_twice_changes_nothing(place: Place) -> None:
    migrate(place.url)
    assert differences(place.url) == []


def test_the_schema_is_pinned() -> None:
    assert {table.name: len(table.c) for table in metadata.sorted_tables} == {
        "person": 4,
        "consent": 7,
        "session": 8,
        "turn": 18,
        "memory": 3,
        "win": 4,
        "application": 8,
        "feedback": 8,
        "plan": 8,
        "exercise": 6,
        "week": 5,
        "disclosure": 5,
        "referral": 4,
        "rating": 5,
        "erasure": 6,
        "tally": 4,
        "published": 4,
        "erased": 2,
        "yearly": 3,
    }


def test_the_queries_of_a_turn_use_an_index(place: Place) -> None:
    engine = open_engine(place.url)
    indexed = {
        (table, columns[0])
        for table in metadata.tables
        for columns in [index["column_names"] for index in inspect(engine).get_indexes(table)]
    }
    engine.dispose()
    assert {("turn", "conversation"), ("turn", "session_id"), ("session", "conversation")} <= indexed
    assert {("consent", "conversation"), ("person", "last_seen"), ("session", "started_at")} <= indexed
