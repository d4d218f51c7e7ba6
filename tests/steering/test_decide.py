"""Steering is pure: its table is walked over exhaustively, and its laws are shown one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from comeback import content, wording
from comeback.steering.decide import decide, main_move
from comeback.steering.memory import Memory, dump, restore
from comeback.steering.playbook import ANSWERS, PLAYBOOK
from comeback.vocabulary import Fact, Move, Reading, Risk, RiskKind, RiskLevel, Stage, Strategy, Turn

CONTENT = content.load(Path(__file__).resolve().parents[2] / "data")
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
CRISIS = Risk(RiskLevel.CRISIS, RiskKind.PASSIVE)
ADVICE = {Strategy.SUGGESTION}


def say(
    intent: str,
    memory: Memory = Memory(),
    *,
    text: str = "…",
    feelings: tuple[str, ...] = (),
    risk: Risk = Risk(),
    facts: tuple[Fact, ...] = (),
    sure: float = 0.9,
    now: datetime = NOW,
) -> tuple[tuple[Move, ...], Memory]:
    reading = Reading(text, intent, sure, (), {}, feelings, risk, facts)
    return decide(Turn(reading, now), memory, CONTENT.exercises)


def test_every_cue_in_every_stage_at_every_risk_is_answered_with_words() -> None:
    risks = (Risk(), Risk(RiskLevel.CONCERN, RiskKind.IDEATION), CRISIS)
    moods = (None, "sad", "glad")
    for cue, stage, risk, mood in product(PLAYBOOK, Stage, risks, moods):
        memory = Memory(turn=3, heard=1, disclosed_at=NOW.isoformat(), stage=stage.value, mood=mood)
        moves, _ = say(cue, memory, risk=risk)
        for move in moves:
            assert move.response in CONTENT.responses
        assert (main_move(moves).stage is Stage.SAFETY) >= (risk is CRISIS)


def test_every_open_question_takes_a_bare_answer() -> None:
    for pending, intent in product(ANSWERS, ("affirm", "deny", "inform", "unsure", "skip")):
        moves, _ = say(intent, Memory(turn=2, disclosed_at=NOW.isoformat(), pending=pending))
        assert all(move.response in CONTENT.responses for move in moves)


def test_a_talk_begins_by_saying_that_it_is_a_program_and_says_it_again_after_three_hours() -> None:
    moves, memory = say("greet")
    assert moves[0].name == "disclosure"
    moves, memory = say("share_feeling", memory, now=NOW + timedelta(hours=2, minutes=59))
    assert not any(m.name.startswith("disclosure") for m in moves)
    moves, memory = say("share_feeling", memory, now=NOW + timedelta(hours=3))
    assert moves[0].name == "disclosure_again"


def test_no_advice_before_the_person_was_heard_or_asked() -> None:
    _, memory = say("tell_rejection_final", feelings=("disappointment",))
    for intent in ("share_feeling", "vent", "criticise_self"):
        moves, _ = say(intent, replace(memory, heard=0), feelings=("sadness",))
        assert not {m.strategy for m in moves} & ADVICE
    moves, _ = say("request_feedback")
    assert moves[-1].stage is Stage.FEEDBACK


def test_the_first_comfort_names_company_and_rounds() -> None:
    facts = (Fact("company", "Figma", 0, 5), Fact("rounds", "five rounds", 6, 17))
    moves, memory = say("tell_rejection_final", facts=facts, feelings=("disappointment",))
    variation, _ = wording.choose(CONTENT, moves[1], memory.said, memory.turn)
    assert {"company", "rounds"} <= variation.needs


def test_good_news_is_joined_and_bad_news_never_is() -> None:
    assert main_move(say("got_offer", feelings=("joy",))[0]).name == "offer"
    assert main_move(say("tell_rejection", feelings=("disappointment",))[0]).stage is Stage.ACKNOWLEDGE


@pytest.mark.parametrize(
    "intent", ["share_feeling", "request_feedback", "got_offer", "want_advice", "inform"]
)
def test_after_a_crisis_nothing_but_safety_until_the_person_clears_it(intent: str) -> None:
    _, memory = say("crisis", risk=CRISIS)
    moves, memory = say(intent, memory)
    assert {m.stage for m in moves} == {Stage.SAFETY}
    moves, memory = say("deny", memory)
    assert moves[0].name == "denial"
    moves, memory = say("share_feeling", memory)
    assert moves[0].stage is not Stage.SAFETY


def test_one_later_look_after_a_denial_and_no_second_one() -> None:
    _, memory = say("deny", say("crisis", risk=CRISIS)[1])
    looks = 0
    for _ in range(15):
        moves, memory = say("share_feeling", memory)
        looks += sum(m.name == "recheck" for m in moves)
    assert looks == 1
    moves, memory = say("crisis", memory, risk=CRISIS)
    assert moves[0].name == "ask"


def test_a_concern_gets_one_light_check_beside_the_normal_answer() -> None:
    concern = Risk(RiskLevel.CONCERN, RiskKind.IDEATION)
    moves, memory = say("vent", risk=concern)
    assert [m.name for m in moves][-1] == "check" and main_move(moves).stage is Stage.ACKNOWLEDGE
    moves, _ = say("vent", memory, risk=concern)
    assert "check" not in [m.name for m in moves]


@pytest.mark.parametrize("name", CONTENT.exercises)
def test_an_exercise_asks_each_step_once_and_can_be_left_or_interrupted(name: str) -> None:
    from comeback.steering import exercises

    steps = CONTENT.exercises[name].steps
    moves, memory = exercises.start(name, Memory(turn=1, disclosed_at=NOW.isoformat()), CONTENT.exercises)
    for _ in steps:
        assert moves[-1].name.startswith(name)
        assert say("crisis", memory, risk=CRISIS)[0][0].name == "ask"
        left = say("skip", memory)
        assert left[0][0].name == "skipped" and left[1].exercise is None
        moves, memory = say("inform", memory, sure=0.4)
    assert moves[-1].name == f"{name}_end" and memory.exercise is None


def test_fallbacks_climb_a_ladder() -> None:
    memory, names = Memory(turn=1, disclosed_at=NOW.isoformat()), []
    for _ in range(4):
        moves, memory = say("nlu_fallback", memory)
        names.append(moves[0].name)
    assert names == ["fallback", "fallback_menu", "fallback_human", "fallback_human"]


def test_memory_survives_json_and_a_stranger_version_starts_afresh() -> None:
    _, memory = say("tell_rejection", facts=(Fact("company", "Figma", 0, 5),))
    assert restore(dump(memory)) == memory
    assert restore({"version": 99}) == restore(None) == restore({"turn": 4}) == Memory()
