"""What a document says against itself: one thing with two values, and arithmetic that its own parts deny.

Every figure is an interval: as wide as the digits written leave open, and as its qualifier (about, nearly, over …)
allows. Two statements contradict each other only where no values inside their intervals agree. An accusation needs more
than a confirmation: figures that merely fit are reported as holding, figures that do not fit are reported as a failure
only where the wording ties them together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import combinations
from typing import Any

from yinju.figures.compute import same_measure
from yinju.figures.ledger import Ledger
from yinju.figures.subjects import STAND_IN
from yinju.figures.units import canonical_unit
from yinju.text import Language, fold, language_of, to_language
from yinju.types import Approx, Figure, Kind, Quantity, Role, Span, plain

_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_NOT_MEASURED = frozenset({Kind.YEAR, Kind.DATE, Kind.RANK, Kind.RANGE, Kind.DURATION})
_DIGITS = re.compile(r"\d[\d,]*(?:\.(\d+))?")

# How far a qualifier reaches, as parts of the value written: "nearly 60 %" is not less than 57 %.
_NEARLY, _ABOUT, _UNDER = Decimal("0.05"), Decimal("0.05"), Decimal("0.5")
_OVER_AT_LEAST = Decimal("0.1")
# A round number (8000, 20万) may have been rounded to its last digit that is not zero, but by no more than this part.
_ROUND_AT_MOST = Decimal("0.025")
# Values per head use the mean population of the year, those stated are of its end.
_POPULATION_DRIFT = Decimal("0.03")
# One thing stated twice seldom differs by more; a year and a five-year total do.
_FAR_APART = Decimal(2)
# Parts that miss their total by no more than this part of it were meant to make it up.
_NEAR_MISS = Decimal("0.01")
_UNBOUNDED = Decimal(10) ** 30


# ── intervals ───────────────────────────────────────────────────────────────────────────────


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
            low, high = size, size + (step if _n_digits(size) > 2 else max(step, size * _OVER_AT_LEAST))
        case Approx.UNDER:
            low, high = size * _UNDER, size
        case Approx.AT_LEAST:
            low, high = size, _UNBOUNDED
        case Approx.AT_MOST:
            low, high = _ZERO, size
        case _:
            low, high = size - half, size + half
    return Interval(low, high) if value >= 0 else Interval(-high, -low)


def _rounding(quantity: Quantity) -> Decimal:
    size = abs(quantity.value)
    written = _DIGITS.search(fold(quantity.surface))
    if written and written.group(1):
        return quantity.scale.scaleb(-len(written.group(1))) / 2
    if quantity.kind is Kind.RATIO:
        return size * _ABOUT / 2
    if quantity.kind is Kind.COUNT and quantity.scale == 1:
        return _ZERO
    return max(quantity.scale / 2, min(_last_place(quantity) / 2, size * _ROUND_AT_MOST))


def _last_place(quantity: Quantity) -> Decimal:
    """The place of the last digit that is not zero: 8000 → 1000, 23.6 → 0.1."""
    digits = abs(quantity.value).normalize().as_tuple()
    return _ONE.scaleb(int(digits.exponent)) if len(digits.digits) < 20 else _ZERO


def _n_digits(size: Decimal) -> int:
    return len(size.normalize().as_tuple().digits)


# ── findings ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that was checked.

    Attributes:
        kind: ``conflict`` (one thing, several values), ``share``, ``sum``, ``change``, ``difference``, ``ratio`` or
            ``per_unit``.
        holds: Whether the figures agree, within their rounding and qualifiers.
        summary: One sentence in the document's language.
        formula: The arithmetic, or for a conflict the values side by side.
        figures: What was compared, in the order of the formula; the stated result comes last.
    """

    kind: str
    holds: bool
    summary: str
    formula: str
    figures: tuple[Figure, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        """Names of the documents the figures stand in."""
        return tuple(dict.fromkeys(figure.document for figure in self.figures))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; ``start`` and ``end`` count code points of the document's text."""
        return {
            "kind": self.kind,
            "holds": self.holds,
            "summary": self.summary,
            "formula": self.formula,
            "figures": [_figure_json(figure) for figure in self.figures],
            "documents": list(self.documents),
        }


def _figure_json(figure: Figure) -> dict[str, Any]:
    quantity = figure.quantity
    return {
        "id": figure.id, "document": figure.document, "start": quantity.span.start, "end": quantity.span.end,
        "surface": quantity.surface, "value": plain(quantity.value), "unit": quantity.unit,
        "approx": None if quantity.approx is None else str(quantity.approx),
        "entity": figure.entity, "metric": figure.metric, "period": figure.period,
    }  # fmt: skip


# How far around a figure its relations are looked for, in characters.
_REACH = 60


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The measured figures of one sentence, in order, and its folded text."""

    text: str
    start: int
    figures: tuple[Figure, ...]
    in_document: _Document

    def between(self, left: Figure, right: Figure) -> str:
        return self.text[left.quantity.span.end - self.start : right.quantity.span.start - self.start]

    def before(self, figure: Figure) -> str:
        end = figure.quantity.span.start - self.start
        return self.text[max(0, end - _REACH) : end]

    def neighbours(self, figure: Figure) -> tuple[Figure | None, Figure | None]:
        """The figures before and after, ``None`` at the ends."""
        position = bisect_left(self.figures, figure.quantity.span, key=lambda f: f.quantity.span)
        before = self.figures[position - 1] if position > 0 else None
        return before, self.figures[position + 1] if position + 1 < len(self.figures) else None

    def is_origin(self, figure: Figure) -> bool:
        """Whether a figure is where something came from (從5.6萬元增至7.8萬元), and so of an earlier time."""
        end = figure.quantity.span.end - self.start
        return bool(_FROM.search(self.before(figure)) and _TO_COMES.match(self.text[end : end + _REACH]))


class _Document:
    """What the checks need of one document: its measured figures, whole and by sentence, and whom it is about."""

    def __init__(self, ledger: Ledger, figures: Sequence[Figure]) -> None:
        self.figures = tuple(f for f in figures if _is_measured(f))
        named = Counter(fold(f.entity) for f in self.figures if f.entity and not STAND_IN.fullmatch(fold(f.entity)))
        self.subject = min(named, key=lambda name: (-named[name], name), default="")
        grouped: dict[tuple[int, int], list[Figure]] = defaultdict(list)
        for figure in self.figures:
            grouped[figure.sentence.start, figure.sentence.end].append(figure)
        self.sentences = tuple(
            _Sentence(fold(ledger.sentence(rows[0])), rows[0].sentence.start, tuple(rows), self)
            for _, rows in sorted(grouped.items())
        )
        self.origins = frozenset(f.id for s in self.sentences for f in s.figures if s.is_origin(f))

    def who(self, figure: Figure) -> str:
        """Whom a figure is about: what is left unsaid, 全區, or part of the name, is the document's subject."""
        name = fold(figure.entity)
        if not self.subject or not name or STAND_IN.fullmatch(name) or self.subject.startswith(name):
            return self.subject
        # 深圳市南山區 is 南山區; where the metric went into the name (南山區上市企業), only the name is whom.
        named = name.endswith(self.subject) or self.subject.endswith(name)
        return self.subject if named or (not figure.metric and name.startswith(self.subject)) else name

    def same_scope(self, left: Figure, right: Figure) -> bool:
        """Whether two figures are of one subject and time; a figure without a time goes with any."""
        same_time = left.period == right.period or not (left.period and right.period)
        return self.who(left) == self.who(right) and same_time and left.target == right.target


def _is_measured(figure: Figure) -> bool:
    quantity = figure.quantity
    return quantity.kind not in _NOT_MEASURED and quantity.high is None and quantity.value != 0


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
        document = _Document(ledger, sorted(figures, key=lambda f: f.quantity.span))
        for finding in sorted(_check(document), key=_position):
            key = (finding.kind, *sorted(figure.id for figure in finding.figures))
            found.setdefault(key, finding)
    return sorted(found.values(), key=lambda finding: finding.holds)


def _check(document: _Document) -> Iterator[AuditFinding]:
    yield from _conflicts(document)
    yield from _shares_of_a_whole(document)
    yield from _per_unit(document)
    yield from _made_of(document)
    for sentence in document.sentences:
        for check in _IN_A_SENTENCE:
            yield from check(sentence)


def _position(finding: AuditFinding) -> tuple[int, ...]:
    return tuple(figure.quantity.span.start for figure in finding.figures)


# ── one thing with two values ───────────────────────────────────────────────────────────────

_GDP = re.compile(r"(?:国内|地区)?生产总值|经济总量|gdp")
# Words of a clause that change nothing about what is measured.
_LIGHT = re.compile(
    r"大幅|超过|突破|接近|已经|目前|如今|达到|实现|完成|拥有|占有|为止|共有|现有|已有|共计|总计|左右|以上|以下|以内|数量|总量|总额|总数|"
    r"[的了为是达到有约近超逾过已共总计在于量数额则均]|\s|[\"'“”‘’「」『』()（）:：、]"
)
_TIME = re.compile(r"(?:截至|截止|到|至)?(?:\d{4}年?|\d{1,2}月|\d{1,2}日)(?:年?[末底初])?|年[末底初]|全年|去年|今年")
_SHARE_WORDS = re.compile(r"占比重?|所?占|比重|比例|份额")
_ENUMERATED = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]+(?:是|、|[)）])|第[一二三四五六七八九十]|其[一二三四五六]|\d+[.、)）])"
)
_STANDING_IN = "全区市省县国我本该这那"
_ENGLISH_LIGHT = frozenset("the a an of in at by to was is were had has have reached stood with and it its".split())
_MOVED = re.compile(r"增长|增加|提高|提升|上升|下降|降低|减少|回落|[增长升降]")
_OPENING = re.compile(
    r"(?:(?:[^，,。;；]{0,6}\d{4}年?[^，,。;；]{0,6}|如今|目前|现在|近年来?|此外|同时)[，,]|[到在至]?\d{4}年?)?\s*"
)
# 松花江:在省境內長約939公里 is of what stands before the colon.
_LABEL = re.compile(r"[^，,。;；：:\d]{1,16}[：:](?!\d)")
# A name shorter than this could be that of anything.
_SHORTEST_NAME = 3
_SEVERAL = re.compile(r"其中|分别|依次|年均|年平均|每个|各自|另有|其他|其余|之一|某|单个|respectively|each|annual")


