"""What a text leaves to work out of one statement, and the times and numbers it is told in, over texts of our own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yinju.figures.ledger import Ledger
from yinju.figures.lookup import Finding, look_up
from yinju.figures.quantity import read_quantities
from yinju.figures.query import parse_question
from yinju.types import Document, Figure, Kind, Status

FARM = """禾田合作社社員大會發言稿(2024年1月20日)
我把2023年的賬念一念。
土地一共5,120畝,蘋果2,300畝,櫻桃860畝,番茄640畝,剩下的都是雜糧。
蘋果收了6,900噸,一級果率72%,2022年是65%。櫻桃516噸,比2022年少了兩成。
冷庫總經費2,900萬元,目前已籌得1,850萬元。
在建水渠3條,長度分別為33.9公里、27.5公里、8.4公里。
營業收入1億1,260萬元,減幅12.5%。
"""
POWER = (
    "NORTH SHORE ELECTRIC\nAnswers to customers: annual statement for 2023\n\n"
    "At year end we supplied electricity to 812,000 customers. Wexley is the largest district with 341,000 customers; "
    "Port Wexley has 204,000, Upper Wexley 122,000, and the rest are in the Eastern Hills.\n\n"
    "Net income was $168 million, compared with $181 million in 2022. A typical home paid $1,248, up from $1,160 the "
    "year before. We employed 3,240 people, of whom 1,150 were line crews. "
    "The budget for 2024 foresees spending of $600 million.\n"
)


def ledger_of(text: str) -> Ledger:
    return Ledger.of([Document("d" * 16, "doc.txt", text, text, "/doc.txt", "0" * 64, "text/plain")])


def ask(text: str, question: str) -> Finding:
    return look_up(parse_question(question), ledger_of(text))


def row(text: str, surface: str) -> Figure:
    return next(figure for figure in ledger_of(text) if figure.quantity.surface == surface)


@pytest.mark.parametrize(
    ("text", "question", "expected", "formula"),
    [
        (FARM, "雜糧種了多少畝?", "1320", "5,120畝 − 2,300畝 − 860畝 − 640畝 = 1,320畝"),
        (FARM, "冷庫的經費還差多少?", "10500000", "2,900萬元 − 1,850萬元 = 1050萬元"),
        (FARM, "在建水渠的長度加起來多少公里?", "69.8", "33.9公里 + 27.5公里 + 8.4公里 = 69.8公里"),
        (FARM, "倒推一下,2022年櫻桃收了多少噸?", "645", "516噸 ÷ (1 − 兩成) = 645噸"),
        (
            POWER,
            "How many customers are in the Eastern Hills?",
            "145000",
            "812,000 customers − 341,000 customers − 204,000 customers − 122,000 customers = 145,000 customers",
        ),
    ],
)
def test_what_is_left_to_work_out(text: str, question: str, expected: str, formula: str) -> None:
    computation = ask(text, question).computation
    assert computation is not None
    assert (computation.value, computation.formula) == (Decimal(expected), formula)


def test_a_first_part_is_not_taken_for_the_whole() -> None:
    text = "烘焙收入9億元,麵點3億元,醬料2億元,其餘是代工。"
    assert ask(text, "代工收入多少億元?").status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("text", "surface", "period"),
    [
        (FARM, "6,900噸", "2023"),
        (FARM, "65%", "2022"),
        (FARM, "516噸", "2023"),
        (POWER, "$168 million", "2023"),
        (POWER, "$181 million", "2022"),
        (POWER, "$1,248", "2023"),
        (POWER, "$1,160", "2022"),
        (POWER, "3,240 people", "2023"),
        (POWER, "$600 million", "2024"),
    ],
)
def test_the_time_looked_back_to_is_not_that_of_what_follows(text: str, surface: str, period: str) -> None:
    assert row(text, surface).period == period


def test_what_was_less_has_fallen() -> None:
    assert row(FARM, "兩成").quantity.value == Decimal("-20")
    assert row(FARM, "12.5%").quantity.value == Decimal("-12.5")


@pytest.mark.parametrize(
    ("text", "surface", "value", "kind"),
    [
        ("收入1億1,260萬元", "1億1,260萬元", "112600000", Kind.AMOUNT),
        ("1億2,345萬6,789元", "1億2,345萬6,789元", "123456789", Kind.AMOUNT),
        ("it cost £1.2m in all", "£1.2m", "1200000", Kind.AMOUNT),
        ("two thirds of it", "two thirds", "0.6666666666666666666666666667", Kind.RATIO),
        ("between 17 June and then", "17 June", "617", Kind.DATE),
        ("Port Wexley has 204,000, which", "204,000", "204000", Kind.COUNT),
    ],
)
def test_numbers_as_they_are_written(text: str, surface: str, value: str, kind: Kind) -> None:
    found = read_quantities(text)[0]
    assert (found.surface, found.value, found.kind) == (surface, Decimal(value), kind)


def test_a_year_before_a_verb_counts_nothing() -> None:
    assert [found.surface for found in read_quantities("The budget for 2024 foresees less.")] == ["2024"]
    assert [found.surface for found in read_quantities("you may 5 times")] != ["may 5"]
