"""When a plan is to happen, from how a person says it ("tuesday 20:30 after the kids sleep")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil import parser
from dateutil.relativedelta import relativedelta, weekday

from comeback.workbench.words import Blocks, pattern, straight

ORDER = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LATE_UNTIL = 7
"""A bare hour up to this one is meant after noon ("at 5"), unless they say morning."""
LONGEST = 300


@dataclass(frozen=True)
class Moment:
    """A day, or a day with a time, on the clock of the person; `days` as in RFC 5545's BYDAY."""

    day: date
    at: time | None = None
    exact: datetime | None = None
    """An instant counted from now ("in two hours"); it has a time zone and goes before `day` and `at`."""
    every: str = ""
    """"", weekly or daily."""
    interval: int = 1
    days: tuple[str, ...] = ()
    given: bool = False
    """Whether anything in the text said when; else it is all day tomorrow."""


def read(lexicon: Blocks, text: str, now: datetime) -> Moment:
    """The next moment after `now` (timezone-aware) that the text names; all day tomorrow when it names none."""
    said = straight(text[:LONGEST]).lower()
    exact = _ahead(lexicon, said, now)
    if exact and exact - now < timedelta(days=1):
        return Moment(exact.date(), exact.time(), exact, given=True)
    at = _clock(lexicon, said)
    days = _days(lexicon, said)
    every, interval = _every(lexicon, said, days)
    day = exact.date() if exact else _day(lexicon, said, now, at, days)
    if day is None:
        soon = every or at is not None
        later = at is None or at <= now.time()
        return Moment(
            now.date() + timedelta(days=1 if later or not soon else 0),
            at,
            None,
            every,
            interval,
            days,
            bool(soon),
        )
    return Moment(day, at, None, every, interval, days, True)


def minutes(lexicon: Blocks, *texts: str) -> int | None:
    """How long it is to last, if one of the texts says ("for 40 minutes"), at most a day."""
    for text in texts:
        match = pattern(lexicon["lasts"]).search(straight(text[:LONGEST]))
        if match:
            n = _number(lexicon, match["n"]) * (60 if match["unit"].lower().startswith("h") else 1)
            return int(min(max(n, 5), 24 * 60))
    return None


def said(lexicon: Blocks, moment: Moment) -> str:
    """The moment in words, to say back."""
    key = {"weekly": "weekly" if moment.interval == 1 else "other", "daily": "daily"}.get(
        moment.every, "timed"
    )
    key = key if moment.at else {"timed": "whole"}.get(key, f"{key}_whole")
    names = [lexicon["days"][d][0].capitalize() for d in moment.days or (ORDER[moment.day.weekday()],)]
    form: str = lexicon["said"][key]
    return form.format(
        day=f"{moment.day:%A} {moment.day.day} {moment.day:%B}",
        time=f"{moment.at:%H:%M}" if moment.at else "",
        days=str(lexicon["said"]["and"]).join(names),
    )


def _ahead(lexicon: Blocks, text: str, now: datetime) -> datetime | None:
    match = pattern(lexicon["ahead"]).search(text)
    if not match:
        return None
    unit = lexicon["units"][match["unit"][0]]
    return now + timedelta(**{unit: _number(lexicon, match["n"])})


def _number(lexicon: Blocks, word: str) -> float:
    numbers: Mapping[str, float] = lexicon["numbers"]
    return numbers.get(word.lower()) or float(word)


def _clock(lexicon: Blocks, text: str) -> time | None:
    part = next((p for p in lexicon["parts"] if pattern(p["pattern"]).search(text)), None)
    for spoken in lexicon["clock"]:
        match = pattern(spoken).search(text)
        if not match:
            continue
        groups = match.groupdict()
        hour = int(_number(lexicon, groups["hour"]))
        minute = int(groups.get("minute") or 0) + lexicon["past"].get(groups.get("past"), 0)
        half = (groups.get("half") or "").replace(".", "")
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif "minute" not in groups and hour < 12:
            late = part["late"] if part else hour <= LATE_UNTIL
            hour += 12 if late else 0
        elif part and part["late"] and 0 < hour < 12:
            hour += 12
        return (datetime.min + timedelta(days=1, hours=hour % 24, minutes=minute)).time()
    return parser.parse(part["at"]).time() if part else None


