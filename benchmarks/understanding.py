"""The figures of how well texts are read, by name: what benchmarks/floors.yml holds floors for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks import public_bots, readings, scores
from benchmarks.readings import GOOD_NEWS, OUT, Model, Reading
from comeback import settings
from training import emotion_data, emotion_score
from training.emotion_data import DOMAIN, EKMAN, SENTIMENT, Lines

TIMED = 100
"""Texts of 25 words that are timed; a fifth as many of 1,500 characters."""

Figures = dict[str, float]


@dataclass
class Tables:
    """What the page shows beside the figures."""

    confusions: list[tuple[tuple[str, str], int]] = field(default_factory=list)
    intents: dict[str, float] = field(default_factory=dict)
    feelings: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Label -> F1 and lines, on GoEmotions' dev split."""
    domain: dict[str, tuple[float, int]] = field(default_factory=dict)
    facts: dict[str, tuple[float, float, int]] = field(default_factory=dict)


def intents(
    model: Model, tables: Tables | None = None, *, believe: bool = True
) -> tuple[Figures, list[float]]:
    """Figures on the held-out lines, and of each line in scope the probability that it is out."""
    truth, texts = readings.held_out_intents()
    read = model.read(texts, believe=believe)
    names = [r.intent for r in read]
    by_name = scores.f1_by_name(truth, names)
    if tables is not None:
        tables.confusions, tables.intents = scores.confusions(truth, names), by_name
    in_scope = [r for t, r in zip(truth, read, strict=True) if t not in OUT]
    right = [t == n for t, n in zip(truth, names, strict=True)]
    figures = {
        "intent_accuracy": scores.accuracy(truth, names),
        "intent_macro_f1": float(np.mean(list(by_name.values()))),
        "intent_calibration_error": scores.calibration_error([r.confidence for r in read], right),
        "in_scope_refused": float(np.mean([r.intent in OUT for r in in_scope])),
        "congratulated": float(sum(r.intent in GOOD_NEWS for r in model.read(readings.not_getting_it()))),
    }
    return figures, [r.out_of_scope for r in in_scope]


def turns(model: Model) -> Figures:
    """On turns from the middle of talks, read without the talk: the share that fits, and of false alarms."""
    fitting, texts = readings.held_out_turns()
    names = [r.intent for r in model.read(texts)]
    return {
        "turns_accuracy": float(np.mean([n in f for f, n in zip(fitting, names, strict=True)])),
        "turns_alarmed": float(np.mean([n == "crisis" for n in names])),
    }


def out_of_scope(model: Model, folder: Path, in_scope: Sequence[float], *, believe: bool = True) -> Figures:
    """`in_scope`: of `intents`."""
    read = model.read(readings.out_of_scope(folder), believe=believe)
    return {
        "out_of_scope_auroc": scores.auroc([r.out_of_scope for r in read], in_scope),
        "out_of_scope_refused": float(np.mean([r.intent in OUT for r in read])),
    }


def goemotions(model: Model, folder: Path, tables: Tables) -> tuple[Figures, Figures]:
    """Ours and the keyword reader's on the published dev split, `feelings` as decisions."""
    names = emotion_data.labels(folder)
    dev = emotion_data.published(folder / "dev.tsv", names)
    present = _present(model.read(dev.texts), names)
    f1 = emotion_score.f1(present, dev)
    tables.feelings = {
        name: (float(f1[k]), int(dev.truth[:, k].sum())) for k, name in enumerate(names) if name not in DOMAIN
    }
    keyword = np.zeros_like(present)
    for row, text in zip(keyword, dev.texts, strict=True):
        row[names.index(public_bots.emotion(text))] = True
    ours = {"goemotions_macro_f1": float(f1[: -len(DOMAIN)].mean())}
    return ours | _grouped(present, dev, names), _grouped(keyword, dev, names)


def own_feelings(model: Model, tables: Tables) -> Figures:
    """On our own held-out lines: the domain's seven labels."""
    names = model.feelings()
    lines = emotion_data.own([settings.ROOT / "data" / "feelings" / "held_out.tsv"], names)
    f1 = emotion_score.f1(_present(model.read(lines.texts), names), lines)
    tables.domain = {
        d: (float(f1[names.index(d)]), int(lines.truth[:, names.index(d)].sum())) for d in DOMAIN
    }
    return {"domain_macro_f1": float(np.mean([score for score, _ in tables.domain.values()]))}


def facts(model: Model, tables: Tables) -> Figures:
    texts, wanted = readings.held_out_facts()
    tables.facts = scores.spans(wanted, [r.facts for r in model.read(texts)])
    return {
        f"{name}_{what}": value
        for name in ("company", "role")
        for what, value in zip(("precision", "recall"), tables.facts[name], strict=False)
    }


def glad_at_bad_news(model: Model) -> tuple[Figures, Figures]:
    """Share of held-out news of a rejection whose first feeling is a glad one: ours and the keyword reader's."""
    truth, texts = readings.held_out_intents()
    bad = [t for intent, t in zip(truth, texts, strict=True) if intent.startswith("tell_rejection")]
    bad += readings.not_getting_it()
    glad = set(SENTIMENT["positive"].split())
    ours = [bool(r.feelings) and r.feelings[0] in glad for r in model.read(bad)]
    theirs = [public_bots.emotion(text) == "joy" for text in bad]
    return {"glad_at_bad_news": float(np.mean(ours))}, {"glad_at_bad_news": float(np.mean(theirs))}


def speed(model: Model) -> Figures:
    _, texts = readings.held_out_intents()
    return {
        "ms_25_words": model.milliseconds(readings.of_length(texts, TIMED, words=25)),
        "ms_1500_characters": model.milliseconds(readings.of_length(texts, TIMED // 5, characters=1500)),
    }


def _present(read: Sequence[Reading], names: Sequence[str]) -> emotion_score.Bools:
    present = np.zeros((len(read), len(names)), bool)
    for row, reading in zip(present, read, strict=True):
        row[[names.index(feeling) for feeling in reading.feelings]] = True
    return present


def _grouped(present: emotion_score.Bools, dev: Lines, names: Sequence[str]) -> Figures:
    return {
        "goemotions_ekman_f1": emotion_score.grouped(present, dev.truth, names, EKMAN),
        "goemotions_sentiment_f1": emotion_score.grouped(present, dev.truth, names, SENTIMENT),
    }
