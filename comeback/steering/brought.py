"""What a message brings into a talk about safety: a correction, a place, a pet, a joke, a wish for words, somebody else."""

from __future__ import annotations

import re

from comeback.steering.intent_groups import NEWS, REQUESTING
from comeback.vocabulary import Reading, RiskKind


def _any(*pieces: str) -> re.Pattern[str]:
    return re.compile("|".join(pieces), re.IGNORECASE)


COMES = (
    r"\b(?:is|are|s?he'?s|they'?re) (?:here|with me|coming|calling|ringing|on (?:her|his|their|the) way)\b"
)
REACHED = _any(
    r"\bi(?:'ve| have)? ?(?:just )?(?:texted|called|messaged|rang|told|phoned|spoke|wrote)\b", COMES
)
PRESENT = _any(COMES)
COMING = _any(rf"^\W*(?:\w+ ){{0,3}}{COMES}\W*$")
ALONE = _any(r"\b(?:no ?one|nobody|all alone|(?:can'?t|don'?t want to) (?:call|talk|speak))\b")
WORDS = _any(
    r"\b(?:what|how) (?:do|can|could|would|should|to)\b(?: i| you)?(?: even| actually| really)? (?:say|write|tell|text|put it)\b",
    r"\b(?:help|give|write|draft|send|need|want)\b.{0,24}\b(?:text|message|words|line|sentence)s?\b",
    r"\b(?:text|message|words|line|note) (?:to|for) \w",
    r"\b(?:reach|tell) (?:someone|somebody|a person)\b",
)
WHO_TO_RING = (
    r"\bwho (?:can|could|do|should|would) i (?:even |actually )?(?:ring|call|phone|text|talk|reach|contact)\b"
)
RING = _any(WHO_TO_RING, r"\b(?:number|hotline|helpline)\b")
LINES = _any(WHO_TO_RING, r"\b(?:call|phone|text|chat|number|hotline|helpline)\b")
GROUND = _any(r"\b(?:ground\w*|breath\w*)\b")
SAFE = _any(
    r"\bi(?:['’]?m| am) (?:really |all |home |now |and )*(?:safe|okay|ok|fine|alright)\b(?! by\b)",
    r"^\W*safe (?:for )?now",
)
PETS = r"\b(?:cat|dog|kitten|puppy|rabbit|hamster|budgie|parrot|guinea pig|horse)\b"
NEARER = _any(
    r"\b(?:i['’]?m|i am|got|made it|came|went|walked|back|safe)\b(?! not\b).{0,12}\b(?:home|indoors|inside|in bed)\b",
    r"(?<!\bshe )(?<!\bhe )(?<!they )\b(?:walked|stepped|moved|came|went|got) (?:away|back|off|down)(?= *[.,!]| *$| (?:from )?(?:the|that) (?:edge|platform|station|bridge|roof|tracks|ledge|window|balcony|water)\b)",
    rf"\bwith my {PETS}",
    rf"{PETS}.{{0,16}}\b(?:on|with|beside|by|next to) (?:me|my)\b",
)
OUT_OF_REACH = _any(
    r"\b(?:not|n['’]?t|wont|stopped) (?:\w+ ){0,2}(?:pick(?:ing|s)? up|answer\w*|repl\w+|open\w*)\b|\bphone(?:['’]?s| is)? off\b|\bcan['’]?t reach (?:him|her|them)\b"
)
JEST = _any(r"\b(?:jk|just kidding|kidding|joking|a joke)\b")
JOKE = _any(
    JEST.pattern, r"\b(?:lol|lmao|ha(?:ha)+|hilarious)\b", "[\U0001f480\U0001f602\U0001f643\U0001f923]"
)
MISREAD = _any(
    r"\b(?:misread|misunderstood|misunderstand) me\b|\byou (?:\w+ ){0,2}(?:misread|misunderst\w+|misheard)\b|\bwrong idea\b",
    r"\b(?:got|get|took|take|read) me (?:all |the )?wrong\b|\byou (?:\w+ )?(?:got|get|took|take|read) (?:it|that|this) (?:all )?wrong\b",
    r"\bnot what i (?:said|meant|mean)\b|\bi (?:never|didn['’]?t) (?:say|said|mean|meant) (?:that|this|it|so|anything like)\b",
    r"\bsaid nothing of the (?:kind|sort)\b|\bi (?:never|didn['’]?t) say (?:anything|nothing)\b|\bno(?:thing)? such thing\b",
    r"\bfigure of speech\b|\bi was (?:only |just )?quoting\b|\b(?:song|the) lyrics?\b",
)
OF_DYING = r"(?:being alive|dying|death|dead|killing|living|hurting|suicid\w*)"
OBJECTS = _any(
    MISREAD.pattern,
    rf"\b(?:nobody|no ?one|who) (?:said|mentioned|talked|is talking|spoke|brought up) (?:\w+ ){{0,2}}(?:{OF_DYING}|that\b)",
    rf"\bnot (?:to do with|about) (?:me )?(?:{OF_DYING}|that(?! \w))",
    r"\bi(?:['’]?m| am) not (?:going to|gonna|gunna|about to|trying to|planning to) (?:kill|hurt|harm|end|off) (?:myself|me|it|my life)\b(?! (?:yet|tonight|today|until|till))",
    r"\bnot (?:\w+ ){0,2}suicidal\b|\bstop (?:with that|asking|it with)\b",
    r"\bi(?:['’]?m not (?:going to|gonna)| won['’]?t| would(?:n['’]?t| never)) (?:do|try|act on) (?:it|that|anything)\b(?! (?:tonight|today|yet|now))",
    r"\bwhy (?:would|do|did|are) you (?:say|ask|saying|asking) (?:that|this|me|if)\b",
)
NOTHING_DONE = _any(
    r"\bnot (?:going to|gonna|gona|gunna) do (?:anything|anythin|it|that)\b|\bi(?:['’]?m| am) not suicidal\b|^\W*(?:no|nah|nope)\b[^.!?]{0,12}\bsafe\b"
)
"""They say of themselves that there is no danger."""
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
LITTLE = 4
"""So few words beside a denial say nothing more."""
HER, HIM = _any(r"\b(?:she|her|hers|herself)\b"), _any(r"\b(?:he|him|his|himself)\b")
OWN = _any(r"\bi(?:['’]?m| am) (?:\w+ ){0,2}(?:not|safe|fine|ok|okay)\b|\bmyself\b")
HOW = _any(
    WORDS.pattern,
    r"\bhow (?:do|can|could|should|to)\b.{0,10}\b(?:help|support|comfort|talk|be there|act|react|cheer|reach)\b",
    r"\bwhat (?:do|can|could|should|to)\b.{0,6}\b(?:do|help)\b",
    RING.pattern,
)
DANGER = _any(r"\b(?:suicid\w*|danger|risk|die|dying|dead|kill\w*|hurt\w*|harm\w*)\b")
UNSAID = _any(
    r"[^\w\s',’-]",
    DANGER.pattern,
    r"\b(?:pills?|tablets?|meds?|ropes?|knife|knives|guns?|rifle|bridge|train|roof|jump\w*|cuts?|cutting|overdos\w*|blades?|noose|hang\w*)\b",
)
"""What is not said back: means, and what is no plain sentence."""
LONGEST = 20
OF_THE_JOB = _any(r"\b(?:job|interview|rejected|rejection|didn['’]?t get|turned down|got a no)\b")