@lru_cache(maxsize=65536)
def _core(text: str, *leave_out: str) -> str:
    """The characters that say what is measured, order aside: 每萬人擁有發明專利 = 每萬人發明專利擁有量."""
    bare = _GDP.sub("gdp", fold(text))
    for part in leave_out:
        bare = bare.replace(_GDP.sub("gdp", fold(part)), "") if part else bare
    return "".join(sorted(_LIGHT.sub("", bare)))


def _conflicts(document: _Document) -> Iterator[AuditFinding]:
    groups: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for sentence in document.sentences:
        for figure in sentence.figures:
            if (key := _identity(sentence, figure)) and not sentence.is_origin(figure):
                groups[key].append(figure)
    for figures in groups.values():
        if len({figure.sentence for figure in figures}) > 1:
            finding = _compared(figures)
            if _is_near(figures) if finding.holds else _is_plain_conflict(document, figures):
                yield finding


def _is_near(figures: Sequence[Figure]) -> bool:
    sizes = [abs(figure.quantity.value) for figure in figures]
    return max(sizes) < min(sizes) * _FAR_APART


def _is_plain_conflict(document: _Document, figures: Sequence[Figure]) -> bool:
    """Whether values that differ are of one thing beyond doubt.

    Within one sentence an author tells things apart; more than two values, or items of an enumeration, are several
    things; and values far apart are of several times unless each sentence says its own.
    """
    if len({figure.quantity.value for figure in figures}) > 2:
        return False
    sentences = {sentence.start: sentence.text for sentence in document.sentences}
    texts = [sentences[figure.sentence.start] for figure in figures]
    if any(_ENUMERATED.match(text) for text in texts):
        return False
    if not all(_is_of_the_subject(document, text, f) for text, f in zip(texts, figures, strict=True)):
        return False
    spans = [interval(figure.quantity) for figure in figures]
    apart = [(a, b) for a, b in combinations(range(len(figures)), 2) if not spans[a].meets(spans[b])]
    if any(figures[a].sentence == figures[b].sentence for a, b in apart):
        return False
    return _is_near(figures) or all(_says_time(*pair) for pair in zip(texts, figures, strict=True))


