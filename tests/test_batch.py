"""Batch mode: one line in, one line out, in order; the output is whole or absent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from yinju.assistant import Assistant
from yinju.batch import answer_file, read_questions
from yinju.errors import ProofError, UsageError, YinjuError
from yinju.types import Answer, Reason, Status


class Echo:
    """Says what it was asked; refuses long questions."""

    def __init__(self, fails_at: str = "") -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._fails_at = fails_at

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        if self._fails_at and question == self._fails_at:
            raise RuntimeError("a defect")
        if not question:
            raise UsageError("The question is empty.", "Ask something.")
        if len(question) > 50:
            raise UsageError("The question is too long.", "Shorten it.")
        if question == "?":
            raise ProofError("The answer failed its check.", "Report it.")
        return Answer(question, question, Status.ABSTAINED, f"{question}!", "zh-Hant", reason=Reason.NO_EVIDENCE)


def answer(folder: Path, content: str | bytes, echo: Echo | None = None) -> list[dict[str, Any]]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    told: list[tuple[str, int, int | None]] = []
    chosen: Any = echo or Echo()
    counts = answer_file(lambda: chosen, source, target, lambda *said: told.append(said))
    lines = target.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    rows = [json.loads(line) for line in lines]
    assert counts == (len(rows), sum("error" in row for row in rows))
    assert [done for _, done, _ in told] == list(range(1, len(rows) + 1))
    return rows


def line(**values: object) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def test_answers_come_in_order_with_their_ids(tmp_path: Path) -> None:
    ids = ["z", "a", "10", "9", "z"]
    rows = answer(tmp_path, "".join(line(id=key, question=f"問題{i}?") for i, key in enumerate(ids)))
    assert [row["id"] for row in rows] == ids
    assert [row["answer"] for row in rows] == [f"問題{i}?!" for i in range(5)]
    assert all(row["contract"] == 1 for row in rows)


def test_history_goes_along(tmp_path: Path) -> None:
    echo = Echo()
    answer(tmp_path, line(id="1", question="丙?", history=["甲?", "乙?"]) + line(id="2", question="丁?"), echo)
    assert echo.asked == [("丙?", ("甲?", "乙?")), ("丁?", ())]


def test_forms_of_lines(tmp_path: Path) -> None:
    """Numbers as ids, no id, unknown keys, blank lines, CRLF, a byte order mark, line separators inside a question."""
    content = "\ufeff" + '{"id": 7, "question": "甲?", "gold": {}}\r\n\n  \n' + line(question="乙\u2028丙\u0085丁?")
    rows = answer(tmp_path, content)
    assert [(row["id"], row["question"]) for row in rows] == [("7", "甲?"), ("", "乙\u2028丙\u0085丁?")]


def test_an_empty_file_gives_an_empty_file(tmp_path: Path) -> None:
    assert answer(tmp_path, "") == []


def test_a_question_that_cannot_be_asked_is_a_line_of_its_own(tmp_path: Path) -> None:
    asked = ["甲?", "長" * 60, "", "?", "乙?"]
    rows = answer(tmp_path, "".join(line(id=str(n), question=each) for n, each in enumerate(asked, 1)))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert ["error" in row for row in rows] == [False, True, True, True, False]
    assert rows[1] == {"id": "2", "question": "長" * 60, "error": "The question is too long.", "hint": "Shorten it."}


@pytest.mark.parametrize("bad", ["{", "[]", "null", "7", '{"id": "1"}', '{"question": 5, "history": "甲"}', '"甲?"'])
def test_a_bad_line_is_named_before_anything_is_answered(tmp_path: Path, bad: str) -> None:
    echo = Echo()
    with pytest.raises(YinjuError) as caught:
        answer(tmp_path, line(id="1", question="甲?") + "\n" + bad + "\n", echo)
    assert "line 3" in caught.value.message
    assert "in.jsonl" in caught.value.message
    assert echo.asked == []
    assert not (tmp_path / "out.jsonl").exists()


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match="UTF-8"):
        answer(tmp_path, '{"question": "甲?"}'.encode("utf-16"))
    with pytest.raises(YinjuError, match="is a folder"):
        read_questions(tmp_path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match=r"none\.jsonl"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "in.jsonl").write_text(line(question="甲?"))
    chosen: Any = Echo()
    with pytest.raises(YinjuError, match="no folder"):
        answer_file(lambda: chosen, tmp_path / "in.jsonl", tmp_path / "no" / "out.jsonl", lambda *_: None)
    assert chosen.asked == []


def test_a_failure_half_way_leaves_the_old_answers(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old\n")
    with pytest.raises(RuntimeError):
        answer(tmp_path, line(question="甲?") + line(question="乙?"), Echo(fails_at="乙?"))
    assert (tmp_path / "out.jsonl").read_text() == "old\n"
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


def test_questions_are_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "both.jsonl"
    path.write_text('{"id": "a", "question": "x?"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="holds the questions"):
        answer_file(Echo, path, path, lambda *_: None)  # type: ignore[arg-type]
    assert read_questions(path)[0].question == "x?"


def test_batch_answers_what_asking_answers(tmp_path: Path, seed_assistant: Assistant) -> None:
    asked = [("1", "2024年南山區GDP是多少?", []), ("2", "那人均呢?", ["2024年南山區GDP是多少?"]), ("3", "你好", [])]
    (tmp_path / "in.jsonl").write_text(
        "".join(line(id=key, question=question, history=history) for key, question, history in asked)
    )
    answer_file(lambda: seed_assistant, tmp_path / "in.jsonl", tmp_path / "out.jsonl", lambda *_: None)
    rows = [json.loads(row) for row in (tmp_path / "out.jsonl").read_text().splitlines()]
    for row, (key, question, history) in zip(rows, asked, strict=True):
        alone = seed_assistant.ask(question, history).to_json() | {"id": key}
        for value in (row, alone):
            value.pop("timings_ms")
            value.pop("elapsed_ms")
        assert row == alone
