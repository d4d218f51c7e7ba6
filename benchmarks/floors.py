"""Floors and targets of the figures, from floors.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Floor:
    """Of one figure: `limit` breaks the build, `target` is what is wanted; `most`: the figure must not be above."""

    label: str
    limit: float | None
    target: float | None
    most: bool

    def reached(self, value: float, bound: float | None) -> bool:
        return bound is None or (value <= bound if self.most else value >= bound)


@lru_cache(maxsize=1)
def floors() -> dict[str, Floor]:
    entries = yaml.safe_load(Path(__file__).with_name("floors.yml").read_text("utf-8"))
    return {
        name: Floor(
            entry["label"], entry.get("floor"), entry.get("target"), entry.get("lower_is_better", False)
        )
        for name, entry in entries.items()
    }


def missed(figures: dict[str, float]) -> list[str]:
    """One clause for each figure beyond its floor."""
    return [
        f"{floor.label} is {figures[name]:.3f}, its floor {floor.limit:g}"
        for name, floor in floors().items()
        if name in figures and not floor.reached(figures[name], floor.limit)
    ]
