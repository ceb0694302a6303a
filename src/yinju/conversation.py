"""Follow-up question + earlier turns → a question that stands on its own; no model, the same every time.

A follow-up leaves out what the conversation has established. It is read as one of a few moves (a correction, a
comparison with what was said, a pronoun, a fragment that changes one slot, a predicate without its subject) and
written out from the previous standalone question. A question that lacks nothing comes back as it is. Closed-class words
of Chinese and English only; offsets found in folded text hold in the original, since folding keeps the length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import rjieba

from yinju.figures import cues
from yinju.figures.periods import periods_in
from yinju.figures.query import FigureQuestion, parse_question
from yinju.figures.units import UNIT, unit_kind
from yinju.text import Language, fold, language_of, to_language
from yinju.types import Document, Figure, Kind, Reason, Span, Turn

MAX_FRAGMENT = 30
"""A fragment that changes a slot is no longer than this, in characters."""
MAX_NAME = 24
"""An answer of this length at most can be the name a pronoun stands for."""


class Sources(Protocol):
    """What of an index is looked at here."""

    @property
    def documents(self) -> Iterable[Document]:
        """The documents."""

    @property
    def ledger(self) -> Iterable[Figure]:
        """Their figures."""


def rewrite(question: str, turns: Sequence[Turn], index: Sources) -> str:
    """Write a follow-up question out so that it stands on its own.

    Args:
        question: As asked.
        turns: What was asked and answered before, oldest first.
        index: Documents and ledger, looked at where grammar leaves it open what a word names.

    Returns:
        A question in the language and script of ``question``; ``question`` itself, unchanged, where there is nothing
        before it or where it lacks nothing.
    """
    asked = tuple(turn for turn in turns if turn.answer.reason is not Reason.NOT_A_QUESTION)
    if not asked or not question.strip():
        return question
    script = _script(question, asked)
    context = _Context(tuple(_in_script(turn, script) for turn in asked), index, script)
    found = (_english if context.script == "en" else _chinese)(question.strip(), context)
    if found is None or found == question.strip():
        return question
    if script == "zh-Hans":
        return "".join(to_language(character, script) for character in found)
    return found


@dataclass(frozen=True, slots=True)
class _Context:
    """What the conversation has established, latest turn last."""

    turns: tuple[Turn, ...]
    index: Sources
    script: Language

    @property
    def last(self) -> str:
        """The latest question, written out."""
        return _standalone(self.turns[-1])


def _standalone(turn: Turn) -> str:
    return (turn.answer.standalone_question or turn.question).strip()


def _in_script(turn: Turn, script: Language) -> Turn:
    if script == "en":
        return turn
    standalone, text = to_language(_standalone(turn), script), to_language(turn.answer.text, script)
    return replace(turn, answer=replace(turn.answer, standalone_question=standalone, text=text))


def _script(question: str, turns: Sequence[Turn]) -> Language:
    """The script to write in: that of the question, or of the last one where the question's characters are in both."""
    last = _standalone(turns[-1])
    if language_of(question) == "en":
        return "en" if language_of(last) == "en" else language_of(last)
    if any(to_language(character, "zh-Hans") != character for character in question):
        return "zh-Hant"
    if any(_is_simplified(character) for character in question):
        return "zh-Hans"
    return language_of(last) if language_of(last) != "en" else "zh-Hant"


