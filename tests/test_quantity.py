"""Quantities: what is read, with which value, unit, kind, qualifier and span, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings

import strategies
from growth import LINEAR, growth
from yinju.figures import canonical_unit, convert, read_cell, read_quantities, write_quantity
from yinju.types import Approx, Kind, Quantity


def one(text: str) -> Quantity:
    found = read_quantities(text)
    assert len(found) == 1, [q.surface for q in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "surface", "value", "unit", "kind", "approx"),
    [
        ("突破9501億元", "9501億元", "950100000000", "元", Kind.AMOUNT, Approx.OVER),
        ("總人口2356萬2318人", "2356萬2318人", "23562318", "人", Kind.COUNT, None),
        ("共有3000多種植物", "3000多種", "3000", "種", Kind.COUNT, Approx.OVER),
        ("距地球200万光年", "200万光年", "2000000", "光年", Kind.OTHER, None),
        ("浓度28.5微克每立方米", "28.5微克每立方米", "28.5", "微克/立方米", Kind.OTHER, None),
        ("航班起降5.2万架次", "5.2万架次", "52000", "架次", Kind.COUNT, None),
        ("项目签约3543亿元", "3543亿元", "354300000000", "元", Kind.AMOUNT, None),
        ("總量迈上万亿元台阶", "万亿元", "1000000000000", "元", Kind.AMOUNT, Approx.OVER),
        ("約27.7萬平方米的園區", "27.7萬平方米", "277000", "平方米", Kind.AREA, Approx.ABOUT),
        ("185平方公里", "185平方公里", "185", "平方公里", Kind.AREA, None),
        ("185平方千米", "185平方千米", "185", "平方公里", Kind.AREA, None),
        ("占比重达56%", "56%", "56", "%", Kind.PERCENT, None),
        ("百分之五十六", "百分之五十六", "56", "%", Kind.PERCENT, None),
        ("下降6.4%", "6.4%", "-6.4", "%", Kind.PERCENT, None),
        ("下降到6.4%", "6.4%", "6.4", "%", Kind.PERCENT, None),
        ("自然增长率-0.93‰", "-0.93‰", "-0.93", "‰", Kind.PERCENT, None),
        ("提高1.2個百分點", "1.2個百分點", "1.2", "個百分點", Kind.PERCENT, None),
        ("翻了120多倍", "120多倍", "120", "倍", Kind.MULTIPLE, Approx.OVER),
        ("產量翻兩番", "翻兩番", "4", "倍", Kind.MULTIPLE, None),
        ("不到十分之一", "十分之一", "0.1", "", Kind.RATIO, Approx.UNDER),
        ("用不到全市十分之一的土地", "十分之一", "0.1", "", Kind.RATIO, Approx.UNDER),
        ("比例約為1∶4", "1∶4", "0.25", "", Kind.RATIO, Approx.ABOUT),
        ("數量超過全市一半", "一半", "0.5", "", Kind.RATIO, Approx.OVER),
        ("近九成企业", "九成", "90", "%", Kind.PERCENT, Approx.NEARLY),
        ("擁有1000余項專利", "1000余項", "1000", "項", Kind.COUNT, Approx.OVER),
        ("留下近十萬熟練工人", "十萬", "100000", "", Kind.COUNT, Approx.NEARLY),
        ("二百余万人", "二百余万人", "2000000", "人", Kind.COUNT, Approx.OVER),
        ("布局了六所高校", "六所", "6", "所", Kind.COUNT, None),
        ("1,100万吨", "1,100万吨", "11000000", "吨", Kind.OTHER, None),
        ("１，２３４家企業", "１，２３４家", "1234", "家", Kind.COUNT, None),
        ("8亿元人民币", "8亿元人民币", "800000000", "元", Kind.AMOUNT, None),
        ("1亿2000万元", "1亿2000万元", "120000000", "元", Kind.AMOUNT, None),
        ("超百亿美元", "百亿美元", "10000000000", "美元", Kind.AMOUNT, Approx.OVER),
        ("总动力84906.4千瓦", "84906.4千瓦", "84906.4", "千瓦", Kind.OTHER, None),
        ("装机1.39亿千瓦", "1.39亿千瓦", "139000000", "千瓦", Kind.OTHER, None),
        ("中芯14納米工藝", "14納米", "14", "納米", Kind.OTHER, None),
        ("走了30多年", "30多年", "30", "年", Kind.DURATION, Approx.OVER),
        ("建區35周年", "35周年", "35", "年", Kind.DURATION, None),
        ("2024年", "2024年", "2024", "年", Kind.YEAR, None),
        ("20世紀80年代初", "20世紀80年代", "1980", "年", Kind.YEAR, None),
        ("二〇三五年", "二〇三五年", "2035", "年", Kind.YEAR, None),
        ("損失10亿多元", "10亿多元", "1000000000", "元", Kind.AMOUNT, Approx.OVER),
        ("2020年12月", "2020年12月", "202012", "", Kind.DATE, None),
        ("居全國首位", "首位", "1", "位", Kind.RANK, None),
        ("成為全國第三個", "第三個", "3", "位", Kind.RANK, None),
        ("就业110万人以上", "110万人", "1100000", "人", Kind.COUNT, Approx.AT_LEAST),
        ("不超过5%", "5%", "5", "%", Kind.PERCENT, Approx.AT_MOST),
        ("增长8.8%左右", "8.8%", "8.8", "%", Kind.PERCENT, Approx.ABOUT),
        ("revenue of $5.2 billion", "$5.2 billion", "5200000000", "美元", Kind.AMOUNT, None),
        ("up 12.5 percent", "12.5 percent", "12.5", "%", Kind.PERCENT, None),
        ("about 1,200 companies", "1,200 companies", "1200", "家", Kind.COUNT, Approx.ABOUT),
    ],
)
def test_one_quantity(text: str, surface: str, value: str, unit: str, kind: Kind, approx: Approx | None) -> None:
    quantity = one(text)
    assert quantity.surface == surface == quantity.span.of(text)
    assert (quantity.value, quantity.unit, quantity.kind, quantity.approx) == (Decimal(value), unit, kind, approx)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("有四五十人来自", "40", "50", "人"),
        ("20—30家", "20", "30", "家"),
        ("3-5万元", "30000", "50000", "元"),
        ("30%至40%", "30", "40", "%"),
        ("2023—2024年", "2023", "2024", "年"),
        ("十五六个", "15", "16", "个"),
    ],
)
def test_ranges(text: str, low: str, high: str, unit: str) -> None:
    quantity = one(text)
    assert (quantity.value, quantity.high, quantity.unit, quantity.kind) == (
        Decimal(low),
        Decimal(high),
        unit,
        Kind.RANGE,
    )


def test_two_ends_with_units_are_two_quantities() -> None:
    found = read_quantities("從130億參數到2500多億參數的大模型")
    assert [(q.surface, q.value, q.approx) for q in found] == [
        ("130億參數", Decimal(13_000_000_000), None),
        ("2500多億參數", Decimal(250_000_000_000), Approx.OVER),
    ]


def test_a_list_shares_its_unit_and_its_sign() -> None:
    found = read_quantities("分别下降0.8、2.0和3.4个百分点")
    assert [(q.surface, q.value, q.unit) for q in found] == [
        ("0.8", Decimal("-0.8"), "个百分点"),
        ("2.0", Decimal("-2.0"), "个百分点"),
        ("3.4个百分点", Decimal("-3.4"), "个百分点"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "5G基站和AI、3D視覺、X9聯盟、DeepEye1000、A股、WTO、QQ",
        "“1+1”與“六個一”行動，“三來一補”",
        "一批人離開，一起，進一步，統一規劃，第一時間，一定，一些，萬眾一心，千行百業，百花齊放",
        "第一產業、第二產業、三次產業、二產三產",
        "党的二十大、二十届四中全会、十四届四次会议",
        "五台山、三門峽、七台河、四川、九江",
        "每萬人、每百户、12345热线、世界500强、2号线",
        "唯一的一個區域，一園多校，四面八方",
        "第十五個五年規劃、二輪延包、三年行動、八項規定、“從0到1”",
        "PM2.5、COVID-19、G60高速、T3航站楼",
    ],
)
def test_names_and_words_are_no_quantities(text: str) -> None:
    assert [q.surface for q in read_quantities(text)] == []


@pytest.mark.parametrize("piece", ["一", "9", "8亿元人民币", "十余", "1:", "、1", "百分之", "3至", "“", "1,111"])
def test_time_is_linear(piece: str) -> None:
    assert growth(lambda n: read_quantities(piece * n), 1000) < LINEAR


@given(strategies.texts)
@settings(max_examples=300, deadline=None)
def test_spans_slice_back_in_order(text: str) -> None:
    end = 0
    for quantity in read_quantities(text):
        assert quantity.surface == quantity.span.of(text) != ""
        assert quantity.span.start >= end
        end = quantity.span.end


@given(strategies.values, strategies.units)
@settings(max_examples=300, deadline=None)
def test_printed_and_read_again_is_equal(value: Decimal, unit: str) -> None:
    text = write_quantity(value, unit)
    quantity = one(text)
    assert (quantity.value, canonical_unit(quantity.unit)) == (value, canonical_unit(unit)), text


def test_writing_chooses_a_scale() -> None:
    assert write_quantity(Decimal(950_100_000_000), "元") == "9501億元"
    assert write_quantity(Decimal(950_100_000_000), "元", language="zh-Hans") == "9501亿元"
    assert write_quantity(Decimal(950_100_000_000), "元", scale=Decimal(10_000)) == "95010000萬元"
    assert write_quantity(Decimal("121.8077"), "倍", max_decimals=1) == "121.8倍"


def test_conversion_is_exact_and_stays_inside_a_dimension() -> None:
    assert convert(Decimal(185), "平方公里", "公頃") == 18500
    assert convert(Decimal("65619000000"), "元", "萬元") == 6561900
    assert convert(Decimal(3), "公頃", "畝") == 45
    assert convert(Decimal(2), "年", "個月") == 24
    assert convert(Decimal(1), "美元", "元") is None
    assert convert(Decimal(1), "家", "人") is None


def test_cells_may_hold_bare_numbers() -> None:
    cell = read_cell(" 1,234.5 ")
    assert cell is not None and cell.value == Decimal("1234.5")
    assert read_cell("合计") is None
