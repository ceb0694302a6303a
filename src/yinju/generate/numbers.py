"""Every number a text mentions, read so widely that none slips by, and whether evidence holds it.

A quantity has to equal one of the evidence in value, unit and qualifier, whatever its scale and script. What is left
of digits and number words (5G, 第三季度, 十四五) has to stand in the evidence as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import rjieba

from yinju.figures.compute import same_measure
from yinju.figures.quantity import read_quantities
from yinju.figures.units import canonical_unit, convert
from yinju.text import fold
from yinju.types import TIMES, Approx, Kind, Quantity, Span

_NUMBER_CHARACTERS = frozenset("〇○两廿卅俩仨半双倍几翻萬佰仟拾")
_ENGLISH_NUMBER = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven"
    r"|eigh|nine)ty|hundreds?|thousands?|millions?|billions?|trillions?|bn|mn|dozens?|scores?|half|halves|quarters?"
    r"|thirds?|fourth|fifth|sixth|seventh|eighth|ninth|tenth|first|second|double[ds]?|triple[ds]?|quadrupled?|twice"
    r"|thrice|couple|pair|percent|twofold|threefold|tenfold)\b"
)
# Words of grammar that are written with a numeral and count nothing; folded.
_GRAMMAR = frozenset(
    "一些 一般 一直 进一步 统一 之一 一方面 另一方面 一致 一定 一样 一起 一同 一并 一旦 一度 一向 一律 一切 一系列 "
    "十分 万一 两者 二者".split()
)
_ENGLISH_GRAMMAR = re.compile(r"one of\b|on the (?:one|other) hand|second(?:ly)?,|first(?:ly)?,")
_TOKEN = re.compile(r"[a-z0-9]+(?:[.,:/%+\-–][a-z0-9]+)*%?")
_PURE = re.compile(r"[0-9.,:/%+\-–零〇○一二三四五六七八九十百千万亿兆两廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬倍几翻]+")
_BARE_YEAR = re.compile(r"(?:1[0-9]|20)[0-9]{2}")
_SIDE = {
    Approx.OVER: 1, Approx.AT_LEAST: 1, Approx.UNDER: -1, Approx.NEARLY: -1, Approx.AT_MOST: -1, None: 0,
}  # fmt: skip
_LEADING = tuple("前第首近每上下初")


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text: a quantity, or (``quantity is None``) a token that holds digits or number words."""

    span: Span
    surface: str
    quantity: Quantity | None = None


def mentions(text: str) -> list[Mention]:
    """Return every number of a text in order; offsets are of ``text``, surfaces of tokens are folded."""
    folded = fold(text)
    quantities = [quantity for quantity in read_quantities(text) if quantity.unit or quantity.kind is not Kind.OTHER]
    found = [Mention(quantity.span, quantity.surface, quantity) for quantity in quantities]
    rest = list(folded)
    for quantity in quantities:
        rest[quantity.span.start : quantity.span.end] = "\0" * len(quantity.span)
    found.extend(Mention(span, span.of(folded)) for span in _tokens("".join(rest), folded))
    return sorted(found, key=lambda mention: mention.span)


def _tokens(rest: str, folded: str) -> Iterator[Span]:
    """Yield what is left of digits and number words once the quantities are blanked out with NUL."""
    taken = 0
    words = _words(folded)
    english = {place for match in _ENGLISH_NUMBER.finditer(rest) for place in range(*match.span())}
    harmless = {place for match in _ENGLISH_GRAMMAR.finditer(rest) for place in range(*match.span())}
    for place, character in enumerate(rest):
        if place < taken or place in harmless or not (place in english or _is_number_character(character)):
            continue
        span = _latin(rest, place) if character.isascii() else _han(rest, words, place)
        taken = span.end
        if span.of(folded) not in _GRAMMAR:
            yield span


def _is_number_character(character: str) -> bool:
    return character in _NUMBER_CHARACTERS or unicodedata.numeric(character, None) is not None


def _words(folded: str) -> list[Span]:
    spans, start = [], 0
    for word in rjieba.cut(folded, False):
        spans.append(Span(start, start + len(word)))
        start += len(word)
    return spans


def _latin(rest: str, place: int) -> Span:
    matches = (match for match in _TOKEN.finditer(rest) if match.start() <= place < match.end())
    match = next(matches, None)
    return Span(*match.span()) if match else Span(place, place + 1)


