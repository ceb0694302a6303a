"""Numerals: Chinese and English number words to exact values, and numerals that are only parts of words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

import rjieba

SMALL = "零〇一二三四五六七八九两"
SCALE_VALUE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
DIGIT_VALUE = {c: "0123456789"["零一二三四五六七八九".index(c)] for c in "零一二三四五六七八九"} | {
    "〇": "0",
    "○": "0",
    "两": "2",
}
ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
ENGLISH_SCALE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
                  "bn": 10**9, "mn": 10**6}  # fmt: skip
ENGLISH_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
MONTH = "|".join((*MONTHS, *(f"{name[:3]}\\.?" for name in MONTHS), "sept\\.?"))
NUMERAL = "零〇一二三四五六七八九两十百千万亿廿"


def scale_product(word: str) -> Decimal:
    """Multiply scale characters: 万亿 → 1E+12."""
    product = Decimal(1)
    for character in word:
        product *= SCALE_VALUE[character]
    return product


def number_value(text: str) -> Decimal | None:
    """Read an Arabic or Chinese number without scale words beside it; ``None`` when it is neither."""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return Decimal(text)
    read = han_number(text)
    return None if read is None or read[1] is not None else read[0]


_NEIGHBOURS = re.compile(
    r"(?P<head>.*?)(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])(?P<scale>[十百千万亿]*)"
)


@lru_cache(maxsize=4096)
def han_number(text: str) -> tuple[Decimal, Decimal | None, Decimal] | None:
    """Read a Chinese numeral: low, high of an approximate pair (四五十) or ``None``, and the scale it ends in."""
    scale = scale_product(re.search(r"[百千万亿]*$", text).group())  # type: ignore[union-attr]
    pair = _NEIGHBOURS.fullmatch(text)
    if (
        pair
        and int(DIGIT_VALUE[pair["high"]]) - int(DIGIT_VALUE[pair["low"]]) in {1, 2}
        and pair["head"] in {"", "十", "二十", "三十"}
    ):
        ends = [_numeral(pair["head"] + pair[end] + pair["scale"]) for end in ("low", "high")]
        return None if None in ends else (ends[0], ends[1], scale)  # type: ignore[return-value]
    value = _numeral(text)
    return None if value is None else (value, None, scale)


def _numeral(text: str) -> Decimal | None:
    import cn2an

    if re.fullmatch(rf"[{SMALL}]{{2,}}", text) and len(text) < 3:
        return None
    digits = ("一" + text if text[0] in "百千万亿" else text).replace("〇", "零").replace("廿", "二十")
    if re.fullmatch(r"[零一二三四五六七八九]{5,}", digits):
        return None
    try:
        return Decimal(str(cn2an.cn2an(digits, "normal")))
    except (ValueError, KeyError):  # cn2an looks up scales that some wrong orders never set
        return _scales_only(digits)


def _scales_only(digits: str) -> Decimal | None:
    """Read what cn2an refuses: a numeral and two scales such as 一百亿, 一千万亿."""
    match = re.fullmatch(r"(?P<head>.*?)(?P<tail>[十百千万亿]+)", digits)
    if match is None or not match["head"] or any(c in SCALE_VALUE for c in match["head"]):
        return None
    return (
        DIGIT_VALUE.get(match["head"]) and Decimal(DIGIT_VALUE[match["head"]]) * scale_product(match["tail"])
    ) or None


def decade(surface: str) -> int:
    """Return the first year of a decade: 20世纪80年代, 上世纪八十年代, 1980s → 1980."""
    tens = re.search(r"([0-9二三四五六七八九])[0十]年代", surface)
    if tens is None:
        return int(surface[:4])
    century = re.match(r"([0-9]{2})世纪", surface)
    digit = int(DIGIT_VALUE.get(tens[1], tens[1]))
    if century:
        return (int(century[1]) - 1) * 100 + digit * 10
    return (1900 if digit >= 3 or "上世纪" in surface or "二十世纪" in surface else 2000) + digit * 10


@lru_cache(maxsize=16384)
def inside_word(window: str, start: int, length: int) -> bool:
    """Whether a dictionary word reaches over the edges of ``window[start:start + length]`` into its neighbours."""
    position = 0
    for word in rjieba.cut(window, False):
        end = position + len(word)
        if position < start < end and word[start - position - 1] not in "近约超逾过达有共的":
            return True
        if position == start and end > start + length:
            return True
        position = end
    return False
