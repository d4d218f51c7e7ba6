"""Messages for people: what they wish for happens, no rule is broken, no fact is invented."""

import email
import itertools
import re
from email import policy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from comeback.vocabulary import Made
from comeback.workbench import drafts, words
from comeback.workbench.compose import compose, forms
from comeback.workbench.draft import Draft, keep, restore
from comeback.workbench.linter import Frame, findings, words_of
from comeback.workbench.words import Words

HERE = Path(__file__).resolve().parent
PLAYS = yaml.safe_load((HERE / "drafts.yml").read_text())
W = words.load(HERE.parent.parent / "data")
KINDS = tuple(W.drafts)
TONES = ("plain", "warm", "formal", "casual", "confident", "simple")
FACTS: tuple[dict[str, str], ...] = (
    {},
    {"company": "Sigma"},
    {"company": "St Mary's", "role": "charge nurse", "person": "Carol Diaz", "rounds": "5 rounds"},
    {"role": "forklift driver", "person": "Mr Okafor", "met": "Tuesday", "who": "Mum", "want": "call"},
    {"company": "H&M", "topic": "leadership", "topic_es": "liderazgo", "who": "Sara"},
    {
        "company": "Big Long Name Holding International",
        "reason": "they had someone with more practice",
        "person": "Dr Anna Maria van der Berg",
    },
)
WISHES = [w["wish"] for play in PLAYS for w in play.get("wishes", ())]
OURS = {"I", "LinkedIn"}


def invented(body: str, inputs: list[str]) -> set[str]:
    """Names and numbers inside sentences that nobody said; a reading of its own, apart from the linter's."""
    inside = re.sub(r"(^|[.!?:(¿]\s*|\n|\"|¿)[A-ZÁÉÍÓÚ][\w']*", r"\1", body)
    found = set(re.findall(r"\b(?:[A-Z][\w'&]*|\d+)", inside))
    said = set(re.findall(r"[\w'&]+", " ".join(inputs)))
    return {f for f in found if f not in OURS and f not in said}


def made(play: dict[str, Any]) -> Made:
    return drafts.write(W, play["kind"], play.get("facts", {}), play.get("answers", {}), {})


def check(made: Made, expected: dict[str, Any]) -> None:
    assert made.payload is not None
    body = str(made.payload["body"])
    for part in expected.get("has", ()):
        assert part in body, body
    for part in expected.get("lacks", ()):
        assert part not in body, body
    assert len(body.split()) <= expected.get("most", 120)
    assert expected.get("subject", "") in str(made.payload["subject"])
    assert made.payload["mailto"] is expected.get("mailto", made.payload["mailto"])
    for blank in ("note", "hint", "declined", "changed"):
        if blank in expected:
            assert made.blanks.get(blank) == expected[blank], (expected, body)


@pytest.mark.parametrize("play", PLAYS, ids=lambda p: p["name"])
def test_a_draft_follows_what_is_wished(play: dict[str, Any]) -> None:
    draft = made(play)
    check(draft, play["start"])
    for turn in play.get("wishes", ()):
        after = drafts.edit(W, draft.keep, turn["wish"])
        check(after, turn)
        if turn.get("same"):
            assert after.payload == draft.payload, turn
        draft = after


def test_every_combination_is_clean_and_invents_nothing() -> None:
    cases = 0
    sizes, langs = ("short", "full", "long"), ("en", "es")
    for kind in KINDS:
        for form, tone, size, lang, facts in itertools.product(forms(W, kind), TONES, sizes, langs, FACTS):
            name = "Jo Li" if facts else ""
            draft = Draft(kind, form, tone, size, lang, name, facts)
            message = compose(W, draft)
            register = (
                "say"
                if form == "say"
                else "text"
                if message.text
                else "phone"
                if form == "phone"
                else "letter"
            )
            said = [*facts.values(), name]
            known = frozenset[str]().union(*map(words_of, [*said, message.body]))
            assert findings(W.linter, message.body, Frame(known, size == "short", register)) == (), draft
            assert not invented(message.body, said), draft
            assert "{" not in message.body
            cases += 1
    assert cases > 200


