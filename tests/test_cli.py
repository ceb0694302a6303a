"""The command line: what it prints, where, and with which exit code; never a traceback."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from small_world import indexed
from yinju import cli
from yinju.assistant import Assistant

ROOT = Path(__file__).parents[1]
QUESTION = "2024年南山區GDP是多少?"
COMMANDS = [
    "build", "ask", "chat", "batch", "figures", "verify", "audit", "eval", "bench", "bench retrieval", "bench reading",
    "serve", "doctor",
]  # fmt: skip


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, with the exit code it would end with."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["yinju", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Done(code, out, err)

    return call


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, seed_assistant: Assistant) -> Assistant:
    """Questions on the command line go to the assistant that is open already."""
    monkeypatch.setattr("yinju.assistant.open_assistant", lambda index=None: seed_assistant)
    return seed_assistant


def is_one_sentence_and_one_step(done: Done) -> bool:
    """Two lines on standard error, both closed sentences, and nothing on standard output."""
    lines = done.err.rstrip("\n").split("\n")
    return done.out == "" and len(lines) == 2 and all(line.strip()[-1:] in ".`?" for line in lines)


# ── asking ──


def test_ask_prints_answer_and_quotation(run: Run, opened: Assistant) -> None:
    done = run("ask", QUESTION)
    assert (done.code, done.err) == (0, "")
    first, *rest = done.out.splitlines()
    assert "9501億元" in first
    assert any(line.startswith("[1] ") and "9501億元" in line and "(nanshan.txt:" in line for line in rest)
    assert rest[-1].startswith("answered, ")


def test_ask_json_is_one_document_and_nothing_else(run: Run, opened: Assistant) -> None:
    done = run("ask", QUESTION, "--json")
    answer = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert set(answer) == {
        "contract", "id", "question", "standalone_question", "status", "answer", "result", "figures", "formula",
        "citations", "reason", "choices", "confidence", "language", "timings_ms", "elapsed_ms",
    }  # fmt: skip
    assert answer["contract"] == 1
    assert answer["result"] == {"text": "9501億元", "value": "950100000000", "unit": "元"}
    citation = answer["citations"][0]
    text = (ROOT / "seeds" / "nanshan.txt").read_bytes().decode()
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_abstention_is_done(run: Run, opened: Assistant) -> None:
    done = run("ask", "2019年南山區GDP是多少?", "--json")
    assert done.code == 0
    assert json.loads(done.out)["status"] == "abstained"
    assert run("ask", "2019年南山區GDP是多少?").code == 0


def test_history_makes_a_follow_up_whole(run: Run, opened: Assistant) -> None:
    done = run("ask", "那人均呢?", "--history", QUESTION, "--json")
    answer = json.loads(done.out)
    assert answer["question"] == "那人均呢?"
    assert "人均GDP" in answer["standalone_question"]


def test_markup_in_a_question_is_only_text(run: Run, opened: Assistant) -> None:
    done = run("ask", "[red]南山區[/red]有多少家[bold]上市企業?[/nonsense]")
    assert done.code == 0
    assert done.err == ""


# ── chat ──


def test_chat_holds_a_conversation(run: Run, opened: Assistant) -> None:
    done = run("chat", stdin=f"{QUESTION}\n那人均呢?\n")
    assert done.code == 0
    assert "9501億元" in done.out
    assert "→ 2024年南山區人均GDP是多少?" in done.out


def test_chat_ends_at_an_empty_line(run: Run, opened: Assistant) -> None:
    done = run("chat", stdin=f"\n{QUESTION}\n")
    assert done.code == 0
    assert "9501" not in done.out


def test_chat_goes_on_after_a_question_that_cannot_be_asked(run: Run, opened: Assistant) -> None:
    done = run("chat", stdin="字" * 3000 + f"\n{QUESTION}\n")
    assert done.code == 0
    assert "3000 characters" in done.err
    assert "9501億元" in done.out


# ── the ledger ──


@pytest.fixture
def small(tmp_path: Path) -> Path:
    indexed(tmp_path, {"a.txt": "2023年東嶺市地區生產總值為412.6億元。全市有[b]企業300家。"})
    return tmp_path / "index"


def test_figures_as_json_and_csv_say_the_same(run: Run, small: Path) -> None:
    done = run("figures", "--index", str(small), "--json")
    rows = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert [(row["surface"], row["value"], row["unit"], row["scale"]) for row in rows if row["kind"] != "year"] == [
        ("412.6億元", "41260000000", "元", "100000000"),
        ("300家", "300", "家", "1"),
    ]
    table = list(csv.DictReader(io.StringIO(run("figures", "--index", str(small), "--csv").out)))
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert list(table[0])[:14] == [
        "id", "document", "start", "end", "surface", "value", "scale", "unit", "approx", "kind", "entity", "metric",
        "period", "sentence",
    ]  # fmt: skip


def test_figures_for_people_is_a_table(run: Run, small: Path) -> None:
    done = run("figures", "--index", str(small))
    assert done.code == 0
    assert "412.6億元" in done.out


@pytest.mark.parametrize("width", [30, 50, 80, 120, 400])
def test_figures_are_never_cut_however_narrow_the_terminal(
    run: Run, small: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(
        cli, "out", Console(file=terminal, width=width, soft_wrap=True, force_terminal=True, color_system=None)
    )
    assert run("figures", "--index", str(small)).code == 0
    shown = terminal.getvalue()
    assert "…" not in shown
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in shown.splitlines() if "│" in line]
    assert ["412.6億元", "41260000000", "元"] in [row[:3] for row in rows]
    heads = re.findall(r"\w+", shown.splitlines()[1])
    assert heads[:3] == ["surface", "value", "unit"]
    assert ("document" in heads) == (width >= 120)


def test_one_thing_is_not_called_several(run: Run, small: Path, tmp_path: Path) -> None:
    done = run("doctor", "--index", str(small))
    assert "1 document, 1 passage, 3 figures" in done.out
    (tmp_path / "b.txt").write_text("東嶺市有學校12所。", encoding="utf-8")
    built = run("build", str(tmp_path / "b.txt"), "--index", str(tmp_path / "other"))
    assert built.code == 0
    assert "1 document, 1 passage, 1 figure (" in built.out
    (tmp_path / "c.txt").write_text("東嶺市公司員工500人，其中男300人，女250人。", encoding="utf-8")
    run("build", str(tmp_path / "c.txt"), "--index", str(tmp_path / "third"))
    assert run("audit", "--index", str(tmp_path / "third")).err == "1 finding\n"
    assert run("audit", "--index", str(small)).err == "0 findings\n"


def test_figures_of_nothing_are_an_empty_list(run: Run, tmp_path: Path) -> None:
    indexed(tmp_path, {"a.txt": "這裡沒有數字。"})
    arguments = ("figures", "--index", str(tmp_path / "index"))
    assert json.loads(run(*arguments, "--json").out) == []
    assert list(csv.DictReader(io.StringIO(run(*arguments, "--csv").out))) == []


def test_audit_gives_a_list(run: Run, small: Path) -> None:
    done = run("audit", "--index", str(small), "--json")
    assert done.code == 0
    assert isinstance(json.loads(done.out), list)


# ── what cannot be done: 1, one sentence, one next step ──


def test_no_index_yet(run: Run, tmp_path: Path) -> None:
    for command in (["ask", QUESTION], ["chat"], ["figures", "--json"], ["figures"]):
        done = run(*command, "--index", str(tmp_path / "none"))
        assert done.code == 1
        assert is_one_sentence_and_one_step(done), done.err
        assert "yinju build" in done.err


def test_a_damaged_index_names_the_command_that_mends_it(run: Run, small: Path) -> None:
    (generation,) = (path for path in small.iterdir() if path.is_dir())
    (generation / "documents.jsonl").write_text("{}\n")
    done = run("figures", "--index", str(small))
    assert done.code == 1
    assert is_one_sentence_and_one_step(done), done.err
    assert f"--index {small}" in done.err


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02\xff" * 50])
def test_nothing_to_build(run: Run, tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "source.txt"
    if content is not None:
        source.write_bytes(content)
    done = run("build", str(source), "--index", str(tmp_path / "index"))
    assert done.code == 1
    assert done.out == ""
    assert "source.txt" in done.err
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_setting_that_does_not_exist(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_COLOUR", "blue")
    done = run("ask", QUESTION)
    assert done.code == 1
    assert is_one_sentence_and_one_step(done), done.err
    assert "YINJU_COLOUR" in done.err
    assert "top_k" in done.err


def test_files_that_are_not_there(run: Run, tmp_path: Path, opened: Assistant) -> None:
    missing = str(tmp_path / "missing.jsonl")
    commands = (["eval", missing], ["bench", "reading", missing], ["bench", "retrieval", missing], ["build", missing])
    for command in (*commands, ["batch", missing, str(tmp_path / "out.jsonl")], ["verify", missing]):
        done = run(*command)
        assert done.code == 1
        assert "missing.jsonl" in done.err
        assert done.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"\xff\xfe\xfa\x80", "轉換".encode("gb18030"), b"{}", b"hello", b"", None])
def test_what_is_no_export_is_told(run: Run, tmp_path: Path, small: Path, content: bytes | None) -> None:
    export = tmp_path / "export.json"
    if content is None:
        export.mkdir()
    else:
        export.write_bytes(content)
    done = run("verify", str(export), "--index", str(small))
    assert done.code == 1
    assert is_one_sentence_and_one_step(done), done.err
    assert "export.json" in done.err


def test_a_batch_with_a_question_that_failed_is_no_success(run: Run, tmp_path: Path, opened: Assistant) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"id": n, "question": text}) for n, text in enumerate([QUESTION, "", "字" * 2001])]
    questions.write_text("\n".join(lines))
    done = run("batch", str(questions), str(answers))
    assert done.code == 1
    assert "1 answer in" in done.err and "2 questions failed" in done.err
    rows = [json.loads(line) for line in answers.read_text().splitlines()]
    assert ["error" in row for row in rows] == [False, True, True]
    questions.write_text(lines[0])
    done = run("batch", str(questions), str(answers))
    assert done.code == 0
    assert "1 answer in" in done.err and "failed" not in done.err


# ── wrong usage: 2 ──


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "甲?", "乙?"],
        ["ask", "甲?", "--colour"],
        ["asks", "甲?"],
        ["batch", "one.jsonl"],
        ["bench"],
        ["bench", "reading"],
        ["bench", "reading", "x.json", "--limit", "0"],
        ["serve", "--port", "99999"],
        ["serve", "--port", "many"],
        ["figures", "--json", "--csv"],
        [],
    ],
)
def test_wrong_usage(run: Run, arguments: Sequence[str]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert "Usage" in done.out + done.err or is_one_sentence_and_one_step(done)


@pytest.mark.parametrize("question", ["", "   ", "字" * 2001])
def test_a_question_that_is_none(run: Run, opened: Assistant, question: str) -> None:
    done = run("ask", question, "--json")
    assert done.code == 2
    assert is_one_sentence_and_one_step(done), done.err


@pytest.mark.parametrize("asked", [["字" * 2001], [QUESTION, "--history", "字" * 2001], ["  "]])
def test_a_question_is_checked_before_anything_is_loaded(
    run: Run, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    def load(index: Path | None = None) -> Assistant:
        raise AssertionError("the assistant was loaded")

    monkeypatch.setattr("yinju.assistant.open_assistant", load)
    done = run("ask", *asked)
    assert done.code == 2
    assert is_one_sentence_and_one_step(done), done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert f"yinju {command}" in done.out
    assert command.split()[0] in run("--help").out


# ── in a process of its own ──


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yinju", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


@pytest.mark.slow
def test_python_m_yinju_asks(seed_index: Path, tmp_path: Path) -> None:
    done = process("ask", QUESTION, "--index", str(seed_index), "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["result"]["value"] == "950100000000"


@pytest.mark.slow
def test_python_m_yinju_fails_in_words(tmp_path: Path) -> None:
    done = process("ask", QUESTION, "--index", str(tmp_path / "none"), cwd=tmp_path)
    assert done.returncode == 1
    assert is_one_sentence_and_one_step(Done(done.returncode, done.stdout, done.stderr)), done.stderr
    (tmp_path / "yinju.toml").write_text("colour = 'blue'\n")
    done = process("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert is_one_sentence_and_one_step(Done(done.returncode, done.stdout, done.stderr)), done.stderr


@pytest.mark.slow
def test_a_reader_that_stops_early_sees_no_traceback(seed_index: Path) -> None:
    command = f"'{sys.executable}' -m yinju figures --json --index '{seed_index}' | head -c 20"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.startswith("[")
    assert done.stderr == ""


def test_the_help_comes_without_the_heavy_libraries(run: Run) -> None:
    script = (
        "import sys\nfrom yinju import cli\nsys.argv = ['yinju', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "heavy = {'torch', 'transformers', 'llama_index', 'faiss', 'gradio', 'pandas'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
