"""Chinese follow-ups, move by move."""

from __future__ import annotations

import re

from yinju.figures import cues
from yinju.figures.periods import periods_in
from yinju.figures.query import Operation
from yinju.figures.units import UNIT, unit_kind
from yinju.followup.pieces import (
    ASKED,
    INSTITUTION,
    MEASURE,
    PROPERTY,
    WH,
    core,
    describe,
    is_moment,
    is_slot,
    parsed,
    pieces,
    spans_of,
    tokens,
)
from yinju.followup.slots import alike, changed, is_told
from yinju.followup.topic import (
    HEADS,
    Context,
    belongs,
    is_of_time,
    last_time,
    person,
    same_time,
    standalone,
    subjects_of,
    topic,
)
from yinju.text import fold
from yinju.types import Kind, Span

MAX_FRAGMENT = 30
"""A fragment that changes a slot is no longer than this, in characters."""

MAX_BARE = 24
"""A question without its subject is no longer than this, in characters."""

_LEAD = re.compile(
    r"^(?:(?:好的?|嗯|哦|ok|谢谢|明白了?|知道了)[,，。!\s]*)?(?:那么|那(?![个些年家时里边座支只款一位名场次种项条笔段两])|然后|另外|此外|至于|"
    r"还有|如果是|要是|若是|换作|换做|而|同样|再来|接着)?[,，\s]*(?:请问)?"
)
_CORRECTION = re.compile(
    r"^(?:(?:不是|不对|不|错了|抱歉|对不起|噢|哦|搞错了|我说错了)[的啦了]*[,，。!\s]+)*"
    r"(?:我(?:是|的意思是|想|要|其实是?|指的是|说的是|问的是|是想|是要)?(?:问|说|指|想问|想说|要问|讲)?的?(?:是)?|"
    r"应该是|是指|是说|改成|改问|是)(?P<rest>.+)$"
)
_CORRECTING = re.compile(r"不|错|抱歉|对不起|搞错|我(?:是|的意思|指的|说的|问的|其实|要问|想问)|应该是|改")
_NOT_BUT = re.compile(
    r"^(?:我?(?:说|问|指)?的?)?不是(?:问|说|指)?(?P<old>[^,，]{1,20})[,，]\s*(?:而?是|我?(?:要|想)?(?:问|说)(?:的是)?)(?P<rest>.+)$"
)
_TAIL = re.compile(
    r"(?:大概|大约|约|又|也|则|只)*(?:是|有|为|占|达到?)?(?:大概|大约|约)?(?:"
    + ASKED.pattern
    + r"|多[大高长久远重])的?$"
)
_IMPERATIVE = re.compile(r"^(?:请|介绍|说明|列出|列举|概括|总结|解释|告诉|比较|描述|谈谈|说说|翻译|写|帮|给|你)")
_REPEAT = re.compile(
    r"(?:你)?(?:真的|确定|是吗|对吗|再说一[次遍]|什么意思|出处|(?:资料|数据)?来源|依据|证据|根据什么|原文|哪里说的|怎么知道的?|在哪一段)"
    r"(?:吗|是什么|在哪里?)?"
)
_WHY = re.compile(r"为什么(?:呢|会这样|是这样)?|为何|怎么会(?:这样)?|(?:是什么)?原因(?:是什么)?")


def write_out_chinese(question: str, context: Context) -> str | None:
    """Write a Chinese follow-up out; ``None`` where it lacks nothing."""
    text = re.sub(r"[?？!！。\s]+$", "", question)
    folded = fold(text)
    if match := _NOT_BUT.match(folded) or _corrected(folded):
        rest = text[match.start("rest") :]
        found = _elliptical(rest, context, forced=True) or write_out_chinese(rest, context) or rest
        return found + _mark(question, found)
    lead = _LEAD.match(folded)
    rest = text[lead.end() :] if lead else text
    plain = re.sub(r"[呢吧啊]$", "", fold(rest))
    if _REPEAT.fullmatch(plain):
        return context.last
    if _WHY.fullmatch(plain):
        return f"{core(context.base)}的原因是什麼" + _mark(question, "")
    moves = (_compare, _combine, _among, _ordinal, _pronoun, _convert, _elliptical, _subjectless)
    for move in moves:
        if (found_by := move(rest, context)) is not None:
            return found_by + _mark(question, found_by)
    return None


