"""The nouns that all rooms share. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """The six steps after a rejection; above them safety; beside them the talk about the talk."""

    ACKNOWLEDGE = "acknowledge"
    PERSPECTIVE = "perspective"
    FEEDBACK = "feedback"
    STRATEGY = "strategy"
    PERSISTENCE = "persistence"
    CELEBRATE = "celebrate"
    SAFETY = "safety"
    TALK = "talk"


class Strategy(StrEnum):
    """What a supportive turn does, in the names of ESConv (Liu et al. 2021). Self-disclosure is left out: a program has nothing to disclose."""

    QUESTION = "question"
    RESTATEMENT = "restatement"
    REFLECTION = "reflection of feelings"
    AFFIRMATION = "affirmation and reassurance"
    INFORMATION = "information"
    SUGGESTION = "providing suggestions"
    OTHER = "others"


class RiskLevel(StrEnum):
    NONE = "none"
    CONCERN = "concern"
    CRISIS = "crisis"


class RiskKind(StrEnum):
    """Why a level was chosen. The last four belong to level none."""

    IDEATION = "ideation"
    PASSIVE = "passive"
    PLAN = "plan"
    MEANS = "means"
    GOODBYE = "goodbye"
    SELF_HARM = "self_harm"
    THIRD_PARTY = "third_party"
    HARM_TO_OTHERS = "harm_to_others"
    MEDICAL = "medical"
    UNREADABLE = "unreadable"
    HYPERBOLE = "hyperbole"
    DENIAL = "denial"
    MENTION = "mention"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Risk:
    level: RiskLevel = RiskLevel.NONE
    kind: RiskKind = RiskKind.NOTHING
    unsure: bool = False
    """The learned reader alone says so, and it is not sure: nothing was said outright."""


@dataclass(frozen=True)
class Fact:
    """Something the person named, by character offsets into the text."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Phrasing:
    """What a message says outright, by the words of data/lexicons/phrasings.yml."""

    cues: frozenset[str] = frozenset()
    """Names of the phrasings it holds."""
    minutes: str | None = None
    """How many minutes they say they have, as typed."""
    mood: str | None = None
    """The mood that they name and do not deny; the last one when there are several."""
    quote: str | None = None
    """A clause of theirs, small and plain enough to be said back."""
    hard_name: str | None = None
    """What they call themselves ("stupid", "not good enough"), lower case."""
    question: str | None = None
    """The last clause that asks us something, as typed."""
    pasted: Mapping[str, str] = field(default_factory=dict)
    """What they put into the message under a heading ("Job ad: ... My CV: ..."): ad, cv."""
    picks: Mapping[str, str] = field(default_factory=dict)
    """Open question -> the option that a short message would pick."""
    days: tuple[tuple[str, str], ...] = ()
    """Days of the week with what is to be done on each ("mon call the bank, wed cv")."""
    week: str | None = None
    """Days for what they want to do some times in a week ("3 jobs", "mornings")."""
    place: int | None = None
    """The place of an option that it names ("the second one"): 0 is the first, -1 the last."""
    reason: str | None = None
    """Why the employer said no, as typed or quoted ("they said others had more experience")."""


CONTENT = "="
"""Opens a line of what was said of a message that is all content of it."""


@dataclass(frozen=True)
class Asked:
    """What a turn says of a message that the person wants written."""

    wanted: bool = False
    """It asks for one in so many words."""
    outright: bool = False
    """It cannot be what they mean to do themselves ("text my boss")."""
    again: bool = False
    """It asks for the one that was spoken of before."""
    shows: bool = False
    """It asks to see it."""
    wrong: bool = False
    """It says that the draft is not what was asked for."""
    edits: bool = False
    """It wishes something of a text: shorter, a word for another, a line out."""
    over: bool = False
    """It throws the draft away ("scrap it")."""
    told_already: bool = False
    """It says that the answer was given before."""
    to: str = ""
    """Who gets it, as they were called."""
    register: str = ""
    """close, boss or employer, as far as it is told."""
    meant: str = ""
    """Who would be meant if it answered "who is it for?"."""
    meant_register: str = ""
    purpose: str = ""
    """What it is for: a name of data/lexicons/messages.yml."""
    points: bool = False
    """It holds what the message is to say."""
    dictates: bool = False
    """It says where that begins ("say ...", "asking if ...")."""
    theirs: bool = False
    """It tells of a no that somebody else got."""
    aloud: bool = False
    """It asks for a line to be said aloud, and no letter."""
    myself: bool = False
    """They mean to write it themselves."""
    own_news: bool = False
    """It tells of an offer or a no that they got themselves."""


