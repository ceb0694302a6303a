"""Time as months: what a ledger's period notation covers, and which times a question names.

The notation is that of ``Figure.period``: ``2024``, ``2024-07``, ``2024-07-15``, ``2024Q1``, ``2021/2025``, ``1998/``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinju.types import Span

MONTHS_A_YEAR = 12
FOREVER = MONTHS_A_YEAR * 10_000
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_POINT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-\d{1,2})?|-?[Qq](?P<quarter>[1-4])|-?[Hh](?P<half>[12]))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A half-open run of months, each numbered ``12 * year + month - 1``; ``start < end``."""

    start: int
    end: int

    def contains(self, other: Months) -> bool:
        """Tell whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Months) -> bool:
        """Tell whether one month at least belongs to both."""
        return self.start < other.end and other.start < self.end

    def later(self, years: int) -> Months:
        """The same months so many years later; earlier where ``years`` is below 0."""
        return Months(self.start + 12 * years, self.end + 12 * years)

    @property
    def last_year(self) -> int:
        """The calendar year of the last month (of the first, where the run has no end)."""
        return (self.start if self.end >= FOREVER else self.end - 1) // 12

    def __str__(self) -> str:
        first, last = self.start // 12, (self.end - 1) // 12
        if self.end >= FOREVER:
            return f"{first}/"
        whole = self.start % 12 == 0 and self.end % 12 == 0
        if whole:
            return str(first) if first == last else f"{first}/{last}"
        begin = f"{first}-{self.start % 12 + 1:02d}"
        return begin if self.end - self.start == 1 else f"{begin}/{last}-{(self.end - 1) % 12 + 1:02d}"


def year_months(first: int, last: int | None = None) -> Months:
    """The months of one year, or of all years from ``first`` to ``last``."""
    return Months(12 * first, 12 * ((first if last is None else last) + 1))


def read_period(notation: str) -> Months | None:
    """Read the notation of ``Figure.period``; ``None`` for the empty string and anything else that is not one."""
    begin, slash, finish = notation.partition("/")
    start = _read_point(begin)
    if start is None:
        return None
    if not slash:
        return start
    end = _read_point(finish)
    if end is None:
        return Months(start.start, FOREVER)
    return Months(min(start.start, end.start), max(start.end, end.end))


def _read_point(notation: str) -> Months | None:
    match = _POINT.fullmatch(notation.strip())
    if match is None:
        return None
    first = 12 * int(match["year"])
    if match["month"]:
        return Months(first + int(match["month"]) - 1, first + int(match["month"]))
    if match["quarter"]:
        return Months(first + 3 * int(match["quarter"]) - 3, first + 3 * int(match["quarter"]))
    if match["half"]:
        return Months(first + 6 * int(match["half"]) - 6, first + 6 * int(match["half"]))
    return Months(first, first + 12)


# ── what a question names ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A time a question names, and where.

    Attributes:
        span: Where it stands in the question.
        months: The months meant, or ``None`` when it is relative.
        offset: Years from the document's own year for 今年 (0), 去年 (-1), 明年 (1) …; ``None`` when it is absolute.
        part: Months within the year for 上半年, 第一季度 …, as ``(start, end)``; the whole year is ``(0, 12)``.
    """

    span: Span
    months: Months | None
    offset: int | None = None
    part: tuple[int, int] = (0, 12)


_YEAR = (
    r"(?P<year>(?:(?<![\d.])(?:1[6-9]|20)\d\d(?![\d.,]*\d)(?!\s*(?:[万亿元美%‰倍家个人件项名户辆]|多[项个家])))"
    r"|(?:[一二][〇零一二三四五六七八九]{3}(?=年)))(?:年度?)?"
)
_SHORT_YEAR = r"(?<![\d近过去这用了花走前约.])(?P<short>[012]\d)年(?=底|末|初|全|度|的|上半|下半|第|[一二三四]季|\d|$)"
_RELATIVE = r"(?P<relative>今年|本年度?|去年|上年|前年|明年|后年|this year|last year|next year)"
_PART = (
    r"(?P<part>上半年|下半年|前三季度|头三季度|(?:第?[一二三四1-4]|首)季度?|q[1-4]|前\d{1,2}个?月|(?<!\d)1?\d月份?(?!\d)"
    r"|first half|second half|(?:first|second|third|fourth) quarter)"
)
_PLAN = r"[“\"'‘「『]?(?P<plan>十[一二三四五六七八九]?五)[”\"'’」』]?(?:时期|期间|规划|以来|末|收官|开局)"
_PLAN_QUOTED = r"[“\"'‘「『](?P<quoted>十[一二三四五六七八九]?五)[”\"'’」』]"
_DECADE = r"(?:(?P<century>\d{2}|二十|十九)世纪)?(?P<decade>[1-9]0|[一二三四五六七八九]十)年代"
_TIME = re.compile("|".join([_DECADE, _PLAN, _PLAN_QUOTED, _YEAR, _SHORT_YEAR, _RELATIVE, _PART]))
_TO = re.compile(r"\s*(?:到|至|[-—–~]+|to|and|through)\s*")
_RELATIVE_OFFSETS = {
    "今年": 0, "本年": 0, "本年度": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2,
    "this year": 0, "last year": -1, "next year": 1,
}  # fmt: skip
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "首": 1, "first": 1, "second": 2, "third": 3, "fourth": 4}


