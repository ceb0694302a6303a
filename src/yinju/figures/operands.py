"""The operands of a calculation: the rows, or numbers of the question, that each may be, and those that go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import yinju.figures.cues as cues
from yinju.figures.compute import Refusal, compute, literal, same_measure
from yinju.figures.derive import convertible, of_one_place
from yinju.figures.grid import Grid
from yinju.figures.matching import Candidate
from yinju.figures.operations import Operation
from yinju.figures.profiles import Profile
from yinju.figures.quantity import read_cell, read_quantities
from yinju.figures.query import FigureQuestion
from yinju.figures.sameness import agree
from yinju.figures.search import Search
from yinju.text import fold
from yinju.types import TIMES, Computation, Figure, Kind

COMBINED = 0.4
"""Mean probability of operands, with what they have in common, from which they are worked with."""
N_OPERAND_CANDIDATES = 6
MAX_CROSSED = 4
"""Operands whose candidates are all tried with each other; of more, the likeliest alone."""
TOLD_OF_YEAR = 0.3
"""Coverage from which a year of the text is that of an event asked about."""
STATED_PART = 0.15
"""What a part gains that is stated as an amount, beside one stated as a share."""
APART = 0.4
"""What a value per unit loses whose operands are of different places."""
_OF_ONE_PLACE = frozenset({Operation.PER_UNIT, Operation.REMAINDER})
_OF_TWO_THINGS = frozenset({Operation.DIFFERENCE, Operation.TIMES, Operation.SHARE, Operation.GROWTH})
_WITHOUT_UNIT = frozenset({Operation.TIMES, Operation.SHARE})
_ABOUT_A_NUMBER = re.compile(r"[的了]|大关|门槛|这个|目标|关口|整数|还|about|the|mark|yuan")


@dataclass(frozen=True, slots=True)
class Combination:
    """Operands that go together, in the order of the question's operands (of growth, the earlier first).

    Attributes:
        chosen: A row, or a number of the question, for each operand.
        score: How likely they are meant: the mean of their beliefs and what they have in common.
        computation: What they come to.
    """

    chosen: tuple[Candidate, ...]
    score: float
    computation: Computation


def best_combination(question: FigureQuestion, search: Search) -> Combination | None:
    """Return the likeliest operands of a question's operation that can be calculated with; ``None`` without any."""
    if question.operation is Operation.GROWTH and cues.YEARLY.search(fold(question.text)):
        return None  # stated, or not to be had: the growth of all years is not that of one
    ranked = [_candidates(operand, question, search) for operand in question.operands]
    if not all(ranked):
        return None
    likely = sorted(_combinations(question, ranked, search.profiles.grid), key=lambda scored: -scored[0])
    for score, chosen in likely:
        done = _computed(question, chosen)
        if not isinstance(done, Refusal):
            return Combination(chosen, score, done)
    return None


# ── one operand ─────────────────────────────────────────────────────────────────────────────


def _candidates(operand: FigureQuestion, whole: FigureQuestion, search: Search) -> list[Candidate]:
    """What an operand may be, the likeliest first."""
    if given := _given_number(operand):
        return [given]
    if whole.operation is Operation.YEARS_BETWEEN and operand.periods and (named := _of_year(operand, search)):
        return named
    weighed = search.weighed(operand)
    return _exact_first(weighed.likely, weighed.fitting)[:N_OPERAND_CANDIDATES]


def _given_number(operand: FigureQuestion) -> Candidate | None:
    """An operand that is nothing but a number of the question itself: 離一萬億還差多少."""
    folded = fold(operand.text).strip()
    alone = read_cell(_ABOUT_A_NUMBER.sub("", folded))
    found = read_quantities(folded) or ([alone] if alone else [])
    if len(found) != 1 or found[0].kind in TIMES | {Kind.DURATION, Kind.RANK}:
        return None
    rest = folded.replace(fold(found[0].surface), "", 1)
    if _ABOUT_A_NUMBER.sub("", rest).strip():
        return None
    figure = literal(found[0].value, operand.text.strip(), found[0].unit)
    return Candidate(_as_row(figure), 1.0, 1.0, chance=1.0, belief=1.0)


def _as_row(figure: Figure) -> Profile:
    """A number of the question as if it were a row."""
    return Profile(figure, "", "", "", "", "", "", "", None, False, False)


def _of_year(operand: FigureQuestion, search: Search) -> list[Candidate]:
    """Where the text has the year that an operand names, with more of what it says: 從1985年創辦到…."""
    dated = replace(operand, periods=(), offsets=(), kinds=frozenset({Kind.YEAR, Kind.DATE}), unit="")
    rows = [c for c in search.rank(dated) if c.failure is None and c.coverage >= TOLD_OF_YEAR]
    return [c for c in rows if any(m.overlaps(c.profile.months) for m in operand.periods if c.profile.months)][:1]


