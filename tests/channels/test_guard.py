from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops import finish

from comeback.channels import guard
from comeback.channels.guard import Refused
from comeback.channels.memory import (
    LocalMemory,
    Memory,
    Rate,
    RedisMemory,
    issue_button,
    redeem_button,
)

KEY = b"k" * 32


def refused(status: int, call: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        call()
    assert refusal.value.status == status


def test_conversation_ids_differ_by_channel_and_hide_the_native_id() -> None:
    slack, telegram = (guard.conversation_id(KEY, channel, "U123") for channel in ("slack", "telegram"))
    assert slack != telegram
    assert slack.startswith("slack-")
    assert "U123" not in slack
    assert guard.conversation_id(b"other" * 8, "slack", "U123") != slack


def test_a_token_opens_to_the_same_conversation_until_it_is_a_week_old() -> None:
    token = guard.issue_token(KEY, "web", now=1_000_000)
    first = guard.open_token(KEY, token, now=1_000_001)
    assert first == guard.open_token(KEY, token, now=1_000_000 + guard.TOKEN_SECONDS - 1)
    assert first[0] == "web"
    refused(401, lambda: guard.open_token(KEY, token, now=1_000_000 + guard.TOKEN_SECONDS + 1))


def test_a_changed_or_foreign_token_is_refused() -> None:
    token = guard.issue_token(KEY, "web")
    channel, issued, native, signature = token.split(".")
    forged: list[object] = [
        f"kiosk.{issued}.{native}.{signature}",
        f"{channel}.{int(issued) + 1}.{native}.{signature}",
        f"{channel}.{issued}.{native[::-1]}.{signature}",
        guard.issue_token(b"x" * 32, "web"),
        token + "\n",
        "",
        None,
        7,
        [token],
    ]
    for bad in forged:
        refused(401, lambda bad=bad: guard.open_token(KEY, bad))


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = guard.load_key(None, tmp_path / "state")
    assert guard.load_key(None, tmp_path / "state") == key
    assert stat.S_IMODE((tmp_path / "state" / "secret").stat().st_mode) == 0o600
    assert guard.load_key("chosen", tmp_path) == b"chosen"


@pytest.mark.parametrize(
    ("status", "type_", "body"),
    [
        (415, "text/plain", b'{"text": "hi"}'),
        (415, "application/x-www-form-urlencoded", b"text=hi"),
        (415, "", b"{}"),
        (413, "application/json", b'"' + b"x" * guard.BODY_BYTES + b'"'),
        (400, "application/json", b"{"),
        (400, "application/json", b"[]"),
        (400, "application/json", b""),
        (400, "application/json", b"\xff\xfe\x00binary"),
        (400, "application/json", b"[" * 60_000),
    ],
)
def test_a_body_that_is_not_a_small_json_object_is_refused(status: int, type_: str, body: bytes) -> None:
    refused(status, lambda: guard.read_json({"content-type": type_}, body))


def test_only_our_own_page_may_call() -> None:
    host = {"host": "chat.example.org"}
    guard.check_origin(host)
    guard.check_origin({**host, "origin": "https://chat.example.org"})
    guard.check_origin({**host, "origin": "https://my.example.edu"}, ("https://my.example.edu",))
    for origin in ("https://evil.example", "null", "https://chat.example.org.evil.example", "https://[", ""):
        refused(403, lambda origin=origin: guard.check_origin({**host, "origin": origin}))
    refused(403, lambda: guard.check_origin({**host, "sec-fetch-site": "cross-site"}))


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("/greet i want to die", "greet i want to die"),
        ("/restart; DROP TABLE users", "restart; DROP TABLE users"),
        ("///session_start", "session_start"),
        ('/start{"x": 1}', 'start{"x": 1}'),
        ("/help i cant go on", "help i cant go on"),
        (" /HELP ", "/help"),
        ("/start", "/start"),
        ("/\u2003/greet", "greet"),
        ("and/or", "and/or"),
        ("a\x00b\x07c\u009fd", "abcd"),
        ("line one\r\nline two\u2028three", "line one\nline two\nthree"),
        ("broken \ud83d half", "broken  half"),
        ("👩🏽‍🔬 مرحبا 你好", "👩🏽‍🔬 مرحبا 你好"),
    ],
)
def test_text_reaches_the_bot_without_commands_and_control_characters(sent: str, heard: str) -> None:
    assert guard.message_text(sent) == heard


