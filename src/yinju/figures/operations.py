"""What a question wants done with figures, and which words of it are the operands."""

from __future__ import annotations

import re
from enum import StrEnum

from yinju.figures.parser import Parse
from yinju.types import Span


class Operation(StrEnum):
    """What is to be done with the figures."""

    LOOKUP = "lookup"
    DIFFERENCE = "difference"
    TIMES = "times"
    SHARE = "share"
    SUM = "sum"
    MEAN = "mean"
    PER_UNIT = "per_unit"
    PER_YEAR = "per_year"
    """What several years brought together, spread over them."""
    GROWTH = "growth"
    CHANGE = "change"
    """How one thing changed over a time of which the question does not name both ends."""
    ARGMAX = "argmax"
    ARGMIN = "argmin"
    YEARS_BETWEEN = "years_between"
    CONVERSION = "conversion"
    PART_OF_WHOLE = "part_of_whole"
    """From a share and its whole to the amount (工業占24.1%，是多少億元)."""
    START_VALUE = "start_value"
    """From a value and its growth to the value before (2023年300億元，增長2%，2022年是多少)."""
    WHOLE = "whole"
    """From a part and its share to the whole (占全市24.5%，全市是多少)."""
    REMAINDER = "remainder"
    """What is left of a whole without a part, which may be stated as a share (刨去綠地，還剩多少平方公里)."""
    BASE_VALUE = "base_value"
    """From a value and its lead to what it is compared with (3.5%，高於全市2.8個百分點，全市是多少)."""


