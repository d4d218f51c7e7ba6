"""Practical questions that are answered at once: the topics of the intent ask_practical.

Their lines stand in data/nlu/questions*.yml, their answers (`utter_strategy_answer_<topic>`) in data/responses/questions*.yml.
"""

from __future__ import annotations

APPLYING = (
    "cv_dates cv_gap cv_length cover_letter references reapply overqualified why_left how_many still_posted salary "
    "lower_job test_task auto_reject availability keep_on_file runner_up trial_pay get_experience background_check ats "
    "agency ghost_jobs blacklisted speculative track word_line no_numbers portfolio linkedin_profile "
    "recognition"
)
INTERVIEWS = (
    "bad_interview tell_interviewer health_tell short_answers going_blank nerves hard_questions video_interview "
    "group_assessment gap_spoken adjustments pregnancy thank_you_note how_long_wait reply_rejection"
)
REASONS = "must_they_say was_it_me normal does_it_end rights impressed_then_no insider learn_from_no wrong_path too_late"
PEOPLE = (
    "connect face_them tell_them_off post_online tell_in_person told_current_boss ask_for_talk fraud friend_did_not "
    "support_someone tell_partner tell_parents people_ask tell_children reach_out mentor"
)
DAYS = (
    "cant_sleep how_long_hurt cried take_break days_without_work cannot_start personal confidence keep_going inbox volunteering "
    "money_help gig_meanwhile temp_work first_days"
)
DECISIONS = (
    "visa_help visa_clock pros_cons more_time resign_now offer_risk offer_withdrawn severance job_back negotiate give_notice "
    "leave_terms stay_or_go career_change course_worth relocate"
)
TOPICS = f"{APPLYING} {INTERVIEWS} {REASONS} {PEOPLE} {DAYS} {DECISIONS}".split()
