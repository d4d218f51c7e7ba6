"""The Slack channel against a fake of Slack that keeps Slack's limits."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chats import LONG, Chats, chatting
from fakes.server import LOST
from fakes.slack import TOKEN, buttons, limited, refusing, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import TEAM, post_slack, settle
from rasa.core.run import _create_single_channel

from comeback.channels.memory import Rate
from comeback.channels.words import load_words

WORDS = load_words("slack")


@pytest.fixture(scope="module")
def chats() -> Iterator[Chats]:
    with chatting() as running:
        yield running


def test_a_private_message_is_answered(chats: Chats) -> None:
    ada = chats.in_slack()
    assert ada.write("hi") == ["You said: hi"]
    assert ada.write("i got rejected") == ["You said: i got rejected"]


def test_slack_may_check_the_address(chats: Chats) -> None:
    answer = post_slack(chats.server, {"type": "url_verification", "challenge": "abc"})
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})


def test_three_deliveries_of_one_event_are_one_answer(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("warm up")
    event = ada.event(text="slow")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda n: ada.deliver(event, X_Slack_Retry_Num=str(n)), range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert ada.read() == ["You said: slow"]
    assert ada.deliver(event, X_Slack_Retry_Num="3").status_code == 200
    assert ada.read() == []


def test_a_retry_whose_first_delivery_was_lost_is_answered(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("warm up")
    retry = {"X_Slack_Retry_Num": "1", "X_Slack_Retry_Reason": "http_timeout"}
    assert ada.deliver(ada.event(text="hello?"), **retry).status_code == 200
    assert ada.read() == ["You said: hello?"]


def test_slack_is_answered_before_the_bot_has_thought(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("warm up")
    assert ada.deliver(ada.event(text="slow")).status_code == 200
    assert len(chats.server.channels[1].talks)
    assert ada.read() == ["You said: slow"]


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (401, {"secret": "another"}),
        (401, {"age": 600}),
        (401, {"age": -600}),
        (401, {"X_Slack_Signature": "v0=" + "0" * 64}),
        (401, {"X_Slack_Signature": "ä".encode().decode("latin-1")}),
        (401, {"X_Slack_Request_Timestamp": "soon"}),
        (401, {"X_Slack_Request_Timestamp": ""}),
    ],
)
def test_what_slack_did_not_sign_is_refused(chats: Chats, status: int, how: dict[str, Any]) -> None:
    ada = chats.in_slack()
    heard = len(chats.heard())
    assert post_slack(chats.server, ada.event(text="forged"), **how).status_code == status
    assert post_slack(chats.server, {"payload": "{}"}, form=True, **how).status_code == status
    assert ada.read() == []
    assert len(chats.heard()) == heard


def test_another_workspace_is_refused(chats: Chats) -> None:
    ada = chats.in_slack()
    other = {"team_id": "T0OTHER"}
    heard = len(chats.heard())
    assert ada.deliver({**ada.event(text="hi"), **other}).status_code == 403
    payload = {"type": "block_actions", "team": {"id": "T0OTHER"}, "user": {"id": ada.user}}
    assert post_slack(chats.server, {"payload": json.dumps(payload)}, form=True).status_code == 403
    command = {"command": "/comeback", "user_id": ada.user, "trigger_id": "1.2.3", **other}
    assert post_slack(chats.server, command, form=True).status_code == 403
    assert ada.write("hi", team="T0OTHER") == []
    assert ada.write("hi", user_team="T0OTHER") == []
    assert len(chats.heard()) == heard


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B1"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"channel_type": "channel", "channel": "C0PUBLIC"},
        {"channel_type": "group", "channel": "G0PRIVATE"},
        {"channel_type": "mpim", "channel": "G0SEVERAL"},
        {"channel_type": "im", "channel": "C0PUBLIC"},
        {"user": "USLACKBOT2|x"},
        {"user": None},
        {"type": "reaction_added"},
        {"type": "app_mention"},
    ],
)
def test_only_what_a_person_writes_in_private_is_heard(chats: Chats, event: dict[str, Any]) -> None:
    ada = chats.in_slack()
    heard = len(chats.heard())
    assert ada.write("i feel awful", **event) == []
    assert len(chats.heard()) == heard


def test_a_mention_in_a_channel_gets_one_line_that_only_its_writer_sees(chats: Chats) -> None:
    ada = chats.in_slack()
    heard = len(chats.heard())
    for _ in range(3):
        ada.write("<@U0BOT> i want to die", type="app_mention", channel_type="channel", channel="C0PUBLIC")
    told = [call for call in chats.slack.called("chat.postEphemeral") if call["user"] == ada.user]
    assert [(call["channel"], shown(call)) for call in told] == [("C0PUBLIC", WORDS["private"])]
    assert not [m for m in chats.slack.messages.values() if m["channel"] == "C0PUBLIC"]
    assert len(chats.heard()) == heard


def test_buttons_stand_in_rows_and_mean_their_text_to_one_person_only(chats: Chats) -> None:
    ada, bob = chats.in_slack(), chats.in_slack()
    bob.write("hi")
    ada.write("buttons")
    message, button = ada.find("Choice 7")
    assert len(buttons(message)) == 13
    stolen = bob.pressing({**message, "channel": bob.chat}, button)
    assert post_slack(chats.server, stolen, form=True).status_code == 200
    assert bob.read() == [WORDS["old_button"]]
    assert ada.press("Choice 7") == ["You said: Choice 7 please"]
    assert buttons(chats.slack.messages[message["ts"]]) == []
    assert shown(chats.slack.messages[message["ts"]]).endswith("You chose: Choice 7 please")
    again = ada.pressing(message, button)
    assert post_slack(chats.server, again, form=True).status_code == 200
    assert ada.read() == []


def test_slacks_signs_are_escaped_and_a_long_answer_is_split(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    assert ada.write("&lt;!channel&gt; R&amp;D <https://a.example|a.example> <@U123>") == [
        "You said: <!channel> R&D a.example"
    ]
    assert " ".join(" ".join(ada.write("long")).split()) == LONG.strip()


def test_many_signs_arrive_whole(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    said = "".join("".join(ada.write("&amp;&lt;" * 4000)).split())
    assert said == "Yousaid:" + "&<" * 4000


def test_drafts_and_files_arrive_as_files(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    (draft,) = ada.write("made")
    assert "Subject: Thank you" in draft
    assert "Dear Ms <A> & Co,\n\nbye" in draft
    mine = [file for file in chats.slack.files.values() if file.get("channel") == ada.chat]
    assert [file["name"] for file in mine] == ["draft.eml", "plan.ics", "my data.json"]
    assert b"X-Unsent: 1" in mine[0]["data"]
    assert mine[1]["data"] == b"BEGIN:VCALENDAR"


def test_a_workspace_that_takes_no_files_gets_them_as_text(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    chats.slack.faults["files.getUploadURLExternal"] = [refusing("missing_scope")] * 3
    draft, plan, data = ada.write("made")
    assert "Dear Ms <A> & Co" in draft
    assert (plan, data) == ("plan.ics\nBEGIN:VCALENDAR", "my data.json\n{}")


def test_a_limited_message_is_sent_again_and_a_lost_one_is_not(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    chats.slack.faults["chat.postMessage"] = [limited, limited]
    assert ada.write("limited") == ["You said: limited"]
    chats.slack.faults["chat.postMessage"] = [LOST]
    assert ada.write("ambiguous") == ["You said: ambiguous"]
    sent = [call for call in chats.slack.called("chat.postMessage") if "ambiguous" in call["text"]]
    assert len(sent) == 1
    chats.slack.faults["chat.postMessage"] = [lambda: limited(3600)]
    assert ada.write("an hour") == []
    assert ada.write("next") == ["You said: next"]


def test_refused_blocks_become_plain_text_and_a_person_who_left_is_let_go(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    chats.slack.faults["chat.postMessage"] = [refusing("invalid_blocks")]
    assert ada.write("plain") == ["You said: plain"]
    chats.slack.faults["chat.postMessage"] = [refusing("account_inactive")]
    assert ada.write("long") == []
    chats.slack.faults["chat.postMessage"] = []
    assert ada.write("back") == ["You said: back"]


@pytest.mark.parametrize("text", ["silent", "fail", "hang"])
def test_when_the_bot_cannot_answer_help_is_named_and_nothing_personal_is_logged(
    chats: Chats, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    with caplog.at_level(logging.DEBUG):
        assert ada.write(text) == [WORDS["trouble"]]
    assert "secret" not in caplog.text
    assert TOKEN not in caplog.text
    assert "988" in WORDS["trouble"]


def test_the_slash_command_answers_in_private(chats: Chats) -> None:
    ada = chats.in_slack()
    for typed, heard in [
        ("", "hello"),
        ("help", "what can you do?"),
        (" Stop ", "goodbye"),
        ("i got rejected", "i got rejected"),
        ("/greet i want to die", "greet i want to die"),
    ]:
        answer = ada.command(typed).json()
        assert answer == {"response_type": "ephemeral", "text": WORDS["command"]}
        assert ada.read()[-1] == f"You said: {heard}"
    assert not [m for m in chats.slack.messages.values() if m["channel"] == "C0PUBLIC"]


def test_the_home_tab_says_what_this_is_and_begins_a_talk(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.deliver(ada.event(type="app_home_opened", tab="home"))
    settle(chats.server)
    home = chats.slack.homes[ada.user]
    assert WORDS["home_private"] in shown(home)
    first = buttons(home)[0]
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": ada.user},
        "trigger_id": "9.8.home",
        "view": home,
        "actions": [{"action_id": first["action_id"], "value": first["value"]}],
    }
    assert post_slack(chats.server, {"payload": json.dumps(payload)}, form=True).status_code == 200
    assert ada.read() == ["You said: " + WORDS["home_starters"][0]]


def test_a_picture_is_not_met_with_silence(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    assert ada.write("", subtype="file_share", files=[{"id": "F1"}]) == [WORDS["words_only"]]


def test_what_is_written_in_a_thread_is_answered_there(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("in a thread", thread_ts="1700000000.000001")
    mine = [m for m in chats.slack.messages.values() if m["channel"] == ada.chat]
    assert {m["thread_ts"] for m in mine} == {"1700000000.000001"}


def test_forgetting_erases_the_talk_everywhere_and_our_own_messages_in_slack(chats: Chats) -> None:
    ada, bob = chats.in_slack(), chats.in_slack()
    bob.write("hi")
    ada.write("my name is Ada")
    ada.write("made")
    conversation = chats.server.agent.heard[-1][0]
    assert ada.command("delete").status_code == 200
    assert ada.read() == ["Deleted: 3 rows.", WORDS["erased"]]
    mine = [shown(m) for m in chats.slack.messages.values() if m["channel"] == ada.chat]
    assert mine == ["Deleted: 3 rows.", WORDS["erased"]]
    assert not [file for file in chats.slack.files.values() if file.get("channel") == ada.chat]
    assert conversation not in chats.server.agent.tracker_store.store
    assert conversation in chats.erased
    kept = chats.server.channels[1]._memory._talks[conversation]
    assert "Ada" not in str(kept)
    assert [m for m in chats.slack.messages.values() if m["channel"] == bob.chat]
    assert ada.write("hello again") == ["You said: hello again"]


def test_when_slack_does_not_delete_it_is_said(chats: Chats) -> None:
    ada = chats.in_slack()
    ada.write("hi")
    chats.slack.faults["chat.delete"] = [refusing("cant_delete_message")]
    assert ada.write("delete everything") == ["Deleted: 3 rows.", WORDS["erased_partly"]]


def test_quick_messages_are_slowed_down_kindly_and_none_is_lost() -> None:
    with chatting(rate=Rate(burst=2, per_second=20)) as chats:
        ada = chats.in_slack()
        for number in range(5):
            ada.deliver(ada.event(text=f"quick {number}"))
        said = ada.read()
        assert said.count(WORDS["slow_down"]) >= 1
        assert [line for line in said if "quick" in line] == [f"You said: quick {n}" for n in range(5)]


def test_without_its_settings_the_channel_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMEBACK_STATE", str(tmp_path))
    for name in ("TOKEN", "SIGNING_SECRET", "TEAM"):
        monkeypatch.delenv(f"COMEBACK_SLACK_{name}", raising=False)
    channel = _create_single_channel("comeback.channels.slack.SlackChannel", {})
    assert not channel.blueprint(lambda message: asyncio.sleep(0)).routes
    monkeypatch.setenv("COMEBACK_SLACK_TOKEN", "xoxb-1")
    with pytest.raises(ValueError, match="COMEBACK_SLACK_SIGNING_SECRET and COMEBACK_SLACK_TEAM"):
        _create_single_channel("comeback.channels.slack.SlackChannel", {})


def test_the_manifest_asks_for_what_the_channel_uses() -> None:
    manifest = json.loads((Path(__file__).parents[2] / "ops" / "slack_manifest.json").read_text("utf-8"))
    events = manifest["settings"]["event_subscriptions"]
    assert set(events["bot_events"]) == {"message.im", "app_mention", "app_home_opened"}
    address = events["request_url"]
    assert address.endswith("/webhooks/slack/webhook")
    assert manifest["settings"]["interactivity"]["request_url"] == address
    (command,) = manifest["features"]["slash_commands"]
    assert (command["command"], command["url"]) == ("/comeback", address)
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {
        "app_mentions:read",
        "chat:write",
        "commands",
        "files:write",
        "im:history",
        "im:write",
    }


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
inner = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["message", "app_mention", "app_home_opened"]) | anything,
        "user": st.just("U0FUZZ") | anything,
        "channel": st.just("D0FUZZ") | st.just("C0FUZZ") | anything,
        "channel_type": st.just("im") | anything,
        "text": st.text(st.characters(codec=None)) | anything,
        "tab": st.just("home") | anything,
        "ts": anything,
        "subtype": anything,
        "thread_ts": anything,
    },
)
events = st.fixed_dictionaries(
    {"team_id": st.just(TEAM) | anything},
    optional={"type": anything, "event_id": st.text(max_size=20) | anything, "event": inner | anything},
)
payloads = st.fixed_dictionaries(
    {"team": st.just({"id": TEAM}) | anything},
    optional={
        "type": st.just("block_actions") | anything,
        "user": st.just({"id": "U0FUZZ"}) | anything,
        "channel": st.just({"id": "D0FUZZ"}) | anything,
        "trigger_id": anything,
        "message": st.fixed_dictionaries({}, optional={"ts": anything, "blocks": anything, "text": anything})
        | anything,
        "actions": st.lists(
            st.fixed_dictionaries({"action_id": st.just("choose:0") | anything, "value": anything}),
            max_size=2,
        )
        | anything,
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=60) | (anything | events).map(lambda value: json.dumps(value).encode()),
    form=st.booleans(),
    payload=payloads | anything,
    command=st.dictionaries(
        st.sampled_from(["command", "text", "team_id", "user_id", "trigger_id"]), st.text(max_size=10)
    ),
    genuine=st.booleans(),
)
def test_no_request_is_a_server_error(
    chats: Chats, body: bytes, form: bool, payload: Any, command: dict[str, str], genuine: bool
) -> None:
    secret = {} if genuine else {"secret": "another"}
    for sent in (body, {"payload": json.dumps(payload)}, command):
        answer = post_slack(chats.server, sent, form=form if sent is body else True, **secret)
        assert answer.status_code < 500 if genuine else answer.status_code == 401


def test_after_all_that_the_next_good_message_is_answered(chats: Chats) -> None:
    assert post_slack(chats.server, b"x" * 1_500_000).status_code == 413
    assert chats.in_slack().write("still there?")[-1] == "You said: still there?"
