"""Safety above all stages: asked once, stays until the person clears it, looked at once more, raised by anything new."""

from __future__ import annotations

import re
from dataclasses import replace

from comeback.steering import exercises as scripts
from comeback.steering.exercises import Exercises
from comeback.steering.memory import Memory
from comeback.vocabulary import Move, RiskKind, RiskLevel, Stage, Strategy, Turn

RECHECK_AFTER = 5
"""Turns between a denial and the one later look."""
CHECK_PAUSE = 5
"""Turns at least between two light checks, whatever is new."""
PLAN = "safety_plan"

ASK = Move(Stage.SAFETY, "ask", Strategy.QUESTION, "E18", "a direct, kind question is the safe thing to do")
BY_KIND = {
    RiskKind.MEANS: Move(
        Stage.SAFETY, "means", Strategy.QUESTION, "E18", "a question that could hurt you is not answered"
    ),
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
    "unsure": "yes",
    "deny": "denial",
    "correct_bot": "denial",
    "tell_someone": "reach",
    "want_human": "reach",
    "network": "reach",
    "ask_grounding": "ground",
    "care_for_self": "ground",
    "goodbye": "goodbye",
    "ask_bot": "program",
    "ask_private": "private",
    "ask_why_said": "why",
    "ask_help": "lines",
}
COMES = (
    r"\b(?:is|are|s?he'?s|they'?re) (?:here|with me|coming|calling|ringing|on (?:her|his|their|the) way)\b"
)
REACHED = re.compile(
    rf"\bi(?:'ve| have)? ?(?:just )?(?:texted|called|messaged|rang|told|phoned|spoke|wrote)\b|{COMES}",
    re.IGNORECASE,
)
COMING = re.compile(rf"^\W*(?:\w+ ){{0,3}}{COMES}\W*$", re.IGNORECASE)
CHOICES = (
    (REACHED, "reached"),
    (
        re.compile(
            r"\b(?:no ?one|nobody|all alone|can'?t (?:call|talk|speak)|don'?t want to (?:call|talk|speak))\b",
            re.IGNORECASE,
        ),
        "alone",
    ),
    (re.compile(r"\b(reach|tell) (someone|somebody|a person)|what (do|can) i say", re.IGNORECASE), "reach"),
    (re.compile(r"\b(call|phone|text|chat|number|hotline|helpline)\b", re.IGNORECASE), "lines"),
    (re.compile(r"\b(ground\w*|breath\w*)\b", re.IGNORECASE), "ground"),
    (
        re.compile(
            r"\bi(?:'?m| am) (?:really |all )?(?:safe|okay|ok|fine|alright)\b|^\W*safe for now", re.IGNORECASE
        ),
        "denial",
    ),
)
ENDS_PLAN = frozenset({"denial", "goodbye"})
MAKES_PLAN = re.compile(r"\bsafety plan\b|\bshort plan\b", re.IGNORECASE)
JEST = re.compile(r"\b(jk|just kidding|kidding|joking|a joke)\b", re.IGNORECASE)

THEIRS = frozenset({"delete_data", "export_data"})
"""What a person may have at any moment."""

Moves = tuple[Move, ...]


def interrupt(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[Moves, Memory] | None:
    """The safety answer when one is due, with the memory after it; None when the talk may go on."""
    risk = turn.reading.risk
    # "She's on her way" is about the one who helps.
    third = risk.kind is RiskKind.THIRD_PARTY and REACHED.search(turn.reading.text)
    helped = memory.safety == "open" and (third or COMING.search(turn.reading.text))
    if risk.level is RiskLevel.CRISIS and not helped:
        return _raise(risk.kind, memory)
    if memory.safety == "open" and not (turn.reading.intent in THEIRS or memory.pending == "delete"):
        return _while_open(turn, memory, exercises)
    if memory.pending == "third_party":
        memory = replace(memory, pending=None)
        if turn.reading.intent in ("deny", "correct_bot") or JEST.search(turn.reading.text):
            return (_stay("third_party_over"),), memory
        if turn.reading.intent in ("affirm", "unsure", "inform", "ask_help", "want_advice"):
            return (_stay("third_party_more"),), memory
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
    new = risk.kind not in memory.checked and memory.turn - memory.check_turn >= CHECK_PAUSE
    if risk.level is RiskLevel.CONCERN and new and memory.safety is None:
        return _stay("check"), replace(
            memory, checked=(*memory.checked, risk.kind.value), check_turn=memory.turn
        )
    due = memory.turn - memory.safety_turn >= RECHECK_AFTER or turn.reading.intent == "goodbye"
    if memory.safety == "cleared" and not memory.rechecked and due:
        return _stay("recheck"), replace(memory, rechecked=True, pending="recheck")
    return None, memory


def _raise(kind: RiskKind, memory: Memory) -> tuple[Moves, Memory]:
    again = memory.safety == "open" and kind not in BY_KIND
    move = BY_KIND.get(kind) or (_stay("stay") if again else ASK)
    # Worry about a friend or a body opens no question about the person's own wish to live.
    elsewhere = kind in (RiskKind.THIRD_PARTY, RiskKind.MEDICAL)
    return (move,), replace(
        memory,
        safety=memory.safety if elsewhere else "open",
        safety_turn=memory.turn,
        rechecked=False,
        pending="third_party" if kind is RiskKind.THIRD_PARTY else None,
        paused=True,
    )


def _while_open(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[Moves, Memory]:
    reading = turn.reading
    name = _name(turn)
    if memory.exercise == PLAN and not memory.paused and name not in ENDS_PLAN and reading.intent != "skip":
        moves, memory = scripts.take_answer(turn, memory, exercises)
        return moves, replace(memory, pending=None)
    if reading.intent == "make_plan" or MAKES_PLAN.search(reading.text):
        return scripts.start(PLAN, replace(memory, exercise=None), exercises)
    if name == "denial":
        memory = replace(memory, safety="cleared", safety_turn=memory.turn, exercise=None)
    return (_stay(name),), replace(memory, pending=None)


def _name(turn: Turn) -> str:
    reading = turn.reading
    jest = reading.risk.kind is RiskKind.HYPERBOLE and JEST.search(reading.text)
    if reading.risk.kind is RiskKind.DENIAL or jest:
        return "denial"
    chosen = (name for pattern, name in CHOICES if pattern.search(reading.text))
    return next(chosen, None) or OPEN_MOVES.get(reading.intent, "stay")


def _stay(name: str) -> Move:
    strategy = Strategy.QUESTION if name in ("check", "recheck") else Strategy.AFFIRMATION
    return Move(Stage.SAFETY, name, strategy, "E18", "safety comes before everything else")
