"""Several things named together in one question (甲和乙分別是多少), and the same question about one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinju.followup.pieces import pieces
from yinju.text import fold
from yinju.types import Span

_LINK = re.compile(r"[和与跟及、]|以及")
_EACH = re.compile(r"(?:分别|各自|各|都)")
_CHOOSES = re.compile(r"哪|谁|加起来|相差|差多少|一共|总共|合计|之和|比(?![例重率])")


@dataclass(frozen=True, slots=True)
class Coordination:
    """Two things that a question names side by side: where the first and the second stand."""

    first: Span
    last: Span


def coordinated(question: str) -> Coordination | None:
    """Find two things joined by 和 in a Chinese question; ``None`` where there are none."""
    folded = fold(question)
    found = [piece for piece in pieces(question) if piece.sort != "time"]
    for number in range(1, len(found)):
        before, after = found[number - 1], found[number]
        if not _LINK.fullmatch(folded[before.span.end : after.span.start]):
            continue
        first, last = before.span, after.span
        follows = found[number + 1] if number + 1 < len(found) else None
        if after.sort == "place" and follows and follows.span.start == last.end:
            last = Span(last.start, follows.span.end)
            leads = found[number - 2] if number > 1 else None
            if leads and leads.sort == "place" and leads.span.end == first.start:
                first = Span(leads.span.start, first.end)
        return Coordination(first, last)
    return None


def parted(question: str) -> tuple[str, ...]:
    """The question asked of each of the things alone; empty where it names one, compares them or lets choose."""
    found = coordinated(question)
    if found is None or _CHOOSES.search(fold(question)):
        return ()
    before, after = question[: found.first.start], question[found.last.end :]
    each = _EACH.search(fold(after))
    rest = after if each is None else after[: each.start()] + after[each.end() :]
    return before + found.first.of(question) + rest, before + found.last.of(question) + rest
