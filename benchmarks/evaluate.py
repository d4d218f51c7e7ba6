"""Scores every reading and writes docs/understanding.md; ends with 1 when a figure is under its floor.

    python -m benchmarks.evaluate [--peers] [--epochs 100] [--data ../shared/data]

Needs two published data sets in the folder --data: goemotions/ with dev.tsv and emotions.txt from
https://github.com/google-research/google-research/tree/master/goemotions/data (CC BY 4.0), and out-of-scope/clinc_oos.jsonl,
the queries `oos_train` and `oos_val` of https://github.com/clinc/oos-eval data/data_full.json (CC BY 3.0), one
{"text": ...} a line. --peers trains Rasa's default pipeline on the same lines (two hours or more) and keeps its
figures in benchmarks/peers.json; without it the page shows those.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import floors, likeness, peers, understanding, understanding_page
from benchmarks.readings import Model
from benchmarks.understanding import Figures, Tables
from comeback import settings
from comeback.build import build, model_file

PEERS = Path(__file__).with_name("peers.json")
NEEDED = ("goemotions/dev.tsv", "goemotions/emotions.txt", "out-of-scope/clinc_oos.jsonl")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--peers", action="store_true")
    options.add_argument("--epochs", type=int, default=100)
    options.add_argument("--data", type=Path, default=settings.ROOT.parent / "shared" / "data")
    options.add_argument("--out", type=Path, default=settings.ROOT / "docs" / "understanding.md")
    chosen = options.parse_args()
    missing = [name for name in NEEDED if not (chosen.data / name).is_file()]
    if missing:
        sys.exit(f"evaluate: {', '.join(missing)} is not in {chosen.data}.\n{__doc__}")
    settings.quiet()
    build()
    if chosen.peers:
        PEERS.write_text(json.dumps(peer_figures(chosen.data, chosen.epochs), indent=1) + "\n", "utf-8")
    tables = Tables()
    ours, keywords = measure(Model(model_file()), chosen.data, tables)
    page = understanding_page.write(ours, keywords, json.loads(PEERS.read_text("utf-8")), tables)
    chosen.out.write_text(page, encoding="utf-8")
    print(page)
    under = floors.missed(ours)
    if under:
        sys.exit("evaluate: " + "; ".join(under))


def measure(model: Model, data: Path, tables: Tables) -> tuple[Figures, Figures]:
    """Our figures and the keyword reader's."""
    figures, in_scope = understanding.intents(model, tables)
    figures |= understanding.out_of_scope(model, data / "out-of-scope", in_scope)
    figures |= understanding.turns(model) | likeness.figures()
    figures |= understanding.own_feelings(model, tables) | understanding.facts(model, tables)
    ours, theirs = understanding.goemotions(model, data / "goemotions", tables)
    glad, glad_theirs = understanding.glad_at_bad_news(model)
    return figures | ours | glad | understanding.speed(model), theirs | glad_theirs


def peer_figures(data: Path, epochs: int) -> dict[str, Any]:
    """Rasa's default pipeline, trained here; where it falls back, its likeliest intent counts."""
    lines = peers.training_lines(settings.ROOT / "data" / "nlu")
    with tempfile.TemporaryDirectory(prefix="comeback-peer-") as folder:
        peer = peers.default(Path(folder), lines, epochs)
        print(f"  training {peer.name} on {len(lines):,} lines, {epochs} epochs", flush=True)
        began = time.perf_counter()
        peers.train(peer, nlu_only=True)
        trained = time.perf_counter() - began
        model = Model(peer.model)
        figures, in_scope = understanding.intents(model, believe=False)
        figures |= understanding.out_of_scope(model, data / "out-of-scope", in_scope, believe=False)
        figures |= understanding.speed(model)
    about = {"date": str(datetime.now(UTC).date()), "epochs": epochs, "lines": len(lines)}
    return about | {"training_s": round(trained), "figures": {k: round(v, 4) for k, v in figures.items()}}


if __name__ == "__main__":
    main()
