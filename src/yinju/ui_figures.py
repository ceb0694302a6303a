"""The figures of the documents for the page's table, and what the audit found, as HTML.

The table itself is drawn by the page's script from :func:`figure_rows`, as text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yinju.figures.audit import AuditFinding, audit
from yinju.figures.ledger import Ledger
from yinju.figures.qualifiers import approx_after, approx_before, approx_far_before
from yinju.text import Language, fold, to_language
from yinju.types import TIMES, Document, Figure, Kind, Quantity, Span
from yinju.ui_document import Texts, escape
from yinju.wording import as_written, unit_name

_LAST_WORD = re.compile(r"[A-Za-z]+$")
_AROUND_CHARS = 16
"""A qualifier that belongs to a figure begins so near before it, and ends so near behind it."""
_LONGER = frozenset("突破 冲破 将近 接近 逼近 趋近 大约 远超".split())
"""Qualifiers whose last character alone is one of the same meaning; folded."""
_HOLDING_SHOWN = 100
"""Of what was checked and holds, so much is listed."""


def figure_rows(
    figures: Iterable[Figure], documents: Mapping[str, Document], language: Language
) -> list[dict[str, Any]]:
    """Return one row for each figure, ready for the table of a page in a language.

    Besides the columns of the ledger a row has ``stated``, the document's words for it, ``label``, the same, or its
    surface with the unit that a table keeps in its head, ``measured``, its unit in the page's language, ``from`` and
    ``to``, the offsets of its clause, and ``folded``, its words in one script and small letters, by which the table is
    filtered.
    """
    rows = []
    ledger = figures if isinstance(figures, Ledger) else Ledger(figures)
    for row, figure in zip(ledger.to_rows(), ledger, strict=True):
        document = documents.get(figure.document)
        row["sentence"] = figure.sentence.of(document.text) if document else ""
        row["stated"] = _stated(figure, document)
        is_whole = figure.quantity.written == figure.quantity.surface.strip()
        row["label"] = row["stated"] if is_whole else as_written(figure.quantity, language)
        row["measured"] = _unit(figure.quantity, language)
        row["from"], row["to"] = figure.clause.start, figure.clause.end
        words = (row[key] for key in ("surface", "unit", "entity", "metric", "period", "document"))
        row["folded"] = fold(" ".join(words))
        rows.append(row)
    return rows


def _stated(figure: Figure, document: Document | None) -> str:
    """A figure in the document's own words, with what qualifies it before or behind."""
    quantity = figure.quantity
    return quantity.surface if document is None else _qualified(quantity, document.readable).of(document.text)


def _qualified(quantity: Quantity, text: str) -> Span:
    """The span of a quantity, widened to its qualifier: the nearest stretch of the text that tells of it."""
    first, (start, end) = max(0, quantity.span.start - _AROUND_CHARS), (quantity.span.start, quantity.span.end)
    if quantity.approx is None:
        return quantity.span
    around = fold(text[first : end + _AROUND_CHARS])
    # Only that of a share stands before its whole: 不到全市十分之一.
    for approx in (approx_before, approx_far_before) if quantity.kind is Kind.RATIO else (approx_before,):
        for begin in range(start - first - 1, -1, -1):
            if approx(around[begin:], start - first - begin) is quantity.approx:
                return Span(first + begin - (around[max(begin - 1, 0) : begin + 1] in _LONGER), end)
    for stop in range(end - first + 1, len(around) + 1):
        if approx_after(around[:stop], end - first) is quantity.approx:
            return Span(start, first + stop)
    return quantity.span


def _unit(quantity: Quantity, language: Language) -> str:
    """A unit in the page's language, none for a time; for a measure word the noun an English text has, or nothing."""
    if quantity.kind in TIMES:
        return ""
    name = unit_name(quantity.unit, language)
    if language != "en" or name.isascii():
        return name
    word = _LAST_WORD.search(quantity.surface)
    if word:
        return word[0]
    return "" if quantity.kind in (Kind.COUNT, Kind.RANK) else name


