"""The table: what the person does, under which condition, and what we do then.

A row is read from left to right: moves, condition, what they open. The first row of a cue whose condition holds is
taken; the last row of each cue has none, so that every turn has an answer. `next` stands for what follow_ups.py
says is due; answers.py holds the rows for replies to a question that we asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from comeback.steering import conditions as c
from comeback.steering.conditions import Condition

NEXT = "next"
WEEK = "week"
"""The offer that is made once in seven days."""


@dataclass(frozen=True)
class Row:
    says: tuple[str, ...]
    """Names of moves, in order; `next` for the follow-up that is due."""
    when: Condition | None = None
    opens: str | None = None
    """The question left open: a key of answers.ANSWERS."""
    starts: str | None = None
    """The exercise that begins; its first step follows the moves."""
    direction: str | None = None
    offers: str | None = None
    """What is remembered as offered, so that it is not offered twice."""
    keeps: bool = False
    """Whether the question that is open stays open."""


def row(
    says: str = "",
    when: Condition | None = None,
    *,
    opens: str | None = None,
    starts: str | None = None,
    direction: str | None = None,
    offers: str | None = None,
    keeps: bool = False,
) -> Row:
    return Row(tuple(says.split()), when, opens, starts, direction, offers, keeps)


TOLD = (
    row("acknowledge.rejection_good_mood", c.well_meant, opens="feeling"),
    row(
        "acknowledge.rejection_again next",
        c.every(c.told_before, c.another),
        opens="feeling",
    ),
    row("acknowledge.told_more next", c.told_before, opens="feeling"),
    row("acknowledge.rejection acknowledge.how_is_it", opens="feeling"),
)
WENT_WELL = row("acknowledge.small_win", c.every(c.told_before, c.mentions("went_well")), opens="feeling")
TOLD_THEM = row(
    "acknowledge.told_person",
    c.every(c.names("relation"), c.told_before, c.once("told_person"), c.mentions("told_them"), c.unrefused),
    opens="feeling",
    offers="told_person",
)
ANSWERED = ("rejection", "automatic", "screen", "final", "internal")
"""News after which there is nothing to wait for."""
PARTICULARS = ("company", "role", "rounds", "stage", "duration", "count")
"""Facts that belong to the news that was told."""

PLAYBOOK: dict[str, tuple[Row, ...]] = {
    "greet": (
        row("persistence.last_time", c.every(c.first_turn, c.has_plan), opens="last_plan"),
        row("persistence.week_first", c.every(c.first_turn, c.week_due), opens="week", offers=WEEK),
        row("talk.greet", c.first_turn, opens="direction", offers="direction"),
        row("talk.greet_again", opens="feeling"),
    ),
    "goodbye": (row("talk.goodbye"),),
    "thank": (row("talk.thanks"),),
    "tell_rejection": TOLD,
    "tell_rejection_automatic": TOLD,
    "tell_rejection_screen": TOLD,
    "tell_rejection_final": TOLD,
    "tell_ghosted": (
        row("perspective.answer_rate", c.every(c.has_draft, c.mentions("what_if")), opens="draft"),
        *TOLD,
    ),
    "tell_rejection_internal": TOLD,
    "tell_offer_withdrawn": TOLD,
    "tell_laid_off": TOLD,
    "show_letter": (row("perspective.letter", opens="ask_feedback"),),
    "await_answer": (
        row("perspective.waiting", c.once("inoculation"), opens="inoculation", offers="inoculation"),
        row("acknowledge.waiting_on next", opens="feeling"),
    ),
    "share_feeling": (
        row(
            "acknowledge.mixed acknowledge.more",
            c.either(c.mixed, c.every(c.news_is("offer"), c.low)),
            opens="feeling",
        ),
        WENT_WELL,
        row("celebrate.good_mood", c.every(c.in_good_mood, c.shows_joy), opens="win_story"),
        TOLD_THEM,
        row("acknowledge.feeling next", opens="feeling"),
    ),
    "vent": (
        row(
            "persistence.cool_down",
            c.every(c.mood_is("angry"), c.heard(2), c.offerable("cool_down")),
            opens="grounding",
            offers="cool_down",
        ),
        row("acknowledge.vent next", opens="feeling"),
    ),
    "criticise_self": (
        row(
            "acknowledge.self_criticism acknowledge.got_that_right",
            c.once("got_that_right"),
            opens="self_criticism",
            offers="got_that_right",
        ),
        row(
            "acknowledge.self_criticism acknowledge.offer_writing",
            c.offerable("writing"),
            opens="writing",
            offers="writing",
        ),
        row("acknowledge.self_criticism next", opens="feeling"),
    ),
    "compare_self": (row("acknowledge.comparison next", opens="feeling"),),
    "ruminate": (
        row(
            "persistence.inbox",
            c.every(c.mentions("checking"), c.once("inbox")),
            opens="plan",
            offers="inbox",
        ),
        row(
            "acknowledge.rumination acknowledge.offer_loop_break",
            c.once("loop_break"),
            opens="loop_break",
            offers="loop_break",
        ),
        row("acknowledge.rumination next", opens="feeling"),
    ),
    "give_up": (
        row("strategy.answer_resign_now", c.every(c.news_is("internal"), c.once("resign")), offers="resign"),
        row("persistence.give_up persistence.offer_rest", c.once("rest"), opens="rest", offers="rest"),
        row("persistence.give_up next", opens="feeling"),
    ),
    "worry_money": (
        row(
            "strategy.worry_money",
            c.every(c.wants_to_do, c.once("money"), c.unrefused),
            opens="plan",
            offers="money",
        ),
        row(
            "acknowledge.worry_money strategy.worry_money",
            c.every(c.heard(2), c.once("money"), c.unrefused),
            opens="plan",
            offers="money",
        ),
        row("acknowledge.worry_money next", opens="feeling"),
    ),
    "worry_visa": (row("acknowledge.worry_visa strategy.worry_visa", opens="plan"),),
    "worry_age": (row("acknowledge.worry_age next", opens="feeling"),),
    "worry_caring": (row("acknowledge.worry_caring next", opens="feeling"),),
    "report_unfair": (
        row("acknowledge.unfair acknowledge.unfair_next", c.once("unfair"), opens="unfair", offers="unfair"),
        row("strategy.unfair_who", c.once("unfair_who"), opens="plan", offers="unfair_who"),
        row("acknowledge.unfair next", opens="feeling"),
    ),
    "consider_change": (row("strategy.change", opens="change"),),
    "ask_why_rejected": (
        row("strategy.funnel", c.every(c.knows("count"), c.once("funnel")), opens="funnel", offers="funnel"),
        row("perspective.why_rejected", c.once("why_rejected"), opens="ask_feedback", offers="why_rejected"),
        row("talk.cannot_know", opens="feeling"),
    ),
    "ask_odds": (
        row(
            "perspective.answer_rate",
            c.every(c.has_draft, c.mentions("will_they_answer")),
            opens="draft",
        ),
        row(
            "perspective.ghosted_numbers",
            c.every(c.news_is("ghosted"), c.once("ghosted")),
            opens="follow_up",
            offers="ghosted",
        ),
        row("perspective.odds", opens="odds"),
    ),
    "want_perspective": (row("perspective.menu", opens="perspective", direction="sense"),),
    "want_to_be_heard": (row("acknowledge.listening", opens="feeling", direction="say"),),
    "want_advice": (
        row("strategy.which_first", c.mentions("either_or"), opens="plan", direction="do"),
        row(
            "strategy.worry_money",
            c.every(c.mentions("money"), c.once("money")),
            opens="plan",
            direction="do",
            offers="money",
        ),
        row("strategy.next_step_work", c.news_is("laid_off", "withdrawn"), opens="next_step", direction="do"),
        row("strategy.form_help", c.mentions("form"), opens="plan", direction="do"),
        row("strategy.next_step", opens="next_step", direction="do"),
    ),
    "want_writing": (row("acknowledge.writing", starts="self_compassion"),),
    "ask_grounding": (row("persistence.grounding", starts="grounding"),),
    "request_feedback": (
        row(
            "feedback.whether_to_ask",
            c.every(c.once("whether_to_ask"), c.either(c.mentions("whether"), c.news_is("automatic"))),
            opens="ask_feedback",
            offers="whether_to_ask",
        ),
        row(starts="message", when=c.for_somebody),
        row(starts="feedback_request", direction="do"),
    ),
    "edit_draft": (
        row("strategy.message_edited", c.has_message, opens="message"),
        row("feedback.draft_edited", c.has_draft, opens="draft"),
        row("feedback.no_draft", opens="ask_feedback"),
    ),
    "received_feedback": (row("feedback.received", opens="decode"),),
    "ask_follow_up": (
        row(
            "feedback.whether_to_ask",
            c.every(c.news_is(*ANSWERED), c.once("whether_to_ask"), c.no_draft),
            opens="ask_feedback",
            offers="whether_to_ask",
        ),
        row(
            "feedback.one_nudge",
            c.every(c.once("nudge"), c.either(c.mentions("none_sent"), c.unsent)),
            opens="nudge",
            offers="nudge",
        ),
        row(starts="nudge", when=c.mentions("none_sent")),
        row("feedback.follow_up", c.knows("duration"), opens="follow_up"),
        row(
            "feedback.follow_up_when",
            c.once("follow_up_when"),
            opens="follow_up_when",
            offers="follow_up_when",
        ),
        row("feedback.follow_up", opens="follow_up"),
    ),
    "improve_cv": (
        row("strategy.form_help", c.mentions("form"), opens="plan", direction="do"),
        row("strategy.cv_tips", opens="cv", direction="do"),
    ),
    "build_skills": (
        row(
            "strategy.skill_ways",
            c.pending_is("decode", "reading", "skill", "plan"),
            opens="plan",
            direction="do",
        ),
        row("strategy.skills", opens="skill", direction="do"),
    ),
    "network": (row("strategy.network", opens="plan", direction="do"),),
    "make_plan": (row(starts="if_then_plan", direction="do"),),
    "prepare_interview": (row("strategy.interview", opens="interview", direction="do"),),
    "care_for_self": (
        row("strategy.fits_time", c.every(c.wants_to_do, c.mentions("time_there_is")), opens="plan"),
        row("persistence.self_care", opens="small_thing"),
    ),
    "tell_someone": (
        row(
            "feedback.whether_to_ask",
            c.every(c.news_is("internal"), c.mentions("superior")),
            opens="ask_feedback",
        ),
        row(
            "acknowledge.tell_when",
            c.every(c.mentions("when_to_tell"), c.once("tell_when")),
            opens="tell",
            offers="tell_when",
        ),
        row("", c.mentions("write_it"), starts="message"),
        row("", c.pending_is("tell"), starts="message"),
        row(
            "acknowledge.told_person",
            c.every(c.names("relation"), c.told_before, c.once("told_person"), c.unasked),
            opens="feeling",
            offers="told_person",
        ),
        row("acknowledge.tell_someone", opens="tell"),
    ),
    "want_human": (row("persistence.human"),),
    "report_progress": (
        row("persistence.not_yet", c.mentions("not_done"), opens="next_small"),
        row("celebrate.partly", c.mentions("part_done"), opens="next_small"),
        row("celebrate.progress", opens="next_small"),
    ),
    "set_reminder": (
        row("persistence.reminder_dropped", c.mentions("no_reminder"), opens="feeling"),
        row("persistence.reminder", opens="reminder"),
    ),
    "ask_weeks": (
        row("persistence.weeks_not_here", c.at_kiosk, opens="feeling"),
        row("persistence.weeks_unkept", c.unremembered, opens="remember"),
        row("persistence.no_weeks", c.no_week_yet, opens="week", offers=WEEK),
        row("persistence.weeks", opens="feeling"),
    ),
    "check_week": (
        row("persistence.weeks_not_here", c.at_kiosk, opens="feeling"),
        row("persistence.weeks_unkept", c.unremembered, opens="remember"),
        row(starts="weekly_check", offers=WEEK),
    ),
    "share_win": (
        row(
            "acknowledge.effort next", c.every(c.told_before, c.mentions("effort"), c.no_joy), opens="feeling"
        ),
        row("celebrate.win", opens="win_story"),
    ),
    "ask_wins": (row("celebrate.ledger", opens="feeling"),),
    "got_offer": (
        row("celebrate.offer_mixed", c.every(c.low, c.mentions("mixed")), opens="feeling"),
        row("celebrate.offer", opens="win_story"),
    ),
    "ask_bot": (
        row("talk.why_safety", c.mentions("about_safety")),
        row("talk.what_i_am"),
    ),
    "ask_why_said": (
        row("talk.why_safety", c.last_was_safety),
        row("talk.why_safety", c.mentions("about_safety")),
        row("talk.why_said"),
    ),
    "ask_practical": (
        row("strategy.next_step", c.mentions("what_next"), opens="next_step", direction="do"),
        row("acknowledge.told_more next", c.every(c.told_before, c.unquestioned), opens="feeling"),
        row("talk.no_answer", opens="feeling"),
    ),
    "ask_clarify": (
        row(
            "perspective.why_rejected", c.every(c.told_before, c.mentions("they_mean")), opens="ask_feedback"
        ),
        row("talk.clarify", c.asked),
        row("talk.clarify", opens="direction"),
    ),
    "ask_help": (
        row("strategy.form_help", c.mentions("form"), opens="plan", direction="do"),
        row("talk.help", opens="direction"),
    ),
    "ask_safety": (row("talk.safety_protocol"),),
    "ask_stored": (
        row("talk.nothing_left", c.erased, opens="deleted"),
        row("talk.stored"),
    ),
    "export_data": (row("talk.exported"),),
    "delete_data": (
        row("talk.nothing_left", c.erased, opens="deleted"),
        row("talk.confirm_delete", opens="delete"),
    ),
    "ask_private": (
        row("talk.private_device", c.every(c.mentions("work_device"), c.once("device")), offers="device"),
        row("talk.private_device_again", c.mentions("work_device")),
        row("talk.private"),
    ),
    "allow_memory": (
        row("talk.name_allowed", c.mentions("name_only")),
        row("talk.memory_allowed"),
    ),
    "refuse_memory": (row("talk.memory_refused"),),
    "off_topic": (row("talk.off_topic"),),
    "abuse": (
        row("talk.abuse", c.once("boundary"), offers="boundary"),
        row("talk.abuse_again"),
    ),
    "probe_bot": (row("talk.probe"),),
    "other_language": (row("talk.language"),),
    "correct_bot": (
        row(
            "acknowledge.fact_corrected",
            c.names("company", "role", "person", "rounds", "relation"),
            opens="feeling",
        ),
        row("acknowledge.feeling_corrected acknowledge.more", c.feels, opens="feeling"),
        row("talk.corrected", c.once("corrected"), opens="feeling", offers="corrected"),
        row("talk.corrected_again", opens="direction"),
    ),
    "affirm": (
        row("", c.paused, starts="resume"),
        row("acknowledge.go_on", opens="feeling"),
    ),
    "deny": (
        row("acknowledge.rejection acknowledge.how_is_it", c.first_turn, opens="feeling"),
        row("talk.denied", opens="direction"),
    ),
    "unsure": (row("acknowledge.unsure", opens="feeling"),),
    "skip": (row("talk.skipped", opens="direction"),),
    "inform": (
        row("talk.minutes", c.has_minutes, opens="direction", offers="direction"),
        row("persistence.last_time", c.every(c.first_turn, c.has_plan), opens="last_plan"),
        row("strategy.form_help", c.mentions("form"), opens="plan"),
        row("strategy.fits_time", c.mentions("time_there_is"), opens="plan"),
        WENT_WELL,
        row("persistence.said_plan", c.every(c.mentions("will_do"), c.names("date")), opens="feeling"),
        row("acknowledge.resolve", c.every(c.told_before, c.mentions("will_do")), opens="feeling"),
        row("strategy.noted", c.every(c.wants_to_do, c.mentions("doing"), c.unrefused), opens="plan"),
        row(
            "acknowledge.small_win",
            c.every(c.told_before, c.mentions("done_it"), c.unrefused),
            opens="feeling",
        ),
        row("acknowledge.effort next", c.every(c.told_before, c.mentions("effort")), opens="feeling"),
        TOLD_THEM,
        row("acknowledge.told_more next", c.every(c.told_before, c.names(*PARTICULARS)), opens="feeling"),
        row("acknowledge.noted", c.names("company", "role"), opens="feeling"),
        row("acknowledge.echo next", opens="feeling"),
    ),
    "crisis": (row("acknowledge.more"),),
    "nlu_fallback": (row("talk.fallback", opens="direction"),),
}
"""`crisis` stands for completeness: safety.py has answered before the table is read. `ask_safety` is a command."""
