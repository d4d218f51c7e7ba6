"""A message to anybody: what is said of it is gathered turn by turn, so that nothing is asked that was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from comeback.steering.intent_groups import OFFER
from comeback.steering.memory import Memory, at_hand
from comeback.vocabulary import CONTENT, Asked, Turn

Condition = Callable[[Turn, Memory], bool]

MESSAGE = "message"
"""The exercise, and the question that its end leaves open."""
FEEDBACK = "feedback"
FEEDBACK_REQUEST = "feedback_request"
ASK_FEEDBACK = "ask_feedback"
"""The open question whether to ask them for feedback."""
DRAFTS = frozenset({"draft", MESSAGE})
"""Questions that an exercise leaves open when it has written something."""
CLOSE = "close"
ALOUD = "say"
"""The form of a line to be said aloud."""
SUPERIORS = ("boss", "manager", "supervisor", "colleague", "co-worker", "coworker", "landlord")
DROPPED = "dropped"
"""That the draft was thrown away with this very message."""
LINES = 8
"""Turns of which a message is made at most."""
LINE_CHARACTERS = 600
LONG_ANSWER = 40
"""A longer message in free writing is the writing, whatever it speaks of."""
ASKED_WORDS = 5
PURPOSE_WORDS = 8
"""A message of so few words that tells what it is for says nothing else."""
WHY_SURE = 0.8
OWN_PAIN = frozenset({"criticise_self", "compare_self", "give_up", "ruminate"})
"""Intents that speak of themselves, however long, and are neither a line of a text nor an answer about it."""
APPROVES = frozenset({"affirm", "thank"})
"""Intents with which a draft is taken as it is; their "thank you" is no point of it."""
NAMING_WORDS = 4
"""A message of so few words that names a boss or a friend tells who is meant."""


def gather(turn: Turn, memory: Memory) -> Memory:
    """The memory with what the turn says of a message: its reader, what it is for, and whose news it is."""
    asked = turn.reading.asked
    heard = {k: v for k, v in memory.message.items() if k != DROPPED}
    memory = replace(memory, message=heard)
    if memory.pending == MESSAGE and _approved(turn):
        return replace(memory, message={})
    if drops(turn, memory):
        running = memory.exercise in (MESSAGE, FEEDBACK_REQUEST)
        memory = replace(memory, draft={}, exercise=None if running else memory.exercise, paused=False)
        return replace(memory, message={k: v for k, v in heard.items() if k == "theirs"} | {DROPPED: "yes"})
    if by_themselves(turn, memory):
        return replace(memory, message={k: v for k, v in memory.message.items() if k == "theirs"})
    if asked.theirs or "for_other" in turn.reading.phrasing.cues:
        heard["theirs"] = "yes"
    if memory.exercise == FEEDBACK_REQUEST and heard.get("purpose") == FEEDBACK and heard.get("said"):
        memory = replace(memory, answers={**memory.answers, "said": heard["said"]})
    running = MESSAGE in (memory.exercise, memory.pending) or _instead(turn, memory)
    if running or asked.wanted or (asked.again and heard.get("to")):
        heard = _gathered(turn, memory, heard)
    return replace(memory, message=heard)


def _gathered(turn: Turn, memory: Memory, heard: dict[str, str]) -> dict[str, str]:
    """What is known of the message with what this turn adds to it, or of another one that it begins."""
    asked, no_request = turn.reading.asked, _no_request(turn, memory)
    if _anew(turn, memory):
        heard = {k: v for k, v in heard.items() if k in ("to", "register", "theirs")}
        heard |= {} if asked.own_news else {"asks": "yes"}
    elif asked.wanted and _another(asked, heard) and not asked.wrong:
        heard = {"new": "yes"} | ({"theirs": "yes"} if asked.theirs else {})
    person = memory.facts.get("person")
    if _instead(turn, memory) and person and "to" not in heard:
        heard |= {"to": person, "register": heard.get("register", "employer")}
    told = {"to": asked.to, "register": asked.register, "purpose": asked.purpose}
    heard |= {k: v for k, v in told.items() if v}
    heard |= {"points": "yes"} if asked.points or no_request else {}
    heard |= {"news": "yes"} if asked.own_news else {}
    line = " ".join(turn.reading.text[:LINE_CHARACTERS].split())
    lines = [*heard.get("said", "").splitlines(), f"{CONTENT}{line}" if no_request else line]
    return heard | {"said": "\n".join(lines[-LINES:])}


def begun(turn: Turn, memory: Memory) -> Memory:
    """The memory when the exercise begins: who is meant is taken from the talk, where the request does not say."""
    asked, heard = turn.reading.asked, {k: v for k, v in memory.message.items() if k != "new"}
    if asked.wrong and not _tells(asked):
        heard = {k: v for k, v in heard.items() if k in ("to", "register", "theirs")} | {"asks": "yes"}
    if "to" not in heard and asked.meant_register:
        heard |= {"to": asked.meant, "register": asked.meant_register}
    relation = memory.people.get(heard.get("to", "").lower()) or memory.facts.get("relation", "")
    near = relation if not asked.wanted or "relation" in at_hand(memory) else ""
    if "to" not in heard and near:
        heard["to"] = near
    of_theirs = heard.get("to", "") == relation or heard.get("to", "").lower() in memory.people
    if "register" not in heard and relation and (heard.get("theirs") or of_theirs):
        heard["register"] = "boss" if relation.endswith(SUPERIORS) else CLOSE
    return replace(memory, message=heard)


def answered(turn: Turn, memory: Memory, step: str) -> Memory:
    """The memory with the answer to "who is it for?" or "what should it say?"."""
    asked, heard, said = turn.reading.asked, dict(memory.message), turn.reading.text.strip()
    if step == "to" and "to" not in heard:
        heard["to"] = asked.meant or said
        heard |= {"register": asked.meant_register} if asked.meant_register else {}
    brief = bool(asked.purpose) and len(said.split()) <= PURPOSE_WORDS
    elsewhere = asked.dictates or asked.wanted or asked.again or asked.told_already or brief
    content = step == "point" and not elsewhere
    answers = {**memory.answers, step: said} if content or step == "to" else memory.answers
    return replace(memory, message=heard, answers=answers)


def known(memory: Memory) -> dict[str, str]:
    """What need not be asked any more, by the name of the step."""
    heard = memory.message
    found = {"to": heard["to"]} if heard.get("to") else {}
    news = (heard.get("theirs") or heard.get("news") or memory.news) and not heard.get("asks")
    purpose = heard.get("purpose", FEEDBACK) != FEEDBACK
    if purpose or heard.get("points") or (heard.get("register") == CLOSE and news):
        found["point"] = ""
    return found


def ended(memory: Memory) -> dict[str, str]:
    """What the workbench makes the message of."""
    news = "" if memory.news is None else "offer_news" if memory.news == OFFER else "no_news"
    heard = {k: v for k, v in memory.message.items() if k in ("said", "theirs", "register")}
    heard |= {"purpose": "none"} if memory.message.get("asks") else {}
    relation = memory.facts.get("relation", "")
    given = {
        **memory.answers,
        **heard,
        "to": memory.message.get("to", ""),
        "news": news,
        "relation": relation,
    }
    return {k: v for k, v in given.items() if v}


def _no_request(turn: Turn, memory: Memory) -> bool:
    """In the middle of a feedback request they say that it is to be none."""
    return memory.exercise == FEEDBACK_REQUEST and "not_feedback" in turn.reading.phrasing.cues


def _anew(turn: Turn, memory: Memory) -> bool:
    """The draft is thrown away, and what another one should say is told."""
    asked = turn.reading.asked
    return asked.over and bool(memory.draft) and (asked.points or asked.dictates or asked.wanted)


def _approved(turn: Turn) -> bool:
    """The message that lies before them is taken as it is; "a thank you text" asks for one."""
    return turn.reading.phrasing.picks.get(MESSAGE) == "good" and not turn.reading.asked.wanted


def drops(turn: Turn, memory: Memory) -> bool:
    """A draft, or the form that makes one, is thrown away, and no other is asked for."""
    running = bool(memory.draft) or memory.exercise in (MESSAGE, FEEDBACK_REQUEST)
    asked, about_data = turn.reading.asked, turn.reading.intent == "delete_data" or memory.pending == "delete"
    another = asked.points or asked.dictates or asked.wanted
    return asked.over and running and not (another or about_data)


def _instead(turn: Turn, memory: Memory) -> bool:
    """Another message is told in place of the one that is being written."""
    return _anew(turn, memory) or _no_request(turn, memory) or dictated(turn, memory)


def dictated(turn: Turn, memory: Memory) -> bool:
    """In place of an answer to a feedback request's question they say what the letter is to hold."""
    told = turn.reading.asked.points and "dictates" in turn.reading.phrasing.cues
    return memory.exercise == FEEDBACK_REQUEST and told and len(turn.reading.text.split()) > PURPOSE_WORDS


