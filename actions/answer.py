"""The doorway of the talk: read the turn, decide, speak, remember, log."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.make import MAKERS
from actions.reading import reading_of
from actions.speak import Said, words
from comeback import content, settings
from comeback.sessions import SessionLog, TurnRow, Unavailable, open_log
from comeback.steering.decide import decide, main_move
from comeback.steering.memory import SAID_LATELY, Memory, dump, restore
from comeback.vocabulary import Made, Move, Stage, Strategy, Turn

logger = logging.getLogger(__name__)

LONGEST = 2_000
"""Characters in which a country is looked for."""


class ActionAnswer(Action):
    def name(self) -> str:
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return answer(dispatcher, tracker)


def answer(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Answer the latest message and leave a row of it. Returns Rasa events."""
    began = time.perf_counter()
    loaded = content.load(settings.ROOT / "data")
    message = tracker.latest_message
    now = clock(message)
    channel = tracker.get_latest_input_channel() or "web"
    memory = restore(tracker.get_slot("memory"))
    if memory.turn == 0:
        memory = replace(memory, facts=(session_log().recall(tracker.sender_id) or {}).get("facts", {}))
    turn = Turn(reading_of(message), now, channel)
    moves, memory = decide(turn, memory, loaded.exercises)
    named = content.country_named(loaded, turn.reading.text[:LONGEST])
    if named:
        memory = replace(memory, facts={**memory.facts, "country": named})
    country = memory.facts.get("country") or settings.load().country or ""
    said: list[Said] = []
    spoken: list[Move] = []
    for planned in moves:
        move, made, memory = _make(loaded, tracker.sender_id, planned, memory, turn)
        spoken.append(move)
        lately = (*memory.said, *(s.variation for s in said))
        said.append(words(loaded, move, made, lately, memory.turn, country))
    moves = tuple(spoken)
    main = main_move(moves)
    for move, line in zip(moves, said, strict=True):
        _utter(dispatcher, move, line)
    memory = replace(memory, said=(*memory.said, *(s.variation for s in said))[-SAID_LATELY:])
    variation = said[moves.index(main)].variation
    if main.make == "forget":
        return [SlotSet("memory", dump(Memory(disclosed_at=memory.disclosed_at)))]
    session_log().record(_row(tracker.sender_id, turn, main, variation, (time.perf_counter() - began) * 1000))
    return [SlotSet("memory", dump(memory))]


def clock(message: dict[str, Any]) -> datetime:
    """The time of a turn: the one given with the message, else now."""
    given = (message.get("metadata") or {}).get("now")
    return datetime.fromisoformat(given) if given else datetime.now(UTC)


@lru_cache(maxsize=1)
def session_log() -> SessionLog:
    chosen = settings.load()
    chosen.state.mkdir(parents=True, exist_ok=True)
    return open_log(chosen.database_url, chosen.spool)


def _make(
    loaded: content.Content, who: str, move: Move, memory: Memory, turn: Turn
) -> tuple[Move, Made, Memory]:
    """The move with what it makes; while the database is away, the move that says so."""
    if move.make is None:
        return move, Made(), memory
    try:
        made = MAKERS[move.make](loaded, session_log(), who, move, memory, turn.reading.text, turn.now)
    except Unavailable:
        return Move(Stage.TALK, "unavailable", Strategy.INFORMATION), Made(), memory
    return move, made, replace(memory, draft=made.keep) if made.keep else memory


def _utter(dispatcher: CollectingDispatcher, move: Move, line: Said) -> None:
    buttons = [{"title": title, "payload": title} for title in line.buttons]
    dispatcher.utter_message(
        text=line.text,
        buttons=buttons or None,
        json_message=dict(line.payload) if line.payload else None,
        metadata={
            "utter_action": move.response,
            "stage": move.stage.value,
            "strategy": move.strategy.value,
            "evidence": move.evidence,
        },
    )


def _row(who: str, turn: Turn, main: Move, variation: str, milliseconds: float) -> TurnRow:
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
        text=reading.text,
    )
