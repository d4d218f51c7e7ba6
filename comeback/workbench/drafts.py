"""Messages that we write for a person, from the blocks in data/drafts and their own facts; no fact is invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comeback.vocabulary import Made

Blocks = Mapping[str, Any]
SHORTER = ("short", "long", "brief", "less")
WARMER = ("warm", "kind", "friendl", "nicer")
NOTHING_SAID = ("nothing", "no", "none", "template", "nope", "idk", "skip")
REASON_CHARACTERS = 140


def feedback_request(
    blocks: Blocks, facts: Mapping[str, str], answers: Mapping[str, str], kept: Mapping[str, str], wish: str
) -> Made:
    """A feedback request of at most 120 words that asks one thing.

    `facts` are what memory knows (company, role, person), `answers` the exercise's, `kept` the last
    draft's, `wish` the person's edit ("shorter", "warmer").
    """
    known = {**kept, **{k: v for k, v in facts.items() if k in ("company", "role", "person")}}
    reason = _reason(answers.get("reason", "")) or kept.get("reason", "")
    low = wish.lower()
    tone = "warm" if any(w in low for w in WARMER) else kept.get("tone", "plain")
    size = "short" if any(w in low for w in SHORTER) else kept.get("size", "full")
    thanks = blocks["thanks"][tone if size == "full" else "plain"]
    form = "known" if {"company", "role"} <= known.keys() else "company" if "company" in known else "plain"
    question = "short" if size == "short" else "reason" if reason else "plain"
    body = "\n\n".join(
        part
        for part in (
            blocks["greeting"]["named" if "person" in known else "plain"],
            thanks[form],
            blocks["question"][question],
            blocks["close"][tone] if size == "full" else "",
            blocks["sign"],
        )
        if part
    )
    values = {**known, "reason": reason}
    subject = blocks["subject"]["known" if "role" in known else "plain"]
    keep = {k: v for k, v in {**known, "reason": reason, "tone": tone, "size": size}.items() if v}
    payload = {
        "kind": "draft",
        "subject": subject.format_map(values),
        "body": body.format_map(values),
        "mailto": True,
    }
    return Made(payload=payload, keep=keep)


def text_to_someone(blocks: Blocks, facts: Mapping[str, str], answers: Mapping[str, str]) -> Made:
    """Two or three short sentences to a person they trust."""
    want = (
        "call"
        if any(w in answers.get("want", "").lower() for w in ("call", "talk", "come", "phone"))
        else "space"
    )
    news = blocks["news"]["known" if "company" in facts else "plain"].format_map(dict(facts))
    body = " ".join((news, blocks["feel"], blocks["want"][want]))
    return Made(payload={"kind": "draft", "subject": "", "body": body, "mailto": False}, keep={})


def _reason(text: str) -> str:
    text = " ".join(text.split()).strip(' ."')
    if not text or text.lower().split()[0].strip(",.") in NOTHING_SAID:
        return ""
    return text[:REASON_CHARACTERS]
