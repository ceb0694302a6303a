"""Bare text held against a gold: whether it is right, and which of its numbers stand nowhere.

Text is judged more kindly than an `Answer`: each part of the gold has to stand in it, among whatever else, a number
also without its unit; where the document has no answer, one of :data:`SAYS_NOT` has to. A wrong number is one
whose value and unit stand neither in the document nor in the question, the gold or a calculation shown that comes out.
Direction, qualifier and measure word do not matter, times need their digits only, and of numbers in words only amounts,
percentages, multiples and areas count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from yinju.evalset import Gold, Question
from yinju.figures.quantity import read_quantities
from yinju.figures.units import unit_kind
from yinju.generate.numbers import Mention, holds, mentions
from yinju.generate.prose import draft, split
from yinju.index import Index
from yinju.metrics import Verdict, judge
from yinju.text import fold
from yinju.types import TIMES, Answer, Kind, Quantity, Result, Status, plain

SAYS_NOT = re.compile(
    r"没有(?:提[到及供]|相关|说明|给出|包含|涉及|足够|任何)|未(?:提[到及供]|说明|给出|包含|涉及)|无法(?:确定|回答|得知|提供)|找不到"
    r"|(?:\bnot|n't) (?:\w+ )?(?:mention|stat|specif|provid|contain|includ|give|disclose|say|available|helpful|found)"
    r"|\bno (?:information|mention|data|answer)|\b(?:cannot|unable to) (?:be )?(?:determine|answer|find|found)"
    r"|\bnone of the (?:provided )?sources"
)
"""How bare text says that the document does not say something; of folded text."""


def judge_text(question: Question, text: str) -> Verdict:
    """Hold bare text against the gold: as an answer whose result is whichever of its numbers fits."""
    gold, text = question.gold, clean(question, text)
    if gold.status is Status.ABSTAINED:
        says_not = bool(SAYS_NOT.search(fold(text)))
        return Verdict(says_not, "" if says_not else "does not say that the document does not say it")
    # Any one of several short answers, which a long text may hold, is a list of one member.
    items = (*gold.items, *([gold.texts] if gold.texts else []))
    asked = question.model_copy(update={"gold": gold.model_copy(update={"texts": (), "items": items})})
    answer = Answer(question.question, question.question, gold.status, text, question.language)
    results = [Result(q.surface, q.value, q.unit or gold.unit or "") for q in read_quantities(text)]
    verdicts = [judge(asked, replace(answer, result=result)) for result in (None, *results)]
    return next((verdict for verdict in verdicts if verdict.right), verdicts[-1])


def clean(question: Question, text: str) -> str:
    """Return text without thoughts, markup, and the numbers of sources and list items."""
    return "\n".join(_NUMBERING.sub("", draft(sentence, question.language).text) for sentence in split(text))


# ── numbers ─────────────────────────────────────────────────────────────────────────────────

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CALCULATION = re.compile(rf"({_NUMBER})[^\d=]{{0,9}}?[-+−×*÷/]\D{{0,4}}({_NUMBER})[^\d=]{{0,9}}=\D{{0,4}}({_NUMBER})")
_NUMBERING = re.compile(
    r"(?:sources?|materials?|来源|來源|材料)[ :]*\d+(?:(?:[,、]| and )\s*\d+)*|^[(（]\d{1,2}[)）]", re.I
)


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers that an answer may hold: quantities without sign and qualifier, and digits as written."""

    quantities: tuple[Quantity, ...] = ()
    digits: frozenset[str] = frozenset()

    def plus(self, *texts: str) -> Known:
        """Return these numbers and those of more texts."""
        more = tuple(_free(quantity) for text in texts for quantity in read_quantities(text))
        return Known((*self.quantities, *more), self.digits.union(*map(_digits, texts)))

    def holds(self, mention: Mention) -> bool:
        """Tell whether a number is one of these; where it has no unit or is a time, its digits are enough."""
        quantity = mention.quantity
        only_digits = quantity is None or not quantity.unit or quantity.kind in (*TIMES, Kind.RANGE)
        if only_digits and _digits(mention.surface) <= self.digits:
            return True
        return quantity is not None and any(_same(_free(quantity), known) for known in self.quantities)


def known_of(index: Index) -> Known:
    """Return every number of the documents of an index, and the times that its ledger understands."""
    periods = frozenset[str]().union(*(_digits(figure.period) for figure in index.ledger))
    return Known(digits=periods).plus(*(document.readable for document in index.documents.values()))


def wrong_numbers(text: str, known: Known, gold: Gold) -> tuple[str, ...]:
    """Return the numbers of a text that stand nowhere, as written."""
    shown = frozenset(_results(text))
    found = [mention for mention in mentions(text) if _digits(mention.surface) - shown or _is_measured(mention)]
    return tuple(each.surface for each in found if not known.holds(each) and not _is_gold(each.quantity, gold))


def _is_measured(mention: Mention) -> bool:
    """Tell whether a number in words is one to be taken at its word, unlike 一次 or 兩個."""
    kind = mention.quantity.kind if mention.quantity else Kind.OTHER
    return not _digits(mention.surface) and kind in (Kind.AMOUNT, Kind.PERCENT, Kind.MULTIPLE, Kind.AREA)


def _free(quantity: Quantity) -> Quantity:
    return replace(quantity, approx=None, value=abs(quantity.value))


def _same(stated: Quantity, known: Quantity) -> bool:
    counted = not stated.unit or unit_kind(stated.unit) is unit_kind(known.unit) is Kind.COUNT
    return holds(stated, known) or (counted and stated.value == known.value)


def _is_gold(quantity: Quantity | None, gold: Gold) -> bool:
    wanted = [abs(value) for value in (gold.value, *gold.values) if value is not None]
    tolerance = gold.tolerance or 0
    return quantity is not None and any(abs(abs(quantity.value) - value) <= tolerance * value for value in wanted)


def _digits(text: str) -> frozenset[str]:
    return frozenset(plain(_decimal(number)) for number in re.findall(_NUMBER, fold(text)))


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def _results(text: str) -> Iterator[str]:
    """Yield the results of sums, differences, products and quotients written out, where they come out as rounded."""
    for numbers in _CALCULATION.findall(fold(text)):
        a, b, stated = map(_decimal, numbers)
        values = (a + b, abs(a - b), a * b, *((a / b, 100 * a / b) if b else ()))
        half = Decimal(5).scaleb(int(stated.as_tuple().exponent) - 1)
        if any(abs(value - stated) <= half for value in values):
            yield plain(stated)
