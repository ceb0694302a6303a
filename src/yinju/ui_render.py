"""Answers and documents as HTML for the web page: pure functions from values to escaped text.

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

from yinju.text import Language
from yinju.types import (
    Answer,
    Citation,
    CitedFigure,
    Document,
    Figure,
    Heading,
    Repair,
    Span,
    Status,
    Table,
    Turn,
    plain,
)

LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")
Texts = Mapping[str, str]
"""The page's own words in one language, by key."""

# What HTML cannot carry as itself: controls other than tab and line feed, and lone surrogates.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE = re.compile(r"[^\r\n\u2028\u2029\f]+")
_FILLER = "\u200b"


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


# ── the frame ───────────────────────────────────────────────────────────────────────────────


def render_masthead(n_documents: int, n_figures: int, words: Texts) -> str:
    """Return the line above everything: name, purpose, what is loaded, and the way to the documents on a phone."""
    counts = f"{words['documents_count'].format(n=n_documents)} · {words['figures_count'].format(n=f'{n_figures:,}')}"
    return (
        '<header class="masthead"><h1><span class="name">引據</span> <span class="latin">yinju</span></h1>'
        f'<p class="tagline">{escape(words["tagline"])}</p><p class="counts">{escape(counts)}</p>'
        f'<button type="button" class="open-reader" data-open-reader>{escape(words["open_document"])}</button></header>'
    )


def render_reader(documents: Mapping[str, Document], words: Texts, language: Language) -> str:
    """Return the reading pane with the first document in it and, for several, a way to choose."""
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
        f'<section class="reader" data-language="{language}" aria-label="{escape(words["document"])}">'
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
    return "".join(parts)


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
    content = _characters(document, line, words)
    offsets = f'data-start="{line.start}" data-end="{line.end}"'
    heading = _heading_at(document.headings, line)
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
    return repair.text.replace(_FILLER, "")


# ── the conversation ────────────────────────────────────────────────────────────────────────


def render_welcome(examples: Sequence[str], words: Texts) -> str:
    """Return what an empty conversation shows: what this is, and questions to start from."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-question="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    listed = f'<h3>{escape(words["examples"])}</h3><ul class="examples">{buttons}</ul>' if examples else ""
    return (
        f'<div class="welcome"><h2>{escape(words["welcome"])}</h2>'
        f'<p class="wide">{escape(words["welcome_note"])}</p>'
        f'<p class="narrow">{escape(words["welcome_note_narrow"])}</p>'
        f"{listed}</div>"
    )


def render_conversation(turns: Sequence[Turn], words: Texts, examples: Sequence[str] = (), pending: str = "") -> str:
    """Return the whole conversation; ``pending`` is a question whose answer is still being looked for."""
    if not turns and not pending:
        return f'<div class="talk">{render_welcome(examples, words)}</div>'
    parts = [render_turn(turn, number, words) for number, turn in enumerate(turns, 1)]
    if pending:
        parts.append(
            f'<article class="turn" data-turn="{len(turns) + 1}" data-status="pending">{_question(pending)}'
            f'<p class="thinking" role="status">{escape(words["thinking"])}</p></article>'
        )
    return f'<div class="talk" role="log" aria-label="{escape(words["conversation"])}">{"".join(parts)}</div>'


def render_turn(turn: Turn, number: int, words: Texts) -> str:
    """Return one question and its answer."""
    answer = turn.answer
    parts = [_question(turn.question), _understood(answer, turn.question, words)]
    body = [_badge(answer, words), _headline(answer, words), _prose(answer, words), _formula(answer, words)]
    body += [_figures(answer, words), _sources(answer, words), _timings(answer, words)]
    parts.append(f'<div class="answer {answer.status}" lang="{escape(answer.language)}">{"".join(body)}</div>')
    return f'<article class="turn" data-turn="{number}" data-status="{answer.status}">{"".join(parts)}</article>'


def _question(question: str) -> str:
    return f'<h3 class="question">{escape(question)}</h3>'


def _understood(answer: Answer, question: str, words: Texts) -> str:
    if answer.standalone_question.strip() in ("", question.strip()):
        return ""
    return f'<p class="understood">{escape(words["understood"])} <q>{escape(answer.standalone_question)}</q></p>'


def _badge(answer: Answer, words: Texts) -> str:
    if answer.status is Status.ANSWERED:
        return ""
    why = f"<span>{escape(words[f'reason_{answer.reason}'])}</span>" if answer.reason else ""
    return f'<p class="badge"><strong>{escape(words[str(answer.status)])}</strong>{why}</p>'


def _headline(answer: Answer, words: Texts) -> str:
    """The value large, with whom, what and when; the values side by side where they differ."""
    if answer.status is Status.CONFLICT and len(answer.figures) > 1:
        cards = "".join(_card(cited, answer.citations, words) for cited in answer.figures)
        return f'<div class="versus">{cards}</div>'
    if answer.result is None or answer.status is not Status.ANSWERED:
        return ""
    of = _subject(answer.figures[0].figure) if len(answer.figures) == 1 and not answer.formula else ""
    of = f'<span class="of">{escape(of)}</span>' if of else ""
    chips = "".join(_chip(citation, words) for citation in answer.citations) if _says_no_more(answer) else ""
    return f'<p class="result"><span class="value">{escape(answer.result.text)}{chips}</span>{of}</p>'


def _says_no_more(answer: Answer) -> bool:
    """Tell whether the answer's text is nothing but the headline value."""
    if answer.result is None or answer.status is not Status.ANSWERED:
        return False
    return answer.text.strip().rstrip("。.") == answer.result.text.strip()


