"""Intents that steering treats alike."""

from __future__ import annotations

NEWS = {
    "tell_rejection": "rejection",
    "tell_rejection_automatic": "automatic",
    "tell_rejection_screen": "screen",
    "tell_rejection_final": "final",
    "tell_ghosted": "ghosted",
    "tell_rejection_internal": "internal",
    "tell_offer_withdrawn": "withdrawn",
    "tell_laid_off": "laid_off",
}
OFFER = "offer"
"""The type of the news when it was good."""
FELT = frozenset(
    {*NEWS, "share_feeling", "vent", "criticise_self", "compare_self", "ruminate", "give_up", "report_unfair"}
)
ADVISORY = frozenset(
    "improve_cv prepare_interview network build_skills care_for_self want_advice consider_change ask_why_rejected "
    "want_perspective report_unfair worry_money worry_visa worry_age worry_caring".split()
)
"""Wishes for help, of which a practical question is a more particular one."""
SAID_ALOUD = frozenset(
    "face_them ask_for_talk tell_in_person people_ask tell_children tell_partner tell_parents".split()
)
"""Topics of what is said to somebody face to face, where a message would be no answer."""
WORRIES = frozenset({"worry_money", "worry_visa", "worry_age", "worry_caring"})
KINDS_OF_HURT = frozenset("vent criticise_self compare_self ruminate give_up report_unfair".split())
PLAIN_REPLIES = frozenset("affirm deny correct_bot edit_draft nlu_fallback crisis".split())
COSTLY = frozenset(
    "delete_data export_data got_offer abuse probe_bot off_topic other_language goodbye skip refuse_memory ask_clarify".split()
)
"""What would be hurtful or odd to answer when it was not meant; below COSTLY_SURE a feeling is heard instead."""
REQUESTING = ("ask_", "want_", "worry_", "request_")
"""Beginnings of the intents that ask for something."""
KEEPS_QUESTION = frozenset({"ask_clarify", "ask_why_said", "ask_bot", "ask_private", "off_topic"})
NO_CHOICE = KEEPS_QUESTION | frozenset(
    "ask_stored export_data delete_data ask_weeks check_week goodbye abuse probe_bot other_language".split()
)
"""What is not an answer to a question of ours, whatever words it holds."""
DONE = frozenset({"share_win", "report_progress"})
STARTING = frozenset({"request_feedback", "make_plan", "want_writing", "tell_someone", "ask_follow_up"})
"""What is not begun when the message puts it off."""
EXERCISING = frozenset("ask_grounding want_writing care_for_self make_plan build_skills want_advice".split())
"""What is not begun when the message refuses it."""
