"""What is measured: the noun phrase around a value, without the words that only introduce, time or compare it."""

from __future__ import annotations

import re

from yinju.figures.reading import PUNCTUATION, Clause
from yinju.figures.subjects import within
from yinju.types import Quantity

MAX_METRIC = 40
_MAX_NOUN = 24
_QUOTES = "“”"

_LEAD = re.compile(
    r"[\s、,，;；:：（）()《》·\-—]+|(?:以及|和|及|与|或)(?!谐|平)|其中|目前|如今|现在|截至|截止|至(?!少|"
    r"今)|(?:到|于)(?=[0-9]|年|目|现)|"
    r"年[末底初]|[末底初](?=[^级])|度(?=[^假])|全年|当年|同年|同时|此外|另外|同期|期间|时期|以来|报告期[内末]?|初步核算|"
    r"据.{1,6}(?:核算|统计|介绍|显示|了解|悉)|数据显示|"
    r"按.{1,6}计算|按可比口径|累计完成|累计|预计|预期|共有|共计|共(?!建|享)|已经|已|还|也|则|均(?!衡)|都(?!市)|"
    r"又(?!好)|并(?!购|网)|而|但|且|使得?|让|通过|随着|对于|"
    r"在(?!校|册|建|线|库|岗|职|园|营|孵)|从(?!业|事)|由|将|力争|争取|确保|努力|进一步|继续|仅|只(?!有?的)|"
    r"就(?!业|诊|读|医|学)|曾(?:有过?|经)?|历史上|率先|"
    r"(?:园区|公司|集团)(?=实现|完成|共|拥有|营业|年|计划|预计|累计|现有|已有|有)|计划(?=到|在|使|新)|"
    r"更是|包括|包含|(?:全|本|我|该)(?:省|市|区|县|州|镇|乡|村|校|院|行)(?!域|级|重|属|直|场|民|委|区)|完成(?!率|情况|度)|"
    r"(?:从|由|自|在)[^,，、]{1,8}?[时初前](?:的|期)|实现|拥有|具有|现有|设有|建有|下辖|达到|达|约|"
    r"超过|超|近(?!岸|海|郊)|有(?![色机效望关序限])|是|为|的|了|其(?!他|它|余)|分别|依次|连续|总计|合计"
)
_TRAIL = re.compile(
    r"(?:[\s：:]+|新增|净增|成为|(?<![签履合条公制预节])大?约为?|(?<![经通])过(?=$)|将?近|接近|逼近|超过|超出|超|突破|达到|达|为|是|有|共有|共计|共|"
    r"至|到|已经|已|均|都|就|仅|只|还|又|分别|依次|各自|合计|总计|"
    r"不到|不足|不及|至少|最高|最低|最多|不低于|不少于|不超过|不高于|稳定在|保持在?|维持在?|控制在|处于|位居|"
    r"稳居|跃居|位列|居|排名|排|实现了?|完成了?|增至|升至|迈上|跨上|站上|跨越|迈过|跨过|站稳|"
    r"降至|减至|扩至|在|由|从|的|了|预计|预期|将|也|同比|环比|比上年(?:同期|末|底)?|较上年(?:同期|末|底)?|"
    r"比去年(?:同期|末|底)?|较去年(?:同期|末|底)?|"
    r"比上期|年均|年平均|平均每年|每年|累计|再|净(?=$)|(?<![必急军内外所])需|(?<![主必重纪需])要|(?<![供响效对反])应|(?<!许)可|(?<=[均都就可才])能|能够|拥有|包括|包含|连续|逾|高达|多达|力争|"
    r"争取|确保|进一步|稳步|持续|快速|较快|首次|历史性地?|"
    r"(?:增加|提高|提升|上升|下降|减少|扩大|跃升|增长|降低|缩小|上涨|发展|拓展|扩展|收窄|优化|调整|调成|"
    r"转变|变)(?:到|至|为|成)|"
    r"(?:增长|成长(?!性)|增值|增加(?!值)|提高|提升|上升|上涨|回升|降低|下降|减少|下滑|回落|下跌|扩大|缩小|收窄|改善|缩短|翻|增|(?<!起)降|涨|"
    r"升|跌|增幅|降幅|减幅|跌幅|涨幅)(?:了|约|幅度)?)$"
)
_AFTER_NOT_NOUN = re.compile(
    r"以[上下内]|之[内间后]|左右|上下|前后|不等|多[、,]|余[、,]|的?(?:平均)?(?:水平|均值|平均值)|"
    r"大关|台阶|关口|门槛|的?(?:速度|增速|幅度)|、|[和及与](?=.{0,14}[0-9])|以及|等[,，。;]|"
    r"后(?![勤备])|时(?![代间])|中[,，]|起(?!步)|(?:跃升|提升|提高|增加|增长|上升|扩大|下降|降低|降|减少|升|"
    r"增|缩小|调整|调成|达到|居(?!民|家|住)|位居|稳居|跃居|均居|列)|[提降]?至|到(?!期)|"
    r"其中|且|并(?!网|购)|为|是|被|在(?!校|册|建|线|库|岗|职)|由|将|已|以"
)
_AND = re.compile(r"(?<![总共饱温缓])(?:以及|和|及|与|或)$")
_PARTICLE_DE = re.compile(r"(?:(?:以上|以下|左右|以内)的?|的)(?=[\u4e00-\u9fffa-z“])(?!(?:的?平均)?水平|速度|增速)")
_ENGLISH_TAIL = re.compile(
    r"(?:[ ](?:reached|rose|fell|grew|was|were|is|are|to|of|at|by|from|stood|amounted|totall?ed|accounted|for|"
    r"about|over|nearly|some|"
    r"more|less|than|increased|decreased|declined|climbed|dropped|has|have|had|around|exceed(?:ed|ing)|up|down))+[ ]?$"
)
_ENGLISH_HEAD = re.compile(
    r"(?:(?:the|up|down|about|of which|of|by|in|to|and|its|an?|with|while|or|reported|recorded|posted)(?:[ ]|$))+"
)
# Verbs that say what happened to the things counted rather than what kind they are.
_PREDICATE = re.compile(
    r"入选|获|进入|成为|位列|跻身|建成|投产|投用|投入|落地|竣工|完成|开工|实现|达到|通车|运营|列入|纳入|"
    r"参加|参赛|参与|覆盖|带动|通过|得到|受到|超过"
)
_SHORTEST_NOUN = 4
# A verb of having or reaching between two nouns says nothing of what is measured: 第一產業｜實現｜增加值.
_LIGHT_VERB = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:共?实现|累计完成|完成|达到|共有|现有|已有|迈上|跨上)(?=[\u4e00-\u9fff]{2})(?!率|情况|度)"
)


