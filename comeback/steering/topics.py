"""Practical questions that are answered at once: the topics of the intent ask_practical.

Their lines stand in data/nlu/questions*.yml, their answers (`utter_strategy_answer_<topic>`) in data/responses/questions*.yml.
"""

from __future__ import annotations

APPLYING = (
    "cv_dates cv_gap cv_length cover_letter references reapply overqualified why_left how_many still_posted salary "
    "lower_job test_task auto_reject availability keep_on_file runner_up trial_pay get_experience background_check ats "
    "agency ghost_jobs blacklisted speculative track word_line no_numbers portfolio linkedin_profile "
    "recognition tailor_cv cv_photo_hobbies ai_for_cv degree_unfinished where_to_look use_recruiters career_fair remote_jobs "
    "job_scam until_next_intake later_apprenticeship job_hopping apply_while_employed ask_status many_nudges"
)
INTERVIEWS = (
    "bad_interview tell_interviewer health_tell short_answers going_blank nerves hard_questions video_interview "
    "group_assessment gap_spoken adjustments pregnancy thank_you_note how_long_wait reply_rejection "
    "phone_interview sound_confident about_yourself weakness_question why_us salary_question questions_for_them what_to_wear "
    "late_or_missed language_interview second_interview presentation_task aptitude_test say_was_fired say_was_laid_off "
    "reschedule_interview cry_in_interview interview_blunder"
)
REASONS = (
    "must_they_say complain age_odds was_it_me normal does_it_end rights impressed_then_no insider learn_from_no wrong_path too_late "
    "what_to_note_down time_limits why_not_shortlisted criminal_record how_long_search market_or_me when_to_stop"
)
PEOPLE = (
    "connect face_them tell_them_off post_online tell_in_person told_current_boss ask_for_talk fraud friend_did_not "
    "support_someone tell_partner tell_parents people_ask tell_children reach_out mentor talk_or_write"
)
DAYS = (
    "cant_sleep how_long_hurt cried take_break days_without_work cannot_start personal confidence keep_going inbox volunteering am_i_bad "
    "social_media_break ask_person cry_at_work normal_rejection employment_office where_to_learn "
    "money_help gig_meanwhile temp_work first_days "
    "plan_a_day after_no_evening register_unemployed rent_and_debt insurance_after_job freelance_start"
)
DECISIONS = (
    "good_idea visa_help visa_clock pros_cons more_time resign_now offer_risk offer_withdrawn severance job_back negotiate give_notice "
    "leave_terms stay_or_go career_change course_worth relocate "
    "impostor_new_job new_job_mistake two_offers decline_offer check_contract"
)
TOPICS = f"{APPLYING} {INTERVIEWS} {REASONS} {PEOPLE} {DAYS} {DECISIONS}".split()
