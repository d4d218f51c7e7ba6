"""If-then plans as calendar entries (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from comeback.vocabulary import Made
from comeback.workbench import moments
from comeback.workbench.moments import Moment
from comeback.workbench.words import Blocks, load, pattern, straight

DATA = Path(__file__).resolve().parents[2] / "data"
MINUTES = 30
"""How long a plan lasts when it does not say."""
BEFORE = timedelta(minutes=-10)
MORNING = timedelta(hours=9)
"""The reminder of an all-day entry, from its midnight."""


def plan(answers: Mapping[str, str], now: datetime, lexicon: Blocks | None = None) -> Made:
    """An .ics entry with a reminder, from the exercise's answers `act`, `cue`, `coping` and `place`.

    `now` is timezone-aware. Clock times are the person's own: in a named zone (ZoneInfo) they carry it, else they
    float and mean the wall clock of whoever opens the file. A cue without a time is all day tomorrow, or on the day
    that it names. The same act and cue keep their UID, so that importing again replaces the entry.
    Blanks: `when`, only if the cue says when.
    """
    lexicon = lexicon or _times()
    act, cue = answers.get("act", "").strip(), answers.get("cue", "").strip()
    moment = moments.read(lexicon, cue or act, now)
    if cue and not moment.given:
        in_act = moments.read(lexicon, act, now)
        moment = in_act if in_act.given else moment
    event = _event(" ".join(f"{act}|{cue}".lower().split()), act or cue, now)
    notes = [text for text in (cue, answers.get("coping", "").strip()) if text]
    if notes:
        event.add("description", "\n".join(notes))
    if answers.get("place"):
        event.add("location", answers["place"])
    _time(event, moment, now, moments.minutes(lexicon, cue, act) or MINUTES)
    blanks = {"when": moments.said(lexicon, moment)} if moment.given else {}
    return Made(blanks, {"kind": "calendar", "name": "plan.ics", "ics": _ics(event)})


def reminder_asked(
    text: str, before: Mapping[str, str], now: datetime, lexicon: Blocks | None = None
) -> Made:
    """What a wish for a reminder says: `keep` holds `when` and `what` as typed, what `before` knew filled in.

    Blanks: `when`, only if it was said.
    """
    lexicon = lexicon or _times()
    given = _once(lexicon, text, now).given
    about = pattern(lexicon["about"]).search(straight(text))
    when = text if given else before.get("when", "")
    what = about["what"].strip(" .!?") if about else before.get("what", "")
    blanks = {"when": moments.said(lexicon, _once(lexicon, when, now))} if when else {}
    return Made(blanks, keep={"kind": "reminder", "when": when, "what": what})


def reminder(asked: Mapping[str, str], who: str, now: datetime, lexicon: Blocks | None = None) -> Made:
    """An .ics entry with an alarm, from what `reminder_asked` kept; all day tomorrow when no time was said.

    A person has one UID for reminders, so that a later one takes the place of an earlier one. Blanks: `when`.
    """
    lexicon = lexicon or _times()
    moment = _once(lexicon, asked.get("when", ""), now)
    event = _event(f"reminder {who}", asked.get("what") or lexicon["reminder"], now)
    _time(event, moment, now, MINUTES)
    blanks = {"when": moments.said(lexicon, moment)}
    entry: dict[str, object] = {"kind": "calendar", "name": "reminder.ics", "ics": _ics(event)}
    return Made(blanks, entry, keep={"kind": "reminder"})


def _once(lexicon: Blocks, text: str, now: datetime) -> Moment:
    """The first time that the text means, also when it says "every monday"."""
    return replace(moments.read(lexicon, text, now), every="", days=())


def _event(same: str, summary: str, now: datetime) -> Event:
    """An entry; entries of the same `same` replace each other when imported."""
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, same)))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", summary)
    return event


def _ics(event: Event) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Comeback//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    ics: str = calendar.to_ical().decode("utf-8")
    return ics


def _time(event: Event, moment: Moment, now: datetime, minutes: int) -> None:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event["summary"])
    if moment.at is None and moment.exact is None:
        event.add("dtstart", moment.day)
        event.add("dtend", moment.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        alarm.add("trigger", MORNING)
    else:
        begin = moment.exact.astimezone(UTC) if moment.exact else _local(moment, now)
        event.add("dtstart", begin.replace(second=0, microsecond=0))
        event.add("dtend", begin.replace(second=0, microsecond=0) + timedelta(minutes=minutes))
        alarm.add("trigger", BEFORE)
    if moment.every:
        rule: dict[str, object] = {"freq": moment.every, "interval": moment.interval}
        event.add("rrule", rule | ({"byday": list(moment.days)} if moment.days else {}))
    event.add_component(alarm)


def _local(moment: Moment, now: datetime) -> datetime:
    assert moment.at is not None
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) and now.tzinfo.key != "UTC" else None
    return datetime.combine(moment.day, moment.at, zone)


@lru_cache(maxsize=1)
def _times() -> Blocks:
    return load(DATA).times
