"""What PDF and DOCX files become: text with pages, headings and tables.

Neither has a text of its own that offsets could refer to: the text is what a reader would see, one line a paragraph,
table cells set apart by tabs. Broken and hostile files end in :class:`~yinju.formats.FormatError`.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from yinju.formats import MAX_MERGED, FormatError, Parsed, Writer
from yinju.text import plain_radicals
from yinju.types import Page, Span

_WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*(\d)", re.I)
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_FULL_LINE, _OPEN_LINE = 0.7, 0.4
# A line break that only wraps a full line: Chinese runs on without a space, Latin words with one.
_WRAP_CHINESE = re.compile(rf"(?<=[{_HAN}0-9A-Za-z%])\n(?=[{_HAN}])|(?<=[{_HAN}])\n(?=[0-9A-Za-z])")
_WRAP_LATIN = re.compile(r"(?<=[A-Za-z,;:])\n(?=[A-Za-z0-9(])")
# One at a mark that no line of its own ends or begins with.
_WRAP_OPEN = re.compile(r"(?<=[，、；（《“‘「])\n|(?<=[,;])\n(?![A-Za-z])")
_WRAP_CLOSING = re.compile(r"\n(?=[，、；：。！？）》”’」])")


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────


def read_pdf(raw: bytes, max_chars: int) -> Parsed:
    """Take the text of every page, wrapped lines joined again.

    Raises:
        FormatError: It is broken, needs a password, holds no text, or unpacks to more than ``max_chars``.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # its warnings about small flaws tell the user nothing
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
        text = unwrap(plain_radicals(page.extract_text() or ""))
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
    widest = widths[int(0.9 * (len(widths) - 1))]
    joined = [lines[0]]
    for before, line in pairwise(lines):
        joined += [_between(before, line, _width(before) / widest), line]
    return "".join(joined)


def _between(before: str, line: str, filled: float) -> str:
    """What stands between two lines of a page, of which the first fills that part of the page's width."""
    edge = f"{before[-1:]}\n{line[:1]}"
    if (before and _WRAP_CLOSING.search(edge)) or (filled >= _OPEN_LINE and line and _WRAP_OPEN.search(edge)):
        return ""
    if filled >= _FULL_LINE and _WRAP_CHINESE.search(edge):
        return ""
    return " " if filled >= _FULL_LINE and _WRAP_LATIN.search(edge) else "\n"


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
        writer = Writer()
        styles = {style.style_id: style.name or "" for style in document.styles}
        _write_blocks(document.element.body, writer, styles)
        top = min((heading.level for heading in writer.headings), default=1)
        writer.headings = [replace(heading, level=heading.level - top + 1) for heading in writer.headings]
    except FormatError:
        raise
    except Exception as error:  # a broken archive or broken XML makes the parsers raise nearly anything
        raise FormatError(f"is a DOCX file that cannot be read ({type(error).__name__})") from error
    return writer.parsed()


def _write_blocks(parent: Any, writer: Writer, styles: dict[str, str]) -> None:
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
    """Level, 1 for the title and 2 for the first rank of headings, or 0 for body text."""
    outline = paragraph.find(f"{_WORD_NAMESPACE}pPr/{_WORD_NAMESPACE}outlineLvl")
    if outline is not None and (value := outline.get(f"{_WORD_NAMESPACE}val", "9")).isdigit() and int(value) < 9:
        return int(value) + 2
    style = paragraph.find(f"{_WORD_NAMESPACE}pPr/{_WORD_NAMESPACE}pStyle")
    identifier = "" if style is None else style.get(f"{_WORD_NAMESPACE}val", "")
    name = styles.get(identifier, identifier)
    if name.lower() in ("title", "标题", "標題"):
        return 1
    match = _HEADING_STYLE.match(name)
    return int(match.group(1)) + 1 if match else 0


def _write_table(table: Any, writer: Writer) -> None:
    writer.new_line()
    rows: list[tuple[Span, ...]] = []
    for row in table.iter(f"{_WORD_NAMESPACE}tr"):
        cells: list[Span] = []
        for cell in row.findall(f"{_WORD_NAMESPACE}tc"):
            if cells:
                writer.write("\t")
            text = " ".join(_paragraph_text(each) for each in cell.findall(f"{_WORD_NAMESPACE}p"))
            written = writer.write(" ".join(text.split()))
            if _continues_above(cell) and rows and len(cells) < len(rows[-1]):
                written = rows[-1][len(cells)]
            cells += [written] * _n_columns(cell)
        rows.append(tuple(cells))
        writer.new_line()
    writer.table(rows, 1)


def _n_columns(cell: Any) -> int:
    """Over how many columns a cell reaches."""
    span = cell.find(f"{_WORD_NAMESPACE}tcPr/{_WORD_NAMESPACE}gridSpan")
    n = "1" if span is None else span.get(f"{_WORD_NAMESPACE}val", "1")
    return min(int(n), MAX_MERGED) if n.isdecimal() and len(n) < 5 and int(n) > 0 else 1


def _continues_above(cell: Any) -> bool:
    """Whether a cell is the lower part of one that reaches over several rows."""
    merge = cell.find(f"{_WORD_NAMESPACE}tcPr/{_WORD_NAMESPACE}vMerge")
    return merge is not None and merge.get(f"{_WORD_NAMESPACE}val", "continue") == "continue"
