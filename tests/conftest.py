"""The real bot, once for all tests that talk: its model, actions and an SQLite database of their own."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
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

    # A thread of its own: the browser tests keep a loop running in the main one.
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    def finish(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(120)

    bot = finish(whole.load(ROOT))

    def turn(text: str, who: str, **more: Any) -> dict[str, Any]:
        record: dict[str, Any] = finish(bot.turn(text, who, **more))
        return record

    return turn
