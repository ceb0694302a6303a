"""Who, what and when of every quantity of a document, from the clause it stands in and what stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yinju.figures.quantity import read_quantities
from yinju.text import clauses, sentences
from yinju.types import Document, Quantity, Role, Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity and what its surroundings say about it; the fields are those of ``Figure``."""

    quantity: Quantity
    sentence: Span
    clause: Span
    entity: str = ""
    metric: str = ""
    period: str = ""
    role: Role = Role.LEVEL
    target: bool = False
    per: str = ""
    base: str = ""


def read_contexts(document: Document) -> Iterator[Reading]:
    """Read the quantities of a document with their context, in order."""
    text = document.readable
    quantities = iter(read_quantities(text))
    quantity = next(quantities, None)
    period = ""
    for sentence in sentences(text):
        for clause in clauses(text, sentence):
            previous = clause.start
            while quantity is not None and quantity.span.start < clause.end:
                if re.fullmatch(r"[0-9]{4}年", quantity.surface):
                    period = quantity.surface[:4]
                metric = text[previous : quantity.span.start].strip()
                yield Reading(quantity, sentence, clause, metric=metric, period=period)
                previous = quantity.span.end
                quantity = next(quantities, None)
