"""From the building blocks and what a person said to the parts of a message. Nothing is added to what is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comeback.workbench.draft import Draft
from comeback.workbench.words import Words, pattern, telling

OWN = "own"
"""The fact that holds a whole text of theirs."""
ASK = "ask"
"""The fact that holds their own question."""
BLANK = re.compile(r"\{(\w+)\}")
SENTENCE = re.compile(r"(?<=[.!?)])\s+(?=\S)")


@dataclass(frozen=True)
class Message:
    subject: str
    parts: tuple[tuple[str, str], ...]
    """Name and words of each part, in order."""
    mailto: bool
    text: bool
    """A text message: one paragraph."""

    @property
    def body(self) -> str:
        return (" " if self.text else "\n\n").join(words for _, words in self.parts).strip()


def forms(words: Words, kind: str) -> tuple[str, ...]:
    """The forms in which a kind of message can be written; the first is the usual one."""
    return tuple(words.drafts[kind])


def compose(words: Words, draft: Draft) -> Message:
    """The message of a draft. An unknown form is written as the usual one."""
    blocks = words.drafts[draft.kind]
    form = draft.form if draft.form in blocks else forms(words, draft.kind)[0]
    known = {**_first_name(words, draft), **draft.facts, **({"name": draft.name} if draft.name else {})}
    parts = []
    for part in _order(words, draft, _setting(blocks, form, "parts").split()):
        text = _told(draft, part) or _part(words, draft, form, part, known)
        if part in ("core", OWN):
            text = _said_once(text, draft)
        text = _swapped(_thinned(text, part, draft.without), draft.swaps)
        if text:
            parts.append((part, text))
    subject = draft.facts.get("subject") or _part(words, draft, form, "subject", known)
    subject = _swapped(subject, draft.swaps)
    return Message(
        subject, tuple(parts), bool(_setting(blocks, form, "mailto")), bool(_setting(blocks, form, "text"))
    )


def _order(words: Words, draft: Draft, usual: list[str]) -> list[str]:
    """The parts of a message; a text that they gave as a whole needs no more than a greeting."""
    if OWN not in draft.facts:
        return usual
    greeted = "greeting" not in usual or pattern(words.messages["greets"]).search(draft.facts[OWN])
    return [*([] if greeted else ["greeting"]), OWN, "add", "name"]


def _told(draft: Draft, part: str) -> str:
    """A part that is in the person's own words."""
    own = {"add": _own(draft), "name": draft.name, "question": draft.facts.get(ASK, "")}
    return own.get(part, draft.facts.get(OWN, "") if part == OWN else "")


def _said_once(text: str, draft: Draft) -> str:
    """The text without what their own sentences say as well."""
    said = [telling(add[3:]) for add in draft.adds]
    return " ".join(
        s for s in SENTENCE.split(text) if not telling(s) or not any(telling(s) <= t for t in said)
    )


def block_texts(words: Words, kind: str) -> list[str]:
    """Every wording of a kind of message, without its blanks."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, str):
            return [BLANK.sub(" ", value)]
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        return [text for v in inner for text in texts(v)]

    return texts(words.drafts[kind]) + texts(words.say["mention"]) + texts(words.say["thanks_for"])


def _part(words: Words, draft: Draft, form: str, part: str, known: Mapping[str, str]) -> str:
    """The first wording whose blanks are known, in the tone and size wanted, else plain; "" when there is none."""
    by_key = _setting(words.drafts[draft.kind], form, part, draft.lang) or {}
    for key in _keys(draft, part):
        wordings = by_key.get(key)
        if wordings == []:
            return ""
        for wording in wordings or ():
            if set(BLANK.findall(wording)) <= known.keys():
                return str(wording.format_map(known))
    return ""


def _first_name(words: Words, draft: Draft) -> dict[str, str]:
    """`first`, if the person has a first and a last name and no title."""
    first, *rest = draft.facts.get("person", "").split() or [""]
    titled = first.lower().rstrip(".") in words.wishes["titles"]
    return {"first": first} if rest and not titled else {}


def _keys(draft: Draft, part: str) -> tuple[str, ...]:
    if part == "want":
        return draft.facts.get("want", "plain"), "plain"
    if part == "core":
        purpose = draft.facts.get("purpose", "")
        return f"{purpose} {draft.tone}", f"{purpose} {draft.size}", purpose
    if part == "subject" and part in draft.without:
        return ("bare",)
    sized = () if draft.size == "full" else (f"{draft.tone} {draft.size}", draft.size)
    return *sized, draft.tone, "plain"


def _setting(blocks: Mapping[str, Any], form: str, name: str, lang: str = "") -> Any:
    """What a form, or the form that it is like, says about `name`; None when none does."""
    while form:
        found = (blocks[form].get(lang, {}) if lang else blocks[form]).get(name)
        if found is not None:
            return found
        form = blocks[form].get("like", "")
    return None


def _own(draft: Draft) -> str:
    return " ".join(text[3:] for text in draft.adds if text[:2] == draft.lang)


def _thinned(text: str, part: str, without: tuple[str, ...]) -> str:
    if part in without:
        return ""
    words = [w.partition("~")[2] for w in without if w.startswith(f"{part}~")]
    sentences = SENTENCE.split(text) if words else [text]
    return " ".join(s for s in sentences if not any(w.lower() in s.lower() for w in words))


def _swapped(text: str, swaps: tuple[tuple[str, str], ...]) -> str:
    for old, new in swaps:
        text = pattern(rf"(?<!\w){re.escape(old)}(?!\w)").sub(lambda _, new=new: new, text)  # type: ignore[misc]
    return text
