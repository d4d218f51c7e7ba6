"""The encoder against a plain numpy reading of the same weights, and its odd inputs."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from comeback import settings
from comeback.nlu import encoder_build
from comeback.nlu.encoder import (
    ADAPTER,
    MAX_TOKENS,
    Encoder,
    EncoderDamaged,
    EncoderMissing,
    EncoderUnwritable,
    spelled,
)
from comeback.nlu.encoder_graph import adapted

SENTENCES = [
    "Google rejected me",
    "they said i was a great fit, then 4 rounds later: nothing. not even an email",
    "THEY OFFERED ME THE JOB!!! 😭",
    "no estoy triste, solo cansada",
]


@pytest.fixture(scope="module")
def built() -> Path:
    return encoder_build.build(settings.load().cache)


@pytest.fixture(scope="module")
def encoder(built: Path) -> Encoder:
    return Encoder.load(built)


def reference(weights: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """BERT in plain numpy: token vectors [n, 384]."""

    def linear(x: np.ndarray, key: str) -> np.ndarray:
        return x @ weights[f"{key}.weight"].T + weights[f"{key}.bias"]

    def norm(x: np.ndarray, key: str) -> np.ndarray:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * weights[f"{key}.weight"] + weights[f"{key}.bias"]

    erf = np.vectorize(math.erf)
    table = "embeddings.{}_embeddings.weight".format
    n = len(ids)
    x = weights[table("word")][ids] + weights[table("position")][:n] + weights[table("token_type")][0]
    x = norm(x, "embeddings.LayerNorm")
    for i in range(6):
        at = f"encoder.layer.{i}"
        q, k, v = (
            linear(x, f"{at}.attention.self.{part}").reshape(n, 12, 32).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(32)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(n, 384)
        x = norm(linear(seen, f"{at}.attention.output.dense") + x, f"{at}.attention.output.LayerNorm")
        wide = linear(x, f"{at}.intermediate.dense")
        wide = wide * (1 + erf(wide / math.sqrt(2))) / 2
        x = norm(linear(wide, f"{at}.output.dense") + x, f"{at}.output.LayerNorm")
    return x


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_the_int8_graph_agrees_with_numpy(built: Path, encoder: Encoder) -> None:
    weights = adapted(load_file(encoder_build.installed() / "model.safetensors"), load_file(ADAPTER))
    tokenizer = Tokenizer.from_file(str(built / "tokenizer.json"))
    tokenizer.no_padding()
    for text in SENTENCES:
        expected = reference(weights, tokenizer.encode(spelled(text)).ids)
        found = encoder.encode(text)
        assert found.tokens.shape == expected.shape
        assert cosine(found.mean, expected.mean(0)) > 0.97
        assert np.mean([cosine(a, b) for a, b in zip(found.tokens, expected, strict=True)]) > 0.96


def test_many_equals_one(encoder: Encoder) -> None:
    for text, found in zip(SENTENCES, encoder.encode_many(SENTENCES), strict=True):
        np.testing.assert_array_equal(found.mean, encoder.encode(text).mean)
        np.testing.assert_array_equal(found.tokens, encoder.encode(text).tokens)


def test_meaning_is_near(encoder: Encoder) -> None:
    got, hired, cat = (e.mean for e in encoder.encode_many(["i got the job", "they hired me", "the cat sat"]))
    assert got @ hired > got @ cat + 0.2


@pytest.mark.parametrize(
    "text", ["", "   \n", "😭😭😭", "\ud83d broken", "\x00\x01", "我没有得到这份工作", "ok " * 350_000]
)
def test_any_text_has_a_finite_unit_vector(encoder: Encoder, text: str) -> None:
    found = encoder.encode(text)
    assert 2 <= len(found.tokens) == len(found.pieces) <= MAX_TOKENS
    assert np.isfinite(found.tokens).all()
    assert np.linalg.norm(found.mean) == pytest.approx(1, abs=1e-5)


def test_a_long_rant_is_read_to_its_end(encoder: Encoder) -> None:
    rant = "they kept me waiting for weeks and then sent two lines. " * 26 + "so i am done with nursing"
    assert encoder.encode(rant).pieces[-2] == "nursing"


def test_emoji_are_read_by_name() -> None:
    assert spelled("no 😭😭😭 👍🏽!").split() == [
        "no",
        "loudly",
        "crying",
        "face",
        "thumbs",
        "up",
        "sign",
        "!",
    ]
    assert spelled("naïve — 3°") == "naïve — 3°"


def test_readers_share_one_pass(built: Path) -> None:
    assert Encoder.load(built) is Encoder.load(built)
    assert Encoder.load(built).encode("same text") is Encoder.load(built).encode("same text")


def test_building_again_changes_nothing(built: Path) -> None:
    before = (built / "encoder.onnx").stat().st_mtime_ns
    assert encoder_build.build(built.parent) == built
    assert (built / "encoder.onnx").stat().st_mtime_ns == before


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=r"model\.safetensors"):
        encoder_build.build(tmp_path / "cache", weights=tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"half a download")
    with pytest.raises(EncoderDamaged, match=r"model\.safetensors"):
        encoder_build.build(tmp_path / "cache", weights=tmp_path)
    with pytest.raises(EncoderMissing):
        Encoder.load(tmp_path)
    (tmp_path / "encoder.onnx").write_bytes(b"not a graph")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderDamaged):
        Encoder.load(tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(EncoderUnwritable, match="cache"):
        encoder_build.build(tmp_path / "cache")
    assert os.listdir(tmp_path) == ["cache"]
