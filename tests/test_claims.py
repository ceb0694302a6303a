"""What yes-or-no questions claim, and whether a figure bears it out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yinju.figures.claims import Relation, find_claim
from yinju.types import Approx, Figure, Kind, Quantity, Role, Span


def figure(value: str, unit: str = "元", role: Role = Role.LEVEL, approx: Approx | None = None) -> Figure:
    span = Span(0, 1)
    return Figure(
        "f", "a.txt", Quantity(span, value, Decimal(value), unit, Kind.AMOUNT, approx=approx), span, span, role=role
    )


@pytest.mark.parametrize(
    ("question", "relation", "value", "opened"),
    [
        ("GDP是不是已經破一萬億了?", Relation.MORE, "1000000000000", "GDP多少"),
        ("上市公司超過200家了嗎?", Relation.MORE, "200", "上市公司多少家"),
        ("产值有没有到9000亿?", Relation.AT_LEAST, "900000000000", "产值多少"),
        ("失业率是不是低于5%", Relation.LESS, "5", "失业率百分之几"),
        ("出口下降了吗", Relation.FALLS, "0", "出口 下降多少"),
        ("第二產業是增長的嗎?", Relation.RISES, "0", "第二產業 增長多少"),
    ],
)
def test_claims_and_the_open_question_behind_them(question: str, relation: Relation, value: str, opened: str) -> None:
    claim = find_claim(question)
    assert claim is not None
    assert (claim.relation, claim.value, claim.open) == (relation, Decimal(value), opened)


@pytest.mark.parametrize("question", ["GDP是多少?", "有没有说GDP", "2024年GDP超過2023年了嗎", "他是誰?"])
def test_no_claim_where_none_is_made(question: str) -> None:
    assert find_claim(question) is None


def test_a_stated_over_counts_from_its_number_on() -> None:
    claim = find_claim("GDP超過9000元了嗎")
    assert claim is not None
    assert claim.holds(figure("9000", approx=Approx.OVER))
    assert not claim.holds(figure("9000"))
    assert claim.holds(figure("9001"))


def test_a_figure_of_another_unit_decides_nothing() -> None:
    claim = find_claim("投資超過9000元了嗎")
    assert claim is not None
    assert not claim.speaks_of(figure("9001", "%"))
    fall = find_claim("投資下降了嗎")
    assert fall is not None
    assert fall.speaks_of(figure("-3", "%", Role.CHANGE))
    assert not fall.speaks_of(figure("3", "%"))
    assert fall.holds(figure("-3", "%", Role.CHANGE))