def _is_of_the_subject(document: _Document, text: str, figure: Figure) -> bool:
    """Whether no one else may have come between: the sentence begins with whom it is about, or with the figure."""
    begins = _OPENING.match(text)
    head = text[begins.end() :] if begins else text
    who = document.who(figure)
    if figure.clause.start - figure.sentence.start <= len(text) - len(head):
        return True
    names = [name for name in (who, who[-3:], fold(figure.entity)) if len(name) > 1]
    return bool(STAND_IN.match(head)) or head[:1] in "这此其" or any(name in head[:12] for name in names)


def _says_time(text: str, figure: Figure) -> bool:
    return bool(figure.period) and figure.period[:4] in text and "/" not in figure.period


def _identity(sentence: _Sentence, figure: Figure) -> tuple[object, ...] | None:
    """What a figure is the value of; ``None`` where the words do not tell exactly."""
    start = figure.clause.start - sentence.start
    clause = sentence.text[start : figure.clause.end - sentence.start]
    who = sentence.in_document.who(figure)
    metric = fold(figure.metric) or fold(figure.entity)
    metric = metric.replace(who, "", 1) if who else metric
    what = _share_core(sentence, metric, figure) if figure.role is Role.SHARE else _core(metric, figure.per)
    unexplained = _unexplained(sentence, figure)
    shortest = _SHORTEST_NAME if figure.entity else 2 * _SHORTEST_NAME
    if len(what) + len(unexplained) < shortest or _SEVERAL.search(clause):
        return None
    label = _LABEL.match(sentence.text)
    return (
        "".join(sorted(who)), what, figure.period, figure.role, figure.target,
        canonical_unit(figure.quantity.unit), _core(figure.per, "平均"),
        "" if figure.role is Role.SHARE else _core(figure.base), unexplained,
        label.group() if label else "",
    )  # fmt: skip


