"""Arithmetic that the words of a sentence announce: sums, changes, shares, distances, structures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yinju.figures.findings import (
    FROM,
    GDP,
    LIGHT,
    AuditFinding,
    DocumentFigures,
    SentenceFigures,
    alike,
    best,
    compared,
    core,
    finding_language,
    levels_of,
)
from yinju.figures.intervals import Interval, interval, ratio_of
from yinju.figures.units import canonical_unit
from yinju.figures.wholes import HALVES, SHARE_OF, grid_of, share_of, sum_of
from yinju.text import fold, to_language
from yinju.types import Approx, Figure, Kind, Role

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
# Parts that miss their total by no more than this part of it were meant to make it up.
_NEAR_MISS = Decimal("0.01")
_PARTS_FOLLOW = re.compile(
    r"其中|[，,;；:：(（]\s*(?:包括|包含|分别[为是]|分为)|including|of which|of whom|comprising|consisting of|"
    r"(?:made|split|divided|broken down) (?:up of|into)"
)
_ALL_PARTS = re.compile(r"分为|分别[为是]|consisting of|comprising|(?:made|split|divided|broken down) (?:up of|into)")
# What amounts of money may be both, so that parts overlap: 工業投資 and 民間投資.
_CROSSING = re.compile(
    r"民间|民营|私营|国有|国资|外资|外商|台资|中长期|短期|一般贸易|加工贸易|跨境|绿色|普惠|小微|涉农|三农|高新?技术|重点|新增|新兴|数字|"
    r"线上|网上|网络|自主|本地|基础设施|private|foreign|green|online|exports?|recurring|long-term|short-term"
)
_PEOPLE = frozenset(
    "人 people persons employees staff workers students residents members men women boys girls".split()
)  # English words that count people, with others among them.
_SUM_FOLLOWS = re.compile(
    r"(?:合计|总计|之和|in total|totall?ing|a total of|adding up to|(?:add|sum) up to)[^，,;；]{0,6}$"
)
_TO = re.compile(r"^[^;；。]{0,24}(?:到|至|为|成|\sto\s)[^;；。，,]{0,8}$")
_CHANGED = re.compile(
    r"^(?:\sin\s\d{4})?[，,、\s(（]*(?:同比|累计|共|总共|净|比\S{1,4}|\d{1,2}年)?(?:实现)?"
    r"(?:[增涨升降减]幅度?|增速|增长率|增长幅度|增长|增加|提高|提升|上升|扩大|扩容|下降|降低|减少|缩小|回落|翻|增|升|降|up|down|"
    r"(?:an?|representing an?) (?:increase|rise|growth|gain|jump|fall|decline|decrease|drop|reduction) of|"
    r"(?:increas|ris|grow|fall|declin|decreas|dropp)ing)(?:了|到|达|为|是|近|约|超|超过|by|\s)*$"
)
# A percentage that a noun calls a change: a 30% increase, a decline of 30%.
_CALLED = r"\s(?:(?:increase|rise|growth|gain|jump)|(?P<less>fall|decline|decrease|drop|reduction))\b"
_CALLED_AFTER = re.compile(_CALLED)
_CALLED_BEFORE = re.compile(r"(?:\sin\s\d{4})?[,\s(]*(?:or|representing|which is)?\s*an?" + _CALLED + r"\sof\s")
_AN = re.compile(r"(?:\sin\s\d{4})?[,\s(]*(?:or|representing|which is)?\s*an?\s")
# A change before the values that it leads from and to.
_FROM_COMES = re.compile(r"[，,\s(（]*(?:由|从|自|from\s)(?P<what>[^，,;；。]{0,12})")
_TO_FROM = re.compile(
    r"\s(?:in \d{4}\s)?to\s(?:about\s)?"
    r"|[^，,;；。]{0,4}(?:增|提高|提升|上升|扩大|下降|减少|降低|降|升)\S{0,2}[至到为][^，,;；。\d]{0,8}"
)
_TO_COMES = re.compile(r"\s(?:to|reaching)\s(?:about\s)?")
_BASE_COMES = re.compile(r"(?:\s?,?\sin \d{4})?,?\sfrom\s(?:about\s)?")
_WHOLES = (
    (r"进出口(?:总[额值])?$", (r"(?<!进)出口(?:总?[额值])?$", r"进口(?:总?[额值])?$")),
    (r"^[^业]*(?:国内|地区)?生产总值$|^[^业]*gdp$", tuple(rf"第{n}产业(?:增加值)?$" for n in "一二三")),
)
"""Wholes that official statistics define by their parts: trade, and output by three sectors."""
_CLOSE = 200
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ROUNDED_SHARE = Decimal("0.06")
_MOST_PARTS = 20
_LONGEST_LINK = 30
_YEARLY = re.compile(r"年均|平均|复合|annual|average|可比|不变价|实际|同口径|名义")
# Growth of these is measured at constant prices or on a changed base: amounts at the prices of the time deny nothing.
_REAL = re.compile(GDP.pattern + r"|增加值|real\s")
_REAL_TERMS = re.compile(_REAL.pattern + r"|产值|产出")
_ADJUSTED = re.compile(
    _YEARLY.pattern + r"|不变|扣除|剔除|还原|口径|constant|adjusted|like-for-like|organic|comparable|\breal\b"
    r"|exclud|one-time|underlying|pro forma"
)
_RELATIVE_YEARS = {
    "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "last year": -1, "今年": 0, "本年": 0, "当年": 0, "this year": 0,
}  # fmt: skip
_A_YEAR = re.compile(
    r"(?P<year>(?<!\d)(?:19|20)\d{2})(?:年度?)?(?!\d)"
    r"|(?P<word>前年|去年|上一?年|今年|本年|当年|last year|this year)(?:度|同期)?"
)
_IN_YEARS = re.compile(r"\sin (?P<first>\d{4}),? (?:and|then)\s+in (?P<last>\d{4})\b[^.;]*")
_PART_OF_A_YEAR = re.compile(r"[月季旬周日]|半年|quarter|month|half|week")
_GROWTH_HEAD = re.compile(
    r"(?:[比较]上年|同比|年)?(?:增长|增减|[增涨]幅度?|增速|变动|变化)[率%]?|同比"
    r"|(?:annual |yoy )?(?:change|growth|increase)(?: rate)?"
)
_THAN = re.compile(r"[，,、\s(（]*(?:比|较|相比于?|compared (?:with|to))(?P<what>[^，,;；。]{1,24})")
_FROM_BASE = re.compile(
    r"\s*(?:from|compared (?:with|to))\s(?:the\s|last year's\s)?|[，,\s(（]+(?:去年|上一?年)(?:同期)?(?:为|是)?"
)
_LISTED = re.compile(r"(?:\sfor \w{1,12})?(?:[、,，]|\s*(?:和|与|及|以及|and)\s*)[^\d、,，;；:：。]{0,12}")
# Margins by definition: the rate, what is divided, and by what.
_REVENUE = re.compile(r"(?:总?营收|(?:主?营业?|销售|总)?(?:收入|额)|(?:total\s)?revenues?|sales)")
_MARGINS = (
    (re.compile(r"利润率|profit margin"), re.compile(r"利润|profit")),
    (re.compile(r"毛利润?率|gross (?:profit )?margin"), re.compile(r"毛利润?|gross profit")),
    (re.compile(r"净利润?率|net (?:profit )?margin"), re.compile(r"净利润?|net (?:profit|income)")),
    (re.compile(r"营业利润率|operating (?:profit )?margin"), re.compile(r"营业利润|operating (?:profit|income)")),
)


def _sums(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A total and the parts listed after it (其中, 包括) or before it (合计)."""
    figures = sentence.figures
    for position, total in enumerate(figures):
        parts: list[Figure] = []
        for other in figures[position + 1 : position + 1 + _MOST_PARTS]:
            if not _is_part(other, total):
                if other.quantity.unit in ("%", "个百分点", "個百分點"):
                    continue
                break
            parts.append(other)
        if (rest := _rest_of_halves(sentence, total, parts)) is not None:
            yield from _halves(total, parts, rest)
        elif len(parts) >= 2 and _PARTS_FOLLOW.search(sentence.between(total, parts[0])[:_LONGEST_LINK]):
            yield from sum_of(total, parts, _lists_all(sentence, total, parts))
        elif len(parts) == 1 and _is_above(sentence, total, parts[0]):
            yield from _part_above_whole(total, parts[0])
        before = [f for f in figures[max(0, position - _MOST_PARTS) : position] if _is_part(f, total)]
        is_one = _OTHERS.match(fold(total.metric)) is not None
        if len(before) >= 2 and not is_one and _SUM_FOLLOWS.search(sentence.before(total)):
            close = all(
                right.quantity.span.start - left.quantity.span.end <= _LONGEST_LINK
                for left, right in zip(before, (*before[1:], total), strict=True)
            )
            yield from _sum_before(_as_sum(total), before, close)


