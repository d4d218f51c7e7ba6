"""What the guard does for Slack and Telegram beside what it does for all. Pure functions."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from comeback.channels.guard import TEXT_CHARACTERS, Refused, clean, mac, strip_slashes

BODY_BYTES = 1024 * 1024
"""Slack repeats a message as text and as blocks, every character beyond ASCII in six bytes."""


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form, the last one of a name. Raises Refused(400)."""
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise Refused(400, "form") from None


def at(data: Any, *path: str) -> str:
    """The string that stands at `path` in nested objects; "" when there is none."""
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data if isinstance(data, str) else ""


def same_secret(given: str | None, wanted: str) -> bool:
    return hmac.compare_digest((given or "").encode("utf-8", "replace"), wanted.encode())


def webhook_secret(key: bytes, token: str) -> str:
    """What Telegram must send with every update: made from our key and the bot's token, 43 characters."""
    return mac(key, "webhook", token)


def plain(text: str, heard: Mapping[str, str]) -> str:
    """What the bot reads of a message in a chat app; "" when there are no words.

    A command ("/stop", "/stop@name") becomes the words of `heard`; no other text keeps a leading slash,
    and nothing that stands after a command is lost.
    """
    text = clean(text)[:TEXT_CHARACTERS]
    command, _, rest = text.partition(" ")
    command = command.partition("@")[0].lower()
    if command in heard and (not rest or command == "/start"):
        return f"{heard[command]} {rest}".strip()
    return strip_slashes(text)
