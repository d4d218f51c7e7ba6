"""The real bot behind the channels."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from rasa.core.channels.channel import UserMessage

from comeback import whole
from comeback.settings import ROOT


class RealAgent:
    """The whole bot in the place of Rasa's agent; notes its moves by conversation."""

    action_endpoint = None
    processor = None

    def __init__(self, bot: whole.Whole) -> None:
        self._agent, self._actions = bot._agent, bot._actions
        self.tracker_store, self.lock_store = self._agent.tracker_store, self._agent.lock_store
        self.moves: dict[str, list[list[str]]] = defaultdict(list)

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        self._actions.said = []
        await self._agent.handle_message(message)
        said = [s["metadata"]["utter_action"] for s in self._actions.said]
        self.moves[message.input_channel].append(said)


def load() -> RealAgent:
    # A thread of its own: the browser tests keep a loop running in the main one.
    with ThreadPoolExecutor(1) as pool:
        return RealAgent(pool.submit(asyncio.run, whole.load(ROOT)).result())
