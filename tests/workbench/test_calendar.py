"""Plans land in the calendar where the person said; now is Tuesday 24 November 2026, 15:00."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from comeback.workbench import calendar

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ALL_DAY = None
TABLE: dict[str, tuple[str, str | None, str]] = {
    # cue: day, time (None is all day), recurrence
    "tuesday 20:30 after the kids sleep": ("2026-11-24", "20:30", ""),
    "tuesday at 9am": ("2026-12-01", "09:00", ""),
    "tuesday": ("2026-12-01", ALL_DAY, ""),
    "next tuesday at 8pm": ("2026-11-24", "20:00", ""),
    "tomorrow morning at 9": ("2026-11-25", "09:00", ""),
    "tomorrow morning": ("2026-11-25", "09:00", ""),
    "tomorrow at 5": ("2026-11-25", "17:00", ""),
    "tomorrow evening at 7": ("2026-11-25", "19:00", ""),
    "tmrw 7.30": ("2026-11-25", "07:30", ""),
    "tonight": ("2026-11-24", "20:00", ""),
    "today at 11": ("2026-11-24", "11:00", ""),
    "after my coffee": ("2026-11-25", ALL_DAY, ""),
    "when the kids sleep": ("2026-11-25", ALL_DAY, ""),
    "when i sat down at my desk": ("2026-11-25", ALL_DAY, ""),
    "": ("2026-11-25", ALL_DAY, ""),
    "saturday half past ten": ("2026-11-28", "10:30", ""),
    "quarter to eight in the evening on friday": ("2026-11-27", "19:45", ""),
    "noon on thursday": ("2026-11-26", "12:00", ""),
    "every tuesday 20:30": ("2026-11-24", "20:30", "WEEKLY TU"),
    "tuesdays after dinner": ("2026-12-01", ALL_DAY, "WEEKLY TU"),
    "every monday and thursday at 7am": ("2026-11-26", "07:00", "WEEKLY MO,TH"),
    "every other friday 18:00": ("2026-11-27", "18:00", "WEEKLY/2 FR"),
    "weekdays at 8:15": ("2026-11-25", "08:15", "WEEKLY MO,TU,WE,TH,FR"),
    "every morning": ("2026-11-25", "09:00", "DAILY"),
    "daily at 21:00": ("2026-11-24", "21:00", "DAILY"),
    "once a week": ("2026-11-25", ALL_DAY, "WEEKLY"),
    "in 3 days": ("2026-11-27", ALL_DAY, ""),
    "in a week at 10am": ("2026-12-01", "10:00", ""),
    "3 december 10:00": ("2026-12-03", "10:00", ""),
    "jan 5th": ("2027-01-05", ALL_DAY, ""),
    "next week": ("2026-11-30", ALL_DAY, ""),
    "next week wednesday 9:00": ("2026-12-02", "09:00", ""),
    "20:30": ("2026-11-24", "20:30", ""),
    "at 8am": ("2026-11-25", "08:00", ""),
    "martes a las 19:00": ("2026-11-24", "19:00", ""),
    "mañana por la mañana": ("2026-11-25", "09:00", ""),
}


def event(cue: str, now: datetime = NOW, **more: str) -> Any:
    made = calendar.plan({"act": "answer three questions aloud", "cue": cue, **more}, now)
    assert made.payload is not None
    return Calendar.from_ical(str(made.payload["ics"])).walk("VEVENT")[0]


def rule(entry: Any) -> str:
    if "rrule" not in entry:
        return ""
    found = entry["rrule"]
    interval = found["interval"][0]
    days = ",".join(found.get("byday", []))
    return f"{found['freq'][0]}{'' if interval == 1 else f'/{interval}'} {days}".strip()


@pytest.mark.parametrize("cue", TABLE)
def test_a_cue_becomes_a_time(cue: str) -> None:
    entry = event(cue)
    day, at, repeats = TABLE[cue]
    start = entry["dtstart"].dt
    if at is None:
        assert not isinstance(start, datetime) and start == date.fromisoformat(day)
    else:
        assert start == datetime.fromisoformat(f"{day}T{at}")
    assert rule(entry) == repeats


def test_hours_ahead_are_an_instant() -> None:
    assert event("in 2 hours")["dtstart"].dt == NOW + timedelta(hours=2)


def test_a_named_zone_travels_with_the_time() -> None:
    zone = ZoneInfo("America/New_York")
    entry = event("tomorrow at 9am", NOW.astimezone(zone))
    start = entry["dtstart"].dt
    assert start == datetime(2026, 11, 25, 9, 0, tzinfo=zone)
    assert entry["dtstart"].params["TZID"] == "America/New_York"


def test_the_entry_holds_the_plan_and_a_reminder() -> None:
    entry = event("tuesday 20:30 for 40 minutes", coping="thursday, 20 minutes", place="kitchen table")
    assert entry["summary"] == "answer three questions aloud"
    assert entry["description"] == "tuesday 20:30 for 40 minutes\nthursday, 20 minutes"
    assert entry["location"] == "kitchen table"
    assert entry["dtend"].dt - entry["dtstart"].dt == timedelta(minutes=40)
    assert entry.walk("VALARM")[0]["trigger"].dt == timedelta(minutes=-10)
    assert event("after my coffee").walk("VALARM")[0]["trigger"].dt == timedelta(hours=9)


def test_the_same_plan_keeps_its_uid() -> None:
    assert event("tuesday 20:30")["uid"] == event("Tuesday  20:30", NOW + timedelta(days=9))["uid"]
    assert event("tuesday 20:30")["uid"] != event("friday 20:30")["uid"]


@pytest.mark.parametrize(
    ("cue", "when"),
    [
        ("tuesday 20:30", "Tuesday 24 November, 20:30"),
        ("every tuesday 20:30", "every Tuesday, 20:30"),
        ("saturday", "Saturday 28 November"),
        ("every morning", "every day, 09:00"),
        ("after my coffee", None),
    ],
)
def test_the_time_is_said_back(cue: str, when: str | None) -> None:
    made = calendar.plan({"act": "x", "cue": cue}, NOW)
    assert made.blanks.get("when") == when


def test_strange_cues_do_no_harm() -> None:
    for cue in ("31 february", "at 99", "in 9999999999 weeks", "a" * 5_000, "\n\r;:,\\", "25:99 tomorrow"):
        event(cue)


@pytest.mark.parametrize(
    ("asked", "when", "title", "day"),
    [
        (["can you remind me friday"], "Friday 27 November", "Your reminder", "2026-11-27"),
        (["remind me to send the note", "thursday"], "Thursday 26 November", "send the note", "2026-11-26"),
        (
            ["remind me on monday about the form.", "no, tuesday"],
            "Tuesday 1 December",
            "the form",
            "2026-12-01",
        ),
        (["remind me every monday"], "Monday 30 November", "Your reminder", "2026-11-30"),
        (["remind me"], None, "Your reminder", "2026-11-25"),
    ],
)
def test_a_reminder_is_one_entry_that_a_later_one_replaces(
    asked: list[str], when: str | None, title: str, day: str
) -> None:
    kept: dict[str, str] = {}
    for text in asked:
        made = calendar.reminder_asked(text, kept, NOW)
        kept = made.keep
    assert made.blanks.get("when") == when
    entry, later = (calendar.reminder(k, "web-1", NOW).payload for k in (kept, {"when": "sunday"}))
    assert entry is not None and later is not None
    first, second = (Calendar.from_ical(str(p["ics"])).walk("VEVENT")[0] for p in (entry, later))
    assert (first["SUMMARY"], first.decoded("DTSTART").isoformat()) == (title, day)
    assert "RRULE" not in first and len(first.walk("VALARM")) == 1 and first["UID"] == second["UID"]
    assert calendar.reminder(kept, "web-2", NOW).payload != entry
