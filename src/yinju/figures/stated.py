"""What a text states: the row that answers a question, the rows that contradict it, or why none does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from yinju.figures.abstention import abstain
from yinju.figures.compute import Refusal, compute, same_measure
from yinju.figures.matching import Candidate
from yinju.figures.operations import Operation
from yinju.figures.profiles import Profile, Profiles
from yinju.figures.query import FigureQuestion, names_unit
from yinju.figures.sameness import agree, comparable, distinct, same_metric, same_name, values_agree
from yinju.figures.search import BELIEVED, OPERAND_SCORE, Finding, Search
from yinju.figures.units import convert
from yinju.types import TIMES, Computation, Figure, Role, Status

HALF_BELIEVED = 0.25
"""Probability from which a row that does not answer is what comes nearest."""
BELIEVED_IF_SHOWN = 0.3
"""Probability from which different values for one thing are shown beside each other, which hides nothing."""
CONFLICT_MARGIN = 0.25
"""How far another statement may score below the best row and still support or contradict it."""
COVERAGE_MARGIN = 0.35
"""How much less of the question a row may cover than the best one and still contradict it."""
SAME_COVERAGE = 0.02
"""Difference in coverage up to which the words of a question do not tell the members of a list apart."""
MAX_AGREEING = 2
"""Figures beside the best one that are given with it where they say the same."""
_SCALE_ALONE = re.compile("[百千万萬亿億]")
"""A number that is no more than its scale: 迈上万亿元台阶."""


def find_stated(question: FigureQuestion, search: Search, strictly: bool = False) -> Finding:
    """Answer with what a row states where it is believed; ``strictly`` takes none that is in doubt."""
    weighed = search.weighed(question, strictly)
    fitting, belief = weighed.fitting, weighed.belief
    if belief >= BELIEVED and not _is_untold(fitting, search.profiles):
        return answer_with(question, fitting, belief)
    if belief >= BELIEVED_IF_SHOWN and not strictly:
        shown = answer_with(question, fitting, belief)
        if shown.status is Status.CONFLICT:
            return shown
    hoped = fitting[0] if belief >= HALF_BELIEVED and not fitting[0].doubts else None
    return abstain(question, weighed.ranked, hoped, search.profiles)


def answer_with(question: FigureQuestion, fitting: Sequence[Candidate], belief: float) -> Finding:
    """Answer with the first of some rows and those that say the same, or with all values where some contradict it.

    Args:
        question: What is asked.
        fitting: Rows that can answer, best first; at least one.
        belief: How far the first is believed, 0 to 1.
    """
    best = fitting[0]
    others = [c for c in fitting if c is not best]
    others = [c for c in others if not (c.doubts or (c.unspoken and not same_name(best.profile, c.profile)))]
    notes = notes_on(question, best.profile)
    if rivals := [c.figure for c in others if _is_rival(best, c)]:
        return Finding(Status.CONFLICT, distinct(best.figure, *rivals), confidence=belief, notes=notes)
    close = [c for c in others if c.score >= best.score - CONFLICT_MARGIN]
    agreeing = [c.figure for c in close if agree(best.profile, c.profile)]
    figures = (best.figure, *agreeing[:MAX_AGREEING])
    return Finding(Status.ANSWERED, figures, _converted(question, best.figure), confidence=belief, notes=notes)


def notes_on(question: FigureQuestion, profile: Profile) -> dict[str, str]:
    """Return what is assumed where a row answers a question: see ``Finding.notes``."""
    notes, figure = {}, profile.figure
    if not question.has_period and profile.months and figure.quantity.kind not in TIMES:
        notes["period_assumed"] = figure.period
    if question.target is None and profile.target:
        notes["target"] = "true"
    if question.falling and figure.role is Role.CHANGE and figure.quantity.value < 0:
        notes["fall"] = "true"
    return notes


def _is_untold(fitting: Sequence[Candidate], profiles: Profiles) -> bool:
    """Whether the best row is a member of a list whose members neither the ledger nor the question tells apart."""
    best, listed = fitting[0], {id(profile) for profile in profiles.listed_with(fitting[0].profile)}
    figure = best.figure
    return any(
        id(c.profile) in listed
        and (c.figure.metric, c.figure.entity, c.figure.period) == (figure.metric, figure.entity, figure.period)
        and c.profile.is_start is best.profile.is_start
        and not values_agree(c.figure, figure)
        and not any(_SCALE_ALONE.match(f.quantity.surface) or f.quantity.approx for f in (c.figure, figure))
        and abs(c.coverage - best.coverage) < SAME_COVERAGE
        for c in fitting[1:]
    )


def _is_rival(best: Candidate, other: Candidate) -> bool:
    """Whether another row states a different value for the very same thing."""
    named = same_name(best.profile, other.profile) and best.profile.months == other.profile.months
    close = other.score >= max(OPERAND_SCORE, best.score - CONFLICT_MARGIN)
    if not named and (not close or other.coverage < best.coverage - COVERAGE_MARGIN):
        return False
    if best.figure.document == other.figure.document and best.figure.clause == other.figure.clause:
        return False  # a text does not contradict itself within a clause: they are of different things
    if not comparable(best.profile, other.profile) or best.profile.is_start != other.profile.is_start:
        return False
    if values_agree(best.figure, other.figure) or _SCALE_ALONE.match(other.figure.quantity.surface):
        return False
    return same_metric(best.profile, other.profile) and best.figure.quantity.kind not in TIMES


def _converted(question: FigureQuestion, figure: Figure) -> Computation | None:
    """The figure in the unit that a question names, where the text has it in another."""
    unit = figure.quantity.unit
    scaled = question.scale != 1 and question.scale != figure.quantity.scale
    if not question.unit or (same_measure(question.unit, unit) and not scaled) or not names_unit(question):
        return None
    if convert(Decimal(1), unit, question.unit) is None:
        return None
    done = compute(Operation.CONVERSION, (figure,), question.unit, question.scale)
    return None if isinstance(done, Refusal) else done
