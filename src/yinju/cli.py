"""The command line. Results go to standard output, everything said on the way to standard error.

Exit code 0: done (an abstention is done); 1: it could not be done, or not all of it, or a check did not pass: one
sentence and one next step; 2: wrong usage, which is what the command itself says: its options, a question.
"""

from __future__ import annotations

import csv
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from yinju.config import Settings
from yinju.errors import UsageError, YinjuError

if TYPE_CHECKING:
    from yinju.assistant import Assistant
    from yinju.types import Answer

app = typer.Typer(
    name="yinju",
    help="Ask documents that are full of figures; every answer carries its proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
bench = typer.Typer(help="Benchmarks on files in SQuAD form.", no_args_is_help=True)
app.add_typer(bench, name="bench")

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)
log = logging.getLogger("yinju")

IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index (default: index/).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N questions.")]


def main() -> None:
    """Run the command line; the entry point of ``yinju``."""
    _quiet()
    try:
        app()
    except UsageError as error:
        _fail(error, 2)
    except YinjuError as error:
        _fail(error, 1)
    except KeyboardInterrupt:
        err.print("Stopped.")
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        log.debug("operating system error", exc_info=error)
        _fail(YinjuError(f"The system refused: {error}.", "Check the path, its permissions and the free space."), 1)


def _quiet() -> None:
    """Keep libraries from talking and from looking for a network; ``YINJU_DEBUG=1`` logs everything."""
    debug = os.environ.pop("YINJU_DEBUG", "") not in ("", "0")
    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, stream=sys.stderr)
    for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS", "TRANSFORMERS_NO_ADVISORY_WARNINGS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Threads that wait asleep: spinning ones cost several times the work itself when the cores are shared.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _fail(error: YinjuError, code: int) -> None:
    log.debug("failed", exc_info=error)
    err.print(f"[red]{escape(error.message)}[/red]\n{escape(error.hint)}")
    raise SystemExit(code)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _open(index: Path | None) -> Assistant:
    from yinju.assistant import open_assistant

    return open_assistant(index)


# ── build ───────────────────────────────────────────────────────────────────────────────────


@app.command()
def build(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders (default: seeds/).")] = None,
    index: IndexOption = None,
    json_: JsonOption = False,
) -> None:
    """Index files and folders; unchanged files are not done again."""
    from yinju.index import build_index

    settings = Settings.load(index=index)
    with _progress() as progress:
        report = build_index(paths or [settings.seeds], settings, progress=progress)
    if json_:
        _print_json(report.to_json())
    else:
        for line in report.lines():
            out.print(escape(line))
    asked_for = {path.name for path in paths or () if path.is_file()}
    if asked_for & {name.rpartition("/")[2] for name, _ in report.skipped}:
        raise SystemExit(1)


