"""Fit how far to believe a row of the ledger (``yinju.figures.belief``) to questions for figures.

    python training/fit_figures.py dump --out build/figures.jsonl
    python training/fit_figures.py fit build/figures.jsonl

``dump`` asks the questions of ``questions/*_fit.jsonl``, which the reader was not trained on, and those
of the development halves of ``evals/``, and writes down what is known of the rows that fail nothing. ``fit`` holds out
an eighth of the documents after the other, prints what comes of every threshold, and prints the weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from fitting import SETS, assistant_on, fit_questions, run, say

from yinju import question as questions
from yinju.answer import Answerer
from yinju.figures import belief
from yinju.figures.lookup import weigh
from yinju.figures.matching import Candidate
from yinju.figures.operations import Operation
from yinju.figures.query import parse_question
from yinju.types import TIMES

FRESH = {
    "reports_3",
    "reports_fit",
    "documents_fit",
    "documents_fit_2",
    "documents_fit_3",
    "tables_fit",
    "notices",
    "annals",
}
TIMES_FRESH = 3
"""Sets that hardly anything was mended for count so many times: elsewhere the words cover more than they would."""
N_FOLDS = 8
TOWARDS = 3.0
"""How much weights are held where they are, when they are only corrected."""
N_ROWS = 15
"""Rows of a question that are written down: the first few, and all that are right."""


def main() -> None:
    run(__doc__, dump, fit, regularisation=1.0)


# ── rows ────────────────────────────────────────────────────────────────────────────────────


def dump(arguments: argparse.Namespace) -> Iterator[dict]:
    rows = [(path.stem, json.loads(line)) for path in SETS for line in path.open(encoding="utf-8")]
    rows = [(name, row) for name, row in rows if row.get("split") == "dev" and "document" in row and "gold" in row]
    rows = [(name, row) for name, row in rows if not row.get("history") and row.get("index") != "folder"]
    rows += list(fit_questions())
    for document in sorted({row["document"] for _, row in rows}):
        assistant = assistant_on(document, arguments.indexes)
        if assistant is None:
            continue
        answerer = Answerer(assistant.index, assistant.retriever)
        text = assistant.index.documents[document].text
        for name, row in rows:
            if row["document"] == document and (found := asked(row, answerer, text)):
                yield {"set": name, **found}


def asked(row: dict, answerer: Answerer, text: str) -> dict | None:
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
    rows = [
        {
            "x": x,
            "value": value,
            "thing": thing,
            "figure": c.figure.quantity.surface,
            "y": int(right),
        }
        for place, (c, x, value, thing, right) in enumerate(
            zip(fitting, belief.described(fitting), *belief.stated(fitting), answers, strict=True)
        )
        if place < N_ROWS or right
    ]
    failing = max((c.score for c in ranked if not c.can_answer and c.figure.quantity.kind not in TIMES), default=0.0)
    return {
        "id": row["id"], "document": row["document"], "question": row["question"],
        "answerable": row["gold"]["status"] == "answered", "rows": rows, "failing": failing,
    }  # fmt: skip


def is_answer(candidate: Candidate, gold: dict, places: list[tuple[int, int]]) -> bool:
    span, value = candidate.figure.quantity.span, candidate.figure.quantity.value
    if gold["status"] != "answered" or gold.get("value") is None:
        return False
    inside = any(start <= span.start and span.end <= start + length for start, length in places)
    wanted = Decimal(gold["value"])
    # Units of length, area and weight may be converted on the way out; the scale of a cell stands elsewhere.
    scales = (0, 3, 4, 6, 8, -3, -4, -6)
    alike = any(abs(abs(value) * Decimal(10) ** n - abs(wanted)) <= abs(wanted) / 500 for n in scales)
    return inside and alike


# ── fit ─────────────────────────────────────────────────────────────────────────────────────


def fit(records: list[dict], regularisation: float) -> None:
    records = [record for record in records if record["rows"]]
    documents = sorted({record["document"] for record in records})
    for held in (set(documents[fold::N_FOLDS]) for fold in range(N_FOLDS)):
        order, model = fitted([record for record in records if record["document"] not in held], regularisation)
        for record in records:
            if record["document"] in held:
                first, x = winner(record, order)
                record["right"], record["plain"] = first["y"], winner(record, belief.ORDER)[0]["y"]
                record["probability"] = model.predict_proba([x])[0][1]
    for name in sorted({record["set"] for record in records}):
        report(name, [record for record in records if record["set"] == name])
    report("all", records)
    order, model = fitted(records, regularisation)
    say("ORDER = {" + ", ".join(f'"{name}": {value:.2f}' for name, value in order.items()) + "}")
    say(f"BIAS = {model.intercept_[0]:.2f}")
    weights = zip(belief.WEIGHTS, model.coef_[0], strict=True)
    say("WEIGHTS = {" + ", ".join(f'"{name}": {value:.2f}' for name, value in weights) + "}")
    bias, mended = corrected(records)
    say(f"or, the order as it is and few records: BIAS = {bias:.2f}")
    say("WEIGHTS = {" + ", ".join(f'"{name}": {value:.2f}' for name, value in mended.items()) + "}")


def corrected(records: list[dict]) -> tuple[float, dict[str, float]]:
    """Return bias and weights as they are, moved as far as some records tell: for a reader that was trained further."""
    from scipy.optimize import minimize

    winners = [winner(record, belief.ORDER) for record in records]
    rows, right = np.array([x for _, x in winners]), np.array([first["y"] for first, _ in winners])
    before = rows @ np.array(list(belief.WEIGHTS.values())) + belief.BIAS

    def loss(moved: np.ndarray) -> tuple[float, np.ndarray]:
        odds = before + rows @ moved[:-1] + moved[-1]
        missed = 1 / (1 + np.exp(-odds)) - right
        total = float((np.logaddexp(0, odds) - right * odds).sum() + TOWARDS * moved[:-1] @ moved[:-1])
        return total, np.append(rows.T @ missed + 2 * TOWARDS * moved[:-1], missed.sum())

    moved = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = zip(belief.WEIGHTS.items(), moved, strict=False)
    return belief.BIAS + moved[-1], {name: weight + move for (name, weight), move in weights}


def fitted(records: list[dict], regularisation: float):
    """Return the order of rows (a conditional logit) and the model of how far to believe the first (logistic)."""
    from sklearn.linear_model import LogisticRegression

    records = [record for record in records for _ in range(TIMES_FRESH if record["set"] in FRESH else 1)]
    order = fitted_order([record for record in records if record["answerable"]], regularisation)
    winners = [winner(record, order) for record in records]
    model = LogisticRegression(C=regularisation, max_iter=3000)
    model.fit(np.array([x for _, x in winners]), [first["y"] for first, _ in winners])
    return order, model


def fitted_order(records: list[dict], regularisation: float) -> dict[str, float]:
    from scipy.optimize import minimize

    names = list(belief.ORDER)
    sets = [
        (
            np.array([[row["x"][name] for name in names] for row in record["rows"]]),
            np.array([row["y"] for row in record["rows"]]),
        )
        for record in records
    ]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        ridge = 0.05 / regularisation
        total, slope = ridge * float(weights @ weights), 2 * ridge * weights
        for rows, right in sets:
            worth = rows @ weights
            chance = np.exp(worth - worth.max())
            chance /= chance.sum()
            given = float((chance * right).sum()) + 1e-9
            total -= float(np.log(given))
            slope = slope + rows.T @ chance - rows.T @ (chance * right) / given
        return total, slope

    # A doubt never speaks for a row.
    bounds = [(None, 0.0 if name.startswith("doubt_") else None) for name in names]
    return dict(zip(names, minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds).x.tolist(), strict=True))


def winner(record: dict, order: dict[str, float]) -> tuple[dict, list[float]]:
    """Return the worthiest row of a question and the evidence for it."""
    described = [row["x"] for row in record["rows"]]
    worth = belief.worths(described, order)
    values, things = ([row[key] for row in record["rows"]] for key in ("value", "thing"))
    evidence = belief.summary(described, values, things, worth, record["failing"])
    return record["rows"][int(np.argmax(worth))], [evidence[name] for name in belief.WEIGHTS]


def report(name: str, records: list[dict]) -> None:
    answerable = [record for record in records if record["answerable"]]
    first, before = (sum(record[key] for record in answerable) for key in ("right", "plain"))
    n_without = len(records) - len(answerable)
    say(f"{name}: {len(answerable)} answerable, first right {first} (before {before}), {n_without} not")
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        given = [record for record in records if record["probability"] >= threshold]
        right = sum(record["right"] for record in given)
        nothing = sum(not record["answerable"] for record in given)
        say(f"  {threshold:.2f}: right {right}, wrong {len(given) - right}, of which unanswerable {nothing}")


if __name__ == "__main__":
    main()
