"""What each app gets for each kind of line. `python tests/channels/test_render.py` writes the snapshots anew."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path
from typing import Any

import pytest
from fakes import slack as slack_api
from fakes import telegram as telegram_api
from hypothesis import example, given
from hypothesis import strategies as st

from comeback.channels import render_slack, render_telegram
from comeback.channels.render import attachment, cut, mail
from comeback.channels.words import WrongWords, load_words

SNAPSHOTS = Path(__file__).parent / "snapshots.json"
SLACK, TELEGRAM = load_words("slack"), load_words("telegram")
LINES: dict[str, dict[str, Any]] = {
    "a text": {"kind": "text", "text": "Was it R&D or <sales>?\nTell me.", "buttons": []},
    "a text with buttons": {
        "kind": "text",
        "text": "Which one?",
        "buttons": [
            {"title": title, "text": title}
            for title in ("Yes", "No", "Not sure", "Something else", "Skip", "I just want to say it & go")
        ],
    },
    "buttons alone": {"kind": "text", "text": "", "buttons": [{"title": "Yes", "text": "yes"}]},
    "a draft for a mail program": {
        "kind": "draft",
        "subject": "Thank you",
        "body": "Dear Ms Rivera,\n\nthank you <3 & bye",
        "mailto": True,
    },
    "a draft with its mail link": {
        "kind": "draft",
        "subject": "S",
        "body": "B",
        "mailto": True,
        "link": "mailto:?subject=S&body=B",
        "eml": "Subject: S\n\nB",
    },
    "a draft for a text message": {
        "kind": "draft",
        "subject": "",
        "body": "hey, I got a no",
        "mailto": False,
    },
    "a calendar entry": {
        "kind": "calendar",
        "name": "plan.ics",
        "ics": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    },
    "a file": {"kind": "file", "name": "../my data.json", "mime": "application/json", "text": "{}"},
    "a file of no known type": {"kind": "file", "name": "", "mime": "x\r\nEvil: 1", "text": "é"},
    "people to reach": {
        "kind": "help",
        "urgent": [{"name": "988", "note": "Call, day or night.", "url": "tel:988"}, "112"],
    },
    "a control": {"kind": "control", "do": "pin_help"},
    "an unknown kind": {"kind": "hologram", "text": "?"},
}


def snapshot(line: dict[str, Any]) -> dict[str, Any]:
    tokens = [f"token{number}" for number in range(len(line.get("buttons", ())))]
    file = attachment(line)
    return {
        "slack": render_slack.messages(line, tokens, SLACK),
        "slack without files": render_slack.file_messages(file) if file else [],
        "telegram": render_telegram.messages(line, tokens, TELEGRAM),
        "file": [file.name, file.mime, file.data.decode()] if file else None,
    }


@pytest.mark.parametrize("name", LINES)
def test_every_kind_of_line_looks_as_it_did(name: str) -> None:
    kept = json.loads(SNAPSHOTS.read_text("utf-8"))
    assert kept.keys() == LINES.keys()
    assert snapshot(LINES[name]) == kept[name]


lines = st.fixed_dictionaries(
    {
        "kind": st.just("text"),
        "text": st.text(min_size=1, max_size=30).map(lambda text: text * 400) | st.text(),
        "buttons": st.lists(
            st.fixed_dictionaries({"title": st.text(min_size=1).filter(str.strip), "text": st.text()}),
            max_size=13,
        ),
    }
) | st.fixed_dictionaries(
    {
        "kind": st.just("draft"),
        "subject": st.text(),
        "body": st.text(min_size=1, max_size=30).map(lambda text: text * 400),
        "mailto": st.booleans(),
    }
)


@given(lines)
@example({"kind": "text", "text": "\r" * 400, "buttons": [{"title": "0", "text": ""}]})
def test_whatever_is_said_fits_and_nothing_is_lost(line: dict[str, Any]) -> None:
    tokens = [f"{number:016}" for number in range(len(line.get("buttons", ())))]
    said = _letters(line.get("text") or line.get("body", ""))
    slack = render_slack.messages(line, tokens, SLACK)
    assert [slack_api.wrong_message(message) for message in slack] == [""] * len(slack)
    assert said in _letters("".join(map(slack_api.shown, slack)))
    assert [b["value"] for m in slack for b in slack_api.buttons(m)] == tokens
    telegram = render_telegram.messages(line, tokens, TELEGRAM)
    assert [telegram_api.wrong_message(message) for message in telegram] == [None] * len(telegram)
    assert said in _letters("".join(message["text"] for message in telegram))
    assert [b["callback_data"] for m in telegram for b in telegram_api.buttons(m)] == tokens


@given(st.text(), st.text())
def test_a_mail_file_opens_with_what_was_drafted(subject: str, body: str) -> None:
    opened = email.message_from_bytes(mail(subject, body), policy=email.policy.default)
    assert _letters(str(opened["Subject"])) == _letters(subject)
    assert _letters(opened.get_content()) == _letters(body)
    assert opened["To"] is None
    assert opened["X-Unsent"] == "1"


@given(st.text())
def test_what_slack_would_read_as_a_sign_comes_back_as_typed(text: str) -> None:
    assert render_slack.unescape(render_slack.escape(text)) == text
    assert "<" not in render_slack.escape(text)


def test_slacks_own_marks_become_what_the_person_typed() -> None:
    assert render_slack.unescape("see <https://a.example/x|a.example/x> or <mailto:a@b.c|a@b.c>") == (
        "see a.example/x or a@b.c"
    )
    assert render_slack.unescape("<@U123> and <#C1|general> at <https://a.example>") == (
        " and general at https://a.example"
    )


def test_a_label_that_is_too_long_is_cut_with_a_sign() -> None:
    assert cut("x" * 80, 75) == "x" * 74 + "…"
    assert cut("short", 75) == "short"


def test_words_that_are_missing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "channels.yml"
    path.write_text("heard: {}\nboth: {}\nslack: {home: hello}\n")
    with pytest.raises(WrongWords, match="trouble"):
        load_words("slack", path)


def _letters(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    kept = {name: snapshot(line) for name, line in LINES.items()}
    SNAPSHOTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")
