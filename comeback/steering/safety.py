"""Safety above all stages: asked once, stays until the person clears it, looked at once more, raised by anything new."""

from __future__ import annotations

import re
from dataclasses import replace

from comeback.steering import brought, worry
from comeback.steering import exercises as scripts
from comeback.steering.care import ASK, BY_KIND, LINGERS, care
from comeback.steering.exercises import Exercises
from comeback.steering.intent_groups import REQUESTING
from comeback.steering.memory import Memory
from comeback.steering.moods import HIGH, mood
from comeback.vocabulary import Move, Phrasing, Reading, Risk, RiskKind, RiskLevel, Stage, Strategy, Turn

RECHECK_AFTER = 5
"""Turns between a denial and the one later look."""
UNHEARD = 4
"""Turns after a correction in which another guess of the kind is let go; later a new one is asked about again."""
PLAN = "safety_plan"

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
CHOICES = (
    (brought.REACHED, "reached"),
    (brought.ALONE, "alone"),
    (brought.WORDS, "reach"),
    (brought.LINES, "lines"),
    (brought.GROUND, "ground"),
    (brought.SAFE, "denial"),
    (brought.MISREAD, "denial"),
    (brought.NEARER, "nearer"),
)
ENDS_PLAN = frozenset({"denial", "goodbye"})
MAKES_PLAN = re.compile(r"\bsafety plan\b|\bshort plan\b", re.IGNORECASE)

DRAFTS = frozenset({"draft", "message"})
"""Open questions about a text that lies before them."""
THEIRS = frozenset({"delete_data", "export_data"})
"""What a person may have at any moment."""
VAGUE = frozenset({RiskKind.IDEATION, RiskKind.PASSIVE, RiskKind.GOODBYE})
"""Kinds that a guess hardly tells apart: whoever corrects one corrects all."""
DISCLOSED = VAGUE | {RiskKind.PLAN, RiskKind.SELF_HARM}
"""What somebody tells of themselves."""
TAKES_BACK = frozenset({"deny", "correct_bot", "affirm", "crisis"})
"""Intents of a message that denies danger."""
WISHES = frozenset(
    "make_plan improve_cv prepare_interview build_skills network care_for_self edit_draft".split()
)
"""What a person may want beside what they ask for outright."""
WISH_SURE = 0.65
TOLD, UNSURE, ASKED = "told", "unsure", "asked"

Moves = tuple[Move, ...]


def reread(turn: Turn, memory: Memory) -> Turn:
    """The turn without a guessed danger that they corrected a moment ago, or that their correction itself sets off; a
    guess in the middle of a text that is being put right is a concern."""
    reading = turn.reading
    if not reading.risk.unsure or memory.told:
        return turn
    kind = reading.risk.kind
    wishes = reading.wanted == "edit_draft" or "form_wish" in reading.phrasing.cues
    edits = memory.pending in DRAFTS and (wishes or "sent_it" in reading.phrasing.cues)
    just_asked = memory.safety == "open" or memory.pending == worry.OPEN or memory.check_turn == memory.turn
    if just_asked and brought.objects(reading):
        risk = Risk(kind=RiskKind.DENIAL)
    elif kind.value in memory.misread and memory.turn - memory.safety_turn <= UNHEARD:
        risk = Risk()
    elif edits and kind in DISCLOSED:
        crisis = reading.risk.level is RiskLevel.CRISIS and "sent_it" not in reading.phrasing.cues
        risk = Risk(RiskLevel.CONCERN, kind, unsure=True) if crisis else Risk()
    else:
        return turn
    return replace(turn, reading=replace(reading, risk=risk, intent=reading.wanted or reading.intent))


