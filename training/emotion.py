"""Fit the feelings' head of training.adapter to the int8 encoder: calibration, thresholds and the card.

    python -m training.emotion       (a minute; needs no torch)

Writes models/emotion.safetensors and models/emotion.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from comeback.nlu import encoder_build
from comeback.nlu.attention import Attention
from comeback.nlu.encoder import Encoder, sha256
from training import emotion_card, emotion_data, emotion_score
from training.emotion_data import Array
from training.emotion_score import Decision
from training.settings import paths


def main() -> None:
    given, _ = paths(argparse.ArgumentParser(description=__doc__))
    encoder = Encoder.load(encoder_build.build(given.cache, given.weights, given.adapter))
    arrays = load_file(given.work / "joint" / "emotion.safetensors")
    names = emotion_data.labels(given.goemotions)
    own = emotion_data.own_split(given.data / "feelings", names)
    dev = emotion_data.published(given.goemotions / "dev.tsv", names)

    head = Attention.of(arrays)
    raw, near, unseen = (logits(head, encoder, lines.texts) for lines in (dev, own.calibration, own.held_out))
    decision = Decision.learn(raw, dev, near, own.calibration)
    save_file(
        packed(arrays, decision),
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


def logits(head: Attention, encoder: Encoder, texts: Sequence[str]) -> Array:
    """float32 [texts, labels]."""
    return np.stack([head.logits(encoding.tokens) for encoding in encoder.encode_many(texts)])


def packed(head: Mapping[str, Any], decision: Decision) -> dict[str, Any]:
    """What comeback.nlu.emotion loads."""
    return {**head, "scale": decision.scale, "shift": decision.shift, "threshold": decision.threshold}


if __name__ == "__main__":
    main()
