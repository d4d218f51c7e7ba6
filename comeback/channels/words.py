"""Reads data/channels.yml: what Slack and Telegram say by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from comeback.settings import ROOT

BOTH = (
    "trouble slow_down too_many words_only old_button chosen draft subject no_file "
    "private erased erased_partly"
).split()
NEEDED = {
    "slack": "command mail home_title home home_private home_urgent home_starters".split(),
    "telegram": "help menu".split(),
}


class WrongWords(ValueError):
    """data/channels.yml lacks something; the message says what."""


@dataclass(frozen=True)
class Words:
    heard: dict[str, str]
    """A command, with its slash -> what the bot reads in its place."""
    said: dict[str, Any]
    """What the channel says, by name."""

    def __getitem__(self, name: str) -> Any:
        return self.said[name]


def load_words(channel: str, path: Path = ROOT / "data" / "channels.yml") -> Words:
    """The words of "slack" or "telegram". Raises WrongWords."""
    data = yaml.safe_load(path.read_text("utf-8"))
    said = {**data["both"], **data[channel]}
    missing = [name for name in (*BOTH, *NEEDED[channel]) if not said.get(name)]
    if missing:
        raise WrongWords(f"{path}: {channel} lacks {', '.join(missing)}.")
    return Words(data["heard"], said)
