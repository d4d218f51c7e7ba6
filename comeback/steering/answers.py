"""Rows for replies to a question that we asked: by the question, then by the reply's intent or its words."""

from __future__ import annotations

from comeback.steering.playbook import WEEK, Row, row
from comeback.vocabulary import Phrasing

YES, NO, REPLY = "affirm", "deny", "inform"

LISTEN = row("acknowledge.listening", opens="feeling", direction="say")
MENU = row("perspective.menu", opens="perspective", direction="sense")
STEP = row("strategy.next_step", opens="next_step", direction="do")
DRAFT = row(starts="feedback_request", direction="do")
PLAN = row(starts="if_then_plan", direction="do")
WRITE = row("acknowledge.writing", starts="self_compassion")
GROUND = row("persistence.grounding", starts="grounding")
REST = row("persistence.rest", opens="small_thing")
OFFER_REST = row("persistence.offer_rest", opens="rest", offers="rest")
UNSURE = row("acknowledge.unsure", opens="feeling")
SMALL = row("persistence.small_thing", opens="feeling")
ALLOW = row("acknowledge.permission next", opens="feeling")
HARSH = row("acknowledge.permission acknowledge.offer_writing", opens="writing", offers="writing")
NOT_NOW = row("talk.not_now", opens="feeling")
WEIGHED = row("strategy.weighed", opens="feeling")
ECHO = row("acknowledge.echo next", opens="feeling")
WHO_HEARS = row("celebrate.who_hears", opens="reward")
ENOUGH = row("celebrate.enough")
NUDGE = row(starts="nudge", direction="do")
CLOSING = row(starts="closing_note", direction="do")
REMEMBER_WEEKS = row("talk.memory_allowed", starts="weekly_check", offers=WEEK)
NO_REMINDER = row("persistence.reminder_dropped", opens="feeling")
EDIT = row("feedback.draft_edited", opens="draft")
EDIT_MESSAGE = row("strategy.message_edited", opens="message")
MESSAGE_KEPT = row("strategy.message_kept", opens="feeling")
DELETED = row("talk.deleted", opens="deleted")
NONE_OF_THEM = row("talk.no_answer", opens="feeling")
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
        "unsure": UNSURE,
        REPLY: ECHO,
    },
    "weigh": {REPLY: WEIGHED, YES: PLAN, NO: NOT_NOW},
    "self_criticism": {
        YES: HARSH,
        NO: row("talk.corrected", opens="feeling", offers="corrected"),
        REPLY: ECHO,
    },
    "which_question": {YES: row("talk.clarify", keeps=True), NO: NONE_OF_THEM},
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
    "ask_feedback": {
        YES: DRAFT,
        "want_writing": DRAFT,
        "request_feedback": DRAFT,
        "edit_draft": DRAFT,
        "tell_someone": DRAFT,
        NO: NOT_NOW,
    },
    "nudge": {
        YES: NUDGE,
        "want_writing": NUDGE,
        "request_feedback": NUDGE,
        "edit_draft": NUDGE,
        "ask_follow_up": NUDGE,
        NO: NOT_NOW,
    },
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
        "care_for_self": row("strategy.plan_slips", opens="feeling"),
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
    "next_step": {YES: PLAN, NO: NOT_NOW, "care_for_self": SMALL, "unsure": OFFER_REST},
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
    "rest": {YES: REST, NO: ALLOW, "unsure": UNSURE},
    "small_thing": {
        YES: SMALL,
        REPLY: SMALL,
        "care_for_self": SMALL,
        NO: NOT_NOW,
    },
    "tell": {
        YES: row(starts="message"),
        REPLY: ECHO,
        "want_writing": row(starts="message"),
        "request_feedback": row(starts="message"),
        NO: NOT_NOW,
    },
    "message": {
        YES: MESSAGE_KEPT,
        "thank": MESSAGE_KEPT,
        NO: row("feedback.draft_change", opens="message"),
        REPLY: EDIT_MESSAGE,
        "edit_draft": EDIT_MESSAGE,
        "correct_bot": EDIT_MESSAGE,
        "tell_someone": EDIT_MESSAGE,
        "request_feedback": EDIT_MESSAGE,
        "other_language": EDIT_MESSAGE,
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
    "reminder": {
        YES: row("persistence.reminder_made", opens="reminder_made"),
        REPLY: row("persistence.reminder", opens="reminder"),
        NO: NO_REMINDER,
        "skip": NO_REMINDER,
        "refuse_memory": NO_REMINDER,
    },
    "reminder_made": {NO: NO_REMINDER, "skip": NO_REMINDER},
    "week": {YES: row(starts="weekly_check"), NO: NOT_NOW},
    "remember": {YES: REMEMBER_WEEKS, "allow_memory": REMEMBER_WEEKS, NO: NOT_NOW, "refuse_memory": NOT_NOW},
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

BY_FACT = {
    "reminder": frozenset({"date", "duration"}),
    "plan": frozenset({"date"}),
    "next_step": frozenset({"date"}),
}
"""Questions that a message answers by naming such a fact, unless it only agrees."""

NOT_MINE = row("feedback.not_changeable", opens="plan")

OPTIONS: dict[str, dict[str, Row]] = {
    "decode": {"not_mine": NOT_MINE},
    "skill": {"not_mine": NOT_MINE},
    "plan": {"not_mine": NOT_MINE, "time": row("strategy.fits_time", opens="plan")},
    "funnel": {
        "silence": row("strategy.cv_tips", opens="cv"),
        "screen": row("strategy.interview", opens="interview"),
        "final": row("perspective.big_picture", opens="sort"),
    },
    "deleted": {"gone": NOTHING_LEFT},
    "direction": {"say": LISTEN, "sense": MENU, "do": STEP},
    "self_criticism": {"half_yes": HARSH},
    "feeling": {"half_yes": ALLOW},
    "loop_break": {"write": WRITE, "ground": GROUND, "neither": ALLOW},
    "perspective": {
        "thought": row(starts="thought_record"),
        "sort": row(starts="sort"),
        "values": row(starts="values"),
        "odds": row("perspective.odds", opens="odds"),
        "distanced": row(starts="distanced"),
        "bigger": row("perspective.big_picture", opens="sort"),
    },
    "which_question": {"none": NONE_OF_THEM},
    "next_step": {"feedback": DRAFT, "plan": PLAN, "rest": REST},
    "inoculation": {"both": row(starts="inoculation")},
    "rest": {"pause": REST, "talk": ALLOW},
    "tell": {"someone": row(starts="message")},
    "ask_feedback": {"mail": DRAFT},
    "unfair": {"write": row(starts="unsent_letter"), "talk": ALLOW},
    "last_plan": {
        "not_yet": row("persistence.not_yet", opens="next_small"),
        "partly": row("celebrate.partly", opens="next_small"),
        "did": row("celebrate.progress", opens="next_small"),
    },
    "next_small": {"smaller": PLAN, "leave": ENOUGH},
    "reading": {"not_mine": NOT_MINE, "none": NOT_MINE},
    "kept_words": {"keep": row("acknowledge.words_kept", opens="feeling")},
    "draft": {
        "unsent": row(starts="unsent_letter"),
        "good": row("feedback.draft_kept", opens="feeling"),
        "change": EDIT,
    },
    "message": {"good": MESSAGE_KEPT, "change": EDIT_MESSAGE},
}
"""What a short reply may pick, in the order of the buttons; its words stand in data/lexicons/phrasings.yml."""

ORDERED = frozenset({"direction", "loop_break", "perspective", "next_step"})
"""Questions whose options stand before the person in this order."""


def picked(question: str | None, phrasing: Phrasing) -> Row | None:
    """The option of an open question that a short message names, by its words or its place ("the second one")."""
    options = OPTIONS.get(question or "", {})
    if name := phrasing.picks.get(question or ""):
        return options[name]
    place = phrasing.place
    if question in ORDERED and place is not None and -len(options) <= place < len(options):
        return list(options.values())[place]
    return None
