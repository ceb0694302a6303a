"""A predicate without its subject (什麼時候成立的, 增長了多少): with the last subject, or with what was measured."""

from __future__ import annotations

import re

from yinju.figures import cues
from yinju.figures.periods import periods_in
from yinju.followup.pieces import (
    ASKED,
    IMPERATIVE,
    INSTITUTION,
    MEASURE,
    WH,
    core,
    is_slot,
    parsed,
    pieces,
    spans_of,
    tokens,
)
from yinju.followup.slots import counted_thing, with_time
from yinju.followup.topic import Context, belongs, same_time, topic
from yinju.text import fold

MAX_BARE = 24
"""A question without its subject is no longer than this, in characters."""

OF_METRIC = re.compile(
    rf"(?:大概|大约|约|又|也|总共|已经|一共|年均|平均每年|累计)*(?:同比|环比|比(?:上年|去年|上一年|前年|前一年|\d{{4}}年).{{0,3}}{cues.CHANGE_WORD}|{cues.CHANGE_WORD}|翻|"
    rf"占(?!地|用)|在?(?:全[国省市区球]|世界)?排(?!放)|位居|位列|超过|高于|低于|高出|是{cues.WH}$)"
)
_LISTS = re.compile(r"(?:都|又)?(?:包括|包含|涵盖|分别是|是|有)(?:了)?(?:哪些|哪几[个家项种类]|哪[个家])$")
_OPENING = re.compile(
    r"(?:什么时候|何时|哪一?年|何年|为什么|为何|怎么|怎样|如何|谁|在哪|哪里|多[大高长久远重]|什么|啥|有没有|是不是|是否|总共|一共|共|大概|大约|已经|"
    r"现在|目前)?(?:由|被|是|有|叫|位于|属于|为|拥有|共有|占地|还|又|也|都)?"
)


def subjectless(text: str, context: Context) -> str | None:
    """什麼時候成立的, 有多少員工, 增長了多少 → with the last subject, or with all that the last question measured."""
    folded = fold(text)
    is_of_metric = bool(OF_METRIC.match(folded))
    if IMPERATIVE.match(folded) or not (is_of_metric or WH.search(folded)):
        return None
    if is_of_metric and parsed(context.base).is_numeric:
        return core(context.base) + text
    if (dated := _dated(text)) and parsed(context.base).is_numeric:
        return core(with_time(context.base, text[:dated])) + text[dated:]
    if _LISTS.match(folded) and parsed(context.base).is_numeric:
        return core(context.base) + text
    asked = ASKED.search(folded)
    is_measured = asked is not None and asked.end() == len(folded) and _is_measure(text[: asked.start()])
    if is_measured and (counted := counted_thing(context.base)):
        return counted + text
    if thing := _worked_on(text, context.base):
        return thing + text
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


def _is_measure(text: str) -> bool:
    """Whether a text is one noun that measures (註冊資本)."""
    return len(spans_of(text, "noun")) == 1 == len(pieces(text)) and bool(MEASURE.search(fold(text)))


def _dated(text: str) -> int:
    """Where the predicate begins behind a time (2025年增長了多少); 0 where there is no such predicate."""
    times = spans_of(text, "time")
    is_first = bool(times) and times[0].start == 0
    return times[0].end if is_first and OF_METRIC.match(fold(text[times[0].end :])) else 0


def _worked_on(text: str, base: str) -> str:
    """The thing whose measure was asked for, where a bare verb asks for another (產量多少, 出口了多少)."""
    match = re.fullmatch(rf"(?P<verb>[\u4e00-\u9fff]{{2}})了?{WH.pattern}.{{0,2}}", fold(text))
    about = core(base)
    measure = _MEASURED.search(fold(about))
    is_verb = match is not None and tokens(match["verb"])[0][1] in {"v", "vn"}
    nouns = spans_of(about, "noun")
    return about[: measure.start()] if is_verb and measure and nouns and measure.start() > nouns[0].start else ""


_MEASURED = re.compile(r"(?:的)?(?:总?产[量值]|销[量售]额?|数量|规模|总量)$")


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
