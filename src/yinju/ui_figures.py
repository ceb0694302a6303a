"""The figures of the documents for the page's table, and what the audit found, as HTML.

The table itself is drawn by the page's script from :func:`figure_rows`, as text only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yinju.figures.audit import AuditFinding, audit
from yinju.figures.findings import stated
from yinju.figures.ledger import Ledger
from yinju.text import Language, fold, to_language
from yinju.types import Document, Figure, Span
from yinju.ui_document import Texts, escape

_HOLDING_SHOWN = 100
"""Of what was checked and holds, so much is listed."""


def figure_rows(figures: Iterable[Figure], documents: Mapping[str, Document]) -> list[dict[str, Any]]:
    """Return one row for each figure, ready for the table.

    Besides the columns of the ledger a row has ``stated``, its surface with what qualifies it, ``from`` and ``to``,
    the offsets of its clause, and ``folded``, its words in one script and small letters, by which the table is
    filtered.
    """
    rows = []
    ledger = figures if isinstance(figures, Ledger) else Ledger(figures)
    for row, figure in zip(ledger.to_rows(), ledger, strict=True):
        document = documents.get(figure.document)
        row["sentence"] = figure.sentence.of(document.text) if document else ""
        row["stated"] = stated(figure)
        row["from"], row["to"] = figure.clause.start, figure.clause.end
        words = (row[key] for key in ("surface", "unit", "entity", "metric", "period", "document"))
        row["folded"] = fold(" ".join(words))
        rows.append(row)
    return rows


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
    state, summary = "holds" if finding.holds else "fails", escape(_summary(finding, words, language))
    places = "".join(_place(figure, documents) for figure in finding.figures)
    return (
        f'<article class="finding {state}"><h3><span class="kind">{escape(words["kind_" + finding.kind])}</span> '
        f'{summary}</h3><p class="formula"><code>{escape(finding.formula)}</code></p>'
        f'<ul class="places">{places}</ul></article>'
    )


def _summary(finding: AuditFinding, words: Texts, language: Language) -> str:
    """What was found, in the page's language; figures and names stay the document's, names in the page's script."""
    if not finding.figures:
        return finding.summary
    if finding.kind == "conflict":
        first = finding.figures[0]
        name = " ".join(part for part in (first.entity, first.period, first.metric) if part)
        name = name if language == "en" else to_language(name, language)
        values = words["check_and"].join(_stated(figure, words) for figure in finding.figures)
        return words["check_agrees" if finding.holds else "check_differs"].format(name=name, values=values)
    formula, *_ = finding.formula.partition(" ≠ ")
    if len(finding.figures) == 1:
        key = "check_adds_up" if finding.holds else "check_adds_not_up"
    elif "=" not in formula:
        key = "check_part_above"
    else:
        key = "check_as_stated" if finding.holds else "check_not_as_stated"
    return words[key].format(formula=formula, stated=_stated(finding.figures[-1], words))


def _stated(figure: Figure, words: Texts) -> str:
    """A figure as the document states it; a qualifier that is not among its characters is the page's word."""
    surface = figure.quantity.surface
    if figure.quantity.approx is None or stated(figure) == surface:
        return surface
    return words[f"approx_{figure.quantity.approx}"] + surface


def _place(figure: Figure, documents: Mapping[str, Document]) -> str:
    """A button that leads to a figure, with the clause around it to read."""
    document = documents.get(figure.document)
    span = figure.quantity.span
    around = figure.clause if figure.clause.contains(span) else Span(span.start, span.end)
    quote = around.of(document.text) if document else figure.quantity.surface
    return (
        f'<li><button type="button" class="source" data-cite="{escape(figure.id)}" '
        f'data-document="{escape(figure.document)}" data-start="{around.start}" data-end="{around.end}" '
        f'data-keys="{span.start}-{span.end}"><span class="number">{escape(figure.quantity.surface)}</span>'
        f'<span class="quote">{escape(quote)}</span><span class="place">{escape(figure.document)}</span></button></li>'
    )