def _mark(question: str, found: str) -> str:
    return "" if found.endswith(("?", "？")) else "？" if question.endswith("？") else "?"


def _corrected(folded: str) -> re.Match[str] | None:
    return _CORRECTION.match(folded) if _CORRECTING.match(folded) else None


# ── comparison with what was said ───────────────────────────────────────────────────────────

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


def _compare(text: str, context: Context) -> str | None:
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


def _against(other: str, context: Context) -> str | None:
    """跟去年比呢, 比全市呢: how much more."""
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
    r"(?:那)?(?:这|那|前面|刚才|上面|以上)?(?:它们?|两者|二者|[两三](?:[个项年地家只支种笔]?(?:区|市|省|县|国|者|数字?|基金|企业|公司|产业|部分|指标)?)|"
    r"者|俩|之间|的)*"
)
_ASKED = rf"(?:{cues.WH}.*)?"
_SUM = re.compile(
    _PAIR + r"(?:加起来|加在一起|相加|合起来|合在一起|总和|之和|合计|总共|一共)(?:一共|总共)?"
    r"(?P<is>(?:等于|超过|是不是|有没有).+)?(?:是|有|为)?" + _ASKED
)
_GAP = re.compile(
    _PAIR + rf"(?:(?:相差|差距|差额|差值|差)(?:了|是|有|为)*|(?P<more>{_MORE})(?:出来?|了)?)(?P<how>{cues.WH}.*|多大)?"
)
_TIMES = re.compile(_PAIR + rf"(?:是|差|相差|翻)?了?{cues.WH}倍")
_WHICH = re.compile(_PAIR + rf"(?:哪一?(?:个|年|家|边)|谁)(?:更|比较|最)?(?P<more>{_MORE})(?:一些|一点)?")
_PAIRED = frozenset({Operation.ARGMAX, Operation.ARGMIN, Operation.SUM, Operation.DIFFERENCE, Operation.MEAN})


def _combine(text: str, context: Context) -> str | None:
    """兩個加起來呢, 差多少, 哪個高: operands are the parts of the last question or the last questions."""
    folded = re.sub(r"呢$", "", fold(text))
    sum_, gap, times, which = (pattern.fullmatch(folded) for pattern in (_SUM, _GAP, _TIMES, _WHICH))
    if not (sum_ or (gap and (gap["how"] or not gap["more"])) or times or which):
        return None
    count = 3 if "三" in folded else 2 if re.search("[两二俩]", folded) else 0
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
        most = "最" if "最" in folded else ""
        return f"{'、'.join(operands[:-1])}和{operands[-1]}哪個{most}{text[which.start('more') :]}"
    how = text[gap.start("how") :] if gap and gap["how"] and gap["how"] != "多大" else "多少"
    more = text[gap.start("more") : gap.end("more")] if gap and gap["more"] else "多"
    return _compared(first, second, more + how)


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


_AMONG = re.compile(r"^(?:其中|当中|这其中|里面)(?:的|,|，)?(?P<rest>(?![有是]).+)$")


def _among(text: str, context: Context) -> str | None:
    """其中城鎮人口多少: a part of what was asked for."""
    match = _AMONG.match(fold(text))
    if match is None or _ORDINAL.match(match["rest"]):
        return None
    rest = re.sub(r"[呢吧啊]$", "", text[match.start("rest") :])
    tail = _TAIL.search(fold(rest))
    noun = rest[: tail.start()] if tail else rest
    target = alike(context.base, fold(noun), spans_of(context.base, "noun"))
    if target and fold(noun)[-2:] == fold(target.of(context.base))[-2:]:
        return changed(context.base, noun, context.index)
    return f"{core(context.base)}中{rest}" + ("" if WH.search(fold(rest)) else "有多少")


