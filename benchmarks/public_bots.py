"""A reader of the kind that public bots have: words looked for anywhere in the text, else VADER's sum of word scores.

Own code in their manner: lists of a dozen words an emotion, matched as substrings, the first list that fits wins.
"""

from __future__ import annotations

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

WORDS = {
    "joy": "happy joy great good excited amazing wonderful awesome love glad content fantastic".split(),
    "sadness": "sad cry depress unhappy hurt lonely upset down miserable lost hopeless empty".split(),
    "anger": "angry mad furious hate rage annoy irritat frustrat unfair fed up".split(),
    "fear": "afraid scared anxious worried nervous panic fear stress terrified".split(),
    "surprise": "surprise shock unexpected wow omg".split(),
    "disgust": "disgust gross sick of awful".split(),
}
GLAD, LOW = 0.05, -0.05
"""VADER's own limits of positive and negative."""

_vader = SentimentIntensityAnalyzer()


def emotion(text: str) -> str:
    """One of Ekman's six or `neutral`."""
    said = text.lower()
    for name, words in WORDS.items():
        if any(word in said for word in words):
            return name
    score = _vader.polarity_scores(text)["compound"]
    return "joy" if score >= GLAD else "sadness" if score <= LOW else "neutral"
