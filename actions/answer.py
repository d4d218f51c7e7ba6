"""The doorway of the talk: read the turn, decide, speak, remember, log."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.make import MAKERS, Making, remembered
from actions.reading import reading_of
from actions.record import happened, log_turn, turn_row
from actions.speak import Said, words
from comeback import content, phrasing, settings
from comeback.sessions import SessionLog, Unavailable, open_log
from comeback.steering.decide import decide, main_move
from comeback.steering.memory import SAID_LATELY, Memory, dump, keepsake, recalled, restore
from comeback.steering.moves import MOVES
from comeback.vocabulary import Made, Move, Turn
from comeback.workbench import words as workbench

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
    who, log = tracker.sender_id, session_log()
    turn = Turn(
        reading_of(
            tracker.latest_message,
            phrasing.load(settings.ROOT / "data"),
            workbench.load(settings.ROOT / "data"),
        ),
        clock(tracker.latest_message),
        tracker.get_latest_input_channel() or "web",
    )
    before = restore(tracker.get_slot("memory"))
    if before.turn == 0 and (kept := log.recall(who)):
        before = replace(recalled(before, kept), keeps_words="words" in log.consents(who))
    planned, memory = decide(turn, before, loaded.exercises)
    memory = _placed(loaded, turn, memory)
    moves, said, memory = _speak(loaded, log, who, turn, planned, memory)
    for move, line in zip(moves, said, strict=True):
        _utter(dispatcher, move, line)
    memory = replace(memory, said=(*memory.said, *(s.variation for s in said))[-SAID_LATELY:])
    main = main_move(moves)
    if main.make == "forget":
        fresh = Memory(disclosed_at=memory.disclosed_at, erased=True, pending=memory.pending)
        return [SlotSet("memory", dump(fresh))]
    if main.make in ("allow_memory", "refuse_memory"):
        consents = log.consents(who)
        memory = replace(memory, remembering="memory" in consents, keeps_words="words" in consents)
    if memory.remembering and keepsake(memory) != keepsake(before):
        log.remember(who, keepsake(memory), turn.now)
    milliseconds = (time.perf_counter() - began) * 1000
    variation = said[moves.index(main)].variation
    row = turn_row(who, turn, main, variation, milliseconds, memory.keeps_words)
    log_turn(log, row, happened(who, turn, moves, before, memory))
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


def _placed(loaded: content.Content, turn: Turn, memory: Memory) -> Memory:
    places = [fact.value for fact in turn.reading.facts if fact.entity == "place"]
    named = content.country_named(loaded, turn.reading.text[:LONGEST], places)
    return replace(memory, facts={**memory.facts, "country": named}) if named else memory


def _speak(
    loaded: content.Content,
    log: SessionLog,
    who: str,
    turn: Turn,
    planned: tuple[Move, ...],
    memory: Memory,
) -> tuple[tuple[Move, ...], list[Said], Memory]:
    """Make what the moves ask for and choose the words of each."""
    country = memory.facts.get("country") or settings.load().country or ""
    moves: list[Move] = []
    said: list[Said] = []
    for move in planned:
        move, made, memory = _make(loaded, log, who, turn, move, memory)
        lately = (*memory.said, *(s.variation for s in said))
        moves.append(move)
        said.append(words(loaded, move, made, lately, memory.turn, country))
    return tuple(moves), said, memory


def _make(
    loaded: content.Content, log: SessionLog, who: str, turn: Turn, move: Move, memory: Memory
) -> tuple[Move, Made, Memory]:
    """The move with what it makes; while the database is away, the move that says so."""
    if move.make is None:
        return move, Made(), memory
    try:
        made = MAKERS[move.make](Making(loaded, log, who, memory, turn.reading.text, turn.now))
    except Unavailable:
        return MOVES["talk.unavailable"], Made(), memory
    if move.make == "draft" and (instead := _instead(move, made)):
        move = replace(MOVES[instead], blanks=move.blanks, traits=move.traits)
        made = replace(made, payload=None) if instead == "strategy.message_unclear" else made
    return move, made, remembered(memory, made)


def _instead(move: Move, made: Made) -> str | None:
    """The move for an edit that was not made as wished: because it would hurt them, or was not understood."""
    if made.blanks.get("note"):
        return "feedback.draft_declined"
    kind = f"{move.stage.value}.{move.name.removesuffix('_edited')}"
    if made.blanks.get("hint") == "unclear" and not made.blanks.get("changed"):
        return f"{kind}_unclear"
    if made.blanks.get("same"):
        return f"{kind}_same"
    return None


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
