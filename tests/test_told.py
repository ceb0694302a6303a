"""Tables are told to the reader row by row, and what it finds there is led back to the cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinju.formats import read_csv, read_html, read_markdown, read_plain
from yinju.told import MAX_SENTENCE, Told, tell
from yinju.types import Span

TABLE = """河西各館（單位：萬冊）

| 館 | 2022年藏書 | 2023年藏書 | 備註 |
|---|---:|---:|---|
| 東館 | 19.7 | 20.4 | |
| 西館 | 51.8 | 53.9 | 4月閉館 |

另有流動書車3輛。
"""


def told_of(text: str, within: Span | None = None) -> Told:
    return tell(text, within or Span(0, len(text)), read_markdown(text).tables)


def test_each_value_stands_beside_its_heads() -> None:
    assert "東館：2022年藏書 19.7，2023年藏書 20.4。\n西館：" in told_of(TABLE).text
    assert "西館：2022年藏書 51.8，2023年藏書 53.9，備註 4月閉館。" in told_of(TABLE).text


def test_what_is_no_table_stays() -> None:
    told = told_of(TABLE)
    assert told.text.startswith("河西各館（單位：萬冊）") and told.text.rstrip().endswith("另有流動書車3輛。")
    assert told_of("本館藏書20萬冊。").text == "本館藏書20萬冊。"


def test_a_cell_is_found_again_from_both_sides() -> None:
    told, start = told_of(TABLE), TABLE.index("53.9")
    cell = Span(start, start + 4)
    there = told.told(cell)
    assert there is not None and there.of(told.text) == "53.9"
    assert told.source(there) == cell


def test_a_span_over_cells_is_led_back_to_the_value() -> None:
    told = told_of(TABLE)
    start = told.text.index("2023年藏書 20.4")
    source = told.source(Span(start, start + len("2023年藏書 20.4")))
    assert source is not None and source.of(TABLE) == "20.4"
    head = told.source(Span(start, start + 6))
    assert head is not None and head.of(TABLE) == "2023年藏"


def test_a_part_of_a_table_is_told_by_the_heads_of_the_whole() -> None:
    start = TABLE.index("| 西館")
    within = Span(start, TABLE.index("\n\n另有"))
    told = told_of(TABLE, within)
    assert "西館：2022年藏書 51.8" in told.text and "東館" not in told.text
    value = told.text.index("53.9")
    source = told.source(Span(value, value + 4))
    assert source is not None and source.shift(start).of(TABLE) == "53.9"


def test_english_tables_are_told_in_english() -> None:
    text = "| Line | Output | Staff |\n|---|---|---|\n| Still water | 1,512 | 84 |\n"
    assert "Still water: Output 1,512, Staff 84.\n" in told_of(text).text


def test_long_rows_go_on_with_their_head_said_again() -> None:
    heads = "\t".join(["Site", *(f"Something measured in the year {year}" for year in range(1990, 2010))])
    rows = "\n".join("\t".join([site, *(f"{n}.{len(site)}" for n in range(20))]) for site in ("North", "South", "East"))
    text = f"{heads}\n{rows}\n"
    told = tell(text, Span(0, len(text)), read_plain(text).tables)
    said = [line for line in told.text.splitlines() if line.startswith("North: ")]
    assert len(said) > 1 and all(len(line) < 4 * MAX_SENTENCE for line in said)
    assert all(f" {n}.5" in told.text for n in range(20))


def test_a_line_below_a_table_without_a_gap_is_no_row_of_values() -> None:
    text = "| 館 | 藏書 |\n|---|---|\n| 東館 | 20 |\n數字為年底數。\n"
    assert told_of(text).text.rstrip().endswith("東館：藏書 20。\n數字為年底數。")


def test_heads_over_heads_are_said_together() -> None:
    parsed = read_csv("地區,藏書,藏書\n,2022年,2023年\n東區,1.5,1.7\n西區,2.5,2.7\n")
    told = tell(parsed.text, Span(0, len(parsed.text)), parsed.tables)
    assert "東區：藏書 2022年 1.5，藏書 2023年 1.7。" in told.text


def test_tables_of_words_keep_their_rows() -> None:
    text = "| 職位 | 姓名 |\n|---|---|\n| 館長 | 王小明 |\n| 副館長 | 李大同 |\n| 秘書 | 陳美 |\n"
    assert told_of(text).text.split() == [
        "職位：",
        "館長：姓名",
        "王小明。",
        "副館長：姓名",
        "李大同。",
        "秘書：姓名",
        "陳美。",
    ]


def test_the_column_that_names_a_row_is_said() -> None:
    text = "| 序號 | 館名 | 藏書 |\n|---|---|---|\n| 1 | 東館 | 20 |\n| 2 | 西館 | 30 |\n"
    assert told_of(text).text.startswith("序號 館名：\n1 東館：藏書 20。")


def test_the_year_of_a_row_belongs_to_its_name() -> None:
    parsed = read_csv("區,年份,產值（億元）\n西區,2022,310.5\n西區,2023,336.2\n")
    told = tell(parsed.text, Span(0, len(parsed.text)), parsed.tables)
    assert told.text.split("\n")[:2] == ["區 年份：", "西區 2022：產值（億元） 310.5。"]


def test_a_head_alone_and_a_row_alone_stand_as_they_are() -> None:
    head = Span(0, TABLE.index("| 東館"))
    assert told_of(TABLE, head).text == head.of(TABLE)


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>導覽</td><td><p>本館藏書20萬冊。</p><p>讀者30萬人。</p></td></tr></table>",
        f"<table><tr><td>{'<p>本館藏書20萬冊。</p>' * 40}</td></tr></table><p>後文</p>",
        "<table><tr><td>甲</td><td>乙</td></tr><tr><td>一</td><td><table><tr><td>館</td><td>書</td></tr>"
        "<tr><td>東</td><td>20</td></tr></table></td></tr></table>",
    ],
)
def test_tables_that_lay_out_a_page_hide_nothing(html: str) -> None:
    parsed = read_html(html)
    told = tell(parsed.text, Span(0, len(parsed.text)), parsed.tables)
    words = [word for word in parsed.text.split() if word]
    assert all(told.text.count(word) >= 1 for word in words)
    assert len(told.text) < 2 * len(parsed.text) + 20
    assert sum(len(piece.told) for piece in told.pieces) >= sum(map(len, words))


def test_merged_cells_are_told_once_and_bring_no_rows_from_elsewhere() -> None:
    rows = "".join(f"<tr><td>館{n}</td><td>{n}5</td></tr>" for n in range(1, 30))
    heads = "<tr><th>區</th><th>館</th><th>藏書</th></tr><tr><td rowspan=30>東</td><td>館0</td><td>05</td></tr>"
    parsed = read_html(f"<table>{heads}{rows}</table>")
    start = parsed.text.index("館7")
    told = tell(parsed.text, Span(start, parsed.text.index("館9")), parsed.tables)
    assert "館7" in told.text and "館8" in told.text and "館6" not in told.text and "館9" not in told.text


def test_a_cell_cut_through_is_told_on_both_sides() -> None:
    cell = "很長的備註" * 30
    text = f"館\t備註\t藏書\n東館\t{cell}\t20\n西館\t無\t30\n"
    tables = read_csv("館,備註,藏書\n東館," + cell + ",20\n西館,無,30\n")
    cut = tables.text.index(cell) + 70
    for within in (Span(0, cut), Span(cut, len(tables.text))):
        told = tell(tables.text, within, tables.tables)
        for piece in told.pieces:
            assert piece.told.of(told.text) == piece.source.shift(within.start).of(tables.text)
        place = told.told(Span(0, 3).shift(0 if within.start else 30))
        assert place is not None
    assert text == tables.text


def test_only_the_cells_of_a_part_are_told() -> None:
    text = "\t".join(["館", *(f"{y}年" for y in range(1000))]) + "\n"
    text += "".join("\t".join([name, *map(str, range(1000))]) + "\n" for name in ("東館", "西館"))
    within = Span(text.index("東館"), text.index("東館") + 100)
    assert len(tell(text, within, read_plain(text).tables).text) < 600


def test_tables_of_plain_text_are_found() -> None:
    bars = read_plain("前文\n\n| 館 | 藏書 |\n|---|---|\n| 東館 | 20 |\n").tables
    tabs = read_plain("前文\n館\t藏書\n東館\t20\n西館\t30\n後文").tables
    windows = read_plain("前文\r\n館\t藏書\r\n東館\t20\r\n西館\t30\r\n後文").tables
    ragged = read_plain("館\t藏書\t備註\n東館\t20\n西館\t30\t新").tables
    assert [len(table.rows) for table in (*bars, *tabs, *windows, *ragged)] == [2, 3, 3, 3]


@pytest.mark.parametrize(
    "text",
    [
        "東館\t20\n前文",
        "報告\n\t2023年本館藏書達20萬冊,讀者30萬人。\n\t2023年館舍面積為40萬平方米。\n\t2023年經費為5000萬元。\n",
        "第一章 館舍\t1\n第二章 藏書\t5\n第三章 讀者\t9\n",
        "東館\t20萬冊\n西館\t30萬冊\n北館\t40萬冊\n",
        "問\t今年有多少人來？\n答\t30萬人來過，比去年多。\n問\t明年呢？\n",
        "\n" * 20000,
    ],
)
def test_other_tabs_make_no_table(text: str) -> None:
    assert not read_plain(text).tables


cells = st.text(alphabet="ab 12,.年館", max_size=6)


named_rows = st.lists(cells, min_size=1, max_size=4).map(lambda row: ["某館", *row])


@given(st.lists(named_rows, min_size=3, max_size=6), st.data())
def test_whatever_the_cells_every_piece_is_the_source(rows: list[list[str]], data: st.DataObject) -> None:
    parsed = read_csv("\n".join("\t".join(row) for row in [["館", "甲", "乙", "丙", "丁"], *rows]))
    start = data.draw(st.integers(0, len(parsed.text)))
    within = Span(start, data.draw(st.integers(start, len(parsed.text))))
    told = tell(parsed.text, within, parsed.tables)
    for piece in told.pieces:
        assert piece.told.of(told.text) == piece.source.shift(within.start).of(parsed.text)
        assert told.source(piece.told) == piece.source
    for row in parsed.tables[0].rows[1:]:
        for cell in row:
            if len(cell) and within.contains(cell):
                assert told.told(cell.shift(-within.start)) is not None
