"""Which words of a question a fragment stands parallel to: by their ends, their sorts, and what the documents say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from yinju.figures import cues
from yinju.followup.pieces import MEASURE, pieces, tokens
from yinju.followup.topic import Sources, folded_lines
from yinju.text import fold
from yinju.types import Span

LIKELY = 3
"""The score of words of the same sort at the end of the question, of which nothing else is known."""
STRONG = 4
"""From this score on their ends or the documents say so."""

_CLASS_END = frozenset("级型类层档等业")
_VERBS = frozenset({"v", "vn", "vd", "a", "b", "z"})
# What stands between the members of an enumeration once their numbers are taken out.
_LINK = "、,，和及与;；"
_NUMBER = re.compile(
    r"(?:超过?|近|约|达|为|有|增至|达到)*[\d.]+(?:[多余]?[百千万亿]*)(?:美元|人次|公里|[%‰元家个户座所人项件名只吨头部种条位倍亩辆]?)"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a question for a fragment to be put in.

    Attributes:
        span: What the fragment replaces.
        is_head: Whether that is the head of its noun, so that the measure word asked with may change.
        score: How much speaks for it.
    """

    span: Span
    is_head: bool
    score: int


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    tag: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def best_spot(base: str, fragment: str, is_modifier: bool, index: Sources) -> Spot | None:
    """Return the words of ``base`` that a fragment is likeliest to replace; ``None`` where it has no noun.

    Args:
        base: A Chinese question.
        fragment: Nouns, particles cut off.
        is_modifier: Whether it ended in 的 (市級的), so that the head of the noun stays.
        index: Documents.
    """
    new = fold(fragment)
    told, runs = _told(new, index), _runs(base)
    spots = [
        _judged(run, first, last, new, is_modifier, number == 0, told, _owned(run, runs, base))
        for number, run in enumerate(reversed(runs))
        for first in range(len(run))
        for last in range(first, len(run))
    ]
    return max(spots, key=lambda spot: (spot.score, len(spot.span)), default=None)


def _told(new: str, index: Sources) -> tuple[str, ...]:
    """The sentences of the documents that have a fragment, folded, their numbers taken out."""
    return tuple(
        _NUMBER.sub("", sentence)
        for document in index.documents.values()
        for line in folded_lines(document.readable)
        if new in line
        for sentence in re.split("[。;；]", line)
        if new in sentence
    )


@lru_cache(maxsize=256)
def _runs(base: str) -> tuple[tuple[_Word, ...], ...]:
    """The nouns of a question as words, a verb that follows at once included (生豬 出欄)."""
    folded = fold(base)
    runs: list[list[_Word]] = []
    end = -1
    for piece in pieces(base):
        is_verb = piece.sort == "verb"
        if piece.sort not in {"noun", "verb"} or (is_verb and re.search(cues.CHANGE_WORD, piece.span.of(folded))):
            continue
        words = [word for word in _words(folded) if piece.span.start <= word.start < piece.span.end]
        if is_verb and piece.span.start == end:
            runs[-1] += words
        elif not is_verb:
            runs.append(words)
        end = piece.span.end
    return tuple(map(tuple, runs))


def _words(folded: str) -> list[_Word]:
    """The words of a text, long ones cut once more (內資企業 → 內資, 企業)."""
    found = []
    for word, tag, start in tokens(folded):
        for part in _halves(word):
            found.append(_Word(part, tag, start))
            start += len(part)
    return found


def _halves(word: str) -> Sequence[str]:
    parts = set(rjieba.cut_for_search(word, False)) if len(word) > 3 else set()
    cuts = [at for at in range(2, len(word) - 1) if {word[:at], word[at:]} <= parts]
    return (word[: cuts[0]], word[cuts[0] :]) if cuts else (word,)


# ── what speaks for a spot ──────────────────────────────────────────────────────────────────


def _owned(run: Sequence[_Word], runs: Sequence[Sequence[_Word]], base: str) -> str:
    """What a run of nouns has with 的 after it (清溯的機場: 機場); empty where it has nothing."""
    following = next((other for other in runs if base[run[-1].end : other[0].start] == "的"), ())
    return following[0].text if following else ""


def _judged(
    run: Sequence[_Word],
    first: int,
    last: int,
    new: str,
    is_modifier: bool,
    is_last: bool,
    told: Sequence[str],
    owned: str,
) -> Spot:
    span, rest = Span(run[first].start, run[last].end), run[last + 1 :]
    is_head = not rest or (is_modifier and all(word.tag == "v" for word in rest))
    old = "".join(word.text for word in run[first : last + 1])
    score = int(is_last) + _ends_alike(old, new) + _of_one_sort(run[last], old, new)
    left = "".join(word.text for word in run[:first])
    score += 4 * _enumerated(left + old, new, told)
    if is_head:
        score += 4 * bool(owned and _has(new + owned, told)) - 3 * is_modifier
    else:
        score += _fits_before([word.text for word in rest], new, is_modifier, told)
    if first:
        score += _fits_after(run[first - 1], new, told, bool(MEASURE.search(old)) == bool(MEASURE.search(new)))
    return Spot(span, is_head, score)


def _ends_alike(old: str, new: str) -> int:
    if len(old) == len(new) == 2 and MEASURE.search(old) and MEASURE.search(new):
        return 3
    common = 0
    while common < min(len(old), len(new)) and old[-1 - common] == new[-1 - common]:
        common += 1
    if common == len(new) or common == len(old):
        return 0
    return 3 if common > 1 else 2 if common and (old[-1] in _CLASS_END or len(old) == len(new) == 2) else 0


def _of_one_sort(old_head: _Word, old: str, new: str) -> int:
    is_measure = bool(MEASURE.search(old)), bool(MEASURE.search(new))
    new_head = tokens(new)[-1]
    is_verb = old_head.tag in _VERBS, new_head[1] in _VERBS
    return (1 if is_measure[0] == is_measure[1] else -1) + (is_verb[0] == is_verb[1])


def _fits_before(rest: Sequence[str], new: str, is_modifier: bool, told: Sequence[str]) -> int:
    """Whether the documents have the fragment with the head that would stay (成果轉化 + 基金)."""
    kept = "".join(rest)
    if _has(new + kept, told):
        return 4
    if any(_has(new + kept[at:], told) for at in range(1, len(kept) - 1)):
        return 3
    return 0 if is_modifier else -2 if _has(rest[0], told) else -4


def _fits_after(before: _Word, new: str, told: Sequence[str], is_alike: bool) -> int:
    if _has(before.text + new, told):
        return 2
    return int(before.tag == "v" and is_alike) if _has(before.text, told) else -3 if told else -2


def _has(text: str, told: Sequence[str]) -> bool:
    return any(text in sentence for sentence in told)


def _enumerated(old: str, new: str, told: Sequence[str]) -> bool:
    """Whether the documents have both side by side in an enumeration."""
    pairs = [one + link + other for one, other in ((old, new), (new, old)) for link in _LINK]
    return any(_has(pair, told) for pair in pairs)
