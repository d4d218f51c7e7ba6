"""How often the meaning alone, without a pattern, names the very topic or situation of a line that they have not seen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from actions.reading import LIKE, SURE
from comeback import settings
from comeback.nlu import situations
from comeback.nlu.components import shared_encoder
from comeback.nlu.intents import held_out
from comeback.nlu.nearest import Nearest
from comeback.steering.choose import TOPIC_SURE
from training.lines import intents

Figures = dict[str, float]
DATA = settings.ROOT / "data"


def figures() -> Figures:
    """Of the fifth that is held out: the share that is named, that is sure enough to be believed, and of these the share
    that is right."""
    asked = [(line.text, line.label.partition("/")[2]) for line in intents(DATA / "nlu") if "/" in line.label]
    told = situations.lines(DATA / "situations")
    return _figures("topics", asked, TOPIC_SURE, 0.0) | _figures("situations", told, SURE, LIKE)


def _figures(what: str, lines: Iterable[tuple[str, str]], sure: float, like: float) -> Figures:
    texts, names = zip(*lines, strict=True)
    vectors = np.stack([encoding.mean for encoding in shared_encoder().encode_many(texts)])
    held = np.array([held_out(text) for text in texts])
    nearest = Nearest.fit(vectors[~held], [name for name, out in zip(names, held, strict=True) if not out])
    wanted = [name for name, out in zip(names, held, strict=True) if out]
    first = [nears[0] for nears in nearest.read(vectors[held], 1)]
    right = np.array([near.name == name for near, name in zip(first, wanted, strict=True)])
    believed = np.array([near.sure >= sure and near.likeness >= like for near in first])
    return {
        f"{what}_named": float(right.mean()),
        f"{what}_believed": float(believed.mean()),
        f"{what}_believed_right": float(right[believed].mean()) if believed.any() else 0.0,
    }
