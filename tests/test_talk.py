"""Transcripts through the real model, policy, actions and database."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

PLAYS = [
    play
    for p in sorted((Path(__file__).parent / "conversations").glob("*.yml"))
    for play in yaml.safe_load(p.read_text())
]


@pytest.mark.parametrize("play", PLAYS, ids=[p["name"] for p in PLAYS])
def test_play(play: dict[str, Any], say: Any) -> None:
    heard: list[str] = []
    moves: list[str] = []
    for n, wanted in enumerate(play["turns"]):
        now = play["began"] + timedelta(days=wanted.get("day", 0)) if "began" in play else None
        turn = say(wanted["user"], play["name"], channel=play.get("channel", "web"), now=now)
        said = (wanted["user"], turn["move"], turn["bot"], turn["reading"]["intent"], turn["reading"]["risk"])
        text = "\n".join(turn["bot"])
        drafts = {
            line for line in turn["bot"] if any(line.endswith(m.get("body") or "\0") for m in turn["made"])
        }
        assert turn["bot"], said
        assert ("program" in turn["bot"][0]) >= (n == 0)
        for key, value in (
            ("stage", turn["stage"]),
            ("move", turn["move"]),
            ("risk", turn["reading"]["risk"]["level"]),
        ):
            if key in wanted:
                assert value in _listed(wanted[key]), said
        if "feeling" in wanted:
            assert wanted["feeling"] in turn["reading"]["feelings"], said
        if "made" in wanted:
            assert [m["kind"] for m in turn["made"] if m["kind"] != "control"] == wanted["made"], said
        assert not [words for words in wanted.get("says", []) if words not in text], said
        assert not [words for words in wanted.get("never", []) if words in text], said
        assert not (set(turn["bot"]) - drafts) & set(heard), "said twice"
        heard += [line for line in turn["bot"] if line not in drafts]
        moves += turn["moves"]
    assert not [name for name in play.get("asks_once", []) if moves.count(name) > 1]


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "text", ["   ", "\x00\x01", "?" * 200_000, "🙂", "मुझे नौकरी नहीं मिली", "/restart; DROP TABLE turn"]
)
def test_odd_input_is_answered_and_the_next_message_works(text: str, say: Any) -> None:
    assert say(text, "odd")["bot"]
    assert say("i got rejected", "odd")["stage"] == "acknowledge"


def test_every_turn_leaves_one_row_and_no_sentence_without_consent(say: Any, bot_state: Path) -> None:
    import sqlite3

    from actions.answer import session_log

    for text in ("hello there", "i got rejected from tuvalu airlines", "bye"):
        say(text, "logged")
    assert session_log().flush(10)
    with sqlite3.connect(bot_state / "comeback.db") as db:
        rows = db.execute("select * from turn").fetchall()
    mine = [row for row in rows if "utter_acknowledge_rejection" in map(str, row)]
    assert mine and not any("tuvalu" in str(value).lower() for row in rows for value in row)