@dataclass(frozen=True)
class Reading:
    """What one message says: three independent readings, the facts in it and how it is put.

    `intent` is what the person wants, `feelings` the emotions decided present (strongest first),
    `emotions` the calibrated probability of each label, `risk` whether to stop.
    """

    text: str
    intent: str
    confidence: float = 1.0
    runners_up: tuple[str, ...] = ()
    emotions: dict[str, float] = field(default_factory=dict)
    feelings: tuple[str, ...] = ()
    risk: Risk = Risk()
    facts: tuple[Fact, ...] = ()
    phrasing: Phrasing = Phrasing()
    wanted: str | None = None
    """The intent beneath an alarm."""
    topic: str | None = None
    """What a practical question would be about."""
    topic_sure: float = 0.0
    """How likely that is among the topics."""
    near_topics: tuple[str, ...] = ()
    """Topics that it may be about, likeliest first, when none is sure."""
    situation: str | None = None
    """What the message tells of, when it is believed: a name of data/situations."""
    asked: Asked = Asked()


@dataclass(frozen=True)
class Turn:
    """One message with its circumstances; `now` is timezone-aware."""

    reading: Reading
    now: datetime
    channel: str = "web"


@dataclass(frozen=True)
class Move:
    """One thing to say: `utter_<stage>_<name>` holds its words.

    `blanks` fill the words, `evidence` is an id of docs/evidence.md, `why` says in one clause what the move is for.
    """

    stage: Stage
    name: str
    strategy: Strategy = Strategy.OTHER
    evidence: str | None = None
    why: str | None = None
    blanks: dict[str, str] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)
    """What a wording may be chosen by beside its blanks: `mood`, `type`, `topic` ..."""
    make: str | None = None
    """The name of a thing that the workbench makes for this move."""

    @property
    def response(self) -> str:
        return f"utter_{self.stage}_{self.name}"


@dataclass(frozen=True)
class Step:
    """One question of an exercise. `name` keys the answer; `unless` names facts that are its answer when known;
    in a `free` step a feeling is an answer and not an interruption; `expects` are intents that are answers here."""

    name: str
    unless: tuple[str, ...] = ()
    free: bool = False
    expects: frozenset[str] = frozenset()
    answers: str | None = None
    """The move that answers when the reply is itself a question; then the step is asked again."""
    scale: bool = False
    """A number from 0 to 10 is an answer, whatever is said beside it."""
    counts: bool = False
    """A short message with a number in it is an answer."""
    consented: bool = False
    """Asked only of people who agreed to be remembered."""


@dataclass(frozen=True)
class Exercise:
    """A step script of data/exercises. Step s of it is said by `utter_<stage>_<name>_<s>`, its end by `_end`."""

    name: str
    stage: Stage
    steps: tuple[Step, ...]
    strategy: Strategy
    evidence: str | None = None
    why: str | None = None
    make: str | None = None
    opens: str = "feeling"
    """The question that its end leaves open."""
    keeps: bool = False
    """Its answers are the plan that the next visit may ask after."""


@dataclass(frozen=True)
class Made:
    """A thing made for the person. `blanks` fill the words of its move, `payload` goes to the channel,
    `keep` is what memory must hold to make it again."""

    blanks: dict[str, str] = field(default_factory=dict)
    payload: dict[str, object] | None = None
    keep: dict[str, str] = field(default_factory=dict)
