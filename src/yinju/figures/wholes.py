"""Parts and wholes anywhere in a document: shares of a whole, and values per head or area."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yinju.figures.findings import (
    MOST_COMPARED,
    AuditFinding,
    DocumentFigures,
    SentenceFigures,
    alike,
    best,
    compared,
    core,
    levels_of,
)
from yinju.figures.intervals import interval
from yinju.figures.units import canonical_unit
from yinju.text import fold
from yinju.types import Figure, Role, Span

_ONE, _HUNDRED = Decimal(1), Decimal(100)
# Values per head use the mean population of the year, those stated are of its end.
_POPULATION_DRIFT = Decimal("0.03")
_PURE = frozenset({"", "%", "‰", "倍", "个百分点", "個百分點"})
_JOINED = re.compile(
    r"[，,、\s(（]*(?:占|相当于|accounting for|equivalent to|equal to|or|representing|which is)[^，,;；。]{0,16}$"
)
# Units of what a value can be divided by, for the words that say so.
_PER = re.compile(r"(?P<people>人均|每(?:百|千|万|十万)?人)|每(?P<area>平方公里|平方千米|公顷|亩|平方米)|地均")
_PER_SCALE = {"百": 100, "千": 1000, "万": 10_000, "十万": 100_000}
_PEOPLE = re.compile(r"(?:常住|总|户籍)(?:总?人口|居民)|^(?:年末)?人口")


def shares_of_a_whole(document: DocumentFigures) -> Iterator[AuditFinding]:
    """A share, the part beside it, and the whole anywhere in the document: 研發投入656.19億元,占GDP比重7.66%."""
    levels = list(levels_of(document))
    wholes: dict[str, list[Figure]] = defaultdict(list)
    by_sentence: dict[Span, list[Figure]] = defaultdict(list)
    for level in levels:
        if level.quantity.unit in _PURE:
            continue
        wholes[core(_bare(level), document.who(level))].append(level)
        by_sentence[level.sentence].append(level)
    for sentence in document.sentences:
        for share in sentence.figures:
            base = core(share.base)
            if share.role is not Role.SHARE or not base or share.quantity.unit != "%":
                continue
            for part in _parts_of(sentence, share, by_sentence[share.sentence][:MOST_COMPARED]):
                known = wholes[base][:MOST_COMPARED]
                fitting = [w for w in known if ("总" in fold(w.metric)) >= ("总" in fold(share.base))]
                fitting = [w for w in fitting if document.same_scope(w, part) and alike(w, part) and w is not part]
                yield from best(share_of(part, whole, share) for whole in fitting)


def _bare(figure: Figure) -> str:
    """A metric without an English owner: Riverton's GDP → gdp."""
    return re.sub(r"^.*'s\s", "", fold(figure.metric).replace("’", "'"))


def _parts_of(sentence: SentenceFigures, share: Figure, here: Sequence[Figure]) -> list[Figure]:
    """What a share may be of: the figure of the same name, or the one it is joined to without another word."""
    name = core(_part_of(share), share.entity)
    named = [f for f in here if name and core(f.metric, f.entity) == name]
    named = [f for f in named if f.quantity.span < share.quantity.span][-1:] or named[:1]
    before = [f for f in here if f.quantity.span.end <= share.quantity.span.start][-1:]
    joined = [f for f in before if _JOINED.match(sentence.between(f, share)) and f not in named]
    return [f for f in named if sentence.in_document.same_scope(f, share)] or joined


def _part_of(share: Figure) -> str:
    """The part a share's metric names, before 占."""
    metric = fold(share.metric)
    return metric.partition("占")[0] if "占" in metric else metric


def share_of(part: Figure, whole: Figure, share: Figure, accuse: bool = True) -> list[AuditFinding]:
    """Compare a stated share in percent with what part and whole give."""
    a, b = interval(part.quantity), interval(whole.quantity)
    if not b.is_positive or not a.is_positive:
        return []
    left = f"{part.quantity.surface} ÷ {whole.quantity.surface}"
    exact = part.quantity.value / whole.quantity.value
    percent = _HUNDRED if share.quantity.unit == "%" else _ONE
    return list(
        compared(
            "share", a.over(b).times(percent), exact * percent, left, (part, whole), share, accuse,
            unit="%" if percent == _HUNDRED else "",
        )
    )  # fmt: skip


def per_unit(document: DocumentFigures) -> Iterator[AuditFinding]:
    """A value per head or area, its total and its divisor: 每平方公里51億元 of 9501億元 on 185平方公里."""
    levels = list(levels_of(document))
    for value in document.figures:
        match = _PER.search(fold(value.per))
        if (
            not match
            or value.id in document.origins
            or value.role is not Role.LEVEL
            or value.target
            or not interval(value.quantity).is_positive
        ):
            continue
        what = core(re.sub(r"创造|产出|实现", "", fold(value.metric)), value.per, value.entity, "平均")
        totals = [f for f in levels if core(f.metric, f.entity) == what and alike(f, value)]
        totals = [f for f in totals if document.same_scope(f, value) and len(what) > 1]
        divisors = totals and [f for f in levels if document.same_scope(f, value) and _divides(f, value, match)]
        yield from best(_quotient(t, d, value, match) for t in totals[:MOST_COMPARED] for d in divisors[:MOST_COMPARED])


def _divides(figure: Figure, value: Figure, match: re.Match[str]) -> bool:
    unit = canonical_unit(figure.quantity.unit)
    fits = unit == "人" if match.group("people") else unit == canonical_unit(match.group("area") or "平方公里")
    if not fits:
        return False
    if match.group("people"):
        return bool(_PEOPLE.search(fold(figure.metric)))
    return figure.sentence == value.sentence or bool(re.search(r"(?:土地|辖区|行政区域?|总)面积", fold(figure.metric)))


def _quotient(total: Figure, divisor: Figure, value: Figure, match: re.Match[str]) -> Iterator[AuditFinding]:
    a, b = interval(total.quantity), interval(divisor.quantity)
    if not b.is_positive:
        return
    word = re.search(r"每(十万|百|千|万)人", match.group())
    factor = Decimal(_PER_SCALE[word.group(1)]) if word else _ONE
    computed = a.over(b).times(factor)
    computed = computed.widened(_POPULATION_DRIFT) if match.group("people") else computed
    left = f"{total.quantity.surface} ÷ {divisor.quantity.surface}"
    exact = total.quantity.value / divisor.quantity.value * factor
    yield from compared("per_unit", computed, exact, left, (total, divisor), value)
