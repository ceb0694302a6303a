"""Question → ranked passages: dense and lexical scores of every passage, fused.

The dense score is the cosine of question and passage; the lexical score is BM25 of the question's content words and,
with less weight, of their synonyms. Both become z-scores over all passages and are added. Questions are folded and
then written in the script of the documents, so script and width make no difference. English questions go through the
dictionary: their Chinese keywords are embedded and matched. What was tried and measured:
docs/decisions/2026-11-23-retrieval.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Protocol

import numpy as np
import numpy.typing as npt

from yinju import vocabulary
from yinju.dictionary import EnglishTerm, keywords, terms_in_documents
from yinju.text import Language, fold, has_han, language_of, script_of, to_language, words
from yinju.types import Hit, Passage

FloatArray = npt.NDArray[np.float32]

LEXICAL_WEIGHT = 1.0
"""Weight of the lexical z-score beside the dense one."""
SYNONYM_WEIGHT = 0.4
"""Weight of the BM25 score of synonyms beside that of the question's own words."""
YEAR_WEIGHT = 0.5
"""Weight of a year beside a word: reports name their year once and then mean it throughout."""
DOCUMENT_BONUS = 1.5
"""Added to the fused score of passages of the documents whose name stands in the question."""
CACHED_QUESTIONS = 64