EXTREMES = frozenset({Operation.ARGMAX, Operation.ARGMIN})
"""What asks for the most or the least of several things."""
_MORE = r"(?:多|少|高|低|大|小|长|短|早|晚|贵|便宜|重|轻|快|慢|强|猛)"
_WHICH = r"(?:哪一?个|谁|哪一?家|何者|哪一?方|哪边|哪一?种|哪一?项|哪一?类|哪一?座|哪里|哪儿|哪一?样|哪一?部分|哪一?级)"
WHICH_ONE = r"(?:谁|何者|哪边|哪一?[个家座条所件间栋艘只支项])"
ADJECTIVE = r"(?:长|短|深|浅|宽|窄|贵|便宜|老|年轻|早|晚|先|(?:岁数|年纪|资格)[更最较]?[大小老])"
"""Of what is measured in one way only, or of when it began."""
_AND = r"(?:和|与|跟|同|、)"
_HOW = r"(?:约|大约|大概)?(?:多少|几|多大)"
_OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = tuple(
    (operation, re.compile(pattern))
    for operation, pattern in (
        (Operation.TIMES, r"(?:用|把|拿|将)?(?P<a>.+?)(?:直接)?(?:除以|÷)(?P<b>.+?)(?:[,，]|得|等于|是|约|大约|有|"
            r"倒推|$)"),
        (Operation.PART_OF_WHOLE, r"(?:占|比重).{0,16}\d[\d.]*(?:%|成).*?" + _HOW + r"(?:[百千万亿]*)(?:元|人|家|名|"
            r"户|平方|亩|公顷|吨|个|钱)"),
        (Operation.PART_OF_WHOLE, r"(?:换成|换算成|折成|折合成?|换成)(?:金额|面积|人数|数量|绝对数|家数|钱)|"
            r"(?:占|比[重例]|份额|%|[一二三四五六七八九]成).{0,20}(?:推算|倒推|估算|算下来)|也就是多少|折算"),
        (Operation.YEARS_BETWEEN, r"从(?P<a>.+?)[,，]?(?:到|至)(?P<b>.+?)(?:中间|之间|一共|总共|共|[,，])*(?:相?隔|"
            r"间隔|历经|经历|经过|历时|过去?|经|隔)了?" + _HOW + "年"),
        (Operation.YEARS_BETWEEN, r"(?P<a>.{3,}?)(?:到|至)(?P<b>.{3,}?)[,，]?(?:中间|之间|一共|总共|[,，])*(?:相?隔|"
            r"间隔|历经|经历|经过|历时|过去?)了?" + _HOW + "年"),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:距离?|离)(?P<b>[^,，]{2,}?)(?:大关|门槛|目标|这个|还|,|，)*"
            r"(?:差|缺|少|有)(?:了|着)?" + _HOW),
        (Operation.YEARS_BETWEEN, r"(?P<a>.+?)(?:和|与|跟|距离?|离)(?P<b>.+?)(?:之间)?(?:相?隔|相差|间隔|"
            r"差)了?" + _HOW + "年"),
        (Operation.YEARS_BETWEEN, r"(?P<a>.+?)比(?P<b>.+?)(?:早|晚|迟)了?" + _HOW + "年"),
        (Operation.TIMES, r"(?P<a>.+?)(?:是|为|相当于|等于|达到?)(?P<b>.{2,}?)的?" + _HOW + "倍"),
        (Operation.SUM, r"(?P<list>.+?(?:和|与|及|跟|、|加上?|再加).+?)(?:两者|两项|三者|三项|二者|"
            r"[这那]?[两三四][\u4e00-\u9fff])?"
                        r"(?:加起来|加在一起|加一块|加一起|凑一起|合起来|合在一起|合计|相加|之和|总和|一共|总共|共计|共有|加总|总计)"),
        (Operation.MEAN, r"(?P<list>.+?(?:和|与|及|、).+?)的?(?:平均值|平均数|均值|平均是|平均有|平均为|平均起来)"),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:和|与|跟|同)(?P<b>.+?)(?:相比|比起来)[,，]?(?:要|"
            r"还)?" + _MORE + r"(?:出来?|了|上)?" + _HOW),
        (Operation.DIFFERENCE, r"(?P<a>.+?)比(?!例|重|起|如|较)(?P<b>.+?)(?:还|要|更)?(?:(?<!提)" + _MORE + r"|"
            r"提[高升])(?:出来?|了|上)?(?P<m>[\u4e00-\u9fff]{0,2}?)" + _HOW),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:和|与|跟|同)(?P<b>.+?)(?:之间|两者|二者|数量|的|[,，])*(?:相差|差距|"
            r"差额|差异|之差|差值|差|差别)(?:了|是|有|为)?" + _HOW),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:高出|高于|超过|超出|多于|少于|低于|高过|领先|"
            r"落后)于?(?P<b>.{2,}?)了?" + _HOW),
        (Operation.SHARE, r"(?P<b>.+?)(?:当中|之中|里头|里面|中|里)[,，]?(?P<a>.+?)(?:大概|大约|约)?(?:只|就|"
            r"能)?占(?:到|比|了|据)?(?:是|为)?(?:大概|大约|约)?(?:多少|百分之几|几成|几分之几|多大|几$)"),
        (Operation.SHARE, r"(?P<a>.+?)占(?!地|用|比(?![重例]))(?:到|据|了|全部)?(?P<b>.+?)的?(?:多少|百分之几|"
            r"几成|几分之几|比重|比例|份额|百分比|多大)"),
        (Operation.GROWTH, r"从(?P<a>.+?)(?:到|至)(?P<b>.+?)(?:增长|增加|提高|上升|下降|减少|涨|翻|扩大|"
            r"变化)(?!到|至)"),
        (Operation.DIFFERENCE, r"how (?:much|many)(?: [a-z]+){0,3}? (?:more|fewer|less|higher|lower|larger|bigger|"
            r"greater|smaller)(?: [a-z-]+ (?:are|is|were|was) there)? ?(?P<a>.+?) than (?P<b>.+)"),
        (Operation.DIFFERENCE, r"how (?:much|many [a-z]+) (?:more expensive|[a-z]{2,8}er) (?:is|are|was|were) "
            r"(?P<a>.+?) than (?P<b>.+)"),
        (Operation.DIFFERENCE, r"by how (?:much|many)[a-z ]*? (?:is|are|was|were|does|do|did) (?P<a>.+?) (?:more|"
            r"fewer|less|higher|lower|larger|bigger|greater|smaller|exceed)(?: than)? (?P<b>.+)"),
        (Operation.DIFFERENCE, r"(?:difference|gap) (?:in .+? )?between (?P<a>.+?) and (?P<b>.+)"),
        (Operation.SUM, r"(?:sum of|total of|combined total of|altogether) (?P<list>.+? and .+)"),
        (Operation.SUM, r"(?:how (?:many|much)) (?P<list>.+? and .+?),? (?:combined|together|altogether|in total|"
            r"taken together)"),
        (Operation.TIMES, r"how many times (?:\w+ )?(?:is|was|are|were|as large as|"
            r"larger than)? ?(?P<a>.+?) (?:than|that of|as large as|the size of|compared with) (?P<b>.+)"),
        (Operation.TIMES, r"ratio of (?P<a>.+?) to (?P<b>.+)"),
        (Operation.SHARE, r"what (?:percentage|percent|proportion|share|fraction) of (?P<b>.+?) (?:is|are|was|were|"
            r"does|do|did|would|comes? from|came from) (?P<a>.+?)(?: account for| make up| cover| represent|$|\?)"),
        (Operation.ARGMAX, r"which .*?(?:higher|larger|bigger|greater|more).*?[,:]\s*(?P<a>.+?) or (?P<b>.+)"),
        (Operation.ARGMIN, r"which .*?(?:lower|smaller|fewer|less).*?[,:]\s*(?P<a>.+?) or (?P<b>.+)"),
    )
)  # fmt: skip
_COMPARE = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<a>.+?)(?:和|与|跟|同|、|还是|或者?)(?P<b>.+?)(?:相比|比较|比起来|之中|当中|"
        r"中)?[,，的]*" + _WHICH + r"的?(?P<m>.*?)(?:更|比较|较|最)?(?P<more>" + _MORE + r")",
        r"(?P<a>.+?)" + _AND + r"(?P<b>.+?)(?:更|比较|较|最)?(?P<more>" + _MORE + r")的是" + _WHICH,
        r"(?P<a>.+?)(?:和|与|跟|同|、|还是)(?P<b>.+?)(?:[两二]者?[个条座家所件间栋])?(?:之中|中)?[,，]*"
        + WHICH_ONE + r"(?P<m>)(?:会|要)?(?:更|比较|较)?(?P<more>" + ADJECTIVE + r")(?:一?[些点])?[呢啊]?$",
        r"(?P<a>.+?)(?P<m>)(?P<more>" + _MORE + r")还是(?P<b>.+?)(?P=more)",
        r"(?:是|到底)?(?P<a>.+?)还是(?P<b>.+?)(?:的)?(?P<m>)(?:更|比较|较)(?P<more>" + _MORE + r")",
        r"(?P<a>.+?)(?:是否|是不是|有没有)?比(?!例|重|较)(?P<b>.+?)(?:更|还|要)?(?P<more>" + _MORE + r")吗",
    )
)  # fmt: skip
_LESS = frozenset("少低小短早便宜轻慢浅窄")
_LIST = re.compile(r"以及|再加上?|加上|还有|[和与及跟、加,，]|\band\b")
_CONVERT = re.compile(
    r"换算|折合|折算|约合|等于多少|合多少|相当于多少(?!倍)|用.{1,6}(?:表示|计)|\bconvert|\bin (?:hectares|acres|mu|"
    r"square met)"
)
Parts = tuple[tuple[Span, ...], ...]
"""Where each operand stands: first what it is called, then what it shares with the others."""

