"""The card of the risk head, models/crisis.md, with its numbers."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np

from comeback.nlu.crisis import CrisisReader
from comeback.nlu.encoder import Encoder
from comeback.vocabulary import RiskLevel
from training.lines import Line
from training.settings import Paths

CARD = """\
# Risk head

Written by `python -m training.crisis_votes`; do not edit by hand.

Hears, from the shared encoder's token vectors, whether a text is of a crisis, a concern or neither. It stands beside the
patterns of `data/lexicons/crisis.yml`; either can raise, only the context of `data/lexicons/context.yml` can lower.

| | |
|---|---|
| file | `models/crisis.safetensors` ({size:.0f} kB; labels and thresholds in its metadata) |
| model | label-wise attention over token vectors, softmax over {labels} labels `level:kind`; beside it three votes, of the mean vector, of words and letters, and of the 25 training lines nearest in meaning; the mean of the four scaled logits counts; each sentence (for a little less) and the whole message are read, the worst counts |
| data | `data/risk`: {learned:,} lines written by hand for this purpose that shape the encoder and the head, {held:,} (a fifth, by the hash of the text) that only set scales and thresholds; for the votes also every other line of data/nlu as talk without risk; no public data |
| training | together with feelings and intents: `training/README.md` |
| thresholds | crisis {crisis:.2f}, concern {concern:.2f}; {sure:.2f} for a crisis where context excuses the words |
| cost | median {median:.1f} ms, 95th percentile {high:.1f} ms a line beside the encoder's pass on one core |
| licence | as this repository |

## What it hears

The held fifth, counts of lines read as [none, concern, crisis]. Neither encoder nor head has learned from these lines; the
thresholds were set on them and the patterns were written with some of them at hand, so the truth about unseen lines
stands in docs/safety-report.md.

| lines | head alone | with patterns | read as crisis |
|---|---|---|---|
{rows}

Batches of new lines, read once before they joined the data. The reader of batches 1 to 4 was widened after each; batches
5 to 7, by other writers, were read by the reader of 1,825 lines, batches 8 and 9 by the reader of 6,245, batches 10 and
11 by the reader of 8,305.

| batch | risk lines read as none, concern, crisis | lines without risk read as none, concern, crisis |
|---|---|---|
| 1, oblique | 32, 15, 78 | 161, 8, 16 |
| 2, plain | 4, 3, 90 | 68, 2, 6 |
| 3, mixed | 5, 3, 56 | 36, 5, 1 |
| 4, the wish without its words | 28, 13, 19 | 70, 0, 2 |
| 5, ideation, passive, plan | 344, 112, 404 | |
| 6, means, goodbye, harm, others, medical | 532, 171, 334 | 188, 8, 9 |
| 7, hyperbole, denial, mention, everyday | | 1730, 63, 80 |
| 8, all kinds, unusual wordings | 321, 130, 550 | |
| 9, near misses, long rants | | 931, 68, 81 |
| 10, all kinds, for their nearness to each other | 344, 167, 1050 | 1030, 70, 99 |
| 11, as in chats, in prose, indirect | 305, 138, 1232 | 961, 72, 89 |

On real people's lines: of {dev:,} comments of GoEmotions dev (unlabelled for risk) {dev_concern} are read as a concern and
{dev_crisis} as a crisis.

## Where it falls short

Oblique wishes and metaphor are still missed more often than plain words; the table says how often. Away from talk about
work false alarms are more frequent. English only; a few fixed phrases in other languages are patterns.
No clinician has reviewed the lines, the patterns or the thresholds.
"""
DEV = 1000


def write(
    reader: CrisisReader, encoder: Encoder, learned: Sequence[Line], held: Sequence[Line], given: Paths
) -> str:
    assert reader.head is not None
    bare = CrisisReader(type(reader.lexicon)((), (), ()), reader.head)
    alone: Counter[tuple[str, str]] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    milliseconds = []
    for line in held:
        encoding = encoder.encode(line.text)
        began = time.perf_counter()
        both[line.label, reader.read(line.text, encoding).level.value] += 1
        milliseconds.append(1000 * (time.perf_counter() - began))
        alone[line.label, bare.read(line.text, encoding).level.value] += 1
    rows = []
    for label in sorted({line.label for line in held}):
        counts = [[count[label, level.value] for level in RiskLevel] for count in (alone, both)]
        level, kind = label.split(":")
        share = counts[1][2] / sum(counts[1])
        rows.append(
            f"| {level}, {kind.replace('_', ' ')} | {_list(counts[0])} | {_list(counts[1])} | {share:.2f} |"
        )
    with (given.goemotions / "dev.tsv").open(encoding="utf-8", newline="") as file:
        comments = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][:DEV]
    heard = Counter(reader.read(text, encoder.encode(text)).level for text in comments)
    return CARD.format(
        size=(given.models / "crisis.safetensors").stat().st_size / 1000,
        labels=len(reader.head.labels),
        learned=len(learned),
        held=len(held),
        crisis=reader.head.crisis,
        concern=reader.head.concern,
        sure=reader.head.sure,
        median=np.median(milliseconds),
        high=np.quantile(milliseconds, 0.95),
        rows="\n".join(rows),
        dev=len(comments),
        dev_concern=heard[RiskLevel.CONCERN],
        dev_crisis=heard[RiskLevel.CRISIS],
    )


def _list(counts: Sequence[int]) -> str:
    return ", ".join(map(str, counts))
