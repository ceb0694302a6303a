"""Question and ledger → the figure that answers, the figures that contradict each other, or why there is none.

This module says in which order answers are tried; each way to one has a module of its own. Constraints come first:
what proves that a row is not meant (another kind of number, a year or a name that no text has) removes it. All else
is weighed: how far the row's words cover the question's, how like in meaning they are, what the reader thinks, and
what speaks against it without proving it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import yinju.figures.cues as cues
from yinju.figures.calculation import calculate, instead
from yinju.figures.changes import asks_of_before, between_ends, is_change, over_a_year
from yinju.figures.claims import Claim
from yinju.figures.constraints import PERCENTS
from yinju.figures.derive import (
    asks_over_years,
    asks_to_derive,
    before_growth,
    derive,
    derive_as_asked,
    most,
    over_years,
    works_back,
)
from yinju.figures.ledger import Ledger
from yinju.figures.matching import Candidate, Evidence
from yinju.figures.operations import EXTREMES, Operation
from yinju.figures.periods import MONTHS_A_YEAR, read_period
from yinju.figures.profiles import Profiles
from yinju.figures.query import FigureQuestion, in_words_of
from yinju.figures.rest import anniversary, gap, of_rest, sum_of_list
from yinju.figures.search import Finding, Result, Search
from yinju.figures.shares import amount_of_share
from yinju.figures.stated import find_stated
from yinju.text import fold
from yinju.types import Figure, Kind, Reason, Role, Status

__all__ = ["Evidence", "Finding", "look_up", "weigh"]

SURE_SCORE = 0.7
"""Confidence of an extreme among the rows of a list."""
N_PROFILED = 4
"""Ledgers whose profiles are kept."""
_GROWS = re.compile(r"[涨长增升鼓快多降跌]|grow|rise|rose|increase")


def look_up(question: FigureQuestion, ledger: Ledger, evidence: Evidence | None = None) -> Finding:
    """Find what the ledger says to a question.

    Args:
        question: As parsed.
        ledger: Every figure of the documents.
        evidence: What retrieval knows.

    Returns:
        The finding; the same for the same input, always.
    """
    evidence = evidence or Evidence()
    profiles = evidence.profiles or _profiled(ledger, evidence.texts)
    search = Search(profiles, evidence)
    question = in_words_of(question, profiles.text)
    if question.claim is not None:
        return _judged(question.claim, find_stated(question, search))
    return _found(question, search)


def weigh(question: FigureQuestion, evidence: Evidence) -> tuple[list[Candidate], list[Candidate]]:
    """Return the rows that fail nothing and all rows, best first, as looking up weighs them; needs ``profiles``."""
    assert evidence.profiles is not None
    question = in_words_of(question, evidence.profiles.text)
    weighed = Search(evidence.profiles, evidence).weighed(question)
    return weighed.fitting, weighed.ranked


_PROFILED: list[tuple[Ledger, Profiles]] = []


def _profiled(ledger: Ledger, texts: Mapping[str, str]) -> Profiles:
    """The profiles of a ledger, made once while it is among the last asked."""
    for known, profiles in _PROFILED:
        if known is ledger:
            return profiles
    _PROFILED[:] = [(ledger, Profiles(ledger, texts)), *_PROFILED[: N_PROFILED - 1]]
    return _PROFILED[0][1]


def _judged(claim: Claim, finding: Finding) -> Finding:
    """Say whether the figure found bears a claim out; one of another unit cannot tell."""
    if finding.status is not Status.ANSWERED:
        return finding
    if not claim.speaks_of(finding.figures[0]):
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=finding.figures[0])
    verdict = "yes" if claim.holds(finding.figures[0]) else "no"
    return replace(finding, notes={**finding.notes, "verdict": verdict})


# ── what is tried, in its order ─────────────────────────────────────────────────────────────


def _found(question: FigureQuestion, search: Search) -> Finding:
    """What a question asks for outright; what the text tells; what follows from that; a share's amount."""
    if question.operation in EXTREMES and not question.operands:
        return _most(question, search)
    if (worked_out := _worked_out(question, search)) is not None:
        return worked_out
    told = _told(question, search)
    if told.computation is None and asks_over_years(question) and _is_of_one_year(told):
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_PERIOD, nearest=told.figures[0])
    if _is_as_asked(told, question, search):
        return told
    if (derived := derive(question, search)) is not None:
        return Finding.of(derived)
    if told.status is Status.ABSTAINED:
        return _worked(amount_of_share(question, search)) or told
    if told.status is Status.ANSWERED and question.per and not search.is_per(told.figures[0]):
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=told.figures[0])
    return told


