"""One turn: look for danger, then for a running exercise, then in the tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from comeback.steering import conditions as c
from comeback.steering import exercises as scripts
from comeback.steering import messages, safety
from comeback.steering.careful import BRIEF, careful
from comeback.steering.choose import choose, first, guesses
from comeback.steering.exercises import Exercises
from comeback.steering.follow_ups import FOLLOW_UPS
from comeback.steering.intent_groups import DONE, KEEPS_QUESTION, NEWS, OFFER
from comeback.steering.memory import Memory, at_hand, learn
from comeback.steering.moods import mood
from comeback.steering.moves import MOVES
from comeback.steering.playbook import NEXT, WEEK, Row, row
from comeback.steering.situations import answered
from comeback.steering.unanswered import COMFORTING, noted
from comeback.vocabulary import Move, Stage, Turn

DISCLOSE_EVERY = timedelta(hours=3)
TYPE_SURE = 0.5
"""Below this confidence a rejection is answered without its type: a wrong one would hurt."""
SILENCE_SURE = 0.35
"""The same for silence, after which other things are said than after an answer."""
SILENCES = frozenset({"promised_date_broken", "silent_after_final", "recruiter_vanished"})
"""Situations of somebody who waits for an answer."""
WINS_KEPT = 12
NOT_TO_TELL = re.compile(
    r"\b(?:boss|manager|supervisor|colleague|co-?worker|lead|landlord|kid|child|children|son|daughter|baby)",
    re.IGNORECASE,
)
"""People whom nobody is urged to tell first."""
OF_THIS_MESSAGE = frozenset({"fact_corrected", "told_more", "noted", "echo"})
"""Moves that say back facts of this very message only."""
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


def decide(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """What to say to `turn`, in order, and the memory afterwards. Never empty."""
    turn = careful(safety.reread(turn, memory), memory)
    memory = _observe(turn, memory)
    if due := safety.interrupt(turn, memory, exercises):
        moves, memory = due
        if more := safety.rest(turn, moves, memory):
            turn, memory = more, replace(memory, wish={})
            answer, memory = _talk(turn, memory, exercises)
            moves = (*moves, *answer)
    else:
        moves, memory = _talk(turn, memory, exercises)
        moves, memory = safety.afterthought(turn, memory, moves)
    disclosure = _disclosure(turn, memory)
    if disclosure:
        moves = (disclosure, *moves)
        memory = replace(memory, disclosed_at=turn.now.isoformat())
    return tuple(_with_what_is_known(move, turn, memory) for move in moves), _remember(turn, moves, memory)


def main_move(moves: tuple[Move, ...]) -> Move:
    """The move a turn is logged by: the first that is not a disclosure."""
    return next((m for m in moves if not m.name.startswith("disclosure")), moves[0])


def _observe(turn: Turn, memory: Memory) -> Memory:
    reading = turn.reading
    now = turn.now.isoformat()
    memory = replace(memory, turn=memory.turn + 1, first_at=memory.first_at or now)
    memory = messages.gather(turn, learn(memory, reading.facts, reading.text))
    if "stop_feelings" in reading.phrasing.cues:
        memory = replace(memory, reads_feelings=False, mood=None)
    if memory.reads_feelings:
        word = reading.phrasing.mood
        corrected = word if reading.intent == "correct_bot" or word == "relieved" else None
        shown = mood(reading.feelings, reading.emotions)
        other = shown == "confused" and reading.phrasing.question is not None
        other |= shown in ("glad", "relieved") and "had_hoped" in reading.phrasing.cues
        memory = replace(memory, mood=corrected or (None if other else shown) or memory.mood)
    if reading.intent == "got_offer" and memory.reads_feelings:
        memory = replace(memory, mood="glad")
    if "makes_sense_of" in reading.phrasing.cues and memory.direction is None:
        memory = replace(memory, direction="sense")
    if "no_tips" in reading.phrasing.cues:
        memory = replace(memory, direction="say")
    if "only_say" in reading.phrasing.cues and memory.pending == "direction":
        memory = replace(memory, direction="say")
    if not c.theirs(turn, memory):
        known = "" if c.another(turn, memory) else memory.reason
        memory = replace(memory, reason=reading.phrasing.reason or known)
    if reading.phrasing.minutes:
        memory = replace(memory, facts={**memory.facts, "minutes": reading.phrasing.minutes})
    if reading.intent in DONE and (done := reading.phrasing.quote):
        memory = replace(memory, wins=(*memory.wins, done)[-WINS_KEPT:])
    return memory


def _talk(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    if memory.exercise and not memory.paused:
        if not scripts.interrupted(turn, memory, exercises):
            return scripts.take_answer(turn, memory, exercises)
        dropped = scripts.leaves(turn) or c.several_days(turn, memory)
        memory = replace(memory, paused=True, exercise=None if dropped else memory.exercise)
        turn = careful(turn, memory)
    chosen = choose(turn, memory)
    return _take(chosen, turn, noted(chosen, turn, memory), exercises)


def _take(chosen: Row, turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """The moves of a row, with the follow-up that is due in place of `next`, and what the row changes."""
    news = _news(turn, memory)
    after = memory
    if chosen.says and any(MOVES[name].strategy in COMFORTING for name in chosen.says if name != NEXT):
        after = replace(memory, heard=memory.heard + 1)
    following = first(FOLLOW_UPS, turn, after) if NEXT in chosen.says else row()
    says = [name for name in chosen.says if name != NEXT] + list(following.says)
    offer = chosen.offers or following.offers
    kept = (*memory.kept, memory.answers["friend"]) if _keeps_words(chosen, memory) else memory.kept
    fell = bool(says) and says[0].startswith(("talk.fallback", "talk.which"))
    keeps = chosen.keeps or turn.reading.intent in KEEPS_QUESTION
    memory = replace(
        memory,
        news=news or memory.news,
        direction=chosen.direction or memory.direction,
        pending=following.opens or chosen.opens or (memory.pending if keeps else None),
        offered=(*memory.offered, offer) if offer else memory.offered,
        offer_turn=memory.turn if offer else memory.offer_turn,
        week_asked=turn.now.isoformat() if offer == WEEK else memory.week_asked,
        fallbacks=memory.fallbacks + 1 if fell else 0,
        kept=kept,
        plan=_planned(chosen, turn) or memory.plan,
        situations=(*memory.situations, *answered(chosen)),
    )
    moves = tuple(MOVES[name] for name in says)
    if chosen.starts:
        asked, memory = scripts.start(chosen.starts, memory, exercises, turn)
        moves = (*moves, *asked)
    return moves, memory


def _news(turn: Turn, memory: Memory) -> str | None:
    """The type of what the message tells; details of a loss ("on a zoom call") do not make another of it."""
    if turn.reading.intent == "got_offer" or c.mentions("yes_and_no")(turn, memory):
        return OFFER
    if c.theirs(turn, memory):
        return memory.news
    news = NEWS.get(turn.reading.intent)
    told = c.mentions("says_no")(turn, memory)
    if told and "ghosted" in (news, memory.news):
        return "rejection"
    silent = turn.reading.situation in SILENCES and not told
    if silent and memory.news in (None, "rejection") and news in (None, "rejection"):
        return "ghosted"
    if news == "laid_off" and c.mentions("laid_off")(turn, memory):
        return news
    if news is None or memory.news in (None, "rejection", OFFER) or c.another(turn, memory):
        sure_from = SILENCE_SURE if news == "ghosted" else TYPE_SURE
        return news if turn.reading.confidence >= sure_from or news is None else memory.news or "rejection"
    return memory.news


def _planned(chosen: Row, turn: Turn) -> dict[str, str]:
    """The plan that a row sets out or proposes."""
    if "strategy.week_set" in chosen.says:
        return _of_days(turn)
    proposed = turn.reading.phrasing.week if "strategy.week_proposed" in chosen.says else None
    return {"act": proposed} if proposed else {}


def _of_days(turn: Turn) -> dict[str, str]:
    return {"act": "; ".join(f"{day}: {deed}" for day, deed in turn.reading.phrasing.days)}


def _keeps_words(chosen: Row, memory: Memory) -> bool:
    return chosen.says == ("acknowledge.words_kept",) and "friend" in memory.answers


def _disclosure(turn: Turn, memory: Memory) -> Move | None:
    if memory.disclosed_at is None:
        return MOVES["talk.disclosure"]
    if turn.now - datetime.fromisoformat(memory.disclosed_at) >= DISCLOSE_EVERY:
        return MOVES["talk.disclosure_again"]
    return None


def _with_what_is_known(move: Move, turn: Turn, memory: Memory) -> Move:
    text, phrasing = turn.reading.text, turn.reading.phrasing
    traits = {"mood": memory.mood or "", "type": memory.news or "", "direction": memory.direction or ""}
    traits |= {
        "length": "brief" if len(text.split()) <= BRIEF else "",
        "emoji": "yes" if EMOJI.search(text) else "",
        "kind": turn.reading.risk.kind.value,
        "channel": turn.channel,
        "pending": memory.pending or "" if move.name == "clarify" else "",
        "guesses": " ".join(_guesses(move.name, turn, memory)),
    }
    if move.name == "more":
        traits["mood"] = mood(turn.reading.feelings, turn.reading.emotions) or ""
    said = {"quote": phrasing.quote, "harsh": phrasing.hard_name, "wins": _listed(memory.wins)}
    said |= {"question": memory.question if move.name == "missed_question" else None}
    said |= {"days": _of_days(turn)["act"]} if phrasing.days else {}
    said |= {"days": phrasing.week} if move.name == "week_proposed" else {}
    known: dict[str, str | None] = {**at_hand(memory), **memory.last, **memory.plan, **said}
    if memory.news == "ghosted" and "year" in (known.get("duration") or ""):
        del known["duration"]
    if move.name == "offer_tell" and NOT_TO_TELL.search(known.get("relation") or ""):
        del known["relation"]
    if move.name in OF_THIS_MESSAGE:
        named = {fact.entity for fact in turn.reading.facts}
        fresh = {name for name in named if memory.named_at.get(name) == memory.turn}
        known = {**{name: value for name, value in memory.facts.items() if name in fresh}, **said}
        traits["repeat"] = "yes" if move.name == "fact_corrected" else ""
    traits = {k: v for k, v in traits.items() if v} | move.traits
    return replace(move, blanks={k: v for k, v in known.items() if v} | move.blanks, traits=traits)


def _guesses(move: str, turn: Turn, memory: Memory) -> Sequence[str]:
    """What the buttons of a move offer as meant: intents or topics."""
    asked = turn.reading.near_topics if move == "which_question" else ()
    return guesses(turn, memory) if move == "which" else asked


def _listed(wins: tuple[str, ...]) -> str:
    return "; ".join(f'"{win}"' for win in wins)


def _remember(turn: Turn, moves: tuple[Move, ...], memory: Memory) -> Memory:
    main = main_move(moves)
    stage = memory.stage if main.stage is Stage.TALK else main.stage.value
    comforting = any(m.strategy in COMFORTING and m.stage is not Stage.TALK for m in moves)
    last = memory.last
    if main.name not in ("why_said", "why_safety"):
        last = {
            "at_stage": main.stage.value,
            "strategy": main.strategy.value,
            "why": main.why or "",
            "evidence": main.evidence or "",
        }
    return replace(
        memory,
        stage=stage,
        heard=memory.heard + 1 if comforting else memory.heard,
        last=last,
        last_at=turn.now.isoformat(),
    )
