"""What a value says of its metric: level, change, difference, share or increment; per what; whether it is a plan."""

from __future__ import annotations

import re

from yinju.figures.phrases import noun_after
from yinju.figures.reading import PUNCTUATION, Clause, Reading
from yinju.text import fold
from yinju.types import Kind, Quantity, Role

_CHANGE = re.compile(
    r"(?:(?:增长|成长|增加(?!值)|增值|提高|提升|上升|上涨|回升|降低|下降|减少|下滑|回落|下跌|扩大|缩小|收窄|改善|缩短|翻|扩容|压减|"
    r"(?<![新净])增(?!值)|(?<!起)降|涨|升|跌|净增|净减|加快|放缓|减)(?:了|约|近|超过|超|逾|不到|不足|幅度|分别|依次|各|预计|再|又)*"
    r"|(?:增速|增幅|降幅|减幅|跌幅|涨幅|(?<!自然)增长率|增长幅度|下降幅|减幅|跌幅度)(?:均|都|也|就|分别|依次|预计|仅|约|近|超过|超|"
    r"突破|达到|达|为|是|在|保持|稳定|接近|不低于|高于)*"
    r"|\b(?:up|down|rose|risen|grew|grown|increased|decreased|fell|declined|climbed|growth of|increase of|"
    r"rise of)(?: by)?[ ](?:about |over |nearly |some )?)$"
)
_COMPARE = re.compile(
    r"(?P<verb>高于|低于|高出|高过|多于|少于|快于|慢于|好于|优于|领先于?|落后于?|超过|超出|"
    r"(?<![同环占对可])比(?!例|重|率|价)|(?<![相])较)(?P<base>[^,，;；。、高低]{2,20}?)(?:分别|依次|均)?"
    r"(?P<way>增长|成长|增加|提高|提升|上升|下降|减少|回落|降低|上涨|改善|缩短|高出?|低|多|少|快|慢|大|小|扩大|缩小|"
    r"收窄)?(?:了|出|约|近|超过?|达|分别|依次|预计|将)*$"
)
_MULTIPLE_OF = re.compile(
    r"(?:是|为|相当于|达到?|接近|超过|约为?|只有|仅为?|不及|不到|不足|近|"
    r"有)+(?P<base>[^,，;；。、]{2,20}?)的(?:近|约|超过|超)?$"
)
_TIME_BASE = re.compile(
    r"上年|去年|同期|年初|上期|前年|上季|上月|(?:19|20)[0-9]{2}年|预期|计划|以往|往年|“?十[一二三四]五|过去|"
    r"年末|年底|\d+月"
)
_SHARE_OF = re.compile(
    r"占(?!地(?!方|区)|据|用|比|领|有)(?:了|到|全部|据)?(?P<base>[^,，;；。、(（]{0,18}?)(?:总?的?(?:比重|比例|"
    r"份额|百分比|比))?(?:[(（][^()（）]{0,12}[)）])?"
    r"(?:已|均|都|也|就|仅|只|约|近|分别|依次|超过|超|突破|达到|达|为|是|在|接近|不到|不足|的|提升到|提高到|"
    r"[提升降]至|上升到|(?:由|从)(?:[0-9]{4}年|[去上]年)?[末底初]?的?)*$"
)
_WHOLE_BEFORE = re.compile(
    r"(?<!占)(?P<base>全[国省市区球县州]|世界)(?:的?比重|市场)?(?:的|近|约|超过?|达到?|接近|不到|不足|突破)*$"
)
_GOES_TO = re.compile(
    r"(?:左右|以上)?(?:提升|提高|增加|上升|扩大|跃升|增长|下降|降低|减少|缩小|调整|优化|回落|上涨|提|升|降|"
    r"增|减|扩)?(?:到|至|为|成|→|⟶|->)(?:了|约|近|超过|超|目前的?|现在的?|如今的?)*"
)
_SHARE_WORD = re.compile(r"占|比重|占比|份额|比例|覆盖率|渗透率")
_INCREMENT = re.compile(
    r"新增|净增|新设|新登记|新培育|新建|新开|新引进|新获批|新认定|增设|新当选|新入库|新签|新入选|新引育|"
    r"新创建|(?:增加|净增)(?!值)(?=[\u4e00-\u9fff]{2,6}$)|newly|\bnew\b"
)
_TARGET_WORD = re.compile(
    r"力争|(?<!新)争取(?=[^,，]{0,8}(?:达|实现|完成|突破|到|在))|目标(?:是|为|[:：]|值)|预期目标|(?<![个项的])计划(?=新|"
    r"建|投|完成|到|在|于|开|用|总|引进|培)|预计|(?<![稳会理于超合])预期(?!寿命|收益|相|管理)|拟(?!合|人)|确保|努力(?:实现|使)|有望|"
    r"将(?=突破|达|超|继续|建|新|实现|增|完成|于|在|投|有|会|成为|进一步|提|推|形成|培育|升|降|扩|占|由|从|迎|再|分)|"
    r"要(?=达|实现|超|完成|建|突破)|\b(?:will|plans? to|aims? to|target(?:ed|s)?|expected to|forecast|"
    r"is to reach|by 20[3-9][0-9])\b"
)
_DONE = re.compile(r"(?:已|了(?!解))(?![0-9]?年)|已经|超额完成|实际(?!控制)")
_PER = re.compile(
    r"人年?均|户均|亩均|地均|单位(?:面积|GDP|gdp|产值|生产总值)|(?:平均)?每(?:[百千万亿十0-9]*)(?:城镇|农村|城乡|户籍|常住|劳动)*(?:平方公里|"
    r"平方米|公顷|亩|人口|人|户|家|名|个|辆|台|吨|床|股|天|年|月)(?:每月|每年)?|(?<![0-9])[千万]人口?(?=[\u4e00-\u9fff])|"
    r"万元(?:gdp|产值|生产总值)|per (?:capita|person|square kilomet\w+|household|hectare|"
    r"\d+[\d,]* (?:people|residents))"
)
_RANK_SCOPE = re.compile(
    r"(?P<base>(?:全[国省市区球县]|世界|亚洲|国内|[中西东]部|各省区市?|各地)[^,，;；。、]{0,6}?)(?:的?)$"
)
_ENGLISH_WHOLE = re.compile(r" of (?:the |all |its )?(?P<base>[a-z][a-z ]{1,40})")
_GROWTH = re.compile(r"增长|增速|增幅|成长率")
_PART = re.compile(r"[\u4e00-\u9fff]{1,8}")
_RATE = re.compile(r"[率度值量额]$|达|为|[增减升降]")
_LIST_SIGNS = frozenset({"、", "和", "及", "与", "以及", ",", "and", ", and"})


