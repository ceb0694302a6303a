"""Which row to believe, and how far: score, words, meaning and the reader's opinion in one order and one probability.

Rows that fail nothing compete by a weighted sum (a conditional logit: McFadden 1974); the winner's evidence, its
share of the competition included, makes the probability that it answers. The weights are fitted to questions on
reports and invented documents that the reader was not trained on and to the development halves of ``evals/``, an
eighth of the documents at a time held out, by ``training/fit_figures.py``; but in the order ``doubt_neighbour``,
``doubt_cell`` and ``off_time`` are set by hand, as the fit, in which they move nothing, knows few lists, totals and
histories. The weights were corrected on fewer records after the reader's last stage (``fit_figures.corrected``),
but for ``doubt_cell``: a row of a table that nothing in the question tells is no better for its doubt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yinju import logistic
from yinju.figures.constraints import DOUBTS
from yinju.figures.matching import Candidate
from yinju.figures.sameness import thing_of
from yinju.types import TIMES

OPINION_SCALE = 8.0
"""Opinions this far above or below 0 are as sure as any; the two sides weigh apart."""
WORDLESS = 0.15
"""Coverage of the question's words, names aside, below which a row has next to none of them."""
TYPICAL_MEANING, TYPICAL_DISBELIEF = 0.6, 0.26
"""What stands for likeness and for the reader's doubt where nobody was asked for them."""
NO_OPINION = -TYPICAL_DISBELIEF * OPINION_SCALE
"""What the reader is taken to think where it cannot tell."""
SAID_OUTRIGHT = 1.5
"""Log odds for a row in whose words a question is asked, and for a cell whose row and column it names: set by hand, as
the questions for fitting are in other words than the text and know hardly any such."""
OUTRIGHT = 0.97
"""Coverage from which a question is asked in the words of a row."""
FOREIGN = ("score", "coverage", "meaning", "opinion", "disbelief")
"""Evidence that weighs otherwise where question and document are in different languages."""
ORDER: Mapping[str, float] = {
    "score": 6.00, "coverage": 4.16, "meaning": 1.22, "content": -0.65, "unspoken": 0.26, "opinion": 1.96,
    "disbelief": -1.89, "behind": -1.66, "unread": -2.95, "favourite": -0.26, "doubt_change": -3.02,
    "doubt_level": -0.52, "doubt_new": -3.51, "doubt_target": -2.97, "doubt_unit": -2.26, "doubt_per": -1.78,
    "doubt_counterpart": -1.91, "doubt_base": 0.00, "doubt_neighbour": -1.00, "doubt_name": -0.71,
    "doubt_time": -6.16, "off_time": -2.00, "planned": -0.17, "doubt_bare": 0.00, "doubt_cell": -2.50,
    "doubt_place": 0.00, "doubt_elsewhere": 0.00, "doubt_stranger": 0.00, "doubt_reckoned": -4.83,
    "foreign_score": 0.57, "foreign_coverage": -0.76, "foreign_meaning": -0.58, "foreign_opinion": -0.59,
    "foreign_disbelief": -0.79,
}  # fmt: skip
BIAS = -2.70
WEIGHTS: Mapping[str, float] = {
    "score": 0.81, "coverage": -1.16, "meaning": -0.25, "content": 1.07, "wordless": 0.38, "unspoken": -0.16,
    "opinion": 2.26, "disbelief": -1.79, "behind": 0.08, "unread": -0.07, "share": 2.77, "outshone": -2.51,
    "doubt_change": -0.16, "doubt_level": -0.61, "doubt_new": -0.03, "doubt_target": 0.17, "doubt_unit": 0.06,
    "doubt_per": -0.97, "doubt_counterpart": -0.56, "doubt_base": 0.00, "doubt_neighbour": 0.37, "doubt_name": -0.86,
    "doubt_time": -2.86, "planned": 0.43, "doubt_bare": 0.93, "doubt_cell": 0.30, "doubt_place": 0.11,
    "doubt_elsewhere": -0.92, "doubt_stranger": -0.83, "doubt_reckoned": -1.89, "foreign_score": 0.37,
    "foreign_coverage": 0.72, "foreign_meaning": -0.36, "foreign_opinion": -0.35, "foreign_disbelief": 0.60,
}  # fmt: skip
UNREAD_BIAS = -2.73
UNREAD_WEIGHTS: Mapping[str, float] = {
    "score": 1.50, "coverage": -0.13, "meaning": -0.50, "content": 0.05, "wordless": 0.08, "unspoken": -0.39,
    "opinion": 1.44, "disbelief": -1.78, "behind": 0.46, "unread": -0.59, "share": 3.73, "outshone": -3.21,
    "doubt_change": -0.66, "doubt_level": 0.25, "doubt_new": 0.00, "doubt_target": 0.13, "doubt_unit": -0.32,
    "doubt_per": -0.58, "doubt_counterpart": -1.31, "doubt_base": -1.0, "doubt_neighbour": -1.0, "doubt_name": -1.0,
    "doubt_time": -2.39, "planned": 0.00,
    "doubt_bare": -1.0, "doubt_cell": -4.0, "doubt_place": -1.0, "doubt_elsewhere": -1.5,
    "doubt_stranger": -4.0, "doubt_reckoned": -1.0,
    **{f"foreign_{name}": 0.0 for name in FOREIGN},
}  # fmt: skip
"""What counts where no reader is asked: fitted when it knew less."""
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
    evidence = summary(rows, *stated(fitting), worths(rows), max(failing, default=0.0))
    asked = any(c.opinion is not None for c in fitting)
    bias, weights = (BIAS, WEIGHTS) if asked else (UNREAD_BIAS, UNREAD_WEIGHTS)
    first = fitting[0]
    outright = not first.doubts and (first.named_cell or first.coverage >= OUTRIGHT)
    return logistic.probability(logistic.log_odds(bias, weights, evidence) + SAID_OUTRIGHT * outright)


