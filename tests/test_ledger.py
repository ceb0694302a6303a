"""The ledger: who, what and when of each figure, and a ledger that keeps, finds and stores them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from growth import LINEAR, growth
from yinju.figures import COLUMNS, Ledger, describe, read_figures
from yinju.types import Document, Figure, Kind, Role, Span, Table

SEED = Path(__file__).parents[1] / "seeds" / "nanshan.txt"
DISTRICTS = Path(__file__).parents[2] / "shared" / "data" / "districts"


def document(text: str, name: str = "a.txt", tables: tuple[Table, ...] = ()) -> Document:
    return Document("0" * 16, name, text, text, f"/{name}", "0" * 64, "text/plain", tables=tables)


def figures(text: str) -> dict[str, Figure]:
    return {figure.quantity.surface: figure for figure in read_figures(document(text))}


@pytest.fixture(scope="module")
def seed() -> Ledger:
    return Ledger.of([document(SEED.read_text(encoding="utf-8"), "nanshan.txt")])


def only(ledger: Ledger, surface: str, near: str = "") -> Figure:
    found = [f for f in ledger if f.quantity.surface == surface and near in ledger.sentence(f)]
    assert len(found) == 1, found
    return found[0]


def test_subject_and_metric_of_the_first_clause_hold_in_the_second(seed: Ledger) -> None:
    district, city = only(seed, "56%"), only(seed, "42.3%")
    assert (district.entity, district.metric, district.period) == ("南山區", "戰略性新興產業增加值占GDP比重", "2024")
    assert (city.entity, city.metric, city.period) == ("深圳全市", "戰略性新興產業增加值占GDP比重", "2024")
    assert (district.role, district.base) == (Role.SHARE, "GDP")


def test_stand_ins_and_years_are_carried(seed: Ledger) -> None:
    output = only(seed, "8000億元")
    assert (output.entity, output.metric, output.period) == ("南山區", "規上工業產值", "2024")
    growth = only(seed, "7.7%")
    assert (growth.metric, growth.period, growth.role) == ("工業增加值", "2024", Role.CHANGE)


def test_a_share_names_what_it_is_a_share_of(seed: Ledger) -> None:
    spending = only(seed, "7.66%")
    assert (spending.metric, spending.base, spending.role) == ("全社會研發投入占GDP比重", "GDP", Role.SHARE)
    times = only(seed, "3倍")
    assert (times.metric, times.base, times.role) == (spending.metric, "全國平均水平", Role.DIFFERENCE)


def test_a_forecast_is_a_target(seed: Ledger) -> None:
    forecast = only(seed, "萬億元")
    assert (forecast.target, forecast.role, forecast.period, forecast.metric) == (True, Role.TARGET, "2025", "GDP")


def test_the_earlier_end_of_a_rise_is_of_another_time(seed: Ledger) -> None:
    before, after = only(seed, "4萬元"), only(seed, "50萬元")
    assert (before.metric, after.metric) == ("人均GDP", "人均GDP")
    assert (before.period, after.period) == ("", "2024")
    assert (before.per, after.per) == ("人均", "人均")


def test_every_figure_of_the_seed_slices_back(seed: Ledger) -> None:
    text = SEED.read_text(encoding="utf-8")
    assert len(seed) > 120
    for figure in seed:
        assert figure.quantity.span.of(text) == figure.quantity.surface
        assert figure.sentence.contains(figure.clause) and figure.clause.contains(figure.quantity.span)
    assert len({figure.id for figure in seed}) == len(seed)


def test_parallel_lists_are_aligned() -> None:
    found = figures("2023年，新能源汽车、智能家电、智能手机零售额分别增长8.7%、31.5%和32.3%。")
    assert [(f.metric, f.role) for s, f in found.items() if s != "2023年"] == [
        ("新能源汽车零售额", Role.CHANGE),
        ("智能家电零售额", Role.CHANGE),
        ("智能手机零售额", Role.CHANGE),
    ]


def test_lists_keep_their_order_and_times_at_both_ends_of_a_change() -> None:
    found = figures("城镇和农村居民人均可支配收入分别从2019年的4.2万元、2.1万元增加到2024年的5.6万元、3.2万元。")
    told = {
        surface: (found[surface].metric, found[surface].period)
        for surface in ("4.2万元", "2.1万元", "5.6万元", "3.2万元")
    }
    assert told == {
        "4.2万元": ("城镇居民人均可支配收入", "2019"), "2.1万元": ("农村居民人均可支配收入", "2019"),
        "5.6万元": ("城镇居民人均可支配收入", "2024"), "3.2万元": ("农村居民人均可支配收入", "2024"),
    }  # fmt: skip


def test_values_follow_the_names_of_an_earlier_clause() -> None:
    found = figures("公司在廣州、長沙和武漢設有三座工廠,年產能分別為1.8萬台、1.2萬台和6500台。")
    assert [found[surface].entity for surface in ("1.8萬台", "1.2萬台", "6500台")] == ["廣州", "長沙", "武漢"]
    grown = figures("全年接待遊客200萬人次,旅遊收入18億元,分別增長4.2%和7.5%。")
    assert [grown[surface].metric for surface in ("4.2%", "7.5%")] == ["接待遊客", "旅遊收入"]


def test_three_industries_are_told_apart() -> None:
    found = figures("三次产业分别拉动地区生产总值增长0.8、2.0和3.4个百分点。")
    assert [f.metric[:4] for f in found.values()] == ["第一产业", "第二产业", "第三产业"]


def test_growth_and_distance_keep_the_metric() -> None:
    found = figures("2025年，规上工业增加值增长7.6%，高于全国1.7个百分点。")
    assert (found["7.6%"].metric, found["7.6%"].role) == ("规上工业增加值", Role.CHANGE)
    distance = found["1.7个百分点"]
    assert (distance.metric, distance.role, distance.base) == ("规上工业增加值增速", Role.DIFFERENCE, "全国")


def test_an_origin_has_its_own_year() -> None:
    found = figures("城镇化率由2020年的53.2%提升至2025年的57.7%。")
    assert (found["53.2%"].period, found["57.7%"].period) == ("2020", "2025")


def test_the_year_before_that_ends_a_sentence_is_an_aside() -> None:
    found = figures("2024年,東嶺公司海外收入33.7億元,占總收入的39.0%,上年為34.4%。其中歐洲14.6億元。")
    assert [found[s].period for s in ("33.7億元", "34.4%", "14.6億元")] == ["2024", "2023", "2024"]


def test_last_year_is_not_the_period_of_growth() -> None:
    found = figures("2023年末常住人口21.4万人，比上年减少0.4万人，下降1.8%。")
    assert [found[s].period for s in ("21.4万人", "0.4万人", "1.8%")] == ["2023"] * 3
    assert (found["0.4万人"].quantity.value, found["0.4万人"].base) == (Decimal(-4000), "上年")
    assert found["1.8%"].metric == "常住人口"


def test_newly_added_is_told_from_the_total() -> None:
    found = figures("新增海外仓121个，总量达到900个。")
    assert (found["121个"].role, found["900个"].role) == (Role.INCREMENT, Role.LEVEL)


def test_a_section_of_plans_makes_targets() -> None:
    head = "2026年青川市政府工作报告\n2026年1月20日\n"
    text = head + "一、2025年工作回顾\n新建公园12座。\n二、2026年工作安排\n新建公园20座。"
    found = figures(text)
    assert (found["12座"].period, found["12座"].target) == ("2025", False)
    assert (found["20座"].period, found["20座"].target) == ("2026", True)


def test_the_title_gives_subject_and_year() -> None:
    found = figures("2023年青川市临河区国民经济和社会发展统计公报\n\n全年全区实现生产总值100亿元。")
    figure = found["100亿元"]
    assert (figure.entity, figure.metric, figure.period) == ("青川市临河区", "生产总值", "2023")


def test_the_year_of_a_plan_does_not_hold_for_the_next_sentence() -> None:
    found = figures("2024年產值100億元。到2030年力爭達到300億元。企業有50家。")
    assert [found[s].period for s in ("100億元", "300億元", "50家")] == ["2024", "2030", "2024"]
    assert [found[s].target for s in ("100億元", "300億元", "50家")] == [False, True, False]


def test_english_sentences() -> None:
    title = "Riverton City annual report 2024\n\n"
    text = title + "In 2024, GDP reached $5.2 billion, up 6.1%. Services made 62.5 percent of GDP."
    found = figures(text)
    output, growth, share = found["$5.2 billion"], found["6.1%"], found["62.5 percent"]
    assert (output.entity, output.metric, output.period) == ("Riverton City", "GDP", "2024")
    assert (growth.metric, growth.role) == ("GDP", Role.CHANGE)
    assert (share.role, share.base) == (Role.SHARE, "GDP")


def test_tables_give_row_column_and_unit() -> None:
    text = "单位：亿元\n指标|2023年|增长（%）\n工业产值|120.5|4.2\n"
    spans = [[Span(text.index(c), text.index(c) + len(c)) for c in row.split("|")] for row in text.splitlines()[1:]]
    table = Table(Span(spans[0][0].start, spans[-1][-1].end), tuple(tuple(row) for row in spans))
    found = {f.quantity.surface: f for f in read_figures(document(text, tables=(table,)))}
    output, growth = found["120.5"], found["4.2"]
    assert (output.quantity.value, output.quantity.unit, output.period) == (Decimal(12_050_000_000), "元", "2023")
    assert output.metric.startswith("工业产值")
    assert (growth.quantity.unit, growth.role) == ("%", Role.CHANGE)


def test_search_is_blind_to_script_and_knows_units(seed: Ledger) -> None:
    assert [f.quantity.surface for f in seed.search("研发投入", unit="億元")] == ["656.19億元"]
    assert len(seed.search(unit="平方千米")) == len(seed.search(unit="平方公里")) > 2
    assert all(f.period.startswith("2024") for f in seed.search(period="2024"))
    assert len(seed.search(kind=Kind.YEAR)) > 10
    assert not seed.search("沒有這樣的字")


def test_rows_and_frame(seed: Ledger) -> None:
    rows = seed.to_rows()
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["value"] == "7800000000" and rows[0]["scale"] == "100000000"
    frame = seed.to_frame()
    assert frame.shape == (len(seed), len(COLUMNS))
    assert frame["value"][0] == Decimal(7_800_000_000)


def test_stored_and_read_again_is_equal(seed: Ledger) -> None:
    stored = json.loads(json.dumps(seed.to_json()))
    assert Ledger.from_json(stored) == seed


def test_description_names_everything_but_the_value(seed: Ledger) -> None:
    words = describe(only(seed, "42.3%"))
    assert words.startswith("2024 深圳全市 戰略性新興產業增加值占GDP比重") and "42.3" not in words


@pytest.mark.skipif(not DISTRICTS.is_dir(), reason=f"{DISTRICTS} is not here")
def test_district_bulletins_have_subject_and_year_throughout() -> None:
    ledger = Ledger.of(
        document(path.read_text(encoding="utf-8"), path.name) for path in sorted(DISTRICTS.glob("*2023*.txt"))
    )
    values = [f for f in ledger if f.quantity.kind not in {Kind.YEAR, Kind.DATE}]
    assert len(values) > 200
    assert sum(bool(f.metric) for f in values) >= 0.98 * len(values)
    assert sum(f.period.startswith("2023") for f in values) >= 0.97 * len(values)
    assert sum(bool(f.entity) for f in values) == len(values)


def rows(text: str) -> list[tuple[str, str, str, str]]:
    """Surface, entity, metric and period of every measured figure, in order."""
    return [
        (f.quantity.surface, f.entity, f.metric, f.period)
        for f in read_figures(document(text))
        if f.quantity.kind not in {Kind.YEAR, Kind.DATE}
    ]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        # Each value has a unit of its own; each value a time of its own; the list goes on in the next clause.
        ("建成区面积、绿地率、处理量分别达到18.6平方公里、38.2%和1200万吨。", ["建成区面积", "绿地率", "处理量"]),
        ("進出口額、出口額、進口額依次為8.6億元、6.2億元、2.4億元。", ["進出口額", "出口額", "進口額"]),
        ("甲业务、乙业务收入分别为20亿元、15亿元，占总收入的44%、33%。",
         ["甲业务收入", "乙业务收入", "甲业务收入占总收入", "乙业务收入占总收入"]),
        ("城乡居民人均可支配收入分别为5万元、3万元。", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
        ("工业、服务业产值占全部产值比重分别达42.1%、52.1%。", ["工业产值占全部产值比重", "服务业产值占全部产值比重"]),
        ("六大产业、制造业增加值分别增长6.8%、12.3%。", ["产业", "六大产业增加值", "制造业增加值"]),
        ("Revenue and expenses totaled $1.2 billion and $1.1 billion, respectively.", ["Revenue", "expenses"]),
    ],
)  # fmt: skip
def test_values_follow_their_list_one_to_one(text: str, metrics: list[str]) -> None:
    assert [metric for _, _, metric, _ in rows(text)] == metrics


def test_a_list_of_times_and_one_of_places() -> None:
    years = rows("2021年、2022年、2023年营业收入分别为31.2亿元、38.5亿元、45.6亿元。")
    assert [(metric, period) for _, _, metric, period in years] == [("营业收入", y) for y in ("2021", "2022", "2023")]
    places = rows("北京、上海、广州三地员工依次为2100人、1800人和960人。")
    assert [(entity, metric) for _, entity, metric, _ in places] == [(p, "员工") for p in ("北京", "上海", "广州")]


def test_what_is_stated_of_each_by_name() -> None:
    found = rows("全县各镇人口分别为石桥镇2.3万人，杨柳镇1.8万人。")
    assert [(entity, metric[-2:]) for _, entity, metric, _ in found] == [("石桥镇", "人口"), ("杨柳镇", "人口")]


@pytest.mark.parametrize(
    ("text", "entity", "metric"),
    [
        ("赤水村集體收入達到312萬元。", "赤水村", "集體收入"),
        ("桃源街道常住人口5.6萬人。", "桃源街道", "常住人口"),
        ("恆達集團營業收入58.3億元。", "恆達集團", "營業收入"),
        ("青石縣人民醫院編制床位600張。", "青石縣人民醫院", "編制床位"),
        ("其全资子公司蓝海数据实现营业收入3.4亿元。", "全资子公司蓝海数据", "营业收入"),
    ],
)
def test_names_that_no_dictionary_has(text: str, entity: str, metric: str) -> None:
    assert rows("2023年临河县统计公报\n\n" + text)[0][1:3] == (entity, metric)


@pytest.mark.parametrize(
    "text",
    ["示范村达到12个。", "上市公司共有12家。", "大力发展特色镇12个。", "城镇新增就业12万人。", "全国重点实验室12家。"],
)
def test_kinds_of_places_and_companies_are_no_names(text: str) -> None:
    assert rows("2023年临河县统计公报\n\n" + text)[0][1] == "临河县"


def test_the_report_of_a_company_is_about_the_company() -> None:
    title = "远帆科技股份有限公司2023年年度报告\n\n"
    found = rows(title + "公司员工总数6821人。\n子公司蓝海数据净利润4200万元。\n毛利率从2022年的31.5%上升到33.8%。")
    assert found[0][1:] == ("远帆科技股份有限公司", "员工总数", "2023")
    assert found[1][1:3] == ("子公司蓝海数据", "净利润")
    assert [row[3] for row in found[2:]] == ["2022", "2023"]


def test_a_place_named_in_passing_does_not_own_what_follows() -> None:
    title = "2025年临河省政府工作报告\n\n"
    found = rows(title + "武汉科技中心加快建设，两院院士增至93位。\n襄阳、宜昌进入前列，新增三千亿元城市3个。")
    assert {entity for _, entity, _, _ in found} == {"临河省"}


def test_a_bare_attribute_is_of_what_was_spoken_of() -> None:
    found = figures("油料種植面積6590畝，總產量748噸。")
    assert found["748噸"].metric == "油料總產量"
    assert figures("进出口总额增长18.2%、增速居全国第3位。")["第3位"].metric == "进出口总额增速"
    assert figures("全年进出口总额156亿元，其中出口98亿元。")["98亿元"].metric == "出口"
    assert figures("第一產業實現增加值2.0億元。")["2.0億元"].metric == "第一產業增加值"


def test_growth_after_a_share_is_of_the_thing_itself() -> None:
    found = figures("全区生产总值100亿元，占全市比重达24.5%，同比增长3.5%。")
    assert (found["24.5%"].role, found["3.5%"].role, found["3.5%"].metric) == (Role.SHARE, Role.CHANGE, "生产总值")


def test_what_is_new_stays_new_down_a_list() -> None:
    found = figures("新增规上企业1494家、上云企业2万家，总数达到6万家。")
    assert [found[s].role for s in ("1494家", "2万家", "6万家")] == [Role.INCREMENT, Role.INCREMENT, Role.LEVEL]


def test_expectancy_is_no_expectation() -> None:
    found = figures("着力稳预期，人均预期寿命80岁。2026年预期增长5%。")
    assert (found["80岁"].target, found["5%"].target) == (False, True)


def test_the_year_a_paragraph_opens_with_narrows_the_section() -> None:
    head = "2026年临河省政府工作报告\n2026年1月20日\n一、“十四五”时期和2025年工作回顾\n"
    found = rows(head + "公路里程达到9000公里。\n刚刚过去的2025年，是“十四五”收官之年。\n产值增长5.5%。")
    assert [row[3] for row in found] == ["2021/2025", "2025"]


def test_when_something_happened_is_not_when_other_figures_hold() -> None:
    found = rows("云峰山位于临河县境内。1996年云峰山列入名录。云峰山面积154平方公里。")
    assert found == [("154平方公里", "云峰山", "面积", "")]


def test_english_times_follow_what_they_date() -> None:
    found = rows("Research spending rose from $210 million in 2021 to $265 million in 2023.")
    assert [(metric, period) for _, _, metric, period in found] == [
        ("Research spending", "2021"),
        ("Research spending", "2023"),
    ]


def test_rows_of_a_table_that_name_places_are_about_them() -> None:
    text = "2023年清溪鎮統計公報\n單位：萬元\n村名|常住人口（人）|集體收入\n赤水村|2,310|312\n合計|4,215|600\n"
    cut = text.index("村名")
    lines = text[cut:].splitlines()
    spans, start = [], cut
    for line in lines:
        row = []
        for cell in line.split("|"):
            row.append(Span(start, start + len(cell)))
            start += len(cell) + 1
        spans.append(tuple(row))
    table = Table(Span(spans[0][0].start, spans[-1][-1].end), tuple(spans))
    found = {f.quantity.surface: f for f in read_figures(document(text, tables=(table,)))}
    people, income = found["2,310"], found["312"]
    assert (people.entity, people.metric, people.quantity.unit, people.period) == ("赤水村", "常住人口", "人", "2023")
    assert (income.metric, income.quantity.value, income.quantity.unit) == ("集體收入", Decimal(3_120_000), "元")
    assert found["600"].entity == "清溪鎮"


@pytest.mark.parametrize(
    "piece", ["增长3%、", "甲、乙分别增长3%和5%，", "石桥镇产值3亿元，", "2024年产值1亿元", "全国", "由3%升至5%"]
)
def test_time_is_linear(piece: str) -> None:
    assert growth(lambda n: read_figures(document(piece * n)), 100) < LINEAR
