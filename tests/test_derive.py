"""Values that two figures of one statement give, over a small document of our own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yinju.figures.ledger import Ledger
from yinju.figures.lookup import Finding, look_up
from yinju.figures.query import parse_question
from yinju.types import Document, Status

TEXT = """2023年青河區統計公報
2023年,青河區實現地區生產總值1224億元,占全市經濟總量比重達24%,同比增長2%,高於全市0.5個百分點。
全區面積400平方公里。年末常住人口80萬人。
全年完成50個重點項目,總投資25億元。
全區進出口總額90億元,增長20%。財政總收入30億元,一般公共預算支出45億元。
稻米產量9萬噸,小麥產量4萬噸,玉米產量6萬噸。
全區林地占30%。外來人口20萬人。
研究經費占全區GDP的6%,是全國平均水平的2倍。
紡織、機械、食品行業增加值分別增長12.1%、8.4%、3.0%。
全年接待遊客200萬人次,旅遊收入18億元,分別增長4.2%和7.5%。
2021年公益支出300萬元,2022年公益支出450萬元。
地鐵1號線長20公里,設站15座;地鐵2號線長17公里,設站12座。
城鎮化率為68%,比上年提高1.5個百分點。
"""


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.of([Document("d" * 16, "qinghe.txt", TEXT, TEXT, "/qinghe.txt", "0" * 64, "text/plain")])


def ask(ledger: Ledger, question: str) -> Finding:
    return look_up(parse_question(question), ledger)


@pytest.mark.parametrize(
    ("question", "expected", "formula"),
    [
        ("照增速倒推,2022年青河區的GDP是多少億元?", "120000000000", "1224億元 ÷ (1 + 2%) = 1200億元"),
        ("按占比倒推,全市的經濟總量有多少億元?", "510000000000", "1224億元 ÷ 24% = 5100億元"),
        ("2022年青河區的進出口總額是多少?", "7500000000", "90億元 ÷ (1 + 20%) = 75億元"),
        ("全市的經濟增速是多少?", "1.5", "2% − 0.5個百分點 = 1.5%"),
        ("平均每平方公里有多少常住人口?", "2000", "80萬人 ÷ 400平方公里 = 2000人"),
        ("每平方公里平均有多少常住人口?", "2000", "80萬人 ÷ 400平方公里 = 2000人"),
        ("刨去林地,青河區還剩多少平方公里?", "280", "400平方公里 × (100% − 30%) = 280平方公里"),
        ("常住人口裡不算外來人口,還有多少人?", "600000", "80萬人 − 20萬人 = 60萬人"),
        ("全國的研究經費占比大概是百分之幾?", "3", "6% ÷ 2倍 = 3%"),
        ("平均每位遊客花多少錢?", "900", "18億元 ÷ 200萬人次 = 900元"),
        ("2021年和2022年公益支出一共多少?", "7500000", "300萬元 + 450萬元 = 750萬元"),
        ("2021年到2022年公益支出平均是多少?", "3750000", "(300萬元 + 450萬元) ÷ 2 = 375萬元"),
        ("上年的城鎮化率是多少?", "66.5", "68% − 1.5個百分點 = 66.5%"),
        ("GDP離1300億元還差多少?", "7600000000", "1300億元 − 1224億元 = 76億元"),
    ],
)
def test_derived_values_show_how(ledger: Ledger, question: str, expected: str, formula: str) -> None:
    computation = ask(ledger, question).computation
    assert computation is not None
    assert (computation.value, computation.formula) == (Decimal(expected), formula)
    assert all(operand.document for operand in computation.operands)


def test_what_grows_in_real_terms_does_not_tell_the_amount_of_the_year_before(ledger: Ledger) -> None:
    assert ask(ledger, "2022年青河區的地區生產總值是多少?").status is Status.ABSTAINED


@pytest.mark.parametrize(
    "question",
    ["全國的GDP是多少?", "出口額是多少?", "財政總支出和收入比,常住人口中農民有多少戶?", "青河區有多少家銀行?"],
)
def test_counterparts_and_missing_things_are_refused(ledger: Ledger, question: str) -> None:
    assert ask(ledger, question).status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("question", "verdict"),
    [("GDP超過1000億元了嗎?", "yes"), ("青河區的GDP有沒有突破2000億元?", "no"), ("GDP是下降的嗎?", "no")],
)
def test_yes_or_no(ledger: Ledger, question: str, verdict: str) -> None:
    assert ask(ledger, question).notes["verdict"] == verdict


def test_the_most_of_what_a_sentence_lists(ledger: Ledger) -> None:
    finding = ask(ledger, "稻米、小麥、玉米三種,哪種產量最少?")
    assert finding.computation is not None
    assert finding.computation.value == 40_000_000 or finding.computation.operands[0].quantity.surface == "4萬噸"
    assert finding.notes["label"] == "小麥"


def test_of_a_list_only_what_is_named_is_meant(ledger: Ledger) -> None:
    assert [str(ask(ledger, f"{name}增加值增長多少?").figures[0].quantity.value) for name in ("紡織", "機械")] == [
        "12.1", "8.4",
    ]  # fmt: skip
    finding = ask(ledger, "紡織、機械、食品三個行業,誰的增加值漲得最快?")
    assert finding.notes["label"] == "紡織"


def test_changes_are_of_what_the_clauses_before_them_state(ledger: Ledger) -> None:
    grown = [ask(ledger, f"{name}增長百分之幾?").figures[0].quantity.value for name in ("遊客", "旅遊收入")]
    assert grown == [Decimal("4.2"), Decimal("7.5")]


def test_a_numbered_thing_is_not_its_neighbour(ledger: Ledger) -> None:
    assert ask(ledger, "地鐵2號線有多長?").figures[0].quantity.value == 17
    assert ask(ledger, "地鐵3號線有多長?").status is Status.ABSTAINED
