"""A whole that answers over small documents with an embedder that needs no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yinju.answer import Answerer
from yinju.config import Settings
from yinju.index import Index, build_index, load_index
from yinju.retrieve import Retriever
from yinju.text import fold
from yinju.types import Answer, Status, plain

FloatArray = npt.NDArray[np.float32]


class RemainderEmbedder:
    """Counts the characters of the folded text by the remainder of their code point: the same text, the same vector."""

    dimension = 48
    name = "remainders"
    checksum = "1"
    max_tokens = 512

    def _vectors(self, texts: Sequence[str]) -> FloatArray:
        counts = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(counts, texts, strict=True):
            for character in fold(text):
                row[ord(character) % self.dimension] += 1
        vectors: FloatArray = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return vectors

    def queries(self, texts: Sequence[str]) -> FloatArray:
        return self._vectors(texts)

    def passages(self, texts: Sequence[str], progress: Any = None) -> FloatArray:
        return self._vectors(texts)

    def fits(self, text: str) -> bool:
        return True


def indexed(folder: Path, documents: Mapping[str, str]) -> Index:
    """Index texts by file name in ``folder``."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for name, text in documents.items():
        (sources / name).write_bytes(text.encode())
    settings = Settings(index=folder / "index")
    build_index([sources], settings, embedder=RemainderEmbedder())  # type: ignore[arg-type]
    return load_index(settings)


def answerer(index: Index) -> Answerer:
    embedder: Any = RemainderEmbedder()
    return Answerer(index, Retriever(index, embedder))


def ask(index: Index, question: str) -> Answer:
    return answerer(index).answer(question, question)


def without_times(answer: Answer) -> dict[str, Any]:
    """The public form of an answer, timings aside."""
    return {key: value for key, value in answer.to_json().items() if key not in ("timings_ms", "elapsed_ms")}


def check_proof(answer: Answer, index: Index) -> None:
    """Assert what the contract promises of every answer."""
    for number, citation in enumerate(answer.citations, 1):
        text = index.documents[citation.document].text
        assert citation.index == number
        assert text[citation.span.start : citation.span.end] == citation.quote
        assert citation.quote.strip()
    assert answer.text.strip()
    assert (answer.status is Status.ABSTAINED) == (answer.reason is not None)
    assert 0.0 <= answer.confidence <= 1.0
    if answer.status is Status.ABSTAINED:
        assert answer.result is None
        assert answer.formula is None
    else:
        assert answer.citations
    quotes = {citation.index: citation for citation in answer.citations}
    for cited in answer.figures:
        quantity = cited.figure.quantity
        assert quotes[cited.citation].span.contains(quantity.span)
        assert quantity.surface == quantity.span.of(index.documents[cited.figure.document].text)
    if answer.result is not None and answer.formula is None:
        assert answer.result.value in [cited.figure.quantity.value for cited in answer.figures]
        assert plain(answer.result.value) == answer.to_json()["result"]["value"]
