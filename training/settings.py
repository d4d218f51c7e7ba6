"""Where the steps of training find and leave their files."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from comeback.nlu import encoder_build

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Paths:
    """`goemotions` holds train.tsv, dev.tsv and emotions.txt; `work` what one step leaves for the next."""

    goemotions: Path
    weights: Path
    data: Path
    models: Path
    cache: Path
    work: Path

    @property
    def adapter(self) -> Path:
        return self.models / "adapter.safetensors"


def paths(parser: argparse.ArgumentParser) -> tuple[Paths, argparse.Namespace]:
    parser.add_argument("--goemotions", type=Path, default=ROOT.parent / "shared" / "data" / "goemotions")
    parser.add_argument("--weights", type=Path, help="folder of the encoder's weights; default: the package")
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "adapter")
    chosen = parser.parse_args()
    weights = chosen.weights or encoder_build.installed()
    made = Paths(chosen.goemotions, weights, chosen.data, chosen.models, chosen.cache, chosen.work)
    return made, chosen
