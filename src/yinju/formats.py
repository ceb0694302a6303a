"""What a file's content becomes: text, with the headings, pages and tables that the format knows of.

Markdown keeps its source as the text, character for character. HTML, PDF and DOCX have no text of their own that
offsets could refer to, so the text is what a reader would see, one line a paragraph, table cells set apart by tabs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
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
_WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*(\d)", re.I)
_HAN = "\u3400-\u9fff\uf900-\ufaff"
# A line break that only wraps a line: Chinese runs on without a space, Latin words with one.
_WRAP_CHINESE = re.compile(
    rf"(?<=[{_HAN}，、；：（《“‘0-9A-Za-z%])\n(?=[{_HAN}，、；：。）》”’])|(?<=[{_HAN}，、；：（《“‘])\n(?=[0-9A-Za-z])"
)
_WRAP_LATIN = re.compile(r"(?<=[A-Za-z,;:])\n(?=[A-Za-z0-9(])")
_FULL_LINE = 0.8


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
class _Writer:
    """Text under construction, with the structure met on the way."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def write(self, piece: str) -> Span:
        start = self.length
        if piece:
            self.pieces.append(piece)
            self.length += len(piece)
            self.last = piece[-1]
        return Span(start, self.length)

    def new_line(self) -> None:
        if self.last != "\n":
            self.write("\n")

    def head(self, span: Span, level: int) -> None:
        title = "".join(self.pieces)[span.start : span.end] if span.end < self.length else self._tail(span)
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
        kept = [row for row in rows if row]
        if kept:
            span = Span(kept[0][0].start, max(cell.end for cell in kept[-1]))
            self.tables.append(Table(span, tuple(kept), min(n_header_rows, len(kept))))

    def parsed(self) -> Parsed:
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


# ── HTML ────────────────────────────────────────────────────────────────────────────────────


def read_html(source: str) -> Parsed:
    """Take the visible text of a page, with its headings and tables."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(source).body
    writer = _Writer()
    if body is not None:
        _write_html(body, writer)
    return writer.parsed()


def _write_html(body: Any, writer: _Writer) -> None:
    """Walk the tree without recursion, so that deep nesting cannot overflow the stack."""
    open_tables: list[tuple[list[tuple[Span, ...]], list[int]]] = []
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
                _leave_html(tag, starts.pop()[2], writer, open_tables)
        else:
            _leave_html(tag, starts.pop()[2], writer, open_tables)
        if not starts:
            return
        leaving = node.next is None
        node = starts[-1][0] if leaving else node.next


def _enter_html(node: Any, tag: str, writer: _Writer, tables: list[Any]) -> bool:
    if tag == "-text":
        _write_html_text(node.text_content or "", writer)
        return False
    if tag in _SKIPPED_TAGS or tag.startswith(("-", "_", "!")) or _is_hidden(node):
        return False
    if tag == "br":
        writer.write("\n")
        return False
    if tag in ("td", "th"):
        if writer.last not in "\n\t" and tables and tables[-1][1]:
            writer.write("\t")
    elif tag not in _INLINE_TAGS:
        writer.new_line()
    if tag == "table":
        tables.append(([], []))
    elif tag == "tr" and tables:
        tables[-1][0].append(())
        tables[-1][1].clear()
    return True


def _leave_html(tag: str, start: int, writer: _Writer, tables: list[Any]) -> None:
    if tag in ("td", "th") and tables and tables[-1][0]:
        rows, seen = tables[-1]
        rows[-1] = (*rows[-1], Span(min(start, writer.length), writer.length))
        seen.append(tag == "th")
    elif tag == "table" and tables:
        writer.table(tables.pop()[0], 1)
    if match := _HEADING_TAG.match(tag):
        writer.head(Span(start, writer.length), int(match.group(1)))
    if tag not in _INLINE_TAGS and tag not in ("td", "th"):
        writer.new_line()


def _write_html_text(content: str, writer: _Writer) -> None:
    text = _HTML_SPACE.sub(" ", content)
    writer.write(text.lstrip(" ") if writer.last in "\n\t " else text)


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes or {}
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────


def read_pdf(raw: bytes, max_chars: int) -> Parsed:
    """Take the text of every page, wrapped lines joined again.

    Raises:
        FormatError: It is broken, needs a password, holds no text, or unpacks to more than ``max_chars``.
    """
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FormatError("is protected by a password")
        texts = list(_page_texts(reader, max_chars))
    except FormatError:
        raise
    except Exception as error:  # a broken PDF makes the parser raise nearly anything
        raise FormatError(f"is a PDF that cannot be read ({type(error).__name__})") from error
    if not any(text.strip() for text in texts):
        raise FormatError("is a PDF without text, as a scan is")
    return _joined_pages(texts)


def _page_texts(reader: Any, max_chars: int) -> Iterator[str]:
    left = max_chars
    for page in reader.pages:
        text = unwrap(page.extract_text() or "")
        left -= len(text)
        if left < 0:
            raise FormatError(f"unpacks to more than {max_chars:,} characters")
        yield text


def _joined_pages(texts: list[str]) -> Parsed:
    pages, start = [], 0
    for number, text in enumerate(texts, 1):
        pages.append(Page(number, Span(start, start + len(text))))
        start += len(text) + 1
    return Parsed("\n".join(texts), pages=tuple(pages))


def unwrap(page: str) -> str:
    """Join lines that a page's width broke: a line as long as the page's lines are and not at a sentence's end."""
    lines = [line.strip() for line in page.replace("\x00", "").splitlines()]
    widths = sorted(_width(line) for line in lines if line)
    if not widths:
        return ""
    full = _FULL_LINE * widths[int(0.9 * (len(widths) - 1))]
    joined = [lines[0]]
    for before, line in pairwise(lines):
        edge = f"{before[-1:]}\n{line[:1]}"
        if _width(before) >= full and _WRAP_CHINESE.search(edge):
            joined.append(line)
        elif _width(before) >= full and _WRAP_LATIN.search(edge):
            joined += [" ", line]
        else:
            joined += ["\n", line]
    return "".join(joined)


