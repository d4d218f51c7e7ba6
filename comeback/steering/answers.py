"""Rows for replies to a question that we asked: by the question, then by the reply's intent or its words."""

from __future__ import annotations

import re

from comeback.steering.playbook import TIME, Row, row

YES, NO, REPLY = "affirm", "deny", "inform"

LISTEN = row("acknowledge.listening", opens="feeling", direction="say")
MENU = row("perspective.menu", opens="perspective", direction="sense")
STEP = row("strategy.next_step", opens="next_step", direction="do")
DRAFT = row(starts="feedback_request", direction="do")
PLAN = row(starts="if_then_plan", direction="do")
WRITE = row("acknowledge.writing", starts="self_compassion")
GROUND = row("persistence.grounding", starts="grounding")
REST = row("persistence.rest", opens="small_thing")
SMALL = row("persistence.small_thing", opens="feeling")
ALLOW = row("acknowledge.permission next", opens="feeling")
HARSH = row("acknowledge.permission acknowledge.offer_writing", opens="writing", offers="writing")
NOT_NOW = row("talk.not_now", opens="feeling")
ECHO = row("acknowledge.echo next", opens="feeling")
WHO_HEARS = row("celebrate.who_hears", opens="reward")
ENOUGH = row("celebrate.enough")
CLOSING = row(starts="closing_note", direction="do")
EDIT = row("feedback.draft_edited", opens="draft")
EDIT_TEXT = row("acknowledge.text_edited", opens="text")
DELETED = row("talk.deleted", opens="deleted")
NOTHING_LEFT = row("talk.nothing_left", opens="deleted")

