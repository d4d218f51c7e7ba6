"""One talk with the real bot in all apps: the same words in, the same moves, the same things made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import requests
import yaml
from chats import Chats, chatting
from real_agent import RealAgent

from comeback.channels.words import load_words
from comeback.settings import ROOT

TALK = [
    "hello",
    "I got rejected by Acme after the final round for the data analyst job",
    "I feel so ashamed",
    "I just want to say it",
    "help me ask them for feedback",
    "Ms Rivera",
    "they said someone had more experience",
    "make it shorter",
    "what is stored about me?",
    "send me my data",
    "delete everything",
    "yes, delete it",
    "what is stored about me?",
    "i want to kill myself",
    "bye",
]
JOURNEYS = [
    journey
    for journey in yaml.safe_load((ROOT / "tests/conversations/journeys.yml").read_text(encoding="utf-8"))
    if journey["name"] == "only the email, please"
]
ids = count(1)


@pytest.fixture(scope="module")
def chats(agent: RealAgent) -> Iterator[Chats]:
    with chatting(agent=agent, seconds=30) as running:
        yield running


def test_a_talk_begins_with_what_the_app_may_show_to_others(chats: Chats) -> None:
    for text in ("hello", "i want to kill myself"):
        assert "export" in chats.in_slack().write(text)[0]
        assert "not end-to-end encrypted" in chats.in_telegram().write(text)[0]


def on_the_page(chats: Chats, place: str) -> Callable[[str], Any]:
    """write(text): a person on the page or at the kiosk, with a new token when theirs has ended."""
    token = [""]

    def write(text: str) -> None:
        for _ in range(2):
            data = {"token": token[0], "id": f"message-{next(ids):08}", "text": text}
            if requests.post(chats.server.url + "/api/message", json=data, timeout=30).status_code == 200:
                return
            session = requests.post(chats.server.url + "/api/session", json={"place": place}, timeout=5)
            token[0] = session.json()["token"]

    return write


def played(chats: Chats, agent: RealAgent, talk: list[str]) -> set[str]:
    """The moves of a talk that four people hold at once, each in another app; they must be the same."""
    people = {
        "web": on_the_page(chats, "web"),
        "kiosk": on_the_page(chats, "kiosk"),
        "slack": chats.in_slack().write,
        "telegram": chats.in_telegram().write,
    }
    agent.moves.clear()
    for text in talk:
        for write in people.values():
            write(text)
    web, kiosk, slack, telegram = (agent.moves[channel] for channel in people)
    assert len(web) == len(talk)
    assert web == kiosk == slack == telegram
    return {move for turn in web for move in turn}


@pytest.mark.parametrize("journey", JOURNEYS, ids=[j["name"] for j in JOURNEYS])
def test_a_journey_is_the_same_in_every_app(journey: dict[str, Any], chats: Chats, agent: RealAgent) -> None:
    moves = played(chats, agent, [turn["user"] for turn in journey["turns"]])
    assert {"utter_feedback_feedback_request_end", "utter_feedback_draft_kept"} <= moves


def test_one_talk_is_the_same_in_every_app(chats: Chats, agent: RealAgent) -> None:
    moves = played(chats, agent, TALK)
    assert {"utter_safety_ask", "utter_talk_deleted", "utter_talk_exported"} <= moves
    names = [file["name"] for file in chats.slack.files.values()]
    documents = [m["document"]["name"] for m in chats.telegram.messages.values() if "document" in m]
    assert names == documents or not names  # both were deleted with the talk


def test_buttons_of_the_real_bot_carry_on_the_talk(chats: Chats, agent: RealAgent) -> None:
    ada, bob = chats.in_slack(), chats.in_telegram()
    begun = {channel: len(agent.moves[channel]) for channel in ("slack", "telegram")}
    for person in (ada, bob):
        person.write("delete everything")
        receipt, about_the_app = person.press("Yes, delete it")
        assert "1 talks took place" in receipt
        assert about_the_app in (load_words("slack")["erased"], load_words("telegram")["erased"])
    for channel, before in begun.items():
        assert "utter_talk_deleted" in agent.moves[channel][before + 1]
