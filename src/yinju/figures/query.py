"""What a question asks of the ledger: which kind of number, of whom, when, and what to do with it.

Closed-class words of Chinese and English only; nothing here knows any document. Everything is read from the
folded question (Simplified, half width, small letters), so that offsets stay those of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

import rjieba

from yinju.dictionary import terms_in_documents
from yinju.figures import cues
from yinju.figures.periods import AskedPeriod, Months, joined_range, periods_in
from yinju.figures.units import canonical_unit, unit_kind
from yinju.text import Language, fold, language_of
from yinju.types import Kind, Role, Span


class Operation(StrEnum):
    """What is to be done with the figures."""

    LOOKUP = "lookup"
    DIFFERENCE = "difference"
    TIMES = "times"
    SHARE = "share"
    SUM = "sum"
    MEAN = "mean"
    PER_UNIT = "per_unit"
    GROWTH = "growth"
    ARGMAX = "argmax"
    ARGMIN = "argmin"
    YEARS_BETWEEN = "years_between"
    CONVERSION = "conversion"
    PART_OF_WHOLE = "part_of_whole"
    """From a share and its whole to the amount (工業占24.1%，是多少億元)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question.

    Attributes:
        text: The word, folded.
        weight: How much it matters, 0 to 1, before rarity is taken into account.
        alternatives: Words that say the same; any of them covers the term.
        name: Whether it names a place, an organisation or a person.
    """

    text: str
    weight: float = 1.0
    alternatives: tuple[str, ...] = ()
    name: bool = False


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """A question as the ledger understands it.

    Attributes:
        text: As asked.
        language: ``zh-Hant``, ``zh-Hans`` or ``en``.
        is_numeric: Whether it asks for a number at all.
        operation: What to do with the figures found.
        kinds: Kinds of quantity that can answer; empty when any can.
        unit: Unit asked for (多少家 → 家), folded; empty when the question leaves it open.
        scale: Scale of the unit asked for (多少萬元 → 10000); 1 when none is named.
        role: What the value has to say of its metric; ``None`` when the question leaves it open.
        target: ``True`` for plans and forecasts, ``False`` for results, ``None`` when left open.
        periods: Absolute times named; a figure has to fit one of them.
        offsets: Relative times as (years from the document's own, part of the year in months).
        terms: Content words, names among them.
        scopes: Scope words (全國, 全省, 全市, 全區 …), folded.
        first: The question is about the beginning (當初, 最早, 剛…的時候).
        per: Unit of a per-unit question (人均 → 人, 每平方公里 → 平方公里), folded; empty otherwise.
        operands: Questions for the operands of an operation, in its order.
        given: Numbers that stand in the question itself, as written.
        falling: ``True`` when the question speaks of a fall, ``False`` of a rise, ``None`` of neither.
        compared_with: What a difference, multiple or share is against, folded; empty when not named.
    """

    text: str
    language: Language
    is_numeric: bool
    operation: Operation = Operation.LOOKUP
    kinds: frozenset[Kind] = frozenset()
    unit: str = ""
    scale: Decimal = Decimal(1)
    role: Role | None = None
    target: bool | None = None
    periods: tuple[Months, ...] = ()
    offsets: tuple[tuple[int, tuple[int, int]], ...] = ()
    terms: tuple[Term, ...] = ()
    scopes: tuple[str, ...] = ()
    first: bool = False
    per: str = ""
    operands: tuple[FigureQuestion, ...] = field(default=())
    given: tuple[str, ...] = ()
    falling: bool | None = None
    compared_with: str = ""

    @property
    def has_period(self) -> bool:
        """Whether the question names any time."""
        return bool(self.periods or self.offsets)


# ── reading a question ──────────────────────────────────────────────────────────────────────


def parse_question(question: str) -> FigureQuestion:
    """Read what a question asks of the ledger.

    Args:
        question: As asked, in either script or in English.

    Returns:
        What is asked; ``is_numeric`` is ``False`` for questions that no number answers. English words stand for
        themselves until :func:`in_words_of` gives them the words of a document.
    """
    folded = fold(question)
    language = language_of(question)
    parsed = _read(question, language)
    operation, spans = _operation(folded)
    if not spans:
        return replace(parsed, operation=operation)
    parts = tuple("".join(span.of(question) + " " for span in part).strip(" ,，") for part in spans)
    operands = tuple(replace(_read(part, language), is_numeric=True) for part in parts)
    if operation is Operation.TIMES and parsed.kinds & {Kind.PERCENT}:
        operation = Operation.SHARE
    return replace(parsed, operation=operation, operands=_complete(operation, parsed, operands))


def in_words_of(question: FigureQuestion, text: str) -> FigureQuestion:
    """Give an English question the Chinese words of a document; a Chinese question comes back as it is.

    Args:
        question: As parsed.
        text: Folded text of the documents.
    """
    if question.language != "en":
        return question
    found = terms_in_documents(question.text, text)
    terms = tuple(
        Term(
            fold(term.term),
            0.25 if term.candidates and term.candidates[0][0] in cues.LIGHT else 1.0,
            tuple(fold(word) for word, _weight in term.candidates[:6] if len(word) > 1),
            name=term.term[:1].isupper() and all(len(word) > 1 for word, _weight in term.candidates[:1]),
        )
        for term in found
        if not _ENGLISH_FRAME.fullmatch(term.term.lower())
    )
    operands = tuple(in_words_of(operand, text) for operand in question.operands)
    completed = _complete(question.operation, replace(question, terms=terms), operands)
    return replace(question, terms=terms, operands=completed)


_ENGLISH_FRAME = re.compile(
    r"share|percentage|percent|proportion|fraction|account(?:s|ed)?(?: for)?|number|amount|total|combined|sum|difference|times|ratio|"
    r"rate|growth|growth rate|grow|grew|grown|increased?|year|years|average|target|planned|expected|people|per|capita|cover|larger|bigger|"
    r"higher|lower|more|less|fewer|square|kilomet(?:re|er)s?|square kilomet(?:re|er)s?|reach(?:ed)?|district|area|size|large|big|"
    r"ignore|document|value|value of|level|new|newly|by|old|long|much|many|exact|figure|overall|currently|now|would"
)


def _read(question: str, language: Language) -> FigureQuestion:
    folded = fold(question)
    asked = _without_bases(folded, periods_in(folded))
    unit, scale = _unit(folded)
    return FigureQuestion(
        text=question,
        language=language,
        is_numeric=_is_numeric(folded),
        kinds=_kinds(folded, unit),
        unit=unit,
        scale=scale,
        role=_role(folded),
        target=True if cues.TARGET.search(folded) else False if cues.RESULT.search(folded) else None,
        periods=_absolute(folded, asked),
        offsets=tuple((period.offset, period.part) for period in asked if period.offset is not None),
        terms=_terms(folded, periods_in(folded)),
        scopes=tuple(dict.fromkeys(cues.SCOPE_ENGLISH.get(m, m) for m in cues.SCOPE.findall(folded))),
        first=bool(cues.FIRST.search(folded)),
        per=_per(folded),
        given=_given(folded, asked),
        falling=True if cues.FALL.search(folded) else False if cues.RISE.search(folded) else None,
    )


def _is_numeric(folded: str) -> bool:
    if cues.STRONG.search(folded) or _compared(folded):
        return True
    if cues.YES_NO.search(folded) and _given(folded, periods_in(folded)):
        return True
    return bool(cues.WEAK.search(folded)) and not cues.OPEN.search(folded)


def _given(folded: str, asked: Sequence[AskedPeriod]) -> tuple[str, ...]:
    found = [m for m in cues.GIVEN.finditer(folded) if not any(p.span.overlaps(Span(*m.span())) for p in asked)]
    return tuple(m.group().strip() for m in found if re.search(r"\d[^\d.,\s]", m.group()))


def _without_bases(folded: str, asked: tuple[AskedPeriod, ...]) -> tuple[AskedPeriod, ...]:
    """Leave out the times a change is measured from (比2023年增長多少, 比去年多)."""
    kept = tuple(
        p for p in asked if not re.search(r"(?:比|较|相比|compared (?:with|to)|than|over)\s*$", folded[: p.span.start])
    )
    return kept if kept or _CHANGE_BASE.search(folded) else asked


_CHANGE_BASE = re.compile(r"(?:比|较)(?:上年|去年|上一年|前一年)")


def _absolute(folded: str, asked: Sequence[AskedPeriod]) -> tuple[Months, ...]:
    for first, second in zip(asked, asked[1:], strict=False):
        if joined := joined_range(folded, first, second):
            return (joined,)
    return tuple(period.months for period in asked if period.months is not None)


def _unit(folded: str) -> tuple[str, Decimal]:
    best = ("", Decimal(1))
    if re.search(r"(?:几|多少)个点", folded):
        return "%", Decimal(1)
    for _start, _end, scales, unit in cues.asked_units(folded):
        if unit:
            scale = Decimal(1)
            for character in scales:
                scale *= cues.SCALES[character]
            best = (canonical_unit(cues.UNIT_NAMES.get(unit, unit)), scale)
    if best[0]:
        return best
    return next((unit for pattern, unit in cues.NOUN_UNITS.items() if re.search(pattern, folded)), ""), Decimal(1)


def _kinds(folded: str, unit: str) -> frozenset[Kind]:
    for pattern, kinds in cues.KINDS:
        if re.search(pattern, folded):
            # 占…多少亿元 asks for an amount although it speaks of a share.
            return frozenset() if Kind.PERCENT in kinds and unit and unit not in _PERCENT else kinds
    if unit in _PERCENT or re.search(r"增速|增长率|增幅|涨幅|降幅|同比|growth rate|多快|how fast", folded):
        return frozenset({Kind.PERCENT, Kind.RATIO})
    if unit and unit_kind(unit) is Kind.AMOUNT:
        return frozenset({Kind.AMOUNT})
    plain = not unit and not _role(folded) and not cues.CHANGE_TO.search(folded)
    return frozenset({Kind.AMOUNT}) if plain and cues.AMOUNT_NOUN.search(folded) else frozenset()


_PERCENT = frozenset({"%", "‰", "个百分点"})


def _role(folded: str) -> Role | None:
    change = cues.CHANGE.search(folded)
    compared = change and change.group()[:1] in "多少" and "比" in folded
    if change and not compared and not cues.CHANGE_TO.search(folded):
        return Role.CHANGE
    if cues.INCREMENT.search(folded):
        return Role.INCREMENT
    if cues.SHARE.search(folded):
        return Role.SHARE
    return None


def _per(folded: str) -> str:
    match = cues.PER.search(folded)
    if match is None:
        return ""
    if match["english"]:
        return cues.PER_ENGLISH.get(match["english"], "平方公里" if match["english"].startswith("square") else "人")
    if match.group()[:2] in {"户均", "亩均"}:
        return match.group()[0]
    if "平方公里" in match.group() or match.group() == "地均":
        return "平方公里"
    return match["unit"] or match["head"] or match["one"] or "人"


# ── content words ───────────────────────────────────────────────────────────────────────────

_NAME_TAGS = frozenset({"ns", "nt", "nz"})
_NO_NAMES = frozenset(["新建", "惠及", "养老", "上楼", "通车", "开发", "中心", "国家", "世界"])
# Tagged as names by the dictionary, but ending like common nouns (城镇人口, 新兴产业).
_COMMON_ENDING = re.compile(
    r".*(?:[口业品人员量率值额费法器机化力金款料物房车地家级型性片店权]|企业|公司|大学生|系统|平台|产业|园区)$"
)
_PLACE = re.compile(r"[一-鿿]{2,7}(?:省|市|区|县|自治区|街道)$")
_COMMON_PLACE = frozenset(
    [
        "园区",
        "社区",
        "地区",
        "区县",
        "城市",
        "城区",
        "市区",
        "郊区",
        "山区",
        "全区",
        "全市",
        "全省",
        "片区",
        "辖区",
        "景区",
        "校区",
        "灾区",
        "林区",
        "矿区",
        "牧区",
        "农区",
        "建区",
        "工业区",
        "高新区",
        "开发区",
        "示范区",
        "自贸区",
        "保护区",
        "街区",
        "县市",
        "省市",
        "都市",
        "超市",
        "上市",
        "股市",
        "门市",
    ]
)


def _terms(folded: str, asked: Sequence[AskedPeriod]) -> tuple[Term, ...]:
    rest = list(folded)
    masked = [(p.span.start, p.span.end) for p in asked]
    patterns = (cues.FRAME, cues.SCOPE, cues.GIVEN, cues.PER)
    masked += [m.span() for pattern in patterns for m in pattern.finditer(folded)]
    masked += [(start, end) for start, end, _scale, _unit in cues.asked_units(folded)]
    for start, end in masked:
        rest[start:end] = " " * (end - start)
    for pattern, word in cues.PHRASES:
        for match in pattern.finditer(folded):
            # Further replacements keep their places: the word stands in the first cell of what it replaces.
            rest[match.start() : match.end()] = [f" {word} ", *[""] * (match.end() - match.start() - 1)]
    tagged = rjieba.tag("".join(rest), True)
    return tuple(dict.fromkeys(_term(word, tag) for word, tag in tagged if _is_content(word, tag)))


def _is_content(word: str, tag: str) -> bool:
    if word in cues.STOP or not any(character.isalnum() for character in word):
        return False
    return not (len(word) == 1 and tag in {"m", "c", "p", "u", "y", "r", "ul", "uj", "uz", "ug", "f", "q", "d"})


def _term(word: str, tag: str) -> Term:
    weight = 0.2 if word in cues.LIGHT else 0.3 if len(word) == 1 else 1.0
    if weight == 1.0 and tag in {"v", "d", "a", "p", "f", "vd", "ad"}:
        weight = 0.6
    synonyms = cues.SYNONYMS.get(word, ())
    return Term(word, weight, synonyms, weight == 1.0 and not synonyms and _is_name(word, tag))


def _is_name(word: str, tag: str) -> bool:
    if word in _COMMON_PLACE or word in _NO_NAMES or len(word) < 2:
        return False
    return bool(_PLACE.match(word)) or (tag in _NAME_TAGS and not _COMMON_ENDING.match(word))


# ── operations and their operands ───────────────────────────────────────────────────────────

_MORE = r"(?:多|少|高|低|大|小|长|短|早|晚|贵|便宜|重|轻|快|慢|强)"
_WHICH = r"(?:哪一?个|谁|哪一?家|何者|哪一?方|哪边|哪一?种|哪一?项|哪一?类|哪一?座|哪里|哪儿|哪一?样|哪一?部分|哪一?级)"
_AND = r"(?:和|与|跟|同|、)"
_HOW = r"(?:约|大约|大概)?(?:多少|几|多大)"
_OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = tuple(
    (operation, re.compile(pattern))
    for operation, pattern in (
        (Operation.TIMES, r"(?:用|把|拿|将)?(?P<a>.+?)(?:直接)?(?:除以|÷)(?P<b>.+?)(?:[,，]|得|等于|是|约|大约|有|倒推|$)"),
        (Operation.PART_OF_WHOLE, r"(?:占|比重).{0,16}\d[\d.]*(?:%|成).*?" + _HOW + r"(?:[百千万亿]*)(?:元|人|家|名|户|平方|亩|公顷|吨|个|钱)"),
        (Operation.PART_OF_WHOLE, r"(?:换成|换算成|折成|折合成?|换成)(?:金额|面积|人数|数量|绝对数|家数|钱)|推算|倒推|估算|算下来|也就是多少|折算"),
        (Operation.YEARS_BETWEEN, r"从(?P<a>.+?)[,，]?(?:到|至)(?P<b>.+?)(?:中间|之间|一共|总共|共|[,，])*(?:相?隔|间隔|历经|经历|经过|历时|过去?|经|隔)了?" + _HOW + "年"),
        (Operation.YEARS_BETWEEN, r"(?P<a>.+?)(?:和|与|跟|距离?|离)(?P<b>.+?)(?:之间)?(?:相?隔|相差|间隔|差)了?" + _HOW + "年"),
        (Operation.YEARS_BETWEEN, r"(?P<a>.+?)比(?P<b>.+?)(?:早|晚|迟)了?" + _HOW + "年"),
        (Operation.TIMES, r"(?P<a>.+?)(?:是|为|相当于|等于|达到?)(?P<b>.{2,}?)的?" + _HOW + "倍"),
        (Operation.SUM, r"(?P<list>.+?(?:和|与|及|跟|、|加上?|再加).+?)(?:两者|两项|三者|三项|二者|[这那]?[两三四][\u4e00-\u9fff])?"
                        r"(?:加起来|加在一起|合起来|合在一起|合计|相加|之和|总和|一共|总共|共计|共有|加总|总计)"),
        (Operation.MEAN, r"(?P<list>.+?(?:和|与|及|、).+?)的?(?:平均值|平均数|均值|平均是|平均有|平均为|平均起来)"),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:和|与|跟|同)(?P<b>.+?)(?:相比|比起来)[,，]?(?:要|还)?" + _MORE + r"(?:出来?|了|上)?" + _HOW),
        (Operation.DIFFERENCE, r"(?P<a>.+?)比(?!例|重|起|如|较)(?P<b>.+?)(?:还|要|更)?" + _MORE + r"(?:出来?|了|上)?" + _HOW),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:和|与|跟|同)(?P<b>.+?)(?:之间|两者|二者|数量|的|[,，])*(?:相差|差距|差额|差异|之差|差值|差|差别)(?:了|是|有|为)?" + _HOW),
        (Operation.DIFFERENCE, r"(?P<a>.+?)(?:高出|高于|超过|超出|多于|少于|低于|高过|领先|落后)于?(?P<b>.{2,}?)了?" + _HOW),
        (Operation.SHARE, r"(?P<b>.+?)(?:当中|之中|里头|里面|中|里)[,，]?(?P<a>.+?)(?:大概|大约|约)?(?:只|就|能)?占(?:到|比|了|据)?(?:是|为)?(?:大概|大约|约)?(?:多少|百分之几|几成|几分之几|多大|几$)"),
        (Operation.SHARE, r"(?P<a>.+?)占(?!地|用)(?:到|据|了|全部)?(?P<b>.+?)的?(?:多少|百分之几|几成|几分之几|比重|比例|份额|百分比|多大)"),
        (Operation.GROWTH, r"从(?P<a>.+?)(?:到|至)(?P<b>.+?)(?:增长|增加|提高|上升|下降|减少|涨|翻|扩大|变化)(?!到|至)"),
        (Operation.DIFFERENCE, r"how (?:much|many)(?: [a-z]+){0,3}? (?:more|fewer|less|higher|lower|larger|bigger|greater|smaller)(?: [a-z-]+ (?:are|is|were|was) there)? ?(?P<a>.+?) than (?P<b>.+)"),
        (Operation.DIFFERENCE, r"by how (?:much|many)[a-z ]*? (?:is|are|was|were|does|do|did) (?P<a>.+?) (?:more|fewer|less|higher|lower|larger|bigger|greater|smaller|exceed)(?: than)? (?P<b>.+)"),
        (Operation.DIFFERENCE, r"(?:difference|gap) (?:in .+? )?between (?P<a>.+?) and (?P<b>.+)"),
        (Operation.SUM, r"(?:sum of|total of|combined total of|altogether) (?P<list>.+? and .+)"),
        (Operation.SUM, r"(?:how (?:many|much)) (?P<list>.+? and .+?),? (?:combined|together|altogether|in total|taken together)"),
        (Operation.TIMES, r"how many times (?:\w+ )?(?:is|was|are|were|as large as|larger than)? ?(?P<a>.+?) (?:than|that of|as large as|the size of|compared with) (?P<b>.+)"),
        (Operation.TIMES, r"ratio of (?P<a>.+?) to (?P<b>.+)"),
        (Operation.SHARE, r"what (?:percentage|percent|proportion|share|fraction) of (?P<b>.+?) (?:is|are|was|were|does|do|did|would|comes? from|came from) (?P<a>.+?)(?: account for| make up| cover| represent|$|\?)"),
        (Operation.ARGMAX, r"which .*?(?:higher|larger|bigger|greater|more).*?[,:]\s*(?P<a>.+?) or (?P<b>.+)"),
        (Operation.ARGMIN, r"which .*?(?:lower|smaller|fewer|less).*?[,:]\s*(?P<a>.+?) or (?P<b>.+)"),
    )
)  # fmt: skip
_COMPARE = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<a>.+?)(?:和|与|跟|同|、|还是|或者?)(?P<b>.+?)(?:相比|比较|比起来|之中|当中|中)?[,，的]*" + _WHICH + r"的?(?P<m>.*?)(?:更|比较|较|最)?(?P<more>" + _MORE + r")",
        r"(?P<a>.+?)" + _AND + r"(?P<b>.+?)(?:更|比较|较|最)?(?P<more>" + _MORE + r")的是" + _WHICH,
        r"(?P<a>.+?)(?P<more>" + _MORE + r")还是(?P<b>.+?)(?P=more)",
        r"(?:是|到底)?(?P<a>.+?)还是(?P<b>.+?)(?:的)?(?P<m>)(?:更|比较|较)(?P<more>" + _MORE + r")",
        r"(?P<a>.+?)(?:是否|是不是|有没有)?比(?!例|重|较)(?P<b>.+?)(?:更|还|要)?(?P<more>" + _MORE + r")吗",
    )
)  # fmt: skip
_LESS = frozenset("少低小短早便宜轻慢")
_LIST = re.compile(r"以及|再加上?|加上|还有|[和与及跟、加,，]|\band\b")
_CONVERT = re.compile(
    r"换算|折合|折算|约合|等于多少|合多少|相当于多少(?!倍)|用.{1,6}(?:表示|计)|\bconvert|\bin (?:hectares|acres|mu|square met)"
)
Parts = tuple[tuple[Span, ...], ...]


def _operation(folded: str) -> tuple[Operation, Parts]:
    text = folded.rstrip("?？。!！ ")
    if comparison := _compared(text):
        return comparison
    for operation, pattern in _OPERATIONS:
        match = pattern.search(text)
        if match is None:
            continue
        if not match.groupdict():
            return operation, ()
        if parts := _parts(match):
            return operation, parts
    return (Operation.CONVERSION if _CONVERT.search(text) else Operation.LOOKUP), ()


def _compared(text: str) -> tuple[Operation, Parts] | None:
    for pattern in _COMPARE:
        if match := pattern.search(text.rstrip("?？ ")):
            tail = (Span(*match.span("m")),) if match.groupdict().get("m") else ()
            operation = Operation.ARGMIN if match["more"] in _LESS else Operation.ARGMAX
            return operation, ((Span(*match.span("a")), *tail), (Span(*match.span("b")), *tail))
    return None


def _parts(match: re.Match[str]) -> Parts:
    if not match.groupdict().get("list"):
        return (Span(*match.span("a")),), (Span(*match.span("b")),)
    start, end = match.span("list")
    cuts = [start, *(edge for m in _LIST.finditer(match.string, start, end) for edge in m.span()), end]
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if match.string[a:b].strip()]
    return tuple((span,) for span in spans) if len(spans) > 1 else ()


_OWN_KINDS = frozenset(
    {Operation.TIMES, Operation.SHARE, Operation.YEARS_BETWEEN, Operation.GROWTH, Operation.PART_OF_WHOLE}
)


def _complete(
    operation: Operation, whole: FigureQuestion, operands: tuple[FigureQuestion, ...]
) -> tuple[FigureQuestion, ...]:
    """Give each operand what it leaves to be understood from its siblings and the whole question."""
    return tuple(_complete_one(operation, whole, operand, operands) for operand in operands)


def _complete_one(
    operation: Operation, whole: FigureQuestion, operand: FigureQuestion, siblings: tuple[FigureQuestion, ...]
) -> FigureQuestion:
    others = [sibling for sibling in siblings if sibling is not operand]
    own = operation in _OWN_KINDS
    sources = others if own else [*others, whole]
    bare = not _measures(operand)
    kinds = operand.kinds or next((other.kinds for other in sources if other.kinds and (bare or not own)), frozenset())
    role = operand.role or next((other.role for other in sources if other.role), None)
    if operation is Operation.YEARS_BETWEEN:
        kinds, role = frozenset({Kind.YEAR, Kind.DATE}), None
    timed = operand.has_period
    return replace(
        operand,
        kinds=kinds,
        role=role,
        unit=operand.unit if own or operand.unit else _plain_unit(whole.unit),
        target=operand.target if any(s.target is not None for s in siblings) else whole.target,
        per=operand.per or ("" if _measures(operand) else next((other.per for other in others if other.per), "")),
        periods=operand.periods if timed else next((o.periods for o in others if o.periods), ()),
        offsets=operand.offsets if timed else next((o.offsets for o in others if o.offsets), ()),
        terms=operand.terms + _inherited(operand, others),
    )


def _measures(operand: FigureQuestion) -> bool:
    return any(not term.name and term.weight > 0.3 for term in operand.terms)


def _plain_unit(unit: str) -> str:
    return "" if unit in {"个百分点", "倍", "年"} else unit


def _inherited(operand: FigureQuestion, others: Sequence[FigureQuestion]) -> tuple[Term, ...]:
    """Names and the measured thing that an elliptical operand (比第二產業, 比2023年) takes from its sibling."""
    own = {term.text for term in operand.terms}
    named = any(term.name for term in operand.terms) or bool(operand.scopes)
    metrics = [term for term in operand.terms if not term.name and term.weight > 0.3]
    for other in others:
        theirs = [term for term in other.terms if not term.name and term.weight > 0.3]
        names = () if named or metrics else tuple(term for term in other.terms if term.name)
        heads: tuple[Term, ...] = ()
        if not metrics:
            heads = tuple(theirs)
        elif len(theirs) > len(metrics):
            heads = tuple(replace(term, weight=0.5) for term in theirs[-1:])
        if inherited := tuple(term for term in (*names, *heads) if term.text not in own):
            return inherited
    return ()