ANSWERS: dict[str, dict[str, Row]] = {
    "direction": {
        YES: LISTEN,
        NO: row("talk.denied", opens="feeling"),
        "unsure": row("acknowledge.unsure", opens="feeling", direction="say"),
        REPLY: ECHO,
    },
    "feeling": {
        YES: row("acknowledge.permission next", opens="feeling"),
        NO: row("talk.corrected", opens="feeling"),
        "unsure": row("acknowledge.unsure", opens="feeling"),
        REPLY: ECHO,
    },
    "self_criticism": {
        YES: HARSH,
        NO: row("talk.corrected", opens="feeling", offers="corrected"),
        REPLY: ECHO,
    },
    "grounding": {YES: GROUND, NO: NOT_NOW},
    "after_grounding": {
        YES: row("persistence.after_grounding next", opens="feeling"),
        REPLY: row("persistence.after_grounding next", opens="feeling"),
    },
    "writing": {YES: WRITE, NO: ALLOW, "unsure": NOT_NOW},
    "loop_break": {YES: WRITE, NO: ALLOW, "unsure": NOT_NOW, "ruminate": WRITE},
    "kept_words": {
        YES: row("acknowledge.words_kept", opens="feeling"),
        NO: row("acknowledge.words_not_kept", opens="feeling"),
    },
    "inoculation": {
        YES: row(starts="inoculation"),
        NO: row("acknowledge.waiting_on acknowledge.more", opens="feeling"),
    },
    "ask_feedback": {"want_writing": DRAFT, YES: DRAFT, NO: NOT_NOW},
    "follow_up_when": {
        REPLY: row("feedback.follow_up", opens="follow_up"),
        YES: row("feedback.follow_up", opens="follow_up"),
        NO: row("feedback.follow_up", opens="follow_up"),
        "tell_ghosted": row("feedback.follow_up", opens="follow_up"),
    },
    "follow_up": {
        YES: CLOSING,
        "want_writing": CLOSING,
        "request_feedback": CLOSING,
        "edit_draft": CLOSING,
        NO: NOT_NOW,
        REPLY: row("feedback.follow_up", opens="follow_up"),
        "ask_follow_up": row("perspective.ghosted_numbers", opens="follow_up"),
        "ruminate": row("perspective.ghosted_numbers", opens="follow_up"),
    },
    "plan": {YES: PLAN, REPLY: row("strategy.noted", opens="plan"), NO: NOT_NOW},
    "plan_made": {
        YES: row("strategy.plan_right", opens="feeling"),
        NO: row("strategy.plan_change", opens="plan"),
        "skip": row("strategy.plan_slips", opens="feeling"),
        "ask_clarify": row("strategy.plan_slips", opens="feeling"),
    },
    "skill": {
        REPLY: row("strategy.skill_ways", opens="plan"),
        YES: row("strategy.skill_ways", opens="plan"),
        NO: NOT_NOW,
    },
    "interview": {
        YES: row(starts="debrief", direction="do"),
        REPLY: row(starts="debrief", direction="do"),
        NO: NOT_NOW,
    },
    "cv": {YES: row(starts="cv_gap", direction="do"), NO: NOT_NOW},
    "change": {REPLY: row("strategy.noted", opens="plan"), YES: row("acknowledge.go_on", opens="feeling")},
    "next_step": {YES: PLAN, NO: NOT_NOW, "unsure": REST},
    "perspective": {
        YES: row("perspective.big_picture", opens="sort"),
        NO: NOT_NOW,
        "unsure": row("perspective.big_picture", opens="sort"),
    },
    "odds": {YES: row(starts="odds"), REPLY: row(starts="odds"), NO: NOT_NOW},
    "sort": {YES: row(starts="sort"), NO: NOT_NOW},
    "decode": {
        YES: row("feedback.meaning", opens="reading"),
        "ask_clarify": row("feedback.meaning", opens="reading"),
        "want_perspective": row("feedback.meaning", opens="reading"),
        "ask_why_rejected": row("feedback.meaning", opens="reading"),
        REPLY: row("feedback.meaning", opens="reading"),
        NO: row("feedback.not_changeable", opens="plan"),
    },
    "reading": {
        YES: row("feedback.reading_kept", opens="skill"),
        REPLY: row("feedback.reading_kept", opens="skill"),
        "prepare_interview": row("feedback.reading_kept", opens="skill"),
        "criticise_self": row("feedback.reading_kept", opens="skill"),
        "ruminate": row("feedback.reading_kept", opens="skill"),
        NO: row("feedback.not_changeable", opens="plan"),
    },
    "funnel": {REPLY: row("strategy.noted", opens="plan"), NO: NOT_NOW},
    "rest": {YES: REST, NO: ALLOW, "unsure": REST},
    "small_thing": {
        YES: SMALL,
        REPLY: SMALL,
        "care_for_self": SMALL,
        NO: NOT_NOW,
    },
    "tell": {
        YES: row(starts="tell_someone"),
        REPLY: row(starts="tell_someone"),
        "want_writing": row(starts="tell_someone"),
        "request_feedback": row(starts="tell_someone"),
        NO: NOT_NOW,
    },
    "text": {
        YES: row("acknowledge.text_kept", opens="feeling"),
        "thank": row("acknowledge.text_kept", opens="feeling"),
        NO: row("feedback.draft_change", opens="text"),
        REPLY: EDIT_TEXT,
        "edit_draft": EDIT_TEXT,
        "other_language": EDIT_TEXT,
    },
    "unfair": {YES: row(starts="unsent_letter"), NO: ECHO},
    "draft": {
        YES: row("feedback.draft_kept", opens="feeling"),
        "thank": row("feedback.draft_kept", opens="feeling"),
        NO: row("feedback.draft_change", opens="draft"),
        REPLY: EDIT,
        "edit_draft": EDIT,
        "vent": EDIT,
        "correct_bot": EDIT,
        "other_language": EDIT,
        "request_feedback": EDIT,
    },
    "win_story": {
        YES: WHO_HEARS,
        REPLY: WHO_HEARS,
        "share_win": WHO_HEARS,
        "report_progress": WHO_HEARS,
        "got_offer": WHO_HEARS,
        "tell_someone": row("celebrate.reward", opens="reward"),
        NO: ENOUGH,
    },
    "reward": {
        YES: row("celebrate.reward", opens="reward_chosen"),
        REPLY: row("celebrate.reward", opens="reward_chosen"),
        "tell_someone": row("celebrate.reward", opens="reward_chosen"),
        NO: ENOUGH,
    },
    "reward_chosen": {
        YES: row("celebrate.reward_chosen"),
        REPLY: row("celebrate.reward_chosen"),
        "care_for_self": row("celebrate.reward_chosen"),
        "unsure": ENOUGH,
        NO: ENOUGH,
    },
    "next_small": {YES: PLAN, NO: ENOUGH},
    "last_plan": {
        YES: row("celebrate.progress", opens="next_small"),
        NO: row("persistence.not_yet", opens="next_small"),
        "share_win": row("celebrate.progress", opens="next_small"),
        REPLY: row("celebrate.partly", opens="next_small"),
    },
    "delete": {YES: DELETED, "delete_data": DELETED, NO: row("talk.not_deleted")},
    "deleted": {"ask_stored": NOTHING_LEFT, "delete_data": NOTHING_LEFT},
    "recheck": {},
}
"""The rows of a question. REPLY is any short detail, also one that no intent is sure of."""

Option = tuple[re.Pattern[str], Row]


def _options(*pairs: tuple[str, Row]) -> tuple[Option, ...]:
    return tuple((re.compile(rf"\b(?:{words})", re.IGNORECASE), row) for words, row in pairs)


NOT_MINE = (
    "(can'?t|cannot|can not) (be )?(fix|chang|help|learn)|nothing i can do",
    row("feedback.not_changeable", opens="plan"),
)

