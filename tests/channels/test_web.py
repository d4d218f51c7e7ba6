"""The web channel over real HTTP. Every hole that Rasa's own channels have is a request that is refused here."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from channel_server import Server, StubAgent, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.core.run import _create_single_channel

from comeback.channels.memory import LocalMemory, Rate, open_memory
from comeback.channels.pages import WEB, build_page, load_assets, load_strings
from comeback.channels.render import web_lines
from comeback.channels.web import WebChannel

ids = (f"message-{number}" for number in count())
WORDS = load_strings()
LINK = "mailto:?subject=S&body=B"
EML = (
    'Subject: S\r\nX-Unsent: 1\r\nContent-Type: text/plain; charset="utf-8"\r\n'
    "Content-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\nQg0K\r\n"
)


async def bot(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
    """Does what the text says."""
    text = message.text
    if text == "silent":
        return
    if text == "fail":
        raise RuntimeError("I was told a secret: " + text)
    if text == "hang":
        await asyncio.sleep(30)
    if text == "slow":
        await asyncio.sleep(0.4)
    if text.startswith("quick"):
        await asyncio.sleep(0.1)
    if text == "fail halfway":
        yield {"text": "first"}
        raise RuntimeError("halfway")
    if text in ("wipe", "forget"):
        yield {"text": "Gone: 3 rows."}
        yield {"custom": {"kind": "control", "do": text}}
        return
    if text == "everything":
        yield {"text": "first", "metadata": {"utter_action": "utter_safety_ask", "stage": "safety"}}
        yield {"text": "second", "buttons": [{"title": "Yes", "payload": "yes please"}]}
        yield {"custom": {"kind": "draft", "subject": "S", "body": "B", "mailto": True, "to": "x"}}
        yield {"custom": {"kind": "calendar", "name": "n", "ics": "i"}}
        yield {"custom": {"kind": "file", "name": "n", "mime": "text/plain", "text": "t"}}
        yield {"custom": {"kind": "help", "urgent": []}}
        yield {"custom": {"kind": "unknown", "x": 1}}
        yield {"custom": {"kind": "control", "do": "reboot"}}
        yield {"custom": {"kind": "draft", "subject": 7}}
        yield {"custom": ["not", "an", "object"]}
        yield {"image": "https://evil.example/x.png"}
        return
    yield {"text": f"You said: {text}", "metadata": {"utter_action": "utter_echo"}}


@pytest.fixture(scope="module")
def erased() -> list[str]:
    return []


@pytest.fixture(scope="module")
def memory() -> LocalMemory:
    return LocalMemory()


@pytest.fixture(scope="module")
def server(erased: list[str], memory: LocalMemory) -> Iterator[Server]:
    with serving(
        bot,
        memory=memory,
        forget=erased.append,
        seconds=1,
        rate=Rate(burst=10_000),
        embed_origins=("https://school.example",),
    ) as running:
        yield running


def token(server: Server, **more: Any) -> str:
    answer = requests.post(server.url + "/api/session", json=more, timeout=5)
    assert answer.status_code == 200
    return str(answer.json()["token"])


def send(server: Server, session: str, text: Any, id_: str | None = None) -> requests.Response:
    body = json.dumps({"token": session, "id": id_ or next(ids), "text": text})
    headers = {"Content-Type": "application/json"}
    return requests.post(server.url + "/api/message", data=body, headers=headers, timeout=10)


def lines(answer: requests.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    *said, last = [json.loads(line) for line in answer.text.splitlines()]
    assert last == {"done": True}
    return said


def texts(answer: requests.Response) -> list[str]:
    return [line["text"] for line in lines(answer)]


def test_a_message_is_answered_and_health_is_ok(server: Server) -> None:
    assert texts(send(server, token(server), "hi")) == ["You said: hi"]
    assert requests.get(server.url + "/health", timeout=5).json()["status"] == "ok"


def test_everything_the_bot_says_is_shown_and_nothing_of_its_inner_names(server: Server) -> None:
    assert lines(send(server, token(server), "everything")) == [
        {"kind": "text", "text": "first", "buttons": []},
        {"kind": "text", "text": "second", "buttons": [{"title": "Yes", "text": "yes please"}]},
        {"kind": "draft", "subject": "S", "body": "B", "mailto": True, "link": LINK, "eml": EML},
        {"kind": "calendar", "name": "n", "ics": "i"},
        {"kind": "file", "name": "n", "mime": "text/plain", "text": "t"},
        {"kind": "help", "urgent": []},
    ]


def test_a_draft_keeps_the_mail_file_it_brings_and_a_link_that_mail_programs_cut_is_left_out() -> None:
    draft = {"kind": "draft", "subject": "S", "body": "ä\nb" * 500, "mailto": True}
    (line,) = web_lines({"custom": draft | {"eml": "Subject: mine\n\nB"}})
    assert line["eml"] == "Subject: mine\n\nB"
    assert "link" not in line
    (line,) = web_lines({"custom": draft | {"body": "ä\nb"}})
    assert line["link"] == "mailto:?subject=S&body=%C3%A4%0D%0Ab"
    (line,) = web_lines({"custom": draft | {"link": "javascript:alert(1)"}})
    assert "link" not in line


def test_messages_are_streamed_as_they_come() -> None:
    async def two(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
        yield {"text": "first"}
        await asyncio.sleep(0.5)
        yield {"text": "second"}

    with serving(two) as server:
        data = {"token": token(server), "id": next(ids), "text": "hi"}
        start = time.monotonic()
        with requests.post(server.url + "/api/message", json=data, stream=True, timeout=5) as answer:
            first = next(answer.iter_lines(chunk_size=1))
            assert b"first" in first
            assert time.monotonic() - start < 0.4


def test_nobody_speaks_as_another_sender(server: Server) -> None:
    mine, other = token(server), token(server)
    for session in (mine, other, token(server, place="kiosk")):
        data = {"token": session, "id": next(ids), "text": "it is me", "sender": "slack-U1", "sender_id": "x"}
        requests.post(server.url + "/api/message", json=data, timeout=5)
    senders = [sender for sender, text in server.agent.heard if text == "it is me"]
    assert len(set(senders)) == 3
    assert [sender.split("-")[0] for sender in senders] == ["web", "web", "kiosk"]
    for forged in (
        "",
        "default",
        mine[:-1] + ("A" if mine[-1] != "A" else "B"),
        mine.replace("web", "kiosk"),
    ):
        assert send(server, forged, "hi").status_code == 401
    data = {"id": next(ids), "text": "no token"}
    assert requests.post(server.url + "/api/message", json=data, timeout=5).status_code == 401


def test_only_a_running_talk_of_a_kiosk_can_be_alive(server: Server) -> None:
    def alive(session: str) -> int:
        return requests.post(server.url + "/api/alive", json={"token": session}, timeout=5).status_code

    kiosk = token(server, place="kiosk")
    assert [alive(kiosk), alive(token(server)), alive("kiosk.1.x.y")] == [204, 401, 401]
    requests.delete(server.url + "/api/session", json={"token": kiosk}, timeout=5)
    assert alive(kiosk) == 401


def test_rasas_own_doors_are_closed(server: Server) -> None:
    for path in (
        "/webhooks/rest/webhook",
        "/webhooks/rest",
        "/socket.io/",
        "/conversations/x/tracker",
        "/status",
    ):
        assert requests.get(server.url + path, timeout=5).status_code == 404
        assert requests.post(server.url + path, json={}, timeout=5).status_code == 404
    page = requests.get(server.url + "/", timeout=5)
    assert "Hello from Rasa" not in page.text
    assert "Rasa" not in str(page.headers)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (415, {"Content-Type": "text/plain"}, b'{"text": "hi"}'),
        (415, {}, b"text=hi"),
        (400, {"Content-Type": "application/json"}, b"{not json"),
        (400, {"Content-Type": "application/json"}, b""),
        (400, {"Content-Type": "application/json"}, b"\x00\xff\xfe\x80"),
        (400, {"Content-Type": "application/json"}, b"[1, 2]"),
        (413, {"Content-Type": "application/json"}, b'{"text": "' + b"x" * 1_000_000 + b'"}'),
        (403, {"Content-Type": "application/json", "Origin": "https://evil.example"}, b"{}"),
        (403, {"Content-Type": "application/json", "Origin": "null"}, b"{}"),
        (403, {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, b"{}"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "message"), ("POST", "session"), ("DELETE", "session"), ("POST", "alive"), ("POST", "bell")],
)
def test_a_bad_request_gets_a_4xx_in_json_and_the_next_message_works(
    server: Server, method: str, path: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    answer = requests.request(method, f"{server.url}/api/{path}", data=body, headers=headers, timeout=10)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert texts(send(server, token(server), "still there?")) == ["You said: still there?"]


@pytest.mark.parametrize(
    ("status", "text"), [(400, ""), (400, " \n\t"), (400, None), (400, 7), (400, ["a"]), (413, "x" * 20_001)]
)
def test_a_text_that_cannot_be_heard_is_refused(server: Server, status: int, text: Any) -> None:
    assert send(server, token(server), text).status_code == status


def test_twenty_megabytes_do_not_keep_others_waiting(server: Server) -> None:
    start = time.monotonic()
    try:
        answer = requests.post(
            server.url + "/api/message",
            data=b"x" * 20_000_000,
            headers={"Content-Type": "application/json"},
            timeout=10,
        )
        assert answer.status_code == 413
    except requests.ConnectionError:
        pass  # the server hung up while the client was still sending
    assert texts(send(server, token(server), "hi")) == ["You said: hi"]
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "text", ["😂😂😂", "ich bin so müde", "我被拒绝了", "a\x00b", "\ud83d", "'; DROP TABLE x;--"]
)
def test_any_writing_is_heard(server: Server, text: str) -> None:
    assert send(server, token(server), "x" + text).status_code == 200


def test_a_leading_slash_does_not_choose_an_intent(server: Server) -> None:
    assert texts(send(server, token(server), "/greet i want to die")) == ["You said: greet i want to die"]


def test_three_deliveries_of_one_message_are_one_message_and_one_answer(server: Server) -> None:
    session, id_ = token(server), next(ids)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: texts(send(server, session, "slow", id_)), range(3)))
    answers.append(texts(send(server, session, "slow", id_)))
    assert answers == [["You said: slow"]] * 4
    assert [text for _, text in server.agent.heard].count("slow") == 1


def test_an_answer_waits_for_a_person_who_lost_the_connection(server: Server) -> None:
    session, id_ = token(server), next(ids)
    data = {"token": session, "id": id_, "text": "slow"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(server.url + "/api/message", json=data, timeout=0.1)
    heard = len(server.agent.heard)
    assert texts(send(server, session, "slow", id_)) == ["You said: slow"]
    assert len(server.agent.heard) == heard


def test_quick_messages_are_answered_in_order_without_polling(server: Server) -> None:
    session = token(server)
    send(server, session, "warm up")
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        waiting = []
        for number in range(4):
            waiting.append(pool.submit(send, server, session, f"quick {number}"))
            time.sleep(0.08)
        answers = [texts(answer.result()) for answer in waiting]
    assert answers == [[f"You said: quick {number}"] for number in range(4)]
    assert time.monotonic() - start < 2.5, "Rasa's lock, which polls once a second, was waited for"
    assert [text for _, text in server.agent.heard if text.startswith("quick")] == [
        f"quick {number}" for number in range(4)
    ]


@pytest.mark.parametrize("text", ["silent", "fail", "hang", "fail halfway"])
def test_when_the_bot_cannot_answer_urgent_help_is_offered_and_nothing_personal_is_logged(
    server: Server, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    session = token(server)
    with caplog.at_level(logging.DEBUG):
        said = lines(send(server, session, text))
    assert said[-1] == {"kind": "trouble", "text": WORDS["channel"]["trouble"], "urgent": WORDS["urgent"]}
    assert "secret" not in caplog.text
    assert any(record.levelno >= logging.ERROR for record in caplog.records)
    assert texts(send(server, session, "and now?")) == ["You said: and now?"]


def test_too_many_messages_get_one_kind_notice_and_then_pass_again() -> None:
    with serving(rate=Rate(burst=2, per_second=2)) as server:
        session = token(server)
        answers = [send(server, session, "spam") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429]
        assert [answer.json().get("text") for answer in answers[2:]] == [
            WORDS["channel"]["slow_down"],
            None,
            None,
        ]
        assert answers[2].headers["retry-after"] == "1"
        assert send(server, token(server), "someone else").status_code == 200
        time.sleep(0.6)
        assert send(server, session, "calm").status_code == 200


def test_a_cleared_talk_leaves_nothing_and_its_token_is_dead(
    server: Server, erased: list[str], memory: LocalMemory
) -> None:
    session = token(server)
    with ThreadPoolExecutor(1) as pool:
        in_flight = pool.submit(send, server, session, "slow")
        time.sleep(0.1)
        cleared = requests.delete(server.url + "/api/session", json={"token": session}, timeout=5)
        assert texts(in_flight.result()) == ["You said: slow"]
    assert cleared.status_code == 204
    conversation = server.agent.heard[-1][0]
    assert conversation not in server.agent.tracker_store.store
    assert conversation in erased
    assert send(server, session, "hello again").status_code == 401
    assert conversation not in server.agent.tracker_store.store
    kept = {name: entry.lines for name, entry in memory._talks[conversation].items() if any(entry.lines)}
    assert "said" not in str(kept)


def test_clearing_does_not_wait_for_a_bot_that_hangs_and_what_it_leaves_is_erased_too() -> None:
    async def slow(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
        await asyncio.sleep(6)
        yield {"text": f"You said: {message.text}"}

    erased: list[str] = []
    with serving(slow, forget=erased.append) as server, ThreadPoolExecutor(1) as pool:
        session = token(server)
        in_flight = pool.submit(send, server, session, "I cried")
        time.sleep(0.5)
        start = time.monotonic()
        assert (
            requests.delete(server.url + "/api/session", json={"token": session}, timeout=10).status_code
            == 204
        )
        assert time.monotonic() - start < 5 and len(erased) == 1
        in_flight.result()
        assert server.agent.tracker_store.store == {} and len(erased) == 2
        assert send(server, session, "more").status_code == 401


@pytest.mark.parametrize("how", ["wipe", "forget"])
def test_forgetting_in_the_talk_is_done_when_the_answer_ends(
    server: Server, erased: list[str], how: str
) -> None:
    session, id_ = token(server), next(ids)
    send(server, session, "my name is Ada")
    said = lines(send(server, session, how, id_))
    assert said[-1] == {"kind": "control", "do": how}
    conversation = server.agent.heard[-1][0]
    assert conversation not in server.agent.tracker_store.store
    assert conversation in erased
    assert send(server, session, "more").status_code == 401


def test_the_page_is_locked_down(server: Server) -> None:
    page = requests.get(server.url + "/", timeout=5)
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers
    assert "style=" not in page.text
    embedded = requests.get(server.url + "/?embed", timeout=5).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://school.example" in embedded
    for path in ("/nothing", "/static/../settings.py", "/static/%2e%2e%2fconfig.yml", "/static/index.html"):
        missing = requests.get(server.url + path, timeout=5)
        assert (missing.status_code, missing.json()) == (404, {"error": "not_found"})
        assert missing.headers["x-content-type-options"] == "nosniff"
    assert requests.put(server.url + "/api/message", json={}, timeout=5).status_code == 405


def test_the_embed_tag_may_be_loaded_by_others_and_the_page_is_cached_by_content(server: Server) -> None:
    tag = requests.get(server.url + "/embed.js", timeout=5)
    assert tag.headers["cross-origin-resource-policy"] == "cross-origin"
    again = requests.get(server.url + "/", headers={"If-None-Match": tag.headers["etag"]}, timeout=5)
    assert again.status_code == 200
    again = requests.get(server.url + "/", headers={"If-None-Match": again.headers["etag"]}, timeout=5)
    assert again.status_code == 304


def test_tag_page_script_style_and_words_weigh_at_most_8_kilobytes() -> None:
    assets = load_assets()
    page = build_page((WEB / "index.html").read_text("utf-8"), WORDS, assets)
    parts = [page, *(assets[name] for name in ("embed.js", "chat.js", "chat.css"))]
    assert sum(len(part.packed) for part in parts) <= 8192
    assert "{{" not in page.body.decode()


def raw(server: Server, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(data)
        try:
            return connection.recv(4096)
        except (ConnectionError, TimeoutError):
            return b""


@pytest.mark.parametrize(
    "data",
    [
        b"POST /api/message HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
        b"POST /api/message HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /static/%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //evil.example HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"OPTIONS /api/message HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n",
    ],
)
def test_broken_http_is_never_a_server_error(server: Server, data: bytes) -> None:
    answer = raw(server, data)
    assert not answer.startswith(b"HTTP/1.1 5"), answer
    assert texts(send(server, token(server), "hi")) == ["You said: hi"]


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
    path=st.sampled_from(
        [
            "/",
            "/api/session",
            "/api/message",
            "/api/alive",
            "/api/bell",
            "/kiosk",
            "/static/chat.js",
            "/health",
        ]
    )
    | st.text(max_size=20),
    body=st.binary(max_size=200)
    | anything.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("token", "id", "text", "place", "screen"), anything)
    ).map(lambda value: json.dumps(value).encode()),
    type_=st.sampled_from(["application/json", "text/plain", "application/json; charset=utf-8", ""]),
)
def test_no_request_is_a_server_error(
    server: Server, method: str, path: str, body: bytes, type_: str
) -> None:
    url = server.url + "/" + path.removeprefix("/")
    answer = requests.request(method, url, data=body, headers={"Content-Type": type_}, timeout=5)
    assert answer.status_code < 500


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None)) | anything)
def test_any_text_of_a_known_person_is_heard_or_refused(server: Server, text: Any) -> None:
    answer = send(server, token(server), text)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert lines(answer)


def test_a_retry_may_reach_another_process(redis_url: str) -> None:
    with (
        serving(bot, memory=open_memory(redis_url)) as one,
        serving(bot, memory=open_memory(redis_url)) as two,
    ):
        session, id_ = token(one), next(ids)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda server: texts(send(server, session, "slow", id_)), (one, two)))
        assert answers == [["You said: slow"]] * 2
        assert len(one.agent.heard) + len(two.agent.heard) == 1
        assert (
            requests.delete(two.url + "/api/session", json={"token": session}, timeout=5).status_code == 204
        )
        assert send(one, session, "more").status_code == 401


def test_rasa_makes_the_channel_from_its_class_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMEBACK_STATE", str(tmp_path))
    monkeypatch.delenv("COMEBACK_SECRET", raising=False)
    channel = _create_single_channel("comeback.channels.web.WebChannel", {})
    assert isinstance(channel, WebChannel)
    assert (tmp_path / "secret").exists()
    with Server(StubAgent(bot), [channel]) as server:
        assert texts(send(server, token(server), "hi")) == ["You said: hi"]


def test_after_all_that_the_next_good_message_is_answered(server: Server) -> None:
    assert texts(send(server, token(server), "still there?")) == ["You said: still there?"]
