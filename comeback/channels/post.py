"""The way from a talk to one person's chat, whichever app it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

SENT = "sent"
"""The channel memory's name of what was sent in a talk."""


class Gone(Exception):
    """The person cannot be reached: blocked the bot, left, or the bot was taken out."""


class Post(Protocol):
    """The way to one person's private chat. What is sent is noted under SENT in the channel's memory."""

    async def show(self, line: Mapping[str, Any]) -> None:
        """Send one line of `render.web_lines`. Raises Gone."""

    async def typing(self) -> None:
        """Show that an answer is being written, where the app can."""

    async def clear(self, sent: list[str]) -> bool:
        """Delete these notes' messages from the chat; False when some are still there."""
