"""Values between the stages: what they refuse, and the public form of an answer."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinju import types
from yinju.types import (
    Answer,
    Approx,
    Citation,
    CitedFigure,
    Document,
    Figure,
    Kind,
    Quantity,
    Reason,
    Repair,
    Result,
    Span,
    Status,
    plain,
)

spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 50), st.integers(0, 50))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_a_span_runs_forward_from_zero(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"0 <= start <= end"):
        Span(start, end)


@given(spans, spans)
def test_spans_are_sets_of_places(one: Span, other: Span) -> None:
    places, others = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert len(one) == len(places)
    assert one.overlaps(other) == other.overlaps(one)
    if places and others:
        assert one.overlaps(other) == bool(places & others)
        assert one.contains(other) == (others <= places)
    assert one.shift(7).start == one.start + 7
    assert len(one.shift(7)) == len(one)


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_span_of_text_is_its_slice(text: str, start: int, length: int) -> None:
    assert Span(start, start + length).of(text) == text[start : start + length]


def test_repairs_and_readable_text_keep_their_length() -> None:
    with pytest.raises(ValueError, match="length"):
        Repair(Span(0, 2), "一", "gbk")
    with pytest.raises(ValueError, match="readable"):
        Document("0", "a.txt", "一二", "一", "", "", "text/plain")


def test_values_are_frozen_and_slotted() -> None:
    values = [value for value in vars(types).values() if isinstance(value, type) and dataclasses.is_dataclass(value)]
    assert len(values) > 10
    for value in values:
        assert value.__dataclass_params__.frozen, value  # type: ignore[attr-defined]
        assert "__slots__" in vars(value), value


@pytest.mark.parametrize(
    ("value", "text"),
    [("9.501E+11", "950100000000"), ("42.30", "42.3"), ("-6.40", "-6.4"), ("0.10", "0.1"), ("0", "0"), ("100", "100"),
     ("1E-7", "0.0000001"), ("120.0", "120")],
)  # fmt: skip
def test_decimals_are_written_plainly(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_written_decimals_are_exact(value: Decimal) -> None:
    written = plain(value)
    assert Decimal(written) == value
    assert "E" not in written.upper()


def test_the_public_form_of_an_answer() -> None:
    quantity = Quantity(Span(3, 10), "120多倍", Decimal(120), "倍", Kind.MULTIPLE, approx=Approx.OVER)
    figure = Figure("f" * 12, "a.txt", quantity, Span(0, 12), Span(3, 11), "南山區", "GDP", "2024")
    answer = Answer(
        "問?", "全問?", Status.ANSWERED, "120多倍。", "zh-Hant", Result("120多倍", Decimal("120.0"), "倍"),
        (CitedFigure(figure, 1),), None, (Citation(1, "a.txt", Span(0, 12), "「原文」", 3, "修"),),
        None, (), 0.93456, {"read": 1.26, "total": 2.04}, "q1",
    )  # fmt: skip
    expected = {
        "contract": 1, "id": "q1", "question": "問?", "standalone_question": "全問?", "status": "answered",
        "answer": "120多倍。", "result": {"text": "120多倍", "value": "120", "unit": "倍"},
        "figures": [{"id": "f" * 12, "surface": "120多倍", "value": "120", "unit": "倍", "approx": "over",
                     "entity": "南山區", "metric": "GDP", "period": "2024", "citation": 1}],
        "formula": None,
        "citations": [{"index": 1, "document": "a.txt", "start": 0, "end": 12, "quote": "「原文」", "page": 3,
                       "repaired": "修"}],
        "reason": None, "choices": [], "confidence": 0.93, "language": "zh-Hant",
        "timings_ms": {"read": 1.3, "total": 2.0},
        "elapsed_ms": 2.0,
    }  # fmt: skip
    assert answer.to_json() == expected
    assert json.loads(json.dumps(answer.to_json(), ensure_ascii=False)) == expected


def test_an_abstention_in_public_form() -> None:
    answer = Answer("問?", "問?", Status.ABSTAINED, "文中沒有。", "zh-Hant", reason=Reason.OTHER_PERIOD)
    public = answer.to_json()
    assert (public["status"], public["reason"], public["result"]) == ("abstained", "other_period", None)
    assert (public["figures"], public["citations"], public["elapsed_ms"]) == ([], [], 0.0)


@pytest.mark.parametrize(
    ("surface", "scale", "unit", "kind", "written"),
    [
        ("72", 10**8, "元", Kind.AMOUNT, "72億元"),
        ("27", 1, "所", Kind.COUNT, "27所"),
        ("72億元", 10**8, "元", Kind.AMOUNT, "72億元"),
        ("$1.5", 1, "美元", Kind.AMOUNT, "$1.5"),
        ("2024", 1, "年", Kind.YEAR, "2024"),
        ("5.6%", 1, "%", Kind.PERCENT, "5.6%"),
    ],
)
def test_a_bare_number_of_a_table_is_written_with_its_unit(
    surface: str, scale: int, unit: str, kind: Kind, written: str
) -> None:
    assert Quantity(Span(0, len(surface)), surface, Decimal(1), unit, kind, Decimal(scale)).written == written
