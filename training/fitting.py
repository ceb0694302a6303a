"""What the two fits share: the command line, the indexes of the documents that sets ask about, a line of output."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from yinju.config import Settings
from yinju.evaluate import find_document
from yinju.figures.quantity import read_quantities

ROOT = Path(__file__).parents[1]
SETS = sorted((ROOT / "evals").glob("*.jsonl"))
QUESTIONS = Path(__file__).parent / "questions"
REPORTS_FIT = QUESTIONS / "reports_fit.jsonl"
WRITTEN_FIT = tuple(
    QUESTIONS / f"{name}.jsonl" for name in ("documents_fit", "tables_fit", "documents_fit_2", "documents_fit_3")
)
"""Questions that the reader was not trained on, and hardly a rule was made for: on reports; on invented documents,
without tables and with them."""


def run(
    about: str | None,
    dump: Callable[[argparse.Namespace], Iterator[dict]],
    fit: Callable[[list[dict], float], None],
    regularisation: float,
    more: Callable[[argparse.ArgumentParser], object] = lambda parser: None,
) -> None:
    """Dump rows to a file, or fit to those of one; ``more`` adds options to the dump."""
    parser = argparse.ArgumentParser(description=about)
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump")
    dumping.add_argument("--out", type=Path, required=True)
    dumping.add_argument("--indexes", type=Path, help="where to keep the indexes between runs")
    more(dumping)
    fitting = commands.add_parser("fit")
    fitting.add_argument("rows", type=Path)
    fitting.add_argument("--regularisation", type=float, default=regularisation)
    arguments = parser.parse_args()
    if arguments.command == "fit":
        fit([json.loads(line) for line in arguments.rows.open(encoding="utf-8")], arguments.regularisation)
        return
    with tempfile.TemporaryDirectory() as folder, arguments.out.open("w", encoding="utf-8") as file:
        arguments.indexes = arguments.indexes or Path(folder)
        for row in dump(arguments):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def assistant_on(document: str, indexes: Path):
    """Return an assistant on one document of a set, or one written for fitting; ``None`` where it is absent."""
    from yinju.assistant import open_assistant
    from yinju.index import build_index

    source = _written(document, indexes) or find_document(document, SETS[0], Settings.load())
    if source is None:
        return None
    settings = Settings.load(index=indexes / source.stem)
    build_index([source], settings)
    return open_assistant(settings=settings)


def _written(document: str, folder: Path) -> Path | None:
    """Write an invented document to a file beside the indexes."""
    written = (row for path in WRITTEN_FIT for row in _rows(path))
    text = next((row["text"] for row in written if row["document"] == document), None)
    if text is None:
        return None
    path = folder / "documents" / document
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def fit_questions() -> Iterator[tuple[str, dict]]:
    """Yield the questions kept for fitting in the form of evaluation questions, each with the name of its set."""
    for number, row in enumerate(_rows(REPORTS_FIT)):
        yield "reports_fit", _as_eval(f"reports-{number}", row)
    for path in WRITTEN_FIT:
        for row in _rows(path):
            for number, asked in enumerate(row["questions"]):
                document = row["document"]
                yield path.stem, _as_eval(f"{document}-{number}", {**asked, "document": document})


@cache
def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def _as_eval(name: str, row: dict) -> dict:
    gold: dict = {"status": "answered" if row["a"] else "abstained"}
    if row["a"]:
        gold["texts"] = [row["a"]]
        gold["value"] = next((str(found.value) for found in read_quantities(row["a"])), None)
    return {
        "id": name, "type": "span" if row["a"] else "unanswerable", "document": row["document"],
        "question": row["q"], "gold": gold, "evidence": [row["in"]] if row["a"] else [],
    }  # fmt: skip


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
