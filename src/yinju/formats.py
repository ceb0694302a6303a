"""What markup becomes: text, with the headings and tables that it marks.

Markdown keeps its source as the text, character for character. HTML has no text of its own that offsets could refer
to, so the text is what a reader would see, one line a paragraph, table cells set apart by tabs. So is that of CSV.
Plain text stays as it is; the tables that people write into it are found.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from yinju.types import Heading, Page, Span, Table

_LINE_END = re.compile(r"\r\n?|\n")
_HTML_SPACE = re.compile(r"[ \t\r\n\f]+")
# fmt: off
_SKIPPED_TAGS = frozenset((
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "canvas", "audio",
    "video", "select", "textarea",
))
_INLINE_TAGS = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
))
# fmt: on
_HEADING_TAG = re.compile(r"h([1-6])$")
MAX_MERGED = 40
"""Over so many columns or rows a merged cell is followed; more is a broken or hostile file."""


class FormatError(ValueError):
    """The content is not what its format asks for; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Text and structure of a file's content; spans refer to ``text``."""

    text: str
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(slots=True)
class Writer:
    """Text under construction, with the structure met on the way; a line at a time, spans into the whole."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def write(self, piece: str) -> Span:
        """Add a piece and return where it stands."""
        start = self.length
        if piece:
            self.pieces.append(piece)
            self.length += len(piece)
            self.last = piece[-1]
        return Span(start, self.length)

    def new_line(self) -> None:
        """End the line unless it is at its beginning."""
        if self.last != "\n":
            self.write("\n")

    def head(self, span: Span, level: int) -> None:
        """Note that ``span``, the last thing written, is a heading."""
        title = self._tail(span)
        stripped = title.strip()
        if stripped:
            start = span.start + title.index(stripped)
            self.headings.append(Heading(Span(start, start + len(stripped)), level, " ".join(stripped.split())))

    def _tail(self, span: Span) -> str:
        taken: list[str] = []
        missing = len(span)
        for piece in reversed(self.pieces):
            if missing <= 0:
                break
            taken.append(piece)
            missing -= len(piece)
        return "".join(reversed(taken))[-len(span) :] if len(span) else ""

    def table(self, rows: list[tuple[Span, ...]], n_header_rows: int) -> None:
        """Note a table of the cells given; empty rows are left out."""
        kept = [row for row in rows if row]
        if kept:
            span = Span(kept[0][0].start, max(cell.end for cell in kept[-1]))
            self.tables.append(Table(span, tuple(kept), min(n_header_rows, len(kept))))

    def parsed(self) -> Parsed:
        """Return what was written."""
        return Parsed("".join(self.pieces), tuple(self.headings), tables=tuple(self.tables))


# ── Markdown ────────────────────────────────────────────────────────────────────────────────


def read_markdown(text: str) -> Parsed:
    """Find headings and tables in Markdown source; the text stays as it is."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(text)
    lines = _line_spans(text)
    headings, tables = [], []
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.map:
            if heading := _markdown_heading(text, lines[token.map[0]], int(token.tag[1]), tokens[position + 1]):
                headings.append(heading)
        elif token.type == "table_open" and token.map:
            rows = [_markdown_row(text, lines[n]) for n in range(*token.map) if n != token.map[0] + 1]
            tables.append(Table(Span(lines[token.map[0]].start, lines[token.map[1] - 1].end), tuple(rows), 1))
    return Parsed(text, tuple(headings), tables=tuple(tables))