def _is_simplified(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return to_language(character, "zh-Hant") != character
    return False


@lru_cache(maxsize=512)
def _parse(question: str) -> FigureQuestion:
    return parse_question(question)


# ── the parts of a Chinese question ─────────────────────────────────────────────────────────

_WH = re.compile(
    cues.WH
    + r"|什么|啥|谁|哪|何(?:时|年|处|人|地|种)|为何|如何|怎么|怎样|吗$|是否|是不是|有没有|多[大高长久远重深宽厚快](?!的)|第几|百分之几|几分之几"
)
_MOMENT = re.compile(
    r"现在|目前|当前|如今|最初|最早|最开始|一开始|刚开始|当初|起初|原先|原来|原本|以前|过去|后来|最近|年初|年末|年底|早期|初期|后期"
)
_AFTER_EVENT = re.compile(r"的?(?:时候|之初|之前|之后|以前|以后|时期|时|前|后|那年|当年|那时)$")
_BREAKS = frozenset(
    "是 有 占 为 达 达到 在 的 比 和 与 跟 及 或 了 过 着 共 总共 一共 共有 大概 大约 约 就 都 也 还 又 被 由 把 对 从 到 至 于 位于 拥有 超过 突破 占据 总 "
    "这 那 其 请问 想 知道 得 会 能 要 里 中 上 内 里面 以 让 给 向 呢 吗 吧 啊 呀 , ? ! 、 ; : . ， 。 等于 相当于 请 我 你".split()
)
_INSTITUTION = re.compile(
    r"(?:公司|集团|科技|大学|学院|研究院|银行|医院|学校|中心|实验室|平台|基金|园|园区|城|科学城|科教城|新区|机场|港|街道|协会|联盟|委员会|"
    r"局|部|厅|工程|项目|计划|方案|系统|模型|论坛|基地|工厂|厂|院|馆|站|股份|保险|证券|航空|电视|电子|通信|医疗|铁路|大桥|景区)$"
)
_PLACE_END = re.compile(r"(?:省|市|区|县|州|镇|乡|旗|盟|国|村|街道)$")
_REGION = re.compile(
    r"全国|全球|全世界|世界|全省|全市|全区|全县|全州|全镇|国内|海外|国外|境外|本市|本省|本区|我国|我省|我市|我区|平均水平"
)
_PROPERTY = re.compile(
    r"(?:(?:同比|环比|年均|实际|名义)?(?:增长速度|增长率|增速|增幅|涨幅|降幅|增长)|同比|环比|占比|比重|占GDP比重|占gdp比重|份额|市占率|排名|名次|目标|预期目标|计划|预期)$"
)
_PER = re.compile(r"人均|户均|地均|亩均|平均每.+|每[万千百亿]?(?:人|户|家|亩|平方公里|公顷)")
_METRIC_END = re.compile(
    r"(?:率|值|量|额|数|度|比|收入|支出|面积|人口|投入|投资|总值|规模|经费|产量|产值|利润|营收|gdp|价格|售价|人数|企业|产业|业|级|型|类)$"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of words that belong together, in a question."""

    span: Span
    sort: str
    """``time``, ``place``, ``noun`` or ``verb``."""


@lru_cache(maxsize=512)
def _tokens(folded: str) -> tuple[tuple[str, str, int], ...]:
    found, position = [], 0
    for word, tag in rjieba.tag(folded, True):
        position = folded.index(word, position)
        found.append((word, tag, position))
        position += len(word)
    return tuple(found)


@lru_cache(maxsize=512)
def _times(folded: str) -> tuple[Span, ...]:
    """Where a question says when: dates, 目前 and the like, 建區時, 改造前."""
    spans = [period.span for period in periods_in(folded)]
    spans += [Span(*match.span()) for match in _MOMENT.finditer(folded)]
    tokens = _tokens(folded)
    for number, (word, _tag, start) in enumerate(tokens):
        if word in {"时", "时候", "前", "后", "之前", "之后", "以前", "以后", "之初", "时期"} and number:
            first = number - 1
            if tokens[first][0] == "的" and first:
                first -= 1
            if tokens[first][1] not in {"m", "r", "x"} and tokens[first][0] not in _BREAKS:
                spans.append(Span(tokens[first][2], start + len(word)))
    ordered: list[Span] = []
    for span in sorted(spans):
        if not any(span.overlaps(other) for other in ordered):
            ordered.append(span)
    return tuple(ordered)


@lru_cache(maxsize=512)
def _pieces(question: str) -> tuple[_Piece, ...]:
    """Cut a Chinese question into times, places, nouns and verbs; question words and particles are dropped."""
    folded = fold(question)
    times = _times(folded)
    wh = [Span(*match.span()) for pattern in (cues.ASKED_UNIT, _WH) for match in pattern.finditer(folded)]
    names = {term.text for term in _parse(question).terms if term.name}
    pieces = [_Piece(span, "time") for span in times]
    run: list[tuple[str, str, int]] = []
    tokens = _tokens(folded)
    for number, token in enumerate((*tokens, (",", "x", len(folded)))):
        word, tag, start = token
        span = Span(start, start + len(word))
        is_break = word in _BREAKS or tag == "y" or any(span.overlaps(other) for other in (*times, *wh))
        is_verb = not is_break and tag == "v" and _governs(folded, span, wh, number, tokens)
        if not is_break and not is_verb and not word.isspace():
            run.append(token)
            continue
        pieces += _divide(run, names)
        run = []
        if is_verb:
            pieces.append(_Piece(span, "verb"))
    return tuple(sorted(pieces, key=lambda piece: piece.span))


def _governs(
    folded: str, span: Span, wh: Sequence[Span], number: int, tokens: tuple[tuple[str, str, int], ...]
) -> bool:
    """Tell a verb with a question word for its object or adverb from one inside a noun (研發投入)."""
    after = folded[span.end :].lstrip("了过于到在着")
    position = len(folded) - len(after)
    before = folded[: span.start].rstrip()
    if any(other.start == position for other in wh) or any(other.end == len(before) for other in wh):
        return True
    return number > 0 and tokens[number - 1][1] in {"d", "p"} and tokens[number - 1][0] not in {"以"}


def _divide(run: Sequence[tuple[str, str, int]], names: set[str]) -> list[_Piece]:
    """Divide a run of nouns into the place it begins with and the rest; a name of an institution stays whole."""
    if not run:
        return []
    whole = Span(run[0][2], run[-1][2] + len(run[-1][0]))
    text = "".join(word for word, _tag, _start in run)
    n_place = 0
    while n_place < len(run) and _is_place(run[n_place][0], run[n_place][1], names):
        n_place += 1
    if n_place and n_place < len(run) and run[n_place][0] in {"区", "市", "县", "省", "州", "镇", "乡"}:
        n_place += 1
    if not n_place and (match := re.match(r"[\u4e00-\u9fff]{2,4}(?:自治区|自治州|省|市|区|县|镇|街道)", text)):
        ends = [index for index, token in enumerate(run, 1) if token[2] + len(token[0]) - whole.start == match.end()]
        n_place = ends[0] if ends and match.group() not in _COMMON_AREAS else 0
    if n_place == len(run):
        return [_Piece(whole, "place")]
    if not n_place or (_INSTITUTION.search(text) and not _REGION.search(text)):
        return [_Piece(whole, "noun")]
    middle = run[n_place][2]
    return [_Piece(Span(whole.start, middle), "place"), _Piece(Span(middle, whole.end), "noun")]


_COMMON_AREAS = frozenset("高新区 工业区 开发区 示范区 保护区 自贸区 科技园区 产业园区 各省市 上市 城市".split())


def _is_place(word: str, tag: str, names: set[str]) -> bool:
    if _REGION.fullmatch(word):
        return True
    return word in names and (tag == "ns" or bool(_PLACE_END.search(word)))


# ── descriptions, topics ────────────────────────────────────────────────────────────────────

_ASK = re.compile(
    r"(?:大概|大约|总共|一共|共)?(?:是|有|为|达到?|占到?)?(?:大概|大约|总共|一共|约)?了?(?:"
    + cues.ASKED_UNIT.pattern
    + r"(?:钱)?|多[大高长久远重])的?"
)
_COURTESY = re.compile(
    r"^(?:请问|请告诉我|告诉我|我想知道|想知道|麻烦|想问|问一下|那么?(?![个些年家时里边座支只款一]))[,，]?"
)


def describe(question: str) -> str:
    """Turn a question for a number into what it asks about: 「南山有多少家企業?」 → 「南山企業」, the rest as it is."""
    text = re.sub(r"[?？!！。\s]+$", "", question)
    if lead := _COURTESY.match(fold(text)):
        text = text[lead.end() :]
    folded = fold(text)
    for match in _ASK.finditer(folded):
        before, after = text[: match.start()], text[match.end() :]
        if after and folded[match.start() : match.end()][0] == "占":
            continue
        if not after and folded[match.start()] == "占":
            return before + "比重"
        return before + after
    return re.sub(r"(?:是|为)?(?:什么|啥|哪[一个里年]*|谁)$", "", text) if folded else text


def topic(context: _Context, fits: Callable[[str], bool] = bool) -> str:
    """Return what the conversation is about, in its latest words: a name asked for and given, or the last subject."""
    for turn in reversed(context.turns):
        given, subjects = _named_in_answer(turn), _subjects(_standalone(turn))
        # Who did it is a person, and what is spoken of remains what he did it to.
        is_person = bool(re.search(r"谁|\bwho", fold(_standalone(turn)))) and not _INSTITUTION.search(fold(given))
        for name in [*subjects, given] if is_person else [given, *subjects]:
            if name and fits(name):
                return name
    return ""


_ASKS_NAME = re.compile(
    r"谁|哪一?(?:家|个|所|座|位|支|只|款|项|种)|什么(?:公司|企业|人|基金|平台|园区|大学|机构|名字|地方)|\bwho\b|\bwhich\b|what company|what is the name"
)


def _named_in_answer(turn: Turn) -> str:
    """The name an answer gives to a question that asks for one."""
    question, answer = fold(_standalone(turn)), turn.answer.text.strip().rstrip("。.!！")
    if turn.answer.status != "abstained" and _ASKS_NAME.search(question) and 1 < len(answer) <= MAX_NAME:
        if not re.search(r"[、,，;；\d]", answer):
            return answer
    return ""


def _subjects(question: str) -> list[str]:
    """What a question is about, the best candidate first: the noun before the place it lies in, unless a measure."""
    if language_of(question) == "en":
        return _english_subjects(question)
    pieces = _pieces(question)
    nouns = [piece.span.of(question) for piece in pieces if piece.sort == "noun"]
    nouns = [noun for noun in nouns if not re.fullmatch(_HEADS, fold(noun))]
    places = [piece.span.of(question) for piece in pieces if piece.sort == "place"]
    named = [noun for noun in nouns if _INSTITUTION.search(fold(noun))]
    if places and not named:
        return [*places, *nouns]
    return [*named, *(noun for noun in nouns if noun not in named), *places]


# ── Chinese ─────────────────────────────────────────────────────────────────────────────────

_LEAD = re.compile(
    r"^(?:(?:好的?|嗯|哦|ok|谢谢|明白了?|知道了)[,，。!\s]*)?(?:那么|那(?![个些年家时里边座支只款一位名场次种项条笔段两])|然后|另外|此外|至于|还有|"
    r"如果是|要是|若是|换作|换做|而|同样|再来|接着)?[,，\s]*(?:请问)?"
)
_CORRECTION = re.compile(
    r"^(?:(?:不是|不对|不|错了|抱歉|对不起|噢|哦|搞错了|我说错了)[的啦了]*[,，。!\s]+)*(?:(?:我(?:是|的意思是|想|要|其实是?|指的是|说的是|问的是|是想|是要)?(?:问|说|指|想问|想说|要问|讲)?的?(?:是)?)"
    r"|应该是|是指|是说|改成|改问|是)(?P<rest>.+)$"
)
_NOT_BUT = re.compile(
    r"^(?:我?(?:说|问|指)?的?)?不是(?:问|说|指)?(?P<old>[^,，]{1,20})[,，]\s*(?:而?是|我?(?:要|想)?(?:问|说)(?:的是)?)(?P<rest>.+)$"
)
_TAIL = re.compile(
    r"(?:大概|大约|约|又|也|则|只)*(?:是|有|为|占|达到?)?(?:大概|大约|约)?(?:"
    + cues.ASKED_UNIT.pattern
    + r"|多[大高长久远重])的?$"
)
_IMPERATIVE = re.compile(r"^(?:请|介绍|说明|列出|列举|概括|总结|解释|告诉|比较|描述|谈谈|说说|翻译|写|帮|给|你)")
_REPEAT = re.compile(
    r"(?:你)?(?:真的|确定|是吗|对吗|再说一[次遍]|什么意思|出处|来源|依据|证据|根据什么|原文|哪里说的|怎么知道的?|在哪一段)(?:吗|是什么|在哪里?|呢)?"
)


def _chinese(question: str, context: _Context) -> str | None:
    text = re.sub(r"[?？!！。\s]+$", "", question)
    folded = fold(text)
    if match := _NOT_BUT.match(folded) or _corrected(folded):
        rest = text[match.start("rest") :]
        return _elliptical(rest, context, forced=True) or _chinese(rest, context) or rest
    lead = _LEAD.match(folded)
    rest = text[lead.end() :] if lead else text
    if _REPEAT.fullmatch(re.sub(r"[呢吧啊]$", "", fold(rest))):
        return context.last
    for move in (_compare, _combine, _ordinal, _pronoun, _convert, _elliptical, _subjectless):
        if (found := move(rest, context)) is not None:
            return found + _mark(question, found)
    return None


def _mark(question: str, found: str) -> str:
    return "" if found.endswith(("?", "？")) else "？" if question.endswith("？") else "?"


def _corrected(folded: str) -> re.Match[str] | None:
    match = _CORRECTION.match(folded)
    begins = re.match(r"不|错|抱歉|对不起|搞错|我(?:是|的意思|指的|说的|问的|其实|要问|想问)|应该是|改", folded)
    return match if match and begins else None


# Comparison with what was said.
_MORE = r"(?:多|少|高|低|大|小|长|短|早|晚|快|慢|贵|便宜|强)"
_THAT = r"(?:它们?|他们?|她|这个|那个|这|那|前者|后者|刚才(?:那个|的|说的)*|之前(?:那个|的|说的)*|上一?个|前一?个|前面(?:那个|的)*|其|此)(?:的|数字?|数)?"
_COMPARISONS = (
    re.compile(rf"^(?P<a>.*?)(?:跟|和|与|同)(?P<b>.+?)(?:相比|比起来|比|之间)?[,，]?(?P<rest>(?:相?差(?:了|距)?|差距|{_MORE})(?:是|有|为)?(?:出|了)?(?:{cues.WH}.*|多大)?)$"),
    re.compile(rf"^(?P<a>.*?)(?:比|较)(?!例|重|率)(?P<b>.+?)(?P<rest>(?:还|要|更)?{_MORE}(?:出来?|了|上)?(?:{cues.WH}.*|吗|多大)?)$"),
    re.compile(rf"^(?P<a>.*?)(?:是|为|相当于)(?P<b>.+?)的?(?P<rest>{cues.WH}倍)$"),
)  # fmt: skip


def _compare(text: str, context: _Context) -> str | None:
    """比它多多少, 跟全市比差多少, 是建區時的幾倍: the sides that are left out come from the last questions."""
    folded = re.sub(r"呢$", "", fold(text))
    for pattern in _COMPARISONS:
        if match := pattern.match(folded):
            first, second = (Span(*match.span(side)).of(text) for side in "ab")
            sides = _sides(first, second, context)
            return None if sides is None else _compared(*sides, Span(*match.span("rest")).of(text))
    return None


def _sides(first: str, second: str, context: _Context) -> tuple[str, str] | None:
    blank = re.compile(rf"(?:{_THAT})?[的,，]*")
    first_blank, second_blank = bool(blank.fullmatch(fold(first))), bool(blank.fullmatch(fold(second)))
    if first_blank and second_blank:
        earlier = _standalone(context.turns[-2]) if len(context.turns) > 1 else ""
        return (describe(context.last), describe(earlier)) if earlier else None
    left = context.last if first_blank else _changed(first, context)
    right = context.last if second_blank else _changed(second, context)
    if not first_blank and not second_blank and not (_is_slot(first) and _is_slot(second)):
        return None
    if left is None or right is None:
        return None
    return describe(left), describe(right)


def _compared(first: str, second: str, rest: str) -> str:
    folded = fold(rest)
    if "倍" in folded:
        return f"{first}是{second}的{rest}"
    if "差" in folded or not re.search(cues.WH + "|吗", folded):
        asked = re.search(cues.WH + ".*", folded)
        return f"{first}比{second}多{rest[asked.start() :] if asked else '多少'}"
    return f"{first}比{second}{rest}"


def _is_slot(text: str) -> bool:
    """Whether a text is nothing but times and places."""
    rest = list(fold(text))
    for piece in _pieces(text):
        if piece.sort in {"time", "place"}:
            rest[piece.span.start : piece.span.end] = " " * len(piece.span)
    return not "".join(rest).replace("的", "").strip(" ,，")


_PAIR = r"(?:那)?(?:这|那|前面|刚才|上面|以上)?(?:它们?|两者|二者|两[个项年地家只支种区市省笔]?|三[个项年地家只支种]?|者|俩|之间|的)*"
_SUM = re.compile(
    _PAIR + rf"(?:加起来|加在一起|相加|合起来|合在一起|总和|之和|合计)(?:一共|总共)?(?:是|有|为)?(?:{cues.WH}.*)?"
)
_GAP = re.compile(_PAIR + rf"(?:相差|差距|差额|差值|差)(?:了|是|有|为)*(?P<how>{cues.WH}.*|多大)?")
_TIMES = re.compile(_PAIR + rf"(?:是|差|相差|翻)?了?{cues.WH}倍")
_WHICH = re.compile(_PAIR + rf"(?:哪一?(?:个|年|家|边)|谁)(?:更|比较|最)?(?P<more>{_MORE})(?:一些|一点)?")


def _combine(text: str, context: _Context) -> str | None:
    """兩個加起來呢, 差多少, 哪個高: operands are the parts of the last question or the last questions."""
    folded = re.sub(r"呢$", "", fold(text))
    sum_, gap, times, which = (pattern.fullmatch(folded) for pattern in (_SUM, _GAP, _TIMES, _WHICH))
    if not (sum_ or gap or times or which):
        return None
    operands = _operands(context, 3 if "三" in folded else 2, newest_first=not sum_)
    if len(operands) < 2:
        return None
    if sum_:
        return "、".join(operands[:-1]) + f"和{operands[-1]}加起來是多少"
    first, second = operands[:2]
    if times:
        return f"{first}是{second}的幾倍"
    if which:
        return f"{first}和{second}哪個{text[which.start('more') :]}"
    how = text[gap.start("how") :] if gap and gap["how"] and gap["how"] != "多大" else "多少"
    return f"{first}比{second}多{how}"


def _operands(context: _Context, count: int, newest_first: bool) -> list[str]:
    """What was spoken of last; for a comparison the larger first where the answers tell, else the newest."""
    own = [operand.text for operand in _parse(context.last).operands]
    if len(own) >= 2:
        return own
    turns = context.turns[-count:]
    results = [turn.answer.result for turn in turns]
    if newest_first and len(turns) == 2 and results[0] and results[1] and results[0].unit == results[1].unit:
        turns = tuple(sorted(turns, key=lambda turn: -(turn.answer.result.value if turn.answer.result else 0)))
    elif newest_first:
        turns = turns[::-1]
    return [describe(_standalone(turn)) for turn in turns]


# Ordinals and pronouns.
_ORDINAL = re.compile(
    r"(?:其中)?(?:的)?(?:第(?P<number>[一二三四五六七八九十]|\d+)|(?P<last>最后一))(?:个|项|家|位|点|条|种|支|只|款|座|所|类|名)"
)
_DIGITS = "一二三四五六七八九十"


def _ordinal(text: str, context: _Context) -> str | None:
    match = _ORDINAL.search(fold(text))
    if match is None or match.start() > 2:
        return None
    items = _listed(context.turns[-1].answer.text)
    number = match["number"] or "0"
    position = int(number) if number.isdigit() else _DIGITS.index(number) + 1
    if not 0 <= position <= len(items):
        return None
    item, rest = items[position - 1], text[match.end() :]
    return f"{item}是什麼" if re.fullmatch(r"呢?", fold(rest)) else text[: match.start()] + item + rest


def _listed(answer: str) -> list[str]:
    """The items of a list in an answer, in its order; empty when it holds none."""
    runs = [
        re.split(r"[、;；]|以及|(?:^|\s)\d[.)]", run) for run in re.split(r"[。:：]|包括|分别是|分別是|\n\n", answer)
    ]
    best = max(runs, key=len)
    if len(best) < 2:
        best = max((re.split(r"[,，]|\band\b", run) for run in answer.split("。")), key=len)
    if len(best) < 2:
        return []
    head, *others = (item.strip(" ,，。.;") for item in best)
    last = re.split(r"[和及與与]", others[-1]) if others else []
    items = [re.split(r"[,，是為为有]", head)[-1], *others[:-1], *(last if len(last) == 2 else others[-1:])]
    return [item.strip() for item in items if item.strip()]


_HEADS = (
    "公司|企业|集团|基金|园区|区|市|县|省|地方|地区|城市|平台|项目|产业|行业|机构|大学|学校|学院|系统|产品|方案|计划|政策|街道|实验室|中心|人|银行|医院|工程|"
    "科学家|作者|作家|导演|演员|球员|国家|岛|山|河|湖|寺|建筑|书|小说|电影|动物|植物|组织|团队|品牌|模型|指标|领域|创始人|老师|教授"
)
_DEMONSTRATIVE = re.compile(
    rf"(?:这|那|该|此|本)(?:一)?(?:家|个|座|所|支|只|款|项|位|间|种|片|条|部|本|类|套|名|笔|只)?(?P<head>{_HEADS})(?!公里|块)"
)
_PERSON = re.compile(r"[他她](?!们)(?:人)?")
_IT = re.compile(
    r"它们?|[这那]一?(?:家|个|座|所|支|只|款|项|位)(?=[的是有在叫由占多])|^其(?!中|他|它|余|实|次)|前者|后者"
)
_THERE = re.compile(r"这里|那里|这儿|那儿|当地|(?:在)?(?:里面|里头|其中|当中)")
_THEN = re.compile(r"那一?年|这一?年|当年|同一?年|当时|那时候?|同期")


def _pronoun(text: str, context: _Context) -> str | None:
    """它, 這家公司, 前者, 他, 裡面, 那一年 → what they stand for."""
    folded = fold(text)
    if (match := _THEN.search(folded)) and (moment := _last_time(context)):
        text = text[: match.start()] + moment + text[match.end() :]
        return _pronoun(text, context) or _subjectless(text, context) or text
    for pattern in (_DEMONSTRATIVE, _PERSON, _IT, _THERE):
        match = pattern.search(folded)
        if match and not _has_subject(text[: match.start()]) and (name := _antecedent(pattern, match, context)):
            return _put(name, pattern is _THERE, text, match)
    return None


def _has_subject(before: str) -> bool:
    return any(piece.sort in {"noun", "place"} for piece in _pieces(before)) if before.strip() else False


def _put(name: str, inside: bool, text: str, match: re.Match[str]) -> str:
    before, after = text[: match.start()], text[match.end() :]
    word = match.group()
    link = (
        "中" if inside and word in {"其中", "当中"} else "裡" if inside and "里" in word and word[0] in "里在" else ""
    )
    if fold(name).endswith(fold(after)) and after:
        return before + name
    return before + name + link + after


def _antecedent(pattern: re.Pattern[str], match: re.Match[str], context: _Context) -> str:
    if match.group() in {"前者", "后者"}:
        operands = [operand.text for operand in _parse(context.last).operands] or [
            _subjects(_standalone(turn))[0] for turn in context.turns[-2:] if _subjects(_standalone(turn))
        ]
        return operands[0 if match.group() == "前者" else -1] if operands else ""
    if pattern is _PERSON:
        return _person(context) or topic(context)
    if pattern is _DEMONSTRATIVE:
        head = match["head"]
        wanted = "区市县省" if head in {"区", "市", "县", "省", "城市", "地区", "地方"} else head
        fitting = topic(context, lambda name: fold(name)[-1:] in wanted or fold(name).endswith(head))
        return fitting or topic(context)
    return topic(context)


def _person(context: _Context) -> str:
    for turn in reversed(context.turns):
        if re.search(r"谁|什么人|哪一?位|\bwho\b", fold(_standalone(turn))) and (name := _named_in_answer(turn)):
            return name
        for text in (_standalone(turn), turn.answer.text):
            folded = fold(text)
            names = [Span(start, start + len(word)).of(text) for word, tag, start in _tokens(folded) if tag == "nr"]
            if fitting := [name for name in names if 2 <= len(name) <= 4 and name not in _standalone(turn)] or names:
                return fitting[-1]
    return ""


def _last_time(context: _Context) -> str:
    for turn in reversed(context.turns):
        for text in (turn.answer.text if _asks_time(_standalone(turn)) else "", _standalone(turn)):
            if spans := [period.span for period in periods_in(fold(text))]:
                return spans[-1].of(text)
    return ""


def _asks_time(question: str) -> bool:
    return bool(_parse(question).kinds & {Kind.YEAR, Kind.DATE})


# Ellipsis: a fragment changes one slot of the last question.
_CONVERSION = re.compile(
    r"(?:(?:换算|换|折算|折合|转换|转)(?:成|为)?|用|以|按)(?P<unit>.+?)(?:来?(?:计算?|表示|算|说|讲))?(?:的话)?(?:呢|(?:大概|大约|约)?(?:是|有|为)?"
    + cues.WH
    + r"(?P<again>.*))?"
)
_CONVERSION_ASKED = re.compile(
    r"(?:大概|大约)?(?:相当于|等于|折合|约合|合|也就是|就是|是)" + cues.WH + r"(?P<unit>[百千万亿]*.+)"
)


def _convert(text: str, context: _Context) -> str | None:
    folded = fold(text)
    match = _CONVERSION.fullmatch(folded) or _CONVERSION_ASKED.fullmatch(folded)
    if match is None or not _is_unit(match["unit"]):
        return None
    unit = Span(*match.span("unit")).of(text)
    return f"{describe(context.last)}換算成{unit}是多少"


def _is_unit(text: str) -> bool:
    name = re.sub(r"^[百千万亿]+", "", text)
    name = cues.UNIT_NAMES.get(name, name)
    return bool(UNIT.fullmatch(name)) and unit_kind(name) not in {Kind.DATE, Kind.COUNT}


def _elliptical(text: str, context: _Context, forced: bool = False) -> str | None:
    """那全市呢, 2023年的呢, 市級的有多少 → the last question with that slot changed."""
    fragment = _fragment(text, forced)
    return None if fragment is None else _changed(fragment, context)


def _fragment(text: str, forced: bool) -> str | None:
    folded = fold(text)
    bare = re.sub(r"(?:的话)?[呢吧啊呀]$", "", folded)
    if len(bare) > MAX_FRAGMENT or not bare or _IMPERATIVE.match(bare):
        return None
    if not _WH.search(bare):
        is_marked = forced or bare != folded
        return text[: len(bare)] if is_marked or not any(tag == "v" for _w, tag, _s in _tokens(bare)) else None
    tail = _TAIL.search(bare)
    if (
        tail
        and tail.start()
        and (_is_slot(text[: tail.start()]) or bare[tail.start() - 1] == "的" or _is_moment(text[: tail.start()]))
    ):
        return text[: tail.start()]
    return None


def _is_moment(text: str) -> bool:
    folded = fold(text)
    return bool(_AFTER_EVENT.search(folded) or _MOMENT.fullmatch(folded)) and len(folded) <= 12


def _changed(fragment: str, context: _Context) -> str | None:
    """The last question with the slots that the fragment names changed; the others stay."""
    base = context.last
    times = [piece.span for piece in _pieces(fragment) if piece.sort == "time"]
    if _is_moment(fragment) and not periods_in(fold(fragment)):
        return _with_time(base, re.sub(r"的$", "", fragment))
    rest = fragment
    for span in reversed(times):
        base = _with_time(base, span.of(fragment))
        rest = rest[: span.start] + rest[span.end :]
    rest = rest.strip(" 的,，在")
    if not rest:
        return base
    places = [piece.span for piece in _pieces(rest) if piece.sort == "place"]
    if places:
        base = _with_place(base, Span(places[0].start, places[-1].end).of(rest))
        rest = (rest[: places[0].start] + rest[places[-1].end :]).strip(" 的,，在")
    return _with_noun(base, rest, context) if rest else base


def _with_time(base: str, time: str) -> str:
    spans = [piece.span for piece in _pieces(base) if piece.sort == "time"]
    folded = fold(base)
    if not spans:
        lead = _COURTESY.match(folded)
        at = lead.end() if lead else 0
        return base[:at] + time + base[at:]
    first, last = spans[-1], spans[-1]
    if len(spans) > 1 and re.fullmatch(r"\s*(?:到|至|[-—–~]+)\s*", folded[spans[-2].end : last.start]):
        first = spans[-2]
    return base[: first.start] + time + base[last.end :]


def _with_place(base: str, place: str) -> str:
    pieces = _pieces(base)
    spans = [piece.span for piece in pieces if piece.sort == "place"]
    if spans:
        target = spans[0]
        for span in spans[1:]:
            target = Span(target.start, span.end) if span.start == target.end else target
        return base[: target.start] + place + base[target.end :]
    if institutions := [p.span for p in pieces if p.sort == "noun" and _INSTITUTION.search(fold(p.span.of(base)))]:
        return base[: institutions[0].start] + place + base[institutions[0].end :]
    at = pieces[0].span.end if pieces and pieces[0].sort == "time" and pieces[0].span.start == 0 else 0
    return base[:at] + place + base[at:]


def _with_noun(base: str, noun: str, context: _Context) -> str:
    folded = fold(noun)
    if _PER.fullmatch(folded):
        return _with_per(base, noun)
    if _PROPERTY.fullmatch(folded):
        return _with_property(base, noun)
    nouns = [piece.span for piece in _pieces(base) if piece.sort == "noun"]
    if not nouns:
        return _with_place(base, noun)
    if target := _alike(base, folded, nouns):
        return base[: target.start] + noun + base[target.end :]
    if _names_entity(noun, context.index):
        first = nouns[0]
        return _with_place(base, noun) if len(nouns) == 1 and _is_measure(first.of(base)) else _swap(base, first, noun)
    return _swap(base, _head(base, nouns), noun)


def _with_per(base: str, per: str) -> str:
    if match := cues.PER.search(fold(base)):
        return base[: match.start()] + per + base[match.end() :]
    nouns = [piece.span for piece in _pieces(base) if piece.sort == "noun"]
    at = nouns[0].start if nouns else 0
    return base[:at] + per + base[at:]


def _with_property(base: str, name: str) -> str:
    about = describe(base)
    if match := _PROPERTY.search(fold(about)):
        about = about[: match.start()]
    return f"{about}{name}是多少"


def _alike(base: str, folded: str, nouns: Sequence[Span]) -> Span | None:
    """The noun, or the modifier in it, that ends like the fragment (國家級創新載體, 市級 → 國家級)."""
    text, best = fold(base), (0, Span(0, 0))
    for noun in nouns:
        ends = [start + len(word) for word, _tag, start in _tokens(text) if noun.start < start + len(word) <= noun.end]
        for end in ends:
            common = 0
            while common < min(len(folded), end - noun.start) and folded[-1 - common] == text[end - 1 - common]:
                common += 1
            if common > best[0] and (end == noun.end or common < len(folded)):
                best = (common, Span(noun.start, end))
    return best[1] if best[0] else None


def _swap(base: str, target: Span, noun: str) -> str:
    """Put a noun in the place of another; the other's property stays and its measure word goes."""
    old = fold(target.of(base))
    kept = ""
    if (match := _PROPERTY.search(old)) and match.start() and not _PROPERTY.search(fold(noun)):
        kept = target.of(base)[match.start() :]
    before = base[: target.start]
    for asked in cues.ASKED_UNIT.finditer(fold(base)):
        if asked.end() == target.start and asked["unit"] and fold(noun)[-2:] != old[-2:]:
            before = base[: asked.start("unit") - len(asked["scale"])]
    return before + noun + kept + base[target.end :]


def _head(base: str, nouns: Sequence[Span]) -> Span:
    """The noun that is measured: the one counted after the question word, else the first before it."""
    folded = fold(base)
    asked = _WH.search(folded)
    after = [span for span in nouns if asked and span.start >= asked.end()]
    return after[0] if after else nouns[-1] if "占" not in folded else nouns[0]


def _is_measure(noun: str) -> bool:
    return bool(_METRIC_END.search(fold(noun))) or bool(cues.WEAK.search(fold(noun)))


def _names_entity(noun: str, index: Sources) -> bool:
    """Whether a noun names somebody rather than something measured: by its ending, its tag, or the ledger."""
    folded = fold(noun)
    if _INSTITUTION.search(folded):
        return True
    if _METRIC_END.search(folded):
        return False
    tokens = _tokens(folded)
    if any(tag in {"ns", "nr", "nt", "nz", "nrt", "eng", "x"} for _word, tag, _start in tokens):
        return True
    entities = metrics = 0
    for figure in index.ledger:
        entities += folded in fold(figure.entity)
        metrics += folded in fold(figure.metric)
    return entities > metrics


# A predicate without its subject.
_OF_METRIC = re.compile(
    rf"(?:大概|大约|约|又|也|总共|已经|一共)?(?:同比|环比|比(?:上年|去年|上一年)|{cues.CHANGE_WORD}|翻|占(?!地|用)|排(?!放)|位居|位列|超过|高于|低于|高出|是{cues.WH}$)"
)
_PREDICATE = re.compile(
    r"(?:什么时候|何时|哪一?年|何年|为什么|为何|怎么|怎样|如何|谁|在哪|哪里|多[大高长久远重]|什么|啥|有没有|是不是|是否|总共|一共|共|大概|大约|已经|现在|目前)?"
    r"(?:由|被|是|有|在|叫|位于|属于|为|拥有|共有|占地|还|又|也|都)?"
)


def _subjectless(text: str, context: _Context) -> str | None:
    """什麼時候成立的, 有多少員工, 增長了多少 → with the last subject, or with all that the last question measured."""
    folded = fold(text)
    if _IMPERATIVE.match(folded) or not _WH.search(folded) and not _OF_METRIC.match(folded):
        return None
    if _OF_METRIC.match(folded) and _parse(context.last).is_numeric:
        return describe(context.last) + text
    pieces = [piece for piece in _pieces(text) if piece.sort != "time"]
    if any(piece.sort == "place" for piece in pieces):
        return None
    name = topic(context)
    if not name or fold(name) in folded:
        return None
    opening = _PREDICATE.match(folded)
    starts_bare = bool(opening and opening.end()) or bool(pieces and pieces[0].sort == "verb")
    if starts_bare and folded.startswith("谁"):
        starts_bare = not any(piece.sort == "noun" for piece in pieces)
    if starts_bare or _belongs(text, name, context.index):
        return _joined(name, text)
    return None


def _joined(name: str, text: str) -> str:
    times = [piece.span for piece in _pieces(text) if piece.sort == "time"]
    if times and times[0].start == 0:
        return times[0].of(text) + name + text[times[0].end :].lstrip("的")
    return name + text


@lru_cache(maxsize=256)
def _folded_lines(text: str) -> tuple[str, ...]:
    return tuple(fold(text).splitlines())


def _belongs(text: str, name: str, index: Sources) -> bool:
    """Whether the nouns of a question are told of the topic in the documents, or told of nobody there."""
    terms = [term for term in _parse(text).terms if term.weight > 0.3]
    if not terms or any(term.name for term in terms):
        return False
    wanted = [(term.text, *term.alternatives) for term in terms]
    seen = False
    for document in index.documents:
        for line in _folded_lines(document.readable):
            if all(any(word in line for word in words) for words in wanted):
                seen = True
                if fold(name) in line:
                    return True
    return not seen


# ── English ─────────────────────────────────────────────────────────────────────────────────

_ENGLISH_LEAD = re.compile(
    r"^(?:(?:and|but|so|ok|okay|then|also|now|well)\b[,\s]*)*(?:(?:what|how) about\b|what of\b)?[,\s]*", re.I
)
_ENGLISH_CORRECTION = re.compile(
    r"^(?:(?:no|sorry|actually|wait)\b[,.!\s]*)*(?:not [\w .'-]+?[,;]\s*(?:but\s+)?)?(?:i (?:meant|mean|was asking (?:about|for)|am asking (?:about|for)|asked (?:about|for))|make that)\s+(?P<rest>.+)$",
    re.I,
)
_ENGLISH_WH = re.compile(
    r"\b(?:what|how|who|whom|whose|when|where|which|why|is|are|was|were|does|do|did|has|have|can|could|will)\b", re.I
)
_NAME = re.compile(r"(?:(?<=\s)|^)(?:the\s+)?[A-Z][\w&-]*(?:['’](?!s\b)\w+)?(?:\s+(?:of\s+|and\s+)?(?:[A-Z][\w&-]*))*")
_NOT_NAME = frozenset(
    "What How Who When Where Which Why Is Are Was Were Does Do Did Has Have The And In By GDP R&D AI It Its He She They That This Can Could".split()
)
_IT_ENGLISH = re.compile(
    r"\b(?P<own>its|their|his|her)\b|\b(?P<it>it|they|he|she|him|them|there)\b|\b(?:that|this|the|said) (?P<head>company|firm|fund|district|city|park|university|"
    r"project|platform|province|county|enterprise|group|institution|school|bank|person|founder|area|place|team|laboratory|lab)\b(?!\s+(?:of|in|that|which|for)\b)",
    re.I,
)
_TIME_ENGLISH = re.compile(r"(?:\b(?:in|for|during|by|since|at)\s+)?(?:the\s+)?$", re.I)


def _english(question: str, context: _Context) -> str | None:
    text = question.rstrip("?!. ")
    if match := _ENGLISH_CORRECTION.match(text):
        rest = match["rest"]
        return _english_changed(rest, context) if not _is_english_clause(rest) else rest
    lead = _ENGLISH_LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    for move in (_english_combine, _english_pronoun):
        if (found := move(rest, context)) is not None:
            return _sentence(found)
    if rest and not _is_english_clause(rest) and len(rest.split()) <= 12:
        return _english_changed(rest, context)
    return _english_subjectless(rest, context)


def _is_english_clause(text: str) -> bool:
    return bool(
        re.match(
            _ENGLISH_WH.pattern + r"|(?:tell|list|describe|explain|name|give|show|compare|summari[sz]e)\b", text, re.I
        )
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else "?")


def _english_names(text: str) -> list[Span]:
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and words[0] in _NOT_NAME:
            words = words[1:]
        if words and " ".join(words) not in _NOT_NAME:
            found.append(Span(match.end() - len(" ".join(words)), match.end()))
    return found


def _english_subjects(question: str) -> list[str]:
    names = [re.sub(r"['’]s$", "", span.of(question)) for span in _english_names(question)]
    if names:
        return names
    match = re.search(
        r"\b(?:is|are|was|were|did|does|do|of|in)\s+(?P<noun>(?:the|a|an)\s+[\w' -]+?)(?=\s+(?:in|have|has|founded|start|make|made|sell|\d)|[?.]|$)",
        question,
        re.I,
    )
    return [match["noun"]] if match else []


def _english_changed(fragment: str, context: _Context) -> str:
    base = context.last
    fragment = fragment.strip(" ,")
    periods = periods_in(fold(fragment))
    if periods:
        rest = fragment[: periods[0].span.start] + fragment[periods[-1].span.end :]
        if not re.sub(r"\b(?:in|for|during|by|at|the|year|of)\b", "", rest, flags=re.I).strip(" ,"):
            return _english_with_time(base, Span(periods[0].span.start, periods[-1].span.end).of(fragment))
    if unit := re.fullmatch(r"(?:in|converted? (?:in)?to|as)\s+(?P<unit>[\w ]+)", fragment, re.I):
        if _is_unit(fold(re.sub(r"^(?:us|u\.s\.)\s+", "us ", unit["unit"], flags=re.I))):
            return _sentence(f"{base.rstrip('?. ')} converted to {unit['unit']}")
    noun = re.sub(r"^(?:in|for|of|at|by)\s+", "", fragment, flags=re.I)
    names = _english_names(base)
    if names and (
        _english_names(noun)
        or cues.SCOPE.search(fold(noun))
        or re.fullmatch(r"the (?:whole |entire )?(?:city|province|country|nation|district|world)", noun, re.I)
    ):
        return _sentence(base[: names[0].start] + noun + base[names[0].end :].rstrip("?"))
    counted = re.search(
        r"(?:how (?:many|much)|what (?:is|was|are|were)(?: the)?(?: [A-Z]\w+'s)?)\s+(?P<noun>.+?)(?=\s+(?:are|is|were|was|do|does|did|have|has|had|of|in|for|account|make)\b|\?|$)",
        base,
        re.I,
    )
    if counted and not re.match(r"(?:is|are|was|were|do|does|did)\b", counted["noun"], re.I):
        start, end = counted.span("noun")
        return _sentence(base[:start] + re.sub(r"^the\s+", "", noun) + base[end:].rstrip("?"))
    if subjects := _english_subjects(base):
        return _sentence(base.replace(subjects[0], noun, 1).rstrip("?"))
    return _sentence(f"{base.rstrip('?. ')} for {noun}")


def _english_with_time(base: str, time: str) -> str:
    spans = [period.span for period in periods_in(fold(base))]
    if spans:
        return base[: spans[0].start] + time + base[spans[-1].end :]
    link = "" if re.match(r"(?:this|last|next)\b", time, re.I) else "in "
    return _sentence(f"{base.rstrip('?. ')} {link}{time}")


def _english_pronoun(text: str, context: _Context) -> str | None:
    if not _is_english_clause(text):
        return None
    match = next((m for m in _IT_ENGLISH.finditer(text) if not _english_names(text[: m.start()])), None)
    if match is None or re.search(r"\bhow many (?:[\w-]+ )*(?:are|were) there$", text, re.I):
        return None
    is_person = (match["own"] or match["it"] or "").lower() in {"he", "she", "him", "his", "her"}
    name = (_person(context) if is_person else "") or topic(context)
    if not name:
        return None
    word = f"{name}'s" if match["own"] else f"in {name}" if (match["it"] or "").lower() == "there" else name
    return text[: match.start()] + word + text[match.end() :]


def _english_describe(question: str) -> str:
    text = question.rstrip("?. ")
    if match := re.match(r"what (?:is|was|are|were)\s+(?P<rest>.+)$", text, re.I):
        return match["rest"]
    if match := re.match(
        r"how (?:many|much)\s+(?P<noun>.+?)\s+(?:are|is|were|was)(?: there)?\s+(?P<rest>.+)$", text, re.I
    ):
        return f"{match['noun']} {match['rest']}"
    if match := re.match(
        r"how (?:many|much)\s+(?P<noun>.+?)\s+(?:does|do|did)\s+(?P<name>.+?)\s+(?:have|own|has)\b(?P<rest>.*)$",
        text,
        re.I,
    ):
        return f"{match['noun']} of {match['name']}{match['rest']}"
    if match := re.match(r"how (?:large|big)\s+(?:is|was)\s+(?P<rest>.+)$", text, re.I):
        return f"the area of {match['rest']}"
    return re.sub(r"^how (?:many|much)\s+", "", text, flags=re.I)


_ENGLISH_SUM = re.compile(
    r"(?:what (?:is|are|do)\s+)?(?:they|these|those|both|the two|it)?\s*(?:add up|altogether|together|combined|in total|the sum|the total|sum)\b.*",
    re.I,
)
_ENGLISH_GAP = re.compile(
    r"(?:what(?:'s| is)\s+)?(?:the )?(?:difference|gap)(?: between (?:them|the two|those|these))?|how (?:much|many)(?: more| less| larger| higher| fewer)(?: is (?:it|that))?(?: than (?:it|that|before))?",
    re.I,
)
_ENGLISH_TIMES = re.compile(
    r"how many times(?: (?:larger|bigger|more|higher|that|as (?:much|many|large)))*(?: is (?:it|that))?(?: (?:than )?(?:it|that))?",
    re.I,
)
_ENGLISH_THAN = re.compile(
    r"how (?:much|many) (?:more|less|larger|higher|fewer|bigger)(?: is (?:it|that))? than (?:in )?(?P<other>.+)|how does (?:it|that|this) compare (?:to|with) (?P<with>.+)",
    re.I,
)


def _english_combine(text: str, context: _Context) -> str | None:
    if (match := _ENGLISH_THAN.fullmatch(text)) and fold(match["other"] or match["with"]) not in {
        "it",
        "that",
        "before",
    }:
        other = _english_changed(match["other"] or match["with"], context)
        return f"what is the difference between {_english_describe(context.last)} and {_english_describe(other)}"
    sum_, gap, times = (p.fullmatch(text) for p in (_ENGLISH_SUM, _ENGLISH_GAP, _ENGLISH_TIMES))
    if len(context.turns) < 2 or not (sum_ or gap or times):
        return None
    first, second = (_english_describe(_standalone(turn)) for turn in reversed(context.turns[-2:]))
    if sum_:
        return f"what is the sum of {second} and {first}"
    if times:
        return f"how many times is {first} as large as {second}"
    return f"what is the difference between {first} and {second}"


def _english_subjectless(text: str, context: _Context) -> str | None:
    """``Who founded?``, ``How many employees?`` → with the last subject."""
    name = topic(context)
    if _english_names(text) or not name or len(text.split()) > 6 or periods_in(fold(text)):
        return None
    if re.fullmatch(r"how (?:many|much) [\w -]+?", text, re.I) and not re.search(
        r"\b(?:are|is|do|does|did|have|has|in)\b", text, re.I
    ):
        return _sentence(f"{text} does {name} have")
    if re.fullmatch(
        r"(?:when|where) (?:founded|established|started|built|located|based)|founded when|since when", text, re.I
    ):
        word = text.split()
        return _sentence(f"{word[0]} was {name} {word[-1]}")
    return None
