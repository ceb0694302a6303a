"""What a yes-or-no question claims of a figure: that it passes a number, equals one, or rises or falls."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yinju.figures.quantity import read_quantities
from yinju.text import fold
from yinju.types import Figure, Kind, Quantity, Role

_YES_NO = re.compile(
    r"吗|嘛[?？]?$|是不是|是否|有没有|有无|对不对|(?:过|破|到|了|达到|超过)[^,，]{0,14}(?:没有?|不)[?？。]?$|真的假的|"
    r"^(?:is|are|was|were|did|does|do|has|have)\b"
)
_ASIDE = re.compile(
    r"是不是|是否|有没有|有无|对不对|已经|真的?|了?(?:没有?|吗|嘛)[?？。]?$|^(?:is|are|was|were|did|does|do|has|have)\b"
)
_ENDING = re.compile(r"了?(?:没有?|吗|嘛)[?？。]?$")
_MORE = (
    r"(?:超过|超出|超|突破|跨过|跨越|迈过|站上|大于|高于|多于|不止|冲破|破|过|more than|over|exceed(?:ed|s)?|above|"
    r"surpass(?:ed|es)?|top(?:ped)?|pass(?:ed)?)"
)
_REACHES = r"(?:达到|达|够|满|到|上|有|at least|reach(?:ed)?|hit)"
_LESS = r"(?:不到|不足|低于|少于|小于|不满|跌破|未满|less than|under|below|fewer than)"
_GAP = r"\s*(?:了|过)?(?:约|大约)?\s*$"
_ENDS_MORE = re.compile(_MORE + _GAP)
_ENDS_REACHES = re.compile(_REACHES + _GAP)
_ENDS_LESS = re.compile(_LESS + _GAP)
_ENDS_IS = re.compile(r"(?:是|为|\bis|\bwas|\bare|\bwere)" + _GAP)
_RISES = r"(?:增长|增加|上升|上涨|提高|提升|涨|增|升|grow|grown|grew|rise|risen|rose|increase[d]?)"
_FALLS = (
    r"(?:下降|减少|下滑|下跌|回落|降低|跌|降|减|fall|fallen|fell|drop(?:ped)?|decline[d]?|decrease[d]?|shrink|shrunk)"
)
_DIRECTION = re.compile(rf"(?:在|是|有|出现)?(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))了?(?:的|长)?(?:了?吗|没有?|$)")


class Relation(StrEnum):
    """How a claim sets a figure against its number."""

    MORE = "more"
    AT_LEAST = "at_least"
    LESS = "less"
    EQUAL = "equal"
    RISES = "rises"
    FALLS = "falls"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim and the open question behind it.

    Attributes:
        relation: What is claimed.
        value: The number claimed, in its base unit; 0 for a rise or a fall.
        unit: Its unit; empty for a bare number and for a rise or a fall.
        open: The question without its claim (上市公司超過200家了嗎 → 上市公司多少家).
    """

    relation: Relation
    value: Decimal
    unit: str
    open: str

    def holds(self, figure: Figure) -> bool:
        """Tell whether a figure bears the claim out; a stated 超過 counts from its number on."""
        value = figure.quantity.value
        match self.relation:
            case Relation.MORE:
                return value > self.value or (value == self.value and str(figure.quantity.approx) == "over")
            case Relation.AT_LEAST:
                return value >= self.value
            case Relation.LESS:
                return value < self.value
            case Relation.EQUAL:
                return value == self.value
            case Relation.RISES:
                return value > 0
        return value < 0

    def speaks_of(self, figure: Figure) -> bool:
        """Tell whether a figure can decide the claim at all: of the same unit, or a change for a rise or fall."""
        if self.relation in {Relation.RISES, Relation.FALLS}:
            return figure.role is Role.CHANGE
        return not self.unit or fold(self.unit) == fold(figure.quantity.unit) or figure.quantity.kind is Kind.COUNT


def find_claim(question: str) -> Claim | None:
    """Read the claim of a yes-or-no question; ``None`` when it makes none that a figure decides."""
    folded = fold(question).strip()
    if not _YES_NO.search(folded):
        return None
    # A bare numeral needs something after it to end at: 過了三百萬沒有.
    spelled = _ENDING.sub(lambda match: "," * len(match.group()), folded)
    for quantity in read_quantities(folded) or read_quantities(spelled):
        relation = _relation(folded, quantity)
        opened = _opened(question.strip(), folded, quantity) if relation else ""
        if relation and opened:
            return Claim(relation, quantity.value, quantity.unit, opened)
    match = _DIRECTION.search(folded.rstrip("?？。"))
    if match is None or re.search("比(?!上年|去年|前一年|上一年|较)", folded):
        return None
    start = match.start("up") if match["up"] else match.start("down")
    word = match["up"] or match["down"]
    asked = _without_asides(question.strip()[: match.start()] + " ") + question.strip()[start : start + len(word)]
    english = " by what percentage?" if word.isascii() else "多少"
    return Claim(Relation.RISES if match["up"] else Relation.FALLS, Decimal(0), "", f"{asked}{english}")


def _relation(folded: str, quantity: Quantity) -> Relation | None:
    if quantity.kind in {Kind.YEAR, Kind.DATE, Kind.RANK, Kind.DURATION, Kind.MULTIPLE}:
        return None
    before = folded[: quantity.span.start]
    after = folded[quantity.span.end :]
    if _ENDS_LESS.search(before):
        return Relation.LESS
    if _ENDS_MORE.search(before):
        return Relation.MORE
    if _ENDS_REACHES.search(before) or re.match(r"以上|or more", after):
        return Relation.AT_LEAST
    return Relation.EQUAL if _ENDS_IS.search(before) else None


def _opened(question: str, folded: str, quantity: Quantity) -> str:
    before = folded[: quantity.span.start]
    for ending in (_ENDS_LESS, _ENDS_MORE, _ENDS_REACHES, _ENDS_IS):
        if match := ending.search(before):
            before = question[: match.start()]
            break
    else:
        before = question[: quantity.span.start]
    asked = _without_asides(before).strip()
    if not asked:
        return ""
    if question.isascii():
        asked = asked.removeprefix("the ")
        return f"what is the {asked} {question[quantity.span.end :].strip()}".rstrip("? ") + "?"
    unit = "%" if quantity.unit == "%" else quantity.unit
    return f"{asked}{'百分之几' if unit == '%' else '多少' + unit}"


def _without_asides(question: str) -> str:
    folded = fold(question)
    kept = list(question)
    for match in _ASIDE.finditer(folded):
        kept[match.start() : match.end()] = [""] * (match.end() - match.start())
    return "".join(kept)