GONE = (
    r"prove|proof|verify|delet|eras|wiped|believe you|are you sure|what'?s left|(any|no)thing.{0,12} (left|still)"
    r"|(it|that|this|all|everything)\b.{0,10} gone|(did|has) (it|that) work"
)
"""How people ask whether it was deleted, right after it was."""

NO_BUT = r"^(?!.*\b(not|isn|don|too|but|more|less|need)\b).*\b"

HALF_YES = "^(perhaps|maybe|kind of|kinda|sort of|a bit|a little|probably|i guess|i suppose)\\b"

OPTIONS: dict[str, tuple[Option, ...]] = {
    "decode": _options(NOT_MINE),
    "skill": _options(NOT_MINE),
    "plan": _options(NOT_MINE, (TIME, row("strategy.fits_time", opens="plan"))),
    "funnel": _options(
        ("no (answer|repl)|silence|nothing|never|cv|application", row("strategy.cv_tips", opens="cv")),
        ("screen|phone|call|interview", row("strategy.interview", opens="interview")),
        ("final|last|end|offer", row("perspective.big_picture", opens="sort")),
    ),
    "deleted": _options((GONE, NOTHING_LEFT)),
    "direction": _options(
        ("(just )?say\\b|listen|vent|talk|hear me|get it out", LISTEN),
        ("(make )?sense|understand|perspective|see it", MENU),
        ("do\\b|doing|action|help me do|fix", STEP),
    ),
    "self_criticism": _options((HALF_YES, HARSH)),
    "feeling": _options((HALF_YES, ALLOW)),
    "loop_break": _options(
        ("write|writing|paper", WRITE), ("ground|minute|breath|calm", GROUND), ("neither|none|no", ALLOW)
    ),
    "perspective": _options(
        ("thought|one thought|thinking", row(starts="thought_record")),
        ("sort|control|hands", row(starts="sort")),
        ("matters|values?", row(starts="values")),
        ("number|odds|chance|statistic", row("perspective.odds", opens="odds")),
        ("outside|friend|distance", row(starts="distanced")),
        ("bigger|big picture|whole", row("perspective.big_picture", opens="sort")),
    ),
    "next_step": _options(
        ("feedback|draft|email|ask", DRAFT),
        ("plan|small", PLAN),
        ("rest|break|pause|nothing", REST),
    ),
    "inoculation": _options(("yes|plan|both", row(starts="inoculation"))),
    "rest": _options(("pause|rest|break|yes", REST), ("talk|no", ALLOW)),
    "unfair": _options(("write|paper|letter", row(starts="unsent_letter")), ("talk", ALLOW)),
    "last_plan": _options(
        ("not yet|didn|no\\b|nope|forgot", row("persistence.not_yet", opens="next_small")),
        ("part|half|some|one of|1 of|did \\d|a bit", row("celebrate.partly", opens="next_small")),
        ("did|done|yes|yep|both|all", row("celebrate.progress", opens="next_small")),
    ),
    "next_small": _options(("smaller|next|step|keep|again", PLAN), ("leave", ENOUGH)),
    "reading": _options(NOT_MINE, ("none|neither", row("feedback.not_changeable", opens="plan"))),
    "kept_words": _options(("keep|yes", row("acknowledge.words_kept", opens="feeling"))),
    "draft": _options(
        ("unsent|separate", row(starts="unsent_letter")),
        (f"{NO_BUT}(copy|good|perfect|great|done|fine|send)", row("feedback.draft_kept", opens="feeling")),
    ),
    "text": _options(
        (f"{NO_BUT}(copy|good|perfect|great|done|fine|send)", row("acknowledge.text_kept", opens="feeling"))
    ),
}
"""What a short reply may pick by its own words, in the order of the buttons."""

ORDINALS = {
    "first": 0,
    "1": 0,
    "1st": 0,
    "second": 1,
    "2": 1,
    "2nd": 1,
    "third": 2,
    "3": 2,
    "3rd": 2,
    "last": -1,
}
ORDERED = frozenset({"direction", "loop_break", "perspective", "next_step"})
"""Questions whose options stand before the person in this order."""
PICK_WORDS = 6
"""A longer message says more than a choice."""


def picked(question: str | None, text: str) -> Row | None:
    """The option of an open question that a short message names, by its words or its place ("the second one")."""
    options = OPTIONS.get(question or "", ())
    words = re.findall(r"[\w']+", text.lower())
    if not options or not words or len(words) > PICK_WORDS:
        return None
    for pattern, chosen in options:
        if pattern.search(text):
            return chosen
    places = [ORDINALS[word] for word in words if word in ORDINALS]
    if question in ORDERED and places and len(words) <= 4 and -len(options) <= places[0] < len(options):
        return options[places[0]][1]
    return None
