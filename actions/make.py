"""Calls the workbench and the session log for the things that a move asks to be made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from comeback import settings
from comeback.content import Content
from comeback.sessions import Exercise, SessionLog, Week, privacy
from comeback.steering.exercises import GOAL, WISH
from comeback.steering.memory import Memory, at_hand, keepsake
from comeback.vocabulary import Made
from comeback.workbench import calendar, decoder, drafts, gap, letters, odds, ways, weeks
from comeback.workbench import words as workbench

CONSENT_WORDING = "2026-11"
SENTENCES_TOO = re.compile(
    r"\b(conversation|chat|everything|what i (say|said|write|wrote)|all of (it|this))\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Making:
    """Everything that a maker may use: the talk so far, the message, and where its things are stored."""

    content: Content
    log: SessionLog
    who: str
    memory: Memory
    text: str
    now: datetime

    @property
    def words(self) -> workbench.Words:
        return workbench.load(settings.ROOT / "data")


Writer = Callable[[workbench.Words, Mapping[str, str], Mapping[str, str], Mapping[str, str]], Made]


def _written(write: Writer) -> Callable[[Making], Made]:
    """A draft from what was answered, and as it was wished for on the way."""

    def make(m: Making) -> Made:
        answers = {name: said for name, said in m.memory.answers.items() if name != WISH}
        made = write(m.words, m.memory.facts, answers, m.memory.draft)
        wish = m.memory.answers.get(WISH)
        return drafts.edit(m.words, made.keep, wish) if wish else made

    return make


def edited(m: Making) -> Made:
    return drafts.edit(m.words, m.memory.draft, m.text)


def shown(m: Making) -> Made:
    return drafts.shown(m.words, m.memory.draft)


def decoded(m: Making) -> Made:
    return decoder.decode(m.words, m.text)


def meaning(m: Making) -> Made:
    return decoder.decode(m.words, m.memory.feedback.get("feedback", ""), m.text)


def letter(m: Making) -> Made:
    return letters.letter(m.words.letters, m.text, m.memory.news, m.memory.facts.get("stage"))


def chance(m: Making) -> Made:
    return odds.from_answers(m.words.numbers, m.memory.answers)


def skill_ways(m: Making) -> Made:
    return ways.offer(m.words, m.memory.feedback.get("point") or m.text, m.text)


def compared(m: Making) -> Made:
    return gap.gap(m.words.skills, m.memory.answers.get("cv", ""), m.memory.answers.get("ad", ""))


def plan(m: Making) -> Made:
    return calendar.plan(m.memory.answers, m.now)


def reminder_asked(m: Making) -> Made:
    return calendar.reminder_asked(m.text, m.memory.reminder, m.now)


def reminder(m: Making) -> Made:
    return calendar.reminder(m.memory.reminder, m.who, m.now)


def reminder_dropped(m: Making) -> Made:
    return Made(keep={"kind": "reminder"})


def week(m: Making) -> Made:
    """Store the answers of this week, in place of earlier ones of the same week."""
    answered = weeks.read(m.words.weeks, m.memory.answers, m.now.date())
    numbers = weeks.noted(m.words.weeks, answered)
    if not numbers:
        return Made()
    key = "{}|{}-{}".format(m.who, *m.now.isocalendar()[:2])
    m.log.add(
        Week(
            id=str(uuid5(NAMESPACE_OID, key)),
            conversation=m.who,
            at=m.now,
            energy=answered.energy,
            inner_talk=answered.inner_talk,
        )
    )
    return Made({"noted": numbers})


def past_weeks(m: Making) -> Made:
    rows = m.log.all(Week, m.who)
    made = weeks.trend(m.words.weeks, [weeks.Answered(r.at.date(), r.energy, r.inner_talk) for r in rows])
    eased = weeks.eased(m.words.weeks, [(r.name, r.before, r.after) for r in m.log.all(Exercise, m.who)])
    if not eased:
        return made
    moved = " ".join(filter(None, (made.blanks.get("moved"), eased)))
    return Made({**made.blanks, "moved": moved} if made.blanks else {"eased": eased})


def stored(m: Making) -> Made:
    found = counted(m.content, privacy.remaining(m.log, m.who))
    if listed := past_weeks(m).blanks.get("weeks"):
        found += " " + m.content.stored["weeks"].format(weeks=listed)
    if known := ", ".join(dict.fromkeys(at_hand(m.memory).values())):
        in_mind = m.content.stored["talk"].format(known=known)
        found = f"{found.removesuffix('.')}{m.content.stored['joined']}{in_mind}."
    return Made({"stored": found})


def export(m: Making) -> Made:
    exported = privacy.export(m.log, m.who)
    file = json.dumps(
        {**exported, "this_talk": keepsake(m.memory)}, indent=2, default=str, ensure_ascii=False
    )
    return Made(
        stored(m).blanks, {"kind": "file", "name": "comeback.json", "mime": "application/json", "text": file}
    )


def forget(m: Making) -> Made:
    receipt = privacy.forget(m.log, m.who, m.now)
    return Made({"receipt": counted(m.content, receipt.counts)})


def allow_memory(m: Making) -> Made:
    kinds = ("memory", "words") if SENTENCES_TOO.search(m.text) else ("memory",)
    for kind in kinds:
        m.log.set_consent(m.who, kind, True, CONSENT_WORDING, m.now)
    kept = keepsake(m.memory)
    m.log.remember(m.who, kept, m.now)
    known = [*kept["facts"].values(), *m.memory.plan.values(), *m.memory.wins, *m.memory.kept]
    return Made({"kept": ", ".join(dict.fromkeys(known)) + "." if known else m.content.stored["none"]})


def allow_name(m: Making) -> Made:
    name = m.memory.facts.get("name", "")
    m.log.set_consent(m.who, "name", True, CONSENT_WORDING, m.now)
    m.log.remember(m.who, {"name": name}, m.now)
    return Made({"kept": f"{name}." if name else m.content.stored["none"]})


def refuse_memory(m: Making) -> Made:
    for kind in sorted(m.log.consents(m.who)):
        m.log.set_consent(m.who, kind, False, CONSENT_WORDING, m.now)
    return Made()


def counted(content: Content, counts: dict[str, int]) -> str:
    """Rows by table as a sentence part that ends with a full stop."""
    said = [
        content.stored["kinds"].get(name, f"{name}: {{n}}").format(n=n) for name, n in counts.items() if n
    ]
    return content.stored["joined"].join(said) + "." if said else content.stored["none"]


MAKERS: dict[str, Callable[[Making], Made]] = {
    "feedback_request": _written(drafts.feedback_request),
    "nudge": _written(drafts.nudge),
    "closing_note": _written(drafts.closing_note),
    "message": _written(drafts.to_anybody),
    "draft": edited,
    "shown": shown,
    "decoded": decoded,
    "meaning": meaning,
    "letter": letter,
    "odds": chance,
    "ways": skill_ways,
    "gap": compared,
    "plan": plan,
    "reminder_asked": reminder_asked,
    "reminder": reminder,
    "reminder_dropped": reminder_dropped,
    "week": week,
    "weeks": past_weeks,
    "stored": stored,
    "export": export,
    "forget": forget,
    "allow_memory": allow_memory,
    "allow_name": allow_name,
    "refuse_memory": refuse_memory,
}
"""Keys are the `make` of moves and exercises."""


def remembered(memory: Memory, made: Made) -> Memory:
    """The memory after something was made: the draft that can be changed, the feedback and what they could train."""
    goal = made.blanks.get(GOAL) or (GOAL not in memory.facts and made.blanks.get("way_1"))
    if goal:
        memory = replace(memory, facts={**memory.facts, GOAL: goal})
    if made.keep.get("kind") == "reminder":
        return replace(memory, reminder={k: v for k, v in made.keep.items() if k != "kind" and v})
    if made.keep.get("kind") == "feedback":
        return replace(memory, feedback=made.keep)
    return replace(memory, draft=made.keep) if made.keep else memory
