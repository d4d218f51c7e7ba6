"""Nobody's rows are kept for ever: people who have not been here for a while are erased."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection

from comeback.sessions import erasure, figures, schema
from comeback.sessions.database import Unavailable
from comeback.sessions.erasure import Receipt
from comeback.sessions.privacy import SECONDS, SPOOL, wipe
from comeback.sessions.store import SessionLog

logger = logging.getLogger(__name__)

KEEP: Mapping[str, int] = {"kiosk": 0}
"""Idle days by channel where they differ from the default."""

CHUNK = 500
EVERY = timedelta(minutes=5)


def purge(
    log: SessionLog,
    now: datetime,
    idle_days: int = 30,
    per_channel: Mapping[str, int] = KEEP,
    quiet: timedelta = timedelta(),
) -> Receipt:
    """Erase everyone last seen `idle_days` (or their channel's days) before `now`, never a talk younger than `quiet`.

    Several processes may do so at once. Raises Unavailable.
    """
    start = time.monotonic()
    if not log.flush(SECONDS):
        raise Unavailable("rows are under way")
    log.link.read(lambda connection: connection.execute(select(1)), SECONDS)
    person = schema.person

    def since(days: int) -> datetime:
        return now - max(timedelta(days=days), quiet)

    own = [and_(person.c.channel == c, person.c.last_seen <= since(d)) for c, d in per_channel.items()]
    others = or_(person.c.channel.is_(None), person.c.channel.not_in(list(per_channel)))
    due = or_(*own, and_(others, person.c.last_seen <= since(idle_days)))
    query = select(person.c.conversation).where(due).limit(CHUNK).with_for_update(skip_locked=True)

    def some(connection: Connection) -> tuple[list[str], dict[str, int]]:
        idle = [str(row.conversation) for row in connection.execute(query)]
        figures.keep(connection, idle)
        return idle, erasure.erase(connection, idle)

    def prepare(connection: Connection) -> None:
        figures.freeze(connection, now)
        erasure.unmark(connection, now)

    log.link.write(prepare, 12 * SECONDS)
    rows: Counter[str] = Counter()
    people = 0
    while True:
        idle, erased = log.link.write(some, 12 * SECONDS)
        rows.update(erased)
        rows[SPOOL] += sum(map(log.outbox.forget, idle))
        people += len(idle)
        if len(idle) < CHUNK:
            break
    receipt = Receipt(now, dict(+rows), round(time.monotonic() - start, 3), people)
    if people:
        log.link.write(lambda connection: erasure.note(connection, receipt, "idle"), SECONDS)
        wipe(log)
    return receipt


async def keep_purging(
    purge_at: Callable[[datetime], Receipt],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Call `purge_at` with the time, in a thread, at once and then every five minutes, for as long as the server runs.

    A time that fails (the database is away) is left out: the next one erases what it would have.
    """
    while True:
        try:
            receipt = await asyncio.to_thread(purge_at, clock())
            if receipt.people:
                logger.info("retention: people erased: %d, rows: %d", receipt.people, receipt.total)
        except Exception as error:
            logger.warning("retention: nothing erased this time: %s", type(error).__name__)
        await sleep(EVERY.total_seconds())
