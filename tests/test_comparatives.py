"""Adjectives of comparisons: what they measure, which end is asked for, and when they say nothing by themselves."""

from __future__ import annotations

import pytest

from yinju.figures.comparatives import comparative_in
from yinju.figures.operations import Operation
from yinju.figures.query import parse_question, timeless
from yinju.types import Kind, Role


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("東橋和西橋哪座更長?", "长度"),
        ("东河和西河，哪条长一些？", "长度"),
        ("东井跟西井谁更深?", "深度"),
        ("Which is longer, the east tunnel or the west tunnel?", "长度"),
        ("甲票和乙票哪个便宜?", "价格"),
        ("1號線和2號線，哪條更短?", "长度"),
        ("兩所學校哪所歲數大些?", "年份"),
        ("北館和南館誰先開?", "年份"),
        ("Which of the two is older, the mill or the bridge?", "年份"),
    ],
)
def test_an_adjective_says_what_is_measured(question: str, measure: str) -> None:
    comparative = comparative_in(question)
    assert comparative is not None
    assert comparative.measure[0] == measure


@pytest.mark.parametrize(
    "question",
    [
        "甲区和乙区哪个GDP更高?",
        "甲厂和乙厂哪个增长一些?",
        "两地的产值谁大?",
        "Which is larger, A or B?",
        "哪个增长更快?",
    ],
)
def test_an_adjective_of_any_measure_says_nothing(question: str) -> None:
    assert comparative_in(question) is None


def test_the_older_of_two_is_of_the_earlier_year() -> None:
    question = parse_question("甲校和乙校哪個更老?")
    assert question.operation is Operation.ARGMIN
    assert [operand.kinds for operand in question.operands] == [frozenset({Kind.YEAR, Kind.DATE})] * 2


@pytest.mark.parametrize(
    "question",
    ["南山區和福田區哪個是深圳的經濟中心?", "王強和李明哪位是校長?", "華為和騰訊,哪家在深圳成立?"],
)
def test_a_question_for_a_name_is_no_comparison(question: str) -> None:
    assert parse_question(question).operation is Operation.LOOKUP


def test_the_longer_of_two_is_asked_for_its_length() -> None:
    operands = parse_question("东桥和西桥哪个更长?").operands
    assert [operand.text for operand in operands] == ["东桥的长度", "西桥的长度"]
    assert [operand.label for operand in operands] == ["东桥", "西桥"]


def test_what_grew_faster_is_asked_for_its_growth_and_not_its_amount() -> None:
    operands = parse_question("甲区的经济总量和固定资产投资哪个涨得更快?").operands
    assert [operand.role for operand in operands] == [Role.CHANGE] * 2
    assert not any(Kind.AMOUNT in operand.kinds for operand in operands)


def test_what_gained_more_may_be_an_amount() -> None:
    operands = parse_question("甲公司和乙公司哪个利润增加得更多?").operands
    assert operands and not any(operand.kinds == frozenset({Kind.PERCENT}) for operand in operands)


@pytest.mark.parametrize(
    ("asked", "whenever"),
    [
        ("2022年的門診次均費用是多少?", "門診次均費用是多少?"),
        ("How much coal was shipped in 2022?", "How much coal was shipped?"),
        ("2023年初中在校生有多少?", "初中在校生有多少?"),
        ("从2020年到2024年GDP增长多少?", "从2020年到2024年GDP增长多少?"),
    ],
)
def test_a_thing_is_asked_for_whenever(asked: str, whenever: str) -> None:
    question = timeless(parse_question(asked))
    assert (question.text, question.has_period) == (whenever, False)
