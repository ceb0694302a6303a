"""Shares of a whole: whose they are, what amount they come to, and where the text states the one calculated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from yinju.figures.compute import Refusal, compute
from yinju.figures.constraints import PERCENTS, RATES
from yinju.figures.derive import convertible
from yinju.figures.matching import Candidate
from yinju.figures.operations import Operation
from yinju.figures.profiles import Profile, Profiles, covers
from yinju.figures.query import FigureQuestion
from yinju.figures.search import OPERAND_SCORE, Result, Search
from yinju.figures.terms import Term
from yinju.figures.units import unit_kind
from yinju.text import fold
from yinju.types import Computation, Figure, Kind, Role

N_BESIDE = 100
"""Characters within which a stated share is taken to be that of the parts it stands with."""
PART_CONTENT = 0.5
"""Coverage from which a share speaks of what was asked, so that its amount may be worked out."""
N_TRIED = 3
"""Shares, and wholes for each, that are tried."""
_DEFAULT_WHOLE = (Term("gdp", 1.0, ("生产总值", "总面积", "土地")),)
"""What a share is taken to be of where the text does not say."""


def is_of_part(operand: FigureQuestion, profile: Profile) -> bool:
    """Tell whether what a row gives the share of is the operand: in X占GDP比重 it is X, not the GDP."""
    part, of_whole, _ = fold(profile.figure.metric).partition("占")
    words = operand.metric_terms
    if not of_whole or not part or not words:
        return True
    return any(covers(part, term.forms) >= 0.5 for term in words)


def amount_of_share(question: FigureQuestion, search: Search) -> Result | None:
    """Return an amount the text gives only as a share: 90%的研發投入來自企業，是多少億元."""
    if not question.unit or question.unit in RATES or question.role is not None or question.operands:
        return None
    if unit_kind(question.unit) not in {Kind.AMOUNT, Kind.AREA}:
        return None
    best = next((c for c in search.rank(_share_of(question)) if c.failure is None), None)
    if best is None or best.unspoken or best.content < PART_CONTENT or best.figure.role is not Role.SHARE:
        return None
    return part_of_whole(question, search)


def part_of_whole(question: FigureQuestion, search: Search) -> Result | None:
    """Return the amount of a part: its share, times the whole that the share is of."""
    shares = _meeting_all(search.rank(_share_of(question), by_words_alone=True))
    for share in [c for c in shares if is_of_part(question, c.profile)][:N_TRIED]:
        for whole in _wholes(question, share.figure, search)[:N_TRIED]:
            operands = share.figure, whole.figure
            done = compute(question.operation, operands, convertible(question.unit), question.scale)
            if not isinstance(done, Refusal):
                return done, min(share.score, whole.score)
    return None


def _share_of(question: FigureQuestion) -> FigureQuestion:
    """The question for the share whose amount is asked for."""
    return replace(question, kinds=PERCENTS, unit="", role=Role.SHARE, scale=Decimal(1))


def _wholes(question: FigureQuestion, share: Figure, search: Search) -> list[Candidate]:
    """What a share may be of, best first: results before plans, the latest year before others."""
    base = fold(share.base)
    terms = (Term(base),) if base else _DEFAULT_WHOLE
    kinds = frozenset({unit_kind(question.unit)}) if question.unit else frozenset({Kind.AMOUNT, Kind.AREA})
    wanted = replace(question, terms=terms, kinds=kinds, role=None, operation=Operation.LOOKUP)
    ranked = search.rank(wanted, by_words_alone=True)
    ranked.sort(key=lambda c: -search.matcher.preference(wanted, c.profile) - c.score)
    return _meeting_all(ranked)


def _meeting_all(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The rows that fail no demand and are like enough to be an operand."""
    return [c for c in ranked if c.failure is None and c.score >= OPERAND_SCORE]


def stated_share(computation: Computation, profiles: Profiles) -> Figure | None:
    """Return the share that the text beside the operands states and the division confirms: 32.5% for 32.54%."""
    if computation.operation != Operation.SHARE:
        return None
    for figure in (profile.figure for profile in profiles):
        is_share = figure.quantity.unit == "%" and figure.role is Role.SHARE
        if is_share and _is_beside(figure, computation.operands) and _is_rounded(figure, computation.value):
            return figure
    return None


def _is_beside(figure: Figure, operands: tuple[Figure, ...]) -> bool:
    start = figure.quantity.span.start
    return any(
        figure.document == other.document and abs(start - other.quantity.span.start) <= N_BESIDE for other in operands
    )


def _is_rounded(figure: Figure, value: Decimal) -> bool:
    """Whether a figure states a value to the digits that it writes."""
    stated = figure.quantity
    exponent = stated.value.as_tuple().exponent
    if stated.approx is not None or not isinstance(exponent, int):
        return False
    return value.quantize(Decimal(1).scaleb(min(0, exponent)), ROUND_HALF_UP) == stated.value
