"""What a written quantity leaves open: an interval, by the digits written and by its qualifier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yinju.text import fold
from yinju.types import Approx, Kind, Quantity

_ZERO, _ONE = Decimal(0), Decimal(1)
_DIGITS = re.compile(r"\d[\d,]*(?:\.(\d+))?")

# How far a qualifier reaches, as parts of the value written: "nearly 60 %" is not less than 57 %.
_NEARLY, _ABOUT, _UNDER = Decimal("0.05"), Decimal("0.05"), Decimal("0.5")
_OVER_AT_LEAST = Decimal("0.1")
# A round number (8000, 20万) may have been rounded to its last digit that is not zero, but by no more than this part.
_ROUND_AT_MOST = Decimal("0.025")
_UNBOUNDED = Decimal(10) ** 30
# What is computed is told to match what is stated only this near, as a part of it: farther off rounding may explain
# the gap, and that is no match.
_NEAR = Decimal("0.01")
_IN_HUNDREDTHS = frozenset({"%", "‰", "个百分点", "個百分點"})


@dataclass(frozen=True, slots=True)
class Interval:
    """The values a statement leaves open, both ends included; ``low <= high``."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        """Tell whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def over(self, other: Interval) -> Interval:
        """Divide positive intervals."""
        return Interval(self.low / other.high, self.high / other.low)

    def times(self, factor: Decimal) -> Interval:
        """Multiply with a positive number."""
        return Interval(self.low * factor, self.high * factor)

    def widened(self, part: Decimal) -> Interval:
        """Add a part of the value on both sides."""
        return Interval(self.low - abs(self.low) * part, self.high + abs(self.high) * part)

    @property
    def is_positive(self) -> bool:
        """Whether the interval can be divided by."""
        return self.low > 0


def interval(quantity: Quantity) -> Interval:
    """Return what a quantity leaves open, by the digits written and its qualifier, in the base unit."""
    value, half = quantity.value, _rounding(quantity)
    size, step = abs(value), _last_place(quantity)
    match quantity.approx:
        case Approx.ABOUT:
            low, high = size - max(half, size * _ABOUT), size + max(half, size * _ABOUT)
        case Approx.NEARLY:
            low, high = size * (1 - _NEARLY), size
        case Approx.OVER:
            low, high = size, size + (step if n_digits(size) > 2 else max(step, size * _OVER_AT_LEAST))
        case Approx.UNDER:
            low, high = size * _UNDER, size
        case Approx.AT_LEAST:
            low, high = size, _UNBOUNDED
        case Approx.AT_MOST:
            low, high = _ZERO, size
        case _:
            low, high = size - half, size + half
    return Interval(low, high) if value >= 0 else Interval(-high, -low)


def is_near(exact: Decimal, quantity: Quantity) -> bool:
    """Whether a computed value is what is stated, or within about 1 % of it.

    A qualifier is taken at its word, and a percentage at its last digit: 6.91 % is 6.9 %.
    """
    stated = _at_its_word(quantity).widened(_NEAR)
    return stated.low <= exact <= stated.high


def are_near(left: Quantity, right: Quantity) -> bool:
    """Whether two statements of one thing are the same value, or within about 1 %."""
    return _at_its_word(left).widened(_NEAR).meets(_at_its_word(right))


def _at_its_word(quantity: Quantity) -> Interval:
    if quantity.approx is None and quantity.kind is not Kind.RATIO and quantity.unit not in _IN_HUNDREDTHS:
        return Interval(quantity.value, quantity.value)
    return interval(quantity)


def ratio_of(top: Quantity, bottom: Quantity) -> Interval:
    """Divide two positive values of one kind that were written side by side: 2.5億 ÷ 2億.

    Both are read to the finer of their last digits (2億 beside 2.5億 is 2.0億), and errors of rounding, which are
    independent of each other, add up as the root of their squares.
    """
    if top.approx is not None or bottom.approx is not None:
        return interval(top).over(interval(bottom))
    decimals = max(_n_decimals(top), _n_decimals(bottom)) if top.scale == bottom.scale else 0
    errors = [_rounding(each, max(decimals, _n_decimals(each))) / abs(each.value) for each in (top, bottom)]
    ratio = top.value / bottom.value
    half = ratio * sum((error * error for error in errors), _ZERO).sqrt()
    return Interval(ratio - half, ratio + half)


def _n_decimals(quantity: Quantity) -> int:
    written = _DIGITS.search(fold(quantity.surface))
    return len(written.group(1) or "") if written else 0


def _rounding(quantity: Quantity, n_decimals: int = 0) -> Decimal:
    size = abs(quantity.value)
    written = _DIGITS.search(fold(quantity.surface))
    if written and written.group(1):
        return quantity.scale.scaleb(-len(written.group(1))) / 2
    if quantity.kind is Kind.RATIO:
        return size * _ABOUT / 2
    if quantity.kind is Kind.COUNT and quantity.scale == 1:
        return _ZERO
    written_half = quantity.scale.scaleb(-n_decimals) / 2
    return max(written_half, min(_last_place(quantity) / 2, size * _ROUND_AT_MOST))


def _last_place(quantity: Quantity) -> Decimal:
    """The place of the last digit that is not zero: 8000 → 1000, 23.6 → 0.1."""
    digits = abs(quantity.value).normalize().as_tuple()
    return _ONE.scaleb(int(digits.exponent)) if len(digits.digits) < 20 else _ZERO


def n_digits(size: Decimal) -> int:
    """Count the digits of a number up to the last that is not zero: 8000 → 1, 23.6 → 3."""
    return len(size.normalize().as_tuple().digits)
