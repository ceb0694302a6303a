"""Tables told in sentences, each value beside the heads of its row and column, as the reader can take them in.

A reader of running text cannot count columns: of a row it sees numbers, and the heads stand far above or in another
passage. So it is given each row as a sentence, and what it finds there is led back to the cell it was taken from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yinju.figures.tables import head_rows, named_column
from yinju.text import language_of
from yinju.types import Span, Table

MAX_SENTENCE = 110
"""Characters after which a row goes on in another sentence, its head said again: a window of the reader holds each
whole."""
MAX_HEADS = 8
"""Rows among which those of heads are."""
CHARS_OF_LATIN = 3
"""How many times as many characters of a Latin text are as long to read."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text as the reader sees it, with the places of its pieces.

    Attributes:
        text: What is read.
        pieces: (span of ``text``, span of the source that it repeats), in the order of ``text``; all of it but the
            words and marks between cells.
    """

    text: str
    pieces: tuple[tuple[Span, Span], ...]

    def source(self, span: Span) -> Span | None:
        """Return where in the source a span of :attr:`text` stands: of one over several cells, the first part."""
        for told, source in self.pieces:
            if told.overlaps(span):
                start, end = max(told.start, span.start), min(told.end, span.end)
                return Span(start, end).shift(source.start - told.start)
        return None

    def told(self, span: Span) -> Span | None:
        """Return where a span of the source is told; ``None`` for one that is not, such as a bar."""
        for told, source in self.pieces:
            if source.contains(span):
                return span.shift(told.start - source.start)
        return None


def tell(text: str, within: Span, tables: Sequence[Table]) -> Told:
    """Tell a part of a text, its tables in sentences.

    Args:
        text: The whole.
        within: The part that is told; of a table that reaches beyond it, the rows in it, by the heads of the whole.
        tables: All tables of the text, in order.

    Returns:
        What is told; spans of the source are of the part, from 0.
    """
    writer = _Writer(text, within)
    end = within.start
    for table in tables:
        if table.span.overlaps(within):
            writer.copy(Span(end, max(end, table.span.start)))
            writer.table(table)
            end = max(end, min(table.span.end, within.end))
    writer.copy(Span(end, within.end))
    return Told("".join(writer.written), tuple(writer.pieces))


@dataclass(slots=True)
class _Writer:
    source: str
    within: Span
    written: list[str] = field(default_factory=list)
    pieces: list[tuple[Span, Span]] = field(default_factory=list)
    length: int = 0

    def say(self, words: str) -> None:
        """Add words that stand nowhere in the source."""
        self.written.append(words)
        self.length += len(words)

    def copy(self, span: Span) -> None:
        """Add a piece of the source."""
        begin = self.length
        self.say(span.of(self.source))
        if len(span) and self.within.contains(span):
            self.pieces.append((Span(begin, self.length), span.shift(-self.within.start)))

    def table(self, table: Table) -> None:
        """Add the rows of which the part that is told has a cell."""
        top = [self._words(row) for row in table.rows[:MAX_HEADS]]
        n_heads = head_rows(top, table.n_header_rows)
        heads = [_stacked(top, table.rows, column, n_heads) for column in range(max(map(len, table.rows), default=0))]
        names = [" ".join(self._words(head)) for head in heads]
        english = language_of(" ".join(word for row in top[: n_heads + 1] for word in row)) == "en"
        colon, comma, stop = (": ", ", ", ".\n") if english else ("：", "，", "。\n")
        if heads and heads[0]:
            self._name(heads[0])
            self.say(colon.rstrip() + "\n")
        for cells in table.rows[n_heads:]:
            if not any(map(self._is_told, cells)):
                continue
            if len(cells) == 1:  # a line that stands below a table without a gap
                self.copy(cells[0])
                self.say("\n")
                continue
            words = self._words(cells)
            named = named_column(names, words)
            for said in _sentences(cells, words, named, heads, english):
                for column in range(named + 1):
                    self.copy(cells[column])
                    self.say("" if column == named else " ")
                for number, column in enumerate(said):
                    self.say(comma if number else colon if words[named] else "")
                    self._name(heads[column] if column < len(heads) else ())
                    self.say(" ")
                    self.copy(cells[column])
                self.say(stop)

    def _words(self, cells: Sequence[Span]) -> list[str]:
        return [cell.of(self.source).strip() for cell in cells]

    def _name(self, head: Sequence[Span]) -> None:
        for number, span in enumerate(head):
            self.say(" " if number else "")
            self.copy(span)

    def _is_told(self, cell: Span) -> bool:
        return self.within.start <= cell.start < self.within.end


def _stacked(
    words: Sequence[Sequence[str]], rows: Sequence[Sequence[Span]], column: int, n_heads: int
) -> tuple[Span, ...]:
    """Return the heads above a column, topmost first, each once."""
    found: dict[str, Span] = {}
    for row, spans in zip(words[:n_heads], rows[:n_heads], strict=True):
        if column < len(row) and row[column]:
            found.setdefault(row[column], spans[column])
    return tuple(found.values())


def _sentences(
    cells: Sequence[Span], words: Sequence[str], named: int, heads: Sequence[Sequence[Span]], english: bool
) -> Iterator[list[int]]:
    """Yield the columns of a row that are told in one sentence: those with something in them."""
    room = MAX_SENTENCE * (CHARS_OF_LATIN if english else 1)
    told, length = [], 0
    for column in range(named + 1, len(cells)):
        if not words[column] or cells[column] == cells[column - 1]:
            continue
        own = len(words[column]) + sum(len(span) + 1 for span in (heads[column] if column < len(heads) else ()))
        if told and length + own > room:
            yield told
            told, length = [], 0
        told.append(column)
        length += own
    if told or named < len(words):
        yield told