def _rest_of_halves(sentence: SentenceFigures, total: Figure, parts: Sequence[Figure]) -> str | None:
    """What the first two parts are both called, where one is the complement of the other: 男員工, 女員工 → 員工."""
    if len(parts) < 2 or len(sentence.between(total, parts[0])) > _LONGEST_LINK:
        return None
    units = fold(parts[0].quantity.unit), fold(parts[1].quantity.unit)
    if units in HALVES or units[::-1] in HALVES:
        return " ".join(units)
    one, other = (
        LIGHT.sub("", _PARTS_FOLLOW.sub("", re.split(r"[，,、;；]", sentence.between(left, right))[-1]))
        for left, right in ((total, parts[0]), (parts[0], parts[1]))
    )
    for pair in HALVES:
        for first, second in (pair, pair[::-1]):
            if one.startswith(first) and other.startswith(second):
                rest = one.removeprefix(first), other.removeprefix(second)
                return max(rest) if rest[0] == rest[1] or not all(rest) else None
    return None


_OTHERS = re.compile(r"其他|其余|另外|\bother")
"""A total of what is left is one more part: 其他地區合計3.6億元."""


def _halves(total: Figure, parts: Sequence[Figure], rest: str) -> Iterator[AuditFinding]:
    """Halves have nothing in common, so they never exceed the whole; if it is of the same name, they make it up."""
    fitting = [list(sum_of(total, chosen, accuse=False)) for chosen in (parts, parts[:2])]
    if any(fitting):
        yield from best(fitting)
        return
    exceeds = sum(interval(part.quantity).low for part in parts[:2]) > interval(total.quantity).high
    named = len(parts) == 2 and (rest in ("", "性") or rest in fold(total.metric))
    is_whole = max(part.quantity.value for part in parts[:2]) < total.quantity.value
    yield from sum_of(total, parts[:2], accuse=is_whole and (exceeds or named))


