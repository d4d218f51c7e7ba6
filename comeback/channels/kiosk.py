"""What a kiosk needs of the server: talks that end when their screen falls silent, and the staff bell."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from comeback.channels import guard
from comeback.channels.guard import Refused
from comeback.channels.memory import Memory, Rate

logger = logging.getLogger(__name__)

ALIVE = "alive"
BELL_SECONDS = 5

_SCREEN = re.compile(r"[A-Za-z0-9-]{1,20}")


@dataclass(frozen=True)
class Kiosk:
    """How kiosks behave. All times in seconds."""

    idle: float = 60
    """After so long without a touch the page asks whether somebody is still there."""
    grace: float = 20
    """After so long without an answer it clears itself."""
    silence: float = 45
    """A page says that it is alive three times in this time; else the server erases its talk."""
    bell_url: str | None = None
    folder: Path | None = None
    """Where the ids of open talks outlive a crash of the server; None: they do not."""


class OpenTalks:
    """Kiosk talks that are not erased yet, by conversation id. Those of silent screens are erased by `end`.

    `end` may raise; then it is called again with the next look.
    """

    def __init__(self, memory: Memory, chosen: Kiosk, end: Callable[[str], Awaitable[None]]) -> None:
        self._memory, self._silence, self._folder, self._end = memory, chosen.silence, chosen.folder, end
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._open = {path.name for path in self._folder.iterdir()} if self._folder else set[str]()

    def __len__(self) -> int:
        return len(self._open)

    async def alive(self, conversation: str) -> None:
        """A sign of life from the page of this talk."""
        if conversation not in self._open:
            self._open.add(conversation)
            if self._folder is not None:
                (self._folder / conversation).touch()
        await self._memory.append(conversation, ALIVE, "", self._silence)

    def ended(self, conversation: str) -> None:
        """The talk was erased."""
        self._open.discard(conversation)
        if self._folder is not None:
            (self._folder / conversation).unlink(missing_ok=True)

    async def look(self) -> None:
        """Erase the talks whose pages have been silent for too long."""
        for conversation in sorted(self._open):
            try:
                if not await self._memory.lines(conversation, ALIVE):
                    await self._end(conversation)
            except Exception as error:
                logger.error("kiosk: a silent talk could not be erased yet: %s", type(error).__name__)

    async def watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._silence / 5)


def add_endpoints(
    blueprint: Blueprint, chosen: Kiosk, key: bytes, read: Callable[[Request], dict[str, Any]]
) -> None:
    """POST /api/alive {token}, a sign of life; POST /api/bell {screen} -> {rung}. `read` checks a request."""
    rate = Rate(burst=3, per_second=1 / 20)

    @blueprint.post("/api/alive")
    async def alive(request: Request) -> HTTPResponse:
        place, conversation = guard.open_token(key, read(request).get("token"))
        if place != "kiosk" or await request.app.ctx.deliveries.ended(conversation):
            raise Refused(401, "ended")
        await request.app.ctx.open_talks.alive(conversation)
        return empty()

    @blueprint.post("/api/bell")
    async def bell(request: Request) -> HTTPResponse:
        name = screen(read(request).get("screen"))
        wait, _ = rate.take(name)
        if wait:
            raise Refused(429, "slow_down")
        rung = await ring(chosen.bell_url, name)
        return json({"rung": rung}, headers={"Cache-Control": "no-store"})


def screen(value: object) -> str:
    """The operator's name of a kiosk: 1 to 20 letters, digits, `-`. Raises Refused(400)."""
    if not isinstance(value, str) or not _SCREEN.fullmatch(value):
        raise Refused(400, "screen")
    return value


async def ring(url: str | None, name: str) -> bool:
    """Tell staff that someone at this kiosk would like help, and nothing else; whether that arrived."""
    if url is None:
        return False
    try:
        timeout = aiohttp.ClientTimeout(total=BELL_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.post(url, json={"kiosk": name}, allow_redirects=False) as response,
        ):
            return 200 <= response.status < 300
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        logger.error("kiosk: the bell did not ring: %s", type(error).__name__)
        return False


def page_strings(strings: dict[str, Any], chosen: Kiosk, here: list[dict[str, str]]) -> dict[str, Any]:
    """The words of the kiosk's page: those of the chat page with its own over them, its times, who is `here`."""
    own = strings["kiosk"]
    times = {"idle": chosen.idle, "grace": chosen.grace, "silence": chosen.silence}
    bell = {"bell": "yes" if chosen.bell_url else "no"}
    return {
        "page": strings["page"] | own["page"] | times | bell,
        "script": strings["script"] | own["script"],
        "urgent": strings["urgent"],
        "here": here,
    }


def load_here(path: Path) -> list[dict[str, str]]:
    """Who can be found at the place of the kiosk, as staff wrote it: {name, note} each. Raises ValueError."""
    here = yaml.safe_load(path.read_text("utf-8"))["here"] or []
    if not all(isinstance(one, dict) and set(one) == {"name", "note"} for one in here):
        raise ValueError(f"{path.name}: every entry of `here` has a name and a note.")
    return [{key: str(value) for key, value in one.items()} for one in here]
