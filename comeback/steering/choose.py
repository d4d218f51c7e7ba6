"""The row of the tables that a message calls for, when neither danger nor an exercise has it."""

from __future__ import annotations

from dataclasses import replace

from comeback.steering import conditions as c
from comeback.steering import messages
from comeback.steering.answers import ANSWERS, BY_FACT, ECHO, LISTEN, ORDERED, PLAN, REPLY, YES, picked
from comeback.steering.careful import (
    BRIEF,
    COSTLY_SURE,
    FEELING_SURE,
    OPEN_ENDED,
    asked,
    asks_outright,
    of_a_button,
)
from comeback.steering.intent_groups import (
    ADVISORY,
    COSTLY,
    EXERCISING,
    FELT,
    NEWS,
    NO_CHOICE,
    PLAIN_REPLIES,
    SAID_ALOUD,
    STARTING,
    WORRIES,
)
from comeback.steering.memory import Memory
from comeback.steering.playbook import PLAYBOOK, Row, row
from comeback.steering.situations import particular
from comeback.steering.unanswered import OPEN_ADVICE, owned
from comeback.vocabulary import Reading, Turn

REQUEST = "feedback_request"
GUESS = 0.22
"""Below this confidence a message is asked about."""
REPLY_SURE = 0.4
"""A bare reply to a question is taken as such unless another intent is at least so sure."""
TOPIC_OPENS = {
    "pros_cons": "weigh",
    "reply_rejection": "ask_feedback",
    "rights": "plan",
    "visa_help": "plan",
    "money_help": "plan",
    "speculative": "plan",
    "reach_out": "plan",
}
"""The question that a practical answer leaves open."""
PRACTICAL_SURE = 0.35
"""Below this confidence a message is no practical question."""
TOPIC_SURE = 0.4
"""Below this likelihood the topic of a question is not believed."""
TOPIC_CERTAIN = 0.5
"""From this likelihood a question is answered by its topic, though the intent is a wish for help of a more general kind."""
OUTRIGHT_SURE = 0.99
"""A topic that the words give away; beside these intents, or with somebody at hand, its question is answered."""
BESIDE = frozenset(
    "ask_follow_up inform share_feeling vent criticise_self correct_bot ask_clarify await_answer nlu_fallback".split()
)
WITH_THEM = frozenset({"ask_person", "ask_for_talk", "talk_or_write", "face_them"})
OF_DRAFTS = frozenset({"edit_draft", "affirm", "deny", "thank", "unsure", "other_language", "correct_bot"})
NO_STORY = 8
"""A message of so few words tells no story of its own beside a draft."""
MINUTES_WORDS = 7
PLANNED = ("plan", "next_step")
"""Open questions whose answer with a day in it is a plan."""
LADDER = ("fallback", "fallback_menu", "fallback_human", "fallback_short")
BEREAVED = "bereaved"
BARE = 2
"""A word or two ("nothing", "a week") tell no news by themselves."""


def choose(turn: Turn, memory: Memory) -> Row:
    """What is said outright goes first, then an answer to our open question, then what the person wants."""
    if of_a_button(turn.reading):
        return _answer(turn.reading.topic or "")
    chosen = _outright(turn, memory) or _reply(turn, memory) or _wanted(turn, memory)
    if chosen.starts == REQUEST and _still_waiting(turn, memory):
        chosen = replace(chosen, starts="nudge")
    if chosen.starts == REQUEST and messages.has_request(memory) and not turn.reading.asked.over:
        chosen = row("feedback.draft_shown", opens="draft")
    return owned(particular(chosen, turn, memory), turn, memory)


def _answer(topic: str) -> Row:
    return row(f"strategy.answer_{topic}", opens=TOPIC_OPENS.get(topic))


def _still_waiting(turn: Turn, memory: Memory) -> bool:
    """Nobody has answered them, so that there is nothing to thank for and no reason to ask about."""
    silent = memory.news == "ghosted" or "never_replied" in turn.reading.phrasing.cues
    return silent and "asks_feedback" not in turn.reading.phrasing.cues


def _outright(turn: Turn, memory: Memory) -> Row | None:
    of_a_text = c.mentions("in_writing")(turn, memory) or messages.dictated(turn, memory)
    asks_topic = _topic(turn) is not None and not of_a_text
    rows = (r for r in OUTRIGHT if not (asks_topic and r.starts in (messages.MESSAGE, REQUEST)))
    said = next((r for r in rows if r.when and r.when(turn, memory)), None)
    if said and said.offers == BEREAVED and (topic := _topic(turn)):
        return row(f"acknowledge.bereaved strategy.answer_{topic}", offers=BEREAVED)
    return said or (None if asks_topic else _of_them(turn, memory))


