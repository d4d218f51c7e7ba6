"""What a row of the table may depend on: the message, and what is remembered of the talk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from comeback.steering.intent_groups import FELT, NEWS, OFFER
from comeback.steering.memory import Memory, at_hand
from comeback.steering.moods import HIGH, MOOD_OF, mood
from comeback.vocabulary import Turn

Condition = Callable[[Turn, Memory], bool]

WEEK = timedelta(days=7)
GLAD = frozenset({"joy", "relief", "excitement", "gratitude", "amusement"})
TELLING = 8
"""Words from which a message tells something."""
STEPS = frozenset({"want_advice", "make_plan", "ask_help", "care_for_self", "ask_practical", "deny"})
LITTLE = 12
"""A message of more words says something beside what it asks us to drop."""
PLANS = frozenset({"plan", "plan_made", "next_step", "small_thing"})
"""Open questions that a plan answers."""
CHILDREN = re.compile(r"\b(?:kids?|children|sons?|daughters?|little ones?|boys|girls|twins)\b", re.IGNORECASE)
ONE_PERSON = re.compile(r"\b(?:him|her)\b", re.IGNORECASE)
BOSSES = re.compile(r"\b(?:boss|manager|supervisor|colleague|co-?worker|lead)\b", re.IGNORECASE)
TELLS_THEM = re.compile(r"\btell (?:him|her|them)\b", re.IGNORECASE)
WISHED = re.compile(
    r"\bwould be (?:good|nice|great|enough|ok|fine|helpful)\b|\bi asked for\b|\bjust one\b|\bgive me\b",
    re.IGNORECASE,
)
OFFER_PAUSE = 4
"""Turns at least from one offer that nobody asked for to the next."""


def every(*conditions: Condition) -> Condition:
    return lambda turn, memory: all(condition(turn, memory) for condition in conditions)


def once(name: str) -> Condition:
    """Not offered in this talk so far."""
    return lambda turn, memory: name not in memory.offered


def offerable(name: str) -> Condition:
    """Not offered so far, and the last offer is some turns ago."""
    return lambda turn, memory: name not in memory.offered and memory.turn - memory.offer_turn >= OFFER_PAUSE


def heard(times: int) -> Condition:
    return lambda turn, memory: memory.heard >= times


def mood_is(*moods: str) -> Condition:
    return lambda turn, memory: memory.mood in moods


def pending_is(*names: str) -> Condition:
    return lambda turn, memory: memory.pending in names


def news_is(*types: str) -> Condition:
    return lambda turn, memory: memory.news in types


def mentions(cue: str) -> Condition:
    """The message is put like this: a name under `cues` in data/lexicons/phrasings.yml."""
    return lambda turn, memory: cue in turn.reading.phrasing.cues


def unsaid(cue: str) -> Condition:
    return lambda turn, memory: cue not in turn.reading.phrasing.cues


def told_again(turn: Turn, memory: Memory) -> bool:
    """They put right what we took for something else."""
    return turn.reading.intent == "correct_bot" or turn.reading.asked.told_already


def had_an_offer(turn: Turn, memory: Memory) -> bool:
    return memory.facts.get("stage") == OFFER


def tells_a_story(turn: Turn, memory: Memory) -> bool:
    return len(turn.reading.text.split()) > LITTLE


def has_minutes(turn: Turn, memory: Memory) -> bool:
    """The message says how many minutes they have."""
    return turn.reading.phrasing.minutes is not None


def theirs(turn: Turn, memory: Memory) -> bool:
    """Somebody of theirs was turned down, not they themselves."""
    return turn.reading.asked.theirs or "for_other" in turn.reading.phrasing.cues


def tells_news(turn: Turn, memory: Memory) -> bool:
    return turn.reading.intent in FELT


def no_news(turn: Turn, memory: Memory) -> bool:
    return turn.reading.intent not in NEWS


def unrefused(turn: Turn, memory: Memory) -> bool:
    """The message begins with no no, and wants nothing less."""
    return not {"no", "refuses", "complains", "later"} & turn.reading.phrasing.cues


def unsent(turn: Turn, memory: Memory) -> bool:
    """Nothing says that they have asked already."""
    return "sent_already" not in turn.reading.phrasing.cues and memory.draft.get("kind") != "nudge"


def no_draft(turn: Turn, memory: Memory) -> bool:
    return not memory.draft


def unasked(turn: Turn, memory: Memory) -> bool:
    """The message asks nothing."""
    return turn.reading.phrasing.question is None and "asks" not in turn.reading.phrasing.cues


def unquestioned(turn: Turn, memory: Memory) -> bool:
    """No clause of the message asks us something."""
    return turn.reading.phrasing.question is None and not turn.reading.text.rstrip().endswith("?")


def pasted(turn: Turn, memory: Memory) -> bool:
    """An advertisement or a CV stands in the message, or they ask to hold one against the other."""
    return bool(turn.reading.phrasing.pasted) or mentions("compare_ad")(turn, memory)


def at_most(words: int) -> Condition:
    return lambda turn, memory: len(turn.reading.text.split()) <= words


def told(turn: Turn, memory: Memory) -> bool:
    return memory.news is not None


def names(*entities: str) -> Condition:
    """The message itself names one of these facts."""
    return lambda turn, memory: any(fact.entity in entities for fact in turn.reading.facts)


def either(*conditions: Condition) -> Condition:
    return lambda turn, memory: any(condition(turn, memory) for condition in conditions)


def knows(*facts: str) -> Condition:
    return lambda turn, memory: all(fact in memory.facts for fact in facts)


def undirected(turn: Turn, memory: Memory) -> bool:
    """What helps first is not known yet, and they are not in the middle of telling it."""
    open_ = memory.direction is None and "direction" not in memory.offered
    return open_ and memory.heard >= (1 if len(turn.reading.text.split()) <= TELLING else 3)


def wants_to_do(turn: Turn, memory: Memory) -> bool:
    return memory.direction == "do"


def wants_only_to_say(turn: Turn, memory: Memory) -> bool:
    return memory.direction == "say"


def shows_joy(turn: Turn, memory: Memory) -> bool:
    """The message itself is glad, and of more than a joke beside bad news."""
    joy = bool({"joy", "gratitude", "relief", "pride", "excitement"} & set(turn.reading.feelings))
    cues = turn.reading.phrasing.cues
    good = memory.news in (None, OFFER) or "glad_words" in cues or "went_well" in cues
    return joy and good


def in_good_mood(turn: Turn, memory: Memory) -> bool:
    return memory.mood in HIGH


def well_meant(turn: Turn, memory: Memory) -> bool:
    """A good mood about a no, which the message itself shows; joy at the word "offer" is none."""
    reading = turn.reading
    lost = reading.intent in ("tell_offer_withdrawn", "tell_laid_off")
    shown = {"relief"} if lost or memory.news is not None else GLAD
    sore = "cries" in reading.phrasing.cues or "denies_offer" in reading.phrasing.cues
    said = "glad_words" in reading.phrasing.cues
    return in_good_mood(turn, memory) and bool(shown & set(reading.feelings)) and said and not sore


def mixed(turn: Turn, memory: Memory) -> bool:
    """Glad and not glad in one message, by its feelings or by how it is put."""
    moods = {MOOD_OF[label] for label in turn.reading.feelings if label in MOOD_OF}
    glad = bool(moods & HIGH)
    return glad and (bool(moods - HIGH) or "mixed" in turn.reading.phrasing.cues)


def to_children(turn: Turn, memory: Memory) -> bool:
    """They ask how to tell their children."""
    asked = turn.reading.asked
    known = CHILDREN.search(at_hand(memory).get("relation", ""))
    of_one = ONE_PERSON.search(turn.reading.text) and known and known[0].endswith(("s", "children"))
    named = CHILDREN.search(turn.reading.text) or (known and not of_one)
    other = asked.to and not CHILDREN.search(asked.to) and asked.to not in ("them", "her", "him")
    aloud = turn.reading.phrasing.question is not None and "in_writing" not in turn.reading.phrasing.cues
    return bool(named) and not other and aloud and not (asked.own_news or asked.points)


def to_someone_close(turn: Turn, memory: Memory) -> bool:
    """They ask how to tell someone of their own, and neither for something in writing nor with what it is to say."""
    asked = turn.reading.asked
    if turn.reading.phrasing.question is None or asked.own_news or asked.points:
        return False
    close = asked.register == "close" or (not asked.register and names("relation")(turn, memory))
    relation = memory.facts.get("relation", "")
    meant = "relation" in at_hand(memory) or TELLS_THEM.search(turn.reading.phrasing.question)
    pronoun = not asked.to and relation and meant and not BOSSES.search(relation)
    tells = close or (turn.reading.intent == "tell_someone" and pronoun)
    return bool(tells) and "in_writing" not in turn.reading.phrasing.cues


def for_somebody(turn: Turn, memory: Memory) -> bool:
    """They spoke of telling somebody of their own a moment ago, and name no employer now."""
    about_them = either(mentions("asks_reason"), mentions("write_to_them"), mentions("whether"))(turn, memory)
    return "relation" in at_hand(memory) and not about_them and memory.named_at.get("person") is None


def low(turn: Turn, memory: Memory) -> bool:
    """The message itself carries a feeling that is not a good one."""
    now = mood(turn.reading.feelings, turn.reading.emotions)
    return now is not None and now not in HIGH


def no_joy(turn: Turn, memory: Memory) -> bool:
    """Nothing in the message is glad but its exclamation marks."""
    return not {"joy", "pride", "gratitude", "relief"} & set(turn.reading.feelings)


def feels(turn: Turn, memory: Memory) -> bool:
    reading = turn.reading
    return mood(reading.feelings, reading.emotions) is not None or reading.phrasing.mood is not None


def told_before(turn: Turn, memory: Memory) -> bool:
    return memory.news is not None and memory.heard >= 1


def another_company(turn: Turn, memory: Memory) -> bool:
    """The message names a company where another one was known."""
    return "company" in memory.earlier


another = either(mentions("another"), another_company)
"""It is another loss than the one that was told before."""


def has_draft(turn: Turn, memory: Memory) -> bool:
    return bool(memory.draft)


def has_message(turn: Turn, memory: Memory) -> bool:
    return "said" in memory.draft


def asked(turn: Turn, memory: Memory) -> bool:
    """A question of ours is open."""
    return memory.pending is not None


def paused(turn: Turn, memory: Memory) -> bool:
    return memory.exercise is not None and memory.paused


def first_turn(turn: Turn, memory: Memory) -> bool:
    return memory.turn <= 1


def has_plan(turn: Turn, memory: Memory) -> bool:
    return bool(memory.plan.get("act"))


def unremembered(turn: Turn, memory: Memory) -> bool:
    return not memory.remembering


def at_kiosk(turn: Turn, memory: Memory) -> bool:
    return turn.channel == "kiosk"


def no_week_yet(turn: Turn, memory: Memory) -> bool:
    return memory.week_asked is None


def week_due(turn: Turn, memory: Memory) -> bool:
    """They agreed to be remembered, come back as themselves, and were not asked for a week."""
    asked = memory.week_asked
    rested = asked is None or turn.now - datetime.fromisoformat(asked) >= WEEK
    return memory.remembering and not at_kiosk(turn, memory) and memory.safety is None and rested


def aloud(turn: Turn, memory: Memory) -> bool:
    """Something is to be said, and not written; a name with the news in one breath asks for the text."""
    asked = turn.reading.asked
    if asked.own_news and asked.to and asked.to.lower() not in ("him", "her", "them"):
        return False
    return "in_writing" not in turn.reading.phrasing.cues


def has_feedback(turn: Turn, memory: Memory) -> bool:
    return bool(memory.feedback)


def no_days(turn: Turn, memory: Memory) -> bool:
    return len(turn.reading.phrasing.days) < 2


def asks_us(turn: Turn, memory: Memory) -> bool:
    """A question about what we keep that its intent does not show."""
    table = turn.reading.intent in ("ask_stored", "ask_private", "delete_data", "export_data")
    return turn.reading.phrasing.question is not None and not table


def unplanned(turn: Turn, memory: Memory) -> bool:
    """They ask for a step, and tell none of their own."""
    wants = not unasked(turn, memory) or "refuses" in turn.reading.phrasing.cues or turn.reading.asked.edits
    wants = wants or bool(WISHED.search(turn.reading.text))
    return (wants or turn.reading.intent in STEPS) and "done_it" not in turn.reading.phrasing.cues


def no_draft_at_hand(turn: Turn, memory: Memory) -> bool:
    return memory.pending not in ("draft", "message")


def counts_tasks(turn: Turn, memory: Memory) -> bool:
    """So much is told of what they want to do that days can be proposed."""
    return turn.reading.phrasing.week is not None


def several_days(turn: Turn, memory: Memory) -> bool:
    """What they mean to do is told for several days of the week, in answer to us or as a plan."""
    planning = (
        memory.pending in PLANS
        or memory.exercise == "if_then_plan"
        or "week_plan" in turn.reading.phrasing.cues
    )
    return len(turn.reading.phrasing.days) > 1 and planning and not turn.reading.asked.wanted


def draft_dropped(turn: Turn, memory: Memory) -> bool:
    """The draft was thrown away just now."""
    return "dropped" in memory.message


def says_little_else(turn: Turn, memory: Memory) -> bool:
    """Neither a question nor a story beside it."""
    return turn.reading.phrasing.question is None and len(turn.reading.text.split()) <= LITTLE


def celebrated(turn: Turn, memory: Memory) -> bool:
    """We spoke of an offer a moment ago."""
    return memory.news == OFFER or memory.last.get("at_stage") == "celebrate"


def erased(turn: Turn, memory: Memory) -> bool:
    return memory.erased


def last_was_safety(turn: Turn, memory: Memory) -> bool:
    return memory.last.get("at_stage") == "safety"
