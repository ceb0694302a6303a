"""The set-up: what make does, in which order, and that everything it installs is pinned."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKE = shutil.which("make")
needs_make = pytest.mark.skipif(MAKE is None, reason="make is not installed")


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.partition("==") for line in lines if line and not line.startswith("#")]
    assert all(name and sign and version for name, sign, version in pinned), "every line is NAME==VERSION"
    return {canonicalize_name(name): version for name, _, version in pinned}


def closure(name: str, extras: frozenset[str], found: set[tuple[str, frozenset[str]]]) -> None:
    """Collect what a distribution needs in this environment, and what that needs."""
    if (canonicalize_name(name), extras) in found:
        return
    found.add((canonicalize_name(name), extras))
    for line in metadata.requires(name) or []:
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            closure(needed.name, frozenset(needed.extras), found)


# ── versions ──


def test_everything_installed_is_pinned() -> None:
    found: set[tuple[str, frozenset[str]]] = set()
    closure("yinju", frozenset({"dev"}), found)
    needed = {name for name, _ in found} - {"yinju"}
    assert needed - set(constraints()) == set()


def test_pins_agree_with_the_project() -> None:
    pinned = constraints()
    stated = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for line in stated:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), line
    # No build label: it would ask for a wheel that only some indexes have.
    assert pinned["torch"] == "2.13.0"
    assert "torch==2.13.0" in PROJECT["project"]["dependencies"]


# ── make ──

STUB = """#!/bin/sh
printf '%s' "$(basename "$0")" >> "$LOG"
for argument in "$@"; do printf ' <%s>' "$argument" >> "$LOG"; done
echo >> "$LOG"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose virtual environment only writes down what it is told to do."""
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "README.md").write_text("x")
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name in ("python", "yinju", "ruff", "mypy"):
        (binaries / name).write_text(STUB)
        (binaries / name).chmod(0o755)
    (tmp_path / ".venv" / ".created").touch()
    return tmp_path


def make(folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    log = folder / "log"
    log.write_text("")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "YINJU_", "MFLAGS"))}
    done = subprocess.run(
        [str(MAKE), *arguments],
        cwd=folder,
        env={**environment, "LOG": str(log)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done, log.read_text().splitlines()


@needs_make
def test_help_names_every_target(checkout: Path) -> None:
    done, called = make(checkout)
    assert done.returncode == 0
    assert called == []
    for target in ("run", "build", "ask", "eval", "gate", "test", "check", "help"):
        assert re.search(rf"^  make {target} +\S", done.stdout, re.M), target


@needs_make
def test_run_installs_builds_serves_and_only_installs_once(checkout: Path) -> None:
    done, called = make(checkout, "run")
    assert done.returncode == 0, done.stderr
    assert called == [
        "python <-m> <pip> <install> <torch==2.13.0> <-c> <constraints.txt>",
        "python <-m> <pip> <install> <-c> <constraints.txt> <-e> <.>",
        "yinju <build>",
        "yinju <serve> <--host> <127.0.0.1> <--port> <7860>",
    ]
    said = [line for line in done.stdout.splitlines() if line.startswith("==>")]
    assert len(said) == 4
    done, called = make(checkout, "run", "PORT=7999")
    assert called == ["yinju <build>", "yinju <serve> <--host> <127.0.0.1> <--port> <7999>"]


@needs_make
def test_a_failed_installation_is_done_again(checkout: Path) -> None:
    broken = checkout / ".venv" / "bin" / "python"
    broken.write_text(STUB + "exit 1\n")
    done, called = make(checkout, "run")
    assert (done.returncode, len(called)) == (2, 1)
    broken.write_text(STUB)
    assert len(make(checkout, "run")[1]) == 4


@needs_make
def test_check_and_test_add_what_they_need(checkout: Path) -> None:
    _, called = make(checkout, "check")
    assert called[2:] == [
        "python <-m> <pip> <install> <-c> <constraints.txt> <-e> <.[dev]>",
        "ruff <check> <.>",
        "ruff <format> <--check> <.>",
        "mypy",
    ]
    assert make(checkout, "test", "ARGS=-k figures")[1] == ["python <-m> <pytest> <-k> <figures>"]


@needs_make
def test_ask_passes_the_question_as_typed(checkout: Path) -> None:
    make(checkout, "build")
    asked = "誰的「$100」'x' \"y\" `id`; $(id)?"
    _, called = make(checkout, "ask", f"Q={asked}")
    # The folder holds no index yet.
    assert called == ["yinju <build>", f"yinju <ask> <--> <{asked}>"]
    (checkout / "index" / "CURRENT").touch()
    assert make(checkout, "ask", "Q=-h")[1] == ["yinju <ask> <--> <-h>"]


@needs_make
def test_ask_without_a_question_installs_nothing(checkout: Path) -> None:
    done, called = make(checkout, "ask")
    assert done.returncode == 2
    assert 'make ask Q="' in done.stderr
    assert called == []


@needs_make
def test_without_python_make_says_what_to_install(checkout: Path) -> None:
    done, _ = make(checkout, "run", "PYTHON=", "VENV=other")
    assert done.returncode == 2
    assert "Python 3.11" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (checkout / "other").exists()


# ── CI ──


def test_ci_checks_tests_and_gates() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    steps = re.findall(r'^step ".+" (make \w+)$', script.read_text(encoding="utf-8"), re.M)
    assert steps == ["make check", "make test", "make gate"]


def test_workflow_runs_the_same() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    assert job["steps"][-1]["run"] == ".ci/run"
    assert job["timeout-minutes"] <= 20
