"""Questions for a calculation: the text's own result where it states one, else that of operands, else what is missing.

A stated result has to speak of all the operands: that of one of them, or of another pair, is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yinju.figures.compute import Refusal, compute
from yinju.figures.constraints import MULTIPLES, PERCENTS, RATES, SCOPE_WORDS
from yinju.figures.derive import convertible
from yinju.figures.operands import Combination, best_combination
from yinju.figures.operations import EXTREMES, Operation
from yinju.figures.profiles import Profile, core, covers
from yinju.figures.query import FigureQuestion
from yinju.figures.search import ANSWER_SCORE, Finding, Search
from yinju.figures.shares import is_of_part, part_of_whole, stated_share
from yinju.figures.stated import answer_with, find_stated, notes_on
from yinju.text import fold
from yinju.types import Computation, Figure, Kind, Reason, Role, Status

STATED_COVERAGE = 0.7
"""Coverage from which a row may state the result of a calculation."""
MAX_LABEL = 12
"""Characters of a metric that may name the winner of a comparison."""
_STATED: dict[Operation, frozenset[Kind]] = {
    Operation.DIFFERENCE: frozenset(),
    Operation.TIMES: MULTIPLES,
    Operation.SHARE: PERCENTS,
    Operation.GROWTH: frozenset({Kind.PERCENT, Kind.MULTIPLE}),
    Operation.YEARS_BETWEEN: frozenset({Kind.DURATION}),
}
"""Operations whose result a text may state, with the kinds of quantity it is then; empty where any can."""
_OF_CHANGE = frozenset({Role.CHANGE, Role.DIFFERENCE})
_HOW_MUCH_MORE = re.compile(r"[差多少高低大小]了?(?:出)?(?:多少|几)|相差|by how (?:much|many)")


def calculate(question: FigureQuestion, search: Search) -> Finding | None:
    """Answer with the stated result if there is one, else calculate; ``None`` where there is nothing to do it with."""
    given = any(operand.given for operand in question.operands)
    if not given and (stated := _stated_result(question, search)) is not None:
        return stated
    if question.operation is Operation.PART_OF_WHOLE:
        amount = part_of_whole(question, search)
        return Finding.of(amount) if amount else None
    best = best_combination(question, search)
    return None if best is None else _answer(question, best, search)


def instead(question: FigureQuestion, search: Search) -> Finding:
    """Say what the text states where the calculation asked for cannot be done, or which operand is missing."""
    if _STATED.get(question.operation):
        found = find_stated(_for_result(question), search, strictly=True)
        if found.status is Status.ABSTAINED or _is_of_all(question, search.profile_of(found.figures[0]), search):
            return found
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=found.figures[0])
    if question.operation is Operation.DIFFERENCE:
        role = question.role if question.role in _OF_CHANGE else Role.CHANGE
        found = find_stated(replace(question, operation=Operation.LOOKUP, role=role), search, strictly=True)
        if found.status is not Status.ABSTAINED:
            return found
    for operand in question.operands:
        found = find_stated(operand, search)
        if found.status is Status.ABSTAINED:
            return found
    return Finding(Status.ABSTAINED, reason=Reason.INCOMPATIBLE)


# ── the calculated result ───────────────────────────────────────────────────────────────────


def _answer(question: FigureQuestion, best: Combination, search: Search) -> Finding:
    """Answer with what operands come to, or with the share that the text states of them."""
    notes = {key: note for c in best.chosen for key, note in notes_on(question, c.profile).items()}
    confidence = min(1.0, best.score)
    if (said := stated_share(best.computation, search.profiles)) is not None:
        return Finding(Status.ANSWERED, (said,), confidence=confidence, notes=notes)
    computation = best.computation
    if question.operation in EXTREMES:
        notes["label"] = _winner(question, best)
        computation = _lead(question, computation.operands) or computation
    return Finding.of((computation, confidence), **notes)


def _winner(question: FigureQuestion, best: Combination) -> str:
    """What the answer to a comparison calls the operand that wins it."""
    at = next(i for i, c in enumerate(best.chosen) if c.figure is best.computation.operands[0])
    others = [c.profile for i, c in enumerate(best.chosen) if i != at]
    return _label(question.operands[at], best.chosen[at].profile, others)


def _label(operand: FigureQuestion, profile: Profile, others: Sequence[Profile]) -> str:
    """The question's words for an operand where its row has them, else what sets the row apart from the others."""
    asked = operand.label.strip(" 的、")
    figure = profile.figure
    if operand.language == "en" or core(fold(asked)) in f"{profile.own} {profile.clause} {profile.entity}":
        return asked
    if figure.entity and all(figure.entity != other.figure.entity for other in others):
        return figure.entity
    apart = all(figure.metric != other.figure.metric for other in others)
    return figure.metric if apart and 0 < len(figure.metric) <= MAX_LABEL else asked


