"""Changes: those that a text does not state but gives both ends of, and questions that ask for one in other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import yinju.figures.cues as cues
from yinju.figures.compute import compute
from yinju.figures.constraints import PERCENTS, RATES
from yinju.figures.derive import convertible
from yinju.figures.operands import COMBINED
from yinju.figures.operations import Operation
from yinju.figures.periods import read_period
from yinju.figures.profiles import Profile, Profiles
from yinju.figures.query import FigureQuestion, timeless
from yinju.figures.search import ANSWER_SCORE, BELIEVED, Result, Search, scored
from yinju.text import fold
from yinju.types import TIMES, Figure, Kind, Role

_AGAINST = frozenset({Operation.DIFFERENCE, Operation.GROWTH, Operation.TIMES, Operation.CHANGE})
Ends = tuple[Figure, Figure]
"""What a change began with and what it came to."""
_ARRIVES = re.compile(r"(?:到|至|为)(?:\d{4}年)?\D{0,6}$")
_FROM_BEFORE = re.compile(r"[^.;]{0,60}\b(?:up|down) from (?:about |some |nearly |over )?")
"""What stands between a value and the one before it in English."""
_PAST = re.compile(r"(?:[一二两三四五六七八九十\d]+年前|以前|之前|过去|原来|当初|改造前|调整前|期初|年初)的?")
_YEAR_ONLY = re.compile(r"\d{4}年[底末初]?的?")
_LAST_YEAR = re.compile(
    r"(?:[上前去]一?个?年度?|往年|(?:上年|去年|前一年)同期|同期|(?:the )?(?:year before|previous year|last year|"
    r"a year earlier))(?:的|度)?"
)


# ── how a question asks ─────────────────────────────────────────────────────────────────────


def is_change(question: FigureQuestion) -> bool:
    """Tell whether a question asks how something changed, or compares it with nothing but a time."""
    return question.role is Role.CHANGE or _is_against_a_time(question)


def over_a_year(question: FigureQuestion) -> FigureQuestion | None:
    """Read a thing set against itself a year before (去年比前年多幾成) as its change; ``None`` for other questions."""
    if question.operation not in {Operation.DIFFERENCE, Operation.GROWTH} or len(question.operands) != 2:
        return None
    before = [operand for operand in question.operands if _LAST_YEAR.fullmatch(fold(operand.label))]
    if not before:
        return None
    thing = next((operand for operand in question.operands if operand not in before), question.operands[0])
    kinds = PERCENTS if question.unit in RATES else frozenset[Kind]()
    changed = replace(question, operation=Operation.LOOKUP, role=Role.CHANGE, operands=(), kinds=kinds, unit="")
    return replace(changed, terms=thing.terms, periods=thing.periods, offsets=thing.offsets)


def asks_of_before(question: FigureQuestion) -> bool:
    """Tell whether a time before the last is asked for: that of a year, or the year before."""
    return question.has_period or _LAST_YEAR.search(fold(question.text)) is not None


def _is_against_a_time(question: FigureQuestion) -> bool:
    """Whether the last operand is nothing but a time: 比五年前, 比2020年, 比前一年."""
    if question.operation not in _AGAINST:
        return False
    times = (_PAST, _YEAR_ONLY, _LAST_YEAR)
    return any(time.fullmatch(fold(operand.label).strip()) for operand in question.operands[-1:] for time in times)


# ── both ends ───────────────────────────────────────────────────────────────────────────────


def between_ends(question: FigureQuestion, search: Search) -> Result | None:
    """Return a change the text does not state but gives both ends of (由71所整合為47所)."""
    relative = bool(question.kinds & PERCENTS)
    stated = _belief_in_stated(question, search)
    if stated >= BELIEVED and not relative and not question.spans_time:
        return None
    wanted = _of_the_thing(question, relative)
    ranked = search.plausible(wanted, ANSWER_SCORE)
    ranked = ranked or [c for c in search.weighed(wanted).likely if c.belief >= COMBINED]
    ends = _ends(question, ranked[0].profile, search.profiles) if ranked else None
    if ends is None or (stated >= BELIEVED and (relative or stated >= ranked[0].belief)):
        return None
    if not _is_asked_over(question, ends, relative, search):
        return None
    operation = Operation.GROWTH if relative else Operation.DIFFERENCE
    if Kind.MULTIPLE in question.kinds:
        operation, ends = Operation.TIMES, ends[::-1]
    done = compute(operation, ends, convertible(question.unit), question.scale)
    return scored(done, ranked[0].score)


def _belief_in_stated(question: FigureQuestion, search: Search) -> float:
    """How far to believe that the text states the change itself."""
    asked = replace(question, role=Role.CHANGE, operation=Operation.LOOKUP)
    return search.weighed(asked, strictly=True).belief


def _of_the_thing(question: FigureQuestion, relative: bool) -> FigureQuestion:
    """The question for what changed, whenever; the reader is asked for that alone, where it is told apart."""
    words = question.operands[0].text if _is_against_a_time(question) else question.label
    wanted = replace(timeless(question, words), role=None, target=None)
    return replace(wanted, kinds=frozenset(), unit="") if relative else wanted


def _is_asked_over(question: FigureQuestion, ends: Ends, relative: bool, search: Search) -> bool:
    """Whether the change from one end to the other is what a question asks, which may mean that of one year."""
    apart = _are_a_year_apart(ends)
    first, last = map(search.profile_of, ends)
    told = _FROM_BEFORE.fullmatch(_between(last, first)) is not None
    spans = told or question.spans_time or _is_against_a_time(question)
    yearly = relative and not apart and cues.YEARLY.search(fold(question.text))
    return (spans or apart) and not yearly


def _are_a_year_apart(ends: Ends) -> bool:
    """Whether two figures are of one year and the next: what 增速 means when no base is named."""
    first, last = (read_period(figure.period) for figure in ends)
    return first is not None and last is not None and last.last_year - first.last_year == 1


def _ends(question: FigureQuestion, profile: Profile, profiles: Profiles) -> Ends | None:
    """Both ends of the change a row is one end of."""
    if profiles.grid.place(profile.figure) is not None:
        return _ends_in_table(question, profiles.grid.times(profile.figure))
    row = [p for p in profiles.of_sentence(profile.figure) if p.figure.quantity.kind not in TIMES]
    return _ends_told_backwards(profile, row) or _ends_in_parallel(profile, row)


def _ends_in_table(question: FigureQuestion, told: Sequence[Figure]) -> Ends | None:
    """What a table tells of the first and the last year asked for, or else of the last two it knows."""
    dated = [(figure, read_period(figure.period)) for figure in told]
    asked = [months for part in (question, *question.operands) for months in part.periods]
    years = {year for months in asked for year in (months.start // 12, months.last_year)}
    chosen = [f for f, months in dated if months and (not years or months.last_year in years)]
    if len(chosen) == 1:  # 2023年跌了多少: against the year before
        chosen = list(told[max(0, told.index(chosen[0]) - 1) :][:2])
    ends = chosen if years else told[-2:]
    return (ends[0], ends[-1]) if len(ends) > 1 else None


def _ends_told_backwards(profile: Profile, row: Sequence[Profile]) -> Ends | None:
    """£12.4 million, down from £14.0 million."""
    for now, before in pairwise(row):
        if profile in (now, before) and _FROM_BEFORE.fullmatch(_between(now, before)):
            return before.figure, now.figure
    return None


def _ends_in_parallel(profile: Profile, row: Sequence[Profile]) -> Ends | None:
    """Ends that are lists, taken in their order: 小學、初中由71所、30所整合為47所、22所."""
    index = row.index(profile)
    for at in (i for i, p in enumerate(row) if p.is_start):
        arrivals = (i for i in range(at + 1, len(row)) if _ARRIVES.search(_between(row[i - 1], row[i])))
        later = next(arrivals, None)
        if later is None:
            return None
        n = later - at
        first = index if at <= index < later else index - n
        if at <= first < later and first + n < len(row):
            return row[first].figure, row[first + n].figure
    return None


def _between(left: Profile, right: Profile) -> str:
    """What a sentence says between two of its values."""
    start = left.figure.sentence.start
    return left.sentence[left.figure.quantity.span.end - start : right.figure.quantity.span.start - start]
