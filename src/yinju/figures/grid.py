"""Where in its table a figure stands, what it is of, and which figures it may be compared with.

A sentence says one thing of one subject; a table says several things of many. Its rows list the subjects and its
columns what is measured, or the other way about. Which of them a question means, that it means all of them, or the one
with the most, is read from the heads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from yinju.figures.tables import ALL, VALUE_COLUMN, head_name, head_rows, is_name, named_column
from yinju.text import fold
from yinju.types import Figure, Span, Table

MIN_HEAD = 2
"""Characters of a head that a question may name it by."""
_OF_ALL = re.compile(
    r"总|合计|全部|所有|一共|加起来|加在一起|共计|累计|[各几两二三四五六七八九十].{1,4}(?:之和|相加)|整个"
    r"|\b(?:total|overall|altogether|combined|all)\b"
)
_MEAN = re.compile(r"平均|均值|\b(?:average|mean)\b")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a figure in a table; heads are folded and without their times and units.

    Attributes:
        document: ``Document.name``.
        table: The table's span in it.
        thing: What the figure is of; empty where the table has but one subject.
        measure: What of it is told; empty where the table tells but one thing.
        things: All that figures of the table are of, in order, each once.
        measures: All that it tells of them.
    """

    document: str
    table: Span
    thing: str
    measure: str
    things: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def is_of_all(self) -> bool:
        """Whether the figure is a total."""
        return bool(ALL.match(self.thing))

    def other_thing(self, asked: str) -> str:
        """Return the thing that a folded question names in the place of this figure's; empty for none."""
        return _instead(self.thing, self.things, asked)

    def other_measure(self, asked: str) -> str:
        """Return the measure that a folded question names in the place of this figure's; empty for none."""
        return _instead(self.measure, self.measures, asked)

    def names_thing(self, asked: str) -> bool:
        """Tell whether a folded question names any of the table's things."""
        return bool(_named(self.things, asked))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell's row and column, by number and by head; ``unit`` is that of the figure in it, once it is known."""

    row: int
    column: int
    head: str
    top: str
    unit: str = ""


class Grid:
    """The figures of tables, by their places."""

    def __init__(
        self, figures: Sequence[Figure], tables: Mapping[str, Sequence[Table]], texts: Mapping[str, str]
    ) -> None:
        """Place figures.

        Args:
            figures: Of a ledger; those in no table have no place.
            tables: Of each document, by its name.
            texts: Folded readable text of each document.
        """
        cells = {
            (name, span.start): (table.span, cell)
            for name, found in tables.items()
            for table in found
            for span, cell in _cells(texts[name], table)
        }
        inside: dict[tuple[str, Span], list[tuple[Figure, _Cell]]] = defaultdict(list)
        for figure in figures:
            if place := cells.get((figure.document, figure.clause.start)):
                span, cell = place
                inside[figure.document, span].append((figure, replace(cell, unit=figure.quantity.unit)))
        self._places: dict[str, Place] = {}
        self._rows: dict[tuple[str, Span], list[Figure]] = {}
        for (document, span), found_there in inside.items():
            self._rows[document, span] = [figure for figure, _ in found_there]
            heads = _axes([cell for _, cell in found_there])
            things, measures = (tuple(dict.fromkeys(filter(None, names))) for names in zip(*heads, strict=True))
            for (figure, _), (thing, measure) in zip(found_there, heads, strict=True):
                self._places[figure.id] = Place(document, span, thing, measure, things, measures)

    def place(self, figure: Figure) -> Place | None:
        """Return the place of a figure; ``None`` for one of a sentence."""
        return self._places.get(figure.id)

    def names_measure(self, figure: Figure, asked: str) -> bool:
        """Tell whether a figure stands in a table and a folded question names what it tells by its head."""
        here = self._places.get(figure.id)
        return here is not None and here.measure in _named(here.measures, asked)

    def names_cell(self, figure: Figure, asked: str) -> bool:
        """Tell whether a folded question names row and column of a figure outright, as far as there are several."""
        here = self._places.get(figure.id)
        if here is None or not here.thing or here.thing not in _named(here.things, asked):
            return False
        return len(here.measures) < 2 or self.names_measure(figure, asked)

    def line(self, figure: Figure) -> list[tuple[str, Figure]]:
        """Return what a table tells of each thing alike, totals left out: same measure, unit, role and time."""
        here = self._places[figure.id]
        return [
            (place.thing, other)
            for other, place in self._alike(figure)
            if place.measure == here.measure and other.period == figure.period and place.thing and not place.is_of_all
        ]

    def times(self, figure: Figure) -> list[Figure]:
        """Return what a table tells of the same thing at all times it knows, the earliest first."""
        here = self._places[figure.id]
        same = [o for o, place in self._alike(figure) if (place.thing, place.measure) == (here.thing, here.measure)]
        return sorted((other for other in same if other.period), key=lambda other: other.period)

    def beside(self, figure: Figure, unit: str, noun: str = "") -> list[Figure]:
        """Return what else a table tells of the same thing, by its noun or its unit; nothing for one of a sentence."""
        here = self._places.get(figure.id)
        if here is None:
            return []
        row = [
            other
            for other in self._rows[here.document, here.table]
            if self._places[other.id].thing == here.thing and other.role is figure.role
            if other.period in ("", figure.period) and other is not figure
        ]
        named = [other for other in row if noun and noun in self._places[other.id].measure]
        return named or ([] if noun else [other for other in row if fold(other.quantity.unit) == unit])

    def _alike(self, figure: Figure) -> Iterator[tuple[Figure, Place]]:
        here = self._places[figure.id]
        for other in self._rows[here.document, here.table]:
            if other.quantity.unit == figure.quantity.unit and other.role is figure.role:
                yield other, self._places[other.id]


