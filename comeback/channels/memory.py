"""What channels remember for a while, by conversation: answers given, rates, button texts.

`LocalMemory` serves one process, `RedisMemory` several. Both forget a whole conversation at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from weakref import WeakValueDictionary

from redis.exceptions import RedisError

DEDUPE_SECONDS = 20 * 60
BUTTON_SECONDS = 24 * 3600
BURST = 12
PER_SECOND = 0.5
LOCK_SECONDS = 60
"""A process that died with a lock in Redis lets go of it after so long; longer than any answer takes."""


class Memory(Protocol):
    """Lists of strings under (conversation, name), each with a time to live in seconds."""

    async def claim(self, conversation: str, name: str, seconds: float) -> bool:
        """True for the first caller within `seconds`, False for all others."""

    async def append(self, conversation: str, name: str, line: str, seconds: float) -> None: ...

    async def lines(self, conversation: str, name: str, start: int = 0) -> list[str]: ...

    async def forget(self, conversation: str, keep: tuple[str, ...] = ()) -> None:
        """Drop everything of a conversation except `keep`: names, and beginnings of names that end with ":"."""

    def lock(self, conversation: str) -> AbstractAsyncContextManager[None]:
        """One at a time per conversation, in all processes that share this memory."""


@dataclass
class _Entry:
    expires: float
    lines: list[str] = field(default_factory=list)


def _stays(name: str, keep: tuple[str, ...]) -> bool:
    return any(name == kept or (kept.endswith(":") and name.startswith(kept)) for kept in keep)


class _Locks:
    """The locks of this process, first come first served."""

    def __init__(self) -> None:
        self._held: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        lock = self._held.get(conversation)
        if lock is None:
            lock = self._held[conversation] = asyncio.Lock()
        async with lock:
            yield


class LocalMemory:
    """In this process; the conversation that was quiet longest goes first when `limit` is reached."""

    def __init__(self, limit: int = 5_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._talks: OrderedDict[str, dict[str, _Entry]] = OrderedDict()
        self._locks = _Locks()

    def __len__(self) -> int:
        return len(self._talks)

    def _talk(self, conversation: str) -> dict[str, _Entry]:
        now = self._clock()
        talk = self._talks.setdefault(conversation, {})
        self._talks.move_to_end(conversation)
        for name in [name for name, entry in talk.items() if entry.expires <= now]:
            del talk[name]
        while len(self._talks) > self._limit:
            self._talks.popitem(last=False)
        return talk

    def sweep(self) -> None:
        """Drop what has expired in all conversations."""
        now = self._clock()
        for conversation, talk in list(self._talks.items()):
            alive = {name: entry for name, entry in talk.items() if entry.expires > now}
            if alive:
                self._talks[conversation] = alive
            else:
                del self._talks[conversation]

    async def claim(self, conversation: str, name: str, seconds: float) -> bool:
        talk = self._talk(conversation)
        if name in talk:
            return False
        talk[name] = _Entry(self._clock() + seconds)
        return True

    async def append(self, conversation: str, name: str, line: str, seconds: float) -> None:
        entry = self._talk(conversation).setdefault(name, _Entry(0))
        entry.lines.append(line)
        entry.expires = self._clock() + seconds

    async def lines(self, conversation: str, name: str, start: int = 0) -> list[str]:
        entry = self._talks.get(conversation, {}).get(name)
        return entry.lines[start:] if entry and entry.expires > self._clock() else []

    async def forget(self, conversation: str, keep: tuple[str, ...] = ()) -> None:
        talk = self._talks.pop(conversation, {})
        kept = {name: entry for name, entry in talk.items() if _stays(name, keep)}
        if kept:
            self._talks[conversation] = kept

    def lock(self, conversation: str) -> AbstractAsyncContextManager[None]:
        return self._locks.lock(conversation)


class RedisMemory:
    """In Redis, shared by all processes. `client` is a `redis.asyncio.Redis` that decodes responses."""

    def __init__(self, client: Any, prefix: str = "comeback:channels") -> None:
        self._redis = client
        self._prefix = prefix
        self._locks = _Locks()

    def _key(self, conversation: str, name: str) -> str:
        return f"{self._prefix}:{conversation}:{name}"

    def _index(self, conversation: str) -> str:
        return f"{self._prefix}:{conversation}"

    async def _note(self, pipe: Any, conversation: str, name: str, seconds: float) -> None:
        pipe.sadd(self._index(conversation), name)
        pipe.expire(self._index(conversation), max(int(seconds), BUTTON_SECONDS))

    async def claim(self, conversation: str, name: str, seconds: float) -> bool:
        key = self._key(conversation, name + ":claim")
        first = await self._redis.set(key, "1", nx=True, px=max(1, int(seconds * 1000)))
        if first:
            async with self._redis.pipeline() as pipe:
                await self._note(pipe, conversation, name, seconds)
                await pipe.execute()
        return bool(first)

    async def append(self, conversation: str, name: str, line: str, seconds: float) -> None:
        async with self._redis.pipeline() as pipe:
            pipe.rpush(self._key(conversation, name), line)
            pipe.pexpire(self._key(conversation, name), max(1, int(seconds * 1000)))
            await self._note(pipe, conversation, name, seconds)
            await pipe.execute()

    async def lines(self, conversation: str, name: str, start: int = 0) -> list[str]:
        return cast(list[str], await self._redis.lrange(self._key(conversation, name), start, -1))

    async def forget(self, conversation: str, keep: tuple[str, ...] = ()) -> None:
        known = await self._redis.smembers(self._index(conversation))
        names = [name for name in known if not _stays(name, keep)]
        keys = [self._key(conversation, name + end) for name in names for end in ("", ":claim")]
        if keys:
            await self._redis.delete(*keys)
        if not keep:
            await self._redis.delete(self._index(conversation))

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        key = self._key(conversation, "lock")
        shared = self._redis.lock(key, timeout=LOCK_SECONDS, sleep=0.02)
        async with self._locks.lock(conversation):
            await shared.acquire()
            try:
                yield
            finally:
                with contextlib.suppress(RedisError):
                    await shared.release()


def open_memory(redis_url: str | None) -> Memory:
    """Memory in Redis when there is a URL, else in this process."""
    if redis_url is None:
        return LocalMemory()
    from redis.asyncio import Redis

    return RedisMemory(Redis.from_url(redis_url, decode_responses=True))


class Rate:
    """A token bucket per conversation: `burst` at once, then `per_second`.

    Kept in this process: with N processes a person gets at most N times as much.
    """

    def __init__(
        self,
        burst: float = BURST,
        per_second: float = PER_SECOND,
        limit: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._per_second, self._limit, self._clock = burst, per_second, limit, clock
        self._buckets: OrderedDict[str, tuple[float, float, bool]] = OrderedDict()

    def take(self, conversation: str) -> tuple[float, bool]:
        """(seconds to wait, whether to say so): (0, False) when the message may pass.

        The notice is due once, until a message has passed again.
        """
        now = self._clock()
        level, then, told = self._buckets.pop(conversation, (self._burst, now, False))
        level = min(self._burst, level + (now - then) * self._per_second)
        wait = 0.0 if level >= 1 else (1 - level) / self._per_second
        self._buckets[conversation] = (level - 1, now, False) if wait == 0 else (level, now, True)
        while len(self._buckets) > self._limit:
            self._buckets.popitem(last=False)
        return wait, wait > 0 and not told

    def forget(self, conversation: str) -> None:
        self._buckets.pop(conversation, None)


async def issue_button(memory: Memory, conversation: str, text: str) -> str:
    """An opaque token (16 characters) that stands for `text` in this conversation only, for a day."""
    token = secrets.token_urlsafe(12)
    await memory.append(conversation, "button:" + token, text, BUTTON_SECONDS)
    return token


async def redeem_button(memory: Memory, conversation: str, token: str) -> str | None:
    """The text behind a button of this conversation; None when it is unknown, foreign or too old."""
    lines = await memory.lines(conversation, "button:" + token)
    return lines[0] if lines else None
