"""A second look at a reading before it is acted on: what would be costly when wrong is heard more carefully."""

from __future__ import annotations

import re
from dataclasses import replace

from comeback.steering.intent_groups import COSTLY, FELT, KINDS_OF_HURT, PLAIN_REPLIES, REQUESTING, WORRIES
from comeback.steering.memory import Memory
from comeback.steering.moods import HIGH, mood
from comeback.vocabulary import Reading, RiskLevel, Turn

COMMANDS = {
    "safety": "ask_safety",
    "help": "ask_help",
    "delete": "delete_data",
    "export": "export_data",
    "stop": "skip",
    "start": "greet",
}
"""Single words that channels offer as commands."""
OURS = re.compile(
    r"\b(?:you|your|u|ur|this|here|memory|notes|bot|program|app|saved|stored?|data|privacy|private|anonymous)\b|^\W*/?\w+\W*$",
    re.IGNORECASE,
)
"""Words of a question about the bot itself, or a bare command."""
CHANCES = re.compile(
    r"\b(?:chances?|odds|likely|likelihood|probab\w+|how (?:many|often|common|much)|rates?|percent\w*|numbers?|statistics?)\b|%",
    re.IGNORECASE,
)
COSTLY_SURE = 0.65
FEELING_SURE = 0.2
"""What is felt or told is heard as such already when the reader is less sure."""
HURT_SURE = 0.45
"""Below this confidence a kind of hurt is answered as a feeling, or echoed when none is read."""
NAMED_SURE = 0.95
WIN_SURE = 0.98
JOYS = frozenset({"joy", "pride", "relief", "excitement", "optimism"})
GLAD_QUESTIONS = frozenset({"win_story", "next_small", "last_plan", "reward"})
"""Questions that good news answers."""
NO_BREATHING = re.compile(
    r"\b(?:no(?: more)?|not another|without|skip|sick of|enough of|spare me|don'?t (?:give|want|need|start|tell|suggest|come)(?: \w+){0,3}) "
    r"(?:\w+ ){0,2}(?:breath\w*|grounding|exercises?|mindful\w*|meditat\w*)\b",
    re.IGNORECASE,
)
REMIND_ME = re.compile(
    r"\W*(?:(?:ok|and|then|please|pls|yes|can you|could you|also)\W+)*remind me\b", re.IGNORECASE
)
ALARM = re.compile(r"\b(?:remind\w*|alarms?|calendar|notif\w+|ping me|alert)\b", re.IGNORECASE)
ASKED_SURE = 0.9
TROUBLES = frozenset({"cant_sleep"})
"""Practical topics that need no question when they are likely."""
TROUBLE_SURE = 0.5
OF_THE_BOT = frozenset("ask_private ask_help ask_stored ask_bot probe_bot ask_clarify refuse_memory".split())
"""What a complaint about an answer of ours is easily taken for ("are you reading what i write?")."""
WORRY_SURE = 0.5
OPEN_ENDED = frozenset({"direction", "feeling"})
"""Questions to which a yes or a no alone chooses nothing."""
NO_WORDS = 9
"""A no of more words tells something beside it."""
TELLING = 14
"""Words from which a first message tells something before it wants anything."""
BRIEF = 4
"""A message of so few words is answered briefly."""


def careful(turn: Turn, memory: Memory) -> Turn:
    """The turn with a command taken as such, and without an unsure reading that would be costly when wrong."""
    if of_a_button(turn.reading):
        return turn
    looks = OUTRIGHT if memory.exercise and not memory.paused else (*OUTRIGHT, *LOOKS)
    rather = next((found for look in looks if (found := look(turn.reading, memory))), None)
    return replace(turn, reading=rather) if rather else turn


def _as(reading: Reading, intent: str, confidence: float = 0.0) -> Reading:
    return replace(reading, intent=intent, confidence=confidence or HURT_SURE)


def _remind_me(reading: Reading, _: Memory) -> Reading | None:
    """ "Remind me friday ..." says what it wants."""
    asked = REMIND_ME.match(reading.text) and reading.intent != "set_reminder"
    return _as(reading, "set_reminder") if asked and reading.risk.level is RiskLevel.NONE else None


def _felt(reading: Reading, otherwise: str = "inform") -> str:
    """The nearest intent that tells or feels something."""
    return next((name for name in reading.runners_up if name in FELT), otherwise)


