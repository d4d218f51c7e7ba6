"""Two numbers a week: read as people type them, shown back in words, and no direction from too few."""

from datetime import date, timedelta

import pytest

from comeback.workbench import weeks
from comeback.workbench.weeks import Answered
from comeback.workbench.words import Words

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", 7),
        ("0", 0),
        ("10!", 10),
        ("about a six", 6),
        ("3/10 if i am honest with you and with myself", 3),
        ("eight out of ten", 8),
        ("a 4 i guess", 4),
        ("6.5", 6),
        ("2ish", None),
        ("70", None),
        ("100%", None),
        ("one of those weeks", None),
        ("no idea", None),
        ("", None),
        ("the agency called on day 3 and then again and i could not sleep", None),
    ],
)
def test_a_number_is_read_as_people_type_it(w: Words, typed: str, number: int | None) -> None:
    assert weeks.read(w.weeks, {"energy": typed}, MONDAY) == Answered(MONDAY, number, None)


def answered(*numbers: tuple[int | None, int | None]) -> list[Answered]:
    return [Answered(MONDAY + timedelta(weeks=i), *pair) for i, pair in enumerate(numbers)]


def test_weeks_are_listed_and_compared_from_three_on(w: Words) -> None:
    two = weeks.trend(w.weeks, answered((3, 8), (4, None))).blanks
    assert two == {"weeks": "2 November: energy 3, inner talk 8; 9 November: energy 4"}
    three = weeks.trend(w.weeks, answered((3, 8), (4, None), (6, 8), (None, 7))).blanks
    assert "6 after 3" in three["moved"] and "much the same, 8 and 7" in three["moved"]


def test_an_empty_week_is_no_week(w: Words) -> None:
    assert weeks.trend(w.weeks, answered((None, None))).blanks == {}
    many = weeks.trend(w.weeks, answered(*[(n % 10, 5) for n in range(30)])).blanks
    assert many["weeks"].count(";") == weeks.SHOWN - 1


def test_the_exercise_with_the_largest_drop_is_named_from_three_times_on(w: Words) -> None:
    breathing = [("grounding", 7, 4), ("grounding", 8, 6), ("grounding", 6, None)]
    writing = [("self_compassion", 5, 5)] * 3
    assert "kind writing, 3 times" in weeks.eased(w.weeks, [*breathing, *writing])
    told = weeks.eased(w.weeks, [*breathing, ("grounding", 9, 5), *writing])
    assert "slow breathing went with the largest drop: from 8 to 5 on average, 3 times" in told
    assert weeks.eased(w.weeks, breathing) == ""
