from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from yinju.baseline import Bounds, find_changes, find_failures, read_thresholds
from yinju.config import Settings
from yinju.errors import EvaluationError, UsageError
from yinju.evalset import Question, check_evidence, find_evidence, read_set
from yinju.evaluate import evaluate, find_document, group_by_index, run_evaluation
from yinju.metrics import (
    Score,
    Verdict,
    count_verbatim,
    evidence_cited,
    judge,
    latency,
    percentile,
    retrieval,
    summarise,
)
from yinju.report import Report, measure
from yinju.types import (
    Answer,
    Citation,
    CitedFigure,
    Figure,
    Hit,
    Kind,
    Passage,
    Quantity,
    Reason,
    Result,
    Span,
    Status,
    Turn,
)

EVALS = Path(__file__).parents[1] / "evals"
# Two files there have forms and tests of their own.
SETS = sorted(path for path in EVALS.glob("*.jsonl") if path.stem not in ("ledger", "conversations", "injections"))
TEXT = "甲區面積10平方公里。甲區有5家工廠。乙區面積20平方公里。甲區有5家工廠。"


def question(**values: Any) -> Question:
    gold = {"status": "answered", **values.pop("gold", {})}
    line = {
        "id": "q-1",
        "type": "robust",
        "split": "dev",
        "question": "甲區多大?",
        "language": "zh-Hant",
        "document": "a.txt",
        "evidence": [] if gold["status"] == "abstained" else ["甲區面積10平方公里"],
        **values,
        "gold": gold,
    }
    return Question.model_validate_json(json.dumps(line))


def figure(value: str, unit: str) -> CitedFigure:
    quantity = Quantity(Span(0, 1), value, Decimal(value), unit, Kind.OTHER)
    return CitedFigure(Figure("f", "a.txt", quantity, Span(0, 1), Span(0, 1)), 1)


def answer(text: str = "10平方公里。", result: tuple[str, str] | None = None, **values: Any) -> Answer:
    return Answer(
        question="甲區多大?",
        standalone_question=values.pop("standalone", "甲區多大?"),
        status=values.pop("status", Status.ANSWERED),
        text=text,
        language=values.pop("language", "zh-Hant"),
        result=None if result is None else Result(result[0], Decimal(result[0]), result[1]),
        **values,
    )


def cite(start: int, end: int, quote: str | None = None, document: str = "a.txt") -> Citation:
    return Citation(1, document, Span(start, end), TEXT[start:end] if quote is None else quote)


# ── right and wrong ──


@pytest.mark.parametrize(
    ("result", "gold", "right"),
    [
        (("10", "平方公里"), {"value": "10", "unit": "平方公里"}, True),
        (("10.0", "平方公里"), {"value": "10", "unit": "平方公里"}, True),
        (("10.1", "平方公里"), {"value": "10", "unit": "平方公里"}, False),
        (("10.1", "平方公里"), {"value": "10", "unit": "平方公里", "tolerance": "0.01"}, True),
        (("9.9", "平方公里"), {"value": "10", "unit": "平方公里", "tolerance": "0.01"}, True),
        (("10.2", "平方公里"), {"value": "10", "unit": "平方公里", "tolerance": "0.01"}, False),
        (("-10.1", "%"), {"value": "-10", "unit": "%", "tolerance": "0.01"}, True),
        (("10", "平方米"), {"value": "10", "unit": "平方公里"}, False),
        (("10", "%"), {"value": "10", "unit": "個百分點"}, False),
        (("10", "个百分点"), {"value": "10", "unit": "百分點"}, True),
        # Which measure word counts the things does not matter; a unit of measurement does.
        (("10", "家"), {"value": "10", "unit": "個"}, True),
        (("10", ""), {"value": "10", "unit": "項"}, True),
        (("10", "元"), {"value": "10", "unit": "項"}, False),
        (("10", "元"), {"value": "10"}, True),
        # The number in the prose alone is not enough.
        (None, {"value": "10", "unit": "平方公里"}, False),
    ],
)
def test_value(result: tuple[str, str] | None, gold: dict[str, str], right: bool) -> None:
    assert judge(question(gold=gold), answer(result=result)).right is right