def _as_sum(total: Figure) -> Figure:
    """A total as it is meant where the words for it read like a limit: adding *up to* 100%."""
    if total.quantity.approx is not Approx.AT_MOST:
        return total
    return replace(total, quantity=replace(total.quantity, approx=None))


def _sum_before(total: Figure, before: Sequence[Figure], close: bool) -> Iterator[AuditFinding]:
    """The sum may be of the last few only: what it cost, then takings here, there and in total."""
    fitting = [[f for f in sum_of(total, before[k:], True) if f.holds] for k in range(len(before) - 1)]
    plainly = close and len({figure.quantity.unit for figure in (*before, total)}) == 1
    yield from best(fitting if any(fitting) else [sum_of(total, before, accuse=plainly)])


def _is_above(sentence: SentenceFigures, total: Figure, part: Figure) -> bool:
    joined = re.fullmatch(r"[，,、;；\s(（]*(?:其中|of which)[^，,;；。]{0,16}", sentence.between(total, part))
    return bool(joined) and interval(part.quantity).low > interval(total.quantity).high


def _part_above_whole(total: Figure, part: Figure) -> Iterator[AuditFinding]:
    formula = f"{part.quantity.surface} > {total.quantity.surface}"
    language = finding_language(total)
    stop = "." if language == "en" else "。"
    verdict = "a part is more than its whole" if language == "en" else to_language("部分大于整体", language)
    yield AuditFinding("sum", False, f"{formula}: {verdict}{stop}", formula, (part, total))


