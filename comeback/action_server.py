"""The server of the custom actions: the protocol of the Rasa SDK on loopback, each action on a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from comeback import content, phrasing, settings
from comeback.logs import trace
from comeback.sessions import retention

logger = logging.getLogger(__name__)

SAFETY = "action_safety"
THREADS = 32
SAFETY_THREADS = 8


class Threaded(ActionExecutor):
    """An action that waits holds nobody up; those of a crisis have threads of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(THREADS, "action")
        self._safety_pool = ThreadPoolExecutor(SAFETY_THREADS, SAFETY)

    def register_function(self, name: str, f: Callable[..., Any]) -> None:
        pool = self._safety_pool if name == SAFETY else self._pool

        async def on_a_thread(dispatcher: Any, tracker: Any, domain: Any) -> Any:
            return await asyncio.get_running_loop().run_in_executor(pool, f, dispatcher, tracker, domain)

        super().register_function(name, on_a_thread)


def create_app() -> Sanic:
    """The app with all actions, erasing idle people while it runs. Words and log are opened before the first turn."""
    from actions.answer import session_log

    app = Sanic("comeback_actions", configure_logging=False)
    executor = Threaded()
    executor.register_package("actions")
    content.load(settings.ROOT / "data")
    phrasing.load(settings.ROOT / "data")
    chosen, log = settings.load(), session_log()

    def purge(now: datetime) -> retention.Receipt:
        return retention.purge(log, now, chosen.retention_days, quiet=timedelta(minutes=chosen.idle_minutes))

    async def begin(app: Sanic, _: Any) -> None:
        app.ctx.purging = asyncio.create_task(retention.keep_purging(purge))

    async def end(app: Sanic, _: Any) -> None:
        app.ctx.purging.cancel()
        await asyncio.to_thread(log.close)

    app.register_listener(begin, "after_server_start")
    app.register_listener(end, "before_server_stop")

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        if "origin" in request.headers:  # a page in a browser; Rasa sends none
            return json({"error": "origin"}, 403)
        call = request.json
        if not isinstance(call, dict):
            return json({"error": "request"}, 400)
        try:
            return json(await executor.run(call))
        except ActionExecutionRejection as error:
            return json({"error": "rejected", "action_name": error.action_name}, 400)
        except ActionNotFoundException:
            return json({"error": "not_found"}, 404)

    @app.exception(Exception)
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        """No error repeats what was sent, neither to Rasa nor to the log."""
        status = getattr(error, "status_code", 500)
        if status >= 500:
            logger.error("an action failed: %s", trace(error))
        return json({"error": "failed" if status >= 500 else "request"}, status)

    return app