@pytest.mark.parametrize(
    ("text", "figures", "tolerance", "right"),
    [
        ("有兩個數字。", ["832.56", "676.9"], None, True),
        ("676.9件,另一處832.56件。", [], None, True),
        ("676.9件。", ["832.56"], None, True),
        ("有兩個數字。", ["832.56"], None, False),
        ("有兩個數字。", ["832", "677"], None, False),
        ("有兩個數字。", ["832", "677"], "0.01", True),
    ],
)
def test_conflict(text: str, figures: list[str], tolerance: str | None, right: bool) -> None:
    gold = {"status": "conflict", "values": ["832.56", "676.9"], "unit": "件", "tolerance": tolerance}
    given = answer(text, status=Status.CONFLICT, figures=tuple(figure(value, "件") for value in figures))
    assert judge(question(type="conflict", gold=gold), given).right is right


def test_status_comes_first() -> None:
    verdict = judge(question(gold={"value": "10"}), answer(result=("10", ""), status=Status.CONFLICT))
    assert verdict == Verdict(False, "status is conflict, expected answered")
    assert judge(question(gold={"status": "abstained"}), answer("不知", status=Status.ABSTAINED)).right
    assert not judge(question(gold={"status": "abstained"}), answer()).right


@pytest.mark.parametrize(
    ("text", "language", "right"),
    [
        ("是夏雷。", "zh-Hant", True),
        ("是 夏 雷", "zh-Hant", True),
        ("首席技术官", "zh-Hans", True),
        ("ｃｔｏ", "en", True),
        ("是夏天。", "zh-Hant", False),
        ("夏雷" + "。" * 119, "zh-Hant", False),
        ("夏雷" + "。" * 119, "en", True),
    ],
)
def test_texts(text: str, language: str, right: bool) -> None:
    gold = {"texts": ["夏雷", "CTO", "首席技術官"]}
    assert judge(question(gold=gold), answer(text, language=language)).right is right


def test_items_are_all_needed_and_points_by_two_thirds() -> None:
    items = question(type="list", gold={"items": [["規劃"], ["政策", "方針"], ["開發"]]})
    assert judge(items, answer("規劃、方針、开发")) == Verdict(True, "", 1.0)
    assert judge(items, answer("規劃、方針")) == Verdict(False, "2 of 3 items", pytest.approx(2 / 3))
    assert judge(items, answer("規劃、方針、開發", status=Status.ABSTAINED)).found == 0
    points = question(type="explain", gold={"points": [["規劃"], ["政策"], ["開發"]]})
    assert judge(points, answer("規劃、政策")).right
    assert judge(points, answer("規劃")) == Verdict(False, "1 of 3 points", pytest.approx(1 / 3))


def test_every_part_of_the_gold_is_needed() -> None:
    gold = {"value": "10", "unit": "平方公里", "texts": ["甲區"]}
    assert judge(question(gold=gold), answer("甲區10平方公里", result=("10", "平方公里"))).right
    assert judge(question(gold=gold), answer("10平方公里", result=("10", "平方公里"))).why == "none of: 甲區"


# ── citations and retrieval ──


def test_evidence_is_found_wherever_it_stands() -> None:
    asked = question(evidence=["甲區有5家工廠", "乙區"], gold={"value": "5"})
    assert find_evidence(asked, TEXT) == ((Span(11, 18), Span(30, 37)), (Span(19, 21),))


@pytest.mark.parametrize(
    ("citations", "any_", "share"),
    [
        ([cite(11, 18)], False, 0.5),
        ([cite(30, 32), cite(20, 25)], False, 1.0),
        ([cite(11, 18)], True, 1.0),
        ([cite(0, 11)], True, 0.0),
        ([cite(11, 18, document="b.txt")], True, 0.0),
        ([cite(11, 18, document="folder/a.txt")], True, 1.0),
        ([], False, 0.0),
    ],
)
def test_evidence_cited(citations: list[Citation], any_: bool, share: float) -> None:
    asked = question(evidence=["甲區有5家工廠", "乙區"], evidence_any=any_, gold={"value": "5"})
    given = answer(citations=tuple(citations))
    assert evidence_cited(asked, given, find_evidence(asked, TEXT)) == share