def _share_core(sentence: _Sentence, metric: str, figure: Figure) -> str:
    """A share's part and whole; a part of GDP is measured by its value added, said or not."""
    metric = _GDP.sub("gdp", metric)
    base = _GDP.sub("gdp", fold(figure.base)) or ("gdp" if _GDP.search(sentence.text) else "")
    part = _SHARE_WORDS.sub("", metric.replace(base, "", 1) if base else metric)
    part = part.replace("增加值", "") if base == "gdp" else part
    return _core(part) + "/" + _core(base)


def _unexplained(sentence: _Sentence, figure: Figure) -> str:
    """Characters (English: words) of the clause around a figure that its record does not account for."""
    start, end = figure.clause.start - sentence.start, figure.clause.end - sentence.start
    own, after = figure.quantity.span.start - sentence.start, figure.quantity.span.end - sentence.start
    before, following = sentence.neighbours(figure)
    start = start if before is None else max(start, before.quantity.span.end - sentence.start)
    end = end if following is None else min(end, following.quantity.span.start - sentence.start)
    words = sentence.text[start:own] + " " + re.split("[、，,;；(（]", sentence.text[after : max(after, end)])[0]
    known = fold(figure.metric + figure.entity + figure.per + figure.base)
    left = _LIGHT.sub("", _GDP.sub("", _TIME.sub("", words.replace("同比", "").replace("环比", ""))))
    left = _MOVED.sub("", left) if figure.role is Role.CHANGE else left
    han = {c for c in left if "\u3400" <= c <= "\u9fff" and c not in known and c not in _STANDING_IN}
    latin = {w for w in re.findall("[a-z]+", _TIME.sub(" ", words)) if w not in known and w not in _ENGLISH_LIGHT}
    return "".join(sorted(han)) + " ".join(sorted(latin))


def _compared(figures: Sequence[Figure]) -> AuditFinding:
    spans = [interval(figure.quantity) for figure in figures]
    holds = all(a.meets(b) for a, b in combinations(spans, 2))
    distinct = tuple({(f.quantity.value, f.quantity.approx): f for f in reversed(figures)}.values())[::-1]
    shown = tuple(figures) if holds else distinct
    values = " ; ".join(figure.quantity.surface for figure in shown)
    name = f"{figures[0].entity}{figures[0].period and ' '}{figures[0].period} {figures[0].metric}"
    language = _language(figures[0])
    if language == "en":
        summary = f"“{name}” {'agrees' if holds else 'has different values'}: {values}."
    else:
        verdict = to_language("前后一致" if holds else "有不同的值", language)
        summary = f"「{name}」{verdict}：{'、'.join(figure.quantity.surface for figure in shown)}。"
    return AuditFinding("conflict", holds, summary, values, shown)


