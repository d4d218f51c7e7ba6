"""What the lexicons and the rules know of each token, as 0 and 1: the learned fact reader's second sight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from comeback.nlu.employer_sense import EmployerSense
from comeback.nlu.employer_words import NameWords
from comeback.nlu.fact_line import BREAKS, Line, Span
from comeback.nlu.fact_words import FactWords

Matrix = npt.NDArray[np.float32]

SHORT, MIDDLE = 6, 14
"""Tokens of a message that is a bare answer, and of one sentence."""
SHAPES = (
    *("titled", "capital", "capitals", "word", "figure", "break", "opening", "odd", "english", "pointed"),
    *(
        "acts",
        "first",
        "last",
        "answer",
        "sentence",
        "long",
        "one_letter",
        "one_piece",
        "two_pieces",
        "more_pieces",
    ),
)
RULES = (
    *("B-company", "I-company", "B-role", "I-role", "B-person", "I-person"),
    *("relation", "place", "rounds", "stage", "count", "duration", "date", "money"),
)


class FactMarks:
    def __init__(self, words: FactWords) -> None:
        self._names, self._sense = NameWords(words), EmployerSense(words)
        listed = _listed(words, self._names)
        self.columns = (*SHAPES, *RULES, *listed)
        self._column = {name: i for i, name in enumerate(self.columns)}
        self._of_word: dict[str, list[int]] = {}
        for name, known in listed.items():
            for word in known:
                self._of_word.setdefault(word, []).append(self._column[name])

    def of(self, line: Line, found: Sequence[Span], pieces: Sequence[int]) -> Matrix:
        """float32 [len(pieces), columns]; `found` are the rules' facts, `pieces` how many each token has."""
        column, count = self._column, len(pieces)
        marks = np.zeros((count, len(self.columns)), np.float32)
        size = "answer" if len(line) <= SHORT else "sentence" if len(line) <= MIDDLE else "long"
        marks[:, column[size]] = 1
        if count:
            marks[0, column["first"]] = marks[min(count, len(line)) - 1, column["last"]] = 1
        for i in range(count):
            for k in self._of_word.get(line.words[i], ()):
                marks[i, k] = 1
            for name in self._shapes(line, i, pieces[i]):
                marks[i, column[name]] = 1
        for span in found:
            self._mark_rule(marks, span)
        return marks

    def _mark_rule(self, marks: Matrix, span: Span) -> None:
        if span.label in self._column:
            marks[span.start : span.end, self._column[span.label]] = 1
        elif f"B-{span.label}" in self._column:
            marks[span.start : span.start + 1, self._column[f"B-{span.label}"]] = 1
            marks[span.start + 1 : span.end, self._column[f"I-{span.label}"]] = 1

    def _shapes(self, line: Line, i: int, pieces: int) -> list[str]:
        typed, word = line.typed[i], line.words[i]
        shapes = ["one_piece" if pieces < 2 else "two_pieces" if pieces == 2 else "more_pieces"]
        if typed[0].isupper():
            shapes.append("capital")
            if line.cased:
                shapes.append("titled")
            if len(typed) > 1 and typed.isupper():
                shapes.append("capitals")
        if word in BREAKS or word[0] == "\n":
            shapes.append("break")
        elif word.isalpha():
            shapes.append("word")
            if word in self._names.english:
                shapes.append("english")
            elif self._names.is_odd(line, i):
                shapes.append("odd")
        elif any(c.isdigit() for c in word):
            shapes.append("figure")
        if len(word) == 1:
            shapes.append("one_letter")
        if line.opens(i):
            shapes.append("opening")
        if i in line.acts:
            shapes.append("acts")
        if i and self._sense.is_pointed(line, i):
            shapes.append("pointed")
        return shapes


def _listed(words: FactWords, names: NameWords) -> dict[str, frozenset[str]]:
    """The word lists that a token may stand in; names of more words count by each word."""
    people, roles, jobs, small = words.people, words.roles, words.jobs, words.jobs["words"]
    levels = {
        level: frozenset(w for name, l in words.levels.items() if l == level for w in name.split())
        for level in ("plain", "household", "ambiguous")
    }
    single = {
        "stop": words.stops,
        "suffix": names.suffixes,
        "strong": names.strong,
        "generic": names.generic,
        "opener": frozenset(w for name in names.openers for w in name.split()),
        "place": names.places,
        "first_name": people["first_names"],
        "careful_name": people["careful_names"],
        "surname": people["surnames"],
        "title": people["titles"],
        "people": people["people"],
        "person_acts": people["acts"],
        "head": frozenset(roles["heads"]) | frozenset(roles["careful_heads"]) | words.head_slips,
        "modifier": roles["modifiers"],
        "job": roles["jobs"],
        "seeks": roles["seeks"],
        "employer": small["employer"],
        "body": small["bodies"],
        "called": small["called"],
        "article": small["articles"],
        "emphatic": small["emphatic"],
        "other": jobs["others"],
        "noun": jobs["nouns"],
        "cue": jobs["cues"],
        "points": jobs["points"],
        "doing": words.companies["doing"],
    }
    return {f"known_{n}": v for n, v in levels.items()} | {n: frozenset(v) for n, v in single.items()}