def _card(cited: CitedFigure, citations: Sequence[Citation], words: Texts) -> str:
    chip = "".join(_chip(citation, words) for citation in citations if citation.index == cited.citation)
    return (
        f'<div class="card"><span class="value">{escape(cited.figure.quantity.surface)}{chip}</span>'
        f'<span class="of">{escape(_subject(cited.figure))}</span></div>'
    )


def _subject(figure: Figure) -> str:
    return " · ".join(part for part in (figure.entity, figure.per + figure.metric, figure.period) if part)


def _prose(answer: Answer, words: Texts) -> str:
    """The answer's text with its citation chips: after the figure each proves, the others at the end."""
    if _says_no_more(answer):
        return ""
    paragraphs = [escape(line) for line in answer.text.splitlines() if line.strip()] or [""]
    chips = {citation.index: _chip(citation, words) for citation in answer.citations}
    if len(paragraphs) == 1:
        paragraphs, chips = [_place_chips(answer, chips)], {}
    paragraphs[-1] += "".join(chips.values())
    return '<div class="text">' + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) + "</div>"


def _place_chips(answer: Answer, chips: dict[int, str]) -> str:
    text, parts, position, left = answer.text.strip(), [], 0, dict(chips)
    for cited in answer.figures if len(answer.citations) > 1 else ():
        surface = cited.figure.quantity.surface
        found = text.find(surface, position) if surface and cited.citation in left else -1
        if found >= 0:
            end = found + len(surface)
            parts.append(escape(text[position:end]) + left.pop(cited.citation))
            position = end
    return "".join(parts) + escape(text[position:]) + "".join(left.values())


def _cite_attributes(citation: Citation) -> str:
    return (
        f'data-cite="{citation.index}" data-document="{escape(citation.document)}" '
        f'data-start="{citation.span.start}" data-end="{citation.span.end}"'
    )


def _chip(citation: Citation, words: Texts) -> str:
    label = f"{words['citation'].format(n=citation.index)}: {citation.quote}"
    return (
        f'<button type="button" class="chip" {_cite_attributes(citation)} title="{escape(citation.quote)}" '
        f'aria-label="{escape(label)}">[{citation.index}]</button>'
    )


def _formula(answer: Answer, words: Texts) -> str:
    if not answer.formula:
        return ""
    return f'<p class="formula"><span>{escape(words["formula"])}</span> <code>{escape(answer.formula)}</code></p>'


def _figures(answer: Answer, words: Texts) -> str:
    """The figures used as a list, each with its exact value in the base unit, unless the headline says it all."""
    if not answer.figures or answer.status is Status.CONFLICT:
        return ""
    if len(answer.figures) == 1 and not answer.formula and not _exact(answer.figures[0].figure, words):
        return ""
    rows = "".join(_figure_row(cited, answer.citations, words) for cited in answer.figures)
    return f'<section class="figures"><h4>{escape(words["figures"])}</h4><ul>{rows}</ul></section>'


def _figure_row(cited: CitedFigure, citations: Sequence[Citation], words: Texts) -> str:
    chip = "".join(_chip(citation, words) for citation in citations if citation.index == cited.citation)
    exact = _exact(cited.figure, words)
    exact = f'<span class="exact">{escape(exact)}</span>' if exact else ""
    return (
        f'<li><span class="surface">{escape(cited.figure.quantity.surface)}</span>{exact}'
        f'<span class="of">{escape(_subject(cited.figure))}</span>{chip}</li>'
    )


def _exact(figure: Figure, words: Texts) -> str:
    """The value written out in its base unit where the text uses a scale word (億, 萬), else nothing."""
    quantity = figure.quantity
    if abs(quantity.scale) in (0, 1) or quantity.scale < 1:
        return ""
    whole, _, fraction = plain(quantity.value).partition(".")
    value = f"{int(whole):,}{'.' if fraction else ''}{fraction} {quantity.unit}".strip()
    return words["exact"].format(value=value)


def _sources(answer: Answer, words: Texts) -> str:
    if not answer.citations:
        return ""
    title = words["nearest" if answer.status is Status.ABSTAINED else "sources"]
    items = "".join(_source(citation, words) for citation in answer.citations)
    return f'<section class="sources"><h4>{escape(title)}</h4><ol>{items}</ol></section>'


def _source(citation: Citation, words: Texts) -> str:
    place = citation.document
    if citation.page is not None:
        place += f" · {words['page'].format(n=citation.page)}"
    repaired = ""
    if citation.repaired:
        reading = citation.repaired.replace(_FILLER, "")
        repaired = f'<p class="repaired">{escape(words["repaired"])}<q>{escape(reading)}</q></p>'
    return (
        f'<li><button type="button" class="source" {_cite_attributes(citation)} title="{escape(words["show"])}">'
        f'<span class="number">[{citation.index}]</span><span class="quote">{escape(citation.quote)}</span>'
        f'<span class="place">{escape(place)}</span></button>{repaired}</li>'
    )


def _timings(answer: Answer, words: Texts) -> str:
    total = answer.timings_ms.get("total")
    if total is None:
        return ""
    stages = "".join(
        f"<li>{escape(words.get(f'stage_{stage}', stage))} {ms:.1f}</li>"
        for stage, ms in answer.timings_ms.items()
        if stage != "total"
    )
    shown = escape(words["time"].format(ms=f"{total:.0f}"))
    return f'<details class="timings"><summary>{shown}</summary><ul>{stages}</ul></details>'
