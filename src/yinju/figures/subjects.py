"""Whom a text speaks about: places, organisations and stand-ins such as 全區, at the head of clauses and documents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from yinju.figures.names import organisation_end, place_at

_ADMIN = r"(?:特别行政区|自治区|自治州|自治县|新区|开发区|高新区|示范区|工业区|省|市|区|县|州|盟|旗|镇|乡|街道)"
_PLACE_WORD = re.compile(rf"[\u4e00-\u9fff]{{1,8}}{_ADMIN}")
_NOT_A_PLACE = frozenset(
    (
        "新建 行政区 中欧 沿海 地区 社区 小区 城区 市区 郊区 园区 景区 灾区 辖区 特区 城市 都市 "
        "超市 上市 股市 楼市 门市 县市 老区 库区 山区 牧区 林区 片区 功能区 省市 区县 市县 县区 "
        "省区 各省 各市 各区 各县 外国 高原 平原 丘陵 盆地 项目区 建制镇 大国 农牧区 自治区 南海 "
        "全市 全省 全区 全县 全州 该市 该区 该省 该县 本市 本区 本省 本县 我市 我区 我省 我县 多省 "
        "跨省 乡镇 村镇 城镇 集镇 古镇 重点镇 中心镇 典型镇 街道 专区 战区 校区 厂区 矿区 港区 湾区 "
        "大湾区 湖区 试验区 保税区 综合保税区 合作区 核心区 集聚区 产业区 先行区 聚集区 经济区 保护区 "
        "引领区 自贸区 自贸试验区 城乡 直辖市 地级市 县级市 市辖区"
    ).split()
)
_COMMON_AREA = re.compile(
    r"(?:地|社|小|片|辖|城|校|库|老|园|景|行政|功能|经济|示范|保护|生态|集聚|产业)区$|城镇$|乡镇$"
)
# 全國 before these makes a sort of thing, it does not say whose.
_NATIONAL_KIND = re.compile(
    r"全国(?:性|重点|文明|示范|先进|劳动?模|优秀|百强|千强|试点|一流|统一|双拥|首|最|中小|青年|科普|人大|政协)"
)
_DIRECTIONS = re.compile(r"[东南西北中上下左右前后内外]+")
_RANKS = re.compile(r"[部省市区县州乡镇村]+")
_PLAIN_PLACES = frozenset("香港 澳门 台湾 新疆 西藏 内蒙古 广西 宁夏 硅谷 欧盟 东盟".split())
STAND_IN = re.compile(
    r"(?:全|该|本|我)(?P<level>省|市|区|县|州|盟|旗|镇|乡|国|港|校|院|行|集团|公司)|(?:这家|该)(?:公司|企业|"
    r"机构|集团|大学|医院|银行|学校|机场|车站|博物馆|图书馆|公园|景区|岛|湖|山|桥|铁路)"
)
"""Words that stand for a subject named before; ``level`` tells of what rank."""
_WIDE = re.compile(
    r"全国|全球|世界|国内|国际|全省|全市|全区|全县|中国|我国|亚洲|欧洲|非洲|美洲|亚太|北方|东部|中部|西部|东北"
)
ORGANISATION = re.compile(
    r"(?:公司|集团|(?<!市)企业|机构|大学|学院|研究院|研究所|医院|银行|实验室|基金|平台|集群|园区|产业园|"
    r"科教城|科学城|工业园|协会|联盟|中心|机场|"
    r"子公司|证券|保险|博物馆|图书馆|体育馆|工厂|基地|俱乐部|学校|中学|小学|团队|大桥)$"
)
_PER_UNIT = re.compile(r"每|人均|户均|亩均|地均")
_SPEECH = re.compile(r"(?:还|也|就|曾)?(?:说|表示|介绍|指出|解释|认为|坦言|透露|强调|告诉|回忆|称)")
_METRIC_END = re.compile(
    r"(?:额|量|值|率|数|收入|投资|比重|人口|产业|面积|里程|规模|水平|价格|指数|支出|结构|能力|业|产品|主体|"
    r"地|方面|人员|经济|情况)$"
)
_SKIP_TAGS = frozenset({"d", "c", "t", "r", "f", "ad"})
_SKIP_WORDS = frozenset(
    "全年 年末 年底 年初 当年 同年 期末 在 从 由 自 以 据 截至 截止 到 至 与 和 及 对 对于 随着 使 让 "
    "通过 为 其中 目前 如今 现在 同时 此外 另外 、 “ ” ‘ ’ 「 」".split()
)
_NAME_TAGS = frozenset({"ns", "nt", "nr", "nrt", "nrfg"})
_HAVE = re.compile(
    r"(?:现|共|已|还|累计|总共|均|先后|仅)*(?:拥有|占据|具有|聚集|集聚|汇聚|布局|服务|覆盖|累计|设有|下辖|"
    r"包括|共有|已有|现有|建有|入驻|聘有|有(?![望关效序]))"
)


_NEAR, _OFTEN = 6000, 3
_AFFILIATE = re.compile(
    r"(?:全资|控股|参股|下属|旗下|主要)*(?:子公司|分公司|附属公司)[\u4e00-\u9fffa-z]{2,10}?"
    r"(?=营业|营收|净利|净资|总资|员工|收入|利润|实现|完成|拥有|产值|销售|研发|贡献)"
)
"""A subsidiary with its name, up to what is measured or done: 子公司藍海數據｜實現."""
_LIST_SIGN = re.compile(r"、|等(?!级|候|待)|(?:和|与|及|以及)[\u4e00-\u9fff]{1,5}(?:、|[市县区省镇村])")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of folded text, where it stands in the document, and its part of speech (jieba's tags)."""

    start: int
    end: int
    word: str
    tag: str