_PARSED = {"lookup": Operation.LOOKUP, "part_amount": Operation.PART_OF_WHOLE}


def taken_apart(parse: Parse) -> tuple[Operation, Parts]:
    """Return the operation that the trained parser reads in a question, and its operands."""
    operation = _PARSED.get(parse.operation) or Operation(parse.operation)
    return operation, tuple((operand, *parse.shared) for operand in parse.operands)


REACH = 200
"""Characters at the end of a question in which its operation is told; a pattern's work grows with their third power."""


def search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Find a pattern of a question within the last :data:`REACH` characters; places are those of the whole text."""
    return pattern.search(text, max(0, len(text) - REACH))


_WITHOUT = r"(?:刨[去除掉]|除[去开掉了]|扣[除掉去]|剔除|去掉|撇[开去]|抛开|减去|拿掉|不[算计含]|不包括)"
_LEFT = r"(?:还?(?:剩下?|余下?|有)|其余|其他|剩[下余])(?:的)?"
_REMAINDERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_WITHOUT}(?P<a>.{{2,}}?)[里中](?:头|面)?的(?P<b>.+?)(?:之外|以外|后|的话)?[,，]?{_LEFT}.*?(?:多少|几)",
        rf"(?P<a>.{{2,}}?)[里中当内]?(?:头|面|间)?[,，]?{_WITHOUT}(?P<b>.+?)(?:的那.|之外|以外|后|的话)?[,，]?{_LEFT}"
        r".*?(?:多少|几)",
        rf"^{_WITHOUT}(?P<b>.+?)(?:的那.|之外|以外|后|的话)?[,，](?P<a>.{{2,}}?){_LEFT}.*?(?:多少|几)",
        rf"^{_WITHOUT}(?P<b>.+?)[,，](?:其他|其余|剩下)的?(?P<a>.{{2,}}?)(?:一?共|总共|合计|还)?(?:是|有)?(?:多少|几)",
        r"(?P<b>.+?)(?:以外|之外)的(?P<a>.{2,}?)(?:一?共|总共|合计)?(?:是|有)?(?:多少|几)",
        r"^除了?(?P<b>[^,，]+?)以?外的(?P<a>.{2,}?)(?:一?共|总共|合计)?(?:是|有)?(?:多少|几)",
        r"(?:^|[,，])不(?:是|属于)(?P<b>.+?)的(?P<a>.{2,}?)(?:一?共|总共|合计)?(?:是|有)?(?:多少|几)",
        r"how (?:much|many) (?P<a>.+?) (?:are|is|were|was) (?:not (?:in|for|from)|outside(?: of)?|other than) "
        r"(?P<b>.+)",
        r"how (?:much|many) (?:of )?(?P<a>.+?) (?:is|are|was|were|would be|remains?)? ?(?:left|remain(?:s|ing)?)?,? ?"
        r"(?:once|after|without|excluding|not counting|apart from|if you (?:leave|take) (?:out|away)) (?P<b>.+?)"
        r"(?: (?:is|are|has been|have been|being) (?:taken out|excluded|removed|subtracted|left out|set aside))?$",
    )
)


def remainder(folded: str) -> tuple[Operation, Parts] | None:
    """Read what is left of one thing without another; ``None`` when a folded question asks no such thing."""
    text = folded.rstrip("?？。!！ ")
    match = next((found for pattern in _REMAINDERS if (found := search(pattern, text))), None)
    return (Operation.REMAINDER, ((Span(*match.span("a")),), (Span(*match.span("b")),))) if match else None


def find_operation(folded: str) -> tuple[Operation, Parts]:
    """Read the operation of a folded question and where its operands stand, each in one or two pieces."""
    text = folded.rstrip("?？。!！ ")
    if left := remainder(text):
        return left
    if comparison := listed(text) or compared(text):
        return comparison
    for operation, pattern in _OPERATIONS:
        match = search(pattern, text)
        if match is None:
            continue
        if not match.groupdict():
            return operation, ()
        if parts := _parts(match):
            return operation, parts
    if most := superlative(text):
        return most, ()
    return (Operation.CONVERSION if _CONVERT.search(text) else Operation.LOOKUP), ()


_LISTED = re.compile(
    r"(?P<list>[^,，。:：]{1,30}?(?:、[^、,，]{1,16}?)+(?:(?:和|与|跟|及)[^、,，]{1,16}?)?)"
    r"(?:这|,|，|的)*(?:[三四五六七3-7](?:大|只|支)?[\u4e00-\u9fff]{0,5}?)?(?:里头?|里面|当中|之中|中|,|，)*"
    + r".{0,6}?(?:哪一?(?:[个家档项类种座支只款样条件位]|[省市区县])?|谁)的?(?P<m>[^最更]*?)(?:最|更)(?P<more>"
    + _MORE
    + r"|早|晚|猛|多)"
)


def listed(text: str) -> tuple[Operation, Parts] | None:
    """Read which of three or more is most or least (A、B、C哪個最多); ``None`` when the question asks no such thing."""
    match = search(_LISTED, text)
    if match is None:
        return None
    start, end = match.span("list")
    cuts = [start, *(edge for m in _LIST.finditer(text, start, end) for edge in m.span()), end]
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]
    tail = (Span(*match.span("m")),) if match["m"].strip() else ()
    if len(spans) < 3:
        return None
    operation = Operation.ARGMIN if match["more"] in _LESS else Operation.ARGMAX
    return operation, tuple((span, *tail) for span in spans)


SUPERLATIVE = re.compile(
    r"(?:哪一?[\u4e00-\u9fff]{0,4}?|谁|何者)的?[^,，。]{0,10}?最(?P<more>[多大高快少小低慢猛强长短早晚])"
    r"|最(?P<after>[多大高快少小低慢猛强长短])的(?:是|为)?(?:哪|谁)"
)

ASKS_WHICH = re.compile(r"哪一?[个家座种项类条间所些款支位]?|谁|何者")
MOST = re.compile(r"得?最[多大高快少小低慢猛强长短早晚]的?(?:是|为)?")


def superlative(text: str) -> Operation | None:
    """Whether a question asks which of some unnamed things is most or least."""
    match = search(SUPERLATIVE, text)
    if match is None:
        return None
    return Operation.ARGMIN if (match["more"] or match["after"]) in _LESS else Operation.ARGMAX


def compared(text: str) -> tuple[Operation, Parts] | None:
    """Read a comparison (A和B哪個多); ``None`` when the question is none."""
    for pattern in _COMPARE:
        if match := search(pattern, text.rstrip("?？ ")):
            tail = (Span(*match.span("m")),) if match.groupdict().get("m") else ()
            operation = Operation.ARGMIN if match["more"] in _LESS else Operation.ARGMAX
            return operation, ((Span(*match.span("a")), *tail), (Span(*match.span("b")), *tail))
    return None


def _parts(match: re.Match[str]) -> Parts:
    if not match.groupdict().get("list"):
        if min(len(match["a"]), len(match["b"])) == 1:  # a particle: 占到|几成
            return ()
        tail = (Span(*match.span("m")),) if match.groupdict().get("m") else ()
        return (Span(*match.span("a")), *tail), (Span(*match.span("b")), *tail)
    start, end = match.span("list")
    cuts = [start, *(edge for m in _LIST.finditer(match.string, start, end) for edge in m.span()), end]
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if match.string[a:b].strip()]
    if any(_ONLY_TIME.fullmatch(span.of(match.string)) for span in spans):  # 去年和外国做的买卖
        return ()
    return tuple((span,) for span in spans) if len(spans) > 1 else ()


_ONLY_TIME = re.compile(r"[去今明前]年|上一?年|\d{4}年|目前|现在|如今")