def _line_spans(text: str) -> list[Span]:
    starts, ends = [0], []
    for match in _LINE_END.finditer(text):
        ends.append(match.start())
        starts.append(match.end())
    return [Span(start, end) for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _markdown_heading(text: str, line: Span, level: int, inline: Any) -> Heading | None:
    source = inline.content.split("\n")[0]
    at = text.find(source, line.start, line.end) if source else -1
    if at < 0:
        return None
    children = inline.children or []
    title = "".join(child.content if child.type in ("text", "code_inline") else "" for child in children)
    return Heading(Span(at, at + len(source)), level, title.strip() or source)


def _markdown_row(text: str, line: Span) -> tuple[Span, ...]:
    cells, start = [], line.start
    for match in re.finditer(r"(?<!\\)\|", text[line.start : line.end]):
        cells.append(Span(start, line.start + match.start()))
        start = line.start + match.end()
    cells.append(Span(start, line.end))
    if cells and not cells[0].of(text).strip():
        cells = cells[1:]
    if cells and not cells[-1].of(text).strip():
        cells = cells[:-1]
    return tuple(_stripped(text, cell) for cell in cells)


def _stripped(text: str, span: Span) -> Span:
    inner = span.of(text)
    start = span.start + len(inner) - len(inner.lstrip())
    return Span(start, start + len(inner.strip()))


@dataclass(slots=True)
class Grid:
    """A table under construction: a merged cell stands in every column and row that it reaches over."""

    rows: list[list[Span]] = field(default_factory=list)
    below: dict[int, tuple[Span, int]] = field(default_factory=dict)

    def new_row(self) -> None:
        """Begin a row."""
        self.rows.append([])

    def add(self, cell: Span, n_columns: int = 1, n_rows: int = 1) -> None:
        """Add a cell to the last row, after the cells that reach into it from above."""
        self.fill()
        for _ in range(n_columns):
            if n_rows > 1:
                self.below[len(self.rows[-1])] = cell, n_rows - 1
            self.rows[-1].append(cell)

    def fill(self) -> None:
        """Take in the cells from above that stand next in the last row."""
        row = self.rows[-1]
        while (held := self.below.get(len(row))) is not None:
            cell, n_left = held
            if n_left > 1:
                self.below[len(row)] = cell, n_left - 1
            else:
                del self.below[len(row)]
            row.append(cell)


# ── plain text ──────────────────────────────────────────────────────────────────────────────

MIN_TABBED = 3
"""Lines between whose cells stand tabs that make a table of plain text, its head among them."""
MAX_TABBED_CELL = 40
"""Characters of such a cell: longer ones, but the last of a row, are prose."""
_RULE = re.compile(r"^ {0,3}\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*\r?$", re.MULTILINE)
_VALUE = re.compile(r"[^\w\s]?\s*(?!(?:19|20)\d\d(?!\d))\d[\d,.]*\s*\S{0,4}")
_ENDS_SENTENCE = ("。", "！", "？", "；", ".")


def read_plain(text: str) -> Parsed:
    """Find the tables that people write into plain text: as in Markdown, or with cells between tabs."""
    tables = list(read_markdown(text).tables) if _RULE.search(text) else []
    tables += [table for table in _tabbed(text) if not any(table.span.overlaps(other.span) for other in tables)]
    return Parsed(text, tables=tuple(sorted(tables, key=lambda table: table.span)))


def _tabbed(text: str) -> Iterator[Table]:
    """Yield the runs of lines with tabs that are tables: a head of words, and rows below it most of which have values.

    Prose that is indented, lists of contents and columns without heads are none.
    """
    for has_tabs, group in groupby(_line_spans(text), key=lambda line: "\t" in line.of(text)):
        rows = tuple(_tabbed_cells(text, line) for line in group) if has_tabs else ()
        if len(rows) >= MIN_TABBED and _is_table([[cell.of(text) for cell in row] for row in rows]):
            yield Table(Span(rows[0][0].start, rows[-1][-1].end), rows, 1)


def _is_table(rows: list[list[str]]) -> bool:
    head, *below = rows
    if any(_VALUE.fullmatch(cell) for cell in head) or not all(head[1:]) or any(len(row) > len(head) for row in below):
        return False
    if any(not row[0] or any(len(cell) > MAX_TABBED_CELL for cell in row[:-1]) for row in below):
        return False
    cells = [cell for row in below for cell in row[1:]]
    with_values = sum(any(_VALUE.fullmatch(cell) for cell in row[1:]) for row in below)
    return 2 * with_values >= len(below) and not any(cell.endswith(_ENDS_SENTENCE) for cell in cells)


def _tabbed_cells(text: str, line: Span) -> tuple[Span, ...]:
    cells, start = [], line.start
    for cell in line.of(text).split("\t"):
        cells.append(_stripped(text, Span(start, start + len(cell))))
        start += len(cell) + 1
    return tuple(cells)


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────


def read_csv(source: str) -> Parsed:
    """Take comma-separated values (or such set apart by semicolons or tabs) as one table, its first row the header.

    Raises:
        FormatError: A quotation mark is never closed, or something else is no CSV.
    """
    first = source.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    writer = Writer()
    rows: list[tuple[Span, ...]] = []
    try:
        for values in csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, skipinitialspace=True):
            cells: list[Span] = []
            for value in values:
                if cells:
                    writer.write("\t")
                cells.append(writer.write(" ".join(value.split())))
            if any(cells):
                rows.append(tuple(cells))
            writer.new_line()
    except csv.Error as error:
        raise FormatError(f"is a CSV file that cannot be read ({error})") from error
    writer.table(rows, 1)
    return writer.parsed()


