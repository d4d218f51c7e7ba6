"""Fit the votes beside the risk head (two linear ones, and the lines near in meaning), and set its thresholds.

    python -m training.crisis_votes       (three minutes; after training.crisis)

Reads and rewrites models/crisis.safetensors. Lines of data/nlu count as talk without risk. The scales and thresholds come
from the held fifth of data/risk and data/nlu, which nothing here has learned from by then; the card's figures are of that
time. The votes that are kept learn from it afterwards, as the intents do.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression, SGDClassifier

from comeback.nlu import encoder_build
from comeback.nlu.attention import Attention
from comeback.nlu.crisis import MIN_PIECES, CrisisReader, Head, Votes, labelled, logit
from comeback.nlu.encoder import Encoder
from comeback.nlu.neighbours import Neighbours
from comeback.nlu.ngrams import Ngrams
from training import crisis_card
from training.lines import Line, intents, risks, split, together
from training.settings import paths

QUIET = {"crisis": (0.993, 0.965), "concern": (0.985, 0.94), "sure": (0.999, 0.985)}
"""Share that stays below: of held ordinary talk, and of held lines without risk that sound like it."""
RISKY = {"crisis": ("crisis",), "either": ("crisis", "concern")}


def main() -> None:
    given, _ = paths(argparse.ArgumentParser(description=__doc__))
    encoder = Encoder.load(encoder_build.build(given.cache, given.weights, given.adapter))
    file = given.models / "crisis.safetensors"
    with safe_open(str(file), framework="numpy") as opened:
        about = opened.metadata()
        arrays = {n: opened.get_tensor(n) for n in opened.keys() if not n.startswith("votes.")}  # noqa: SIM118
    labels = labelled(json.loads(about["labels"]))
    bare = Head(labels, Attention.of(arrays), None, 2, 2, 2)

    risky, risky_held = split(risks(given.data / "risk"))
    plain, plain_held = split(intents(given.data / "nlu"))
    learned = [*risky, *plain[::2], *together(plain[1::4], seed=2)]
    votes = fitted(learned, encoder)
    reader = CrisisReader.load(given.data / "lexicons", None)
    held = [*risky_held, *plain_held]
    raw = [scores(line, encoder, reader, bare, votes) for line in held]
    every = np.concatenate([logits for parts in raw for logits, _, _ in parts])
    centre, spread = every.mean(0), every.std(0)
    votes = replace(votes, centre=centre, spread=spread)
    cuts = thresholds(held, len(risky_held), raw, votes)
    about |= {n: repr(cut) for n, cut in cuts.items()}
    save_file({**arrays, **stored(votes)}, file, about)
    trial = CrisisReader.load(given.data / "lexicons", file)
    card = crisis_card.write(trial, encoder, risky, risky_held, given)
    (given.models / "crisis.md").write_text(card, encoding="utf-8")
    print(card)
    everything = [*risky, *risky_held, *plain[::2], *plain_held[::2], *together(plain[1::4], seed=2)]
    votes = replace(fitted(everything, encoder), centre=centre, spread=spread)
    save_file({**arrays, **stored(votes)}, file, about)


def stored(votes: Votes) -> dict[str, np.ndarray]:
    """The arrays as the product reads them."""
    kept = {f"votes.{n}": getattr(votes, n).astype(np.float16) for n in ("linear", "words")}
    kept |= {f"votes.{n}": getattr(votes, n).astype(np.float32) for n in ("bias", "centre", "spread")}
    kept |= {f"near.{n}": a for n, a in votes.near.arrays().items()}
    kept["votes.idf"] = votes.ngrams.idf.astype(np.float16)
    return kept


def fitted(lines: list[Line], encoder: Encoder) -> Votes:
    texts = [line.text for line in lines]
    ngrams = Ngrams.fit(texts)
    rows = ngrams.rows(texts)
    means = np.stack([encoding.mean for encoding in encoder.encode_many(texts)])
    parts: list[tuple[Any, ...]] = []
    for levels in RISKY.values():
        target = np.array([line.label.split(":")[0] in levels for line in lines])
        linear = LogisticRegression(C=10, max_iter=300, class_weight="balanced").fit(means, target)
        words = SGDClassifier(
            loss="log_loss",
            alpha=2e-6,
            max_iter=15,
            tol=None,
            average=True,
            random_state=0,
            class_weight="balanced",
        ).fit(rows, target)
        parts.append((linear.coef_[0], words.coef_[0], linear.intercept_[0], words.intercept_[0]))
    linear_w, words_w, linear_b, words_b = (
        np.stack(part).astype(np.float32) for part in zip(*parts, strict=True)
    )
    answers = np.stack([[line.label.split(":")[0] in levels for line in lines] for levels in RISKY.values()])
    none = np.zeros((4, 2), np.float32)
    near = Neighbours.fit(means, answers.T)
    return Votes(linear_w, words_w, np.stack([linear_b, words_b]), ngrams, near, none, none + 1)


def scores(
    line: Line, encoder: Encoder, reader: CrisisReader, head: Head, votes: Votes
) -> list[tuple[np.ndarray, bool, float]]:
    """For each part of a line that is read: the logits [1, 4, 2], whether context excuses it, and how much less it counts."""
    parts = [p for p in reader.parts(line.text, encoder.encode(line.text)) if len(p.tokens) >= MIN_PIECES]
    if not parts:
        return []
    alone = [head.chance(part.tokens) for part in parts]
    said = logit(np.array([[chance.crisis, chance.either] for chance in alone]))
    others = votes.logits(np.stack([part.mean for part in parts]), [part.text for part in parts])
    each = np.concatenate([said[:, None], others], axis=1)
    return [(one[None], part.excused, part.less) for one, part in zip(each, parts, strict=True)]


def thresholds(
    held: list[Line], risky: int, raw: list[list[tuple[np.ndarray, bool, float]]], votes: Votes
) -> dict[str, float]:
    cuts = {}
    for name, quiet in QUIET.items():
        column = 1 if name == "concern" else 0
        needed = []
        for start, stop, share in ((risky, len(held), quiet[0]), (0, risky, quiet[1])):
            worst = []
            for line, parts in zip(held[start:stop], raw[start:stop], strict=True):
                if start == 0 and not line.label.startswith("none"):
                    continue
                seen = [
                    ((each[0] - votes.centre) / votes.spread).mean(0)[column] - less
                    for each, _, less in parts
                ]
                worst.append(max(seen, default=-9.0))
            needed.append(float(np.quantile(worst, share)))
        cuts[name] = max(needed)
    return cuts


if __name__ == "__main__":
    main()