def _reply(turn: Turn, memory: Memory) -> Row | None:
    """The row of an answer to the question that is open."""
    reading, pending = turn.reading, memory.pending or ""
    if pending in messages.DRAFTS and not memory.draft and reading.asked.over:
        return None
    about_me = reading.intent in (*NO_CHOICE, "ask_practical") and reading.confidence >= COSTLY_SURE
    if reading.intent == "ask_bot" and reading.phrasing.picks.get(pending) == "change":
        about_me = False  # "make it sound less like a robot" is about the draft
    asks_else = pending in ORDERED and reading.phrasing.question is not None
    told = reading.intent in WORRIES or (reading.intent in FELT and len(reading.text.split()) > BRIEF)
    tells = told and reading.confidence >= COSTLY_SURE
    elsewhere = (about_me or asks_else or tells) and pending != "deleted"
    if not elsewhere and (option := picked(memory.pending, reading.phrasing)):
        return option
    if topic := _topic(turn):
        return _answer(topic)
    if pending in messages.DRAFTS and (not _of_the_draft(turn) or reading.asked.myself):
        return None
    answers = ANSWERS.get(pending, {})
    named = {fact.entity for fact in reading.facts} & BY_FACT.get(pending, frozenset())
    if (
        named
        and reading.phrasing.question is None
        and reading.intent != YES
        and not (pending in PLANNED and _reminds(reading))
    ):
        return PLAN if pending in PLANNED else _detail(answers[REPLY], turn, memory)
    yielding = reading.intent == REPLY or reading.confidence < REPLY_SURE
    if YES in answers and pending not in OPEN_ENDED and yielding and _agrees(reading):
        return answers[YES]
    doubtful = reading.intent == "thank" and reading.confidence < REPLY_SURE
    refused = "no" in reading.phrasing.cues and YES in answers
    if reading.intent in answers and not doubtful and not (refused and reading.intent == REPLY):
        return _detail(answers[reading.intent], turn, memory)
    unread = reading.intent == "nlu_fallback" and reading.confidence >= 1
    unsure = reading.intent == "nlu_fallback" or reading.confidence < _sure_from(reading)
    takes = REPLY in answers and unsure and not unread and not refused
    return _detail(answers[REPLY], turn, memory) if takes else None


def _of_the_draft(turn: Turn) -> bool:
    """Whether a message is about the text that lies before them; a story or a question of theirs is not."""
    asked, reading = turn.reading.asked, turn.reading
    wishes = asked.edits or asked.points or asked.dictates or asked.wrong or asked.shows or asked.again
    about = bool(asked.purpose or asked.to) or "form_wish" in reading.phrasing.cues
    return wishes or about or reading.intent in OF_DRAFTS or len(reading.text.split()) <= NO_STORY


def _wanted(turn: Turn, memory: Memory) -> Row:
    """The row of the intent; what is felt or told is heard even when the reader is unsure, the rest is asked about."""
    reading = turn.reading
    if reading.intent == "ask_practical" and (rather := _rather(reading)):
        return first(PLAYBOOK[rather], turn, memory)
    sure_from = PRACTICAL_SURE if reading.intent == "ask_practical" else GUESS
    unsure = reading.confidence < sure_from and bool(reading.runners_up)
    if unsure and reading.intent in FELT:
        told = "tell_rejection" if reading.intent in NEWS else "share_feeling"
        return first(PLAYBOOK["inform" if c.told_before(turn, memory) else told], turn, memory)
    if reading.intent == "nlu_fallback" or unsure:
        return _fallback(turn, memory)
    return first(PLAYBOOK.get(reading.intent, PLAYBOOK["nlu_fallback"]), turn, memory)


def _rather(reading: Reading) -> str | None:
    """The kind of help that a practical question of no known topic comes near to."""
    return next((name for name in reading.runners_up if name in ADVISORY and name in PLAYBOOK), None)


def _topic(turn: Turn) -> str | None:
    """What a practical question is about, when it is one and its topic is believed."""
    reading = turn.reading
    if reading.topic_sure < OUTRIGHT_SURE and OPEN_ADVICE.search(reading.phrasing.question or ""):
        return None
    if reading.intent == "ask_practical":
        believed = (
            reading.confidence >= PRACTICAL_SURE and reading.topic_sure >= TOPIC_SURE and asked(reading)
        )
    else:
        whether = "when_to_tell" in reading.phrasing.cues
        aloud = reading.topic in SAID_ALOUD and not (reading.asked.own_news or whether)
        general = reading.intent in ADVISORY or (reading.intent == "tell_someone" and aloud)
        named = reading.topic_sure >= OUTRIGHT_SURE and (
            reading.intent in BESIDE or reading.topic in WITH_THEM
        )
        sure = reading.topic_sure >= TOPIC_CERTAIN
        believed = (named or (general and sure)) and reading.phrasing.question is not None
    return reading.topic if believed else None