# ── identities ──────────────────────────────────────────────────────────────────────────────


def _language(figure: Figure) -> Language:
    words = figure.entity + figure.metric + figure.quantity.surface
    return language_of(words) if re.search(r"[\u3400-\u9fff]", words) else "en"


def _identity_finding(
    kind: str, computed: Interval, exact: Decimal, left: str, operands: Sequence[Figure], stated: Figure,
    accuse: bool = True, unit: str | None = None,
) -> Iterator[AuditFinding]:  # fmt: skip
    """Compare what operands give with what is stated; a misfit is told only where ``accuse`` says so."""
    holds = computed.meets(interval(stated.quantity))
    if not holds and not accuse:
        return
    shown = _result(exact, stated) if unit is None else f"{plain(_rounded(exact))}{unit}"
    formula = f"{left} = {shown}"
    written = stated.quantity.surface
    language = _language(stated)
    if language == "en":
        summary = f"{formula}, {'as' if holds else 'but'} the text says {written}."
    else:
        verdict = to_language(f"与文中{written}相符" if holds else f"文中却写作{written}", language)
        summary = f"{formula}，{verdict}。"
    if not holds:
        formula = f"{formula} ≠ {written}"
    yield AuditFinding(kind, holds, summary, formula, (*operands, stated))


def _result(value: Decimal, like: Figure) -> str:
    """The computed value in the scale and unit of the stated one."""
    scale = like.quantity.scale if like.quantity.scale > 0 else _ONE
    label = re.sub(r"^[^\u3400-\u9fffA-Za-z%‰]*[约近超]?|[多余餘几幾来](?=.)", "", like.quantity.surface)
    label = label if re.match(r"[^\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]", label) else ""
    return f"{plain(_rounded(value / scale))}{label}"


def _rounded(value: Decimal) -> Decimal:
    size = abs(value)
    step = Decimal("0.1") if size >= 100 else Decimal("0.01") if size >= 1 else Decimal("0.0001")
    return value.quantize(step, ROUND_HALF_UP) if size < Decimal(10) ** 20 else value


def _levels(document: _Document) -> Iterator[Figure]:
    for figure in document.figures:
        if figure.id in document.origins:
            continue
        if figure.role is Role.LEVEL and not figure.target and not figure.per and interval(figure.quantity).is_positive:
            yield figure


def _shares_of_a_whole(document: _Document) -> Iterator[AuditFinding]:
    """A share, the part beside it, and the whole anywhere in the document: 研發投入656.19億元,占GDP比重7.66%."""
    levels = list(_levels(document))
    wholes: dict[str, list[Figure]] = defaultdict(list)
    by_sentence: dict[Span, list[Figure]] = defaultdict(list)
    for level in levels:
        if level.quantity.unit in _PURE:
            continue
        wholes[_core(_bare(level), document.who(level))].append(level)
        by_sentence[level.sentence].append(level)
    for sentence in document.sentences:
        for share in sentence.figures:
            base = _core(share.base)
            if share.role is not Role.SHARE or not base or share.quantity.unit != "%":
                continue
            for part in _parts_of(sentence, share, by_sentence[share.sentence]):
                fitting = [w for w in wholes[base] if ("总" in fold(w.metric)) >= ("总" in fold(share.base))]
                fitting = [w for w in fitting if document.same_scope(w, part) and _alike(w, part) and w is not part]
                yield from _best(_share(part, whole, share) for whole in fitting)


def _bare(figure: Figure) -> str:
    """A metric without an English owner: Riverton's GDP → gdp."""
    return re.sub(r"^.*'s\s", "", fold(figure.metric).replace("’", "'"))


def _parts_of(sentence: _Sentence, share: Figure, here: Sequence[Figure]) -> list[Figure]:
    """What a share may be of: the figure of the same name, or the one it is joined to without another word."""
    name = _core(_part_of(share), share.entity)
    named = [f for f in here if name and _core(f.metric, f.entity) == name]
    named = [f for f in named if f.quantity.span < share.quantity.span][-1:] or named[:1]
    before = [f for f in here if f.quantity.span.end <= share.quantity.span.start][-1:]
    joined = [f for f in before if _JOINED.match(sentence.between(f, share)) and f not in named]
    return [f for f in named if sentence.in_document.same_scope(f, share)] or joined


