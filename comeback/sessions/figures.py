"""Figures for staff: how many people, never who. Weekly counts from which no small group can be worked out.

The unit is a person in a week, counted once however often they came. Three rules, each of them enough to read:
1. A count is shown only when it is 10 or more and what it leaves of the week's people is nobody or 10 or more;
   where the small counts of a figure together stay below 10, the next larger one is hidden with them.
2. What is shown is rounded down to a multiple of 10, so that no difference of two numbers is the size of a small group.
3. A week is published once, after it has ended, and never changes: the same view before and after somebody came,
   left or was erased is the same view.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.engine import Connection

from comeback.sessions import schema
from comeback.sessions.database import insert
from comeback.sessions.store import SessionLog

SMALLEST = 10
PEOPLE = ("people", "all")
FLAGS = frozenset({"stage", "referral"})
"""Figures of which several values may hold for one person; of all others exactly one does."""

Counts = Counter[tuple[str, str]]
"""(figure, value) -> people of one week; PEOPLE is all of them."""


@dataclass(frozen=True)
class Figure:
    """`people` of the `week` (its Monday, ISO) to whom the `value` applies, rounded down to a multiple of 10."""

    week: str
    figure: str
    value: str
    people: int


def figures(log: SessionLog, now: datetime, weeks: int = 12) -> list[Figure]:
    """The last `weeks` weeks that have ended, oldest first; without one whose rows are still under way.

    Raises Unavailable.
    """
    complete = log.flush(5.0)
    log.link.read(lambda connection: connection.execute(select(1)), 5.0)
    return log.link.write(lambda connection: ended(connection, now, weeks, complete), 10.0)


def ended(connection: Connection, now: datetime, weeks: int, complete: bool = True) -> list[Figure]:
    """As `figures`, in a transaction of the caller; publishes what is not published yet, when `complete`."""
    mondays = [_monday(now) - timedelta(weeks=back) for back in range(weeks, 0, -1)]
    return [figure for monday in mondays for figure in _week(connection, monday, complete)]


def referrals(log: SessionLog, year: int) -> dict[str, int]:
    """How often help of each category was pointed to in a year, over all people. Raises Unavailable."""
    log.flush(5.0)
    table = schema.yearly
    query = select(table.c.category, table.c.times).where(table.c.year == year).order_by(table.c.category)
    return log.link.read(
        lambda connection: {row.category: row.times for row in connection.execute(query)}, 10.0
    )


def to_csv(rows: Iterable[Figure]) -> str:
    """The rows under a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(Figure)])
    writer.writerows(astuple(row) for row in rows)
    return out.getvalue()


