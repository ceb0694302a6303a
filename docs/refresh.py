"""Write what the documentation shows of the program: `python docs/refresh.py`.

`docs/cli.md` gets the `--help` of every command, `docs/architecture.md` the first line of every module. In the READMEs,
each command of a `console` block and each statement of a `pycon` block is run again over the index of the seed
document and its output written below it. A block whose info string names a file (`jsonl questions.jsonl`) puts that
file beside the index first.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import os
import re
import runpy
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
READMES = (PROJECT / "README.md", PROJECT / "README.zh-Hant.md")
CLI = PROJECT / "docs" / "cli.md"
BLOCK = re.compile(r"^```(console|pycon|jsonl)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from run to run.
VARYING = re.compile(r"\b\d+(\.\d+)?(?= (ms|s)\b)|(?<=, )\d\.\d\d(?=, )")
HELP_COLUMNS = 100
ARCHITECTURE = PROJECT / "docs" / "architecture.md"
MODULES = re.compile(r"(?<=<!-- modules -->\n).*?(?=<!-- /modules -->)", re.DOTALL)


CLI_WORDS = (
    "| exit code | means |\n|---|---|\n"
    "| 0 | Done. An abstention is an answer, and a contradiction that `audit` finds is a finding: both are done. |\n"
    "| 1 | Not done, or not all of it: no index, a file that is not there, cannot be read or has another form than "
    "expected; with `batch` also a question that failed (its line has `error` and `hint`, the others their answers), "
    "with `verify` a quotation that does not stand, with `eval --gate` a threshold, with `doctor` a check. |\n"
    "| 2 | Wrong usage of the command: an unknown option, a missing argument, a value out of range, a question that is "
    "empty or too long. |\n"
    "| 130 | Stopped with Ctrl-C. |",
    "With 1 and 2, one sentence on standard error says what is wrong and a second one what to do; there is never a\n"
    "traceback. `YINJU_DEBUG=1` logs everything.",
    "`build` reads plain text (`.txt`, `.text`), Markdown (`.md`, `.markdown`), HTML (`.html`, `.htm`, `.xhtml`), CSV\n"
    "(`.csv`), PDF and DOCX. A CSV file is one table: commas, semicolons or tabs set its values apart, its first row "
    "holds\nthe heads of the columns, and as with the other tables a head says the unit and time of the cells below "
    "it. Text is\nUTF-8, UTF-16, GB18030, Big5 or Windows-1252, found out from the bytes; `build` tells which it was.",
)
"""What ``docs/cli.md`` says before the commands: exit codes and the files that can be indexed."""


def cli_page() -> str:
    """Return ``docs/cli.md``: the help of the program and of each of its commands."""
    from typer.main import get_command

    from yinju.cli import app

    parts = [
        "# Command line",
        "The `--help` of every command, written by `python docs/refresh.py` and held to the program by "
        "`tests/test_docs.py`.\nWhat is asked for goes to standard output, everything said on the way to standard "
        "error.",
        *CLI_WORDS,
    ]
    for path in _command_paths(get_command(app)):
        parts.append(f"{'#' * (2 + len(path) - bool(path))} {' '.join(('yinju', *path))}")
        parts.append(f"```text\n{run(['yinju', *path, '--help'], columns=HELP_COLUMNS).strip()}\n```")
    return "\n\n".join(parts) + "\n"


def _command_paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command_paths(inner, (*path, name))


def module_table() -> str:
    """Return the modules of the package with the first line of each, in the order of imports."""
    package = PROJECT / "src" / "yinju"
    rows = ["| module | is |", "|---|---|"]
    for name in _import_order():
        path = package / f"{name.replace('.', '/')}.py"
        if path.is_file() and not name.startswith("__"):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            rows.append(f"| `{path.relative_to(package).as_posix()}` | {_plain(docstring)} |")
    return "\n" + "\n".join(rows) + "\n\n"


def _import_order() -> list[str]:
    """The list that the test of imports holds the package to."""
    return list(runpy.run_path(str(PROJECT / "tests" / "test_imports.py"))["ORDER"])


def _plain(docstring: str) -> str:
    first = docstring.partition("\n\n")[0].replace("\n", " ").replace("``", "`").replace("|", "\\|")
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", first).rstrip(".")


def run(command: list[str], columns: int = 400) -> str:
    """Run a `yinju` command in this process and return its standard output.

    Raises:
        RuntimeError: It is another program, or its exit code is not 0.
    """
    from typer.testing import CliRunner

    from yinju.cli import app

    if command[0] != "yinju":
        raise RuntimeError(f"a console block holds yinju commands, not {command[0]}")
    shape = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb", "FORCE_COLOR": None, "TERMINAL_WIDTH": None}
    outcome = CliRunner().invoke(app, command[1:], prog_name="yinju", env=shape)
    if outcome.exit_code != 0:
        raise RuntimeError(f"{shlex.join(command)}: exit code {outcome.exit_code}: {outcome.output}")
    return outcome.stdout


def refreshed(text: str) -> str:
    """Return a README with its blocks run again, in the working folder; blocks share what they define."""
    names: dict[str, Any] = {}

    def again(block: re.Match[str]) -> str:
        kind, file, body = block.groups()
        if kind == "jsonl":
            Path(file).write_text(body, encoding="utf-8")
            return block[0]
        fresh = _console(body) if kind == "console" else _pycon(body, names)
        return block[0] if masked(fresh) == masked(body) else block[0].replace(body, fresh)

    return BLOCK.sub(again, text)


def masked(text: str) -> str:
    """Return the text without what differs from run to run: times, and the confidence printed beside them."""
    return VARYING.sub("…", text)


def _console(body: str) -> str:
    parts = []
    for line in body.splitlines():
        if line.startswith("$ "):
            parts += [line, run(shlex.split(line[2:])).rstrip()]
    return "\n".join(part for part in parts if part) + "\n"


def _pycon(body: str, names: dict[str, Any]) -> str:
    parts = []
    for example in doctest.DocTestParser().get_examples(body):
        first, *rest = example.source.splitlines()
        parts += [f">>> {first}", *(f"... {line}" for line in rest)]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example.source, "<README>", "single"), names)
        parts += [printed.getvalue().rstrip()]
    return "\n".join(part for part in parts if part) + "\n"


@contextlib.contextmanager
def workplace(index: Path, folder: Path) -> Iterator[None]:
    """Work in a folder that holds a copy of the index and of the seeds, as a reader of the README would."""
    shutil.copytree(index, folder / "index")
    shutil.copytree(PROJECT / "seeds", folder / "seeds")
    with contextlib.chdir(folder):
        yield


def main() -> None:
    """Rewrite the pages."""
    os.environ.setdefault("YINJU_INDEX", "index")
    CLI.write_text(cli_page(), encoding="utf-8")
    table, page = module_table(), ARCHITECTURE.read_text(encoding="utf-8")
    ARCHITECTURE.write_text(MODULES.sub(lambda _: table, page), encoding="utf-8")
    import yinju

    with tempfile.TemporaryDirectory() as made:
        index = Path(made) / "built"
        yinju.build([PROJECT / "seeds"], index=index)
        for number, path in enumerate(READMES):
            place = Path(made) / str(number)
            place.mkdir()
            with workplace(index, place):
                fresh = refreshed(path.read_text(encoding="utf-8"))
            path.write_text(fresh, encoding="utf-8")
            sys.stderr.write(f"{path.name}: done\n")


if __name__ == "__main__":
    main()
