"""What is known while a document is read: values with their context, clauses, and what holds from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from yinju.figures.subjects import Token
from yinju.figures.times import TimeMention
from yinju.types import TIMES, Kind, Quantity, Role, Span

PUNCTUATION = "、,，;；:：。！!？? \t（）()“”\"'·—"


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


@dataclass(frozen=True, slots=True)
class Item:
    """A member of a list that values follow in the same order; what is empty is that of the value's own words."""

    metric: str = ""
    period: str = ""
    entity: str = ""


@dataclass(slots=True)
class Carried:
    """What holds from clause to clause: subject, time, thing measured, and whether plans are being told."""

    subject: str = ""
    period: str = ""
    metric: str = ""
    last: Reading | None = None
    target: bool = False
    industries: bool = False
    strict: bool = False
    passing: bool = False
    level_metric: str = ""
    topic: str = ""
    items: tuple[Item, ...] = ()
    levels: tuple[Reading, ...] = ()
    """The values of the sentence so far that are no changes, for those that say more of each in turn."""


@dataclass(frozen=True, slots=True)
class Section:
    """What the heading above says: its time and whether it announces plans."""

    period: str = ""
    plan: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as the readers of its parts see it; offsets are those of the document.

    Attributes:
        text, folded: The document's readable text, as it is and folded.
        sentence, span: The sentence and the clause.
        tokens: Tagged words of the sentence.
        times: Times named in the clause.
        quantities: Quantities of the clause, in order.
    """

    text: str
    folded: str
    sentence: Span
    span: Span
    tokens: Sequence[Token]
    times: Sequence[TimeMention] = field(default_factory=tuple)
    quantities: Sequence[Quantity] = field(default_factory=tuple)


def is_moment(quantity: Quantity) -> bool:
    """Tell whether a quantity is a point or stretch of time on the calendar rather than something measured."""
    return quantity.kind in TIMES or (quantity.kind is Kind.RANGE and quantity.unit == "年" and quantity.value >= 1000)
