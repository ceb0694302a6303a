"""Tables are told to the reader row by row, and what it finds there is led back to the cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yinju.formats import read_csv, read_markdown, read_plain
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


def test_a_span_over_cells_is_led_back_to_the_first() -> None:
    told = told_of(TABLE)
    start = told.text.index("2023年藏書 20.4")
    source = told.source(Span(start, start + len("2023年藏書 20.4")))
    assert source is not None and source.of(TABLE) == "2023年藏書"
    assert told.source(Span(told.text.index("："), told.text.index("：") + 1)) is not None


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


def test_tables_of_plain_text_are_found() -> None:
    bars = read_plain("前文\n\n| 館 | 藏書 |\n|---|---|\n| 東館 | 20 |\n").tables
    tabs = read_plain("前文\n館\t藏書\n東館\t20\n西館\t30\n後文").tables
    assert [len(table.rows) for table in (*bars, *tabs)] == [2, 3]
    assert not read_plain("東館\t20\n前文").tables


@given(st.lists(st.lists(st.text(alphabet="ab 12,.年館", max_size=6), min_size=2, max_size=5), min_size=3, max_size=6))
def test_whatever_the_cells_every_piece_is_the_source(rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    text = "\n".join("\t".join([*row, *[""] * (width - len(row))]) for row in rows) + "\n"
    told = tell(text, Span(0, len(text)), read_plain(text).tables)
    for there, source in told.pieces:
        assert there.of(told.text) == source.of(text)
        assert told.source(there) is None or told.source(there) == source or not len(there)
