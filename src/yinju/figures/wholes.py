"""Parts and wholes anywhere in a document: shares of a whole, values per head or area, totals of tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yinju.figures.findings import (
    MOST_COMPARED,
    AuditFinding,
    DocumentFigures,
    SentenceFigures,
    alike,
    best,
    compared,
    core,
    levels_of,
)
from yinju.figures.intervals import Interval, interval, n_digits
from yinju.figures.units import canonical_unit
from yinju.text import fold
from yinju.types import Figure, Kind, Quantity, Role, Span

_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
# Values per head use the mean population of the year, those stated are of its end.
_POPULATION_DRIFT = Decimal("0.03")
_PURE = frozenset({"", "%", "‰", "倍", "个百分点", "個百分點"})
_JOINED = re.compile(
    r"[，,、\s(（]*(?:占|相当于|accounting for|equivalent to|equal to|or|representing|which is)[^，,;；。]{0,16}$"
)
# Units of what a value can be divided by, for the words that say so.
_PER = re.compile(r"(?P<people>人均|每(?:百|千|万|十万)?人)|每(?P<area>平方公里|平方千米|公顷|亩|平方米)|地均")
_PER_SCALE = {"百": 100, "千": 1000, "万": 10_000, "十万": 100_000}
_PEOPLE = re.compile(r"(?:常住|总|户籍)(?:总?人口|居民)|^(?:年末)?人口")
# Words of which one or the other holds of everybody and everything they are said of.
HALVES = (
    ("男", "女"), ("城镇", "乡村"), ("城镇", "农村"), ("城市", "农村"), ("中文", "外文"), ("线上", "线下"),
    ("公办", "民办"), ("公立", "私立"), *((f"{place}内", f"{place}外") for place in "国境省市区县校"),
    ("国内", "境外"), ("国内", "海外"), ("male", "female"), ("men", "women"), ("boys", "girls"), ("urban", "rural"),
)  # fmt: skip
SHARE_OF = re.compile(r"占|比重|比例|份额|构成|\bshares?\b|accounted for|account for|accounting for")
# Heads of rows and columns: totals, subtotals among them, items of an item, and what does not add up.
_TOTAL_HEAD = re.compile(r"(?:合|总|共|小)计(?:数|额)?|总和|(?:grand |sub-?)?totals?|sum")
_SUBTOTAL_HEAD = re.compile(r"小计|sub-?totals?")
_ITEM_OF_AN_ITEM = re.compile(r"其中|#|[-–—·•]|\d+\.|[(（]|[一二三四五六七八九十]+[、.]|of which|including")
_NOT_ADDED = re.compile(r"[均率比增减速价龄]|指数|倍|排|\b(?:rate|average|mean|per|growth|change|price|index|rank)\b")
_UNIT_OF_HEAD = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]|[\s:：*]")
_EMPTY_CELL = re.compile(r"[-—–/…\s]*|[-+]?0(?:\.0+)?\s*%?")
_MOST_IN_A_SUBSET = 14


def shares_of_a_whole(document: DocumentFigures) -> Iterator[AuditFinding]:
    """A share, the part beside it, and the whole anywhere in the document: 研發投入656.19億元,占GDP比重7.66%."""
    levels = list(levels_of(document))
    wholes: dict[str, list[Figure]] = defaultdict(list)
    by_sentence: dict[Span, list[Figure]] = defaultdict(list)
    for level in levels:
        if level.quantity.unit in _PURE:
            continue
        wholes[core(_bare(level), document.who(level))].append(level)
        by_sentence[level.sentence].append(level)
    for sentence in document.sentences:
        for share in sentence.figures:
            base = core(share.base)
            if share.role is not Role.SHARE or not base or share.quantity.unit != "%":
                continue
            for part in _parts_of(sentence, share, by_sentence[share.sentence][:MOST_COMPARED]):
                known = wholes[base][:MOST_COMPARED]
                fitting = [w for w in known if ("总" in fold(w.metric)) >= ("总" in fold(share.base))]
                fitting = [w for w in fitting if document.same_scope(w, part) and alike(w, part) and w is not part]
                yield from best(share_of(part, whole, share) for whole in fitting)


def _bare(figure: Figure) -> str:
    """A metric without an English owner: Riverton's GDP → gdp."""
    return re.sub(r"^.*'s\s", "", fold(figure.metric).replace("’", "'"))


def _parts_of(sentence: SentenceFigures, share: Figure, here: Sequence[Figure]) -> list[Figure]:
    """What a share may be of: the figure of the same name, or the one it is joined to without another word."""
    name = core(_part_of(share), share.entity)
    named = [f for f in here if name and core(f.metric, f.entity) == name]
    named = [f for f in named if f.quantity.span < share.quantity.span][-1:] or named[:1]
    before = [f for f in here if f.quantity.span.end <= share.quantity.span.start][-1:]
    joined = [f for f in before if _JOINED.match(sentence.between(f, share)) and f not in named]
    return [f for f in named if sentence.in_document.same_scope(f, share)] or joined


def _part_of(share: Figure) -> str:
    """The part a share's metric names, before 占."""
    metric = fold(share.metric)
    return metric.partition("占")[0] if "占" in metric else metric


