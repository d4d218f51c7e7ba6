"""One turn: look for danger, then for a running exercise, then in the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from comeback.steering import exercises as scripts
from comeback.steering import safety
from comeback.steering.exercises import Exercises
from comeback.steering.memory import Memory, learn
from comeback.steering.moods import mood
from comeback.steering.playbook import ANSWERS, PLAYBOOK, REPLY, Row
from comeback.vocabulary import Move, Stage, Strategy, Turn

NEWS = {
    "tell_rejection": "rejection",
    "tell_rejection_automatic": "automatic",
    "tell_rejection_screen": "screen",
    "tell_rejection_final": "final",
    "tell_ghosted": "ghosted",
    "tell_rejection_internal": "internal",
    "tell_offer_withdrawn": "withdrawn",
    "tell_laid_off": "laid_off",
}
COMFORTING = frozenset({Strategy.REFLECTION, Strategy.RESTATEMENT, Strategy.AFFIRMATION})
DISCLOSE_EVERY = timedelta(hours=3)
ABSENCE = timedelta(days=7)
GUESS = 0.22
"""Below this confidence a message is asked about."""
REPLY_SURE = 0.4
"""A bare reply to a question is taken as such unless another intent is at least so sure."""
KEEPS_DIRECTION = frozenset({"ask_clarify", "ask_why_said"})


def decide(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """What to say to `turn`, in order, and the memory afterwards. Never empty."""
    memory = _observe(turn, memory)
    moves, memory = safety.interrupt(turn, memory) or _talk(turn, memory, exercises)
    if moves[0].stage is not Stage.SAFETY:
        check, memory = safety.afterthought(turn, memory)
        moves = (*moves, check) if check else moves
    disclosure = _disclosure(turn, memory)
    if disclosure:
        moves = (disclosure, *moves)
        memory = replace(memory, disclosed_at=turn.now.isoformat())
    return tuple(_with_what_is_known(move, memory) for move in moves), _remember(turn, moves, memory)


def main_move(moves: tuple[Move, ...]) -> Move:
    """The move a turn is logged by: the first that is not a disclosure."""
    return next((m for m in moves if not m.name.startswith("disclosure")), moves[0])


def _observe(turn: Turn, memory: Memory) -> Memory:
    reading = turn.reading
    now = turn.now.isoformat()
    memory = learn(replace(memory, turn=memory.turn + 1, first_at=memory.first_at or now), reading.facts)
    memory = replace(memory, mood=mood(reading.feelings) or memory.mood)
    if reading.intent == "got_offer":
        memory = replace(memory, mood="glad")
    return memory


def _talk(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    if memory.exercise and not memory.paused:
        if not scripts.interrupted(turn, memory, exercises):
            return scripts.take_answer(turn, memory, exercises)
        dropped = turn.reading.intent in scripts.LEAVES
        memory = replace(memory, paused=True, exercise=None if dropped else memory.exercise)
    row = _row(turn, memory)
    news = NEWS.get(turn.reading.intent)
    moves = row.moves
    memory = replace(
        memory,
        news=news or memory.news,
        direction=row.direction or memory.direction,
        pending=row.opens or (memory.pending if turn.reading.intent in KEEPS_DIRECTION else None),
        offered=(*memory.offered, row.offers) if row.offers else memory.offered,
        fallbacks=memory.fallbacks + 1 if moves and moves[0].name.startswith(("fallback", "which")) else 0,
    )
    if row.starts:
        asked, memory = scripts.start(row.starts, memory, exercises)
        moves = (*moves, *asked)
    return moves, memory


def _row(turn: Turn, memory: Memory) -> Row:
    reading = turn.reading
    answers = ANSWERS.get(memory.pending or "", {})
    if reading.intent in answers:
        return answers[reading.intent]
    if REPLY in answers and reading.confidence < REPLY_SURE:
        return answers[REPLY]
    if reading.intent == "nlu_fallback" or (reading.confidence < GUESS and reading.runners_up):
        return _fallback(turn, memory)
    rows = PLAYBOOK.get(reading.intent, PLAYBOOK["nlu_fallback"])
    return next(row for row in rows if row.when is None or row.when(turn, memory))


def _fallback(turn: Turn, memory: Memory) -> Row:
    """A ladder that never says the same twice: a guess to choose from, then another form, then a person."""
    guesses = [name for name in (turn.reading.intent, *turn.reading.runners_up) if name != "nlu_fallback"][:3]
    if memory.fallbacks == 0 and len(guesses) > 1 and turn.reading.intent != "nlu_fallback":
        return Row(
            (
                Move(
                    Stage.TALK,
                    "which",
                    Strategy.QUESTION,
                    None,
                    "I was not sure what you meant",
                    traits={"guesses": " ".join(guesses)},
                ),
            ),
            None,
            "direction",
        )
    name = ("fallback", "fallback_menu", "fallback_human")[min(memory.fallbacks, 2)]
    return Row((Move(Stage.TALK, name, Strategy.QUESTION, None, "I could not read it"),), None, "direction")


def _disclosure(turn: Turn, memory: Memory) -> Move | None:
    why = "a program says that it is one"
    if memory.disclosed_at is None:
        return Move(Stage.TALK, "disclosure", Strategy.INFORMATION, None, why)
    if turn.now - datetime.fromisoformat(memory.disclosed_at) >= DISCLOSE_EVERY:
        return Move(Stage.TALK, "disclosure_again", Strategy.INFORMATION, None, why)
    return None


def _with_what_is_known(move: Move, memory: Memory) -> Move:
    traits = {"mood": memory.mood or "", "type": memory.news or "", "direction": memory.direction or ""}
    traits = {k: v for k, v in traits.items() if v} | move.traits
    last = {k: v for k, v in memory.last.items() if v}
    return replace(move, blanks={**memory.facts, **last, **move.blanks}, traits=traits)


def _remember(turn: Turn, moves: tuple[Move, ...], memory: Memory) -> Memory:
    main = main_move(moves)
    stage = memory.stage if main.stage is Stage.TALK else main.stage.value
    comforting = any(m.strategy in COMFORTING and m.stage is not Stage.TALK for m in moves)
    last = memory.last
    if main.name != "why_said":
        last = {"strategy": main.strategy.value, "why": main.why or "", "evidence": main.evidence or ""}
    return replace(
        memory,
        stage=stage,
        heard=memory.heard + 1 if comforting else memory.heard,
        last=last,
        last_at=turn.now.isoformat(),
    )
