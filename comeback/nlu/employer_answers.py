"""The employer in a bare answer to "which company and which role?": "<company>, <role>", "<role> / <company>"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from comeback.nlu.employer_names import NameRuns
from comeback.nlu.fact_line import Line, Span

SHORT = 16
"""Tokens of a message that may be a bare answer."""
MAX_PARTS = 3
SEPARATORS = {",", "-", "–", "—", "/", "|", ";", "\n", ".", ":"}
Part = tuple[int, int]
"""The separators before and after a part."""


def answered(line: Line, known: dict[int, Span], levels: Mapping[str, str], runs: NameRuns) -> Iterator[Span]:
    """`known` are the known names by their first token, `levels` says how much care each needs."""
    if len(line) > SHORT:
        return
    if 0 in known and known[0].end == len(line):
        if levels.get(line.doc.text.strip().lower()) != "ambiguous" or line.typed[0][0].isupper():
            yield known[0]
        return
    cuts = [i for i, word in enumerate(line.words) if word in SEPARATORS]
    parts = list(zip([-1, *cuts], [*cuts, len(line)], strict=True))
    for number, (left, right) in enumerate(parts[:MAX_PARTS]):
        if right > left + 1 and _is_beside_role(line, parts, number):
            span = runs.whole(line, left + 1, right, known)
            if span:
                yield span


def _is_beside_role(line: Line, parts: list[Part], number: int) -> bool:
    """Whether a role is the next part on either side, other facts aside."""
    for step in (-1, 1):
        k = number + step
        while 0 < k < len(parts) - 1 and not _is_role(line, parts[k]) and _is_taken(line, parts[k]):
            k += step
        if 0 <= k < len(parts) and _is_role(line, parts[k]):
            return True
    return False


def _is_taken(line: Line, part: Part) -> bool:
    return all(line.taken[part[0] + 1 : part[1]])


def _is_role(line: Line, part: Part) -> bool:
    """Whether the part is a role, "the ... position" aside."""
    start, end = part[0] + 1, part[1]
    skipped = {"the", "a", "an", "role", ":"} | ({"for", "as"} if line.word(part[0]) == "," else set())
    while start < end and line.word(start) in skipped:
        start += 1
    while end > start and line.word(end - 1) in {"role", "job", "position", "post"}:
        end -= 1
    return start < end and all(label == "role" for label in line.taken[start:end])