@contextmanager
def _progress() -> Iterator[Any]:
    """Show a progress bar on standard error; yields ``callback(stage, done, total)``."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=not err.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int = 0, total: int | None = None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(escape(stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report


# ── ask ─────────────────────────────────────────────────────────────────────────────────────


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    history: Annotated[list[str] | None, typer.Option("--history", help="An earlier question; repeatable.")] = None,
    index: IndexOption = None,
    json_: JsonOption = False,
) -> None:
    """Answer one question."""
    from yinju.question import check

    settings = Settings.load(index=index)
    for each in (question, *(history or ())):
        check(each, settings)
    answer = _open(index).ask(question, history=history or ())
    if json_:
        _print_json(answer.to_json())
    else:
        _show(answer)


def _show(answer: Answer) -> None:
    colour = {"answered": "green", "conflict": "yellow", "abstained": "red"}[str(answer.status)]
    out.print(f"[bold {colour}]{escape(answer.text)}[/]")
    if answer.notice:
        out.print(f"[yellow]{escape(answer.notice)}[/]")
    if answer.standalone_question != answer.question:
        out.print(f"[dim]→ {escape(answer.standalone_question)}[/]")
    if answer.formula:
        out.print(f"  = {escape(answer.formula)}")
    for citation in answer.citations:
        where = f"{citation.document}:{citation.span.start}-{citation.span.end}"
        page = f", p. {citation.page}" if citation.page is not None else ""
        out.print(f"[cyan]\\[{citation.index}][/] {escape(citation.quote)} [dim]({escape(where)}{page})[/]")
        if citation.repaired is not None:
            out.print(f"    [dim]≈ {escape(citation.repaired)}[/]")
    out.print(f"[dim]{answer.status}, {answer.confidence:.2f}, {answer.timings_ms.get('total', 0.0):.0f} ms[/]")


@app.command()
def chat(index: IndexOption = None) -> None:
    """Hold a conversation in the terminal; an empty line or Ctrl-D ends it."""
    session = _open(index).chat()
    while True:
        try:
            question = out.input("[bold]> [/]").strip()
        except EOFError:
            break
        if not question:
            break
        try:
            _show(session.ask(question))
        except YinjuError as error:
            err.print(f"[red]{escape(error.message)}[/red] {escape(error.hint)}")


@app.command()
def batch(
    questions: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='Lines {"id", "question", "history"}.')],
    answers: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Answers, one a line, in order.")],
    index: IndexOption = None,
) -> None:
    """Answer a file of questions; the output appears whole, at the end.

    Exit code 1 where a question failed: it is empty or too long, say. An abstention is an answer.
    """
    from yinju.batch import answer_file

    with _progress() as progress:
        n_lines, n_failed = answer_file(lambda: _open(index), questions, answers, progress)
    from yinju.index.report import counted

    failed = f"; {counted(n_failed, 'question')} failed, see `error` in the file" if n_failed else ""
    err.print(escape(f"{counted(n_lines - n_failed, 'answer')} in {answers}{failed}"))
    if n_failed:
        raise SystemExit(1)


# ── figures ─────────────────────────────────────────────────────────────────────────────────


@app.command()
def figures(
    index: IndexOption = None,
    json_: JsonOption = False,
    csv_: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Print the ledger of every figure."""
    if json_ and csv_:
        raise UsageError("--json and --csv exclude each other.", "Give one of them.")
    from yinju.index import load_index

    rows = load_index(Settings.load(index=index)).ledger.to_rows()
    if json_:
        _print_json(rows)
    elif csv_:
        _print_csv(rows)
    else:
        _print_table(rows)


def _print_csv(rows: list[dict[str, Any]]) -> None:
    if rows:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# Columns of the table of figures, and which of them a narrow terminal goes without, one after the other.
_SHOWN = ("surface", "value", "unit", "approx", "entity", "metric", "period", "role", "document")
_DISPENSABLE = ("document", "role", "approx", "period", "entity", "metric")
_WRAPPED = frozenset({"entity", "metric", "document"})
_NARROWEST = 12


def _print_table(rows: list[dict[str, Any]]) -> None:
    """Print figures as wide as the terminal; what does not fit is left out or wrapped, a value is never cut."""
    from rich.cells import cell_len
    from rich.table import Table

    cells = {key: [str("" if row.get(key) is None else row[key]) for row in rows] for key in _SHOWN}
    widths = {key: max(map(cell_len, (key, *column))) for key, column in cells.items()}
    least = {key: min(width, _NARROWEST) if key in _WRAPPED else width for key, width in widths.items()}
    shown = list(_SHOWN)
    available = out.width if out.is_terminal else _room(widths.values())
    for key in _DISPENSABLE:
        if _room(least[each] for each in shown) > available:
            shown.remove(key)
    needed = _room(least[each] for each in shown)
    table = Table(width=max(needed, min(available, _room(widths[each] for each in shown))))
    for key in shown:
        table.add_column(key, no_wrap=key not in _WRAPPED, min_width=least[key], overflow="fold")
    for row in zip(*(cells[key] for key in shown), strict=True):
        table.add_row(*map(escape, row))
    out.print(table)


def _room(widths: Iterable[int]) -> int:
    """How wide a table with columns of these widths is, with its lines and spaces."""
    return 1 + sum(width + 3 for width in widths)


