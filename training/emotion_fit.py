"""The trained head on the encoder that the product runs, and the file that the product loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from comeback.nlu.encoder import Encoder
from training.emotion_adapter import Head
from training.emotion_data import Array, Own
from training.emotion_score import Decision


@torch.no_grad()
def logits(state: Mapping[str, Tensor], encoder: Encoder, texts: Sequence[str]) -> Array:
    """float32 [texts, labels]."""
    head = Head(len(state["bias"]))
    head.load_state_dict(state)
    head.eval()
    made = []
    for text in texts:
        tokens = torch.from_numpy(encoder.encode_many([text])[0].tokens.copy())[None]
        made.append(head(tokens, torch.ones(tokens.shape[:2]))[0])
    return torch.stack(made).numpy()


def moved(encoder: Encoder, frozen: Encoder, own: Own) -> float:
    """Mean cosine of held-out lines' sentence vectors with and without the adapter."""
    pairs = zip(encoder.encode_many(own.held_out.texts), frozen.encode_many(own.held_out.texts), strict=True)
    return float(np.mean([a.mean @ b.mean for a, b in pairs]))


def packed(head: Mapping[str, Tensor], decision: Decision) -> dict[str, Tensor]:
    """What comeback.nlu.emotion loads."""
    return {
        "project": head["project.weight"].T.half().contiguous(),
        "project_bias": head["project.bias"].half(),
        "query": head["query"].half(),
        "out": head["out"].half(),
        "bias": head["bias"],
        "scale": torch.tensor(decision.scale),
        "shift": torch.tensor(decision.shift),
        "threshold": torch.tensor(decision.threshold),
    }
