"""An evaluation as a report: JSON and Markdown files, a table in the terminal.

Questions of the frozen half that came out wrong are named by their ids alone, so that nobody tunes on them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yinju.baseline import Changes
from yinju.evalset import Gold
from yinju.metrics import Score, latency, summarise
from yinju.types import plain

if TYPE_CHECKING:
    from rich.console import Console

# Columns of the tables: heading, short enough for a terminal of 80 characters → metric.
COLUMNS = {
    "n": "n", "right": "accuracy", "cited": "citation_hit", "verbatim": "verbatim",
    "R@1": "recall@1", "R@5": "recall@5", "R@8": "recall@8", "MRR": "mrr", "refused": "refused_answerable",
}  # fmt: skip
LEGEND = (
    "right: answers that meet the gold; cited: given answers with a citation on the evidence; verbatim: citations that "
    "are the document's words; R@k, MRR: retrieval of the evidence; refused: answerable questions abstained from"
)
OVERALL = {
    "answer accuracy, answerable questions": "accuracy_answerable", "list items and points found": "found",
    "evidence cited": "evidence_cited", "abstention precision": "abstention_precision",
    "abstention recall": "abstention_recall", "answerable questions refused": "refused_answerable",
    "reason of abstention right": "reason_right",
}  # fmt: skip


def measure(scores: Sequence[Score]) -> dict[str, dict[str, Any]]:
    """Return the metrics by split, ``all`` included when there is more than one, each with its ``types``."""
    splits = sorted({score.question.split for score in scores})
    groups: dict[str, list[Score]] = {
        split: [score for score in scores if score.question.split == split] for split in splits
    }
    if len(splits) > 1:
        groups["all"] = list(scores)
    return {split: {**summarise(group), "types": _by_type(group)} for split, group in groups.items()}


def _by_type(scores: Sequence[Score]) -> dict[str, Any]:
    types = dict.fromkeys(score.question.type for score in scores)
    return {type_: summarise([score for score in scores if score.question.type == type_]) for type_ in types}


@dataclass(frozen=True)
class Report:
    """The outcome of an evaluation.

    Attributes:
        name: Name of the set.
        split: ``dev``, ``frozen`` or ``all``.
        fingerprint: What the numbers depend on: settings, model, version, questions, documents.
        scores: One for each question, in the order of the set.
        changes: Against the last committed report.
        failures: Thresholds that do not hold; empty when all do.
        skipped: Why nothing was scored; empty when something was.
    """

    name: str
    split: str
    fingerprint: Mapping[str, Any] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    changes: Changes = field(default_factory=Changes)
    failures: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def passes(self) -> bool:
        """Whether the gate lets it through; a set that had to be skipped does not stop it."""
        return not self.failures

    @cached_property
    def metrics(self) -> dict[str, dict[str, Any]]:
        """Metrics by split, in percent."""
        return measure(self.scores)

    @property
    def wrong(self) -> tuple[Score, ...]:
        """Questions of the dev half that came out wrong."""
        return tuple(s for s in self.scores if not s.verdict.right and s.question.split == "dev")

    @property
    def wrong_frozen(self) -> tuple[str, ...]:
        """Ids of frozen questions that came out wrong."""
        return tuple(s.question.id for s in self.scores if not s.verdict.right and s.question.split == "frozen")

    def to_file_json(self) -> dict[str, Any]:
        """Return what is written to the file: the same for the same code and questions, ``latency`` aside."""
        return {
            "set": self.name,
            "split": self.split,
            "fingerprint": dict(self.fingerprint),
            "metrics": self.metrics,
            "questions": {score.question.id: score.verdict.right for score in self.scores},
            "wrong": {"dev": [_wrong_json(score) for score in self.wrong], "frozen": list(self.wrong_frozen)},
            "latency": latency(self.scores),
        }

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            **self.to_file_json(),
            "skipped": self.skipped or None,
            "changes": self.changes.to_json(),
            "gate": {"passes": self.passes, "failures": list(self.failures)},
        }

    def write(self, folder: Path) -> None:
        """Write the JSON and the Markdown file; whole, or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_file_json(), ensure_ascii=False, indent=1) + "\n"
        for path, content in ((self.path(folder), text), (self.path(folder).with_suffix(".md"), self.to_markdown())):
            draft = path.with_name(f".{path.name}.part")
            draft.write_text(content, encoding="utf-8")
            draft.replace(path)

    def path(self, folder: Path) -> Path:
        """Return the JSON file's place; the dev half has the plain name."""
        return folder / f"{self.name}{'' if self.split == 'dev' else '-' + self.split}.json"

    # ── Markdown ────────────────────────────────────────────────────────────────────────────

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        parts = [f"# Evaluation: {self.name}, {self.split}", f"In percent. {LEGEND[0].upper()}{LEGEND[1:]}."]
        for split, metrics in self.metrics.items():
            parts += [f"## {split}", _markdown_table(_rows(metrics)), _markdown_list(_overall(metrics))]
        parts += ["## Changes", _markdown_list(_change_lines(self.changes))]
        if self.wrong or self.wrong_frozen:
            parts.append("## Wrong")
        if self.wrong:
            parts.append(
                _markdown_table([("id", "question", "expected", "answer", "why"), *map(_wrong_row, self.wrong)])
            )
        if self.wrong_frozen:
            parts.append(f"Frozen, by id alone: {', '.join(self.wrong_frozen)}")
        times = latency(self.scores)
        parts += ["## Made with", _markdown_list([f"{key}: `{value}`" for key, value in self.fingerprint.items()])]
        parts.append(f"Time of an answer on the machine that made this report: {_times(times)}.")
        return "\n\n".join(parts) + "\n"

    # ── terminal ────────────────────────────────────────────────────────────────────────────

    def show(self, console: Console) -> None:
        """Print the report to a terminal."""
        from rich.box import SIMPLE_HEAD
        from rich.markup import escape
        from rich.table import Table

        if self.skipped:
            console.print(f"[yellow]{escape(self.name)} skipped:[/] {escape(self.skipped)}")
            return
        for split, metrics in self.metrics.items():
            head, *rows = _rows(metrics)
            table = Table(title=f"{escape(self.name)}, {split} (percent)", title_justify="left", box=SIMPLE_HEAD)
            for name in head:
                table.add_column(name, justify="left" if name == head[0] else "right", no_wrap=True)
            for row in rows:
                table.add_row(*row, style="bold" if row[0] == "all types" else None)
            console.print(table)
            console.print(escape("; ".join(_overall(metrics))))
        console.print(f"Time of an answer: {_times(latency(self.scores))}")
        for score in self.wrong:
            console.print(f"[red]✗[/] {escape(score.question.id)} {escape(score.question.question)}")
            console.print(f"    [dim]{escape(score.verdict.why)} | {escape(_answer(score))}[/]")
        if self.wrong_frozen:
            console.print(escape(f"Wrong in the frozen half: {', '.join(self.wrong_frozen)}"))
        for line in _change_lines(self.changes):
            console.print(escape(line))
        for failure in self.failures:
            console.print(f"[red]below the gate:[/] {escape(failure)}")
        if not self.failures:
            console.print("[green]All thresholds hold.[/]")


