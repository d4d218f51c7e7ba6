"""The sentence encoder: one pass over a message serves every reader.

all-MiniLM-L6-v2 (384 dimensions) as an int8 ONNX graph on one thread. `encoder_build` makes the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
ADAPTER = Path(__file__).resolve().parents[2] / "models" / "adapter.safetensors"
"""Small trained changes to the weights; models/emotion.md is their card."""
RECIPE = "1"
"""Of encoder_build; a change of it or of the files above makes a new folder."""

DIMENSIONS = 384
MAX_TOKENS = 384
"""Word pieces that are read, about 1,700 characters of English."""
MAX_CHARACTERS = 8_000
"""Cut before tokenising."""
WINDOW = 126
"""A longer text is read in windows of so many word pieces: the length that the encoder was trained on, and
time grows with the square of a window."""

_EMOJI = re.compile(
    r"([\u2600-\u27bf\U0001f300-\U0001faff])(?:[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]|\1)*"
)

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]


class EncoderError(RuntimeError):
    """The encoder cannot be used; the message says what to do."""


class EncoderMissing(EncoderError):
    """The weights or the built folder are not there."""


class EncoderDamaged(EncoderError):
    """A file is there but is not what it should be."""


class EncoderUnwritable(EncoderError):
    """The cache folder cannot take the graph."""


@dataclass(frozen=True, eq=False)
class Encoding:
    """One text as the encoder sees it. The arrays are shared and read-only.

    `tokens` is float32 [n, 384], one row for each word piece, [CLS] and [SEP] included; `mean` is their
    mean at unit length, float32 [384]; `pieces` are the n word pieces.
    """

    tokens: Matrix
    mean: Vector
    pieces: tuple[str, ...]


def folder_in(cache: Path, adapter: Path | None = ADAPTER) -> Path:
    """Where under `cache` the encoder is built; its name holds the hash of all that goes in.

    Raises EncoderMissing when there is no adapter file.
    """
    if adapter and not adapter.is_file():
        raise EncoderMissing(f"{adapter} is missing: get it back from the repository.")
    inputs = WEIGHTS_SHA256 + TOKENIZER_SHA256 + RECIPE + (sha256(adapter) if adapter else "")
    return cache / f"encoder-{hashlib.sha256(inputs.encode()).hexdigest()[:16]}"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def spelled(text: str) -> str:
    """The text with each run of one emoji as its Unicode name, since the word pieces know no emoji."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be tokenised
    if text.isascii():
        return text
    return _EMOJI.sub(lambda run: f" {unicodedata.name(run[1], '').lower()} ", text)


def emoji_runs(text: str) -> list[tuple[int, int, str]]:
    """First character, end and name of each run of one emoji, as `spelled` writes it."""
    return [(m.start(), m.end(), unicodedata.name(m[1], "").lower()) for m in _EMOJI.finditer(text)]


class Encoder:
    def __init__(self, session: ort.InferenceSession, tokenizer: Tokenizer, remembered: int = 16) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._cached = lru_cache(maxsize=remembered)(self._pass)

    @staticmethod
    def load(folder: Path) -> Encoder:
        """The encoder built in `folder`; one per folder in a process. Raises EncoderMissing, EncoderDamaged."""
        return _load(folder.resolve())

    def encode(self, text: str) -> Encoding:
        """Read one text; the last few texts are remembered. Text after MAX_TOKENS word pieces is not read."""
        return self._cached(text[:MAX_CHARACTERS])

    def encode_many(self, texts: Sequence[str]) -> list[Encoding]:
        """Read texts one by one on all cores, unremembered.

        Not padded into batches: the int8 scales are taken over the whole input, so a neighbour in the
        batch would change a sentence's vectors, and one thread gains little from it.
        """
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(lambda text: self._pass(text[:MAX_CHARACTERS]), texts))

    def _pass(self, text: str) -> Encoding:
        pieces = self._tokenizer.encode(spelled(text))
        first, *inner, last = pieces.ids
        if len(inner) <= WINDOW:
            tokens, mean = self._run(pieces.ids)
        else:
            count = -(-len(inner) // WINDOW)
            bounds = [len(inner) * i // count for i in range(count + 1)]
            windows = [self._run([first, *inner[a:b], last])[0] for a, b in pairwise(bounds)]
            tokens = np.concatenate([windows[0][:1], *(w[1:-1] for w in windows), windows[-1][-1:]])
            mean = tokens.mean(axis=0)
            mean /= np.linalg.norm(mean)
        tokens.setflags(write=False)
        mean.setflags(write=False)
        return Encoding(tokens, mean, tuple(pieces.tokens))

    def _run(self, ids: Sequence[int]) -> tuple[Matrix, Vector]:
        row = np.asarray([ids], dtype=np.int64)
        tokens, mean = self._session.run(None, {"ids": row, "mask": np.ones_like(row)})
        return tokens[0], mean[0]


@lru_cache(maxsize=4)
def _load(folder: Path) -> Encoder:
    graph, words = folder / "encoder.onnx", folder / "tokenizer.json"
    if not graph.is_file() or not words.is_file():
        raise EncoderMissing(
            f"No encoder in {folder}. Run `make run`, or build it with comeback.nlu.encoder_build."
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(words))
    except Exception as error:  # onnxruntime and tokenizers raise their own unrelated kinds
        raise EncoderDamaged(
            f"The encoder in {folder} cannot be read. Delete that folder and build again."
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return Encoder(session, tokenizer)