# ── the check ───────────────────────────────────────────────────────────────────────────────


def check_documents(ledger: Iterable[Figure], documents: Mapping[str, Document]) -> list[AuditFinding]:
    """Compare the figures of the documents with each other, damaged runs read as repaired."""
    texts = {name: document.readable for name, document in documents.items()}
    whole = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
    return audit(whole.with_texts(texts))


def render_findings(
    findings: Sequence[AuditFinding], documents: Mapping[str, Document], words: Texts, language: Language
) -> str:
    """Return what fails, each with its arithmetic and all its places, and folded away what holds."""
    failing = [finding for finding in findings if not finding.holds]
    holding = [finding for finding in findings if finding.holds]
    title = words["check_found"].format(n=len(failing)) if failing else words["check_clean"]
    parts = [f'<h2 class="panel-title">{escape(title)}</h2><p class="note">{escape(words["check_note"])}</p>']
    parts += [_finding(finding, documents, words, language) for finding in failing]
    if holding:
        listed = "".join(_finding(finding, documents, words, language) for finding in holding[:_HOLDING_SHOWN])
        held = words["check_holds"].format(n=len(holding))
        parts.append(f'<details class="holding"><summary>{escape(held)}</summary>{listed}</details>')
    return "".join(parts)


def _finding(finding: AuditFinding, documents: Mapping[str, Document], words: Texts, language: Language) -> str:
    state, summary = "holds" if finding.holds else "fails", escape(_summary(finding, documents, words, language))
    places = "".join(_place(figure, documents, words) for figure in finding.figures)
    # Values that differ are all in the sentence already.
    formula = "" if finding.kind == "conflict" else f'<p class="formula"><code>{escape(finding.formula)}</code></p>'
    return (
        f'<article class="finding {state}"><h3><span class="kind">{escape(words["kind_" + finding.kind])}</span> '
        f'{summary}</h3>{formula}<ul class="places">{places}</ul></article>'
    )


def _summary(finding: AuditFinding, documents: Mapping[str, Document], words: Texts, language: Language) -> str:
    """What was found, in the page's language; figures and names stay the document's, names in the page's script."""
    if not finding.figures:
        return finding.summary
    stated = [_stated(figure, documents.get(figure.document)) for figure in finding.figures]
    if finding.kind == "conflict":
        first = finding.figures[0]
        name = " ".join(part for part in (first.entity, first.period, first.metric) if part)
        name = name if language == "en" else to_language(name, language)
        values = words["check_and"].join(stated)
        return words["check_agrees" if finding.holds else "check_differs"].format(name=name, values=values)
    formula, *_ = finding.formula.partition(" ≠ ")
    if len(finding.figures) == 1:
        key = "check_adds_up" if finding.holds else "check_adds_not_up"
    elif "=" not in formula:
        key = "check_part_above"
    else:
        key = "check_as_stated" if finding.holds else "check_not_as_stated"
    return words[key].format(formula=formula, stated=stated[-1])


def _place(figure: Figure, documents: Mapping[str, Document], words: Texts) -> str:
    """A button that leads to a figure, with the clause around it to read."""
    document = documents.get(figure.document)
    span = figure.quantity.span
    around = figure.clause if figure.clause.contains(span) else Span(span.start, span.end)
    quote = around.of(document.text) if document else figure.quantity.surface
    return (
        f'<li><button type="button" class="source" data-cite="{escape(figure.id)}" '
        f'data-document="{escape(figure.document)}" data-start="{around.start}" data-end="{around.end}" '
        f'data-keys="{span.start}-{span.end}"><span class="number">{escape(_stated(figure, document))}</span>'
        f'<span class="quote">{escape(quote)}</span><span class="place">{escape(figure.document)}</span></button></li>'
    )