# ── HTML ────────────────────────────────────────────────────────────────────────────────────


def read_html(source: str) -> Parsed:
    """Take the visible text of a page, with its headings and tables."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(source).body
    writer = Writer()
    if body is not None:
        _write_html(body, writer)
    return writer.parsed()


def _write_html(body: Any, writer: Writer) -> None:
    """Walk the tree without recursion, so that deep nesting cannot overflow the stack."""
    open_tables: list[Grid] = []
    starts: list[tuple[Any, str, int]] = []
    node, leaving = body, False
    while True:
        tag = node.tag or ""
        if not leaving:
            entered = _enter_html(node, tag, writer, open_tables)
            if entered:
                starts.append((node, tag, writer.length))
                if node.child is not None:
                    node = node.child
                    continue
                _leave_html(node, tag, starts.pop()[2], writer, open_tables)
        else:
            _leave_html(node, tag, starts.pop()[2], writer, open_tables)
        if not starts:
            return
        leaving = node.next is None
        node = starts[-1][0] if leaving else node.next


def _enter_html(node: Any, tag: str, writer: Writer, tables: list[Grid]) -> bool:
    if tag == "-text":
        _write_html_text(node.text_content or "", writer)
        return False
    if tag in _SKIPPED_TAGS or tag.startswith(("-", "_", "!")) or _is_hidden(node):
        return False
    if tag == "br":
        writer.write("\n")
        return False
    if tag in ("td", "th"):
        if writer.last not in "\n\t" and tables and tables[-1].rows and tables[-1].rows[-1]:
            writer.write("\t")
    elif tag not in _INLINE_TAGS:
        writer.new_line()
    if tag == "table":
        tables.append(Grid())
    elif tag == "tr" and tables:
        tables[-1].new_row()
    return True


def _leave_html(node: Any, tag: str, start: int, writer: Writer, tables: list[Grid]) -> None:
    if tag in ("td", "th") and tables and tables[-1].rows:
        cell = Span(min(start, writer.length), writer.length)
        tables[-1].add(cell, _n_merged(node, "colspan"), _n_merged(node, "rowspan"))
    elif tag == "tr" and tables and tables[-1].rows:
        tables[-1].fill()
    elif tag == "table" and tables:
        writer.table([tuple(row) for row in tables.pop().rows], 1)
    if match := _HEADING_TAG.match(tag):
        writer.head(Span(start, writer.length), int(match.group(1)))
    if tag not in _INLINE_TAGS and tag not in ("td", "th"):
        writer.new_line()


def _n_merged(node: Any, attribute: str) -> int:
    value = (node.attributes or {}).get(attribute) or "1"
    return min(max(int(value), 1), MAX_MERGED) if value.isdecimal() and len(value) < 5 else 1


def _write_html_text(content: str, writer: Writer) -> None:
    text = _HTML_SPACE.sub(" ", content)
    writer.write(text.lstrip(" ") if writer.last in "\n\t " else text)


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes or {}
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style