def _part_of(share: Figure) -> str:
    """The part a share's metric names, before 占."""
    metric = fold(share.metric)
    return metric.partition("占")[0] if "占" in metric else metric


def _share(part: Figure, whole: Figure, share: Figure, accuse: bool = True) -> list[AuditFinding]:
    a, b = interval(part.quantity), interval(whole.quantity)
    if not b.is_positive or not a.is_positive:
        return []
    left = f"{part.quantity.surface} ÷ {whole.quantity.surface}"
    exact = part.quantity.value / whole.quantity.value
    percent = _HUNDRED if share.quantity.unit == "%" else _ONE
    return list(
        _identity_finding(
            "share", a.over(b).times(percent), exact * percent, left, (part, whole), share, accuse,
            unit="%" if percent == _HUNDRED else "",
        )
    )  # fmt: skip


def _best(attempts: Iterable[Iterable[AuditFinding]]) -> Iterator[AuditFinding]:
    """Of several ways to compute one thing, one that holds; if none does, the one with the plainest figures."""
    found = [finding for attempt in attempts for finding in attempt]
    if found:
        yield min(found, key=lambda f: (not f.holds, sum(figure.quantity.approx is not None for figure in f.figures)))


def _alike(left: Figure, right: Figure) -> bool:
    return same_measure(left.quantity.unit, right.quantity.unit)


_PURE = frozenset({"", "%", "‰", "倍", "个百分点", "個百分點"})
_JOINED = re.compile(
    r"[，,、\s(（]*(?:占|相当于|accounting for|equivalent to|equal to|or|representing|which is)[^，,;；。]{0,16}$"
)
# Units of what a value can be divided by, for the words that say so.
_PER = re.compile(r"(?P<people>人均|每(?:百|千|万|十万)?人)|每(?P<area>平方公里|平方千米|公顷|亩|平方米)|地均")
_PER_SCALE = {"百": 100, "千": 1000, "万": 10_000, "十万": 100_000}
_PEOPLE = re.compile(r"(?:常住|总|户籍)(?:总?人口|居民)|^(?:年末)?人口")


def _per_unit(document: _Document) -> Iterator[AuditFinding]:
    """A value per head or area, its total and its divisor: 每平方公里51億元 of 9501億元 on 185平方公里."""
    levels = list(_levels(document))
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
        what = _core(re.sub(r"创造|产出|实现", "", fold(value.metric)), value.per, value.entity, "平均")
        totals = [f for f in levels if _core(f.metric, f.entity) == what and _alike(f, value)]
        totals = [f for f in totals if document.same_scope(f, value) and len(what) > 1]
        divisors = totals and [f for f in levels if document.same_scope(f, value) and _divides(f, value, match)]
        yield from _best(_quotient(t, d, value, match) for t in totals for d in divisors)


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
    yield from _identity_finding("per_unit", computed, exact, left, (total, divisor), value)


# ── within one sentence ─────────────────────────────────────────────────────────────────────

_PARTS_FOLLOW = re.compile(
    r"其中|[，,;；:：(（]\s*(?:包括|包含|分别[为是]|分为)|including|of which|comprising|consisting of"
)
_ALL_PARTS = re.compile(r"分为|分别[为是]|consisting of|comprising")
_SUM_FOLLOWS = re.compile(r"(?:合计|总计|之和|in total|totall?ing|a total of)[^，,;；]{0,6}$")
_FROM = re.compile(r"(?:从|由|自|from\s)[^，,;；]*$")
_TO = re.compile(r"^[^;；。]{0,24}(?:到|至|为|成|\sto\s)[^;；。，,]{0,8}$")
_TO_COMES = re.compile(r"^[^，,;；。]{0,16}?(?:到|至|升|增|降|减|提高|\sto\s)")
_CHANGED = re.compile(
    r"^(?:\sin\s\d{4})?[，,、\s(（]*(?:同比|累计|共|总共|净|比\S{1,4}|\d{1,2}年)?(?:实现)?(?:增长|增加|提高|提升|上升|扩大|扩容|下降|降低|减少|"
    r"缩小|回落|翻|增|升|降|up|an increase of|a rise of|increasing|rising|down|a fall of)"
    r"(?:了|到|近|约|超|超过|by|\s)*$"
)
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


