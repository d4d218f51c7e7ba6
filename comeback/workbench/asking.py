"""Whether to ask for feedback at all. Practice of career advice, not an experiment; nobody has published how often
such requests are answered by stage (see the limits in docs/evidence.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    answer: str
    """yes, no or maybe."""
    reason: str
    """A key: form_letter, no_answer_yet, finalist, offer_withdrawn, internal, spoke, early, unknown."""


LATE = ("final", "offer", "onsite", "on-site", "panel", "last")
MET = ("interview", "second", "third", "assessment", "trial", "round", *LATE)
EARLY = ("screen", "phone", "recruiter", "first", "test", "application", "cv", "resume")


def should_ask(news: str | None, stage: str | None = None, human: bool | None = None) -> Advice:
    """Advice by the type of the rejection, the stage reached and whether a person was met; None is unknown.

    A form rejection without a person behind it is not worth a question; people who got far are told most.

    >>> should_ask("automatic", None, False)
    Advice(answer='no', reason='form_letter')
    """
    where = (stage or "").lower()
    if news == "ghosted":
        return Advice("no", "no_answer_yet")
    if news == "automatic" and not human:
        return Advice("no", "form_letter")
    if news in ("withdrawn", "offer_withdrawn"):
        return Advice("yes", "offer_withdrawn")
    if news == "final" or any(word in where for word in LATE):
        return Advice("yes", "finalist")
    if news == "internal":
        return Advice("maybe", "internal")
    if human or any(word in where for word in MET):
        return Advice("yes", "spoke")
    if news == "screen" or any(word in where for word in EARLY):
        return Advice("maybe", "early")
    return Advice("no", "form_letter") if human is False else Advice("maybe", "unknown")
