"""Telegram's Bot API as its documentation describes it, with its limits. What breaks one is refused as there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from fakes.server import Fake

TOKEN = "123:abc"


def limited(seconds: int = 0) -> web.Response:
    return _error(429, "Too Many Requests", parameters={"retry_after": seconds})


def failing(code: int, description: str = "") -> Any:
    return lambda: _error(code, description)


@dataclass
class FakeTelegram(Fake):
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What stands in the chats, by message_id; the people's own too, when `write` put them there."""
    blocked: set[int] = field(default_factory=set)
    webhook: dict[str, Any] = field(default_factory=dict)
    menu: list[dict[str, str]] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", request.path)
        if match is None or match[1] != TOKEN:
            return _error(401, "Unauthorized")
        return await self.respond(request, match[2], await _arguments(request))

    async def answer(self, method: str, arguments: dict[str, Any]) -> web.Response:
        if arguments.get("chat_id") in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        do = getattr(self, "_" + method, None)
        return do(arguments) if do else _error(404, "Not Found")

    def write(self, chat: int, text: str) -> int:
        """A person's message stands in the chat."""
        number = next(self.numbers)
        self.messages[number] = {"chat_id": chat, "text": text, "theirs": True}
        return number

    def _sendMessage(self, given: dict[str, Any]) -> web.Response:
        return self._keep(given, given) if (wrong := wrong_message(given)) is None else wrong

    def _sendDocument(self, given: dict[str, Any]) -> web.Response:
        if not given.get("document"):
            return _error(400, "Bad Request: there is no document in the request")
        return self._keep(given, given)

    def _keep(self, given: dict[str, Any], message: dict[str, Any]) -> web.Response:
        number = next(self.numbers)
        self.messages[number] = {**message, "message_id": number}
        return _ok({"message_id": number, "chat": {"id": given["chat_id"], "type": "private"}})

    def _sendChatAction(self, given: dict[str, Any]) -> web.Response:
        return _ok(True) if given["action"] == "typing" else _error(400, "Bad Request: wrong action")

    def _answerCallbackQuery(self, given: dict[str, Any]) -> web.Response:
        return _ok(True) if given["callback_query_id"] else _error(400, "Bad Request: query is too old")

    def _editMessageText(self, given: dict[str, Any]) -> web.Response:
        message = self.messages.get(given["message_id"])
        if message is None or wrong_message(given) is not None:
            return _error(400, "Bad Request: message to edit not found")
        message["text"] = given["text"]
        message.pop("reply_markup", None)
        return _ok(True)

    def _editMessageReplyMarkup(self, given: dict[str, Any]) -> web.Response:
        self.messages[given["message_id"]].pop("reply_markup", None)
        return _ok(True)

    def _deleteMessages(self, given: dict[str, Any]) -> web.Response:
        if not 0 < len(given["message_ids"]) <= 100:
            return _error(400, "Bad Request: wrong number of messages")
        for number in given["message_ids"]:
            self.messages.pop(number, None)
        return _ok(True)

    def _setWebhook(self, given: dict[str, Any]) -> web.Response:
        if not given["url"].startswith("https://"):
            return _error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", given["secret_token"]):
            return _error(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = given
        return _ok(True)

    def _setMyCommands(self, given: dict[str, Any]) -> web.Response:
        if any(not re.fullmatch(r"[a-z0-9_]{1,32}", c["command"]) for c in given["commands"]):
            return _error(400, "Bad Request: BOT_COMMAND_INVALID")
        self.menu = given["commands"]
        return _ok(True)

    def _getWebhookInfo(self, given: dict[str, Any]) -> web.Response:
        return _ok({"url": self.webhook.get("url", ""), "pending_update_count": 0})


def wrong_message(given: dict[str, Any]) -> web.Response | None:
    if not given.get("text"):
        return _error(400, "Bad Request: message text is empty")
    if units(given["text"]) > 4096:
        return _error(400, "Bad Request: message is too long")
    for entity in given.get("entities") or ():
        if entity["offset"] + entity["length"] > units(given["text"]):
            return _error(400, "Bad Request: entity is out of bounds")
    rows = (given.get("reply_markup") or {}).get("inline_keyboard") or []
    data = [button["callback_data"] for row in rows for button in row]
    if (
        any(not 0 < len(d.encode()) <= 64 for d in data)
        or any(len(row) > 8 for row in rows)
        or len(data) > 100
    ):
        return _error(400, "Bad Request: BUTTON_DATA_INVALID")
    return None


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return [button for row in rows for button in row]


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    given: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            given[name] = {"name": value.filename, "mime": value.content_type, "data": value.file.read()}
        else:
            given[name] = json.loads(value) if re.fullmatch(r"-?[0-9]+|[\[{].*", str(value)) else value
    return given


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(code: int, description: str, **more: Any) -> web.Response:
    return web.json_response(
        {"ok": False, "error_code": code, "description": description, **more}, status=code
    )
