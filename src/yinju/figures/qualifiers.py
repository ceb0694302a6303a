"""Qualifiers and signs around a number: 超過, 近, 約, 不到, 以上, 下降. All text here is folded."""

from __future__ import annotations

import re

from yinju.types import Approx

_BEFORE_APPROX: tuple[tuple[re.Pattern[str], Approx], ...] = tuple(
    (re.compile(rf"(?:{pattern})[ ]?$"), approx)
    for pattern, approx in (
        (
            r"不超过|不高于|不多于|不大于|最多|至多|最高|上限为?|at most|up to|no more than|not more than",
            Approx.AT_MOST,
        ),
        (
            r"不少于|不低于|不小于|至少|最低|最少|起码|at least|no less than|not less than|no fewer than",
            Approx.AT_LEAST,
        ),
        (r"不到|不足|不及|少于|低于|小于|未满|不满|未达到?|未到|不够|under|less than|fewer than|below", Approx.UNDER),
        (
            r"超过了?|超出|超|突破了?|冲破|逾|多于|大于|高于|跨越|跨过|跃过|站上|迈上|(?<![打爆突])破|远超|不止|"
            r"over|more than|exceed(?:s|ed|ing)?|above|surpass(?:es|ed|ing)?|topp?(?:s|ed|ing)",
            Approx.OVER,
        ),
        (r"将近|接近|逼近|趋近|(?<![最附靠远临])近|nearly|almost|close to", Approx.NEARLY),
        (
            r"大约|(?<![签履合条公制预节])约为?|约占|约达|约有|大概|about|around|approximately|roughly|some|circa",
            Approx.ABOUT,
        ),
    )
)
_AFTER_APPROX: tuple[tuple[re.Pattern[str], Approx], ...] = tuple(
    (re.compile(rf"[ ]?(?:{pattern})"), approx)
    for pattern, approx in (
        (r"(?:及|或)?以上|or more|or above|and above", Approx.AT_LEAST),
        (r"(?:及|或)?以下|以内|之内|or less|or below", Approx.AT_MOST),
        (r"左右|上下|前后|or so", Approx.ABOUT),
        (r"多(?!样|元|项|个|家|种|次|层)|余(?!额|热|量)|出头|\+(?![0-9a-z])", Approx.OVER),
    )
)
_FALL = re.compile(
    r"(?:下降|减少|下滑|降低|回落|下跌|收窄|缩减|缩小|萎缩|负增长|跌|(?<![升增起])降|(?<![增])减|[降减跌]幅|(?<![至不多缺较最很])少(?=了|掉|约|近)|"
    r"f[ae]ll(?:ing)?(?: by)?|declin(?:e|ed|ing)(?: by| of)?|decreas(?:e|ed|ing)(?: by| of)?|dropp?(?:ed|"
    r"ing)?(?: by)?|down)"
    r"(?:了|约|近|超过|超|逾|不到|不足|幅度[为达])?[ ]?$"
)
_FAR_APPROX = re.compile(r"(不到|不足|不及|未及)|(超过|超|多于)|(接近|将近|近)|(大?约)")

_CLAUSE_EDGE = re.compile(r"[,，。;；:：!?！？\n]")


def approx_before(folded: str, start: int) -> Approx | None:
    """Return the qualifier right before ``start``: 「超過｜80%」."""
    window = folded[max(0, start - 16) : start].removesuffix("人民币")
    return next((approx for pattern, approx in _BEFORE_APPROX if pattern.search(window)), None)


def approx_after(folded: str, end: int) -> Approx | None:
    """Return the qualifier right after ``end``: 「80%｜以上」."""
    return next((approx for pattern, approx in _AFTER_APPROX if pattern.match(folded, end)), None)


def approx_far_before(folded: str, start: int) -> Approx | None:
    """Return the qualifier that stands before the whole of a share: 「不到｜全市｜十分之一」."""
    window = _CLAUSE_EDGE.split(folded[max(0, start - 14) : start])[-1]
    found = list(_FAR_APPROX.finditer(window))
    meanings = {1: Approx.UNDER, 2: Approx.OVER, 3: Approx.NEARLY, 4: Approx.ABOUT}
    return meanings[found[-1].lastindex or 1] if found else None


def falls(folded: str, start: int) -> bool:
    """Tell whether a verb of falling stands right before ``start``: 「下降｜6.4%」, but not 「下降到｜6.4%」."""
    return bool(_FALL.search(folded, max(0, start - 24), start))