TEXTS = st.sampled_from(
    [
        "figma, product designer",
        "the barista job at costa",
        "idk",
        "",
        "St Mary's hospital; ward nurse, met Ana Friday",
        "you idiots!! why?",
        "x" * 300,
        "🙂 Łódź / kierowca",
    ]
)
REASONS = st.sampled_from(
    [
        "nothing",
        "they said not enough leadership",
        "furious, they lied",
        "a form letter",
        "more sql and 5 years",
        "Because. I. Said?",
        "",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(KINDS),
    TEXTS,
    st.sampled_from(["carol diaz, linkedin", "recruiter", "the phone", "", "Mr O'Neil by email"]),
    REASONS,
    st.lists(st.one_of(st.sampled_from(WISHES), st.text(max_size=40)), max_size=5),
)
def test_whatever_is_said_the_draft_is_clean(
    kind: str, job: str, person: str, reason: str, wishes: list[str]
) -> None:
    draft = drafts.write(W, kind, {}, {"job": job, "person": person, "reason": reason, "who": person}, {})
    for wish in wishes:
        draft = drafts.edit(W, draft.keep, wish)
    assert draft.payload is not None
    body = str(draft.payload["body"])
    parts = restore(draft.keep, kind)
    said = [job, person, reason, *wishes]
    assert not {f for f in invented(body, [*said, *(str(s).title() for s in said), *draft.keep.values()])}
    short = parts.size == "short"
    assert len(body.split()) <= (80 if short else 120)
    assert body.count("?") <= 1
    assert draft.keep == keep(parts)


def test_a_draft_can_be_taken_along() -> None:
    made = drafts.feedback_request(W, {"company": "Łódź & Söhne"}, {"person": "Zoë, email"}, {})
    assert made.payload is not None
    body, subject = str(made.payload["body"]), str(made.payload["subject"])
    query = parse_qs(urlparse(str(made.payload["link"])).query)
    assert query == {"subject": [subject], "body": [body.replace("\n", "\r\n")]}
    read = email.message_from_string(str(made.payload["eml"]), policy=policy.default)
    assert read["Subject"] == subject and read["X-Unsent"] == "1"
    assert read.get_content().strip() == body
    assert str(made.payload["text"]).endswith(body)


def test_a_nudge_after_a_feedback_request_is_about_the_question() -> None:
    asked = drafts.feedback_request(W, {"company": "Sigma"}, {}, {})
    nudge = drafts.nudge(W, {"company": "Sigma"}, {}, asked.keep)
    assert nudge.payload is not None and "one question" in str(nudge.payload["body"])


def test_another_company_takes_nothing_of_the_last_draft_but_the_name() -> None:
    first = drafts.feedback_request(
        W, {"company": "Sigma", "role": "welder", "person": "Ana"}, {}, {"name": "Jo"}
    )
    second = drafts.feedback_request(W, {"company": "Bosch"}, {}, first.keep)
    body = str((second.payload or {})["body"])
    assert "Bosch" in body and "Jo" in body and "welder" not in body and "Ana" not in body


def test_undo_goes_back_several_versions() -> None:
    draft = drafts.feedback_request(W, {"company": "Sigma"}, {}, {})
    bodies = [draft.payload]
    for wish in ("shorter", "warmer", "sign it Jo"):
        draft = drafts.edit(W, draft.keep, wish)
        bodies.append(draft.payload)
    for before in reversed(bodies[:-1]):
        draft = drafts.edit(W, draft.keep, "undo")
        assert draft.payload == before
    assert drafts.edit(W, draft.keep, "undo").blanks["hint"] == "oldest"


def test_every_note_and_change_has_words(w: Words) -> None:
    source = "".join(p.read_text() for p in (HERE.parent.parent / "comeback/workbench").glob("*.py"))
    notes = (
        set(re.findall(r'note="(\w+)"', source))
        | set(w.linter["findings"])
        | {"two_asks", "too_long", "invented"}
    )
    assert notes <= set(w.say["notes"])
    changes = set(re.findall(r'changed="(\w+)"', source)) | set(TONES) | {"short", "full", "long", "en", "es"}
    changes |= {form for kind in KINDS for form in forms(w, kind)}
    assert changes <= set(w.say["changed"])


@pytest.mark.parametrize(
    ("point", "person", "body"),
    [
        (
            "I want say thank you to Henk and ask if he know other yard",
            "Henk",
            "Hello Henk,\n\nThank you. Do you know other yard?\n\nKind regards,",
        ),
        (
            "Mrs Aldous. say that i would be glad to step in when someone is ill",
            "no name",
            "Hello Mrs Aldous,\n\nI would be glad to step in when someone is ill.\n\nKind regards,",
        ),
        (
            "I can start on the 3rd. you are all liars",
            "Gareth",
            "Hello Gareth,\n\nI can start on the 3rd.\n\nKind regards,",
        ),
    ],
)
def test_a_note_says_what_they_want_to_say_and_no_more(w: Words, point: str, person: str, body: str) -> None:
    made = drafts.to_anybody(w, {}, {"to": person, "point": point}, {})
    assert made.payload["body"] == body