# ── ordinals, pronouns, demonstratives ──────────────────────────────────────────────────────

_ORDINAL = re.compile(
    r"(?:其中)?(?:的)?(?:第(?P<number>[一二三四五六七八九十]|\d+)|(?P<last>最后一))(?:个|项|家|位|点|条|种|支|只|款|座|所|类|名)"
)
_DIGITS = "一二三四五六七八九十"


def _ordinal(text: str, context: Context) -> str | None:
    """第二個是什麼: the second item of the last list; 第三個呢 asks of it what was asked of the item before."""
    match = _ORDINAL.search(fold(text))
    items = last_list(context) if match else []
    if match is None or not items or match.start() > 2:
        return None
    number = match["number"] or "0"
    position = int(number) if number.isdigit() else _DIGITS.index(number) + 1
    if position > len(items):
        return None
    item, rest = items[position - 1], text[match.end() :]
    if not re.fullmatch(r"呢?", fold(rest)):
        return text[: match.start()] + item + rest
    before = next((other for other in items if other in context.last), "")
    return context.last.replace(before, item) if before else f"{item}是什麼"


def last_list(context: Context) -> list[str]:
    """The items of the latest answer that is a list."""
    return next((items for turn in reversed(context.turns) if (items := listed(turn.answer.text))), [])


def listed(answer: str) -> list[str]:
    """The items of a list in an answer, in its order; empty when it holds none."""
    runs = re.split(r"[。:：\n]|包括|分别是|分別是", answer)
    best = max((re.split(r"[、;；]|以及", run) for run in runs), key=len)
    if len(best) < 2:
        best = max((re.split(r"[,，]|\band\b", run) for run in runs), key=len)
    if len(best) < 2:
        return []
    head, *others = (item.strip(" ,，.;") for item in best)
    last = re.split(r"[和及與与]|and ", others[-1])
    items = [re.split(r"[,，是為为有]", head)[-1], *others[:-1], *(last if len(last) == 2 else others[-1:])]
    return [item.strip() for item in items if item.strip()]


_DEMONSTRATIVE = re.compile(
    rf"(?:这|那|该|此|本)(?:一)?(?:家|个|座|所|支|只|款|项|位|间|种|片|条|部|本|类|套|名|笔|只)?(?P<head>{HEADS})(?!公里|块)"
)
_PERSON = re.compile(r"[他她](?!们)(?:人)?")
_IT = re.compile(
    r"[它他她]们|它|[这那]一?(?:家|个|座|所|支|只|款|项|位)(?=[的是有在叫由占多])|^其(?!中|他|它|余|实|次)|前者|后者"
)
_THERE = re.compile(r"这里|那里|这儿|那儿|当地|(?:在)?(?:里面|里头|其中|当中)")
_THEN = re.compile(r"那一?年|这一?年|当年|同一?年|当时|那时候?|同期")


def _pronoun(text: str, context: Context) -> str | None:
    """它, 這家公司, 前者, 他, 裡面, 那一年 → what they stand for."""
    folded = fold(text)
    if (match := _THEN.search(folded)) and not _has_content(text[: match.start()]) and (moment := last_time(context)):
        text = text[: match.start()] + moment + text[match.end() :]
        return _pronoun(text, context) or _subjectless(text, context) or text
    match = re.match(r"(?:它|这个?(?:数字?|值)?)(?:又|也)?", folded)
    if match and _OF_METRIC.match(folded[match.end() :]) and parsed(context.base).is_numeric:
        return core(context.base) + text[match.end() :]
    if found := _pointed(text, context):
        return found
    if match := re.fullmatch(r"(?P<which>前者|后者)呢", folded):
        two = _of_two(context) if match["which"] == "后者" else _of_two(context)[::-1]
        return context.base.replace(two[0], two[-1]) if two[0] in context.base else f"{two[-1]}呢"
    for pattern in (_DEMONSTRATIVE, _PERSON, _IT, _THERE):
        match = pattern.search(folded)
        if match and not _has_subject(text[: match.start()]) and (name := _antecedent(pattern, match, context)):
            return _put(name, text, match, context)
    return None


