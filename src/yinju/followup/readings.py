"""What a follow-up leaves open: its readings, to be chosen from, and the reply that chooses one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yinju.followup.chinese import write_out_chinese
from yinju.followup.coordination import parted
from yinju.followup.topic import Context, with_last
from yinju.text import fold

_SINGULAR = re.compile(
    r"^(?:那么?|而|还有|请问)?[,，]?"
    r"(?:它(?!们)|其(?![中他它余实次])|[这那该]一?(?:个|家|项|座|所|只|支|款)(?![些两三几]))"
)
_SAID = re.compile(
    r"^(?:我?(?:是)?(?:说|指|问|选|要)?的?(?:是)?|the|i mean(?:t)?)\s*|"
    r"(?:的|那个|那家|那项|一下)?(?:呢|吧|啊|one)?[?？。.!！]*$"
)
_POSITION = re.compile(
    r"(?:第(?P<han>[一二三四五])(?:个|项|家|种)?|(?P<digit>[1-5])|(?P<former>前者|前一个|former|first(?: one)?)|"
    r"(?P<latter>后者|后一个|最后一?个|latter|last(?: one)?|second(?: one)?))"
)


def readings_of(question: str, context: Context) -> tuple[str, ...]:
    """Return the readings of a question whose 它 may stand for either of two things named together.

    Args:
        question: As asked, in Chinese.
        context: The conversation; its last question names the two, and its answer chose neither.

    Returns:
        One question for each reading, or nothing where there is but one.
    """
    alone = parted(context.last) if _SINGULAR.match(fold(question)) else ()
    readings = [write_out_chinese(question, with_last(context, each)) for each in alone]
    distinct = dict.fromkeys(reading for reading in readings if reading)
    return tuple(distinct) if len(distinct) > 1 else ()


def choose(reply: str, choices: Sequence[str]) -> str:
    """Return the choice that a reply names: by its place, or by words that only one of them has; else empty."""
    said = fold(reply).strip()
    if said in map(fold, choices):
        return next(choice for choice in choices if fold(choice) == said)
    said = _SAID.sub("", said).strip(' ,，「」“”"')
    if match := _POSITION.fullmatch(said):
        place = _place(match, len(choices))
        return choices[place] if place < len(choices) else ""
    fitting = [choice for choice in choices if said and said in fold(choice)]
    return fitting[0] if len(fitting) == 1 else ""


def _place(match: re.Match[str], n_choices: int) -> int:
    if match["han"]:
        return "一二三四五".index(match["han"])
    if match["digit"]:
        return int(match["digit"]) - 1
    return 0 if match["former"] else n_choices - 1
