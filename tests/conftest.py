"""The real bot, once for all tests that talk: its model, actions and an SQLite database of their own."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
Say = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def bot_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of the bot under test, with a migrated database."""
    from comeback import settings
    from comeback.sessions import migrate

    state = tmp_path_factory.mktemp("state")
    os.environ["COMEBACK_STATE"] = str(state)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    migrate(settings.load().database_url)
    return state


@pytest.fixture(scope="session")
def say(bot_state: Path) -> Say:
    """say(text, who) -> the record of one turn through the whole bot."""
    from comeback import whole

    loop = asyncio.new_event_loop()
    bot = loop.run_until_complete(whole.load(ROOT))

    def turn(text: str, who: str, **more: Any) -> dict[str, Any]:
        return loop.run_until_complete(bot.turn(text, who, **more))

    return turn
