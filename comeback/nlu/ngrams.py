"""A text as its words and pieces of words, hashed into one sparse row; what the sentence vector blurs, this keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.utils import murmurhash3_32

LETTERS, WORDS = 2**16, 2**14
"""Hashed columns of letter pieces (2 to 5 within a word) and of words and pairs of words."""
COLUMNS = LETTERS + WORDS
LONGEST = 2_000
"""Characters that are read."""


@dataclass(frozen=True, eq=False)
class Ngrams:
    """Rows are tf-idf with sublinear counts at unit length; `idf` is float32 [COLUMNS]."""

    idf: npt.NDArray[np.float32]

    @staticmethod
    def fit(texts: Sequence[str]) -> Ngrams:
        counts = _counts(texts)
        seen = np.bincount(counts.indices, minlength=COLUMNS)
        return Ngrams((np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32))

    def row(self, text: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Columns and their weights, as `rows` has them, without a sparse matrix.

        The counts of the last few texts are remembered, for the next reader of a message.
        """
        columns, counts = _counts_of(text[:LONGEST])
        weights = (1 + np.log(counts)) * self.idf[columns]
        return columns, weights / max(float(np.linalg.norm(weights)), 1e-9)

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """csr [n, COLUMNS]."""
        counts = _counts(texts)
        counts.data = (1 + np.log(counts.data)) * self.idf[counts.indices]
        lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(1)).ravel())
        counts.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(counts.indptr))
        return counts


def _counts(texts: Sequence[str]) -> csr_matrix:
    letters, words = _hashers()
    cut = [text[:LONGEST] for text in texts]
    return hstack([letters.transform(cut), words.transform(cut)]).tocsr().astype(np.float32)


@lru_cache(maxsize=16)
def _counts_of(text: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    letters, words = _analyzers()
    found = Counter(abs(murmurhash3_32(piece)) % LETTERS for piece in letters(text))
    said = Counter(LETTERS + abs(murmurhash3_32(word)) % WORDS for word in words(text))
    columns = np.fromiter((*found, *said), np.int32)
    counts = np.fromiter((*found.values(), *said.values()), np.float32)
    for array in (columns, counts):
        array.setflags(write=False)
    return columns, counts


@lru_cache(maxsize=1)
def _analyzers() -> tuple[Any, Any]:
    letters, words = _hashers()
    return letters.build_analyzer(), words.build_analyzer()


@lru_cache(maxsize=1)
def _hashers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    plain = {"alternate_sign": False, "norm": None}
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=LETTERS, **plain)
    words = HashingVectorizer(ngram_range=(1, 2), n_features=WORDS, token_pattern=r"[\w']+", **plain)
    return letters, words
