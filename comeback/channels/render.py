"""From the bot's messages, as Rasa hands them to a channel, to what a page or a chat can show. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

_FIELDS: dict[str, tuple[tuple[str, type], ...]] = {
    "draft": (("subject", str), ("body", str), ("mailto", bool)),
    "calendar": (("name", str), ("ics", str)),
    "file": (("name", str), ("mime", str), ("text", str)),
    "help": (("urgent", list),),
    "control": (("do", str),),
}
LINK_CHARACTERS = 1900
"""Longer mailto links are cut off by some mail programs."""
CONTROLS = ("pin_help", "wipe", "forget", "drop_answers")
ERASING = ("wipe", "forget")
DROP_ANSWERS = "drop_answers"
"""The bot has erased what it knew and the talk goes on: the channel drops its copies; no page hears of it."""

_UNSAFE = re.compile(r"[^\w. -]+", re.ASCII)
_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")


def web_lines(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines a page shows for one bot message: a text with its buttons, then a made thing.

    Unknown kinds and fields are left out: nothing of the bot's inner names reaches the page.
    """
    lines: list[dict[str, Any]] = []
    text = message.get("text")
    buttons = [
        {"title": str(button.get("title") or button["payload"]), "text": str(button["payload"])}
        for button in [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
        if button.get("payload")
    ]
    if text or buttons:
        lines.append({"kind": "text", "text": str(text or ""), "buttons": buttons})
    made = _made(message.get("custom"))
    if made is not None:
        lines.append(made)
    return lines


def control(line: Mapping[str, Any]) -> str | None:
    """What a control line asks for, or None."""
    return line["do"] if line.get("kind") == "control" else None


def _made(custom: Any) -> dict[str, Any] | None:
    fields = _FIELDS.get(custom.get("kind", "")) if isinstance(custom, Mapping) else None
    if fields is None:
        return None
    made = {"kind": custom["kind"]} | {name: custom.get(name, kind()) for name, kind in fields}
    if any(not isinstance(made[name], kind) for name, kind in fields):
        return None
    if made["kind"] == "draft" and made["mailto"]:
        return made | _mail(made["subject"], made["body"], custom)
    return made if made["kind"] != "control" or made["do"] in CONTROLS else None


@dataclass(frozen=True)
class File:
    """A made thing as a download."""

    name: str
    mime: str
    data: bytes


def attachment(line: Mapping[str, Any]) -> File | None:
    """What of a line is sent as a file: a draft for a mail program, a calendar entry, a file itself."""
    if line["kind"] == "draft" and line["mailto"]:
        eml = line["eml"].encode("utf-8", "replace") if "eml" in line else mail(line["subject"], line["body"])
        return File("draft.eml", "message/rfc822", eml)
    if line["kind"] == "calendar":
        name = _file_name(line["name"], "plan")
        return File(
            name.removesuffix(".ics") + ".ics", "text/calendar", line["ics"].encode("utf-8", "replace")
        )
    if line["kind"] == "file":
        mime = line["mime"] if _MIME.fullmatch(line["mime"]) else "text/plain"
        return File(_file_name(line["name"], "file.txt"), mime, line["text"].encode("utf-8", "replace"))
    return None


def mail(subject: str, body: str) -> bytes:
    """An unsent message without sender and receiver (RFC 5322) that mail programs open for editing."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = " ".join(subject.split())
    message["X-Unsent"] = "1"
    message.set_content(body, cte="base64")
    return message.as_bytes()


def contacts(urgent: Sequence[Any]) -> str:
    """People to reach, one a line: name and note."""
    lines = []
    for contact in urgent:
        given = contact if isinstance(contact, Mapping) else {"name": contact}
        parts = [str(given[key]) for key in ("name", "note") if given.get(key)]
        lines.append(": ".join(parts))
    return "\n".join(lines)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; what is left out shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _file_name(name: str, default: str) -> str:
    return _UNSAFE.sub("-", name).strip("-. ")[:80] or default


def _mail(subject: str, body: str, given: Mapping[str, Any]) -> dict[str, str]:
    """A draft as `link` (mailto, RFC 6068; none when too long) and `eml` (unsent mail file), unless it brings them."""
    link, eml = given.get("link"), given.get("eml")
    if not isinstance(link, str):
        lines = quote(body.replace("\r\n", "\n").replace("\n", "\r\n"), safe="")
        link = f"mailto:?subject={quote(subject, safe='')}&body={lines}"
    if not isinstance(eml, str):
        eml = mail(subject, body).decode()
    return {"eml": eml} | (
        {"link": link} if link.startswith("mailto:") and len(link) <= LINK_CHARACTERS else {}
    )
