"""Train the emotion reader, in three steps:

    python -m training.emotion adapt   the encoder's adapter and a head on GoEmotions   (25 minutes on two cores)
    python -m training.emotion tune    one more epoch, with our own lines; writes models/emotion_adapter.safetensors
    python -m training.emotion fit     calibration and thresholds on the int8 encoder; writes the head and its card

Needs torch beside the product's own packages; the product itself needs neither torch nor this data.
GoEmotions (Demszky et al. 2020, CC BY 4.0) is published at
https://github.com/google-research/google-research/tree/master/goemotions/data : take train.tsv, dev.tsv and emotions.txt.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from comeback.nlu import encoder_build
from comeback.nlu.encoder import Encoder, sha256
from training import emotion_card, emotion_data, emotion_fit, emotion_score
from training.emotion_adapter import State, train

ROOT = Path(__file__).resolve().parent.parent
KEEP = 10.0
OWN_REPEATED = 3
"""Own lines are seen so often in the last epoch: they are few, and they are what the product reads."""


def adapt(given: argparse.Namespace) -> None:
    names = emotion_data.labels(given.goemotions)
    lines = emotion_data.published(given.goemotions / "train.tsv", names)
    start = State.fresh(given.weights, len(names), seed=0)
    train(lines, given.weights, start, epochs=4, rate=1e-3, keep=KEEP, seed=0).save(given.work / "adapted.pt")


def tune(given: argparse.Namespace) -> None:
    names = emotion_data.labels(given.goemotions)
    lines = emotion_data.published(given.goemotions / "train.tsv", names)
    own = emotion_data.own_split(given.own, names)
    for _ in range(OWN_REPEATED):
        lines += own.training
    start = State.load(given.work / "adapted.pt")
    state = train(lines, given.weights, start, epochs=1, rate=4e-4, keep=KEEP, seed=1)
    state.save(given.work / "tuned.pt")
    adapter = {name: value.detach().half().contiguous() for name, value in state.adapter.items()}
    save_file(adapter, given.models / "emotion_adapter.safetensors")


def fit(given: argparse.Namespace) -> None:
    adapter = given.models / "emotion_adapter.safetensors"
    encoder = Encoder.load(encoder_build.build(given.cache, given.weights, adapter))
    head = State.load(given.work / "tuned.pt").head
    names = emotion_data.labels(given.goemotions)
    own = emotion_data.own_split(given.own, names)
    dev = emotion_data.published(given.goemotions / "dev.tsv", names)

    raw, near, unseen = (
        emotion_fit.logits(head, encoder, lines.texts) for lines in (dev, own.calibration, own.held_out)
    )
    decision = emotion_score.Decision.learn(raw, dev, near, own.calibration)
    save_file(
        emotion_fit.packed(head, decision),
        given.models / "emotion.safetensors",
        metadata={"labels": json.dumps(names), "adapter": sha256(adapter)},
    )
    card = emotion_card.write(
        names,
        dev,
        emotion_score.cross_fitted(raw, dev, near, own.calibration),
        own,
        decision,
        unseen,
        adapter_bytes=adapter.stat().st_size,
        moved=emotion_fit.moved(
            encoder, Encoder.load(encoder_build.build(given.cache, given.weights, None)), own
        ),
    )
    (given.models / "emotion.md").write_text(card, encoding="utf-8")
    print(card)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the emotion reader.")
    parser.add_argument("step", choices=["adapt", "tune", "fit"])
    parser.add_argument("--goemotions", type=Path, default=Path("../shared/data/goemotions"))
    parser.add_argument("--own", type=Path, default=ROOT / "data" / "feelings")
    parser.add_argument(
        "--weights", type=Path, help="folder of the encoder's weights; default: the installed package"
    )
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "emotion")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    given.weights = given.weights or encoder_build.installed()
    torch.set_num_threads(given.threads)
    np.seterr(over="ignore")
    {"adapt": adapt, "tune": tune, "fit": fit}[given.step](given)


if __name__ == "__main__":
    main()
