"""The moves of safety."""

from __future__ import annotations

from dataclasses import replace

from comeback.vocabulary import Move, RiskKind, Stage, Strategy

ASK = Move(Stage.SAFETY, "ask", Strategy.QUESTION, "E18", "a direct, kind question is the safe thing to do")
THIRD_PARTY = Move(Stage.SAFETY, "third_party", Strategy.INFORMATION, "E18", "you were worried about someone")
BY_KIND = {
    RiskKind.MEANS: Move(
        Stage.SAFETY, "means", Strategy.QUESTION, "E18", "a question that could hurt you is not answered"
    ),
    RiskKind.THIRD_PARTY: THIRD_PARTY,
    RiskKind.HARM_TO_OTHERS: Move(
        Stage.SAFETY, "harm_to_others", Strategy.QUESTION, None, "someone could get hurt"
    ),
    RiskKind.MEDICAL: Move(
        Stage.SAFETY, "medical", Strategy.INFORMATION, None, "it sounded like an emergency"
    ),
}
LINGERS = 3
"""Turns after a safety answer in which words for somebody are still words about the danger."""
ASKING = frozenset({"check", "recheck"})


def care(name: str, **traits: str) -> Move:
    strategy = Strategy.QUESTION if name in ASKING else Strategy.AFFIRMATION
    move = Move(Stage.SAFETY, name, strategy, "E18", "safety comes before everything else")
    return replace(move, traits=traits)


def about(move: Move, **blanks: str | None) -> Move:
    """The move with the blanks that are known."""
    return replace(move, blanks={name: value for name, value in blanks.items() if value})
