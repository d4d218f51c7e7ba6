"""Messages that we write for a person, from the blocks in data/drafts and their own words; no fact is invented.

No message leaves here with a finding of the linter: what breaks a rule is left out, and said so by key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from comeback.vocabulary import Made
from comeback.workbench import asked, decoder, mail, message, points, request, told, whole, wishes
from comeback.workbench.clean import clean
from comeback.workbench.compose import OWN, forms
from comeback.workbench.draft import Draft, keep, remembered, restore
from comeback.workbench.edit import Edited, apply
from comeback.workbench.linter import sentence_findings, words_of
from comeback.workbench.words import Words, pattern, straight

NAMED = ("company", "role", "person")
ROUNDS = re.compile(r"[\w-]+ (?:rounds|interviews)", re.IGNORECASE)
QUOTED = re.compile(r"(?<!\w)['\"]\w")
"""A wish about a sentence as it stands in the draft."""
NAME = re.compile(r"[^\W\d_]{2}[\w'&. -]+")
AS_JOB = re.compile(
    r"\b(?:should (?:say|be|read)|it'?s|it (?:is|was)|i applied for)\b[^.;!?]{0,12}?\b(?:the|an?) (?P<role>[\w -]{3,40}?) (?:role|job|post|position) (?:at|with) "
    r"(?P<company>(?:the )?[A-Z][\w&'-]*(?: (?:[A-Z][\w&'-]*|of|and|&))*)"
)
"""The job as it ought to stand: "it should say the X role at Y"."""
JOB_WORDS = 8
"""A message of so few words may do nothing but name the job."""
GRAVE = message.GRAVE
Facts = Mapping[str, str]


def write(words: Words, kind: str, facts: Facts, answers: Facts, kept: Facts) -> Made:
    """A new message of a kind (a file name of data/drafts).

    `facts` are what memory knows (company, role, person, rounds, relation), `answers` the exercise's free texts (job,
    person, reason; who, want), `kept` the last draft, from which only the person's name and, for the same company,
    its facts are taken. Raises KeyError for an unknown kind.
    """
    last = restore(kept, kind)
    gathered, note = _gathered(words, kind, facts, answers)
    same = {
        k: v for k, v in last.facts.items() if k in (*NAMED, "rounds", "met") and kind != "text_to_someone"
    }
    if gathered.get("company", same.get("company")) == same.get("company"):
        gathered = {**same, **gathered}
    form = gathered.pop("form", "")
    fitting = form if form in forms(words, kind) else forms(words, kind)[0]
    draft = Draft(kind, fitting, name=last.name, facts=gathered)
    for signed in _signed(words, answers):
        draft = apply(words, draft, signed).draft
    if kind == "feedback_request" and answers.get(message.SAID):
        draft = request.shaped(words, draft, answers[message.SAID])
    return _made(words, draft, [Edited(Draft(kind), note)])


def edit(words: Words, kept: Facts, wish: str) -> Made:
    """The last draft after what the person wishes in free text; several wishes are followed in turn.

    Blanks, only those that are known: `changed` says what was done; `hint` (keys of data/drafts/words.yml, with
    commas) and `hint_text` what could not be done and why; `note`, `note_text` and, where it was dictated, `declined`
    what was left out because it breaks a rule. Without a kept draft, a plain feedback request is changed.
    """
    given = kept if kept.get("kind") in words.drafts else {}
    was = restore(given, "feedback_request")
    draft, steps = was, []
    wish = message.to_reader(words, wish)
    dictated = whole.read(words, wish)
    wished_for = () if dictated.text else wishes.read(words.wishes, wish)
    rest = _uncorrected(wish, wished_for)
    told_more = message.SAID in was.facts and _tells(words, was, rest)
    if at := AS_JOB.search(straight(wish)):
        draft = replace(
            draft, facts=draft.facts | {"role": at["role"].strip(), "company": at["company"].strip(" .,")}
        )
        wished_for, told_more = (), False
        steps.append(Edited(draft, changed="said"))
    if told_more:
        draft = message.again(words, was, rest)
        steps.append(Edited(draft, changed="said"))
    elif dictated.text:
        draft = replace(
            was,
            name=dictated.name or was.name,
            facts={**was.facts, OWN: dictated.text},
            adds=(),
            swaps=(),
            without=(),
        )
        steps.append(Edited(draft, changed="said"))
    for wished in wished_for:
        of_points = wished.kind in ("add", "remove", "form") and wished.what != "subject"
        if told_more and of_points and not QUOTED.search(wished.said):
            continue
        step = apply(words, draft, wished)
        steps.append(step)
        draft = step.draft
    named = told.job(words.wishes, wish) if not steps and len(wish.split()) <= JOB_WORDS else {}
    if not pattern(words.wishes["answers"]["roles"]).search(named.get("role", "")):
        named.pop("role", None)
    if not NAME.fullmatch(named.get("company", "")):
        named.pop("company", None)
    if named and any(draft.facts.get(key) != value for key, value in named.items()):
        draft = replace(draft, facts=draft.facts | named)
        steps.append(Edited(draft, changed="said"))
    if not steps:
        adds = pattern(words.wishes["dictates"]).search(wish)
        broken = [f for f in sentence_findings(words.linter, wish) if adds or f in GRAVE]
        steps.append(Edited(draft, note=broken[0] if broken else "unclear"))
    if draft != was and not any(s.changed == "undo" for s in steps):
        draft = remembered(draft, was)
    return _made(words, draft, steps, was)


def _in_other_words(topic: str, reason: str) -> bool:
    """Whether a topic is our name for what they were told, who had words of their own for it."""
    return bool(topic) and not words_of(topic) & words_of(reason)


def _signed(words: Words, answers: Facts) -> list[wishes.Wish]:
    """The names to put below that stand in the answers ("my name is Ulrich Brandt, for the signature")."""
    read = [wish for text in answers.values() for wish in wishes.read(words.wishes, text)]
    return [wish for wish in read if wish.kind == "sign" and wish.new]


def _uncorrected(text: str, wished_for: tuple[wishes.Wish, ...]) -> str:
    """The text without what corrects a word; that is said to us and not to the reader."""
    for wished in wished_for:
        if wished.kind == "change" or (wished.kind == "fact" and wished.old):
            text = straight(text).replace(wished.said, " ")
    return text


def _tells(words: Words, draft: Draft, text: str) -> bool:
    """Whether a text says more of what a message should be: points, a purpose, a reader, whose news it is."""
    heard = asked.read(words, text)
    anew = any(pattern(words.messages[k]).search(text) for k in ("anew", "to_say"))
    return anew or any(
        (
            points.read(words, text),
            heard.points,
            heard.purpose,
            heard.to,
            heard.theirs,
            asked.news(words, text),
        )
    )


def shown(words: Words, kept: Facts) -> Made:
    """The last draft as it is."""
    draft = restore(kept if kept.get("kind") in words.drafts else {}, "feedback_request")
    return _made(words, draft, [])


def feedback_request(words: Words, facts: Facts, answers: Facts, kept: Facts, wish: str = "") -> Made:
    """A feedback request that asks one thing: email, LinkedIn message, to a recruiter, or a phone script."""
    return (
        edit(words, kept, wish) if wish and kept else write(words, "feedback_request", facts, answers, kept)
    )


def thank_you(words: Words, facts: Facts, answers: Facts, kept: Facts) -> Made:
    """Thanks after a no, with "keep me in mind"; asks nothing."""
    return write(words, "thank_you", facts, answers, kept)


def nudge(words: Words, facts: Facts, answers: Facts, kept: Facts) -> Made:
    """The one follow-up: about the feedback request if that was the last draft, else about the application."""
    asked = kept.get("kind") == "feedback_request"
    return write(words, "feedback_nudge" if asked else "nudge", facts, answers, kept)


def closing_note(words: Words, facts: Facts, answers: Facts, kept: Facts) -> Made:
    """The last note after silence, about 70 words."""
    return write(words, "closing_note", facts, answers, kept)


def text_to_someone(words: Words, facts: Facts, answers: Facts, kept: Facts) -> Made:
    """A text of two or three sentences to a friend, someone of the family or a mentor."""
    return write(words, "text_to_someone", facts, answers, kept)


def to_anybody(words: Words, facts: Facts, answers: Facts, kept: Facts) -> Made:
    """A message to anybody, from what was said of it (`said` in the answers), the answers `to` and `point`, and what is known:
    `news` and `theirs` tell whose no or offer it is."""
    lines = [*answers.get(message.SAID, "").splitlines()]
    reader = asked.answer(words, answers["to"]) if answers.get("to") else asked.Reader()
    known = {k: facts[k] for k in ("company", "role") if facts.get(k)}
    known |= {k: answers[k] for k in ("news", "theirs", "register", "relation", "purpose") if answers.get(k)}
    known |= {k: v for k, v in (("person", reader.name), ("register", reader.register)) if v}
    if not reader.name and reader.called:
        known["relation"] = reader.called
    if "person" not in known and known.get("register") == "employer" and facts.get("person"):
        known["person"] = facts["person"]
    if answers.get("point"):
        name, said = told.addressed(words.wishes, answers["point"])
        known |= {"person": name} if name and "person" not in known else {}
        lines.append(message.CONTENT + said)
    draft = message.written(words, lines, known)
    if not draft.name and kept.get("name"):
        draft = replace(draft, name=kept["name"])
    return _made(words, draft, [])


def _gathered(words: Words, kind: str, facts: Facts, answers: Facts) -> tuple[dict[str, str], str]:
    """The facts of a new message and a note if one was left out; answers go before memory."""
    lexicon = words.wishes
    found = {
        k: told.name(lexicon, facts[k]) if k != "role" else straight(facts[k]) for k in NAMED if facts.get(k)
    }
    if ROUNDS.fullmatch(facts.get("rounds", "")):
        found["rounds"] = facts["rounds"]
    if answers.get("job") != facts.get("company"):
        found |= told.job(lexicon, answers.get("job", ""))
    if kind == "text_to_someone":
        found.pop("person", None)
        found |= told.someone(lexicon, answers.get("who", ""), facts.get("relation", ""))
        found["want"] = told.want(lexicon, answers.get("want", ""))
    else:
        found |= told.person(lexicon, answers.get("person", ""))
    note = ""
    if kind == "feedback_request":
        reason = told.reason(lexicon, answers.get("reason", ""))
        broken = sentence_findings(words.linter, reason)
        points = [p for p in decoder.read(words, reason) if not sentence_findings(words.linter, p.text)]
        found |= next((p.topic for p in points if p.topic), {})
        if reason and not broken and _in_other_words(found.get("topic", ""), reason):
            del found["topic"]
            found["reason"] = reason
        if reason and not broken and "topic" not in found and all(p.pile == "unclear" for p in points):
            found["reason"] = points[0].text if points else reason
        note = broken[0] if broken and "topic" not in found else ""
    clean = {
        k: v
        for k, v in found.items()
        if len(v) <= told.REASON_CHARACTERS and not sentence_findings(words.linter, v)
    }
    return clean, note


def _made(words: Words, draft: Draft, steps: list[Edited], was: Draft | None = None) -> Made:
    """The draft as it goes out, and what is said of it; `same` when it reads as `was` did."""
    draft, written, left_out = clean(words, draft)
    limit = message.limit_of(draft)
    if limit and len(written.body) > limit:
        draft, written, _ = clean(words, message.shortened(draft))
        left_out += ["longer_than"] if len(written.body) > limit else []
    notes = list(dict.fromkeys([*(s.note for s in steps if s.note), *left_out]))
    changes = list(dict.fromkeys(s.changed for s in steps if s.changed))
    said = words.say
    blanks = {}
    broken = [n for n in notes if n in words.linter["findings"]]
    for blank, keys in (("note", broken), ("hint", [n for n in notes if n not in broken])):
        if keys:
            blanks[blank] = ",".join(keys)
            blanks[f"{blank}_text"] = " ".join(said["notes"].get(k, said["notes"]["unclear"]) for k in keys)
    if declined := next((s.declined for s in steps if s.declined), ""):
        blanks["declined"] = declined
    if changes:
        blanks["changed"] = said["and"].join(said["changed"][c] for c in changes)
    if was and _reads(words, was) == (written.subject, written.body):
        blanks["same"] = "yes"
    subject = written.subject if written.mailto else ""
    payload: dict[str, object] = {
        "kind": "draft",
        "subject": subject,
        "body": written.body,
        "mailto": written.mailto,
        "text": mail.plain(subject, written.body),
    }
    if written.mailto:
        payload |= {"link": mail.link(subject, written.body), "eml": mail.file(subject, written.body)}
    return Made(blanks, payload, keep(draft))


def _reads(words: Words, draft: Draft) -> tuple[str, str]:
    """Subject and body of a draft as it went out."""
    _, written, _ = clean(words, draft)
    return written.subject, written.body