def _sums(sentence: _Sentence) -> Iterator[AuditFinding]:
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
        if len(parts) >= 2 and _PARTS_FOLLOW.search(sentence.between(total, parts[0])[:_LONGEST_LINK]):
            yield from _sum(total, parts, _lists_all(sentence, total, parts))
        elif len(parts) == 1 and _is_above(sentence, total, parts[0]):
            yield from _part_above_whole(total, parts[0])
        before = [f for f in figures[max(0, position - _MOST_PARTS) : position] if _is_part(f, total)]
        if len(before) >= 2 and _SUM_FOLLOWS.search(sentence.before(total)):
            close = all(
                right.quantity.span.start - left.quantity.span.end <= _LONGEST_LINK
                for left, right in zip(before, (*before[1:], total), strict=True)
            )
            yield from _sum_before(total, before, close)


def _sum_before(total: Figure, before: Sequence[Figure], close: bool) -> Iterator[AuditFinding]:
    """The sum may be of the last few only: what it cost, then takings here, there and in total."""
    fitting = [[f for f in _sum(total, before[k:], True) if f.holds] for k in range(len(before) - 1)]
    plainly = close and len({figure.quantity.unit for figure in (*before, total)}) == 1
    yield from _best(fitting if any(fitting) else [_sum(total, before, accuse=plainly)])


def _is_above(sentence: _Sentence, total: Figure, part: Figure) -> bool:
    joined = re.fullmatch(r"[，,、;；\s(（]*(?:其中|of which)[^，,;；。]{0,16}", sentence.between(total, part))
    return bool(joined) and interval(part.quantity).low > interval(total.quantity).high


def _part_above_whole(total: Figure, part: Figure) -> Iterator[AuditFinding]:
    formula = f"{part.quantity.surface} > {total.quantity.surface}"
    language = _language(total)
    stop = "." if language == "en" else "。"
    verdict = "a part is more than its whole" if language == "en" else to_language("部分大于整体", language)
    yield AuditFinding("sum", False, f"{formula}: {verdict}{stop}", formula, (part, total))


def _is_part(part: Figure, total: Figure) -> bool:
    return (
        _alike(part, total) and part.quantity.unit not in ("", "%", "倍") and part.per == total.per
        and part.role in (Role.LEVEL, Role.INCREMENT) and total.role in (Role.LEVEL, Role.INCREMENT)
        and part.target == total.target
    )  # fmt: skip


def _lists_all(sentence: _Sentence, total: Figure, parts: Sequence[Figure]) -> bool:
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
    exceeds = total.quantity.kind is Kind.AMOUNT and excess > 0
    gap = abs(sum((part.quantity.value for part in parts), _ZERO) - total.quantity.value)
    return counted or exceeds or gap <= total.quantity.value * _NEAR_MISS


def _sum(total: Figure, parts: Sequence[Figure], accuse: bool) -> Iterator[AuditFinding]:
    computed = Interval(_ZERO, _ZERO)
    for part in parts:
        computed = computed + _as_planned(part.quantity)
    exact = sum((part.quantity.value for part in parts), _ZERO)
    left = " + ".join(part.quantity.surface for part in parts)
    yield from _identity_finding("sum", computed, exact, left, parts, total, accuse)


def _as_planned(quantity: Quantity) -> Interval:
    """An addend: 3億 with one digit is a sum that was set, not one that was measured and rounded."""
    if quantity.approx is None and quantity.kind is Kind.AMOUNT and _n_digits(abs(quantity.value)) == 1:
        return Interval(quantity.value, quantity.value)
    return interval(quantity)


def _changes(sentence: _Sentence) -> Iterator[AuditFinding]:
    """From A to B, and by how much: a percentage, a multiple, percentage points or a plain difference."""
    for a, b, change in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if (
            canonical_unit(a.quantity.unit) != canonical_unit(b.quantity.unit)
            or a.per != b.per
            or a.target
            or a.role is Role.CHANGE
        ):
            continue
        if not _FROM.search(sentence.before(a)) or not _TO.search(sentence.between(a, b)):
            continue
        words = sentence.between(b, change)
        if _YEARLY.search(words) or re.search(r"[;；。]", words) or len(words) > _LONGEST_LINK:
            continue
        if not min(interval(a.quantity).low, interval(b.quantity).low) > 0:
            continue
        yield from _change(a, b, change, accuse=_tells_change(a, b, change, words))


