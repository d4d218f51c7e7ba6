"""The card of the trained heads, models/emotion.md, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training import emotion_score as score
from training.emotion_data import DOMAIN, EKMAN, SENTIMENT, Array, Lines, Own

CARD = """\
# Emotion reader

Written by `python -m training.emotion`; do not edit by hand.

**What it is.** `adapter.safetensors`: low-rank changes (LoRA, rank 20, {adapter}) to every linear layer of
all-MiniLM-L6-v2 (Apache-2.0), merged into the encoder's graph at set-up and trained together for feelings, intents and
risk (training/README.md). `emotion.safetensors`: a label-wise attention head over the token vectors, with a calibration
and a threshold for each label.

**Labels.** GoEmotions' 28, and seven that people bring after a rejection and GoEmotions lacks: {domain}.

**Data.** GoEmotions (Demszky et al. 2020, CC BY 4.0, https://github.com/google-research/google-research/tree/master/goemotions):
43,410 training lines of Reddit comments; for the domain's labels they count as unlabelled. Own lines in data/feelings
(Apache-2.0, written by hand): {own:,} to learn from, {near:,} to calibrate the
domain's labels, {held:,} in held_out.tsv that nothing is fitted on.

## Scores

GoEmotions dev split, {dev:,} lines, each half judged with calibration and thresholds from the other half. The split also
chose the number of epochs; the official test split was not looked at.

| | |
|---|---|
| macro-F1, 28 labels | {macro:.3f} |
| macro-F1, Ekman's six and neutral, by grouping the labels | {ekman:.3f} |
| macro-F1, positive, negative, ambiguous, neutral, by grouping the labels | {sentiment:.3f} |
| expected calibration error, 28 labels | {error:.3f} |
| own held-out lines: macro-F1, the domain's seven | {domain_macro:.3f} |
| own held-out lines: expected calibration error, the domain's seven | {domain_error:.3f} |

| label | F1 on dev | lines | F1 on own held-out | lines | threshold |
|---|---|---|---|---|---|
{rows}

## Limits

- Reddit comments by English speakers, most of them young, American and male; labelled by three raters who often disagree.
- Own lines are from few writers; a label with few lines above has a wide margin of error.
- Irony, and feelings that are only implied, are often missed. English only.
- It says what a text shows, not what a person feels, and is no measure of health. Risk is another reader's task.
"""


def write(
    names: Sequence[str],
    dev: Lines,
    judged: score.Judged,
    own: Own,
    decision: score.Decision,
    held_out_raw: Array,
    *,
    adapter_bytes: int,
) -> str:
    held_out = own.held_out
    on_dev, on_own = score.f1(judged.present, dev), score.f1(decision.present(held_out_raw), held_out)
    d = len(DOMAIN)
    rows = []
    for k, name in enumerate(names):
        theirs, ours = int(dev.truth[:, k].sum()), int(held_out.truth[:, k].sum())
        cells = [f"{on_dev[k]:.2f}" if theirs else "", str(theirs or ""), f"{on_own[k]:.2f}" if ours else ""]
        rows.append(f"| {name} | {' | '.join(cells)} | {ours or ''} | {decision.threshold[k]:.2f} |")
    return CARD.format(
        adapter=f"{adapter_bytes / 1e6:.1f} MB",
        domain=", ".join(DOMAIN),
        own=len(own.training),
        near=len(own.calibration),
        held=len(held_out),
        dev=len(dev),
        macro=on_dev[:-d].mean(),
        ekman=score.grouped(judged.present, dev.truth, names, EKMAN),
        sentiment=score.grouped(judged.present, dev.truth, names, SENTIMENT),
        error=score.calibration_error(judged.probability[:, :-d], dev.labels(slice(None, -d))),
        domain_macro=np.mean(on_own[-d:]),
        domain_error=score.calibration_error(
            decision.probability(held_out_raw)[:, -d:], held_out.labels(slice(-d, None))
        ),
        rows="\n".join(rows),
    )
