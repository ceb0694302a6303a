"""Question and ledger → the figure that answers, the figures that contradict each other, or why there is none.

Constraints come first: a row of another time, subject, unit, role or scope is no answer, however alike its words.
Meaning comes second: how far the row's words cover the question's, weighted by rarity, with the similarity of
embeddings for words that differ and the rank of the passage it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from yinju.figures.belief import probability, ranked_by_belief
from yinju.figures.claims import Claim
from yinju.figures.compute import Refusal, compute, literal, same_measure
from yinju.figures.constraints import MULTIPLES, PERCENTS, RATES, SCOPE_WORDS, Failure
from yinju.figures.derive import (
    Result,
    asks_over_years,
    asks_to_derive,
    convertible,
    derive,
    derive_as_asked,
    most,
    of_one_place,
    over_years,
    works_back,
)
from yinju.figures.ledger import Ledger
from yinju.figures.matching import Candidate, Evidence, Matcher
from yinju.figures.periods import MONTHS_A_YEAR, read_period
from yinju.figures.profiles import Profile, Profiles, core, covers
from yinju.figures.quantity import read_cell, read_quantities
from yinju.figures.query import FigureQuestion, Operation, Term, in_words_of, names_unit
from yinju.figures.sameness import agree, comparable, distinct, same_metric, values_agree
from yinju.figures.units import convert, unit_kind
from yinju.text import fold
from yinju.types import TIMES, Computation, Figure, Kind, Quantity, Reason, Role, Status

__all__ = ["Candidate", "Evidence", "Failure", "Finding", "look_up"]

ANSWER_SCORE = 0.45
"""Score from which a row that meets every constraint is worked with; set on the development halves of evals/."""
BELIEVED = 0.5
"""Probability from which a row answers; set on the development halves of evals/."""
HALF_BELIEVED = 0.25
"""Probability from which a row that does not answer is what comes nearest."""
OPERAND_SCORE = 0.4
"""The same for an operand of a calculation, whose partner is evidence besides."""
NEAR_SCORE = 0.4
"""Score from which a row that fails a constraint is worth naming."""
ANOTHER_SCORE = 0.2
"""The same where the question names somebody the documents do not, whose name no row can have."""
CONFLICT_MARGIN = 0.25
SAME_COVERAGE = 0.02
"""Difference in coverage up to which the words of a question do not tell the members of a list apart."""
SURE_SCORE = 0.7
"""Confidence of an extreme among the rows of a list."""
N_BESIDE = 100
"""Characters within which a stated share is taken to be that of the parts it stands with."""
PART_CONTENT = 0.5
"""Coverage from which a share speaks of what was asked, so that its amount may be worked out."""
LIKELY = 0.08
"""Probability from which a row may be an operand, as far as it alone tells."""
COMBINED = 0.4
"""Mean probability of operands, with what they have in common, from which they are worked with."""
N_OPERAND_CANDIDATES = 6
TOLD_OF_YEAR = 0.3
"""Coverage from which a year of the text is that of an event asked about."""
STATED_PART = 0.15
"""What a part gains that is stated as an amount, beside one stated as a share."""
APART = 0.4
"""What a value per unit loses whose operands are of different places."""
MAX_LABEL = 12
"""Characters of a metric that may name the winner of a comparison."""
_ARRIVES = re.compile(r"(?:到|至|为)(?:\d{4}年)?\D{0,6}$")
_STATED: dict[Operation, frozenset[Kind]] = {
    Operation.DIFFERENCE: frozenset(),
    Operation.TIMES: MULTIPLES,
    Operation.SHARE: PERCENTS,
    Operation.GROWTH: frozenset({Kind.PERCENT, Kind.MULTIPLE}),
    Operation.YEARS_BETWEEN: frozenset({Kind.DURATION}),
}
_OF_CHANGE = frozenset({Role.CHANGE, Role.DIFFERENCE})
_OF_ONE_PLACE = frozenset({Operation.PER_UNIT, Operation.REMAINDER})
_EXTREMES = frozenset({Operation.ARGMAX, Operation.ARGMIN})
_DEFAULT_WHOLE = (Term("gdp", 1.0, ("生产总值", "总面积", "土地")),)
_YEARLY = re.compile(r"年均|年平均|每年|annual|yearly")
_SCALE_ALONE = re.compile("[百千万萬亿億]")
"""A number that is no more than its scale: 迈上万亿元台阶."""
_PAST = re.compile(r"(?:[一二两三四五六七八九十\d]+年前|以前|之前|过去|原来|当初|改造前|调整前|期初|年初)的?")
_LAST_YEAR = re.compile(
    r"(?:[上前去]一?年|往年|(?:上年|去年|前一年)同期|同期|(?:the )?(?:year before|previous year|last year|"
    r"a year earlier))(?:的|度)?"
)
_GROWS = re.compile(r"[涨长增升鼓快多降跌]|grow|rise|rose|increase")
_YEAR_ONLY = re.compile(r"\d{4}年[底末初]?的?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the ledger says to a question.

    Attributes:
        status: Answered, conflict or abstained.
        figures: Best first; operands in the order of the formula for a computation; all values of a conflict.
        computation: The arithmetic, where there was any.
        reason: Why there is no answer; ``None`` unless abstained.
        failure: The constraint that failed, to be put into words.
        nearest: The figure nearest to what was asked, when abstained.
        confidence: 0 to 1.
        notes: Assumptions made, such as ``{"period_assumed": "2024"}``; ``fall`` where the question asked how far
            something fell, so that the answer is the size of it.
    """

    status: Status
    figures: tuple[Figure, ...] = ()
    computation: Computation | None = None
    reason: Reason | None = None
    failure: Failure | None = None
    nearest: Figure | None = None
    confidence: float = 0.0
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """What is missing, in the question's words where it has them; empty when nothing particular is."""
        return self.failure.asked if self.failure else ""

    @property
    def assumed_period(self) -> str:
        """The period taken because the question names none, in the ledger's notation; empty when it names one."""
        return self.notes.get("period_assumed", "")


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
    search = _Search(profiles, evidence)
    question = in_words_of(question, profiles.text)
    if question.claim is not None:
        return _judged(question.claim, search.direct(question))
    return _found(question, search)


