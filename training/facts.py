"""Train the learned fact reader on data/facts with the current encoder; print what it reads of unseen lines.

    OMP_NUM_THREADS=1 .venv/bin/python -m training.facts        (a minute and a half on one core)

Writes models/facts.safetensors. Run it again whenever the encoder's adapter changes. The cuts are chosen in
cross-validation, jointly with the rules: the most recall at the precision of `WANTED`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from comeback import settings
from comeback.nlu.encoder import ADAPTER, Encoder, folder_in, sha256
from comeback.nlu.entities import FactReader
from comeback.nlu.fact_learned import Edges, LearnedFacts
from comeback.nlu.fact_tagger import HEAD, LABELS, Cuts, FactTagger
from comeback.nlu.fact_words import FactWords
from training.fact_lines import Marked, read_lines
from training.fact_net import Array, Example, fit, frequent, wanted
from training.fact_variants import varied

FOLDS, VARIANTS = 4, 3
WANTED = {"company": 0.955, "role": 0.97, "person": 0.9}
"""The precision that cross-validation must show."""
ADDS, REPLACES = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95), (0.5, 0.8)
VETOES = (0.0, 0.03, 0.1)
"""Low: a rule is overruled only where the head is nearly certain."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=Path, default=settings.ROOT / "data" / "facts")
    parser.add_argument("--out", type=Path, default=HEAD)
    arguments = parser.parse_args()
    lexicons = settings.ROOT / "data" / "lexicons"
    reader = FactReader.load(lexicons, head=None)
    encoder = Encoder.load(folder_in(settings.load().cache))
    edges = Edges(FactWords.load(lexicons))
    lines, unseen = read_lines(arguments.lines)

    parts = [lines[k::FOLDS] for k in range(FOLDS)]
    plain = [seen(part, reader, encoder) for part in parts]
    more = [
        seen(varied([line for line in part if line.spans], VARIANTS, k), reader, encoder)
        for k, part in enumerate(parts)
    ]
    words = frequent([example for part in plain for example in part])
    judged: list[tuple[Example, Array]] = []
    for k in range(FOLDS):
        others = [x for j in range(FOLDS) if j != k for x in (*plain[j], *more[j])]
        tagger = fit(others, words)
        judged += [(example, chances(tagger, example)) for example in plain[k]]
    cuts = chosen(judged, edges)
    tagger = replace(fit([x for part in (*plain, *more) for x in part], words), cuts=cuts)
    dev = seen(unseen, reader, encoder)
    report("cross-validation", judged, edges, tagger)
    report("dev fifth", [(x, chances(tagger, x)) for x in dev], edges, tagger)
    save(tagger, reader.columns, arguments.out)


def seen(lines: Sequence[Marked], reader: FactReader, encoder: Encoder) -> list[Example]:
    encodings = encoder.encode_many([line.text for line in lines])
    return [(line, reader.evidence(line.text, e)) for line, e in zip(lines, encodings, strict=True)]


def chances(tagger: FactTagger, example: Example) -> Array:
    evidence = example[1]
    return tagger.chances(tagger.inputs(evidence.vectors, evidence.marks, evidence.words))


def chosen(judged: Sequence[tuple[Example, Array]], edges: Edges) -> dict[str, Cuts]:
    """For each label the cuts with the most recall at its precision, the other labels' cuts being middling."""
    cuts = dict.fromkeys(LABELS, Cuts(0.8, 0.8, 0.02))
    for label in LABELS:
        tried = []
        for add, swap, veto in product(ADDS, REPLACES, VETOES):
            cut = Cuts(add, swap, veto)
            right, read, _ = counted(judged, edges, {**cuts, label: cut})[label]
            enough = right >= WANTED[label] * read
            tried.append((enough, right if enough else right / max(read, 1), cut))
        cuts[label] = max(tried, key=lambda t: t[:2])[2]
    return cuts


def counted(
    judged: Sequence[tuple[Example, Array]], edges: Edges, cuts: dict[str, Cuts]
) -> dict[str, tuple[int, int, int]]:
    """By label: spans read rightly, read, and wanted, to the letter."""
    empty = np.zeros(0, np.float32)
    learned = LearnedFacts(FactTagger({}, cuts, *[empty] * 7), edges)
    right, read, there = Counter[str](), Counter[str](), Counter[str]()
    for example, chance in judged:
        found = {s.label + f":{s.start}:{s.end}" for s in learned.joined(example[1], chance)}
        goal = {s.label + f":{s.start}:{s.end}" for s in wanted(example)}
        for count, spans in ((right, found & goal), (read, found), (there, goal)):
            count.update(span.split(":")[0] for span in spans)
    return {label: (right[label], read[label], there[label]) for label in LABELS}


def report(name: str, judged: Sequence[tuple[Example, Array]], edges: Edges, tagger: FactTagger) -> None:
    never = dict.fromkeys(LABELS, Cuts(2.0, 2.0, 0.0))
    for way, cuts in (("rules", never), ("with the head", tagger.cuts)):
        for label, (right, read, there) in counted(judged, edges, cuts).items():
            print(
                f"{name:18}{way:15}{label:9}P {right / max(read, 1):.3f}  R {right / max(there, 1):.3f}  of {there}"
            )


def save(tagger: FactTagger, columns: Sequence[str], path: Path) -> None:
    arrays = {n: v.astype(np.float16) for n, v in vars(tagger).items() if isinstance(v, np.ndarray)}
    about = {
        "adapter": sha256(ADAPTER),
        "columns": json.dumps(columns),
        "words": json.dumps(list(tagger.words)),
        "cuts": json.dumps({label: asdict(cut) for label, cut in tagger.cuts.items()}),
    }
    save_file({name: np.ascontiguousarray(value) for name, value in arrays.items()}, path, about)
    print(about["cuts"], path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