def _is_part(part: Figure, total: Figure) -> bool:
    people = part.quantity.unit in _PEOPLE and total.quantity.unit in _PEOPLE
    return (
        (people or alike(part, total)) and part.quantity.unit not in ("", "%", "倍") and part.per == total.per
        and part.role in (Role.LEVEL, Role.INCREMENT) and total.role in (Role.LEVEL, Role.INCREMENT)
        and part.target == total.target
    )  # fmt: skip


def _lists_all(sentence: SentenceFigures, total: Figure, parts: Sequence[Figure]) -> bool:
    """Whether the parts listed are all there are: the text counts them, or says what the whole is made of."""
    largest = max(part.quantity.value for part in parts)
    if largest >= total.quantity.value or len(sentence.between(total, parts[0])) > _LONGEST_LINK:
        return False
    if _ALL_PARTS.search(sentence.between(total, parts[0])):
        return True
    counted = any(
        f.quantity.kind is Kind.COUNT and f.quantity.value == len(parts) and f.quantity.span < total.quantity.span
        for f in sentence.figures
    )
    excess = sum((interval(part.quantity).low for part in parts), _ZERO) - interval(total.quantity).high
    # Amounts of money do not overlap as groups of people do; but a part above the whole was no part of it.
    end = parts[-1].quantity.span.end - sentence.start
    crosses = _CROSSING.search(sentence.text[total.quantity.span.end - sentence.start : end + _LONGEST_LINK])
    exceeds = total.quantity.kind is Kind.AMOUNT and excess > 0 and not crosses
    gap = abs(sum((part.quantity.value for part in parts), _ZERO) - total.quantity.value)
    return counted or exceeds or gap <= total.quantity.value * _NEAR_MISS


