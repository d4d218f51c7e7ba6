"""Sends to one person in Telegram, and deletes what was sent."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from comeback.channels import render_telegram
from comeback.channels.memory import Memory, issue_button
from comeback.channels.post import SENT, Gone
from comeback.channels.render import attachment
from comeback.channels.telegram_api import Failed, TelegramApi
from comeback.channels.words import Words

logger = logging.getLogger(__name__)

REACHABLE_SECONDS = 47 * 3600
"""Telegram lets a bot delete messages of the last 48 hours."""
DELETED_AT_ONCE = 100
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}


class TelegramPost:
    """One private chat."""

    def __init__(self, api: TelegramApi, memory: Memory, words: Words, conversation: str, chat: int) -> None:
        self._api, self._memory, self._words = api, memory, words
        self._conversation, self._chat = conversation, chat

    async def show(self, line: Mapping[str, Any]) -> None:
        tokens = [
            await issue_button(self._memory, self._conversation, button["text"])
            for button in line.get("buttons", ())
        ]
        for message in render_telegram.messages(dict(line), tokens, self._words):
            await self._send("sendMessage", **NO_PREVIEW, **message)
        file = attachment(line)
        if file is not None and not await self._send("sendDocument", file=file):
            await self._send("sendMessage", text=self._words["no_file"])

    async def typing(self) -> None:
        await self._try("sendChatAction", action="typing")

    async def clear(self, sent: list[str]) -> bool:
        since = time.time() - REACHABLE_SECONDS
        noted = [note.split() for note in sent]
        ids = sorted({int(number) for number, when in noted if int(when) > since})
        deleted = True
        for i in range(0, len(ids), DELETED_AT_ONCE):
            part = ids[i : i + DELETED_AT_ONCE]
            deleted = await self._try("deleteMessages", message_ids=part) is True and deleted
        return deleted

    async def note(self, message: int) -> None:
        """Remember a message of this chat, ours or the person's, so that it can be deleted."""
        note = f"{message} {int(time.time())}"
        await self._memory.append(self._conversation, SENT, note, REACHABLE_SECONDS)

    async def choose(self, message: Mapping[str, Any], choice: str) -> None:
        """Put what was pressed in the place of the buttons."""
        where, text = {"message_id": message.get("message_id")}, message.get("text")
        whole = render_telegram.chosen(text, choice, self._words) if isinstance(text, str) else None
        if whole is None:
            await self._try("editMessageReplyMarkup", **where)
        else:
            await self._try("editMessageText", **where, **NO_PREVIEW, text=whole)

    async def answer_press(self, press: str) -> None:
        """End the waiting sign on a pressed button."""
        try:
            await self._api.call("answerCallbackQuery", callback_query_id=press)
        except Failed as error:
            logger.info("telegram: a pressed button was too old: %s", error.code)

    async def _send(self, method: str, **arguments: Any) -> bool:
        message = await self._try(method, **arguments)
        number = message.get("message_id") if isinstance(message, dict) else None
        if isinstance(number, int):
            await self.note(number)
        return message is not None

    async def _try(self, method: str, **arguments: Any) -> Any:
        """The call's result, None when it failed. Raises Gone when the person cannot be reached."""
        try:
            return await self._api.call(method, chat_id=self._chat, **arguments)
        except Failed as error:
            if error.code == 403 or (error.code == 400 and "chat not found" in error.description.lower()):
                raise Gone from None
            logger.error("telegram: %s failed: %s", method, error.code)
            return None
