import pytest

from comeback.nlu.judgement import Ranking
from comeback.nlu.weightiest import weightiest

READ = {
    "thank you.": ("thank", 0.9),
    "Do you save this?": ("ask_stored", 0.8),
    "Or do I?": ("ask_stored", 0.4),
    "It was the final round.": ("tell_rejection_final", 0.9),
}


def rank(part: str) -> Ranking:
    return [READ[part]]


@pytest.mark.parametrize(
    ("text", "whole", "answered"),
    [
        ("thank you. Do you save this?", "thank", "ask_stored"),
        ("thank you. Or do I?", "thank", "thank"),
        ("thank you. It was the final round.", "affirm", "affirm"),
        ("thank you. Do you save this?", "vent", "vent"),
        ("Do you save this?", "affirm", "affirm"),
        ("It was the final round. Do you save this?", "ask_help", "tell_rejection_final"),
        ("thank you. Do you save this?", "ask_help", "ask_help"),
    ],
)
def test_a_request_goes_before_a_courtesy_and_news_before_a_question_about_us(
    text: str, whole: str, answered: str
) -> None:
    assert weightiest(text, [(whole, 0.5)], rank)[0][0] == answered
