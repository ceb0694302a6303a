"""The project's own questions on whole documents, as the reader meets them at work.

``questions/longer*.jsonl`` hold invented documents of several paragraphs that come near each other's facts, with
questions, and with sums, whose operands are asked for in their own words and the shared ones. Each document is
indexed; a question is put to a passage as ``yinju`` puts it (``consult.py``: in the passage's script, without what
the document establishes, tables told), and its negatives are the passages that retrieval ranks high and that do not
answer.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch
from examples import Example, Pool

from yinju import question as questions
from yinju.answer import Answerer
from yinju.assistant import Assistant
from yinju.config import Settings
from yinju.figures.parser import joined
from yinju.index import build_index, load_index
from yinju.types import Passage, Span

N_NEGATIVES = 5


def of_documents(path: Path) -> Pool:
    """Return for each question of a file its passage, and apart from it those that come near."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        return [drawn for found in workers.map(_of_row, enumerate(rows)) for drawn in found]


def _of_row(numbered: tuple[int, dict]) -> Pool:
    number, row = numbered
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / row["document"]
        source.write_text(row["text"], encoding="utf-8")
        settings = Settings.load(index=Path(folder) / "index")
        build_index([source], settings)
        sums = [sum_ for sum_ in row.get("sums", ()) if sum_["items"]]
        asked = [*row["questions"], *({**item, "q": words} for sum_ in sums for words, item in operands(sum_))]
        return list(_of_document(Assistant(load_index(settings)), asked, number))


def _of_document(assistant: Assistant, asked: list[dict], group: int) -> Iterator[tuple[Example, list[Example]]]:
    index = assistant.index
    consultation = Answerer(index, assistant.retriever).consultation
    (document,) = index.documents.values()
    for item in asked:
        question = questions.core(item["q"])
        scores = assistant.retriever.scores(question)
        ranked = sorted(scores, key=lambda position: (-scores[position], position))
        home = _home(index.passages, document.text, item)
        near = [index.passages[position] for position in ranked if position != home]

        def silent(passage: Passage, question: str = question) -> Example:
            told = consultation.told(passage).text
            return Example(consultation.worded(question, passage), told, -1, -1, group)

        if home is not None:
            passage = index.passages[home]
            told = consultation.told(passage)
            start = document.text.find(item["in"]) + item["in"].find(item["a"])
            place = told.told(Span(start, start + len(item["a"])).shift(-passage.span.start))
            if place:
                yield Example(consultation.worded(question, passage), told.text, place.start, place.end, group), []
            near = [each for each in near if item["a"] not in each.text]
        elif item["a"]:
            continue
        others = [silent(passage) for passage in near[:N_NEGATIVES]]
        if others:
            yield others[0], others[1:]


def _home(passages: tuple[Passage, ...], text: str, item: dict) -> int | None:
    """The position of the passage that holds the whole answer."""
    if not item["a"] or item["in"] not in text:
        return None
    start = text.find(item["in"]) + item["in"].find(item["a"])
    span = Span(start, start + len(item["a"]))
    return next((position for position, passage in enumerate(passages) if passage.span.contains(span)), None)


def operands(question: dict) -> Iterator[tuple[str, dict]]:
    """Yield the operands of a question that wants arithmetic, each with how it is asked for."""
    asked = question["q"]
    shared = [Span(start, start + len(words)) for words in question["shared"] if (start := asked.find(words)) >= 0]
    for item in question["items"]:
        start = asked.find(item["words"])
        pieces = joined(sorted([*shared, Span(start, start + len(item["words"]))]))
        yield " ".join(piece.of(asked).strip(" ,，") for piece in pieces), item
