"""Text to exact quantities and back: numbers, scales, units, qualifiers, ranges, ratios, ranks and dates.

One compiled scan over folded text finds where a number starts; everything else is matched at fixed places around it, so
that the time is linear in the text. Names with digits (5G, X9, “1+1”) and numerals inside words (進一步, 三來一補) are
no quantities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction

from yinju.figures.numerals import (
    DIGIT_VALUE,
    ENGLISH,
    ENGLISH_PARTS,
    ENGLISH_SCALE,
    MONTH,
    MONTHS,
    NUMERAL,
    SMALL,
    decade,
    han_number,
    inside_word,
    number_value,
    scale_product,
)
from yinju.figures.qualifiers import approx_after, approx_before, approx_far_before, falls
from yinju.figures.units import MEASURE, UNIT, canonical_unit, exact, unit_kind
from yinju.text import Language, fold, script_of, to_language
from yinju.types import Approx, Kind, Quantity, Span, plain

MAX_DIGITS = 24
"""Longer digit runs are serial numbers, not quantities."""
MAX_NUMERALS = 16
_SCRIPT_SAMPLE = 4000

_START = re.compile(
    rf"""(?P<date>(?<![0-9])(?:[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9])
          |[0-9]{{4}}[ ]?年[ ]?(?:[0-9]{{1,2}}[ ]?月(?:份)?(?:[ ]?[0-9]{{1,2}}[ ]?[日号])?)
          |[0-9]{{1,2}}[ ]?月[ ]?[0-9]{{1,2}}[ ]?[日号]
          |[0-9]{{1,2}}[ ](?:{MONTH})[ ][0-9]{{4}}(?![0-9])))
     |(?P<english_date>\b(?:{MONTH})[ ](?:[0-9]{{1,2}},?[ ])?[0-9]{{4}}(?![0-9])
           |\b(?:{MONTH})[ ][0-9]{{1,2}}(?![0-9]|[,.:][0-9]|[ ]?[a-z%])|(?<![0-9.,])[0-9]{{1,2}}[ ](?:{MONTH})(?![a-z]))
     |(?P<decade>(?:(?:[0-9]{{2}}|上|本|二十|十九)世纪)?(?<![0-9])[0-9]0年代|(?:(?:[0-9]{{2}}|上|二十
           |十九)世纪)?[二三四五六七八九]十年代
          |\b(?:1[0-9]|20)[0-9]0s\b)
     |(?P<hanyear>[一二][〇○零一二三四五六七八九]{{3}}年)
     |(?P<ratio>(?<![0-9.:])[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?(?:[ ]?[:∶][ ]?[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)+(?![0-9]))
     |(?P<fraction>(?:[{NUMERAL}]{{1,6}}|[0-9]{{1,6}})分之(?:[{NUMERAL}]{{1,8}}(?:点[{SMALL}]{{1,6}})?
           |[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?))
     |(?P<slash>(?<=[\u4e00-\u9fff（(])(?<!第)[1-9]/[1-9][0-9]?(?![0-9/.]))
     |(?P<fold>翻[ ]?[一两二三四五12345]?[ ]?番)
     |(?P<part>\b(?:a|one|two|three|four|five|seven)[ -](?:third|quarter|fifth|sixth|eighth|tenth)s?(?=[ ]of\b)
           |\b(?:two[ -]thirds|three[ -]quarters)\b|\bhalf(?=[ ](?:of\b|the\b|its\b|their\b)))
     |(?P<half>一半|半数|(?<=[过近逾超])半(?![年月天日小个导径路岛夜途制数成]))
     |(?P<rank>首位|第[ ]?[{NUMERAL}0-9]{{1,6}})
     |(?P<top>(?<=[居入列位进跻名国球省市区])前[ ]?(?:[二三四五六七八九十]{{1,3}}|[0-9]{{1,3}})(?!年|月|季|天
           |位?数|后|[0-9]))
     |(?P<number>(?:[0-9]{{1,3}}(?:,[0-9]{{3}})++(?![0-9])|[0-9]++)(?:\.[0-9]++)?)
     |(?P<some>[数几][十百千万亿]{{1,3}}|(?<![迈跨站登])上[百千万亿][万亿]?)
     |(?P<numeral>[{NUMERAL}]++(?:点[{SMALL}]{{1,6}})?|半(?=年|个?小时|个月))
     |(?P<word>\b(?:{"|".join(ENGLISH)})(?=[ -][a-z]))
    """,
    re.X,
)
_SCALE = re.compile(
    r"[ ]?(?:(?P<some>多|余|几|来)?(?P<han>(?:[十百千万亿兆](?![瓦米克伏卡赫帕焦位比]|字节|分点|分之)){1,4})"
    r"|(?P<english>(?:hundred|thousand|million|billion|trillion|bn|mn)\b))"
)
_FROM_TO = re.compile(r"[从由][0-9]到$")
_YEAR_BEFORE = re.compile(r"\b(?:in|by|since|during|until|for|from|of|year|fy|between|and) $")
_IN_YEAR = re.compile(r"\b(?:in|by|since|during|until|for) $")
"""What stands before a year and seldom before a count: in 2024 schools opened."""
_TENTHS = re.compile(r"成(?![为立本员果功长效都熟型品人就交套绩])|折(?![叠腾射旧扣返])")
_FOLLOWING = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,4})(?:\.[0-9]{1,4})?")
_MONEY_SCALE = re.compile(r"(?P<letter>k|m|b|tn?)(?![a-z0-9])")
_LETTERS = {"k": Decimal(10**3), "m": Decimal(10**6), "b": Decimal(10**9), "t": Decimal(10**12)}
_EACH = re.compile(r"每[个一]?$|\bper $|\bevery $")
_OVER_BY_GUO = re.compile(r"(?<![经通不度渡有])过$")
_SCALE_WRITTEN = re.compile("[万亿]")
_LONG_NEARLY = re.compile(r"[时了达有经]近[ ]?$")
_SOME = re.compile(
    r"[ ]?(?:多(?!样|元化|元素|元的|项式)|余(?!额|热|量)|几(?!乎|何)|来(?=[个家人名位所年天])|\+(?![0-9a-z]))"
)
_SPACE = re.compile(r"[ \u00a0\u3000]?")
_PREFIX_MONEY = {"$": "美元", "us$": "美元", "usd": "美元", "hk$": "港元", "€": "欧元", "£": "英镑", "¥": "元",
                 "rmb": "元",
                 "cny": "元", "nt$": "新台币", "eur": "欧元"}  # fmt: skip
_PREFIX = re.compile(r"(?:(?<![a-z])(?:us\$|hk\$|nt\$|usd|rmb|cny|eur)|[$€£¥])[ ]?$")
_JOIN = re.compile(r"[ ]?(?:(?P<dash>[-–—−~])|至|到|to )[ ]?(?=[0-9一二三四五六七八九十两])")
_LIST = re.compile(r"[ ]?(?:、|,|和|及|与|以及|and |, and )[ ]?")
_LIST_NEXT = re.compile(r"[ ]?(?:、|和|及|与|以及|and |, and )[ ]?(?=[-−]?[0-9])")

_COPULA = re.compile(
    r"(?:[为是达至到超近约破过共计:成]|达到了|超过了|[低高]于|逾|不到|不足|接近|突破|稳定在|保持在|控制在|"
    r"\b(?:is|was|were|are|of|to|at|by|than|about|around|over|nearly|total(?:l?ed|s)?))[ ]?$"
)
_HAVING = re.compile(
    r"\b(?:has|have|had|for|leav(?:es|ing)|left|whom|which|sold|employ(?:s|ed)?|won|made|took|counts?|only|just|and|from|"
    r"against|with|all|some|other)[ ]$"
)
"""What an English number stands after that counts something named before it: of whom 610 worked."""
_LEAST_COUNT = 20
"""A smaller number after those words is rather an hour, a page or a score."""
_TIMES_AS = re.compile(
    r"[ ](?:as|more|fewer|less|larger|higher|bigger|greater|smaller|faster|longer|the|that|those|its|their|what|over|"
    r"above|of)\b"
)
"""What makes a number of times a multiple and not a count of occasions."""
_STANDS_ALONE = re.compile(r"[ ](?:of (?:them|these|those|which|whom)\b|in (?:1[5-9]|20)[0-9]{2}\b)")
"""What lets an English number do without a noun: 540 of them, 48 in 2022."""
_NAME_AFTER = re.compile(r"[ ]?(?:[号#]|后(?![,。;、])|级(?!以上)|期工程|版本|版(?!权)|时代(?!$))")
_ORDINAL_NOUN = re.compile(
    r"产业|时间|时刻|季度|批|次|期|届|代|轮|阶段|步|章|条|类|部分|步|年|天|季|节|线|方|手|书记|课堂|三方|"
    r"一线|二线|医院|中学|小学|人民"
)
_RANK_UNIT = re.compile(r"[ ]?(?P<unit>[位名]|[个家大座](?!百年|五年|[0-9]年))")
_RANK_BEFORE = re.compile(
    r"(?:(?<![完安齐])全[\u4e00-\u9fff]|世界|亚洲|国内|中部|西部|东部|东北|[居列位排名第为]|规模|总量|数量|均|行业)$"
)
_QUOTED = re.compile(r"[“‘「『《\"][^”’」』》\"\n]{1,14}[”’」』》\"]")
_NOT_AFTER_QUANTITY = re.compile(r"[a-z0-9]")
_ENGLISH_NOUN = re.compile(r"[ -](?P<words>[a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*){0,2})")
_ENGLISH_STOP = frozenset(
    "in of and to the for by at from with was were is are has have had as on per or than that this its "
    "their a an year years month which while after before during compared up down more less higher lower".split()
)
# Numerals that are articles or parts of other words more often than counts, with these measure words.
_HAN_VAGUE = frozenset(
    "门 圈 端 级 层 代 期 面 手 道 点 国 省 市 县 城 步 方 行 页 节 对 环 届 版 环 段 重 字 尾 口 头 分 度 "
    "号线 集 站".split()
)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number without its unit: where it stands, what it is worth, and how it was written."""

    start: int
    end: int
    value: Decimal
    scale: Decimal = Decimal(1)
    approx: Approx | None = None
    high: Decimal | None = None
    han: bool = False
    bare_scale: bool = False


def read_quantities(text: str) -> list[Quantity]:
    """Read every quantity of a text, in order, without overlap.

    Any script and width; offsets are of ``text``. Two ends that both carry a unit make two quantities
    (「從130億參數到2500多億參數」), unless a dash joins them; ends that share one unit make a range (「20—30家」).

    Args:
        text: Any text.

    Returns:
        Quantities with ``surface == text[span.start:span.end]``. Unit names are in the script of the text. Values are
        exact, except fractions without an end (28 digits). Dates are ``YYYYMM`` or ``YYYYMMDD``, decades their
        first year.
    """
    reader = _Reader(text, fold(text))
    return list(reader.quantities())


def read_cell(text: str) -> Quantity | None:
    """Read a table cell that holds one quantity and nothing else, a bare number included; ``None`` otherwise."""
    reader = _Reader(text, fold(text), bare=True)
    found = list(reader.quantities())
    if len(found) != 1:
        return None
    rest = (text[: found[0].span.start] + text[found[0].span.end :]).strip()
    return found[0] if len(rest) <= 1 or found[0].approx else None


def write_quantity(
    value: Decimal,
    unit: str = "",
    scale: Decimal | None = None,
    language: Language = "zh-Hant",
    max_decimals: int | None = None,
) -> str:
    """Write a value with its unit: ``(950100000000, 元)`` → ``9501億元``.

    Args:
        value: Exact value in the base unit.
        unit: Base unit; empty for a bare number.
        scale: 1E+4 or 1E+8 to force 萬 or 億, 1 for none; ``None`` chooses what leaves 1 to 9999 before the point.
        language: Script of scale and unit; English writes thousand separators, million and billion.
        max_decimals: Round to so many decimals; ``None`` keeps every digit.

    Returns:
        Text that :func:`read_quantities` reads back as the same value and unit, unless it was rounded.
    """
    chosen = _fitting_scale(value, unit, language) if scale is None else scale
    with localcontext() as context:
        context.prec = 60
        number = value / chosen
        if max_decimals is not None:
            number = round(number, max_decimals)
    digits = plain(number)
    if language == "en":
        name = {10**6: " million", 10**9: " billion"}.get(int(chosen), "")
        return f"{digits}{name}{_english_unit(unit)}"
    name = {10**4: "万", 10**8: "亿"}.get(int(chosen), "")
    return digits + to_language(name, language) + to_language(unit, language)


# ── writing ─────────────────────────────────────────────────────────────────────────────────


def _fitting_scale(value: Decimal, unit: str, language: Language) -> Decimal:
    if unit_kind(unit) is Kind.PERCENT or canonical_unit(unit) in {"年", "倍", "位"}:
        return Decimal(1)
    steps = (10**9, 10**6) if language == "en" else (10**8, 10**4)
    for step in steps:
        if abs(value) >= step and len(plain(value / step).partition(".")[2]) <= 4:
            return Decimal(step)
    return Decimal(1)


def _english_unit(unit: str) -> str:
    name = {"元": " yuan", "美元": " US dollars", "个百分点": " percentage points", "平方公里": " square kilometres"}
    return unit if unit in {"%", "‰"} else name.get(canonical_unit(unit), f" {unit}" if unit else "")


# ── reading ─────────────────────────────────────────────────────────────────────────────────


class _Reader:
    """One pass over one text: the text, its folded form, and what was read last."""

    def __init__(self, text: str, folded: str, bare: bool = False) -> None:
        self.text, self.folded = text, folded
        self.bare = bare or bool(re.fullmatch(r"[-−]?[0-9,.]+", folded.strip()))
        self.quotes = [m.span() for m in _QUOTED.finditer(folded)]
        self._script: Language | None = None

    def quantities(self) -> Iterator[Quantity]:
        position = 0
        pending: list[_Number] = []
        last: Quantity | None = None
        while match := _START.search(self.folded, position):
            position = match.end()
            read = self._read(match)
            if isinstance(read, _Number):
                pending.append(read)
                position = read.end
                if not _LIST_NEXT.match(self.folded, position):
                    yield from self._unitless(pending)
                    pending = []
                continue
            if read is not None:
                for quantity in (*self._listed(pending, read), read):
                    last = self._signed_like(last, quantity)
                    yield last
                position = read.span.end
            pending = []
        yield from self._unitless(pending)

    # Each reader of a start gives a finished quantity, a number that still lacks a unit, or nothing.
    def _read(self, match: re.Match[str]) -> Quantity | _Number | None:
        match match.lastgroup:
            case "number" | "numeral" | "some" | "word":
                return self._measured(match)
            case "date" | "english_date" | "decade" | "hanyear":
                return self._date(match)
            case "ratio":
                return self._ratio(match)
            case "fraction" | "half" | "slash":
                return self._fraction(match)
            case "part":
                return self._part(match)
            case "fold":
                return self._fold(match)
            case _:
                return self._rank(match)

    # ── numbers with units ──

    def _measured(self, match: re.Match[str]) -> Quantity | _Number | None:
        number = self._number(match)
        if number is None:
            return None
        unit_end, unit = self._unit(number)
        joined = self._range(number, unit, unit_end)
        if joined is not None:
            number, unit, unit_end = joined
        if not unit:
            return number if self._may_lack_unit(number) else None
        return self._quantity(number, unit, unit_end) if self._is_quantity(number, unit, unit_end) else None

    def _number(self, match: re.Match[str]) -> _Number | None:
        start, end = match.span()
        if match.lastgroup == "number":
            return self._arabic(match)
        if match.lastgroup == "word":
            return self._scaled(_Number(start, end, Decimal(ENGLISH[match.group()])))
        if match.lastgroup == "some":
            some = scale_product(match.group()[1:])
            return _Number(start, end, some, some, Approx.OVER, han=True)
        if match.group() == "半":
            return _Number(start, end, Decimal("0.5"), han=True)
        read = han_number(match.group()) if end - start <= MAX_NUMERALS else None
        if read is None:
            return None
        low, high, scale = read
        bare = match.group()[0] in "百千万亿"
        return self._scaled(_Number(start, end, low, scale, None, high, han=True, bare_scale=bare))

    def _arabic(self, match: re.Match[str]) -> _Number | None:
        digits, (start, end) = match.group(), match.span()
        if len(digits) > MAX_DIGITS:
            return None
        if "," in digits and "，" in self.text[start:end] and self.text[start] in "0123456789":
            end = start + digits.index(",")
            digits = digits[: end - start]
        number = self._scaled(_Number(start, end, Decimal(digits.replace(",", ""))))
        return self._compound(self._in_money(number))

    def _in_money(self, number: _Number) -> _Number:
        """Take in the letter that stands for a scale after a sum of money: £1.2m, $350k."""
        letter = _MONEY_SCALE.match(self.folded, number.end)
        if number.scale > 1 or not letter or not _PREFIX.search(self.folded, max(0, number.start - 5), number.start):
            return number
        scale = _LETTERS[letter["letter"][0]]
        return replace(number, end=letter.end(), value=number.value * scale, scale=scale)

    def _compound(self, number: _Number) -> _Number:
        """Take in what is written piece by piece: 1亿2000万, 3万5千, 1億1,260萬."""
        lowest = number.scale
        while lowest > 1 and not number.approx and self.folded[number.end - 1] in "十百千万亿":
            follow = _FOLLOWING.match(self.folded, number.end)
            if follow is None:
                break
            value = Decimal(follow.group().replace(",", ""))
            low = self._scaled(_Number(follow.start(), follow.end(), value))
            counted = low.scale == 1 and low.value < lowest and self._is_counted(low)
            if not (1 < low.scale < lowest or counted):
                break
            number = replace(number, end=low.end, value=number.value + low.value, approx=low.approx)
            lowest = low.scale
        return number

    def _is_counted(self, low: _Number) -> bool:
        """Whether digits right after a scale are its last part, with the unit of the whole: 2356萬2318人."""
        digits = self.folded[low.start : low.end].replace(",", "")
        unit = self._unit(low)[1]
        return digits.isdigit() and bool(unit) and unit_kind(unit) in {Kind.COUNT, Kind.AMOUNT, Kind.AREA}

    def _scaled(self, number: _Number) -> _Number:
        """Take in a scale and a 多/余 before or after it."""
        if match := _SCALE.match(self.folded, number.end):
            word = match["english"] or match["han"]
            scale = Decimal(ENGLISH_SCALE[word]) if match["english"] else scale_product(word)
            if scale >= 10**12 and "兆" in word and not UNIT.match(self.folded, match.end()):
                return number
            high = None if number.high is None else number.high * scale
            approx = Approx.OVER if match["some"] else number.approx
            number = replace(
                number,
                end=match.end(),
                value=number.value * scale,
                scale=number.scale * scale,
                approx=approx,
                high=high,
            )
        if match := _SOME.match(self.folded, number.end):
            number = replace(number, end=match.end(), approx=Approx.OVER)
        return number

    def _unit(self, number: _Number) -> tuple[int, str]:
        """Return where the unit after the number ends and its name, folded; ``""`` when there is none."""
        after = number.end if not (space := _SPACE.match(self.folded, number.end)) else space.end()
        if self.folded.startswith(("%", "‰"), after):
            return after + 1, self.folded[after]
        if tenths := _TENTHS.match(self.folded, after):
            return tenths.end(), tenths.group()
        found = [m for pattern in (UNIT, MEASURE) if (m := pattern.match(self.folded, after))]
        best = max(found, key=lambda m: m.end(), default=None)
        if best is not None and best["unit"] == "times" and not _TIMES_AS.match(self.folded, best.end()):
            return best.end(), "次"
        if best is not None and not self._is_name_letter(best):
            return self._with_currency_name(best.end()), best["unit"]
        if prefix := _PREFIX.search(self.folded, max(0, number.start - 5), number.start):
            return number.end, _PREFIX_MONEY[prefix.group().strip()]
        return self._english_noun(number)

    def _is_name_letter(self, unit: re.Match[str]) -> bool:
        """A single capital after a number is part of a name (5G, 3T), not a unit."""
        return len(unit["unit"]) == 1 and self.text[unit.start()].isascii() and self.text[unit.start()].isupper()

    def _with_currency_name(self, end: int) -> int:
        return end + 3 if self.folded.startswith("人民币", end) and self.folded[end - 1] in "元亿万" else end

    def _english_noun(self, number: _Number) -> tuple[int, str]:
        match = _ENGLISH_NOUN.match(self.folded, number.end)
        if _is_year(number) and _IN_YEAR.search(self.folded, max(0, number.start - 9), number.start):
            return number.end, ""
        if match is None or self.text[match.start("words")].isupper():
            return number.end, ""
        words = match["words"].split()
        for n, word in enumerate(words):
            if word in _ENGLISH_STOP:
                break
            if n and UNIT.fullmatch(word):  # smart meters are no metres
                break
            if (word.endswith("s") and len(word) > 3) or word in {"people", "men", "women", "children", "staff"}:
                return (match.start("words") + len(word) if n == 0 else number.end), word
        return number.end, ""

    def _range(self, first: _Number, unit: str, unit_end: int) -> tuple[_Number, str, int] | None:
        join = _JOIN.match(self.folded, unit_end)
        match = _START.match(self.folded, join.end()) if join else None
        if join is None or match is None or match.lastgroup not in {"number", "numeral"} or first.high is not None:
            return None
        second = self._number(match)
        if second is None:
            return None
        end, second_unit = self._unit(second)
        if not second_unit and _is_year(first) and _is_year(second) and not unit:
            end, second_unit = second.end, "年"
        elif not second_unit or (unit and canonical_unit(unit) != canonical_unit(second_unit)):
            return None
        from_to = join["dash"] is None and self.folded[max(0, first.start - 1) : first.start] in {"从", "由", "自"}
        if (unit and from_to) or (second_unit in {"月", "日"} and unit):
            return None
        share = not unit and first.scale == 1 and first.value < second.value / second.scale
        low = first.value * (second.scale if share else 1)
        if low > second.value or second.high is not None:
            return None
        number = replace(first, end=second.end, value=low, high=second.value, scale=second.scale, approx=second.approx)
        return number, second_unit, end

    def _is_quantity(self, number: _Number, unit: str, unit_end: int) -> bool:
        kind = unit_kind(unit)
        strong = kind in {Kind.PERCENT, Kind.AMOUNT} or (number.scale > 1 and not number.han)
        if self._glued(number.start) and not strong:
            return False
        if self.folded[max(0, number.start - 1) : number.start] in {"每", "第", "/", "×"} or self._per(number.start):
            return False
        if unit == "分" and self.folded[number.start - 1 : number.start] == "时":
            return False
        if unit in {"月", "日", "时"} and not self._is_calendar(number, unit):
            return False
        if number.han:
            return self._is_han_quantity(number, unit, unit_end, kind)
        return not (unit_end == number.end and _NOT_AFTER_QUANTITY.match(self.folded, unit_end))

    def _per(self, start: int) -> bool:
        return bool(_EACH.search(self.folded, max(0, start - 6), start))

    @staticmethod
    def _is_calendar(number: _Number, unit: str) -> bool:
        limit = {"月": 12, "日": 31, "时": 24}[unit]
        top = number.high or number.value
        return number.scale == 1 and top <= limit and top == int(top)

    def _glued(self, start: int) -> bool:
        """Whether the number hangs on Latin letters or a sign that makes it part of a name."""
        before = self.folded[max(0, start - 2) : start]
        if not before:
            return False
        if before[-1] in "-–_" and len(before) == 2:
            return before[0].isascii() and before[0].isalpha()
        return (before[-1].isascii() and before[-1].isalpha()) or before[-1] in "+/&_#@."

    def _is_han_quantity(self, number: _Number, unit: str, unit_end: int, kind: Kind) -> bool:
        vague = kind in {Kind.COUNT, Kind.OTHER, Kind.DURATION, Kind.DATE}
        if kind is Kind.DATE or (vague and unit in _HAN_VAGUE and number.high is None):
            return False
        if vague and number.high is None and (number.value == 1 or self.folded[number.start : number.end] == "二"):
            return False
        if _is_han_ordinal(self.folded, number, unit, unit_end):
            return False
        if number.bare_scale and number.approx is None and (vague or number.value < 10**8):
            return approx_before(self.folded, number.start) is not None and not self.folded.startswith("级", unit_end)
        if self.folded.startswith("级", unit_end):
            return False
        if vague and any(start < number.start < end for start, end in self._quotes_at(number.start)):
            return False
        return not self._inside_word(number.start, unit_end)

    def _quotes_at(self, position: int) -> list[tuple[int, int]]:
        import bisect

        index = bisect.bisect_right(self.quotes, (position, len(self.folded))) - 1
        return self.quotes[index : index + 1] if index >= 0 else []

    def _quantity(self, number: _Number, unit: str, unit_end: int) -> Quantity:
        name, value, high, scale = canonical_unit(unit), number.value, number.high, number.scale
        kind = unit_kind(unit)
        if unit in {"成", "折"}:
            factor, name, kind = (Decimal(10), "%", Kind.PERCENT) if unit == "成" else (Decimal("0.1"), "", Kind.RATIO)
            value, high, scale = value * factor, None if high is None else high * factor, scale * factor
        if name == "年" and (_is_year(number) or (high is not None and 1900 <= value <= high <= 2100)):
            kind = Kind.YEAR
        start, sign = self._sign(number.start, number.high)
        prefix = _PREFIX.search(self.folded, max(0, start - 5), start)
        start = prefix.start() if prefix else start
        span = Span(start, max(unit_end, number.end))
        approx = self._approx(start, span.end, number.approx, kind)
        return Quantity(
            span, self.text[span.start : span.end], value * sign, self._in_script(name, unit, unit_end),
            Kind.RANGE if high is not None else kind, scale, None if high is None else high * sign, approx,
        )  # fmt: skip

    def _sign(self, start: int, high: Decimal | None) -> tuple[int, int]:
        before = self.folded[max(0, start - 1) : start]
        prior = self.folded[max(0, start - 2) : start - 1]
        if before and before in "-−负" and not (prior.isalnum() and prior.isascii()):
            return start - 1, -1
        return start, -1 if high is None and falls(self.folded, start) else 1

    def _approx(self, start: int, end: int, inner: Approx | None, kind: Kind) -> Approx | None:
        before = approx_before(self.folded, start)
        if before is None and (kind in {Kind.PERCENT, Kind.RATIO} or _SCALE_WRITTEN.search(self.folded, start, end)):
            before = Approx.OVER if _OVER_BY_GUO.search(self.folded, max(0, start - 2), start) else None
        if (
            before is Approx.NEARLY
            and kind is Kind.DURATION
            and not _LONG_NEARLY.search(self.folded, max(0, start - 3), start)
        ):
            before = None
        if before is not None or inner is not None:
            return before or inner
        return approx_after(self.folded, end)

    def _in_script(self, name: str, unit: str, unit_end: int) -> str:
        """Give a canonical unit in the script of the text, from the text itself where it stands there."""
        if name.isascii():
            return name
        written = self.text[unit_end - len(unit) : unit_end]
        if fold(written) == name:
            return written
        return to_language(name, self._language())

    def _language(self) -> Language:
        if self._script is None:
            self._script = script_of(self.text[:_SCRIPT_SAMPLE])
        return self._script

    # ── lists and numbers without a unit ──

    def _listed(self, pending: list[_Number], last: Quantity) -> Iterator[Quantity]:
        """Give the numbers of a list the unit of its last member: 「增长0.8、2.0和3.4个百分点」."""
        for number in pending:
            shares = number.scale == 1 and last.kind is not Kind.DATE
            scale = last.scale if shares else Decimal(1)
            start, sign = self._sign(number.start, None)
            kind = unit_kind(last.unit) if last.kind is Kind.RANGE else last.kind
            yield Quantity(
                Span(start, number.end), self.text[start : number.end], number.value * scale * sign, last.unit, kind,
                scale if shares else number.scale, None, self._approx(start, number.end, number.approx, kind),
            )  # fmt: skip

    def _signed_like(self, before: Quantity | None, now: Quantity) -> Quantity:
        if before is None or before.value >= 0 or now.value <= 0 or before.unit != now.unit:
            return now
        between = self.folded[before.span.end : now.span.start]
        return replace(now, value=-now.value) if _LIST.fullmatch(between) and between.strip() != "," else now

    def _inside_word(self, start: int, end: int) -> bool:
        return inside_word(self.folded[max(0, start - 4) : end + 4], min(4, start), end - start)

    def _may_lack_unit(self, number: _Number) -> bool:
        """Tell whether a number may stand without a unit of its own; its list may still give it one."""
        if self._glued(number.start) or self._per(number.start) or number.high is not None:
            return False
        after = self.folded[number.end : number.end + 1]
        if number.han:
            qualified = approx_before(self.folded, number.start) is not None and after not in {"级", "分"}
            told = qualified or self.bare
            return number.scale >= 10**4 and told and not self._inside_word(number.start, number.end)
        return not (after and ((after.isascii() and after.isalpha()) or after in "+/_")) and not _NAME_AFTER.match(
            self.folded, number.end
        )

    def _unitless(self, pending: list[_Number]) -> Iterator[Quantity]:
        for number in pending:
            year = _is_year(number) and _YEAR_BEFORE.search(self.folded[max(0, number.start - 9) : number.start])
            alone = _STANDS_ALONE.match(self.folded, number.end) is not None
            grouped = "," in self.text[number.start : number.end]  # 204,000 counts something, whatever stands beside
            told = year or self.bare or number.scale >= 10**4 or alone or grouped
            if not (told or self._after_copula(number)):
                continue
            if self.folded.startswith("强", number.end):
                continue
            start, sign = self._sign(number.start, None)
            whole = number.value == int(number.value)
            kind = Kind.YEAR if year else Kind.COUNT if whole and (number.scale > 1 or alone or grouped) else Kind.OTHER
            yield Quantity(
                Span(start, number.end), self.text[start : number.end], number.value * sign, "年" if year else "",
                kind, number.scale, None, self._approx(start, number.end, number.approx, kind),
            )  # fmt: skip

    def _after_copula(self, number: _Number) -> bool:
        before = self.folded[max(0, number.start - 12) : number.start]
        after = self.folded[number.end : number.end + 1]
        closed = not after or not after.isalnum() or number.scale > 1
        if not closed or _is_year(number):
            return False
        counts = number.value >= _LEAST_COUNT and not number.han and _HAVING.search(before)
        return bool(counts or (_COPULA.search(before) and not _FROM_TO.search(before)))

    # ── other shapes ──

    def _plain(self, span: Span, value: Decimal, unit: str, kind: Kind, approx: Approx | None = None) -> Quantity:
        name = unit if unit.isascii() else to_language(unit, self._language())
        return Quantity(span, self.text[span.start : span.end], value, name, kind, Decimal(1), None, approx)

    def _date(self, match: re.Match[str]) -> Quantity | None:
        span, digits = Span(*match.span()), re.findall(r"[0-9]+", match.group())
        approx = Approx.ABOUT if approx_after(self.folded, span.end) is Approx.ABOUT else None
        if match.lastgroup == "hanyear":
            year = "".join(DIGIT_VALUE[c] for c in match.group()[:-1])
            return self._plain(span, Decimal(year), "年", Kind.YEAR, approx)
        if match.lastgroup == "decade":
            return self._plain(span, Decimal(decade(match.group())), "年", Kind.YEAR, approx)
        if match.lastgroup == "english_date" or (" " in match.group().strip() and re.search("[a-z]", match.group())):
            return self._english_date(span, match.group())
        if self._glued(span.start) or len(digits) < 2:
            return None
        value = digits[0] + "".join(part.zfill(2) for part in digits[1:])
        return self._plain(span, Decimal(value), "", Kind.DATE, approx)

    def _english_date(self, span: Span, surface: str) -> Quantity | None:
        month = next(n for n, name in enumerate(MONTHS, 1) if name[:3] in surface)
        numbers = re.findall(r"[0-9]+", surface)
        year = next((n for n in numbers if len(n) == 4), "")
        day = next((n.zfill(2) for n in numbers if len(n) < 4), "")
        if not year:
            named = next(letter for letter in self.text[span.start : span.end] if letter.isalpha())
            lacks = not named.isupper() or self._glued(span.start)  # may 5 is no date, May 5 is
            return None if lacks else self._plain(span, Decimal(f"{month}{day}"), "", Kind.DATE)
        return self._plain(span, Decimal(f"{year}{month:02d}{day}"), "", Kind.DATE)

    def _ratio(self, match: re.Match[str]) -> Quantity | None:
        parts = [Decimal(part.strip()) for part in re.split("[:∶]", match.group())]
        if self._glued(match.start()) or parts[-1] == 0 or self._is_clock(match, parts):
            return None
        value = exact(Fraction(parts[0]) / Fraction(parts[1])) if len(parts) == 2 else parts[0]
        span = Span(*match.span())
        return self._plain(span, value, "", Kind.RATIO, self._approx(span.start, span.end, None, Kind.RATIO))

    def _is_clock(self, match: re.Match[str], parts: list[Decimal]) -> bool:
        clock = re.fullmatch(r"[0-2]?[0-9]:[0-5][0-9]", match.group())
        before = self.folded[max(0, match.start() - 1) : match.start()]
        return len(parts) == 2 and bool(clock) and before not in {"比", "为", "是", "约", "到", "达"}

    def _fraction(self, match: re.Match[str]) -> Quantity | None:
        span = Span(*match.span())
        if match.lastgroup == "half":
            if self._inside_word(span.start, span.end):
                return None
            return self._plain(span, Decimal("0.5"), "", Kind.RATIO, self._far_approx(span))
        parts = match.group().split("分之") if match.lastgroup == "fraction" else match.group().split("/")[::-1]
        below, above = (number_value(part) for part in parts)
        if below is None or above is None or below == 0 or (match.lastgroup == "slash" and above >= below):
            return None
        if below in {100, 1000}:
            unit, (_, sign) = "%" if below == 100 else "‰", self._sign(span.start, None)
            return self._plain(
                span, above * sign, unit, Kind.PERCENT, self._approx(span.start, span.end, None, Kind.PERCENT)
            )
        return self._plain(span, exact(Fraction(above) / Fraction(below)), "", Kind.RATIO, self._far_approx(span))

    def _part(self, match: re.Match[str]) -> Quantity:
        """A share in English words: two thirds, a quarter of."""
        span, words = Span(*match.span()), re.split("[ -]", match.group())
        above, below = ENGLISH.get(words[0], 1), ENGLISH_PARTS[words[-1].removesuffix("s")]
        return self._plain(span, exact(Fraction(above, below)), "", Kind.RATIO, self._far_approx(span))

    def _far_approx(self, span: Span) -> Approx | None:
        """A share's qualifier may stand before its whole: 「不到全市十分之一」."""
        near = self._approx(span.start, span.end, None, Kind.RATIO)
        return near or approx_far_before(self.folded, span.start)

    def _fold(self, match: re.Match[str]) -> Quantity:
        times = next((c for c in match.group()[1:-1].strip()), "一")
        exponent = int(DIGIT_VALUE.get(times, times))
        span = Span(*match.span())
        return self._plain(
            span, Decimal(2**exponent), "倍", Kind.MULTIPLE, self._approx(span.start, span.end, None, Kind.MULTIPLE)
        )

    def _rank(self, match: re.Match[str]) -> Quantity | None:
        span = Span(*match.span())
        if match.lastgroup == "top":
            value = number_value(match.group()[1:].strip())
            return None if value is None else self._plain(span, value, "位", Kind.RANK, Approx.AT_MOST)
        if match.group() == "首位":
            return (
                None
                if self.folded.startswith(("度", "产业"), span.end)
                else self._plain(span, Decimal(1), "位", Kind.RANK)
            )
        value = number_value(match.group()[1:].strip())
        if value is None:
            return None
        if unit := _RANK_UNIT.match(self.folded, span.end):
            return self._plain(
                Span(span.start, unit.end()), value, unit["unit"] if unit["unit"] in "位名" else "位", Kind.RANK
            )
        if _ORDINAL_NOUN.match(self.folded, span.end) or not _RANK_BEFORE.search(
            self.folded, max(0, span.start - 4), span.start
        ):
            return None
        return self._plain(span, value, "位", Kind.RANK)


_PLAN_AFTER = re.compile(r"来|间|规划|计划|行动|目标|方案|义务|一贯|制|期(?!间)")


def _is_han_ordinal(folded: str, number: _Number, unit: str, unit_end: int) -> bool:
    """Numerals that number meetings, plans and eras rather than count: 二十大, 七次全会, 五年规划, 这五年."""
    before = folded[max(0, number.start - 1) : number.start]
    if unit == "大":
        return number.value > 10
    if unit == "次":
        return before in {"届", "委", "会", "第"} or folded.startswith(("全会", "会议", "全国", "、八次"), unit_end)
    if unit == "项" and folded.startswith("规定", unit_end):
        return True
    if unit == "年":
        return before in {"这", "个", "第"} or bool(_PLAN_AFTER.match(folded, unit_end))
    return False


def _is_year(number: _Number) -> bool:
    value = number.value
    return (
        number.scale == 1
        and not number.han
        and number.approx is None
        and 1000 <= value <= 2999
        and value == int(value)
        and number.end - number.start == 4
    )
