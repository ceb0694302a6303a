"""Fit the weights of ``yinju.evidence``: which evidence makes a sentence the answer, and when nothing is.

    python training/fit_evidence.py dump  --data ../shared/data/reading --out build/evidence.jsonl
    python training/fit_evidence.py fit   build/evidence.jsonl

``dump`` asks the questions of CMRC 2018's trial set of an index of its contexts, and of the development halves of
``evals/`` and of ``questions/reports_fit.jsonl`` those that are answered in words; each as it is, and once more with
the passages that answer taken away, so that nothing answers. Every candidate sentence becomes a row: its evidence,
and whether it answers.
``fit`` prints the weights of a logistic model, and how well it ranks and abstains on folds of questions left out.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from fitting import SETS, assistant_on, fit_questions, run, say

from yinju import question as questions
from yinju.asked import understand
from yinju.config import Settings
from yinju.consult import Consultation
from yinju.evidence import features
from yinju.figures.ledger import Ledger
from yinju.figures.profiles import Profiles
from yinju.read import gather, missing_names
from yinju.retrieve import synonyms
from yinju.text import fold
from yinju.types import Document, Hit, Passage, Span

WORDS = ("span", "list", "explain", "robust", "followup", "unanswerable")


def main() -> None:
    def more(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, required=True)
        parser.add_argument("--limit", type=int, default=600)

    run(__doc__, dump, fit, regularisation=0.1, more=more)


# ── rows ────────────────────────────────────────────────────────────────────────────────────


def dump(arguments: argparse.Namespace) -> Iterator[dict]:
    yield from from_reading(arguments.data / "cmrc2018_trial.json", arguments.limit)
    for path in SETS:
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        yield from from_set([row for row in rows if row.get("split") == "dev"], arguments.indexes)
    yield from from_set([row for _, row in fit_questions()], arguments.indexes)


def from_reading(path: Path, limit: int) -> Iterator[dict]:
    from examples import load

    from yinju.bench import MemoryIndex
    from yinju.embed import load_embedder
    from yinju.retrieve import Retriever

    settings = Settings.load()
    examples = [example for example in load(path) if example.question.strip()]
    contexts = list(dict.fromkeys(example.context for example in examples))
    embedder = load_embedder(settings)
    index = MemoryIndex(contexts, embedder, settings.passage_chars)
    retriever = Retriever(index, embedder)
    texts = {str(i): text for i, text in enumerate(contexts)}
    documents = {name: Document(name, name, text, text, "", "", "text/plain") for name, text in texts.items()}
    asker = Asker(documents, index.passages, Profiles(Ledger()))
    rng = random.Random(0)
    for number, example in enumerate(rng.sample(examples, min(limit, len(examples)))):
        home = str(contexts.index(example.context))
        hits = retriever.retrieve(example.question, 3 * settings.top_k)
        gold = [(home, Span(example.start, example.end))]
        yield asker.rows(f"cmrc-{number}", example.question, hits[: settings.top_k], gold)
        others = [hit for hit in hits if hit.passage.document != home and example.answer not in hit.passage.text]
        yield asker.rows(f"cmrc-{number}-without", example.question, others[: settings.top_k], [])


def from_set(rows: list[dict], indexes: Path) -> Iterator[dict]:
    from yinju.conversation import rewrite
    from yinju.figures.query import parse_question
    from yinju.types import Turn

    rows = [row for row in rows if row.get("type") in WORDS and "document" in row]
    assistants: dict[str, object] = {}
    for row in rows:
        name = row["document"]
        if name not in assistants:
            assistants[name] = assistant_on(name, indexes)
        assistant = assistants[name]
        if assistant is None:
            continue
        turns = []
        for earlier in row.get("history", []):
            turns.append(Turn(earlier, assistant.answer(earlier, turns)))
        standalone = rewrite(row["question"], turns, assistant.index)
        core = questions.core(standalone)
        if not core or parse_question(core).is_numeric:
            continue
        index = assistant.index
        readable = {name: document.readable for name, document in index.documents.items()}
        tables = {name: document.tables for name, document in index.documents.items()}
        profiles = Profiles(index.ledger, readable, tables)
        asker = Asker(index.documents, index.passages, profiles)
        text = index.documents[name].text
        answered = row["gold"]["status"] == "answered"
        gold = [
            (name, Span(text.find(quote), text.find(quote) + len(quote)))
            for quote in (row.get("evidence", []) if answered else [])
            if quote in text
        ]
        if answered and not gold:
            continue
        hits = assistant.retriever.retrieve(core, 3 * index.settings.top_k)
        yield asker.rows(row["id"], core, hits[: index.settings.top_k], gold)
        if gold:
            others = [hit for hit in hits if not says(hit.passage, gold, row["gold"])]
            yield asker.rows(f"{row['id']}-without", core, others[: index.settings.top_k], [])


def says(passage: Passage, places: list[tuple[str, Span]], gold: dict) -> bool:
    """Tell whether a passage holds the evidence, or words of the answer."""
    if any(passage.span.overlaps(span) for _, span in places):
        return True
    groups = [gold.get("texts") or [], *(gold.get("items") or []), *(gold.get("points") or [])]
    return any(fold(variant) in fold(passage.readable) for variants in groups for variant in variants)


class Asker:
    """Gathers the candidates of a question and labels them."""

    def __init__(self, documents: Mapping[str, Document], passages, profiles: Profiles) -> None:
        from yinju.reader import load_reader

        self.consultation = Consultation(load_reader(Settings.load().cache_dir), profiles, documents)
        self.texts = {name: fold(document.readable) for name, document in documents.items()}
        self.everything = "\n".join(self.texts.values())
        self.folded = [fold(passage.readable) for passage in passages]

    def rarity(self, word: str) -> float:
        n_holding = sum(word in text for text in self.folded)
        return float(np.log(1 + (len(self.folded) - n_holding + 0.5) / (n_holding + 0.5)))

    def rows(self, name: str, question: str, hits: list[Hit], gold: list[tuple[str, Span]]) -> dict:
        asked = understand(question, self.rarity, self.everything, synonyms(question))
        missing = missing_names(asked, self.texts.values())
        found = gather(asked, hits, self.texts, partial(self.consultation.read, question))
        rows = []
        for candidate in found:
            readable = fold(candidate.passage.readable)
            years = sum(year not in readable for year in asked.years)
            label = any(candidate.passage.document == home and candidate.span.overlaps(span) for home, span in gold)
            rows.append({"x": features(asked, candidate, len(missing), years), "y": int(label)})
        return {"id": name, "question": question, "asks": asked.asks, "answerable": bool(gold), "rows": rows}


# ── fit ─────────────────────────────────────────────────────────────────────────────────────

OWN_WEIGHT = 3.0
"""Weight of a question about reports and districts beside one about encyclopaedia paragraphs."""
ANSWERABLE = 0.7
"""Share of questions that documents answer, for the calibration."""


def fit(records: list[dict], regularisation: float) -> None:
    """Print calibrated weights, and what cross-validation says about them; a question's variants share a fold."""
    records = [record for record in records if record["rows"]]
    names = list(records[0]["rows"][0]["x"])
    chance = random.Random(0)
    bases = sorted({base(record) for record in records})
    fold = {name: chance.randrange(5) for name in bases}
    held_out = []
    for k in range(5):
        model = logistic([r for r in records if fold[base(r)] != k], names, regularisation)
        held_out += [(record, *best(record, model, names)) for record in records if fold[base(record)] == k]
    slope, shift = calibration(held_out)
    for title, mine in (("own sets", True), ("CMRC trial", False)):
        report(title, [(slope * odds + shift, right, r["answerable"]) for r, odds, right in held_out if own(r) is mine])
    final = logistic(records, names, regularisation)
    say(f"BIAS = {slope * final.intercept_[0] + shift:.2f}")
    weights = zip(names, slope * final.coef_[0], strict=True)
    say("WEIGHTS = {" + ", ".join(f'"{name}": {value:.2f}' for name, value in weights) + "}")