def test_citations_are_not_counted_for_abstentions() -> None:
    asked = question(gold={"value": "10"})
    given = answer(status=Status.ABSTAINED)
    assert evidence_cited(asked, given, find_evidence(asked, TEXT)) is None
    assert evidence_cited(asked, answer(), ()) is None


def test_verbatim_means_every_character() -> None:
    citations = (cite(0, 5), cite(0, 5, "甲区面積1"), cite(1, 6, "甲區面積1"), cite(3, 3), cite(0, 5, document="b.txt"))
    assert count_verbatim(answer(citations=citations), TEXT, "a.txt") == 1


def hits(*spans: tuple[int, int], document: str = "a.txt") -> list[Hit]:
    return [
        Hit(Passage("p", "d", document, Span(start, end), TEXT[start:end], TEXT[start:end]), 1.0, 0.0, 0.0)
        for start, end in spans
    ]


def test_retrieval() -> None:
    asked = question(evidence=["甲區面積10平方公里", "乙區"], gold={"value": "5"})
    evidence = find_evidence(asked, TEXT)
    found = hits((11, 19), (0, 11), (30, 38), (11, 19), (19, 30))
    # The evidence stands in the second and the fifth passage.
    assert retrieval(asked, found, evidence) == ({1: 0.0, 5: 1.0, 8: 1.0}, 0.5)
    assert retrieval(asked, found[:4], evidence) == ({1: 0.0, 5: 0.5, 8: 0.5}, 0.5)
    either = asked.model_copy(update={"evidence_any": True})
    assert retrieval(either, found[:4], evidence)[0] == {1: 0.0, 5: 1.0, 8: 1.0}
    assert retrieval(asked, hits((0, 38), document="b.txt"), evidence) == ({1: 0.0, 5: 0.0, 8: 0.0}, 0.0)


# ── many ──


def score(right: bool, status: str, gold: str, **values: Any) -> Score:
    asked = question(gold={"status": gold, **({"value": "1"} if gold == "answered" else {})}, **values)
    return Score(asked, Verdict(right), answer(status=Status(status), citations=(cite(0, 3),)), n_verbatim=1)


def test_summary_of_abstentions() -> None:
    scores = [
        score(True, "answered", "answered"),
        score(False, "answered", "answered"),
        score(False, "abstained", "answered"),
        score(True, "abstained", "abstained"),
        score(True, "abstained", "abstained"),
        score(False, "answered", "abstained"),
        Score(question(gold={"value": "1"}), Verdict(False, "failed")),
    ]
    summary = summarise(scores)
    assert summary["n"] == 7
    assert summary["accuracy"] == pytest.approx(42.86)  # 3 of 7
    assert summary["accuracy_answerable"] == 25.0  # 1 of 4
    assert summary["abstention_precision"] == pytest.approx(66.67)  # 2 of 3
    assert summary["abstention_recall"] == pytest.approx(66.67)  # 2 of 3
    assert summary["refused_answerable"] == 25.0  # 1 of 4
    assert (summary["n_citations"], summary["verbatim"]) == (6, 100.0)
    assert summary["failures"] == 1
    assert summary["recall@5"] is None
    assert summary["mrr"] is None


def test_percentiles_take_the_nearest_rank() -> None:
    assert [percentile([1, 2, 3, 4], share) for share in (0, 25, 50, 51, 95, 100)] == [1, 1, 2, 3, 4, 4]
    assert latency([]) == {"p50_ms": None, "p95_ms": None}


def test_metrics_by_split_and_type() -> None:
    scores = [score(True, "answered", "answered"), score(False, "answered", "answered", split="frozen")]
    metrics = measure(scores)
    assert [(split, metrics[split]["accuracy"]) for split in metrics] == [("dev", 100), ("frozen", 0), ("all", 50)]
    assert metrics["all"]["types"]["robust"]["n"] == 2
    assert list(measure(scores[:1])) == ["dev"]


# ── the runner ──


