"""Brings a database to a revision of the schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at `url`. Two processes may do so at once. Raises SQLAlchemy's errors."""
    from alembic import command  # as heavy as all else here, and only needed now

    command.upgrade(config(url), revision)


def revisions() -> list[str]:
    """All revisions, first to last."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(config("")).walk_revisions()][::-1]


def config(url: str) -> Config:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.attributes["url"] = url
    return made