_POINTING = re.compile(r"(?:这|那|该|此)一?(?:家|个|座|所|支|只|款|项|位|间|种|片|条|部|本|类|套|名|笔|些)")


def _pointed(text: str, context: Context) -> str | None:
    """這款眼鏡 → the noun spoken of that ends like that."""
    folded = fold(text)
    match = _POINTING.search(folded)
    head = next((word for word, _tag, start in tokens(folded) if match and start == match.end()), "")
    if match is None or len(head) < 2 or _has_subject(text[: match.start()]):
        return None
    for question in reversed(context.plain):
        for span in spans_of(question, "noun"):
            if fold(span.of(question)).endswith(head) and len(span) > len(head):
                return text[: match.start()] + span.of(question) + text[match.end() + len(head) :]
    return None


def _has_content(before: str) -> bool:
    return any(tag[0] in "nv" for _word, tag, _start in tokens(fold(before)))


def _has_subject(before: str) -> bool:
    return any(piece.sort in {"noun", "place"} for piece in pieces(before)) if before.strip() else False


def _put(name: str, text: str, match: re.Match[str], context: Context) -> str:
    """Write a name for a pronoun; a place needs no 裡, and the time of the last question goes along where it holds."""
    before, after = text[: match.start()], text[match.end() :]
    is_place = is_slot(name)
    link = "裡" if not is_place and re.fullmatch(r"在?里.|其中|当中", match.group()) else ""
    time = same_time(text, context.base, context.index)
    return time + before + name + link + after


_REGION_ENDS = "省|市|区|县|州|镇|乡|国"
_SAME_HEAD = {
    **dict.fromkeys(("区", "市", "县", "省", "城市", "地区", "地方"), _REGION_ENDS),
    **dict.fromkeys(("公司", "企业", "集团"), "公司|企业|集团|科技|股份|银行|电子|通信|医疗"),
    **dict.fromkeys(("大学", "学校"), "大学|学院|学校|中学|小学"),
    **dict.fromkeys(("园区", "园"), "园区|园|新区|开发区|城"),
}  # fmt: skip


def _of_two(context: Context) -> list[str]:
    """The two things of the latest question that has two, else of the last two questions."""
    for turn in reversed(context.turns):
        if len(operands := parsed(standalone(turn)).operands) > 1:
            return [re.sub(r"(?<=[^\x00-\x7f]) ", "", operand.text) for operand in operands]
    return [names[0] for turn in context.turns[-2:] if (names := subjects_of(standalone(turn)))] or [""]


def _antecedent(pattern: re.Pattern[str], match: re.Match[str], context: Context) -> str:
    if match.group() in {"前者", "后者"}:
        return _of_two(context)[0 if match.group() == "前者" else -1]
    if match.group()[-1] == "们":
        return core(context.base) if parsed(context.base).is_numeric else topic(context)
    if pattern is _PERSON:
        return person(context) or topic(context)
    if pattern is _DEMONSTRATIVE:
        head = match["head"]
        ends = _SAME_HEAD.get(head, head)
        if fitting := topic(context, lambda name: bool(re.search(f"(?:{ends})$", fold(name)))):
            return fitting
        if ends == _REGION_ENDS:
            return topic(context, lambda name: is_told(fold(name) + head, "", context.index))
        return topic(context, lambda name: not re.search(f"(?:{_REGION_ENDS})$", fold(name)))
    return topic(context)