def role_of(clause: Clause, start: int, quantity: Quantity, last: Reading | None) -> tuple[Role, str]:
    """Tell what a value says of its metric, and what it is compared with or a share of.

    Args:
        clause: Where it stands.
        start: Where the words that may belong to it begin.
        quantity: The value.
        last: The reading before, for lists and for 由A提升至B.
    """
    end = quantity.span.start
    if last is not None and goes_to(clause, start, quantity, last):
        return last.role, last.base
    if quantity.kind is Kind.RANK:
        return Role.LEVEL, _words(clause, _RANK_SCOPE.search(clause.folded, start, end))
    found = (
        _comparison(clause, start, quantity)
        or _change(clause, start, quantity)
        or _continued(clause, start, quantity, last)
        or _share(clause, start, quantity)
        or _next_part(clause, start, quantity, last)
    )
    if found and found[0] is Role.SHARE and not found[1] and last is not None and last.role is Role.SHARE:
        return Role.SHARE, last.base  # 低山占土地總面積的15%，丘陵占52%
    if found:
        return found
    return (Role.INCREMENT if _INCREMENT.search(clause.folded, start, end) else Role.LEVEL), ""


def goes_to(clause: Clause, start: int, quantity: Quantity, last: Reading) -> bool:
    """Tell whether a value is the later end of 由A提升至B in the same clause."""
    before, end = last.quantity, quantity.span.start
    if last.clause != clause.span or before.span.end != start or before.unit != quantity.unit:
        return False
    times = [t for t in clause.times if start <= t.start < end]
    folded = clause.folded
    between = folded[start : times[0].start] + folded[times[-1].end : end].lstrip("的") if times else folded[start:end]
    return bool(_GOES_TO.fullmatch(between.strip()))


def continues(clause: Clause, start: int, end: int) -> bool:
    """Tell whether only a list sign stands between a value and the one before."""
    return clause.folded[start:end].strip() in _LIST_SIGNS


def before_comparison(clause: Clause, start: int, end: int) -> int:
    """Return where 比上年, 高於全國, 是…的 begins in front of a value that stands at ``end``; ``end`` without one."""
    folded = clause.folded
    found = _COMPARE.search(folded, start, end) or _MULTIPLE_OF.search(folded, start, end)
    return found.start() if found else end


