"""The heads learn on, on token vectors that the product's int8 encoder gives: cheap, since nothing else moves."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from comeback.nlu.attention import Array, Attention
from training.adapter import RISK_WIDTH, batches, of_level, packed, risk_loss, unpacked
from training.emotion_data import Lines
from training.encoder import Head, padded

BATCH, DECAY = 48, 0.05
RISK_EPOCHS, RISK_RATE, RISK_DROPOUT = 24, 3e-3, 0.3
QUIET = 0.35
"""Weight of `holds no risk` for lines of other kinds of talk."""
FEELINGS_EPOCHS, FEELINGS_RATE = 3, 3e-4

Loss = Callable[[list[int]], Tensor]


def risk(
    arrays: dict[str, Tensor],
    names: Sequence[str],
    tokens: Sequence[Array],
    labels: Sequence[str],
    quiet: Sequence[Array],
) -> Attention:
    """From the head of training.adapter; `tokens` are [n, 384] for each line, `labels` are "level:kind".

    `quiet` are the token vectors of lines of other kinds of talk, which hold no risk.
    """
    head = Head(len(names), RISK_WIDTH, RISK_DROPOUT, bias=0.0)
    head.load_state_dict(unpacked(arrays))
    wanted = torch.tensor([names.index(label) for label in labels])
    vectors, others = tensors(tokens), tensors(quiet)
    none = of_level(names, "none")
    beside = itertools.cycle(batches([len(line) for line in others], BATCH, random.Random(1)))

    def loss(rows: list[int]) -> Tensor:
        logits = head(*padded([others[i] for i in next(beside)]))
        odds = logits[:, none].logsumexp(1) - logits[:, ~none].logsumexp(1)
        known = risk_loss(head, names, *padded([vectors[i] for i in rows]), wanted[rows])
        return known + QUIET * F.softplus(-odds).mean()

    return learned(head, loss, [len(line) for line in vectors], RISK_EPOCHS, RISK_RATE)


def feelings(arrays: dict[str, Tensor], lines: Lines, tokens: Sequence[Array]) -> Attention:
    head = Head(lines.truth.shape[1])
    head.load_state_dict(unpacked(arrays))
    vectors, truth, weight = tensors(tokens), torch.tensor(lines.truth), torch.tensor(lines.weight)

    def loss(rows: list[int]) -> Tensor:
        logits = head(*padded([vectors[i] for i in rows]))
        each = F.binary_cross_entropy_with_logits(logits, truth[rows], weight[rows], reduction="none")
        return each.sum(1).mean()

    return learned(head, loss, [len(line) for line in vectors], FEELINGS_EPOCHS, FEELINGS_RATE)


def tensors(tokens: Sequence[Array]) -> list[Tensor]:
    return [torch.tensor(np.asarray(line, np.float32)) for line in tokens]


def learned(head: Head, loss: Loss, lengths: Sequence[int], epochs: int, rate: float) -> Attention:
    """`loss` of the lines with these rows; the rate falls to nothing."""
    torch.manual_seed(0)
    rng = random.Random(0)
    head.train()
    optimiser = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=DECAY)
    steps = epochs * -(-len(lengths) // BATCH)
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.0, 1 - step / steps))
    for _ in range(epochs):
        for rows in batches(lengths, BATCH, rng):
            optimiser.zero_grad()
            loss(rows).backward()
            optimiser.step()
            pace.step()
    return Attention.of({name: value.float().numpy() for name, value in packed(head).items()})
