"""Talks over HTTP and times their turns, in seconds."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

import aiohttp

from comeback.channels.memory import PER_SECOND

TURNS = 10
"""Messages of one conversation, then another begins: below the number that our web channel takes at once."""


class Failed(RuntimeError):
    """A message had no proper answer."""


@dataclass(frozen=True)
class Bot:
    """`begin` opens a conversation and returns its key; `say` returns when the whole answer is there."""

    name: str
    begin: Callable[[aiohttp.ClientSession], Awaitable[str]]
    say: Callable[[aiohttp.ClientSession, str, str], Awaitable[None]]
    pace: float = 0.0
    """Least seconds between two messages of a conversation of more than TURNS."""


def over_web(name: str, port: int) -> Bot:
    address = f"http://127.0.0.1:{port}/api"

    async def begin(client: aiohttp.ClientSession) -> str:
        async with client.post(f"{address}/session", json={}) as response:
            if response.status != 200:
                raise Failed(f"no session: {response.status}")
            token: str = (await response.json())["token"]
            return token

    async def say(client: aiohttp.ClientSession, token: str, text: str) -> None:
        message = {"token": token, "id": uuid4().hex, "text": text}
        async with client.post(f"{address}/message", json=message) as response:
            body = await response.text()
        lines = [json.loads(line) for line in body.splitlines()] if response.status == 200 else []
        if len(lines) < 2 or "done" not in lines[-1] or any(line.get("kind") == "trouble" for line in lines):
            raise Failed(f"{response.status}: {body[:200]}")

    return Bot(name, begin, say, pace=1.05 / PER_SECOND)


def over_rest(name: str, port: int) -> Bot:
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"

    async def begin(_: aiohttp.ClientSession) -> str:
        return uuid4().hex

    async def say(client: aiohttp.ClientSession, sender: str, text: str) -> None:
        async with client.post(address, json={"sender": sender, "message": text}) as response:
            body = await response.text()
        if response.status != 200 or not json.loads(body):
            raise Failed(f"{name}, {text!r}: {response.status} {body[:200]}")

    return Bot(name, begin, say)


async def one_after_another(
    bots: Sequence[Bot], messages: Sequence[str], talks: int
) -> dict[str, list[float]]:
    """Times of single messages. The bots take turns, talk by talk, so that a busy moment hits them all."""
    times: dict[str, list[float]] = {bot.name: [] for bot in bots}
    texts = {bot.name: itertools.cycle(messages) for bot in bots}
    async with aiohttp.ClientSession() as client:
        for number, bot in itertools.product(range(talks + 1), bots):
            talk = await _talk(client, bot, texts[bot.name])
            if number:  # the first one warms up
                times[bot.name] += talk
    return times


async def together(bot: Bot, messages: Sequence[str], parallel: int, seconds: float) -> float:
    """Messages a second of `parallel` conversations that each speak as soon as they are answered."""
    texts, done = itertools.cycle(messages), 0
    end = time.perf_counter() + seconds

    async def keep_talking(client: aiohttp.ClientSession) -> None:
        nonlocal done
        while time.perf_counter() < end:
            key = await bot.begin(client)
            for _ in range(TURNS):
                if time.perf_counter() < end:
                    await bot.say(client, key, next(texts))
                    done += 1

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        began = time.perf_counter()
        await asyncio.gather(*(keep_talking(client) for _ in range(parallel)))
        return done / (time.perf_counter() - began)


async def long_talks(bot: Bot, messages: Sequence[str], turns: int, talks: int) -> list[list[float]]:
    """Times of each turn of some long talks, kept to the pace that the bot allows; their turns do not coincide."""
    async with aiohttp.ClientSession() as client:

        async def talk(number: int) -> list[float]:
            await asyncio.sleep(bot.pace * number / talks)
            return await _talk(client, bot, itertools.cycle(messages), turns, bot.pace)

        if bot.pace:
            return list(await asyncio.gather(*map(talk, range(talks))))
        return [await talk(number) for number in range(talks)]


async def _talk(
    client: aiohttp.ClientSession, bot: Bot, texts: Iterator[str], turns: int = TURNS, pace: float = 0.0
) -> list[float]:
    key, times = await bot.begin(client), []
    for _ in range(turns):
        began = time.perf_counter()
        await bot.say(client, key, next(texts))
        times.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, pace - times[-1]))
    return times