def wanted(turn: Turn, memory: Memory) -> bool:
    """A message is asked for that is no feedback request and not the one that lies before them."""
    asked = turn.reading.asked
    if asked.myself and not asked.to:
        return False
    refused = _no_request(turn, memory) and bool(memory.message.get("said"))
    if dictated(turn, memory):
        return True
    feedback = asked.purpose == FEEDBACK and "not_feedback" not in turn.reading.phrasing.cues
    if (_anew(turn, memory) and not feedback) or refused:
        return True
    if _purpose(turn, memory) == FEEDBACK or asked.myself:
        return False
    tells = bool(asked.purpose or asked.points)
    if (memory.pending == ASK_FEEDBACK and not tells) or (
        turn.reading.intent == "ask_practical" and not (asked.to or tells)
    ):
        return False
    asking_why = FEEDBACK_REQUEST in (memory.exercise, memory.draft.get("kind"))
    if asking_why and "not_feedback" in turn.reading.phrasing.cues:
        return asked.wanted or asked.points or asked.again
    if memory.pending == MESSAGE and memory.draft:
        return asked.wanted and bool(memory.message.get("new"))
    if memory.pending in DRAFTS and not (asked.to or asked.purpose or asked.points):
        return False
    if memory.exercise == MESSAGE and memory.paused and (asked.points or asked.dictates):
        return True
    return asked.wanted or (asked.again and bool(memory.message.get("to")))


