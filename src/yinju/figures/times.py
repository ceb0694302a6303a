"""Times named in a text: 2024年, 截至2024年底, 前三季度, “十四五”, 今年, in the notation of ``Figure.period``."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLAN_NUMERALS = {
    "九": 1996,
    "十": 2001,
    "十一": 2006,
    "十二": 2011,
    "十三": 2016,
    "十四": 2021,
    "十五": 2026,
    "十六": 2031,
}
"""First year of each five-year plan of the People's Republic, by its number."""
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(_MONTHS)
_PART = r"上半年|下半年|前三季度|第?[一二三四1-4]季度|1[-—–~至到][0-9]{1,2}月(?:份)?"
_YEAR = r"(?:1[89]|20|21)[0-9]{2}"

_TIME = re.compile(
    rf"""(?P<range>(?<![0-9])(?P<r1>{_YEAR})年?[ ]?[-—–~至到][ ]?(?P<r2>{_YEAR})(?:年|(?![0-9]))
           |\bfrom[ ](?P<e1>{_YEAR})[ ]to[ ](?P<e2>{_YEAR}))
     |(?P<date>(?<![0-9])(?P<dy>{_YEAR})(?:年[ ]?(?P<dm>[0-9]{{1,2}})月(?:(?P<dd>[0-9]{{1,2}})[日号])?
           |-(?P<im>[0-9]{{2}})-(?P<id>[0-9]{{2}})))
     |(?P<partyear>(?<![0-9])(?P<py>{_YEAR})年[ ]?(?:度)?的?(?P<pp>{_PART}))
     |(?P<year>(?<![0-9])(?P<y>{_YEAR})[ ]?年(?!代))
     |(?P<plan>[“‘「『\"](?P<n>九|十[一二三四五六]?)五[”’」』\"]|(?P<n2>十[一二三四五六])五(?=时期|期间|规划
           |以来|末|开局|收官))
     |(?P<relative>今年|本年度?|过去(?:的)?一年|一年来|去年|上年(?:度|末|底|同期)?|前年|明年)
     |(?P<span>(?:过去|近|这|[0-9一二两三四五六七八九十]+年来?的?)?(?<![0-9])(?P<sn>[0-9]{{1,2}}
           |[二两三四五六七八九十])年(?P<lai>来|间)|(?<![0-9第])(?P<sg>[2-9]|10|[两三四五六七八九十])年(?=累计
           |年均|平均|增|提高|提升|下降|翻|净增|减|上升)|过去(?P<sp>[0-9]{{1,2}}|[二两三四五六七八九十])年)
     |(?P<part>{_PART})
     |(?P<english>\b(?:in|by|since|during|for|of|end-)[ ](?:(?P<em>{_MONTH})[ ])?(?P<ey>{_YEAR})(?![0-9,.][0-9]))
     |(?P<before>\b(?:the\s(?:year\sbefore|(?:previous|prior)\s(?:financial\s|fiscal\s)?year)|a\syear
           \s(?:earlier|before|ago)|last\syear)\b)
     |(?P<quarter>\bq(?P<qn>[1-4])[ ](?P<qy>{_YEAR}))
    """,
    re.X,
)
_SINCE = re.compile(r"以来|起(?!步|来|点)|至今|开始")
_COMPARED = re.compile(r"(?:比|较|与|同|和|对比|相比|相较于?|超过|高于|低于|快于|创)(?:于)?$|[离距][^,，]{0,3}$")
_COMPARED_AFTER = re.compile(
    r"(?:的?[0-9.]+多?倍|的[一二三四五六七八九十]{1,3}(?:倍|分之)|的一半|同期|相比|以来(?:新|最|首))"
)
_EVENT_BEFORE = re.compile(
    r"(?:成立|建立|创立|创建|设立|始建|创办|诞生|组建|建成|上市|出生|落成|开业|启用|通车|建)[于在]$"
)
_EVENT_AFTER = re.compile(r"(?:正式)?(?:成立|建立|创立|创建|设立|始建|创办|诞生|组建|出生|落成|开业|启用)")
_THAN = re.compile(r"\b(?:than|against|from|with|on|over|versus|vs\.?)[ ]$")
_AGAINST = re.compile(r"\b(?:than|against|compared[ ](?:with|to)|from|versus|vs\.?)\b[^,;]*$")
"""What stands before an English time that is of the value before it alone: compared with $181 million in 2022."""
_REACH = 50
_FROM = re.compile(r"(?:由|从|自)$")
# A year told by its place in a plan is named beside it: 2025年，是“十四五”收官之年.
_LAST_YEAR = re.compile(r"(?:规划|计划)?的?(?:圆满)?(?:收官|开局|起步|收尾|第[一二三四五]年|首年|最后一年)")
_NUMERAL = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time in a text.

    Attributes:
        start, end: Where it stands in the folded text.
        period: In the notation of ``Figure.period``; empty when it cannot be told.
        baseline: It is only what something is compared with (比上年, 较2020年), not when the figure holds.
        local: It holds for the next figure only (由2020年的7.2%提升至…).
        after: It stands behind what it dates, as in English (from $2 million in 2021 to …).
    """

    start: int
    end: int
    period: str
    baseline: bool = False
    local: bool = False
    after: bool = False


def find_times(folded: str, start: int, end: int, year: int | None, carried: str) -> list[TimeMention]:
    """Find the times in ``folded[start:end]``, in order.

    Args:
        folded: Folded text.
        start: Where to begin.
        end: Where to stop.
        year: Year in which the document speaks (今年); ``None`` when unknown.
        carried: The period that holds so far; gives 前三季度 its year.
    """
    found = []
    for match in _TIME.finditer(folded, start, end):
        if folded.rfind("《", max(start, match.start() - 40), match.start()) > folded.rfind("》", start, match.start()):
            continue
        if match["plan"] and _LAST_YEAR.match(folded, match.end()):
            continue
        before = folded[max(start, match.start() - 4) : match.start()]
        period = _period(match, year, carried)
        last_year_alone = bool(match["relative"]) and match["relative"].startswith("上年") and match.start() != start
        baseline = last_year_alone and not _FROM.search(before)
        baseline = baseline or bool(
            _COMPARED.search(before)
            or _EVENT_BEFORE.search(before)
            or _EVENT_AFTER.match(folded, match.end())
            or _COMPARED_AFTER.match(folded, match.end())
        )
        if period and not baseline and _SINCE.match(folded, match.end()) and "/" not in period:
            period += "/"
        local, after = bool(_FROM.search(before)), match["english"] is not None
        if match["before"]:
            local = after = True
        elif after:
            ahead = folded[max(start, match.start() - _REACH) : match.start()]
            baseline, local = bool(_THAN.search(ahead)), bool(_AGAINST.search(ahead))
        found.append(TimeMention(match.start(), match.end(), period, baseline, local, after))
    return found


def first_year(period: str) -> int | None:
    """Return the year a period begins in; ``None`` for the empty period."""
    return int(period[:4]) if period[:4].isdigit() else None


def last_year(period: str) -> int | None:
    """Return the year a period ends in; for an open one (``1998/``) the year it begins in."""
    end = period.rpartition("/")[2] or period
    return first_year(end)


def _period(match: re.Match[str], year: int | None, carried: str) -> str:
    kind = match.lastgroup if match.lastgroup in _READERS else next(g for g in _READERS if match[g])
    return _READERS[kind](match, year, carried)


def _range(match: re.Match[str], year: int | None, carried: str) -> str:
    return f"{match['r1'] or match['e1']}/{match['r2'] or match['e2']}"


def _date(match: re.Match[str], year: int | None, carried: str) -> str:
    month, day = match["dm"] or match["im"], match["dd"] or match["id"]
    return f"{match['dy']}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")


def _part_of(year: str, part: str) -> str:
    if part == "上半年":
        return f"{year}-01/{year}-06"
    if part == "下半年":
        return f"{year}-07/{year}-12"
    if part == "前三季度":
        return f"{year}-01/{year}-09"
    if part.endswith("季度"):
        quarter = part.removesuffix("季度")[-1]
        return f"{year}Q{_NUMERAL.get(quarter, quarter)}"
    month = re.findall(r"[0-9]+", part)[-1]
    return f"{year}-01/{year}-{int(month):02d}"


def _partyear(match: re.Match[str], year: int | None, carried: str) -> str:
    return _part_of(match["py"], match["pp"])


def _year(match: re.Match[str], year: int | None, carried: str) -> str:
    return match["y"]


def _plan(match: re.Match[str], year: int | None, carried: str) -> str:
    first = PLAN_NUMERALS[match["n"] or match["n2"]]
    return f"{first}/{first + 4}"


def _relative(match: re.Match[str], year: int | None, carried: str) -> str:
    shift = {"今": 0, "本": 0, "去": -1, "过": -1, "一": -1, "上": -1, "前": -2, "明": 1}[match["relative"][0]]
    if match["relative"].startswith("上年"):
        base = last_year(carried)
        return str(base - 1) if base else ""
    return str(year + shift) if year else ""


def _span(match: re.Match[str], year: int | None, carried: str) -> str:
    word = match["sn"] or match["sg"] or match["sp"]
    n, last = _NUMERAL.get(word) or int(word), last_year(carried)
    if last is None:
        return ""
    return carried if "/" in carried and "-" not in carried else f"{last - n + 1}/{last}"


def _part(match: re.Match[str], year: int | None, carried: str) -> str:
    base = last_year(carried) or year
    return _part_of(str(base), match["part"]) if base else ""


def _english(match: re.Match[str], year: int | None, carried: str) -> str:
    month = match["em"]
    return match["ey"] + (f"-{_MONTHS.index(month) + 1:02d}" if month else "")


def _quarter(match: re.Match[str], year: int | None, carried: str) -> str:
    return f"{match['qy']}Q{match['qn']}"


def _before(match: re.Match[str], year: int | None, carried: str) -> str:
    base = last_year(carried)
    return str(base - 1) if base else ""


_READERS = {
    "range": _range, "date": _date, "partyear": _partyear, "year": _year, "plan": _plan, "relative": _relative,
    "span": _span, "part": _part, "english": _english, "quarter": _quarter, "before": _before,
}  # fmt: skip
