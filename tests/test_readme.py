"""The talk shown in the README is what the bot says."""

import re
from pathlib import Path
from typing import Any

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def shown() -> list[tuple[str, str]]:
    """What is typed (in bold) and what is answered, as one line of words."""
    talk = README.split("## What a talk is like")[1].split("\n## ")[0]
    quoted = "\n".join(line[1:].strip() for line in talk.splitlines() if line.startswith(">"))
    parts = re.split(r"\*\*(.+?)\*\*", quoted)[1:]
    return [(typed, " ".join(answer.split())) for typed, answer in zip(parts[::2], parts[1::2], strict=True)]


def test_the_talk_in_the_readme_is_real(say: Any) -> None:
    assert len(shown()) >= 4
    for typed, answer in shown():
        assert " ".join(" ".join(say(typed, "readme")["bot"]).split()) == answer, typed
