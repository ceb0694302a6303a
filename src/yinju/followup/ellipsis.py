"""What a fragment changes of the last question: a slot (那全市呢), a unit (換成美元呢), a part (其中企業多少)."""

from __future__ import annotations

import re

from yinju.figures import cues
from yinju.figures.units import UNIT, unit_kind
from yinju.followup.naming import is_told
from yinju.followup.pieces import (
    ASKED,
    IMPERATIVE,
    LEVEL,
    PROPERTY,
    WH,
    core,
    is_moment,
    is_slot,
    pieces,
    spans_of,
    tokens,
)
from yinju.followup.slots import PER, alike, changed
from yinju.followup.subjectless import OF_METRIC
from yinju.followup.topic import Context, Sources
from yinju.text import fold
from yinju.types import Kind, Span

_LATIN = re.compile(r"[a-z][a-z .&'-]*")
MAX_FRAGMENT = 30
"""A fragment that changes a slot is no longer than this, in characters."""

_TAIL = re.compile(
    r"(?:大概|大约|约|又|也|则|只)*(?:是|有|为|占|达到?)?(?:大概|大约|约)?(?:"
    + ASKED.pattern
    + r"|多[大高长久远重])的?$"
)

_CONVERSION = re.compile(
    r"(?:(?:换算|换|折算|折合|转换|转)(?:成|为)?|用|以|按)(?P<unit>.+?)(?:来?(?:计算?|表示|算|说|讲))?(?:的话)?"
    r"(?:呢|(?:大概|大约|约)?(?:是|有|为)?" + cues.WH + r"(?P<again>.*))?"
)
_CONVERSION_ASKED = re.compile(
    r"(?:大概|大约)?(?:相当于|等于|折合|约合|合|也就是|就是|是)" + cues.WH + r"(?P<unit>[百千万亿]*.+)"
)


def convert(text: str, context: Context) -> str | None:
    """換成平方米呢, 等於多少萬元 → the same value in another unit."""
    folded = fold(text)
    match = _CONVERSION.fullmatch(folded) or _CONVERSION_ASKED.fullmatch(folded)
    if match is None or not is_unit(match["unit"]):
        return None
    return f"{core(context.base)}換算成{Span(*match.span('unit')).of(text)}是多少"


_CURRENCIES = {"人民币": "元", "港币": "港元"}


def is_unit(text: str) -> bool:
    """Whether a folded text is a unit to convert into, with or without a scale."""
    name = re.sub(r"^[百千万亿]+", "", text)
    name = _CURRENCIES.get(name) or cues.UNIT_NAMES.get(name, name)
    return bool(UNIT.fullmatch(name)) and unit_kind(name) not in {Kind.DATE, Kind.COUNT}


def elliptical(text: str, context: Context, forced: bool = False) -> str | None:
    """那全市呢, 2023年的呢, 市級的有多少 → the last question with that slot changed."""
    fragment = _fragment(text, forced, context.index)
    return None if fragment is None else changed(context.base, fragment, context.index)


def _fragment(text: str, forced: bool, index: Sources) -> str | None:
    """What of a question names slots, particles and 是多少 cut off; ``None`` where it is more than that."""
    folded = fold(text)
    bare = re.sub(r"(?:的话)?[呢吧啊呀]$", "", folded)
    bare = re.sub(r"(?<=.)的?(?:情况|方面|这块|那块|这边|那边)$", "", bare)
    bare = re.sub(r"(?<=.)(?<!刚才|刚刚|前面|上面|之前)的?那[个座家所条间]$", "", bare)
    if len(bare) > MAX_FRAGMENT or not bare or IMPERATIVE.match(bare):
        return None
    if WH.search(bare) and OF_METRIC.match(bare):
        return None
    if not WH.search(bare):
        is_marked = forced or bare != folded
        return text[: len(bare)] if is_marked or _is_one_slot(text, index) else None
    tail = _TAIL.search(bare)
    if tail is None or not tail.start():
        return None
    head = text[: tail.start()]
    return head if is_slot(head) or is_moment(head) or _is_property(head) or _is_short_modifier(head) else None


def _is_one_slot(text: str, index: Sources) -> bool:
    """Whether a text without any mark of a question is a single time, place or short noun (南山區GDP is a question).

    A word in Latin letters is one only where the documents have it: ``ping`` names nothing.
    """
    if is_slot(text):
        return True
    if _LATIN.fullmatch(fold(text)) and not is_told(fold(text), "", index):
        return False
    is_short = len(text) <= 8 and not any(tag == "v" for _word, tag, _start in tokens(fold(text)))
    return is_short and not spans_of(text, "place") and not spans_of(text, "time")


def _is_short_modifier(text: str) -> bool:
    """市級的, 百億級的: one modifier, of which nothing is said yet."""
    return text.endswith("的") and len(text) <= 10 and len(pieces(text)) <= 1 and not re.search("[是占比]", fold(text))


def _is_property(text: str) -> bool:
    if LEVEL.fullmatch(fold(text)) or PER.fullmatch(fold(text)):
        return True
    return bool(PROPERTY.fullmatch(fold(text))) and not re.search(cues.CHANGE_WORD + "$", fold(text))


_AMONG = re.compile(r"^(?:其中|当中|这其中|里面)(?:的|,|，)?(?P<rest>(?![有是]).+)$")


def among(text: str, context: Context) -> str | None:
    """其中城鎮人口多少: a part of what was asked for."""
    match = _AMONG.match(fold(text))
    if match is None or re.match("第|最后", match["rest"]):
        return None
    rest = re.sub(r"[呢吧啊]$", "", text[match.start("rest") :])
    tail = _TAIL.search(fold(rest))
    noun = rest[: tail.start()] if tail else rest
    target = alike(context.base, fold(noun), spans_of(context.base, "noun"))
    if target and fold(noun)[-2:] == fold(target.of(context.base))[-2:]:
        return changed(context.base, noun, context.index)
    return f"{core(context.base)}其中{rest}" + ("" if WH.search(fold(rest)) else "有多少")
