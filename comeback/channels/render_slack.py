"""From lines to Slack's messages (Block Kit). Pure; limits as docs.slack.dev states them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from comeback.channels.guard import split_text
from comeback.channels.render import File, contacts, cut
from comeback.channels.words import Words

SECTION = 3000
SECTIONS_AT_ONCE = 4
"""Sections in one message; much longer messages are refused as a whole."""
ROW = 5
LABEL = 75
CHOOSE = "choose"

_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def messages(line: dict[str, Any], tokens: Sequence[str], words: Words) -> list[dict[str, Any]]:
    """Arguments of chat.postMessage for one line; `tokens` stand for its buttons, in order."""
    kind = line["kind"]
    if kind == "text":
        labels = [button["title"] for button in line["buttons"]]
        return _messages(_sections(line["text"]), button_rows(labels, tokens))
    if kind in ("help", "trouble"):
        return _messages(_sections("\n\n".join(filter(None, (line.get("text"), contacts(line["urgent"]))))))
    if kind == "draft":
        subject = words["subject"].format(subject=line["subject"]) if line["subject"] else ""
        title = _sections("\n".join(filter(None, (words["draft"], subject))))
        return _messages(title + _exact(line["body"]) + _mail_link(line, words))
    return []


def file_messages(file: File) -> list[dict[str, Any]]:
    """A file's content as messages, for a workspace that lets us send no files."""
    return _messages(_sections(file.name) + _exact(file.data.decode("utf-8", "replace")))


def button_rows(labels: Sequence[str], tokens: Sequence[str]) -> list[dict[str, Any]]:
    """Blocks of at most five buttons."""
    elements = [
        {
            "type": "button",
            "action_id": f"{CHOOSE}:{number}",
            "text": {"type": "plain_text", "text": cut(label, LABEL), "emoji": False},
            "value": token,
        }
        for number, (label, token) in enumerate(zip(labels, tokens, strict=True))
    ]
    return [{"type": "actions", "elements": elements[i : i + ROW]} for i in range(0, len(elements), ROW)]


def chosen(message: dict[str, Any], choice: str, words: Words) -> dict[str, Any]:
    """Arguments of chat.update: a message as it was, its buttons replaced by the one that was pressed."""
    blocks = [b for b in message.get("blocks") or () if isinstance(b, dict) and b.get("type") != "actions"]
    text = escape(cut(words["chosen"].format(choice=choice), SECTION // 5))
    said = {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
    return {"text": message.get("text") or text, "blocks": [*blocks, said]}


def home(tokens: Sequence[str], words: Words) -> dict[str, Any]:
    """The app's home tab."""
    header = {"type": "header", "text": {"type": "plain_text", "text": words["home_title"]}}
    blocks = [
        header,
        *_sections(words["home"]),
        *button_rows(words["home_starters"], tokens),
        *_sections(words["home_urgent"]),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": escape(words["home_private"])}]},
    ]
    return {"type": "home", "blocks": blocks}


def escape(text: str) -> str:
    """`text` so that Slack makes no mention and no link out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person typed, from what Slack sends: links as their words, mentions left out."""

    def shown(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target[:1] in ("@", "#", "!"):
            return label or ""
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    return _MARKUP.sub(shown, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _messages(blocks: list[dict[str, Any]], buttons: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    groups = [blocks[i : i + SECTIONS_AT_ONCE] for i in range(0, len(blocks), SECTIONS_AT_ONCE)] or [[]]
    groups[-1] = [*groups[-1], *buttons]
    return [{"text": _summary(group), "blocks": group} for group in groups if group]


def _summary(blocks: Sequence[dict[str, Any]]) -> str:
    """What notifications and screen readers get; the link of a draft says nothing there."""
    sections = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    texts = [text for text in sections if not text.startswith("<")]
    labels = [e["text"]["text"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
    exact = [b["elements"][0]["elements"][0]["text"] for b in blocks if b["type"] == "rich_text"]
    return (
        "\n".join(texts) or " / ".join(map(escape, labels)) or "\n".join(escape(cut(e, 500)) for e in exact)
    )


def _sections(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in _escaped(text)]


def _escaped(text: str) -> Iterator[str]:
    for part in split_text(text, SECTION):
        whole = escape(part)
        # An escaped character takes at most five; a cut through one would show.
        yield from [whole] if len(whole) <= SECTION else map(escape, split_text(part, SECTION // 5))


def _mail_link(line: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    if not line.get("link"):
        return []
    text = f"<{escape(line['link'])}|{escape(words['mail'])}>"
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def _exact(text: str) -> list[dict[str, Any]]:
    """Text that Slack shows letter by letter, to copy."""
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]}],
        }
        for part in split_text(text, SECTION)
    ]
