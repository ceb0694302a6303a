"""Document → figures, and the ledger that keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, overload

from yinju.figures.context import read_contexts
from yinju.figures.reading import Reading
from yinju.figures.units import canonical_unit, split_scale
from yinju.text import fold
from yinju.types import Approx, Document, Figure, Kind, Quantity, Role, Span, plain

if TYPE_CHECKING:
    import pandas

COLUMNS = (
    "id", "document", "start", "end", "surface", "value", "scale", "unit", "approx", "kind", "entity", "metric",
    "period",
    "sentence", "role", "target", "per", "base", "high",
)  # fmt: skip
"""Columns of a ledger row, in order; the first fourteen are the public contract."""


def read_figures(document: Document) -> list[Figure]:
    """Read every figure of a document, in order, with who, what and when.

    The readable text is analysed; ``quantity.surface`` holds the author's own characters.
    """
    return [_figure(document, reading) for reading in read_contexts(document)]


def _figure(document: Document, reading: Reading) -> Figure:
    quantity = replace(reading.quantity, surface=reading.quantity.span.of(document.text))
    return Figure(
        id=figure_id(document.name, quantity.span, quantity.surface), document=document.name, quantity=quantity,
        sentence=reading.sentence, clause=reading.clause, entity=reading.entity, metric=reading.metric,
        period=reading.period, role=reading.role, target=reading.target, per=reading.per, base=reading.base,
    )  # fmt: skip


def figure_id(document: str, span: Span, surface: str) -> str:
    """Return the content hash of a figure (12 hex digits): the same in every rebuild."""
    key = f"{document}\0{span.start}\0{span.end}\0{surface}"
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def describe(figure: Figure) -> str:
    """Say in words what a figure is about, its value left out: for embedding and for showing.

    「2024 深圳全市 戰略性新興產業增加值占GDP比重 %」
    """
    role = {Role.CHANGE: "增長", Role.DIFFERENCE: "相差", Role.INCREMENT: "新增"}.get(figure.role, "")
    parts = (
        figure.period, figure.entity, figure.per, figure.metric, "" if role in figure.metric else role,
        figure.base if figure.base not in figure.metric else "", "目標" if figure.target else "", figure.quantity.unit,
    )  # fmt: skip
    return " ".join(part for part in parts if part)


class Ledger(Sequence[Figure]):
    """An immutable sequence of figures that can be searched, shown and stored."""

    def __init__(self, figures: Iterable[Figure] = (), texts: Mapping[str, str] | None = None) -> None:
        """Hold ``figures``; ``texts`` maps document names to their text, for the ``sentence`` of rows."""
        self._figures = tuple(figures)
        self._texts = dict(texts or {})

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Ledger:
        """Read the ledger of some documents."""
        known = list(documents)
        return cls(
            (figure for document in known for figure in read_figures(document)),
            {document.name: document.text for document in known},
        )

    def __len__(self) -> int:
        return len(self._figures)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures)

    @overload
    def __getitem__(self, index: int) -> Figure: ...
    @overload
    def __getitem__(self, index: slice) -> Ledger: ...
    def __getitem__(self, index: int | slice) -> Figure | Ledger:
        return Ledger(self._figures[index], self._texts) if isinstance(index, slice) else self._figures[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ledger) and self._figures == other._figures

    def __hash__(self) -> int:
        return hash(self._figures)

    def __repr__(self) -> str:
        return f"Ledger({len(self)} figures of {len({figure.document for figure in self})} documents)"

    def with_texts(self, texts: Mapping[str, str]) -> Ledger:
        """Return the same ledger knowing the texts of its documents, by name."""
        return Ledger(self._figures, texts)

    def search(
        self,
        text: str = "",
        *,
        unit: str | None = None,
        period: str | None = None,
        entity: str | None = None,
        kind: Kind | None = None,
        role: Role | None = None,
        document: str | None = None,
    ) -> Ledger:
        """Return the figures that satisfy everything given; script and width do not matter.

        Args:
            text: Words, each of which has to occur in entity, metric, base, surface or sentence.
            unit: Base unit, in any spelling (平方千米 finds 平方公里).
            period: Start of the period: ``2024`` finds ``2024``, ``2024-07`` and ``2024Q1``.
            entity: Part of the entity.
            kind: Sort of quantity.
            role: What the value says of its metric.
            document: Name of the document.
        """
        return Ledger(
            (
                figure
                for figure in self
                if (unit is None or canonical_unit(figure.quantity.unit) == split_scale(unit)[1])
                and (period is None or figure.period.startswith(period))
                and (entity is None or fold(entity) in fold(figure.entity))
                and (kind is None or figure.quantity.kind is kind)
                and (role is None or figure.role is role)
                and (document is None or figure.document == document)
                and self._mentions(figure, text)
            ),
            self._texts,
        )

    def _mentions(self, figure: Figure, text: str) -> bool:
        if not text.strip():
            return True
        own = (figure.entity, figure.metric, figure.base, figure.quantity.surface, self.sentence(figure))
        haystack = fold("\n".join(own))
        return all(word in haystack for word in fold(text).split())

    def sentence(self, figure: Figure) -> str:
        """Return the sentence a figure stands in; empty when its document's text is not known."""
        return figure.sentence.of(self._texts.get(figure.document, ""))

    def to_rows(self) -> list[dict[str, Any]]:
        """Return plain rows as the contract has them (``COLUMNS``), decimals as strings."""
        return [self._row(figure) for figure in self]

    def _row(self, figure: Figure) -> dict[str, Any]:
        quantity = figure.quantity
        return {
            "id": figure.id,
            "document": figure.document,
            "start": quantity.span.start,
            "end": quantity.span.end,
            "surface": quantity.surface,
            "value": plain(quantity.value),
            "scale": plain(quantity.scale),
            "unit": quantity.unit,
            "approx": None if quantity.approx is None else str(quantity.approx),
            "kind": str(quantity.kind),
            "entity": figure.entity,
            "metric": figure.metric,
            "period": figure.period,
            "sentence": self.sentence(figure),
            "role": str(figure.role),
            "target": figure.target,
            "per": figure.per,
            "base": figure.base,
            "high": None if quantity.high is None else plain(quantity.high),
        }

    def to_frame(self) -> pandas.DataFrame:
        """Return the rows as a pandas DataFrame; ``value``, ``scale`` and ``high`` stay exact decimals (objects)."""
        import pandas

        rows = self.to_rows()
        for row, figure in zip(rows, self, strict=True):
            quantity = figure.quantity
            row |= {"value": quantity.value, "scale": quantity.scale, "high": quantity.high}
        return pandas.DataFrame(rows, columns=list(COLUMNS))

    def to_json(self) -> list[dict[str, Any]]:
        """Return the ledger as plain JSON values; :meth:`from_json` gives an equal ledger back."""
        return [_figure_to_json(figure) for figure in self]

    @classmethod
    def from_json(cls, values: Iterable[Mapping[str, Any]], texts: Mapping[str, str] | None = None) -> Ledger:
        """Read what :meth:`to_json` wrote.

        Raises:
            KeyError, ValueError: A value is missing or cannot be read.
        """
        return cls((_figure_from_json(value) for value in values), texts)


