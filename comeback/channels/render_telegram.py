"""From lines to Telegram's messages. Pure; limits as core.telegram.org/bots/api states them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comeback.channels.guard import split_text
from comeback.channels.render import contacts, cut
from comeback.channels.words import Words

TEXT = 4096
LABEL = 60
SHORT = 18
"""Two buttons fit beside each other on a small phone when both labels are so short."""


def messages(line: dict[str, Any], tokens: Sequence[str], words: Words) -> list[dict[str, Any]]:
    """Arguments of sendMessage for one line; `tokens` stand for its buttons, in order."""
    kind = line["kind"]
    if kind == "text":
        labels = [button["title"] for button in line["buttons"]]
        parts: list[dict[str, Any]] = [
            {"text": part} for part in split(line["text"].strip() or " / ".join(labels))
        ]
        if tokens and parts:
            parts[-1] |= {"reply_markup": {"inline_keyboard": keyboard(labels, tokens)}}
        return parts
    if kind in ("help", "trouble"):
        text = "\n\n".join(filter(None, (line.get("text"), contacts(line["urgent"]))))
        return [{"text": part} for part in split(text)]
    if kind == "draft":
        subject = words["subject"].format(subject=line["subject"]) if line["subject"] else ""
        title = "\n".join(filter(None, (words["draft"], subject)))
        return [*({"text": part} for part in split(title)), *map(_exact, split(line["body"]))]
    return []


def keyboard(labels: Sequence[str], tokens: Sequence[str]) -> list[list[dict[str, str]]]:
    """Rows of an inline keyboard: short labels two by two, long ones alone."""
    rows: list[list[dict[str, str]]] = []
    for label, token in zip(labels, tokens, strict=True):
        button = {"text": cut(label, LABEL), "callback_data": token}
        last = rows[-1] if rows else []
        if len(label) <= SHORT and len(last) == 1 and len(last[0]["text"]) <= SHORT:
            last.append(button)
        else:
            rows.append([button])
    return rows


def chosen(text: str, choice: str, words: Words) -> str | None:
    """A message's text with what was pressed below it; None when that would be too long."""
    whole = text + "\n\n" + words["chosen"].format(choice=choice)
    return whole if units(whole) <= TEXT else None


def split(text: str) -> list[str]:
    """`text` in messages that Telegram takes; it counts in UTF-16."""
    return split_text(text, TEXT if units(text) == len(text) else TEXT // 2)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _exact(text: str) -> dict[str, Any]:
    """Text that a tap copies."""
    return {"text": text, "entities": [{"type": "pre", "offset": 0, "length": units(text)}]}
