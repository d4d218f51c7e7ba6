"""Rasa's stores for running talks: a talk is its memory slot, kept until it has gone quiet.

Nothing that was said is kept as events, so a turn costs the same at any length of talk, and no sentence of a
person lies in a tracker store. Talks and locks are in this process, or in Redis when COMEBACK_REDIS_URL is set:
then any number of processes may serve the same people.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis
from redis.exceptions import LockError

from comeback import settings
from comeback.action_results import check_once

LIMIT = 20_000
"""Talks kept at most in one process; the one that was quiet longest goes first."""
WAIT = 0.02
"""Seconds between two looks at a lock; Rasa's own second makes quick messages wait."""
PREFIX = "comeback:talk:"
LOCK = "comeback:talk-lock:"


class Shelf(Protocol):
    """Memories by conversation, each dropped `seconds` after it was put."""

    async def put(self, who: str, memory: Any) -> None: ...

    async def get(self, who: str) -> tuple[bool, Any]:
        """Whether the talk is known, and its memory."""

    async def drop(self, who: str) -> None: ...

    async def known(self) -> list[str]: ...


class LocalShelf:
    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._talks: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    async def put(self, who: str, memory: Any) -> None:
        self._talks[who] = (self._clock(), memory)
        self._talks.move_to_end(who)
        self._drop_the_quiet()

    async def get(self, who: str) -> tuple[bool, Any]:
        self._drop_the_quiet()
        return who in self._talks, self._talks.get(who, (0, None))[1]

    async def drop(self, who: str) -> None:
        self._talks.pop(who, None)

    async def known(self) -> list[str]:
        self._drop_the_quiet()
        return list(self._talks)

    def _drop_the_quiet(self) -> None:
        oldest_allowed = self._clock() - self._seconds
        while self._talks:
            who, (seen, _) = next(iter(self._talks.items()))
            if seen >= oldest_allowed and len(self._talks) <= LIMIT:
                return
            del self._talks[who]


class RedisShelf:
    def __init__(self, redis: Redis, seconds: float) -> None:
        self._redis, self._milliseconds = redis, int(seconds * 1000)

    async def put(self, who: str, memory: Any) -> None:
        await self._redis.set(PREFIX + who, json.dumps(memory), px=self._milliseconds)

    async def get(self, who: str) -> tuple[bool, Any]:
        found = await self._redis.get(PREFIX + who)
        return found is not None, None if found is None else json.loads(found)

    async def drop(self, who: str) -> None:
        await self._redis.delete(PREFIX + who)

    async def known(self) -> list[str]:
        return [key.removeprefix(PREFIX) async for key in self._redis.scan_iter(PREFIX + "*", 1000)]


class RunningTalks(TrackerStore, SerializedTrackerAsText):
    """Keeps the `memory` slot of each talk for `idle_minutes` after its last message."""

    def __init__(self, domain: Any, event_broker: Any = None, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker)
        chosen = settings.load()
        seconds, redis = chosen.idle_minutes * 60, open_redis(chosen.redis_url)
        self._shelf: Shelf = LocalShelf(seconds) if redis is None else RedisShelf(redis, seconds)
        check_once()

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        await self._shelf.put(tracker.sender_id, tracker.get_slot("memory"))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        known, memory = await self._shelf.get(sender_id)
        if not known:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.update(SlotSet("memory", memory))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(sender_id)

    async def keys(self) -> Iterable[str]:
        return await self._shelf.known()

    async def forget(self, sender_id: str) -> None:
        await self._shelf.drop(sender_id)


class TalkLocks(InMemoryLockStore):
    """One message of a talk at a time: first come first served in this process, then against other processes."""

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        self._redis = open_redis(settings.load().redis_url)

    @asynccontextmanager
    async def lock(  # type: ignore[no-untyped-def]
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = WAIT,
    ):
        async with super().lock(conversation_id, lock_lifetime, WAIT) as ticket:
            if self._redis is None:
                yield ticket
                return
            shared = self._redis.lock(LOCK + conversation_id, timeout=lock_lifetime, sleep=WAIT)
            await shared.acquire()
            try:
                yield ticket
            finally:
                with suppress(LockError):
                    await shared.release()


def open_redis(url: str | None) -> Redis | None:
    """A client that connects on first use, None without a URL."""
    if url is None:
        return None
    return Redis.from_url(url, decode_responses=True, socket_timeout=5, socket_connect_timeout=2)
