"""A message to anybody: who gets it, what it is for and what it says are read from all that was said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from comeback.vocabulary import CONTENT
from comeback.workbench import asked, points, told, whole, wishes
from comeback.workbench.compose import OWN
from comeback.workbench.draft import Draft
from comeback.workbench.edit import apply
from comeback.workbench.linter import sentence_findings
from comeback.workbench.words import Words, pattern

KIND = "message"
GRAVE = ("insult", "threat")
CLOSE = "close"
TELLS_NO = "text_to_someone"
"""The kind of message that tells someone close of a no."""
NEWS = ("offer_news", "offer_rival", "no_news", "comfort")
NONE = "none"
"""The purpose of a message that is only what they say."""
SAID = "said"
"""The fact under which a draft keeps what was said of it, a line for each turn."""
JOB = ("company", "role")


def written(words: Words, lines: Sequence[str], known: Mapping[str, str], like: Draft | None = None) -> Draft:
    """The message that `lines` (oldest first) ask for. `known`: what the talk knows besides: company, role, person,
    register, `theirs` (the reader was rejected), `news` (the person's own). `like`: an earlier version of it, whose shape
    is kept."""
    said = [line.removeprefix(CONTENT) for line in lines]
    reader = _reader(words, lines)
    if like:
        newest = asked.recipient(words, lines[-1])
        reader = replace(reader, name=newest.name)
        known = {k: v for k, v in known.items() if k != "person" or newest.name or not newest.called}
    register = reader.register or known.get("register", "")
    purpose = _purpose(words, said, register, known)
    own, since = _own(words, said)
    told_since = list(zip(lines, said, strict=True))[since:]
    given = [p for line, text in told_since for p in _points(words, line, text)]
    entry: dict[str, Any] = next((p for p in words.messages["purposes"] if p["name"] == purpose), {})
    covered: list[str] = entry.get("covers", [])
    if entry and purpose not in words.messages["light"]:
        given = [p for p in given if p.out or p.key or not pattern(entry["pattern"]).search(_as_said(p))]
    thanked = any(p.asks == "thank" or p.key == "thanks" for p in given)
    to_thank = any(pattern(words.messages["wants_thanks"]).search(text) for text in said)
    if purpose in NEWS and thanked and (to_thank or not any(asked.news(words, text) for text in said)):
        purpose, covered = "", []
    if purpose in NEWS:
        given = [p for p in given if p.key or p.out or not asked.news(words, p.text)]
    sentences = _harmless(words, points.written(words, given, register, covered))
    if purpose in words.messages["light"] and sentences:
        purpose, sentences = "", _harmless(words, points.written(words, given, register))
    if any(pattern(words.messages["anew"]).search(text) for text in said):
        sentences = points.in_order(words, sentences)
    kind = KIND if own.text else words.messages["kinds"].get(purpose, KIND)
    if kind == TELLS_NO and register != CLOSE:
        kind = KIND
    facts = {k: known[k] for k in JOB if known.get(k)} | _named(words, reader, known, kind)
    if kind == TELLS_NO:
        want = next((w for s, w in _wants(words).items() if s in sentences), "")
        facts |= {"want": want} if want else {}
        sentences = [s for s in sentences if s not in _wants(words)]
    spoken = [*said, known.get("role", "")]
    facts |= {"register": register, "purpose": purpose, SAID: "\n".join(lines)}
    facts |= _details(words, spoken)
    facts |= {k: known[k] for k in ("theirs", "news", "thing", "subject") if known.get(k)} | {OWN: own.text}
    base = like or Draft(KIND)
    fresh = bool(own.text) and since == len(said)
    form = _form(words, said, register, kind, known.get("relation", ""))
    draft = Draft(
        kind,
        form,
        base.tone,
        "short" if purpose in NEWS and any("?" in s for s in sentences) else base.size,
        base.lang,
        own.name or _signature(words, said) or base.name,
        {k: v for k, v in facts.items() if v},
        () if fresh else base.without,
        tuple(f"en {s}" for s in sentences),
        () if fresh else base.swaps,
        base.before,
    )
    return draft if like else _shaped(words, draft, said)


def _wants(words: Words) -> dict[str, str]:
    """What a text about a no may ask for, by the point that asks for it."""
    return {str(words.say["points"][point]): want for point, want in (("call", "call"), ("coffee", "meet"))}


def _harmless(words: Words, sentences: Sequence[str]) -> list[str]:
    return [s for s in sentences if not set(sentence_findings(words.linter, s)) & set(GRAVE)]


def _as_said(point: points.Point) -> str:
    """A point with the word that opened it, as a purpose is told by it."""
    return f"ask for {point.text}" if point.asks == "for" else f"asking to {point.text}"


def _own(words: Words, said: Sequence[str]) -> tuple[whole.Whole, int]:
    """The newest text that was given as a whole, and the turn after it; what was said before counts no more."""
    for at in range(len(said) - 1, -1, -1):
        if (found := whole.read(words, said[at])).text:
            return found, at + 1
    return whole.Whole(), 0


def again(words: Words, draft: Draft, text: str) -> Draft:
    """The draft with one more turn of what was said of it."""
    lines = [*draft.facts.get(SAID, "").splitlines(), " ".join(text.split())]
    known = {k: v for k, v in draft.facts.items() if k != SAID}
    if "who" in known:
        known.setdefault("person", known["who"])
    return written(words, lines, known, draft)


def to_reader(words: Words, text: str) -> str:
    """The text without questions to us and without the news that they write it themselves."""
    said = points.sentences(text)
    ours = [s for s in said if points.to_us(words.messages, s) or pattern(words.messages["myself"]).search(s)]
    return text if not ours else " ".join(s for s in said if s not in ours)


def _points(words: Words, line: str, text: str) -> list[points.Point]:
    return points.read(words, text, whole=line.startswith(CONTENT))


def _reader(words: Words, lines: Sequence[str]) -> asked.Reader:
    """The reader as told over several turns: the newest name, and the newest register."""
    name = called = register = ""
    for line in lines:
        found = asked.recipient(words, line) if not line.startswith(CONTENT) else asked.Reader()
        if found.called and found.name and found.name != name:
            name = found.name
        called, register = found.called or called, found.register or register
    return asked.Reader(name, called, register)


def _purpose(words: Words, said: Sequence[str], register: str, known: Mapping[str, str]) -> str:
    """What the newest turn says that it is for, else an earlier one, else what the news make of it."""
    for text in reversed(said):
        if found := asked.purpose(words, text, register):
            return found if found != "feedback" else ""
    if known.get("purpose") == NONE:
        return ""
    told_news = next((n for text in reversed(said) if (n := asked.news(words, text))), "")
    theirs = known.get("theirs")
    if not told_news and register == CLOSE and not (theirs and known.get("news") == "no_news"):
        told_news = known.get("news", "")
    if register != CLOSE and told_news:
        return "" if told_news != "no_news" else known.get("purpose", "")
    if told_news in ("offer_news", "offer_rival"):
        return "offer_rival" if theirs or told_news == "offer_rival" else "offer_news"
    if theirs and register == CLOSE and told_news != "no_news":
        return "comfort"
    return told_news or known.get("purpose", "")


def _named(words: Words, reader: asked.Reader, known: Mapping[str, str], kind: str) -> dict[str, str]:
    named = reader.name or known.get("person", "")
    if named and named == known.get("company"):
        named = ""
    if not named and known.get("relation"):
        named = told.someone(words.wishes, known["relation"], "").get("who", "")
    return {"who" if kind == TELLS_NO else "person": named}


def _form(words: Words, said: Sequence[str], register: str, kind: str, relation: str) -> str:
    text = " ".join(said)
    if kind == TELLS_NO:
        return told.someone(words.wishes, f"{text} {relation}", "")["form"]
    if pattern(words.messages["to_say"]).search(text):
        return "say"
    if pattern(words.messages["linkedin"]).search(text):
        return "linkedin"
    written_out = kind == KIND and (register == CLOSE or pattern(words.messages["phone_text"]).search(text))
    return "text" if written_out else "email"


def _signature(words: Words, said: Sequence[str]) -> str:
    for text in reversed(said):
        for spoken in ("signs", "signs_as"):
            match = pattern(words.messages[spoken]).search(text)
            if match and not pattern(words.messages["no_name"]).match(match["name"]):
                return match["name"][:1].upper() + match["name"][1:]
    return ""


def _details(words: Words, said: Sequence[str]) -> dict[str, str]:
    """What a purpose may name: the work to be paid, the day until which to decide, the limit of length."""
    text = " ".join(said)
    found = {}
    for key, spoken in words.messages["details"].items():
        if match := pattern(spoken).search(text):
            found[key] = " ".join(w.capitalize() if w.endswith("day") else w for w in match[key].split())
    return found


def _shaped(words: Words, draft: Draft, said: Sequence[str]) -> Draft:
    """The draft in the length and tone that are wished for along with it."""
    for text in said:
        for wish in wishes.read(words.wishes, text):
            if wish.kind in ("size", "tone"):
                draft = apply(words, draft, wish).draft
    return draft


def limit_of(draft: Draft) -> int | None:
    """The characters that the person allows, if they named a limit."""
    found = re.search(r"\d+", draft.facts.get("limit", ""))
    return int(found[0]) if found else None


def shortened(draft: Draft) -> Draft:
    return replace(draft, size="short")
