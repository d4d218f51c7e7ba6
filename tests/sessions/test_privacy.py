from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from conftest import NOW, Place
from lives import agree, live
from sqlalchemy import JSON, Text, select

from comeback.sessions import (
    Feedback,
    Plan,
    Rating,
    SessionLog,
    TurnRow,
    Win,
    migrate,
    privacy,
    retention,
    schema,
)
from comeback.sessions.consent import KINDS

SECRET = "they said I was a great fit and I cried in the car park"


def stored(log: SessionLog) -> str:
    """Every value of every row, and the bytes of the spool."""
    assert log.flush(60)
    tables = schema.metadata.sorted_tables
    return log.link.read(lambda c: json.dumps([[str(r) for r in c.execute(select(t))] for t in tables]), 5)


def bytes_on_disk(place: Place) -> bytes:
    return b"".join(path.read_bytes() for path in place.folder.iterdir())


def test_without_consent_no_row_holds_words(log: SessionLog, place: Place) -> None:
    for kind in KINDS:
        log.set_consent("ana", kind, False, "v1", NOW)
    live(log, "ana", NOW, SECRET)
    live(log, "ben", NOW, SECRET)
    assert SECRET not in stored(log)
    assert SECRET.encode() not in bytes_on_disk(place)
    assert log.flush(60)
    left = privacy.remaining(log, "ben")
    assert left == dict.fromkeys(left, 0) | dict.fromkeys(
        ("person", "session", "turn", "feedback", "exercise", "disclosure", "referral", "rating"), 1
    )


def test_every_free_text_column_depends_on_a_consent() -> None:
    free = [
        column
        for table in schema.PERSONAL
        for column in table.c
        if isinstance(column.type, Text | JSON) and column.name not in ("feelings", "stages", "consents")
    ]
    assert len(free) == 9
    assert [c for c in free if not (c.info.get("consent") or c.table.info.get("consent"))] == []


def test_the_name_alone_can_be_remembered(log: SessionLog) -> None:
    log.set_consent("ana", "name", True, "v1", NOW)
    assert log.remember("ana", {"name": "Ana", "company": "Acme"}, NOW)
    assert not log.add(Win(conversation="ana", at=NOW, text="got up"))
    assert log.flush(60)
    assert log.recall("ana") == {"name": "Ana"}
    assert not log.remember("ben", {"name": "Ben"}, NOW)
    assert log.recall("ben") is None


def test_revoking_erases_what_the_consent_allowed_and_keeps_its_history(log: SessionLog) -> None:
    agree(log, "ana", NOW)
    live(log, "ana", NOW, SECRET)
    assert log.flush(60)
    later = NOW + timedelta(hours=1)
    log.set_consent("ana", "words", False, "v2", later)
    assert log.flush(60)
    assert [turn.text for turn in log.all(TurnRow, "ana")] == [None]
    log.set_consent("ana", "reminder", False, "v2", later)
    assert log.flush(60)
    assert [plan.remind_at for plan in log.all(Plan, "ana")] == [None]
    log.set_consent("ana", "memory", False, "v2", later)
    assert log.flush(60)
    assert log.recall("ana") == {"name": SECRET}
    assert log.all(Win, "ana") == log.all(Plan, "ana") == []
    assert [(request.draft, request.answer) for request in log.all(Feedback, "ana")] == [(None, None)]
    log.set_consent("ana", "name", False, "v2", later)
    assert log.flush(60)
    assert SECRET not in stored(log)
    history = log.consent_history("ana")
    assert [
        (e["kind"], e["granted"], e["wording_version"], e["at"]) for e in history if e["kind"] == "words"
    ] == [
        ("words", True, "v1", NOW),
        ("words", False, "v2", later),
    ]
    with pytest.raises(ValueError):
        log.set_consent("ana", "everything", True, "v1", NOW)


def test_export_and_summary_hold_all_of_one_person_and_nothing_of_another(log: SessionLog) -> None:
    for person in ("ana", "ben"):
        agree(log, person, NOW)
        live(log, person, NOW, f"the words of {person}")
    assert log.flush(60)
    exported = privacy.export(log, "ana")
    assert all(exported["tables"].values()) and set(exported["tables"]) == {t.name for t in schema.PERSONAL}
    text = json.dumps(exported)
    assert "the words of ana" in text and "ben" not in text
    lines = privacy.readable(exported)
    assert ("win", "1", "text", "the words of ana") in lines
    known = privacy.summary(log, "ana", keep_days=30)
    assert {c.table for c in known.categories} == set(exported["tables"]) and known.consents == KINDS
    assert "ben" not in str(known)
    assert privacy.summary(log, "nobody").total == 0
    assert not any(privacy.export(log, "an")["tables"].values())


def test_a_row_cannot_be_replaced_by_somebody_else(log: SessionLog) -> None:
    mine = Rating(conversation="ana", at=NOW, heard=4)
    log.add(mine)
    log.add(Rating(id=mine.id, conversation="ben", at=NOW, heard=0))
    assert log.flush(60) and log.all(Rating, "ana") == [mine] and log.all(Rating, "ben") == []


def test_forget_leaves_nothing_of_one_person_and_all_of_another(log: SessionLog, place: Place) -> None:
    for person in ("ana", "ben"):
        agree(log, person, NOW)
        live(log, person, NOW, SECRET if person == "ana" else "other words")
    assert log.flush(60)
    before = privacy.remaining(log, "ana")
    receipt = privacy.forget(log, "ana", NOW)
    assert receipt.counts == {table: count for table, count in before.items() if count}
    assert receipt.total == sum(before.values()) and receipt.seconds < 5
    assert not any(privacy.remaining(log, "ana").values())
    assert privacy.remaining(log, "ben") == before
    assert SECRET not in stored(log) and SECRET.encode() not in bytes_on_disk(place)
    erasure = log.link.read(lambda c: c.execute(select(schema.erasure)).one())
    assert erasure.rows == receipt.counts and erasure.people == 1 and "ana" not in str(erasure)
    assert privacy.forget(log, "ana", NOW).total == 0


@pytest.mark.parametrize("channel, days, left", [("web", 29, 1), ("web", 30, 0), ("kiosk", 0, 0)])
def test_idle_people_are_erased(log: SessionLog, channel: str, days: int, left: int) -> None:
    agree(log, "ana", NOW)
    live(log, "ana", NOW, SECRET, channel)
    log.record(TurnRow(conversation="ben", at=NOW + timedelta(days=days), channel="slack"))
    receipt = retention.purge(log, NOW + timedelta(days=days), idle_days=30)
    remaining = privacy.remaining(log, "ana")
    assert {bool(n) for table, n in remaining.items() if table != privacy.SPOOL} == {bool(left)}
    assert receipt.people == 1 - left and privacy.remaining(log, "ben")["turn"] == 1


def test_no_log_line_holds_words_when_things_fail(empty: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    migrate(empty.url)
    log = empty.open()
    agree(log, "ana", NOW)
    log.link.write(lambda c: c.exec_driver_sql("ALTER TABLE turn RENAME COLUMN text TO broken"), 1)
    live(log, "ana", NOW, SECRET)
    assert not log.flush(0.5)
    log.record(TurnRow(conversation="ana", at=NOW.replace(tzinfo=None), channel="web", text=SECRET))
    log.close(0.1)
    assert caplog.records and SECRET not in caplog.text and "crashed" not in caplog.text
