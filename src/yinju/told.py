"""Tables told in sentences, each value beside the heads of its row and column, as the reader can take them in.

A reader of running text cannot count columns: of a row it sees numbers, and the heads stand far above or in another
passage. So it is given each row as a sentence, and what it finds there is led back to the cell it was taken from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yinju.figures.tables import named_column, year_column
from yinju.text import language_of
from yinju.types import Span, Table

MAX_SENTENCE = 110
"""Characters after which a row goes on in another sentence, its head said again: a window of the reader holds each
whole."""
CHARS_OF_LATIN = 3
"""How many times as many characters of a Latin text are as long to read."""
MAX_CELL = 200
"""Characters of a cell up to which a table tells values; one with longer ones lays out a page."""
MAX_HEAD_ROWS = 8
"""Rows of heads over heads that are followed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of told text that repeats the source.

    Attributes:
        told: Where it is told.
        source: Where it stands in the part of the source that is told, from 0; as long as ``told``.
        is_head: Whether it only names a row or a column.
    """

    told: Span
    source: Span
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A text as the reader sees it, with the places of its pieces.

    Attributes:
        text: What is read.
        pieces: In the order of ``text``; all of it but the words and marks between cells, and heads from elsewhere.
    """

    text: str
    pieces: tuple[Piece, ...]

    def source(self, span: Span) -> Span | None:
        """Return where in the source a span of :attr:`text` stands: of one over several cells, the last value."""
        inside = [piece for piece in self.pieces if piece.told.overlaps(span)]
        values = [piece for piece in inside if not piece.is_head] or inside
        if not values:
            return None
        told, source = values[-1].told, values[-1].source
        start, end = max(told.start, span.start), min(told.end, span.end)
        return Span(start, end).shift(source.start - told.start)

    def told(self, span: Span) -> Span | None:
        """Return where a span of the source is told; ``None`` for one that is not, such as a bar."""
        for piece in self.pieces:
            if piece.source.contains(span):
                return span.shift(piece.told.start - piece.source.start)
        return None


def tell(text: str, within: Span, tables: Sequence[Table]) -> Told:
    """Tell a part of a text, its tables in sentences.

    Args:
        text: The whole.
        within: The part that is told; of a table that reaches beyond it, the cells in it, by the heads of the whole.
        tables: All tables of the text. One that lays out a page, holds another or has nothing below its heads is told
            as it stands.

    Returns:
        What is told; spans of the source are of the part, from 0.
    """
    writer = _Writer(text, within)
    end, told_to = within.start, 0
    for table in sorted(tables, key=lambda table: table.span):
        if table.span.start >= within.end:
            break
        n_heads = _n_heads(text, table)
        below = _rows_in(table, n_heads, within)
        if table.span.start < told_to or not _tells_values(text, below):
            continue
        writer.copy(Span(end, max(end, table.span.start)))
        writer.table(table, n_heads, below)
        end, told_to = min(table.span.end, within.end), table.span.end
    writer.copy(Span(end, within.end))
    return Told("".join(writer.written), tuple(writer.pieces))


def _rows_in(table: Table, n_heads: int, within: Span) -> Sequence[tuple[Span, ...]]:
    """Return the rows below the heads that have a cell in the part that is told; rows stand in order."""
    first = bisect_right(table.rows, within.start, key=lambda row: row[-1].end)
    last = bisect_left(table.rows, within.end, key=lambda row: row[0].start)
    return table.rows[max(first, n_heads) : last]


def _tells_values(text: str, rows: Sequence[Sequence[Span]]) -> bool:
    """Whether rows are worth telling: there are some, of several columns and of cells as short as values are."""
    cells = [cell for row in rows for cell in row]
    return max(map(len, rows), default=0) > 1 and all(len(c) <= MAX_CELL and "\n" not in c.of(text) for c in cells)


def _n_heads(text: str, table: Table) -> int:
    """Return how many rows are heads: those stated, and those below whose first cell goes on with the one above."""
    n = table.n_header_rows
    while 0 < n < min(len(table.rows) - 1, MAX_HEAD_ROWS):
        above, row = table.rows[n - 1], table.rows[n]
        goes_on = len(row) > 1 and above and (row[0] == above[0] or not row[0].of(text).strip())
        if not goes_on or any(char.isdigit() for cell in row for char in _without_year(cell.of(text))):
            break
        n += 1
    return n