def stripped(clause: Clause, start: int, end: int) -> tuple[int, int]:
    """Narrow ``start`` to ``end`` to the noun phrase in it: times, adverbs, prepositions and verbs at its ends go."""
    folded = clause.folded
    while start < end:
        time = next((t for t in clause.times if t.start == start and t.end <= end), None)
        lead = _LEAD.match(folded, start, end)
        if time is None and lead is None:
            break
        start = time.end if time else lead.end() if lead else start
    while start < end:
        time = next((t for t in clause.times if t.end == end and t.start >= start), None)
        trail = _TRAIL.search(folded, start, end)
        if time is None and trail is None:
            break
        end = time.start if time else trail.start() if trail else end
    if head := _ENGLISH_HEAD.match(folded, start, end):
        start = head.end()
    if tail := _ENGLISH_TAIL.search(folded, start, end):
        end = tail.start()
    while start < end and folded[end - 1] in PUNCTUATION:
        end -= 1
    return start, end


def noun_after(clause: Clause, quantity: Quantity, following: int) -> str:
    """Return the noun phrase a value stands before as an attribute: 「71所｜境內外高校資源」; empty without one."""
    folded, start = clause.folded, quantity.span.end
    if particle := _PARTICLE_DE.match(folded, start):
        start = particle.end()
    if (
        start >= following
        or not (folded[start].isalnum() or folded[start] in "“「《")
        or _AFTER_NOT_NOUN.match(folded, start)
    ):
        return ""
    end = start
    while end < following and folded[end] not in ",，;；。、:：！？!?（()）\n" and end - start < _MAX_NOUN:
        end += 1
    end = _noun_end(clause, start, end)
    while end > start and (trail := _TRAIL.search(folded, start, end) or _AND.search(folded, start, end)):
        end = trail.start()
    return clause.text[start:end].strip(PUNCTUATION.replace("“", "").replace("”", ""))


def _noun_end(clause: Clause, start: int, end: int) -> int:
    """End a noun phrase before an adverb or preposition, and before a verb once it has four characters."""
    inside = within(clause.tokens, start, end)
    opened = clause.folded[start] in "“「"
    for n, token in enumerate(inside[1:], 1):
        after = inside[n + 1].word if n + 1 < len(inside) else ""
        if token.tag in {"d", "p", "ad"} and token.word not in {"最", "较"}:
            return token.start
        if token.tag != "v" or opened or token.start - start < _SHORTEST_NOUN or after == "的":
            continue
        ends = not any(later.tag[:1] in "nj" for later in inside[n + 1 :])
        if _PREDICATE.match(token.word) or (ends and not token.word.endswith(("化", "发"))):
            return token.start
    return end


_HEADING_IN_LINE = re.compile(r"^[^【〔\[]{0,2}[【〔\[][^】〕\]]{1,16}[】〕\]]")
"""A heading that opens a paragraph: 【客流】全年客運量."""


def tidy(metric: str, folded: str) -> str:
    """Drop light verbs inside, punctuation at the ends, and a bracket or quote that has lost its other half.

    Args:
        metric: A phrase in the author's script.
        folded: The same, folded.
    """
    for verb in reversed(list(_LIGHT_VERB.finditer(folded))):
        metric = metric[: verb.start()] + metric[verb.end() :]
    metric = _HEADING_IN_LINE.sub("", metric)
    keep = PUNCTUATION.translate(str.maketrans("", "", _QUOTES))
    shown = metric.strip(keep)
    if len(re.findall("[(（]", shown)) > len(re.findall("[)）]", shown)):
        shown = shown[: max(shown.rfind("("), shown.rfind("（"))]
    if shown.count("”") != shown.count("“") or shown.count('"') % 2:
        shown = re.sub('^[“"]|[”"]$', "", shown) if shown.count("”") + shown.count("“") == 1 else shown.strip('“”"')
    return shown[-MAX_METRIC:].strip(keep)
