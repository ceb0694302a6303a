"""The documentation is held to the program: its commands, examples, numbers, links and the tests that it names."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import script

if TYPE_CHECKING:
    from fake_assistant import FakeAssistant

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-Hant.md")
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("evals/*.md"), *ROOT.glob("index/*.md")))
WRAPPED = [path for path in PAGES if path.parent.name not in ("index", "evals")]
MAX_COLUMNS = 120

refresh = script("docs/refresh.py")
numbers = script("evals/readme_numbers.py")


def fences(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}[^\n]*\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)


# ── commands and examples ───────────────────────────────────────────────────────────────────


def test_help_of_every_command_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == refresh.cli_page(), "run `python docs/refresh.py`"


@pytest.mark.slow
@pytest.mark.parametrize("name", READMES)
def test_examples_give_what_the_readme_shows(
    name: str, seed_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINJU_INDEX", "index")
    text = (ROOT / name).read_text(encoding="utf-8")
    with refresh.workplace(seed_index, tmp_path):
        fresh = refresh.refreshed(text)
    assert fresh == text, "run `python docs/refresh.py`"


def test_an_example_that_gives_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stale = "```pycon\n>>> x = 2\n>>> for i in range(2):\n...     print(x + i)\n2\n4\n```\n"
    assert refresh.refreshed(stale) == stale.replace("\n4\n", "\n3\n")
    assert refresh.refreshed("```jsonl a.jsonl\n{}\n```\n") == "```jsonl a.jsonl\n{}\n```\n"
    assert (tmp_path / "a.jsonl").read_text() == "{}\n"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("answered, 0.96, 178 ms", "answered, 0.95, 9 ms", True),
        ("answered, 0.96, 178 ms", "abstained, 0.96, 178 ms", False),
        ("121.8倍。", "120.8倍。", False),
    ],
)
def test_only_times_and_confidence_may_differ(one: str, other: str, same: bool) -> None:
    assert (refresh.masked(one) == refresh.masked(other)) is same


@pytest.mark.parametrize("name", READMES)
def test_the_http_example_runs(name: str, fake_page: tuple[str, FakeAssistant]) -> None:
    (example,) = fences(name, "python")
    address = "http://127.0.0.1:7860"
    assert address in example
    names: dict[str, Any] = {}
    exec(compile(example.replace(address, fake_page[0]), name, "exec"), names)
    assert names["answer"]["contract"] == 1
    assert names["answer"]["standalone_question"]


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.M))
    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_stand_on_the_first_screen(name: str) -> None:
    first = "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:25])
    assert "make run" in first
    assert "make test" in first
    assert "docs/images/screenshot.png" in first


def test_commands_named_in_the_pages_exist() -> None:
    from typer.main import get_command

    from yinju.cli import app

    known = set(getattr(get_command(app), "commands", {}))
    for path in PAGES:
        named = set(re.findall(r"`yinju ([a-z]+)", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


# ── numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("language", "name"), numbers.READMES.items())
def test_numbers_are_those_of_the_reports(language: str, name: str) -> None:
    (block,) = numbers.BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert block == numbers.numbers_block(language), "run `python evals/readme_numbers.py --write`"


def made_up_report(split: str, accuracy: float) -> dict[str, Any]:
    metrics = {
        "n": 4, "accuracy": accuracy, "citation_hit": 90.0, "verbatim": 100.0, "recall@5": 95.0, "mrr": 80.04,
        "abstention_precision": None, "abstention_recall": 50.0,
    }  # fmt: skip
    halves = ("dev", "frozen", "all") if split == "all" else (split,)
    return {"set": "town", "split": split, "metrics": {h: {**metrics, "types": {"span": metrics}} for h in halves}}


def test_the_block_copies_reports_and_benchmarks(tmp_path: Path) -> None:
    folder = tmp_path / "evals" / "reports"
    folder.mkdir(parents=True)
    (folder / "town-all.json").write_text(json.dumps(made_up_report("all", 60.0)), encoding="utf-8")
    (folder / "town.json").write_text(json.dumps(made_up_report("dev", 75.0)), encoding="utf-8")
    machine = {"processor": "P", "cpus": 2, "threads": 1, "load": 0.5}
    seconds = {"import": 4.0, "cold": 5.0, "warm_p50": 0.05, "warm_p95": 0.1}
    start = {"n_rounds": 3, "n_questions": 20, "seconds": seconds, "machine": machine}
    (tmp_path / "evals" / "benchmarks.json").write_text(json.dumps({"start": start}), encoding="utf-8")
    block = numbers.numbers_block("en", tmp_path)
    assert "| `town` | development | 4 | 75.0 | 90.0 | 100.0 | 95.0 | 80.0 | – | 50.0 |" in block
    assert "| `town` | frozen | 4 | 60.0 |" in block
    assert "| span | 75.0 (4) | 60.0 (4) |" in block
    assert "| `yinju ask`, a new process | 5 | 1.2 |" in block
    assert "| a question in a running process, p50 of 20 | 0.05 | 0.013 |" in block


def test_without_reports_the_block_says_how_to_get_them(tmp_path: Path) -> None:
    block = numbers.numbers_block("en", tmp_path)
    assert "`yinju eval`" in block
    assert "bench_start.py" in block


# ── links and form ──────────────────────────────────────────────────────────────────────────


def links(path: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(path: Path) -> None:
    inside = [link for link in links(path) if not re.match(r"[a-z]+:", link)]
    dead = [link for link in inside if not (path.parent / link.partition("#")[0]).exists()]
    assert not dead


@pytest.mark.parametrize("path", WRAPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_prose_is_wrapped(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    wide = [line for line in text.splitlines() if len(line) > MAX_COLUMNS and not line.lstrip().startswith(("|", "!["))]
    assert not wide


@pytest.mark.parametrize("name", READMES)
def test_tests_named_as_proof_exist(name: str) -> None:
    known = {
        path.name: {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if hasattr(node, "name")}
        for path in (ROOT / "tests").glob("test_*.py")
    }
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if "`tests/test_" in line]
    assert len(rows) >= 8
    for row in rows:
        file = ""
        for found, test in re.findall(r"`(?:tests/(test_\w+\.py))?(?:::)?(test_\w+)?`", row):
            file = found or file
            assert file in known, row
            assert not test or test in known[file], f"{file} has no {test}"


def test_each_module_is_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "yinju"
    modules = {p.relative_to(package).as_posix() for p in package.rglob("*.py") if not p.name.startswith("__")}
    assert not {module for module in modules if f"`{module}`" not in page}
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)?\.py)`", page)) - {"tests/test_imports.py"}
    assert named <= modules