def _figure_to_json(figure: Figure) -> dict[str, Any]:
    quantity = figure.quantity
    return {
        "id": figure.id, "document": figure.document,
        "span": [quantity.span.start, quantity.span.end], "surface": quantity.surface,
        "value": str(quantity.value), "scale": str(quantity.scale),
        "high": None if quantity.high is None else str(quantity.high),
        "unit": quantity.unit, "kind": str(quantity.kind),
        "approx": None if quantity.approx is None else str(quantity.approx),
        "sentence": [figure.sentence.start, figure.sentence.end], "clause": [figure.clause.start, figure.clause.end],
        "entity": figure.entity, "metric": figure.metric, "period": figure.period, "role": str(figure.role),
        "target": figure.target, "per": figure.per, "base": figure.base,
    }  # fmt: skip


def _figure_from_json(value: Mapping[str, Any]) -> Figure:
    quantity = Quantity(
        Span(*value["span"]), value["surface"], Decimal(value["value"]), value["unit"], Kind(value["kind"]),
        Decimal(value["scale"]), None if value["high"] is None else Decimal(value["high"]),
        None if value["approx"] is None else Approx(value["approx"]),
    )  # fmt: skip
    return Figure(
        value["id"], value["document"], quantity, Span(*value["sentence"]), Span(*value["clause"]), value["entity"],
        value["metric"], value["period"], Role(value["role"]), value["target"], value["per"], value["base"],
    )  # fmt: skip