class Parrot:
    """Answers with the result 10 平方公里 from the first sentence and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.retrieved: list[str] = []

    def answer(self, question: str, turns: Sequence[Turn]) -> Answer:
        self.asked.append((question, len(turns)))
        if question == "":
            raise UsageError("The question is empty.", "Ask something.")
        return answer(result=("10", "平方公里"), citations=(cite(0, 11),), standalone=f"{question}!")

    def retrieve(self, question: str, top_k: int | None = None) -> list[Hit]:
        self.retrieved.append(question)
        return hits((0, 11))[:top_k]


def test_conversations_share_their_beginnings() -> None:
    parrot, told = Parrot(), []
    questions = [
        question(id="1", question="三", history=["一", "二"], gold={"value": "10", "unit": "平方公里"}),
        question(id="2", question="四", history=["一"], gold={"value": "11", "unit": "平方公里"}),
        question(id="3", question="五", gold={"status": "abstained"}),
    ]
    scores = evaluate(parrot, questions, {"a.txt": TEXT}, lambda stage, done=0, total=None: told.append((done, total)))
    assert parrot.asked == [("一", 0), ("二", 1), ("三", 2), ("四", 1), ("五", 0)]
    assert parrot.retrieved == ["三!", "四!"]
    assert [s.verdict.right for s in scores] == [True, False, False]
    assert [s.citation_hit for s in scores] == [True, True, None]
    assert scores[0].recall == {1: 1.0, 5: 1.0, 8: 1.0}
    assert (scores[2].recall, scores[2].n_verbatim) == (None, 1)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_failing_question_is_wrong_and_does_not_stop_the_others() -> None:
    failing = question(id="1", gold={"value": "10"}).model_copy(update={"question": ""})
    scores = evaluate(Parrot(), [failing, question(id="2", gold={"value": "10"})], {"a.txt": TEXT})
    assert scores[0].verdict == Verdict(False, "failed: The question is empty.")
    assert scores[1].verdict.right


def test_citations_of_other_documents_of_the_index_are_held_against_their_own_text() -> None:
    class Comparer(Parrot):
        def answer(self, question: str, turns: Sequence[Turn]) -> Answer:
            citations = (
                cite(0, 5),
                cite(0, 2, "丙區", "b.txt"),
                cite(0, 2, "甲區", "b.txt"),
                cite(0, 2, "甲區", "c.txt"),
            )
            return answer(result=("10", "平方公里"), citations=citations)

    [scored] = evaluate(Comparer(), [question(gold={"value": "10"})], {"a.txt": TEXT, "b.txt": "丙區"})
    assert scored.n_verbatim == 2


def test_questions_are_grouped_by_the_files_of_their_index(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md"):
        (tmp_path / name).write_text("x")
    sources = {name: tmp_path / name for name in ("a.txt", "b.txt")}
    both = tmp_path / "a.txt", tmp_path / "b.txt"
    questions = [
        question(id="1", document="b.txt", gold={"value": "1"}),
        question(id="2", document="b.txt", gold={"value": "1"}, index="folder"),
        question(id="3", document="a.txt", gold={"value": "1"}, index="folder"),
    ]
    groups = group_by_index(questions, sources)
    assert {paths: [each.id for each in group] for paths, group in groups.items()} == {
        both[1:]: ["1"],
        both: ["2", "3"],
    }


def write_set(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "s.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


LINE = {
    "id": "figure-001", "type": "figure", "split": "dev", "question": "甲區多大?", "history": [], "language": "zh-Hant",
    "document": "a.txt", "evidence": ["甲區面積10平方公里"],
    "gold": {"status": "answered", "value": "10", "unit": "平方公里"},
}  # fmt: skip


def test_set_without_its_document_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    path = write_set(tmp_path / "evals", LINE)
    report = run_evaluation(path, Settings(seeds=tmp_path / "seeds"))
    assert report.skipped == "it asks about a.txt, which is not here."
    assert report.passes
    assert not (tmp_path / "evals" / "reports").exists()
    console = Console(file=io.StringIO(), width=200)
    report.show(console)
    assert "s skipped: it asks about a.txt" in console.file.getvalue()  # type: ignore[attr-defined]


def test_document_is_found_in_folders(tmp_path: Path) -> None:
    (tmp_path / "seeds" / "deep").mkdir(parents=True)
    (tmp_path / "seeds" / "deep" / "a[1].txt").write_text("x")
    settings = Settings(seeds=tmp_path / "nowhere")
    assert find_document("a[1].txt", tmp_path / "evals" / "s.jsonl", settings) is not None
    assert find_document("a1.txt", tmp_path / "evals" / "s.jsonl", settings) is None


def test_unknown_and_empty_splits(tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(TEXT, encoding="utf-8")
    path = write_set(tmp_path / "evals", LINE)
    with pytest.raises(UsageError, match="'test'"):
        run_evaluation(path, Settings(), split="test")
    with pytest.raises(EvaluationError, match="no questions in the split 'frozen'"):
        run_evaluation(path, Settings(seeds=tmp_path / "seeds"), split="frozen")


# ── sets ──


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "riddle"}, "line 2: type: "),
        ({"question": ""}, "line 2: question: "),
        ({"note": "x"}, "line 2: note: "),
        ({"index": "reports"}, "line 2: index: "),
        ({"id": "1"}, "line 2: the id '1' is taken by line 1"),
        ({"evidence": []}, "needs evidence"),
        ({"gold": {"status": "answered"}}, "needs one of: value"),
        ({"gold": {"status": "answered", "value": "ten"}}, "gold.value: "),
        ({"gold": {"status": "answered", "value": "1", "tolerance": "2"}}, "gold.tolerance: "),
        ({"gold": {"status": "abstained", "value": "1"}}, "there can be no value"),
        ({"type": "unanswerable"}, "has the gold status 'abstained'"),
        ({"type": "conflict", "gold": {"status": "conflict", "values": ["1", "1.0"]}}, "at least two different values"),
        ({"type": "list", "gold": {"status": "answered", "items": [[]]}}, "gold.items.0: "),
    ],
)
def test_lines_not_in_the_form_are_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write_set(tmp_path, {**LINE, "id": "1"}, {**LINE, **change})
    with pytest.raises(EvaluationError, match=message) as caught:
        read_set(path)
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe", b"{\n"])
def test_files_that_are_no_sets(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvaluationError):
        read_set(path)
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_set(tmp_path / "none.jsonl")


def test_evidence_has_to_be_verbatim(tmp_path: Path) -> None:
    eval_set = read_set(write_set(tmp_path, LINE, {**LINE, "id": "2", "evidence": ["甲区面積10"]}))
    check_evidence(eval_set, {})
    with pytest.raises(EvaluationError, match=r"line 2: the evidence 「甲区面積10」 does not stand in a\.txt"):
        check_evidence(eval_set, {"a.txt": TEXT})


DEVELOPMENT_ONLY = {"reports_3"}
"""Sets that models are fitted to as a whole."""


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_our_own_sets_are_valid(path: Path) -> None:
    eval_set = read_set(path)
    halves = {"dev"} if path.stem in DEVELOPMENT_ONLY else {"dev", "frozen"}
    assert {question.split for question in eval_set.questions} == halves
    sources = {name: find_document(name, path, Settings()) for name in eval_set.documents}
    if not all(sources.values()):
        pytest.skip(f"documents of {path.name} are absent")
    check_evidence(eval_set, {name: source.read_bytes().decode() for name, source in sources.items() if source})


# ── report, comparison, gate ──


def report(*outcomes: tuple[str, str, bool], **values: Any) -> Report:
    scores = tuple(
        Score(
            question(id=id_, split=split, question=f"問{id_}?", gold={"value": "7777"}),
            Verdict(right, "" if right else "result is 8"),
            answer(f"答{id_}。", result=("8", "")),
            milliseconds=5.0,
        )
        for id_, split, right in outcomes
    )
    values = {"split": "all", "fingerprint": {"set_sha256": "abc"}, **values}
    return Report("s", scores=scores, **values)


def test_frozen_questions_are_named_by_id_alone(tmp_path: Path) -> None:
    made = report(("d1", "dev", False), ("f1", "frozen", False), ("f2", "frozen", True))
    console = Console(file=io.StringIO(), width=200)
    made.show(console)
    made.write(tmp_path)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for text in (shown, made.to_markdown(), json.dumps(made.to_json(), ensure_ascii=False)):
        assert "問d1?" in text
        assert "答d1。" in text
        assert "f1" in text
        assert "問f1?" not in text
        assert "答f1" not in text
    assert {path.name for path in tmp_path.iterdir()} == {"s-all.json", "s-all.md"}


def test_written_report_is_the_same_apart_from_times(tmp_path: Path) -> None:
    made = report(("d1", "dev", False))
    other = json.loads(json.dumps(made.to_file_json()))
    made.write(tmp_path)
    written = json.loads((tmp_path / "s-all.json").read_text(encoding="utf-8"))
    assert written.pop("latency") == {"p50_ms": 5.0, "p95_ms": 5.0}
    assert other.pop("latency")
    assert written == other
    assert "ms" not in json.dumps(written)


def test_changes_against_the_last_file_and_the_last_commit(tmp_path: Path) -> None:
    path = tmp_path / "s-all.json"
    assert find_changes(path, {"d1": True}, "abc").against == ""
    report(("d1", "dev", False), ("d2", "dev", True), ("d3", "dev", True)).write(tmp_path)
    now = {"d1": True, "d2": False, "d3": True, "d4": True}
    changes = find_changes(path, now, "abc")
    assert changes.to_json() == {
        "against": "the last run",
        "right_to_wrong": ["d2"],
        "wrong_to_right": ["d1"],
        "new": ["d4"],
        "same_questions": True,
    }
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e@x"]
    for command in (["init", "-q"], ["add", "s-all.json"], ["commit", "-qm", "report"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    report(("d1", "dev", True), ("d2", "dev", True)).write(tmp_path)
    changes = find_changes(path, now, "other")
    assert (changes.against, changes.won, changes.lost) == ("the last commit", ("d1",), ("d2",))
    assert not changes.same_questions


def test_a_report_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("[]")
    with pytest.raises(EvaluationError, match="not an evaluation report"):
        find_changes(tmp_path / "s.json", {}, "")


def test_gate() -> None:
    metrics = {
        "dev": {"accuracy": 75.0, "refused_answerable": 10.0, "mrr": None, "types": {"figure": {"accuracy": 50.0}}}
    }
    holds = Bounds(min={"accuracy": 75}, max={"refused_answerable": 10}, types={"figure": 50})
    assert find_failures(metrics, {"dev": holds}) == ()
    # Bounds of a split that was not scored do not matter.
    assert find_failures(metrics, {"dev": holds, "all": Bounds(min={"accuracy": 99})}) == ()
    broken = Bounds(min={"accuracy": 76, "mrr": 1, "acuracy": 1}, max={"refused_answerable": 9}, types={"span": 1})
    failures = find_failures(metrics, {"dev": broken})
    assert len(failures) == 5
    assert failures[0] == "dev: accuracy is 75.0, at least 76.0 expected"
    assert failures[-1] == "dev: refused_answerable is 10.0, at most 9.0 expected"


def test_a_gate_without_thresholds_does_not_open() -> None:
    assert find_failures({"dev": {}}, {"all": Bounds()}) == ("no thresholds are set for the split dev",)
    assert not report(("d1", "dev", True), failures=("x",)).passes


def test_thresholds_are_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    assert read_thresholds(path, "s") == {}
    path.write_text("[s.dev.min]\naccuracy = 70\n[s.dev.types]\nfigure = 60\n[t.all.max]\nrefused_answerable = 5\n")
    assert read_thresholds(path, "s") == {"dev": Bounds(min={"accuracy": 70}, types={"figure": 60})}
    assert read_thresholds(path, "u") == {}
    for content, message in (
        ("[s.dev.least]\n", "s.dev.least"),
        ("x", "TOML"),
        ("[s.dev.min]\na = 101\n", "s.dev.min.a"),
    ):
        path.write_text(content)
        with pytest.raises(EvaluationError, match=message):
            read_thresholds(path, "s")


def test_reason_is_reported_and_does_not_decide() -> None:
    asked = question(gold={"status": "abstained", "reason": "other_period"})
    given = answer(status=Status.ABSTAINED, reason=Reason.NO_EVIDENCE)
    assert judge(asked, given).right
    assert summarise([Score(asked, judge(asked, given), given)])["reason_right"] == 0.0
