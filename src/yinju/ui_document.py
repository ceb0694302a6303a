"""The reading pane and its documents as HTML: pure functions from values to escaped text.

Nothing that comes from a document, a question or a model reaches the page but through :func:`escape`. Offsets
stand on the elements as ``data-start`` and ``data-end`` (code points of ``Document.text``), so that the page's
script can find any span again.
"""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from time import monotonic_ns

from yinju.text import Language, language_of
from yinju.types import (
    Document,
    Heading,
    Repair,
    Span,
    Table,
)

LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")
Texts = Mapping[str, str]
"""The page's own words in one language, by key."""

# What HTML cannot carry as itself: controls other than tab and line feed, and lone surrogates.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE = re.compile(r"[^\r\n\u2028\u2029\f]+")
# What makes a line of Markdown a heading.
_HASHES = re.compile(r"#{1,6}[ \t]+")
_LANGUAGE_SAMPLE = 3000
FILLER = "\u200b"
"""What fills a repaired run up to its length; never shown."""


def escape(text: str) -> str:
    """Return ``text`` safe as HTML content and as a quoted attribute, with as many code points once parsed."""
    return html.escape(_UNSHOWABLE.sub("\ufffd", text), quote=True)


@cache
def texts(language: Language) -> Texts:
    """Return the page's own words in one language."""
    source = resources.files("yinju").joinpath("assets/texts.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(source)[language]
    return words


def page_language(accept_language: str) -> Language:
    """Choose the page's language from an ``Accept-Language`` header; English where none of the three is wanted."""
    for wanted in _preferred(accept_language):
        if wanted.startswith("zh"):
            traditional = any(part in wanted for part in ("hant", "tw", "hk", "mo"))
            return "zh-Hant" if traditional else "zh-Hans"
        if wanted.startswith("en"):
            return "en"
    return "en"


def _preferred(accept_language: str) -> list[str]:
    """Language tags in small letters, the most wanted first (RFC 9110, 12.5.4)."""
    weighted = []
    for position, part in enumerate(accept_language.lower().split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), position, tag.strip()))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(weighted)]


# ── the pane ────────────────────────────────────────────────────────────────────────────────


def render_reader(documents: Mapping[str, Document], words: Texts, language: Language) -> str:
    """Return the reading pane with the first document in it and, for several, a way to choose.

    Each stands for itself: the page's script may have put another document in the place of this one.
    """
    if not documents:
        return ""
    first = next(iter(documents.values()))
    if len(documents) == 1:
        choice = f'<h2 class="document-name">{escape(first.name)}</h2>'
    else:
        options = "".join(f'<option value="{escape(name)}">{escape(name)}</option>' for name in documents)
        choice = f'<select aria-label="{escape(words["choose_document"])}">{options}</select>'
    close = escape(words["close"])
    return (
        f'<section class="reader" data-at="{monotonic_ns()}" data-language="{language}" '
        f'aria-label="{escape(words["document"])}">'
        f'<div class="reader-head">{choice}'
        f'<button type="button" class="close" data-close-reader aria-label="{close}" title="{close}">✕</button></div>'
        f'<div class="pages" tabindex="0" role="document" data-document="{escape(first.name)}">'
        f"{render_document(first, words)}</div></section>"
    )


# ── documents ───────────────────────────────────────────────────────────────────────────────


def render_document(document: Document, words: Texts) -> str:
    """Return a document as paragraphs, headings, tables and page marks, each with its offsets."""
    parts, page_starts = [], {page.span.start: page.number for page in document.pages}
    pages = sorted(page_starts)
    for start, block in _blocks(document, words):
        while pages and pages[0] <= start:
            number = words["page"].format(n=page_starts[pages.pop(0)])
            parts.append(f'<div class="page-mark"><span>{escape(number)}</span></div>')
        parts.append(block)
    # The document's own script decides the shapes of its characters, whatever language the page speaks.
    language = language_of(document.readable[:_LANGUAGE_SAMPLE])
    return f'<div lang="{language}">{"".join(parts)}</div>'


def _blocks(document: Document, words: Texts) -> Iterator[tuple[int, str]]:
    """Yield start and HTML of each table and of each line outside the tables, in order."""
    position = 0
    for table in sorted(document.tables, key=lambda table: table.span):
        if table.span.start < position or not any(table.rows):
            continue
        yield from _lines(document, Span(position, table.span.start), words)
        yield table.span.start, _table(document, table, words)
        position = table.span.end
    yield from _lines(document, Span(position, len(document.text)), words)


def _lines(document: Document, span: Span, words: Texts) -> Iterator[tuple[int, str]]:
    for match in _LINE.finditer(document.text, span.start, span.end):
        if match[0].strip():
            line = Span(match.start(), match.end())
            yield line.start, _line(document, line, words)


def _line(document: Document, line: Span, words: Texts) -> str:
    hashes = _HASHES.match(document.text, line.start, line.end)
    heading = _heading_at(document.headings, line)
    if heading and hashes:
        marks = f'<span class="hashes" aria-hidden="true">{hashes[0]}</span>'
        content = marks + _characters(document, Span(hashes.end(), line.end), words)
    else:
        content = _characters(document, line, words)
    offsets = f'data-start="{line.start}" data-end="{line.end}"'
    if heading is None:
        return f"<p {offsets}>{content}</p>"
    level = min(max(heading.level, 1), 4)
    return f'<p class="heading level-{level}" role="heading" aria-level="{level + 2}" {offsets}>{content}</p>'


def _heading_at(headings: Sequence[Heading], line: Span) -> Heading | None:
    """The heading that stands on a line; headings come in the order of the text."""
    after = bisect_left(headings, line.end, key=lambda heading: heading.span.start)
    return headings[after - 1] if after and headings[after - 1].span.overlaps(line) else None


def _table(document: Document, table: Table, words: Texts) -> str:
    rows = []
    for number, row in enumerate(table.rows):
        tag = "th" if number < table.n_header_rows else "td"
        cells = (
            f'<{tag} data-start="{cell.start}" data-end="{cell.end}">{_characters(document, cell, words)}</{tag}>'
            for cell in row
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="table-frame"><table><tbody>{"".join(rows)}</tbody></table></div>'


def _characters(document: Document, span: Span, words: Texts) -> str:
    """The escaped characters of ``span``, damaged runs marked."""
    parts, position = [], span.start
    for repair in document.repairs:
        if not repair.span.overlaps(span):
            continue
        start, end = max(repair.span.start, position), min(repair.span.end, span.end)
        parts.append(escape(document.text[position:start]))
        note = words["damaged"].format(text=_legible(repair))
        parts.append(f'<span class="damaged" title="{escape(note)}">{escape(document.text[start:end])}</span>')
        position = end
    return "".join(parts) + escape(document.text[position : span.end])


def _legible(repair: Repair) -> str:
    return repair.text.replace(FILLER, "")
