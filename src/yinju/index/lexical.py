"""The lexical half of the index: BM25 over folded words, kept as plain arrays and JSON."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Robertson's form with Lucene's idf, which is never negative; k1 and b as measured (docs/decisions/, retrieval).
_METHOD, _K1, _B = "lucene", 0.3, 0.2


def _library() -> Any:
    import bm25s

    # It sets its logger to DEBUG when imported.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


class LexicalIndex:
    """BM25 scores of word lists against the passages of an index."""

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index passages, each a sequence of words."""
        bm25s = _library()

        bm25 = bm25s.BM25(method=_METHOD, k1=_K1, b=_B, backend="numpy")
        bm25.index([list(words) for words in passages], show_progress=False)
        return cls(bm25)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Load what :meth:`save` wrote; pickled arrays are refused."""
        bm25s = _library()

        return cls(bm25s.BM25.load(folder, load_corpus=False, allow_pickle=False, show_progress=False))

    def save(self, folder: Path) -> None:
        """Write arrays and vocabulary into ``folder``, which is made."""
        self._bm25.save(folder, allow_pickle=False, show_progress=False)

    @property
    def n_passages(self) -> int:
        """How many passages are indexed."""
        return int(self._bm25.scores["num_docs"])

    def scores(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the BM25 score of each passage, 0 and up; words the index does not know add nothing."""
        known = [word for word in words if word in self._bm25.vocab_dict and word]
        if not known:
            return np.zeros(self.n_passages, np.float32)
        scores: npt.NDArray[np.float32] = self._bm25.get_scores(known).astype(np.float32)
        return scores

    def search(self, words: Sequence[str], top_k: int) -> list[tuple[int, float]]:
        """Return up to ``top_k`` (position, score), best first, equal scores by position; score 0 is left out."""
        scores = self.scores(words)
        order = np.argsort(-scores, kind="stable")[:top_k]
        return [(int(position), float(scores[position])) for position in order if scores[position] > 0]