def share_of(part: Figure, whole: Figure, share: Figure, accuse: bool = True) -> list[AuditFinding]:
    """Compare a stated share in percent with what part and whole give."""
    a, b = interval(part.quantity), interval(whole.quantity)
    if not b.is_positive or not a.is_positive:
        return []
    left = f"{part.quantity.surface} ÷ {whole.quantity.surface}"
    exact = part.quantity.value / whole.quantity.value
    percent = _HUNDRED if share.quantity.unit == "%" else _ONE
    return list(
        compared(
            "share", a.over(b).times(percent), exact * percent, left, (part, whole), share, accuse,
            unit="%" if percent == _HUNDRED else "",
        )
    )  # fmt: skip


def per_unit(document: DocumentFigures) -> Iterator[AuditFinding]:
    """A value per head or area, its total and its divisor: 每平方公里51億元 of 9501億元 on 185平方公里."""
    levels = list(levels_of(document))
    for value in document.figures:
        match = _PER.search(fold(value.per))
        if (
            not match
            or value.id in document.origins
            or value.role is not Role.LEVEL
            or value.target
            or not interval(value.quantity).is_positive
        ):
            continue
        what = core(re.sub(r"创造|产出|实现", "", fold(value.metric)), value.per, value.entity, "平均")
        totals = [f for f in levels if core(f.metric, f.entity) == what and alike(f, value)]
        totals = [f for f in totals if document.same_scope(f, value) and len(what) > 1]
        divisors = totals and [f for f in levels if document.same_scope(f, value) and _divides(f, value, match)]
        yield from best(_quotient(t, d, value, match) for t in totals[:MOST_COMPARED] for d in divisors[:MOST_COMPARED])


def _divides(figure: Figure, value: Figure, match: re.Match[str]) -> bool:
    unit = canonical_unit(figure.quantity.unit)
    fits = unit == "人" if match.group("people") else unit == canonical_unit(match.group("area") or "平方公里")
    if not fits:
        return False
    if match.group("people"):
        return bool(_PEOPLE.search(fold(figure.metric)))
    return figure.sentence == value.sentence or bool(re.search(r"(?:土地|辖区|行政区域?|总)面积", fold(figure.metric)))


def _quotient(total: Figure, divisor: Figure, value: Figure, match: re.Match[str]) -> Iterator[AuditFinding]:
    a, b = interval(total.quantity), interval(divisor.quantity)
    if not b.is_positive:
        return
    word = re.search(r"每(十万|百|千|万)人", match.group())
    factor = Decimal(_PER_SCALE[word.group(1)]) if word else _ONE
    computed = a.over(b).times(factor)
    computed = computed.widened(_POPULATION_DRIFT) if match.group("people") else computed
    left = f"{total.quantity.surface} ÷ {divisor.quantity.surface}"
    exact = total.quantity.value / divisor.quantity.value * factor
    yield from compared("per_unit", computed, exact, left, (total, divisor), value)


def sum_of(total: Figure, parts: Sequence[Figure], accuse: bool) -> Iterator[AuditFinding]:
    """Compare a stated total with the sum of its parts."""
    computed = Interval(_ZERO, _ZERO)
    for part in parts:
        computed = computed + _as_planned(part.quantity)
    exact = sum((part.quantity.value for part in parts), _ZERO)
    left = " + ".join(part.quantity.surface for part in parts)
    yield from compared("sum", computed, exact, left, parts, total, accuse)


def _as_planned(quantity: Quantity) -> Interval:
    """An addend: 3億 with one digit is a sum that was set, not one that was measured and rounded."""
    if quantity.approx is None and quantity.kind is Kind.AMOUNT and n_digits(quantity.value) == 1:
        return Interval(quantity.value, quantity.value)
    return interval(quantity)


