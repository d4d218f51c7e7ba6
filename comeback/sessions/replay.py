"""Spooled rows into the database. Applying a row twice leaves the same tables as applying it once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, case, delete, func, select, update
from sqlalchemy.engine import Connection

from comeback.sessions import consent, erasure, schema
from comeback.sessions.database import insert
from comeback.sessions.rows import new_id
from comeback.sessions.spool import Entry

ERASE = "erase"
"""The kind of an entry that is no row: erase the person."""

SESSION_GAP = timedelta(minutes=30)
"""Turns of a conversation that are closer than this belong to one session."""


def apply(connection: Connection, entries: Iterable[Entry]) -> None:
    """Store `entries` in order.

    Consents and erasures are looked up again here: a row queued before a revocation or an erasure stays out.
    """
    entries = list(entries)
    people = {entry.conversation for entry in entries}
    erasure.hold(connection, people)
    erased = erasure.marked(connection, people)
    for entry in entries:
        if entry.kind == ERASE:
            erased[entry.conversation] = _erase(connection, entry)
            continue
        table = schema.metadata.tables[entry.kind]
        values = _typed(table, entry.body)
        if entry.conversation in erased and values["at"] <= erased[entry.conversation]:
            continue
        _see(connection, values["conversation"], values["at"], values.get("channel"))
        if table is schema.consent:
            _consent(connection, values)
            continue
        kept: dict[str, Any] | None = values
        if consent.needs(table, values):
            kept = consent.permitted(table, values, consent.read(connection, entry.conversation))
        if kept is None:
            continue
        if table is schema.turn:
            _turn(connection, kept)
        elif table is schema.referral:
            _referral(connection, kept)
        else:
            _put(connection, table, kept)


def _typed(table: Table, body: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value)
        if value and isinstance(table.c[name].type, schema.Moment)
        else value
        for name, value in body.items()
    }


def _erase(connection: Connection, entry: Entry) -> datetime:
    """Carry out an erasure that was ordered while the database was away; the moment up to which rows are refused."""
    at = datetime.fromisoformat(entry.body["at"])
    rows = erasure.erase(connection, [entry.conversation])
    erasure.mark(connection, entry.conversation, at)
    if rows:
        erasure.note(connection, erasure.Receipt(at, rows, 0.0), entry.body["reason"])
    return at


def _put(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    """Insert or replace by key; a row of someone else with the same key is left as it is."""
    key = [column.name for column in table.primary_key]
    new = insert(connection, table).values(values)
    changes = {name: new.excluded[name] for name in values if name not in key}
    connection.execute(
        new.on_conflict_do_update(
            index_elements=key, set_=changes, where=table.c.conversation == new.excluded.conversation
        )
    )


def _see(connection: Connection, conversation: str, at: datetime, channel: str | None) -> None:
    """Make or touch the person's row; on PostgreSQL this also locks it until the transaction ends."""
    person = schema.person
    new = insert(connection, person).values(
        conversation=conversation, channel=channel, first_seen=at, last_seen=at
    )
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["conversation"],
            set_={
                "channel": func.coalesce(new.excluded.channel, person.c.channel),
                "first_seen": _pick(new.excluded.first_seen < person.c.first_seen, new.excluded.first_seen),
                "last_seen": _pick(new.excluded.last_seen > person.c.last_seen, new.excluded.last_seen),
            },
        )
    )


def _pick(condition: Any, value: Any) -> Any:
    return case((condition, value), else_=schema.person.c[value.name])


def _consent(connection: Connection, values: dict[str, Any]) -> None:
    new = insert(connection, schema.consent).values(values)
    stored = connection.execute(new.on_conflict_do_nothing(index_elements=["id"])).rowcount
    if stored and not values["granted"]:
        conversation = values["conversation"]
        consent.clear(connection, conversation, consent.read(connection, conversation), values["at"])


def _turn(connection: Connection, values: dict[str, Any]) -> None:
    turn = schema.turn
    if connection.execute(select(turn.c.id).where(turn.c.id == values["id"])).first():
        return
    values["session_id"] = _session(connection, values)
    connection.execute(turn.insert().values(values))


def _referral(connection: Connection, values: dict[str, Any]) -> None:
    """The row of the person, and one more in the count of its year, which has no identity."""
    referral, yearly = schema.referral, schema.yearly
    new = insert(connection, referral).values(values).on_conflict_do_nothing(index_elements=["id"])
    if connection.execute(new).rowcount:
        one = insert(connection, yearly).values(year=values["at"].year, category=values["category"], times=1)
        more = {"times": yearly.c.times + 1}
        connection.execute(one.on_conflict_do_update(index_elements=["year", "category"], set_=more))


def _session(connection: Connection, values: dict[str, Any]) -> str:
    """The session the turn belongs to: made, stretched, or joined from two when a late turn closes the gap."""
    session, at, conversation = schema.session, values["at"], values["conversation"]
    near = connection.execute(
        select(session)
        .where(
            session.c.conversation == conversation,
            session.c.started_at < at + SESSION_GAP,
            session.c.ended_at > at - SESSION_GAP,
        )
        .order_by(session.c.started_at)
    ).all()
    stages = list(dict.fromkeys([*(s for found in near for s in found.stages), *_some(values.get("stage"))]))
    now = {
        "channel": values.get("channel"),
        "language": values.get("language") or next((found.language for found in reversed(near)), None),
        "consents": sorted(consent.read(connection, conversation)),
        "stages": stages,
        "started_at": min([at, *(found.started_at for found in near)]),
        "ended_at": max([at, *(found.ended_at for found in near)]),
    }
    if not near:
        made = new_id()
        connection.execute(insert(connection, session).values(id=made, conversation=conversation, **now))
        return made
    first, *others = (str(found.id) for found in near)
    if others:
        moved = schema.turn.c.session_id.in_(others)
        connection.execute(update(schema.turn).where(moved).values(session_id=first))
        connection.execute(delete(session).where(session.c.id.in_(others)))
    connection.execute(update(session).where(session.c.id == first).values(**now))
    return first


def _some(value: str | None) -> list[str]:
    return [value] if value else []
