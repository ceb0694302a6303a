"""What the audit compares and what it finds: the figures of a document by sentence, and findings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from yinju.figures.compute import same_measure
from yinju.figures.intervals import Interval, interval, is_near
from yinju.figures.ledger import Ledger
from yinju.figures.subjects import STAND_IN
from yinju.text import Language, fold, language_of, to_language
from yinju.types import Approx, Figure, Kind, Role, plain

_ONE = Decimal(1)
_NOT_MEASURED = frozenset({Kind.YEAR, Kind.DATE, Kind.RANK, Kind.RANGE, Kind.DURATION})
# Of figures that could be meant, so many are looked at: time stays in bounds on any text.
MOST_COMPARED = 60
# How far around a figure its relations are looked for, in characters.
_REACH = 60
FROM = re.compile(r"(?:从|由|自|from\s)[^，,;；]*$")
_TO_COMES = re.compile(r"^[^，,;；。]{0,16}?(?:到|至|升|增|降|减|提高|\sto\s)")
GDP = re.compile(r"(?:国内|地区)?生产总值|经济总量|gdp")
# Words of a clause that change nothing about what is measured.
LIGHT = re.compile(
    r"大幅|超过|突破|接近|已经|目前|如今|达到|实现|完成|拥有|占有|为止|共有|现有|已有|共计|总计|左右|以上|以下|以内|数量|总量|总额|总数|"
    r"[的了为是达到有约近超逾过已共总计在于量数额则均]|\s|[\"'“”‘’「」『』()（）:：、]"
)


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
        certain: False where the figures differ and rounding may explain it: neither a match nor a failure, not told.
    """

    kind: str
    holds: bool
    summary: str
    formula: str
    figures: tuple[Figure, ...]
    certain: bool = True

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


@dataclass(frozen=True, slots=True)
class SentenceFigures:
    """The measured figures of one sentence, in order, and its folded text."""

    text: str
    start: int
    figures: tuple[Figure, ...]
    in_document: DocumentFigures

    @property
    def is_table(self) -> bool:
        """Whether these are the cells of a table, whose order ties nothing together."""
        return bool(re.search(r"\t|\S\s*\n\s*\S|\|.*\|", self.text))

    def between(self, left: Figure, right: Figure) -> str:
        """The folded text between two figures."""
        return self.text[left.quantity.span.end - self.start : right.quantity.span.start - self.start]

    def before(self, figure: Figure) -> str:
        """The folded text before a figure, as far as relations reach."""
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
        return bool(FROM.search(self.before(figure)) and _TO_COMES.match(self.text[end : end + _REACH]))