def _command(reading: Reading, _: Memory) -> Reading | None:
    if reading.risk.level is not RiskLevel.NONE:
        return None
    command = COMMANDS.get(reading.text.strip(" /.!").lower())
    leaves = "leaving" in reading.phrasing.cues and reading.phrasing.question is None
    leaving = "goodbye" if leaves else None
    named = command or leaving
    return _as(reading, named, 1.0) if named else None


def _keeps_all(reading: Reading, memory: Memory) -> Reading | None:
    """What is denied, or is about the text that lies before them, deletes nothing of theirs."""
    if reading.intent != "delete_data":
        return None
    if "keeps_data" in reading.phrasing.cues or (
        memory.pending == "delete" and "no" in reading.phrasing.cues
    ):
        return _as(reading, "deny", 1.0)
    draft = memory.pending in ("draft", "message") and "their_data" not in reading.phrasing.cues
    return _as(reading, "edit_draft", COSTLY_SURE) if draft else None


def _complaint(reading: Reading, _: Memory) -> Reading | None:
    """ "Are you reading what i write?" asks nothing of what we are or keep."""
    taken = "complains" in reading.phrasing.cues and reading.intent in OF_THE_BOT
    return _as(reading, "correct_bot") if taken else None


def _denies(reading: Reading) -> bool:
    return "denies_offer" in reading.phrasing.cues


def _denied_offer(reading: Reading, _: Memory) -> Reading | None:
    """An offer that they say they did not get is none."""
    taken = _denies(reading) and reading.intent in ("got_offer", "share_win")
    return _as(reading, "tell_rejection", COSTLY_SURE) if taken else None


def _no_numbers(reading: Reading, _: Memory) -> Reading | None:
    """A number that is told ("80 rejections. its bad news only") asks for no odds."""
    told = reading.intent == "ask_odds" and not CHANCES.search(reading.text)
    return _as(reading, _felt(reading)) if told else None


def _not_ours(reading: Reading, _: Memory) -> Reading | None:
    """Somebody else keeps something of theirs ("they kept my file")."""
    asks = reading.phrasing.question is not None or reading.text.rstrip().endswith("?")
    told = reading.intent in ("ask_stored", "ask_private") and not asks
    taken = told and not OURS.search(reading.text) and len(reading.text.split()) > BRIEF
    return _as(reading, _felt(reading)) if taken else None


def _lost_job(reading: Reading, memory: Memory) -> Reading | None:
    """A layoff told in so many words, whatever else the message sounds like."""
    told = "laid_off" in reading.phrasing.cues and memory.news != "laid_off" and not reading.asked.theirs
    return _as(reading, "tell_laid_off", COSTLY_SURE) if told and not reading.asked.wanted else None


def _unheard(reading: Reading, memory: Memory) -> Reading | None:
    """A message that tells much and asks nothing, however much it sounds like a wish for advice."""
    tells = len(reading.text.split()) >= TELLING and reading.phrasing.question is None
    first = memory.heard == 0 and reading.intent in ("ask_practical", "make_plan")
    unasked = reading.intent == "want_advice" and "asks" not in reading.phrasing.cues
    wants = first or (reading.intent == "want_advice" and memory.heard == 0) or unasked
    return _as(reading, _felt(reading, "share_feeling")) if tells and wants else None


def _not_unclear(reading: Reading, _: Memory) -> Reading | None:
    """ "That cant be legal" does not ask what we meant."""
    asks = reading.phrasing.question is not None or reading.text.rstrip().endswith("?")
    vague = reading.intent == "ask_clarify" and reading.confidence < COSTLY_SURE and not asks
    tells = reading.intent == "ask_clarify" and len(reading.text.split()) >= TELLING
    other = vague or (tells and "asks_unclear" not in reading.phrasing.cues)
    return _as(reading, _felt(reading)) if other else None


def _hurt(reading: Reading, _: Memory) -> Reading | None:
    if not _hurts_rather(reading):
        return None
    return _as(reading, "share_feeling" if mood(reading.feelings, reading.emotions) else "inform")


def _no_mere_no(reading: Reading, memory: Memory) -> Reading | None:
    """A no that goes on to tell something, or that agrees."""
    most = BRIEF if memory.pending in OPEN_ENDED else NO_WORDS
    refuses = "refuses" in reading.phrasing.cues
    goes_on = len(reading.text.split()) > most and memory.pending not in ("delete", "recheck") and not refuses
    says_more = reading.intent == "deny" and (goes_on or "agrees" in reading.phrasing.cues)
    return _as(reading, _felt(reading)) if says_more else None


