"""Runs the step scripts of data/exercises: one question a turn, left at any moment, resumed or dropped kindly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from comeback.steering.memory import Memory
from comeback.vocabulary import Exercise, Move, Turn

Exercises = Mapping[str, Exercise]

LEAVES = frozenset({"skip"})
INTERRUPTS = frozenset(
    [
        "goodbye",
        "skip",
        "ask_bot",
        "ask_why_said",
        "ask_clarify",
        "ask_stored",
        "export_data",
        "delete_data",
        "ask_private",
        "want_human",
        "probe_bot",
        "correct_bot",
        "got_offer",
        "refuse_memory",
        "ask_help",
        "other_language",
        "abuse",
    ]
)
FEELINGS = frozenset(
    [
        "share_feeling",
        "vent",
        "criticise_self",
        "compare_self",
        "ruminate",
        "give_up",
        "ask_grounding",
        "ask_odds",
        "want_to_be_heard",
    ]
)
SURE = 0.55
ANSWER_CHARACTERS = 600


def start(name: str, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """Begin the exercise, or go on with a paused one (`resume`)."""
    if name == "resume":
        memory = replace(memory, paused=False)
    else:
        memory = replace(memory, exercise=name, step=0, paused=False, answers={}, pending=None)
    return _ask(memory, exercises)


def interrupted(turn: Turn, memory: Memory, exercises: Exercises) -> bool:
    """Whether this message is about something else than the running step."""
    step = exercises[memory.exercise or ""].steps[memory.step]
    reading = turn.reading
    if reading.intent in INTERRUPTS and reading.confidence >= SURE:
        return True
    return not step.free and reading.intent in FEELINGS and reading.confidence >= SURE


def take_answer(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """Keep the answer to the running step and ask the next one, or end."""
    step = exercises[memory.exercise or ""].steps[memory.step]
    answers = {**memory.answers, step.name: turn.reading.text.strip()[:ANSWER_CHARACTERS]}
    return _ask(replace(memory, answers=answers, step=memory.step + 1), exercises)


def _ask(memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    exercise = exercises[memory.exercise or ""]
    at = memory.step
    while at < len(exercise.steps) and _needless(exercise.steps[at].unless, memory):
        at += 1
    if at < len(exercise.steps):
        return (_move(exercise, exercise.steps[at].name),), replace(memory, step=at)
    opens = "draft" if exercise.make else "feeling"
    ended = replace(memory, exercise=None, step=0, pending=opens)
    end = replace(_move(exercise, "end"), make=exercise.make, blanks=dict(memory.answers))
    return (end,), ended


def _needless(facts: tuple[str, ...], memory: Memory) -> bool:
    return bool(facts) and all(name in memory.facts for name in facts)


def _move(exercise: Exercise, part: str) -> Move:
    return Move(exercise.stage, f"{exercise.name}_{part}", exercise.strategy, exercise.evidence, exercise.why)
