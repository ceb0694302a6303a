"""Adjectives of comparisons: what they measure, which end is asked for, and when they say nothing by themselves."""

from __future__ import annotations

import pytest

from yinju.figures.comparatives import comparative_in
from yinju.figures.operations import Operation
from yinju.figures.query import parse_question
from yinju.types import Kind, Role


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("東橋和西橋哪座更長?", "长度"),
        ("东河和西河，哪条长一些？", "长度"),
        ("东井跟西井谁更深?", "深度"),
        ("Which is longer, the east tunnel or the west tunnel?", "长度"),
        ("甲票和乙票哪个便宜?", "价格"),
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


def test_the_longer_of_two_is_asked_for_its_length() -> None:
    operands = parse_question("东桥和西桥哪个更长?").operands
    assert [operand.text for operand in operands] == ["东桥的长度", "西桥的长度"]
    assert [operand.label for operand in operands] == ["东桥", "西桥"]


def test_what_grew_faster_is_asked_for_its_growth_and_not_its_amount() -> None:
    operands = parse_question("甲区的经济总量和固定资产投资哪个涨得更快?").operands
    assert [operand.role for operand in operands] == [Role.CHANGE] * 2
    assert not any(Kind.AMOUNT in operand.kinds for operand in operands)