def tokenise(folded: str, start: int, end: int) -> list[Token]:
    """Cut ``folded[start:end]`` into tagged words."""
    tokens, position = [], start
    for word, tag in rjieba.tag(folded[start:end]):
        tokens.append(Token(position, position + len(word), word, tag))
        position += len(word)
    return tokens


def within(tokens: Sequence[Token], start: int, end: int) -> Sequence[Token]:
    """Return the words that lie wholly in a range; ``tokens`` are in order."""
    first = bisect_left(tokens, start, key=lambda token: token.start)
    last = bisect_right(tokens, end, lo=first, key=lambda token: token.end)
    return tokens[first:last]


def is_place(token: Token) -> bool:
    """Tell whether a word is the name of a place."""
    word = token.word
    if word in _NOT_A_PLACE or len(word) < 2 or _RANKS.fullmatch(word) or _DIRECTIONS.fullmatch(word):
        return False
    if word[0] in "各每":
        return False
    if (len(word) == 2 and _PLACE_WORD.fullmatch(word) and token.tag != "ns") or _COMMON_AREA.search(word):
        return False
    return (token.tag == "ns" and not _WIDE.fullmatch(word) and _has_rank(word)) or (
        bool(_PLACE_WORD.fullmatch(word)) and token.tag[:1] == "n" and len(word) <= 8
    )


@lru_cache(maxsize=8192)
def _has_rank(word: str) -> bool:
    """Whether the dictionary knows the word as a place of some rank: 深圳 (深圳市), 南山 (南山区)."""
    if re.search(rf"{_ADMIN}$|国$", word) or word in _PLAIN_PLACES:
        return True
    return any(rjieba.has_word(word + suffix) for suffix in ("省", "市", "区", "县", "州", "镇", "岛"))


def subject_at(
    folded: str, tokens: Sequence[Token], start: int, end: int, strict: bool = False, own: Sequence[str] = ()
) -> tuple[int, int] | None:
    """Find the place, organisation or stand-in at the head of ``folded[start:end]``.

    Args:
        folded: Folded text.
        tokens: Tagged words that cover the range.
        start: Head of the clause, times and conjunctions may stand before the subject.
        end: The subject ends here at the latest.
        strict: Only places and organisations named after one; no names that are guessed from their shape.
        own: Common nouns that stand for the organisation the document is about: 公司.

    Returns:
        Start and end of the subject, or ``None`` when the clause has none of its own.
    """
    inside = within(tokens, start, end)
    index = next((i for i, token in enumerate(inside) if not _is_skipped(token, folded)), None)
    if index is None or _is_quoted_or_per_unit(folded, inside, index):
        return None
    first = inside[index]
    if _NATIONAL_KIND.match(folded, first.start, end):
        return None
    if stand_in := STAND_IN.match(folded, first.start, end):
        return first.start, max(stand_in.end(), first.end if first.word == stand_in.group() else stand_in.end())
    if first.word in own:
        return first.start, first.end
    return (
        _named_by_shape(folded, inside, index, end)
        or _possessor(folded, inside, index, strict)
        or _known_name(folded, inside, index, end, strict)
    )