def before_scope(clause: Clause, start: int, quantity: Quantity, role: Role) -> int:
    """Return where the words end that may say what is measured: before 全國 in 居全國第三 and in 近全市一半."""
    end = quantity.span.start
    if role in {Role.DIFFERENCE, Role.CHANGE}:
        end = before_comparison(clause, start, end)
    pattern = _RANK_SCOPE if quantity.kind is Kind.RANK else _WHOLE_BEFORE if role is Role.SHARE else None
    scope = pattern.search(clause.folded, start, end) if pattern else None
    return scope.start() if scope else end


def per_what(clause: Clause, start: int, end: int) -> str:
    """Return the unit of a per-unit value in the text's words (每萬人, 人均); empty for other values."""
    found = _PER.search(clause.folded, start, end)
    return clause.text[slice(*found.span())] if found else ""


def announces_plan(clause: Clause) -> bool:
    """Tell whether a clause speaks of plans or forecasts."""
    return bool(_TARGET_WORD.search(clause.folded, clause.span.start, clause.span.end))


def is_done(clause: Clause) -> bool:
    """Tell whether a clause says that something has been reached."""
    return bool(_DONE.search(clause.folded, clause.span.start, clause.span.end))


def may_be_share(quantity: Quantity) -> bool:
    """Tell whether a value can be part of a whole: a percentage or a ratio."""
    return quantity.unit in {"%", "‰"} or quantity.kind is Kind.RATIO


def _words(clause: Clause, match: re.Match[str] | None) -> str:
    """The text's words for the group ``base`` of a match."""
    return clause.text[slice(*match.span("base"))].strip("的 ") if match else ""


def _comparison(clause: Clause, start: int, quantity: Quantity) -> tuple[Role, str] | None:
    folded, end = clause.folded, quantity.span.start
    found = _COMPARE.search(folded, start, end)
    if found and (found["way"] or found["verb"] not in {"比", "较"}):
        if _TIME_BASE.search(found["base"]):
            return Role.CHANGE, _words(clause, found)
        if not may_be_share(quantity) or found["way"]:
            return Role.DIFFERENCE, _words(clause, found)
    if quantity.unit == "倍" or quantity.kind is Kind.RATIO:
        multiple = _MULTIPLE_OF.search(folded, start, end)
        return (Role.DIFFERENCE, _words(clause, multiple)) if multiple else None
    return None


def _change(clause: Clause, start: int, quantity: Quantity) -> tuple[Role, str] | None:
    if "番" in quantity.surface or _CHANGE.search(clause.folded, start, quantity.span.start):
        return Role.CHANGE, ""
    return None


def _continued(clause: Clause, start: int, quantity: Quantity, last: Reading | None) -> tuple[Role, str] | None:
    """A value that a list sign joins to the one before says the same: 增長3%、5%和7%."""
    if last is None or last.quantity.unit != quantity.unit or not continues(clause, start, quantity.span.start):
        return None
    same = {Role.CHANGE, Role.DIFFERENCE} | ({Role.SHARE} if last.base else set())
    return (last.role, last.base) if last.role in same else None


def _share(clause: Clause, start: int, quantity: Quantity) -> tuple[Role, str] | None:
    folded, end = clause.folded, quantity.span.start
    if not may_be_share(quantity):
        return None
    if found := _WHOLE_BEFORE.search(folded, start, end) or _SHARE_OF.search(folded, start, end):
        return Role.SHARE, _words(clause, found)
    if _SHARE_WORD.search(folded, start, end):
        return Role.SHARE, ""
    if of := _ENGLISH_WHOLE.match(folded, quantity.span.end, clause.span.end):
        return Role.SHARE, _words(clause, of)
    noun = noun_after(clause, quantity, clause.span.end)
    if _GROWTH.search(fold(noun)):
        return Role.CHANGE, ""
    return (Role.SHARE, noun) if noun else None


def _next_part(clause: Clause, start: int, quantity: Quantity, last: Reading | None) -> tuple[Role, str] | None:
    """A part named with its percentage alone, after a share: 煤炭占28%，原油41%."""
    if last is None or last.role is not Role.SHARE or last.quantity.unit != quantity.unit:
        return None
    head = clause.folded[start : quantity.span.start].strip(PUNCTUATION)
    if start == clause.span.start and _PART.fullmatch(head) and not _RATE.search(head):
        return Role.SHARE, last.base
    return None