def _told_only(reading: Reading, memory: Memory) -> Reading | None:
    told = any(tells(reading, memory) for tells in (_no_offer, _no_win, _no_edit, _no_mere_yes, _a_resolve))
    return _as(reading, "inform") if told else None


def _no_worry(reading: Reading, _: Memory) -> Reading | None:
    """A number in passing ("who does that, im 41") beside a stronger feeling."""
    doubtful = reading.intent in WORRIES and reading.confidence < WORRY_SURE
    felt = mood(reading.feelings, reading.emotions) is not None
    return _as(reading, "share_feeling") if doubtful and felt else None


def _others_blamed(reading: Reading, _: Memory) -> Reading | None:
    """Anger at others that sounds like blame of oneself ("after i scrubbed his floor")."""
    angry = mood(reading.feelings, reading.emotions) == "angry" and not reading.phrasing.hard_name
    doubtful = reading.intent == "criticise_self" and reading.confidence < COSTLY_SURE
    return _as(reading, "vent") if angry and doubtful else None


def _no_blame(reading: Reading, _: Memory) -> Reading | None:
    """Blame of oneself that nothing in the words bears out ("the goblin deserved better")."""
    felt = mood(reading.feelings, reading.emotions)
    doubtful = reading.intent == "criticise_self" and reading.confidence < COSTLY_SURE
    light = felt in (None, "glad", "relieved", "confused") and not reading.phrasing.hard_name
    return _as(reading, "inform") if doubtful and light else None


def _writes_alone(reading: Reading, _: Memory) -> Reading | None:
    """ "I'll write it myself" asks for no exercise."""
    alone = reading.asked.myself and reading.intent == "want_writing"
    return _as(reading, "ask_practical" if reading.phrasing.question else "inform") if alone else None


def _no_reminder(reading: Reading, _: Memory) -> Reading | None:
    """ "Write me two sentences that I can say tonight" asks for words and not for an alarm."""
    words = reading.intent == "set_reminder" and "write_it" in reading.phrasing.cues
    return _as(reading, "tell_someone", COSTLY_SURE) if words and not ALARM.search(reading.text) else None


def _nudges(reading: Reading, _: Memory) -> Reading | None:
    """Whether to write to them once more ("should i message the gym again or is that sad")."""
    unheard = reading.intent in ("ask_practical", "want_advice", "ask_follow_up", "want_perspective")
    named = "asks_nudge" in reading.phrasing.cues and unheard and not reading.asked.to
    return _as(reading, "ask_follow_up", COSTLY_SURE) if named else None


def _writes_to_them(reading: Reading, memory: Memory) -> Reading | None:
    """ "Yeah, write it. The manager is called Shaz" begins no exercise in writing for oneself."""
    of_a_letter = {"write_it", "letter", "in_writing"} & reading.phrasing.cues
    meant = reading.intent == "want_writing" and of_a_letter and reading.asked.meant_register
    waits = memory.news == "ghosted" and reading.asked.meant_register in ("boss", "employer")
    return _as(reading, "ask_follow_up" if waits else "tell_someone", COSTLY_SURE) if meant else None


def _no_calm(reading: Reading, _: Memory) -> Reading | None:
    """An exercise is asked not to be given ("please no breathing exercises")."""
    refused = reading.intent == "ask_grounding" and NO_BREATHING.search(reading.text)
    return _as(reading, "want_advice") if refused and reading.phrasing.question else None


def _self_named(reading: Reading, _: Memory) -> Reading | None:
    return _as(reading, "criticise_self") if _names_themselves(reading) else None


def _unasked(reading: Reading, memory: Memory) -> Reading | None:
    """A practical question that is none: something told that sounds like it."""
    if reading.intent != "ask_practical" or asked(reading):
        return None
    got = "got_it" in reading.phrasing.cues and memory.news is None and not _denies(reading)
    return _as(reading, "got_offer" if got else _felt(reading))


def _feeling_first(reading: Reading, _: Memory) -> Reading | None:
    return _as(reading, "share_feeling", COSTLY_SURE) if _feels_more_than_it_asks(reading) else None


def _costly(reading: Reading, _: Memory) -> Reading | None:
    if reading.intent not in COSTLY or reading.confidence >= COSTLY_SURE:
        return None
    low = mood(reading.feelings, reading.emotions) or reading.risk.level is RiskLevel.CONCERN
    felt = _felt(reading, "share_feeling" if low else "")
    return _as(reading, felt, FEELING_SURE) if felt else None


