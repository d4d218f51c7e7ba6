"""Train the risk head on data/risk with the current encoder; print what it hears in cross-validation.

    OMP_NUM_THREADS=1 .venv/bin/python -m training.crisis

Writes models/crisis.safetensors. The thresholds are chosen on lines that the head of that fold has not seen:
`QUIET` of the lines of level none that no context excuses stay below each.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from comeback import settings
from comeback.nlu.context import Lexicon
from comeback.nlu.crisis import SPOKEN, CrisisReader, Head
from comeback.nlu.encoder import Encoder, Encoding, folder_in
from comeback.vocabulary import Risk, RiskKind, RiskLevel

Array = npt.NDArray[Any]

QUIET = {RiskLevel.CRISIS: 0.998, RiskLevel.CONCERN: 0.97}
FOLDS, EPOCHS, BATCH, RATE, DECAY, SMOOTHING = 5, 50, 32, 2e-3, 1e-2, 0.05
DEVIATION = 0.05
"""Of a dimension, at least: one of the encoder's is all but constant."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=Path, default=settings.ROOT / "data" / "risk")
    parser.add_argument("--out", type=Path, default=settings.ROOT / "models" / "crisis.safetensors")
    arguments = parser.parse_args()
    rows = [row for name in ("crisis", "not_crisis") for row in read_lines(arguments.lines / f"{name}.tsv")]
    encoder = Encoder.load(folder_in(settings.load().cache))
    lexicon = Lexicon.load(settings.ROOT / "data" / "lexicons")
    texts = [text for _, _, text in rows]
    names = np.array([f"{level}:{kind}" for level, kind, _ in rows])
    labels, wanted = np.unique(names, return_inverse=True)
    encodings = encoder.encode_many(texts)
    tokens = [encoding.tokens for encoding in encodings]

    chances = np.zeros((len(rows), len(labels)))
    heads = []
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, wanted))
    for seen, unseen in folds:
        head = fit([tokens[i] for i in seen], wanted[seen], labels)
        chances[unseen] = [head.probabilities(tokens[i]) for i in unseen]
        heads.append(head)
    levels = np.array([level for level, _, _ in rows])
    free = np.array([lexicon.excuse(lexicon.normalise(text)) is None for text in texts]) & (levels == "none")
    spoken = {f"crisis:{kind.value}" for kind in SPOKEN}
    crisis = chances[:, [name.startswith("crisis") and name not in spoken for name in labels]].sum(1)
    either = chances[:, [not name.startswith("none") for name in labels]].sum(1)
    cuts = {
        "crisis": float(np.quantile(crisis[free], QUIET[RiskLevel.CRISIS])),
        "concern": float(np.quantile(either[free], QUIET[RiskLevel.CONCERN])),
    }
    print("thresholds", cuts)
    report(rows, encodings, folds, [with_cuts(head, cuts) for head in heads], lexicon)
    save(fit(tokens, wanted, labels), cuts, labels, arguments.out)


