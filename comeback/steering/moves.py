"""Every move by its name "<stage>.<move>": what it does (ESConv's strategies), what it rests on and what it is for.

Its words are `utter_<stage>_<move>` in data/responses.
"""

from __future__ import annotations

from comeback.steering.situations import GOOD, PREFIX, SORE
from comeback.steering.topics import TOPICS
from comeback.vocabulary import Move, Stage, Strategy

ASK, REFLECT, RESTATE = Strategy.QUESTION, Strategy.REFLECTION, Strategy.RESTATEMENT
AFFIRM, INFORM, SUGGEST = Strategy.AFFIRMATION, Strategy.INFORMATION, Strategy.SUGGESTION

Entry = tuple[str, Strategy, str | None, str]

ACKNOWLEDGE: tuple[Entry, ...] = (
    ("rejection", RESTATE, "E10", "the loss is named in their own words"),
    ("rejection_again", RESTATE, "E10", "another one is its own loss"),
    ("told_more", RESTATE, "E10", "each detail of the same loss is taken in, not counted as another"),
    ("effort", RESTATE, "E10", "the work that went into it is part of the loss"),
    ("rejection_good_mood", REFLECT, "E10", "relief is a feeling too"),
    ("how_is_it", ASK, "E11", "their own word for it comes before any of mine"),
    ("feeling", REFLECT, "E10", "a feeling that is named back weighs less"),
    ("feeling_corrected", REFLECT, "E17", "the word they chose replaces mine"),
    ("kind_words", AFFIRM, "E10", "a true and kind word was asked for"),
    ("told_person", REFLECT, "E10", "having told someone makes it two losses"),
    ("mixed", REFLECT, "E10", "two feelings at once are two, and neither is corrected"),
    ("bereaved", REFLECT, "E10", "a death comes before everything else"),
    ("alone_with_it", REFLECT, "E5", "having nobody to tell is part of the load"),
    ("no_rush", AFFIRM, "E17", "silence is an answer"),
    ("resolve", AFFIRM, "E15", "a small decision of theirs is seen"),
    ("echo", RESTATE, "E17", "their own words are heard before anything is added"),
    ("vent", REFLECT, "E14", "said once, anger can be heard"),
    ("self_criticism", REFLECT, "E3", "harsh self-talk is heard before it is answered"),
    ("got_that_right", ASK, "E17", "a guess about a feeling is checked"),
    ("comparison", REFLECT, "E10", "comparing hurts, and that is said first"),
    ("rumination", REFLECT, "E10", "a loop is named as a loop"),
    ("waiting_on", REFLECT, "E10", "waiting is heavy on its own"),
    ("worry_money", REFLECT, "E10", "the pressure is real"),
    ("worry_visa", REFLECT, "E10", "a clock that others set is real pressure"),
    ("worry_age", REFLECT, "E10", "the suspicion is heard, not argued with"),
    ("worry_caring", REFLECT, "E10", "other people's needs are part of the load"),
    ("unfair", REFLECT, "E10", "unfairness is heard before it is weighed"),
    ("unfair_next", ASK, "E14", "facts come after the first heat"),
    ("permission", AFFIRM, "E10", "it is allowed to hurt"),
    ("unsure", AFFIRM, "E10", "not knowing is an answer"),
    ("more", ASK, "E17", "there may be more to say"),
    ("go_on", ASK, "E17", "they said yes, and may go on"),
    ("direction", ASK, "E10", "what helps first is theirs to choose"),
    ("listening", ASK, "E17", "they asked to be heard"),
    ("noted", RESTATE, "E17", "what they gave is used"),
    ("fact_corrected", RESTATE, "E17", "what they put right is put right"),
    ("offer_writing", SUGGEST, "E3", "kinder words to oneself helped job seekers in a trial"),
    ("offer_loop_break", SUGGEST, "E1", "writing it once can stop the replay"),
    ("offer_tell", SUGGEST, "E5", "a real person beside a program"),
    ("tell_someone", SUGGEST, "E5", "a real person beside a program"),
    ("tell_when", ASK, "E5", "when to tell is theirs to decide"),
    ("writing", SUGGEST, "E3", "they chose to write"),
    ("for_other", REFLECT, "E5", "whoever watches somebody else's no is heard as such"),
    ("small_win", AFFIRM, "E15", "what was done on such a day is noticed"),
    *(
        (f"{PREFIX}{name}", REFLECT, "E17", "this very thing is heard, and not only that it is hard")
        for name in SORE
    ),
    ("words_kept", AFFIRM, "E3", "a truer sentence of their own is worth keeping"),
    ("words_not_kept", AFFIRM, None, "nothing is kept that they do not want kept"),
)
PERSPECTIVE: tuple[Entry, ...] = (
    ("menu", ASK, "E6", "how to look at it is theirs to choose"),
    ("offer", ASK, "E6", "looking from outside is offered once, after listening"),
    ("waiting", REFLECT, "E4", "waiting is named before it is planned for"),
    ("why_rejected", INFORM, "E6", "what can and cannot be known is kept apart"),
    ("odds", INFORM, "careerplug-2025", "a dated number with its limit"),
    ("answer_rate", INFORM, "talentboard-2022", "what is known of answers to such mails, and what is not"),
    ("ghosted_numbers", INFORM, "greenhouse-2024", "silence is common, with source and limit"),
    ("big_picture", INFORM, "E6", "one no beside the whole search"),
    ("letter", INFORM, None, "what a letter says and what is form"),
)
FEEDBACK: tuple[Entry, ...] = (
    ("whether_to_ask", INFORM, "E8", "not every no is worth a question"),
    ("draft_edited", SUGGEST, None, "their words, their tone"),
    ("draft_unclear", ASK, None, "what was not understood is said, and nothing is called changed"),
    ("draft_same", INFORM, None, "what did not change is not called changed"),
    ("draft_shown", INFORM, None, "what they do not see is shown again"),
    ("draft_declined", INFORM, "E14", "what would hurt them stays out of the mail"),
    ("no_draft", ASK, None, "there is no draft yet"),
    ("draft_kept", AFFIRM, None, "it is theirs to send"),
    ("draft_change", ASK, None, "it should sound like them"),
    ("received", RESTATE, "E8", "feedback is sorted before it is used"),
    ("meaning", INFORM, "E8", "vague words have several readings"),
    ("reading_kept", RESTATE, "E8", "their own evidence decides between readings"),
    ("not_changeable", AFFIRM, "E8", "what cannot be trained is not a task"),
    ("one_nudge", INFORM, None, "one polite question is normal"),
    ("follow_up_when", ASK, None, "how long ago decides what to write"),
    ("follow_up", INFORM, None, "one nudge, then closure"),
)
STRATEGY: tuple[Entry, ...] = (
    ("next_step", SUGGEST, "E5", "they asked what to do"),
    ("which_first", SUGGEST, "E7", "they named the choices themselves"),
    ("next_step_work", SUGGEST, "E5", "they asked what to do, and there is nobody to ask for feedback"),
    ("offer_step", ASK, "E5", "a step is offered once, after listening"),
    ("worry_money", INFORM, None, "money is a question for people who know the rules"),
    ("worry_visa", INFORM, None, "only an adviser may say what the rules mean for one person"),
    ("unfair_who", INFORM, None, "whether it was unlawful is for people who know the rules"),
    ("weighed", AFFIRM, None, "they did the weighing"),
    ("change", ASK, "E8", "a change is looked at before it is planned"),
    ("funnel", ASK, "E5", "where a search stops decides what to change"),
    ("cv_tips", SUGGEST, "E5", "fit beats polish"),
    ("skills", ASK, "E8", "a learning goal, not a volume goal"),
    ("skill_ways", SUGGEST, "E8", "three sizes of one step"),
    ("network", INFORM, "E5", "routes change the odds"),
    ("interview", ASK, "E8", "one question to get better at"),
    ("fits_time", SUGGEST, "E7", "a plan that fits the time there is"),
    ("noted", RESTATE, "E7", "a detail makes a plan"),
    ("form_help", SUGGEST, "E5", "a tedious form done once"),
    ("message_edited", SUGGEST, None, "their words, their tone"),
    ("message_unclear", ASK, None, "what was not understood is said, and nothing is called changed"),
    ("message_same", INFORM, None, "what did not change is not called changed"),
    ("message_wrong", ASK, None, "a wrong message is not shown twice"),
    ("message_sent", AFFIRM, "E15", "what took nerve is seen"),
    ("one_thing", SUGGEST, "E7", "they asked for one thing, and get one"),
    ("message_kept", AFFIRM, None, "it is theirs to send"),
    ("plan_right", AFFIRM, "E7", "a plan they agree to"),
    ("plan_change", ASK, "E7", "a plan that does not fit is changed"),
    ("week_asked", ASK, "E7", "a plan for some days needs to know which"),
    ("step_taken", AFFIRM, "E7", "they decided on a step themselves"),
    ("visa_noted", INFORM, None, "what a permit allows is for an adviser to say"),
    ("week_proposed", SUGGEST, "E7", "they said how much, so that days can be proposed"),
    ("week_set", INFORM, "E7", "a plan for the week is theirs, set out plainly"),
    ("plan_again", INFORM, "E7", "a plan is theirs to hear again"),
    ("plan_slips", INFORM, "E7", "a missed day is part of the plan"),
    *((f"answer_{topic}", INFORM, None, "a plain question is answered first") for topic in TOPICS),
)
PERSISTENCE: tuple[Entry, ...] = (
    ("cool_down", SUGGEST, "E14", "anger eases by cooling, not by more of it"),
    ("offer_grounding", SUGGEST, "E14", "calm first"),
    ("give_up", REFLECT, "E9", "wanting to stop is tiredness before it is a decision"),
    ("offer_rest", ASK, "E9", "rest and stopping are two things"),
    ("rest", AFFIRM, "E9", "rest is part of a search"),
    ("self_care", SUGGEST, "E13", "one small thing today"),
    ("small_thing", AFFIRM, "E13", "small and today"),
    ("inbox", SUGGEST, "E7", "two fixed times to look end the checking"),
    ("human", INFORM, None, "a person, when a person is wanted"),
    ("reminder", ASK, None, "only what I can truly do, and only with a yes"),
    ("reminder_made", INFORM, None, "one entry, in their own calendar"),
    ("reminder_dropped", INFORM, None, "a reminder is theirs to drop"),
    ("week_first", ASK, "E9", "two short questions, once a week at most"),
    ("offer_week", ASK, "E9", "two short questions, once a week at most"),
    ("weeks", INFORM, "E9", "their own numbers, shown to nobody else"),
    ("no_weeks", ASK, "E9", "there is nothing to look back on yet"),
    ("weeks_not_here", INFORM, None, "a kiosk keeps nothing"),
    ("weeks_unkept", ASK, None, "numbers are kept only with a yes"),
    ("last_time", ASK, "E9", "a plan is asked after once, without guilt"),
    ("not_yet", AFFIRM, "E9", "a plan that did not happen was too big, not a failure"),
    ("said_plan", AFFIRM, "E7", "a day and a deed are a plan already"),
    ("grounding", SUGGEST, "E14", "calm first"),
    ("after_grounding", AFFIRM, "E14", "the body first, then the rest"),
)
CELEBRATE: tuple[Entry, ...] = (
    ("good_mood", AFFIRM, "E16", "a good moment is joined, not corrected"),
    ("progress", AFFIRM, "E15", "what was done is named exactly"),
    ("partly", AFFIRM, "E15", "a part done is done"),
    ("win", AFFIRM, "E15", "small progress is the strongest good event"),
    ("good_told", AFFIRM, "E15", "a good thing beside the no is seen"),
    ("ledger", INFORM, "E15", "what they did, in one place"),
    ("offer", AFFIRM, "E16", "good news grows when it is told"),
    ("offer_mixed", REFLECT, "E16", "mixed feelings about good news are heard"),
    ("who_hears", ASK, "E16", "good news grows when it is told"),
    ("reward", SUGGEST, "E15", "a reward of their own choosing"),
    ("reward_chosen", AFFIRM, "E15", "a reward of their own choosing"),
    *((f"{PREFIX}{name}", AFFIRM, "E16", "good news grows when it is told") for name in GOOD),
    ("enough", AFFIRM, "E15", "it counts without anything more"),
)
TALK: tuple[Entry, ...] = (
    ("disclosure", INFORM, None, "a program says that it is one"),
    ("disclosure_again", INFORM, None, "a program says that it is one"),
    ("greet", ASK, None, "to begin where they are"),
    ("greet_again", ASK, None, "to go on where they are"),
    ("minutes", ASK, None, "their time decides what fits"),
    ("goodbye", AFFIRM, None, "a goodbye is accepted at once"),
    ("thanks", AFFIRM, None, "thanks are accepted without more"),
    ("what_i_am", INFORM, None, "they asked what I am"),
    ("why_said", INFORM, None, "they asked why"),
    ("why_safety", INFORM, "E18", "they asked why I ask about safety"),
    ("safety_protocol", INFORM, "E18", "they asked what happens in a crisis"),
    ("feelings_off", INFORM, None, "they may switch off the reading of feelings"),
    ("clarify", RESTATE, None, "it was not clear"),
    ("help", INFORM, None, "they asked what there is"),
    ("what_use", INFORM, None, "they asked why they should spend time on us"),
    ("stored", INFORM, None, "nothing is hidden"),
    ("exported", INFORM, None, "it is theirs"),
    ("confirm_delete", ASK, None, "deleting is asked once"),
    ("deleted", INFORM, None, "it is theirs to delete"),
    ("not_deleted", INFORM, None, "nothing was deleted"),
    ("nothing_left", INFORM, None, "an erasure can be checked"),
    ("private", INFORM, None, "they asked who sees this"),
    ("private_device", INFORM, None, "a device of an employer is the employer's to look into"),
    ("private_device_again", INFORM, None, "a device of an employer is the employer's to look into"),
    ("memory_allowed", INFORM, None, "consent is theirs"),
    ("name_allowed", INFORM, None, "consent is theirs, for one thing alone"),
    ("memory_refused", INFORM, None, "consent is theirs"),
    ("off_topic", ASK, None, "it is not what I am made for"),
    ("abuse", ASK, None, "a boundary, and the door stays open"),
    ("abuse_again", AFFIRM, None, "a boundary is said once"),
    ("probe", INFORM, None, "there is nothing hidden"),
    ("language", INFORM, None, "I read English"),
    ("corrected", ASK, "E17", "I misread, and the next turn is theirs"),
    ("corrected_again", ASK, "E17", "two misreadings call for choices"),
    ("no_answer", INFORM, None, "what I do not know I do not make up"),
    ("good_missed", RESTATE, "E17", "what went well was passed over, and is taken up"),
    ("which_question", ASK, None, "a question that I am not sure of is asked back, with what it may be"),
    ("cannot_know", INFORM, None, "what only others know I do not guess"),
    ("missed_question", INFORM, None, "a question that got no answer is owned"),
    ("draft_gone", AFFIRM, None, "a draft they do not want is gone"),
    ("no_offer", RESTATE, None, "I took a no for an offer, and own it"),
    ("denied", ASK, "E17", "a no is taken as a no"),
    ("no_talk", ASK, "E17", "not to talk is a wish like any other"),
    ("refused", ASK, "E17", "what they do not want is not begun"),
    ("skipped", ASK, None, "it can always be left"),
    ("not_now", ASK, None, "a no to an offer ends the offer"),
    ("which", ASK, None, "I was not sure what you meant"),
    ("fallback", ASK, None, "I could not read it"),
    ("fallback_menu", ASK, None, "I could not read it"),
    ("fallback_human", ASK, None, "I could not read it"),
    ("fallback_short", ASK, None, "I could not read it"),
    ("unavailable", INFORM, None, "what is stored could not be reached"),
)