@app.command()
def verify(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="A conversation exported on the page.")],
    index: IndexOption = None,
    json_: JsonOption = False,
) -> None:
    """Compare every quotation of an exported conversation with the documents; exit 1 where one does not stand."""
    from yinju.batch import read_text
    from yinju.index import load_index
    from yinju.ui_history import verify_export

    text = read_text(export, "Export a conversation on the page, as JSON or Markdown, and give its file.")
    documents = load_index(Settings.load(index=index)).documents
    try:
        checked = verify_export(text, documents)
    except UsageError as error:
        raise YinjuError(f"{export}: {error.message}", error.hint) from error
    if json_:
        _print_json([each.to_json() for each in checked])
    else:
        for each in checked:
            line = f"{'✓' if each.ok else '✗'} [{each.citation}] {each.document}: {each.question} {each.problem}"
            out.print(escape(line.rstrip()))
    if not all(each.ok for each in checked):
        raise SystemExit(1)


@app.command()
def audit(
    index: IndexOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Also what was checked and holds.")] = False,
    json_: JsonOption = False,
) -> None:
    """List contradictions and failed arithmetic inside the documents."""
    from yinju.figures.audit import audit as run_audit
    from yinju.index import load_index
    from yinju.index.report import counted

    loaded = load_index(Settings.load(index=index))
    ledger = loaded.ledger.with_texts({name: document.readable for name, document in loaded.documents.items()})
    findings = [finding.to_json() for finding in run_audit(ledger)]
    findings = [finding for finding in findings if all_ or not finding["holds"]]
    if json_:
        _print_json(findings)
        return
    for finding in findings:
        out.print(escape(f"{'✓' if finding['holds'] else '✗'} {finding['summary']}"))
    err.print(counted(len(findings), "finding"))


# ── measure ─────────────────────────────────────────────────────────────────────────────────


@app.command("eval")
def evaluate(
    path: Annotated[Path | None, typer.Argument(metavar="SET.jsonl", help="Default: evals/nanshan.jsonl.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 1 below the thresholds.")] = False,
    split: Annotated[str, typer.Option("--split", help="dev, frozen or all.")] = "dev",
    index: IndexOption = None,
    json_: JsonOption = False,
) -> None:
    """Score an evaluation set."""
    from yinju.evaluate import run_evaluation

    with _progress() as progress:
        outcome = run_evaluation(path, Settings.load(index=index), split=split, progress=progress)
    if json_:
        _print_json(outcome.to_json())
    else:
        outcome.show(out)
    if gate and not outcome.passes:
        raise SystemExit(1)


@bench.command("retrieval")
def bench_retrieval(path: Path, limit: LimitOption = None, json_: JsonOption = False) -> None:
    """Find the right passage among all passages of a SQuAD-form file."""
    from yinju.bench import bench_retrieval as run

    with _progress() as progress:
        figures = run(path, Settings.load(), limit, progress)
    _show_numbers(figures, json_)


@bench.command("reading")
def bench_reading(path: Path, limit: LimitOption = None, json_: JsonOption = False) -> None:
    """Measure the answer span, given the right passage, on a SQuAD-form file."""
    from yinju.bench import bench_reading as run

    with _progress() as progress:
        figures = run(path, Settings.load(), limit, progress)
    _show_numbers(figures, json_)


def _show_numbers(numbers: dict[str, Any], json_: bool) -> None:
    if json_:
        _print_json(numbers)
        return
    for name, value in numbers.items():
        out.print(f"{name:10} {value}")


# ── serve ───────────────────────────────────────────────────────────────────────────────────


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    index: IndexOption = None,
) -> None:
    """Serve the web page."""
    from yinju.ui import serve as run

    run(Settings.load(index=index), host, port)


@app.command()
def doctor(index: IndexOption = None, json_: JsonOption = False) -> None:
    """Say what is installed, what is missing, and whether it works without a network."""
    from yinju.doctor import examine

    checks = examine(Settings.load(index=index))
    if json_:
        _print_json([check.to_json() for check in checks])
    else:
        for check in checks:
            out.print(f"[{'green' if check.ok else 'red'}]{'✓' if check.ok else '✗'}[/] {escape(check.text)}")
            if not check.ok:
                out.print(f"    {escape(check.hint)}")
    if not all(check.ok for check in checks):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
