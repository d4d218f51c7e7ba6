"""What holds for talks in every chat app: several processes, Redis away, a server that stops, too much at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
from channel_server import Server, StubAgent, echo
from chats import Chats, chatting
from conftest import Redis
from hypothesis import given
from hypothesis import strategies as st
from people import SlackPerson, TelegramPerson, post_slack, post_telegram, settle
from rasa.core.channels.channel import UserMessage
from rasa.core.run import create_http_input_channels

from comeback.channels import chat
from comeback.channels.apps import plain
from comeback.channels.shelter import open_sheltered
from comeback.channels.words import load_words
from comeback.settings import ROOT

WORDS = load_words("slack")


def twin(person: Any, other: Chats) -> Any:
    """The same person, whose requests reach another process."""
    return type(person)(other.server, person.fake, getattr(person, "user", None) or person.chat)


def delivery(person: Any, text: str) -> Callable[[Server], int]:
    """One message of this person, to be delivered to a server as often as wanted."""
    if isinstance(person, SlackPerson):
        event = person.event(text=text)
        return lambda server: post_slack(server, event).status_code
    update = person.update(text)
    return lambda server: post_telegram(server, update).status_code


def persons(chats: Chats) -> list[Any]:
    return [chats.in_slack(), chats.in_telegram()]


def test_several_processes_give_one_answer_and_know_each_others_buttons(redis_url: str) -> None:
    with (
        chatting(memory=open_sheltered(redis_url)) as one,
        chatting(memory=open_sheltered(redis_url), fakes=(one.slack, one.telegram)) as two,
    ):
        for person in persons(one):
            send = delivery(person, "slow")
            with ThreadPoolExecutor(3) as pool:
                answers = list(pool.map(send, (one.server, two.server, one.server)))
            settle(two.server)
            assert answers == [200, 200, 200]
            assert person.read() == ["You said: slow"]
            person.write("buttons")
            other = twin(person, two)
            other.read()
            assert other.press("Choice 3") == ["You said: Choice 3 please"]
            assert other.write("delete everything") == ["Deleted: 3 rows.", _erased(person)]
            assert len([m for m in person.fake.messages.values() if person.chat in m.values()]) == 2


def _erased(person: Any) -> str:
    return str(load_words("telegram" if isinstance(person, TelegramPerson) else "slack")["erased"])


def test_while_redis_is_away_people_are_answered_but_nobody_is_told_that_all_was_erased(redis: Redis) -> None:
    with chatting(memory=open_sheltered(redis.url)) as chats:
        ada, bob = persons(chats)
        ada.write("hi")
        redis.stop()
        send = delivery(ada, "still there?")
        assert [send(chats.server) for _ in range(3)] == [200, 200, 200]
        assert ada.read() == ["You said: still there?"]
        bob.write("buttons")
        assert bob.press("Choice 2") == ["You said: Choice 2 please"]
        assert bob.write("delete everything") == ["Deleted: 3 rows.", WORDS["trouble"]]


def test_a_server_that_stops_first_answers_what_it_took() -> None:
    with chatting() as chats:
        people = persons(chats)
        for person in people:
            assert delivery(person, "slow")(chats.server) == 200
        chats.server.stop()
        assert [person.read() for person in people] == [["You said: slow"]] * 2


def test_more_than_can_be_read_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "QUEUE", 5)
    gate = Event()

    async def when_open(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
        while not gate.is_set():
            await asyncio.sleep(0.01)
        yield {"text": message.text}

    with chatting(when_open, seconds=30) as chats:
        people = persons(chats)
        for person in people:
            for number in range(12):
                delivery(person, f"message {number}")(chats.server)
        gate.set()
        for person in people:
            said = person.read()
            assert said.count(WORDS["too_many"]) == 1
            assert said[1:] == [f"message {number}" for number in range(5)]


def test_when_too_much_is_under_way_the_app_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with chatting() as chats:
        for person in persons(chats):
            send = delivery(person, "hello")
            monkeypatch.setattr(chat, "AT_ONCE", 0)
            assert send(chats.server) == 429
            monkeypatch.undo()
            assert send(chats.server) == 200
            assert person.read() == ["You said: hello"]


def test_quick_messages_are_answered_in_order() -> None:
    with chatting() as chats:
        for person in persons(chats):
            for number in range(6):
                delivery(person, f"quick {number}")(chats.server)
            assert person.read() == [f"You said: quick {number}" for number in range(6)]


def test_all_channels_are_named_and_those_without_settings_listen_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMEBACK_STATE", str(tmp_path))
    for name in ("SLACK_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_TEAM", "TELEGRAM_TOKEN"):
        monkeypatch.delenv("COMEBACK_" + name, raising=False)
    channels = create_http_input_channels(None, str(ROOT / "credentials.yml"))
    assert {"web", "slack", "telegram"} <= {channel.name() for channel in channels}
    with Server(StubAgent(echo), channels) as server:
        for app in ("slack", "telegram"):
            assert (
                requests.post(f"{server.url}/webhooks/{app}/webhook", json={}, timeout=5).status_code == 404
            )


@given(st.text() | st.text().map("/".__add__))
def test_no_text_becomes_a_rasa_command(text: str) -> None:
    heard = plain(text, WORDS.heard)
    assert not heard.strip().startswith("/")
    assert heard.encode("utf-8").decode("utf-8") == heard
    assert "\x00" not in heard


def test_nothing_after_a_command_is_lost() -> None:
    assert plain("/start i want to die", WORDS.heard) == "hello i want to die"
    assert plain("/stop hurting", WORDS.heard) == "stop hurting"
    assert plain("/delete@comeback_bot", WORDS.heard) == "delete everything"
    assert plain("x" * 30_000, WORDS.heard) == "x" * 20_000