def publishable(counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """What of one week's counts may be shown."""
    people = counts.get(PEOPLE, 0)
    if people < SMALLEST:
        return {}
    groups: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for key, count in counts.items():
        if key != PEOPLE:
            groups["/".join(key) if key[0] in FLAGS else key[0]][key] = count
    shown = {PEOPLE: people}
    for cells in groups.values():
        shown.update(_shown(cells, people))
    return {key: count // SMALLEST * SMALLEST for key, count in shown.items()}


def _shown(cells: dict[tuple[str, str], int], people: int) -> dict[tuple[str, str], int]:
    left = {key: count for key, count in cells.items() if count >= SMALLEST}
    while left and 0 < people - sum(left.values()) < SMALLEST:
        del left[min(left, key=lambda key: (left[key], key))]
    return left


def keep(connection: Connection, conversations: list[str]) -> None:
    """Before people are erased for being idle: add them to the counts of their weeks, without identity."""
    for week, counts in _counts(connection, schema.session.c.conversation.in_(conversations)).items():
        if _published(connection, week):
            continue
        tally = schema.tally
        for (figure, value), people in counts.items():
            new = insert(connection, tally).values(week=week, figure=figure, value=value, people=people)
            key = ["week", "figure", "value"]
            more = {"people": tally.c.people + new.excluded.people}
            connection.execute(new.on_conflict_do_update(index_elements=key, set_=more))


def freeze(connection: Connection, now: datetime) -> None:
    """Publish every week that has ended and still has rows, before they are erased."""
    table = schema.session
    first = connection.execute(select(table.c.started_at).order_by(table.c.started_at).limit(1)).scalar()
    if first is not None:
        monday = _monday(first)
        while monday < _monday(now):
            _week(connection, monday)
            monday += timedelta(weeks=1)


def _week(connection: Connection, monday: datetime, complete: bool = True) -> list[Figure]:
    week = monday.date().isoformat()
    if complete and not _published(connection, week):
        begun = schema.session.c.started_at
        counts = _counts(connection, (begun >= monday) & (begun < monday + timedelta(weeks=1)))[week]
        tally = schema.tally
        for row in connection.execute(select(tally).where(tally.c.week == week)):
            counts[row.figure, row.value] += row.people
        shown = publishable(counts) or {PEOPLE: 0}
        connection.execute(
            insert(connection, schema.published).on_conflict_do_nothing(),
            [{"week": week, "figure": f, "value": v, "people": n} for (f, v), n in sorted(shown.items())],
        )
        connection.execute(delete(tally).where(tally.c.week == week))
    return [Figure(**row._mapping) for row in _published(connection, week) if row.people]


def _published(connection: Connection, week: str) -> list[Any]:
    table = schema.published
    query = select(table).where(table.c.week == week).order_by(table.c.figure, table.c.value)
    return list(connection.execute(query))


def _counts(connection: Connection, which: Any) -> dict[str, Counts]:
    """People by week, figure and value, of the sessions that `which` selects."""
    session = schema.session
    visits: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(select(session).where(which).order_by(session.c.started_at)):
        week = _monday(row.started_at).date().isoformat()
        visit = visits.setdefault((week, row.conversation), {"stage": set(), "referral": set()})
        visit["channel"] = row.channel or "unknown"
        visit["language"] = row.language or "unknown"
        visit["stage"] |= set(row.stages)
    people = select(session.c.conversation).where(which).scalar_subquery()
    for table in (schema.rating, schema.referral, schema.feedback):
        for row in connection.execute(select(table).where(table.c.conversation.in_(people))):
            _answer(visits, table, row)
    counts: dict[str, Counts] = defaultdict(Counter)
    for (week, _), visit in visits.items():
        counts[week].update([PEOPLE, *_cells(visit)])
    return counts


def _answer(visits: dict[tuple[str, str], dict[str, Any]], table: Table, row: Any) -> None:
    at = (
        {"at": row.at} if table is not schema.feedback else {"sent": row.sent_at, "answered": row.answered_at}
    )
    for what, when in at.items():
        visit = visits.get((_monday(when).date().isoformat(), row.conversation)) if when else None
        if visit is None:
            continue
        if table is schema.referral:
            visit["referral"].add(row.category)
        elif table is schema.feedback:
            visit["feedback"] = "answered" if "answered" in (what, visit.get("feedback")) else "sent"
        else:
            visit["heard"] = visit.get("heard") if row.heard is None else _band(row.heard)
            visit["next_step"] = visit.get("next_step") if row.next_step is None else _yes(row.next_step)


def _cells(visit: dict[str, Any]) -> list[tuple[str, str]]:
    one = [
        ("channel", visit["channel"]),
        ("language", visit["language"]),
        ("feedback request", visit.get("feedback") or "none"),
        ("felt heard", visit.get("heard") or "unanswered"),
        ("knows the next step", visit.get("next_step") or "unanswered"),
    ]
    return one + [(figure, value) for figure in sorted(FLAGS) for value in sorted(visit[figure])]


def _band(heard: int) -> str:
    return ("0-1", "2", "3-4")[(heard >= 2) + (heard >= 3)]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _monday(at: datetime) -> datetime:
    day = at.astimezone(UTC).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)
