"""Whether a message asks what the program is: by patterns, because that question must never be missed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from comeback.nlu.judgement import Ranking

INTENT = "ask_bot"
OTHERWISE = frozenset("want_human probe_bot abuse show_letter ask_help make_plan consider_change".split())
"""Intents that hold the same words; they stand when the classifier is sure of them."""
SURE = 0.6
LONGEST = 20
"""Words; a longer message is about something else."""


@dataclass(frozen=True)
class WhatItIs:
    patterns: tuple[re.Pattern[str], ...]

    @staticmethod
    def load(lexicons: Path) -> WhatItIs:
        """Read what_it_is.yml. Raises OSError, yaml.YAMLError, KeyError or re.error."""
        entries = yaml.safe_load((lexicons / "what_it_is.yml").read_text(encoding="utf-8"))
        return WhatItIs(tuple(re.compile(entry["pattern"], re.IGNORECASE) for entry in entries))

    def first(self, text: str, ranking: Ranking) -> Ranking:
        """The ranking, with `ask_bot` first when the message asks for it."""
        name, sure = ranking[0]
        if (name in (*OTHERWISE, INTENT) and sure >= SURE) or len(text.split()) > LONGEST:
            return ranking
        plain = text.replace("’", "'")
        if not any(pattern.search(plain) for pattern in self.patterns):
            return ranking
        return [(INTENT, max(sure, SURE)), *(pair for pair in ranking if pair[0] != INTENT)]
