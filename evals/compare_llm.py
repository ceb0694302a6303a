"""The same questions answered in four ways, with a language model on an OpenAI-compatible server.

`python evals/compare_llm.py evals/SET.jsonl --base-url URL --model NAME [--split frozen] [--limit N] [--indexes DIR]
[--timeout SECONDS] [--out FILE]` prints one table; `--out` takes every text with its marks, as JSON.

*extractive* is yinju without a model; *checked* is yinju in the model's words as far as they stood the check, else its
extractive answer; *unchecked* is everything the model wrote for that; *citation engine* is LlamaIndex's
`CitationQueryEngine` with the same model, document and embeddings. Where yinju withholds an answer the model is not
asked, and that stands in the first three.

Answers of yinju's are judged as everywhere (evals/README.md), bare text and wrong numbers as `bare_text.py` says.
Questions with a history are left out, and a server that fails or takes too long has not answered.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bare_text import Known, clean, judge_text, known_of, wrong_numbers

from yinju.assistant import Assistant
from yinju.config import Settings
from yinju.embed import load_embedder
from yinju.evalset import Question, read_set
from yinju.evaluate import SPLITS, find_document, group_by_index
from yinju.generate.write import _NOT_PROVEN
from yinju.index import Index, build_index, load_index
from yinju.metrics import judge
from yinju.types import Answer

COLUMNS = ("extractive", "checked", "unchecked", "citation engine")
CHECKED = COLUMNS[1]
TOP_K = 5
"""Passages for the citation engine; yinju gives a model as many besides what it cites."""
CONTEXT_WINDOW = 4096


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question in one column.

    Attributes:
        text: What came; empty where the server did not answer.
        right, why: As held against the gold.
        wrong_numbers: As written.
        seconds: From question to answer.
        prose: Whether the model's prose was ``used``, ``replaced``, or the model ``not asked``; of checked answers.
        blocked, removed: Numbers, and sentences with the reason, that the checks kept back.
    """

    text: str
    right: bool
    why: str
    wrong_numbers: tuple[str, ...]
    seconds: float
    prose: str = ""
    blocked: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()


Ask = Callable[[str], str]
Outcomes = Mapping[str, Outcome]
"""One question's outcomes by column."""

# ── one answer ──────────────────────────────────────────────────────────────────────────────


def of_answer(question: Question, answer: Answer, known: Known) -> Outcome:
    """Judge an answer of yinju's."""
    verdict, made, seconds = judge(question, answer), answer.generated, answer.timings_ms["total"] / 1000
    wrong = wrong_numbers(clean(question, answer.text), known, question.gold)
    outcome = Outcome(answer.text, verdict.right, verdict.why, wrong, seconds, "not asked")
    if made is None:
        return outcome
    prose = "used" if made.used else "replaced"
    return replace(outcome, prose=prose, blocked=made.blocked_numbers, removed=made.removed)


def of_text(question: Question, text: str, known: Known, seconds: float, trouble: str = "") -> Outcome:
    """Judge bare text; with ``trouble`` nothing of it counts."""
    text = "" if trouble else text
    verdict, wrong = judge_text(question, text), wrong_numbers(clean(question, text), known, question.gold)
    return Outcome(text, verdict.right, trouble or verdict.why, wrong, seconds)


# ── one question ────────────────────────────────────────────────────────────────────────────


def compare(
    question: Question, alone: Assistant, writing: Assistant, engine: Ask, known: Known, timeout: float
) -> Outcomes:
    """Answer one question in every way; ``known`` are the numbers of the documents, ``timeout`` is in seconds."""
    extractive, answer = alone.ask(question.question), writing.ask(question.question)
    known = known.plus(question.question, extractive.formula or "", answer.formula or "")
    checked = unchecked = of_answer(question, answer, known)
    if answer.generated is not None:
        trouble = "" if answer.notice in _NOT_PROVEN.values() else answer.notice
        unchecked = of_text(question, answer.generated.raw, known, checked.seconds, trouble)
    text, trouble, seconds = bounded(engine, question.question, timeout)
    cited = of_text(question, text, known, seconds, trouble)
    return dict(zip(COLUMNS, (of_answer(question, extractive, known), checked, unchecked, cited), strict=True))


def bounded(ask: Ask, question: str, timeout: float) -> tuple[str, str, float]:
    """Ask within a time; return the text, what went wrong (empty if nothing did), and the seconds it took."""
    start, pool = perf_counter(), ThreadPoolExecutor(1)
    try:
        text, trouble = pool.submit(ask, question).result(timeout), ""
    except Exception as error:  # the edge: a foreign server can provoke anything
        text, trouble = "", type(error).__name__
    pool.shutdown(wait=False)
    return text, trouble, perf_counter() - start


