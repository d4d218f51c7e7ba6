"""What becomes of a question that the tables would pass over: it is owned, and never met with a question about feelings."""

from __future__ import annotations

import re
from dataclasses import replace

from comeback.steering.exercises import complains
from comeback.steering.intent_groups import NEWS
from comeback.steering.memory import Memory
from comeback.steering.moves import MOVES
from comeback.steering.playbook import NEXT, Row, row
from comeback.vocabulary import Stage, Strategy, Turn

COMFORTING = frozenset({Strategy.REFLECTION, Strategy.RESTATEMENT, Strategy.AFFIRMATION})
PASSING_OVER = frozenset(
    "talk.fallback talk.fallback_menu talk.fallback_human talk.fallback_short talk.which talk.corrected "
    "talk.corrected_again talk.denied talk.not_now talk.probe talk.private talk.clarify talk.help".split()
)
"""Moves of the talk that answer no question about the matter."""
OPEN_STILL = frozenset({"talk.no_answer", "talk.cannot_know", "talk.which_question"})
"""Moves after which a question of theirs is without an answer."""
OF_OURS = frozenset(
    "ask_bot ask_why_said ask_private ask_stored ask_help ask_clarify probe_bot want_to_be_heard".split()
)
"""Questions about the bot itself or what it said, which such moves do answer."""
ADVICE = re.compile(
    r"\b(?:how|where|which|what (?:do|should|can|shall|would|could|to)|(?:should|can|could|shall|may|do|must) (?:i|we)|is it (?:ok|okay|"
    r"fine|normal|weird|rude|bad|worth))\b",
    re.IGNORECASE,
)
"""Questions for advice, as against what only others could know."""
OTHERS = re.compile(
    r"\b(?:they|them|their|he|she|his|her|him|it|people|everyone|anybody|anyone|company|boss|manager|owner|recruiter|panel|hr)\b",
    re.IGNORECASE,
)
OWN = re.compile(
    r"\b(?:am|do|did|was|should|can|could|may|must|have) i\b|\b(?:entitled|the law|legal\w*|a rule|rights?)\b",
    re.IGNORECASE,
)
"""A question about themselves or about what the law says."""
OF_US = re.compile(
    r"\b(?:can|could|will|would) (?:you|u)\b|\b(?:is|are) (?:there|it) (?:a|the|my) (?:message|draft|text|mail|letter)",
    re.IGNORECASE,
)
"""A request of us is put as a question."""
OPEN_ADVICE = re.compile(
    r"\bwhat (?:now|next|(?:should|do|can|could|would|shall|must) i (?:even |actually )?do(?: first)?)(?: \w+){0,2}\W*$",
    re.IGNORECASE,
)
"""What a menu of next steps does answer."""
TOPIC_SURE = 0.4
"""A question of so likely a topic is a practical one, whatever intent was read."""
CALM = frozenset({"confused", "glad", "relieved"})
"""Moods in which a question wants an answer and no comfort."""
WHICH = "which_question"
"""The question that is open after their question was asked back."""


def owned(chosen: Row, turn: Turn, memory: Memory) -> Row:
    """The row, or, where it passes over what they ask, one that asks which known question it may be, or says honestly that no
    answer is known."""
    chosen = _owned(chosen, turn, memory)
    asks = turn.reading.phrasing.question is not None and len(turn.reading.near_topics) > 1
    if chosen.says == ("talk.no_answer",) and asks and memory.pending != WHICH:
        return row(f"talk.{WHICH}", opens=WHICH)
    return chosen


def _owned(chosen: Row, turn: Turn, memory: Memory) -> Row:
    asked, reading = turn.reading.phrasing.question, turn.reading
    if asked and reading.topic and reading.topic_sure >= TOPIC_SURE and _passes_over(chosen, turn, memory):
        return row(f"strategy.answer_{reading.topic}")
    if asked and memory.message.get("theirs") and ADVICE.search(asked) and _passes_over(chosen, turn, memory):
        return row("strategy.answer_support_someone")
    if asked and chosen.says == ("talk.no_answer",) and _of_others(asked):
        return row("talk.cannot_know", opens="feeling")
    if asked and not OF_US.search(asked) and _passes_over(chosen, turn, memory):
        return _honest(chosen, turn, memory, asked)
    if complains(turn) and not asked and memory.question and set(chosen.says) & PASSING_OVER:
        return row("talk.missed_question", opens="feeling")
    return chosen


def noted(chosen: Row, turn: Turn, memory: Memory) -> Memory:
    """The memory with the question that stays open after this answer, or without one that was answered."""
    if asked := turn.reading.phrasing.question:
        open_still = any(name in OPEN_STILL for name in chosen.says)
        return replace(memory, question=asked if open_still or chosen.starts else None)
    return memory


def _passes_over(chosen: Row, turn: Turn, memory: Memory) -> bool:
    first = next((name for name in chosen.says if name != NEXT), None)
    told_first = turn.reading.intent in NEWS and memory.news is None
    if first is None or chosen.starts or told_first:
        return False
    if first.startswith("strategy.next_step"):
        return not OPEN_ADVICE.search(turn.reading.phrasing.question or "")
    if first in PASSING_OVER:
        if {"keeps_what", "who_reads"} & turn.reading.phrasing.cues:
            return False
        return turn.reading.intent not in OF_OURS or complains(turn)
    move = MOVES[first]
    return move.strategy in COMFORTING and move.stage is not Stage.TALK


def _of_others(asked: str) -> bool:
    """A question that only other people could answer."""
    return bool(OTHERS.search(asked)) and not (ADVICE.search(asked) or OWN.search(asked))


def _honest(chosen: Row, turn: Turn, memory: Memory, asked: str) -> Row:
    """The comfort that is due, if any, and then what is true of the question."""
    says = "talk.cannot_know" if _of_others(asked) else "talk.no_answer"
    first = next(name for name in chosen.says if name != NEXT)
    hurt = memory.mood is not None and memory.mood not in CALM and bool(turn.reading.feelings)
    if first.startswith("acknowledge.") and hurt and not complains(turn):
        return replace(chosen, says=(first, says), opens="feeling", offers=None)
    return row(says, opens="feeling")
