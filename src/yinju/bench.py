"""Benchmarks on files in SQuAD form (SQuAD, CMRC 2018, DRCD): the reader alone, and the retriever alone.

All shares are in percent, 0 to 100. Exact match and F1 are those of CMRC 2018's evaluation script, which DRCD's users
take as well (Cui et al., A Span-Extraction Dataset for Chinese Machine Reading Comprehension, EMNLP 2019).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yinju.chunk import chunk
from yinju.config import Settings
from yinju.errors import EvaluationError
from yinju.text import words
from yinju.types import Document

if TYPE_CHECKING:
    from yinju.embed import Embedder, FloatArray
    from yinju.index import Progress

Search = Callable[[str], Sequence[int]]
"""Question → numbers of the contexts found, best first; only the first mention of one counts."""
Extract = Callable[[str, str], str]
"""Question and context → the words that answer."""

MRR_AT = 10
# Long contexts come as several passages; this many passages hold MRR_AT different contexts with room to spare.
_N_PASSAGES = 4 * MRR_AT
_FORM = 'Expected is SQuAD form: {"data": [{"paragraphs": [{"context": "…", "qas": [{"question": "…", "answers": [{"text": "…"}]}]}]}]}.'  # fmt: skip # noqa: E501


# ── the file ────────────────────────────────────────────────────────────────────────────────


class _Answer(BaseModel):
    text: str


class _Question(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    question: str
    answers: list[_Answer] = []


class _Paragraph(BaseModel):
    context: Annotated[str, Field(min_length=1)]
    qas: list[_Question]


class _Article(BaseModel):
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the file: ``context`` is the number of its context; ``answers`` are the accepted ones."""

    question: str
    context: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Squad:
    """A file in SQuAD form: every context once, and the questions in the file's order."""

    contexts: tuple[str, ...]
    questions: tuple[Asked, ...]


