"""Comparison with what was said (比它多多少, 是建區時的幾倍) and arithmetic on it (兩個加起來呢, 差多少)."""

from __future__ import annotations

import re

from yinju.figures import cues
from yinju.figures.periods import periods_in
from yinju.figures.query import Operation
from yinju.followup.pieces import WH, core, describe, is_slot, parsed
from yinju.followup.slots import changed
from yinju.followup.topic import Context, is_of_time, standalone
from yinju.text import fold
from yinju.types import Span

_MORE = r"(?:多|少|高|低|大|小|长|短|早|晚|快|慢|贵|便宜|强)"
_THAT = (
    r"(?:它们?|他们?|她|这个|那个|这|那|前者|后者|刚才(?:那个|的|说的)*|之前(?:那个|的|说的)*|上一?个|前一?个|前面(?:那个|的)*|其|此)"
    r"(?:的|数字?|数)?"
)
_BLANK = re.compile(rf"(?:{_THAT})?[的,，]*")
_TIMES_OF = rf"{cues.WH}倍|几分之几|百分之几|几成"
_COMPARISONS = (
    re.compile(
        rf"^(?P<a>.*?)(?:跟|和|与|同)(?P<b>.+?)(?:相比|比起来|比|之间)?[,，]?"
        rf"(?P<rest>(?:相?差(?:了|距)?|差距|{_MORE})(?:是|有|为)?(?:出|了)?(?:{cues.WH}.*|多大)?)$"
    ),
    re.compile(
        rf"^(?P<a>.*?)(?:比|较)(?!例|重|率)(?P<b>.+?)(?P<rest>(?:还|要|更)?{_MORE}(?:出来?|了|上)?(?:{cues.WH}.*|吗|多大)?)$"
    ),
    re.compile(rf"^(?P<a>.*?)(?:是|为|相当于)(?P<b>.+?)的?(?P<rest>{_TIMES_OF})$"),
    re.compile(rf"^(?P<a>)(?P<b>[^是占比,，]{{1,8}})的(?P<rest>{_TIMES_OF})$"),
)
_AGAINST = re.compile(
    r"^(?:跟|和|与|同(?!比)|比起|比(?![重例率])|较|相比|对比)(?P<b>.+?)(?:相比|比起来|比较?|对比)?(?:怎么?样|如何)?$"
)


def compare(text: str, context: Context) -> str | None:
    """比它多多少, 跟全市比差多少, 是建區時的幾倍: the sides that are left out come from the last questions."""
    folded = re.sub(r"呢$", "", fold(text))
    if (match := _AGAINST.match(folded)) and not WH.search(match["b"]):
        return _against(Span(*match.span("b")).of(text), context)
    if re.search(cues.CHANGE_WORD, folded):
        return None
    for pattern in _COMPARISONS:
        if match := pattern.match(folded):
            first, second = (Span(*match.span(side)).of(text) for side in "ab")
            is_multiple = bool(re.search("倍|分之|成", match["rest"]))
            sides = _sides(first, second, is_multiple, bool(re.search("[早晚].*年", folded)), context)
            return None if sides is None else _compared(*sides, Span(*match.span("rest")).of(text))
    return None


_YEAR_BEFORE = re.compile(r"(?:前|上)一?(?:年|年度)(?:同期)?的?")


def _against(other: str, context: Context) -> str | None:
    """跟去年比呢, 比全市呢: how much more."""
    if _YEAR_BEFORE.fullmatch(fold(other)):
        return f"{core(context.base)}比上年增長多少"
    dates = periods_in(fold(other))
    if dates and dates[0].offset is not None:
        return f"{core(context.base)}比{other}增長多少"
    if _BLANK.fullmatch(fold(other)):
        return None
    about = core if fold(other) in fold(context.base) else describe
    return _compared(about(context.base), about(changed(context.base, other, context.index)), "多多少")


def _sides(first: str, second: str, is_multiple: bool, asks_time: bool, context: Context) -> tuple[str, str] | None:
    """Both sides of a comparison in full; ``None`` where the question has both already."""
    first_blank, second_blank = bool(_BLANK.fullmatch(fold(first))), bool(_BLANK.fullmatch(fold(second)))
    about = core if is_multiple else describe
    base = context.base if not asks_time else next((q for q in reversed(context.plain) if is_of_time(q)), context.base)
    if first_blank and second_blank:
        return (about(context.base), about(context.plain[-2])) if len(context.plain) > 1 else None
    if not first_blank and not second_blank and not (is_slot(first) and is_slot(second)):
        sides = _recalled(first, context), _recalled(second, context)
        return sides if all(sides) and sides[0] != sides[1] else None
    left = base if first_blank else changed(base, first, context.index)
    right = base if second_blank else changed(base, second, context.index)
    if re.sub("平均(?:水平)?", "", left) == re.sub("平均(?:水平)?", "", right):
        left = context.plain[-2] if len(context.plain) > 1 else left
    return about(left), about(right)


def _recalled(side: str, context: Context) -> str:
    """An earlier question that is named by a word of its own: 省級 for 南山區有多少省級創新載體."""
    folded = fold(side).removesuffix("的")
    for question in reversed(context.plain):
        if folded in fold(question) and len(folded) < len(describe(question)):
            return describe(question)
    return ""


def _compared(first: str, second: str, rest: str) -> str:
    folded = fold(rest)
    # 占比比… would be read as 占 比 比….
    first, second = (re.sub(r"[占佔]比$", "比重", side) for side in (first, second))
    if "倍" in folded or "分之" in folded or "成" in folded:
        return f"{first}是{second}的{rest}"
    if "差" in folded or not re.search(cues.WH + "|吗", folded):
        asked = re.search(cues.WH + ".*", folded)
        return f"{first}比{second}多{rest[asked.start() :] if asked else '多少'}"
    return f"{first}比{second}{rest}"


