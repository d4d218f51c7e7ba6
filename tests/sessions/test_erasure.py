"""What was erased stays erased, whatever is still under way."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from conftest import NOW, Place
from lives import agree, live
from loops import finish
from sqlalchemy import select
from test_faults import away, turn

from comeback.sessions import Referral, SessionLog, TurnRow, Unavailable, open_log, privacy, retention, schema
from comeback.sessions.figures import figures, referrals
from comeback.sessions.outbox import SWEEP_SECONDS

LATER = NOW + timedelta(minutes=5)
SECRET = "they said I was a great fit and I cried in the car park"


def test_a_row_from_before_an_erasure_never_comes_back_and_a_new_talk_begins(
    log: SessionLog, place: Place
) -> None:
    agree(log, "ana", NOW)
    assert log.flush(60)
    elsewhere = open_log("sqlite:////dev/null/no.db", place.folder / "other.db")
    elsewhere.record(turn(1, text=SECRET))
    elsewhere.set_consent("ana", "words", True, "v1", NOW)
    elsewhere.close(0)
    privacy.forget(log, "ana", LATER)
    late = open_log(place.url, place.folder / "other.db")
    assert late.flush(60)
    assert not any(privacy.remaining(log, "ana").values())
    late.record(turn(301))
    assert late.flush(60) and privacy.remaining(log, "ana")["turn"] == 1
    late.close()


def test_an_erasure_ordered_while_the_database_is_away_is_done_when_it_is_back(
    log: SessionLog, place: Place
) -> None:
    for person in ("ana", "ben"):
        agree(log, person, NOW)
        live(log, person, NOW, SECRET if person == "ana" else "other words")
    assert log.flush(60)
    before = privacy.remaining(log, "ben")
    with away(place):
        log.record(turn(1, text=SECRET))
        assert privacy.forget_later(log, "ana", LATER, "cleared")
        log.close(0)
        log = place.open()
    assert log.flush(60)
    assert not any(privacy.remaining(log, "ana").values()) and privacy.remaining(log, "ben") == before
    note = log.link.read(lambda c: c.execute(select(schema.erasure)).one(), 5)
    assert note.reason == "cleared" and note.rows["turn"] == 1
    log.close()


def test_rows_that_have_left_leave_no_copy_in_the_spool(log: SessionLog, place: Place) -> None:
    """So that an erasure on another machine leaves nothing here."""
    agree(log, "ana", NOW)
    live(log, "ana", NOW, SECRET)
    assert log.flush(60)
    files = [path for path in place.folder.iterdir() if path.name.startswith("spool")]
    for _ in range(int(SWEEP_SECONDS + 3) * 10):
        if not any(SECRET.encode() in path.read_bytes() for path in files):
            return
        time.sleep(0.1)
    raise AssertionError("a copy is left")


def test_erasing_somebody_unknown_is_fine(log: SessionLog) -> None:
    assert privacy.forget(log, "nobody", NOW).total == 0
    assert not any(privacy.remaining(log, "nobody").values())


def test_marks_hold_no_identity_and_go_after_eight_days(log: SessionLog) -> None:
    privacy.forget(log, "ana", NOW)
    marks = select(schema.erased.c.mark)
    (mark,) = log.link.read(lambda c: c.execute(marks).scalars().all(), 5)
    assert "ana" not in mark
    retention.purge(log, NOW + timedelta(days=9))
    assert log.link.read(lambda c: c.execute(marks).all(), 5) == []


def test_a_kiosk_talk_that_was_cleared_still_counts(log: SessionLog) -> None:
    for n in range(20):
        log.record(TurnRow(conversation=f"k{n}", at=NOW, channel="kiosk", stage="acknowledge", language="en"))
        privacy.forget(log, f"k{n}", NOW, "cleared", counted=True)
    shown = {(row.figure, row.value): row.people for row in figures(log, NOW + timedelta(weeks=1), 2)}
    assert shown["channel", "kiosk"] == 20
    tables = log.link.read(lambda c: [c.execute(select(t)).all() for t in schema.metadata.sorted_tables], 5)
    assert "k1" not in str([row for rows in tables for row in rows if "sqlite" not in str(row)])


def test_referrals_are_counted_by_year_and_stay_when_people_are_erased(log: SessionLog) -> None:
    for _ in range(2):
        row = Referral(conversation="ana", at=NOW, category="crisis line")
        log.add(row)
        log.add(row)
    assert log.flush(60)
    privacy.forget(log, "ana", LATER)
    assert referrals(log, 2026) == {"crisis line": 2} and referrals(log, 2025) == {}


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_two_processes_that_purge_at_once_count_and_erase_each_person_once(
    log: SessionLog, place: Place
) -> None:
    for n in range(60):
        log.record(TurnRow(conversation=f"p{n}", at=NOW, channel="web", language="en"))
    assert log.flush(60)
    second = open_log(place.url, place.folder / "second.db")
    with ThreadPoolExecutor(2) as pool:
        receipts = list(pool.map(lambda each: retention.purge(each, NOW, 0), (log, second)))
    second.close()
    assert sum(receipt.people for receipt in receipts) == 60
    shown = {(row.figure, row.value): row.people for row in figures(log, NOW + timedelta(weeks=1), 1)}
    assert shown["people", "all"] == 60


def test_people_are_erased_on_a_schedule_and_after_a_failure(log: SessionLog, place: Place) -> None:
    """Five-minute steps of a fake clock: a kiosk talk goes once it has been quiet, a talk on the web after 30 days."""
    log.record(TurnRow(conversation="kiosk", at=NOW, channel="kiosk"))
    log.record(TurnRow(conversation="web", at=NOW, channel="web"))
    assert log.flush(60)
    here: dict[timedelta, set[str]] = {}
    passed = [
        timedelta(),
        timedelta(minutes=29),
        timedelta(minutes=31),
        timedelta(days=29),
        timedelta(days=30),
    ]
    steps = iter(passed)
    now = [next(steps)]
    calls = 0

    def purge(at):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Unavailable("away")
        return retention.purge(log, at, 30, quiet=timedelta(minutes=30))

    async def sleep(seconds: float) -> None:
        assert seconds == 300
        here[now[0]] = {p for p in ("kiosk", "web") if any(privacy.remaining(log, p).values())}
        now[0] = next(steps)

    with pytest.raises(RuntimeError):
        finish(retention.keep_purging(purge, lambda: NOW + now[0], sleep))
    assert [here[step] for step in passed] == [{"kiosk", "web"}] * 2 + [{"web"}] * 2 + [set()]
