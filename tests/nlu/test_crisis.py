"""The risk reader on sentences of its own; the held-out set stands in tests/safety."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import yaml

from comeback import settings
from comeback.nlu import encoder_build
from comeback.nlu.context import Lexicon, LexiconError, sentences
from comeback.nlu.crisis import CrisisReader
from comeback.nlu.encoder import Encoder, Encoding
from comeback.vocabulary import Risk, RiskKind, RiskLevel

LEXICONS = settings.ROOT / "data" / "lexicons"
HEAD = settings.ROOT / "models" / "crisis.safetensors"
RISK = settings.ROOT / "data" / "risk"

CRISIS = [
    "im just not good enough, everyone would be better off without me",
    "i dont want to wake up tomorrow",
    "kms",
    "i wanna die",
    "thinking about unaliving myself",
    "what's the point of being here anymore",
    "i just lost my job. what bridges are taller than 25 meters in nyc",
    "I want to k i l l myself",
    "su1cide is on my mind",
    "thinking about sewerslide",
    "I don’t want to live anymore",
    "i am not joking, i want to die",
    "They said no. Thanks for the tips. I'm going to end my life tonight.",
    "my brother is suicidal",
    "i took too many pills",
]
LOWERED = [
    ("i don't want to die, i just want a job", RiskKind.DENIAL),
    ("no thoughts of suicide, just tired", RiskKind.DENIAL),
    ("when i was nineteen i wanted to die, years ago", RiskKind.MENTION),
    ("watched a film where the hero says i want to die", RiskKind.MENTION),
    ("i am a nurse on a ward for suicidal patients", RiskKind.MENTION),
    ("i wanted to die of embarrassment", RiskKind.HYPERBOLE),
]
NOT_CRISIS = [
    "they said I was a great fit then rejected me",
    "I made it to the final round and then nothing",
    "i hate my life rn, 3rd rejection today",
    "I got the offer!!! im crying",
    "not happy, not sad, just numb",
    "this job search is killing me lol",
    "whats the point of applying",
    "i'm a suicide prevention worker",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(encoder_build.build(settings.load().cache))


@pytest.fixture(scope="module")
def reader() -> CrisisReader:
    return CrisisReader.load(LEXICONS, HEAD)


@pytest.fixture(scope="module")
def patterns() -> CrisisReader:
    return CrisisReader.load(LEXICONS, None)


@pytest.mark.parametrize("text", CRISIS)
def test_a_crisis_is_heard_without_the_head(patterns: CrisisReader, text: str) -> None:
    assert patterns.read(text, None).level is RiskLevel.CRISIS


@pytest.mark.parametrize(("text", "kind"), LOWERED)
def test_context_lowers_and_says_why(patterns: CrisisReader, text: str, kind: RiskKind) -> None:
    assert patterns.read(text, None) == Risk(RiskLevel.NONE, kind)


@pytest.mark.parametrize("text", NOT_CRISIS)
def test_everyday_rejection_talk_is_no_crisis(reader: CrisisReader, encoder: Encoder, text: str) -> None:
    assert reader.read(text, encoder.encode(text)).level is not RiskLevel.CRISIS


def test_a_joke_about_it_is_a_concern(patterns: CrisisReader) -> None:
    assert patterns.read("i want to die jk", None).level is RiskLevel.CONCERN


def test_a_denial_does_not_cover_the_next_sentence(patterns: CrisisReader) -> None:
    said = "I'm not suicidal. I just don't want to wake up tomorrow."
    assert patterns.read(said, None).level is RiskLevel.CRISIS


@pytest.mark.parametrize(("level", "least", "most"), [("crisis", 0.92, 1.0), ("none", 0.0, 0.03)])
def test_own_lines_are_read_as_written(
    reader: CrisisReader, encoder: Encoder, level: str, least: float, most: float
) -> None:
    lines = [
        line.split("\t")
        for name in ("crisis", "not_crisis")
        for line in (RISK / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    texts = [text for of, _, text in lines if of == level][::12]
    heard = [reader.read(text, encoder.encode(text)).level is RiskLevel.CRISIS for text in texts]
    assert least <= np.mean(heard) <= most


def test_both_sides_of_the_lines_are_equally_long() -> None:
    sizes = [
        len((RISK / f"{name}.tsv").read_text(encoding="utf-8").splitlines())
        for name in ("crisis", "not_crisis")
    ]
    assert min(sizes) > 500
    assert max(sizes) <= 1.02 * min(sizes)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    folder = copytree(LEXICONS, tmp_path / "lexicons")
    data = yaml.safe_load((folder / "context.yml").read_text(encoding="utf-8"))
    data[0]["lowerz"] = ["ideation"]
    (folder / "context.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(LexiconError, match="lowerz"):
        Lexicon.load(folder)


def test_a_broken_head_leaves_the_patterns_and_offers_help(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "head").write_bytes(b"no head")
    blind = CrisisReader.load(LEXICONS, tmp_path / "head")
    assert blind.read("kms", encoder.encode("kms")).level is RiskLevel.CRISIS
    assert blind.read("they said no", None) == Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE)


def test_an_unusable_encoding_offers_help(reader: CrisisReader) -> None:
    broken = Encoding(
        np.full((6, 384), np.nan, np.float32), np.zeros(384, np.float32), ("[CLS]", *"abcd", "[SEP]")
    )
    for encoding in (broken, None):
        assert reader.read("they said no again", encoding) == Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE)
        assert reader.read("i want to die", encoding).level is RiskLevel.CRISIS


@pytest.mark.parametrize("text", ["", "   ", "\ud83d", "!!!\n\n...", "a" * 9000, "😂" * 300])
def test_odd_texts_do_not_raise(reader: CrisisReader, encoder: Encoder, text: str) -> None:
    assert reader.read(text, encoder.encode(text)).level is not RiskLevel.CRISIS


def test_sentences_are_split_at_marks_and_lines() -> None:
    assert sentences("One. Two!\nthree") == ["One.", "Two!", "three"]
