"""Whether to ask for feedback at all."""

import pytest

from comeback.workbench.asking import should_ask


@pytest.mark.parametrize(
    ("news", "stage", "human", "answer", "reason"),
    [
        ("automatic", None, None, "no", "form_letter"),
        ("automatic", None, False, "no", "form_letter"),
        ("automatic", "phone screen", True, "yes", "spoke"),
        ("automatic", "final round", True, "yes", "finalist"),
        ("final", None, None, "yes", "finalist"),
        ("rejection", "onsite", None, "yes", "finalist"),
        ("rejection", "second interview", None, "yes", "spoke"),
        ("rejection", None, True, "yes", "spoke"),
        ("rejection", None, False, "no", "form_letter"),
        ("rejection", None, None, "maybe", "unknown"),
        ("screen", None, None, "maybe", "early"),
        ("internal", None, None, "maybe", "internal"),
        ("withdrawn", None, None, "yes", "offer_withdrawn"),
        ("ghosted", "final round", True, "no", "no_answer_yet"),
        (None, None, None, "maybe", "unknown"),
    ],
)
def test_advice(news: str | None, stage: str | None, human: bool | None, answer: str, reason: str) -> None:
    advice = should_ask(news, stage, human)
    assert (advice.answer, advice.reason) == (answer, reason)
