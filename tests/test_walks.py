"""Long talks of random lines through the real model: no sentence twice in twelve turns, no dead end, no error."""

import random
import re
from collections import deque
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LINES = [
    line.removeprefix("- ")
    for path in sorted((ROOT / "data/nlu").glob("*.yml"))
    for entry in yaml.safe_load(path.read_text())["nlu"]
    for line in entry["examples"].strip().splitlines()
    if entry["intent"] != "delete_data"
]
TURNS, NEAR = 300, 12
READ_BACK = {"memory_allowed", "ledger"}
"""Moves that list the person's own sentences."""


@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_never_repeats_itself(seed: int, say: Any) -> None:
    chosen = random.Random(seed)
    lately: deque[set[str]] = deque(maxlen=NEAR)
    for number in range(TURNS):
        line = chosen.choice(LINES)
        turn = say(line, f"walk {seed}")
        assert turn["bot"], line
        if READ_BACK & set(turn["moves"]):
            continue
        if turn["stage"] == "safety":
            say("no, i am safe", f"walk {seed}")
            continue
        drafts = [m.get("body") or "" for m in turn["made"]]
        said = {
            s
            for text in turn["bot"]
            if not any(text.endswith(d) for d in drafts if d)
            for s in sentences(text)
        }
        again = {s for earlier in lately for s in earlier} & said
        assert not again, (number, line, turn["moves"], again)
        lately.append(said)


def sentences(text: str) -> list[str]:
    """The sentences of a text that are long enough to be noticed when they come again."""
    return [s for s in re.split(r"(?<=[.?!])\s+", text.lower()) if len(s.split()) >= 5]
