"""Low-rank changes to the encoder that make its token vectors tell feelings, and keep its sentence vector.

Every linear layer W of the frozen encoder becomes W + B·A (LoRA, Hu et al. 2021). Beside the emotion loss, the
sentence vector is held to the frozen encoder's by cosine, because other readers use it from the same pass.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from comeback.nlu.encoder import spelled
from training.emotion_data import Lines

LAYERS, HEADS, DIMENSIONS = 6, 12, 384
LENGTH = 64
RANK = 16
PARTS = {"out": "attention.output.dense", "wide": "intermediate.dense", "narrow": "output.dense"}


class Linear(nn.Module):
    def __init__(self, w: Tensor, b: Tensor) -> None:
        super().__init__()
        self.register_buffer("w", w)
        self.register_buffer("b", b)
        self.down = nn.Parameter(torch.randn(RANK, w.shape[1]) / w.shape[1] ** 0.5)
        self.up = nn.Parameter(torch.zeros(w.shape[0], RANK))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.w, self.b) + F.linear(F.linear(x, self.down), self.up)


class Encoder(nn.Module):
    """MiniLM with an adapter; `ids`, `mask` int64 [batch, n] -> token vectors [batch, n, 384]."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        w = load_file(weights)
        table = "embeddings.{}_embeddings.weight".format
        self.register_buffer("words", w[table("word")])
        self.register_buffer("places", w[table("position")] + w[table("token_type")][0])
        self.norms = [(w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"])]
        self.layers = nn.ModuleList()
        for i in range(LAYERS):
            at = f"encoder.layer.{i}"
            three = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
            layer = {"qkv": Linear(*(torch.cat([w[f"{k}.{p}"] for k in three]) for p in ("weight", "bias")))}
            for part, key in PARTS.items():
                layer[part] = Linear(w[f"{at}.{key}.weight"], w[f"{at}.{key}.bias"])
            self.layers.append(nn.ModuleDict(layer))
            for key in ("attention.output.LayerNorm", "output.LayerNorm"):
                self.norms.append((w[f"{at}.{key}.weight"], w[f"{at}.{key}.bias"]))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        batch, n = ids.shape
        absent = ~mask[:, None, None, :].bool()
        x = self._norm(0, self.words[ids] + self.places[:n])
        for i, layer in enumerate(self.layers):
            q, k, v = layer["qkv"](x).view(batch, n, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
            # Written out: the fused kernel's backward pass is five times slower on a CPU.
            scores = (q / math.sqrt(DIMENSIONS / HEADS)) @ k.transpose(-1, -2)
            seen = scores.masked_fill(absent, -1e4).softmax(-1).to(v.dtype) @ v
            seen = seen.transpose(1, 2).reshape(batch, n, DIMENSIONS)
            x = self._norm(2 * i + 1, layer["out"](seen) + x)
            x = self._norm(2 * i + 2, layer["narrow"](F.gelu(layer["wide"](x))) + x)
        return x

    def _norm(self, i: int, x: Tensor) -> Tensor:
        return F.layer_norm(x, (DIMENSIONS,), *self.norms[i], 1e-12)


class Head(nn.Module):
    """Label-wise attention: each label looks for its own words. Token vectors [batch, n, 384] -> logits."""

    def __init__(self, labels: int, width: int = 256, dropout: float = 0.1) -> None:
        super().__init__()
        self.project = nn.Linear(DIMENSIONS, width)
        self.query = nn.Parameter(torch.randn(labels, width) * 0.05)
        self.out = nn.Parameter(torch.randn(labels, width) * 0.05)
        self.bias = nn.Parameter(torch.full((labels,), -3.0))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        h = F.gelu(self.project(self.drop(x)), approximate="tanh")
        attention = (h @ self.query.T).masked_fill(~mask[..., None].bool(), -1e4).softmax(1)
        found = torch.einsum("bnl,bnd->bld", attention, h)
        return (self.drop(found) * self.out).sum(-1) + self.bias


@dataclass(frozen=True)
class State:
    """What is trained: the adapter by "<layer>.<part>.<side>", and the head."""

    adapter: dict[str, Tensor]
    head: dict[str, Tensor]

    @staticmethod
    def fresh(source: Path, labels: int, seed: int) -> State:
        torch.manual_seed(seed)
        encoder, head = Encoder(source / "model.safetensors"), Head(labels)
        return State(dict(encoder.layers.named_parameters()), dict(head.named_parameters()))

    @staticmethod
    def load(file: Path) -> State:
        return State(**torch.load(file))

    def save(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        plain = {name: {k: v.detach().clone() for k, v in part.items()} for name, part in vars(self).items()}
        torch.save(plain, file)


def sentence(x: Tensor, mask: Tensor) -> Tensor:
    column = mask[..., None].to(x.dtype)
    return F.normalize((x * column).sum(1) / column.sum(1), dim=-1)


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Rows of about one length together, in random order, so that little is padded."""
    rows = list(range(len(lengths)))
    rng.shuffle(rows)
    made = []
    for start in range(0, len(rows), size * 50):
        chunk = sorted(rows[start : start + size * 50], key=lengths.__getitem__)
        made += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    rng.shuffle(made)
    return made


class Average:
    """An exponential moving average of parameters, which generalises better than the last step's."""

    def __init__(self, parameters: Sequence[nn.Parameter], decay: float = 0.998) -> None:
        self.parameters, self.decay, self.step = parameters, decay, 0
        self.values = [p.detach().clone() for p in parameters]

    def update(self) -> None:
        self.step += 1
        keep = min(self.decay, self.step / (self.step + 10))
        torch._foreach_lerp_(self.values, [p.detach() for p in self.parameters], 1 - keep)

    def install(self) -> None:
        for p, value in zip(self.parameters, self.values, strict=True):
            p.data.copy_(value)


def loss(logits: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, truth, weight, reduction="none").sum(1).mean()


def schedule(optimiser: torch.optim.Optimizer, steps: int, warm: int) -> torch.optim.lr_scheduler.LambdaLR:
    def rate(step: int) -> float:
        return min(1.0, (step + 1) / warm) * (0.05 + 0.475 * (1 + math.cos(math.pi * min(1.0, step / steps))))

    return torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def train(
    lines: Lines,
    source: Path,
    state: State,
    *,
    epochs: int,
    rate: float,
    keep: float,
    seed: int,
    batch: int = 64,
) -> State:
    """Train on from `state`. `rate` is the adapter's learning rate; `keep` weighs the sentence vector's cosine loss."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LENGTH)
    ids = [torch.tensor(e.ids) for e in tokenizer.encode_batch([spelled(text) for text in lines.texts])]
    lengths = [len(i) for i in ids]
    truth, weight = torch.tensor(lines.truth), torch.tensor(lines.weight)
    encoder, head = Encoder(source / "model.safetensors"), Head(lines.truth.shape[1])

    def padded(rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        block = nn.utils.rnn.pad_sequence([ids[i] for i in rows], batch_first=True)
        return block, (
            torch.arange(block.shape[1]) < torch.tensor([lengths[i] for i in rows])[:, None]
        ).long()

    def low_precision() -> torch.autocast:
        return torch.autocast("cpu", dtype=torch.bfloat16)

    frozen = torch.zeros(len(lines), DIMENSIONS)
    with torch.no_grad(), low_precision():
        for rows in batches(lengths, 128, rng):
            block, mask = padded(rows)
            frozen[rows] = sentence(encoder(block, mask).float(), mask)

    encoder.layers.load_state_dict(state.adapter, strict=False)
    head.load_state_dict(state.head)
    parameters = [*encoder.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": list(encoder.parameters()), "lr": rate, "weight_decay": 0.0},
            {"params": list(head.parameters())},
        ],
        lr=1e-3,
    )
    pace = schedule(optimiser, epochs * -(-len(lines) // batch), 100)
    average, began = Average(parameters), time.monotonic()

    def one_epoch() -> Iterator[tuple[float, float]]:
        for rows in batches(lengths, batch, rng):
            block, mask = padded(rows)
            with low_precision():
                x = encoder(block, mask).float()
            wrong = loss(head(x, mask), truth[rows], weight[rows])
            moved = 1 - (sentence(x, mask) * frozen[rows]).sum(-1).mean()
            (wrong + keep * moved).backward()
            nn.utils.clip_grad_norm_(parameters, 2.0)
            optimiser.step()
            pace.step()
            optimiser.zero_grad(set_to_none=True)
            average.update()
            yield wrong.item(), moved.item()

    for epoch in range(epochs):
        wrong = moved = 0.0
        for step, (a, b) in enumerate(one_epoch(), 1):
            wrong, moved = wrong + a, moved + b
            if step % 100 == 0:
                print(
                    f"epoch {epoch + 1}/{epochs}, step {step}: emotion loss {wrong / step:.3f}, "
                    f"sentence vector moved {moved / step:.4f}, {time.monotonic() - began:.0f} s",
                    flush=True,
                )
    average.install()
    return State(dict(encoder.layers.named_parameters()), dict(head.named_parameters()))
