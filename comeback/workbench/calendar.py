"""If-then plans as calendar entries."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from comeback.vocabulary import Made


def plan(answers: dict[str, str], now: datetime) -> Made:
    """A reminder for tomorrow at this hour that holds the plan in the person's words (RFC 5545).

    The person moves it to where it belongs: the cue may be no clock time at all ("after the kids sleep").
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Comeback//EN")
    calendar.add("version", "2.0")
    event = Event()
    begin = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{answers.get('act')}{now.isoformat()}")))
    event.add("summary", answers.get("act", ""))
    event.add("description", answers.get("cue", ""))
    event.add("dtstamp", now)
    event.add("dtstart", begin)
    event.add("dtend", begin + timedelta(minutes=30))
    calendar.add_component(event)
    ics = calendar.to_ical().decode("utf-8")
    return Made(payload={"kind": "calendar", "name": "plan.ics", "ics": ics})
