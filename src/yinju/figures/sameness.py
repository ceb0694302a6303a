"""Whether two rows speak of the same thing, and whether their values can both be true."""

from __future__ import annotations

import re
from decimal import Decimal

import yinju.figures.cues as cues
from yinju.figures.compute import same_measure
from yinju.figures.profiles import Profile, core
from yinju.text import fold, words
from yinju.types import Approx, Figure

_SAYS_NOTHING = cues.LIGHT | cues.word_set(
    """
    增加值 gdp 生产总值 全社会 拥有 拥有量 企业 共有 累计 现有 全部 同比 比上年
    """
)
"""Words that one statement of a thing may have and another leave out."""
_HAS = cues.word_set("拥有 拥有量 共有 全部 全社会 数量 总数")
"""Words of having, which change nothing of what is had."""
_SHARE_WORDS = cues.word_set(
    """
    占 比 占比 比重 份额 比例 达 达到 超 超过 近 接近 突破 全区 全市 全省 本区 其中
    """
)


LEAST_NAME = 4
"""Characters of a name that says enough to be of one thing wherever it stands."""
# Said of all there is, or not said: 全線網列車正點率, 列車正點率.
_AS_A_WHOLE = re.compile(r"^(?:全(?:线网|省|市|区|县|镇|院|校|公司|集团|行业|港|馆|社|系统|网)|线网)的?")


def comparable(best: Profile, other: Profile) -> bool:
    """Whether two rows agree in role, unit, document, subject and time, so that their values may be compared."""
    a, b = best.figure, other.figure
    same_role = (a.role, best.target, bool(best.per)) == (
        b.role,
        other.target,
        bool(other.per),
    )
    if not same_role or not same_measure(a.quantity.unit, b.quantity.unit) or a.document != b.document:
        return False
    if best.entity and other.entity and best.entity != other.entity:
        x, y = core(best.entity), core(other.entity)
        if x not in y and y not in x:
            return False
    if best.months and other.months:
        return best.months == other.months
    # Where a time is not stated, values far apart are of different times rather than of different opinions.
    low, high = sorted((abs(a.quantity.value), abs(b.quantity.value)))
    return high <= low * Decimal("1.5")


def agree(best: Profile, other: Profile) -> bool:
    """Whether two rows say one thing of one thing."""
    return comparable(best, other) and values_agree(best.figure, other.figure) and same_metric(best, other)


def same_metric(a: Profile, b: Profile) -> bool:
    """Whether the words of two rows measure one thing: those of one are, but for a few, among those of the other."""
    x, y = metric_words(a), metric_words(b)
    only_x = [word for word in x if not any(word in other or other in word for other in y)]
    only_y = [word for word in y if not any(word in other or other in word for other in x)]
    return bool(x and y) and all(word in _SAYS_NOTHING for word in (*only_x, *only_y))


def same_name(a: Profile, b: Profile) -> bool:
    """Whether two rows call what they measure by the same words, and by more than one sign."""
    x, y = metric_words(a), metric_words(b)
    return x == y and sum(map(len, x)) >= LEAST_NAME and bool(a.figure.metric and b.figure.metric)


def metric_words(profile: Profile) -> frozenset[str]:
    """The words of what a row measures, function words and words of share left out."""
    text = fold(profile.figure.metric) or profile.own
    text = _AS_A_WHOLE.sub("", text.replace(profile.per, "") if profile.per else text)
    for pattern, word in cues.PHRASES:
        text = pattern.sub(f" {word} ", text)
    kept = {w for w in words(text) if w not in cues.STOP and w not in _SHARE_WORDS and w != profile.entity}
    return frozenset(w for w in kept if not any(w != other and w in other for other in kept))


def thing_of(profile: Profile) -> str:
    """What a row states something of, in a form that does not hang on how it is worded: 專利擁有量, 擁有專利."""
    figure = profile.figure
    words_that_tell = sorted(word for word in metric_words(profile) if word not in _HAS)
    measured = " ".join(words_that_tell) or figure.metric
    parts = figure.document, figure.entity, profile.per, measured, figure.period, figure.role, figure.quantity.unit
    return "|".join(parts)


def values_agree(a: Figure, b: Figure) -> bool:
    """Whether two stated values can be one: equal after rounding to the coarser, or within what 約, 近, 超 allow."""
    x, y = a.quantity, b.quantity
    (low_x, high_x), (low_y, high_y) = _interval(a), _interval(b)
    return x.value == y.value or (low_x < high_y and low_y < high_x)


def _interval(figure: Figure) -> tuple[Decimal, Decimal]:
    """What a stated value can stand for: half its last digit either way, or as far as 約, 近, 超 usually go."""
    quantity = figure.quantity
    low, high = quantity.value, quantity.high if quantity.high is not None else quantity.value
    half = _last_digit(low, quantity.scale) / 2
    digit = Decimal(1).scaleb(_last_place(low)) if low else Decimal(0)
    twentieth = abs(low) / 20
    match quantity.approx:
        case Approx.OVER | Approx.AT_LEAST:
            return low - half, high + max(2 * twentieth, digit)
        case Approx.NEARLY:
            return low - min(twentieth, digit), high
        case Approx.UNDER | Approx.AT_MOST:
            return low - max(2 * twentieth, digit), high + half
        case Approx.ABOUT:
            return low - twentieth, high + twentieth
    return low - half, high + half


def _last_digit(value: Decimal, scale: Decimal) -> Decimal:
    """The place of the last digit written: 0.01 for 7.66, 100 million for 9501億."""
    exponent = (value / scale).normalize().as_tuple().exponent
    return scale * Decimal(1).scaleb(min(0, exponent)) if isinstance(exponent, int) else Decimal(1)


def _last_place(value: Decimal) -> int:
    """The power of ten of the last digit that is not zero: 12 for two trillion."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def distinct(*figures: Figure) -> tuple[Figure, ...]:
    """The figures without those whose value an earlier one has."""
    kept: list[Figure] = []
    for figure in figures:
        if all(figure.quantity.value != other.quantity.value for other in kept):
            kept.append(figure)
    return tuple(kept)