def periods_in(question: str) -> tuple[AskedPeriod, ...]:
    """Find the times a folded question names, in its order; a part of a year belongs to the year before it."""
    found: list[AskedPeriod] = []
    for match in _TIME.finditer(question):
        asked = _asked(match)
        previous = found[-1] if found else None
        if match["part"] and previous and _follows(question, previous, asked):
            found[-1] = _narrow(previous, asked)
        else:
            found.append(asked)
    return tuple(found)


def joined_range(question: str, first: AskedPeriod, second: AskedPeriod) -> Months | None:
    """The months from ``first`` to ``second`` where the question joins them by 到, 至, a dash; else ``None``."""
    between = question[first.span.end : second.span.start]
    if first.months is None or second.months is None or not _TO.fullmatch(between):
        return None
    return Months(min(first.months.start, second.months.start), max(first.months.end, second.months.end))


def _follows(question: str, previous: AskedPeriod, part: AskedPeriod) -> bool:
    gap = question[previous.span.end : part.span.start].strip()
    return previous.part == (0, 12) and gap in {"", "的", "年", "of", "in the"}


def _narrow(year: AskedPeriod, part: AskedPeriod) -> AskedPeriod:
    start, end = part.part
    months = None if year.months is None else Months(year.months.start + start, year.months.start + end)
    return AskedPeriod(Span(year.span.start, part.span.end), months, year.offset, part.part)


def _asked(match: re.Match[str]) -> AskedPeriod:
    span = Span(*match.span())
    if match["decade"]:
        return AskedPeriod(span, _decade(match["century"], match["decade"]))
    if match["plan"] or match["quoted"]:
        return AskedPeriod(span, five_year_plan(match["plan"] or match["quoted"]))
    if match["year"]:
        return AskedPeriod(span, year_months(int(match["year"].translate(_DIGITS))))
    if match["short"]:
        return AskedPeriod(span, year_months(2000 + int(match["short"])))
    if match["relative"]:
        return AskedPeriod(span, None, _RELATIVE_OFFSETS[match["relative"]])
    return AskedPeriod(span, None, 0, _part(match["part"]))


def five_year_plan(name: str) -> Months:
    """The years of a five-year plan named like 十四五 (2021 to 2025); plans are counted from 三五, 1966."""
    number = 10 + int(name[1].translate(_DIGITS)) if len(name) == 3 else 10
    first = 1966 + 5 * (number - 3)
    return year_months(first, first + 4)


def _decade(century: str | None, decade: str) -> Months:
    hundreds = {"十九": 19, "二十": 20}.get(century or "", int(century) if century and century.isdigit() else 20) - 1
    tens = int(decade[0].translate(_DIGITS))
    return year_months(100 * hundreds + 10 * tens, 100 * hundreds + 10 * tens + 9)


def _part(words: str) -> tuple[int, int]:
    if words in {"上半年", "first half"}:
        return 0, 6
    if words in {"下半年", "second half"}:
        return 6, 12
    if words.startswith(("前三季", "头三季")):
        return 0, 9
    number = _NUMBERS.get(words.removeprefix("第").split()[0][:6].removesuffix("季度").removesuffix("季")[:6], 0)
    digits = re.search(r"\d+", words)
    value = int(digits.group()) if digits else number
    if "季" in words or "q" in words:
        return 3 * max(value, 1) - 3, 3 * max(value, 1)
    value = min(max(value, 1), 12)
    return (0, value) if words.startswith("前") else (value - 1, value)
