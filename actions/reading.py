"""What Rasa heard, as our own nouns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comeback.phrasing import Phrases
from comeback.vocabulary import Fact, Reading, Risk, RiskKind, RiskLevel
from comeback.workbench import asked
from comeback.workbench.words import Words

CLOSE = 0.15
"""Runners-up are kept when they come so near to the first intent."""
LIKE, SURE = 0.45, 0.5
"""A situation that is not told in so many words is believed from this mean cosine of its nearest lines and this probability
among the situations; docs/understanding.md says how often that is right."""


def reading_of(message: Mapping[str, Any], phrases: Phrases, words: Words) -> Reading:
    """The reading on a tracker's latest message; a message that carries none is unreadable, and help is offered."""
    intent = message.get("intent") or {}
    ranking = [r for r in message.get("intent_ranking") or [] if r.get("name") != intent.get("name")]
    confidence = float(intent.get("confidence") or 0.0)
    risk, topic = message.get("risk"), message.get("topic") or {}
    text = message.get("text") or ""
    return Reading(
        text=text,
        intent=intent.get("name") or "nlu_fallback",
        confidence=confidence,
        topic=topic.get("name"),
        topic_sure=float(topic.get("confidence") or 0.0),
        near_topics=tuple(topic.get("near") or ()),
        situation=_situation(message.get("situation") or {}),
        wanted=(message.get("wanted") or {}).get("name"),
        runners_up=tuple(r["name"] for r in ranking[:3] if confidence - r["confidence"] < CLOSE),
        emotions=dict(message.get("emotions") or {}),
        feelings=tuple(message.get("feelings") or ()),
        risk=Risk(RiskLevel(risk["level"]), RiskKind(risk["kind"]), bool(risk.get("unsure")))
        if risk
        else Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE),
        facts=tuple(
            Fact(e["entity"], str(e["value"]), e.get("start", 0), e.get("end", 0))
            for e in message.get("entities") or []
        ),
        phrasing=phrases.read(text),
        asked=asked.read(words, text),
    )


def _situation(told: Mapping[str, Any]) -> str | None:
    sure, like = float(told.get("confidence") or 0.0), float(told.get("likeness") or 0.0)
    return told.get("name") if sure >= 1 or (sure >= SURE and like >= LIKE) else None
