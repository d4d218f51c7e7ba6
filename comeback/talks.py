"""Rasa's stores for running talks: a talk is its memory slot, kept in this process until it has gone quiet.

Nothing that was said is kept as events, so a turn costs the same at any length of talk, and no sentence of a
person lies in a tracker store.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from comeback import settings
from comeback.action_results import check_once

LIMIT = 20_000
"""Talks kept at most; the one that was quiet longest goes first."""
WAIT = 0.02
"""Seconds between two looks at a lock; Rasa's own second makes quick messages wait."""


class RunningTalks(TrackerStore, SerializedTrackerAsText):
    """Keeps the `memory` slot of each talk for `idle_minutes` after its last message."""

    def __init__(self, domain: Any, event_broker: Any = None, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker)
        check_once()
        self.store: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._idle_seconds = settings.load().idle_minutes * 60

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        self.store[tracker.sender_id] = (time.monotonic(), tracker.get_slot("memory"))
        self.store.move_to_end(tracker.sender_id)
        self._drop_the_quiet()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        self._drop_the_quiet()
        if sender_id not in self.store:
            return None
        _, memory = self.store[sender_id]
        tracker = self.init_tracker(sender_id)
        tracker.update(SlotSet("memory", memory))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(sender_id)

    async def keys(self) -> Iterable[str]:
        return list(self.store)

    def _drop_the_quiet(self) -> None:
        oldest_allowed = time.monotonic() - self._idle_seconds
        while self.store:
            sender_id, (seen, _) = next(iter(self.store.items()))
            if seen >= oldest_allowed and len(self.store) <= LIMIT:
                return
            del self.store[sender_id]


class TalkLocks(InMemoryLockStore):
    """Rasa's in-memory locks, looked at often enough that nobody notices them."""

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()

    @asynccontextmanager
    async def lock(self, conversation_id: str, lock_lifetime: float = 60, wait_time_in_seconds: float = WAIT):  # type: ignore[no-untyped-def]
        async with super().lock(conversation_id, lock_lifetime, WAIT) as ticket:
            yield ticket