class DocumentFigures:
    """What the checks need of one document: its measured figures, whole and by sentence, and whom it is about."""

    def __init__(self, ledger: Ledger, figures: Sequence[Figure]) -> None:
        self.figures = tuple(f for f in figures if _is_measured(f))
        named = Counter(fold(f.entity) for f in self.figures if f.entity and not STAND_IN.fullmatch(fold(f.entity)))
        self.subject = min(named, key=lambda name: (-named[name], name), default="")
        grouped: dict[tuple[int, int], list[Figure]] = defaultdict(list)
        for figure in self.figures:
            grouped[figure.sentence.start, figure.sentence.end].append(figure)
        self.sentences = tuple(
            SentenceFigures(fold(ledger.sentence(rows[0])), rows[0].sentence.start, tuple(rows), self)
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


@lru_cache(maxsize=65536)
def core(text: str, *leave_out: str) -> str:
    """The characters that say what is measured, order aside: 每萬人擁有發明專利 = 每萬人發明專利擁有量."""
    bare = GDP.sub("gdp", fold(text))
    for part in leave_out:
        bare = bare.replace(GDP.sub("gdp", fold(part)), "") if part else bare
    return "".join(sorted(LIGHT.sub("", bare)))


_QUALIFIERS = {
    Approx.ABOUT: ("约", "about "), Approx.NEARLY: ("近", "nearly "), Approx.OVER: ("超", "over "),
    Approx.UNDER: ("不到", "under "), Approx.AT_LEAST: ("至少", "at least "), Approx.AT_MOST: ("至多", "at most "),
}  # fmt: skip


def stated(figure: Figure) -> str:
    """A figure as the document states it: its qualifier, where it stands outside of the span, and its characters."""
    surface = figure.quantity.surface
    if figure.quantity.approx is None or re.search("[多余餘來来几幾]", surface):
        return surface
    chinese, english = _QUALIFIERS[figure.quantity.approx]
    language = finding_language(figure)
    return (english if language == "en" else to_language(chinese, language)) + surface


def finding_language(*figures: Figure) -> Language:
    """The language to speak of some figures in."""
    words = "".join(figure.entity + figure.metric + figure.quantity.surface for figure in figures)
    return language_of(words) if re.search(r"[\u3400-\u9fff]", words) else "en"


def compared(
    kind: str, computed: Interval, exact: Decimal, left: str, operands: Sequence[Figure], result: Figure,
    accuse: bool = True, unit: str | None = None,
) -> Iterator[AuditFinding]:  # fmt: skip
    """Compare what operands give with what is stated; a misfit is told only where ``accuse`` says so.

    What holds only because the figures are rounded is not certain.
    """
    holds = computed.meets(interval(result.quantity))
    if not holds and not accuse:
        return
    shown = _result(exact, result) if unit is None else f"{plain(_rounded(exact))}{unit}"
    formula = f"{left} = {shown}"
    written = stated(result)
    language = finding_language(*operands, result)
    if language == "en":
        summary = f"{formula}, {'as' if holds else 'but'} the text says {written}."
    else:
        before, after = ("与文中", "相符") if holds else ("文中却写作", "")
        verdict = to_language(before, language) + written + after
        summary = f"{formula}，{verdict}。"
    if not holds:
        formula = f"{formula} ≠ {written}"
    certain = not holds or is_near(exact, result.quantity)
    yield AuditFinding(kind, holds, summary, formula, (*operands, result), certain)


_ENGLISH_AMOUNT = re.compile(r"(?P<before>[A-Za-z$€£¥]*)[\d.,]+(?P<after>[\sA-Za-z]*)")


def _result(value: Decimal, like: Figure) -> str:
    """The computed value in the scale and unit of the stated one."""
    scale = like.quantity.scale if like.quantity.scale > 0 else _ONE
    if written := _ENGLISH_AMOUNT.fullmatch(like.quantity.surface):
        return f"{written['before']}{plain(_rounded(value / scale))}{written['after']}"
    label = re.sub(r"^[^\u3400-\u9fffA-Za-z%‰]*[约近超]?|[多余餘几幾来](?=.)", "", like.quantity.surface)
    label = label if re.match(r"[^\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]", label) else ""
    return f"{plain(_rounded(value / scale))}{label}"


def _rounded(value: Decimal) -> Decimal:
    size = abs(value)
    step = Decimal("0.1") if size >= 100 else Decimal("0.01") if size >= 1 else Decimal("0.0001")
    return value.quantize(step, ROUND_HALF_UP) if size < Decimal(10) ** 20 else value


def levels_of(document: DocumentFigures) -> Iterator[Figure]:
    """Yield what can be a part, a whole or a divisor: positive results, not per unit, not of an earlier time."""
    for figure in document.figures:
        if figure.id in document.origins:
            continue
        if figure.role is Role.LEVEL and not figure.target and not figure.per and interval(figure.quantity).is_positive:
            yield figure


def best(attempts: Iterable[Iterable[AuditFinding]]) -> Iterator[AuditFinding]:
    """Of several ways to compute one thing, one that holds; if none does, the one with the plainest figures."""
    found = [finding for attempt in attempts for finding in attempt]
    if found:
        yield min(
            found,
            key=lambda f: (not f.holds, not f.certain, sum(figure.quantity.approx is not None for figure in f.figures)),
        )


def alike(left: Figure, right: Figure) -> bool:
    """Whether two figures count in the same measure."""
    return same_measure(left.quantity.unit, right.quantity.unit)
