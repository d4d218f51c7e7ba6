"""Erasing a talk from Rasa's real tracker stores and the real session log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from loops import finish
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import (
    AwaitableTrackerStore,
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    SQLTrackerStore,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from comeback import settings
from comeback.channels.erase import erase_tracker, log_eraser
from comeback.sessions import migrate, open_log, privacy


def stores(folder: Path) -> dict[str, Any]:
    domain = Domain.empty()
    sql = SQLTrackerStore(domain, dialect="sqlite", db=str(folder / "tracker.db"))
    return {
        "in memory": InMemoryTrackerStore(domain),
        "sql": sql,
        "sql as Rasa wraps it": FailSafeTrackerStore(
            AwaitableTrackerStore(sql),
            fallback_tracker_store=AwaitableTrackerStore(InMemoryTrackerStore(domain)),
        ),
    }


@pytest.mark.parametrize("kind", ["in memory", "sql", "sql as Rasa wraps it"])
def test_one_talk_is_erased_and_the_other_stays(tmp_path: Path, kind: str) -> None:
    async def run() -> None:
        store = stores(tmp_path)[kind]
        for sender in ("web-mine", "web-other"):
            tracker = DialogueStateTracker.from_events(sender, [UserUttered("they said no")], [])
            await store.save(tracker)
        await erase_tracker(SimpleNamespace(tracker_store=store, lock_store=InMemoryLockStore()), "web-mine")
        assert list(await store.keys()) == ["web-other"]
        assert await store.retrieve("web-mine") is None

    finish(run())


def test_an_unknown_store_is_an_error_not_a_silent_promise() -> None:
    agent = SimpleNamespace(tracker_store=object(), lock_store=InMemoryLockStore())
    with pytest.raises(TypeError, match="object"):
        finish(erase_tracker(agent, "web-mine"))


def test_the_session_log_holds_nothing_of_an_erased_talk(tmp_path: Path) -> None:
    chosen = settings.load({"COMEBACK_STATE": str(tmp_path)})
    migrate(chosen.database_url)
    log = open_log(chosen.database_url, chosen.state / "spool.db")
    log.set_consent("web-mine", "words", True, "1", datetime.now(UTC))
    assert log.flush()
    assert privacy.remaining(log, "web-mine")["consent"] == 1
    erase = log_eraser(chosen)
    erase("web-mine")
    erase("web-mine")
    assert not any(privacy.remaining(log, "web-mine").values())
