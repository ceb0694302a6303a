"""What a document says against itself: one thing with two values, and arithmetic that its own parts deny.

Every figure is an interval: as wide as the digits written leave open, and as its qualifier (about, nearly, over …)
allows. Two statements contradict each other only where no values inside their intervals agree, and match only where
they are within about 1 %; what lies between, rounding may explain, and nothing is said of it. An accusation needs more
than a confirmation: figures that merely fit are reported as holding, figures that do not fit are reported as a failure
only where the wording ties them together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from yinju.figures.conflicts import conflicts
from yinju.figures.findings import AuditFinding, DocumentFigures
from yinju.figures.ledger import Ledger
from yinju.figures.relations import CHECKS, CHECKS_OF_TABLES, made_of
from yinju.figures.wholes import per_unit, shares_of_a_whole, totals_of_tables
from yinju.types import Figure

__all__ = ["AuditFinding", "audit"]


def audit(ledger: Ledger) -> list[AuditFinding]:
    """Check every document of a ledger against itself.

    The ledger has to know the texts of its documents (``Ledger.of``, or that of a loaded index): relations are read
    from the words between figures.

    Returns:
        Everything that was checked, what fails first, then in the order of the documents; the same for the same ledger.
    """
    by_document: dict[str, list[Figure]] = defaultdict(list)
    for figure in ledger:
        by_document[figure.document].append(figure)
    found: dict[tuple[str, ...], AuditFinding] = {}
    for figures in by_document.values():
        document = DocumentFigures(ledger, sorted(figures, key=lambda f: f.quantity.span))
        for finding in sorted(_check(document), key=_position):
            key = (finding.kind, *sorted(figure.id for figure in finding.figures))
            if finding.certain:
                found.setdefault(key, finding)
    return sorted(found.values(), key=lambda finding: finding.holds)


def _check(document: DocumentFigures) -> Iterator[AuditFinding]:
    yield from conflicts(document)
    yield from shares_of_a_whole(document)
    yield from per_unit(document)
    yield from made_of(document)
    yield from totals_of_tables(document)
    for sentence in document.sentences:
        for check in CHECKS_OF_TABLES if sentence.is_table else CHECKS:
            yield from check(sentence)


def _position(finding: AuditFinding) -> tuple[int, ...]:
    return tuple(figure.quantity.span.start for figure in finding.figures)
