"""Calls the workbench and the session log for the things that a move asks to be made."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from comeback import settings
from comeback.content import Content
from comeback.sessions import SessionLog, privacy
from comeback.steering.memory import Memory
from comeback.vocabulary import Made, Move
from comeback.workbench import calendar, drafts
from comeback.workbench import words as workbench_words

Maker = Callable[[Content, SessionLog, str, Move, Memory, str, datetime], Made]


def _feedback(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    wish = text if move.name == "draft_edited" else ""
    return drafts.feedback_request(_words(), memory.facts, memory.answers, memory.draft, wish)


def _text(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    return drafts.text_to_someone(_words(), memory.facts, memory.answers, memory.draft)


def _plan(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    return calendar.plan(memory.answers, now)


def _stored(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    return Made(blanks={"stored": _counted(privacy.remaining(log, who))})


def _export(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    exported = json.dumps(privacy.export(log, who), indent=2, default=str)
    counted = _counted(privacy.remaining(log, who))
    return Made(
        {"stored": counted},
        {"kind": "file", "name": "comeback.json", "mime": "application/json", "text": exported},
    )


def _forget(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    receipt = privacy.forget(log, who, now)
    return Made(blanks={"receipt": _counted(receipt.counts)})


def _allow(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    log.set_consent(who, "memory", True, WORDING, now)
    log.remember(who, {"facts": memory.facts}, now)
    return Made(blanks={"kept": ", ".join(memory.facts.values()) or "-"})


def _refuse(
    content: Content, log: SessionLog, who: str, move: Move, memory: Memory, text: str, now: datetime
) -> Made:
    for kind in sorted(log.consents(who)):
        log.set_consent(who, kind, False, WORDING, now)
    return Made()


def _words() -> workbench_words.Words:
    return workbench_words.load(settings.ROOT / "data")


def _counted(counts: dict[str, int]) -> str:
    return (
        ", ".join(f"{table}: {n}" for table, n in counts.items() if n) + "." if any(counts.values()) else "0."
    )


WORDING = "2026-11"
MAKERS: dict[str, Maker] = {
    "feedback_request": _feedback,
    "text_to_someone": _text,
    "plan": _plan,
    "stored": _stored,
    "export": _export,
    "forget": _forget,
    "allow_memory": _allow,
    "refuse_memory": _refuse,
}