def test_text_that_cannot_be_heard_is_refused() -> None:
    for empty in ("", "  \n", "\x00\x01", "/", "// /"):
        refused(400, lambda empty=empty: guard.message_text(empty))
    refused(400, lambda: guard.message_text(["hi"]))
    refused(413, lambda: guard.message_text("x" * (guard.TEXT_CHARACTERS + 1)))
    for bad in ("short", "a b c d e f", "x" * 65, None, 12345678):
        refused(400, lambda bad=bad: guard.message_id(bad))


@given(st.text())
def test_no_text_becomes_a_rasa_command(text: str) -> None:
    try:
        heard = guard.message_text(text)
    except Refused:
        return
    assert heard in guard.COMMANDS or not heard.strip().startswith("/")
    assert heard.encode("utf-8")
    assert "\x00" not in heard


def test_long_text_is_split_after_sentences() -> None:
    assert guard.split_text("One thing. Another thing! A third?", 20) == [
        "One thing.",
        "Another thing!",
        "A third?",
    ]
    assert guard.split_text("no stops here at all", 10) == ["no stops", "here at", "all"]
    assert guard.split_text("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert guard.split_text("", 10) == []


@given(st.text(min_size=1), st.integers(1, 40))
def test_splitting_loses_nothing_but_spaces(text: str, limit: int) -> None:
    parts = guard.split_text(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_rate_gives_one_notice_until_a_message_passes_again() -> None:
    now = [0.0]
    rate = Rate(burst=2, per_second=0.5, clock=lambda: now[0])
    assert [rate.take("a") for _ in range(4)] == [(0, False), (0, False), (2, True), (2, False)]
    assert rate.take("b") == (0, False)
    now[0] = 2
    assert [rate.take("a") for _ in range(2)] == [(0, False), (2, True)]


async def memory_laws(memory: Memory) -> None:
    assert await memory.claim("a", "m1", 60)
    assert not await memory.claim("a", "m1", 60)
    assert await memory.claim("b", "m1", 60)
    await memory.append("a", "m1", "one", 60)
    await memory.append("a", "m1", "two", 60)
    assert await memory.lines("a", "m1") == ["one", "two"]
    assert await memory.lines("a", "m1", 1) == ["two"]
    token = await issue_button(memory, "a", "a very long text " * 50)
    assert len(token) <= 64
    assert await redeem_button(memory, "a", token) == "a very long text " * 50
    assert await redeem_button(memory, "b", token) is None
    assert await redeem_button(memory, "a", "made-up") is None
    await memory.forget("a", keep=("m1",))
    assert await redeem_button(memory, "a", token) is None
    assert await memory.lines("a", "m1") == ["one", "two"]
    assert await memory.claim("a", "once:1", 60) and await memory.claim("a", "once", 60)
    await memory.forget("a", keep=("once:",))
    assert await memory.lines("a", "m1") == []
    assert not await memory.claim("a", "once:1", 60) and await memory.claim("a", "once", 60)
    await memory.forget("a")
    assert await memory.claim("a", "m1", 60)
    assert not await memory.claim("b", "m1", 60)
    assert await memory.claim("c", "m1", 0.05)
    await asyncio.sleep(0.1)
    assert await memory.claim("c", "m1", 0.05)


def test_memory_in_the_process() -> None:
    finish(memory_laws(LocalMemory()))


def test_memory_in_redis_forgets_every_key(redis_url: str) -> None:
    async def run() -> None:
        from redis.asyncio import Redis

        client: Any = Redis.from_url(redis_url, decode_responses=True)
        memory = RedisMemory(client)
        await memory_laws(memory)
        await memory.append("gone", "m1", "said", 60)
        await memory.forget("gone")
        assert not [key async for key in client.scan_iter("*gone*")]
        await client.aclose() if hasattr(client, "aclose") else await client.close()

    finish(run())


def test_memory_in_the_process_is_bounded_and_swept() -> None:
    async def run() -> None:
        now = [0.0]
        memory = LocalMemory(limit=10, clock=lambda: now[0])
        for number in range(50):
            await memory.append(f"talk {number}", "m1", "said", 60)
        assert len(memory) == 10
        now[0] = 61
        memory.sweep()
        assert len(memory) == 0

    finish(run())
