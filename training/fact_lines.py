"""The annotated messages of data/facts: "no from [brightside dental](company) for the [hygienist](role) job"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LABELS = ("company", "role", "person")
DEV_EVERY = 5
"""Every fifth line of a file is kept from training and thresholds; the tests read it."""

_MARK = re.compile(r"\[([^\]]+)\]\((\w+)\)")


@dataclass(frozen=True)
class Marked:
    """`spans` are (label, first character, end), in order."""

    text: str
    spans: tuple[tuple[str, int, int], ...]


def parse(line: str) -> Marked:
    """Raises ValueError for an unknown label."""
    spans: list[tuple[str, int, int]] = []
    text, at = "", 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        if mark[2] not in LABELS:
            raise ValueError(f"unknown label {mark[2]!r} in {line!r}")
        spans.append((mark[2], len(text), len(text) + len(mark[1])))
        text, at = text + mark[1], mark.end()
    return Marked(text + line[at:], tuple(spans))


def read_lines(folder: Path) -> tuple[list[Marked], list[Marked]]:
    """The lines to learn from, and the dev fifth."""
    seen: list[Marked] = []
    dev: list[Marked] = []
    for file in sorted(folder.glob("*.txt")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            (dev if number % DEV_EVERY == DEV_EVERY - 1 else seen).append(parse(line))
    return seen, dev
