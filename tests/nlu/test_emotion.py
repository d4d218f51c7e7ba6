"""Sentences as data: what they must be read as, and what they must never be read as."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from safetensors import safe_open

from comeback import settings
from comeback.nlu import emotion, encoder_build
from comeback.nlu.emotion import EmotionDamaged, EmotionReader
from comeback.nlu.encoder import ADAPTER, DIMENSIONS, Encoder, sha256

GLAD = "joy excitement pride relief optimism gratitude love amusement admiration approval"

# text; labels that must be decided present ("a|b": one of them); labels that must not be
READINGS = [
    ("Google rejected me", "disappointment", GLAD),
    ("THEY OFFERED ME THE JOB!!!", "joy", "disappointment sadness anger"),
    ("they said I was a great fit then rejected me", "disappointment", GLAD),
    ("I got the offer!!! im crying", "joy|excitement", "disappointment sadness"),
    ("not happy, not sad, just numb", "numbness", "joy sadness"),
    ("this job search is killing me lol", "exhaustion|annoyance|amusement", "joy fear grief"),
    ("not sad, just tired", "exhaustion", "sadness joy"),
    ("happy for her but gutted", "disappointment|sadness", ""),
    ("happy for her but gutted", "joy|envy", ""),
    ("i'm so ashamed, i can't tell my parents", "shame", GLAD),
    ("what's the point in applying any more", "hopelessness", GLAD),
    ("i have no one to talk to about it", "loneliness", GLAD),
    ("my friend got the job i wanted and i'm so jealous", "envy", "joy gratitude"),
    ("everything is too much right now, i can't cope", "overwhelm", GLAD),
    ("I'm scared I won't make rent next month", "fear", GLAD),
    ("so angry at that recruiter", "anger", GLAD),
    ("phew, so glad it's over", "relief|joy", "anger sadness"),
    ("thank you, that really helped", "gratitude", "anger sadness disappointment"),
    ("write me an email to the hiring manager", "neutral", "joy sadness anger shame overwhelm"),
    ("my interview was last tuesday at ten", "neutral", "joy sadness anger shame loneliness"),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(encoder_build.build(settings.load().cache))


@pytest.fixture(scope="module")
def reader() -> EmotionReader:
    return EmotionReader.load()


@pytest.mark.parametrize(("text", "wanted", "never"), READINGS)
def test_readings(encoder: Encoder, reader: EmotionReader, text: str, wanted: str, never: str) -> None:
    emotions, feelings = reader.read(encoder.encode(text), text)
    seen = {name: round(emotions[name], 2) for name in feelings}
    assert set(wanted.split("|")) & set(feelings), seen
    assert not set(never.split()) & set(feelings), seen


def test_labels_probabilities_and_order(encoder: Encoder, reader: EmotionReader) -> None:
    text = "i'm furious and ashamed and so tired"
    emotions, feelings = reader.read(encoder.encode(text), text)
    assert len(emotions) == 35
    assert all(0 <= p <= 1 for p in emotions.values())
    assert list(feelings) == sorted(feelings, key=emotions.__getitem__, reverse=True)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_no_text_has_no_feelings(encoder: Encoder, reader: EmotionReader, text: str) -> None:
    emotions, feelings = reader.read(encoder.encode(text), text)
    assert feelings == ()
    assert not any(emotions.values())


def test_the_head_belongs_to_the_adapter_and_both_are_small() -> None:
    with safe_open(emotion.HEAD, "np") as file:
        assert file.metadata()["adapter"] == sha256(ADAPTER)
        assert len(json.loads(file.metadata()["labels"])) == 35
    assert emotion.HEAD.stat().st_size + ADAPTER.stat().st_size <= 2_000_000


def test_a_message_takes_about_a_millisecond(reader: EmotionReader) -> None:
    tokens = np.random.default_rng(0).standard_normal((32, DIMENSIONS)).astype(np.float32)
    times = []
    for _ in range(50):
        began = perf_counter()
        reader.probabilities(tokens)
        times.append(perf_counter() - began)
    assert sorted(times)[len(times) // 2] < 0.004


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "emotion.safetensors").write_bytes(b"half a file")
    with pytest.raises(EmotionDamaged, match=r"emotion\.safetensors"):
        EmotionReader.load(tmp_path / "emotion.safetensors")
