"""The phrasings of data/lexicons/phrasings.yml: each one that steering asks about is there, and reads what it should."""

import re
from pathlib import Path

import pytest
import yaml

from comeback import phrasing
from comeback.steering.answers import OPTIONS
from comeback.steering.moods import LABELS

ROOT = Path(__file__).resolve().parent.parent
PHRASES = phrasing.load(ROOT / "data")


def test_steering_and_the_lexicon_know_the_same_names() -> None:
    steering = "".join(p.read_text() for p in sorted((ROOT / "comeback/steering").glob("*.py")))
    cue = r'(?:mentions|unsaid)\("(\w+)"\)|"(\w+)"(?: not)? in (?:turn\.)?reading\.phrasing\.cues'
    asked = set(re.findall(cue, steering))
    assert {a or b for a, b in asked} == set(PHRASES.cues)
    assert {q: list(o) for q, o in PHRASES.options.items()} == {q: list(o) for q, o in OPTIONS.items()}
    assert set(PHRASES.moods) <= set(LABELS)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("ok can u help w the workday thing", {"form", "asks"}),
        ("did half of it", {"part_done", "asks"}),
        ("remember my name only", {"name_only"}),
        ("do u just do suicide hotlines", {"about_safety", "only_hotlines", "asks"}),
        ("stop guessing my feelings", {"stop_feelings"}),
        ("i have 2 hours a week", {"time_there_is"}),
        ("what if they never call", {"what_if", "not_done", "form_wish", "asks"}),
        ("stop reminding me", {"no_reminder"}),
        ("remind me to stop at the agency", set()),
        ("i always forget, do you do reminders", {"asks"}),
        ("hello", set()),
    ],
)
def test_a_phrasing_is_found_in_what_is_typed(text: str, cues: set[str]) -> None:
    assert PHRASES.read(text).cues - {"asks_back", "doing", "agrees"} == cues


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("But something nice: my shift lead came over", "tells_good"),
        ("one good thing, i helped a girl call her mum", "tells_good"),
        ("still no good news, three weeks now", None),
        ("i was hoping for good news and then they said no", None),
        ("there is not one good thing about me", None),
        ("nah no writing. just say something true", "kind_words"),
        ("can you cheer me up", "kind_words"),
        ("they didnt even say something nice", None),
        ("they tell me it will be better soon", None),
    ],
)
def test_a_good_thing_and_a_wish_for_kindness_are_told_from_their_lack(text: str, cue: str | None) -> None:
    assert PHRASES.read(text).cues & {"tells_good", "kind_words"} == ({cue} if cue else set())


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("im not sad, im angry", "angry"),
        ("not really worried", None),
        ("sad and then just tired", "tired"),
        ("fine", None),
    ],
)
def test_a_mood_that_is_named_and_not_denied(text: str, mood: str | None) -> None:
    assert PHRASES.read(text).mood == mood


def test_minutes_are_read_as_typed() -> None:
    assert PHRASES.read("i only have about five mins").minutes == "five"
    assert PHRASES.read("they took 5 minutes").minutes is None


@pytest.mark.parametrize(
    ("text", "quoted", "harsh"),
    [
        ("the mum thing. she was so proud. i feel so stupid", "i feel so stupid", "stupid"),
        (
            "honestly gutted. told my mum already that i basically had it",
            "told my mum already that i basically had it",
            None,
        ),
        ("lol", None, None),
        ("im crying and laughing, its so stupid", None, None),
        ("fine", None, None),
        (
            "i'm not good enough for any of them, am i",
            "i'm not good enough for any of them",
            "not good enough",
        ),
    ],
)
def test_their_own_words_are_said_back(text: str, quoted: str | None, harsh: str | None) -> None:
    read = PHRASES.read(text)
    assert (read.quote, read.hard_name) == (quoted, harsh)


def test_every_line_that_asks_to_look_back_is_put_as_asking() -> None:
    entries = yaml.safe_load((ROOT / "data/nlu/weeks.yml").read_text())["nlu"]
    lines = next(e["examples"] for e in entries if e["intent"] == "ask_weeks").strip().splitlines()
    assert [line for line in lines if "asks_back" not in PHRASES.read(line.removeprefix("- ")).cues] == []
    told = ("the last weeks were hell", "i was better last week", "this week broke me")
    assert [line for line in told if "asks_back" in PHRASES.read(line).cues] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("they said others had more experience", "others had more experience"),
        ('HR said "not a cultural match", whatever that means', "not a cultural match"),
        ("rejected because my german is not good enough", "my german is not good enough"),
        ("my case study was not enough senior they wrote", "my case study was not enough senior"),
        ("they said i was a great fit then rejected me", None),
        ("i think they said no because i have no experience", None),
        ("she said i could apply again with more experience", None),
        ("my sister said i have great skills", None),
        ("they said nothing about why", None),
    ],
)
def test_the_employers_reason_is_heard_in_passing(text: str, reason: str | None) -> None:
    assert PHRASES.read(text).reason == reason
