"""Fit how far to believe a row of the ledger (``yinju.figures.belief``) to questions for figures.

    python training/fit_figures.py dump --out build/figures.jsonl
    python training/fit_figures.py fit build/figures.jsonl

``dump`` asks the questions of the development halves of ``evals/`` and writes down what is known of the rows that fail
nothing; the questions that the reader was trained on would flatter it. ``fit`` holds out one document after the other,
prints what comes of every threshold, and prints the weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np

from yinju import question as questions
from yinju.config import Settings
from yinju.figures import belief
from yinju.figures.lookup import weigh
from yinju.figures.matching import Candidate
from yinju.figures.operations import Operation
from yinju.figures.query import parse_question
from yinju.text import language_of

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "seeds", ROOT / "evals" / "articles", *(ROOT.parent / "shared" / "data").glob("*"))
N_ROWS = 6
"""Rows of a question that are written down: the first few, and all that are right."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump")
    dumping.add_argument("--out", type=Path, required=True)
    dumping.add_argument("--indexes", type=Path, help="where to keep the indexes between runs")
    fitting = commands.add_parser("fit")
    fitting.add_argument("rows", type=Path)
    fitting.add_argument("--regularisation", type=float, default=1.0)
    arguments = parser.parse_args()
    if arguments.command == "fit":
        fit([json.loads(line) for line in arguments.rows.open(encoding="utf-8")], arguments.regularisation)
        return
    with tempfile.TemporaryDirectory() as folder, arguments.out.open("w", encoding="utf-8") as file:
        for row in dump(arguments.indexes or Path(folder)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


# ── rows ────────────────────────────────────────────────────────────────────────────────────


def dump(indexes: Path) -> Iterator[dict]:
    paths = sorted((ROOT / "evals").glob("*.jsonl"))
    rows = [(path.stem, json.loads(line)) for path in paths for line in path.open(encoding="utf-8")]
    rows = [(name, row) for name, row in rows if row.get("split") == "dev" and "document" in row and "gold" in row]
    rows = [(name, row) for name, row in rows if not row.get("history") and row.get("index") != "folder"]
    for document in sorted({row["document"] for _, row in rows}):
        source = next((folder / document for folder in FOLDERS if (folder / document).is_file()), None)
        if source is None:
            continue
        answerer, text = opened(source, indexes / Path(document).stem)
        for name, row in rows:
            if row["document"] == document and (found := asked(row, answerer, text)):
                yield {"set": name, **found}


def opened(source: Path, index: Path):
    from yinju.answer import Answerer
    from yinju.assistant import open_assistant
    from yinju.index import build_index

    settings = Settings.load(index=index)
    build_index([source], settings)
    assistant = open_assistant(settings=settings)
    return Answerer(assistant.index, assistant.retriever), assistant.index.documents[source.name].text


def asked(row: dict, answerer, text: str) -> dict | None:
    """Return what is known of the rows for one question; ``None`` where it does not ask for one stated figure."""
    core = questions.core(row["question"])
    question = parse_question(core)
    plain = question.is_numeric and question.operation is Operation.LOOKUP and not question.operands
    if not core or not plain or question.claim is not None or row["gold"]["status"] == "conflict":
        return None
    evidence = answerer.evidence(question)
    fitting, ranked = weigh(question, evidence)
    places = [(text.find(quote), len(quote)) for quote in row.get("evidence", []) if quote in text]
    answers = [is_answer(candidate, row["gold"], places) for candidate in fitting]
    if row["gold"]["status"] == "answered" and not any(answers):
        return None  # to be worked out, or read in another way
    candidates = [
        {**described(candidate), "y": int(right)}
        for place, (candidate, right) in enumerate(zip(fitting, answers, strict=True))
        if place < N_ROWS or right
    ]
    failing = max((c.score for c in ranked if c.failure), default=0.0)
    features = belief.features(fitting, ranked) if fitting else None
    return {
        "id": row["id"], "document": row["document"], "question": row["question"], "english": language_of(core) == "en",
        "answerable": row["gold"]["status"] == "answered", "rows": candidates, "failing": failing, "x": features,
    }  # fmt: skip


def described(candidate: Candidate) -> dict:
    return {
        "score": candidate.score, "coverage": candidate.coverage, "meaning": candidate.meaning,
        "content": candidate.content, "unspoken": float(candidate.unspoken), "reader": candidate.opinion,
        "value": str(candidate.figure.quantity.value), "figure": candidate.figure.quantity.surface,
        "metric": candidate.figure.metric,
    }  # fmt: skip


def is_answer(candidate: Candidate, gold: dict, places: list[tuple[int, int]]) -> bool:
    span, value = candidate.figure.quantity.span, candidate.figure.quantity.value
    if gold["status"] != "answered" or gold.get("value") is None:
        return False
    inside = any(start <= span.start and span.end <= start + length for start, length in places)
    wanted = Decimal(gold["value"])
    # Units of length, area and weight may be converted on the way out.
    alike = any(abs(abs(value) * Decimal(10) ** n - abs(wanted)) <= abs(wanted) / 500 for n in (0, 3, 4, 6, -3, -4, -6))
    return inside and alike


# ── fit ─────────────────────────────────────────────────────────────────────────────────────


def fit(records: list[dict], regularisation: float) -> None:
    from sklearn.linear_model import LogisticRegression

    records = [record for record in records if record["rows"]]
    names = list(belief.WEIGHTS)

    def matrix(part: list[dict]) -> np.ndarray:
        return np.array([[record["x"][name] for name in names] for record in part])

    def labels(part: list[dict]) -> list[int]:
        return [record["rows"][0]["y"] for record in part]

    model = LogisticRegression(C=regularisation, max_iter=3000)
    for document in sorted({record["document"] for record in records}):
        rest = [record for record in records if record["document"] != document]
        mine = [record for record in records if record["document"] == document]
        model.fit(matrix(rest), labels(rest))
        for record, odds in zip(mine, model.decision_function(matrix(mine)), strict=True):
            record["probability"] = 1 / (1 + np.exp(-odds))
    for name in sorted({record["set"] for record in records}):
        report(name, [record for record in records if record["set"] == name])
    report("all", records)
    model.fit(matrix(records), labels(records))
    say(f"BIAS = {model.intercept_[0]:.2f}")
    weights = zip(names, model.coef_[0], strict=True)
    say("WEIGHTS = {" + ", ".join(f'"{name}": {value:.2f}' for name, value in weights) + "}")


def report(name: str, records: list[dict]) -> None:
    answerable = [record for record in records if record["answerable"]]
    first = sum(record["rows"][0]["y"] for record in answerable)
    say(f"{name}: {len(answerable)} answerable, first row right {first}, {len(records) - len(answerable)} not")
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        given = [record for record in records if record["probability"] >= threshold]
        right = sum(record["rows"][0]["y"] for record in given)
        nothing = sum(not record["answerable"] for record in given)
        say(f"  {threshold:.2f}: right {right}, wrong {len(given) - right}, of which unanswerable {nothing}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
