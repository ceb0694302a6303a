"""Questions to tables: which row is meant, all of them, the one with the most, and what is never an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yinju.assistant import Assistant, build, open_assistant
from yinju.types import Answer, Status

SHOPS = """# 城南書店經營情況

2023年公司共有書店5家。

| 書店 | 2022年銷售額（萬元） | 2023年銷售額（萬元） | 店員（人） |
|---|---|---|---|
| 河邊店 | 3,210 | 3,514 | 42 |
| 橋頭店 | 2,870 | 2,744 | 38 |
| 鐘樓店 | 4,105 | 4,388 | 55 |
| 合計 | 10,185 | 10,646 | 135 |
"""
SCHOOLS = """# 三所中學比較

| 指標 | 單位 | 松山中學 | 柏林中學 | 竹園中學 |
|---|---|---|---|---|
| 學生 | 人 | 1,860 | 2,240 | 990 |
| 教師 | 人 | 152 | 187 | 88 |
| 校園面積 | 平方米 | 42,000 | 38,500 | 21,300 |
"""
PORT = """<h1>青山港吞吐量</h1><table><tr><th>年份</th><th>集裝箱（萬標箱）</th><th>貨物（萬噸）</th></tr>
<tr><td>2020</td><td>210.5</td><td>4,200</td></tr><tr><td>2021</td><td>232.0</td><td>4,515</td></tr>
<tr><td>2022</td><td>228.4</td><td>4,390</td></tr><tr><td>2023</td><td>251.9</td><td>4,702</td></tr></table>
"""
PRODUCTS = """Product,Revenue 2022 (US$ million),Revenue 2023 (US$ million),Staff
Alpha,12.5,14.1,120
Beta,30.2,28.8,260
Gamma,7.7,9.9,80
Total,50.4,52.8,460
"""


@pytest.fixture(scope="module")
def assistants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Assistant]:
    """An assistant on each table, with the bundled model."""
    files = {"shops.md": SHOPS, "schools.md": SCHOOLS, "port.html": PORT, "products.csv": PRODUCTS}
    folder = tmp_path_factory.mktemp("grid")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        build([folder / name], folder / f"{name}-index")
    return {name: open_assistant(folder / f"{name}-index") for name in files}


def value(answer: Answer) -> Decimal | None:
    return answer.result.value if answer.result else None


@pytest.mark.parametrize(
    ("document", "question", "wanted"),
    [
        ("shops.md", "所有書店的店員一共多少人?", "135"),
        ("shops.md", "2023年哪家店賣得最多?", "43880000"),
        ("shops.md", "哪家店的店員最少?", "38"),
        ("shops.md", "橋頭店2023年的銷售額比2022年少多少?", "1260000"),
        ("shops.md", "河邊店和橋頭店2023年銷售額加起來是多少?", "62580000"),
        ("shops.md", "扣掉橋頭店,其他店2023年的銷售額是多少?", "79020000"),
        ("shops.md", "2023年鐘樓店平均每位店員的銷售額是多少?", "797818.18"),
        ("schools.md", "三所學校一共有多少學生?", "5090"),
        ("schools.md", "哪所學校學生最多?", "2240"),
        ("schools.md", "柏林中學的老師有多少?", "187"),
        ("schools.md", "柏林比松山多幾個學生?", "380"),
        ("port.html", "哪一年貨物吞吐量最高?", "47020000"),
        ("port.html", "2023年集裝箱比2020年多了多少?", "414000"),
        ("port.html", "2020到2023年貨物一共多少?", "178070000"),
        ("products.csv", "What was Beta's revenue in 2023?", "28800000"),
        ("products.csv", "How many staff are there in total?", "460"),
        ("products.csv", "What is the average revenue per product in 2022?", "16800000"),
    ],
)
def test_a_question_to_a_table_is_answered_with_the_value(
    assistants: dict[str, Assistant], document: str, question: str, wanted: str
) -> None:
    answer = assistants[document].ask(question)
    assert answer.status is Status.ANSWERED, answer.text
    found = value(answer)
    assert found is not None and round(found, 2) == Decimal(wanted), answer.text


def test_shares_and_changes_are_worked_out_from_the_right_cells(assistants: dict[str, Assistant]) -> None:
    share = value(assistants["shops.md"].ask("鐘樓店佔2023年總銷售額的幾成?"))
    assert share is not None and round(share, 2) == Decimal("41.22")
    change = value(assistants["port.html"].ask("2021到2022年集裝箱跌了幾成?"))
    assert change is not None and round(change, 2) == Decimal("-1.55")
    alpha = value(assistants["products.csv"].ask("What share of 2023 revenue came from Alpha?"))
    assert alpha is not None and round(alpha, 2) == Decimal("26.70")


def test_the_winner_of_a_comparison_is_named_by_its_row_or_column(assistants: dict[str, Assistant]) -> None:
    assert "鐘樓店" in assistants["shops.md"].ask("2023年哪家店賣得最多?").text
    assert "柏林中學" in assistants["schools.md"].ask("哪所學校學生最多?").text
    assert "2023年" in assistants["port.html"].ask("哪一年貨物吞吐量最高?").text


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ("shops.md", "碼頭店2023年的銷售額是多少?"),
        ("shops.md", "鐘樓店2021年的銷售額是多少?"),
        ("schools.md", "楓樹中學有多少學生?"),
        ("port.html", "青山港2019年的貨物吞吐量是多少?"),
        ("products.csv", "What was Delta's revenue in 2023?"),
    ],
)
def test_a_row_that_is_not_there_has_no_value(assistants: dict[str, Assistant], document: str, question: str) -> None:
    assert assistants[document].ask(question).status is Status.ABSTAINED


def test_a_column_without_a_year_gets_none_from_its_neighbour(assistants: dict[str, Assistant]) -> None:
    assert assistants["products.csv"].ask("How many staff does Beta have?").text == "260."


def test_results_in_millions_keep_their_scale_in_words(assistants: dict[str, Assistant]) -> None:
    assert assistants["products.csv"].ask("What was Beta's revenue in 2023?").text == "28.8 million US dollars."
    mean = assistants["products.csv"].ask("What is the average revenue per product in 2022?")
    assert mean.result is not None and mean.result.text == "16.8百萬美元"
