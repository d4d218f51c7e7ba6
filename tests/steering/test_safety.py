"""What follows an alarm depends on how it was raised."""

from dataclasses import replace

import pytest
from test_decide import say

from comeback.steering.memory import Memory
from comeback.vocabulary import Risk, RiskKind, RiskLevel

TOLD = Risk(RiskLevel.CRISIS, RiskKind.PASSIVE)
GUESSED = replace(TOLD, unsure=True)
HINT = Risk(RiskLevel.CONCERN, RiskKind.IDEATION, unsure=True)


def cleared_after(risk: Risk) -> Memory:
    return say("deny", say("crisis", risk=risk)[1], text="no, i am safe")[1]


def test_after_a_disclosure_a_hint_is_danger_and_after_a_misreading_a_guess_is_none() -> None:
    assert say("vent", cleared_after(TOLD), risk=HINT)[0][0].name == "again"
    assert say("vent", cleared_after(GUESSED), risk=HINT)[0][-1].name != "check"
    assert say("crisis", cleared_after(GUESSED), risk=GUESSED)[1].safety == "cleared"
    assert say("crisis", cleared_after(GUESSED), risk=TOLD)[0][0].name == "ask"


@pytest.mark.parametrize("kind", [RiskKind.MEANS, RiskKind.PLAN, RiskKind.SELF_HARM])
def test_a_grave_guess_is_raised_again_after_a_correction(kind: RiskKind) -> None:
    grave = Risk(RiskLevel.CRISIS, kind, unsure=True)
    assert say("crisis", cleared_after(grave), risk=grave)[1].safety == "open"


@pytest.mark.parametrize(("risk", "looks"), [(TOLD, 1), (GUESSED, 0)])
def test_the_later_look_comes_only_after_a_disclosure_and_beside_one_message(risk: Risk, looks: int) -> None:
    memory, found = cleared_after(risk), 0
    for _ in range(15):
        moves, memory = say("share_feeling", memory)
        found += sum(m.name == "recheck" for m in moves)
        assert len(moves) <= 2
    assert found == looks
