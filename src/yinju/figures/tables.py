"""Figures of tables: unit and time of a cell come from its column, its row or the line above the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yinju.figures.names import organisation_end, place_at
from yinju.figures.numerals import ENGLISH_SCALE
from yinju.figures.quantity import read_cell
from yinju.figures.reading import Reading
from yinju.figures.subjects import is_place, tokenise
from yinju.figures.times import find_times
from yinju.figures.units import UNIT, canonical_unit, split_scale, unit_kind
from yinju.text import Language, fold, language_of, to_language
from yinju.types import Document, Kind, Quantity, Role, Span, Table

MAX_COUNTED = 3
"""Characters of a unit that nobody knows, where a scale stands before it."""
_CAPTION_REACH = 120
"""How far above a table its unit may be stated, in characters."""
_UNIT_NOTE = re.compile(
    r"(?:计量)?单位\s*[:：]\s*(?P<unit>[^\s，,。;；)）|]{1,8})|\bunit:\s*(?P<english>[^\n|)]{1,20})"
)
_UNIT_IN_HEAD = re.compile(
    r"[（(\[]\s*(?:单位\s*[:：]\s*)?(?P<unit>[^（）()\[\]]{1,12}?)\s*[)）\]]|[/／](?P<slash>[^/／\s]{1,6})$"
)
_UNIT_COLUMN = re.compile(r"(?:计量)?单位|units?")
VALUE_COLUMN = re.compile(
    r"(?:数|目标|计划|预期)[值量额数]?|绝对[数值量]|指标值|完成[数值]|本[期年月]|累计|value|amount|total"
)
_NUMBERING = re.compile(r"序号|编号|排序|no\.?|#")
_YEAR_HEAD = re.compile(r"年[份度]?|时间|year")
_BARE_YEAR = re.compile(r"\s*((?:19|20)[0-9]{2})\s*年?(?:度|末|底)?\s*")
_YEAR_BESIDE = re.compile(r"^(?:fy\s?)?((?:19|20)[0-9]{2})\b\s*|\s*\b(?:fy\s?)?((?:19|20)[0-9]{2})$")
_CHANGE_HEAD = re.compile(r"增长|增速|增幅|同比|环比|涨幅|降幅|减幅|跌幅|比上年|±|change|growth|increase")
_SHARE_HEAD = re.compile(r"占|比重|比例|份额|构成|share")
_TARGET_HEAD = re.compile(r"目标|计划|预算数|年初预算|预计|预期|规划|\b(?:target|plan|forecast|budget)\b")
_OF_CHANGE = re.compile(
    r"(?:比上年|较上年|同比|环比|年均|±)*(?:增长|增速|增幅|涨幅|降幅|减幅|跌幅|change|growth|increase)?(?:率|幅度)?$"
)
_THIS_YEAR = re.compile(r"本[年期月]|累计|上年同期")
_AMONG = re.compile(r"^(?:其中|#)\s*[:：、]?\s*")
_ENGLISH_UNIT = re.compile(
    r"(?:in )?(?P<money>us\$|hk\$|[$€£¥]|usd|hkd|eur|rmb|cny|yuan)?"
    r"\s*(?P<scale>thousand|million|billion|trillion|mn|bn)?"
    r"\s*(?P<of>yuan|dollars|us dollars|people|persons|households)?"
)
_MONEY = {"us$": "美元", "$": "美元", "hk$": "港元", "€": "欧元", "£": "英镑", "¥": "元", "rmb": "元"}
ALL = re.compile(r"(?:合计|总计|小计|总和|总共|全[市县区省镇乡国体部]|(?:grand )?total)(?![\w])|总(?:数|量|额|体)$")
"""The head of a row or column of totals, folded."""
_EMPTY_AT_END = re.compile(r"[\s,，:：、（）()\[\]/]+$|^[\s,，:：、]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document says to its tables: whom it is about, when it speaks, and the time of its title."""

    main: str
    year: int | None
    period: str


@dataclass(frozen=True, slots=True)
class _Head:
    """What a column or row head says: the thing, its unit, its time."""

    name: str
    unit: str = ""
    period: str = ""
    words: str = ""


def read_tables(document: Document, setting: Setting) -> Iterator[Reading]:
    """Read the values of a document's tables, table by table and row by row."""
    end = 0
    for table in document.tables:
        above = document.readable[max(end, table.span.start - _CAPTION_REACH) : table.span.start]
        yield from _read_table(document.readable, table, above, setting)
        end = table.span.end