def feedback_wanted(turn: Turn, memory: Memory) -> bool:
    """A message to an employer is asked for that asks them why."""
    asked = turn.reading.asked
    asks_why = asked.wanted and _purpose(turn, memory) == FEEDBACK
    return asks_why and (memory.pending not in DRAFTS or asked.over)


def _purpose(turn: Turn, memory: Memory) -> str:
    """What the message is for: as it is said now, else as it was said before of the same reader."""
    asked = turn.reading.asked
    same = not asked.points and not _another(asked, memory.message)
    reading = turn.reading
    asks_why = (
        reading.intent == "request_feedback" and reading.confidence >= WHY_SURE and asked.register != CLOSE
    )
    if asks_why and not (asked.purpose or asked.points):
        return FEEDBACK
    return asked.purpose or (memory.message.get("purpose", "") if same else "")


def told_more(turn: Turn, memory: Memory) -> bool:
    """More is said of the message that lies before them."""
    asked, phrasing = turn.reading.asked, turn.reading.phrasing
    if "said" not in memory.draft or asked.myself or _approved(turn) or _of_themselves(turn):
        return False
    if memory.pending != MESSAGE:
        return asked.wrong and _tells(asked)
    if asked.over and not asked.dictates:
        return False
    more = asked.dictates or asked.wanted or "form_wish" in phrasing.cues
    if turn.reading.intent in APPROVES and not more:
        return False
    return _tells(asked) or asked.wanted or "form_wish" in phrasing.cues


def _of_themselves(turn: Turn) -> bool:
    """What they feel about themselves is no line of the text that lies before them."""
    reading = turn.reading
    asks = reading.asked.dictates or reading.asked.wanted or "form_wish" in reading.phrasing.cues
    return reading.intent in OWN_PAIN and reading.confidence >= WHY_SURE and not asks