def _hurts_rather(reading: Reading) -> bool:
    """An unsure kind of hurt, and a hard week that is told, as against a look back that is asked for."""
    if reading.intent == "ask_weeks":
        return "asks_back" not in reading.phrasing.cues
    return reading.intent in KINDS_OF_HURT and reading.confidence < HURT_SURE


def _no_offer(reading: Reading, memory: Memory) -> bool:
    """After bad news an offer is believed only when it is told in so many words ("I gave notice already!!!" is none)."""
    return reading.intent == "got_offer" and memory.news is not None and "got_it" not in reading.phrasing.cues


def _no_win(reading: Reading, memory: Memory) -> bool:
    """A detail of a loss, told without any joy, that looks like good news ("she'd bought me a card")."""
    told = memory.news is not None and memory.mood not in HIGH and memory.pending not in GLAD_QUESTIONS
    doubtful = reading.intent == "share_win" and reading.confidence < WIN_SURE
    return told and doubtful and not JOYS & set(reading.feelings)


def _no_mere_yes(reading: Reading, memory: Memory) -> bool:
    """A yes that goes on to tell something, where a yes alone would choose nothing ("yes. last day is the 30th")."""
    goes_on = len(reading.text.split()) > BRIEF and bool(reading.facts)
    return reading.intent == "affirm" and goes_on and memory.pending in OPEN_ENDED


def _a_resolve(reading: Reading, memory: Memory) -> bool:
    """What they are going to do, and when ("ill go to the union office monday")."""
    asks = reading.intent.startswith(REQUESTING) and "asks" in reading.phrasing.cues
    unsure = reading.confidence < COSTLY_SURE and not asks
    return "will_do" in reading.phrasing.cues and unsure and memory.heard > 0


def _no_edit(reading: Reading, memory: Memory) -> bool:
    """An answer to a question that looks like a wish for a text, while there is no text ("talk less, i ramble")."""
    unsure = reading.intent == "edit_draft" and reading.confidence < COSTLY_SURE
    return unsure and not memory.draft and memory.pending not in (None, "ask_feedback", "tell")


def _names_themselves(reading: Reading) -> bool:
    """A hard name for themselves, no mood, in what is not surely a feeling."""
    said, unsure = reading.phrasing, reading.confidence < NAMED_SURE
    return reading.intent == "share_feeling" and unsure and bool(said.hard_name) and said.mood is None


def _feels_more_than_it_asks(reading: Reading) -> bool:
    """A low feeling beside an unsure request: the feeling is answered."""
    if "refuses" in reading.phrasing.cues:
        return False
    asks = reading.text.strip().endswith("?") or reading.intent in ("ask_practical", "ask_bot")
    if asks or asks_outright(reading) or mood(reading.feelings, reading.emotions) in (None, *HIGH):
        return False
    unsure = reading.confidence < COSTLY_SURE and reading.intent not in (*FELT, *PLAIN_REPLIES)
    unclear = reading.intent == "nlu_fallback" and reading.confidence < 1
    not_only_confused = mood(reading.feelings, reading.emotions) != "confused"
    return unsure or unclear or (reading.intent == "unsure" and not_only_confused)


def asked(reading: Reading) -> bool:
    """Whether a practical question is one, and not something told that sounds like it."""
    calm = mood(reading.feelings, reading.emotions) in (None, "confused")
    if reading.situation and reading.phrasing.question is None:
        return False
    put_so = reading.phrasing.question is not None or ("asks" in reading.phrasing.cues and calm)
    trouble = reading.topic in TROUBLES and reading.topic_sure >= TROUBLE_SURE
    return put_so or trouble or (calm and reading.confidence >= ASKED_SURE)


def of_a_button(reading: Reading) -> bool:
    """A question in the very words of a button, whose topic is certain."""
    return reading.intent == "ask_practical" and reading.confidence >= 1 and reading.topic_sure >= 1


def asks_outright(reading: Reading) -> bool:
    """A request that the words and the intent agree on."""
    return "asks" in reading.phrasing.cues and reading.intent.startswith(REQUESTING)


OUTRIGHT = (_command, _keeps_all, _remind_me)
"""Looks that count also inside an exercise."""
LOOKS = (
    _denied_offer,
    _lost_job,
    _no_numbers,
    _not_ours,
    _complaint,
    _unheard,
    _not_unclear,
    _hurt,
    _no_mere_no,
    _told_only,
    _no_worry,
    _others_blamed,
    _no_blame,
    _no_calm,
    _no_reminder,
    _nudges,
    _writes_to_them,
    _writes_alone,
    _self_named,
    _unasked,
    _feeling_first,
    _costly,
)
"""The first that finds another reading is believed."""