def _tells_change(a: Figure, b: Figure, change: Figure, words: str) -> bool:
    """Whether the words between say that B came of A by this change, and of nothing else."""
    if _CHANGED.search(words):
        return True
    match = re.fullmatch(r"[，,、\s]*([^，,、;；。]{2,10}?)(?:翻|增长|增加|扩大|提高|下降|减少|上升)了?", words)
    core = _core(match.group(1)) if match else ""
    return bool(core) and core == (_core(b.metric, b.entity) or _core(a.metric, a.entity) or core)


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
        yield from _identity_finding("ratio", computed, value, left, (b, a), change, accuse, "倍")
    elif unit == "%" and a.quantity.unit != "%" and change.role is Role.CHANGE:
        growth = Interval((ratio.low - 1) * 100, (ratio.high - 1) * 100)
        yield from _identity_finding(
            "change", growth, (exact - 1) * 100, f"{quotient} − 1", (b, a), change, accuse, "%"
        )  # fmt: skip
    elif (unit == "个百分点" and a.quantity.unit == "%") or (_alike(a, change) and unit != "%"):
        left = f"{b.quantity.surface} − {a.quantity.surface}"
        difference = b.quantity.value - a.quantity.value
        if difference * change.quantity.value < 0:
            return
        yield from _identity_finding("difference", last - first, difference, left, (b, a), change, accuse)


def _growth_by_amount(sentence: _Sentence) -> Iterator[AuditFinding]:
    """A level, the amount it changed by, and the same change in percent: 21.4萬人,減少0.4萬人,下降1.8%."""
    for level, amount, percent in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if level.role is not Role.LEVEL or amount.role is not Role.CHANGE or percent.role is not Role.CHANGE:
            continue
        if percent.quantity.unit != "%" or not _alike(level, amount) or level.quantity.unit in ("%", "倍"):
            continue
        cores = {_core(figure.metric, figure.entity) for figure in (level, amount, percent)}
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
        yield from _identity_finding("change", computed, exact, left, (amount, level), percent, unit="%")


def _shares_beside(sentence: _Sentence) -> Iterator[AuditFinding]:
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
            yield from _share(part, whole, share, accuse=bool(plainly))


def _scaled(sentence: _Sentence) -> Iterator[AuditFinding]:
    """A value, a multiple and what came of it: 27.7萬平方米 … 擴容2.9倍 … 80萬平方米. Told only where it fits."""
    for a, multiple, b in zip(sentence.figures, sentence.figures[1:], sentence.figures[2:], strict=False):
        if multiple.quantity.unit != "倍" or a.quantity.unit != b.quantity.unit or a.quantity.unit in ("", "%", "倍"):
            continue
        if interval(a.quantity).is_positive and interval(b.quantity).is_positive and multiple.role is Role.CHANGE:
            yield from _change(a, b, multiple, accuse=False)


def _distances(sentence: _Sentence) -> Iterator[AuditFinding]:
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
            yield from _identity_finding("difference", computed, exact, left, (larger, smaller), points)


def _made_of(document: _Document) -> Iterator[AuditFinding]:
    """Imports and exports are all of trade, three sectors all of output, wherever they stand close together."""
    levels = list(_levels(document))
    for total in levels:
        name = fold(total.metric)
        patterns = next((parts for whole, parts in _WHOLES if re.search(whole, name)), ())
        if not patterns:
            continue
        near = [f for f in levels if f is not total and _alike(f, total) and document.same_scope(f, total)]
        near = [f for f in near if abs(f.quantity.span.start - total.quantity.span.start) <= _CLOSE]
        parts = [[f for f in near if re.search(pattern, fold(f.metric))] for pattern in patterns]
        if all(len(found) == 1 for found in parts):
            yield from _sum(total, [found[0] for found in parts], accuse=True)


def _structure(sentence: _Sentence) -> Iterator[AuditFinding]:
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


_IN_A_SENTENCE: tuple[Callable[[_Sentence], Iterator[AuditFinding]], ...] = (
    _sums, _changes, _growth_by_amount, _shares_beside, _scaled, _distances, _structure,
)  # fmt: skip
