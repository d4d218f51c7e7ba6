"""No expression that matches is left out, and few that do not are tried."""

from __future__ import annotations

import re

import pytest
import yaml

from comeback import settings
from comeback.nlu.context import Lexicon, sentences
from comeback.nlu.needed import Needed, needed


@pytest.mark.parametrize(
    ("expression", "strings"),
    [
        (r"my (?:mum|dad) is", {"my mum is", "my dad is"}),
        (r"(?<!\w)colou?rs?(?= of)", {"color", "colors", "colour", "colours"}),
        (r"(?:\w+ )?gone for(?: good)+", {"gone for"}),
        (r"[kc]an.t", {"kan", "can"}),
        (r"(?:not )*\d+", set()),
        (r"(?:sad|\w+)", set()),
        (r"(?i:sad) day", {" day"}),
        (r"ab{2}c|[^x]y", {"a", "y"}),
    ],
)
def test_every_match_holds_one_of_its_strings(expression: str, strings: set[str]) -> None:
    assert needed(re.compile(expression)) == strings


def test_only_what_can_match_is_tried() -> None:
    regexes = [re.compile(one) for one in (r"my (?:mum|dad) died", r"\d+", r"i gave (?:up|in)", "up")]
    assert Needed(regexes).places("so i gave in") == [1, 2, 3]
    assert Needed(regexes).places("") == [1, 3]
    assert Needed([re.compile("My Mum", re.IGNORECASE)]).places("and my mum") == [0]


def test_no_pattern_of_risk_is_passed_over() -> None:
    lexicon = Lexicon.load(settings.ROOT / "data" / "lexicons")
    files = sorted((settings.ROOT / "tests" / "safety").glob("*.yml"))
    texts = [entry["text"] for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]
    assert len(texts) > 600
    tried = 0
    for sentence in (lexicon.normalise(part) for text in texts[::3] for part in sentences(text)):
        for entries, filtered in (
            (lexicon.patterns, lexicon.patterns_needed),
            (lexicon.cues, lexicon.cues_needed),
        ):
            places = filtered.places(sentence)
            tried += len(places)
            matching = {i for i, entry in enumerate(entries) if entry.regex.search(sentence)}
            assert matching <= set(places), sentence
    assert tried < 20 * len(texts)
