"""Good news is believed only when nothing speaks against it."""

from __future__ import annotations

import pytest

from comeback.nlu.judgement import UNCLEAR, doubtful, judge, unreadable

OFFER = [("got_offer", 0.7), ("tell_rejection", 0.1), ("thank", 0.05)]


@pytest.mark.parametrize(
    ("text", "feelings"),
    [
        ("just found out that i'm not getting the position", ["disappointment"]),
        ("I'm thrilled to announce I did not get the job", ["joy"]),
        ("great, another no", ["admiration"]),
        ("the offer went to the internal guy", []),
        ("an offer was made today, just not to me", []),
        ("everyone at home thinks i start on monday", []),
        ("i told everyone i start on monday", ["excitement"]),
        ("i thought i start on monday", ["realization"]),
    ],
)
def test_a_rejection_is_no_offer(text: str, feelings: list[str]) -> None:
    assert judge(text, OFFER, feelings)[0][0] == "tell_rejection"
    assert judge(text, OFFER[:1], feelings)[0][0] == UNCLEAR


@pytest.mark.parametrize(
    ("text", "feelings"),
    [
        ("I got the offer!!! im crying", ["joy"]),
        ("after 40 rejections they hired me", ["joy"]),
        ("they offered me the job", []),
        ("i thought i had no chance but i got the job", ["joy"]),
        ("i start on monday!! told mum i have a job at last", ["joy"]),
        ("didn't expect it but i got the job!!", ["joy", "surprise"]),
    ],
)
def test_an_offer_is_one(text: str, feelings: list[str]) -> None:
    assert not doubtful(text, "got_offer", feelings)


def test_noise_is_unreadable() -> None:
    assert unreadable("!!!")
    assert unreadable("asdfghjkl")
    assert not unreadable("ok")


def test_another_persons_offer_is_not_theirs() -> None:
    assert doubtful("so glad for her, the offer letter came for my sister", "got_offer", ["joy"])


def test_good_news_is_asked_about_when_it_is_a_guess() -> None:
    assert judge("they rang me about the job", [("got_offer", 0.3), ("thank", 0.2)], [])[0][0] == UNCLEAR
