"""The pieces of a Chinese question: times, places, nouns and verbs, and what the question asks about.

Closed-class words and the tags of jieba only. Offsets are found in folded text and hold in the original, since folding
keeps the length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import rjieba

from yinju.figures import cues
from yinju.figures.periods import periods_in
from yinju.figures.query import FigureQuestion, parse_question
from yinju.figures.units import MEASURE as MEASURE_WORD
from yinju.figures.units import UNIT
from yinju.text import fold
from yinju.types import Span

WH = re.compile(
    cues.WH + r"|(?:什么|啥)(?:时候|时间|年份|地方|原因)?|谁|哪一?[年天月里儿个家所座位支只款种项些]?|"
    r"何(?:时|年|处|人|地|种)|为何|为什么|如何|"
    r"怎么|怎样|吗$|是否|是不是|有没有|"
    r"多[大高长久远重深宽厚快](?!的)|第几|百分之几|几分之几"
)
ASKED = re.compile(
    cues.WH + rf"(?:来|多)?(?:个(?=[百千万亿](?!分)))?(?P<scale>[百千万亿]*)"
    rf"(?P<unit>个人(?![才工均民口])|{UNIT.pattern.replace('?P<unit>', '?:')}|"
    rf"{MEASURE_WORD.pattern.replace('?P<unit>', '?:')}|美金|块|套)?(?![级型类])"
)
"""A question word with its measure word (多少家), but 多少國家級… without 國家."""
MOMENT = re.compile(
    r"现在|目前|当前|如今|最初|最早|最开始|一开始|刚开始|当初|起初|原先|原来|原本|以前|过去|后来|最近|年初|年末|年底|"
    r"早期|初期|后期"
)
_AFTER_EVENT = re.compile(r"的?(?:时候|之初|之前|之后|以前|以后|时期|时|前|后|那年|当年|那时)$")
_EVENT_END = frozenset(["时", "时候", "前", "后", "之前", "之后", "以前", "以后", "之初", "时期"])
_ADVERBS = frozenset(["以前", "以后", "之前", "之后"])
_NAME_TAGS = frozenset({"nr", "ns", "nt", "nz", "eng"})
# Particles, prepositions, conjunctions, auxiliaries, and the few verbs that only link a thing to its number.
_BREAKS = frozenset(
    ["是", "有", "占", "为", "达", "达到", "在", "的", "比", "和", "与", "跟", "及", "或", "了", "过", "着",
     "共", "总共", "一共", "共有", "大概", "大约", "约", "就", "都", "也", "还", "又", "被", "由", "把", "对",
     "从", "到", "至", "于", "位于", "拥有", "超过", "突破", "占据", "总", "这", "那", "其", "其中", "请问",
     "想", "知道", "得", "会", "能", "要", "里", "中", "上", "内", "里面", "以", "让", "给", "向", "呢", "吗",
     "吧", "啊", "呀", ",", "?", "!", "、", ";", ":", ".", "，", "。", "等于", "相当于", "请", "我", "你",
     "换算", "成", "各", "分别", "主要", "原", "预计", "同比", "环比"]
)  # fmt: skip
INSTITUTION = re.compile(
    r"(?:公司|集团|科技|大学|学院|研究院|银行|医院|学校|中心|实验室|平台|基金|园|园区|城|科学城|科教城|新区|机场|港|街道|协会|联盟|"
    r"委员会|局|部|厅|工程|项目|计划|方案|系统|模型|论坛|基地|工厂|厂|院|馆|站|股份|保险|证券|航空|电视|电子|通信|医疗|铁路|大桥|景区)$"
)
_PLACE_END = re.compile(r"(?:省|市|区|县|州|镇|乡|旗|盟|国|村|街道)$")
REGION = re.compile(
    r"全国|全球|全世界|世界|全省|全市|全区|全县|全州|全镇|国内|海外|国外|境外|本市|本省|本区|我国|我省|我市|我区|平均水平"
)
MAX_INSTITUTION = 10
"""A name of an institution that begins with a place and a verb (深圳虛擬大學園) is no longer than this."""
_WIDE = re.compile(r"全国|全球|全世界|世界")
_SCHOOL = re.compile(r"(?:高中|初中|[中小大]学|学校|城市)$")
AREA_NOUNS = frozenset(
    ["高新区", "工业区", "开发区", "示范区", "保护区", "自贸区", "科技园区", "产业园区", "各省市", "上市",
     "城市", "超市", "城镇", "乡镇", "县市", "区县", "市区", "社区", "地区", "园区", "山区", "城区"]
)  # fmt: skip
PROPERTY = re.compile(
    r"(?:(?:同比|环比|年均|实际|名义)?(?:增长速度|增长率|增速|增幅|涨幅|降幅|增长)|同比|环比|占比|(?:占gdp)?比重|份额|市占率|"
    r"排名|名次|强度|密度|(?:变化|变动|增减)(?:率|幅度|情况)?|目标|预期目标|计划|预期)$"
)
LEVEL = re.compile(r"(?:总量|总额|总数|总值|金额|数额|绝对值|绝对数|绝对数额|规模)")
"""What asks for the value itself where its growth or share was asked for."""
MEASURE = re.compile(
    r"(?:率|值|量|浓度|[起件次]数|总?额|面积|人口|收入|支出|投入|投资|规模|营收|利润|gdp|价格|售价|强度|寿命|人数|总数|数量|经费|存款|贷款|余额|"
    r"用户数|户数|密度|参数|客流|人次|花费|资本|资金|金额|存量|比例|比重)$"
)
"""Nouns that name something measured of something else (種植面積, 增加值), as against things that are counted."""

IMPERATIVE = re.compile(r"^(?:请|介绍|说明|列出|列举|概括|总结|解释|告诉|比较|描述|谈谈|说说|翻译|写|帮|给|你)")
"""How an order begins, which lacks nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that belong together.

    Attributes:
        span: Where it stands in the question.
        sort: ``time``, ``place``, ``noun`` or ``verb``.
    """

    span: Span
    sort: str


@lru_cache(maxsize=512)
def parsed(question: str) -> FigureQuestion:
    """Parse a question once."""
    return parse_question(question)


@lru_cache(maxsize=1024)
def tokens(folded: str) -> tuple[tuple[str, str, int], ...]:
    """Cut folded text into (word, tag, offset); dates stand by themselves."""
    edges = [0, *(edge for date in periods_in(folded) for edge in (date.span.start, date.span.end)), len(folded)]
    found: list[tuple[str, str, int]] = []
    for start, end in pairwise(edges):
        position = start
        for word, tag in rjieba.tag(folded[start:end], True):
            position = folded.index(word, position)
            found += _parted(word, tag, position)
            position += len(word)
    return tuple(found)


def _parted(word: str, tag: str, start: int) -> list[tuple[str, str, int]]:
    """Part a guessed word from the particle it ends with (城在 → 城, 在)."""
    if len(word) > 1 and word[-1] in "在是有占的" and rjieba.cut(word, False) != [word]:
        return [(word[:-1], "n", start), (word[-1], "v", start + len(word) - 1)]
    return [(word, tag, start)]


@lru_cache(maxsize=512)
def pieces(question: str) -> tuple[Piece, ...]:
    """Cut a Chinese question into its pieces, in order; question words and particles are dropped."""
    folded = fold(question)
    times = _times(folded)
    wh = [Span(*match.span()) for pattern in (ASKED, WH) for match in pattern.finditer(folded)]
    names = {term.text for term in parsed(question).terms if term.name}
    found = [Piece(span, "time") for span in times]
    run: list[tuple[str, str, int]] = []
    words = tokens(folded)
    for number, token in enumerate((*words, (",", "x", len(folded)))):
        word, tag, start = token
        span = Span(start, start + len(word))
        is_inside = word in {"上", "中", "内"} and number > 0 and len(words[number - 1][0]) == 1
        is_particle = word in _BREAKS and not is_inside and not _is_attributive(words[number : number + 3])
        is_break = is_particle or tag == "y" or any(span.overlaps(other) for other in (*times, *wh))
        is_verb = not is_break and tag == "v" and _governs(folded, span, wh, number, words)
        if not is_break and not is_verb and not word.isspace():
            run.append(token)
            continue
        is_counted = bool(run) and any(other.end == run[0][2] for other in wh)
        found += _divide(run, names, is_counted)
        run = []
        if is_verb:
            found.append(Piece(span, "verb"))
    return tuple(sorted(found, key=lambda piece: piece.span))


def _is_attributive(words: Sequence[tuple[str, str, int]]) -> bool:
    """Whether 在 only says which (在庫單位, 在建的): one syllable follows, and then the noun."""
    if len(words) < 3 or words[0][0] != "在":
        return False
    _at, (word, tag, _start), (after, noun, _end) = words
    return len(word) == 1 and tag[0] in "nvgq" and word not in _BREAKS and (noun[0] == "n" or after == "的")


def spans_of(question: str, sort: str) -> list[Span]:
    """Where the pieces of one sort stand."""
    return [piece.span for piece in pieces(question) if piece.sort == sort]


@lru_cache(maxsize=512)
def _times(folded: str) -> tuple[Span, ...]:
    """Where a question says when: dates, 目前 and the like, 建區時, 改造前."""
    spans = [period.span for period in periods_in(folded)]
    spans += [Span(*match.span()) for match in MOMENT.finditer(folded)]
    words = tokens(folded)
    spans += [Span(start, start + 1) for word, _tag, start in words if word == "原"]
    for number, (word, _tag, start) in enumerate(words):
        if word not in _EVENT_END or not number:
            continue
        first = number - 2 if words[number - 1][0] == "的" and number > 1 else number - 1
        if words[first][1] in _NAME_TAGS and word in _ADVERBS:
            spans.append(Span(start, start + len(word)))
        elif words[first][1] not in {"m", "r", "x"} and words[first][0] not in _BREAKS:
            spans.append(Span(words[first][2], start + len(word)))
    ordered: list[Span] = []
    for span in sorted(spans):
        more = (
            1
            if folded[span.end - 1 : span.end] == "年" and folded[span.end : span.end + 1] in {"末", "底", "初"}
            else 0
        )
        if not any(span.overlaps(other) for other in ordered):
            ordered.append(Span(span.start, span.end + more))
    return tuple(ordered)


def _governs(folded: str, span: Span, wh: Sequence[Span], number: int, words: tuple[tuple[str, str, int], ...]) -> bool:
    """Tell a verb with a question word for its object or adverb from one inside a noun (研發投入)."""
    after = folded[span.end :].lstrip("了过于到在着")
    position = len(folded) - len(after)
    before = folded[: span.start].rstrip()
    if any(other.start == position for other in wh) or any(other.end == len(before) for other in wh):
        return True
    return number > 0 and words[number - 1][1] in {"d", "p"} and words[number - 1][0] != "以"


def _divide(run: Sequence[tuple[str, str, int]], names: set[str], is_counted: bool) -> list[Piece]:
    """Divide a run of nouns into the place it begins with and the rest; a name of an institution stays whole.

    What is counted stays whole too where it begins with 全國 and the like (幾個全國重點實驗室).
    """
    if not run:
        return []
    whole = Span(run[0][2], run[-1][2] + len(run[-1][0]))
    text = "".join(word for word, _tag, _start in run)
    n_place = _n_place_words(run, text, names)
    if is_counted and _WIDE.fullmatch(run[0][0]):
        return [Piece(whole, "noun")]
    if n_place == len(run):
        return [Piece(whole, "place")]
    is_verb = n_place < len(run) - 1 and run[n_place][1] == "v" and len(text) > MAX_INSTITUTION
    if not n_place or (INSTITUTION.search(text) and not REGION.search(text) and not is_verb):
        return [Piece(whole, "noun")]
    middle = run[n_place][2]
    return [Piece(Span(whole.start, middle), "place"), Piece(Span(middle, whole.end), "noun")]


def _n_place_words(run: Sequence[tuple[str, str, int]], text: str, names: set[str]) -> int:
    count = 0
    while count < len(run) and _is_place(run[count][0], run[count][1], names):
        count += 1
    if 1 < count < len(run) and _WIDE.fullmatch(run[count - 1][0]):
        count -= 1
    if 0 < count < len(run) and REGION.fullmatch(run[count - 1][0]):
        while count < len(run) and run[count][0] in {"平均", "水平", "平均水平", "平均值"}:
            count += 1
        return count
    if 0 < count < len(run) and run[count][0] in {"区", "市", "县", "省", "州", "镇", "乡", "圈"}:
        count += 1
    if count:
        return count
    match = re.match(r"[\u4e00-\u9fff]{2,4}?(?:自治区|自治州|省|市(?![圈场民值])|区|县|镇|街道)", text)
    if match is None or match.group() in AREA_NOUNS:
        return 0
    ends = [index for index, token in enumerate(run, 1) if token[2] + len(token[0]) - run[0][2] == match.end()]
    return ends[0] if ends else 0


def _is_place(word: str, tag: str, names: set[str]) -> bool:
    if REGION.fullmatch(word):
        return True
    if _SCHOOL.search(word):
        return False
    return word in names and word not in AREA_NOUNS and (tag == "ns" or bool(_PLACE_END.search(word)))


def is_slot(text: str) -> bool:
    """Whether a text is nothing but times and places."""
    rest = list(fold(text))
    for piece in pieces(text):
        if piece.sort in {"time", "place"}:
            rest[piece.span.start : piece.span.end] = " " * len(piece.span)
    return not "".join(rest).replace("的", "").strip(" ,，")


def is_moment(text: str) -> bool:
    """Whether a text says when, without a date: 建區的時候, 最初."""
    folded = fold(text)
    if len(folded) > 12 or not (_AFTER_EVENT.search(folded) or MOMENT.fullmatch(folded)):
        return False
    return not re.search(r"[是有占,，]|在.", folded) and not spans_of(text, "place")


# ── what a question asks about ──────────────────────────────────────────────────────────────

_ASK = re.compile(
    r"(?:大概|大约|总共|一共|共)?(?:是|有|为|达到?|占到?)?(?:大概|大约|总共|一共|约)?了?(?:"
    + ASKED.pattern
    + r"(?:钱)?|多[大高长久远重])的?"
)
COURTESY = re.compile(
    r"^(?:请问|请告诉我|告诉我|我想知道|想知道|麻烦|想问|问一下|那么?(?![个些年家时里边座支只款一]))[,，]?"
)
_WHEN = re.compile(r"(?:是|于)?在?(?:哪一?年|何年|什么时候|啥时候|何时|什么时间)")
_WHAT = re.compile(r"(?:是|为)?(?:什么|啥|哪[一个里年]*|谁)$")
_PREDICATE = re.compile(
    rf"(?:比(?:上年|去年|前年|上一年|前一年|\d{{4}}年)[末底]?(?:同期)?)?(?:同比|环比)?{cues.CHANGE_WORD}(?:了|到|至|幅度)?$|"
    r"占(?!地|用).*$|比重$|换算成.*$"
)


def describe(question: str) -> str:
    """Turn a question for a number into what it asks about: 「南山有多少家企業?」 → 「南山企業」."""
    text = re.sub(r"[?？!！。\s]+$|(?:呢)[?？]*$", "", question)
    if lead := COURTESY.match(fold(text)):
        text = text[lead.end() :]
    folded = fold(text)
    for match in _ASK.finditer(folded):
        before, after = text[: match.start()], text[match.end() :]
        is_share = folded[match.start()] == "占"
        if after and is_share:
            continue
        return before + ("比重" if is_share else after)
    if when := _WHEN.search(folded):
        return text[: when.start()] + re.sub("的$", "", text[when.end() :])
    rest = _WHAT.search(folded)
    return text[: rest.start()] if rest else text


def core(question: str) -> str:
    """The same without a predicate about the number: 「南山區GDP比上年增長多少」 → 「南山區GDP」."""
    text = describe(question)
    match = _PREDICATE.search(fold(text))
    return text[: match.start()] if match and match.start() > 1 else text
