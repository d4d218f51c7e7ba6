"""What the person names: company, role, person, relation, rounds, counts, durations, dates, money.

A blank spaCy pipeline with an entity ruler. Precision comes first: a wrong company in a comforting sentence hurts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language

from comeback.vocabulary import Fact

NUMBER = {"LOWER": {"REGEX": r"^(\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen)$"}}
POINTS = ["from", "at", "by", "with", "join", "joining"]
NAME = {"IS_TITLE": True, "IS_ALPHA": True, "LENGTH": {">=": 3}}
ACTS = ["rejected", "ghosted", "declined", "said", "passed", "turned"]
NO_COMPANY = set(
    "i the my me a an it they we he she this that these those monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december hr recruiter linkedin indeed workday zoom teams home work least first last all once night christmas".split()
)
LONG_TEXT = 6_000


class FactReader:
    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    @staticmethod
    def load(lexicons: Path) -> FactReader:
        """Read jobs.yml under `lexicons`."""
        known = yaml.safe_load((lexicons / "jobs.yml").read_text(encoding="utf-8"))
        nlp = spacy.blank("en")
        ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        patterns: list[dict[str, Any]] = []
        for label, words in (("company", "companies"), ("role", "roles"), ("relation", "relations")):
            patterns += [{"label": label, "pattern": word} for word in known[words]]
        patterns += [
            {"label": "rounds", "pattern": [NUMBER, {"LOWER": {"IN": ["rounds", "interviews", "round"]}}]},
            {
                "label": "count",
                "pattern": [NUMBER, {"LOWER": {"IN": ["rejections", "applications", "apps", "nos"]}}],
            },
            {
                "label": "duration",
                "pattern": [NUMBER, {"LOWER": {"IN": ["days", "weeks", "wks", "months", "years", "hours"]}}],
            },
            {"label": "money", "pattern": [{"TEXT": {"IN": ["$", "€", "£"]}}, {"LIKE_NUM": True}]},
            {"label": "pointed", "pattern": [{"LOWER": {"IN": POINTS}}, NAME, {**NAME, "OP": "?"}]},
            {"label": "acting", "pattern": [NAME, {"LOWER": {"IN": ACTS}}]},
        ]
        ruler.add_patterns(patterns)  # type: ignore[attr-defined]
        return FactReader(nlp)

    def read(self, text: str) -> tuple[Fact, ...]:
        """Facts in order of appearance; offsets are characters of `text`. Only the first LONG_TEXT are read."""
        facts = []
        for span in self._nlp(text[:LONG_TEXT]).ents:
            if span.label_ == "pointed":
                span = span[1:]
            elif span.label_ == "acting":
                span = span[:1]
            elif span.label_ != "company":
                facts.append(Fact(span.label_, span.text, span.start_char, span.end_char))
                continue
            if span[0].lower_ not in NO_COMPANY:
                value = span.text if not span.text.islower() else span.text.title()
                facts.append(Fact("company", value, span.start_char, span.end_char))
        return tuple(facts)