def weigh(question: FigureQuestion, evidence: Evidence) -> tuple[list[Candidate], list[Candidate]]:
    """Return the rows that fail nothing and all rows, best first, as looking up weighs them; needs ``profiles``."""
    assert evidence.profiles is not None
    search = _Search(evidence.profiles, evidence)
    question = in_words_of(question, evidence.profiles.text)
    ranked, fitting, _ = search.weighed(question)
    return fitting, ranked


def _judged(claim: Claim, finding: Finding) -> Finding:
    """Say whether the figure found bears a claim out; one of another unit cannot tell."""
    if finding.status is not Status.ANSWERED:
        return finding
    if not claim.speaks_of(finding.figures[0]):
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=finding.figures[0])
    verdict = "yes" if claim.holds(finding.figures[0]) else "no"
    return replace(finding, notes={**finding.notes, "verdict": verdict})


def _found(question: FigureQuestion, search: _Search) -> Finding:
    if question.operation in _EXTREMES and not question.operands:
        if (found := most(question, search)) is None:
            return Finding(Status.ABSTAINED, reason=Reason.NO_EVIDENCE)
        return Finding(Status.ANSWERED, found[0].operands, found[0], confidence=SURE_SCORE, notes={"label": found[1]})
    if (worked_out := _worked_out(question, search)) is not None:
        return worked_out
    if (over := over_years(question, search)) is not None:
        return _answered(over)
    finding = _stated_or_computed(question, search)
    if finding.computation is None and asks_over_years(question) and _is_of_one_year(finding):
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_PERIOD, nearest=finding.figures[0])
    computed = finding.computation is not None and finding.computation.operation != Operation.CONVERSION
    if finding.status is not Status.ABSTAINED:
        stated = any(search.is_per(figure) or _YEARLY.search(fold(figure.metric)) for figure in finding.figures[:1])
        plain = stated or not asks_to_derive(question)
        if computed or plain or (finding.figures[0].role is Role.CHANGE and not works_back(question)):
            return finding
    derived = derive(question, search)
    if derived is None:
        part = search.part(question) if finding.status is Status.ABSTAINED else None
        if finding.status is Status.ANSWERED and question.per and not search.is_per(finding.figures[0]):
            return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=finding.figures[0])
        return part or finding
    return _answered(derived)


def _is_of_one_year(finding: Finding) -> bool:
    months = read_period(finding.figures[0].period) if finding.status is Status.ANSWERED else None
    return months is not None and months.end - months.start <= MONTHS_A_YEAR


def _answered(derived: Result) -> Finding:
    computation, score = derived
    return Finding(Status.ANSWERED, computation.operands, computation, confidence=score)


def _worked_out(question: FigureQuestion, search: _Search) -> Finding | None:
    """Answer a question that asks for a value per unit or year, or one worked back, as the parser took it apart."""
    if question.operation is Operation.PER_UNIT:
        stated = search.direct(replace(question, operands=(), operation=Operation.LOOKUP))
        if stated.status is Status.ANSWERED and search.is_per(stated.figures[0]):
            return stated
        return search.calculation(question)
    if question.operation is Operation.PER_YEAR and _GROWS.search(fold(question.text)):
        stated = search.direct(replace(question, operation=Operation.LOOKUP, role=Role.CHANGE, kinds=PERCENTS, unit=""))
        if stated.status is Status.ANSWERED:
            return stated
    derived = derive_as_asked(question, search)
    return None if derived is None else _answered(derived)


