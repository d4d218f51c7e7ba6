"""Feedback is sorted into what can be trained, what is not theirs to change, and what says nothing."""

import re
from pathlib import Path

import pytest

from comeback.workbench import decoder, drafts
from comeback.workbench.words import Words

T, N, U, S = "trainable", "not_yours", "unclear", "strength"
TABLE = {
    "strong technically, 'lacked stakeholder presence', someone with more automotive": [S, T, N],
    "not enough leadership": [T],
    "they emailed today saying went w someone w more leadership": [T],
    "overqualified and salary expectations too high": [N, N],
    "strong candidate but went internal": [U, N],
    "communication could be more concise; language level": [T, T],
    "position frozen": [N],
    "the role was put on hold because of budget": [N],
    "not a culture fit": [N],
    "technical depth": [T],
    "great interview, we had many strong candidates": [U, N],
    "you need better excel skills and more experience": [T, N],
    "too nervous in the interview": [T],
    "I rambled apparently": [T],
    "someone with more experience in fintech": [N],
    "no visa sponsorship": [N],
    "they wanted someone local": [N],
    "more concrete examples please": [T],
    "she said i was not prepared and asked no questions": [T, T],
    "my cv had typos": [T],
    "we decided to move forward with other candidates": [N],
    "your profile does not match our requirements": [U],
    "it was a tough decision": [U],
    "something was missing": [U],
    "the moon was in the wrong house": [U],
    "enthusiastic and well prepared": [S, S],
    "lacked enthusiasm": [T],
    "they hired the owner's cousin, he knew someone": [N, N],
    "said i was a bit arrogant": [T],
    "looking for someone with a degree": [N],
    "feedback was that i need more leadership experience": [T],
    "the head of school said my behaviour management was weak in the lesson": [T],
    "so the hiring manager answered my email. says i was good on paper but hesitant in the room": [S, T],
    "feedback arrived, not sure how to read it": [],
    "he said the accent would be difficult for customers": [N],
    "the recruiter wrote: we loved you but need someone with b2b sales": [S, N],
    "excel test score was the problem they told me": [T],
    "": [],
    "they said": [],
}


@pytest.mark.parametrize("text", TABLE)
def test_feedback_is_sorted(w: Words, text: str) -> None:
    assert [p.pile for p in decoder.read(w, text)] == TABLE[text]


def test_the_first_trainable_point_comes_with_readings_and_a_goal(w: Words) -> None:
    made = decoder.decode(
        w, "strong technically, 'lacked stakeholder presence', someone with more automotive"
    )
    assert made.blanks["first"] == "lacked stakeholder presence"
    assert made.blanks["not_yours"] == '"someone with more automotive"'
    assert made.blanks["readings"].startswith("Answers may have gone into detail before the point. They")
    assert made.blanks["reading_1"] == "answers may have gone into detail before the point"
    assert made.blanks["goal"] and made.blanks["cannot"]
    assert drafts.edit(w, made.keep, "shorter").payload is not None


def test_a_word_that_is_asked_about_is_read_alone(w: Words) -> None:
    made = decoder.decode(w, "too long answers, no presence", "what does presence even mean")
    assert made.blanks["first"] == "no presence"
    assert "first" not in decoder.decode(w, "", "").blanks


def test_every_phrase_is_whole_and_keeps_to_the_voice(w: Words) -> None:
    phrases = w.feedback["phrases"]
    assert len({p["id"] for p in phrases}) == len(phrases)
    for phrase in [*phrases, w.feedback["other"]]:
        assert 2 <= len(phrase["can"]) <= 3 and phrase["cannot"], phrase["id"]
        assert (phrase["pile"] == T) == ("goal" in phrase) == ("topic" in phrase), phrase["id"]
        for sentence in (*phrase["can"], phrase["cannot"], phrase.get("goal", "")):
            assert "!" not in sentence and "should" not in sentence and len(sentence.split()) <= 30, sentence


def test_the_lexicon_knows_more_than_sixty_phrases() -> None:
    text = (Path(__file__).resolve().parents[2] / "data/lexicons/feedback.yml").read_text()
    patterns = re.findall(r"pattern: (.+)", text)
    assert sum(p.count("|") + 1 for p in patterns) > 60