# ── several things spoken of ────────────────────────────────────────────────────────────────

_PAIR = (
    r"(?:那)?(?:这|那|前面|刚才|上面|以上)?(?:它们?|两者|二者|全部|所有的?|统统|通通|[两三四五](?:[个项年地家只支种笔]?(?:者|[\u4e00-\u9fff]{0,3}?))|"
    r"者|俩|之间|的)*"
)
_ASKED = rf"(?:{cues.WH}.*)?"
_SUM = re.compile(
    _PAIR + r"(?:加起来|加在一起|相加|合起来|合在一起|总和|之和|合计|总共|一共)(?:一共|总共)?"
    r"(?P<is>(?:等于|超过|是不是|有没有|占).+)?(?:是|有|为)?" + _ASKED
)
_GAP = re.compile(
    _PAIR + rf"(?:(?:相差|差距|差额|差值|差)(?:了|是|有|为)*|(?P<more>{_MORE})(?:出来?|了)?)(?P<how>{cues.WH}.*|多大)?"
)
_TIMES = re.compile(_PAIR + rf"(?:是|差|相差|翻)?了?{cues.WH}倍")
_WHICH = re.compile(
    _PAIR
    + r"(?:哪一?(?:个|年|家|边)|谁)(?:的?(?P<by>增速|增幅|占比|比重|规模|数量|金额|增长?得?|涨得?))?(?:更|比较|最)?"
    rf"(?P<more>{_MORE})(?:一些|一点)?"
)
_PAIRED = frozenset({Operation.ARGMAX, Operation.ARGMIN, Operation.SUM, Operation.DIFFERENCE, Operation.MEAN})


_COUNTS = {5: "五个", 4: "四个", 3: "三", 2: "[两二俩]"}


def combine(text: str, context: Context) -> str | None:
    """兩個加起來呢, 差多少, 哪個高: operands are the parts of the last question or the last questions."""
    folded = re.sub(r"呢$", "", fold(text))
    if "前者" in folded and "后者" in folded and len(both := _operands(context, 2, newest_first=False)) > 1:
        return _both_named(text, both)
    if turned := _TURNED.match(folded):
        return _further(turned["that"], text[turned.end("that") :], context)
    sum_, gap, times, which = (pattern.fullmatch(folded) for pattern in (_SUM, _GAP, _TIMES, _WHICH))
    if not (sum_ or (gap and (gap["how"] or not gap["more"])) or times or which):
        return None
    count = next((n for n, words in _COUNTS.items() if re.search(words, folded)), 0)
    operands = _operands(context, count or _n_related(context, bool(sum_ or "最" in folded)), newest_first=not sum_)
    if len(operands) < 2:
        return None
    if sum_:
        end = text[sum_.start("is") :] if sum_["is"] else "是多少"
        return "、".join(operands[:-1]) + f"和{operands[-1]}加起來{end}"
    first, second = operands[:2]
    if times:
        return _compared(first, second, "幾倍")
    if which:
        if "年" in folded and not all(periods_in(fold(operand)) for operand in operands):
            return core(context.base) + text
        most = "最" if "最" in folded else ""
        by = Span(*which.span("by")).of(text) if which["by"] else ""
        return f"{'、'.join(operands[:-1])}和{operands[-1]}哪個{by}{most}{text[which.start('more') :]}"
    how = text[gap.start("how") :] if gap and gap["how"] and gap["how"] != "多大" else "多少"
    more = text[gap.start("more") : gap.end("more")] if gap and gap["more"] else "多"
    return _compared(first, second, more + how)


_TURNED = re.compile(rf"(?P<that>前者|后者)(?:还|要|更)?{_MORE}(?:出来?|了)?{cues.WH}")


def _both_named(text: str, both: list[str]) -> str:
    """前者占後者百分之幾: with both things written out."""
    folded, found = fold(text), text
    for word, name in sorted(zip(("前者", "后者"), both, strict=False), key=lambda pair: -folded.index(pair[0])):
        at = folded.index(word)
        found = found[:at] + name + found[at + 2 :]
    return found


def _further(that: str, how: str, context: Context) -> str | None:
    """後者多出多少: of the two things spoken of last, that one against the other."""
    if len(two := context.plain[-2:]) < 2:
        return None
    first, second = two if that == "前者" else two[::-1]
    return _compared(describe(first), describe(second), how)


def _n_related(context: Context, takes_all: bool) -> int:
    """How many of the last questions belong together: one asked in full and what was asked by fragments after it."""
    count = 1
    for turn in reversed(context.turns):
        if fold(standalone(turn)) == fold(turn.question.strip()):
            break
        count += standalone(turn) in context.plain
    return max(2, count) if takes_all else 2


def _operands(context: Context, count: int, newest_first: bool) -> list[str]:
    """What was spoken of last; for a comparison the larger first where the answers tell, else the newest."""
    last = parsed(context.last)
    if last.operation in _PAIRED and len(last.operands) > 1 and not re.search(cues.CHANGE_WORD, fold(last.text)):
        return [operand.text for operand in last.operands]
    turns = [turn for turn in context.turns if standalone(turn) in context.plain][-count:]
    results = [turn.answer.result for turn in turns]
    known = [result for result in results if result is not None]
    if newest_first and len(known) == len(turns) == 2 and known[0].unit == known[1].unit:
        turns = turns if known[0].value >= known[1].value else turns[::-1]
    elif newest_first:
        turns = turns[::-1]
    return [describe(standalone(turn)) for turn in turns]
