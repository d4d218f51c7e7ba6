"""A web server of our own on loopback that stands for somebody else's, with faults on order."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Answer = Callable[[], web.Response]


@dataclass(frozen=True)
class Call:
    method: str
    arguments: dict[str, Any]


@dataclass
class Fake:
    """`faults[method]` are taken one per call: an Answer stands for the real one, LOST cuts the line after it."""

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, list[Answer | str]] = field(default_factory=lambda: defaultdict(list))
    url: str = ""

    async def answer(self, method: str, arguments: dict[str, Any]) -> web.Response:
        raise NotImplementedError

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError

    async def respond(self, request: web.Request, method: str, arguments: dict[str, Any]) -> web.Response:
        self.calls.append(Call(method, arguments))
        fault = self.faults[method].pop(0) if self.faults[method] else None
        if callable(fault):
            return fault()
        response = await self.answer(method, arguments)
        if fault == LOST and request.transport is not None:
            request.transport.abort()
        return response

    def called(self, method: str) -> list[dict[str, Any]]:
        return [call.arguments for call in self.calls if call.method == method]

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._wait(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _wait(self, work: Awaitable[None]) -> None:
        async def do() -> None:
            await work

        asyncio.run_coroutine_threadsafe(do(), self._loop).result(20)

    async def _start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self.handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"


LOST = "lost"