def _sure_from(reading: Reading) -> float:
    """The confidence from which a message is no mere reply to our question."""
    if reading.intent in PLAIN_REPLIES or reading.intent == "thank":
        return FEELING_SURE
    if reading.intent in COSTLY or (reading.intent in NEWS and len(reading.text.split()) <= BARE):
        return COSTLY_SURE
    return FEELING_SURE if reading.intent in FELT or asks_outright(reading) else REPLY_SURE


def _reminds(reading: Reading) -> bool:
    return reading.intent == "set_reminder" and reading.confidence >= COSTLY_SURE


def _agrees(reading: Reading) -> bool:
    return "agrees" in reading.phrasing.cues


def _of_them(turn: Turn, memory: Memory) -> Row | None:
    """A letter to the employer is asked for, or whether to send one, in words that the intent is not sure of."""
    reading = turn.reading
    sure = reading.confidence >= COSTLY_SURE and reading.intent != "want_perspective"
    if memory.draft or sure or reading.intent in FELT:
        return None
    if "ask_them" in reading.phrasing.cues and "whether" in reading.phrasing.cues:
        return first(PLAYBOOK["request_feedback"], turn, memory)
    if "write_to_them" in reading.phrasing.cues:
        return row(starts="feedback_request", direction="do")
    return None


def _telling(turn: Turn, memory: Memory) -> bool:
    """They are about to tell somebody."""
    return (
        memory.pending in ("tell", messages.MESSAGE)
        or memory.exercise == messages.MESSAGE
        or turn.reading.intent == "tell_someone"
    )


def _detail(chosen: Row, turn: Turn, memory: Memory) -> Row:
    """What is told in reply to an open question is taken in as a fact is that nobody asked for."""
    return first(PLAYBOOK["inform"], turn, memory) if chosen is ECHO else chosen


def first(rows: tuple[Row, ...], turn: Turn, memory: Memory) -> Row:
    return next(r for r in rows if r.when is None or r.when(turn, memory))


def _fallback(turn: Turn, memory: Memory) -> Row:
    """A ladder that never says the same twice: a guess to choose from, another form, a person, and then in short."""
    if memory.fallbacks == 0 and len(guesses(turn, memory)) > 1 and turn.reading.intent != "nlu_fallback":
        return row("talk.which", opens="direction")
    return row(f"talk.{LADDER[min(memory.fallbacks, len(LADDER) - 1)]}", opens="direction")


def guesses(turn: Turn, memory: Memory) -> list[str]:
    """What the message may have meant, without what cannot be done now."""
    never = {"nlu_fallback", "ask_practical"} | (set() if memory.draft else {"edit_draft"})
    return [name for name in (turn.reading.intent, *turn.reading.runners_up) if name not in never][:3]


def _unwanted_exercise(turn: Turn, memory: Memory) -> bool:
    refusing = turn.reading.intent in (*EXERCISING, "deny")
    return refusing and not c.mentions("asks")(turn, memory)


def _would_start(turn: Turn, memory: Memory) -> bool:
    return turn.reading.intent in STARTING


def _plain(turn: Turn, memory: Memory) -> bool:
    return turn.reading.intent in PLAIN_REPLIES


def _unreadable(turn: Turn, memory: Memory) -> bool:
    return turn.reading.intent == "nlu_fallback"


