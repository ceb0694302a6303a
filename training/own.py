"""The project's own questions as training examples: far from the words of the texts they are asked of.

``questions/passages*.jsonl`` and ``questions/figures.jsonl`` hold invented passages with their questions,
``questions/reports*.jsonl`` questions on public reports, which are read from where they are. ``q`` is the question,
``a`` the answer, ``in`` the clause that holds it; both empty where the text does not say. ``sums`` want arithmetic:
``items`` are their operands, each in the question's ``words`` and where the passage has it, ``shared`` the words that
belong to all of them; an operand is asked for as ``yinju`` does, in its own words and the shared ones. Tables are told
in sentences, as they are to the reader at work. Whole documents: ``documents.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import bm25s
from documents import of_documents, operands
from examples import Example, Pool

from yinju.formats import MIN_TABBED, read_plain
from yinju.text import sentences, words
from yinju.told import tell
from yinju.types import Span, Table

PIECE_CHARS = 280
N_NEGATIVES = 4
FOLDER = Path(__file__).parent / "questions"
OLDER = tuple(f"{name}.jsonl" for name in ("passages", "figures", *(f"passages_{number}" for number in range(2, 7))))
DOCUMENTS = ("longer.jsonl",)
REPORTS = ("reports.jsonl", "reports_2.jsonl")


def own_questions(data: Path) -> tuple[Pool, Pool]:
    """Return the newer and the older; ``data`` is the folder of the reading sets, beside which the reports lie."""
    new = [row for name in DOCUMENTS for row in of_documents(FOLDER / name)]
    old: Pool = [row for name in OLDER for row in of_passages(FOLDER / name)]
    old += [row for name in REPORTS for row in of_reports(FOLDER / name, data.parent / "reports")]
    return new, old


def of_passages(path: Path) -> Iterator[tuple[Example, list[Example]]]:
    """Yield the questions on invented passages; those that theirs does not answer have no other negatives."""
    for number, line in enumerate(path.open(encoding="utf-8")):
        row = json.loads(line)
        passage = row["passage"]
        told = tell(passage, Span(0, len(passage)), tables_in(passage))
        asked = [(item["q"], item) for item in row["questions"]]
        asked += [(question, item) for sum_ in row.get("sums", ()) for question, item in operands(sum_) if item["a"]]
        for question, item in asked:
            if not item["a"]:
                yield Example(question, told.text, -1, -1, number), []
                continue
            start = passage.find(item["in"]) + item["in"].find(item["a"])
            if place := told.told(Span(start, start + len(item["a"]))):
                yield Example(question, told.text, place.start, place.end, number), []


def tables_in(passage: str) -> list[Table]:
    """Return the tables of a passage: as in plain text, and with cells between commas, of which files are CSV."""
    tables = list(read_plain(passage).tables)
    lines = [Span(found.start(), found.end()) for found in re.finditer(r"[^\n]+", passage)]
    for n_commas, group in groupby(lines, key=lambda line: line.of(passage).count(",")):
        if n_commas > 1 and len(found := list(group)) >= MIN_TABBED:
            rows = tuple(tuple(_cells(passage, line)) for line in found)
            tables.append(Table(Span(found[0].start, found[-1].end), rows, 1))
    return sorted(tables, key=lambda table: table.span)


def _cells(passage: str, line: Span) -> Iterator[Span]:
    start = line.start
    for cell in line.of(passage).split(","):
        stripped = cell.strip()
        begin = start + cell.find(stripped)
        yield Span(begin, begin + len(stripped))
        start += len(cell) + 1


def of_reports(path: Path, reports: Path) -> Iterator[tuple[Example, list[Example]]]:
    """Yield the questions on reports with the piece that answers, or the likeliest one where none does."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    for name in sorted({row["document"] for row in rows}):
        pieces = _pieces((reports / name).read_text(encoding="utf-8"))
        index = bm25s.BM25()
        index.index([list(words(piece)) for piece in pieces], show_progress=False)
        for row in rows:
            if row["document"] != name:
                continue
            question, answer = row["q"], row["a"]
            found, _ = index.retrieve([list(words(question))], k=N_NEGATIVES + 2, show_progress=False)
            likely = [pieces[i] for i in found[0]]
            if not answer:
                example = Example(question, likely[0], -1, -1, 0)
                yield example, example.silent(likely[1:])
            elif home := next((piece for piece in pieces if row["in"] in piece), None):
                start = home.find(row["in"]) + row["in"].find(answer)
                others = [piece for piece in likely if piece != home and answer not in piece]
                example = Example(question, home, start, start + len(answer), 0)
                yield example, example.silent(others[:N_NEGATIVES])


def _pieces(text: str) -> list[str]:
    """Return runs of whole sentences of about :data:`PIECE_CHARS`."""
    pieces, begin, end = [], 0, 0
    for span in sentences(text):
        if span.end - begin > PIECE_CHARS and end > begin:
            pieces.append(text[begin:end])
            begin = end
        end = span.end
    return [*pieces, text[begin:]]
