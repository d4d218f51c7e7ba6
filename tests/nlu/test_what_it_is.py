from pathlib import Path

import pytest

from comeback import settings
from comeback.nlu.what_it_is import WhatItIs

READER = WhatItIs.load(settings.ROOT / "data" / "lexicons")
ASKED = (Path(__file__).parents[1] / "safety" / "asked_what_it_is.txt").read_text().splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "¿eres humano?",
        "es-tu humain ou une machine",
        "bist du ein mensch",
        "você é um robô?",
        "sei un umano?",
    ],
)
def test_the_question_is_heard_in_five_more_languages(text: str) -> None:
    assert READER.first(text, [("other_language", 0.9)])[0][0] == "ask_bot"


@pytest.mark.parametrize(
    "text",
    [
        "i want to talk to a real person",
        "i feel like a robot",
        "is this the end",
        "they said you are not the right person",
    ],
)
def test_other_talk_of_people_and_machines_is_left_alone(text: str) -> None:
    assert READER.first(text, [("want_human", 0.9)])[0][0] == "want_human"
