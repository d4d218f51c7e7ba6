"""Runs the step scripts of data/exercises: one question a turn, left at any moment, resumed or dropped kindly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from comeback.steering import messages
from comeback.steering.memory import Memory
from comeback.steering.messages import DRAFTS, MESSAGE
from comeback.steering.moves import MOVES
from comeback.vocabulary import Exercise, Fact, Move, RiskLevel, Step, Turn

Exercises = Mapping[str, Exercise]

LEAVES = frozenset({"skip"})
INTERRUPTS = frozenset(
    "goodbye skip ask_bot ask_why_said ask_clarify ask_stored export_data delete_data ask_private want_human probe_bot "
    "got_offer allow_memory refuse_memory ask_help other_language abuse ask_grounding".split()
)
FEELINGS = frozenset(
    "share_feeling vent criticise_self compare_self ruminate give_up want_to_be_heard tell_rejection_final "
    "tell_ghosted tell_laid_off share_win".split()
)
REQUESTS = frozenset(
    "request_feedback ask_odds ask_follow_up improve_cv build_skills make_plan prepare_interview care_for_self "
    "want_perspective want_advice off_topic ask_why_rejected set_reminder ask_wins ask_weeks".split()
)
SURE, VERY_SURE = 0.55, 0.8
QUESTION_WORDS = 12
"""A longer message in an exercise is an answer, whatever else it could be."""
ASKED_WORDS = 5
"""A question of so many words in an exercise is a question, not an answer."""
ANSWER_CHARACTERS = 1_200
ASKING_CHARACTERS = 300
"""In a longer text, such as a pasted advertisement, a question is not meant for us."""
MOSTLY = 0.6
"""Share of its words from which a message is a question and nothing else."""
TOPIC_SURE = 0.45
"""From this likelihood of its topic a question inside an exercise is a practical one."""
ON_SCALE = re.compile(r"\b(?:10|\d)\b")
YIELDING = re.compile(r"^(?:(?:ok(?:ay)?|yes|yeah|sure|fine|so|well|maybe)\b[ ,.]*)+", re.IGNORECASE)
TIMED = re.compile(r"\b(?:minutes?|mins?|hours?|hrs?|h) (?:for|of|on|with) \w", re.IGNORECASE)
"""Time for something, which is something to be done."""
REASON = "reason"
"""The step of a feedback request that asks what they said."""
WISH = "wish"
"""The answer under which a wish for the text is kept that came before there was one ("warmer", while we still ask)."""
WISH_WORDS = 6
WISH_CHARACTERS = 200
GOAL = "goal"
MOMENT = "moment"
"""Facts that last until a plan is made of them: what they want to do or get better at, and when."""


def start(
    name: str, memory: Memory, exercises: Exercises, turn: Turn | None = None
) -> tuple[tuple[Move, ...], Memory]:
    """Begin the exercise, or go on with a paused one (`resume`); a wish in `turn` for the form of a text is kept."""
    if name == "resume":
        memory = replace(memory, paused=False)
    else:
        shapes = name != MESSAGE and exercises[name].opens in DRAFTS
        wished = turn is not None and shapes and "form_wish" in turn.reading.phrasing.cues
        answers = {WISH: turn.reading.text[:WISH_CHARACTERS]} if turn and wished else {}
        if turn and exercises[name].keeps:
            memory = replace(memory, facts=memory.facts | _planned(turn, memory))
        given = {step.name for step in exercises[name].steps} if turn else set()
        answers |= {REASON: memory.reason} if memory.reason and name == messages.FEEDBACK_REQUEST else {}
        answers |= {k: v for k, v in (turn.reading.phrasing.pasted if turn else {}).items() if k in given}
        memory = messages.begun(turn, memory) if turn and name == MESSAGE else memory
        at, first = 0, exercises[name].steps[:1]
        if turn and first and _counted(first[0], turn):
            at, answers = 1, {first[0].name: turn.reading.text}
        memory = replace(memory, exercise=name, step=at, paused=False, answers=answers, pending=None)
    return _ask(memory, exercises)


def _planned(turn: Turn, memory: Memory) -> dict[str, str]:
    """The day or hour that the message names, and what is to be done then ("ring two firms friday at 12")."""
    said = YIELDING.sub("", turn.reading.text.strip(" .!"))
    whens = [fact for fact in turn.reading.facts if fact.entity == "date"]
    if not whens or len(said.split()) > QUESTION_WORDS:
        return {}
    if "doing" not in turn.reading.phrasing.cues and not TIMED.search(said):
        return {MOMENT: said} if memory.pending == "plan" or memory.exercise else {MOMENT: _listed(whens)}
    for fact in whens:
        said = said.replace(fact.value, "")
    deed = re.sub(r"^(?:then|so|and|ok)\b", "", " ".join(re.findall(r"[\w'&/-]+", said)))
    return {MOMENT: _listed(whens), GOAL: deed.strip()}


def _listed(whens: Sequence[Fact]) -> str:
    return ", ".join(fact.value for fact in whens)


def interrupted(turn: Turn, memory: Memory, exercises: Exercises) -> bool:
    """Whether this message is about something else than the running step."""
    step = current(memory, exercises)
    reading = turn.reading
    if memory.exercise == MESSAGE:
        return _leaves_message(turn)
    if step.free and reading.asked.over:
        return True
    if _stops(turn) or messages.takes_over(turn, memory, step.free) or _plans_days(turn, memory, exercises):
        return True
    if _speaks_to_us(turn, step, exercises[memory.exercise or ""]):
        return True
    if (
        reading.intent in step.expects
        or (step.scale and ON_SCALE.search(reading.text))
        or _counted(step, turn)
    ):
        return False
    if reading.text.rstrip().endswith("?") and not step.free and not step.answers:
        return len(reading.text.split()) >= ASKED_WORDS
    if any(fact.entity in step.unless for fact in reading.facts):
        return False
    tells = reading.situation and "doing" not in reading.phrasing.cues
    if tells and exercises[memory.exercise or ""].keeps:
        return True
    if reading.intent == "correct_bot":
        return reading.confidence >= SURE
    if reading.intent == "goodbye" and "farewell" not in reading.phrasing.cues:
        return False
    if reading.intent == "ask_practical" and "asks" in reading.phrasing.cues:
        return reading.confidence >= SURE
    if reading.intent in INTERRUPTS:
        return reading.confidence >= (VERY_SURE if step.free else SURE)
    if len(reading.text.split()) > QUESTION_WORDS:
        pained = reading.intent in messages.OWN_PAIN and reading.confidence >= VERY_SURE
        return pained and exercises[memory.exercise or ""].opens in DRAFTS
    if reading.intent in FEELINGS:
        return not step.free and reading.confidence >= SURE
    return reading.intent in REQUESTS and reading.confidence >= VERY_SURE


def _plans_days(turn: Turn, memory: Memory, exercises: Exercises) -> bool:
    """A plan for several days in place of the one step that the form asks for, or a plan in place of another exercise."""
    several = len(turn.reading.phrasing.days) > 1
    if exercises[memory.exercise or ""].keeps:
        return several
    planned = several and "week_plan" in turn.reading.phrasing.cues
    return planned or "wants_plan" in turn.reading.phrasing.cues


def _speaks_to_us(turn: Turn, step: Step, exercise: Exercise) -> bool:
    """Whether a form that makes something is answered with a complaint or a question of theirs: never an answer."""
    question = turn.reading.phrasing.question or ""
    mostly = len(question.split()) >= max(ASKED_WORDS, MOSTLY * len(turn.reading.text.split()))
    if exercise.make is None and question and mostly and turn.reading.topic_sure >= TOPIC_SURE:
        return True
    if exercise.make is None or exercise.opens in DRAFTS:
        return False
    of_plan = exercise.keeps and turn.reading.intent == "make_plan"
    about_step = of_plan or (step.answers and len(turn.reading.text.split()) <= ASKED_WORDS)
    asks = turn.reading.phrasing.question is not None and not about_step
    return complains(turn) or (asks and len(turn.reading.text) <= ASKING_CHARACTERS)


def _gives_reason(turn: Turn, memory: Memory) -> bool:
    """What the employer said is told before it is asked for."""
    reading = turn.reading
    told = reading.intent == "received_feedback" and reading.confidence >= VERY_SURE
    return memory.exercise == messages.FEEDBACK_REQUEST and told and not reading.facts


def _only_asks_again(turn: Turn, memory: Memory) -> bool:
    """The letter that we are writing is asked for once more, instead of an answer."""
    again = turn.reading.asked.wanted or complains(turn)
    return memory.exercise == messages.FEEDBACK_REQUEST and again


def complains(turn: Turn) -> bool:
    """They say that we do not answer, do not read, or were not asked for this."""
    return "complains" in turn.reading.phrasing.cues


def _leaves_message(turn: Turn) -> bool:
    """Whether the turn is no answer to what a message should say: a stop, a question, or another wish of theirs."""
    reading = turn.reading
    if reading.risk.level is not RiskLevel.NONE:
        return True
    if "in_person" in reading.phrasing.cues or "stops_outright" in reading.phrasing.cues:
        return True
    if messages.says_something(turn):
        return False
    other = reading.intent in INTERRUPTS and reading.confidence >= VERY_SURE
    return other or _stops(turn) or messages.asks_else(turn)


def _counted(step: Step, turn: Turn) -> bool:
    text = turn.reading.text
    return step.counts and any(c.isdigit() for c in text) and len(text.split()) <= ASKED_WORDS


def leaves(turn: Turn) -> bool:
    """Whether they want no more of the exercise."""
    return turn.reading.intent in LEAVES or _stops(turn) or complains(turn)


def _stops(turn: Turn) -> bool:
    """Said in so many words, and not somewhere in a long answer."""
    reading = turn.reading
    stops = "stops" in reading.phrasing.cues or "refuses" in reading.phrasing.cues
    outright = "stops_outright" in reading.phrasing.cues
    return outright or (stops and len(reading.text.split()) <= QUESTION_WORDS)


def current(memory: Memory, exercises: Exercises) -> Step:
    """The step that is being asked."""
    return exercises[memory.exercise or ""].steps[memory.step]


def take_answer(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """Keep the answer to the running step and ask the next one, or end."""
    step = current(memory, exercises)
    if step.answers and turn.reading.text.strip().endswith("?"):
        asked, memory = _ask(memory, exercises)
        return (MOVES[step.answers], *asked), memory
    if memory.exercise == MESSAGE:
        return _message_answer(turn, messages.answered(turn, memory, step.name), step, exercises)
    if GOAL in step.unless and (planned := _planned(turn, memory)):
        return _ask(replace(memory, facts=memory.facts | planned), exercises)
    if _gives_reason(turn, memory) and step.name != REASON:
        return _ask(replace(memory, answers={**memory.answers, REASON: turn.reading.text.strip()}), exercises)
    said = "" if _only_asks_again(turn, memory) else turn.reading.text.strip()[:ANSWER_CHARACTERS]
    answers = {**memory.answers, step.name: said}
    if exercises[memory.exercise or ""].opens in DRAFTS and _wishes(turn):
        answers |= {step.name: "", WISH: ". ".join(filter(None, (answers.get(WISH), said)))}
    return _ask(replace(memory, answers=answers, step=memory.step + 1), exercises)


def _message_answer(
    turn: Turn, memory: Memory, step: Step, exercises: Exercises
) -> tuple[tuple[Move, ...], Memory]:
    """The next step of a message; what should be said is asked again only when nothing at all is known of it."""
    told = step.name in messages.known(memory) or step.name in memory.answers
    return _ask(replace(memory, step=memory.step + (1 if told else 0)), exercises)


def _wishes(turn: Turn) -> bool:
    reading = turn.reading
    few = len(reading.text.split()) <= WISH_WORDS
    return few and reading.intent == "edit_draft" and reading.confidence >= SURE


def _ask(memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    exercise = exercises[memory.exercise or ""]
    at = memory.step
    while at < len(exercise.steps) and _known(exercise.steps[at], memory):
        skipped = exercise.steps[at]
        known = ", ".join(_facts(memory).get(name, "") for name in skipped.unless)
        memory = replace(memory, answers={skipped.name: known, **memory.answers})
        at += 1
    if at < len(exercise.steps):
        when = {MOMENT: memory.facts[MOMENT]} if MOMENT in memory.facts and exercise.keeps else {}
        step = replace(_move(exercise, exercise.steps[at].name), blanks=memory.answers | when)
        return (step,), replace(memory, step=at)
    if exercise.name == MESSAGE:
        memory = replace(memory, answers=messages.ended(memory))
    ended = replace(memory, exercise=None, step=0, pending=exercise.opens)
    if exercise.keeps:
        ended = replace(ended, plan=dict(memory.answers))
        ended = replace(ended, facts={k: v for k, v in ended.facts.items() if k not in (GOAL, MOMENT)})
    rated = {"rated": "yes"} if memory.answers.get("after") else {}
    end = replace(_move(exercise, "end"), make=exercise.make, blanks=dict(memory.answers), traits=rated)
    return (end,), ended


def _known(step: Step, memory: Memory) -> bool:
    """Whether the step is not asked: its answer is known, or not theirs to give without consent."""
    if step.name in memory.answers or (step.consented and not memory.remembering):
        return True
    return bool(step.unless) and all(name in _facts(memory) for name in step.unless)


def _facts(memory: Memory) -> dict[str, str]:
    return memory.facts | (messages.known(memory) if memory.exercise == MESSAGE else {})


def _move(exercise: Exercise, part: str) -> Move:
    return Move(exercise.stage, f"{exercise.name}_{part}", exercise.strategy, exercise.evidence, exercise.why)
