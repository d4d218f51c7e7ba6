"""Feedback that came back, in the person's words: what of it can be trained, what is not theirs to change."""

from __future__ import annotations

from comeback.workbench.words import Blocks, pattern, straight


def topic(lexicon: Blocks, text: str) -> dict[str, str]:
    """What a trainable point of the feedback is about, as a noun for a mail (`topic`, and `topic_es`)."""
    said = straight(text)
    for entry in lexicon.get("phrases", ()):
        if entry["pile"] == "trainable" and entry.get("topic") and pattern(entry["pattern"]).search(said):
            return {k: entry[k] for k in ("topic", "topic_es") if k in entry}
    return {}


def trainable(lexicon: Blocks, text: str) -> bool:
    """Whether nothing in it is known to be out of the person's hands."""
    said = straight(text)
    return not any(e["pile"] == "not_yours" and pattern(e["pattern"]).search(said) for e in lexicon.get("phrases", ()))
