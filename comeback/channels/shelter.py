"""Keeps talks going while Redis is away: what is remembered meanwhile stays in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from comeback.channels.memory import LocalMemory, Memory, RedisMemory

logger = logging.getLogger(__name__)

AWAY = (RedisError, OSError, asyncio.TimeoutError)
PATIENCE = 1.5
"""Seconds for one answer of Redis: Slack waits three for ours."""
T = TypeVar("T")


class ShelteredMemory:
    """`shared` memory, and `own` for each call that `shared` fails. Forgetting is done in both or fails.

    While Redis is away, a delivery that reaches two processes may be answered twice; none is left unanswered.
    """

    def __init__(self, shared: Memory, own: LocalMemory | None = None) -> None:
        self._shared = shared
        self._own = LocalMemory() if own is None else own

    async def claim(self, conversation: str, name: str, seconds: float) -> bool:
        mine = await self._own.claim(conversation, name, seconds)
        return await self._try(lambda: self._shared.claim(conversation, name, seconds), mine) and mine

    async def append(self, conversation: str, name: str, line: str, seconds: float) -> None:
        done = await self._try(lambda: _true(self._shared.append(conversation, name, line, seconds)), False)
        if not done:
            await self._own.append(conversation, name, line, seconds)

    async def lines(self, conversation: str, name: str, start: int = 0) -> list[str]:
        """Those of both, in the order in which they came unless Redis came back in between."""
        own = await self._own.lines(conversation, name)
        nothing: list[str] = []
        shared = await self._try(lambda: self._shared.lines(conversation, name), nothing)
        return [*shared, *own][start:]

    async def forget(self, conversation: str, keep: tuple[str, ...] = ()) -> None:
        await self._own.forget(conversation, keep)
        await self._shared.forget(conversation, keep)

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        async with self._own.lock(conversation):
            shared = self._shared.lock(conversation)
            locked = await self._try(lambda: _true(shared.__aenter__()), False)
            try:
                yield
            finally:
                if locked:
                    await self._try(lambda: shared.__aexit__(None, None, None), None)

    def sweep(self) -> None:
        self._own.sweep()

    async def _try(self, call: Callable[[], Awaitable[T]], otherwise: T) -> T:
        try:
            return await call()
        except AWAY as error:
            logger.error("channel memory is away: %s", type(error).__name__)
            return otherwise


async def _true(work: Awaitable[None]) -> bool:
    await work
    return True


def open_sheltered(redis_url: str | None) -> Memory:
    """Memory in Redis when there is a URL, else in this process."""
    if redis_url is None:
        return LocalMemory()
    client = Redis.from_url(
        redis_url, decode_responses=True, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
    return ShelteredMemory(RedisMemory(client))