def read_squad(path: Path) -> Squad:
    """Read a file in SQuAD form; equal contexts become one.

    Raises:
        EvaluationError: The file is missing or not in the form; the message says where.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}.", "Give a file in SQuAD form.") from error
    try:
        file = _File.model_validate_json(content.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise EvaluationError(f"{path}: {where + ': ' if where else ''}{first['msg']}.", _FORM) from error
    numbers: dict[str, int] = {}
    questions = []
    for article in file.data:
        for paragraph in article.paragraphs:
            number = numbers.setdefault(paragraph.context, len(numbers))
            for asked in paragraph.qas:
                answers = tuple(dict.fromkeys(answer.text for answer in asked.answers if answer.text))
                questions.append(Asked(asked.question, number, answers))
    if not questions:
        raise EvaluationError(f"{path} holds no questions.", _FORM)
    return Squad(tuple(numbers), tuple(questions))


# ── retrieval ───────────────────────────────────────────────────────────────────────────────


def bench_retrieval(
    path: Path, settings: Settings, limit: int | None = None, progress: Progress | None = None
) -> dict[str, float]:
    """Look for each question's context among all contexts of the file, with the project's own index and retriever.

    Args:
        path: A file in SQuAD form.
        settings: In force, the length of passages aside: a context is one passage, unless the model's window is
            shorter; then its best passage counts.
        limit: Only the first so many questions; the contexts are always all.
        progress: Told what goes on.

    Returns:
        ``n``; ``recall@1``, ``recall@5`` and ``mrr@10`` in percent; ``seconds``, indexing included.
    """
    start = perf_counter()
    squad = read_squad(path)
    questions = squad.questions[:limit]
    search = _search(squad.contexts, settings, progress or _silent)
    measured = measure_retrieval(questions, search, progress)
    return {**measured, "seconds": round(perf_counter() - start, 2)}


def measure_retrieval(questions: Sequence[Asked], search: Search, progress: Progress | None = None) -> dict[str, float]:
    """Return ``n``, ``recall@1``, ``recall@5`` and ``mrr@10``, the shares in percent."""
    tell = progress or _silent
    ranks = []
    for number, asked in enumerate(questions, 1):
        found = list(dict.fromkeys(search(asked.question)))[:MRR_AT] if asked.question.strip() else []
        ranks.append(found.index(asked.context) + 1 if asked.context in found else None)
        tell("searching", number, len(questions))
    return {
        "n": len(ranks),
        "recall@1": _percent(float(rank == 1) for rank in ranks),
        "recall@5": _percent(float(rank is not None and rank <= 5) for rank in ranks),
        "mrr@10": _percent(1 / rank if rank else 0.0 for rank in ranks),
    }


class MemoryIndex:
    """What the retriever needs of an index, in memory and without figures: a document for each context.

    Dense search is the inner product with every vector, which is what an index on disk computes as well.
    """

    def __init__(
        self, contexts: Sequence[str], embedder: Embedder, max_chars: int, progress: Progress | None = None
    ) -> None:
        from yinju.index import search_text
        from yinju.index.lexical import LexicalIndex

        self.passages = [
            passage
            for number, context in enumerate(contexts)
            for passage in chunk(_document(number, context), max_chars, embedder.fits)
        ]
        texts = [search_text(passage) for passage in self.passages]
        tell = None if progress is None else partial(progress, "embedding")
        self._vectors = embedder.passages(texts, tell)
        self._lexical = LexicalIndex.build([words(text) for text in texts])

    def search_dense(self, vector: FloatArray, top_k: int) -> list[tuple[int, float]]:
        """Return (position, cosine), best first."""
        cosines = self._vectors @ vector
        return [(int(position), float(cosines[position])) for position in (-cosines).argsort(kind="stable")[:top_k]]

    def search_lexical(self, words: Sequence[str], top_k: int) -> list[tuple[int, float]]:
        """Return (position, BM25), best first."""
        return list(self._lexical.search(words, top_k))


def _document(number: int, context: str) -> Document:
    name = str(number)
    return Document(name, name, context, context, "", "", "text/plain")


def _search(contexts: Sequence[str], settings: Settings, progress: Progress) -> Search:
    from yinju.embed import load_embedder
    from yinju.retrieve import Retriever

    embedder = load_embedder(settings)
    index = MemoryIndex(contexts, embedder, max(map(len, contexts)), progress)
    retriever = Retriever(index, embedder)
    return lambda question: [int(hit.passage.document) for hit in retriever.retrieve(question, _N_PASSAGES)]


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def bench_reading(
    path: Path, settings: Settings, limit: int | None = None, progress: Progress | None = None
) -> dict[str, float]:
    """Let the reader answer each question from its own context.

    Args:
        path: A file in SQuAD form; questions without an answer are left out.
        settings: In force.
        limit: Only the first so many questions.
        progress: Told what goes on.

    Returns:
        ``n``; ``em`` and ``f1`` in percent; ``seconds``, loading of the models left out.
    """
    squad = read_squad(path)
    extract = _reader(settings)
    start = perf_counter()
    measured = measure_reading(squad, extract, limit, progress)
    return {**measured, "seconds": round(perf_counter() - start, 2)}


def measure_reading(
    squad: Squad, extract: Extract, limit: int | None = None, progress: Progress | None = None
) -> dict[str, float]:
    """Return ``n``, ``em`` and ``f1`` (percent): of each question the best over its accepted answers."""
    questions = [asked for asked in squad.questions if asked.answers][:limit]
    if not questions:
        raise EvaluationError("No question of the file has an answer.", _FORM)
    tell = progress or _silent
    matches, overlaps = [], []
    for number, asked in enumerate(questions, 1):
        # CMRC's trial set has an empty question; it counts, as wrong.
        given = extract(asked.question, squad.contexts[asked.context]) if asked.question.strip() else ""
        matches.append(max(exact_match(given, answer) for answer in asked.answers))
        overlaps.append(max(f1(given, answer) for answer in asked.answers))
        tell("reading", number, len(questions))
    return {"n": len(questions), "em": _percent(matches), "f1": _percent(overlaps)}


def _reader(settings: Settings) -> Extract:
    from yinju.reader import Manner, load_reader

    reader = load_reader(settings.cache_dir)

    def extract(question: str, context: str) -> str:
        found = reader.read(question, context, 1, Manner.SETS)
        return found[0].span.of(context) if found else ""

    return extract


# ── exact match and F1 ──────────────────────────────────────────────────────────────────────

# The characters that CMRC 2018's script drops; the full stop and the percent sign are not among them.
_PUNCTUATION = re.compile(r"[-:_*^/\\~`+=，。：？！“”；’《》…·、「」（）－～『』]")
# One segment: a Han character, a run of letters, a number with its points and commas, or any other sign.
_SEGMENT = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|\d+(?:[.,]\d+)*|[^\W\d_\u3400-\u9fff]+|\S")


def exact_match(given: str, answer: str) -> float:
    """Return 1 when the two are the same, case, punctuation and white space aside, else 0."""
    return float(_bare(given) == _bare(answer))


def f1(given: str, answer: str) -> float:
    """Return the F1 (0 to 1) of the longest run of segments that both share; Han characters are segments."""
    given_segments, answer_segments = _segments(given), _segments(answer)
    matcher = SequenceMatcher(None, given_segments, answer_segments, autojunk=False)
    n_shared = matcher.find_longest_match().size
    if n_shared == 0:
        return 0.0
    precision, recall = n_shared / len(given_segments), n_shared / len(answer_segments)
    return 2 * precision * recall / (precision + recall)


def _bare(text: str) -> str:
    return "".join(_PUNCTUATION.sub("", text.lower()).split())


def _segments(text: str) -> list[str]:
    return _SEGMENT.findall(_PUNCTUATION.sub("", text.lower()))


def _silent(stage: str, done: int = 0, total: int | None = None) -> None:
    """Tell nobody."""


def _percent(shares: Iterable[float]) -> float:
    values = list(shares)
    return round(100 * sum(values) / len(values), 2)