def read_lines(path: Path) -> list[tuple[str, str, str]]:
    """Rows of level, kind, text. Raises ValueError for an unknown level or kind."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (r["level"], r["kind"], r["text"])
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    return [(RiskLevel(level).value, RiskKind(kind).value, text) for level, kind, text in rows]


def fit(tokens: list[Array], wanted: Array, labels: Array) -> Head:
    every = np.concatenate(tokens)
    centre, scale = every.mean(0), np.maximum(every.std(0), DEVIATION)
    where, what, bias = attention([(t - centre) / scale for t in tokens], wanted, len(labels))
    means = np.stack([t.mean(0) / np.linalg.norm(t.mean(0)) for t in tokens])
    linear = LogisticRegression(C=10, max_iter=500).fit(means, wanted)
    named = {
        "centre": centre,
        "scale": scale,
        "where": where,
        "what": what,
        "bias": bias,
        "linear": linear.coef_,
        "offset": linear.intercept_,
    }
    risks = tuple(
        Risk(RiskLevel(level), RiskKind(kind)) for level, kind in (name.split(":") for name in labels)
    )
    arrays: dict[str, Any] = {name: np.asarray(array, np.float32) for name, array in named.items()}
    return Head(risks, **arrays, crisis=1.0, concern=1.0)


def attention(tokens: list[Array], wanted: Array, k: int) -> tuple[Array, Array, Array]:
    """Adam on the cross-entropy of softmax over labels; whole dimensions and single tokens drop out."""
    random = np.random.default_rng(0)
    weights = [np.zeros((k, tokens[0].shape[1])), np.zeros((k, tokens[0].shape[1])), np.zeros(k)]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    step = 0
    for epoch in range(EPOCHS):
        rate = RATE * (1 - epoch / EPOCHS)
        order = random.permutation(len(tokens))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            hidden, there = padded([tokens[i] for i in batch])
            hidden = hidden * (random.random((len(batch), 1, hidden.shape[2])) > 0.2) / 0.8
            there &= random.random(there.shape) > 0.1
            there[:, 0] = True
            step += 1
            for i, slope in enumerate(slopes(weights, hidden, there, wanted[batch], k)):
                first[i] += 0.1 * (slope - first[i])
                second[i] += 0.01 * (slope**2 - second[i])
                move = first[i] / (1 - 0.9**step) / (np.sqrt(second[i] / (1 - 0.99**step)) + 1e-8)
                weights[i] -= rate * (move + (DECAY * weights[i] if i < 2 else 0))
    return weights[0], weights[1], weights[2]


def slopes(weights: list[Array], hidden: Array, there: Array, wanted: Array, k: int) -> list[Array]:
    where, what, bias = weights
    scores = np.where(there[..., None], hidden @ where.T, -1e9)
    focus = np.exp(scores - scores.max(1, keepdims=True))
    focus /= focus.sum(1, keepdims=True)
    values = hidden @ what.T
    pooled = (focus * values).sum(1)
    chance = np.exp(pooled + bias - (pooled + bias).max(1, keepdims=True))
    chance /= chance.sum(1, keepdims=True)
    goal = np.full_like(chance, SMOOTHING / k)
    goal[np.arange(len(wanted)), wanted] += 1 - SMOOTHING
    error = ((chance - goal) / len(wanted))[:, None]
    flat = hidden.reshape(-1, hidden.shape[2])
    to_scores = (focus * (values - pooled[:, None]) * error).reshape(-1, k)
    to_values = (focus * error).reshape(-1, k)
    return [to_scores.T @ flat, to_values.T @ flat, error.sum((0, 1))]


def padded(texts: list[Array]) -> tuple[Array, Array]:
    longest = max(map(len, texts))
    hidden = np.zeros((len(texts), longest, texts[0].shape[1]), np.float32)
    there = np.zeros((len(texts), longest), bool)
    for i, text in enumerate(texts):
        hidden[i, : len(text)], there[i, : len(text)] = text, True
    return hidden, there


def with_cuts(head: Head, cuts: dict[str, float]) -> Head:
    return Head(**{**vars(head), **cuts})


def report(
    rows: list[tuple[str, str, str]],
    encodings: list[Encoding],
    folds: list[Any],
    heads: list[Head],
    lexicon: Lexicon,
) -> None:
    """Counts of level read, by the line's level and kind: the head alone, and with the patterns."""
    alone: Counter[tuple[str, str, str]] = Counter()
    together: Counter[tuple[str, str, str]] = Counter()
    for head, (_, unseen) in zip(heads, folds, strict=True):
        reader = CrisisReader(lexicon, head)
        for i in unseen:
            level, kind, text = rows[i]
            alone[level, kind, head.read(encodings[i].tokens).level.value] += 1
            together[level, kind, reader.read(text, encodings[i]).level.value] += 1
    print(f"{'line':24}{'head alone: none concern crisis':>36}{'with patterns':>28}")
    for level, kind in dict.fromkeys((level, kind) for level, kind, _ in rows):
        counts = [[count[level, kind, read.value] for read in RiskLevel] for count in (alone, together)]
        print(f"{level + ' ' + kind:24}{counts[0]!s:>36}{counts[1]!s:>28}")


def save(head: Head, cuts: dict[str, float], labels: Array, path: Path) -> None:
    arrays = {n: v for n, v in vars(head).items() if isinstance(v, np.ndarray)}
    about = {"labels": json.dumps(list(map(str, labels))), **{name: repr(cut) for name, cut in cuts.items()}}
    save_file({name: np.ascontiguousarray(value) for name, value in arrays.items()}, path, about)


if __name__ == "__main__":
    main()