def interrupt(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[Moves, Memory] | None:
    """The safety answer when one is due, with the memory after it; None when the talk may go on."""
    reading, risk = turn.reading, turn.reading.risk
    # "She's on her way" is about the one who helps.
    third = risk.kind is RiskKind.THIRD_PARTY and brought.REACHED.search(reading.text)
    better = risk.unsure and (brought.NEARER.search(reading.text) or brought.PRESENT.search(reading.text))
    helped = memory.safety == "open" and (third or better or brought.COMING.search(reading.text))
    if risk.level is RiskLevel.CRISIS and not helped:
        memory = replace(memory, wish=_wish(reading))
        return worry.raised(turn, memory) if risk.kind is RiskKind.THIRD_PARTY else _raise(risk, memory)
    if memory.safety == "open" and not (reading.intent in THEIRS or memory.pending == "delete"):
        return _while_open(turn, memory, exercises)
    if memory.told and _dark(risk):
        return _again(reading, memory)
    near = memory.turn - memory.safety_turn <= LINGERS
    if memory.told and memory.safety == "cleared" and near and brought.wants_words(reading):
        return (care("words", repeat="yes"),), replace(memory, safety_turn=memory.turn, pending=None)
    if answered := worry.goes_on(turn, memory):
        return answered
    if memory.pending == "recheck":
        memory = replace(memory, pending=None)
        if reading.intent == "deny" and risk.kind is not RiskKind.DENIAL:
            return (ASK,), replace(memory, safety="open", safety_turn=memory.turn)
        if reading.intent == "affirm" or risk.kind is RiskKind.DENIAL or brought.SAFE.search(reading.text):
            return (care("glad_safe"),), memory
    if memory.checked and memory.check_turn == memory.turn - 1 and brought.objects(reading):
        own = brought.SAFE.search(reading.text) or brought.NOTHING_DONE.search(reading.text)
        return (care("check_safe") if own else care("check_sorry"),), replace(
            memory, misread=(*memory.misread, *VAGUE)
        )
    return None


def _wish(reading: Reading) -> dict[str, str]:
    """What a message may have wanted that is taken for danger by a guess."""
    intent = reading.wanted or ""
    wants = intent.startswith(REQUESTING) or intent in WISHES
    if not reading.risk.unsure or not wants:
        return {}
    topic = reading.topic if reading.topic_sure >= WISH_SURE else None
    return {"intent": intent, "text": reading.text} | ({"topic": topic} if topic else {})


def _wished(turn: Turn, memory: Memory, said: str | None) -> Turn:
    """The turn as if it asked again for what the false alarm cut off."""
    wish = memory.wish
    reading = replace(
        turn.reading,
        text=said or wish["text"],
        intent=wish["intent"],
        confidence=WISH_SURE,
        topic=wish.get("topic"),
        topic_sure=WISH_SURE,
        risk=Risk(),
        phrasing=Phrasing(cues=frozenset({"asks"}), question=wish["text"] if "topic" in wish else None),
    )
    return replace(turn, reading=reading)


def rest(turn: Turn, moves: Moves, memory: Memory) -> Turn | None:
    """The turn without the denial in it, when it says more and the alarm was no disclosure; else what they wanted
    when the alarm came."""
    last = moves[-1]
    said = brought.left(turn.reading)
    apology = (
        last.name in ("denial", "check_sorry", "check_safe", "glad_safe") and last.traits.get("alarm") != TOLD
    )
    if apology and memory.wish and turn.reading.intent in (*TAKES_BACK, "inform"):
        return _wished(turn, memory, said)
    if said is None or not apology:
        return None
    reading = turn.reading
    intent = reading.intent
    if intent in TAKES_BACK:
        felt = mood(reading.feelings, reading.emotions)
        intent = "share_feeling" if felt and felt not in HIGH else "inform"
    quote = reading.phrasing.quote
    phrasing = replace(reading.phrasing, quote=quote if quote and quote in said else None)
    return replace(turn, reading=replace(reading, text=said, intent=intent, risk=Risk(), phrasing=phrasing))


def afterthought(turn: Turn, memory: Memory, moves: Moves) -> tuple[Moves, Memory]:
    """The answer with a light check for a concern, or with the one later look, in place of its question."""
    if moves[0].stage is Stage.SAFETY:
        return moves, memory
    busy = memory.exercise is not None and not memory.paused
    answer = moves[:1] if len(moves) == 2 and moves[1].strategy is Strategy.QUESTION and not busy else moves
    if _checks(turn.reading, memory):
        checked = (*memory.checked, turn.reading.risk.kind.value)
        return (*answer, care("check")), replace(memory, checked=checked, check_turn=memory.turn)
    due = memory.turn - memory.safety_turn >= RECHECK_AFTER and len(answer) == 1 and not busy
    due = due or turn.reading.intent == "goodbye"
    unanswered = memory.safety == "cleared" and memory.alarm != UNSURE and not memory.rechecked
    if unanswered and due:
        return (*answer, care("recheck")), replace(memory, rechecked=True, pending="recheck")
    return moves, memory


def _checks(reading: Reading, memory: Memory) -> bool:
    """Whether a concern is met with a light check: once in a talk, and not when they ask or tell of somebody else."""
    risk = reading.risk
    if risk.level is not RiskLevel.CONCERN or memory.checked or memory.safety is not None:
        return False
    if not risk.unsure:
        return True
    asks = reading.intent.startswith(REQUESTING) or reading.text.rstrip().endswith("?")
    glad = mood(reading.feelings, reading.emotions) in HIGH
    return not (asks or glad or memory.misread or brought.of_another(reading)) and _dark(risk)


def _dark(risk: Risk) -> bool:
    """It may be about their own life."""
    return risk.level is RiskLevel.CONCERN and risk.kind in (*DISCLOSED, RiskKind.MEANS)


def _raise(risk: Risk, memory: Memory) -> tuple[Moves, Memory]:
    kind = risk.kind
    told = memory.told or (kind in DISCLOSED and not risk.unsure)
    new = {} if kind.value != memory.alarm_kind else {"kind": ""}
    move = BY_KIND.get(kind) or (replace(ASK, traits={"again": "yes", **new}) if memory.alarm else ASK)
    if memory.safety == "open" and kind not in BY_KIND:
        move = care("stay") if risk.unsure else care("again", **new)
    # A body in danger opens no question about the wish to live.
    elsewhere = kind is RiskKind.MEDICAL
    return (move,), replace(
        memory,
        safety=memory.safety if elsewhere else "open",
        safety_turn=memory.turn,
        rechecked=False,
        alarm=TOLD if told else UNSURE if risk.unsure else ASKED,
        alarm_kind=kind.value,
        told=told,
        pending=None,
        paused=True,
    )


def _again(reading: Reading, memory: Memory) -> tuple[Moves, Memory]:
    """After a disclosure a dark hint is danger, also when it is a joke."""
    words = (care("words", repeat="yes"),) if brought.wants_words(reading) else ()
    again = care("again", hint="yes", **brought.traits(reading))
    memory = replace(
        memory, safety="open", safety_turn=memory.turn, rechecked=False, alarm=TOLD, pending=None
    )
    return (again, *words), memory


def _while_open(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[Moves, Memory]:
    reading = turn.reading
    name = _name(reading, memory)
    if memory.exercise == PLAN and not memory.paused and name not in ENDS_PLAN and reading.intent != "skip":
        moves, memory = scripts.take_answer(turn, memory, exercises)
        return moves, replace(memory, pending=None)
    if reading.intent == "make_plan" or MAKES_PLAN.search(reading.text):
        return scripts.start(PLAN, replace(memory, exercise=None), exercises)
    if name == "again":
        return _again(reading, memory)
    if name == "denial":
        return _cleared(reading, memory)
    if name == "yes":
        memory = replace(memory, told=True, alarm=TOLD)
    move = replace(care(name, repeat="yes", **brought.traits(reading)), blanks=brought.blanks(reading))
    return (move,), replace(memory, pending="safe" if name == "nearer" else None)


def _cleared(reading: Reading, memory: Memory) -> tuple[Moves, Memory]:
    """They say that they are safe: taken warmly after a disclosure, with an apology after a guess or a misreading."""
    guessed = memory.alarm == UNSURE
    alarm = UNSURE if guessed or brought.misread(reading) else memory.alarm or ASKED
    # A guess about means, a plan or a body is raised again: too much hangs on it.
    denied = brought.misread(reading)
    again = (guessed or denied) and memory.alarm_kind in VAGUE
    misread = (*memory.misread, *VAGUE) if again else memory.misread
    words = (care("words", repeat="yes"),) if alarm != UNSURE and brought.wants_words(reading) else ()
    moves = (care("denial", alarm=alarm, **brought.traits(reading)), *words)
    return moves, replace(
        memory,
        safety="cleared",
        safety_turn=memory.turn,
        exercise=None,
        misread=misread,
        pending=None,
        told=memory.told and not denied,
    )


def _name(reading: Reading, memory: Memory) -> str:
    if memory.told and _dark(reading.risk):
        return "again"
    if memory.pending == "safe" and reading.intent in ("affirm", "deny"):
        return "denial" if reading.intent == "affirm" or reading.risk.kind is RiskKind.DENIAL else "yes"
    jest = reading.risk.kind is RiskKind.HYPERBOLE and brought.JEST.search(reading.text)
    refuses = memory.alarm == UNSURE and (
        reading.intent in ("deny", "correct_bot") or "no" in reading.phrasing.cues
    )
    if reading.risk.kind is RiskKind.DENIAL or jest or refuses:
        return "denial"
    chosen = (name for pattern, name in CHOICES if pattern.search(reading.text))
    return next(chosen, None) or OPEN_MOVES.get(reading.intent, "stay")
