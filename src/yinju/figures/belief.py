"""Which row to believe, and how far: score, words, meaning and the reader's opinion in one order and one probability.

Rows that fail nothing compete by a weighted sum (a conditional logit: McFadden 1974); the winner's evidence, its
share of the competition included, makes the probability that it answers. The weights are fitted to the development
halves of ``evals/``, a document at a time held out, by ``training/fit_figures.py``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yinju import logistic
from yinju.figures.constraints import DOUBTS
from yinju.figures.matching import Candidate
from yinju.types import TIMES

OPINION_SCALE = 8.0
"""Opinions this far above or below 0 are as sure as any; the two sides weigh apart."""
WORDLESS = 0.15
"""Coverage of the question's words, names aside, below which a row has next to none of them."""
TYPICAL_MEANING = 0.6
"""What stands for likeness where nobody was asked for it."""
ORDER: Mapping[str, float] = {
    "score": 6.71, "coverage": 4.90, "meaning": 2.78, "content": 3.71, "unspoken": 0.01, "opinion": 3.0,
    "disbelief": -3.0, "behind": -1.0, "unread": -0.5, "favourite": -0.10, "doubt_change": -2.0, "doubt_level": -2.0,
    "doubt_new": -2.0, "doubt_target": -2.0, "doubt_unit": -1.0, "doubt_per": -2.0,
    "off_time": -2.5,  # set by hand: hardly a question of those sets tells
}  # fmt: skip
BIAS = -2.37
WEIGHTS: Mapping[str, float] = {
    "score": 1.02, "coverage": 0.78, "meaning": 0.21, "content": 1.21, "wordless": 0.16, "unspoken": -0.95,
    "opinion": 1.5, "disbelief": -1.5, "behind": -0.5, "unread": -0.3, "share": 2.05, "outshone": -1.65,
    "doubt_change": -2.0, "doubt_level": -1.0, "doubt_new": -1.0, "doubt_target": -1.0, "doubt_unit": -0.5,
    "doubt_per": -1.0,
}  # fmt: skip
Features = Mapping[str, float]


def ranked_by_belief(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates that fail nothing, best first, each with its chance."""
    chances = _shares(worths(described(candidates)))
    rated = [replace(c, chance=round(chance, 6)) for c, chance in zip(candidates, chances, strict=True)]
    return sorted(rated, key=lambda c: (-c.chance, c.figure.document, c.figure.quantity.span))


def probability(fitting: Sequence[Candidate], ranked: Sequence[Candidate]) -> float:
    """Return how likely the first candidate answers, 0 to 1.

    Args:
        fitting: Those that fail nothing, best first; at least one.
        ranked: All of them, those that fail a constraint too.
    """
    failing = (c.score for c in ranked if not c.can_answer and c.figure.quantity.kind not in TIMES)
    rows = described(fitting)
    values = [str(c.figure.quantity.value.normalize()) for c in fitting]
    evidence = summary(rows, values, worths(rows), max(failing, default=0.0))
    return logistic.probability(logistic.log_odds(BIAS, WEIGHTS, evidence))


def described(candidates: Sequence[Candidate]) -> list[Features]:
    """Return the evidence for each candidate as numbers of like size."""
    opinions = [c.opinion for c in candidates if c.opinion is not None]
    most = max(opinions, default=None)
    return [
        {
            "score": c.score,
            "coverage": c.coverage,
            "meaning": TYPICAL_MEANING if c.meaning is None else c.meaning,
            "content": c.content,
            "unspoken": float(c.unspoken),
            "off_time": float(c.off_time),
            **_opinion(c, bool(opinions)),
            "favourite": float(most is not None and c.opinion == most),
            **{f"doubt_{doubt}": float(c.doubt == doubt) for doubt in DOUBTS},
        }
        for c in candidates
    ]


def worths(rows: Sequence[Features], order: Mapping[str, float] = ORDER) -> list[float]:
    """Return what each candidate is worth against the others, in log odds."""
    return [logistic.log_odds(0.0, order, row) for row in rows]


def summary(rows: Sequence[Features], values: Sequence[str], worth: Sequence[float], failing: float) -> Features:
    """Return the evidence for the worthiest candidate.

    Args:
        rows: As :func:`described`.
        values: What each candidate states; those that state the same support each other.
        worth: As :func:`worths`.
        failing: The best score of a row that fails a constraint, 0 when there is none.
    """
    best = max(range(len(rows)), key=lambda i: worth[i])
    shares = _shares(worth)
    return {
        **rows[best],
        "wordless": float(rows[best]["content"] < WORDLESS),
        "share": sum(share for share, value in zip(shares, values, strict=True) if value == values[best]),
        "outshone": max(0.0, failing - rows[best]["score"]),
    }


def _shares(worth: Sequence[float]) -> list[float]:
    most = max(worth, default=0.0)
    chances = [math.exp(w - most) for w in worth]
    return [chance / sum(chances) for chance in chances]


def _opinion(candidate: Candidate, asked: bool) -> Features:
    """Tell what the reader thinks of a candidate; ``asked`` is whether it was asked about any at all."""
    own = candidate.opinion or 0.0
    return {
        "opinion": min(1.0, max(0.0, own / OPINION_SCALE)),
        "disbelief": min(1.0, max(0.0, -own / OPINION_SCALE)),
        "behind": min(1.0, candidate.behind / OPINION_SCALE),
        "unread": float(asked and candidate.opinion is None),
    }