def _rows(metrics: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows = [*metrics["types"].items(), ("all types", metrics)]
    return [("type", *COLUMNS), *((name, *(_number(row[key]) for key in COLUMNS.values())) for name, row in rows)]


def _overall(metrics: Mapping[str, Any]) -> list[str]:
    return [f"{title}: {_number(metrics[key])}" for title, key in OVERALL.items()]


def _number(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{value:.1f}"


def _times(times: Mapping[str, float | None]) -> str:
    return ", ".join(f"{name.removesuffix('_ms')} {_number(value)} ms" for name, value in times.items())


def _change_lines(changes: Changes) -> list[str]:
    if not changes.against:
        return ["There is no earlier report to compare with."]
    lines = [f"Compared with {changes.against}: {len(changes.lost)} lost, {len(changes.won)} won."]
    if not changes.same_questions:
        lines.append("The questions have been edited since.")
    for title, ids in (("right → wrong", changes.lost), ("wrong → right", changes.won), ("new", changes.new)):
        if ids:
            lines.append(f"{title}: {', '.join(ids)}")
    return lines


def _wrong_json(score: Score) -> dict[str, Any]:
    question = score.question
    return {
        "id": question.id,
        "question": question.question,
        "history": list(question.history),
        "expected": _expected(question.gold),
        "answer": _answer(score),
        "why": score.verdict.why,
    }


def _wrong_row(score: Score) -> tuple[str, ...]:
    asked = " → ".join((*score.question.history, score.question.question))
    return (score.question.id, asked, _expected(score.question.gold), _answer(score), score.verdict.why)


def _answer(score: Score) -> str:
    return "" if score.answer is None else score.answer.text


def _expected(gold: Gold) -> str:
    numbers = [f"{plain(value)} {gold.unit or ''}".strip() for value in (gold.value, *gold.values) if value is not None]
    groups = ["/".join(variants) for variants in (*gold.items, *gold.points)]
    wanted = [*numbers, *([" or ".join(gold.texts)] if gold.texts else []), *groups]
    return "; ".join(wanted) or str(gold.status)


def _markdown_table(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _markdown_list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
