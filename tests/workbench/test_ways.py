"""Ways to learn: three, a center's own first, small ones when time is short; and the record of who answered."""

from dataclasses import replace

import pytest

from comeback.workbench.ways import offer, topic, ways
from comeback.workbench.words import Words


@pytest.mark.parametrize(
    ("about", "key"),
    [
        ("lacked stakeholder presence", "presence"),
        ("presence", "presence"),
        ("too long answers", "concise"),
        ("welding", "trades"),
        ("python", "software"),
        ("my german", "languages"),
        ("forklift licence", "transport"),
        ("the moon", "other"),
    ],
)
def test_a_topic_is_found(w: Words, about: str, key: str) -> None:
    assert topic(w, about) == key


def test_every_trainable_point_has_three_ways(w: Words) -> None:
    for phrase in w.feedback["phrases"]:
        if phrase["pile"] == "trainable":
            assert phrase["id"] in w.ways["topics"], phrase["id"]
    for key, given in w.ways["topics"].items():
        assert len(given) == 3 and [g["minutes"] for g in given] and key in w.ways["topics"]


def test_a_centers_own_workshop_comes_first(w: Words) -> None:
    own = {"what": "speaking workshop, Tuesdays", "cost": "free", "minutes": 90}
    mine = replace(w, ways={**w.ways, "own": {"presence": [own], "all": []}})
    assert ways(mine, "presence")[0].what == own["what"]
    assert len(ways(mine, "presence")) == 3


def test_what_fits_into_the_week_comes_first(w: Words) -> None:
    minutes = [way.minutes for way in ways(w, "presence", 60)]
    assert minutes == [40, 60, 120]
    assert "(free, 40 min)" in offer(w, "presence", "i have 2 hours a week").blanks["way_1"]
