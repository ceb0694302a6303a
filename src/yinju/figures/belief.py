"""How far to believe a row: its score, its words, its meaning, its lead and the reader's opinion in one probability.

The weights are fitted to the development halves of ``evals/``, a document at a time held out, by
``training/fit_figures.py``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from yinju import logistic
from yinju.figures.matching import Candidate
from yinju.types import TIMES

MAX_LEAD = 0.4
"""A lead in score beyond this says no more."""
OPINION_SHIFT, OPINION_SCALE = 4.0, 6.0
"""Opinions are shifted and squashed to -1 to 1: figures seldom reach the scores of names."""
WORDLESS = 0.15
"""Coverage of the question's words, names aside, below which a row has next to none of them."""
UNSPOKEN_RANK, OPINION_RANK = 0.05, 0.1
"""What a row loses in rank that does not speak of what was asked, and what the reader's opinion moves it."""
BIAS = -1.93
WEIGHTS: Mapping[str, float] = {
    "score": 1.25, "coverage": 1.53, "meaning": 1.48, "content": 0.99, "wordless": -0.04, "unspoken": -0.80,
    "opinion": 1.40, "lead": 1.01, "outshone": -0.77,
}  # fmt: skip
TYPICAL_MEANING, TYPICAL_OPINION = 0.6, 0.2
"""What stands for likeness and opinion where nobody was asked for them."""


def ranked_by_belief(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates that fail nothing, best first."""
    return sorted(candidates, key=lambda c: (-_worth(c), c.figure.document, c.figure.quantity.span))


def probability(fitting: Sequence[Candidate], ranked: Sequence[Candidate]) -> float:
    """Return how likely the first candidate answers, 0 to 1.

    Args:
        fitting: Those that fail nothing, best first; at least one.
        ranked: All of them, those that fail a constraint too.
    """
    return logistic.probability(logistic.log_odds(BIAS, WEIGHTS, features(fitting, ranked)))


def features(fitting: Sequence[Candidate], ranked: Sequence[Candidate]) -> dict[str, float]:
    """Return the evidence for the first candidate as numbers of like size; arguments as in :func:`probability`."""
    best = fitting[0]
    value = best.figure.quantity.value
    rival = next((_worth(c) for c in fitting[1:] if c.figure.quantity.value != value), 0.0)
    asked_nobody = all(c.opinion is None for c in fitting)
    failing = (c.score for c in ranked if c.failure and c.figure.quantity.kind not in TIMES)
    return {
        "score": best.score,
        "coverage": best.coverage,
        "meaning": TYPICAL_MEANING if best.meaning is None else best.meaning,
        "content": best.content,
        "wordless": float(best.content < WORDLESS),
        "unspoken": float(best.unspoken),
        "opinion": TYPICAL_OPINION if asked_nobody else opinion(best),
        "lead": min(MAX_LEAD, _worth(best) - rival),
        "outshone": max(0.0, max(failing, default=0.0) - best.score),
    }


def opinion(candidate: Candidate) -> float:
    """Return the reader's opinion of a candidate, -1 to 1; 0 where it did not look."""
    if candidate.opinion is None:
        return 0.0
    return math.tanh((candidate.opinion + OPINION_SHIFT) / OPINION_SCALE)


def _worth(candidate: Candidate) -> float:
    return candidate.score - UNSPOKEN_RANK * candidate.unspoken + OPINION_RANK * opinion(candidate)