# ── ellipsis: a fragment changes one slot of the last question ──────────────────────────────

_CONVERSION = re.compile(
    r"(?:(?:换算|换|折算|折合|转换|转)(?:成|为)?|用|以|按)(?P<unit>.+?)(?:来?(?:计算?|表示|算|说|讲))?(?:的话)?"
    r"(?:呢|(?:大概|大约|约)?(?:是|有|为)?" + cues.WH + r"(?P<again>.*))?"
)
_CONVERSION_ASKED = re.compile(
    r"(?:大概|大约)?(?:相当于|等于|折合|约合|合|也就是|就是|是)" + cues.WH + r"(?P<unit>[百千万亿]*.+)"
)


def _convert(text: str, context: Context) -> str | None:
    """換成平方米呢, 等於多少萬元 → the same value in another unit."""
    folded = fold(text)
    match = _CONVERSION.fullmatch(folded) or _CONVERSION_ASKED.fullmatch(folded)
    if match is None or not is_unit(match["unit"]):
        return None
    return f"{core(context.base)}換算成{Span(*match.span('unit')).of(text)}是多少"


def is_unit(text: str) -> bool:
    """Whether a folded text is a unit to convert into, with or without a scale."""
    name = re.sub(r"^[百千万亿]+", "", text)
    name = cues.UNIT_NAMES.get(name, name)
    return bool(UNIT.fullmatch(name)) and unit_kind(name) not in {Kind.DATE, Kind.COUNT}


def _elliptical(text: str, context: Context, forced: bool = False) -> str | None:
    """那全市呢, 2023年的呢, 市級的有多少 → the last question with that slot changed."""
    fragment = _fragment(text, forced)
    return None if fragment is None else changed(context.base, fragment, context.index)


def _fragment(text: str, forced: bool) -> str | None:
    """What of a question names slots, particles and 是多少 cut off; ``None`` where it is more than that."""
    folded = fold(text)
    bare = re.sub(r"(?:的话)?[呢吧啊呀]$", "", folded)
    if len(bare) > MAX_FRAGMENT or not bare or _IMPERATIVE.match(bare):
        return None
    if WH.search(bare) and _OF_METRIC.match(bare):
        return None
    if not WH.search(bare):
        is_marked = forced or bare != folded
        return text[: len(bare)] if is_marked or _is_one_slot(text) else None
    tail = _TAIL.search(bare)
    if tail is None or not tail.start():
        return None
    head = text[: tail.start()]
    return head if is_slot(head) or is_moment(head) or _is_property(head) or _is_short_modifier(head) else None


def _is_one_slot(text: str) -> bool:
    """Whether a text without any mark of a question is a single time, place or short noun (南山區GDP is a question)."""
    if is_slot(text):
        return True
    is_short = len(text) <= 8 and not any(tag == "v" for _word, tag, _start in tokens(fold(text)))
    return is_short and not spans_of(text, "place") and not spans_of(text, "time")


def _is_short_modifier(text: str) -> bool:
    """市級的, 百億級的: one modifier, of which nothing is said yet."""
    return text.endswith("的") and len(text) <= 10 and len(pieces(text)) <= 1 and not re.search("[是占比]", fold(text))


def _is_property(text: str) -> bool:
    return bool(PROPERTY.fullmatch(fold(text))) and not re.search(cues.CHANGE_WORD + "$", fold(text))


# ── a predicate without its subject ─────────────────────────────────────────────────────────

