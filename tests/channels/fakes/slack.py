"""Slack's Web API as its documentation describes it, with its limits. What breaks one is refused as there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from fakes.server import Fake

TOKEN = "xoxb-1"
UNESCAPED = re.compile(r"&(?!amp;|lt;|gt;)|<(?!https?:|mailto:)|(?<!\w)>")


def limited(seconds: int = 0) -> web.Response:
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
    )


def refusing(error: str) -> Any:
    return lambda: web.json_response({"ok": False, "error": error})


@dataclass
class FakeSlack(Fake):
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What stands in the chats, by ts."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.path.removeprefix("/api/")
        if method.startswith("upload/"):
            self.files[method.removeprefix("upload/")]["data"] = await request.read()
            return await self.respond(request, "upload", {})
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _error("invalid_auth")
        return await self.respond(request, method, await _arguments(request))

    async def answer(self, method: str, arguments: dict[str, Any]) -> web.Response:
        if method == "upload":
            return web.Response(text="OK")
        do = getattr(self, "_" + method.replace(".", "_"), None)
        return do(arguments) if do else _error("unknown_method")

    def _conversations_open(self, given: dict[str, Any]) -> web.Response:
        return _ok(channel={"id": "D" + given["users"][1:]})

    def _chat_postMessage(self, given: dict[str, Any]) -> web.Response:
        wrong = wrong_message(given)
        if wrong:
            return _error(wrong)
        stamp = f"1700000000.{next(self.numbers):06}"
        self.messages[stamp] = {**given, "ts": stamp}
        return _ok(channel=given["channel"], ts=stamp)

    def _chat_postEphemeral(self, given: dict[str, Any]) -> web.Response:
        return _error(wrong) if (wrong := wrong_message(given)) else _ok(message_ts="1.1")

    def _chat_update(self, given: dict[str, Any]) -> web.Response:
        if given["ts"] not in self.messages:
            return _error("message_not_found")
        wrong = wrong_message(given)
        if not wrong:
            self.messages[given["ts"]].update(given)
        return _error(wrong) if wrong else _ok(ts=given["ts"])

    def _chat_delete(self, given: dict[str, Any]) -> web.Response:
        return _ok() if self.messages.pop(given["ts"], None) else _error("message_not_found")

    def _views_publish(self, given: dict[str, Any]) -> web.Response:
        view = given["view"]
        if view["type"] != "home" or len(view["blocks"]) > 100 or wrong_blocks(view["blocks"]):
            return _error("invalid_arguments")
        self.homes[given["user_id"]] = view
        return _ok(view=view)

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> web.Response:
        id_ = f"F{next(self.numbers)}"
        self.files[id_] = {"id": id_, "name": given["filename"], "length": int(given["length"])}
        return _ok(file_id=id_, upload_url=f"{self.url}/api/upload/{id_}")

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> web.Response:
        for file in given["files"]:
            kept = self.files[file["id"]]
            if len(kept["data"]) != kept["length"]:
                return _error("file_update_failed")
            kept["channel"] = given["channel_id"]
        return _ok(files=[{"id": file["id"]} for file in given["files"]])

    def _files_delete(self, given: dict[str, Any]) -> web.Response:
        return _ok() if self.files.pop(given["file"], None) else _error("file_not_found")


def wrong_message(given: dict[str, Any]) -> str:
    text, blocks = given.get("text") or "", given.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    if len(text) > 40_000:
        return "msg_too_long"
    if sum(map(_characters, blocks)) > 13_200:  # not documented; seen by many
        return "msg_blocks_too_long"
    if len(blocks) > 50 or wrong_blocks(blocks) or UNESCAPED.search(text):
        return "invalid_blocks"
    return ""


def _characters(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(_characters, value.values() if isinstance(value, dict) else value))
    return len(value) if isinstance(value, str) else 0


def wrong_blocks(blocks: list[dict[str, Any]]) -> bool:
    return any(_wrong_block(block) for block in blocks)


def _wrong_block(block: dict[str, Any]) -> bool:
    kind = block["type"]
    if kind in ("section", "header"):
        text = block["text"]["text"]
        return not 0 < len(text) <= (3000 if kind == "section" else 150) or bool(UNESCAPED.search(text))
    if kind == "context":
        texts = [element["text"] for element in block["elements"]]
        return not 0 < len(texts) <= 10 or any(len(t) > 3000 or UNESCAPED.search(t) for t in texts)
    if kind == "actions":
        ids = [element["action_id"] for element in block["elements"]]
        return (
            not 0 < len(ids) <= 5  # the documentation says 25; more than five in a row break on phones
            or len(set(ids)) < len(ids)
            or any(not 0 < len(e["text"]["text"]) <= 75 for e in block["elements"])
            or any(not 0 < len(e["value"]) <= 2000 for e in block["elements"])
        )
    if kind == "rich_text":
        return not all(part["elements"] and part["elements"][0]["text"] for part in block["elements"])
    return True


def shown(message: dict[str, Any]) -> str:
    """What a person reads of a message, as Slack shows it."""
    texts = []
    for block in message.get("blocks") or ():
        if block["type"] in ("section", "header"):
            texts.append(_read(block["text"]["text"]))
        elif block["type"] == "context":
            texts += [_read(element["text"]) for element in block["elements"]]
        elif block["type"] == "rich_text":
            texts += [element["text"] for part in block["elements"] for element in part["elements"]]
    return "\n".join(texts) if message.get("blocks") else _read(message.get("text") or "")


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [e for b in message.get("blocks") or () if b["type"] == "actions" for e in b["elements"]]


def _read(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        given = await request.json()
    else:
        given = {**request.query, **await request.post()}
    return {
        name: json.loads(v) if name in ("blocks", "view", "files") and isinstance(v, str) else v
        for name, v in given.items()
        if v is not None
    }


def _ok(**more: Any) -> web.Response:
    return web.json_response({"ok": True, **more})


def _error(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})
