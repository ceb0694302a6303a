"""Running an evaluation set: ask every question, score every answer, hold it against the last report and the gate.

A question is asked of an index that holds its own document alone, or of one that holds the whole folder of it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from yinju.baseline import find_changes, find_failures, read_thresholds
from yinju.config import Settings
from yinju.errors import EvaluationError, IndexCorruptError, IndexMissingError, UsageError, YinjuError
from yinju.evalset import EvalSet, Question, check_evidence, find_evidence, read_set
from yinju.metrics import Score, Verdict, count_verbatim, evidence_cited, judge, retrieval
from yinju.report import Report, measure
from yinju.types import Answer, Hit, Turn

if TYPE_CHECKING:
    from yinju.assistant import Assistant
    from yinju.index import Progress

DEFAULT_SET = Path("evals/nanshan.jsonl")
SPLITS = ("dev", "frozen", "all")
TOP_K = 10
"""Passages looked at for the retrieval metrics."""


class Asker(Protocol):
    """What is measured; an :class:`~yinju.assistant.Assistant` is one."""

    def answer(self, question: str, turns: Sequence[Turn]) -> Answer:
        """Answer a question that follows ``turns``."""

    def retrieve(self, question: str, top_k: int | None = None) -> list[Hit]:
        """Return the passages nearest to a standalone question, best first."""


def run_evaluation(
    path: Path | None, settings: Settings, *, split: str = "dev", progress: Progress | None = None
) -> Report:
    """Score an evaluation set, write its report to ``reports/`` beside it, and compare.

    Args:
        path: The set; default is the one on the seed document.
        settings: Name the index; one that holds just the document asked about is used, else a temporary one is built.
        split: ``dev``, ``frozen`` or ``all``.
        progress: Told what goes on.

    Returns:
        The report; its ``skipped`` says so when a document is not there.

    Raises:
        UsageError: There is no such split.
        EvaluationError: The set, the thresholds or the last report is not in the form.
    """
    if split not in SPLITS:
        raise UsageError(f"There is no split '{split}'.", f"Choose one of {', '.join(SPLITS)}.")
    eval_set = read_set(path or DEFAULT_SET)
    sources = {name: find_document(name, eval_set.path, settings) for name in eval_set.documents}
    missing = [name for name, source in sources.items() if source is None]
    if missing:
        return Report(eval_set.name, split, skipped=f"it asks about {', '.join(missing)}, which is not here.")
    asked = [question for question in eval_set.questions if split in ("all", question.split)]
    if not asked:
        raise EvaluationError(f"{eval_set.path} has no questions in the split '{split}'.", "Choose another split.")
    present = {name: source for name, source in sources.items() if source is not None}
    indexes = group_by_index(asked, present)
    scores = _score_indexes(eval_set, indexes, settings, progress)
    files = {path.name: path for paths in indexes for path in paths}
    return _report(eval_set, split, [scores[question.id] for question in asked], files, settings)


def _score_indexes(
    eval_set: EvalSet,
    indexes: Mapping[tuple[Path, ...], Sequence[Question]],
    settings: Settings,
    progress: Progress | None,
) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for paths, questions in indexes.items():
        with open_index_of(paths, settings, progress) as assistant:
            texts = _texts_of(assistant)
            check_evidence(eval_set, texts)
            for score in evaluate(assistant, questions, texts, progress):
                scores[score.question.id] = score
    return scores


def _report(
    eval_set: EvalSet, split: str, scores: Sequence[Score], sources: Mapping[str, Path], settings: Settings
) -> Report:
    folder = eval_set.path.parent
    draft = Report(eval_set.name, split)
    outcome = {score.question.id: score.verdict.right for score in scores}
    report = Report(
        eval_set.name,
        split,
        fingerprint=fingerprint(eval_set, sources, settings),
        scores=tuple(scores),
        changes=find_changes(draft.path(folder / "reports"), outcome, eval_set.sha256),
        failures=find_failures(measure(scores), read_thresholds(folder / "thresholds.toml", eval_set.name)),
    )
    report.write(folder / "reports")
    return report


def fingerprint(eval_set: EvalSet, sources: Mapping[str, Path], settings: Settings) -> dict[str, Any]:
    """Return what the numbers of a report depend on."""
    from yinju import __version__

    return {
        "yinju": __version__,
        "settings": settings.fingerprint(),
        "embed_model": settings.embed_model,
        "llm_model": settings.llm_model or None,
        "set_sha256": eval_set.sha256,
        "documents": {name: _sha256(source) for name, source in sources.items()},
    }


# ── documents and their index ───────────────────────────────────────────────────────────────


def find_document(name: str, set_path: Path, settings: Settings) -> Path | None:
    """Find a document by its file name: in the seeds, beside the sets, in the data beside the checkout."""
    project = set_path.resolve().parents[1]
    for root in (settings.seeds, project / "seeds", set_path.parent, project.parent / "shared" / "data"):
        found = sorted(path for path in root.rglob("*") if path.name == name and path.is_file())
        if found:
            return found[0]
    return None


def group_by_index(
    questions: Sequence[Question], sources: Mapping[str, Path]
) -> dict[tuple[Path, ...], list[Question]]:
    """Group questions by the files of the index they are asked of, in the order of their first question.

    Args:
        questions: The questions.
        sources: Where each document is, by the name that the set uses.
    """
    groups: dict[tuple[Path, ...], list[Question]] = {}
    for question in questions:
        source = sources[question.document]
        folder = sorted(source.parent.glob(f"*{source.suffix}")) if question.index == "folder" else [source]
        groups.setdefault(tuple(folder), []).append(question)
    return groups


@contextmanager
def open_index_of(paths: Sequence[Path], settings: Settings, progress: Progress | None) -> Iterator[Assistant]:
    """Open the index of the settings if it holds just these files, else a temporary one built from them."""
    from yinju.assistant import Assistant
    from yinju.index import build_index, load_index

    try:
        index = load_index(settings)
    except (IndexMissingError, IndexCorruptError):
        index = None
    if index is not None and {each.sha256 for each in index.documents.values()} == set(map(_sha256, paths)):
        yield Assistant(index)
        return
    with tempfile.TemporaryDirectory(prefix="yinju-eval-") as folder:
        own = settings.model_copy(update={"index": Path(folder) / "index"})
        build_index(paths, own, progress=progress)
        yield Assistant(load_index(own))


def _texts_of(assistant: Assistant) -> dict[str, str]:
    return {document.name.rpartition("/")[2]: document.text for document in assistant.index.documents.values()}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ── asking ──────────────────────────────────────────────────────────────────────────────────


def evaluate(
    assistant: Asker, questions: Sequence[Question], texts: Mapping[str, str], progress: Progress | None = None
) -> list[Score]:
    """Ask every question of one index and score the answers; same order.

    Args:
        assistant: What is asked; conversations with the same beginning share the answers of that beginning.
        questions: About documents of that index.
        texts: The documents' texts, which offsets refer to, by file name.
        progress: Told after each question.
    """
    tell = progress or _silent
    turns: dict[tuple[str, ...], tuple[Turn, ...]] = {(): ()}
    scores = []
    for number, question in enumerate(questions, 1):
        scores.append(_score(assistant, question, texts, turns))
        tell(f"asking about {question.document}", number, len(questions))
    return scores


def _silent(stage: str, done: int = 0, total: int | None = None) -> None:
    """Tell nobody."""


def _score(
    assistant: Asker, question: Question, texts: Mapping[str, str], turns: dict[tuple[str, ...], tuple[Turn, ...]]
) -> Score:
    try:
        earlier = _replay(assistant, question.history, turns)
        start = perf_counter()
        answer = assistant.answer(question.question, earlier)
        milliseconds = 1000 * (perf_counter() - start)
    except YinjuError as error:
        return Score(question, Verdict(False, f"failed: {error.message}"))
    evidence = find_evidence(question, texts[question.document])
    cited = evidence_cited(question, answer, evidence)
    recall, reciprocal_rank = None, None
    if evidence:
        hits = assistant.retrieve(answer.standalone_question, top_k=TOP_K)
        recall, reciprocal_rank = retrieval(question, hits, evidence)
    return Score(
        question,
        judge(question, answer),
        answer,
        citation_hit=None if cited is None else cited > 0,
        evidence_cited=cited,
        n_verbatim=sum(count_verbatim(answer, text, name) for name, text in texts.items()),
        recall=recall,
        reciprocal_rank=reciprocal_rank,
        milliseconds=milliseconds,
    )


def _replay(
    assistant: Asker, history: tuple[str, ...], turns: dict[tuple[str, ...], tuple[Turn, ...]]
) -> tuple[Turn, ...]:
    if history not in turns:
        earlier = _replay(assistant, history[:-1], turns)
        turns[history] = (*earlier, Turn(history[-1], assistant.answer(history[-1], earlier)))
    return turns[history]
