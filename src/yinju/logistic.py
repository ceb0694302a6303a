"""Logistic models: evidence as numbers → log odds → probability."""

from __future__ import annotations

import math
from collections.abc import Mapping

_MAX_ODDS = 50.0
"""Beyond it a probability is 0 or 1 in all digits that matter."""


def log_odds(bias: float, weights: Mapping[str, float], evidence: Mapping[str, float]) -> float:
    """Return the log odds that evidence gives; what it does not mention counts for nothing."""
    return bias + sum(weight * evidence.get(name, 0.0) for name, weight in weights.items())


def probability(odds: float) -> float:
    """Return the probability, 0 to 1, that log odds stand for."""
    return 1.0 / (1.0 + math.exp(-max(-_MAX_ODDS, min(_MAX_ODDS, odds))))