def citation_engine(index: Index, embed_model: Any, settings: Settings) -> Ask:
    """Return LlamaIndex's engine over the documents of an index, cut as its citations are by default."""
    import llama_index.core.query_engine.citation_query_engine as citing
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.llms.openai_like import OpenAILike

    model = OpenAILike(
        model=settings.llm_model, api_base=settings.llm_base_url, is_chat_model=True, temperature=0.0, max_retries=0,
        api_key=settings.llm_api_key.get_secret_value() or "none", timeout=settings.llm_timeout,
        max_tokens=settings.llm_max_tokens, context_window=CONTEXT_WINDOW,
    )  # fmt: skip
    splitter = SentenceSplitter(
        chunk_size=citing.DEFAULT_CITATION_CHUNK_SIZE, chunk_overlap=citing.DEFAULT_CITATION_CHUNK_OVERLAP
    )
    nodes = splitter.get_nodes_from_documents([Document(text=each.text) for each in index.documents.values()])
    store = VectorStoreIndex(nodes, embed_model=embed_model)
    engine = citing.CitationQueryEngine.from_args(store, llm=model, similarity_top_k=TOP_K)
    return lambda question: getattr(engine.query(question), "response", None) or ""


# ── the whole set ───────────────────────────────────────────────────────────────────────────


def compare_all(questions: Sequence[Question], path: Path, indexes: Path, settings: Settings) -> dict[str, Outcomes]:
    """Answer questions, each from an index of its own document; return the outcomes by the questions' ids."""
    found: dict[str, Outcomes] = {}
    embedder = load_embedder(settings)
    embed_model = embedder.as_llama_index()
    sources = {each.document: find_document(each.document, path, settings) for each in questions}
    present = {name: source for name, source in sources.items() if source is not None}
    for name in sources.keys() - present:
        sys.stderr.write(f"{name} is not here: its questions are left out\n")
    for paths, asked in group_by_index([each for each in questions if each.document in present], present).items():
        own = settings.model_copy(update={"index": indexes / paths[0].stem})
        build_index(paths, own, embedder=embedder)
        alone = Assistant(load_index(own.model_copy(update={"llm_base_url": ""})), embedder)
        writing = Assistant(load_index(own), embedder)
        engine, known = citation_engine(alone.index, embed_model, own), known_of(alone.index)
        for question in asked:
            found[question.id] = compare(question, alone, writing, engine, known, own.llm_timeout)
            marks = ", ".join(f"{name} {'right' if o.right else 'wrong'}" for name, o in found[question.id].items())
            sys.stderr.write(f"{len(found)} of {len(questions)}: {question.id}: {marks}\n")
    return found


def table(found: Sequence[Outcomes]) -> str:
    """Return what is counted, by column; the last four rows are of checked answers."""
    asked = [each for each in found if each[CHECKED].prose != "not asked"]
    rows: dict[str, Callable[[str], object]] = {
        "right": lambda name: sum(each[name].right for each in found),
        "right, where the model was asked": lambda name: sum(each[name].right for each in asked),
        "with a wrong number": lambda name: sum(bool(each[name].wrong_numbers) for each in found),
        "not answered": lambda name: sum(not each[name].text for each in found),
        "seconds, median": lambda name: _median([each[name].seconds for each in found]),
        "seconds, where the model was asked": lambda name: _median([each[name].seconds for each in asked]),
        "the model's prose used": lambda name: sum(each[name].prose == "used" for each in asked),
        "the extractive answer instead": lambda name: sum(each[name].prose == "replaced" for each in asked),
        "numbers blocked": lambda name: sum(len(each[name].blocked) for each in asked),
        "sentences removed": lambda name: sum(len(each[name].removed) for each in asked),
    }
    lines = [f"{len(found)} questions, the model asked for {len(asked)}"]
    lines += [f"{'':36}" + "".join(f"{name:>17}" for name in COLUMNS)]
    for place, (label, count) in enumerate(rows.items()):
        cells = [str(count(name)) if place < len(rows) - 4 or name == CHECKED else "" for name in COLUMNS]
        lines.append((f"{label:36}" + "".join(f"{cell:>17}" for cell in cells)).rstrip())
    return "\n".join(lines)


def _median(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.1f}" if seconds else "-"


def main() -> None:
    """Compare on a set from the command line."""
    parser = argparse.ArgumentParser(description="Four ways to answer, side by side.")
    parser.add_argument("set", type=Path)
    parser.add_argument("--split", choices=SPLITS, default="frozen")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--limit", type=int, help="ask only so many questions, the first ones")
    parser.add_argument("--timeout", type=float, default=180.0, help="seconds for one answer (%(default)s)")
    parser.add_argument("--indexes", type=Path, help="folder that keeps the indexes for the next run")
    parser.add_argument("--out", type=Path, help="file for every text with its marks, as JSON")
    chosen = parser.parse_args()
    half = [each for each in read_set(chosen.set).questions if chosen.split in ("all", each.split)]
    questions = [each for each in half if not each.history]
    sys.stderr.write(f"{len(half) - len(questions)} questions with a history are left out\n")
    settings = Settings.load(
        llm_base_url=chosen.base_url, llm_model=chosen.model, llm_timeout=chosen.timeout, llm_retries=0
    )
    with tempfile.TemporaryDirectory(prefix="yinju-compare-") as folder:
        found = compare_all(questions[: chosen.limit], chosen.set, chosen.indexes or Path(folder), settings)
    if chosen.out:
        written = {id_: {name: asdict(each) for name, each in row.items()} for id_, row in found.items()}
        value = {"set": chosen.set.stem, "split": chosen.split, "model": chosen.model, "questions": written}
        chosen.out.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{chosen.set.stem}, {chosen.split}: {table(list(found.values()))}\n")


if __name__ == "__main__":
    main()
