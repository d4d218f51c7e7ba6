"""The Telegram channel: updates and pressed buttons at /webhooks/telegram/webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from comeback import settings
from comeback.channels import apps, guard
from comeback.channels.apps import at
from comeback.channels.chat import Talks, sweep
from comeback.channels.erase import erase_talk, log_eraser
from comeback.channels.guard import Refused
from comeback.channels.memory import LocalMemory, Memory, Rate
from comeback.channels.shelter import open_sheltered
from comeback.channels.telegram_api import API, TelegramApi
from comeback.channels.telegram_post import TelegramPost
from comeback.channels.words import load_words

SECRET_HEADER = "x-telegram-bot-api-secret-token"
PRIVATE_SECONDS = 3600
"""A group is told once in so long where to write."""
WORDLESS = (
    "animation audio contact dice document location paid_media photo poll sticker story venue video "
    "video_note voice"
).split()
"""What a message may hold instead of text; anything else is Telegram's own notice."""


class TelegramChannel(InputChannel):
    """Without `token` the channel is off: nothing listens. The other arguments are those of the web channel."""

    def __init__(
        self,
        key: bytes,
        token: str | None,
        api: str = API,
        memory: Memory | None = None,
        forget: Callable[[str], None] | None = None,
        seconds: float = 20,
        rate: Rate | None = None,
    ) -> None:
        self._key, self._token, self._address = key, token, api
        self._memory = LocalMemory() if memory is None else memory
        self._forget = forget
        self._seconds, self._rate = seconds, rate
        self._words = load_words("telegram")
        self._api: TelegramApi
        self.talks: Talks

    @classmethod
    def name(cls) -> str:
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramChannel:
        """Optional credentials: `seconds` (number), `api` (address). The token is a setting."""
        given, chosen = credentials or {}, settings.load()
        return cls(
            key=guard.load_key(chosen.secret, chosen.state),
            token=chosen.telegram_token,
            api=str(given.get("api") or API),
            memory=open_sheltered(chosen.redis_url),
            forget=log_eraser(chosen) if chosen.telegram_token else None,
            seconds=float(given.get("seconds") or 20),
        )

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("comeback_telegram")
        token = self._token
        if token is None:
            return blueprint
        secret = apps.webhook_secret(self._key, token)

        @blueprint.listener("before_server_start")
        async def prepare(app: Sanic, _: Any) -> None:
            async def erase(conversation: str) -> None:
                await erase_talk(app.ctx.agent, self._forget, conversation)

            self._api = TelegramApi(token, self._address)
            self.talks = Talks(
                self.name(),
                self._memory,
                self._words,
                on_new_message,
                erase,
                self._seconds,
                self._rate,
            )
            app.ctx.telegram_sweeper = asyncio.create_task(sweep(self._memory))

        @blueprint.listener("before_server_stop")
        async def finish(app: Sanic, _: Any) -> None:
            app.ctx.telegram_sweeper.cancel()
            await self.talks.finish()
            await self._api.close()

        @blueprint.exception(Refused)
        async def refused(request: Request, error: Refused) -> HTTPResponse:
            return json({"error": error.error}, error.status)

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            if not apps.same_secret(request.headers.get(SECRET_HEADER), secret):
                raise Refused(401, "secret")
            update = guard.read_json(request.headers, request.body, apps.BODY_BYTES)
            number = _whole(update, "update_id")
            if number is None:
                raise Refused(400, "id")
            message, press = update.get("message"), update.get("callback_query")
            if isinstance(message, dict):
                await self._written(f"update:{number}", message)
            elif isinstance(press, dict):
                await self._pressed(press)
            return empty(200)

        return blueprint

    async def _written(self, delivery: str, message: dict[str, Any]) -> None:
        chat = _private_chat(message.get("chat"), message.get("from"))
        if chat is None:
            await self._in_a_group(message)
            return
        text = at(message, "text") or at(message, "caption")
        if not text and not any(message.get(kind) for kind in WORDLESS):
            return
        post = self._post(chat)
        number = _whole(message, "message_id")
        if number is not None:
            await post.note(number)
        preface = self._words["help"] if text.strip().lower().startswith("/help") else ""
        text = apps.plain(text, self._words.heard)
        await self.talks.hear(self._conversation(chat), delivery, post, text, preface)

    async def _in_a_group(self, message: dict[str, Any]) -> None:
        """Say once where to write; what was written is not read."""
        chat = _whole(message.get("chat"), "id")
        if (
            chat is None
            or at(message, "chat", "type") not in ("group", "supergroup")
            or not at(message, "text")
        ):
            return
        if await self.talks.first_time(self._conversation(chat), "private", PRIVATE_SECONDS):
            self.talks.keep(self._say_private(chat))

    async def _say_private(self, chat: int) -> None:
        await self._post(chat).show({"kind": "text", "text": self._words["private"], "buttons": []})

    async def _pressed(self, press: dict[str, Any]) -> None:
        message = press.get("message")
        chat = _private_chat(message.get("chat"), press.get("from")) if isinstance(message, dict) else None
        if chat is None or not isinstance(message, dict):
            return
        post = self._post(chat)
        self.talks.keep(post.answer_press(at(press, "id")))
        delivery = f"press:{_whole(message, 'message_id')}"
        text = await self.talks.press(self._conversation(chat), delivery, post, at(press, "data"))
        if text is not None:
            self.talks.keep(post.choose(message, text))

    def _conversation(self, chat: int) -> str:
        return guard.conversation_id(self._key, self.name(), str(chat))

    def _post(self, chat: int) -> TelegramPost:
        return TelegramPost(self._api, self._memory, self._words, self._conversation(chat), chat)


def _private_chat(chat: Any, sender: Any) -> int | None:
    """The chat's id when it is one person's own chat with the bot."""
    number = _whole(chat, "id")
    private = at(chat, "type") == "private" and number == _whole(sender, "id")
    return number if private and not sender.get("is_bot") else None


def _whole(data: Any, name: str) -> int | None:
    """A whole number of up to 52 bits, as Telegram's are."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**52 else None