def speaks_of_mean(asked: str) -> bool:
    """Whether a folded question asks for a mean."""
    return bool(_MEAN.search(asked))


def speaks_of_all(asked: str) -> bool:
    """Whether a folded question asks for all of something together."""
    return bool(_OF_ALL.search(asked))


def _instead(mine: str, heads: tuple[str, ...], asked: str) -> str:
    named = _named(heads, asked)
    return named[0] if named and mine not in named else ""


@lru_cache(maxsize=4096)
def _named(heads: tuple[str, ...], asked: str) -> tuple[str, ...]:
    """The heads that a question names, without those inside a longer one."""
    rest, found = asked, []
    for head in sorted(heads, key=lambda head: (-len(head), head)):
        if len(head) >= MIN_HEAD and not ALL.match(head) and head in rest:
            rest = rest.replace(head, "\n")
            found.append(head)
    return tuple(found)


def _cells(text: str, table: Table) -> Iterator[tuple[Span, _Cell]]:
    """Yield the cells that may have values, with their places in the document."""
    rows = [[cell.of(text).strip() for cell in row] for row in table.rows]
    n_heads = head_rows(rows, table.n_header_rows)
    width = max(map(len, rows), default=0)
    tops = [" ".join(dict.fromkeys(row[i] for row in rows[:n_heads] if i < len(row))) for i in range(width)]
    names = ["" if VALUE_COLUMN.fullmatch(name) else name for name in (fold(head_name(top)) for top in tops)]
    for number, (cells, words) in enumerate(zip(table.rows[n_heads:], rows[n_heads:], strict=True)):
        named = named_column(tops, words)
        head = fold(head_name(words[named])) if named < len(words) else ""
        for column in range(named + 1, len(cells)):
            yield cells[column], _Cell(number, column, head, names[column])


def _axes(cells: Sequence[_Cell]) -> list[tuple[str, str]]:
    """Tell for each cell of a table which of its heads is the thing and which the measure.

    What is measured keeps to its unit: the columns of a table whose columns are uniform tell the measures. Where
    times take the place of heads on one side, the other side names measures of different units or things of one.
    """
    by_column = _is_uniform((cell.column, cell.unit) for cell in cells)
    by_row = _is_uniform((cell.row, cell.unit) for cell in cells)
    heads, tops = {cell.head for cell in cells} - {""}, {cell.top for cell in cells} - {""}
    if not heads:
        rows_are_things = not by_row
    elif not tops:
        rows_are_things = by_column
    elif by_column and by_row:
        rows_are_things = not all(map(is_name, tops)) or all(map(is_name, heads))
    else:
        rows_are_things = by_column or not by_row
    return [(cell.head, cell.top) if rows_are_things else (cell.top, cell.head) for cell in cells]


def _is_uniform(numbered: Iterable[tuple[int, str]]) -> bool:
    """Whether each row (or column), of which numbers and units are given, has one unit."""
    units: dict[int, set[str]] = defaultdict(set)
    for number, unit in numbered:
        units[number].add(unit)
    return all(len(its) == 1 for its in units.values())
