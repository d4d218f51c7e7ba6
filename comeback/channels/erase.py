"""Removes a talk from Rasa's own stores, which have no delete, and from the session log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from typing import Any

from comeback.sessions import Unavailable, open_log, privacy
from comeback.settings import Settings

IN_FLIGHT = 1.0
"""Seconds that erasing waits for a message in flight."""


def log_eraser(chosen: Settings) -> Callable[[str], None]:
    """A function that erases a conversation from the session log, with a note only when there was something.

    It blocks for up to five seconds. While the database is away it leaves an order on disk, which is carried out
    when the database is back; it raises sessions.Unavailable when the disk does not take it either.
    """
    log = open_log(chosen.database_url, chosen.spool)

    def erase(conversation: str) -> None:
        now = datetime.now(UTC)
        try:
            privacy.forget(log, conversation, now, "cleared", counted=conversation.startswith("kiosk-"))
        except Unavailable:
            if not privacy.forget_later(log, conversation, now, "cleared"):
                raise

    return erase


async def erase_talk(agent: Any, forget: Callable[[str], None] | None, conversation: str) -> None:
    """Remove a talk from Rasa's store and, by `forget` in a thread, from the session log."""
    await erase_tracker(agent, conversation)
    if forget is not None:
        await asyncio.to_thread(forget, conversation)


async def erase_tracker(agent: Any, conversation: str) -> None:
    """Remove the tracker of `conversation` from `agent`'s store, under the conversation's lock.

    It waits `IN_FLIGHT` seconds for the lock; a channel erases once more when a message in flight is done.

    Knows our own store, the in-memory, SQL and Redis stores and Rasa's wrappers around them; TypeError for others,
    so that nobody is told that something was deleted when it was not.
    """
    async with AsyncExitStack() as held:
        with suppress(TimeoutError):
            await asyncio.wait_for(held.enter_async_context(agent.lock_store.lock(conversation)), IN_FLIGHT)
        for store in _stores(agent.tracker_store):
            await _erase(store, conversation)


def _stores(store: Any) -> list[Any]:
    inner = getattr(store, "_tracker_store", None)
    if inner is None:
        return [store]
    fallback = getattr(store, "_fallback_tracker_store", None)
    return _stores(inner) + (_stores(fallback) if fallback is not None else [])


async def _erase(store: Any, conversation: str) -> None:
    if hasattr(store, "forget"):
        await store.forget(conversation)
    elif hasattr(store, "session_scope"):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter_by(sender_id=conversation).delete()
            session.commit()
    elif hasattr(store, "red"):
        store.red.delete(store.key_prefix + conversation)
    elif isinstance(getattr(store, "store", None), dict):
        store.store.pop(conversation, None)
    else:
        raise TypeError(f"cannot erase from a {type(store).__name__}")
