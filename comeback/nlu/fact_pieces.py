"""Which word pieces of the encoder belong to which token of the fact reader."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from comeback.nlu.encoder import Encoding, emoji_runs

Matrix = npt.NDArray[np.float32]

UNKNOWN = "[UNK]"


def vectors(text: str, starts: Sequence[int], encoding: Encoding) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """For each token the mean of its pieces' vectors, float32 [tokens, 384], and how many pieces it has.

    `starts` are the tokens' first characters in `text`. A token that begins inside a piece has that piece's
    vector; the tokens after the last piece that was read are left out.
    """
    at = _first_characters(text, encoding.pieces)
    owner = np.searchsorted(np.asarray(starts), at, side="right") - 1
    owner = np.maximum(owner, 0)
    read = int(owner[-1]) + 1 if len(owner) else 0
    counts = np.bincount(owner, minlength=read)
    sums = np.zeros((read, encoding.tokens.shape[1]), np.float32)
    if read:
        rows = encoding.tokens[1 : 1 + len(owner)]
        filled = np.flatnonzero(counts)
        sums[filled] = np.add.reduceat(rows, np.flatnonzero(np.diff(owner, prepend=-1)), axis=0)
        sums[filled] /= counts[filled, None]
        nearest = np.maximum.accumulate(np.where(counts > 0, np.arange(read), 0))
        sums = sums[nearest]
    return sums, counts


def _first_characters(text: str, pieces: Sequence[str]) -> npt.NDArray[np.int64]:
    """Where in the text each inner piece begins, by counting letters; never falling."""
    letters, origins = _letters(text)
    at, place = [], 0
    for piece in pieces[1:-1]:
        if place >= len(letters):
            break
        at.append(origins[place])
        if piece != UNKNOWN:
            place += len(piece.removeprefix("##"))
            continue
        place += 1
        while place < len(letters) and origins[place] - origins[place - 1] < 2 and letters[place].isalnum():
            place += 1
    return np.asarray(at, np.int64)


def _letters(text: str) -> tuple[str, list[int]]:
    """The characters that pieces are made of, and where each came from: an emoji is its name."""
    if text.isascii():
        origins = [i for i, c in enumerate(text) if not c.isspace()]
        return "".join(text[i] for i in origins), origins
    letters, origins, at = [], [], 0
    for start, end, name in [*emoji_runs(text), (len(text), len(text), "")]:
        for i, c in enumerate(text[at:start], at):
            for part in unicodedata.normalize("NFD", c):
                if not (part.isspace() or unicodedata.combining(part)):
                    letters.append(part)
                    origins.append(i)
        spelled = name.replace(" ", "")
        letters += spelled
        origins += [start] * len(spelled)
        at = end
    return "".join(letters), origins
