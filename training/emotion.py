"""Fit the feelings' head of training.adapter to the int8 encoder: it learns on, is calibrated, and gets its card.

    python -m training.emotion       (three minutes; needs torch)

Writes models/emotion.safetensors and models/emotion.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from safetensors.torch import load_file

from comeback.nlu import encoder_build
from comeback.nlu.attention import Attention
from comeback.nlu.encoder import Encoder, sha256
from training import emotion_card, emotion_data, emotion_score, heads
from training.emotion_data import Array, Lines
from training.emotion_score import Decision
from training.settings import Paths, paths

PART = 3
"""Every such line of GoEmotions is enough for a head that has learned before."""
OWN_REPEATED = 3


def main() -> None:
    given, _ = paths(argparse.ArgumentParser(description=__doc__))
    encoder = Encoder.load(encoder_build.build(given.cache, given.weights, given.adapter))
    names = emotion_data.labels(given.goemotions)
    own = emotion_data.own_split(given.data / "feelings", names)
    dev = emotion_data.published(given.goemotions / "dev.tsv", names)

    lines = learning(given, names, own.training)
    head = heads.feelings(
        load_file(given.work / "joint" / "emotion.safetensors"), lines, tokens(encoder, lines.texts)
    )
    raw, near, unseen = (logits(head, encoder, lines.texts) for lines in (dev, own.calibration, own.held_out))
    decision = Decision.learn(raw, dev, near, own.calibration)
    save_file(
        packed(head, decision),
        given.models / "emotion.safetensors",
        metadata={"labels": json.dumps(names), "adapter": sha256(given.adapter)},
    )
    card = emotion_card.write(
        names,
        dev,
        emotion_score.cross_fitted(raw, dev, near, own.calibration),
        own,
        decision,
        unseen,
        adapter_bytes=given.adapter.stat().st_size,
    )
    (given.models / "emotion.md").write_text(card, encoding="utf-8")
    print(card)


def learning(given: Paths, names: Sequence[str], own: Lines) -> Lines:
    """A part of GoEmotions' training lines, and our own several times."""
    comments = emotion_data.published(given.goemotions / "train.tsv", names)
    lines = comments.take(np.arange(0, len(comments), PART))
    for _ in range(OWN_REPEATED):
        lines += own
    return lines


def tokens(encoder: Encoder, texts: Sequence[str]) -> list[Array]:
    """[n, 384] for each text; equal texts are encoded once."""
    once = list(dict.fromkeys(texts))
    made = dict(zip(once, (e.tokens for e in encoder.encode_many(once)), strict=True))
    return [made[text] for text in texts]


def logits(head: Attention, encoder: Encoder, texts: Sequence[str]) -> Array:
    """float32 [texts, labels]."""
    return np.stack([head.logits(line) for line in tokens(encoder, texts)])


def packed(head: Attention, decision: Decision) -> dict[str, Any]:
    """What comeback.nlu.emotion loads."""
    arrays = {
        name: value if name == "bias" else value.astype(np.float16) for name, value in vars(head).items()
    }
    return {**arrays, "scale": decision.scale, "shift": decision.shift, "threshold": decision.threshold}


if __name__ == "__main__":
    main()