OUTRIGHT = (
    row("talk.private talk.stored", c.every(c.mentions("keeps_what"), c.mentions("who_reads"))),
    row("talk.stored", c.every(c.mentions("keeps_what"), c.asks_us)),
    row("talk.private", c.every(c.mentions("who_reads"), c.asks_us)),
    row(
        "strategy.answer_offer_withdrawn",
        c.every(c.mentions("may_they"), c.had_an_offer, c.news_is("withdrawn"), c.once("offer_withdrawn")),
        opens="plan",
        offers="offer_withdrawn",
    ),
    row("talk.feelings_off", c.mentions("stop_feelings"), opens="feeling"),
    row("talk.why_safety", c.mentions("only_hotlines"), opens="feeling"),
    row(
        "talk.minutes",
        c.every(c.has_minutes, c.at_most(MINUTES_WORDS)),
        opens="direction",
        offers="direction",
    ),
    row("strategy.message_kept", c.every(messages.by_themselves, c.says_little_else), opens="feeling"),
    row("talk.what_use", c.every(c.mentions("what_use"), c.no_news), opens="direction"),
    row("feedback.draft_edited", messages.rewords(REQUEST), opens="draft"),
    row("strategy.message_edited", messages.rewords(messages.MESSAGE), opens=messages.MESSAGE),
    row("feedback.draft_shown", messages.asks_to_see, keeps=True),
    row("strategy.message_wrong", messages.not_it, starts="message"),
    row(
        "strategy.answer_tell_in_person",
        c.every(c.mentions("how_to_tell"), c.news_is("offer"), c.aloud),
        opens="tell",
    ),
    row("strategy.answer_tell_children", c.every(c.mentions("how_to_tell"), c.to_children), opens="tell"),
    row(
        "strategy.answer_register_unemployed",
        c.every(c.mentions("first_step"), c.news_is("laid_off")),
        opens="plan",
    ),
    row(
        "strategy.answer_tell_in_person", c.every(c.mentions("how_to_tell"), c.to_someone_close), opens="tell"
    ),
    row(starts="message", when=messages.wanted, direction="do"),
    row(starts="feedback_request", when=messages.feedback_wanted, direction="do"),
    row("strategy.message_edited", messages.told_more, opens="message"),
    row(
        starts="feedback_request",
        when=c.every(c.mentions("refuses"), c.mentions("letter")),
        direction="do",
    ),
    row(starts="cv_gap", when=c.pasted, direction="do"),
    row("feedback.meaning", c.every(c.mentions("meaning_of"), c.has_feedback), opens="reading"),
    row(
        "strategy.week_proposed",
        c.every(c.mentions("wants_days"), c.no_days, c.counts_tasks),
        opens="plan_made",
        direction="do",
    ),
    row("strategy.week_asked", c.every(c.mentions("wants_days"), c.no_days), opens="plan", direction="do"),
    row("talk.corrected", c.every(c.mentions("quotes_us"), c.no_draft_at_hand), opens="feeling"),
    row("strategy.message_sent", c.every(c.mentions("sent_it"), c.has_draft, c.unasked), opens="feeling"),
    row("strategy.one_thing", c.every(c.mentions("one_thing"), c.unplanned), opens="plan", direction="do"),
    row("strategy.week_set", c.several_days, opens="feeling"),
    row(
        "strategy.step_taken", c.every(c.mentions("own_step"), c.unasked, c.no_draft_at_hand), opens="feeling"
    ),
    row(
        "strategy.visa_noted",
        c.every(c.mentions("names_permit"), c.unasked, c.at_most(NO_STORY), c.told),
        opens="plan",
    ),
    row("talk.draft_gone", c.every(c.draft_dropped, c.says_little_else), opens="feeling"),
    row("strategy.plan_again", c.every(c.mentions("plan_again"), c.has_plan), opens="plan_made"),
    row(
        "perspective.menu",
        c.every(c.mentions("makes_sense_of"), c.told),
        opens="perspective",
        direction="sense",
    ),
    row(
        "talk.no_offer",
        c.every(c.mentions("denies_offer"), c.either(c.celebrated, c.mentions("taken_aback"))),
        opens="feeling",
    ),
    row("acknowledge.for_other", c.every(c.theirs, c.tells_news, c.unasked), opens="feeling"),
    row("celebrate.offer_mixed", c.mentions("yes_and_no"), opens="feeling"),
    row("persistence.grounding", c.mentions("wants_calm"), starts="grounding"),
    row("talk.not_now", c.every(c.mentions("later"), _would_start, c.unasked), opens="feeling"),
    replace(LISTEN, when=c.every(c.mentions("no_tips"), c.at_most(NO_STORY), c.unasked)),
    row("talk.no_talk", c.every(c.mentions("no_talk"), c.at_most(MINUTES_WORDS)), opens="direction"),
    row("acknowledge.kind_words", c.every(c.mentions("kind_words"), c.no_draft_at_hand), opens="feeling"),
    row("talk.refused", c.every(c.mentions("refuses"), _unwanted_exercise), opens="feeling"),
    row(
        "strategy.answer_tell_in_person",
        c.every(c.mentions("in_person"), _telling, c.unsaid("knows_already")),
        opens="feeling",
    ),
    row("talk.skipped", c.every(c.mentions("stops_outright"), _plain), opens="direction"),
    row("acknowledge.no_rush", c.every(c.mentions("silence"), _unreadable), keeps=True),
    row(
        "acknowledge.bereaved",
        c.every(c.mentions("bereaved"), c.once(BEREAVED)),
        opens="feeling",
        offers=BEREAVED,
    ),
    row(
        "talk.good_missed",
        c.every(c.mentions("tells_good"), c.told_again, c.told, c.no_draft_at_hand),
        opens="win_story",
    ),
    row(
        "celebrate.good_told",
        c.every(c.mentions("tells_good"), c.told_before, c.unasked, c.tells_a_story, c.no_draft_at_hand),
        opens="win_story",
    ),
    row("acknowledge.alone_with_it", c.every(c.mentions("nobody"), c.told), opens="feeling"),
)
"""What is so plain in the words that no intent is needed; the first that holds."""