# Words by which a question asks, rather than what it asks about (folded).
_ASKING = re.compile(
    "请问|请|为什么|多少|什么|哪[些个家几一里年位种]|为何|如何|怎么样|怎么|怎样|几[个家]|多[大长久]|是否|有没有|能否|可否"
    "|告诉我|介绍一下|说说|一下|何时|何地|何人|谁|吗|呢|吧|的话"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SAMPLE = 50
"""Passages looked at to tell the script of the documents."""


class PassageIndex(Protocol):
    """What retrieval needs of an index."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All passages, in the order that positions refer to."""

    def search_dense(self, vector: FloatArray, top_k: int) -> Sequence[tuple[int, float]]:
        """Return (position, cosine), best first."""

    def search_lexical(self, words: Sequence[str], top_k: int) -> Sequence[tuple[int, float]]:
        """Return (position, BM25), best first; passages without any of the words may be left out."""


class QuestionEmbedder(Protocol):
    """What retrieval needs of an embedder."""

    def queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed questions: float32 (n, dim), unit length."""


@dataclass(frozen=True, slots=True)
class _Scores:
    fused: FloatArray
    dense: FloatArray
    lexical: FloatArray


class Retriever:
    """Ranks the passages of an index for a question. Safe to share between threads that only ask."""

    def __init__(self, index: PassageIndex, embedder: QuestionEmbedder) -> None:
        self._index = index
        self._embedder = embedder
        self._folded = [fold(f"{passage.context}\n{passage.readable}") for passage in index.passages]
        self._text = "\n".join(self._folded)
        self._language = _language_of_passages(index.passages)
        self._names = _document_names(index.passages)
        self._terms = lru_cache(CACHED_QUESTIONS)(self._terms_of)
        self.embed_question = lru_cache(CACHED_QUESTIONS)(self._embed_question)
        self._scores = lru_cache(CACHED_QUESTIONS)(self._score)

    def retrieve(self, question: str, top_k: int) -> list[Hit]:
        """Return up to ``top_k`` passages, best first; equal scores in the order of the passages."""
        scores = self._scores(question)
        order = np.argsort(-scores.fused, kind="stable")[:top_k]
        return [
            Hit(
                self._index.passages[position],
                float(scores.fused[position]),
                float(scores.dense[position]),
                float(scores.lexical[position]),
            )
            for position in order
        ]

    def scores(self, question: str) -> Mapping[int, float]:
        """Return the fused score of every passage by position, 0 for the worst to 1 for the best passage."""
        fused = self._scores(question).fused
        if not len(fused) or np.ptp(fused) == 0:
            return dict.fromkeys(range(len(fused)), 0.0)
        return dict(enumerate(((fused - fused.min()) / np.ptp(fused)).tolist()))

    def _embed_question(self, question: str) -> FloatArray:
        """Return the question's vector, float32 (dim,), unit length; each question is embedded once."""
        forms = [to_language(fold(question), self._language)]
        if found := self.chinese_keywords(question):
            forms.append(" ".join(found))
        vector: FloatArray = self._embedder.queries(forms).sum(axis=0)
        return vector / np.linalg.norm(vector)

    def chinese_keywords(self, question: str) -> list[str]:
        """Return the Chinese words of the documents that an English question means, in their script and its order."""
        if language_of(question) != "en":
            return []
        return [to_language(word, self._language) for word in keywords(question, self._terms(question))]

    def _score(self, question: str) -> _Scores:
        n_passages = len(self._index.passages)
        if not n_passages:
            nothing = np.zeros(0, np.float32)
            return _Scores(nothing, nothing, nothing)
        dense = _spread(self._index.search_dense(self.embed_question(question), n_passages), n_passages)
        lexical = self._lexical(question)
        fused = _standardised(dense) + LEXICAL_WEIGHT * _standardised(lexical) + self._document_bonus(question)
        # Rounded, so that the last bits of a sum cannot decide between equals.
        return _Scores(np.round(fused, 5).astype(np.float32), dense, lexical)

    # ── lexical ──

    def _lexical(self, question: str) -> FloatArray:
        terms = content_words(question)
        years = [term for term in terms if _YEAR.fullmatch(term)]
        own = self._bm25([term for term in terms if term not in years]) + YEAR_WEIGHT * self._bm25(years)
        if language_of(question) == "en":
            return own + self._english_coverage(question)
        lexical, asked = own, words(question)
        for word, others in synonyms(question).items():
            # A word that the documents never use is asked for in other words entirely.
            weight = SYNONYM_WEIGHT if word in self._text else 1.0
            scores = [self._bm25([term for term in words(other) if term not in asked]) for other in others]
            lexical = lexical + weight * np.max(scores, axis=0, initial=0.0)
        return lexical

    def _bm25(self, terms: Sequence[str]) -> FloatArray:
        n_passages = len(self._folded)
        return _spread(self._index.search_lexical(terms, n_passages) if terms else [], n_passages)

    def _english_coverage(self, question: str) -> FloatArray:
        """Add up, for each passage, how rare the question's terms are of which it holds a translation."""
        coverage = np.zeros(len(self._folded), np.float32)
        for term in self._terms(question):
            held = self._held(term)
            n_holding = int(np.count_nonzero(held))
            coverage += math.log(1 + (len(held) - n_holding + 0.5) / (n_holding + 0.5)) * held
        return coverage

    def _terms_of(self, question: str) -> tuple[EnglishTerm, ...]:
        return terms_in_documents(question, self._text)

    def _held(self, term: EnglishTerm) -> FloatArray:
        best = max((weight for _word, weight in term.candidates), default=1.0)
        return np.array(
            [max((w / best for word, w in term.candidates if word in text), default=0.0) for text in self._folded],
            np.float32,
        )

    def _document_bonus(self, question: str) -> FloatArray:
        asked = fold(question)
        named = {name for name, parts in self._names.items() if any(part in asked for part in parts)}
        if len(named) == len(self._names):
            named = set()
        return np.array([DOCUMENT_BONUS * (p.document in named) for p in self._index.passages], np.float32)


def content_words(question: str) -> tuple[str, ...]:
    """Return the folded words of a question, each once, without those by which it asks (多少, 什么, 请问 …)."""
    return tuple(dict.fromkeys(words(_ASKING.sub(" ", fold(question))) or words(question)))


def synonyms(question: str) -> dict[str, tuple[str, ...]]:
    """Map words of the question to folded Chinese words that say nearly the same (GDP: 生产总值, 经济总量 …)."""
    asked = fold(question)
    found = vocabulary.longest_in(asked, vocabulary.synonyms())
    return {word: tuple(other for other in vocabulary.synonyms()[word] if other not in asked) for word in found}


def _language_of_passages(passages: Sequence[Passage]) -> Language:
    """Tell the script that most passages are written in, from a sample of them."""
    step = max(1, len(passages) // _SAMPLE)
    sample = "\n".join(passage.readable[:200] for passage in passages[::step])
    return script_of(sample) if has_han(sample) else language_of(sample)


def _document_names(passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
    """Map each document to the folded words of its file name, those left out that several documents share."""
    parts = {p.document: set(words(PurePath(p.document).stem.replace("_", " "))) for p in passages}
    return {
        name: tuple(
            sorted(part for part in own if len(part) > 1 and _is_name(part) and _count(part, parts.values()) == 1)
        )
        for name, own in parts.items()
    }


def _is_name(part: str) -> bool:
    return not _NUMBER.fullmatch(part)


def _count(part: str, groups: Iterable[set[str]]) -> int:
    return sum(part in group for group in groups)


def _spread(found: Sequence[tuple[int, float]], n_passages: int) -> FloatArray:
    scores = np.zeros(n_passages, np.float32)
    for position, score in found:
        scores[position] = score
    return scores


def _standardised(scores: FloatArray) -> FloatArray:
    deviation = scores.std()
    return (scores - scores.mean()) / deviation if deviation > 1e-6 else np.zeros_like(scores)
