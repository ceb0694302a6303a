"""Comparisons that name two things and an adjective (哪條更長, which is older): what is to be measured of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinju.figures.operations import Operation
from yinju.text import fold
from yinju.types import Kind

_YEARS = frozenset({Kind.YEAR, Kind.DATE})
_MORE = r"(?:[更最较]|比较|要){0}|(?<![增生成特]){0}(?:一?[些点])|(?:谁|哪一?[个条座家件所只艘栋项])(?:的)?{0}[^\w]*$"


@dataclass(frozen=True, slots=True)
class Comparative:
    """What an adjective compares.

    Attributes:
        measure: The noun for it in Chinese and in English.
        kinds: Kinds of quantity that state it; empty where any may.
        operation: Which of the things is asked for, where the adjective itself decides: the older is of the earlier
            year. ``None`` leaves it to the rest of the question.
    """

    measure: tuple[str, str]
    kinds: frozenset[Kind] = frozenset()
    operation: Operation | None = None


_COMPARATIVES = tuple(
    (re.compile(pattern), comparative)
    for pattern, comparative in (
        (_MORE.format("长") + r"|\blong(?:er|est)\b", Comparative(("长度", "length"))),
        (_MORE.format("深") + r"|\bdeep(?:er|est)\b", Comparative(("深度", "depth"))),
        (_MORE.format("宽") + r"|\bwide(?:r|st)\b", Comparative(("宽度", "width"))),
        (r"[更最较]重的?|\bheav(?:ier|iest)\b", Comparative(("重量", "weight"))),
        (
            r"(?:更|最|比较|较)?(?:便宜|贵)|\b(?:cheap|dear|pric[ei]|costli)(?:er|est)\b|(?:more|most|less) expensive",
            Comparative(("价格", "price"), frozenset({Kind.AMOUNT})),
        ),
        (
            r"[更最较要]老|老一?[些点]|资格老|(?:岁数|年纪|年龄|资格)[更最较]?[大老]|谁先|哪一?[个件家所座]先|先(?:有|成立|建|开)|"
            r"[更最较]早|早一?[些点]|\bold(?:er|est)\b|\bearli(?:er|est)\b|came? first",
            Comparative(("年份", "year"), _YEARS, Operation.ARGMIN),
        ),
        (
            r"[更最较]年轻|年轻一?[些点]|(?:岁数|年纪|年龄)[更最较]?小|[更最较]晚|晚一?[些点]|\byoung(?:er|est)\b|\blat(?:er|est)\b",
            Comparative(("年份", "year"), _YEARS, Operation.ARGMAX),
        ),
    )
)


def comparative_in(question: str) -> Comparative | None:
    """Return what the adjective of a comparison measures; ``None`` where it says nothing by itself (大, 多, 高)."""
    folded = fold(question)
    return next((comparative for pattern, comparative in _COMPARATIVES if pattern.search(folded)), None)
