"""One question's search of the ledger: the rows it ranks, how far each is believed, and what is found in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yinju.figures.belief import probability, ranked_by_belief
from yinju.figures.compute import Refusal
from yinju.figures.constraints import Failure
from yinju.figures.matching import Candidate, Evidence, Matcher
from yinju.figures.profiles import Profile, Profiles
from yinju.figures.query import FigureQuestion
from yinju.types import Computation, Figure, Reason, Status

ANSWER_SCORE = 0.45
"""Score from which a row that meets every constraint is worked with; set on the development halves of evals/."""
OPERAND_SCORE = 0.4
"""The same for an operand of a calculation, whose partner is evidence besides."""
BELIEVED = 0.42
"""Probability from which a row answers; set on the development halves of evals/."""
LIKELY = 0.08
"""Probability from which a row may be an operand, as far as it alone tells."""

Result = tuple[Computation, float]
"""A value worked out, with its score."""


def scored(computed: Computation | Refusal, score: float) -> Result | None:
    """Return a value worked out with its score, 1 at most; ``None`` for arithmetic that would mean nothing."""
    return None if isinstance(computed, Refusal) else (computed, min(1.0, score))


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
            something fell, so that the answer is the size of it; ``label`` what an extreme is called; ``verdict``
            ``yes`` or ``no`` to a claim.
    """

    status: Status
    figures: tuple[Figure, ...] = ()
    computation: Computation | None = None
    reason: Reason | None = None
    failure: Failure | None = None
    nearest: Figure | None = None
    confidence: float = 0.0
    notes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, result: Result, **notes: str) -> Finding:
        """Answer with a value worked out."""
        computation, score = result
        return cls(Status.ANSWERED, computation.operands, computation, confidence=score, notes=notes)

    @property
    def asked(self) -> str:
        """What is missing, in the question's words where it has them; empty when nothing particular is."""
        return self.failure.asked if self.failure else ""

    @property
    def assumed_period(self) -> str:
        """The period taken because the question names none, in the ledger's notation; empty when it names one."""
        return self.notes.get("period_assumed", "")


@dataclass(frozen=True, slots=True)
class Weighed:
    """The rows of the ledger, weighed for a question.

    Attributes:
        ranked: All of them, best first.
        fitting: Those that can answer, the reader asked about them, the likeliest first.
        belief: How far to believe the first of these, 0 to 1; 0 where there is none.
    """

    ranked: list[Candidate]
    fitting: list[Candidate]
    belief: float

    @property
    def likely(self) -> list[Candidate]:
        """Rows that may be an operand, the likeliest first."""
        return [candidate for candidate in self.fitting if candidate.belief >= LIKELY]


class Search:
    """The rows of a ledger as one question sees them."""

    def __init__(self, profiles: Profiles, evidence: Evidence) -> None:
        self.profiles = profiles
        self.matcher = Matcher(profiles, evidence)

    def rank(self, question: FigureQuestion, by_words_alone: bool = False) -> list[Candidate]:
        """Return all rows, best first; see :meth:`yinju.figures.matching.Matcher.rank`."""
        return self.matcher.rank(question, by_words_alone)

    def weighed(self, question: FigureQuestion, strictly: bool = False) -> Weighed:
        """Return all rows and those that can answer; ``strictly`` leaves out of these the ones that are in doubt."""
        ranked = self.rank(question)
        able = [c for c in ranked if c.can_answer and not (strictly and c.doubts)]
        fitting = ranked_by_belief(self.matcher.with_opinions(question, able))
        belief = probability(fitting, ranked) if fitting else 0.0
        best = max((c.chance for c in fitting), default=1.0)
        return Weighed(ranked, [replace(c, belief=belief * c.chance / best) for c in fitting], belief)

    def plausible(self, question: FigureQuestion, least: float) -> list[Candidate]:
        """Return rows to work with, best first: those of a least score, and the first one where it is believed."""
        weighed = self.weighed(question)
        plain = [c for c in weighed.fitting if c.score >= least and not c.unspoken and not c.doubts]
        if weighed.belief >= BELIEVED and weighed.fitting[0] not in plain[:1]:
            first = weighed.fitting[0]
            return [first, *(c for c in plain if c is not first)]
        return plain

    def profile_of(self, figure: Figure) -> Profile:
        """Return what stands around a figure of the ledger."""
        return next(profile for profile in self.profiles if profile.figure is figure)

    def is_per(self, figure: Figure) -> bool:
        """Tell whether a figure is a value per unit; one that is none of the ledger's is not."""
        return any(profile.per for profile in self.profiles if profile.figure is figure)
