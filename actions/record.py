"""What a turn leaves in the session log: its own row, and a row for each thing that happened in it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from comeback import settings
from comeback.sessions import Disclosure, Feedback, Plan, Referral, Row, SessionLog, TurnRow, Win
from comeback.sessions import Exercise as ExerciseRow
from comeback.steering.memory import Memory
from comeback.vocabulary import Move, Stage, Turn
from comeback.workbench import weeks, words

logger = logging.getLogger(__name__)

WORDING_VERSION = "2026-11"
REFERRING = frozenset({"ask", "means", "third_party", "harm_to_others", "medical"})


def turn_row(
    who: str, turn: Turn, main: Move, variation: str, milliseconds: float, keeps_words: bool
) -> TurnRow:
    """The row of a turn, with its text only when `keeps_words`; the log asks the consents once more."""
    reading = turn.reading
    return TurnRow(
        conversation=who,
        at=turn.now,
        channel=turn.channel,
        stage=main.stage.value,
        strategy=main.strategy.value,
        move=main.name,
        intent=reading.intent,
        feelings=reading.feelings,
        risk_level=reading.risk.level.value,
        risk_kind=reading.risk.kind.value,
        evidence=main.evidence,
        response=main.response,
        variation=int(variation.rpartition("#")[2]),
        milliseconds=milliseconds,
        text=reading.text if keeps_words else None,
    )


def happened(who: str, turn: Turn, moves: Sequence[Move], before: Memory, after: Memory) -> list[Row]:
    """Disclosures, referrals, exercises, drafts, plans and wins of a turn; their words need consent."""
    about: dict[str, Any] = {"conversation": who, "at": turn.now}
    rows: list[Row] = []
    for move in moves:
        if move.name.startswith("disclosure"):
            rows.append(Disclosure(**about, kind=move.name, wording_version=WORDING_VERSION))
        if move.stage is Stage.SAFETY and move.name in REFERRING:
            rows.append(Referral(**about, category=turn.reading.risk.kind.value))
        if move.name.endswith("_end"):
            rows.append(ExerciseRow(**about, name=move.name.removesuffix("_end"), **_eased(after)))
        if move.name == "feedback_request_end":
            rows.append(Feedback(**about, sent_at=turn.now))
    if after.plan and after.plan != before.plan:
        rows.append(Plan(**about, act=after.plan.get("act", ""), cue=after.plan.get("cue")))
    rows += [Win(**about, text=win) for win in after.wins if win not in before.wins]
    return rows


def _eased(memory: Memory) -> dict[str, Any]:
    """How heavy it was before and after the exercise that has just ended, where they gave a number."""
    lexicon = words.load(settings.ROOT / "data").weeks
    return {side: weeks.scale(lexicon, memory.answers.get(side, "")) for side in ("before", "after")}


def log_turn(log: SessionLog, row: TurnRow, rows: Sequence[Row]) -> None:
    """Never raises: logging neither breaks nor delays a talk."""
    log.record(row)
    try:
        for more in rows:
            log.add(more)
    except Exception as error:
        logger.error("what happened in a turn was not logged: %s", type(error).__name__)
