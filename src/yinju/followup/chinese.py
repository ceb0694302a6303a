"""Chinese follow-ups: openings and corrections are taken off, then the moves are tried in order."""

from __future__ import annotations

import re

from yinju.followup.comparison import combine, compare
from yinju.followup.ellipsis import among, convert, elliptical
from yinju.followup.pieces import core, tokens
from yinju.followup.reference import ordinal, pronoun
from yinju.followup.subjectless import subjectless
from yinju.followup.topic import Context
from yinju.text import fold

_LEAD = re.compile(
    r"^(?:(?:好[的吧啊]?|行|嗯|哦|ok|谢谢|明白了?|知道了)[,，。!\s]*)?(?:那么|那(?![个些年家时里边座支只款一位名场次种项条笔段两])|然后|另外|此外|至于|"
    r"还有|如果是|要是|若是|换作|换做|而|同样|再来|接着|对了|顺便|话说|换句话说|也就是说|接下来|最后(?=[,，]))?[,，\s]*"
    r"(?:请问|(?:再|想|还想|我想|我再)?问(?:一下|下|个|问)[,，]?)?"
)
_DATA = re.compile(r"(?<=.)的?(?:数据|数字|资料|情况|数值)$")
_CORRECTION = re.compile(
    r"^(?:(?:不是|不对|不|错了|抱歉|对不起|噢|哦|我?[搞说讲问打写弄]错了?)[的啦了]*[,，。!\s]+)*"
    r"(?:我(?:是|(?:要|想要|想知道|想看|要看|关心)的是?|的意思是|想|要|其实是?|指的是|说的是|问的是|是想|是要)?(?:问|说|指|想问|想说|要问|讲)?的?(?:是)?|"
    r"应该是|是指|是说|改成|改问|还是(?:问|说|看)?|换成问|是)(?P<rest>.+?)吧?$"
)
_CORRECTING = re.compile(
    r"不|错|我?[搞说讲问打写弄]错|抱歉|对不起|我(?:要的|想要的|是|的意思|指的|说的|问的|其实|要问|想问)|应该是|改"
)
_NOT_BUT = re.compile(
    r"^(?:我?(?:说|问|指)?的?)?不是(?:问|说|指)?(?P<old>[^,，]{1,20})[,，]\s*(?:而?是|我?(?:要|想)?(?:问|说)(?:的是)?)(?P<rest>.+)$"
)

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
        rest = text[match.start("rest") : match.end("rest")]
        rest = rest[: data.start()] if (data := _DATA.search(fold(rest))) else rest
        found = elliptical(rest, context, forced=True) or write_out_chinese(rest, context) or rest
        return found + _mark(question, found)
    lead = _LEAD.match(folded)
    rest = text[lead.end() :] if lead else text
    if _is_bare_that(fold(rest)):
        rest = rest[1:]
    plain = re.sub(r"[呢吧啊]$", "", fold(rest))
    if _REPEAT.fullmatch(plain):
        return context.last
    if _WHY.fullmatch(plain):
        return f"{core(context.base)}的原因是什麼" + _mark(question, "")
    moves = (compare, combine, among, ordinal, pronoun, convert, elliptical, subjectless)
    for move in moves:
        if (found_by := move(rest, context)) is not None:
            return found_by + _mark(question, found_by)
    return None


def _is_bare_that(folded: str) -> bool:
    """Whether 那 only leads in, though it looks like a demonstrative (那家禽出欄多少)."""
    first = [(word, tag) for word, tag, _start in tokens(folded)[:2]]
    return len(first) == 2 and first[0][0] == "那" and len(first[1][0]) > 1 and first[1][1][0] in "nv"


def _mark(question: str, found: str) -> str:
    return "" if found.endswith(("?", "？")) else "？" if question.endswith("？") else "?"


def _corrected(folded: str) -> re.Match[str] | None:
    return _CORRECTION.match(folded) if _CORRECTING.match(folded) else None
