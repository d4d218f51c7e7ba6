"""One turn: look for danger, then for a running exercise, then in the tables."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from comeback.steering import conditions as c
from comeback.steering import exercises as scripts
from comeback.steering import safety
from comeback.steering.answers import ANSWERS, BY_FACT, ECHO, REPLY, YES, picked
from comeback.steering.exercises import Exercises
from comeback.steering.follow_ups import FOLLOW_UPS
from comeback.steering.memory import Memory, at_hand, learn
from comeback.steering.moods import HIGH, mood
from comeback.steering.moves import MOVES
from comeback.steering.playbook import NEXT, PLAYBOOK, WEEK, Row, row
from comeback.vocabulary import Move, Reading, RiskLevel, Stage, Strategy, Turn

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
UNSAID = frozenset(
    {"edit_draft", "correct_bot", "nlu_fallback", "inform", "vent", "deny", "make_plan", "want_writing"}
)
"""Intents beside which a message that is asked for is neither a feedback request nor news for somebody."""
TO_PEOPLE = frozenset({"tell_someone", "correct_bot", "want_human"})
REQUEST = "feedback_request"
OFFER = "offer"
"""The type of the news when it was good."""
COMFORTING = frozenset({Strategy.REFLECTION, Strategy.RESTATEMENT, Strategy.AFFIRMATION})
DISCLOSE_EVERY = timedelta(hours=3)
GUESS = 0.22
"""Below this confidence a message is asked about."""
REPLY_SURE = 0.4
"""A bare reply to a question is taken as such unless another intent is at least so sure."""
FEELING_SURE = 0.2
"""The same for what is felt or told: it is heard as such already when the reader is less sure."""
NAMED_SURE = 0.85
WIN_SURE = 0.92
JOYS = frozenset({"joy", "pride", "gratitude", "relief", "excitement", "optimism", "admiration", "approval"})
GLAD_QUESTIONS = frozenset({"win_story", "next_small", "last_plan", "reward"})
"""Questions that good news answers."""
FELT = frozenset(
    {*NEWS, "share_feeling", "vent", "criticise_self", "compare_self", "ruminate", "give_up", "report_unfair"}
)
COMMANDS = {
    "safety": "ask_safety",
    "help": "ask_help",
    "delete": "delete_data",
    "export": "export_data",
    "stop": "skip",
    "start": "greet",
}
"""Single words that channels offer as commands."""
COSTLY = frozenset(
    "delete_data export_data got_offer abuse probe_bot off_topic other_language goodbye skip refuse_memory".split()
)
"""What would be hurtful or odd to answer when it was not meant; below COSTLY_SURE a feeling is heard instead."""
COSTLY_SURE = 0.65
KINDS_OF_HURT = frozenset("vent criticise_self compare_self ruminate give_up report_unfair".split())
HURT_SURE = 0.45
"""Below this confidence a kind of hurt is answered as a feeling, or echoed when none is read."""
PLAIN_REPLIES = frozenset("affirm deny correct_bot edit_draft nlu_fallback crisis".split())
TYPE_SURE = 0.5
"""Below this confidence a rejection is answered without its type: a wrong one would hurt."""
KEEPS_QUESTION = frozenset({"ask_clarify", "ask_why_said", "ask_bot", "ask_private", "off_topic"})
DONE = frozenset({"share_win", "report_progress"})
WINS_KEPT = 12
NO_CHOICE = KEEPS_QUESTION | frozenset(
    "ask_stored export_data delete_data ask_weeks check_week goodbye abuse probe_bot other_language".split()
)
"""What is not an answer to a question of ours, whatever words it holds."""
TOPIC_OPENS = {
    "pros_cons": "weigh",
    "reply_rejection": "ask_feedback",
    "rights": "plan",
    "visa_help": "plan",
    "money_help": "plan",
}
"""The question that a practical answer leaves open."""
EXERCISING = frozenset("ask_grounding want_writing care_for_self make_plan build_skills want_advice".split())
"""What is not begun when the message refuses it."""
TOPIC_SURE = 0.35
"""Below this confidence the topic of a question is not believed."""
ASKED_SURE = 0.9
TROUBLES = frozenset({"cant_sleep"})
"""Practical topics that need no question."""
REQUESTING = ("ask_", "want_", "worry_", "request_")
"""Beginnings of the intents that ask for something."""
MINUTES_WORDS = 7
LADDER = ("fallback", "fallback_menu", "fallback_human", "fallback_short")
BARE = 2
"""A word or two ("nothing", "a week") tell no news by themselves."""
BRIEF = 4
"""A message of so few words is answered briefly."""
NOT_TO_TELL = re.compile(
    r"\b(?:boss|manager|supervisor|colleague|co-?worker|lead|landlord|kid|child|children|son|daughter|baby)",
    re.IGNORECASE,
)
"""People whom nobody is urged to tell first."""
OF_THIS_MESSAGE = frozenset({"fact_corrected", "told_more", "noted", "echo"})
"""Moves that say back facts of this very message only."""
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


def decide(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """What to say to `turn`, in order, and the memory afterwards. Never empty."""
    turn = _careful(turn, memory)
    memory = _observe(turn, memory)
    moves, memory = safety.interrupt(turn, memory, exercises) or _talk(turn, memory, exercises)
    if moves[0].stage is not Stage.SAFETY:
        check, memory = safety.afterthought(turn, memory)
        moves = (*moves, check) if check else moves
    disclosure = _disclosure(turn, memory)
    if disclosure:
        moves = (disclosure, *moves)
        memory = replace(memory, disclosed_at=turn.now.isoformat())
    return tuple(_with_what_is_known(move, turn, memory) for move in moves), _remember(turn, moves, memory)


def main_move(moves: tuple[Move, ...]) -> Move:
    """The move a turn is logged by: the first that is not a disclosure."""
    return next((m for m in moves if not m.name.startswith("disclosure")), moves[0])


def _careful(turn: Turn, memory: Memory) -> Turn:
    """The turn with a command taken as such, and without an unsure reading that would be costly when wrong."""
    reading = turn.reading
    command = reading.text.strip(" /.!").lower()
    if command in COMMANDS and reading.risk.level is RiskLevel.NONE:
        return replace(turn, reading=replace(reading, intent=COMMANDS[command], confidence=1.0))
    if "leaving" in reading.phrasing.cues and reading.risk.level is RiskLevel.NONE:
        return replace(turn, reading=replace(reading, intent="goodbye", confidence=1.0))
    if memory.exercise and not memory.paused:
        return turn
    if _hurts_rather(reading):
        intent = "share_feeling" if mood(reading.feelings, reading.emotions) else "inform"
        return replace(turn, reading=replace(reading, intent=intent, confidence=HURT_SURE))
    if reading.intent == "deny" and "agrees" in reading.phrasing.cues:
        rather = next((name for name in reading.runners_up if name in FELT), "inform")
        return replace(turn, reading=replace(reading, intent=rather, confidence=HURT_SURE))
    if any(told(reading, memory) for told in (_no_offer, _no_win, _no_edit, _no_mere_yes, _a_resolve)):
        return replace(turn, reading=replace(reading, intent="inform", confidence=HURT_SURE))
    if _names_themselves(reading):
        return replace(turn, reading=replace(reading, intent="criticise_self", confidence=HURT_SURE))
    asked = _asked(reading)
    if reading.intent == "ask_practical" and not asked:
        told = next((name for name in reading.runners_up if name in FELT), "inform")
        return replace(turn, reading=replace(reading, intent=told, confidence=HURT_SURE))
    if _feels_more_than_it_asks(reading):
        return replace(turn, reading=replace(reading, intent="share_feeling", confidence=COSTLY_SURE))
    if reading.intent not in COSTLY or reading.confidence >= COSTLY_SURE:
        return turn
    felt = next((name for name in reading.runners_up if name in FELT), None)
    if mood(reading.feelings, reading.emotions) or reading.risk.level is RiskLevel.CONCERN:
        felt = felt or "share_feeling"
    return replace(turn, reading=replace(reading, intent=felt, confidence=FEELING_SURE)) if felt else turn


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
    return reading.intent == "affirm" and goes_on and memory.pending in ("direction", "feeling")


def _a_resolve(reading: Reading, memory: Memory) -> bool:
    """What they are going to do, and when ("ill go to the union office monday")."""
    unsure = reading.confidence < COSTLY_SURE and not reading.intent.startswith(REQUESTING)
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
    asks = reading.text.strip().endswith("?") or reading.intent in ("ask_practical", "ask_bot")
    if asks or _asks_outright(reading) or mood(reading.feelings, reading.emotions) in (None, *HIGH):
        return False
    unsure = reading.confidence < COSTLY_SURE and reading.intent not in (*FELT, *PLAIN_REPLIES)
    unclear = reading.intent == "nlu_fallback" and reading.confidence < 1
    not_only_confused = mood(reading.feelings, reading.emotions) != "confused"
    return unsure or unclear or (reading.intent == "unsure" and not_only_confused)


def _asked(reading: Reading) -> bool:
    """Whether a practical question is one, and not something told that sounds like it."""
    sure = reading.confidence >= ASKED_SURE or reading.topic in TROUBLES
    return sure or "asks" in reading.phrasing.cues


def _asks_outright(reading: Reading) -> bool:
    """A request that the words and the intent agree on."""
    return "asks" in reading.phrasing.cues and reading.intent.startswith(REQUESTING)


def _observe(turn: Turn, memory: Memory) -> Memory:
    reading = turn.reading
    now = turn.now.isoformat()
    memory = replace(memory, turn=memory.turn + 1, first_at=memory.first_at or now)
    memory = learn(memory, reading.facts, reading.text)
    if "stop_feelings" in reading.phrasing.cues:
        memory = replace(memory, reads_feelings=False, mood=None)
    if memory.reads_feelings:
        word = reading.phrasing.mood
        corrected = word if reading.intent == "correct_bot" or word == "relieved" else None
        memory = replace(memory, mood=corrected or mood(reading.feelings, reading.emotions) or memory.mood)
    if reading.intent == "got_offer" and memory.reads_feelings:
        memory = replace(memory, mood="glad")
    if reading.phrasing.minutes:
        memory = replace(memory, facts={**memory.facts, "minutes": reading.phrasing.minutes})
    if reading.intent in DONE and (done := reading.phrasing.quote):
        memory = replace(memory, wins=(*memory.wins, done)[-WINS_KEPT:])
    return memory


def _talk(turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    if memory.exercise and not memory.paused:
        if not scripts.interrupted(turn, memory, exercises):
            return scripts.take_answer(turn, memory, exercises)
        dropped = scripts.leaves(turn)
        memory = replace(memory, paused=True, exercise=None if dropped else memory.exercise)
    return _take(_row(turn, memory), turn, memory, exercises)


def _take(chosen: Row, turn: Turn, memory: Memory, exercises: Exercises) -> tuple[tuple[Move, ...], Memory]:
    """The moves of a row, with the follow-up that is due in place of `next`, and what the row changes."""
    news = _news(turn, memory)
    after = memory
    if chosen.says and any(MOVES[name].strategy in COMFORTING for name in chosen.says if name != NEXT):
        after = replace(memory, heard=memory.heard + 1)
    following = _first(FOLLOW_UPS, turn, after) if NEXT in chosen.says else row()
    says = [name for name in chosen.says if name != NEXT] + list(following.says)
    offer = chosen.offers or following.offers
    kept = (*memory.kept, memory.answers["friend"]) if _keeps_words(chosen, memory) else memory.kept
    fell = bool(says) and says[0].startswith(("talk.fallback", "talk.which"))
    keeps = turn.reading.intent in KEEPS_QUESTION
    memory = replace(
        memory,
        news=news or memory.news,
        direction=chosen.direction or memory.direction,
        pending=following.opens or chosen.opens or (memory.pending if keeps else None),
        offered=(*memory.offered, offer) if offer else memory.offered,
        offer_turn=memory.turn if offer else memory.offer_turn,
        week_asked=turn.now.isoformat() if offer == WEEK else memory.week_asked,
        fallbacks=memory.fallbacks + 1 if fell else 0,
        kept=kept,
    )
    moves = tuple(MOVES[name] for name in says)
    if chosen.starts:
        asked, memory = scripts.start(chosen.starts, memory, exercises, turn)
        moves = (*moves, *asked)
    return moves, memory


def _news(turn: Turn, memory: Memory) -> str | None:
    """The type of what the message tells; details of a loss ("on a zoom call") do not make another of it."""
    if turn.reading.intent == "got_offer":
        return OFFER
    news = NEWS.get(turn.reading.intent)
    if news is None or memory.news in (None, "rejection", OFFER) or c.another(turn, memory):
        return news if turn.reading.confidence >= TYPE_SURE or news is None else memory.news or "rejection"
    return memory.news


def _keeps_words(chosen: Row, memory: Memory) -> bool:
    return chosen.says == ("acknowledge.words_kept",) and "friend" in memory.answers


def _row(turn: Turn, memory: Memory) -> Row:
    reading = turn.reading
    if "stop_feelings" in reading.phrasing.cues:
        return row("talk.feelings_off", opens="feeling")
    if "only_hotlines" in reading.phrasing.cues:
        return row("talk.why_safety", opens="feeling")
    if reading.phrasing.minutes and len(reading.text.split()) <= MINUTES_WORDS:
        return row("talk.minutes", opens="direction", offers="direction")
    only = reading.intent in EXERCISING and "asks" not in reading.phrasing.cues
    refused = only or "letter" in reading.phrasing.cues
    if "refuses" in reading.phrasing.cues and refused:
        return _instead(turn, memory)
    if _other_letter(turn, memory):
        return row(starts="short_note", direction="do")
    if "in_person" in reading.phrasing.cues and _telling(turn, memory):
        return row("strategy.answer_tell_in_person", opens="feeling")
    if "stops_outright" in reading.phrasing.cues and reading.intent in PLAIN_REPLIES:
        return row("talk.skipped", opens="direction")
    if reading.intent == "nlu_fallback" and "silence" in reading.phrasing.cues:
        return row("acknowledge.no_rush", opens=memory.pending)
    if "bereaved" in reading.phrasing.cues and "bereaved" not in memory.offered:
        return _bereaved(turn)
    if "nobody" in reading.phrasing.cues and memory.news:
        return row("acknowledge.alone_with_it", opens="feeling")
    if asked_of_them := _of_them(turn, memory):
        return asked_of_them
    about_me = reading.intent in (*NO_CHOICE, "ask_practical") and reading.confidence >= COSTLY_SURE
    if reading.intent == "ask_bot" and reading.phrasing.picks.get(memory.pending or "") == "change":
        about_me = False  # "make it sound less like a robot" is about the draft
    if not about_me and (option := picked(memory.pending, reading.phrasing)):
        return option
    asked = _asked(reading)
    if reading.intent == "ask_practical" and reading.topic and asked and reading.confidence >= TOPIC_SURE:
        return row(f"strategy.answer_{reading.topic}", opens=TOPIC_OPENS.get(reading.topic))
    answers = ANSWERS.get(memory.pending or "", {})
    named = {fact.entity for fact in reading.facts} & BY_FACT.get(memory.pending or "", frozenset())
    reminds = (
        reading.intent == "set_reminder" and reading.confidence >= COSTLY_SURE and memory.pending == "plan"
    )
    if named and reading.intent != YES and not reminds:
        return answers[YES] if memory.pending == "plan" else _detail(answers[REPLY], turn, memory)
    if (
        YES in answers
        and memory.pending not in ("direction", "feeling")
        and "agrees" in reading.phrasing.cues
        and reading.intent == REPLY
    ):
        return answers[YES]
    if reading.intent in answers:
        return _detail(answers[reading.intent], turn, memory)
    sure = FEELING_SURE if reading.intent in FELT or _asks_outright(reading) else REPLY_SURE
    if reading.intent in COSTLY or (reading.intent in NEWS and len(reading.text.split()) <= BARE):
        sure = COSTLY_SURE
    if reading.intent in PLAIN_REPLIES or reading.intent == "thank":
        sure = FEELING_SURE
    unread = reading.intent == "nlu_fallback" and reading.confidence >= 1
    if REPLY in answers and not unread and (reading.confidence < sure or reading.intent == "nlu_fallback"):
        return _detail(answers[REPLY], turn, memory)
    sure_from = TOPIC_SURE if reading.intent == "ask_practical" else GUESS
    unsure = reading.confidence < sure_from and bool(reading.runners_up)
    if unsure and reading.intent in FELT:
        told = "tell_rejection" if reading.intent in NEWS else "share_feeling"
        return _first(PLAYBOOK["inform" if c.told_before(turn, memory) else told], turn, memory)
    if reading.intent == "nlu_fallback" or unsure:
        return _fallback(turn, memory)
    return _first(PLAYBOOK.get(reading.intent, PLAYBOOK["nlu_fallback"]), turn, memory)


def _of_them(turn: Turn, memory: Memory) -> Row | None:
    """A letter to the employer is asked for, or whether to send one, in words that the intent is not sure of."""
    reading = turn.reading
    sure = reading.confidence >= COSTLY_SURE and reading.intent != "want_perspective"
    if memory.draft or sure or reading.intent in FELT:
        return None
    if "ask_them" in reading.phrasing.cues and "whether" in reading.phrasing.cues:
        return _first(PLAYBOOK["request_feedback"], turn, memory)
    if "write_to_them" in reading.phrasing.cues:
        return row(starts="feedback_request", direction="do")
    return None


def _other_letter(turn: Turn, memory: Memory) -> bool:
    """A message is wanted that is no feedback request and no news of a no: about an offer, to a boss, to a colleague."""
    intent = turn.reading.intent
    to_them = memory.pending == "ask_feedback" or c.mentions("write_to_them")(turn, memory)
    if to_them or intent in NO_CHOICE or intent == "ask_practical":
        return False
    wanted = c.either(c.mentions("letter"), c.mentions("writes"))(turn, memory)
    asking = REQUEST in (memory.exercise, memory.draft.get("kind"))
    if c.mentions("not_feedback")(turn, memory) and (wanted or asking):
        return True
    if memory.draft or intent in FELT or not wanted:
        return False
    unsaid = intent in UNSAID and not c.mentions("asks_reason")(turn, memory)
    to_superior = c.mentions("to_superior")(turn, memory) and intent in TO_PEOPLE
    return memory.news == OFFER or to_superior or (unsaid and c.mentions("writes")(turn, memory))


def _bereaved(turn: Turn) -> Row:
    """A death is heard first; a question that stands beside it is answered after."""
    reading = turn.reading
    if reading.intent == "ask_practical" and reading.topic and reading.confidence >= TOPIC_SURE:
        return row(f"acknowledge.bereaved strategy.answer_{reading.topic}", offers="bereaved")
    return row("acknowledge.bereaved", opens="feeling", offers="bereaved")


def _telling(turn: Turn, memory: Memory) -> bool:
    """They are about to tell somebody."""
    return memory.pending in ("tell", "text") or "tell_someone" in (turn.reading.intent, memory.exercise)


def _instead(turn: Turn, memory: Memory) -> Row:
    """An exercise is refused: the letter that they want instead, or an ear."""
    if "letter" in turn.reading.phrasing.cues:
        return _first(PLAYBOOK["request_feedback"], turn, memory)
    return row("talk.refused", opens="feeling")


def _detail(chosen: Row, turn: Turn, memory: Memory) -> Row:
    """What is told in reply to an open question is taken in as a fact is that nobody asked for."""
    return _first(PLAYBOOK["inform"], turn, memory) if chosen is ECHO else chosen


def _first(rows: tuple[Row, ...], turn: Turn, memory: Memory) -> Row:
    return next(r for r in rows if r.when is None or r.when(turn, memory))


def _fallback(turn: Turn, memory: Memory) -> Row:
    """A ladder that never says the same twice: a guess to choose from, another form, a person, and then in short."""
    if memory.fallbacks == 0 and len(_guesses(turn, memory)) > 1 and turn.reading.intent != "nlu_fallback":
        return row("talk.which", opens="direction")
    return row(f"talk.{LADDER[min(memory.fallbacks, len(LADDER) - 1)]}", opens="direction")


def _guesses(turn: Turn, memory: Memory) -> list[str]:
    """What the message may have meant, without what cannot be done now."""
    never = {"nlu_fallback"} if memory.draft else {"nlu_fallback", "edit_draft"}
    return [name for name in (turn.reading.intent, *turn.reading.runners_up) if name not in never][:3]


def _disclosure(turn: Turn, memory: Memory) -> Move | None:
    if memory.disclosed_at is None:
        return MOVES["talk.disclosure"]
    if turn.now - datetime.fromisoformat(memory.disclosed_at) >= DISCLOSE_EVERY:
        return MOVES["talk.disclosure_again"]
    return None


def _with_what_is_known(move: Move, turn: Turn, memory: Memory) -> Move:
    text, phrasing = turn.reading.text, turn.reading.phrasing
    traits = {"mood": memory.mood or "", "type": memory.news or "", "direction": memory.direction or ""}
    traits |= {
        "length": "brief" if len(text.split()) <= BRIEF else "",
        "emoji": "yes" if EMOJI.search(text) else "",
        "kind": turn.reading.risk.kind.value,
        "channel": turn.channel,
        "pending": memory.pending or "" if move.name == "clarify" else "",
        "guesses": " ".join(_guesses(turn, memory)) if move.name == "which" else "",
    }
    said = {"quote": phrasing.quote, "harsh": phrasing.hard_name, "wins": _listed(memory.wins)}
    known: dict[str, str | None] = {**at_hand(memory), **memory.last, **memory.plan, **said}
    if move.name == "offer_tell" and NOT_TO_TELL.search(known.get("relation") or ""):
        del known["relation"]
    if move.name in OF_THIS_MESSAGE:
        named = {fact.entity for fact in turn.reading.facts}
        fresh = {name for name in named if memory.named_at.get(name) == memory.turn}
        known = {**{name: value for name, value in memory.facts.items() if name in fresh}, **said}
        traits["repeat"] = "yes" if move.name == "fact_corrected" else ""
    traits = {k: v for k, v in traits.items() if v} | move.traits
    return replace(move, blanks={k: v for k, v in known.items() if v} | move.blanks, traits=traits)


def _listed(wins: tuple[str, ...]) -> str:
    return "; ".join(f'"{win}"' for win in wins)


def _remember(turn: Turn, moves: tuple[Move, ...], memory: Memory) -> Memory:
    main = main_move(moves)
    stage = memory.stage if main.stage is Stage.TALK else main.stage.value
    comforting = any(m.strategy in COMFORTING and m.stage is not Stage.TALK for m in moves)
    last = memory.last
    if main.name not in ("why_said", "why_safety"):
        last = {
            "at_stage": main.stage.value,
            "strategy": main.strategy.value,
            "why": main.why or "",
            "evidence": main.evidence or "",
        }
    return replace(
        memory,
        stage=stage,
        heard=memory.heard + 1 if comforting else memory.heard,
        last=last,
        last_at=turn.now.isoformat(),
    )
