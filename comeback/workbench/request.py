"""What is said beside the wish for a feedback request: its question, its points, its tone, and the job."""

from __future__ import annotations

from dataclasses import replace

from comeback.workbench import points, wishes
from comeback.workbench.compose import ASK
from comeback.workbench.draft import Draft
from comeback.workbench.edit import apply
from comeback.workbench.linter import sentence_findings
from comeback.workbench.words import Words, pattern, straight

MOST_POINTS = 2


def shaped(words: Words, draft: Draft, said: str) -> Draft:
    """The request as it was asked for in `said`, a line for each turn; it never asks more than one thing."""
    told = [point for line in said.splitlines() for point in points.read(words, line) if not point.out]
    facts = {"role": role(words, said), ASK: _question(words, said, told)}
    sentences = points.written(
        words, [p for p in told if p.asks in ("tell", "thank")], "employer", ["thanks"]
    )
    own = [s for s in sentences if "?" not in s and not sentence_findings(words.linter, s)][:MOST_POINTS]
    draft = replace(
        draft,
        facts=draft.facts | {k: v for k, v in facts.items() if v},
        adds=tuple(f"en {_thanked(words, s)}" for s in own),
    )
    for line in said.splitlines():
        for wish in wishes.read(words.wishes, line):
            if wish.kind in ("size", "tone"):
                draft = apply(words, draft, wish).draft
    return draft


def role(words: Words, said: str) -> str:
    """The job as it stands before "job" or "role"; the title of the reader is none."""
    named = rf"(?P<role>{words.wishes['answers']['roles']}) (?:job|role|position|post)\b"
    found = pattern(named).search(straight(said))
    return pattern(words.wishes["before_role"]).sub("", found["role"]) if found else ""


def _question(words: Words, said: str, told: list[points.Point]) -> str:
    """The newest question of theirs that says more than "why"."""
    asked = [p.text for p in told if p.asks in points.ASKS]
    asked += [m["what"] for m in pattern(words.messages["wants_to_know"]).finditer(straight(said))]
    asked = [part for text in asked for part in pattern(words.messages["two_questions"]).split(text)]
    skipped = (words.messages["only_why"], words.messages["no_question"])
    own = [text for text in asked if not any(pattern(spoken).search(text) for spoken in skipped)]
    question = points.question(words, own[-1]) if own else ""
    return "" if sentence_findings(words.linter, question) else question


def _thanked(words: Words, sentence: str) -> str:
    """Thanks that stand after the thanks for the answer."""
    return sentence.replace(words.messages["thanked"], words.say["thanked_too"], 1)