def described(candidates: Sequence[Candidate]) -> list[Features]:
    """Return the evidence for each candidate as numbers of like size."""
    opinions = [c.opinion for c in candidates if c.opinion is not None]
    most = max(opinions, default=None)
    rows = [
        {
            "score": c.score,
            "coverage": c.coverage,
            "meaning": TYPICAL_MEANING if c.meaning is None else c.meaning,
            "content": c.content,
            "unspoken": float(c.unspoken),
            "off_time": float(c.off_time),
            "planned": float(c.planned),
            **_opinion(c, bool(opinions)),
            "favourite": float(most is not None and c.opinion == most),
            **{f"doubt_{doubt}": float(doubt in c.doubts) for doubt in DOUBTS},
        }
        for c in candidates
    ]
    return [
        row | {f"foreign_{name}": row[name] * c.foreign for name in FOREIGN}
        for row, c in zip(rows, candidates, strict=True)
    ]


def worths(rows: Sequence[Features], order: Mapping[str, float] = ORDER) -> list[float]:
    """Return what each candidate is worth against the others, in log odds."""
    return [logistic.log_odds(0.0, order, row) for row in rows]


def stated(candidates: Sequence[Candidate]) -> tuple[list[str], list[str]]:
    """Return what each candidate states: the value, and the thing it is said of."""
    values = [str(c.figure.quantity.value.normalize()) for c in candidates]
    return values, [thing_of(c.profile) for c in candidates]


def summary(
    rows: Sequence[Features], values: Sequence[str], things: Sequence[str], worth: Sequence[float], failing: float
) -> Features:
    """Return the evidence for the worthiest candidate.

    Args:
        rows: As :func:`described`.
        values: What each candidate states; those that state the same support each other.
        things: Of what; those that contradict each other are no rivals either: whichever it is, that is asked for.
        worth: As :func:`worths`.
        failing: The best score of a row that fails a constraint, 0 when there is none.
    """
    best = max(range(len(rows)), key=lambda i: worth[i])
    shares = _shares(worth)
    return {
        **rows[best],
        "wordless": float(rows[best]["content"] < WORDLESS),
        "share": sum(s for i, s in enumerate(shares) if values[i] == values[best] or things[i] == things[best]),
        "outshone": max(0.0, failing - rows[best]["score"]),
    }


def _shares(worth: Sequence[float]) -> list[float]:
    most = max(worth, default=0.0)
    chances = [math.exp(w - most) for w in worth]
    return [chance / sum(chances) for chance in chances]


def _opinion(candidate: Candidate, asked: bool) -> Features:
    """Tell what the reader thinks of a candidate; ``asked`` is whether it was asked about any at all."""
    own = (candidate.opinion or 0.0) if asked else NO_OPINION
    return {
        "opinion": min(1.0, max(0.0, own / OPINION_SCALE)),
        "disbelief": min(1.0, max(0.0, -own / OPINION_SCALE)),
        "behind": min(1.0, candidate.behind / OPINION_SCALE),
        "unread": float(asked and candidate.opinion is None),
    }
