"""What may be stored, decided from the consents in force. Used before a row is queued and again before it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.engine import Connection

from comeback.sessions import schema

KINDS = frozenset({"words", "memory", "name", "reminder"})
"""'words': own sentences; 'memory': what is remembered across visits; 'name': the name only; 'reminder': when to nudge."""

NAME = "name"
"""The key of the remembered data that the consent 'name' covers."""


def in_force(events: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """The kinds granted after all `events` (kind, granted), oldest first."""
    latest = dict(events)
    return frozenset(kind for kind, granted in latest.items() if granted)


def read(connection: Connection, conversation: str) -> frozenset[str]:
    consent = schema.consent
    query = (
        select(consent.c.kind, consent.c.granted)
        .where(consent.c.conversation == conversation)
        .order_by(consent.c.at, consent.c.position)
    )
    return in_force((kind, granted) for kind, granted in connection.execute(query))


def needs(table: Table, values: dict[str, Any]) -> bool:
    """Whether storing `values` depends on a consent at all."""
    return bool(table.info.get("consent")) or any(
        column.info.get("consent") and values.get(column.name) is not None for column in table.c
    )


def permitted(table: Table, values: dict[str, Any], consents: frozenset[str]) -> dict[str, Any] | None:
    """`values` without what the consents do not cover; None when nothing may be stored."""
    if table is schema.memory:
        data = remembered(values["data"], consents)
        return None if data is None else {**values, "data": data}
    wanted = table.info.get("consent")
    if wanted and wanted not in consents:
        return None
    return {
        name: None if (kind := table.c[name].info.get("consent")) and kind not in consents else value
        for name, value in values.items()
    }


def remembered(data: dict[str, Any], consents: frozenset[str]) -> dict[str, Any] | None:
    """All of `data` under 'memory', only the name under 'name', else None."""
    if "memory" in consents:
        return data
    if "name" in consents and data.get(NAME):
        return {NAME: data[NAME]}
    return None


def clear(connection: Connection, conversation: str, consents: frozenset[str], at: datetime) -> None:
    """Erase what earlier consents allowed and `consents` no longer do. `at` stamps the memory that is left."""
    for table in schema.PERSONAL:
        mine = table.c.get("conversation") == conversation
        if table is schema.memory:
            held = connection.execute(select(table.c.data).where(mine)).scalar()
            kept = None if held is None else remembered(held, consents)
            if kept is None:
                connection.execute(delete(table).where(mine))
            elif kept != held:
                connection.execute(update(table).where(mine).values(data=kept, at=at))
        elif table.info.get("consent") and table.info["consent"] not in consents:
            connection.execute(delete(table).where(mine))
        else:
            gone = [c.name for c in table.c if c.info.get("consent") and c.info["consent"] not in consents]
            if gone:
                connection.execute(update(table).where(mine).values(dict.fromkeys(gone)))
