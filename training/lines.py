"""Our own lines of intents and risk, and the ways in which training varies them.

A fifth of them, by the hash of the text, never shapes the encoder: thresholds and temperatures come from it.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from comeback.nlu.intents import held_out
from comeback.vocabulary import RiskKind, RiskLevel

LOADED = re.compile(
    r"suicid|kill|\bdie|dying|dead|death|\bliv|alive|\bhurt|harm|\bcut|overdos|\bgun|jump|bridge|end it|"
    r"wake up|without me|any ?more|exist|\bpills?|\bburden|disappear|goodbye|forever|point",
    re.IGNORECASE,
)
"""A line with none of these is taken to hold no risk, wherever it comes from."""
SAFE = (
    "tell_ await_ ask_ inform improve_ network make_plan share_win report_progress prepare_ thank received_"
)
"""Beginnings of intents whose lines may stand beside a risk line as another sentence of the same message."""


@dataclass(frozen=True)
class Line:
    """`label` is an intent, or "level:kind" of a risk."""

    text: str
    label: str


def intents(folder: Path) -> list[Line]:
    lines = []
    for file in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            texts = (row.strip().removeprefix("- ") for row in entry["examples"].splitlines())
            lines += [Line(plain(text), entry["intent"]) for text in texts if text]
    return lines


def plain(text: str) -> str:
    """A training line without Rasa's entity marks."""
    return re.sub(r"\[([^\]]+)\](?:\([^)]+\)|\{[^}]+\})", r"\1", text)


def risks(folder: Path) -> list[Line]:
    """crisis.tsv and not_crisis.tsv. Raises ValueError for an unknown level or kind."""
    lines = []
    for name in ("crisis", "not_crisis"):
        with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                label = f"{RiskLevel(row['level']).value}:{RiskKind(row['kind']).value}"
                lines.append(Line(row["text"], label))
    return lines


def split(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """What may be learned from, and the held fifth."""
    return [a for a in lines if not held_out(a.text)], [a for a in lines if held_out(a.text)]


def fillers(lines: Sequence[Line]) -> list[str]:
    """Texts of intents that hold no risk."""
    beginnings = tuple(SAFE.split())
    return [a.text for a in lines if a.label.startswith(beginnings) and not LOADED.search(a.text)]


def varied(text: str, rng: random.Random) -> str:
    """As another hand would type it: a slip in a word, or no punctuation."""
    chance = rng.random()
    if chance < 0.15:
        return re.sub(r"[.,!?;:'’\"]", "", text) or text
    if chance < 0.3:
        words = text.split(" ")
        longer = [i for i, word in enumerate(words) if len(word) > 3]
        for i in rng.sample(longer, min(len(longer), 1 + len(words) // 15)):
            words[i] = _slip(words[i], rng)
        return " ".join(words)
    return text


def among(text: str, others: Sequence[str], rng: random.Random) -> str:
    """The text as one sentence of a longer message."""
    before, after = rng.choice([(1, 0), (0, 1), (1, 1), (2, 0), (0, 2)])
    parts = [*rng.sample(others, before), text, *rng.sample(others, after)]
    mark = rng.choice([". ", ". ", "\n", "... ", " "])
    return mark.join(part.rstrip(".") for part in parts)


def together(lines: Sequence[Line], seed: int) -> list[Line]:
    """Each line of talk with one or two others as one message: long messages are where ordinary words pile up."""
    rng = random.Random(seed)
    texts = [line.text for line in lines]
    return [Line(among(line.text, texts, rng), line.label) for line in lines]


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        ]
    )