def _exact_first(likely: list[Candidate], fitting: Sequence[Candidate]) -> list[Candidate]:
    """Let a plain statement that fits stand in for a rough one of the same thing: 10206.9億元 for 突破一萬億元."""
    if not likely or likely[0].figure.quantity.approx is None:
        return likely
    best = likely[0]
    exact = next((c for c in fitting if c.figure.quantity.approx is None and agree(best.profile, c.profile)), None)
    if exact is None:
        return likely
    return [replace(exact, score=best.score, belief=best.belief), *(c for c in likely if c is not exact)]


# ── all of them ─────────────────────────────────────────────────────────────────────────────


def _combinations(
    question: FigureQuestion, ranked: Sequence[Sequence[Candidate]], grid: Grid
) -> Iterator[tuple[float, tuple[Candidate, ...]]]:
    """Yield the candidates that may be worked with, one for each operand, with their score."""
    crossed = product(*ranked) if len(ranked) <= MAX_CROSSED else [tuple(row[0] for row in ranked)]
    for chosen in map(_in_one_unit, crossed):
        if question.operation is Operation.GROWTH:  # what it began with comes first, whichever end was named first
            chosen = tuple(sorted(chosen, key=lambda c: not c.profile.is_start))
        if len({c.figure.id for c in chosen}) < len(chosen) or _is_one_thing_twice(question, chosen):
            continue
        score = _score(question, chosen, grid)
        if score >= COMBINED:
            yield score, chosen


def _in_one_unit(chosen: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Give a bare number of the question the unit of the figure it is set against."""
    stated = next((c.figure.quantity for c in chosen if c.figure.document), None)
    if stated is None:
        return chosen
    return tuple(c if c.figure.document or c.figure.quantity.unit else _with_unit(c, stated.unit) for c in chosen)


def _with_unit(bare: Candidate, unit: str) -> Candidate:
    quantity = replace(bare.figure.quantity, unit=unit, surface=f"{bare.figure.quantity.surface}{unit}")
    return replace(bare, profile=replace(bare.profile, figure=replace(bare.figure, quantity=quantity)))


def _is_one_thing_twice(question: FigureQuestion, chosen: Sequence[Candidate]) -> bool:
    """Whether a comparison would set a figure against another statement of itself (9501億元 − 9501億元)."""
    if question.operation not in _OF_TWO_THINGS:
        return False
    first, second = chosen[0].figure, chosen[1].figure
    if first.quantity.kind is second.quantity.kind is Kind.MULTIPLE and question.operation is Operation.DIFFERENCE:
        return True  # how many times as much, told twice
    if not first.document or not second.document:
        return first.quantity.value == second.quantity.value
    return len(chosen) == 2 and first.quantity.value == second.quantity.value and first.period == second.period


def _score(question: FigureQuestion, chosen: Sequence[Candidate], grid: Grid) -> float:
    score = sum(c.belief for c in chosen) / len(chosen) + _togetherness(chosen, grid)
    if question.operation in _OF_ONE_PLACE and not of_one_place(chosen):
        score -= APART
    if question.operation is Operation.REMAINDER and same_measure(*(c.figure.quantity.unit for c in chosen)):
        score += STATED_PART
    return score


def _togetherness(chosen: Sequence[Candidate], grid: Grid) -> float:
    """What speaks for operands together: they are from one sentence, of one measure, unit, role and time."""
    first = chosen[0]
    bonus = 0.0
    for other in chosen[1:]:
        bonus += 0.06 if other.figure.sentence == first.figure.sentence else 0.0
        bonus += 0.1 if _is_of_one_measure(first.figure, other.figure, grid) else 0.0
        bonus += 0.06 if other.figure.quantity.unit == first.figure.quantity.unit else 0.0
        bonus += 0.03 if other.figure.role is first.figure.role else -0.1
        timed = first.profile.months and other.profile.months
        bonus += 0.04 if timed and first.profile.months == other.profile.months else 0.0
    return bonus / max(1, len(chosen) - 1)


def _is_of_one_measure(one: Figure, other: Figure, grid: Grid) -> bool:
    places = grid.place(one), grid.place(other)
    if places[0] and places[1] and places[0].measure:
        return places[0].measure == places[1].measure
    return bool(one.metric) and one.metric == other.metric


def _computed(question: FigureQuestion, chosen: Sequence[Candidate]) -> Computation | Refusal:
    operation, figures = question.operation, tuple(c.figure for c in chosen)
    unit = "" if operation in _WITHOUT_UNIT else question.unit
    if operation is Operation.GROWTH and question.kinds & {Kind.MULTIPLE}:  # 從A到B翻了幾倍
        operation, figures = Operation.TIMES, figures[::-1]
    return compute(operation, figures, convertible(unit), question.scale)
