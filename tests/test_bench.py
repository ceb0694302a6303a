from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from yinju.bench import (
    Asked,
    MemoryIndex,
    Squad,
    exact_match,
    f1,
    measure_reading,
    measure_retrieval,
    read_squad,
)
from yinju.errors import EvaluationError

READING = Path(__file__).parents[2] / "shared" / "data" / "reading"


def squad_file(path: Path, paragraphs: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"version": "1", "data": [{"title": "t", "paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def paragraph(context: str, *qas: tuple[str, list[str]]) -> dict[str, Any]:
    return {
        "id": 7,
        "context": context,
        "qas": [
            {"id": n, "question": question, "answers": [{"text": text, "answer_start": 0} for text in answers]}
            for n, (question, answers) in enumerate(qas)
        ],
    }


# ── exact match and F1, worked out by hand ──


@pytest.mark.parametrize(
    ("given", "answer", "expected"),
    [
        ("北京市", "北京市", 1),
        ("「北京」市。", "北京市", 1),
        ("IBM 公司", "ibm公司", 1),
        ("3.5%", "35%", 0),
        ("北京", "北京市", 0),
        ("", "北京市", 0),
    ],
)
def test_exact_match(given: str, answer: str, expected: float) -> None:
    assert exact_match(given, answer) == expected


@pytest.mark.parametrize(
    ("given", "answer", "expected"),
    [
        ("北京市", "北京市", 1.0),
        # 3 of 5 given, 3 of 3 wanted: 2 · 0.6 · 1 / 1.6
        ("在北京市內", "北京市", 0.75),
        # The longest run counts, not the bag: 北京 and 市 stand apart, 2 of 4 and 2 of 3.
        ("北京的市", "北京市", 2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3)),
        # A Latin word and a number are one segment each: 1 of 2 and 1 of 1.
        ("IBM公", "ibm", 2 / 3),
        ("1,234.5萬", "1,234.5", 2 / 3),
        ("，北京。", "北京", 1.0),
        ("上海", "北京", 0.0),
        ("", "北京", 0.0),
        ("。", "。", 0.0),
    ],
)
def test_f1(given: str, answer: str, expected: float) -> None:
    assert f1(given, answer) == pytest.approx(expected)


def test_reading_takes_the_best_answer_and_leaves_out_questions_without_one() -> None:
    squad = Squad(
        ("甲乙丙丁",),
        (Asked("一", 0, ("甲", "甲乙")), Asked("二", 0, ()), Asked("三", 0, ("丙",)), Asked("四", 0, ("丁",))),
    )
    given = {"一": "甲乙", "三": "丙丁"}
    # Exact: 一. F1: 1 and 2 · 0.5 · 1 / 1.5 = 2/3.
    assert measure_reading(squad, lambda question, _: given[question], limit=2) == {"n": 2, "em": 50.0, "f1": 83.33}


def test_an_empty_question_is_not_asked_and_counts_as_wrong() -> None:
    squad = Squad(("甲",), (Asked(" ", 0, ("甲",)), Asked("一", 0, ("甲",))))
    assert measure_reading(squad, lambda *_: "甲") == {"n": 2, "em": 50.0, "f1": 50.0}
    assert measure_retrieval(squad.questions, lambda _: [0])["recall@1"] == 50.0


def test_reading_without_any_answer_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="has an answer"):
        measure_reading(Squad(("甲",), (Asked("一", 0, ()),)), lambda *_: "")


# ── retrieval ──


def test_retrieval_is_measured_on_contexts_not_passages() -> None:
    found = {"一": [3, 3, 0], "二": [5, 5, 5, 6, 6, 7], "三": [0, 1, 2, 3, 4, 5], "四": list(range(20))}
    questions = [Asked("一", 0, ()), Asked("二", 7, ()), Asked("三", 5, ()), Asked("四", 10, ())]
    # Ranks 2, 3, 6 and none within ten: (1/2 + 1/3 + 1/6) / 4 = 1/4.
    assert measure_retrieval(questions, lambda question: found[question]) == {
        "n": 4,
        "recall@1": 0.0,
        "recall@5": 50.0,
        "mrr@10": 25.0,
    }


class CountingEmbedder:
    """A vector counts three characters and is made unit length."""

    dimension = 3

    def passages(self, texts: Sequence[str], progress: Any = None) -> Any:
        counts = np.array([[text.count(c) + 1e-6 for c in "甲乙丙"] for text in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    def fits(self, text: str) -> bool:
        return len(text) <= 12


def test_memory_index_searches_by_meaning_and_by_words() -> None:
    contexts = ["甲甲甲。", "乙乙。深圳。", "丙丙丙丙丙丙丙丙丙。丙丙丙丙丙丙丙丙丙丙。"]
    embedder: Any = CountingEmbedder()
    index = MemoryIndex(contexts, embedder, max_chars=100)
    assert {passage.document for passage in index.passages} == {"0", "1", "2"}
    # The third context is longer than the window: it is several passages of one document.
    assert sum(passage.document == "2" for passage in index.passages) > 1
    assert all(passage.span.of(contexts[int(passage.document)]) == passage.text for passage in index.passages)
    dense = index.search_dense(np.array([0, 1, 0], np.float32), 1)
    assert [index.passages[position].document for position, _ in dense] == ["1"]
    assert dense[0][1] == pytest.approx(1.0, abs=1e-3)
    lexical = index.search_lexical(["深圳"], 3)
    assert index.passages[lexical[0][0]].document == "1"
    assert lexical[0][1] > 0


# ── the file ──


def test_equal_contexts_become_one(tmp_path: Path) -> None:
    path = squad_file(
        tmp_path / "s.json",
        [paragraph("甲。", ("一", ["甲", "甲"])), paragraph("乙。", ("二", [])), paragraph("甲。", ("三", ["甲。"]))],
    )
    squad = read_squad(path)
    assert squad.contexts == ("甲。", "乙。")
    assert [(asked.context, asked.answers) for asked in squad.questions] == [(0, ("甲",)), (1, ()), (0, ("甲。",))]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "Invalid JSON"),
        (b"\xff\xfe\x00", "Invalid JSON"),
        (b"[]", "object"),
        (b'{"data": [{"paragraphs": [{"qas": []}]}]}', "data.0.paragraphs.0.context"),
        (b'{"data": []}', "no questions"),
        (b'{"data": [{"paragraphs": [{"context": "x", "qas": [{"question": null}]}]}]}', "question"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(content)
    with pytest.raises(EvaluationError, match=named) as caught:
        read_squad(path)
    assert "SQuAD form" in caught.value.hint


def test_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="No such file"):
        read_squad(tmp_path / "none.json")


@pytest.mark.skipif(not READING.is_dir(), reason=f"{READING} is absent")
@pytest.mark.parametrize(
    ("name", "n_contexts", "n_questions"),
    [("drcd_dev.json", 1000, 3524), ("cmrc2018_trial.json", 256, 1002), ("drcd_train_subset.json", 1960, 1960)],
)
def test_real_files(name: str, n_contexts: int, n_questions: int) -> None:
    squad = read_squad(READING / name)
    assert (len(squad.contexts), len(squad.questions)) == (n_contexts, n_questions)
    # A reader that copies the first accepted answer is always right.
    answer = {(asked.question, asked.context): asked.answers[0] for asked in squad.questions}
    number = {context: n for n, context in enumerate(squad.contexts)}
    measured = measure_reading(squad, lambda question, context: answer[question, number[context]])
    n_asked = sum(bool(asked.question.strip()) for asked in squad.questions)
    assert measured["n"] == n_questions
    assert measured["em"] == measured["f1"] == round(100 * n_asked / n_questions, 2)