_OF_METRIC = re.compile(
    rf"(?:大概|大约|约|又|也|总共|已经|一共)?(?:同比|环比|比(?:上年|去年|上一年|前年|前一年|\d{{4}}年).{{0,3}}{cues.CHANGE_WORD}|{cues.CHANGE_WORD}|翻|"
    rf"占(?!地|用)|在?(?:全[国省市区球]|世界)?排(?!放)|位居|位列|超过|高于|低于|高出|是{cues.WH}$)"
)
_OPENING = re.compile(
    r"(?:什么时候|何时|哪一?年|何年|为什么|为何|怎么|怎样|如何|谁|在哪|哪里|多[大高长久远重]|什么|啥|有没有|是不是|是否|总共|一共|共|大概|大约|已经|"
    r"现在|目前)?(?:由|被|是|有|叫|位于|属于|为|拥有|共有|占地|还|又|也|都)?"
)


def _subjectless(text: str, context: Context) -> str | None:
    """什麼時候成立的, 有多少員工, 增長了多少 → with the last subject, or with all that the last question measured."""
    folded = fold(text)
    is_of_metric = bool(_OF_METRIC.match(folded))
    if _IMPERATIVE.match(folded) or not (is_of_metric or WH.search(folded)):
        return None
    if is_of_metric and parsed(context.base).is_numeric:
        return core(context.base) + text
    found = [piece for piece in pieces(text) if piece.sort != "time"]
    if any(piece.sort == "place" or _is_institution(piece.span.of(text)) for piece in found):
        return None
    name = topic(context)
    if not name or fold(name) in folded or len(text) > MAX_BARE:
        return None
    # A rate or a total is always of some place: of the last one, even where the documents give it of others alone.
    is_rate = is_slot(name) and any(MEASURE.search(fold(span.of(text))) for span in spans_of(text, "noun"))
    is_bare = _is_bare_noun(text) and (is_rate or belongs(text, name, context.index))
    if is_bare or _starts_bare(folded):
        return _joined(same_time(text, context.base, context.index) + name, text)
    return None


def _starts_bare(folded: str) -> bool:
    """Whether a question begins with its predicate: 有多少…, 什麼時候成立, 在哪裡, 誰創辦的."""
    if re.fullmatch(r"谁.{2,4}的?|(?:现在|目前|总部)?在哪.*|多[大高长久远重].{0,2}", folded):
        return True
    times = [date.span for date in periods_in(folded)]
    at = times[0].end if times and times[0].start == 0 else 0
    opening = _OPENING.match(folded, at)
    rest = [token for token in tokens(folded) if token[2] >= (opening.end() if opening else at)]
    if opening and opening.end() > at and opening.group()[-1] in "由被是有叫于为":
        return not folded.startswith("谁")
    while rest and (rest[0][1] in {"d", "uj"} or rest[0][0] == "主要"):
        rest = rest[1:]
    if folded.startswith("谁") or not rest:
        return not rest
    if opening and opening.end() > at:
        return rest[0][1] in {"v", "vn"}
    follows = rest[1] if len(rest) > 1 else ("", "", 0)
    if re.match(cues.WH, rest[0][0]):
        return True
    is_asked = follows[0] in {"", "了", "过", "于"} or follows[1] in {"v", "vn"} or bool(WH.match(follows[0]))
    return rest[0][1] in {"v", "vn"} and is_asked


def _is_bare_noun(text: str) -> bool:
    """Whether a question is about one simple noun: 專利有多少項, 城鎮化率是多少."""
    nouns = spans_of(text, "noun")
    if len(nouns) != 1 or len(text) > 14 or re.search(r"[,，「『“\"A-Za-z\d]", text) or WH.match(fold(text)):
        return False
    n_words = sum(nouns[0].start <= start < nouns[0].end for _word, _tag, start in tokens(fold(text)))
    return n_words <= 2 and not re.search("[这那]|比(?![例重率])", fold(text))


def _is_institution(text: str) -> bool:
    return len(text) > 4 and bool(INSTITUTION.search(fold(text)))


def _joined(name: str, text: str) -> str:
    times = spans_of(text, "time")
    if times and times[0].start == 0:
        return times[0].of(text) + name + text[times[0].end :].lstrip("的")
    return name + text
