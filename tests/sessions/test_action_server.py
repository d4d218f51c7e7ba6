"""The real action server: nobody waits for somebody else, and no answered turn is lost."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from conftest import Place
from loops import finish
from servers import Servers
from sqlalchemy import select
from test_faults import away

from comeback.action_server import SAFETY, THREADS, Threaded
from comeback.sessions import open_log, schema


def call(name: str) -> dict[str, Any]:
    tracker = {"sender_id": "ana", "slots": {}, "latest_message": {}, "events": []}
    return {"next_action": name, "tracker": tracker, "domain": {}}


def test_a_crisis_is_answered_while_every_other_thread_waits() -> None:
    executor = Threaded()
    go = threading.Event()

    def waiting(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        assert go.wait(20)
        return []

    def safety(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="here")
        return []

    executor.register_function("action_answer", waiting)
    executor.register_function(SAFETY, safety)

    async def talk() -> None:
        others = [asyncio.create_task(executor.run(call("action_answer"))) for _ in range(THREADS + 8)]
        await asyncio.sleep(0)
        answer = await asyncio.wait_for(executor.run(call(SAFETY)), 10)
        assert [message["text"] for message in answer["responses"]] == ["here"]
        assert not any(other.done() for other in others)
        go.set()
        await asyncio.gather(*others)

    finish(talk())


@pytest.fixture
def actions(place: Place) -> Iterator[Servers]:
    started = Servers(place.folder, {"COMEBACK_DATABASE_URL": place.url})
    try:
        started.start_actions()
        yield started
    finally:
        started.stop()


def rows(actions: Servers, place: Place) -> Counter[str]:
    """Turns by conversation, when everything under way has arrived."""
    log = open_log(place.url, place.folder / "state" / "spool.db")
    try:
        assert log.flush(60)
        query = select(schema.turn.c.conversation)
        return Counter(log.link.read(lambda c: list(c.execute(query).scalars()), 10))
    finally:
        log.close()


def test_two_hundred_turns_without_a_database_are_answered_and_stored_once(
    actions: Servers, place: Place
) -> None:
    with away(place), ThreadPoolExecutor(8) as pool:
        turns = [pool.submit(actions.act, f"web-{n}", "i feel flat") for n in range(200)]
        crises = [pool.submit(actions.act, "web-crisis", "i feel flat", SAFETY) for _ in range(5)]
        assert requests.get(actions.actions_url + "/health", timeout=10).ok
        assert {turn.result() for turn in [*turns, *crises]} == {200}
    found = rows(actions, place)
    assert found == {**{f"web-{n}": 1 for n in range(200)}, "web-crisis": 5}


def test_killing_the_action_server_loses_no_answered_turn(actions: Servers, place: Place) -> None:
    answered: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    for round_ in range(2):
        assert actions.act(f"web-first-{round_}", "i feel flat") == 200
        with ThreadPoolExecutor(4) as pool:
            names = [f"web-{round_}-{n}" for n in range(40)]
            turns = {name: pool.submit(actions.act, name, "i feel flat") for name in names}
            time.sleep(0.1 + 0.2 * round_)
            actions.kill("actions")
            answered.update(name for name, turn in turns.items() if turn.result() == 200)
            sent.update(names)
        actions.start_actions()
    found = rows(actions, place)
    assert len(answered) > 5 and answered <= found
    assert found - sent == {f"web-first-{round_}": 1 for round_ in range(2)} and max(found.values()) == 1
