"""Exact arithmetic on figures, with the formula shown in the document's own units.

Values are decimals; a division keeps 28 significant digits and says so by its rounding in the text. Nothing is ever
evaluated from text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

from yinju.figures.operations import Operation
from yinju.figures.periods import read_period
from yinju.figures.units import PRECISION, canonical_unit, convert, unit_kind
from yinju.text import fold
from yinju.types import Approx, Computation, Figure, Kind, Quantity, Reason, Role, Span, plain, set_apart

_PERCENT = frozenset({"%", "‰"})
_RATIOS = frozenset({Kind.PERCENT, Kind.RATIO, Kind.MULTIPLE, Kind.RANK})
_NUMERAL = re.compile(
    r"^(?:[第约約近超]|[\d０-９.,，．]|[零〇一二三四五六七八九十百千兩两半]|[多余餘來来幾几數数](?!元)|[-+－—~～至到])+"
)
_SHOWN_SCALES = (
    (Decimal(10) ** 12, "萬億", "万亿"),
    (Decimal(10) ** 8, "億", "亿"),
    (Decimal(10) ** 4, "萬", "万"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Arithmetic that would mean nothing.

    Attributes:
        reason: For machines.
        detail: What does not fit, in the document's own words, such as ``("億元", "家")``.
    """

    reason: Reason
    detail: tuple[str, ...] = ()


def compute(
    operation: Operation, operands: Sequence[Figure], unit: str = "", scale: Decimal = Decimal(1)
) -> Computation | Refusal:
    """Do one operation on figures.

    Args:
        operation: What to do.
        operands: Figures in the order of the operation: minuend first, dividend first, earlier period first for growth,
            share first for part of a whole, the larger group's total first for per unit.
        unit: Unit wanted for the result, for conversions and amounts; empty leaves it to the operands.
        scale: Scale wanted with it (10000 for 萬元).

    Returns:
        The computation, or a refusal when the operands do not go together.
    """
    do = _OPERATIONS.get(operation)
    if do is None or not operands:
        return Refusal(Reason.INCOMPATIBLE, (str(operation),))
    return do(tuple(operands), canonical_unit(unit) if unit else "", scale)


MOST_GROWTH = 1_000_000
"""Growth in percent, above which two figures are not of one thing: 27.2 million passengers and €92.8 million."""

# ── one operation each ──────────────────────────────────────────────────────────────────────