def _read_table(text: str, table: Table, above: str, setting: Setting) -> Iterator[Reading]:
    rows = [[cell.of(text).strip() for cell in row] for row in table.rows]
    n_heads = head_rows(rows, table.n_header_rows)
    caption = _unit(_UNIT_NOTE, fold(above), above)
    columns = [_head(" ".join(_distinct(_cell(rows[n], column) for n in range(n_heads))), setting)
               for column in range(max(map(len, rows), default=0))]  # fmt: skip
    units = next((i for i, head in enumerate(columns) if i and _UNIT_COLUMN.fullmatch(fold(head.words))), None)
    language = language_of(above + "".join(rows[0]) if rows else above)
    for cells, words in zip(table.rows[n_heads:], rows[n_heads:], strict=True):
        yield from _row(text, table, cells, words, columns, units, caption, setting, language)


def head_rows(rows: Sequence[Sequence[str]], stated: int) -> int:
    """Return how many rows are heads: those stated, and those below without a value, as under one over columns."""
    n = stated
    while 0 < n < len(rows) - 1 and len(rows[n]) > 1 and not any(_is_value(cell) for cell in rows[n]):
        n += 1
    return n


def _is_value(cell: str) -> bool:
    return bool(cell) and read_cell(cell) is not None and not _BARE_YEAR.fullmatch(fold(cell))


def _row(
    text: str, table: Table, cells: Sequence[Span], words: Sequence[str], columns: Sequence[_Head], units: int | None,
    caption: str, setting: Setting, language: Language,
) -> Iterator[Reading]:  # fmt: skip
    named = named_column([column.words for column in columns], words)
    head = _head(words[named] if len(words) > named else "", setting)
    years = year_column([column.words for column in columns], named)
    if years is not None and (dated := _BARE_YEAR.fullmatch(fold(_cell(words, years)))):
        head = replace(head, period=dated[1])
    own_unit = _cell(words, units) if units is not None else ""
    for column in range(named + 1, len(cells)):
        if column in (units, years) or _cell(words, column) == "" or cells[column] in cells[:column][-1:]:
            continue
        quantity = read_cell(cells[column].of(text))
        if quantity is None or (column < len(columns) and _NUMBERING.fullmatch(fold(columns[column].words))):
            continue
        where = _with_neighbour(columns, column) if column < len(columns) else _Head("")
        unit = where.unit or own_unit or head.unit or caption
        measured = _with_unit(replace(quantity, span=quantity.span.shift(cells[column].start)), unit, language)
        yield _reading(measured, table, cells[column], head, where, columns[0] if columns else _Head(""), setting)


def named_column(columns: Sequence[str], words: Sequence[str]) -> int:
    """Return which column names a row: the second where the first only numbers or dates the rows, else the first."""
    if len(words) < 2 or not columns:
        return 0
    first = fold(columns[0])
    dates = _YEAR_HEAD.fullmatch(first) and len(words) > 2 and not _is_value(words[1])
    return int(bool(_NUMBERING.fullmatch(first) or dates))


def year_column(columns: Sequence[str], named: int) -> int | None:
    """Return which column, beside the one that names a row, says of which year it is; ``None`` where none does."""
    return next((i for i, head in enumerate(columns) if i != named and _YEAR_HEAD.fullmatch(fold(head))), None)


def head_name(words: str) -> str:
    """Return what a head names, without its unit and time."""
    return _head(words, Setting("", None, "")).name


def _reading(
    quantity: Quantity, table: Table, cell: Span, row: _Head, column: _Head, corner: _Head, setting: Setting
) -> Reading:
    """One value: a row that names a place or an organisation is whom it is about, any other what it is of."""
    words = fold(f"{row.words} {column.words}")
    year = _BARE_YEAR.fullmatch(fold(row.words))
    entity = row.name if is_name(row.name) else ""
    heads = [column.name] if entity or year else [row.name, column.name]
    change = _CHANGE_HEAD.search(fold(column.words)) or _CHANGE_HEAD.search(fold(row.name))
    if VALUE_COLUMN.fullmatch(fold(column.name)) and len(heads) == 2:
        heads = heads[:1]
    role = Role.CHANGE if change else Role.SHARE if _is_share(quantity, words) else Role.LEVEL
    target = bool(_TARGET_HEAD.search(words))
    parts = [part for part in heads if part]
    metric = (" " if "".join(parts).isascii() else "").join(parts) or corner.name
    period = column.period or (year[1] if year else row.period) or setting.period
    if target and role is Role.LEVEL:
        role = Role.TARGET
    per = "人均" if "人均" in words else ""
    return Reading(quantity, table.span, cell, entity or setting.main, metric, period, role, target, per)


