"""A document becomes passages: the pieces that are searched and shown, cut where the author paused.

A line (a paragraph) is a passage where it fits. Longer ones are cut between sentences into pieces of about one length,
sentences that are too long at commas and the like, and what then is still too long between words. Short lines
that follow each other under one heading (lists, bulletins, table rows) share a passage. Passages do not overlap,
and together they hold every character that is not white space.
"""

from __future__ import annotations

import hashlib
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from yinju.text import clauses, lines, sentences, trim
from yinju.types import Document, Heading, Passage, Span

CONTEXT_SEPARATOR = " > "
_MAX_CONTEXT = 80
_MAX_TITLE = 36
_MAX_HEADING = 40
_MAX_NUMBERED = 50
# As parts of the longest passage: below the one lines are short and go together, below the other a line leads in
# what follows, whatever its length.
_SHORT, _LEAD_IN = 4, 10
_NUMERAL = "一二三四五六七八九十百〇零0-9０-９"
# Ways to number a heading, with the level each has among the others (GB/T 9704-2012 for 一、（一）1.（1）).
_NUMBERINGS = (
    (1, re.compile(rf"第[{_NUMERAL}]+[編编篇部卷章](?:分)?[\s　:：、]*\S")),
    (2, re.compile(rf"第[{_NUMERAL}]+[節节條条][\s　:：、]*\S")),
    (3, re.compile(r"[一二三四五六七八九十]{1,3}\s*[、．.]\s*\S")),
    (4, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S")),
    (5, re.compile(r"\d{1,2}(?:[、．]|\.(?!\d)|\s(?=\D))\s*\S")),
    (6, re.compile(r"\d{1,2}\.\d{1,2}(?:[.．、\s]|(?=[^\d.%％]))(?![\d萬万億亿千百%％元倍])")),
    (6, re.compile(r"[（(]\d{1,2}[）)]\s*\S")),
)
_UNNUMBERED = 7
_CLOSES = '。！？；，、：…!?;,:.」』”"）)》】'
_CLOSES_SENTENCE = tuple("。！？!?…；;.”」』")
_LONGEST_TOKEN = 24
_TOKEN = re.compile(r"[0-9A-Za-z.,%+/_'-]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it; ``section`` counts the headings up to it."""

    span: Span
    section: int
    is_heading: bool


def chunk(document: Document, max_chars: int, fits: Callable[[str], bool]) -> list[Passage]:
    """Cut a document into passages, in the order of the text.

    Args:
        document: What to cut; sentences are found in its ``readable`` text.
        max_chars: Longest passage, in characters; at least 1.
        fits: Tells whether a text is within the model's window; asked with the passage's context, a line break and
            its text. A passage that does not fit is cut further, down to single characters.

    Returns:
        Passages with ``span.of(document.text) == text``, not overlapping.
    """
    headings = _headings(document)
    paths = _paths(headings)
    page_starts = [page.span.start for page in document.pages]
    passages = []
    for span, section in _spans(document.readable, headings, max_chars):
        context = _context_of(span, section, paths, document)
        for piece in _fitting(document.readable, span, context, fits):
            at = bisect_right(page_starts, piece.start) - 1
            page = document.pages[at].number if at >= 0 else None
            passages.append(_passage(document, piece, context, page))
    return passages


def find_headings(text: str) -> list[Heading]:
    """Find lines of plain text that look like headings, by their numbering or by standing short above a paragraph.

    Levels run from 1 (the title, 第一章) to 7 (an unnumbered line).
    """
    spans = [span for line in lines(text) if (span := trim(text, line))]
    found = []
    for position, span in enumerate(spans):
        following = spans[position + 1].of(text) if position + 1 < len(spans) and len(spans[position + 1]) else ""
        if len(span) <= _MAX_NUMBERED and (level := _heading_level(span.of(text), following, position == 0)):
            found.append(Heading(span, level, span.of(text)))
    return found


# ── headings and context ────────────────────────────────────────────────────────────────────


def _headings(document: Document) -> list[Heading]:
    if document.headings:
        return sorted(document.headings, key=lambda heading: heading.span)
    return [heading for heading in find_headings(document.readable) if not _in_table(heading.span, document)]


def _in_table(span: Span, document: Document) -> bool:
    return any(table.span.contains(span) for table in document.tables)


def _heading_level(line: str, following: str, is_first: bool) -> int:
    """Level from 1, or 0 for a line that is no heading."""
    if not following or (line.endswith(tuple(_CLOSES)) and not line.endswith(("）", ")", "》", "”"))) or "\t" in line:
        return 0
    if re.search(r"[。！？；;]", line):
        return 0
    for level, numbering in _NUMBERINGS:
        if numbering.match(line):
            return level
    if is_first and len(line) <= _MAX_HEADING:
        return 1
    is_short = len(line) <= _MAX_HEADING and len(line) * 2 <= len(following)
    is_words = not re.search(r"\d(?!\d*年)|[，,、：:—|=]", line) and not line.endswith(tuple(_CLOSES))
    return _UNNUMBERED if is_short and is_words and following.endswith(_CLOSES_SENTENCE) else 0


def _paths(headings: list[Heading]) -> list[tuple[Heading, ...]]:
    """For each section the headings above it, topmost first; section 0 stands before the first heading."""
    paths: list[tuple[Heading, ...]] = [()]
    for heading in headings:
        above = tuple(other for other in paths[-1] if other.level < heading.level)
        paths.append((*above, heading)[-8:])
    return paths


def _context_of(span: Span, section: int, paths: list[tuple[Heading, ...]], document: Document) -> str:
    titles = [heading.title for heading in paths[section] if not span.contains(heading.span)]
    titles += _header_of_table(span, document)
    kept = [PurePosixPath(document.name).stem[:_MAX_TITLE]]
    room = _MAX_CONTEXT - len(kept[0])
    innermost: list[str] = []
    for title in reversed(titles):
        shown = title[:_MAX_TITLE]
        if len(shown) + len(CONTEXT_SEPARATOR) > room:
            break
        room -= len(shown) + len(CONTEXT_SEPARATOR)
        innermost.append(shown)
    return CONTEXT_SEPARATOR.join(filter(None, [*kept, *reversed(innermost)]))


def _header_of_table(span: Span, document: Document) -> list[str]:
    """The column headers of a table that the passage continues."""
    for table in document.tables:
        continues = table.span.start < span.start < table.span.end
        if continues and table.n_header_rows and table.rows[0] and not span.contains(table.rows[0][0]):
            return [" ".join(" ".join(cell.of(document.readable) for cell in table.rows[0]).split())]
    return []


# ── cutting ─────────────────────────────────────────────────────────────────────────────────


def _spans(text: str, headings: list[Heading], max_chars: int) -> Iterator[tuple[Span, int]]:
    """Passages by length alone, each with its section."""
    group: list[_Line] = []
    for line in _lines(text, headings):
        if group and not _joins(group, line, max_chars):
            yield from _cut_group(text, group, max_chars)
            group = []
        group.append(line)
    if group:
        yield from _cut_group(text, group, max_chars)


def _lines(text: str, headings: list[Heading]) -> Iterator[_Line]:
    starts = [heading.span.start for heading in headings]
    for line in lines(text):
        span = trim(text, line)
        if len(span):
            section = bisect_right(starts, span.end - 1)
            yield _Line(span, section, section > 0 and span.contains(headings[section - 1].span))


def _joins(group: list[_Line], line: _Line, max_chars: int) -> bool:
    """A heading or a very short line goes with what stands below it; short lines go together while there is room."""
    last, start = group[-1], group[0].span.start
    if last.is_heading:
        return last.span.end - start <= max_chars
    if line.section != last.section:
        return False
    if len(group) == 1 and len(last.span) <= max_chars // _LEAD_IN:
        return True
    short = max_chars // _SHORT
    return len(last.span) <= short and len(line.span) <= short and line.span.end - start <= max_chars


def _cut_group(text: str, group: list[_Line], max_chars: int) -> Iterator[tuple[Span, int]]:
    span = Span(group[0].span.start, group[-1].span.end)
    return ((piece, group[-1].section) for piece in _cut(text, span, max_chars))


def _fitting(text: str, span: Span, context: str, fits: Callable[[str], bool]) -> Iterator[Span]:
    if len(span) <= 1 or fits(f"{context}\n{span.of(text)}"):
        yield span
        return
    for piece in _cut(text, span, len(span) // 2):
        yield from _fitting(text, piece, context, fits)


def _cut(text: str, span: Span, limit: int) -> list[Span]:
    """Cut a span into pieces of at most ``limit`` characters and about one length, at the best places there are."""
    if len(span) <= limit:
        return [span]
    units: list[Span] = []
    for sentence in sentences(span.of(text)):
        whole = sentence.shift(span.start)
        if len(whole) <= limit:
            units.append(whole)
            continue
        for part in _packed(_at_clauses(text, whole), limit):
            units += [part] if len(part) <= limit else _at_words(text, part, limit)
    return _packed(units, limit)


def _at_clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence with the marks that end them."""
    starts = [clause.start for clause in clauses(text, sentence)]
    edges = [sentence.start, *starts[1:], sentence.end] if starts else [sentence.start, sentence.end]
    return [part for start, end in pairwise(edges) if len(part := trim(text, Span(start, end)))]


def _at_words(text: str, span: Span, limit: int) -> list[Span]:
    """Pieces of about one length, no number or Latin word cut through where that can be helped."""
    pieces, start = [], span.start
    step = math.ceil(len(span) / math.ceil(len(span) / limit))
    while span.end - start > limit:
        end = start + step
        lowest = max(start + step // 2, end - _LONGEST_TOKEN)
        while end > lowest and _TOKEN.match(text[end - 1]) and _TOKEN.match(text[end]):
            end -= 1
        end = end if end > lowest else start + step
        pieces.append(Span(start, end))
        start = end
    pieces.append(Span(start, span.end))
    return [piece for piece in (trim(text, piece) for piece in pieces) if len(piece)]


def _packed(units: list[Span], limit: int) -> list[Span]:
    """Neighbouring units together, none beyond ``limit`` unless a unit is, and all of about one length."""
    if not units:
        return []
    length = units[-1].end - units[0].start
    target = length / math.ceil(length / limit)
    packed = [units[0]]
    for unit in units[1:]:
        joined = Span(packed[-1].start, unit.end)
        is_nearer = abs(len(joined) - target) <= abs(len(packed[-1]) - target)
        if len(joined) <= limit and is_nearer:
            packed[-1] = joined
        else:
            packed.append(unit)
    return packed


def _passage(document: Document, span: Span, context: str, page: int | None) -> Passage:
    return Passage(
        id=hashlib.sha256(f"{document.id}:{span.start}:{span.end}".encode()).hexdigest()[:16],
        document_id=document.id,
        document=document.name,
        span=span,
        text=span.of(document.text),
        readable=span.of(document.readable),
        context=context,
        page=page,
    )