def own(record: dict) -> bool:
    return not record["id"].startswith("cmrc")


def base(record: dict) -> str:
    return record["id"].removesuffix("-without")


def logistic(records: list[dict], names: list[str], regularisation: float):
    from sklearn.linear_model import LogisticRegression

    rows = [(row, (OWN_WEIGHT if own(r) else 1.0) / len(r["rows"])) for r in records for row in r["rows"]]
    x = np.array([[row["x"][name] for name in names] for row, _ in rows])
    labels, weights = [row["y"] for row, _ in rows], [weight for _, weight in rows]
    return LogisticRegression(C=regularisation, max_iter=3000).fit(x, labels, sample_weight=weights)


def best(record: dict, model, names: list[str]) -> tuple[float, int]:
    """Return the log odds of the best candidate of a question, and whether it is the answer."""
    odds = model.decision_function(np.array([[row["x"][name] for name in names] for row in record["rows"]]))
    return float(odds.max()), record["rows"][int(odds.argmax())]["y"]


def calibration(held_out: list[tuple[dict, float, int]]) -> tuple[float, float]:
    """Return slope and shift that make the odds of a question's best candidate those of its being right (Platt)."""
    from sklearn.linear_model import LogisticRegression

    rows = [(odds, right, record["answerable"]) for record, odds, right in held_out if own(record)]
    n_answerable = sum(answerable for _, _, answerable in rows)
    share = {True: ANSWERABLE / n_answerable, False: (1 - ANSWERABLE) / (len(rows) - n_answerable)}
    weights = [len(rows) * share[answerable] for _, _, answerable in rows]
    model = LogisticRegression(C=100).fit([[odds] for odds, _, _ in rows], [r for _, r, _ in rows], weights)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def report(title: str, rows: list[tuple[float, int, bool]]) -> None:
    answerable, nothing = [r for r in rows if r[2]], [r for r in rows if not r[2]]
    share = 100 * sum(row[1] for row in answerable) / len(answerable)
    say(f"{title}: {len(answerable)} answerable, {len(nothing)} not; best candidate right: {share:.1f} %")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        least = float(np.log(threshold / (1 - threshold)))
        refused = sum(row[0] < least for row in answerable) / len(answerable)
        right = sum(row[0] >= least and row[1] for row in answerable) / len(answerable)
        kept = sum(row[0] < least for row in nothing) / len(nothing)
        say(
            f"  probability {threshold:.2f}: answerable right {100 * right:.1f}, refused {100 * refused:.1f}; "
            f"abstained {100 * kept:.1f} %"
        )


if __name__ == "__main__":
    main()
