"""Citations as HTML: the chips, operands and sources of an answer, each of which leads to its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from yinju.types import Answer, Citation, CitedFigure, Figure, Status
from yinju.ui_document import FILLER, Texts, escape


def chip_of(cited: CitedFigure, citations: Sequence[Citation], words: Texts) -> str:
    """Return the chip of the citation that proves a figure."""
    found = [citation for citation in citations if citation.index == cited.citation]
    return "".join(render_chip(citation, [cited.figure], words) for citation in found)


def figures_of(answer: Answer, citation: Citation) -> list[Figure]:
    """Return the figures of an answer that a citation proves."""
    return [cited.figure for cited in answer.figures if cited.citation == citation.index]


def _cite_attributes(citation: Citation, figures: Sequence[Figure]) -> str:
    """Where a click leads: the span to mark, in it the figures to mark more strongly (``data-keys``), and its words."""
    spans = [figure.quantity.span for figure in figures if figure.document == citation.document]
    keys = " ".join(f"{span.start}-{span.end}" for span in spans if citation.span.contains(span))
    return (
        f'data-cite="{citation.index}" data-document="{escape(citation.document)}" '
        f'data-start="{citation.span.start}" data-end="{citation.span.end}" data-keys="{keys}" '
        f'data-peek="{escape(citation.quote)}"'
    )


def render_chip(citation: Citation, figures: Sequence[Figure], words: Texts) -> str:
    """Return a citation's number as a button that leads to its words."""
    label = f"{words['citation'].format(n=citation.index)}: {citation.quote}"
    return (
        f'<button type="button" class="chip" {_cite_attributes(citation, figures)} '
        f'aria-label="{escape(label)}">[{citation.index}]</button>'
    )


def render_formula(answer: Answer, words: Texts) -> str:
    """Return the calculation, each of its operands a button that leads to its words."""
    if not answer.formula:
        return ""
    shown = "".join(_operand(text, cited, answer, words) for text, cited in _operands(answer.formula, answer.figures))
    return f'<p class="formula"><span>{escape(words["formula"])}</span> <code>{shown}</code></p>'


def _operands(formula: str, figures: Sequence[CitedFigure]) -> list[tuple[str, CitedFigure | None]]:
    """Cut a formula at the figures that stand in it as the document writes them; each stands for one place."""
    places: dict[int, CitedFigure] = {}
    for cited in sorted(figures, key=lambda cited: -len(cited.figure.quantity.surface)):
        surface = cited.figure.quantity.surface
        starts = (match.start() for match in re.finditer(re.escape(surface), formula))
        free = (start for start in starts if not any(_overlap(start, len(surface), at, places[at]) for at in places))
        start = next(free, None)
        if surface and start is not None:
            places[start] = cited
    pieces: list[tuple[str, CitedFigure | None]] = []
    position = 0
    for start, cited in sorted(places.items(), key=lambda place: place[0]):
        end = start + len(cited.figure.quantity.surface)
        pieces += [(formula[position:start], None), (formula[start:end], cited)]
        position = end
    return [*pieces, (formula[position:], None)]


def _overlap(start: int, length: int, other: int, cited: CitedFigure) -> bool:
    return start < other + len(cited.figure.quantity.surface) and other < start + length


def _operand(text: str, cited: CitedFigure | None, answer: Answer, words: Texts) -> str:
    """A piece of a formula; a figure is a button that leads to the words it stands in."""
    found = next((citation for citation in answer.citations if cited and citation.index == cited.citation), None)
    if cited is None or found is None:
        return escape(text)
    label = f"{text}: {words['citation'].format(n=found.index)}: {found.quote}"
    attributes = _cite_attributes(found, [cited.figure])
    return f'<button type="button" class="operand" {attributes} aria-label="{escape(label)}">{escape(text)}</button>'


def render_sources(answer: Answer, words: Texts) -> str:
    """Return the quotations of an answer, or for an abstention the nearest the documents come."""
    if not answer.citations:
        return ""
    title = words["nearest" if answer.status is Status.ABSTAINED else "sources"]
    items = "".join(_source(citation, figures_of(answer, citation), words) for citation in answer.citations)
    return f'<section class="sources"><h3>{escape(title)}</h3><ol>{items}</ol></section>'


def _source(citation: Citation, figures: Sequence[Figure], words: Texts) -> str:
    place = citation.document
    if citation.page is not None:
        place += f" · {words['page'].format(n=citation.page)}"
    repaired = ""
    if citation.repaired:
        reading = citation.repaired.replace(FILLER, "")
        repaired = f'<p class="repaired">{escape(words["repaired"])}<q>{escape(reading)}</q></p>'
    return (
        f'<li><button type="button" class="source" {_cite_attributes(citation, figures)} '
        f'title="{escape(words["show"])}"><span class="number">[{citation.index}]</span>'
        f'<span class="quote">{escape(citation.quote)}</span><span class="place">{escape(place)}</span></button>'
        f'<button type="button" class="action place-link" data-action="link" data-link="{_anchor(citation)}" '
        f'aria-label="{escape(words["link_span"])} [{citation.index}]">{escape(words["link_span"])}</button>'
        f"{repaired}</li>"
    )


def _anchor(citation: Citation) -> str:
    """The end of a link that opens the document at the citation."""
    return f"#{quote(citation.document, safe='')}:{citation.span.start}-{citation.span.end}"
