"""The nearest draft that breaks no rule: what was put in last is left out first."""

from __future__ import annotations

from dataclasses import replace

from comeback.workbench import message
from comeback.workbench.compose import OWN, Message, block_texts, compose
from comeback.workbench.draft import Draft
from comeback.workbench.linter import Frame, findings, words_of
from comeback.workbench.message import GRAVE
from comeback.workbench.words import Words


def clean(words: Words, draft: Draft) -> tuple[Draft, Message, list[str]]:
    """The nearest draft without findings, its message, and the findings of what was left out."""
    left_out: list[str] = []
    while True:
        written = compose(words, draft)
        found = findings(words.linter, written.body, _frame(words, draft, written))
        if (
            draft.kind == message.KIND or OWN in draft.facts
        ):  # what they say is theirs, but for insults and threats
            found = tuple(f for f in found if f in GRAVE)
        smaller = _smaller(draft)
        if not found or smaller is None:
            return draft, written, left_out
        left_out += [f for f in found if f not in left_out]
        draft = smaller


def _smaller(draft: Draft) -> Draft | None:
    """The draft without the last thing that was put into it; None when nothing is left to take out."""
    if draft.adds:
        return replace(draft, adds=draft.adds[:-1])
    if draft.swaps:
        return replace(draft, swaps=draft.swaps[:-1])
    if draft.without:
        return replace(draft, without=draft.without[:-1])
    if draft.size == "long":
        return replace(draft, size="full")
    if draft.facts:
        return replace(draft, facts=dict(list(draft.facts.items())[:-1]))
    return replace(draft, name="") if draft.name else None


def _frame(words: Words, draft: Draft, written: Message) -> Frame:
    said = [*draft.facts.values(), draft.name, *draft.adds, *(new for _, new in draft.swaps)]
    known = frozenset[str]().union(*map(words_of, [*said, *block_texts(words, draft.kind)]))
    register = (
        "say"
        if draft.form == "say"
        else "text"
        if written.text
        else "phone"
        if draft.form == "phone"
        else "letter"
    )
    return Frame(
        known,
        draft.size == "short",
        "formal" if register == "letter" and draft.tone == "formal" else register,
    )
