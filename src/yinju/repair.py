"""Runs of text that were read one byte off in a double-byte encoding: found, and read again.

When a converter loses one byte of GBK or Big5 text, each following pair of bytes is made of the second byte of one
character and the first byte of the next, until a line break or a single byte brings the two back in step. Such a
run is made of real but senseless characters. Each character of the original is still there: the second byte of one
damaged character followed by the first byte of the next.

The test is a likelihood ratio (in nats): how likely are the characters and character pairs of the run as they
stand, and how likely are those of the other reading, under counts taken from the words of CC-CEDICT. A run is
repaired where the second clearly wins. Text that makes sense as it stands never comes near that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from yinju.likelihood import SENSELESS, SYMBOL, code_points, language
from yinju.types import Repair, Span

LOST = "\ufffd"
FILLER = "\u200b"
# Reported name -> Python codec that holds its pairs (gb18030's two-byte part is GBK with its private-use area).
CODECS = {"gbk": "gb18030", "big5": "cp950"}

_PLACEHOLDERS = "?？\ufffd"
_MARKS = frozenset(map(ord, _PLACEHOLDERS))
_BREAK = 0x0A
_CHUNK = 1 << 20
_REACH = 48  # characters looked at on each side of a suspicious place
_WINDOW = 5
# All in nats. Measured on 3.4 million characters of clean reports and encyclopaedia text: no run scores above 6.
_SUSPICIOUS = 3.0
_SURE, _SURE_MARKED = 12.0, 8.0
_SEEN_PAIR, _UNSEEN_PAIR = 2.5, -0.8
_LOST_COST = -9.0
_MARKED_COST = -4.0  # the same where a placeholder marks the loss
_BESIDE_MARK = -2.5  # two of these are the chance of a pair without a meaning within a run
_LONELY_LETTER = 7.0
_FOREIGN = -5.5
_COMMON, _RARE = -7.5, -8.9
_MIN_READ = 4


@dataclass(frozen=True, slots=True)
class _Codec:
    """A double-byte codec as tables: bytes of each code point (0: none), code point of each pair (0: none)."""

    name: str
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    decoded: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Run:
    """A damaged run: characters ``[start, end)`` read off by one; ``raw`` when a single byte after it closes it."""

    start: int
    end: int
    raw: bool
    score: float


def find_repairs(text: str) -> tuple[Repair, ...]:
    """Find every damaged run of ``text`` and read it again, in order, without overlap.

    A character that lost one of its bytes reads U+FFFD. Time is linear in the length of the text.
    """
    if text.isascii():
        return ()
    found: list[tuple[float, Repair]] = []
    for offset, points in _chunks(text):
        for name in CODECS:
            codec = _codec(name)
            for start, end in _suspicious(points, codec):
                found += [
                    (run.score, repair)
                    for run in _runs(points[start:end], codec)
                    if (repair := _read_again(text, offset + start, run, codec))
                ]
    return _without_overlap(found)


def apply_repairs(text: str, repairs: tuple[Repair, ...]) -> str:
    """Lay the repairs over the text; the result is exactly as long."""
    pieces, position = [], 0
    for repair in repairs:
        pieces += [text[position : repair.span.start], repair.text]
        position = repair.span.end
    return "".join([*pieces, text[position:]])


# ── tables ──────────────────────────────────────────────────────────────────────────────────


@cache
def _codec(name: str) -> _Codec:
    first, second, decoded = (np.zeros(0x10000, dtype=np.int32) for _ in range(3))
    for pair in range(0x8140, 0x10000):
        character = pair.to_bytes(2, "big").decode(CODECS[name], "ignore")
        if len(character) == 1 and character > "\x7f":
            point = ord(character)
            decoded[pair] = point
            if not first[point]:
                first[point], second[point] = divmod(pair, 256)
    # A half-width character may be a folded full-width one.
    for narrow in range(0x20, 0x7F):
        wide = 0x3000 if narrow == 0x20 else narrow + 0xFEE0
        first[narrow], second[narrow] = first[wide], second[wide]
    for character in _PLACEHOLDERS:
        first[ord(character)] = second[ord(character)] = 0
    return _Codec(name, first, second, decoded)


def _chunks(text: str) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Pieces of bounded size, cut at line breaks where there are any."""
    start = 0
    while start < len(text):
        end = start + _CHUNK
        if end < len(text):
            end = max(text.rfind("\n", start, end) + 1, start + _CHUNK // 2)
        yield start, code_points(text[start:end])
        start = end


# ── finding ─────────────────────────────────────────────────────────────────────────────────


def _suspicious(points: NDArray[np.int32], codec: _Codec) -> list[tuple[int, int]]:
    """Ranges around places where the shifted reading has the likelier characters over a few characters on end."""
    if len(points) <= _WINDOW:
        return []
    score = language().score
    gain = score[_shifted(points, codec)] - score[points[:-1]]
    gain[(points[:-1] == _BREAK) | (points[1:] == _BREAK)] = -99
    sums = np.concatenate(([0.0], np.cumsum(gain, dtype=np.float64)))
    hits = np.flatnonzero(sums[_WINDOW:] - sums[:-_WINDOW] > _SUSPICIOUS)
    breaks = np.flatnonzero(points == _BREAK)
    ranges: list[tuple[int, int]] = []
    for hit in hits.tolist():
        at = int(np.searchsorted(breaks, hit))
        line_start = int(breaks[at - 1]) + 1 if at else 0
        line_end = int(breaks[at]) if at < len(breaks) else len(points)
        start, end = max(line_start, hit - _REACH), min(line_end, hit + _WINDOW + _REACH)
        if ranges and start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


def _shifted(points: NDArray[np.int32], codec: _Codec) -> NDArray[np.int32]:
    """For each two neighbours the character made of the second byte of the one and the first of the other."""
    read: NDArray[np.int32] = codec.decoded[codec.second[points[:-1]] << 8 | codec.first[points[1:]]]
    return read


def _runs(points: NDArray[np.int32], codec: _Codec) -> list[_Run]:
    """The best runs of a range: those whose shifted reading gains most over the text as it stands."""
    runs = []
    position = 0
    while (run := _best_run(points[position:], codec)) is not None:
        runs.append(_Run(run.start + position, run.end + position, run.raw, run.score))
        position += run.end
    return runs


def _best_run(points: NDArray[np.int32], codec: _Codec) -> _Run | None:
    """Kadane's maximum sub-array over the gains (R. Bentley, Programming Pearls, 1984), then told from noise."""
    if len(points) <= _MIN_READ:
        return None
    shifted = _shifted(points, codec).tolist()
    standing = points.tolist()
    best: _Run | None = None
    total, start = -math.inf, 0
    for position, point in enumerate(standing):
        if not codec.first[point] and point not in _MARKS:
            total, start = -math.inf, position + 1
            continue
        cost = -_cost(standing[position - 1] if position else 0, point)
        begin = cost + _opening(standing, position)
        more = _gain(standing, shifted, position - 1, start) if position else -math.inf
        if total + more + cost > begin:
            total += more + cost
        else:
            total, start = begin, position
        closed, raw = _closing(standing, shifted, position, codec)
        if best is None or total + closed > best.score:
            best = _Run(start, position + 1, raw, total + closed)
        elif total < 0 and best.score >= _SURE:
            break
    return best if best is not None and _is_sure(best, standing) else None


def _is_sure(run: _Run, standing: list[int]) -> bool:
    marked = run.start > 0 and standing[run.start - 1] in _MARKS
    return run.score >= (_SURE_MARKED if marked else _SURE) and run.end - run.start > _MIN_READ


def _opening(standing: list[int], position: int) -> float:
    """What it costs to begin a run: the loss of a byte, cheaper where a placeholder shows it, which stays outside."""
    if _MARKS & set(standing[position : position + 2]):
        return -math.inf
    return _MARKED_COST if position and standing[position - 1] in _MARKS else _LOST_COST


def _gain(standing: list[int], shifted: list[int], position: int, start: int) -> float:
    """Log-likelihood of the character read from a character and the next."""
    if standing[position] in _MARKS or standing[position + 1] in _MARKS:
        return _BESIDE_MARK
    return _cost(shifted[position - 1] if position > start else 0, shifted[position])


def _cost(before: int, point: int) -> float:
    """Log-likelihood of a character after another (0: unknown)."""
    known = language()
    if not point:
        return _LOST_COST
    own = float(known.score[point])
    if own == SYMBOL and point >> 7 == before >> 7:  # a word in another script: kana, Cyrillic, Greek …
        return _FOREIGN
    if not (_is_han(before) and _is_han(point)):
        return own
    return own + (_SEEN_PAIR if before << 16 | point in known.pairs else _UNSEEN_PAIR)


def _is_han(point: int) -> bool:
    return 0x3400 <= point < 0xA000 or 0xF900 <= point < 0xFB00


def _closing(standing: list[int], shifted: list[int], position: int, codec: _Codec) -> tuple[float, bool]:
    """What it costs to end a run after ``position``, and whether the next character closes it as a single byte."""
    if standing[position] in _MARKS or (position and standing[position - 1] in _MARKS):
        return -math.inf, False
    after = standing[position + 1] if position + 1 < len(standing) else 0
    unclosed = 0.0 if after in _MARKS else _MARKED_COST
    second = int(codec.second[standing[position]])
    if position == 0 or not second or not 0x40 <= after < 0x7F:
        return unclosed, False
    closed = _cost(shifted[position - 1], int(codec.decoded[second << 8 | after])) + _LONELY_LETTER
    return max(closed, unclosed), closed > unclosed


# ── reading again ───────────────────────────────────────────────────────────────────────────


def _read_again(text: str, offset: int, run: _Run, codec: _Codec) -> Repair | None:
    start, end = offset + run.start, offset + run.end
    points = code_points(text[start : end + run.raw])
    read = _shifted(points[: end - start], codec).tolist()
    if run.raw:
        read.append(int(codec.decoded[int(codec.second[points[-2]]) << 8 | int(points[-1])]))
    characters = [LOST, *_sure_characters(read)]
    if start and text[start - 1] in _PLACEHOLDERS:
        start -= 1
    if run.raw:
        end += 1
    elif text[end : end + 1] in tuple(_PLACEHOLDERS):
        end += 1
        characters.append(LOST)
    characters[1:1] = [FILLER] * (end - start - len(characters))
    return Repair(Span(start, end), "".join(characters), codec.name)


def _sure_characters(read: list[int]) -> list[str]:
    """The characters read; an unlikely one that forms no known pair counts as lost, as bytes may be missing there."""
    score, pairs = language()
    padded = [0, *read, 0]
    characters = []
    for at, point in enumerate(read):
        is_paired = bool({padded[at] << 16 | point, point << 16 | padded[at + 2]} & pairs)
        is_outermost = at in (0, len(read) - 1)
        is_sure = is_paired or score[point] >= (_COMMON if is_outermost else _RARE)
        characters.append(chr(point) if is_sure and score[point] > SENSELESS else LOST)
    return characters


def _without_overlap(found: list[tuple[float, Repair]]) -> tuple[Repair, ...]:
    """The likeliest of the repairs that overlap."""
    kept: list[tuple[float, Repair]] = []
    for score, repair in sorted(found, key=lambda item: (item[1].span, -item[0])):
        if kept and repair.span.overlaps(kept[-1][1].span):
            if score <= kept[-1][0]:
                continue
            kept.pop()
        kept.append((score, repair))
    return tuple(repair for _, repair in kept)