def _difference(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    aligned = _aligned(operands)
    if isinstance(aligned, Refusal) or len(operands) != 2:
        return aligned if isinstance(aligned, Refusal) else Refusal(Reason.INCOMPATIBLE, ("2",))
    larger, smaller = sorted((0, 1), key=lambda i: -aligned[i])
    value = aligned[larger] - aligned[smaller]
    points = operands[0].quantity.unit in _PERCENT and operands[1].quantity.unit in _PERCENT
    base = "個百分點" if points else operands[0].quantity.unit
    if unit and base.startswith(f"{unit}/"):  # asked in 元, stated in 元/月
        base, text = unit, _number_with_unit(value, unit, scale)
    else:
        text = _shown(value, base, operands[0], unit, scale) if not points else f"{plain(value)}{base}"
    formula = f"{_term(operands[larger])} − {_term(operands[smaller], first=False)} = {text}"
    ordered = (operands[larger], operands[smaller])
    return _done(Operation.DIFFERENCE, value, text, base, formula, ordered)


def _remainder(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    """What is left of a whole without parts of the same measure, or without a share of it."""
    whole, part, *more = operands
    if more or whole.quantity.unit == part.quantity.unit == "%":
        return _without_parts(operands, unit, scale)
    if part.quantity.unit not in _PERCENT or whole.quantity.unit in _PERCENT:
        done = _difference(operands, unit, scale)
        if isinstance(done, Refusal) or done.operands[0] is not whole:
            return done if isinstance(done, Refusal) else _incompatible(operands)
        return replace(done, operation=str(Operation.REMAINDER))
    if part.role is not Role.SHARE or part.quantity.unit != "%" or not 0 <= part.quantity.value <= 100:
        return _incompatible(operands)
    value = _divide(whole.quantity.value * (100 - part.quantity.value), Decimal(100))
    text = _shown(value, whole.quantity.unit, whole, unit, scale)
    formula = f"{_term(whole)} × (100% − {_term(part)}) = {text}"
    return _done(Operation.REMAINDER, value, text, whole.quantity.unit, formula, operands)


def _without_parts(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    aligned = _aligned(operands)
    if isinstance(aligned, Refusal):
        return aligned
    value = aligned[0] - sum(aligned[1:], Decimal(0))
    if value < 0:
        return _incompatible(operands)
    text = _shown(value, operands[0].quantity.unit, operands[0], unit, scale)
    formula = f"{' − '.join(_term(o, first=i == 0) for i, o in enumerate(operands))} = {text}"
    return _done(Operation.REMAINDER, value, text, operands[0].quantity.unit, formula, operands)


def _incompatible(operands: tuple[Figure, ...]) -> Refusal:
    return Refusal(Reason.INCOMPATIBLE, tuple(operand.quantity.surface for operand in operands))


def _sum(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    aligned = _aligned(operands)
    if isinstance(aligned, Refusal):
        return aligned
    value = sum(aligned, Decimal(0))
    text = _shown(value, operands[0].quantity.unit, operands[0], unit, scale)
    formula = f"{' + '.join(_term(operand) for operand in operands)} = {text}"
    return _done(Operation.SUM, value, text, operands[0].quantity.unit, formula, operands)


def _mean(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    aligned = _aligned(operands)
    if isinstance(aligned, Refusal):
        return aligned
    value = _divide(sum(aligned, Decimal(0)), Decimal(len(aligned)))
    text = _shown(value, operands[0].quantity.unit, operands[0], unit, scale)
    formula = f"({' + '.join(_term(operand) for operand in operands)}) ÷ {len(operands)} = {text}"
    return _done(Operation.MEAN, value, text, operands[0].quantity.unit, formula, operands)


def _times(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    if len(operands) == 2 and operands[1].per and not operands[0].per:
        return _how_many(operands[0], operands[1])
    aligned = _aligned(operands, same_period=False)
    if isinstance(aligned, Refusal) or aligned[1] == 0:
        return aligned if isinstance(aligned, Refusal) else Refusal(Reason.INCOMPATIBLE, ("0",))
    if operands[0].quantity.kind in _RATIOS - {Kind.PERCENT}:
        return Refusal(Reason.INCOMPATIBLE, tuple(operand.quantity.surface for operand in operands))
    value = _divide(aligned[0], aligned[1])
    number = plain(_rounded(value))
    formula = f"{_term(operands[0])} ÷ {_term(operands[1])} = {number}"
    return _done(Operation.TIMES, value, f"{number}倍", "倍", formula, operands)


def _how_many(total: Figure, each: Figure) -> Computation | Refusal:
    """A total by its value per unit gives the number of units: GDP ÷ GDP per head."""
    value_of_each = convert(each.quantity.value, each.quantity.unit, total.quantity.unit)
    if not value_of_each or not _same_time((total, each)):
        return Refusal(Reason.INCOMPATIBLE, (total.quantity.surface, each.quantity.surface))
    counted = re.sub(r"^平均|^每一?|[百千万萬亿億]|均$", "", each.per) or "个"
    value = _divide(total.quantity.value, value_of_each) * _per_scale(each.per)
    text = _number_with_unit(value.quantize(Decimal(1), ROUND_HALF_UP), counted, Decimal(1))
    formula = f"{_term(total)} ÷ {_term(each)} = {text}"
    return _done(Operation.PER_UNIT, value, text, counted, formula, (total, each))


def _per_scale(per: str) -> Decimal:
    scale = Decimal(1)
    for character in fold(per):
        scale *= {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}.get(character, 1)
    return scale


def _share(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    aligned = _aligned(operands)
    if isinstance(aligned, Refusal) or aligned[1] == 0:
        return aligned if isinstance(aligned, Refusal) else Refusal(Reason.INCOMPATIBLE, ("0",))
    value = _divide(aligned[0] * 100, aligned[1])
    if operands[0].quantity.kind in _RATIOS or not 0 <= value <= 100:
        return _incompatible(operands)
    text = f"{plain(value.quantize(Decimal('0.01'), ROUND_HALF_UP))}%"
    formula = f"{_term(operands[0])} ÷ {_term(operands[1])} × 100% = {text}"
    return _done(Operation.SHARE, value, text, "%", formula, operands)


def _measures_alike(one: Figure, other: Figure) -> bool:
    """Tell whether two figures measure the same, as far as the ledger knows: pupils and teachers are both people."""
    return not (one.metric and other.metric) or fold(one.metric) == fold(other.metric)


def _per_unit(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    total, count = operands[0], operands[1]
    alike = total.quantity.unit == count.quantity.unit
    if count.quantity.value == 0 or (
        alike and (total.quantity.kind is not Kind.COUNT or _measures_alike(total, count))
    ):
        return Refusal(Reason.INCOMPATIBLE, (total.quantity.unit, count.quantity.unit))
    if not _same_time((total, count)):
        return Refusal(Reason.INCOMPATIBLE, (total.period, count.period))
    value = _divide(total.quantity.value, count.quantity.value)
    text = _shown(value, total.quantity.unit, total, unit, scale, own_scale=False)
    formula = f"{_term(total)} ÷ {_term(count)} = {text}"
    converted = convert(value, total.quantity.unit, unit) if unit else None
    if converted is not None:
        return _done(Operation.PER_UNIT, converted, text, unit, formula, operands)
    return _done(Operation.PER_UNIT, value, text, total.quantity.unit, formula, operands)


def _growth(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    aligned = _aligned(operands, same_period=False)
    if isinstance(aligned, Refusal) or aligned[0] == 0:
        return aligned if isinstance(aligned, Refusal) else Refusal(Reason.INCOMPATIBLE, ("0",))
    value = _divide((aligned[1] - aligned[0]) * 100, aligned[0])
    if abs(value) > MOST_GROWTH:
        return Refusal(Reason.INCOMPATIBLE, (_term(operands[0]), _term(operands[1])))
    text = f"{plain(value.quantize(Decimal('0.01'), ROUND_HALF_UP))}%"
    earlier, later = _term(operands[0]), _term(operands[1])
    formula = f"({later} − {earlier}) ÷ {earlier} × 100% = {text}"
    return _done(Operation.GROWTH, value, text, "%", formula, operands)


def compound_growth(earlier: Figure, later: Figure) -> Computation | Refusal:
    """Average yearly growth from the earlier figure to the later one, in percent; both need a year."""
    aligned = _aligned((earlier, later), same_period=False)
    first, last = read_period(earlier.period), read_period(later.period)
    if isinstance(aligned, Refusal):
        return aligned
    if first is None or last is None or last.last_year <= first.last_year or min(aligned) <= 0:
        return Refusal(Reason.INCOMPATIBLE, (earlier.period, later.period))
    n_years = last.last_year - first.last_year
    with localcontext() as context:
        context.prec = PRECISION
        value = ((aligned[1] / aligned[0]) ** (Decimal(1) / n_years) - 1) * 100
    text = f"{plain(value.quantize(Decimal('0.01'), ROUND_HALF_UP))}%"
    formula = f"({_term(later)} ÷ {_term(earlier)})^(1/{n_years}) − 1 = {text}"
    return _done(Operation.GROWTH, value, text, "%", formula, (earlier, later))


def _years_between(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    years = [_year(operand) for operand in operands]
    if len(years) != 2 or years[0] is None or years[1] is None:
        return Refusal(Reason.INCOMPATIBLE, tuple(operand.quantity.surface for operand in operands))
    value = Decimal(abs(years[1] - years[0]))
    text = f"{plain(value)}年"
    formula = f"{max(years[0], years[1])}年 − {min(years[0], years[1])}年 = {text}"
    return _done(Operation.YEARS_BETWEEN, value, text, "年", formula, operands)


def _conversion(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    source = operands[0]
    value = convert(source.quantity.value, source.quantity.unit, unit) if unit else None
    if value is None:
        return Refusal(Reason.INCOMPATIBLE, (source.quantity.unit, unit))
    text = _number_with_unit(value, unit, scale)
    return _done(Operation.CONVERSION, value, text, unit, f"{_term(source)} = {text}", (source,))


def _part_of_whole(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    share, whole = operands[0], operands[1]
    if share.quantity.unit not in _PERCENT or whole.quantity.unit in _PERCENT:
        return Refusal(Reason.INCOMPATIBLE, (share.quantity.unit, whole.quantity.unit))
    # Land does not grow with the year.
    if whole.quantity.kind is not Kind.AREA and not _same_time(operands):
        return Refusal(Reason.INCOMPATIBLE, (share.period, whole.period))
    per = Decimal(100) if share.quantity.unit == "%" else Decimal(1000)
    value = whole.quantity.value * share.quantity.value / per
    text = _shown(value, whole.quantity.unit, whole, unit, scale)
    return _done(
        Operation.PART_OF_WHOLE, value, text, whole.quantity.unit, f"{_term(whole)} × {_term(share)} = {text}", operands
    )


def _extreme(operands: tuple[Figure, ...], unit: str, scale: Decimal, largest: bool) -> Computation | Refusal:
    aligned = _aligned(operands)
    if isinstance(aligned, Refusal):
        return aligned
    order = sorted(range(len(operands)), key=lambda i: -aligned[i] if largest else aligned[i])
    ranked = tuple(operands[i] for i in order)
    signs = [" = " if aligned[a] == aligned[b] else (" > " if largest else " < ") for a, b in pairwise(order)]
    formula = _term(ranked[0]) + "".join(sign + _term(operand) for sign, operand in zip(signs, ranked[1:], strict=True))
    best = ranked[0].quantity
    operation = Operation.ARGMAX if largest else Operation.ARGMIN
    return _done(operation, best.value, best.written, best.unit, formula, ranked)


def _largest(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    return _extreme(operands, unit, scale, largest=True)


def _smallest(operands: tuple[Figure, ...], unit: str, scale: Decimal) -> Computation | Refusal:
    return _extreme(operands, unit, scale, largest=False)


_OPERATIONS: dict[Operation, Callable[[tuple[Figure, ...], str, Decimal], Computation | Refusal]] = {
    Operation.DIFFERENCE: _difference,
    Operation.REMAINDER: _remainder,
    Operation.SUM: _sum,
    Operation.MEAN: _mean,
    Operation.TIMES: _times,
    Operation.SHARE: _share,
    Operation.PER_UNIT: _per_unit,
    Operation.GROWTH: _growth,
    Operation.YEARS_BETWEEN: _years_between,
    Operation.CONVERSION: _conversion,
    Operation.PART_OF_WHOLE: _part_of_whole,
    Operation.ARGMAX: _largest,
    Operation.ARGMIN: _smallest,
}


# ── operands ────────────────────────────────────────────────────────────────────────────────

# Measure words that count the same things in different words, so that their numbers may be added and compared.
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "人 名 位 口",
        "家 户 所 间 座 处 个",
        "项 件 条 种 款 类 门 个 次",
        "座 栋 幢 处 所 个",
        "支 只 个 笔",
        "辆 台 部 架 艘 套",
        "套 间 户 张",
        "列 趟 班 次 航班 班次 航次 艘次 架次",
        "头 只 羽 匹",
        "届 次 轮 期 批 场",
        "棵 株",
        "本 册 部",
        "部 件 项 条",
        "例 台 台次",
        "支 座 根 个",
        "条 座",
        "张 床",
    )
)


def same_measure(left: str, right: str) -> bool:
    """Tell whether two units count alike: equal, or measure words used of the same sort of things."""
    a, b = canonical_unit(left), canonical_unit(right)
    return a == b or any({a, b} <= group for group in _ALIKE)


def _aligned(operands: Sequence[Figure], same_period: bool = True) -> list[Decimal] | Refusal:
    """Values of the operands in the unit of the first, or why they do not go together."""
    first = operands[0]
    values = []
    for operand in operands:
        value: Decimal | None = operand.quantity.value
        if not same_measure(operand.quantity.unit, first.quantity.unit):
            value = convert(operand.quantity.value, operand.quantity.unit, first.quantity.unit)
        if value is None or bool(operand.per) != bool(first.per):
            return Refusal(Reason.INCOMPATIBLE, (first.quantity.surface, operand.quantity.surface))
        values.append(value)
    if same_period and len({operand.entity for operand in operands}) == 1 and not _same_time(operands):
        same_metric = len({fold(operand.metric) for operand in operands}) == 1
        if not same_metric:
            return Refusal(Reason.INCOMPATIBLE, tuple(operand.period for operand in operands))
    return values


def _same_time(operands: Sequence[Figure]) -> bool:
    """Whether the periods of the operands meet; a figure without a period meets any."""
    periods = [period for operand in operands if (period := read_period(operand.period))]
    return all(a.overlaps(b) for a in periods for b in periods)


def _year(figure: Figure) -> int | None:
    if figure.quantity.kind in {Kind.YEAR, Kind.DATE} and 1000 <= figure.quantity.value < 3000:
        return int(figure.quantity.value)
    if figure.quantity.kind is Kind.DATE and 10**7 <= figure.quantity.value < 10**8:
        return int(figure.quantity.value) // 10**4
    period = read_period(figure.period)
    return period.start // 12 if period else None


def _approximation(operation: Operation, operands: Sequence[Figure]) -> Approx | None:
    stated = {operand.quantity.approx for operand in operands if operand.quantity.approx}
    if not stated:
        return None
    keeps = operation in {Operation.SUM, Operation.MEAN, Operation.CONVERSION}
    if (
        keeps
        and len(stated) == 1
        and stated <= {Approx.OVER, Approx.UNDER, Approx.NEARLY, Approx.AT_LEAST, Approx.AT_MOST}
    ):
        return next(iter(stated))
    if operation in {Operation.ARGMAX, Operation.ARGMIN}:
        return operands[0].quantity.approx
    return Approx.ABOUT


# ── back from rates ─────────────────────────────────────────────────────────────────────────


def literal(value: Decimal, surface: str, unit: str) -> Figure:
    """A number the question gives, as an operand: it goes into the formula and needs no citation."""
    nowhere = Span(0, 0)
    kind = unit_kind(unit) if unit else Kind.OTHER
    return Figure("", "", Quantity(nowhere, surface, value, unit, kind), nowhere, nowhere)


def start_value(level: Figure, growth: Figure, unit: str = "", scale: Decimal = Decimal(1)) -> Computation | Refusal:
    """The value before a change: level ÷ (1 + growth)."""
    factor = 1 + growth.quantity.value / 100
    if growth.quantity.unit != "%" or factor <= 0:
        return Refusal(Reason.INCOMPATIBLE, (growth.quantity.surface,))
    value = _divide(level.quantity.value, factor)
    text = _shown(value, level.quantity.unit, level, unit, scale)
    sign = "−" if growth.quantity.value < 0 else "+"
    size = growth.quantity.surface.lstrip("-−－")
    formula = f"{_term(level)} ÷ (1 {sign} {size}) = {text}"
    done = _done(Operation.START_VALUE, value, text, level.quantity.unit, formula, (level, growth))
    return replace(done, approx=Approx.ABOUT)


def whole_value(part: Figure, share: Figure, unit: str = "", scale: Decimal = Decimal(1)) -> Computation | Refusal:
    """The whole of which a part is a share: part ÷ share."""
    if share.quantity.unit not in _PERCENT or share.quantity.value <= 0:
        return Refusal(Reason.INCOMPATIBLE, (share.quantity.surface,))
    per = Decimal(100) if share.quantity.unit == "%" else Decimal(1000)
    value = _divide(part.quantity.value * per, share.quantity.value)
    text = _shown(value, part.quantity.unit, part, unit, scale)
    formula = f"{_term(part)} ÷ {_term(share)} = {text}"
    done = _done(Operation.WHOLE, value, text, part.quantity.unit, formula, (part, share))
    return replace(done, approx=Approx.ABOUT)


def base_value(own: Figure, difference: Figure, lower: bool = False) -> Computation | Refusal:
    """What a percentage is compared with: itself less its lead, or plus what it lacks when ``lower``."""
    size = abs(difference.quantity.value)
    value = own.quantity.value + (size if lower else -size)
    text = f"{plain(value)}%"
    sign = "+" if lower else "−"
    size_text = difference.quantity.surface.lstrip("-−－")
    formula = f"{_signed(own)} {sign} {size_text} = {text}"
    return _done(Operation.BASE_VALUE, value, text, "%", formula, (own, difference))


def base_of_multiple(own: Figure, multiple: Figure, scale: Decimal = Decimal(1)) -> Computation | Refusal:
    """What a value is so many times of: value ÷ multiple."""
    if multiple.quantity.unit != "倍" or multiple.quantity.value <= 0 or own.quantity.unit == "倍":
        return Refusal(Reason.INCOMPATIBLE, (multiple.quantity.surface,))
    value = _divide(own.quantity.value, multiple.quantity.value)
    percent = own.quantity.unit in _PERCENT
    text = (
        f"{plain(_rounded(value))}{own.quantity.unit}" if percent else _shown(value, own.quantity.unit, own, "", scale)
    )
    formula = f"{_term(own)} ÷ {_term(multiple)} = {text}"
    done = _done(Operation.BASE_VALUE, value, text, own.quantity.unit, formula, (own, multiple))
    return replace(done, approx=Approx.ABOUT)


def _signed(figure: Figure) -> str:
    surface = figure.quantity.written
    negative = figure.quantity.value < 0 and not surface.startswith(("-", "−", "－"))
    return f"−{surface}" if negative else surface


def _done(
    operation: Operation, value: Decimal, text: str, unit: str, formula: str, operands: tuple[Figure, ...]
) -> Computation:
    approx = _approximation(operation, operands)
    stated = tuple(operand for operand in operands if operand.document)
    return Computation(str(operation), value, text, unit, formula, stated, approx)


# ── numbers as they are shown ───────────────────────────────────────────────────────────────


def _divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = PRECISION
        return dividend / divisor


def _rounded(value: Decimal) -> Decimal:
    """One decimal from ten upwards, two below, three significant digits below one; halves go up."""
    if value == value.to_integral_value():
        return value.to_integral_value()
    size = abs(value)
    step = Decimal("0.1") if size >= 10 else Decimal("0.01") if size >= 1 else Decimal(1).scaleb(size.adjusted() - 2)
    return value.quantize(step, ROUND_HALF_UP)


def _term(figure: Figure, first: bool = True) -> str:
    return figure.quantity.written


def _label(figure: Figure) -> str:
    """Scale and unit as the document writes them: ``9501億元`` → ``億元``, ``120多倍`` → ``倍``."""
    bare = figure.quantity.surface.strip()
    headed = figure.quantity.written.removeprefix(bare)
    return headed or _NUMERAL.sub("", bare).strip()


def _shown(value: Decimal, base: str, like: Figure, unit: str, scale: Decimal, own_scale: bool = True) -> str:
    """Write a result: in the unit wanted, else as the document writes the operand it is like."""
    if unit and (converted := convert(value, base, unit)) is not None and (scale != 1 or unit != canonical_unit(base)):
        return _number_with_unit(converted, unit, scale)
    own = like.quantity.scale
    if money := _MONEY.fullmatch(like.quantity.surface.strip()):
        own = own if own_scale and abs(value) >= own / 100 else Decimal(1)
        return (
            f"{'−' if value < 0 else ''}{money['sign']}{_grouped(abs(value) / own)}{money['after'] if own > 1 else ''}"
        )
    label = _label(like)
    plainly = not any(character.isdigit() for character in label)  # and not 1億2,000萬元, of two scales
    number = _grouped if "," in like.quantity.surface and own == 1 else lambda n: plain(_rounded(n))
    if number is _grouped and not label:
        return _grouped(value)
    if own_scale and label and plainly and abs(value) >= own / 100:
        return f"{number(value / own)}{set_apart(label)}"
    traditional = label != fold(label) or like.quantity.unit != fold(like.quantity.unit)
    for size, long, short in _SHOWN_SCALES:
        if abs(value) >= size and not (base and base.isascii()):
            return f"{plain(_rounded(value / size))}{long if traditional else short}{base}"
    return f"{plain(_rounded(value))}{set_apart(base)}"


_MONEY = re.compile(r"(?P<sign>[A-Za-z]{0,3}[$€£¥] ?)(?P<number>[0-9][0-9,.]*)(?P<after>[^0-9]*)")
"""A sum of money with its sign before it, as in English."""


def _grouped(value: Decimal) -> str:
    """A number with a comma between its thousands."""
    return f"{Decimal(plain(_rounded(value))):,f}"


def _number_with_unit(value: Decimal, unit: str, scale: Decimal) -> str:
    names = {
        Decimal(10) ** 12: "萬億",
        Decimal(10) ** 8: "億",
        Decimal(10) ** 4: "萬",
        Decimal(1000): "千",
        Decimal(100): "百",
    }
    if scale in names:
        return f"{plain(_exact_or_rounded(value / scale))}{names[scale]}{unit}"
    return f"{plain(_exact_or_rounded(value))}{unit}"


def _exact_or_rounded(value: Decimal) -> Decimal:
    """The value itself where it is short, else rounded to two decimals or three significant digits."""
    return value if len(plain(value)) <= 12 else _rounded(value)