def _changes(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """From A to B, and by how much: a percentage, a multiple, percentage points or a plain difference."""
    for a, b, change in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if (
            canonical_unit(a.quantity.unit) != canonical_unit(b.quantity.unit)
            or a.per != b.per
            or a.target
            or a.role is Role.CHANGE
        ):
            continue
        if not FROM.search(sentence.before(a)) or not _TO.search(sentence.between(a, b)):
            continue
        words = sentence.between(b, change)
        change = _called_a_change(sentence, change, words)
        if _YEARLY.search(words) or re.search(r"[;；。]", words) or len(words) > _LONGEST_LINK:
            continue
        if not min(interval(a.quantity).low, interval(b.quantity).low) > 0:
            continue
        adjusted = change.quantity.unit == "%" and (_REAL.search(fold(b.metric)) or _ADJUSTED.search(sentence.text))
        yield from _change(a, b, change, accuse=not adjusted and _tells_change(a, b, change, words))


def _called_a_change(sentence: SentenceFigures, change: Figure, words: str) -> Figure:
    """A percentage that a noun beside it calls a change, as such a change; ``words`` are those before it."""
    called = _CALLED_BEFORE.fullmatch(words)
    if called is None and _AN.fullmatch(words):
        called = _CALLED_AFTER.match(sentence.text, change.quantity.span.end - sentence.start)
    if called is None or change.quantity.unit != "%":
        return change
    value = -abs(change.quantity.value) if called["less"] else change.quantity.value
    return replace(change, role=Role.CHANGE, quantity=replace(change.quantity, value=value))


def _tells_change(a: Figure, b: Figure, change: Figure, words: str) -> bool:
    """Whether the words between say that B came of A by this change, and of nothing else."""
    if _CHANGED.search(words) or _CALLED_BEFORE.fullmatch(words) or _AN.fullmatch(words):
        return True
    match = re.fullmatch(r"[，,、\s]*([^，,、;；。]{2,10}?)(?:翻|增长|增加|扩大|提高|下降|减少|上升)了?", words)
    name = core(match.group(1)) if match else ""
    return bool(name) and name == (core(b.metric, b.entity) or core(a.metric, a.entity) or name)


def _change(a: Figure, b: Figure, change: Figure, accuse: bool) -> Iterator[AuditFinding]:
    first, last = interval(a.quantity), interval(b.quantity)
    ratio, unit = last.over(first), canonical_unit(change.quantity.unit)
    exact = b.quantity.value / a.quantity.value
    quotient = f"{b.quantity.surface} ÷ {a.quantity.surface}"
    if unit == "倍" and change.role in (Role.CHANGE, Role.LEVEL):
        less = Interval(ratio.low - 1, ratio.high - 1)
        as_growth = less.meets(interval(change.quantity)) and not ratio.meets(interval(change.quantity))
        computed, value = (less, exact - 1) if as_growth else (ratio, exact)
        left = f"{quotient} − 1" if as_growth else quotient
        yield from compared("ratio", computed, value, left, (b, a), change, accuse, "倍")
    elif unit == "%" and a.quantity.unit != "%" and change.role is Role.CHANGE:
        ratio = ratio_of(b.quantity, a.quantity)
        growth = Interval((ratio.low - 1) * 100, (ratio.high - 1) * 100)
        yield from compared(
            "change", growth, (exact - 1) * 100, f"{quotient} − 1", (b, a), change, accuse, "%"
        )  # fmt: skip
    elif (unit == "个百分点" and a.quantity.unit == "%") or (alike(a, change) and unit != "%"):
        left = f"{b.quantity.surface} − {a.quantity.surface}"
        difference = b.quantity.value - a.quantity.value
        if difference * change.quantity.value < 0:
            return
        yield from compared("difference", last - first, difference, left, (b, a), change, accuse)


def _year_after_year(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A value, that of the next year, and the growth: 去年產量100萬噸,今年120萬噸,同比增長20%."""
    for a, b, change in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if not _is_earlier_of(a, b) or not _CHANGED.search(sentence.between(b, change)):
            continue
        before, _ = sentence.neighbours(a)
        words = sentence.between(before, a) if before else sentence.before(a)
        first: int | None
        last: int | None
        if years := _IN_YEARS.fullmatch(sentence.between(a, b) + sentence.between(b, change)):
            first, last = int(years["first"]), int(years["last"])
        else:
            first, last = _year_of(words), _year_of(sentence.between(a, b))
        if first is None or last is None or last - first != 1 or _PART_OF_A_YEAR.search(words):
            continue
        link = sentence.between(a, b)
        named = core(a.metric, a.entity) == core(b.metric, b.entity) or (a.metric and fold(a.metric) in link)
        if named and not _without(link, a):
            yield from _change(a, b, change, accuse=_is_at_its_own_prices(sentence, b))


def _than_before(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A value, that of an earlier year, and the growth since: 2.5億元,比2022年的2億元增長25%; up 25% from 2 billion."""
    for b, second, third in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if than := _THAN.fullmatch(sentence.between(b, second)):
            a, change = second, third
            named = bool(_A_YEAR.search(than["what"])) and not _without(than["what"], b)
            stated = named and bool(_CHANGED.search(sentence.between(a, change)))
        else:
            a, change = third, second
            grown = _CHANGED.search(sentence.between(b, change))
            stated = bool(grown and _FROM_BASE.fullmatch(sentence.between(change, a)))
        if stated and _is_earlier_of(a, b):
            yield from _change(a, b, change, accuse=_is_at_its_own_prices(sentence, b))


def _change_first(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """The growth before what it leads from and to: grew 25% from 2.0 to 2.5 billion, 25% to 2.5 from 2.0 billion."""
    for change, second, third in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if change.role is not Role.CHANGE or change.quantity.unit != "%":
            continue
        words, link = sentence.between(change, second), sentence.between(second, third)
        if (comes := _FROM_COMES.fullmatch(words)) and not _without(comes["what"], change):
            a, b, stated = second, third, bool(_TO_FROM.fullmatch(link))
        else:
            a, b, stated = third, second, bool(_TO_COMES.fullmatch(words) and _BASE_COMES.fullmatch(link))
        if stated and _is_earlier_of(a, b):
            yield from _change(a, b, change, accuse=_is_at_its_own_prices(sentence, change))


def _share_of_stated(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A part, the whole and the share in one breath: 研發費用3億元,占營業收入20億元的15%."""
    for part, whole, share in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if share.quantity.unit != "%" or share.role is Role.CHANGE or not _is_part(part, whole):
            continue
        joined = re.fullmatch(r"[，,、\s(（]*占[^，,;；。]{1,14}", sentence.between(part, whole))
        if joined and re.fullmatch(r"的(?:约|近|超|超过)?", sentence.between(whole, share)):
            yield from share_of(part, whole, share)


def _is_earlier_of(a: Figure, b: Figure) -> bool:
    """Whether two levels may be one thing's at two times."""
    return (
        alike(a, b) and a.quantity.unit not in ("", "%", "倍") and a.per == b.per and a.role is b.role is Role.LEVEL
        and not a.target and not b.target and min(interval(a.quantity).low, interval(b.quantity).low) > 0
    )  # fmt: skip


def _year_of(words: str) -> int | None:
    """The one year that some words name, counted from this one where they call it the last or this."""
    found = list(_A_YEAR.finditer(words))
    if len(found) != 1:
        return None
    return int(found[0]["year"]) if found[0]["year"] else _RELATIVE_YEARS[found[0]["word"]]


def _without(words: str, figure: Figure) -> str:
    """What is left of some words without the year and what a figure is of: nothing, where nothing else is meant."""
    left = _A_YEAR.sub("", words)
    for name in (figure.metric, figure.entity):
        left = left.replace(fold(name), "") if name else left
    return LIGHT.sub("", re.sub(r"[，,、]|而|则为?|\b(?:and|then|was|were|it|in)\b", "", left))


def _is_at_its_own_prices(sentence: SentenceFigures, figure: Figure) -> bool:
    return not (_REAL_TERMS.search(fold(figure.metric)) or _ADJUSTED.search(sentence.text))


def _growth_by_amount(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A level, the amount it changed by, and the same change in percent: 21.4萬人,減少0.4萬人,下降1.8%."""
    for level, amount, percent in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if level.role is not Role.LEVEL or amount.role is not Role.CHANGE or percent.role is not Role.CHANGE:
            continue
        if percent.quantity.unit != "%" or not alike(level, amount) or level.quantity.unit in ("%", "倍"):
            continue
        cores = {core(figure.metric, figure.entity) for figure in (level, amount, percent)}
        if len(cores) > 1 or _YEARLY.search(sentence.text) or level.period != amount.period:
            continue
        before = interval(level.quantity) - interval(amount.quantity)
        size = interval(amount.quantity)
        if not before.is_positive or amount.quantity.value * percent.quantity.value < 0:
            continue
        ends = [size.low / before.low, size.low / before.high, size.high / before.low, size.high / before.high]
        computed = Interval(min(ends) * 100, max(ends) * 100)
        exact = amount.quantity.value / (level.quantity.value - amount.quantity.value) * 100
        sign = "−" if amount.quantity.value > 0 else "+"
        left = f"{amount.quantity.surface} ÷ ({level.quantity.surface} {sign} {amount.quantity.surface})"
        yield from compared("change", computed, exact, left, (amount, level), percent, unit="%")


def _shares_beside(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A whole, a part of it, and the part's share: 員工500人,其中研發人員300人,占60%."""
    for whole, part, share in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if share.quantity.unit != "%" or share.role is not Role.SHARE or not _is_part(part, whole):
            continue
        words = sentence.between(part, share)
        if not re.search(r"其中|包括|of which|including", sentence.between(whole, part)):
            continue
        plainly = re.fullmatch(
            r"[，,、\s(（]*(?:占比?|占总数|占全部|占其|or)(?:的|为|达|达到|近|约|超|超过|\s)*", words
        )
        if plainly or re.fullmatch(r"[，,(（]\s*占[^，,;；]{1,10}", words):
            yield from share_of(part, whole, share, accuse=bool(plainly))


def _shares_in_total(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """Shares listed and their sum: 占比分別為20%、30%、50%,合計100%."""
    figures = sentence.figures
    for position, total in enumerate(figures):
        if total.quantity.unit != "%" or not _SUM_FOLLOWS.search(sentence.before(total)):
            continue
        first = position
        while first > 0 and position - first < _MOST_PARTS and figures[first - 1].quantity.unit == "%":
            link = sentence.between(figures[first - 1], figures[first])
            if first < position and not _LISTED.fullmatch(link):
                break
            first -= 1
        parts = figures[first:position]
        if len(parts) < 2 or any(f.role not in (Role.SHARE, Role.LEVEL) or f.target for f in (*parts, total)):
            continue
        words = sentence.text[: total.quantity.span.start - sentence.start]
        if SHARE_OF.search(words) and not re.search(r"率|增长|下降", re.split(r"[;；]", words)[-1]):
            yield from _sum_before(
                _as_sum(total), parts, close=len(sentence.between(parts[-1], total)) <= _LONGEST_LINK
            )


def _margins(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """Revenue, profit and margin of one sentence: 營收5億元,利潤0.5億元,利潤率10%."""
    levels = [f for f in sentence.figures if f.role in (Role.LEVEL, Role.SHARE) and not f.target and not f.per]
    for rate in levels:
        if rate.quantity.unit != "%":
            continue
        profit = next((profit for margin, profit in _MARGINS if margin.fullmatch(fold(rate.metric))), None)
        if profit is None:
            continue
        amounts = [f for f in levels if f.quantity.kind is Kind.AMOUNT and sentence.in_document.same_scope(f, rate)]
        parts = [f for f in amounts if profit.fullmatch(fold(f.metric))]
        wholes = [f for f in amounts if _REVENUE.fullmatch(fold(f.metric))]
        if len(parts) == len(wholes) == 1 and alike(parts[0], wholes[0]):
            yield from share_of(parts[0], wholes[0], rate, accuse=not _ADJUSTED.search(sentence.text))


def _scaled(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A value, a multiple and what came of it: 27.7萬平方米 … 擴容2.9倍 … 80萬平方米. Told only where it fits."""
    for a, multiple, b in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if multiple.quantity.unit != "倍" or a.quantity.unit != b.quantity.unit or a.quantity.unit in ("", "%", "倍"):
            continue
        if interval(a.quantity).is_positive and interval(b.quantity).is_positive and multiple.role is Role.CHANGE:
            yield from _change(a, b, multiple, accuse=False)


def _distances(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """Two percentages and the points between them: 56%,比全市42.3%高13.7個百分點."""
    for a, b, points in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if a.quantity.unit != "%" or b.quantity.unit != "%" or canonical_unit(points.quantity.unit) != "个百分点":
            continue
        if a.role is not b.role or a.metric != b.metric or fold(a.entity) == fold(b.entity):
            continue
        if not re.search(r"高|低|多|少|超|比|above|below", sentence.between(a, b)):
            continue
        if not re.fullmatch(r"的?(?:平均)?(?:水平|值)?[高低多少]?[出了]?", sentence.between(b, points).strip()):
            continue
        larger, smaller = (a, b) if a.quantity.value >= b.quantity.value else (b, a)
        left = f"{larger.quantity.surface} − {smaller.quantity.surface}"
        computed = interval(larger.quantity) - interval(smaller.quantity)
        exact = larger.quantity.value - smaller.quantity.value
        if points.quantity.value > 0:
            yield from compared("difference", computed, exact, left, (larger, smaller), points)


def made_of(document: DocumentFigures) -> Iterator[AuditFinding]:
    """Imports and exports are all of trade, three sectors all of output, wherever they stand close together."""
    levels = list(levels_of(document))
    for total in levels:
        name = fold(total.metric)
        patterns = next((parts for whole, parts in _WHOLES if re.search(whole, name)), ())
        if not patterns:
            continue
        near = [f for f in levels if f is not total and alike(f, total) and document.same_scope(f, total)]
        near = [f for f in near if abs(f.quantity.span.start - total.quantity.span.start) <= _CLOSE]
        parts = [[f for f in near if re.search(pattern, fold(f.metric))] for pattern in patterns]
        if all(len(found) == 1 for found in parts):
            yield from sum_of(total, [found[0] for found in parts], accuse=True)


def _structure(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """A structure in percent adds up: 三次產業結構為 5.2:30.1:64.7."""
    for figure in sentence.figures:
        parts = [
            Decimal(part) for part in re.split(r"[:∶比]", fold(figure.quantity.surface)) if _NUMBER.fullmatch(part)
        ]
        if len(parts) < 3 or "结构" not in fold(figure.metric):
            continue
        total = sum(parts, _ZERO)
        if not _HUNDRED / 2 < total < _HUNDRED * 2:
            continue
        holds = abs(total - _HUNDRED) <= _ROUNDED_SHARE * len(parts)
        formula = f"{' + '.join(map(str, parts))} = {total}{'' if holds else ' ≠ 100'}"
        yield AuditFinding("sum", holds, f"{figure.quantity.surface}: {formula}.", formula, (figure,))


def _growth_in_a_table(sentence: SentenceFigures) -> Iterator[AuditFinding]:
    """Rows of a table with the values of two years and the growth between them."""
    grid = grid_of(sentence)
    rows = [] if grid is None else [_years_and_growth(grid.heads, row) for row in grid.rows]
    told = [row for row in rows if row is not None]
    found = [list(_change(*row, accuse=_is_at_its_own_prices(sentence, row[1]))) for row in told]
    findings = [finding for each in found for finding in each]
    # Where most rows do not fit, growth is measured in some other way.
    doubtful = sum(not finding.holds for finding in findings) * 2 > max(len(findings), 2)
    yield from (finding for finding in findings if finding.holds or not doubtful)


def _years_and_growth(heads: Sequence[str], row: Sequence[Figure | str | None]) -> tuple[Figure, Figure, Figure] | None:
    """The values of two years that follow each other and their growth, where a row has no more than that."""
    cells = [(head, cell) for head, cell in zip(heads, row, strict=True) if cell is not None]
    figures = [cell for _, cell in cells if isinstance(cell, Figure)]
    if len(figures) != len(cells) or len(figures) != 3:
        return None
    levels = [(head, cell) for (head, _), cell in zip(cells, figures, strict=True) if cell.role is Role.LEVEL]
    grown = [cell for (head, _), cell in zip(cells, figures, strict=True) if _GROWTH_HEAD.fullmatch(head)]
    if len(levels) != 2 or len(grown) != 1 or grown[0].role is not Role.CHANGE or grown[0].quantity.unit != "%":
        return None
    years = [_year_of(head) for head, _ in levels]
    if years[0] is None or years[1] is None or abs(years[1] - years[0]) != 1:
        return None
    if any(_PART_OF_A_YEAR.search(head) for head, _ in levels):
        return None
    (_, a), (_, b) = levels if years[0] < years[1] else levels[::-1]
    return (a, b, grown[0]) if _is_earlier_of(a, b) else None


CHECKS: tuple[Callable[[SentenceFigures], Iterator[AuditFinding]], ...] = (
    _sums, _changes, _year_after_year, _than_before, _change_first, _growth_by_amount, _shares_beside,
    _share_of_stated, _shares_in_total, _margins, _scaled, _distances, _structure,
)  # fmt: skip
CHECKS_OF_TABLES: tuple[Callable[[SentenceFigures], Iterator[AuditFinding]], ...] = (_growth_in_a_table, _margins)