def misread(reading: Reading) -> bool:
    """They say that they were taken wrong."""
    return bool(MISREAD.search(reading.text))


def objects(reading: Reading) -> bool:
    """They reject a question about danger, in whatever words."""
    return reading.risk.kind is RiskKind.DENIAL or bool(OBJECTS.search(reading.text))


def wants_words(reading: Reading) -> bool:
    """They ask for words to tell somebody how it is with them."""
    asked = reading.intent == "tell_someone" or WORDS.search(reading.text)
    return bool(asked) and reading.intent not in NEWS and not OF_THE_JOB.search(reading.text)


def asks_how(reading: Reading) -> bool:
    """They ask how to be with somebody, or what to say."""
    return reading.intent in ("tell_someone", "want_advice", "ask_help") or bool(HOW.search(reading.text))


def traits(reading: Reading) -> dict[str, str]:
    """What the wording of a safety answer may take up."""
    found = {"joke": JOKE.search(reading.text), "near": NEARER.search(reading.text)}
    return {name: "yes" for name, said in found.items() if said}


def blanks(reading: Reading) -> dict[str, str]:
    """A pet that is with them."""
    found = re.search(PETS, reading.text, re.IGNORECASE)
    return {"pet": found[0].lower()} if found else {}


def left(reading: Reading) -> str | None:
    """What a message says beside the denial in it; None when that is next to nothing."""
    more = [s for s in SENTENCE.split(reading.text) if not any(p.search(s) for p in (OBJECTS, SAFE, JEST))]
    more = [s for s in more if len(s.split()) > 2]
    said = " ".join(more)
    asks = reading.intent.startswith(REQUESTING) and said.endswith("?")
    return said if len(said.split()) > LITTLE or (said and asks) else None


def clears_another(reading: Reading) -> bool:
    """A sentence denies danger for somebody else."""
    kept = [s for s in SENTENCE.split(reading.text) if DANGER.search(s) and not OWN.search(s)]
    relations = [fact.value for fact in reading.facts if fact.entity == "relation"]
    others = [s for s in kept if HER.search(s) or HIM.search(s) or any(r in s for r in relations)]
    return reading.risk.kind is RiskKind.DENIAL and bool(others)


def told_of_another(text: str) -> str | None:
    """The last sentence about somebody else, when it may be said back."""
    about = [s.strip(" .!") for s in SENTENCE.split(text) if HER.search(s) or HIM.search(s)]
    last = about[-1] if about else ""
    return last if last and len(last.split()) <= LONGEST and not UNSAID.search(last) else None


def of_another(reading: Reading) -> bool:
    """The message speaks of somebody else, and not of its writer's own safety."""
    named = any(fact.entity == "relation" for fact in reading.facts)
    others = HER.search(reading.text) or HIM.search(reading.text) or named
    return bool(others) and not OWN.search(reading.text)


def whom(reading: Reading, before: str | None) -> str | None:
    """The one they worry about: "her", "him", "your daughter"; `before` is how it was said so far."""
    her, him = len(HER.findall(reading.text)), len(HIM.findall(reading.text))
    if her != him:
        return "her" if her > him else "him"
    relation = next((fact.value.lower() for fact in reading.facts if fact.entity == "relation"), None)
    return before or (f"your {relation}" if relation else None)
