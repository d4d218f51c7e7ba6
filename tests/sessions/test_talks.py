from __future__ import annotations

from datetime import timedelta

from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select

from comeback.sessions import SessionLog, TurnRow, privacy, replay, schema
from comeback.sessions.spool import Entry

ENGINE = create_engine("sqlite://", future=True)
schema.metadata.create_all(ENGINE)


def test_turns_close_together_are_one_session(log: SessionLog) -> None:
    stages = {0: "acknowledge", 29: "perspective", 58: "acknowledge", 88: "feedback"}
    for minutes, stage in stages.items():
        at = NOW + timedelta(minutes=minutes)
        language = "es" if minutes == 29 else None
        log.record(TurnRow(conversation="ana", at=at, channel="web", stage=stage, language=language))
    log.set_consent("ana", "name", True, "v1", NOW)
    log.record(TurnRow(conversation="ana", at=NOW + timedelta(minutes=89), channel="web"))
    assert log.flush(60)
    first, second = privacy.export(log, "ana")["tables"]["session"]
    assert first["started_at"] == NOW.isoformat()
    assert first["ended_at"] == (NOW + timedelta(minutes=58)).isoformat()
    assert first["stages"] == ["acknowledge", "perspective"] and first["language"] == "es"
    assert second["stages"] == ["feedback"] and second["consents"] == ["name"] and first["consents"] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=9, unique=True))
def test_sessions_do_not_depend_on_the_order_in_which_turns_arrive(minutes: list[int]) -> None:
    """Late rows of an outage give the sessions that they would have given in time."""
    entries = [
        Entry(
            n,
            "ana",
            "turn",
            {
                "id": str(m),
                "conversation": "ana",
                "at": (NOW + timedelta(minutes=m)).isoformat(),
                "feelings": [],
            },
        )
        for n, m in enumerate(minutes)
    ]
    with ENGINE.begin() as connection:
        connection.execute(delete(schema.turn))
        connection.execute(delete(schema.session))
        replay.apply(connection, entries)
        found = connection.execute(
            select(schema.turn.c.id, schema.session.c.started_at, schema.session.c.ended_at).join(
                schema.session
            )
        ).all()
        count = len(connection.execute(select(schema.session.c.id)).all())
    ordered = sorted(minutes)
    groups = [[ordered[0]]]
    for minute in ordered[1:]:
        if minute - groups[-1][-1] < 30:
            groups[-1].append(minute)
        else:
            groups.append([minute])
    spans = {m: (NOW + timedelta(minutes=g[0]), NOW + timedelta(minutes=g[-1])) for g in groups for m in g}
    assert {int(row.id): (row.started_at, row.ended_at) for row in found} == spans and count == len(groups)
