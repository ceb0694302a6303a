"""Exact arithmetic on figures, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from yinju.figures.compute import Refusal, compound_growth, compute, same_measure
from yinju.figures.query import Operation
from yinju.types import Approx, Computation, Figure, Kind, Quantity, Reason, Span


def figure(surface: str, value: str, unit: str, kind: Kind = Kind.AMOUNT, **more: object) -> Figure:
    scale = {"億": Decimal(10**8), "萬": Decimal(10**4), "亿": Decimal(10**8), "万": Decimal(10**4)}
    written = next((size for mark, size in scale.items() if mark in surface), Decimal(1))
    approx = more.pop("approx", None)
    assert approx is None or isinstance(approx, Approx)
    span = Span(0, len(surface))
    quantity = Quantity(span, surface, Decimal(value), unit, kind, written, approx=approx)
    return replace(Figure(surface, "a.txt", quantity, span, span), **more)  # type: ignore[arg-type]


NINE = figure("9501億元", "950100000000", "元")
OLD = figure("78億元", "7800000000", "元")


def done(operation: Operation, *operands: Figure, unit: str = "", scale: int = 1) -> Computation:
    result = compute(operation, operands, unit, Decimal(scale))
    assert isinstance(result, Computation), result
    return result


@pytest.mark.parametrize(("one", "other"), [("人", "个"), ("人", "份"), ("年", "岁"), ("人", "人次")])
def test_what_is_asked_for_in_each_others_place_is_not_added(one: str, other: str) -> None:
    assert not same_measure(one, other)
    people, things = figure("3", "3", one, Kind.COUNT), figure("5", "5", other, Kind.COUNT)
    assert compute(Operation.SUM, (people, things)) == Refusal(Reason.INCOMPATIBLE, ("3", "5"))


def test_times_shows_the_division_in_the_documents_units() -> None:
    result = done(Operation.TIMES, NINE, OLD)
    assert result.formula == "9501億元 ÷ 78億元 = 121.8"
    assert result.text == "121.8倍"
    assert result.value == Decimal("121.8076923076923076923076923")


def test_difference_is_exact_and_the_larger_comes_first() -> None:
    result = done(Operation.DIFFERENCE, OLD, NINE)
    assert (result.value, result.text, result.unit) == (Decimal("942300000000"), "9423億元", "元")
    assert result.operands == (NINE, OLD)


def test_difference_of_percents_is_in_points() -> None:
    a, b = figure("5.5%", "5.5", "%", Kind.PERCENT), figure("4.3%", "4.3", "%", Kind.PERCENT)
    assert done(Operation.DIFFERENCE, a, b).text == "1.2個百分點"


def test_sum_of_different_scales() -> None:
    funds = (
        figure("3000萬元", "30000000", "元"),
        figure("7000萬元", "70000000", "元"),
        figure("1億元", "100000000", "元"),
    )
    result = done(Operation.SUM, *funds)
    assert result.value == Decimal(200000000)
    assert result.formula == "3000萬元 + 7000萬元 + 1億元 = 20000萬元"


def test_mean_share_growth_and_per_unit() -> None:
    a, b = figure("10家", "10", "家", Kind.COUNT), figure("40家", "40", "家", Kind.COUNT)
    assert done(Operation.MEAN, a, b).value == 25
    assert done(Operation.SHARE, a, b).text == "25%"
    assert done(Operation.GROWTH, a, b).text == "300%"
    assert done(Operation.PER_UNIT, NINE, b).value == Decimal("23752500000")


def test_years_between_dates() -> None:
    start = figure("1985年7月", "198507", "", Kind.DATE, period="1985-07")
    end = figure("1996年", "1996", "年", Kind.YEAR, period="1996")
    result = done(Operation.YEARS_BETWEEN, start, replace(end, id="other"))
    assert (result.value, result.text) == (Decimal(11), "11年")


def test_conversion_keeps_the_dimension() -> None:
    land = figure("185平方公里", "185", "平方公里", Kind.AREA)
    assert done(Operation.CONVERSION, land, unit="公頃").text == "18500公顷"
    assert done(Operation.CONVERSION, NINE, unit="元", scale=10**4).text == "95010000萬元"
    assert compute(Operation.CONVERSION, (land,), "元") == Refusal(Reason.INCOMPATIBLE, ("平方公里", "元"))


def test_part_of_a_whole() -> None:
    share = figure("24.1%", "24.1", "%", Kind.PERCENT, period="2024")
    result = done(Operation.PART_OF_WHOLE, share, replace(NINE, period="2024"))
    assert result.value == Decimal("228974100000")
    assert result.formula == "9501億元 × 24.1% = 2289.7億元"


def test_a_total_by_its_value_per_head_counts_heads() -> None:
    each = figure("50萬元", "500000", "元", per="人均")
    result = done(Operation.TIMES, NINE, each)
    assert (result.value, result.unit) == (Decimal(1900200), "人")


def test_larger_and_smaller() -> None:
    assert done(Operation.ARGMAX, OLD, NINE).operands[0] is NINE
    assert done(Operation.ARGMIN, OLD, NINE).formula == "78億元 < 9501億元"


@pytest.mark.parametrize(
    ("operation", "operands"),
    [
        (Operation.DIFFERENCE, (NINE, figure("3家", "3", "家", Kind.COUNT))),
        (Operation.DIFFERENCE, (NINE, figure("5美元", "5", "美元"))),
        (Operation.SUM, (NINE, figure("4萬元", "40000", "元", per="人均"))),
        (Operation.TIMES, (NINE, figure("0元", "0", "元"))),
        (Operation.SHARE, (NINE, OLD)),
        (Operation.SHARE, (figure("90%", "90", "%", Kind.PERCENT), figure("95%", "95", "%", Kind.PERCENT))),
        (Operation.LOOKUP, (NINE,)),
        (Operation.SUM, ()),
    ],
)
def test_what_does_not_go_together_is_refused(operation: Operation, operands: tuple[Figure, ...]) -> None:
    result = compute(operation, operands)
    assert isinstance(result, Refusal)
    assert result.reason is Reason.INCOMPATIBLE


def test_different_years_of_different_things_are_refused() -> None:
    a = replace(NINE, metric="出口", period="2024")
    assert isinstance(compute(Operation.DIFFERENCE, (a, replace(OLD, metric="進口", period="2020"))), Refusal)
    assert isinstance(compute(Operation.DIFFERENCE, (a, replace(OLD, metric="出口", period="2020"))), Computation)


def test_approximate_operands_make_an_approximate_result() -> None:
    over = figure("8000億元", "800000000000", "元", approx=Approx.OVER)
    assert done(Operation.DIFFERENCE, NINE, over).approx is Approx.ABOUT
    assert done(Operation.SUM, over, over).approx is Approx.OVER
    assert done(Operation.SUM, NINE, OLD).approx is None


def test_compound_growth() -> None:
    early = figure("100億元", "10000000000", "元", period="2020")
    late = figure("121億元", "12100000000", "元", period="2022")
    result = compound_growth(early, late)
    assert isinstance(result, Computation)
    assert result.text == "10%"
    assert isinstance(compound_growth(late, early), Refusal)


def test_measure_words_of_one_sort() -> None:
    assert same_measure("名", "人")
    assert same_measure("個", "家")
    assert not same_measure("家", "人")
    assert not same_measure("輛", "家")
    assert not same_measure("元", "美元")


def test_a_growth_to_the_thousandfold_and_more_is_of_two_things() -> None:
    few, many = figure("92.8", "92.8", "", Kind.COUNT), figure("27.2 million", "27200000", "", Kind.COUNT)
    assert isinstance(compute(Operation.GROWTH, (few, many)), Refusal)
