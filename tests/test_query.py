"""What a question asks of the ledger, in Traditional, Simplified and English."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yinju.figures.periods import FOREVER, Months, five_year_plan, periods_in, read_period, year_months
from yinju.figures.query import FigureQuestion, Operation, in_words_of, parse_question
from yinju.types import Kind, Role


def words(question: FigureQuestion) -> set[str]:
    return {term.text for term in question.terms}


@pytest.mark.parametrize(
    "question",
    [
        "海門區2024年的地區生產總值是多少?",
        "上市公司有几家?",
        "第三产业占比",
        "碼頭是哪一年動工的?",
        "A廠和B廠哪個產量高?",
        "是不是有60万家企业?",
        "How many hospitals are there?",
        "What was the city's registered unemployment rate in 2023?",
        "城鎮失業率　２０２５年",
    ],
)
def test_questions_that_a_number_answers(question: str) -> None:
    assert parse_question(question).is_numeric


@pytest.mark.parametrize(
    "question",
    [
        "誰創辦了這家公司?",
        "为什么要修这座桥?",
        "有哪几所高校?",
        "Who is the mayor?",
        "How does the scheme work?",
        "介紹一下產業佈局",
    ],
)
def test_questions_that_no_number_answers(question: str) -> None:
    assert not parse_question(question).is_numeric


@pytest.mark.parametrize(
    ("question", "unit", "scale"),
    [
        ("上市企業有多少家?", "家", 1),
        ("投資多少億元?", "元", 10**8),
        ("花了多少钱?", "元", 1),
        ("面積有多少公頃?", "公顷", 1),
        ("面積有多大?", "平方公里", 1),
        ("提高了幾個百分點?", "个百分点", 1),
        ("是去年的幾倍?", "倍", 1),
        ("有多少人口?", "人", 1),
        ("How many people live there?", "人", 1),
    ],
)
def test_unit_and_scale_asked_for(question: str, unit: str, scale: int) -> None:
    parsed = parse_question(question)
    assert (parsed.unit, parsed.scale) == (unit, Decimal(scale))


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("排名第幾?", {Kind.RANK}),
        ("哪一年成立的?", {Kind.YEAR, Kind.DATE}),
        ("When was it founded?", {Kind.YEAR, Kind.DATE}),
        ("用了多久?", {Kind.DURATION}),
        ("工業占GDP的比重是多少?", {Kind.PERCENT, Kind.RATIO}),
        ("失業率是多少?", {Kind.PERCENT, Kind.RATIO}),
        ("GDP是多少?", {Kind.AMOUNT}),
        ("What percentage of exports goes abroad by sea?", {Kind.PERCENT, Kind.RATIO}),
    ],
)
def test_kinds_that_can_answer(question: str, kinds: set[Kind]) -> None:
    assert parse_question(question).kinds == kinds


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("GDP增長了多少?", Role.CHANGE),
        ("工業增加值增速是多少?", Role.CHANGE),
        ("比上年多了多少人?", Role.CHANGE),
        ("新增企業多少家?", Role.INCREMENT),
        ("占比多少?", Role.SHARE),
        ("企業有多少家?", None),
        ("收入提高到多少?", None),
        ("How fast did exports grow?", Role.CHANGE),
    ],
)
def test_role_asked_for(question: str, role: Role | None) -> None:
    assert parse_question(question).role is role


@pytest.mark.parametrize(
    ("question", "target"),
    [("2026年預計增長多少?", True), ("實際完成多少?", False), ("實際使用外資多少?", None), ("虛擬園區有幾家?", None)],
)
def test_plans_against_results(question: str, target: bool | None) -> None:
    assert parse_question(question).target is target


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("2024年GDP多少?", ["2024"]),
        ("２０２４年上半年呢?", ["2024-01/2024-06"]),
        ("二〇二四年第三季度", ["2024-07/2024-09"]),
        ("2020年到2024年間", ["2020/2024"]),
        ("「十四五」期間", ["2021/2025"]),
        ("20世紀80年代", ["1980/1989"]),
        ("售價2199美元的機型", []),
        ("擁有2000多項專利", []),
        ("2024年比2023年增長多少?", ["2024"]),
    ],
)
def test_periods(question: str, periods: list[str]) -> None:
    assert [str(months) for months in parse_question(question).periods] == periods


def test_relative_periods_keep_their_distance() -> None:
    assert parse_question("去年第三季度出口多少?").offsets == ((-1, (6, 9)),)
    assert parse_question("今年的目標是多少?").offsets == ((0, (0, 12)),)


def test_ledger_notation_is_read_as_months() -> None:
    assert read_period("2024") == year_months(2024)
    assert read_period("2024Q1") == Months(12 * 2024, 12 * 2024 + 3)
    assert read_period("2024-01/2024-09") == Months(12 * 2024, 12 * 2024 + 9)
    assert read_period("1998/") == Months(12 * 1998, FOREVER)
    assert read_period("") is None
    assert read_period("去年") is None


def test_five_year_plans_are_counted() -> None:
    assert [str(five_year_plan(name)) for name in ("十五", "十二五", "十四五", "十五五")] == [
        "2001/2005", "2011/2015", "2021/2025", "2026/2030",
    ]  # fmt: skip


def test_a_part_of_a_year_belongs_to_the_year_before_it() -> None:
    (asked,) = periods_in("2023年前三季度的出口")
    assert str(asked.months) == "2023-01/2023-09"


@pytest.mark.parametrize(
    ("question", "operation", "operands"),
    [
        ("第三產業比第二產業多多少?", Operation.DIFFERENCE, ("第三產業", "第二產業")),
        ("甲廠和乙廠的產量相差多少噸?", Operation.DIFFERENCE, ("甲廠", "乙廠的產量")),
        ("出口是进口的几倍?", Operation.TIMES, ("出口", "进口")),
        ("甲鎮、乙鎮和丙鎮的人口加起來有多少?", Operation.SUM, ("甲鎮", "乙鎮", "丙鎮的人口")),
        ("城镇人口和乡村人口哪个多?", Operation.ARGMAX, ("城镇人口", "乡村人口")),
        ("甲厂和乙厂哪个产量低?", Operation.ARGMIN, ("甲厂 产量", "乙厂 产量")),
        ("女生占學生總數的百分之幾?", Operation.SHARE, ("女生", "學生總數")),
        ("從建港到通車隔了幾年?", Operation.YEARS_BETWEEN, ("建港", "通車")),
        ("用總產值除以人數是多少?", Operation.TIMES, ("總產值", "人數")),
        ("What is the difference between exports and imports?", Operation.DIFFERENCE, ("exports", "imports")),
        ("What share of GDP does industry account for?", Operation.SHARE, ("industry", "GDP")),
    ],
)
def test_operations_and_operands(question: str, operation: Operation, operands: tuple[str, ...]) -> None:
    parsed = parse_question(question)
    assert parsed.operation is operation
    assert tuple(operand.text for operand in parsed.operands) == operands


def test_elliptical_operands_take_what_is_missing_from_their_siblings() -> None:
    minuend, subtrahend = parse_question("2024年第三產業增加值比第二產業多多少?").operands
    assert {"第三产业", "增加值"} <= words(minuend)
    assert {"第二产业", "增加值"} <= words(subtrahend)
    assert subtrahend.periods == minuend.periods == (year_months(2024),)


def test_operands_of_a_share_do_not_have_to_be_shares() -> None:
    part, _whole = parse_question("女生占學生總數的百分之幾?").operands
    assert part.kinds == frozenset()


def test_question_words_courtesy_and_cues_are_no_content() -> None:
    assert words(parse_question("請問2024年全市一共有多少家上市企業?")) == {"上市", "企业"}


def test_names_are_told_from_common_nouns() -> None:
    names = {term.text for term in parse_question("福田區的城鎮人口和上市公司有多少?").terms if term.name}
    assert names == {"福田区"}


@pytest.mark.parametrize(
    ("question", "per"),
    [("人均收入多少?", "人"), ("每平方公里產出多少?", "平方公里"), ("GDP per capita?", "人"), ("收入多少?", "")],
)
def test_per_unit_questions(question: str, per: str) -> None:
    assert parse_question(question).per == per


def test_numbers_in_the_question_are_kept() -> None:
    assert parse_question("商事主體60萬家這個數字是怎麼回事?").given == ("60万家",)


def test_english_questions_take_the_words_of_the_document() -> None:
    question = in_words_of(parse_question("How many listed companies does the city have?"), "全市上市企业达216家")
    assert any("上市" in term.alternatives for term in question.terms)
    assert in_words_of(parse_question("上市企業有幾家?"), "x").terms == parse_question("上市企業有幾家?").terms


@pytest.mark.parametrize(
    "question", ["", "?", "多少", "比多少", "和和和加起來", "占占占多少", "從到隔了幾年", "\x00" * 50, "年" * 300]
)
def test_no_question_is_too_strange(question: str) -> None:
    assert isinstance(parse_question(question), FigureQuestion)


@pytest.mark.parametrize("question", ["怎麼帳面上服務業反而是工廠的三倍?", "那場危機怎么还成了机会?", "为什么只有3家?"])
def test_what_wants_a_cause_wants_no_number(question: str) -> None:
    assert not parse_question(question).is_numeric