def _lead(question: FigureQuestion, operands: tuple[Figure, ...]) -> Computation | None:
    """By how much the winner of two leads, where that is asked as well."""
    if len(operands) != 2 or not _HOW_MUCH_MORE.search(fold(question.text)):
        return None
    done = compute(Operation.DIFFERENCE, operands, convertible(question.unit), question.scale)
    return None if isinstance(done, Refusal) else done


# ── the stated result ───────────────────────────────────────────────────────────────────────


def _stated_result(question: FigureQuestion, search: Search) -> Finding | None:
    """A row that says the result itself, about all the operands."""
    if question.operation is Operation.SUM:
        return _stated_sum(question, search)
    if question.operation not in _STATED:
        return None
    wanted = _for_result(question)
    fitting = [c for c in search.rank(wanted) if c.failure is None]
    if question.operation is Operation.DIFFERENCE:
        fitting = [c for c in fitting if c.figure.role is Role.DIFFERENCE]
    if not fitting or fitting[0].score < ANSWER_SCORE or fitting[0].coverage < STATED_COVERAGE:
        return None
    spoken_of = all(_speaks_of(operand, fitting[0].profile, search) for operand in question.operands)
    if not spoken_of or not _is_of_all(question, fitting[0].profile, search):
        return None
    return answer_with(wanted, fitting, min(1.0, fitting[0].score))


def _stated_sum(question: FigureQuestion, search: Search) -> Finding | None:
    """One figure of the text for all that is to be added up: 種子基金和天使基金共5億元."""
    finding = find_stated(replace(question, operation=Operation.LOOKUP, operands=()), search, strictly=True)
    if finding.status is Status.ABSTAINED:
        return None
    metric = fold(finding.figures[0].metric)
    words = [operand.metric_terms for operand in question.operands]
    told = all(row and all(covers(metric, term.forms) == 1.0 for term in row) for row in words)
    return finding if told else None


def _for_result(question: FigureQuestion) -> FigureQuestion:
    """The question for a row that states the result of the operation."""
    unit = question.unit if question.unit in RATES else ""
    return replace(question, kinds=_STATED[question.operation], unit=unit)


def _is_of_all(question: FigureQuestion, profile: Profile, search: Search) -> bool:
    """Whether a row is about all the operands, and not only about what they have in common.

    Of English questions too many words find no translation to tell.
    """
    told = question.language != "en" and question.operation is not Operation.YEARS_BETWEEN
    for operand in question.operands if told else ():
        common = {t.text for other in question.operands if other is not operand for t in other.terms}
        alone = replace(operand, terms=tuple(t for t in operand.terms if t.text not in common))
        if not (_speaks_of(operand, profile, search) and _speaks_of(alone, profile, search)):
            return False
    return question.operation is not Operation.SHARE or is_of_part(question.operands[0], profile)


def _speaks_of(operand: FigureQuestion, profile: Profile, search: Search) -> bool:
    """Whether a row has half of an operand's words, and the scopes it names."""
    terms = [t for t in operand.terms if t.weight >= 0.5]
    found = [search.matcher.found(term, profile) for term in terms]
    scopes = all(any(w in profile.sentence for w in SCOPE_WORDS.get(s, (s,))) for s in operand.scopes)
    return scopes and (not found or sum(found) / len(found) >= 0.5)