def _days(lexicon: Blocks, text: str) -> tuple[str, ...]:
    found = {}
    for day, names in lexicon["days"].items():
        match = pattern(rf"\b(?:{'|'.join(names)})s?\b").search(text)
        if match and not (match[0] in lexicon["words_too"] and not _pointed(lexicon, text, match)):
            found[day] = match.start()
    groups = lexicon["groups"]
    if pattern(rf"\b(?:{groups['WD']})\b").search(text):
        return ORDER[:5]
    if pattern(rf"\b(?:{groups['WE']})\b").search(text):
        return ORDER[5:]
    return tuple(sorted(found, key=ORDER.index))


def _pointed(lexicon: Blocks, text: str, match: re.Match[str]) -> bool:
    """Whether "sat", "sun" or "mon" is a day here and not a word."""
    before, after = lexicon["pointed"]
    return bool(pattern(before).search(text[: match.start()])) and not pattern(after).match(
        text[match.end() :]
    )


def _every(lexicon: Blocks, text: str, days: tuple[str, ...]) -> tuple[str, int]:
    interval = 2 if pattern(lexicon["other"]).search(text) else 1
    plural = any(pattern(rf"\b{n}s\b").search(text) for d in days for n in lexicon["days"][d] if len(n) > 4)
    grouped = pattern(rf"\b(?:{lexicon['groups']['WD'].replace('?', '')})\b").search(text)
    if days and (plural or grouped or pattern(lexicon["every"]).search(text) or interval == 2):
        return "weekly", interval
    if pattern(lexicon["daily"]).search(text) and not days:
        return "daily", 1
    return ("weekly", interval) if pattern(lexicon["weekly"]).search(text) or interval == 2 else ("", 1)


def _day(lexicon: Blocks, text: str, now: datetime, at: time | None, days: tuple[str, ...]) -> date | None:
    dated = _dated(lexicon, text, now)
    if dated:
        return dated
    if pattern(lexicon["after_tomorrow"]).search(text):
        return now.date() + timedelta(days=2)
    if days:
        ahead = 7 if pattern(lexicon["next_week"]).search(text) else 0
        nearest = [_next(now, ORDER.index(d), at) for d in days]
        first = min(nearest)
        return first + timedelta(days=ahead if first.isocalendar()[1] == now.isocalendar()[1] else 0)
    if pattern(lexicon["today"]).search(text):
        return now.date()
    rest = pattern(lexicon["morning"]).sub("", text)
    if pattern(lexicon["tomorrow"]).search(rest):
        return now.date() + timedelta(days=1)
    if pattern(lexicon["next_week"]).search(text):
        return now.date() + relativedelta(days=1, weekday=weekday(0))
    return None


def _dated(lexicon: Blocks, text: str, now: datetime) -> date | None:
    """The date in the text, the next one of its kind if it names no year; None for one that does not exist."""
    named = pattern(lexicon["date"]).search(text)
    if not named:
        return None
    try:
        day = parser.parse(named[0].replace(" of ", " "), default=datetime(now.year, now.month, 1)).date()
    except parser.ParserError:
        return None
    past = day < now.date() and not re.search(r"\d{4}", named[0])
    return day + relativedelta(years=1) if past else day


def _next(now: datetime, day: int, at: time | None) -> date:
    """The next such weekday after now: today only for a time that is still ahead."""
    today_counts = at is not None and at > now.time()
    begin = now.date() + timedelta(days=0 if today_counts else 1)
    return begin + relativedelta(weekday=weekday(day))
