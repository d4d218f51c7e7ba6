"""People with a row in every table."""

from __future__ import annotations

from datetime import datetime, timedelta

from comeback.sessions import (
    Application,
    Disclosure,
    Exercise,
    Feedback,
    Plan,
    Rating,
    Referral,
    SessionLog,
    TurnRow,
    Week,
    Win,
)
from comeback.sessions.consent import KINDS


def agree(log: SessionLog, conversation: str, at: datetime) -> None:
    for kind in sorted(KINDS):
        assert log.set_consent(conversation, kind, True, "v1", at)


def live(log: SessionLog, conversation: str, at: datetime, words: str, channel: str = "web") -> None:
    """One of everything; every free text holds `words`."""
    log.record(
        TurnRow(
            conversation=conversation,
            at=at,
            channel=channel,
            stage="acknowledge",
            feelings=("sad",),
            text=words,
        )
    )
    log.remember(conversation, {"name": words, "company": words}, at)
    for row in (
        Win(conversation=conversation, at=at, text=words),
        Application(conversation=conversation, at=at, company=words, role=words, outcome="rejected"),
        Feedback(conversation=conversation, at=at, sent_at=at, draft=words, answer=words),
        Plan(conversation=conversation, at=at, cue=words, act=words, remind_at=at + timedelta(days=1)),
        Exercise(conversation=conversation, at=at, name="letter", before=8, after=5),
        Week(conversation=conversation, at=at, energy=4, inner_talk=8),
        Disclosure(conversation=conversation, at=at, kind="program", wording_version="v1"),
        Referral(conversation=conversation, at=at, category="crisis line"),
        Rating(conversation=conversation, at=at, heard=3, next_step=True),
    ):
        log.add(row)
