"""How Alembic reaches the database: one locked transaction for all steps, the URL from migrate.py."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from comeback.sessions.database import open_engine
from comeback.sessions.schema import metadata

_LOCK = 0x636F6D65


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    url = context.config.attributes["url"]
    engine = open_engine(url, 30.0) if url.startswith("sqlite") else create_engine(url, future=True)
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _run(connection)
    engine.dispose()


main()
