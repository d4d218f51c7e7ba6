"""From the bot's messages, as Rasa hands them to a channel, to what a page can show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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
CONTROLS = ("pin_help", "wipe", "forget")
ERASING = ("wipe", "forget")


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


def _mail(subject: str, body: str, given: Mapping[str, Any]) -> dict[str, str]:
    """A draft as `link` (mailto, RFC 6068; none when too long) and `eml` (unsent mail file), unless it brings them."""
    link, eml = given.get("link"), given.get("eml")
    if not isinstance(link, str):
        lines = quote(body.replace("\r\n", "\n").replace("\n", "\r\n"), safe="")
        link = f"mailto:?subject={quote(subject, safe='')}&body={lines}"
    if not isinstance(eml, str):
        message = EmailMessage()
        message["Subject"] = " ".join(subject.split())
        message["X-Unsent"] = "1"
        message.set_content(body)
        eml = message.as_string()
    return {"eml": eml} | (
        {"link": link} if link.startswith("mailto:") and len(link) <= LINK_CHARACTERS else {}
    )
