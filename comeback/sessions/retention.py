"""Nobody's rows are kept for ever: people who have not been here for a while are erased."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection

from comeback.sessions import figures, schema
from comeback.sessions.privacy import SECONDS, SPOOL, Receipt, erase, note, wipe
from comeback.sessions.store import SessionLog

KEEP: Mapping[str, int] = {"kiosk": 0}
"""Idle days by channel where they differ from the default."""

CHUNK = 500


def purge(
    log: SessionLog, now: datetime, idle_days: int = 30, per_channel: Mapping[str, int] = KEEP
) -> Receipt:
    """Erase everyone last seen `idle_days` (or their channel's days) before `now`. Raises Unavailable."""
    start = time.monotonic()
    log.flush(SECONDS)
    person = schema.person
    own = [and_(person.c.channel == c, person.c.last_seen <= _before(now, d)) for c, d in per_channel.items()]
    others = or_(person.c.channel.is_(None), person.c.channel.not_in(list(per_channel)))
    due = or_(*own, and_(others, person.c.last_seen <= _before(now, idle_days)))
    query = select(person.c.conversation).where(due).limit(CHUNK)

    def some(connection: Connection) -> tuple[list[str], dict[str, int]]:
        idle = [str(row.conversation) for row in connection.execute(query)]
        figures.keep(connection, idle)
        return idle, erase(connection, idle)

    log.link.write(lambda connection: figures.freeze(connection, now), 12 * SECONDS)
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
        log.link.write(lambda connection: note(connection, receipt, "idle"), SECONDS)
        wipe(log)
    return receipt


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
