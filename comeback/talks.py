"""Rasa's stores for running talks: a talk is its memory slot, kept until it has gone quiet.

Nothing that was said is kept as events, so a turn costs the same at any length of talk, and no sentence of a
person lies in a tracker store. Talks and locks are in this process, or in Redis when COMEBACK_REDIS_URL is set:
then any number of processes may serve the same people.
"""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis
from redis.exceptions import RedisError

from comeback import settings
from comeback.action_calls import call_quickly

logger = logging.getLogger(__name__)

LIMIT = 20_000
"""Talks kept at most in one process; the one that was quiet longest goes first."""
WAIT = 0.02
"""Seconds between two looks at a lock; Rasa's own second makes quick messages wait."""
PAUSE = 2.0
"""Seconds without Redis after it failed."""
PREFIX = "comeback:talk:"
LOCK = "comeback:talk-lock:"


class Shared:
    """Redis, left alone for `PAUSE` seconds after it failed, so that a turn waits for it once at most."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._away_until = 0.0

    @classmethod
    def open(cls, url: str | None) -> Shared | None:
        """Connects on first use; None without a URL."""
        if url is None:
            return None
        return cls(Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2))

    async def use(self, call: Callable[[Redis], Awaitable[Any]], otherwise: Any) -> Any:
        """What `call` gives, or `otherwise` while Redis is away."""
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return await call(self.redis)
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + PAUSE
            logger.error("talks: Redis is away: %s", type(error).__name__)
            return otherwise


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
    """In Redis; what is put while Redis is away stays in this process until the talk's next turn."""

    def __init__(self, shared: Shared, seconds: float) -> None:
        self._shared, self._milliseconds = shared, int(seconds * 1000)
        self._own = LocalShelf(seconds)

    async def put(self, who: str, memory: Any) -> None:
        text = json.dumps(memory)
        if await self._shared.use(lambda redis: redis.set(PREFIX + who, text, px=self._milliseconds), None):
            await self._own.drop(who)
        else:
            await self._own.put(who, memory)

    async def get(self, who: str) -> tuple[bool, Any]:
        known, memory = await self._own.get(who)
        if known:
            return known, memory
        found = await self._shared.use(lambda redis: redis.get(PREFIX + who), None)
        return found is not None, None if found is None else json.loads(found)

    async def drop(self, who: str) -> None:
        """Raises what Redis raises: nobody is told that something was dropped when it was not."""
        await self._own.drop(who)
        await self._shared.redis.delete(PREFIX + who)

    async def known(self) -> list[str]:
        keys = [key async for key in self._shared.redis.scan_iter(PREFIX + "*", 1000)]
        return [*(key.removeprefix(PREFIX) for key in keys), *await self._own.known()]


class RunningTalks(TrackerStore, SerializedTrackerAsText):
    """Keeps the `memory` slot of each talk for `idle_minutes` after its last message."""

    def __init__(self, domain: Any, event_broker: Any = None, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker)
        chosen = settings.load()
        seconds, shared = chosen.idle_minutes * 60, Shared.open(chosen.redis_url)
        self._shelf: Shelf = LocalShelf(seconds) if shared is None else RedisShelf(shared, seconds)
        call_quickly()

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
    """One message of a talk at a time: first come first served in this process, then against other processes.

    While Redis is away, the lock of this process has to do.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        self._shared = Shared.open(settings.load().redis_url)

    @asynccontextmanager
    async def lock(  # type: ignore[no-untyped-def]
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = WAIT,
    ):
        async with super().lock(conversation_id, lock_lifetime, WAIT) as ticket:
            if self._shared is None:
                yield ticket
                return
            lock = self._shared.redis.lock(LOCK + conversation_id, timeout=lock_lifetime, sleep=WAIT)
            held = await self._shared.use(lambda _: lock.acquire(), False)
            try:
                yield ticket
            finally:
                if held:
                    with suppress(RedisError, OSError):
                        await lock.release()