def _is_quoted_or_per_unit(folded: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether words begin inside a quotation, or say per what a value is: “…, 每萬人."""
    start = tokens[index].start
    quoted = folded[start - 1 : start] in {"“", "‘", "「", '"'}
    return quoted or bool(_PER_UNIT.match(folded, start)) or (index > 0 and tokens[index - 1].word == "每")


def _known_name(folded: str, tokens: Sequence[Token], index: int, end: int, strict: bool) -> tuple[int, int] | None:
    """A place that the dictionary knows, with what belongs to it; unless ``strict``, what only looks like a name."""
    first = tokens[index]
    if not is_place(first) and (strict or not _is_guessed(folded, first)):
        return None
    last = first
    for token in tokens[index + 1 :]:
        if token.start != last.end or not (
            is_place(token) or STAND_IN.fullmatch(token.word) or re.fullmatch(_ADMIN, token.word)
        ):
            break
        last = token
    wider = _WIDER.match(folded, last.end, end)
    stop = wider.end() if wider else last.end
    return None if _goes_on_as_list(folded, stop, end) else (first.start, stop)


def _is_guessed(folded: str, token: Token) -> bool:
    """Whether a word may be a name: tagged as one and used often around here, or as one no dictionary has."""
    near = max(0, token.start - _NEAR), token.start + _NEAR
    often = token.tag == "nz" and folded.count(token.word, *near) >= _OFTEN
    unknown = token.tag == "nrt" or (token.tag in {"ns", "nr"} and not rjieba.has_word(token.word))
    return (often or (unknown and _is_name(token))) and not _METRIC_END.search(token.word)


def _named_by_shape(folded: str, tokens: Sequence[Token], index: int, end: int) -> tuple[int, int] | None:
    """An organisation or a place that is known by what its name ends in: 恆達集團, 青石縣黃泥鎮, 子公司藍海數據."""
    start = tokens[index].start
    if affiliate := _AFFILIATE.match(folded, start, end):
        return start, affiliate.end()
    if n := organisation_end([(token.word, token.tag) for token in tokens[index : index + 8]]):
        stop = tokens[index + n - 1].end
        return None if stop < end and folded[stop] == "、" else (start, stop)
    stop = start
    while (further := place_at(folded, stop, end)) is not None:
        stop = further
    return (start, stop) if stop > start and not _goes_on_as_list(folded, stop, end) else None


def _goes_on_as_list(folded: str, end: int, limit: int) -> bool:
    """Whether a name is only the first of several: 襄陽、宜昌, 潛江等."""
    return bool(_LIST_SIGN.match(folded, end, limit))


def _is_skipped(token: Token, folded: str) -> bool:
    return (
        (token.tag in _SKIP_TAGS and not STAND_IN.match(folded, token.start)) or token.word in _SKIP_WORDS
        or token.word.isdigit() or token.tag == "x" or token.word in {"年", "月", "日", "底", "末", "初"}
    )  # fmt: skip


_WIDER = re.compile(r"都市圈|城市群|经济圈|经济带|片区|全域")


def _possessor(folded: str, tokens: Sequence[Token], index: int, strict: bool) -> tuple[int, int] | None:
    """A named noun phrase before a verb of having or being: 「南山區人工智能產業集群｜擁有」,「元象｜目前正在」."""
    first, position = tokens[index], index
    while position < len(tokens) and not _ends_subject(folded, tokens, position):
        position += 1
    de = next((i for i in range(index + 1, position) if tokens[i].word == "的"), None)
    if de is not None and not (
        position - index <= 7 and ORGANISATION.search(folded[first.start : tokens[position - 1].end])
    ):
        position = de
    if position == index or position - index > 7:
        return None
    last = tokens[position - 1]
    phrase = folded[first.start : last.end]
    if len(phrase) > 20 or last.tag[:1] == "m" or (position < len(tokens) and _SPEECH.match(folded, last.end)):
        return None
    has_verb = position < len(tokens)
    named = (is_place(first) or _is_name(first) or first.tag in {"eng", "nz"}) and not _METRIC_END.search(first.word)
    if strict:
        return (first.start, last.end) if is_place(first) and ORGANISATION.search(phrase) else None
    words = tokens[index:position]
    known = all(token.tag == "nr" and rjieba.has_word(token.word) for token in words)  # 丘陵, tagged as a person
    if has_verb and len(phrase) > 1 and not known and all(_is_name(token) for token in words):
        return first.start, last.end
    unknown = (
        position - index == 1
        and first.tag in {"n", "nr"}
        and not _DIRECTIONS.fullmatch(phrase)
        and 2 <= len(phrase) <= 4
        and not rjieba.has_word(phrase)
    )
    if unknown and has_verb and not _METRIC_END.search(phrase) and tokens[position].tag in {"t", "d", "v", "p", "zg"}:
        return first.start, last.end
    if named and ORGANISATION.search(phrase) and (has_verb or position == len(tokens)):
        return first.start, last.end
    return None


def _is_name(token: Token) -> bool:
    word = token.word
    if _DIRECTIONS.fullmatch(word):
        return False
    return (
        token.tag in _NAME_TAGS and not _WIDE.match(word) and word not in _NOT_A_PLACE and not _METRIC_END.search(word)
    )


def _ends_subject(folded: str, tokens: Sequence[Token], position: int) -> bool:
    token = tokens[position]
    if _HAVE.match(folded, token.start) or token.tag == "x" or token.tag[:1] == "m":
        return True
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if token.word == "的":
        return False
    return token.tag in {"v", "d", "p", "t", "ad", "zg", "r"} and not (
        token.tag == "v" and following is not None and following.tag[:1] in {"n", "v"}
    )


_SMALLER = re.compile(r"[\u4e00-\u9fff]{1,4}?(?:自治县|新区|区|县|市|旗)(?=[\u4e00-\u9fff0-9])(?!域|级|场)")


_DEFINED = re.compile(
    r"\s*(?P<who>[\u4e00-\u9fffa-z·]{2,14}?)(?:[（(][^（）()]{0,80}[)）])?[,，]?"
    r"(?:(?<=[)）][，,])|出生|生于|生於|成立于|创立于|是(?!否|因)|[为為]|位[于於]|地[处處]|[亦又也]?[称稱]作?|[亦又]作|[简簡]称|[俗别古旧]称|原名|旧名|[,，](?=[^,，。]{0,40}(?:位于|是一|为中|是中)))"
)
_BEGINS_WITH_PLACE = re.compile(
    r"\s*(?P<who>[\u4e00-\u9fff]{2,5}?[市县区镇])(?![的场域级民政长委人]|[^,，。]{0,4}[、和与])"
)
_DEFINED_AT_LEAST = 2
"""A text that is about something names it again."""


def main_subject(folded: str, title_end: int, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Find what a document is about: the place in its title, else the place most often named in its text.

    Args:
        folded: Folded text of the document.
        title_end: Where the title ends; 0 without one.
        tokens: Tagged words of the text that was looked at.

    Returns:
        Start and end of one mention; ``None`` without any place.
    """
    found = _titled(folded, title_end) if title_end else None
    return found or _most_named(folded, tokens)


def defined_subject(folded: str) -> tuple[int, int] | None:
    """Find what a text defines in its first words, as an encyclopaedia does: 「峨眉山，亦作…，位於」「X是…」."""
    match = _DEFINED.match(folded)
    if match is None or folded.count(match["who"], 0, _NEAR) < _DEFINED_AT_LEAST:
        begins = _BEGINS_WITH_PLACE.match(folded)
        return begins.span("who") if begins else None
    return match.span("who")


def _titled(folded: str, title_end: int) -> tuple[int, int] | None:
    """The organisation that a title begins with, else the place that it names."""
    head = tokenise(folded, 0, title_end)
    index = next((i for i, token in enumerate(head) if not _is_skipped(token, folded)), len(head))
    if n := organisation_end([(token.word, token.tag) for token in head[index : index + 8]]):
        return head[index].start, head[index + n - 1].end
    for index, token in enumerate(head):
        if is_place(token):
            last = token
            for other in head[index + 1 :]:
                if other.start != last.end or not is_place(other):
                    break
                last = other
            stop = max(last.end, place_at(folded, token.start, title_end) or 0)
            while (further := place_at(folded, stop, title_end)) is not None:
                stop = further
            if stop > last.end:
                return token.start, stop
            rest = _SMALLER.match(folded, last.end, title_end)
            return token.start, rest.end() if rest and rest.group() not in _NOT_A_PLACE else last.end
    return next(
        ((t.start, end) for t in head if (end := place_at(folded, t.start, title_end)) is not None),
        None,
    )


def _most_named(folded: str, tokens: Sequence[Token]) -> tuple[int, int] | None:
    counts: Counter[str] = Counter(_core(token.word) for token in tokens if is_place(token))
    for core, n in counts.most_common(5):
        forms = [t for t in tokens if is_place(t) and t.word != core and _core(t.word) == core]
        if n >= 3 and forms:
            return forms[0].start, forms[0].end
    named: dict[str, list[tuple[int, int]]] = {}
    for token in tokens:
        if (end := place_at(folded, token.start, tokens[-1].end)) is not None:
            named.setdefault(folded[token.start : end], []).append((token.start, end))
    often = max(named.values(), key=len, default=[])
    return often[0] if len(often) >= 3 else None


def _core(word: str) -> str:
    stripped = re.sub(rf"{_ADMIN}$", "", word)
    return stripped if len(stripped) >= 2 else word
