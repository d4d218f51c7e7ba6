"""Messages to anybody: what is asked for is heard, and only what was said is written."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comeback.workbench import asked, drafts
from comeback.workbench.words import Words

PLAYS = yaml.safe_load((Path(__file__).resolve().parent / "messages.yml").read_text())
WANTED = (
    "I want a message to the recruiter. now pls",
    "how do I tell Marcus",
    "a text to Elsie from her dad",
    "no i dont want a reason, i want the message to Mick asking to stay",
    "can u write my friend Sam to ask if he can refer me",
    "what can i text my sister",
    "Write me a reply, to Priya Nair.",
    "email to Rohit please",
)
NOT_WANTED = (
    "I emailed my boss and got no reply",
    "they sent me a text saying no",
    "should i write to them again?",
    "can you help me write my cv",
    "i need to tell my mum",
    "the message from the recruiter was cold",
    "my boss texted me about it",
    "i never got an answer",
    "i keep rereading the offer email",
    "what do i say in an interview",
    "i have to write a cover letter tonight",
    "an email to hr got no answer",
    "how do i answer the salary question",
    "i don't want to write to anyone",
    "he told me to my face",
    "i applied to Sigma and they said no",
    "is it normal to hear nothing",
    "make a plan for friday",
    "i got a letter",
    "my sister got rejected too",
    "i have something to say",
    "i never know what to say at parties",
    "they need the one thing they say matters",
    "i had to say it in person",
)

FEEDBACK = (
    "can you help me write to the head teacher mrs Okafor asking for feedback",
    "make a short message to them, very polite, ask why not and if the certificate is the problem",
    "write to the recruiter and ask what was missing",
    "fine lets do the feedback mail",
)
THEIRS = (
    "its not about me its my son. hes 17 and got turned down",
    "my daughter didn't get it",
    "its for my sister, not for me. its my sister who was rejected",
)


@pytest.mark.parametrize("play", PLAYS, ids=lambda p: p["name"])
def test_a_message_is_what_was_said_of_it(w: Words, play: dict[str, Any]) -> None:
    first, *more = play["said"]
    reader = asked.read(w, first).to
    known = play.get("known", {})
    facts = {k: v for k, v in known.items() if k == "company"}
    made = drafts.to_anybody(w, facts, {"said": first, "to": reader, **known}, {})
    for said in more:
        made = drafts.edit(w, made.keep, said)
    assert made.payload is not None and made.payload["body"] == play["body"]


@pytest.mark.parametrize("text", WANTED)
def test_a_message_that_is_asked_for_is_heard(w: Words, text: str) -> None:
    assert asked.read(w, text).wanted


@pytest.mark.parametrize("text", NOT_WANTED)
def test_what_is_told_is_no_request(w: Words, text: str) -> None:
    assert not asked.read(w, text).wanted


@pytest.mark.parametrize("text", FEEDBACK)
def test_who_asks_an_employer_why_asks_for_feedback(w: Words, text: str) -> None:
    heard = asked.read(w, text)
    assert heard.wanted and heard.purpose == "feedback"


def test_the_request_asks_what_they_want_to_know(w: Words) -> None:
    facts = {"company": "Hartmann", "person": "frau Seidel", "role": "head"}
    said = "a message for the welder job: thank her for the interview, ask why not and if the certificate is the problem"
    made = drafts.feedback_request(w, facts, {"said": said}, {})
    assert made.payload is not None
    body = str(made.payload["body"])
    assert "Dear Frau Seidel" in body and "welder role" in body
    assert "Is the certificate the problem?" in body and body.count("?") == 1
    assert "Thank you as well for the interview." in body


@pytest.mark.parametrize("text", THEIRS)
def test_a_no_of_somebody_else_is_theirs(w: Words, text: str) -> None:
    assert asked.read(w, text).theirs


@pytest.mark.parametrize(
    "text", ("my son says i got turned down", "its not about me", "my sister told me i was rejected")
)
def test_an_own_no_is_not_theirs(w: Words, text: str) -> None:
    assert not asked.read(w, text).theirs


def test_nothing_is_called_changed_that_reads_as_before(w: Words) -> None:
    made = drafts.to_anybody(w, {}, {"said": "tell Ana that i miss the team", "to": "Ana"}, {})
    assert drafts.edit(w, made.keep, "shorter").blanks.get("same") == "yes"
    assert "same" not in drafts.edit(w, made.keep, "more formal").blanks
    assert drafts.shown(w, made.keep).payload == made.payload
