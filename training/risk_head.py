"""The risk head learns on, on token vectors that the product's int8 encoder gives: cheap, since nothing else moves."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from comeback.nlu.attention import Array, Attention
from training.adapter import RISK_WIDTH, batches, of_level, packed, risk_loss, unpacked
from training.encoder import Head, padded

EPOCHS, BATCH, RATE, DECAY, DROPOUT = 24, 48, 3e-3, 0.05, 0.3
QUIET = 0.5


def refined(
    arrays: dict[str, Tensor],
    names: Sequence[str],
    tokens: Sequence[Array],
    labels: Sequence[str],
    quiet: Sequence[Array],
) -> Attention:
    """From the head of training.adapter; `tokens` are [n, 384] for each line, `labels` are "level:kind".

    `quiet` are the token vectors of lines of other kinds of talk, which hold no risk.
    """
    torch.manual_seed(0)
    rng = random.Random(0)
    head = Head(len(names), RISK_WIDTH, DROPOUT, bias=0.0)
    head.load_state_dict(unpacked(arrays))
    head.train()
    wanted = torch.tensor([names.index(label) for label in labels])
    vectors, others = ([torch.tensor(np.asarray(a, np.float32)) for a in lines] for lines in (tokens, quiet))
    none = of_level(names, "none")
    beside = itertools.cycle(batches([len(line) for line in others], BATCH, rng))
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(vectors) // BATCH)
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.0, 1 - step / steps))
    for _ in range(EPOCHS):
        for rows in batches([len(line) for line in vectors], BATCH, rng):
            optimiser.zero_grad()
            loss = risk_loss(head, names, *padded([vectors[i] for i in rows]), wanted[rows])
            logits = head(*padded([others[i] for i in next(beside)]))
            odds = logits[:, none].logsumexp(1) - logits[:, ~none].logsumexp(1)
            (loss + QUIET * nn.functional.softplus(-odds).mean()).backward()
            optimiser.step()
            pace.step()
    return Attention.of({name: value.float().numpy() for name, value in packed(head).items()})