def _width(line: str) -> int:
    return sum(2 if character > "\u2e7f" else 1 for character in line)


# ── DOCX ────────────────────────────────────────────────────────────────────────────────────


def read_docx(raw: bytes, max_bytes: int) -> Parsed:
    """Take paragraphs and tables in the order of the document; headings are told by their style.

    Raises:
        FormatError: It is broken, needs a password, or unpacks to more than ``max_bytes``.
    """
    import docx

    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise FormatError("is protected by a password or is an old .doc file")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > max_bytes:
                raise FormatError(f"unpacks to more than {max_bytes:,} bytes")
        document = docx.Document(io.BytesIO(raw))
        writer = _Writer()
        styles = {style.style_id: style.name or "" for style in document.styles}
        _write_blocks(document.element.body, writer, styles)
    except FormatError:
        raise
    except Exception as error:  # a broken archive or broken XML makes the parsers raise nearly anything
        raise FormatError(f"is a DOCX file that cannot be read ({type(error).__name__})") from error
    return writer.parsed()


def _write_blocks(parent: Any, writer: _Writer, styles: dict[str, str]) -> None:
    for element in parent:
        kind = str(element.tag).removeprefix(_WORD_NAMESPACE)
        if kind == "p":
            span = writer.write(_paragraph_text(element))
            if level := _heading_level(element, styles):
                writer.head(span, level)
            writer.new_line()
        elif kind == "tbl":
            _write_table(element, writer)
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "smartTag"):
            _write_blocks(element, writer, styles)


def _paragraph_text(paragraph: Any) -> str:
    pieces = []
    for element in paragraph.iter(f"{_WORD_NAMESPACE}t", f"{_WORD_NAMESPACE}tab", f"{_WORD_NAMESPACE}br"):
        if any(str(above.tag).endswith(("}Fallback", "}tabs")) for above in element.iterancestors()):
            continue
        pieces.append({"t": element.text or "", "tab": "\t"}.get(element.tag.removeprefix(_WORD_NAMESPACE), "\n"))
    return "".join(pieces)


def _heading_level(paragraph: Any, styles: dict[str, str]) -> int:
    """Level from 1, or 0 for body text."""
    outline = paragraph.find(f"{_WORD_NAMESPACE}pPr/{_WORD_NAMESPACE}outlineLvl")
    if outline is not None and (value := outline.get(f"{_WORD_NAMESPACE}val", "9")).isdigit() and int(value) < 9:
        return int(value) + 1
    style = paragraph.find(f"{_WORD_NAMESPACE}pPr/{_WORD_NAMESPACE}pStyle")
    identifier = "" if style is None else style.get(f"{_WORD_NAMESPACE}val", "")
    name = styles.get(identifier, identifier)
    if name.lower() in ("title", "标题", "標題"):
        return 1
    match = _HEADING_STYLE.match(name)
    return int(match.group(1)) or 1 if match else 0


def _write_table(table: Any, writer: _Writer) -> None:
    writer.new_line()
    rows = []
    for row in table.iter(f"{_WORD_NAMESPACE}tr"):
        cells: list[Span] = []
        for cell in row.findall(f"{_WORD_NAMESPACE}tc"):
            if cells:
                writer.write("\t")
            text = " ".join(_paragraph_text(each) for each in cell.findall(f"{_WORD_NAMESPACE}p"))
            cells.append(writer.write(" ".join(text.split())))
        rows.append(tuple(cells))
        writer.new_line()
    writer.table(rows, 1)