MAKES = {
    "strategy.message_edited": "draft",
    "feedback.draft_shown": "shown",
    "perspective.letter": "letter",
    "feedback.draft_edited": "draft",
    "feedback.received": "decoded",
    "feedback.meaning": "meaning",
    "strategy.skill_ways": "ways",
    "persistence.reminder": "reminder_asked",
    "persistence.reminder_made": "reminder",
    "persistence.reminder_dropped": "reminder_dropped",
    "persistence.weeks": "weeks",
    "talk.stored": "stored",
    "talk.nothing_left": "stored",
    "talk.exported": "export",
    "talk.deleted": "forget",
    "talk.memory_allowed": "allow_memory",
    "talk.name_allowed": "allow_name",
    "talk.memory_refused": "refuse_memory",
}
"""What the workbench or the session log makes for a move: a key of actions.make.MAKERS."""


def _of(stage: Stage, entries: tuple[Entry, ...]) -> dict[str, Move]:
    names = {f"{stage}.{name}": (name, strategy, evidence, why) for name, strategy, evidence, why in entries}
    return {key: Move(stage, *rest, make=MAKES.get(key)) for key, rest in names.items()}


MOVES: dict[str, Move] = (
    _of(Stage.ACKNOWLEDGE, ACKNOWLEDGE)
    | _of(Stage.PERSPECTIVE, PERSPECTIVE)
    | _of(Stage.FEEDBACK, FEEDBACK)
    | _of(Stage.STRATEGY, STRATEGY)
    | _of(Stage.PERSISTENCE, PERSISTENCE)
    | _of(Stage.CELEBRATE, CELEBRATE)
    | _of(Stage.TALK, TALK)
)
