"""The gold of the figure ledger is what the documents say, and its scorer counts as worked out by hand."""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from test_docs import script
from yinju.config import Settings
from yinju.figures.ledger import read_figures
from yinju.types import Document, Figure, Kind, Quantity, Role, Span

SHARED = Path(__file__).parents[2] / "shared" / "data"
MAX_QUOTE = 40
scorer = script("evals/score_ledger.py")
HALVES = {split: scorer.read_gold(scorer.GOLD, split) for split in ("dev", "frozen")}
MARKS = [mark for half in HALVES.values() for marks in half.values() for mark in marks]
NAMES = sorted({mark.document for mark in MARKS})


def figures(marks: list[Any] = MARKS) -> list[Any]:
    return [mark for mark in marks if isinstance(mark, scorer.GoldFigure)]


def gold(**changes: Any) -> Any:
    values = {
        "id": "a", "type": "figure", "document": "a.txt", "split": "dev", "start": 4, "end": 7, "surface": "56%",
        "value": "56", "unit": ["%"], "kind": ["percent"], "entity": ["甲區", "全區"], "metric": [["工業", "占"]],
        "period": ["2024"], "role": ["share"],
    }  # fmt: skip
    return scorer.GoldFigure(**(values | changes))


def row(start: int = 4, surface: str = "56%", value: str = "56", **changes: Any) -> Figure:
    span = Span(start, start + len(surface))
    quantity = Quantity(span, surface, Decimal(value), "%", Kind.PERCENT)
    values: dict[str, Any] = {"entity": "甲区", "metric": "工业占比", "period": "2024", "role": Role.SHARE}
    sentence = Span(0, 20)
    return Figure(f"{start}-{value}", "a.txt", quantity, sentence, sentence, **(values | changes))


# ── the gold ────────────────────────────────────────────────────────────────────────────────


def test_gold_is_large_enough_and_both_halves_alike() -> None:
    counts = Counter(mark.split for mark in figures())
    assert min(counts.values()) >= 150
    assert max(counts.values()) / min(counts.values()) < 1.2
    assert len({mark.id for mark in MARKS}) == len(MARKS)


def test_every_mark_lies_in_a_stretch_of_its_half_and_none_overlap() -> None:
    for name in NAMES:
        marks = [mark for mark in MARKS if mark.document == name]
        stretches = sorted((mark for mark in marks if isinstance(mark, scorer.Stretch)), key=lambda mark: mark.start)
        inner = sorted((mark for mark in marks if not isinstance(mark, scorer.Stretch)), key=lambda mark: mark.start)
        assert all(left.end <= right.start for left, right in pairwise(stretches))
        assert all(left.end <= right.start for left, right in pairwise(inner))
        for mark in inner:
            homes = [stretch for stretch in stretches if stretch.covers(mark.start, mark.end)]
            assert [stretch.split for stretch in homes] == [mark.split], mark.id


def test_gold_copies_no_more_than_short_quotes() -> None:
    assert all(len(surface) <= MAX_QUOTE for mark in figures() for surface in (mark.surface, *mark.also))


@pytest.mark.parametrize("name", NAMES)
def test_surfaces_stand_where_the_gold_says(name: str) -> None:
    document = scorer.load_document(name, Settings.load())
    if document is None:
        assert not SHARED.exists(), f"{name} should be here"
        pytest.skip(f"{name} is not here")
    for mark in MARKS:
        if mark.document != name or isinstance(mark, scorer.Stretch):
            continue
        assert document.text[mark.start : mark.end] == mark.surface, mark.id
        for surface in getattr(mark, "also", ()):
            assert document.text.startswith(surface, mark.start), mark.id


def test_written_digits_are_in_the_value() -> None:
    """What is written in plain digits has its value checked against them, whatever the scale."""
    for mark in figures():
        written = mark.surface.replace(",", "").lstrip("-")
        digits = "".join(c for c in written if c.isdigit() and c.isascii()).strip("0")
        if mark.value is None or mark.high is not None or not digits or written.count("千") > 1:
            continue
        assert "".join(c for c in str(mark.value) if c.isdigit()).strip("0").startswith(digits), mark.id


# ── the scorer ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"value": "57"}, False),
        ({"surface": "56%的"}, False),
        ({"start": 5}, False),
    ],
)
def test_found_needs_the_exact_span_and_value(changes: dict[str, Any], found: bool) -> None:
    assert gold().is_found(row(**changes)) is found


def test_accepted_surfaces_and_open_values() -> None:
    assert gold(also=["56%的"]).is_found(row(surface="56%的"))
    assert gold(value=None).is_found(row(value="1"))
    assert not gold(high="60").is_found(row())


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"entity": "全區"}, set()),
        ({"entity": "甲區工業"}, {"entity"}),
        ({"metric": "工業"}, {"metric"}),
        ({"period": "2023"}, {"period"}),
        ({"role": Role.LEVEL}, {"role"}),
        ({"target": True}, {"role"}),
    ],
)
def test_attributes_of_a_found_figure(changes: dict[str, Any], wrong: set[str]) -> None:
    verdicts = gold().judge(row(**changes))
    assert {name for name, right in verdicts.items() if not right} == wrong
    assert {"per", "base"}.isdisjoint(verdicts), "what the gold leaves open is not judged"


def test_words_that_must_not_stand_in_the_metric() -> None:
    verdict = {
        text: gold(metric=[["人口", "!鄉村"]]).judge(row(metric=text))["metric"] for text in ("总人口", "乡村人口")
    }
    assert verdict == {"总人口": True, "乡村人口": False}


def test_precision_and_recall_by_hand() -> None:
    """Two gold figures, one found; of four rows one is false, one optional and one outside the stretch."""
    place = {"document": "a.txt", "split": "dev"}
    marks = [
        scorer.Stretch(id="s", type="stretch", start=0, end=20, **place),
        scorer.Optional(id="o", type="optional", start=9, end=11, surface="一個", **place),
        gold(),
        gold(id="b", start=12, end=15),
    ]
    rows = [row(), row(start=9), row(start=16), row(start=30)]
    document = Document("a", "a.txt", "字" * 40, "字" * 40, "", "", "text/plain")
    score = scorer.score_document(document, rows, marks)
    assert [one.gold.id for one in score.found] == ["a"]
    assert [mark.id for mark in score.missed] == ["b"]
    assert [one.quantity.span.start for one in score.false] == [16]
    summary = scorer.summarise([score])
    assert (summary["n"], summary["precision"], summary["recall"]) == (2, 50.0, 50.0)
    assert (summary["entity"], summary["per"]) == (100.0, None)
    assert len(list(scorer.errors(score))) == 2


def test_a_line_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        gold(colour="red")


def test_errors_of_the_frozen_half_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["score_ledger.py", "--split", "frozen", "--wrong"])
    with pytest.raises(SystemExit) as caught:
        scorer.main()
    assert caught.value.code == 2


def test_seed_document_keeps_what_the_ledger_finds() -> None:
    name = "nanshan.txt"
    document = scorer.load_document(name, Settings.load())
    summary = scorer.summarise([scorer.score_document(document, read_figures(document), HALVES["dev"][name])])
    assert min(summary["precision"], summary["recall"]) >= 98
    assert min(summary["unit"], summary["period"]) >= 95
