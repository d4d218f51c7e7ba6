"""The intent classifier on vectors whose right answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from comeback.nlu.intents import IntentClassifier, held_out

NAMES = ["affirm", "deny", "greet"]


WORDS = {"affirm": "yes please", "deny": "no thanks", "greet": "hello there"}


def lines(count: int, noise: float) -> tuple[np.ndarray, list[str], list[str]]:
    """Vectors, texts and labels; the noise is in both."""
    random = np.random.default_rng(0)
    labels = [NAMES[i % 3] for i in range(count)]
    vectors = np.stack([np.eye(3, 16)[NAMES.index(label)] for label in labels])
    vectors = vectors + noise * random.standard_normal(vectors.shape)
    wrong = random.random(count) < noise / 2
    said = [WORDS[NAMES[(i + w) % 3]] for i, w in enumerate(wrong)]
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), said, labels


def test_the_likeliest_intent_comes_first_and_all_add_up_to_one() -> None:
    vectors, texts, labels = lines(90, noise=0.0)
    classifier = IntentClassifier.fit(vectors, texts, labels, np.arange(90) % 5 == 0)
    for vector, text, label in zip(vectors, texts, labels, strict=True):
        ranking = classifier.rank(vector, text)
        assert ranking[0][0] == label
        assert sum(p for _, p in ranking) == pytest.approx(1)


def test_lines_that_are_hard_to_tell_make_it_less_sure() -> None:
    held = np.arange(300) % 5 == 0
    sure, unsure = (
        np.mean([fitted.rank(vectors[i], texts[i])[0][1] for i in np.flatnonzero(held)])
        for vectors, texts, labels in (lines(300, 0.05), lines(300, 0.9))
        for fitted in (IntentClassifier.fit(vectors, texts, labels, held),)
    )
    assert sure > unsure + 0.1


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    vectors, texts, labels = lines(60, noise=0.3)
    fitted = IntentClassifier.fit(vectors, texts, labels, np.zeros(60, bool))
    fitted.save(tmp_path / "intents.safetensors")
    loaded = IntentClassifier.load(tmp_path / "intents.safetensors")
    names = [name for name, _ in fitted.rank(vectors[0], texts[0])]
    assert [name for name, _ in loaded.rank(vectors[0], texts[0])] == names


def test_a_fifth_is_held_out_whatever_its_case() -> None:
    texts = [f"line {i}" for i in range(2000)]
    assert 0.17 < np.mean([held_out(text) for text in texts]) < 0.23
    assert [held_out(text.upper() + " ") for text in texts] == [held_out(text) for text in texts]
