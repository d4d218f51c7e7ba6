"""The encoder in torch, with low-rank changes to learn, and the heads that are learned with it.

Every linear layer W of the frozen encoder becomes W + B·A (LoRA, Hu et al. 2021).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from comeback.nlu.encoder import spelled

LAYERS, HEADS, DIMENSIONS = 6, 12, 384
RANK = 20
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

    def __init__(self, labels: int, width: int = 256, dropout: float = 0.1, bias: float = -3.0) -> None:
        super().__init__()
        self.project = nn.Linear(DIMENSIONS, width)
        self.query = nn.Parameter(torch.randn(labels, width) * 0.05)
        self.out = nn.Parameter(torch.randn(labels, width) * 0.05)
        self.bias = nn.Parameter(torch.full((labels,), bias))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        h = F.gelu(self.project(self.drop(x)), approximate="tanh")
        attention = (h @ self.query.T).masked_fill(~mask[..., None].bool(), -1e4).softmax(1)
        found = torch.einsum("bnl,bnd->bld", attention, h)
        return (self.drop(found) * self.out).sum(-1) + self.bias


class WordPieces:
    """The encoder's tokenizer: texts -> ids and mask, int64 [batch, n]."""

    def __init__(self, source: Path, longest: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)

    def ids(self, texts: Sequence[str]) -> list[Tensor]:
        return [torch.tensor(e.ids) for e in self._tokenizer.encode_batch([spelled(text) for text in texts])]

    def block(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        return padded(self.ids(texts))


def padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows of different lengths in one block, and where they are."""
    block = nn.utils.rnn.pad_sequence(list(rows), batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    return block, (torch.arange(block.shape[1]) < lengths[:, None]).long()


def sentence(x: Tensor, mask: Tensor) -> Tensor:
    """The mean of the token vectors at unit length, [batch, 384]."""
    column = mask[..., None].to(x.dtype)
    return F.normalize((x * column).sum(1) / column.sum(1), dim=-1)
