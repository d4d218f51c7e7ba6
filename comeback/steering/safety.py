"""Safety above all stages: asked once, stays until the person clears it, looked at once more, raised by anything new."""

from __future__ import annotations

from dataclasses import replace

from comeback.steering.memory import Memory
from comeback.vocabulary import Move, RiskKind, RiskLevel, Stage, Strategy, Turn

RECHECK_AFTER = 5
"""Turns between a denial and the one later look."""

ASK = Move(Stage.SAFETY, "ask", Strategy.QUESTION, "E18", "a direct, kind question is the safe thing to do")
BY_KIND = {
    RiskKind.THIRD_PARTY: Move(
        Stage.SAFETY, "third_party", Strategy.INFORMATION, "E18", "you were worried about someone"
    ),
    RiskKind.HARM_TO_OTHERS: Move(
        Stage.SAFETY, "harm_to_others", Strategy.QUESTION, None, "someone could get hurt"
    ),
    RiskKind.MEDICAL: Move(
        Stage.SAFETY, "medical", Strategy.INFORMATION, None, "it sounded like an emergency"
    ),
}
OPEN_MOVES = {
    "affirm": "yes",
    "deny": "denial",
    "correct_bot": "denial",
    "tell_someone": "reach",
    "want_human": "reach",
    "network": "reach",
    "ask_grounding": "ground",
    "care_for_self": "ground",
    "make_plan": "plan",
    "goodbye": "goodbye",
    "ask_bot": "program",
    "ask_help": "yes",
}
CLEARING = frozenset({"denial"})


def interrupt(turn: Turn, memory: Memory) -> tuple[tuple[Move, ...], Memory] | None:
    """The safety answer when one is due, with the memory after it; None when the talk may go on."""
    risk = turn.reading.risk
    if risk.level is RiskLevel.CRISIS:
        again = memory.safety == "open" and risk.kind not in BY_KIND
        move = BY_KIND.get(risk.kind) or (_stay("stay") if again else ASK)
        opened = None if risk.kind in (RiskKind.THIRD_PARTY, RiskKind.MEDICAL) else "open"
        return (move,), replace(
            memory,
            safety=opened or memory.safety,
            safety_turn=memory.turn,
            rechecked=False,
            pending=None,
            paused=True,
        )
    if memory.safety == "open":
        return _while_open(turn, memory)
    if memory.pending == "recheck":
        memory = replace(memory, pending=None)
        if turn.reading.intent == "deny":
            return (ASK,), replace(memory, safety="open", safety_turn=memory.turn)
        if turn.reading.intent == "affirm":
            return (_stay("glad_safe"),), memory
    return None


def afterthought(turn: Turn, memory: Memory) -> tuple[Move | None, Memory]:
    """A light check for a concern, or the one later look after a denial; said after the normal answer."""
    risk = turn.reading.risk
    if risk.level is RiskLevel.CONCERN and risk.kind not in memory.checked and memory.safety is None:
        return _stay("check"), replace(memory, checked=(*memory.checked, risk.kind.value))
    due = memory.turn - memory.safety_turn >= RECHECK_AFTER or turn.reading.intent == "goodbye"
    if memory.safety == "cleared" and not memory.rechecked and due:
        return _stay("recheck"), replace(memory, rechecked=True, pending="recheck")
    return None, memory


def _while_open(turn: Turn, memory: Memory) -> tuple[tuple[Move, ...], Memory]:
    reading = turn.reading
    denied = reading.risk.kind in (RiskKind.DENIAL, RiskKind.HYPERBOLE)
    name = "denial" if denied else OPEN_MOVES.get(reading.intent, "stay")
    if name in CLEARING:
        memory = replace(memory, safety="cleared", safety_turn=memory.turn, exercise=None)
    return (_stay(name),), replace(memory, pending=None)


def _stay(name: str) -> Move:
    strategy = Strategy.QUESTION if name in ("check", "recheck") else Strategy.AFFIRMATION
    return Move(Stage.SAFETY, name, strategy, "E18", "safety comes before everything else")
