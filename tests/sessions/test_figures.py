from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations

from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select

from comeback.sessions import (
    Feedback,
    Rating,
    Referral,
    SessionLog,
    TurnRow,
    erasure,
    privacy,
    replay,
    retention,
    schema,
)
from comeback.sessions.figures import PEOPLE, Figure, ended, figures, freeze, keep, publishable, to_csv
from comeback.sessions.spool import Entry

NEXT_WEEK = NOW + timedelta(weeks=1)


def visit(
    log: SessionLog, person: str, at: datetime, channel: str = "web", stage: str = "acknowledge"
) -> None:
    log.record(TurnRow(conversation=person, at=at, channel=channel, stage=stage, language="en"))


def test_large_cells_are_shown_and_small_ones_with_what_would_betray_them_are_not(log: SessionLog) -> None:
    for n in range(43):
        visit(log, f"p{n}", NOW, "web" if n < 20 else "slack" if n < 40 else "kiosk")
        if n < 30:
            visit(log, f"p{n}", NOW + timedelta(minutes=1), "web" if n < 20 else "slack", "feedback")
            log.add(Feedback(conversation=f"p{n}", at=NOW, sent_at=NOW, answered_at=NOW if n < 15 else None))
            log.add(Rating(conversation=f"p{n}", at=NOW, heard=4, next_step=True))
        if n < 3:
            log.add(Referral(conversation=f"p{n}", at=NOW, category="crisis line"))
    shown = {(row.figure, row.value): row.people for row in figures(log, NEXT_WEEK, 4)}
    assert shown == {
        ("people", "all"): 40,
        ("channel", "web"): 20,
        ("language", "en"): 40,
        ("stage", "acknowledge"): 40,
        ("stage", "feedback"): 30,
        ("feedback request", "answered"): 10,
        ("feedback request", "sent"): 10,
        ("feedback request", "none"): 10,
        ("felt heard", "3-4"): 30,
        ("felt heard", "unanswered"): 10,
        ("knows the next step", "yes"): 30,
        ("knows the next step", "unanswered"): 10,
    }
    assert to_csv(figures(log, NEXT_WEEK, 4)).splitlines()[0] == "week,figure,value,people"


def test_a_week_is_shown_only_after_it_ended_and_never_changes(log: SessionLog) -> None:
    for n in range(20):
        visit(log, f"p{n}", NOW)
    assert figures(log, NOW, 4) == []
    first = figures(log, NEXT_WEEK, 4)
    assert first
    privacy.forget(log, "p1", NEXT_WEEK)
    visit(log, "late", NOW)
    retention.purge(log, NEXT_WEEK + timedelta(days=40))
    assert figures(log, NEXT_WEEK, 4) == first
    assert figures(log, NEXT_WEEK, 1) == first


def test_people_erased_within_the_week_still_count(log: SessionLog) -> None:
    for n in range(24):
        visit(log, f"p{n}", NOW, "kiosk")
        if n == 11:
            assert retention.purge(log, NOW).people == 12
    assert Counter((row.figure, row.people) for row in figures(log, NEXT_WEEK, 1))["people", 20] == 1


values = st.sampled_from("abcd")
weeks = st.lists(st.tuples(values, values, st.frozensets(values)), max_size=60)


def counted(people: list[tuple[str, str, frozenset[str]]]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter({PEOPLE: len(people)})
    for channel, language, stages in people:
        counts.update([("channel", channel), ("language", language), *(("stage", s) for s in stages)])
    return counts


@settings(max_examples=150, deadline=None)
@given(weeks)
def test_no_difference_of_shown_numbers_is_the_size_of_a_small_group(
    people: list[tuple[str, str, frozenset[str]]],
) -> None:
    counts = counted(people)
    shown = publishable(counts)
    assert all(number >= 10 for number in shown.values())
    sums = {a for a in shown.values()} | {a + b for a, b in combinations(shown.values(), 2)}
    assert not any(1 <= abs(a - b) <= 9 for a in sums for b in sums)
    for figure in ("channel", "language"):
        hidden = sum(n for key, n in counts.items() if key[0] == figure and key not in shown)
        assert hidden == 0 or hidden >= 10 or not shown
    for key in shown:
        assert counts[PEOPLE] - counts[key] == 0 or counts[PEOPLE] - counts[key] >= 10


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(values, st.integers(1, 25), min_size=1))
def test_the_same_figures_could_come_from_another_size_of_each_small_group(cells: dict[str, int]) -> None:
    """Even for one who knows the rules, and the exact numbers behind the rounded ones, a small group has no one size."""

    def view(cells: dict[str, int]) -> dict[tuple[str, str], int]:
        return publishable({PEOPLE: sum(cells.values()), **{("channel", v): n for v, n in cells.items()}})

    for small in [value for value, count in cells.items() if count < 10]:
        others = [
            {**cells, small: cells[small] + step, other: cells[other] - step}
            for other in cells
            for step in (-1, 1)
            if other != small and cells[other] - step >= 0
        ]
        alone = {**cells, small: cells[small] + (1 if cells[small] < 9 else -1)}
        assert any(view(changed) == view(cells) for changed in [*others, alone])


ENGINE = create_engine("sqlite://", future=True)
schema.metadata.create_all(ENGINE)

days = st.integers(0, 27)
visits = st.tuples(st.just("visit"), days, st.integers(1, 30), st.sampled_from(["web", "kiosk", "slack"]))
events = st.one_of(
    visits,
    visits,
    st.tuples(st.just("view"), days, st.integers(1, 5), st.just("")),
    st.tuples(st.just("purge"), days, st.integers(0, 9), st.just("")),
    st.tuples(st.just("forget"), days, st.integers(0, 30), st.just("")),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(events, max_size=25))
def test_no_two_views_differ_in_a_week_that_both_show(history: list[tuple[str, int, int, str]]) -> None:
    """Whoever comes, leaves, is erased or purged between two views: the difference is nothing, so no cell of 1 to 9
    people can be seen to exist, to be added or to go."""
    seen: dict[str, list[Figure]] = {}
    with ENGINE.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(delete(table))
        for number, (what, day, size, channel) in enumerate(sorted(history, key=lambda event: event[1])):
            now = NOW + timedelta(days=day, seconds=number)
            people = list(connection.execute(select(schema.person.c.conversation)).scalars())
            if what == "visit":
                row = {"at": now.isoformat(), "channel": channel, "feelings": [], "stage": "acknowledge"}
                names = [f"{channel}{number}-{n}" for n in range(size)]
                entries = [
                    Entry(n, who, "turn", {"id": f"t{who}", "conversation": who, **row})
                    for n, who in enumerate(names)
                ]
                replay.apply(connection, entries)
            elif what == "forget":
                erasure.erase(connection, people[:size])
            elif what == "purge":
                freeze(connection, now)
                idle = people[size:]
                keep(connection, idle)
                erasure.erase(connection, idle)
            else:
                view: dict[str, list[Figure]] = {}
                for figure in ended(connection, now, size):
                    view.setdefault(figure.week, []).append(figure)
                    assert figure.people >= 10 and figure.people % 10 == 0
                for week, rows in view.items():
                    assert seen.setdefault(week, rows) == rows
