"""From the bot's messages, as Rasa hands them to a channel, to what a page can show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS: dict[str, tuple[tuple[str, type], ...]] = {
    "draft": (("subject", str), ("body", str), ("mailto", bool)),
    "calendar": (("name", str), ("ics", str)),
    "file": (("name", str), ("mime", str), ("text", str)),
    "help": (("urgent", list),),
    "control": (("do", str),),
}
CONTROLS = ("pin_help", "wipe", "forget", "drop_answers")
ERASING = ("wipe", "forget")
DROP_ANSWERS = "drop_answers"
"""The bot has erased what it knew and the talk goes on: the channel drops its copies; no page hears of it."""


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
    return made if made["kind"] != "control" or made["do"] in CONTROLS else None
