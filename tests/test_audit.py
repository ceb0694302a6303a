"""The audit: contradictions are found with their arithmetic, what agrees holds, and nothing else is accused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from yinju.figures import Ledger, read_quantities
from yinju.figures.audit import AuditFinding, audit
from yinju.figures.intervals import interval
from yinju.formats import read_csv, read_markdown
from yinju.types import Document

SEED = Path(__file__).parents[1] / "seeds" / "nanshan.txt"
REPORTS = Path(__file__).parents[2] / "shared" / "data" / "reports"
DISTRICTS = Path(__file__).parents[2] / "shared" / "data" / "districts"


def document(text: str, name: str = "a.txt") -> Document:
    return Document("0" * 16, name, text, text, f"/{name}", "0" * 64, "text/plain")


def findings(text: str) -> list[AuditFinding]:
    return audit(Ledger.of([document(text)]))


def failures(text: str) -> list[tuple[str, str]]:
    return [(finding.kind, finding.formula) for finding in findings(text) if not finding.holds]


@pytest.fixture(scope="module")
def seed() -> list[AuditFinding]:
    return findings(SEED.read_text(encoding="utf-8"))


def surfaces(finding: AuditFinding) -> tuple[str, ...]:
    return tuple(figure.quantity.surface for figure in finding.figures)


def test_the_seed_contradicts_itself_where_it_does(seed: list[AuditFinding]) -> None:
    failed = {(finding.kind, surfaces(finding)) for finding in seed if not finding.holds}
    assert failed == {
        ("conflict", ("832.56件", "676.9件")),
        ("conflict", ("23.6倍", "23倍")),
        ("conflict", ("56%", "60%")),
        ("share", ("656.19億元", "9501億元", "7.66%")),
    }


def test_the_seed_agrees_with_itself_where_it_does(seed: list[AuditFinding]) -> None:
    held = {surfaces(finding): finding.kind for finding in seed if finding.holds}
    assert held["9501億元", "78億元", "120多倍"] == "ratio"
    assert held["9501億元", "185平方公里", "51億元"] == "per_unit"
    assert held["3000萬元", "7000萬元", "1億元", "2億元"] == "sum"
    assert held["4916家", "66家", "4982家"] == "sum"
    assert held["9501億元", "9501億元"] == "conflict"


def test_a_finding_is_plain_json_with_exact_places(seed: list[AuditFinding]) -> None:
    text = SEED.read_text(encoding="utf-8")
    values = json.loads(json.dumps([finding.to_json() for finding in seed]))
    share = next(value for value in values if value["kind"] == "share")
    assert share["formula"] == "656.19億元 ÷ 9501億元 = 6.91% ≠ 7.66%"
    assert "文中卻寫作7.66%" in share["summary"] and share["documents"] == ["a.txt"]
    for value in values:
        for figure in value["figures"]:
            assert text[figure["start"] : figure["end"]] == figure["surface"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("9501億元", "950050000000", "950150000000"),
        ("23.6倍", "23.55", "23.65"),
        ("4982家", "4982", "4982"),
        ("120多倍", "120", "132"),
        ("超8000億元", "800000000000", "900000000000"),
        ("近60%", "57.00", "60"),
        ("約80%", "76.00", "84.00"),
    ],
)
def test_an_interval_is_as_wide_as_the_words_leave_open(text: str, low: str, high: str) -> None:
    found = interval(read_quantities(text)[0])
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("text", "kind", "computed"),
    [
        ("2024年，青川市实现生产总值1200亿元。研发投入达48亿元，占GDP比重5.2%。", "share", "= 4%"),
        ("截至2023年底，公司共有员工5200人，其中研发人员2600人，占60%。", "share", "= 50%"),
        ("三个基金总规模10亿元，其中母基金5亿元，天使基金3亿元，种子基金3亿元。", "sum", "= 11亿元"),
        ("全年进出口总额100亿元，其中出口60亿元，进口45亿元。", "sum", "= 105亿元"),
        ("公司员工共500人，其中研发人员2600人。", "sum", "2600人 > 500人"),
        ("三次产业结构调整为5.2:30.1:54.7。", "sum", "= 90.0"),
        ("城镇化率由2020年的53.2%提升至2025年的57.7%，提高3.5个百分点。", "difference", "= 4.5个百分点"),
        ("增加值占GDP比重达56%，高于全市42.3%的平均水平10.7个百分点。", "difference", "= 13.7个百分点"),
        ("2023年末常住人口21.4万人，比上年减少0.4万人，下降2.8%。", "change", "= -1.83%"),
        ("产值由2020年的100亿元增加到2024年的320亿元，增长120%。", "change", "= 220%"),
        ("从2010年的78亿元到2024年的9501亿元，经济总量翻了150倍。", "ratio", "= 121.8倍"),
        ("2024年，青川市常住人口50万人，生产总值600亿元，人均生产总值9.5万元。", "per_unit", "= 12万元"),
        ("Riverton's GDP reached $50 billion. R&D was $2 billion, accounting for 6 percent of GDP.", "share", "= 4%"),
        ("Revenue rose from $4.0 billion in 2023 to $5.2 billion in 2024, an increase of 50%.", "change", "= 30%"),
        ("去年產量100萬噸，今年120萬噸，同比增長25%。", "change", "= 20%"),
        ("2022年粮食产量100万吨，2023年为120万吨，增长25%。", "change", "= 20%"),
        ("2023年財政收入為2.5億元，比2022年的2億元增長30%。", "change", "= 25%"),
        ("Revenue was $2.5 billion, up 40% from $2.0 billion in 2022.", "change", "= 25%"),
        ("員工500人，其中男300人，女250人。", "sum", "= 550人"),
        ("员工500人，其中男员工200人，女员工250人。", "sum", "= 450人"),
        ("占比分別為20%、30%、60%，合計100%。", "sum", "= 110%"),
        ("營收5億元，利潤率10%，利潤0.8億元。", "share", "= 16%"),
        ("Revenue was $50 million, profit was $8 million and the profit margin was 10%.", "share", "= 16%"),
        ("圖書館藏書12萬冊，其中中文書9萬冊，外文書5萬冊。", "sum", "= 14萬冊"),
        ("公司收入由100萬元增至120萬元，增長25%。", "change", "= 20%"),
        ("收入由2亿元增加到2.5亿元，增幅达30%。", "change", "= 25%"),
        ("2022年收入2亿元，2023年收入2.5亿元，同比增长30%。", "change", "= 25%"),
        ("营业收入同比增长30%，从上年的2亿元增加到2.5亿元。", "change", "= 25%"),
        ("销售额120万元，同比增长25%（去年为100万元）。", "change", "= 20%"),
        ("Revenue grew 25% from $100 million to $120 million.", "change", "= 20%"),
        ("Revenue rose 30% to $250 million from $200 million.", "change", "= 25%"),
        ("Revenue rose from $200 million in 2022 to $250 million in 2023, a 30% increase.", "change", "= 25%"),
        ("Exports fell from $5.0 billion to $4.0 billion, a decline of 30%.", "change", "= -20%"),
        ("Net profit was $3.0 million in 2022 and $4.5 million in 2023, up 30%.", "change", "= 50%"),
        ("The company has 500 employees, including 300 men and 250 women.", "sum", "= 550"),
        ("總投資500萬元，其中設備300萬元，土建250萬元。", "sum", "= 550萬元"),
        ("Cost was $500 million, including $300 million for tools and $250 million for land.", "sum", "= $550 million"),
        ("Market shares were 20% for A, 30% for B and 60% for C, adding up to 100%.", "sum", "= 110%"),
        ("The segments accounted for 20%, 30% and 60% of revenue, totalling 100%.", "sum", "= 110%"),
        ("2023年公司研发费用3亿元，占营业收入20亿元的25%。", "share", "= 15%"),
    ],
)  # fmt: skip
def test_arithmetic_that_its_parts_deny_is_found(text: str, kind: str, computed: str) -> None:
    [(found, formula)] = failures(text)
    assert found == kind and computed in formula


@pytest.mark.parametrize(
    "text",
    [
        "2024年，青川市实现生产总值1200亿元。研发投入达48亿元，占GDP比重4%。",
        "公司共有员工5200人，其中研发人员2600人，占50%。",
        "城镇化率由2020年的53.2%提升至2025年的57.7%，提高4.5个百分点。",
        "产值由2020年的100亿元增加到2024年的320亿元，增长2.2倍。",
        "产值由2020年的100亿元增加到2024年的320亿元，增长3.2倍。",
        "2023年末常住人口21.4万人，比上年减少0.4万人，下降1.8%。",
        "生产总值100亿元，第一产业增加值5.2亿元，第二产业增加值30.1亿元，第三产业增加值64.7亿元。",
        "圖書館藏書12萬冊，其中中文書8萬冊，外文書4萬冊。",
        "2022年粮食产量100万吨，2023年为120万吨，同比增长20%。",
        "2023年财政收入为2.5亿元，比2022年的2亿元增长25%。",
        "员工500人，其中男300人，女200人。",
        "代表团共27人，其中男运动员6人，女运动员6人，工作人员15人。",
        "三次产业占比分别为7.4%、39.6%、53%，合计100%。",
        "2023年，公司营业收入5.2亿元，净利润0.52亿元，净利率10%。",
        "Revenue grew 20% from $100 million to $120 million.",
        "Revenue rose 25% to $250 million from $200 million.",
        "Exports fell from $5.0 billion to $4.0 billion, a 20% decline.",
        "The company employs 550 people: 300 men and 250 women.",
        "2023年公司研发费用3亿元，占营业收入20亿元的15%。",
    ],
)
def test_arithmetic_that_is_right_holds(text: str) -> None:
    found = findings(text)
    assert found and all(finding.holds for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "圖書館藏書12萬冊，其中中文書9萬冊，外文書4萬冊。",
        "三个基金总规模4.0亿元，分为天使基金1.5亿元，种子基金2.4亿元。",
        "去年产量2万吨，今年3万吨，同比增长45%。",
        "2024年，青川市藏书12万册。\n全市有企业216家。\n2024年，青川市藏书12.4万册。",
    ],
)
def test_what_only_rounding_may_explain_is_no_match(text: str) -> None:
    assert not findings(text)


def test_one_thing_with_two_values() -> None:
    apart = "2024年，青川市生产总值{}。\n全市有企业216家。\n2024年，青川市生产总值{}，增长6%。"
    assert failures(apart.format("1200.5亿元", "1320.5亿元")) == [("conflict", "1200.5亿元 ; 1320.5亿元")]
    assert not failures(apart.format("超过1200亿元", "1230.5亿元"))
    assert not failures(apart.format("1200.5亿元", "1200亿元"))


@pytest.mark.parametrize(
    "text",
    [
        # A year and five years, a part and the sum so far, targets and results, groups that overlap, parts left out.
        "五年来，青川市城镇新增就业603.7万人。\n过去一年，青川市城镇新增就业121.7万人。",
        "青川市建成公租房7.4万套，累计达到61万套。",
        "2025年，青川市建成公园12座。\n2026年，青川市要建成公园20座。",
        "公司有员工500人，其中女员工300人，党员250人。",
        "全市生产总值33757.9亿元，人均生产总值突破10万元。\n每万城镇常住人口拥有社区工作者19.2人。",
        "全市有学校100所，其中小学40所，中学30所。",
        "农村自来水、卫生户厕普及率超过98%、85%。",
        "生产总值从100亿元增加到150亿元，年均增长9%。",
        "清溪管理区包含18个村，大塘管理区包含8个村，乌石管理区包含4个村，江山管理区包含12个村。",
        "2000年调查，青川县54%的人口为农民，35%为工人，7%为教师。",
        "松花江：在青川省境内长约939公里。\n牡丹江：在青川省境内长约700公里。",
        # Growth in real terms, of part of a year, over more than one year, of something else; people left out, rates.
        "去年GDP100亿元，今年120亿元，同比增长6%。",
        "去年产量100万吨，今年120万吨，扣除不可比因素后同比增长25%。",
        "去年上半年产量100万吨，今年120万吨，同比增长25%。",
        "2020年产量100万吨，2024年120万吨，同比增长2%。",
        "去年产量100万吨，今年销量120万吨，同比增长50%。",
        "2023年甲市财政收入为2.5亿元，比乙市的2亿元增长30%。",
        "代表团共27人，其中男运动员6人，女运动员6人。",
        "合格率分别为80%、90%，合计85%。",
        "营收5亿元，毛利率10%，利润0.8亿元。",
        "GDP由2020年的100亿元增加到2023年的130亿元，增长18%（可比价）。",
        "工业增加值从50亿元提高到60亿元，增长8%。",
        "Revenue grew 12% organically from $100 million to $120 million.",
        "Revenue was $100 million in 2020 and $120 million in 2023, up 5% a year.",
        "Revenue rose 30% to $130 million, while profit rose from $10 million to $12 million.",
        "收入同比增长10%，利润从100万元增至150万元。",
        # Amounts of which one may be the other too, and people.
        "固定资产投资500亿元，其中工业投资300亿元，民间投资250亿元。",
        "各项贷款余额100亿元，其中制造业贷款70亿元，中长期贷款60亿元。",
        "Revenue was $500 million, including $300 million of product sales and $250 million of recurring revenue.",
        "The company has 500 employees, including 300 engineers and 250 women.",
    ],
)
def test_what_only_looks_like_a_contradiction_is_not_accused(text: str) -> None:
    assert not failures(text)


def in_table(text: str, name: str = "a.csv") -> list[AuditFinding]:
    read = read_csv if name.endswith(".csv") else read_markdown
    parsed = read(text)
    source = Document("0" * 16, name, parsed.text, parsed.text, f"/{name}", "0" * 64, "text/csv", tables=parsed.tables)
    return audit(Ledger.of([source]))


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        ("项目,金额（万元）\n门票,300\n餐饮,250\n合计,500\n", ["300 + 250 = 550 ≠ 500"]),
        ("项目,2022年（万元）,2023年（万元）\n门票,300,320\n餐饮,250,280\n合计,550,650\n", ["320 + 280 = 600 ≠ 650"]),
        ("項目,占比（%）\n甲,20\n乙,30\n丙,60\n合計,100\n", ["20 + 30 + 60 = 110 ≠ 100"]),
        ("部门,男（人）,女（人）,合计（人）\n研发,30,25,50\n", ["30 + 25 = 55 ≠ 50"]),
        ("Item,2022 ($ million),2023 ($ million),Change (%)\nRevenue,100,120,25\n", ["120 ÷ 100 − 1 = 20% ≠ 25"]),
        ("指標,2022年（萬元）,2023年（萬元）,增長（%）\n收入,100,120,25\n", ["120 ÷ 100 − 1 = 20% ≠ 25"]),
    ],
)
def test_a_table_that_its_own_cells_deny_is_found(text: str, computed: list[str]) -> None:
    assert [finding.formula for finding in in_table(text) if not finding.holds] == computed


@pytest.mark.parametrize(
    "text",
    [
        "项目,2022年（万元）,2023年（万元）\n门票,300,320\n餐饮,250,280\n合计,550,600\n",
        "项目,金额（万元）,占比（%）\n门票,300,54.5\n餐饮,250,45.5\n合计,550,100\n",
        "项目,金额（万元）\n门票,300\n其中：学生票,100\n餐饮,250\n合计,550\n",
        "科目,预算（万元）,决算（万元）\n教育,30,28\n医疗,20,21\n小计,50,49\n交通,10,12\n合计,60,61\n",
        "季度,收入,成本,利润\n一季度,100万元,60万元,40万元\n二季度,110万元,70万元,40万元\n合计,210万元,130万元,80万元\n",
        "部门,男（人）,女（人）,合计（人）\n研发,30,25,55\n销售,10,20,30\n合计,40,45,85\n",
        "地区,总面积（亩）,水稻（亩）,小麦（亩）\n甲村,500,200,100\n乙村,600,300,200\n合计,1100,500,300\n",
        "指标,2023年（万元）,2022年（万元）,增长（%）\n收入,120,100,20\n利润,9,10,-10\n",
    ],
)
def test_a_table_that_adds_up_holds(text: str) -> None:
    found = in_table(text)
    assert found and all(finding.holds for finding in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("项目,平均工资（元）\n甲,5000\n乙,6000\n合计,5500\n", "a.csv"),
        ("收入,金额（万元）\n总收入,100\n其中：税收,80\n非税,20\n支出总计,90\n", "a.csv"),
        ("区域,人数（人）\n甲,12\n乙,15\n合计,37\n", "a.csv"),
        ("指标,2022年（亿元）,2023年（亿元）,增长（%）\nGDP,100,107,5\n", "a.csv"),
        ("项目,金额（万元）\n门票,300\n其中：学生票,100\n成人票,200\n餐饮,250\n合计,550\n", "a.csv"),
        ("| 项 | 本年 |\n|---|---|\n| 收入 | 30万元 |\n\n二\n\n| 项 | 本年 |\n|---|---|\n| 收入 | 45万元 |\n", "a.md"),
    ],
)  # fmt: skip
def test_a_table_that_may_leave_rows_out_or_adds_nothing_up_is_not_accused(text: str, name: str) -> None:
    assert not [finding for finding in in_table(text, name) if not finding.holds]


def test_a_finding_speaks_the_script_of_its_figures() -> None:
    [found] = findings("公司营业收入从100万元增长到120万元，增长25%。")
    assert "文中却写作25%" in found.summary


def test_the_same_ledger_gives_the_same_findings() -> None:
    text = SEED.read_text(encoding="utf-8")
    first, second = (json.dumps([finding.to_json() for finding in findings(text)]) for _ in range(2))
    assert first == second


def test_a_ledger_without_texts_and_an_empty_one_are_no_error(seed: list[AuditFinding]) -> None:
    ledger = Ledger.of([document(SEED.read_text(encoding="utf-8"))])
    assert audit(Ledger()) == []
    assert isinstance(audit(Ledger(ledger)), list)


@pytest.mark.skipif(not DISTRICTS.is_dir(), reason=f"{DISTRICTS} is not here")
def test_official_bulletins_hold_but_for_a_slip_of_unit() -> None:
    found = audit(Ledger.of(document(p.read_text(encoding="utf-8"), p.name) for p in sorted(DISTRICTS.glob("*.txt"))))
    # One bulletin prints 元 where the sum of its three industries needs 萬元.
    assert [surfaces(finding)[2:] for finding in found if not finding.holds] == [("372744元", "634634萬元")]
    assert len(found) >= 15


@pytest.mark.skipif(not REPORTS.is_dir(), reason=f"{REPORTS} is not here")
def test_a_long_report_is_not_accused() -> None:
    paths = sorted(REPORTS.glob("*.txt"))[:3]
    found = audit(Ledger.of(document(p.read_text(encoding="utf-8"), p.name) for p in paths))
    assert not [finding.summary for finding in found if not finding.holds]
