"""Fit the risk head of training.adapter to the int8 encoder: it learns on, gets its thresholds and the card.

    python -m training.crisis       (two minutes; needs torch)

Writes models/crisis.safetensors; training.crisis_votes goes on from it. The thresholds come from the held fifth of data/risk, which
neither the encoder nor the head has learned from: so many of its lines without risk stay below each.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file
from safetensors.torch import load_file

from comeback.nlu import encoder_build
from comeback.nlu.crisis import MIN_PIECES, CrisisReader, Head, Part, labelled
from comeback.nlu.encoder import Encoder, sha256
from training import emotion_data, heads
from training.lines import LOADED, Line, intents, risks, split, together
from training.settings import Paths, paths

QUIET = {"crisis": 0.97, "concern": 0.94, "sure": 0.97}
"""Share of the held lines without risk that stays below: of those that no context excuses, and (sure) of those
that it excuses."""
LEAST = {"crisis": 0.3, "concern": 0.3, "sure": 0.6}
"""A threshold is never lower, however quiet the held lines are."""


@dataclass(frozen=True)
class Read:
    """A line and what both readers see in it."""

    line: Line
    parts: list[Part]


def main() -> None:
    given, _ = paths(argparse.ArgumentParser(description=__doc__))
    encoder = Encoder.load(encoder_build.build(given.cache, given.weights, given.adapter))
    learned, held = split(risks(given.data / "risk"))
    head = with_thresholds(trained(given, encoder, learned), [read(line, encoder, given) for line in held])
    save(head, given)


def trained(given: Paths, encoder: Encoder, lines: Sequence[Line]) -> Head:
    """The head, with thresholds that nothing passes."""
    file = given.work / "joint" / "crisis.safetensors"
    with safe_open(str(file), framework="pt") as opened:
        names = json.loads(opened.metadata()["labels"])
    tokens, quiet = (
        [encoding.tokens for encoding in encoder.encode_many(texts)]
        for texts in ([line.text for line in lines], others(given))
    )
    attention = heads.risk(load_file(file), names, tokens, [line.label for line in lines], quiet)
    return Head(labelled(names), attention, None, 2, 2, 2)


def others(given: Paths) -> list[str]:
    """Lines of other kinds of talk, taken to hold no risk."""
    asked = [line.text for line in split(intents(given.data / "nlu"))[0]]
    comments = emotion_data.published(
        given.goemotions / "train.tsv", emotion_data.labels(given.goemotions)
    ).texts
    harmless = [text for text in [*asked[::4], *comments[::16]] if not LOADED.search(text)]
    messages = together([Line(text, "none") for text in harmless], seed=0)
    return [*harmless, *(line.text for line in messages)]


def read(line: Line, encoder: Encoder, given: Paths) -> Read:
    reader = CrisisReader.load(given.data / "lexicons", None)
    return Read(line, reader.parts(line.text, encoder.encode(line.text)))


def with_thresholds(head: Head, held: Sequence[Read]) -> Head:
    seen: dict[str, list[float]] = {name: [] for name in QUIET}
    for one in held:
        if not one.line.label.startswith("none"):
            continue
        parts = [part for part in one.parts if len(part.tokens) >= MIN_PIECES]
        free = [head.chance(part.tokens) for part in parts if not part.excused]
        if free:
            seen["crisis"].append(max(chance.crisis for chance in free))
            seen["concern"].append(max(chance.either for chance in free))
        if excused := [head.chance(part.tokens).crisis for part in parts if part.excused]:
            seen["sure"].append(max(excused))
    cuts = {name: max(LEAST[name], float(np.quantile(seen[name], QUIET[name]))) for name in QUIET}
    return Head(head.labels, head.attention, None, **cuts)


def save(head: Head, given: Paths) -> None:
    names = [f"{risk.level.value}:{risk.kind.value}" for risk in head.labels]
    about = {"labels": json.dumps(names), "adapter": sha256(given.adapter)}
    about |= {name: repr(getattr(head, name)) for name in QUIET}
    arrays = {
        name: value if name == "bias" else value.astype(np.float16)
        for name, value in vars(head.attention).items()
    }
    save_file(arrays, given.models / "crisis.safetensors", about)


if __name__ == "__main__":
    main()