def _stated_or_computed(question: FigureQuestion, search: _Search) -> Finding:
    if question.role is Role.CHANGE or _only_time(question.operands[-1:]):
        changed = search.change(question)
        if changed is not None:
            return changed
    if (yearly := _over_a_year(question)) is not None:
        stated = search.direct(yearly)
        if stated.status is not Status.ABSTAINED:
            return stated
    if Kind.YEAR in question.kinds and not question.operands:
        counted = search.anniversary(question)
        if counted is not None:
            return counted
    if question.operands or question.operation is Operation.PART_OF_WHOLE:
        computed = search.calculation(question)
        if computed is not None:
            return computed
        return search.instead(question)
    return search.direct(question)


_PROFILED: list[tuple[Ledger, Profiles]] = []


def _profiled(ledger: Ledger, texts: Mapping[str, str]) -> Profiles:
    """The profiles of the ledger asked last, made once."""
    for known, profiles in _PROFILED:
        if known is ledger:
            return profiles
    _PROFILED[:] = [(ledger, Profiles(ledger, texts)), *_PROFILED[:3]]
    return _PROFILED[0][1]


class _Search:
    """One question's way from the ranked rows to a finding."""

    def __init__(self, profiles: Profiles, evidence: Evidence) -> None:
        self.profiles = profiles
        self.matcher = Matcher(profiles, evidence)
        self.rank = self.matcher.rank

    def is_per(self, figure: Figure) -> bool:
        """Whether a row is a value per unit."""
        return any(profile.per for profile in self.profiles if profile.figure is figure)

    def direct(self, question: FigureQuestion, strictly: bool = False) -> Finding:
        ranked, fitting, belief = self.weighed(question, strictly)
        if belief >= BELIEVED and not self._untold(fitting):
            return self._answer(question, fitting, belief)
        hoped = fitting[0] if belief >= HALF_BELIEVED and not fitting[0].doubt else None
        return self._abstain(question, ranked, hoped)

    def _untold(self, fitting: Sequence[Candidate]) -> bool:
        """Whether the best row is a member of a list whose members neither the ledger nor the question tells apart."""
        best, listed = fitting[0], {id(profile) for profile in self.profiles.listed_with(fitting[0].profile)}
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

    def weighed(
        self, question: FigureQuestion, strictly: bool = False
    ) -> tuple[list[Candidate], list[Candidate], float]:
        """Return all rows, those that can answer, the reader asked about them, and how far to believe their first.

        Rows are best first; where all fail, the belief is 0. ``strictly`` leaves out those that are in doubt.
        """
        ranked = self.rank(question)
        able = [c for c in ranked if c.can_answer and not (strictly and c.doubt)]
        fitting = ranked_by_belief(self.matcher.with_opinions(question, able))
        belief = probability(fitting, ranked) if fitting else 0.0
        best = max((c.chance for c in fitting), default=1.0)
        return ranked, [replace(c, belief=belief * c.chance / best) for c in fitting], belief

    def plausible(self, question: FigureQuestion, least: float) -> list[Candidate]:
        """Return rows to work with, best first: those of a least score, and the first one where it is believed."""
        _, fitting, belief = self.weighed(question)
        plain = [c for c in fitting if c.score >= least and not c.unspoken and not c.doubt]
        if belief >= BELIEVED and fitting[0] not in plain[:1]:
            return [fitting[0], *(c for c in plain if c is not fitting[0])]
        return plain

    def likely(self, question: FigureQuestion) -> list[Candidate]:
        """Return rows that may be an operand, the likeliest first."""
        _, fitting, _ = self.weighed(question)
        return [c for c in fitting if c.belief >= LIKELY]

    def _answer(self, question: FigureQuestion, fitting: list[Candidate], belief: float) -> Finding:
        best = fitting[0]
        fitting = [c for c in fitting if c is best or not (c.unspoken or c.doubt)]
        rivals = [c for c in fitting[1:] if self._rivals(question, best, c)]
        notes = self._notes(question, best)
        if rivals:
            figures = distinct(best.figure, *(c.figure for c in rivals))
            return Finding(Status.CONFLICT, figures, confidence=belief, notes=notes)
        agreeing = [
            c.figure for c in fitting[1:] if c.score >= best.score - CONFLICT_MARGIN and agree(best.profile, c.profile)
        ]
        computation = self._converted(question, best.figure)
        return Finding(Status.ANSWERED, (best.figure, *agreeing[:2]), computation, confidence=belief, notes=notes)

    def _converted(self, question: FigureQuestion, figure: Figure) -> Computation | None:
        unit = figure.quantity.unit
        scaled = question.scale != 1 and question.scale != figure.quantity.scale
        if not question.unit or (same_measure(question.unit, unit) and not scaled) or not names_unit(question):
            return None
        if convert(Decimal(1), unit, question.unit) is None:
            return None
        done = compute(Operation.CONVERSION, (figure,), question.unit, question.scale)
        return None if isinstance(done, Refusal) else done

    def _notes(self, question: FigureQuestion, best: Candidate) -> dict[str, str]:
        notes = {}
        if not question.has_period and best.profile.months and best.figure.quantity.kind not in TIMES:
            notes["period_assumed"] = best.figure.period
        if question.target is None and best.profile.target:
            notes["target"] = "true"
        if question.falling and best.figure.role is Role.CHANGE and best.figure.quantity.value < 0:
            notes["fall"] = "true"
        return notes

    def _rivals(self, question: FigureQuestion, best: Candidate, other: Candidate) -> bool:
        """Whether another row states a different value for the very same thing."""
        if other.score < max(OPERAND_SCORE, best.score - CONFLICT_MARGIN) or other.coverage < best.coverage - 0.35:
            return False
        if best.figure.document == other.figure.document and best.figure.clause == other.figure.clause:
            return False  # a text does not contradict itself within a clause: they are of different things
        if not comparable(best.profile, other.profile) or best.profile.is_start != other.profile.is_start:
            return False
        if values_agree(best.figure, other.figure) or _SCALE_ALONE.match(other.figure.quantity.surface):
            return False
        return same_metric(best.profile, other.profile) and best.figure.quantity.kind not in TIMES

    def _abstain(self, question: FigureQuestion, ranked: list[Candidate], hoped: Candidate | None) -> Finding:
        """Say what is missing and what is nearest: the row that was nearly believed, else one that fails a demand."""
        missing = self._missing_name(question)
        worth = (c for c in ranked if c.failure is not None and c.score >= NEAR_SCORE)
        near = _nearest([c for c in worth if question.kinds & TIMES or c.figure.quantity.kind not in TIMES])
        best = ranked[0] if ranked else None
        if missing is not None:
            near = near or next(
                (c for c in ranked if c.score >= ANOTHER_SCORE and c.figure.quantity.kind not in TIMES), None
            )
            nearest = near.figure if near else None
            failure = Failure(Reason.OTHER_ENTITY, _as_asked(question, missing), near.profile.entity if near else "")
            return Finding(Status.ABSTAINED, reason=Reason.OTHER_ENTITY, failure=failure, nearest=nearest)
        if hoped is not None:
            return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=hoped.figure, confidence=hoped.belief)
        if near is not None and near.failure is not None:
            failure = replace(near.failure, asked=_in_words(question, near.failure))
            return Finding(Status.ABSTAINED, reason=failure.reason, failure=failure, nearest=near.figure)
        if best is None or best.score < 0.2:
            return Finding(Status.ABSTAINED, reason=Reason.NO_EVIDENCE)
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=best.figure, confidence=best.score)

    def _missing_name(self, question: FigureQuestion) -> str | None:
        """A place, person or organisation of the question that no document mentions."""
        for term in question.terms:
            if term.name and not any(self.profiles.mentions(w) for w in (core(term.text), *term.alternatives)):
                return term.text
        return None

    def change(self, question: FigureQuestion) -> Finding | None:
        """A change the text does not state but gives both ends of (由71所整合為47所)."""
        wanted = replace(question, role=None, target=None, operation=Operation.LOOKUP, periods=(), offsets=())
        relative = bool(question.kinds & PERCENTS)
        if relative:
            wanted = replace(wanted, kinds=frozenset(), unit="")
        stated = self._states_change(question)
        if stated >= BELIEVED and not relative and not question.spans_time:
            return None
        ranked = self.plausible(wanted, ANSWER_SCORE) or [c for c in self.likely(wanted) if c.belief >= COMBINED]
        ends = self._ends(question, ranked[0].profile) if ranked else None
        if ends is None or (stated >= BELIEVED and (relative or stated >= ranked[0].belief)):
            return None
        apart = self._a_year_apart(ends)
        spans = question.spans_time or _only_time(question.operands[-1:])
        if not (spans or apart) or (relative and not apart and _YEARLY.search(fold(question.text))):
            return None
        operation = Operation.GROWTH if relative else Operation.DIFFERENCE
        if Kind.MULTIPLE in question.kinds:
            operation, ends = Operation.TIMES, ends[::-1]
        done = compute(operation, ends, convertible(question.unit), question.scale)
        if isinstance(done, Refusal):
            return None
        return Finding(Status.ANSWERED, done.operands, done, confidence=min(1.0, ranked[0].score))

    def anniversary(self, question: FigureQuestion) -> Finding | None:
        """The year of an event of which the text names an anniversary: 2025年迎來建區35周年."""
        wanted = replace(question, kinds=frozenset({Kind.DURATION}), unit="")
        for candidate in self.rank(wanted):
            figure = candidate.figure
            if (
                candidate.failure
                or candidate.score < ANSWER_SCORE
                or not fold(figure.quantity.surface).endswith("周年")
            ):
                continue
            named = [p.figure for p in self.profiles if p.figure.sentence == figure.sentence]
            named = [f for f in named if f.document == figure.document and f.quantity.kind is Kind.YEAR]
            if len(named) != 1:
                continue
            done = compute(Operation.DIFFERENCE, (named[0], figure), "", Decimal(1))
            if not isinstance(done, Refusal):
                return Finding(Status.ANSWERED, done.operands, done, confidence=min(1.0, candidate.score))
        return None

    def _a_year_apart(self, ends: tuple[Figure, Figure]) -> bool:
        """Whether two figures are of one year and the next: what 增速 means when no base is named."""
        years = [read_period(figure.period) for figure in ends]
        return all(years) and years[1].last_year - years[0].last_year == 1  # type: ignore[union-attr]

    def _states_change(self, question: FigureQuestion) -> float:
        """How far to believe that the text states the change itself."""
        asked = replace(question, role=Role.CHANGE, operation=Operation.LOOKUP)
        *_, belief = self.weighed(asked, strictly=True)
        return belief

    def _ends(self, question: FigureQuestion, profile: Profile) -> tuple[Figure, Figure] | None:
        """Both ends of the change a row is one end of; lists in parallel are taken in their order."""
        if self.profiles.grid.place(profile.figure) is not None:
            return self._told_ends(question, self.profiles.grid.times(profile.figure))
        row = [p for p in self.profiles if p.figure.sentence == profile.figure.sentence]
        row = [p for p in row if p.figure.document == profile.figure.document and p.figure.quantity.kind not in TIMES]
        index = row.index(profile)
        for at in (i for i, p in enumerate(row) if p.is_start):
            later = next(
                (i for i in range(at + 1, len(row)) if _ARRIVES.search(self._between(row[i - 1], row[i]))), None
            )
            if later is None:
                return None
            n = later - at
            first = index if at <= index < later else index - n
            if at <= first < later and first + n < len(row):
                return row[first].figure, row[first + n].figure
        return None

    def _told_ends(self, question: FigureQuestion, told: Sequence[Figure]) -> tuple[Figure, Figure] | None:
        """What a table tells of the first and the last year asked for, or else of the last two it knows."""
        dated = [(figure, read_period(figure.period)) for figure in told]
        asked = [months for part in (question, *question.operands) for months in part.periods]
        years = {year for months in asked for year in (months.start // 12, months.last_year)}
        chosen = [f for f, months in dated if months and (not years or months.last_year in years)]
        if len(chosen) == 1:  # 2023年跌了多少: against the year before
            chosen = list(told[max(0, told.index(chosen[0]) - 1) :][:2])
        ends = chosen if years else told[-2:]
        return (ends[0], ends[-1]) if len(ends) > 1 else None

    def _between(self, left: Profile, right: Profile) -> str:
        start = left.figure.sentence.start
        return left.sentence[left.figure.quantity.span.end - start : right.figure.quantity.span.start - start]

    def calculation(self, question: FigureQuestion) -> Finding | None:
        """Answer with the stated result if there is one, else calculate; ``None`` leaves it to :meth:`direct`."""
        if not any(operand.given for operand in question.operands):
            stated = self._stated(question)
            if stated is not None:
                return stated
        if question.operation is Operation.PART_OF_WHOLE:
            return self._part_of_whole(question)
        ranked = [self._operand_candidates(operand, question) for operand in question.operands]
        if not all(ranked):
            return None
        best = self._best_combination(question, ranked)
        if best is None:
            return None
        score, chosen, computation = best
        notes = {k: v for c in chosen for k, v in self._notes(question, c).items()}
        if (said := self._said_beside(computation)) is not None:
            return Finding(Status.ANSWERED, (said,), confidence=min(1.0, score), notes=notes)
        if question.operation in _EXTREMES:
            winner = next(i for i, c in enumerate(chosen) if c.figure is computation.operands[0])
            others = [c.profile for c in chosen if c is not chosen[winner]]
            notes["label"] = _label(question.operands[winner], chosen[winner].profile, others)
            if _HOW_MUCH_MORE.search(fold(question.text)) and len(chosen) == 2:
                apart = compute(Operation.DIFFERENCE, computation.operands, convertible(question.unit), question.scale)
                computation = computation if isinstance(apart, Refusal) else apart
        figures = computation.operands
        return Finding(Status.ANSWERED, figures, computation, confidence=min(1.0, score), notes=notes)

    def instead(self, question: FigureQuestion) -> Finding:
        """What to say when the calculation asked for cannot be done: a stated result, or that it is missing."""
        kinds = _STATED.get(question.operation)
        if kinds:
            unit = question.unit if question.unit in RATES else ""
            found = self.direct(replace(question, kinds=kinds, unit=unit), strictly=True)
            if found.status is Status.ABSTAINED or self._is_of(question, self._profile(found.figures[0])):
                return found
            return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=found.figures[0])
        if question.operation is Operation.DIFFERENCE:
            role = question.role if question.role in _OF_CHANGE else Role.CHANGE
            finding = self.direct(replace(question, operation=Operation.LOOKUP, role=role), strictly=True)
            if finding.status is not Status.ABSTAINED:
                return finding
        for operand in question.operands:
            found = self.direct(operand)
            if found.status is Status.ABSTAINED:
                return found
        return Finding(Status.ABSTAINED, reason=Reason.INCOMPATIBLE)

    def _stated_together(self, question: FigureQuestion) -> Finding | None:
        """One figure of the text for all that is to be added up: 種子基金和天使基金共5億元."""
        finding = self.direct(replace(question, operation=Operation.LOOKUP, operands=()), strictly=True)
        if finding.status is Status.ABSTAINED:
            return None
        figure = finding.figures[0]
        words = [[t for t in operand.terms if not t.name and t.weight >= 0.5] for operand in question.operands]
        metric = fold(figure.metric)
        told = all(row and all(covers(metric, (t.text, *t.alternatives)) == 1.0 for t in row) for row in words)
        return finding if told else None

    def _profile(self, figure: Figure) -> Profile:
        return next(profile for profile in self.profiles if profile.figure is figure)

    def _stated(self, question: FigureQuestion) -> Finding | None:
        """A row that says the result itself, about all the operands."""
        if question.operation is Operation.SUM:
            return self._stated_together(question)
        if question.operation not in _STATED:
            return None
        wanted = replace(
            question, kinds=_STATED[question.operation], unit=question.unit if question.unit in RATES else ""
        )
        fitting = [c for c in self.rank(wanted) if c.failure is None]
        if question.operation is Operation.DIFFERENCE:
            fitting = [c for c in fitting if c.figure.role is Role.DIFFERENCE]
        if not fitting or fitting[0].score < ANSWER_SCORE or fitting[0].coverage < 0.7:
            return None
        spoken_of = all(self._speaks_of(operand, fitting[0].profile) for operand in question.operands)
        if not spoken_of or not self._is_of(question, fitting[0].profile):
            return None
        return self._answer(wanted, fitting, min(1.0, fitting[0].score))

    def _said_beside(self, computation: Computation) -> Figure | None:
        """The share that the text beside the operands states and the division confirms: 32.5% for 32.54%."""
        if computation.operation != Operation.SHARE:
            return None
        for profile in self.profiles:
            figure = profile.figure
            stated = figure.quantity
            beside = any(
                figure.document == f.document and abs(stated.span.start - f.quantity.span.start) <= N_BESIDE
                for f in computation.operands
            )
            if not beside or stated.unit != "%" or figure.role is not Role.SHARE:
                continue
            exponent = stated.value.as_tuple().exponent
            if stated.approx is None and isinstance(exponent, int):
                rounded = computation.value.quantize(Decimal(1).scaleb(min(0, exponent)), ROUND_HALF_UP)
                if rounded == stated.value:
                    return figure
        return None

    def _speaks_of(self, operand: FigureQuestion, profile: Profile) -> bool:
        terms = [t for t in operand.terms if t.weight >= 0.5]
        found = [self.matcher.found(t, (t.text, *t.alternatives), profile) for t in terms]
        scopes = all(any(w in profile.sentence for w in SCOPE_WORDS.get(s, (s,))) for s in operand.scopes)
        return scopes and (not found or sum(found) / len(found) >= 0.5)

    def _is_of(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether a row is about all the operands, and not only about what they have in common.

        Of English questions too many words find no translation to tell.
        """
        told = question.language != "en" and question.operation is not Operation.YEARS_BETWEEN
        for operand in question.operands if told else ():
            common = {t.text for other in question.operands if other is not operand for t in other.terms}
            alone = replace(operand, terms=tuple(t for t in operand.terms if t.text not in common))
            if not (self._speaks_of(operand, profile) and self._speaks_of(alone, profile)):
                return False
        return question.operation is not Operation.SHARE or self._is_part(question.operands[0], profile)

    def _is_part(self, operand: FigureQuestion, profile: Profile) -> bool:
        """Whether what a row gives the share of is the operand: in X占GDP比重 it is X, not the GDP."""
        part, of_whole, _ = fold(profile.figure.metric).partition("占")
        words = [t for t in operand.terms if not t.name and t.weight >= 0.5]
        if not of_whole or not part or not words:
            return True
        return any(covers(part, (t.text, *t.alternatives)) >= 0.5 for t in words)

    def _operand_candidates(self, operand: FigureQuestion, whole: FigureQuestion) -> list[Candidate]:
        if given := _given_number(operand):
            return [given]
        if whole.operation is Operation.YEARS_BETWEEN and operand.periods and (named := self._of_year(operand)):
            return named
        _, fitting, _ = self.weighed(operand)
        likely = [c for c in fitting if c.belief >= LIKELY]
        return _exact_first(likely, fitting)[:N_OPERAND_CANDIDATES]

    def _of_year(self, operand: FigureQuestion) -> list[Candidate]:
        """Where the text has the year that an operand names, with more of what it says: 從1985年創辦到…."""
        dated = replace(operand, periods=(), offsets=(), kinds=frozenset({Kind.YEAR, Kind.DATE}), unit="")
        rows = [c for c in self.rank(dated) if c.failure is None and c.coverage >= TOLD_OF_YEAR]
        return [c for c in rows if any(m.overlaps(c.profile.months) for m in operand.periods if c.profile.months)][:1]

    def _best_combination(
        self, question: FigureQuestion, ranked: Sequence[list[Candidate]]
    ) -> tuple[float, tuple[Candidate, ...], Computation] | None:
        best: tuple[float, tuple[Candidate, ...], Computation] | None = None
        if question.operation is Operation.GROWTH and _YEARLY.search(fold(question.text)):
            return None  # stated, or not to be had: the growth of all years is not that of one
        for chosen in product(*ranked) if len(ranked) <= 4 else [tuple(row[0] for row in ranked)]:
            chosen = _in_one_unit(chosen)
            if question.operation is Operation.GROWTH:  # what it began with comes first, whichever end was named first
                chosen = tuple(sorted(chosen, key=lambda c: not c.profile.is_start))
            if len({c.figure.id for c in chosen}) < len(chosen) or _one_thing_twice(question, chosen):
                continue
            score = sum(c.belief for c in chosen) / len(chosen) + self._togetherness(chosen)
            if question.operation in _OF_ONE_PLACE and not of_one_place(chosen):
                score -= APART
            if question.operation is Operation.REMAINDER and same_measure(*(c.figure.quantity.unit for c in chosen)):
                score += STATED_PART
            if score < COMBINED or (best is not None and score <= best[0]):
                continue
            unit = question.unit if question.operation not in {Operation.TIMES, Operation.SHARE} else ""
            figures = tuple(c.figure for c in chosen)
            operation = question.operation
            if operation is Operation.GROWTH and question.kinds & {Kind.MULTIPLE}:  # 從A到B翻了幾倍
                operation, figures = Operation.TIMES, figures[::-1]
            done = compute(operation, figures, convertible(unit), question.scale)
            if not isinstance(done, Refusal):
                best = score, chosen, done
        return best

    def _togetherness(self, chosen: Sequence[Candidate]) -> float:
        """Operands from one sentence, of one measure, kind and time belong together."""
        first = chosen[0]
        bonus = 0.0
        for other in chosen[1:]:
            bonus += 0.06 if other.figure.sentence == first.figure.sentence else 0.0
            bonus += 0.1 if self._of_one_measure(first.figure, other.figure) else 0.0
            bonus += 0.06 if other.figure.quantity.unit == first.figure.quantity.unit else 0.0
            bonus += 0.03 if other.figure.role is first.figure.role else -0.1
            timed = first.profile.months and other.profile.months
            bonus += 0.04 if timed and first.profile.months == other.profile.months else 0.0
        return bonus / max(1, len(chosen) - 1)

    def _of_one_measure(self, one: Figure, other: Figure) -> bool:
        places = self.profiles.grid.place(one), self.profiles.grid.place(other)
        if places[0] and places[1] and places[0].measure:
            return places[0].measure == places[1].measure
        return bool(one.metric) and one.metric == other.metric

    def part(self, question: FigureQuestion) -> Finding | None:
        """An amount the text gives only as a share: 90%的研發投入來自企業，是多少億元."""
        if not question.unit or question.unit in RATES or question.role is not None or question.operands:
            return None
        if unit_kind(question.unit) not in {Kind.AMOUNT, Kind.AREA}:
            return None
        shares = self.rank(replace(question, kinds=PERCENTS, unit="", role=Role.SHARE, scale=Decimal(1)))
        best = next((c for c in shares if c.failure is None), None)
        if best is None or best.unspoken or best.content < PART_CONTENT or best.figure.role is not Role.SHARE:
            return None
        return self._part_of_whole(question)

    def _part_of_whole(self, question: FigureQuestion) -> Finding | None:
        share_question = replace(question, kinds=PERCENTS, unit="", role=Role.SHARE, scale=Decimal(1))
        shares = [
            c
            for c in self.rank(share_question, by_words_alone=True)
            if c.failure is None and c.score >= OPERAND_SCORE and self._is_part(question, c.profile)
        ]
        for share in shares[:3]:
            base = fold(share.figure.base)
            terms = tuple(Term(word) for word in (base,) if word) or _DEFAULT_WHOLE
            kinds = frozenset({unit_kind(question.unit)}) if question.unit else frozenset({Kind.AMOUNT, Kind.AREA})
            wanted = replace(question, terms=terms, kinds=kinds, role=None, operation=Operation.LOOKUP)
            ranked = self.rank(wanted, by_words_alone=True)
            ranked.sort(key=lambda c: -self.matcher.preference(wanted, c.profile) - c.score)
            wholes = [c for c in ranked if c.failure is None and c.score >= OPERAND_SCORE]
            for whole in wholes[:3]:
                done = compute(
                    question.operation, (share.figure, whole.figure), convertible(question.unit), question.scale
                )
                if not isinstance(done, Refusal):
                    confidence = min(share.score, whole.score)
                    return Finding(Status.ANSWERED, done.operands, done, confidence=confidence)
        return None


_HOW_MUCH_MORE = re.compile(r"[差多少高低大小]了?(?:出)?(?:多少|几)|相差|by how (?:much|many)")


def _label(operand: FigureQuestion, profile: Profile, others: Sequence[Profile]) -> str:
    """What a comparison calls the winner: the question's words where the row has them, else what sets the row apart."""
    asked = operand.label.strip(" 的、")
    figure = profile.figure
    if operand.language == "en" or core(fold(asked)) in f"{profile.own} {profile.clause} {profile.entity}":
        return asked
    if figure.entity and all(figure.entity != other.figure.entity for other in others):
        return figure.entity
    apart = all(figure.metric != other.figure.metric for other in others)
    return figure.metric if apart and 0 < len(figure.metric) <= MAX_LABEL else asked


_ABOUT_A_NUMBER = re.compile(r"[的了]|大关|门槛|这个|目标|关口|整数|还|about|the|mark|yuan")


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
    return Candidate(_bare(figure), 1.0, 1.0, chance=1.0, belief=1.0)


def _bare(figure: Figure) -> Profile:
    """A number of the question as if it were a row."""
    return Profile(figure, "", "", "", "", "", "", "", None, False, False)


def _exact_first(ranked: list[Candidate], fitting: Sequence[Candidate]) -> list[Candidate]:
    """Let a plain statement that fits stand in for a rough one of the same thing: 10206.9億元 for 突破一萬億元."""
    if not ranked or ranked[0].figure.quantity.approx is None:
        return ranked
    best = ranked[0]
    exact = next((c for c in fitting if c.figure.quantity.approx is None and agree(best.profile, c.profile)), None)
    if exact is None:
        return ranked
    return [replace(exact, score=best.score, belief=best.belief), *(c for c in ranked if c is not exact)]


def _in_one_unit(chosen: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Give a bare number of the question the unit of the figure it is set against."""
    stated = next((c.figure.quantity for c in chosen if c.figure.document), None)
    if stated is None:
        return chosen
    return tuple(
        replace(c, profile=replace(c.profile, figure=replace(c.figure, quantity=_with_unit(c.figure, stated.unit))))
        if not c.figure.document and not c.figure.quantity.unit
        else c
        for c in chosen
    )


def _with_unit(figure: Figure, unit: str) -> Quantity:
    return replace(figure.quantity, unit=unit, surface=f"{figure.quantity.surface}{unit}")


_ROLE_WORDS = {
    "level": ("總量", "the level"), "change": ("增長幅度", "the change"), "difference": ("差額", "the difference"),
    "share": ("占比", "the share"), "increment": ("新增數", "the newly added number"),
    "target": ("目標值", "the target"), "result": ("實際結果", "the result"),
}  # fmt: skip


def _in_words(question: FigureQuestion, failure: Failure) -> str:
    """What a failed constraint wanted, fit to be shown."""
    english = question.language == "en"
    match failure.reason:
        case Reason.OTHER_ROLE:
            return _ROLE_WORDS.get(failure.asked, ("", ""))[english]
        case Reason.OTHER_PERIOD:
            return failure.asked if english or not failure.asked.isdigit() else f"{failure.asked}年"
        case Reason.OTHER_METRIC:
            told = [term for term in question.terms if not term.name and term.weight >= 0.5]
            return (" " if english else "").join(_as_asked(question, term.text) for term in told[:4])
    return _as_asked(question, failure.asked)


def _as_asked(question: FigureQuestion, folded: str) -> str:
    """A folded word in the script of the question."""
    at = fold(question.text).find(folded)
    return folded if at < 0 else question.text[at : at + len(folded)]


def _over_a_year(question: FigureQuestion) -> FigureQuestion | None:
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


def _only_time(operands: Sequence[FigureQuestion]) -> bool:
    """Whether an operand is nothing but a time: 比五年前, 比2020年."""
    return any(
        _PAST.fullmatch(fold(operand.text).strip()) or _YEAR_ONLY.fullmatch(fold(operand.text)) for operand in operands
    )


def _nearest(worth: Sequence[Candidate]) -> Candidate | None:
    """The row to name instead: one that fails in time, entity or role before one of another measure scored alike."""
    telling = (c for c in worth if c.failure and c.failure.reason is not Reason.OTHER_METRIC)
    best = next(iter(worth), None)
    other = next(telling, None)
    return other if best and other and other.score >= best.score - 0.2 else best


def _one_thing_twice(question: FigureQuestion, chosen: Sequence[Candidate]) -> bool:
    """Whether a comparison would set a figure against another statement of itself (9501億元 − 9501億元)."""
    if question.operation not in {Operation.DIFFERENCE, Operation.TIMES, Operation.SHARE, Operation.GROWTH}:
        return False
    first, second = chosen[0].figure, chosen[1].figure
    if first.quantity.kind is second.quantity.kind is Kind.MULTIPLE and question.operation is Operation.DIFFERENCE:
        return True  # how many times as much, told twice
    if not first.document or not second.document:
        return first.quantity.value == second.quantity.value
    return len(chosen) == 2 and first.quantity.value == second.quantity.value and first.period == second.period