def _without_year(words: str) -> str:
    digits = "".join(char for char in words if char.isdigit())
    return words.replace(digits, "") if len(digits) == len("2024") else words


@dataclass(slots=True)
class _Writer:
    source: str
    within: Span
    written: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    length: int = 0

    def say(self, words: str) -> None:
        """Add words that stand nowhere in the source."""
        self.written.append(words)
        self.length += len(words)

    def copy(self, span: Span, is_head: bool = False) -> None:
        """Add a piece of the source, mapped as far as it is of the part that is told."""
        begin = self.length
        self.say(span.of(self.source))
        start, end = max(span.start, self.within.start), min(span.end, self.within.end)
        if start < end:
            mapped = Span(start, end)
            self.pieces.append(Piece(mapped.shift(begin - span.start), mapped.shift(-self.within.start), is_head))

    def table(self, table: Table, n_heads: int, rows: Sequence[tuple[Span, ...]]) -> None:
        """Add some rows of a table, their cells as far as they are of the part that is told."""
        heads = [_stacked(self.source, table.rows[:n_heads], i) for i in range(max(map(len, table.rows), default=0))]
        names = [" ".join(self._words(head)) for head in heads]
        sample = " ".join(names) or " ".join(self._words(table.rows[0]))
        english = language_of(sample) == "en"
        colon, comma, stop = (": ", ", ", ".\n") if english else ("：", "，", "。\n")
        above: tuple[Span, ...] = ()
        for cells in rows:
            row = [i for i, cell in enumerate(cells) if self._is_told(cell) and cell not in (*above, *cells[:i][-1:])]
            above = cells
            if not row:
                continue
            if len(cells) == 1:  # a line that stands below a table without a gap
                self.copy(cells[0])
                self.say("\n")
                continue
            words = self._words(cells)
            naming = _naming(names, words)
            if cells is rows[0] and (names_rows := [span for i in naming if i < len(heads) for span in heads[i]]):
                self._name(names_rows)
                self.say(f"{colon.rstrip()}\n")
            columns = [column for column in row if column not in naming]
            for told in list(_sentences(words, columns, heads, english)) or [[]] * bool(words[naming[-1]]):
                for number, column in enumerate(naming):
                    self.say(" " if number else "")
                    self.copy(cells[column], is_head=bool(told))
                for number, column in enumerate(told):
                    self.say(comma if number else colon if any(words[column] for column in naming) else "")
                    self._name(heads[column] if column < len(heads) else ())
                    self.say(" ")
                    self.copy(self._clipped(cells[column]))
                self.say(stop)

    def _words(self, cells: Sequence[Span]) -> list[str]:
        return [cell.of(self.source).strip() for cell in cells]

    def _name(self, head: Sequence[Span]) -> None:
        for number, span in enumerate(head):
            self.say(" " if number else "")
            self.copy(span, is_head=True)

    def _is_told(self, cell: Span) -> bool:
        return cell.overlaps(self.within) or (not len(cell) and self.within.start <= cell.start < self.within.end)

    def _clipped(self, cell: Span) -> Span:
        return Span(max(cell.start, self.within.start), min(cell.end, self.within.end))


def _naming(names: Sequence[str], words: Sequence[str]) -> list[int]:
    """Return the columns that say what a row is of: those up to its name, and the one of its year."""
    named = named_column(names, words)
    years = year_column(names, named)
    return [*range(named + 1), *([years] if years is not None and named < years < len(words) else [])]


def _stacked(text: str, rows: Sequence[Sequence[Span]], column: int) -> tuple[Span, ...]:
    """Return the heads above a column, topmost first, each once."""
    found: dict[str, Span] = {}
    for row in rows:
        if column < len(row) and (words := row[column].of(text).strip()):
            found.setdefault(words, row[column])
    return tuple(found.values())


def _sentences(
    words: Sequence[str], columns: Sequence[int], heads: Sequence[Sequence[Span]], english: bool
) -> Iterator[list[int]]:
    """Yield the columns of a row that are told in one sentence: those with something in them, each cell once."""
    room = MAX_SENTENCE * (CHARS_OF_LATIN if english else 1)
    told: list[int] = []
    length = 0
    for column in columns:
        if not words[column]:
            continue
        own = len(words[column]) + sum(len(span) + 1 for span in (heads[column] if column < len(heads) else ()))
        if told and length + own > room:
            yield told
            told, length = [], 0
        told.append(column)
        length += own
    if told:
        yield told
