"""Worry about somebody else: what they say of that person is believed, and only something new is asked about again."""

from __future__ import annotations

from dataclasses import replace

from comeback.steering import brought
from comeback.steering.care import LINGERS, THIRD_PARTY, about, care
from comeback.steering.memory import Memory
from comeback.vocabulary import Move, Reading, RiskKind, Turn

Moves = tuple[Move, ...]

OPEN = "third_party"
"""The question of ours that is open after an answer about somebody else."""
SURE, GUESSED, DENIED = "told", "guessed", "denied"
NO = ("deny", "correct_bot")
ON = ("affirm", "unsure", "inform", "ask_help", "want_advice")


def raised(turn: Turn, memory: Memory) -> tuple[Moves, Memory]:
    """Danger is told of somebody else; when it is only guessed, they get words for that person and one soft line."""
    reading = turn.reading
    whom = brought.whom(reading, memory.about)
    if reading.risk.unsure and memory.worry != SURE:
        return _beside(reading, replace(memory, worry=memory.worry or GUESSED, about=whom, paused=True))
    again = memory.worry is not None
    move = care("third_party_again") if again else THIRD_PARTY
    new = brought.told_of_another(reading.text) if again else None
    memory = replace(memory, worry=SURE, about=whom, pending=OPEN, safety_turn=memory.turn, paused=True)
    if brought.OUT_OF_REACH.search(reading.text):
        move, new = care("third_party_away"), None
    return (about(move, whom=whom, new=new),), memory


def goes_on(turn: Turn, memory: Memory) -> tuple[Moves, Memory] | None:
    """The answer to what they say about that person after an alarm, or to a denial that comes without one."""
    reading = turn.reading
    asked = memory.pending == OPEN
    if asked:
        memory = replace(memory, pending=None)
    whom = brought.whom(reading, memory.about)
    denied = brought.clears_another(reading) or (asked and reading.risk.kind is RiskKind.DENIAL)
    jest = asked and bool(brought.JEST.search(reading.text))
    if denied or jest or (asked and reading.intent in NO):
        known, memory = memory.worry, replace(memory, worry=DENIED, about=whom, safety_turn=memory.turn)
        memory = replace(memory, misread=(*memory.misread, RiskKind.THIRD_PARTY.value))
        if brought.asks_how(reading) and not jest:
            return _beside(reading, memory)
        if jest:
            return (care("third_party_over"),), memory
        if known == DENIED:
            return None
        return (about(care("third_party_over"), whom=whom),), replace(memory, pending=OPEN)
    if memory.worry is None:
        return None
    near = memory.turn - memory.safety_turn <= LINGERS
    of_them = brought.of_another(reading) and near
    asks = brought.asks_how(reading) and (asked or of_them)
    if memory.worry == SURE and asked and (asks or of_them or reading.intent in ON):
        memory = replace(memory, safety_turn=memory.turn)
        return (about(care("third_party_more"), whom=whom),), replace(memory, pending=OPEN)
    if asks and brought.RING.search(reading.text):
        return (about(care("third_party_more"), whom=whom),), memory
    if asks or (asked and reading.intent == "affirm"):
        return _beside(reading, replace(memory, about=whom))
    return None


def _beside(reading: Reading, memory: Memory) -> tuple[Moves, Memory]:
    """How to be with somebody who took a no hard; the first time with a soft line, unless danger was denied."""
    first = memory.worry == GUESSED and memory.pending != OPEN
    move = care("third_party_beside", **({"soft": "yes"} if first else {}))
    return (about(move, whom=memory.about),), replace(memory, pending=OPEN, safety_turn=memory.turn)