def by_themselves(turn: Turn, memory: Memory) -> bool:
    """They write it themselves; the draft that lies before them, or the one they are asked about, is done with."""
    running = memory.exercise in (MESSAGE, FEEDBACK_REQUEST)
    return turn.reading.asked.myself and (running or memory.pending in DRAFTS)


def not_it(turn: Turn, memory: Memory) -> bool:
    """The message that lies before them is not what they asked for, and nothing is said that would put it right."""
    asked = turn.reading.asked
    return memory.pending == MESSAGE and asked.wrong and not (_tells(asked) or asked.myself)


def rewords(kind: str) -> Condition:
    """They wish something of the text that was written, a feedback request or another (`kind`), and speak of it as such."""

    def holds(turn: Turn, memory: Memory) -> bool:
        asked, sent = turn.reading.asked, {"sent_it", "sent_already"} & turn.reading.phrasing.cues
        wishes = asked.edits and "of_the_text" in turn.reading.phrasing.cues and not sent
        of_kind = bool(memory.draft) and (memory.draft.get("kind") == MESSAGE) is (kind == MESSAGE)
        return wishes and of_kind and not (asked.myself or asked.over or _tells_of_another(turn, memory))

    return holds


def _tells_of_another(turn: Turn, memory: Memory) -> bool:
    """It goes to somebody else than the message that lies before them."""
    return memory.draft.get("kind") == MESSAGE and _another(turn.reading.asked, memory.message)


def has_request(memory: Memory) -> bool:
    """A feedback request to the very company of the talk was written already."""
    written, now = (known.get("company", "").lower() for known in (memory.draft, memory.facts))
    same = bool(written) is bool(now) and (written in now or now in written)
    return memory.draft.get("kind") == FEEDBACK_REQUEST and same


def asks_to_see(turn: Turn, memory: Memory) -> bool:
    """They do not see the draft."""
    asked = turn.reading.asked
    names = bool(asked.meant_register) and len(turn.reading.text.split()) <= NAMING_WORDS
    again = (
        (asked.again or asked.wanted or names)
        and memory.pending == MESSAGE
        and turn.reading.intent != "edit_draft"
    )
    asks_why = turn.reading.intent == "request_feedback" and has_request(memory) and not asked.edits
    again = again or asks_why
    other = asked.myself or (asked.aloud and memory.draft.get("form") != ALOUD) or memory.message.get("new")
    there = memory.pending in DRAFTS and bool(memory.draft) and not other
    return there and (asked.shows or again) and not (asked.points or asked.theirs or asked.own_news)


def takes_over(turn: Turn, memory: Memory, free: bool) -> bool:
    """Whether a message that is asked for ends another exercise; in free writing only when little else is said."""
    asked = turn.reading.asked
    if dictated(turn, memory) or (_no_request(turn, memory) and memory.message.get("said")):
        return True
    long = free and len(turn.reading.text.split()) > LONG_ANSWER
    if not (asked.outright and (asked.to or asked.purpose or asked.points)):
        return False
    if memory.exercise == FEEDBACK_REQUEST and _purpose(turn, memory) == FEEDBACK:
        return False
    return not long and (wanted(turn, memory) or feedback_wanted(turn, memory))


def says_something(turn: Turn) -> bool:
    """Whether the turn is about the message at all."""
    asked = turn.reading.asked
    return _tells(asked) or asked.wanted or asked.again or asked.told_already or asked.wrong


def asks_else(turn: Turn) -> bool:
    """A question of their own, and none that the message is to ask."""
    text = turn.reading.text
    return text.rstrip().endswith("?") and len(text.split()) >= ASKED_WORDS and not says_something(turn)


def _tells(asked: Asked) -> bool:
    return any((asked.points, asked.purpose, asked.to, asked.theirs, asked.own_news))


def _another(asked: Asked, heard: dict[str, str]) -> bool:
    """It goes to somebody else than the one spoken of before."""
    before, now = heard.get("to", "").lower(), asked.to.lower()
    return bool(before and now) and now not in before and before not in now
