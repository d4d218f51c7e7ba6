"""Steering is pure: its table is walked over exhaustively, and its laws are shown one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest

from comeback import content, phrasing, wording
from comeback.steering.answers import ANSWERS, OPTIONS, picked
from comeback.steering.decide import decide, main_move
from comeback.steering.follow_ups import FOLLOW_UPS
from comeback.steering.memory import Memory, dump, keepsake, recalled, restore
from comeback.steering.moves import MOVES
from comeback.steering.playbook import NEXT, PLAYBOOK
from comeback.steering.topics import TOPICS
from comeback.vocabulary import Fact, Move, Reading, Risk, RiskKind, RiskLevel, Stage, Strategy, Turn

DATA = Path(__file__).resolve().parents[2] / "data"
CONTENT, PHRASES = content.load(DATA), phrasing.load(DATA)
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
CRISIS = Risk(RiskLevel.CRISIS, RiskKind.PASSIVE)
ADVICE = {Strategy.SUGGESTION}


def say(
    intent: str,
    memory: Memory = Memory(),
    *,
    text: str = "hm",
    feelings: tuple[str, ...] = (),
    risk: Risk = Risk(),
    facts: tuple[Fact, ...] = (),
    sure: float = 0.9,
    now: datetime = NOW,
) -> tuple[tuple[Move, ...], Memory]:
    reading = Reading(text, intent, sure, (), {}, feelings, risk, facts, PHRASES.read(text))
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
    told = (
        "tell_rejection",
        "tell_ghosted",
        "share_feeling",
        "vent",
        "criticise_self",
        "compare_self",
        "worry_age",
    )
    for first, second in product(told, told):
        moves, memory = say(first, feelings=("sadness",))
        again, _ = say(second, memory, feelings=("sadness",))
        assert not {m.strategy for m in (*moves, *again)} & ADVICE, (first, second)
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


def test_danger_stops_a_draft_and_a_short_safety_plan_can_be_made_inside() -> None:
    _, memory = say("request_feedback")
    moves, memory = say("crisis", memory, risk=CRISIS, text="i want to die")
    assert moves[0].name == "ask"
    moves, memory = say("make_plan", memory, text="a short safety plan")
    assert moves[0].name == "safety_plan_sign"
    for expected in ("helps", "person", "end"):
        moves, memory = say("share_feeling", memory)
        assert moves[0].name == f"safety_plan_{expected}"
    assert say("request_feedback", memory)[0][0].stage is Stage.SAFETY


def test_a_question_about_means_is_never_answered_also_after_a_denial() -> None:
    means = Risk(RiskLevel.CRISIS, RiskKind.MEANS)
    _, memory = say("deny", say("crisis", risk=CRISIS)[1])
    for _ in range(2):
        moves, memory = say("off_topic", memory, risk=means)
        assert moves[0].name == "means" and len(moves) == 1


def test_deleting_works_in_a_crisis_and_does_not_end_the_care() -> None:
    _, memory = say("crisis", risk=CRISIS)
    moves, memory = say("delete_data", memory)
    assert moves[0].name == "confirm_delete"
    moves, memory = say("affirm", memory)
    assert moves[0].name == "deleted" and memory.safety == "open"


def test_worry_about_a_friend_is_not_answered_as_ones_own_and_a_joke_ends_it() -> None:
    moves, memory = say("crisis", risk=Risk(RiskLevel.CRISIS, RiskKind.THIRD_PARTY))
    assert main_move(moves).name == "third_party"
    assert say("share_feeling", memory, text="jk")[0][0].name == "third_party_over"


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
    moves, memory = say("vent", Memory(turn=8, disclosed_at=NOW.isoformat()), risk=concern)
    assert [m.name for m in moves][-1] == "check" and main_move(moves).stage is Stage.ACKNOWLEDGE
    moves, _ = say("vent", memory, risk=concern)
    assert "check" not in [m.name for m in moves]


@pytest.mark.parametrize("name", CONTENT.exercises)
def test_an_exercise_asks_each_step_once_and_can_be_left_or_interrupted(name: str) -> None:
    from comeback.steering import exercises

    steps = CONTENT.exercises[name].steps
    known = Memory(turn=1, disclosed_at=NOW.isoformat(), remembering=True)
    moves, memory = exercises.start(name, known, CONTENT.exercises)
    for step in steps:
        assert moves[-1].name.startswith(name)
        assert say("crisis", memory, risk=CRISIS)[0][0].name == "ask"
        left = say("skip", memory)
        assert "skip" in step.expects or (left[0][0].name == "skipped" and left[1].exercise is None)
        moves, memory = say("inform", memory, sure=0.4)
    assert moves[-1].name == f"{name}_end" and memory.exercise is None


def test_fallbacks_climb_a_ladder() -> None:
    memory, names = Memory(turn=1, disclosed_at=NOW.isoformat()), []
    for _ in range(5):
        moves, memory = say("nlu_fallback", memory, sure=1.0)
        names.append(moves[0].name)
    assert names == ["fallback", "fallback_menu", "fallback_human", "fallback_short", "fallback_short"]


def test_memory_survives_json_and_a_stranger_version_starts_afresh() -> None:
    _, memory = say("tell_rejection", facts=(Fact("company", "Figma", 0, 5),))
    assert restore(dump(memory)) == memory
    assert restore({"version": 99}) == restore(None) == restore({"turn": 4}) == Memory()


def test_no_row_names_a_feeling_and_reframes_it() -> None:
    rows = [r for table in PLAYBOOK.values() for r in table] + list(FOLLOW_UPS)
    for row in rows:
        moves = [MOVES[name] for name in row.says if name != NEXT]
        reframes = [m for m in moves if m.stage is Stage.PERSPECTIVE and m.strategy is Strategy.INFORMATION]
        assert not (reframes and any(m.strategy is Strategy.REFLECTION for m in moves)), row


def test_every_row_leads_somewhere() -> None:
    answers = [r for rows in ANSWERS.values() for r in rows.values()] + [
        r for o in OPTIONS.values() for r in o.values()
    ]
    for row in [r for table in PLAYBOOK.values() for r in table] + list(FOLLOW_UPS) + answers:
        assert row.says or row.starts
        assert set(row.says) <= {*MOVES, NEXT}
        assert row.opens is None or row.opens in ANSWERS
        assert row.starts in (None, "resume", *CONTENT.exercises)


def test_an_offer_is_made_once_and_never_right_after_another() -> None:
    memory, offers = Memory(disclosed_at=NOW.isoformat()), []
    _, memory = say("tell_rejection", memory, feelings=("sadness",))
    for _ in range(24):
        moves, memory = say("share_feeling", memory, feelings=("sadness",))
        offers.append([m.name for m in moves if "offer" in m.name or m.name == "direction"])
    made = [name for names in offers for name in names]
    assert len(made) == len(set(made)) >= 4
    assert not any(a and b for a, b in pairwise(offers))


def test_what_they_want_is_asked_once_and_kept() -> None:
    _, memory = say("greet")
    moves, memory = say("want_to_be_heard", memory, text="I just want to say it")
    assert memory.direction == "say"
    for _ in range(6):
        moves, memory = say("share_feeling", memory, feelings=("sadness",))
        assert "direction" not in [m.name for m in moves]


@pytest.mark.parametrize(
    ("question", "text", "says"),
    [
        ("direction", "help me do something about it", "strategy.next_step"),
        ("direction", "the second one", "perspective.menu"),
        ("direction", "i dont know what to do with myself since they called me on monday", None),
        ("draft", "it's good", "feedback.draft_kept"),
        ("draft", "not good", None),
        ("last_plan", "did 1 of 2", "celebrate.partly"),
        ("plan", "automotive i cant fix", "feedback.not_changeable"),
        (None, "yes", None),
    ],
)
def test_a_short_reply_picks_by_its_words_or_its_place(
    question: str | None, text: str, says: str | None
) -> None:
    row = picked(question, PHRASES.read(text))
    assert (row.says[0] if row else None) == says


def test_a_correction_changes_what_is_known() -> None:
    text = "I said Figma not Sigma"
    facts = (Fact("company", "Figma", 7, 12), Fact("company", "Sigma", 17, 22))
    moves, memory = say("correct_bot", Memory(turn=3, facts={"company": "Sigma"}), text=text, facts=facts)
    assert memory.facts["company"] == "Figma" and main_move(moves).name == "fact_corrected"
    denied = (Fact("company", "Sigma", 4, 9), Fact("company", "Figma", 11, 16))
    assert say("correct_bot", text="not Sigma, Figma", facts=denied)[1].facts["company"] == "Figma"
    moves, memory = say("correct_bot", Memory(turn=3, mood="sad"), feelings=("anger",))
    assert memory.mood == "angry" and moves[1].name == "feeling_corrected"


def test_the_next_visit_asks_after_the_plan_and_a_first_visit_does_not() -> None:
    kept = {"facts": {"company": "Figma"}, "plan": {"act": "one call", "cue": "tuesday"}}
    moves, memory = say("greet", recalled(Memory(), kept))
    assert moves[-1].name == "last_time" and moves[-1].blanks["act"] == "one call"
    assert main_move(say("share_feeling", memory, text="did 1 of 2")[0]).name == "partly"
    assert main_move(say("greet")[0]).name == "greet"


def test_nobody_is_urged_to_tell_their_boss_first() -> None:
    lonely = Memory(turn=6, heard=3, mood="lonely", disclosed_at=NOW.isoformat(), offered=("direction",))
    for relation, named in (("sister", True), ("old boss", False)):
        moves, _ = say("vent", lonely, facts=(Fact("relation", relation, 0, 3),), feelings=("loneliness",))
        offer = next(m for m in moves if m.name == "offer_tell")
        assert ("relation" in offer.blanks) is named


AGREED = Memory(turn=4, heard=3, remembering=True, disclosed_at=NOW.isoformat(), offered=("direction",))


def offers_of_weeks(memory: Memory, days: range, channel: str = "web") -> list[int]:
    """The days on which somebody who shares a feeling every day is offered the weekly check."""
    found = []
    for day in days:
        now = NOW + timedelta(days=day)
        again = recalled(Memory(), keepsake(memory)) if memory.remembering else Memory()
        greeted, memory = decide(Turn(Reading("hi", "greet"), now, channel), again, CONTENT.exercises)
        for _ in range(8):
            feeling = Turn(Reading("…", "share_feeling"), now, channel)
            moves, memory = decide(feeling, memory, CONTENT.exercises)
            greeted = (*greeted, *moves)
        found += [day for move in greeted if move.name in ("week_first", "offer_week")]
    return found


def test_the_weekly_check_is_offered_once_in_seven_days_and_only_with_consent() -> None:
    assert offers_of_weeks(AGREED, range(30)) == [0, 7, 14, 21, 28]
    assert offers_of_weeks(replace(AGREED, remembering=False), range(30)) == []
    assert offers_of_weeks(AGREED, range(30), "kiosk") == []


def test_the_weekly_check_waits_behind_danger_and_can_be_refused() -> None:
    worried = replace(AGREED, safety="cleared", rechecked=True)
    for _ in range(9):
        moves, worried = say("share_feeling", worried)
        assert "offer_week" not in [m.name for m in moves]
    refused, memory = say("deny", replace(AGREED, pending="week"))
    assert refused[0].name == "not_now" and memory.exercise is None


def test_a_number_beside_a_feeling_answers_the_check_and_a_feeling_alone_is_heard() -> None:
    _, asked = say("check_week", AGREED)
    moves, _ = say("share_feeling", asked, text="2, i'm worn out", feelings=("exhaustion",))
    assert moves[0].name == "weekly_check_inner_talk"
    moves, _ = say("share_feeling", asked, text="awful", feelings=("sadness",))
    assert moves[0].stage is Stage.ACKNOWLEDGE


def test_without_memory_weeks_ask_for_consent_first() -> None:
    kiosk, _ = decide(Turn(Reading("my weeks?", "check_week"), NOW, "kiosk"), AGREED, CONTENT.exercises)
    assert kiosk[0].name == "weeks_not_here"
    moves, memory = say("ask_weeks", replace(AGREED, remembering=False), text="show my weeks")
    assert moves[0].name == "weeks_unkept"
    moves, _ = say("affirm", memory)
    assert [m.name for m in moves] == ["memory_allowed", "weekly_check_energy"]
    assert say("deny", memory)[0][0].name == "not_now"


def test_a_reminder_is_made_only_after_a_yes_and_dropped_at_any_moment() -> None:
    moves, memory = say("set_reminder", AGREED, text="can you remind me friday")
    assert moves[0].make == "reminder_asked"
    assert say("deny", memory)[0][0].name == "reminder_dropped"
    moves, memory = say("affirm", memory)
    assert moves[0].make == "reminder"
    assert say("set_reminder", memory, text="cancel the reminder")[0][0].name == "reminder_dropped"


@pytest.mark.parametrize(
    ("text", "sure", "move"),
    [
        ("she was so proud. i feel so stupid", 0.58, "self_criticism"),
        ("she was so proud. i feel so stupid", 0.96, "feeling"),
        ("i feel so embarrassed", 0.58, "feeling"),
    ],
)
def test_a_hard_name_tips_an_unsure_reading(text: str, sure: float, move: str) -> None:
    moves, _ = say("share_feeling", AGREED, text=text, feelings=("shame",), sure=sure)
    assert moves[0].name == move


def test_a_number_before_and_after_is_asked_only_of_people_who_are_remembered() -> None:
    for remembered, first in ((True, "grounding_before"), (False, "grounding_breathe")):
        moves, _ = say("ask_grounding", replace(AGREED, remembering=remembered))
        assert moves[-1].name == first


def company(name: str) -> tuple[Fact, ...]:
    return (Fact("company", name, 0, len(name)),)


def test_another_company_is_another_loss_once_and_its_details_are_not() -> None:
    _, memory = say("tell_rejection", AGREED, facts=company("Figma"))
    moves, memory = say("tell_rejection", memory, facts=company("Figma"))
    assert moves[0].name == "told_more"
    moves, memory = say("tell_rejection", memory, facts=company("Lidl"))
    assert moves[0].name == "rejection_again"
    moves, _ = say("tell_rejection_screen", memory, facts=company("Lidl"))
    assert moves[0].name == "told_more"


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("stop this exercise", True),
        ("i don't want to write", True),
        ("she said stop this game you play with me and i had no answer for it, so i just went home", False),
        ("i told myself that i would do better", False),
    ],
)
def test_an_exercise_is_left_in_so_many_words(text: str, ends: bool) -> None:
    _, memory = say("want_writing", AGREED)
    _, memory = say("vent", memory, text=text, sure=0.5)
    assert (memory.exercise is None) is ends


@pytest.mark.parametrize(
    ("text", "intent", "move"),
    [
        ("can you write something to Femke, the recruiter", "tell_someone", "feedback_request"),
        ("can i ask them what happened or will i look bitter", "want_perspective", "whether_to_ask"),
        ("got a mail from the recruiter, it is a no", "tell_rejection", "told_more"),
        ("the company said they would write", "inform", "echo"),
    ],
)
def test_a_letter_to_them_is_heard_when_it_is_asked_for(text: str, intent: str, move: str) -> None:
    moves, _ = say(intent, replace(AGREED, news="rejection"), text=text, sure=0.5)
    assert moves[0].name.startswith(move)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_question_of_a_button_gets_its_answer_whatever_else_is_in_it(topic: str) -> None:
    text = CONTENT.choices[topic]
    reading = Reading(text, "ask_practical", 1.0, phrasing=PHRASES.read(text), topic=topic, topic_sure=1.0)
    told = replace(reading, situation="tech_failed")
    before = Memory(turn=2, disclosed_at=NOW.isoformat(), pending="which_question")
    (answer,), _ = decide(Turn(told, NOW), before, CONTENT.exercises)
    assert answer.name == f"answer_{topic}"


def test_a_question_that_is_not_sure_is_asked_back_once_and_then_owned() -> None:
    text = "what do i put for those years away?"
    unsure = Reading(text, "ask_practical", 0.9, phrasing=PHRASES.read(text), topic="cv_gap", topic_sure=0.3)
    near = replace(unsure, near_topics=("cv_gap", "cv_dates"))
    before = Memory(turn=2, disclosed_at=NOW.isoformat())
    (asked,), memory = decide(Turn(near, NOW), before, CONTENT.exercises)
    assert (asked.name, asked.traits["guesses"]) == ("which_question", "cv_gap cv_dates")
    for answer in (say("deny", memory, text="none of these")[0], decide(Turn(near, NOW), memory, {})[0]):
        assert [m.name for m in answer] == ["no_answer"]
    assert decide(Turn(unsure, NOW), before, CONTENT.exercises)[0][0].name == "no_answer"
