"""The web channel: the chat page, its message endpoint and GET /health, on Rasa's own Sanic server."""

from __future__ import annotations

import asyncio
import logging
import tomllib
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty, json, raw

from comeback import settings
from comeback.channels import guard
from comeback.channels.delivery import Deliveries
from comeback.channels.erase import erase_tracker, log_eraser
from comeback.channels.guard import Refused
from comeback.channels.kiosk import Kiosk, OpenTalks, add_endpoints, load_here, page_strings
from comeback.channels.memory import LocalMemory, Memory, Rate, open_memory
from comeback.channels.pages import (
    SECURITY,
    WEB,
    Asset,
    build_page,
    load_assets,
    load_strings,
    page_policy,
)

logger = logging.getLogger(__name__)

VERSION: str = tomllib.loads((settings.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
PLACES = ("web", "kiosk")
REQUEST_BYTES = 2 * 1024 * 1024
AT_ONCE = 200
BRIEFLY = {"Cache-Control": "public, max-age=300"}
ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}


class WebChannel(InputChannel):
    """One per server. Its Sanic hooks (size limit, headers, JSON errors) hold for all channels.

    `forget` removes a conversation from the session log; it is called in a thread. `seconds` is how long the bot
    may take for one message. `origins` may call the API beside the page itself, `embed_origins` may
    show the chat in a frame.
    """

    def __init__(
        self,
        key: bytes,
        memory: Memory | None = None,
        forget: Callable[[str], None] | None = None,
        embed_origins: tuple[str, ...] = (),
        origins: tuple[str, ...] = (),
        seconds: float = 20,
        rate: Rate | None = None,
        kiosk: Kiosk = Kiosk(),
    ) -> None:
        self._key = key
        self._memory = LocalMemory() if memory is None else memory
        self._forget = forget
        self._origins = origins
        self._seconds = seconds
        self._rate = Rate() if rate is None else rate
        self._strings = load_strings()
        self._assets = load_assets()
        self._page = build_page((WEB / "index.html").read_text("utf-8"), self._strings, self._assets)
        self._kiosk = kiosk
        here = load_here(settings.ROOT / "data" / "kiosk.yml")
        words = page_strings(self._strings, kiosk, here)
        self._kiosk_page = build_page((WEB / "kiosk.html").read_text("utf-8"), words, self._assets)
        self._policy = page_policy(())
        self._embed_policy = page_policy(("'self'", *embed_origins))

    @classmethod
    def name(cls) -> str:
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Optional credentials: `seconds` (number), `origins` (list of str), `kiosk_idle` and `kiosk_grace`
        (seconds). The rest are settings.
        """
        given, chosen = credentials or {}, settings.load()
        return cls(
            key=guard.load_key(chosen.secret, chosen.state),
            memory=open_memory(chosen.redis_url),
            forget=log_eraser(chosen),
            embed_origins=chosen.embed_origins,
            origins=tuple(given.get("origins") or ()),
            seconds=float(given.get("seconds") or 20),
            kiosk=Kiosk(
                idle=float(given.get("kiosk_idle") or Kiosk.idle),
                grace=float(given.get("kiosk_grace") or Kiosk.grace),
                bell_url=chosen.bell_url,
                folder=chosen.state / "kiosk",
            ),
        )

    def url_prefix(self) -> str:
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("comeback_web")
        words = self._strings["channel"]
        trouble = {"kind": "trouble", "text": words["trouble"], "urgent": self._strings["urgent"]}

        @blueprint.listener("before_server_start")
        async def prepare(app: Sanic, _: Any) -> None:
            async def erase(conversation: str) -> None:
                await erase_tracker(app.ctx.agent, conversation)
                self._rate.forget(conversation)
                if self._forget is not None:
                    await asyncio.to_thread(self._forget, conversation)
                app.ctx.open_talks.ended(conversation)

            app.ctx.deliveries = Deliveries(self._memory, on_new_message, erase, trouble, self._seconds)
            app.ctx.open_talks = OpenTalks(self._memory, self._kiosk, app.ctx.deliveries.end)
            app.config.REQUEST_MAX_SIZE = REQUEST_BYTES
            app.error_handler.add(Exception, _failed)
            app.register_middleware(self._front, "request")
            app.register_middleware(_secure, "response")
            if isinstance(self._memory, LocalMemory):
                app.ctx.sweeper = asyncio.create_task(_sweep(self._memory))

        @blueprint.listener("after_server_start")
        async def watch(app: Sanic, _: Any) -> None:
            app.ctx.watcher = asyncio.create_task(app.ctx.open_talks.watch())

        @blueprint.get("/embed.js", name="embed")
        async def embed(request: Request) -> HTTPResponse:
            return _serve(request, self._assets["embed.js"], {**BRIEFLY, **ELSEWHERE})

        @blueprint.get("/static/<name:str>")
        async def static(request: Request, name: str) -> HTTPResponse:
            asset = self._assets.get(name)
            if asset is None:
                raise Refused(404, "not_found")
            return _serve(request, asset, BRIEFLY)

        @blueprint.get("/kiosk", name="kiosk")
        async def kiosk_page(request: Request) -> HTTPResponse:
            headers = {"Content-Security-Policy": self._policy, "Cache-Control": "no-store"}
            return _serve(request, self._kiosk_page, headers)

        add_endpoints(blueprint, self._kiosk, self._key, self._read)

        @blueprint.get("/health")
        async def health(request: Request) -> HTTPResponse:
            report = await _health(getattr(request.app.ctx, "agent", None))
            return json(report, 200 if report["status"] == "ok" else 503, {"Cache-Control": "no-store"})

        @blueprint.post("/api/session")
        async def start(request: Request) -> HTTPResponse:
            place = self._read(request).get("place", "web")
            if place not in PLACES:
                raise Refused(400, "place")
            return json({"token": guard.issue_token(self._key, place)}, headers={"Cache-Control": "no-store"})

        @blueprint.delete("/api/session", ignore_body=False)
        async def end(request: Request) -> HTTPResponse:
            data = self._read(request)
            if "order" in data:
                conversation = guard.open_order(self._key, data["order"])
            else:
                _, conversation = guard.open_token(self._key, data.get("token"))
            await request.app.ctx.deliveries.end(conversation)
            return empty()

        @blueprint.post("/api/message")
        async def message(request: Request) -> HTTPResponse | None:
            data = self._read(request)
            place, conversation = guard.open_token(self._key, data.get("token"))
            message_id, text = guard.message_id(data.get("id")), guard.message_text(data.get("text"))
            deliveries: Deliveries = request.app.ctx.deliveries
            if len(deliveries) >= AT_ONCE:
                raise Refused(429, "busy")
            wait, tell = self._rate.take(conversation)
            if wait:
                notice = {"text": words["slow_down"]} if tell else {}
                seconds = int(wait) + 1
                return json(
                    {"error": "slow_down", "wait": seconds, **notice}, 429, {"Retry-After": str(seconds)}
                )
            if await deliveries.ended(conversation):
                raise Refused(401, "ended")
            if place == "kiosk":
                await request.app.ctx.open_talks.alive(conversation)
            lines = await deliveries.send(place, conversation, message_id, text)
            response = await request.respond(
                content_type="application/x-ndjson; charset=utf-8",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
            async for line in lines:
                await response.send(line + "\n")
            await response.eof()
            return None

        return blueprint

    def _read(self, request: Request) -> dict[str, Any]:
        guard.check_origin(request.headers, self._origins)
        return guard.read_json(request.headers, request.body)

    async def _front(self, request: Request) -> HTTPResponse | None:
        """GET / before Rasa's own route, which tells its version."""
        if request.path != "/" or request.method not in ("GET", "HEAD"):
            return None
        embedded = "embed" in request.args or request.query_string == "embed"
        headers = {"Content-Security-Policy": self._embed_policy if embedded else self._policy}
        return _serve(request, self._page, headers | {"Cache-Control": "no-cache"})


def _serve(request: Request, asset: Asset, headers: dict[str, str]) -> HTTPResponse:
    headers = headers | {"ETag": asset.tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.tag:
        return empty(304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return raw(asset.packed, headers=headers | {"Content-Encoding": "gzip"}, content_type=asset.type)
    return raw(asset.body, headers=headers, content_type=asset.type)


def _failed(request: Request, error: Exception) -> HTTPResponse:
    """Every error as JSON; an unreadable request is 400, and no error repeats what was sent."""
    if isinstance(error, Refused):
        return json({"error": error.error}, error.status, {"Cache-Control": "no-store"})
    unread = request.method == "NONE" or request.stream is None
    status = getattr(error, "status_code", None) or (400 if unread else 500)
    if status >= 500:
        logger.error("%s %s failed: %s", request.method, request.path, type(error).__name__)
    name = {404: "not_found", 405: "method", 413: "too_big"}.get(
        status, "failed" if status >= 500 else "request"
    )
    return json({"error": name}, status, getattr(error, "headers", None) or {})


async def _secure(_: Request, response: BaseHTTPResponse) -> None:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)


async def _sweep(memory: LocalMemory) -> None:
    while True:
        await asyncio.sleep(60)
        memory.sweep()


async def _health(agent: Any) -> dict[str, Any]:
    """Whether the bot can answer: a model is loaded and the action server, if there is one, is up."""
    loaded = agent is not None and agent.is_ready()
    endpoint = getattr(agent, "action_endpoint", None)
    actions = endpoint is None or await _reachable(endpoint.url.rsplit("/", 1)[0] + "/health")
    return {
        "status": "ok" if loaded and actions else "starting" if not loaded else "actions_down",
        "version": VERSION,
        "model": getattr(getattr(agent, "processor", None), "model_filename", None) if loaded else None,
    }


async def _reachable(url: str) -> bool:
    try:
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
