"""Actions on threads: one that waits holds nobody up, least of all a crisis."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from comeback.action_server import SAFETY, THREADS, Threaded


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

    asyncio.run(talk())
