"""Situations that are answered in their own words, where the tables have only a general comfort.

Their lines stand in data/situations, their answers (`utter_acknowledge_situation_<name>`, of good ones
`utter_celebrate_situation_<name>`) in data/responses/situations*.yml.
"""

from __future__ import annotations

import re
from dataclasses import replace

from comeback.steering.intent_groups import NEWS, OFFER
from comeback.steering.memory import Memory
from comeback.steering.playbook import NEXT, Row
from comeback.vocabulary import Turn

SORE = (
    "promised_date_broken silent_after_final checking_mail form_letter_cold wrong_name no_within_minutes "
    "no_on_bad_day no_in_public praised_then_no runner_up job_reposted already_decided friend_of_boss "
    "less_experienced_chosen trained_the_winner told_too_expensive told_overqualified told_no_experience "
    "told_not_a_fit no_reason_given mixed_messages hurtful_remark interviewer_rude post_cancelled "
    "offer_pulled_after_quitting free_work many_rounds travelled_far recruiter_vanished verbal_promise "
    "failed_the_test failed_probation fake_job same_firm_again place_on_course no_sponsorship went_blank "
    "cried_there said_something_stupid tech_failed dream_employer last_hope perfect_match nobody_read_it "
    "laid_off_by_script laid_off_after_years no_goodbye heard_from_others laid_off_others_stay "
    "fired_over_mistake replaced_by_machine first_day_without who_am_i_without contract_ended "
    "own_business_closed pushed_out stuck_in_bad_job works_with_the_winner boss_knows lower_job_shame "
    "gig_tired ashamed_to_tell_family said_it_went_well pretends_to_work avoids_people friend_got_it "
    "compared_at_home posts_of_others partner_carries_it parents_disappointed quarrel_at_home brushed_off "
    "people_keep_asking referral_embarrassed children_notice told_everyone nobody_to_talk_to "
    "always_the_strong_one angry_at_friend interview_soon_nervous answer_due_today relieved_by_no "
    "kind_rejection good_answer_given said_no_themselves friend_helped_much someone_was_kind visa_clock "
    "cares_for_someone cared_for_years back_from_parenthood grief_at_same_time ill_at_same_time suspects_discrimination "
    "record_follows from_other_world money_runs_out sold_things benefit_office afraid_to_open afraid_of_next "
    "dread_monday stays_in_bed bad_nights food_off drinks_more numb_about_it nothing_is_fun "
    "tears_out_of_nowhere angry_at_system angry_at_self up_and_down hope_hurts tired_of_advice tired_of_forms "
    "lost_count days_blur ashamed_of_talking_to_a_bot feels_cursed pattern_since_long long_time_without "
    "jokes_about_count jokes_about_process prepared_for_nothing wrong_language feels_too_old feels_too_young "
    "ashamed_of_gap body_or_illness brain_works_differently left_job_for_this regrets_path should_have "
    "felt_stupid_for_hoping laughs_and_cries thankful_but_flat fine_really does_not_know_what_to_feel "
    "doesnt_know_why_here first_time_ever compares_with_past lost_confidence"
).split()
GOOD = (
    "did_one_thing interview_invited offer_scared offer_mixed offer_after_many offer_guilt "
    "recruiter_reached_out someone_believes asked_them better_today finished_something new_idea "
    "voluntary_work_helps small_comfort helped_someone"
).split()
PREFIX = "situation_"
ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|ok|no|well|then|just|please) )*(?:what|who|how|when|where|why|which|should|can|could|do|does|did|is|are|will|would|"
    r"have|may|must|am|shall)\b",
    re.IGNORECASE,
)
"""A question that begins as one; "i didnt??" is none."""
OF_OFFERS = ("offer_scared", "offer_mixed", "offer_after", "offer_guilt")
MIXED = "celebrate.offer_mixed"
NAMES_NEWS = "acknowledge.rejection"
"""What is told for the first time is named before what is particular about it."""
GENERAL = frozenset(
    f"acknowledge.{name}"
    for name in (
        "rejection rejection_again rejection_good_mood told_more feeling vent echo self_criticism comparison rumination "
        "waiting_on worry_money worry_visa worry_age worry_caring unfair effort mixed small_win resolve more tell_someone listening "
        "go_on unsure noted"
    ).split()
) | frozenset(
    "celebrate.good_mood celebrate.win celebrate.offer celebrate.offer_mixed celebrate.progress perspective.waiting "
    "persistence.give_up talk.fallback talk.fallback_menu talk.which talk.denied talk.corrected talk.probe talk.off_topic".split()
)
"""Moves in whose place the particular is said."""


def particular(chosen: Row, turn: Turn, memory: Memory) -> Row:
    """The row, or, where it is a general comfort for a situation that is known, one that answers the situation."""
    name = turn.reading.situation
    first = next((says for says in chosen.says if says != NEXT), None)
    if (
        name is None
        or first not in GENERAL
        or chosen.starts
        or ASKS.search(turn.reading.phrasing.question or "")
    ):
        return chosen
    if name in memory.situations or not _fits(name, first, turn, memory):
        return chosen
    told = f"{'celebrate' if name in GOOD else 'acknowledge'}.{PREFIX}{name}"
    named = (first,) if first == NAMES_NEWS and memory.news is None else ()
    opens = chosen.opens if name in GOOD or chosen.opens == "tell" else "feeling"
    knowing = tuple(says for says in chosen.says if says.startswith("strategy.") and "offer" not in says)
    return replace(
        chosen, says=(*named, told, *knowing), opens=chosen.opens if knowing else opens, offers=None
    )


def _fits(name: str, first: str, turn: Turn, memory: Memory) -> bool:
    """No no is celebrated, no offer is spoken of where there is none, and a yes beside a no stays both."""
    offer = (
        turn.reading.intent == "got_offer" or memory.news == OFFER or "got_it" in turn.reading.phrasing.cues
    )
    if name.startswith(OF_OFFERS):
        return offer and turn.reading.intent not in NEWS
    return not (first == MIXED or (name in GOOD and turn.reading.intent in NEWS))


def answered(chosen: Row) -> tuple[str, ...]:
    """The situations that a row answers."""
    moves = (name.partition(".")[2] for name in chosen.says)
    return tuple(move.removeprefix(PREFIX) for move in moves if move.startswith(PREFIX))
