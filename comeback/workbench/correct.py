"""Corrects a draft: "it's Karol with a K", "company is Sigma not Figma", "change 'a minute' to 'a moment'"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from comeback.workbench.compose import compose
from comeback.workbench.draft import Draft
from comeback.workbench.linter import sentence_findings, words_of
from comeback.workbench.told import NAME_CHARACTERS, name
from comeback.workbench.wishes import Wish
from comeback.workbench.words import Words, pattern

ALIKE = 0.6
"""Likeness (0 to 1) from which a word counts as another spelling."""


@dataclass(frozen=True)
class Edited:
    draft: Draft
    note: str = ""
    """A key of `notes` in data/drafts/words.yml: why the wish was not followed."""
    changed: str = ""
    """A key of `changed`."""
    declined: str = ""
    """The person's words that were left out because they break a rule."""


def change(words: Words, draft: Draft, wish: Wish) -> Edited:
    """Something changed to something else: a fact, else words of the message."""
    quoted = wish.old.strip("\"'")
    literal = pattern(words.wishes["before_word"]).sub("", quoted)
    if (broken := sentence_findings(words.linter, wish.new)) or not wish.new:
        return Edited(draft, note=broken[0] if broken else "unclear")
    bare = pattern(words.wishes["articles"]).sub("", literal)
    key = _fact_with(draft, literal) or _fact_with(draft, bare) or _fact_called(words, draft, quoted)
    message = compose(words, draft)
    if key:
        step = _set(words, draft, key, literal, wish.new)
        if step.note or compose(words, step.draft) != message:
            return step
    if wish.value == "unclear":
        return _made_clear(words, draft, wish, message.body)
    if literal and pattern(rf"(?<!\w){re.escape(literal)}(?!\w)").search(
        f"{message.subject}\n{message.body}"
    ):
        return Edited(
            replace(draft, swaps=(*draft.swaps, (literal, wish.new.strip("\"'")))), changed="change"
        )
    there = wish.new and pattern(rf"(?<!\w){re.escape(wish.new)}(?!\w)").search(message.body)
    if there and literal:
        return Edited(draft, changed="change")
    return Edited(draft, note="unclear" if wish.value == "maybe" else "absent")


def _made_clear(words: Words, draft: Draft, wish: Wish, body: str) -> Edited:
    """What the reader would not understand, said in full: of several names, each goes where its noun stands."""
    swaps: list[tuple[str, str]] = []
    left: list[str] = []
    for called in re.split(r",? and ", wish.new):
        noun = pattern(rf"(?<!\w)the {re.escape(called.split()[-1])}(?!\w)").search(body)
        if noun:
            swaps.append((noun[0], called))
        else:
            left.append(called)
    new = " and ".join(left)
    at = "at " if wish.old.lower() in words.wishes["places"] else ""
    if new and pattern(rf"(?<!\w){re.escape(wish.old)}(?!\w)").search(body):
        swaps.append((wish.old, f"{at}{new}"))
    return (
        Edited(replace(draft, swaps=(*draft.swaps, *swaps)), changed="change")
        if swaps
        else Edited(draft, note="absent")
    )


def fact(words: Words, draft: Draft, wish: Wish) -> Edited:
    """A fact given anew: which one is told by its name, by the old words or by its likeness (\"it's Karol\")."""
    if broken := sentence_findings(words.linter, wish.new):
        return Edited(draft, note=broken[0])
    key = (_fact_with(draft, wish.old) if wish.old else "") or _fact_called(words, draft, wish.what)
    if not key and not wish.what:
        key = next((k for k, v in _named(draft).items() if _closest(v, wish.new)), "")
        titled = words_of(wish.new) & set(words.wishes["titles"])
        key = key or (_fact_called(words, draft, "person") if titled else "")
    if not key and wish.old:
        articles = pattern(words.wishes["articles"])
        return change(
            words, draft, replace(wish, old=articles.sub("", wish.old), new=articles.sub("", wish.new))
        )
    if not key:
        return Edited(draft, note="unclear")
    old = wish.old or _closest(draft.facts.get(key, ""), wish.new)
    return _set(words, draft, key, old, wish.new)


def _named(draft: Draft) -> dict[str, str]:
    return {k: draft.facts[k] for k in ("person", "who", "company", "role") if k in draft.facts}


def _fact_with(draft: Draft, old: str) -> str:
    """The fact that holds the words of `old`."""
    spoken = words_of(old)
    return next((k for k, v in _named(draft).items() if spoken and spoken <= words_of(v)), "")


def _fact_called(words: Words, draft: Draft, what: str) -> str:
    key = next(
        (
            k
            for k, spoken in words.wishes["called"].items()
            if what and pattern(rf"\b(?:{spoken})\b").search(what)
        ),
        "",
    )
    return "who" if key == "person" and draft.kind == "text_to_someone" else key


def _closest(value: str, new: str) -> str:
    """The word of a fact that `new` is another spelling of; "" when there is none."""
    for word in value.split():
        for other in new.split():
            if SequenceMatcher(None, word.lower(), other.lower()).ratio() >= ALIKE:
                return word
    return ""


def _set(words: Words, draft: Draft, key: str, old: str, new: str) -> Edited:
    """The draft with a fact corrected: one misspelt word of it, or all of it."""
    was = draft.facts.get(key, "")
    new = pattern(words.wishes["after_name"]).sub("", new.strip(" \"'.,"))
    new = name(words.wishes, new) if key not in ("role", "subject") else new
    if key == "subject":
        new = new[:1].upper() + new[1:]
    if key == "role":
        new = pattern(words.wishes["articles"]).sub("", new)
    if (
        not new
        or len(new) > NAME_CHARACTERS
        or (key != "subject" and pattern(words.wishes["no_names"]).search(new))
    ):
        return Edited(draft, note="unclear")
    one = len(old.split()) == 1 == len(new.split()) and len(was.split()) > 1
    if one and _closest(old, new):
        new = " ".join(new if w.lower() == old.lower() else w for w in was.split())
    return Edited(replace(draft, facts={**draft.facts, key: new}), changed="change")
