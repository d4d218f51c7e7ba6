"""Brings a database to a revision of the schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at `url`. Two processes may do so at once. Raises SQLAlchemy's errors."""
    command.upgrade(config(url), revision)


def revisions() -> list[str]:
    """All revisions, first to last."""
    return [script.revision for script in ScriptDirectory.from_config(config("")).walk_revisions()][::-1]


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.attributes["url"] = url
    return made
