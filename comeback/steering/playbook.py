"""The table: what the person does, under which condition, and what we do then.

A row is read from left to right: cue, condition, moves. The first row of a cue whose condition holds is taken;
the last row of each cue has none, so that every turn has an answer. `ANSWERS` holds the same for bare replies
to a question that we asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from comeback.steering.memory import Memory
from comeback.steering.moods import HIGH
from comeback.vocabulary import Move, Stage, Strategy, Turn

ACKNOWLEDGE, PERSPECTIVE, FEEDBACK = Stage.ACKNOWLEDGE, Stage.PERSPECTIVE, Stage.FEEDBACK
PLAN, PERSIST, CELEBRATE, TALK = Stage.STRATEGY, Stage.PERSISTENCE, Stage.CELEBRATE, Stage.TALK
ASK, REFLECT, RESTATE = Strategy.QUESTION, Strategy.REFLECTION, Strategy.RESTATEMENT
AFFIRM, INFORM, SUGGEST, OTHER = (
    Strategy.AFFIRMATION,
    Strategy.INFORMATION,
    Strategy.SUGGESTION,
    Strategy.OTHER,
)

Condition = Callable[[Turn, Memory], bool]


@dataclass(frozen=True)
class Row:
    moves: tuple[Move, ...]
    when: Condition | None = None
    opens: str | None = None
    """The question left open: a key of ANSWERS."""
    starts: str | None = None
    """The exercise that begins; its first step follows the moves."""
    direction: str | None = None
    offers: str | None = None
    """What is remembered as offered, so that it is not offered twice."""


def undirected(turn: Turn, memory: Memory) -> bool:
    return memory.direction is None and "direction" not in memory.offered and memory.heard >= 1


def wants_to_do(turn: Turn, memory: Memory) -> bool:
    return memory.direction == "do"


def in_good_mood(turn: Turn, memory: Memory) -> bool:
    return memory.mood in HIGH


def told_before(turn: Turn, memory: Memory) -> bool:
    return memory.news is not None and memory.heard >= 1


def not_offered(name: str) -> Condition:
    return lambda turn, memory: name not in memory.offered


def heard_twice(turn: Turn, memory: Memory) -> bool:
    return memory.heard >= 2


def has_draft(turn: Turn, memory: Memory) -> bool:
    return bool(memory.draft)


def paused(turn: Turn, memory: Memory) -> bool:
    return memory.exercise is not None and memory.paused


def first_turn(turn: Turn, memory: Memory) -> bool:
    return memory.turn <= 1


def mood_is(*moods: str) -> Condition:
    return lambda turn, memory: memory.mood in moods


HOW_IS_IT = Move(ACKNOWLEDGE, "how_is_it", ASK, "E11", "their own word for it comes before any of mine")
MORE = Move(ACKNOWLEDGE, "more", ASK, "E17", "there may be more to say")
DIRECTION = Move(ACKNOWLEDGE, "direction", ASK, "E10", "what helps first is theirs to choose")
REJECTION = Move(ACKNOWLEDGE, "rejection", RESTATE, "E10", "the loss is named in their own words")
FEELING = Move(ACKNOWLEDGE, "feeling", REFLECT, "E10", "a feeling that is named back weighs less")

TOLD = (
    Row(
        (Move(ACKNOWLEDGE, "rejection_good_mood", REFLECT, "E10", "relief is a feeling too"),),
        in_good_mood,
        "feeling",
    ),
    Row(
        (Move(ACKNOWLEDGE, "rejection_again", RESTATE, "E10", "another one is its own loss"), HOW_IS_IT),
        told_before,
        "feeling",
    ),
    Row((REJECTION, HOW_IS_IT), None, "feeling"),
)

PLAYBOOK: dict[str, tuple[Row, ...]] = {
    "greet": (
        Row((Move(TALK, "greet", ASK, None, "to begin where they are"),), first_turn, "direction"),
        Row((Move(TALK, "greet_again", ASK, None, "to go on where they are"),), None, "feeling"),
    ),
    "goodbye": (Row((Move(TALK, "goodbye", AFFIRM, None, "a goodbye is accepted at once"),)),),
    "thank": (Row((Move(TALK, "thanks", AFFIRM, None, "thanks are accepted without more"),)),),
    "tell_rejection": TOLD,
    "tell_rejection_automatic": TOLD,
    "tell_rejection_screen": TOLD,
    "tell_rejection_final": TOLD,
    "tell_ghosted": TOLD,
    "tell_rejection_internal": TOLD,
    "tell_offer_withdrawn": TOLD,
    "tell_laid_off": TOLD,
    "await_answer": (
        Row(
            (Move(PERSPECTIVE, "waiting", REFLECT, "E4", "waiting is named before it is planned for"),),
            not_offered("inoculation"),
            "inoculation",
            offers="inoculation",
        ),
        Row(
            (Move(ACKNOWLEDGE, "waiting_on", REFLECT, "E10", "waiting is heavy on its own"), MORE),
            None,
            "feeling",
        ),
    ),
    "share_feeling": (
        Row(
            (Move(CELEBRATE, "good_mood", AFFIRM, "E16", "a good moment is joined, not corrected"),),
            in_good_mood,
            "win_story",
        ),
        Row((FEELING, DIRECTION), undirected, "direction", offers="direction"),
        Row((FEELING, MORE), None, "feeling"),
    ),
    "vent": (
        Row(
            (Move(PERSIST, "cool_down", SUGGEST, "E14", "anger eases by cooling, not by more of it"),),
            lambda t, m: m.mood == "angry" and m.heard >= 2 and "cool_down" not in m.offered,
            "grounding",
            offers="cool_down",
        ),
        Row(
            (Move(ACKNOWLEDGE, "vent", REFLECT, "E14", "said once, anger can be heard"), MORE),
            None,
            "feeling",
        ),
    ),
    "criticise_self": (
        Row(
            (
                Move(
                    ACKNOWLEDGE,
                    "self_criticism",
                    REFLECT,
                    "E3",
                    "harsh self-talk is heard before it is answered",
                ),
                Move(
                    ACKNOWLEDGE,
                    "offer_writing",
                    SUGGEST,
                    "E3",
                    "kinder words to oneself helped job seekers in a trial",
                ),
            ),
            lambda t, m: "writing" not in m.offered and m.heard >= 1,
            "writing",
            offers="writing",
        ),
        Row(
            (
                Move(
                    ACKNOWLEDGE,
                    "self_criticism",
                    REFLECT,
                    "E3",
                    "harsh self-talk is heard before it is answered",
                ),
                MORE,
            ),
            None,
            "feeling",
        ),
    ),
    "compare_self": (
        Row(
            (
                Move(ACKNOWLEDGE, "comparison", REFLECT, "E10", "comparing hurts, and that is said first"),
                MORE,
            ),
            None,
            "feeling",
        ),
    ),
    "ruminate": (
        Row(
            (
                Move(ACKNOWLEDGE, "rumination", REFLECT, "E10", "a loop is named as a loop"),
                Move(ACKNOWLEDGE, "offer_loop_break", SUGGEST, "E1", "writing it once can stop the replay"),
            ),
            not_offered("loop_break"),
            "loop_break",
            offers="loop_break",
        ),
        Row(
            (Move(ACKNOWLEDGE, "rumination", REFLECT, "E10", "a loop is named as a loop"), MORE),
            None,
            "feeling",
        ),
    ),
    "give_up": (
        Row(
            (
                Move(
                    PERSIST, "give_up", REFLECT, "E9", "wanting to stop is tiredness before it is a decision"
                ),
                Move(PERSIST, "offer_rest", ASK, "E9", "rest and stopping are two things"),
            ),
            None,
            "rest",
        ),
    ),
    "worry_money": (
        Row(
            (Move(PLAN, "worry_money", INFORM, None, "money is a question for people who know the rules"),),
            lambda t, m: wants_to_do(t, m) or heard_twice(t, m),
            "plan",
        ),
        Row(
            (Move(ACKNOWLEDGE, "worry_money", REFLECT, "E10", "the pressure is real"), DIRECTION),
            None,
            "direction",
            offers="direction",
        ),
    ),
    "worry_visa": (
        Row(
            (
                Move(ACKNOWLEDGE, "worry_visa", REFLECT, "E10", "a clock that others set is real pressure"),
                Move(
                    PLAN,
                    "worry_visa",
                    INFORM,
                    None,
                    "only an adviser may say what the rules mean for one person",
                ),
            ),
            None,
            "plan",
        ),
    ),
    "worry_age": (
        Row(
            (Move(ACKNOWLEDGE, "worry_age", REFLECT, "E10", "the suspicion is heard, not argued with"), MORE),
            None,
            "feeling",
        ),
    ),
    "worry_caring": (
        Row(
            (
                Move(
                    ACKNOWLEDGE, "worry_caring", REFLECT, "E10", "other people's needs are part of the load"
                ),
                MORE,
            ),
            None,
            "feeling",
        ),
    ),
    "report_unfair": (
        Row(
            (
                Move(ACKNOWLEDGE, "unfair", REFLECT, "E10", "unfairness is heard before it is weighed"),
                Move(ACKNOWLEDGE, "unfair_next", ASK, "E14", "facts come after the first heat"),
            ),
            None,
            "unfair",
        ),
    ),
    "consider_change": (
        Row(
            (Move(PLAN, "change", ASK, "E8", "a change is looked at before it is planned"),), None, "feeling"
        ),
    ),
    "ask_why_rejected": (
        Row(
            (Move(PERSPECTIVE, "why_rejected", INFORM, "E6", "what can and cannot be known is kept apart"),),
            None,
            "ask_feedback",
        ),
    ),
    "ask_odds": (
        Row(
            (Move(PERSPECTIVE, "odds", INFORM, "careerplug-2025", "a dated number with its limit"),),
            None,
            "odds",
        ),
    ),
    "want_perspective": (
        Row(
            (Move(PERSPECTIVE, "big_picture", INFORM, "E6", "one no beside the whole search"),),
            None,
            "sort",
            direction="sense",
        ),
    ),
    "want_to_be_heard": (
        Row(
            (Move(ACKNOWLEDGE, "listening", ASK, "E17", "they asked to be heard"),),
            None,
            "feeling",
            direction="say",
        ),
    ),
    "want_advice": (
        Row(
            (Move(PLAN, "next_step", SUGGEST, "E5", "they asked what to do"),),
            None,
            "next_step",
            direction="do",
        ),
    ),
    "want_writing": (
        Row((Move(ACKNOWLEDGE, "writing", SUGGEST, "E3", "they asked to write"),), starts="self_compassion"),
    ),
    "ask_grounding": (Row((Move(PERSIST, "grounding", SUGGEST, "E14", "calm first"),), starts="grounding"),),
    "request_feedback": (Row((), starts="feedback_request", direction="do"),),
    "edit_draft": (
        Row(
            (
                Move(
                    FEEDBACK,
                    "draft_edited",
                    SUGGEST,
                    None,
                    "their words, their tone",
                    make="feedback_request",
                ),
            ),
            has_draft,
            "draft",
        ),
        Row((Move(FEEDBACK, "no_draft", ASK, None, "there is no draft yet"),), None, "ask_feedback"),
    ),
    "received_feedback": (
        Row(
            (Move(FEEDBACK, "received", RESTATE, "E8", "feedback is sorted before it is used"),),
            None,
            "decode",
        ),
    ),
    "ask_follow_up": (
        Row((Move(FEEDBACK, "follow_up", INFORM, None, "one nudge, then closure"),), None, "ask_feedback"),
    ),
    "improve_cv": (
        Row(
            (Move(PLAN, "cv", ASK, "E5", "what the ad asks beside what the page shows"),),
            None,
            "plan",
            direction="do",
        ),
    ),
    "build_skills": (
        Row(
            (Move(PLAN, "skills", ASK, "E8", "a learning goal, not a volume goal"),),
            None,
            "plan",
            direction="do",
        ),
    ),
    "network": (
        Row((Move(PLAN, "network", INFORM, "E5", "routes change the odds"),), None, "plan", direction="do"),
    ),
    "make_plan": (Row((), starts="if_then_plan", direction="do"),),
    "prepare_interview": (
        Row(
            (Move(PLAN, "interview", ASK, "E8", "one question to get better at"),),
            None,
            "plan",
            direction="do",
        ),
    ),
    "care_for_self": (
        Row((Move(PERSIST, "self_care", SUGGEST, "E13", "one small thing today"),), None, "small_thing"),
    ),
    "tell_someone": (
        Row(
            (Move(ACKNOWLEDGE, "tell_someone", SUGGEST, "E5", "a real person beside a program"),),
            None,
            "tell",
        ),
    ),
    "want_human": (
        Row((Move(PERSIST, "human", INFORM, None, "a person, when a person is wanted"),), None, None),
    ),
    "report_progress": (
        Row(
            (Move(CELEBRATE, "progress", AFFIRM, "E15", "what was done is named exactly"),),
            None,
            "next_small",
        ),
    ),
    "set_reminder": (
        Row((Move(PERSIST, "reminder", INFORM, None, "only what I can truly do"),), None, "plan"),
    ),
    "share_win": (
        Row(
            (Move(CELEBRATE, "win", AFFIRM, "E15", "small progress is the strongest good event"),),
            None,
            "win_story",
        ),
    ),
    "got_offer": (
        Row((Move(CELEBRATE, "offer", AFFIRM, "E16", "good news grows when it is told"),), None, "win_story"),
    ),
    "ask_bot": (Row((Move(TALK, "what_i_am", INFORM, None, "they asked what I am"),)),),
    "ask_why_said": (Row((Move(TALK, "why_said", INFORM, None, "they asked why"),)),),
    "ask_clarify": (Row((Move(TALK, "clarify", RESTATE, None, "it was not clear"),)),),
    "ask_help": (Row((Move(TALK, "help", INFORM, None, "they asked what there is"),), None, "direction"),),
    "ask_stored": (Row((Move(TALK, "stored", INFORM, None, "nothing is hidden", make="stored"),)),),
    "export_data": (Row((Move(TALK, "exported", INFORM, None, "it is theirs", make="export"),)),),
    "delete_data": (
        Row((Move(TALK, "confirm_delete", ASK, None, "deleting is asked once"),), None, "delete"),
    ),
    "ask_private": (Row((Move(TALK, "private", INFORM, None, "they asked who sees this"),)),),
    "allow_memory": (
        Row((Move(TALK, "memory_allowed", INFORM, None, "consent is theirs", make="allow_memory"),)),
    ),
    "refuse_memory": (
        Row((Move(TALK, "memory_refused", INFORM, None, "consent is theirs", make="refuse_memory"),)),
    ),
    "off_topic": (Row((Move(TALK, "off_topic", ASK, None, "it is not what I am made for"),)),),
    "abuse": (Row((Move(TALK, "abuse", ASK, None, "a boundary, and the door stays open"),)),),
    "probe_bot": (Row((Move(TALK, "probe", INFORM, None, "there is nothing hidden"),)),),
    "other_language": (Row((Move(TALK, "language", INFORM, None, "I read English"),)),),
    "correct_bot": (
        Row(
            (Move(TALK, "corrected", ASK, "E17", "I misread, and the next turn is theirs"),), None, "feeling"
        ),
    ),
    "affirm": (
        Row((), paused, starts="resume"),
        Row((Move(ACKNOWLEDGE, "go_on", ASK, "E17", "they said yes, and may go on"),), None, "feeling"),
    ),
    "deny": (Row((Move(TALK, "denied", ASK, "E17", "a no is taken as a no"),), None, "direction"),),
    "unsure": (
        Row((Move(ACKNOWLEDGE, "unsure", AFFIRM, "E10", "not knowing is an answer"),), None, "small_thing"),
    ),
    "skip": (Row((Move(TALK, "skipped", ASK, None, "it can always be left"),), None, "direction"),),
    "inform": (
        Row((Move(ACKNOWLEDGE, "noted", RESTATE, "E17", "what they gave is used"),), None, "feeling"),
    ),
    "crisis": (Row((Move(Stage.SAFETY, "ask", ASK, None, "safety comes first"),)),),
    "nlu_fallback": (Row((Move(TALK, "fallback", ASK, None, "I could not read it"),), None, "direction"),),
}

YES, NO, REPLY = "affirm", "deny", "inform"

ANSWERS: dict[str, dict[str, Row]] = {
    "direction": {
        YES: Row(
            (Move(ACKNOWLEDGE, "listening", ASK, "E17", "a yes to all is a yes to being heard"),),
            None,
            "feeling",
            direction="say",
        ),
        "unsure": Row(
            (Move(ACKNOWLEDGE, "unsure", AFFIRM, "E10", "not knowing is an answer"),),
            None,
            "feeling",
            direction="say",
        ),
    },
    "feeling": {
        YES: Row(
            (Move(ACKNOWLEDGE, "permission", AFFIRM, "E10", "it is allowed to hurt"), MORE), None, "feeling"
        ),
        NO: Row(
            (Move(TALK, "corrected", ASK, "E17", "I misread, and the next turn is theirs"),), None, "feeling"
        ),
        "unsure": Row(
            (Move(ACKNOWLEDGE, "unsure", AFFIRM, "E10", "not knowing is an answer"),), None, "small_thing"
        ),
    },
    "grounding": {
        YES: Row((Move(PERSIST, "grounding", SUGGEST, "E14", "calm first"),), starts="grounding"),
        NO: Row((Move(TALK, "skipped", ASK, None, "it can always be left"),), None, "direction"),
    },
    "writing": {
        YES: Row(
            (Move(ACKNOWLEDGE, "writing", SUGGEST, "E3", "they chose to write"),), starts="self_compassion"
        ),
        NO: Row(
            (Move(ACKNOWLEDGE, "permission", AFFIRM, "E10", "it is allowed to hurt"), MORE), None, "feeling"
        ),
    },
    "loop_break": {
        YES: Row(
            (Move(ACKNOWLEDGE, "writing", SUGGEST, "E1", "they chose to write"),), starts="self_compassion"
        ),
        NO: Row(
            (Move(ACKNOWLEDGE, "permission", AFFIRM, "E10", "it is allowed to hurt"), MORE), None, "feeling"
        ),
    },
    "inoculation": {
        YES: Row((), starts="inoculation"),
        NO: Row((MORE,), None, "feeling"),
    },
    "ask_feedback": {
        "want_writing": Row((), starts="feedback_request", direction="do"),
        YES: Row((), starts="feedback_request", direction="do"),
        NO: Row((Move(TALK, "skipped", ASK, None, "it can always be left"),), None, "direction"),
    },
    "plan": {
        YES: Row((), starts="if_then_plan", direction="do"),
        REPLY: Row((Move(PLAN, "noted", RESTATE, "E7", "a detail makes a plan"),), None, "plan"),
        NO: Row((Move(TALK, "skipped", ASK, None, "it can always be left"),), None, "direction"),
    },
    "next_step": {
        YES: Row((), starts="if_then_plan", direction="do"),
    },
    "odds": {
        YES: Row(
            (Move(PERSPECTIVE, "big_picture", INFORM, "E6", "one no beside the whole search"),), None, "sort"
        ),
    },
    "sort": {
        YES: Row(
            (Move(PERSPECTIVE, "sort", ASK, "E6", "what they can change, cannot, and cannot know"),),
            None,
            "feeling",
        ),
        NO: Row((MORE,), None, "feeling"),
    },
    "decode": {
        YES: Row((), starts="if_then_plan", direction="do"),
        REPLY: Row((Move(FEEDBACK, "decoded", RESTATE, "E8", "one thing to try is enough"),), None, "plan"),
    },
    "rest": {
        YES: Row((Move(PERSIST, "rest", AFFIRM, "E9", "rest is part of a search"),), None, "small_thing"),
        NO: Row((MORE,), None, "feeling"),
    },
    "small_thing": {
        YES: Row((Move(PERSIST, "small_thing", AFFIRM, "E13", "small and today"),)),
        REPLY: Row((Move(PERSIST, "small_thing", AFFIRM, "E13", "small and today"),)),
        NO: Row((Move(PERSIST, "rest", AFFIRM, "E9", "rest is part of a search"),)),
    },
    "tell": {
        YES: Row((), starts="tell_someone"),
        REPLY: Row((), starts="tell_someone"),
        NO: Row((MORE,), None, "feeling"),
    },
    "unfair": {
        YES: Row(
            (Move(PERSIST, "unsent", SUGGEST, "E14", "anger may be written, not sent"),), None, "grounding"
        ),
        NO: Row((MORE,), None, "feeling"),
    },
    "draft": {
        YES: Row((Move(FEEDBACK, "draft_kept", AFFIRM, None, "it is theirs to send"),)),
        NO: Row((Move(FEEDBACK, "draft_change", ASK, None, "it should sound like them"),), None, "draft"),
    },
    "win_story": {
        YES: Row(
            (Move(CELEBRATE, "who_hears", ASK, "E16", "good news grows when it is told"),), None, "reward"
        ),
        REPLY: Row(
            (Move(CELEBRATE, "who_hears", ASK, "E16", "good news grows when it is told"),), None, "reward"
        ),
        "share_feeling": Row(
            (Move(CELEBRATE, "who_hears", ASK, "E16", "good news grows when it is told"),),
            in_good_mood,
            "reward",
        ),
    },
    "reward": {
        YES: Row((Move(CELEBRATE, "reward", SUGGEST, "E15", "a reward of their own choosing"),)),
        REPLY: Row((Move(CELEBRATE, "reward", SUGGEST, "E15", "a reward of their own choosing"),)),
        NO: Row((Move(CELEBRATE, "enough", AFFIRM, "E15", "it counts without anything more"),)),
    },
    "next_small": {
        YES: Row((), starts="if_then_plan", direction="do"),
        NO: Row((Move(CELEBRATE, "enough", AFFIRM, "E15", "it counts without anything more"),)),
    },
    "delete": {
        YES: Row((Move(TALK, "deleted", INFORM, None, "it is theirs to delete", make="forget"),)),
        NO: Row((Move(TALK, "not_deleted", INFORM, None, "nothing was deleted"),)),
    },
}
