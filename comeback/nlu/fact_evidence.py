"""What the learned fact reader sees of one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comeback.nlu.encoder import Encoding, Matrix
from comeback.nlu.fact_line import Line, Span
from comeback.nlu.fact_marks import FactMarks
from comeback.nlu.fact_pieces import vectors


@dataclass(frozen=True, eq=False)
class Evidence:
    """`vectors` [tokens, 384] and `marks` [tokens, columns] of the tokens that the encoder read, `words` in lower case;
    `starts` and `ends` are all tokens' characters, `found` the rules' facts, `known` the known employers' names,
    meant or not."""

    vectors: Matrix
    marks: Matrix
    words: list[str]
    starts: list[int]
    ends: list[int]
    found: tuple[Span, ...]
    known: tuple[Span, ...]

    @staticmethod
    def of(
        text: str,
        line: Line,
        found: Sequence[Span],
        known: Sequence[Span],
        encoding: Encoding,
        marks: FactMarks,
    ) -> Evidence:
        starts = [token.idx for token in line.doc]
        ends = [token.idx + len(token) for token in line.doc]
        rows, pieces = vectors(text, starts, encoding)
        seen = marks.of(line, found, pieces.tolist())
        return Evidence(rows, seen, list(line.words), starts, ends, tuple(found), tuple(known))