# ── tables ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table with values: the folded heads of rows and columns, without units, and the cells.

    A cell is its figure, ``None`` where it is empty or zero, and its words where they could not be read.
    """

    names: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Figure | str | None, ...], ...]

    def turned(self) -> Grid:
        """The same with columns for rows."""
        return Grid(self.heads, self.names, tuple(zip(*self.rows, strict=True)))


def grid_of(sentence: SentenceFigures) -> Grid | None:
    """The rows and columns of a table; ``None`` where its text does not tell them for certain."""
    starts = {figure.quantity.span.start - sentence.start: figure for figure in sentence.figures}
    lines: list[list[tuple[str, Figure | None]]] = []
    at = 0
    for line in sentence.text.split("\n"):
        if line.strip(" |:-\r"):
            lines.append(list(_cells(line, at, starts)))
        at += len(line) + 1
    first = next((n for n, cells in enumerate(lines) if any(figure for _, figure in cells)), 0)
    body = lines[first:]
    if not 1 <= first <= 2 or len({len(cells) for cells in lines}) != 1 or len(body[0]) < 2:
        return None
    heads = ["".join(dict.fromkeys(cells[column][0] for cells in lines[:first])) for column in range(len(body[0]))]
    named = 1 if re.match(r"序号|编号|排序|no\.?$|#$", heads[0]) and len(heads) > 2 else 0
    return Grid(
        tuple(_bare_head(cells[named][0]) for cells in body),
        tuple(_bare_head(head) for head in heads[named + 1 :]),
        tuple(tuple(figure or _unread(words) for words, figure in cells[named + 1 :]) for cells in body),
    )


def _cells(line: str, at: int, starts: dict[int, Figure]) -> Iterator[tuple[str, Figure | None]]:
    """The cells of a line that begins ``at``, each with the figure in it."""
    edge = "\t" if "\t" in line else "|"
    inner = line.strip().strip("|") if edge == "|" else line
    at += line.index(inner)
    for cell in inner.split(edge):
        found = [starts[place] for place in range(at, at + len(cell)) if place in starts]
        yield cell.strip(), found[0] if len(found) == 1 else None
        at += len(cell) + 1


def _bare_head(words: str) -> str:
    return _UNIT_OF_HEAD.sub("", words) if not words.isascii() else re.sub(r"[(\[].*?[)\]]|[:*]", "", words).strip()


def _unread(words: str) -> str | None:
    return None if _EMPTY_CELL.fullmatch(words) else words


def totals_of_tables(document: DocumentFigures) -> Iterator[AuditFinding]:
    """Rows and columns of tables, and what the table says is their total."""
    for sentence in document.sentences:
        if sentence.is_table and (grid := grid_of(sentence)):
            for position, name in enumerate(grid.names):
                if _TOTAL_HEAD.fullmatch(name):
                    yield from _total_of_lines(grid, position, upright=True)
            turned = grid.turned()
            for position, name in enumerate(turned.names):
                if _TOTAL_HEAD.fullmatch(name):
                    yield from _total_of_lines(turned, position, upright=False)


def _total_of_lines(grid: Grid, position: int, upright: bool) -> Iterator[AuditFinding]:
    """Of the ways to read what a total is of, the one that fits most columns; a misfit is told only beside a fit."""
    attempts = [_total_of(grid, position, group) for group in _groups(grid.names, position)]
    findings = max(attempts, key=lambda found: sum(f.holds for f in found), default=[])
    holding, failing = [f for f in findings if f.holds], [f for f in findings if not f.holds]
    yield from holding
    beside = bool(holding) and len(failing) <= len(holding)
    if beside or (len(findings) == 1 and _is_plain_excess(grid.names, position, findings[0], upright)):
        yield from failing


def _groups(names: Sequence[str], position: int) -> list[list[int]]:
    """What a total may be of: all lines before it, those since the last total, the subtotals, or all lines after it."""
    before = range(position)
    totals = [n for n in before if _TOTAL_HEAD.fullmatch(names[n])]
    since = list(range(totals[-1] + 1 if totals else 0, position))
    if _SUBTOTAL_HEAD.fullmatch(names[position]):
        return [since]
    items = [n for n in before if n not in totals]
    after = range(position + 1, len(names)) if position == 0 else range(0)
    groups = [items, [n for n in items if not _ITEM_OF_AN_ITEM.match(names[n])], totals, [*totals[-1:], *since]]
    groups += [list(after), [n for n in after if not _ITEM_OF_AN_ITEM.match(names[n])]]
    return [group for n, group in enumerate(groups) if len(group) > 1 and group not in groups[:n]]


def _total_of(grid: Grid, position: int, group: Sequence[int]) -> list[AuditFinding]:
    """Compare the total with the sum of a group of lines, in every column that can be added up."""
    found: list[AuditFinding] = []
    for column, head in enumerate(grid.heads):
        total = grid.rows[position][column]
        cells = [grid.rows[n][column] for n in group]
        parts = [cell for cell in cells if isinstance(cell, Figure)]
        if not isinstance(total, Figure) or len(parts) < 2 or any(isinstance(cell, str) for cell in cells):
            continue
        if (_NOT_ADDED.search(head) or total.quantity.unit == "%") and not SHARE_OF.search(head):
            continue
        if all(alike(part, total) and part.role is total.role is not Role.CHANGE for part in parts) and (
            0
            < min(part.quantity.value for part in parts)
            <= max(p.quantity.value for p in parts)
            < total.quantity.value
        ):
            found += sum_of(total, parts, accuse=True)
    return found


def _is_plain_excess(names: Sequence[str], position: int, finding: AuditFinding, upright: bool) -> bool:
    """Whether parts exceed a total beyond doubt: all lines above the last, no items of items, and no other reading."""
    *parts, total = finding.figures
    lines = names[:position]
    if not upright:
        folded = tuple(lines)
        return any(folded in (pair, pair[::-1]) for pair in HALVES)
    values = [part.quantity.value for part in parts]
    if len(values) != len(lines) or any(_ITEM_OF_AN_ITEM.match(name) or _TOTAL_HEAD.search(name) for name in lines):
        return False
    if position != len(names) - 1 or len(values) > _MOST_IN_A_SUBSET or sum(values) <= total.quantity.value:
        return False
    sums = {_ZERO}
    for value in values:
        sums |= {value + other for other in sums}
    return total.quantity.value not in sums
