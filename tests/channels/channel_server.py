"""A real Sanic server with the real web channel and a bot made of plain functions: no model, no Rasa agent."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Self

from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.run import _create_app_without_api
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic

from comeback.channels.web import WebChannel

KEY = b"k" * 32
Replies = Callable[[UserMessage], AsyncIterator[dict[str, Any]]]


class StubAgent:
    """Stands for Rasa's agent: keeps a tracker per conversation and sends what `replies` yields."""

    action_endpoint = None
    processor = None

    def __init__(self, replies: Replies) -> None:
        self.replies = replies
        self.lock_store = InMemoryLockStore()
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.heard: list[tuple[str, str]] = []

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            self.heard.append((message.sender_id, message.text))
            async for reply in self.replies(message):
                await message.output_channel.send_response(message.sender_id, dict(reply))
            self.tracker_store.store[message.sender_id] = f"{message.text}"


async def echo(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
    yield {"text": f"You said: {message.text}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The server on a loopback port, in its own thread and loop."""

    def __init__(self, agent: StubAgent, channels: list[Any]) -> None:
        self.agent, self.channels = agent, channels
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self) -> None:
        Sanic.test_mode = True
        Sanic._app_registry.clear()
        app = _create_app_without_api()
        register(self.channels, app, route="/webhooks/")
        app.ctx.agent = self.agent
        self._server = await app.create_server(
            host="127.0.0.1", port=self.port, return_asyncio_server=True, access_log=False
        )
        assert self._server is not None
        await self._server.startup()
        await self._server.before_start()
        await self._server.start_serving()
        await self._server.after_start()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _close(self) -> None:
        await self._server.before_stop()
        self._server.close()
        await self._server.wait_closed()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        for connection in list(self._server.connections):
            connection.abort()


@contextlib.contextmanager
def serving(replies: Replies = echo, **arguments: Any) -> Iterator[Server]:
    with Server(StubAgent(replies), [WebChannel(KEY, **arguments)]) as server:
        yield server
