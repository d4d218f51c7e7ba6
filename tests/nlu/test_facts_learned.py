"""The learned fact reader beside the rules, on the fifth of data/facts that it never saw."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import pytest
import yaml
from safetensors import safe_open
from safetensors.numpy import save_file

from comeback import settings
from comeback.nlu.components import shared_encoder
from comeback.nlu.encoder import Encoding
from comeback.nlu.entities import FactReader
from comeback.nlu.fact_pieces import vectors
from comeback.nlu.fact_tagger import HEAD
from training.fact_lines import parse, read_lines

LEXICONS = settings.ROOT / "data" / "lexicons"
UNSEEN = read_lines(settings.ROOT / "data" / "facts")[1]
FLOORS = {"company": (0.93, 0.75), "role": (0.93, 0.78), "person": (0.8, 0.6)}
"""Least precision and recall on unseen messages, to the letter."""
SENTENCES = yaml.safe_load((settings.ROOT / "tests" / "readings" / "facts.yml").read_text(encoding="utf-8"))
SENTENCE_FLOORS = {"company": (0.95, 0.95), "role": (0.95, 0.95), "person": (0.9, 0.9)}
"""The same on the sentences that the rules were written with."""
LEARNED = "kessler & sons never replied"


@pytest.fixture(scope="module")
def reader() -> FactReader:
    return FactReader.load(LEXICONS)


def encoded(text: str) -> Encoding:
    return shared_encoder().encode(text)


def values(reader: FactReader, text: str, encoding: Encoding | None) -> list[str]:
    return [fact.value for fact in reader.read(text, encoding) if fact.entity == "company"]


def test_unseen_messages_are_read_precisely_and_mostly(reader: FactReader) -> None:
    right, read, wanted = Counter[str](), Counter[str](), Counter[str]()
    for line in UNSEEN:
        found = {(f.entity, f.start, f.end) for f in reader.read(line.text, encoded(line.text))}
        for count, spans in ((right, found & set(line.spans)), (read, found), (wanted, set(line.spans))):
            count.update(entity for entity, _, _ in spans)
    for entity, (precision, recall) in FLOORS.items():
        assert right[entity] >= precision * read[entity], entity
        assert right[entity] >= recall * wanted[entity], entity


def test_the_sentences_of_the_rules_are_still_read(reader: FactReader) -> None:
    right, read, wanted = Counter[str](), Counter[str](), Counter[str]()
    nothing = [{"text": text, "facts": {}} for text in SENTENCES["nothing"]]
    for sentence in SENTENCES["read"] + nothing:
        facts = Counter((entity, value) for entity, some in sentence["facts"].items() for value in some)
        found = Counter((f.entity, f.value) for f in reader.read(sentence["text"], encoded(sentence["text"])))
        for count, spans in ((right, found & facts), (read, found), (wanted, facts)):
            count.update(entity for entity, _ in spans.elements())
    for entity, (precision, recall) in SENTENCE_FLOORS.items():
        assert right[entity] >= precision * read[entity], entity
        assert right[entity] >= recall * wanted[entity], entity


@pytest.mark.parametrize("text", ["", " ", "\n\n", "😂😂", "at", "w/", "'", "a" * 20_000, "the " * 5_000])
def test_any_text_is_survived(reader: FactReader, text: str, caplog: pytest.LogCaptureFixture) -> None:
    assert reader.read(text, encoded(text)) == ()
    assert not caplog.records


def test_without_an_encoding_the_rules_read_alone(reader: FactReader) -> None:
    alone = FactReader.load(LEXICONS, head=None)
    assert [reader.read(line.text) for line in UNSEEN] == [alone.read(line.text) for line in UNSEEN]


def test_a_name_of_plain_words_is_read_in_title_case(reader: FactReader) -> None:
    assert values(reader, LEARNED, encoded(LEARNED)) == ["Kessler & Sons"]


def changed(path: Path, **about: str) -> Path:
    with safe_open(str(HEAD), framework="numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        save_file(arrays, path, file.metadata() | about)
    return path


@pytest.mark.parametrize("wrong", ["missing", "no file of that kind", "other encoder", "other marks"])
def test_a_head_that_does_not_fit_leaves_the_rules_alone(
    wrong: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "facts.safetensors"
    if wrong == "no file of that kind":
        path.write_bytes(b"nothing")
    elif wrong == "other encoder":
        changed(path, adapter="0" * 64)
    elif wrong == "other marks":
        changed(path, columns='["one"]')
    with caplog.at_level(logging.ERROR):
        reader = FactReader.load(LEXICONS, head=path)
    assert len(caplog.records) == 1
    alone = FactReader.load(LEXICONS, head=None)
    assert reader.read(LEARNED, encoded(LEARNED)) == alone.read(LEARNED)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("rejected by brightside", "brightside"),
        ("😭😭 i didn’t hear from sainsbury’s", "sainsbury’s"),
        ("no reply from café  nimbus", "nimbus"),
        ("北京 said no to kessler", "kessler"),
        ("NO from KESSLER", "KESSLER"),
    ],
)
def test_a_token_has_the_vectors_of_its_own_pieces(text: str, token: str) -> None:
    encoding = encoded(text)
    at = text.index(token)
    rows, counts = vectors(text, [0, at], encoding)
    pieces = encoding.pieces[-1 - int(counts[1]) : -1]
    assert "".join(piece.removeprefix("##") for piece in pieces) == token.lower()
    assert rows[1] == pytest.approx(encoding.tokens[-1 - int(counts[1]) : -1].mean(axis=0), abs=1e-5)


def test_marks_become_spans() -> None:
    line = parse("no from [kessler & sons](company)")
    assert (line.text, line.spans) == ("no from kessler & sons", (("company", 8, 22),))