def _han(rest: str, words: Sequence[Span], place: int) -> Span:
    """Take the word around a numeral; a numeral alone takes the word after it along (三 駕 in 三駕馬車)."""
    index = next(i for i, word in enumerate(words) if word.start <= place < word.end)
    span = words[index]
    if _PURE.fullmatch(span.of(rest)) and index + 1 < len(words) and rest[span.end].isalpha():
        span = Span(span.start, words[index + 1].end)
    while span.start < span.end and rest[span.start] == "\0":
        span = Span(span.start + 1, span.end)
    if rest[span.start - 1 : span.start] in _LEADING and span.start > 0:
        span = Span(span.start - 1, span.end)
    cut = rest.find("\0", span.start, span.end)
    return span if cut < 0 else Span(span.start, max(cut, place + 1))


# ── what evidence holds ─────────────────────────────────────────────────────────────────────


def is_time(mention: Mention) -> bool:
    """Tell whether a mention is a year or a date."""
    return mention.quantity is not None and mention.quantity.kind in TIMES


def token_stands(token: str, folded: str, bare: frozenset[str]) -> bool:
    """Tell whether a token stands in folded evidence as it is written.

    Args:
        token: Folded.
        folded: Text of the evidence.
        bare: Numbers that stand in the evidence without a unit; a number alone has to be one of them.
    """
    if _PURE.fullmatch(token):
        return token in bare
    start = folded.find(token)
    while start >= 0:
        before, after = folded[start - 1 : start], folded[start + len(token) : start + len(token) + 1]
        if not _goes_on(before, token[0]) and not _goes_on(after, token[-1]):
            return True
        start = folded.find(token, start + 1)
    return False


def _goes_on(neighbour: str, edge: str) -> bool:
    """Tell whether a token goes on at its edge: 15G is not 5G, and 四十三 is not 十三."""
    if not neighbour:
        return False
    if edge.isascii():
        return neighbour.isascii() and neighbour.isalnum()
    return _is_number_character(edge) and _is_number_character(neighbour)


def holds_time(stated: Quantity, known: Sequence[Quantity], periods: Iterable[str]) -> bool:
    """Tell whether a year or date is one of the evidence, or the beginning of one (2024年 of 2024年7月)."""
    if stated.approx not in (None, Approx.ABOUT) and not any(holds(stated, q) for q in known):
        return False
    digits = f"{int(stated.value)}"
    if stated.high is not None:
        return any(q.value == stated.value and q.high == stated.high for q in known)
    dates = {f"{int(q.value)}" for q in known if q.kind in TIMES} | {
        f"{int(q.high)}"
        for q in known
        if q.kind is Kind.RANGE and q.high is not None and canonical_unit(q.unit) == "年"
    }
    dates |= {f"{int(q.value)}" for q in known if q.kind is Kind.RANGE and canonical_unit(q.unit) == "年"}
    dates |= {re.sub(r"\D", "", end) for period in periods for end in period.split("/")}
    return any(date == digits or (date.startswith(digits) and len(digits) in (4, 6)) for date in dates)


def holds(stated: Quantity, known: Quantity) -> bool:
    """Tell whether a quantity of the evidence says what prose states: value, unit and qualifier.

    Scales and units of one dimension are converted exactly; currencies are not, nor are percent and percentage points.
    ``about`` may stand for any qualifier or none; no other qualifier may be added, dropped or turned round.
    """
    if stated.approx is not Approx.ABOUT and _SIDE.get(stated.approx) != _SIDE.get(known.approx):
        return False
    if (stated.kind is Kind.RANK) != (known.kind is Kind.RANK) or (stated.high is None) != (known.high is None):
        return False
    pairs = [(stated.value, known.value)]
    if stated.high is not None and known.high is not None:
        pairs.append((stated.high, known.high))
    return all(_in_unit(value, stated, known) == other for value, other in pairs)


def _in_unit(value: Decimal, stated: Quantity, known: Quantity) -> Decimal | None:
    """Write a stated value in the unit of a known one; ``None`` where they measure different things."""
    if same_measure(stated.unit, known.unit) and (stated.kind is Kind.MULTIPLE) == (known.kind is Kind.MULTIPLE):
        return value
    if stated.kind is Kind.RATIO and known.unit == "%":
        return value * 100
    if stated.unit == "%" and known.kind is Kind.RATIO:
        return value / 100
    return convert(value, stated.unit, known.unit) if stated.unit and known.unit else None


def bare_numbers(text: str) -> frozenset[str]:
    """Return the numbers that stand in a text without a unit, folded."""
    return frozenset(mention.surface for mention in mentions(text) if mention.quantity is None)


def bare_year(mention: Mention) -> bool:
    """Tell whether a token is a year without its word, as in ``2024-2025``."""
    return mention.quantity is None and bool(_BARE_YEAR.fullmatch(mention.surface))
