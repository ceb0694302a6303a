"""Why no row answers, in the question's words, and which row comes nearest to what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yinju.figures.constraints import Failure
from yinju.figures.matching import Candidate
from yinju.figures.profiles import Profiles, core
from yinju.figures.query import FigureQuestion
from yinju.figures.search import Finding
from yinju.text import fold
from yinju.types import TIMES, Reason, Status

NEAR_SCORE = 0.4
"""Score from which a row that fails a constraint is worth naming."""
ANOTHER_SCORE = 0.2
"""The same where the question names somebody the documents do not, whose name no row can have."""
LEAST_SCORE = 0.2
"""Score of the best row below which nothing in the documents is like what was asked."""
TELLING_MARGIN = 0.2
"""How far a row that fails in time, entity or role may score below one of another measure and be named instead."""
_ROLE_WORDS = {
    "level": ("總量", "the level"), "change": ("增長幅度", "the change"), "difference": ("差額", "the difference"),
    "share": ("占比", "the share"), "increment": ("新增數", "the newly added number"),
    "target": ("目標值", "the target"), "result": ("實際結果", "the result"),
}  # fmt: skip


def abstain(
    question: FigureQuestion, ranked: Sequence[Candidate], hoped: Candidate | None, profiles: Profiles
) -> Finding:
    """Say what is missing and what is nearest.

    Args:
        question: That no row answers.
        ranked: All rows, best first.
        hoped: The row that was nearly believed, which is nearer than any that fails a demand.
        profiles: Of the ledger, to tell a name that no document mentions.
    """
    near = _nearest(question, ranked)
    if (missing := _missing_name(question, profiles)) is not None:
        return _of_another(question, missing, near or _first_of_another(ranked))
    if hoped is not None:
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=hoped.figure, confidence=hoped.belief)
    if near is not None and near.failure is not None:
        failure = replace(near.failure, asked=_in_words(question, near.failure))
        return Finding(Status.ABSTAINED, reason=failure.reason, failure=failure, nearest=near.figure)
    best = next(iter(ranked), None)
    if best is None or best.score < LEAST_SCORE:
        return Finding(Status.ABSTAINED, reason=Reason.NO_EVIDENCE)
    return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=best.figure, confidence=best.score)


# ── what is nearest ─────────────────────────────────────────────────────────────────────────


def _nearest(question: FigureQuestion, ranked: Sequence[Candidate]) -> Candidate | None:
    """The row to name instead: one that fails in time, entity or role before one of another measure scored alike."""
    failing = [c for c in ranked if c.failure is not None and c.score >= NEAR_SCORE]
    worth = [c for c in failing if question.kinds & TIMES or c.figure.quantity.kind not in TIMES]
    telling = (c for c in worth if c.failure and c.failure.reason is not Reason.OTHER_METRIC)
    best = next(iter(worth), None)
    other = next(telling, None)
    return other if best and other and other.score >= best.score - TELLING_MARGIN else best


def _first_of_another(ranked: Sequence[Candidate]) -> Candidate | None:
    """The row to name where nobody is known of the name asked for."""
    return next((c for c in ranked if c.score >= ANOTHER_SCORE and c.figure.quantity.kind not in TIMES), None)


# ── what is missing ─────────────────────────────────────────────────────────────────────────


def _missing_name(question: FigureQuestion, profiles: Profiles) -> str | None:
    """A place, person or organisation of the question that no document mentions."""
    for term in question.terms:
        if term.name and not any(profiles.mentions(word) for word in (core(term.text), *term.alternatives)):
            return term.text
    return None


def _of_another(question: FigureQuestion, missing: str, near: Candidate | None) -> Finding:
    """Say that nothing is known of a name, and of whom the nearest row is."""
    failure = Failure(Reason.OTHER_ENTITY, _as_asked(question, missing), near.profile.entity if near else "")
    nearest = near.figure if near else None
    return Finding(Status.ABSTAINED, reason=Reason.OTHER_ENTITY, failure=failure, nearest=nearest)


def _in_words(question: FigureQuestion, failure: Failure) -> str:
    """What a failed constraint wanted, fit to be shown."""
    english = question.language == "en"
    match failure.reason:
        case Reason.OTHER_ROLE:
            return _ROLE_WORDS.get(failure.asked, ("", ""))[english]
        case Reason.OTHER_PERIOD:
            return failure.asked if english or not failure.asked.isdigit() else f"{failure.asked}年"
        case Reason.OTHER_METRIC:
            return (" " if english else "").join(_as_asked(question, t.text) for t in question.metric_terms[:4])
    return _as_asked(question, failure.asked)


def _as_asked(question: FigureQuestion, folded: str) -> str:
    """A folded word in the script of the question."""
    at = fold(question.text).find(folded)
    return folded if at < 0 else question.text[at : at + len(folded)]
