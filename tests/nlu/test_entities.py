"""The rules of the fact reader, without its learned part, on sentences as data: tests/readings/facts.yml."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from comeback import settings
from comeback.nlu.entities import FactReader

SENTENCES = yaml.safe_load((Path(__file__).parents[1] / "readings" / "facts.yml").read_text(encoding="utf-8"))
WANTED = SENTENCES["read"] + [{"text": text, "facts": {}} for text in SENTENCES["nothing"]]
FLOORS = {
    "company": (0.97, 0.95),
    "role": (0.97, 0.95),
    "person": (0.95, 0.9),
    "relation": (0.95, 0.9),
    "rounds": (0.95, 0.9),
    "stage": (0.9, 0.9),
    "count": (0.95, 0.9),
    "duration": (0.95, 0.9),
    "date": (0.95, 0.9),
    "money": (0.95, 0.9),
    "place": (0.95, 0.9),
}
"""Least precision and recall of each entity on these sentences."""


@pytest.fixture(scope="module")
def reader() -> FactReader:
    return FactReader.load(settings.ROOT / "data" / "lexicons", head=None)


def named(reader: FactReader, text: str) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for fact in reader.read(text):
        facts.setdefault(fact.entity, []).append(fact.value)
    return facts


def test_each_entity_is_read_precisely_and_mostly(reader: FactReader) -> None:
    right, read, wanted = Counter[str](), Counter[str](), Counter[str]()
    for sentence in WANTED:
        found, facts = named(reader, sentence["text"]), sentence["facts"]
        for entity in FLOORS if facts else ("company", "role", "person"):
            both = Counter(found.get(entity, [])) & Counter(facts.get(entity, []))
            right[entity] += both.total()
            read[entity] += len(found.get(entity, []))
            wanted[entity] += len(facts.get(entity, []))
    for entity, (precision, recall) in FLOORS.items():
        assert right[entity] >= precision * read[entity], entity
        assert right[entity] >= recall * wanted[entity], entity


@pytest.mark.parametrize("sentence", SENTENCES["read"], ids=lambda s: s["text"])
def test_a_sentence_names_exactly_this(reader: FactReader, sentence: dict[str, Any]) -> None:
    assert named(reader, sentence["text"]) == sentence["facts"]


@pytest.mark.parametrize("text", SENTENCES["nothing"])
def test_what_looks_like_a_job_names_neither_company_role_nor_person(reader: FactReader, text: str) -> None:
    assert not {"company", "role", "person"} & named(reader, text).keys()


@pytest.mark.parametrize("sentence", SENTENCES["known_failures"], ids=lambda s: s["text"])
def test_a_known_failure_still_fails(reader: FactReader, sentence: dict[str, Any]) -> None:
    assert named(reader, sentence["text"]) != sentence["facts"]


@pytest.mark.parametrize("sentence", SENTENCES["read"], ids=lambda s: s["text"])
def test_offsets_are_characters_of_the_text(reader: FactReader, sentence: dict[str, Any]) -> None:
    for fact in reader.read(sentence["text"]):
        typed = sentence["text"][fact.start : fact.end]
        assert typed.lower() == fact.value.lower()


def test_curly_quotes_and_pictures_keep_the_offsets(reader: FactReader) -> None:
    text = "😭 i didn’t hear back from sainsbury’s"
    (fact,) = reader.read(text)
    assert (fact.value, text[fact.start : fact.end]) == ("Sainsbury's", "sainsbury’s")


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "😂😂", "at", "from", "w/", "'", "a" * 20_000, "the " * 5_000, "\ud800"]
)
def test_any_text_is_survived(reader: FactReader, text: str) -> None:
    assert reader.read(text) == ()
