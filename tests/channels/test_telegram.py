"""The Telegram channel against a fake of Telegram that keeps Telegram's limits."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from channel_server import KEY
from chats import LONG, Chats, chatting
from fakes.server import LOST
from fakes.telegram import TOKEN, FakeTelegram, buttons, failing, limited
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import SECRET, post_telegram, settle
from rasa.core.run import _create_single_channel

from comeback.channels import guard
from comeback.channels.words import load_words
from comeback.settings import ROOT

WORDS = load_words("telegram")


@pytest.fixture(scope="module")
def chats() -> Iterator[Chats]:
    with chatting() as running:
        yield running


def test_a_private_message_is_answered(chats: Chats) -> None:
    ada = chats.in_telegram()
    assert ada.write("hi") == ["You said: hi"]
    assert ada.write("i got rejected") == ["You said: i got rejected"]


def test_three_deliveries_of_one_update_are_one_answer(chats: Chats) -> None:
    ada = chats.in_telegram()
    ada.write("warm up")
    update = ada.update("slow")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: post_telegram(chats.server, update), range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert ada.read() == ["You said: slow"]
    assert post_telegram(chats.server, update).status_code == 200
    assert ada.read() == []


def test_telegram_is_answered_before_the_bot_has_thought_and_sees_it_typing(chats: Chats) -> None:
    ada = chats.in_telegram()
    ada.write("warm up")
    assert post_telegram(chats.server, ada.update("slow")).status_code == 200
    assert len(chats.server.channels[2].talks)
    assert ada.read() == ["You said: slow"]
    assert {"chat_id": ada.chat, "action": "typing"} in chats.telegram.called("sendChatAction")


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "ä".encode().decode("latin-1")]
)
def test_what_does_not_carry_our_secret_is_refused(chats: Chats, secret: str | None) -> None:
    ada = chats.in_telegram()
    heard = len(chats.heard())
    assert post_telegram(chats.server, ada.update("forged"), secret=secret).status_code == 401
    assert ada.read() == []
    assert len(chats.heard()) == heard


@pytest.mark.parametrize(
    "message",
    [
        {"chat": {"id": -100, "type": "group"}},
        {"chat": {"id": -100, "type": "supergroup"}},
        {"chat": {"id": -100, "type": "channel"}},
        {"chat": {"id": 5, "type": "private"}},
        {"from": {"id": 5, "is_bot": False}},
        {"from": None},
        {"chat": None},
        {"chat": {"id": "5", "type": "private"}},
    ],
)
def test_only_a_persons_own_chat_is_heard(chats: Chats, message: dict[str, Any]) -> None:
    ada = chats.in_telegram()
    heard = len(chats.heard())
    assert ada.write("i want to die", **message) == []
    assert len(chats.heard()) == heard


def test_another_bot_is_not_heard(chats: Chats) -> None:
    ada = chats.in_telegram()
    heard = len(chats.heard())
    assert ada.write("hi", **{"from": {"id": ada.chat, "is_bot": True}}) == []
    assert len(chats.heard()) == heard


def test_a_group_is_told_once_where_to_write(chats: Chats) -> None:
    ada = chats.in_telegram()
    for _ in range(3):
        ada.write("/start", chat={"id": -777, "type": "group"})
    told = [m["text"] for m in chats.telegram.messages.values() if m["chat_id"] == -777 and "theirs" not in m]
    assert told == [WORDS["private"]]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/start", "hello"),
        ("/start@comeback_bot", "hello"),
        ("/start poster7", "hello poster7"),
        ("/STOP", "goodbye"),
        ("/export", "send me my data"),
        ("/help i cant go on", "help i cant go on"),
        ("/restart; DROP TABLE users", "restart; DROP TABLE users"),
        ("//session_start", "session_start"),
        ('/start{"x": 1}', 'start{"x": 1}'),
    ],
)
def test_commands_become_plain_words(chats: Chats, typed: str, heard: str) -> None:
    ada = chats.in_telegram()
    assert ada.write(typed)[-1] == f"You said: {heard}"


def test_help_names_the_commands_and_then_the_bot_answers(chats: Chats) -> None:
    ada = chats.in_telegram()
    assert ada.write("/help") == [WORDS["help"], "You said: what can you do?"]
    for command in WORDS["menu"].keys() - {"start", "help"}:
        assert f"/{command}" in WORDS["help"]


def test_buttons_mean_their_text_to_one_person_only(chats: Chats) -> None:
    ada, bob = chats.in_telegram(), chats.in_telegram()
    bob.write("hi")
    ada.write("buttons")
    message, button = ada.find("Choice 7")
    assert len(buttons(message)) == 13
    assert post_telegram(chats.server, bob.pressing(message, button)).status_code == 200
    assert bob.read() == [WORDS["old_button"]]
    pressing = ada.pressing(message, button)
    assert post_telegram(chats.server, pressing).status_code == 200
    assert ada.read() == ["You said: Choice 7 please"]
    answered = [call["callback_query_id"] for call in chats.telegram.called("answerCallbackQuery")]
    assert pressing["callback_query"]["id"] in answered
    changed = chats.telegram.messages[message["message_id"]]
    assert changed["text"] == "Which one?\n\nYou chose: Choice 7 please"
    assert buttons(changed) == []
    assert ada.write("next") == ["You said: next"]


def test_a_long_answer_is_split_after_sentences(chats: Chats) -> None:
    ada = chats.in_telegram()
    ada.write("hi")
    parts = ada.write("long")
    assert len(parts) > 2
    assert all(part.endswith("answer.") for part in parts)
    assert " ".join(parts) == LONG.strip()
    assert "".join("".join(ada.write("😂" * 4000)).split()) == "Yousaid:" + "😂" * 4000


def test_drafts_and_files_arrive_as_documents(chats: Chats) -> None:
    ada = chats.in_telegram()
    ada.write("hi")
    body = "Dear Ms <A> & Co,\n\nbye"
    title = "A draft for you\nSubject: Thank you"
    assert ada.write("made") == [title, body, "[draft.eml]", "[plan.ics]", "[my data.json]"]
    (draft,) = [
        m for m in chats.telegram.messages.values() if m["chat_id"] == ada.chat and m.get("text") == body
    ]
    assert draft["entities"] == [{"type": "pre", "offset": 0, "length": len(body)}]
    chats.telegram.faults["sendDocument"] = [failing(500), limited]
    said = ada.write("made")
    assert said[2:] == [WORDS["no_file"], "[plan.ics]", "[my data.json]"]


def test_a_limited_message_is_sent_again_and_a_lost_one_is_not(chats: Chats) -> None:
    ada = chats.in_telegram()
    ada.write("hi")
    chats.telegram.faults["sendMessage"] = [limited, limited]
    assert ada.write("limited") == ["You said: limited"]
    chats.telegram.faults["sendMessage"] = [LOST]
    assert ada.write("ambiguous") == ["You said: ambiguous"]
    sent = [call for call in chats.telegram.called("sendMessage") if "ambiguous" in call["text"]]
    assert len(sent) == 1
    for fault in (lambda: limited(3600), failing(500), failing(400, "Bad Request: message is too long")):
        chats.telegram.faults["sendMessage"] = [fault]
        assert ada.write("not this time") == []
    assert ada.write("next") == ["You said: next"]


def test_a_person_who_blocked_the_bot_is_left_alone(chats: Chats, caplog: pytest.LogCaptureFixture) -> None:
    ada = chats.in_telegram()
    ada.write("hi")
    chats.telegram.blocked.add(ada.chat)
    with caplog.at_level(logging.INFO):
        assert ada.write("long") == []
    tried = [call for call in chats.telegram.called("sendMessage") if call["chat_id"] == ada.chat]
    assert len(tried) == 2  # the first line, and one part of the long one
    assert str(ada.chat) not in caplog.text
    chats.telegram.blocked.clear()
    assert ada.write("back") == ["You said: back"]


@pytest.mark.parametrize("text", ["silent", "fail", "hang"])
def test_when_the_bot_cannot_answer_help_is_named_and_nothing_personal_is_logged(
    chats: Chats, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    ada = chats.in_telegram()
    ada.write("hi")
    with caplog.at_level(logging.DEBUG):
        assert ada.write(text) == [WORDS["trouble"]]
    assert "secret" not in caplog.text
    assert TOKEN not in caplog.text


def test_a_picture_is_not_met_with_silence_and_its_caption_is_read(chats: Chats) -> None:
    ada = chats.in_telegram()
    ada.write("hi")
    picture = [{"file_id": "x"}]
    assert ada.write(None, photo=picture) == [WORDS["words_only"]]
    assert ada.write(None, photo=picture, caption="my rejection") == ["You said: my rejection"]
    assert ada.write(None, pinned_message={"message_id": 1}) == []


def test_forgetting_erases_the_talk_everywhere_and_its_messages_in_telegram(chats: Chats) -> None:
    ada, bob = chats.in_telegram(), chats.in_telegram()
    bob.write("hi")
    ada.write("my name is Ada")
    ada.write("long")
    conversation = chats.server.agent.heard[-1][0]
    assert ada.write("/delete") == ["Deleted: 3 rows.", WORDS["erased"]]
    mine = [m["text"] for m in chats.telegram.messages.values() if m["chat_id"] == ada.chat]
    assert mine == ["Deleted: 3 rows.", WORDS["erased"]]
    assert conversation not in chats.server.agent.tracker_store.store
    assert conversation in chats.erased
    assert "Ada" not in str(chats.server.channels[2]._memory._talks[conversation])
    assert [m for m in chats.telegram.messages.values() if m["chat_id"] == bob.chat]
    assert ada.write("hello again") == ["You said: hello again"]


def test_ids_of_one_app_fit_no_other(chats: Chats) -> None:
    chats.in_telegram().write("hi")
    chats.in_slack().write("hi")
    slack, telegram = chats.server.agent.heard[-1][0], chats.server.agent.heard[-2][0]
    assert re.fullmatch(r"slack-[\w-]{43}", slack)
    assert re.fullmatch(r"telegram-[\w-]{43}", telegram)
    native = "1001"
    ids = {guard.conversation_id(KEY, channel, native) for channel in ("web", "kiosk", "slack", "telegram")}
    assert len(ids) == 4


def test_set_webhook_gives_telegram_our_secret_and_the_menu(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "comeback", "telegram", "set-webhook", "https://bot.example.org/"]
    known = {**os.environ, "COMEBACK_STATE": str(tmp_path), "COMEBACK_SECRET": KEY.decode()}
    with FakeTelegram() as fake:
        for token, status in ((TOKEN, 0), ("9:wrong", 1), ("", 1)):
            environment = known | {"COMEBACK_TELEGRAM_TOKEN": token}
            done = subprocess.run(
                [*command, "--api", fake.url], env=environment, cwd=ROOT, capture_output=True, text=True
            )
            assert done.returncode == status, done.stderr
            assert token not in done.stderr or not token
        assert fake.webhook["url"] == "https://bot.example.org/webhooks/telegram/webhook"
        assert fake.webhook["secret_token"] == SECRET
        assert fake.webhook["allowed_updates"] == ["message", "callback_query"]
        assert {c["command"] for c in fake.menu} == {"start", "help", "stop", "delete", "export"}


def test_without_its_token_the_channel_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMEBACK_STATE", str(tmp_path))
    monkeypatch.delenv("COMEBACK_TELEGRAM_TOKEN", raising=False)
    channel = _create_single_channel("comeback.channels.telegram.TelegramChannel", {})
    assert not channel.blueprint(lambda message: asyncio.sleep(0)).routes
    monkeypatch.setenv("COMEBACK_TELEGRAM_TOKEN", "no token")
    with pytest.raises(ValueError, match="BotFather"):
        _create_single_channel("comeback.channels.telegram.TelegramChannel", {})


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
chat = st.just({"id": 7, "type": "private"}) | st.just({"id": -7, "type": "group"}) | anything
sender = st.just({"id": 7, "is_bot": False}) | anything
message = st.fixed_dictionaries(
    {"chat": chat, "from": sender},
    optional={
        "message_id": st.integers() | anything,
        "text": st.text(st.characters(codec=None)) | anything,
        "caption": anything,
        "photo": anything,
    },
)
press = st.fixed_dictionaries(
    {"from": sender}, optional={"id": anything, "data": anything, "message": message | anything}
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=60)
    | (
        anything
        | st.fixed_dictionaries(
            {"update_id": st.integers() | anything},
            optional={"message": message | anything, "callback_query": press | anything},
        )
    ).map(lambda value: json.dumps(value).encode()),
    genuine=st.booleans(),
)
def test_no_request_is_a_server_error(chats: Chats, body: bytes, genuine: bool) -> None:
    answer = post_telegram(chats.server, body, secret=SECRET if genuine else "wrong")
    assert answer.status_code < 500 if genuine else answer.status_code == 401


def test_after_all_that_the_next_good_message_is_answered(chats: Chats) -> None:
    settle(chats.server)
    assert post_telegram(chats.server, b"x" * 1_500_000).status_code == 413
    assert chats.in_telegram().write("still there?")[-1] == "You said: still there?"