def _worked_out(question: FigureQuestion, search: Search) -> Finding | None:
    """Answer a question that asks for a value per unit or year, or one worked back, as the parser took it apart."""
    if question.operation is Operation.PER_UNIT:
        return _stated_per_unit(question, search) or calculate(question, search)
    if question.operation is Operation.PER_YEAR and (stated := _stated_growth(question, search)) is not None:
        return stated
    if question.operation is Operation.LOOKUP and works_back(question) and asks_of_before(question):
        question = replace(question, operation=Operation.START_VALUE, periods=(), offsets=())
    return _worked(derive_as_asked(question, search))


def _told(question: FigureQuestion, search: Search) -> Finding:
    """Answer with what the text tells in parts (years, up to a sum, a list, all but a rest) or plainly."""
    return (
        _worked(over_years(question, search))
        or _worked(gap(question, search))
        or _worked(sum_of_list(question, search))
        or _worked(_before_growth(question, search))
        or _unless_the_rest(_stated_or_computed(question, search), question, search)
    )


def _stated_or_computed(question: FigureQuestion, search: Search) -> Finding:
    """Answer with a figure of the text, or with arithmetic on figures that the question names."""
    return (
        _worked(_change(question, search))
        or _stated_over_a_year(question, search)
        or _worked(_year_of_event(question, search))
        or _calculated(question, search)
        or find_stated(question, search)
    )


# ── one attempt each ────────────────────────────────────────────────────────────────────────


def _worked(derived: Result | None) -> Finding | None:
    return None if derived is None else Finding.of(derived)


def _most(question: FigureQuestion, search: Search) -> Finding:
    """The most or least of a list or a table."""
    if (found := most(question, search)) is None:
        return Finding(Status.ABSTAINED, reason=Reason.NO_EVIDENCE)
    computation, label = found
    return Finding.of((computation, SURE_SCORE), label=label)


def _stated_per_unit(question: FigureQuestion, search: Search) -> Finding | None:
    stated = find_stated(replace(question, operands=(), operation=Operation.LOOKUP), search)
    return stated if stated.status is Status.ANSWERED and search.is_per(stated.figures[0]) else None


def _stated_growth(question: FigureQuestion, search: Search) -> Finding | None:
    """The rate of growth that a text states, where growth over the years is asked for."""
    if not _GROWS.search(fold(question.text)):
        return None
    wanted = replace(question, operation=Operation.LOOKUP, role=Role.CHANGE, kinds=PERCENTS, unit="")
    stated = find_stated(wanted, search)
    return stated if stated.status is Status.ANSWERED else None


def _before_growth(question: FigureQuestion, search: Search) -> Result | None:
    """The value of the year before, worked back from a stated growth, where the text does not state it."""
    plain = question.operation is Operation.LOOKUP and question.has_period and not question.operands
    unstated = plain and find_stated(question, search, strictly=True).status is Status.ABSTAINED
    return before_growth(question, search) if unstated else None


def _unless_the_rest(finding: Finding, question: FigureQuestion, search: Search) -> Finding:
    """What was found, or the rest of a whole where the question names one and nothing better was found."""
    rest = of_rest(question, search)
    return Finding.of(rest[0]) if rest is not None and _says_no_better(finding, rest[1]) else finding


def _change(question: FigureQuestion, search: Search) -> Result | None:
    return between_ends(question, search) if is_change(question) else None


def _stated_over_a_year(question: FigureQuestion, search: Search) -> Finding | None:
    """The change that a text states, where a thing is set against itself a year before."""
    if (yearly := over_a_year(question)) is None:
        return None
    stated = find_stated(yearly, search)
    return None if stated.status is Status.ABSTAINED else stated


def _year_of_event(question: FigureQuestion, search: Search) -> Result | None:
    asked = Kind.YEAR in question.kinds and not question.operands
    return anniversary(question, search) if asked else None


def _calculated(question: FigureQuestion, search: Search) -> Finding | None:
    if not question.operands and question.operation is not Operation.PART_OF_WHOLE:
        return None
    return calculate(question, search) or instead(question, search)


# ── whether it will do ──────────────────────────────────────────────────────────────────────


def _is_as_asked(told: Finding, question: FigureQuestion, search: Search) -> bool:
    """Whether what the text tells is the answer, rather than what one has to be derived from."""
    if told.status is Status.ABSTAINED:
        return False
    if told.computation is not None and told.computation.operation != Operation.CONVERSION:
        return True
    first = told.figures[0]
    if not asks_to_derive(question) or search.is_per(first) or cues.YEARLY.search(fold(first.metric)):
        return True
    return first.role is Role.CHANGE and not works_back(question)


def _is_of_one_year(finding: Finding) -> bool:
    months = read_period(finding.figures[0].period) if finding.status is Status.ANSWERED else None
    return months is not None and months.end - months.start <= MONTHS_A_YEAR


def _says_no_better(finding: Finding, part: Figure) -> bool:
    """Whether what was found is nothing, or but a figure of the sentence that tells what the rest is."""
    return finding.status is Status.ABSTAINED or any(f.sentence == part.sentence for f in finding.figures[:1])