def _with_neighbour(columns: Sequence[_Head], column: int) -> _Head:
    """A column of growth alone is of what the column before measures, in the latest year of the table."""
    head = columns[column]
    change = _CHANGE_HEAD.search(fold(head.name))
    if change is None:
        return head
    name = _OF_CHANGE.sub("", fold(head.name))
    others = [other for other in columns[1:column] if other.name and not _CHANGE_HEAD.search(fold(other.name))]
    of = head.name[: len(name)] if name and fold(head.name).startswith(name) else others[-1].name if others else ""
    period = head.period or max((other.period for other in columns), default="")
    return replace(head, name=of, period=period)


def _is_share(quantity: Quantity, words: str) -> bool:
    return quantity.unit in {"%", "‰"} and bool(_SHARE_HEAD.search(words))


def is_name(name: str) -> bool:
    """Whether a row head names a place or an organisation, and not what is measured."""
    folded = fold(name)
    if not folded or ALL.fullmatch(folded):
        return False
    tokens = tokenise(folded, 0, len(folded))
    if place_at(folded, 0, len(folded)) == len(folded) or all(is_place(token) for token in tokens):
        return True
    return organisation_end([(token.word, token.tag) for token in tokens]) == len(tokens)


def _head(words: str, setting: Setting) -> _Head:
    """Read a head: 「集體收入（萬元）」 measures 集體收入 in 萬元, 「2023年」 says when."""
    folded = fold(words)
    unit = _unit(_UNIT_IN_HEAD, folded, words)
    name = words
    if unit:
        match = next(m for m in _UNIT_IN_HEAD.finditer(folded) if _is_unit(m["unit"] or m["slash"] or ""))
        name = words[: match.start()] + words[match.end() :]
    name = _AMONG.sub("", name).strip()
    relative = _THIS_YEAR.match(fold(name))
    found = [] if relative else find_times(fold(name), 0, len(name), setting.year, setting.period)
    times = [time for time in found if time.period and not time.baseline]
    bare = _BARE_YEAR.fullmatch(fold(name))
    if not times and not bare and (year := _YEAR_BESIDE.search(fold(name))):
        return _Head(
            _EMPTY_AT_END.sub("", name[: year.start()] + name[year.end() :]).strip(), unit, year[1] or year[2], words
        )
    for time in reversed(times):
        name = name[: time.start] + name[time.end :]
    name = "" if bare else _EMPTY_AT_END.sub("", name).strip()
    period = next((time.period for time in times), bare[1] if bare else "")
    return _Head("" if _YEAR_HEAD.fullmatch(fold(name)) else name, unit, period, words)


def _unit(pattern: re.Pattern[str], folded: str, text: str) -> str:
    """The last unit that a note names, as written; empty without one."""
    found = ""
    for match in pattern.finditer(folded):
        span = next(match.span(name) for name, value in match.groupdict().items() if value is not None)
        if _is_unit(folded[slice(*span)]):
            found = text[slice(*span)]
    return found


def _is_unit(name: str) -> bool:
    """Whether the words in a head's brackets are a unit rather than a remark."""
    if name in {"%", "‰"} or (name and _ENGLISH_UNIT.fullmatch(name.strip())):
        return True
    scale, base = split_scale(name)
    # Whatever is counted in ten thousands is counted: 萬冊次.
    scaled = scale != 1 and len(base) <= MAX_COUNTED
    return bool(name) and (base == "" or scaled or unit_kind(base) is not Kind.OTHER or "/" in base or _known(base))


def _known(base: str) -> bool:
    match = UNIT.match(base)
    return match is not None and match.end() == len(base)


def _with_unit(quantity: Quantity, unit: str, language: Language) -> Quantity:
    if quantity.unit or not unit:
        return quantity
    scale, name = _split(unit)
    written = name if name.isascii() else to_language(name, language)
    return replace(
        quantity, value=quantity.value * scale, scale=quantity.scale * scale, unit=written, kind=unit_kind(name)
    )


def _split(unit: str) -> tuple[Decimal, str]:
    """Take the scale off a unit in either language: 萬元, US$ million."""
    english = _ENGLISH_UNIT.fullmatch(fold(unit).strip())
    if english is None or not (english["money"] or english["scale"]):
        return split_scale(unit)
    money = english["money"] or english["of"] or ""
    scale = Decimal(ENGLISH_SCALE[english["scale"]]) if english["scale"] else Decimal(1)
    return scale, canonical_unit(_MONEY.get(money, money))


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _distinct(words: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))
