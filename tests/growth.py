"""How effort grows with the length of a text, told without a clock on the wall."""

from __future__ import annotations

import time
from collections.abc import Callable

FACTOR = 4
LINEAR = 10.0
"""Most that a linear function may grow over ``FACTOR`` times the length; a quadratic one grows 16 times."""


def growth(work: Callable[[int], object], n: int) -> float:
    """Return by how much the processor time of ``work(FACTOR * n)`` exceeds that of ``work(n)``.

    The least of three runs each: other work on the machine adds time and never takes any away.
    """
    return _effort(work, FACTOR * n) / max(_effort(work, n), 0.01)


def _effort(work: Callable[[int], object], n: int) -> float:
    efforts = []
    for extra in range(3):  # another length each time, past any cache
        started = time.thread_time()
        work(n + extra)
        efforts.append(time.thread_time() - started)
    return min(efforts)
