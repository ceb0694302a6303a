"""Comparisons that name two things and an adjective (哪條更長, which is older): what is to be measured of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinju.figures.operations import WHICH_ONE, Operation
from yinju.text import fold
from yinju.types import Kind

_YEARS = frozenset({Kind.YEAR, Kind.DATE})
_AT_END = WHICH_ONE + r"(?:会|要)?(?:更|最|比较|较)?(?:{0})(?:一?[些点])?的?[呢啊]?(?=[^\w]|$)"
_IN_ENGLISH = r"\b(?:which|what)\b[^,?]{{0,40}}?\b(?:is|was|are|were) (?:the )?(?:{0})(?=[,:?]| of\b| between\b|$)"


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


_BEGAN = "(?:开|建|成立|设立|有|办|诞生|开业|开张|开通|建成)?"
_COMPARATIVES = tuple(
    (re.compile(f"{_AT_END.format(chinese)}|{_IN_ENGLISH.format(english)}"), comparative)
    for chinese, english, comparative in (
        ("长|短", "longer|longest|shorter|shortest", Comparative(("长度", "length"))),
        ("深|浅", "deeper|deepest|shallower", Comparative(("深度", "depth"))),
        ("宽|窄", "wider|widest|narrower", Comparative(("宽度", "width"))),
        (
            "贵|便宜",
            "cheaper|cheapest|dearer|pricier|costlier|(?:more|most|less) expensive",
            Comparative(("价格", "price"), frozenset({Kind.AMOUNT})),
        ),
        (
            rf"老|(?:先|早){_BEGAN}|(?:岁数|年纪|资格)[更最较]?[大老]",
            "older|oldest|earlier|earliest|first",
            Comparative(("年份", "year"), _YEARS, Operation.ARGMIN),
        ),
        (
            rf"年轻|晚{_BEGAN}|(?:岁数|年纪)[更最较]?小",
            "younger|youngest|later|latest",
            Comparative(("年份", "year"), _YEARS, Operation.ARGMAX),
        ),
    )
)


def comparative_in(question: str) -> Comparative | None:
    """Return what the adjective of a comparison measures; ``None`` where it says nothing by itself (大, 多, 高).

    It has to stand right after what asks which of them: 哪條票價更貴 names the measure itself.
    """
    folded = fold(question)
    return next((comparative for pattern, comparative in _COMPARATIVES if pattern.search(folded)), None)
