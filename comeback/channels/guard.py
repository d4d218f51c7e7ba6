"""What every channel checks before a message reaches the bot: who speaks, what it may hold, how long it is.

Pure functions. What is remembered between two requests (duplicates, rates, button texts) lives in `memory`.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import time
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BODY_BYTES = 128 * 1024
TEXT_CHARACTERS = 20_000
TOKEN_SECONDS = 7 * 24 * 3600
ORDER_SECONDS = 60
COMMANDS = frozenset({"/start", "/help", "/stop", "/delete", "/safety"})

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_TOKEN = re.compile(r"([a-z]{1,16})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})", re.ASCII)
_ORDER = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{1,128})\.([A-Za-z0-9_-]{43})", re.ASCII)
_SLASHES = re.compile(r"\A/[/\s]*")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"')\]]*\s+|\n+")


class Refused(Exception):
    """A request that is answered with `status` (4xx) and the word `error`; never with anything it held."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


def load_key(secret: str | None, state: Path) -> bytes:
    """The key of all ids and tokens: from `secret`, or made once and kept in `state`/secret (mode 0600)."""
    if secret:
        return secret.encode()
    path = state / "secret"
    state.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=_private, encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    key = path.read_text("ascii").strip()
    if len(key) < 32:
        raise ValueError(f"{path} is not a key; remove it and start again.")
    return key.encode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def conversation_id(key: bytes, channel: str, native: str) -> str:
    """The tracker's id of a talk: names the channel, hides the native id, fits no other channel."""
    return f"{channel}-{mac(key, 'conversation', channel, native)}"


def issue_token(key: bytes, channel: str, now: float | None = None) -> str:
    """A signed session token: channel, second of issue, 128 random bits, signature."""
    issued = str(int(time.time() if now is None else now))
    native = secrets.token_urlsafe(16)
    return f"{channel}.{issued}.{native}.{mac(key, 'token', channel, issued, native)}"


def open_token(key: bytes, token: object, now: float | None = None) -> tuple[str, str]:
    """(channel, conversation id) of a token that we issued in the last seven days. Raises Refused(401)."""
    match = _TOKEN.fullmatch(token) if isinstance(token, str) else None
    if match is None:
        raise Refused(401, "token")
    channel, issued, native, signature = match.groups()
    if not hmac.compare_digest(signature, mac(key, "token", channel, issued, native)):
        raise Refused(401, "token")
    age = (time.time() if now is None else now) - int(issued)
    if not -60 <= age <= TOKEN_SECONDS:  # a minute for clocks of several machines
        raise Refused(401, "token")
    return channel, conversation_id(key, channel, native)


def issue_order(key: bytes, conversation: str, now: float | None = None) -> str:
    """A signed order of the operator to end a conversation: second of issue, id, signature."""
    issued = str(int(time.time() if now is None else now))
    return f"{issued}.{conversation}.{mac(key, 'order', issued, conversation)}"


def open_order(key: bytes, order: object, now: float | None = None) -> str:
    """The conversation of an order that was issued in the last minute. Raises Refused(401)."""
    match = _ORDER.fullmatch(order) if isinstance(order, str) else None
    if match is None:
        raise Refused(401, "order")
    issued, conversation, signature = match.groups()
    late = abs((time.time() if now is None else now) - int(issued)) > ORDER_SECONDS
    if late or not hmac.compare_digest(signature, mac(key, "order", issued, conversation)):
        raise Refused(401, "order")
    return conversation


def mac(key: bytes, *parts: str) -> str:
    digest = hmac.digest(key, "|".join(parts).encode("utf-8", "replace"), sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def read_json(headers: Mapping[str, str], body: bytes, limit: int = BODY_BYTES) -> dict[str, Any]:
    """The object in a JSON request. Raises Refused: 413 too big, 415 another type, 400 not a JSON object."""
    check_size(body, limit)
    if content_type(headers) != "application/json":
        raise Refused(415, "type")
    return json_object(body)


def check_size(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise Refused(413, "too_big")


def content_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def json_object(raw: bytes | str) -> dict[str, Any]:
    """Raises Refused(400) for anything else."""
    try:
        data = json.loads(raw.decode("utf-8") if isinstance(raw, bytes) else raw)
    except (ValueError, RecursionError):
        raise Refused(400, "json") from None
    if not isinstance(data, dict):
        raise Refused(400, "json")
    return data


def check_origin(headers: Mapping[str, str], allowed: tuple[str, ...] = ()) -> None:
    """A browser's request must come from our own page or an allowed origin. Raises Refused(403)."""
    origin = headers.get("origin")
    if origin is None:
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise Refused(403, "origin")
        return
    try:
        own = urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    except ValueError:
        own = False
    if not own and origin not in allowed:
        raise Refused(403, "origin")


def message_id(value: object) -> str:
    """The client's id of a message: 8 to 64 letters, digits, `-`, `_`. Raises Refused(400)."""
    if not isinstance(value, str) or not _MESSAGE_ID.fullmatch(value):
        raise Refused(400, "id")
    return value


def message_text(value: object) -> str:
    """What the person wrote, fit for the bot. Raises Refused: 400 no text or empty, 413 too long."""
    if not isinstance(value, str):
        raise Refused(400, "text")
    if len(value) > TEXT_CHARACTERS:
        raise Refused(413, "too_long")
    text = strip_command(clean(value))
    if not text:
        raise Refused(400, "empty")
    return text


def clean(text: str) -> str:
    """`text` without control characters and broken halves of characters; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def strip_command(text: str) -> str:
    """`text` without leading slashes, which Rasa would read as an intent; known commands stay."""
    if text.lower() in COMMANDS:
        return text.lower()
    return strip_slashes(text)


def strip_slashes(text: str) -> str:
    """`text` without the slashes and all kinds of space before its first word; Rasa strips space before it looks."""
    return _SLASHES.sub("", text)


def split_text(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` characters, cut after sentences, else words, else anywhere."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        window = rest[: limit + 1]
        ends = [match.start() for match in _SENTENCE_END.finditer(window) if 0 < match.start() <= limit]
        cut = ends[-1] if ends else window.rfind(" ")
        if cut <= 0:
            cut = limit
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts
