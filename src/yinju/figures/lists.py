"""Lists that values follow in the same order: A、B、C分別增長4.4%、5.6%和7%, and values after them that go on so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import rjieba

from yinju.figures.phrases import stripped
from yinju.figures.reading import PUNCTUATION, Carried, Clause, Item, is_moment
from yinju.figures.roles import before_comparison
from yinju.figures.subjects import subject_at, within
from yinju.text import language_of, to_language
from yinju.types import Quantity, Span

_DISTRIBUTIVE = re.compile(r"分别|依次|各自")
_RESPECTIVELY = re.compile(r"[^.;]{0,60}?,? respectively\b")
_INDUSTRIES = re.compile(r"三次产业|三大产业")
_CUTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"、",
        r"、|以及|[和及与](?=[^和及与、]+$)",
        r"、|以及|[和及与]",
        r",? and |, ",
    )
)
_ATTRIBUTE = (
    r"总?产值|增加值|零售额|总?产量|进出口总?额?|出口总?额?|进口总?额?|营业收入|收入|支出|投资额?|占比|比重|(?:种植|播种|建筑|销售)?面积|"
    r"规模|数量|人数|增速|销售?量|余额|总额|总量|产能|利润|营收|税收|价格|浓度"
)
_ANY_ATTRIBUTE = rf"{_ATTRIBUTE}|[^、]{{0,2}}[额量值率数]"
_SHORT_ITEM = 2
_TAILS = tuple(
    re.compile(rf"[^、]*?(?P<tail>(?:{attribute})?占[^、]+|(?:{attribute})(?:[(（][^()（）]*[)）])?)$")
    for attribute in (_ATTRIBUTE, _ANY_ATTRIBUTE)
)
_HAS_ATTRIBUTE = re.compile(rf"(?:{_ANY_ATTRIBUTE})$")
_ENGLISH_TAIL = re.compile(r"\S+(?P<tail> [a-z][a-z ]*)$")
_URBAN_RURAL = re.compile(r"城乡(?=居民|常住|低保|人均|户|人口|消费)")
_SEVERAL = re.compile(r"[两二三四五六七八九十0-9]{1,2}(?:个?[省市区县镇村地州国]|者|家|所|项|类)")
_BETWEEN_TIMES = re.compile(r"[、,和及与到至\s]{1,2}")
_ARRIVES = re.compile(
    r"[,，]?(?:提高|增加|增长|提升|上升|下降|减少|降低|回落|扩大|缩小|发展|增|升|降|减|提|涨|跌)?(?:到了?|至|为|成)(?:了?\d{4}年的?)?"
)
_GOES_ON = re.compile(r"(?:同比|环比|比上年|较上年)?[\s]*(?:分别|依次|各)?(?P<share>占[^,，、]{1,14}?)?")


def items_of(clause: Clause, state: Carried) -> dict[Span, Item]:
    """Return what each value of the clause's list is of, by its span; empty where values follow no list one to one.

    The items are kept in ``state``, so that a later clause with as many values goes on with them (分別為…，占…的…).
    """
    word = _DISTRIBUTIVE.search(clause.folded, clause.span.start, clause.span.end)
    since = word.end() if word else clause.span.start
    run = _run(clause, [q for q in clause.quantities if not is_moment(q) and q.span.start >= since])
    if len(run) < 2:
        return {}
    items = _own_items(clause, state, run) or _same_again(clause, state, run) or _named_before(clause, state, run, word)
    state.items = tuple(items) or state.items
    placed = {quantity.span: item for quantity, item in zip(run, items, strict=False)}
    ends = _arrived_at(clause, run, since) if len(items) == len(run) else []
    for (start, begun), (end, arrived), item in zip(_at(run, clause, since), ends, items, strict=False):
        placed[start] = replace(item, period=item.period or begun)
        placed[end] = replace(item, period=item.period or arrived)
    return placed


def _arrived_at(clause: Clause, run: Sequence[Quantity], since: int) -> list[tuple[Span, str]]:
    """The values that a list of as many changed to, with their time: 分別從2019年的A、B增加到2024年的C、D."""
    later = [q for q in clause.quantities if not is_moment(q) and q.span.start >= run[-1].span.end]
    ends = _run(clause, later)
    if len(ends) != len(run) or not _ARRIVES.fullmatch(clause.folded, run[-1].span.end, ends[0].span.start):
        return []
    return _at(ends, clause, run[-1].span.end)


def _at(run: Sequence[Quantity], clause: Clause, since: int) -> list[tuple[Span, str]]:
    """Values side by side, each with the time that stands before the first, if there is one."""
    times = [time.period for time in clause.times if since <= time.start and time.end <= run[0].span.start]
    period = next((period for period in reversed(times) if period), "")
    return [(quantity.span, period) for quantity in run]


def _run(clause: Clause, values: Sequence[Quantity]) -> list[Quantity]:
    """The values that stand side by side from the first."""
    run = list(values[:1])
    for value in values[1:]:
        between = clause.folded[run[-1].span.end : value.span.start].strip(" ")
        if len(between) > (5 if clause.folded.isascii() else 2) or _ARRIVES.fullmatch(between):
            break
        run.append(value)
    return run


def _own_items(clause: Clause, state: Carried, run: Sequence[Quantity]) -> list[Item]:
    folded, first = clause.folded, run[0].span.start
    word = _DISTRIBUTIVE.search(folded, clause.span.start, first)
    if word is None and _RESPECTIVELY.match(folded, run[-1].span.end, clause.sentence.end):
        return _named_items(clause, *stripped(clause, clause.span.start, first), run)
    if word is None and ("、" not in folded[clause.span.start : first] or "、" not in folded[first : run[-1].span.end]):
        return []
    end = before_comparison(clause, clause.span.start, word.start() if word else first)
    end = next((q.span.start for q in clause.quantities if q.span.end == end), end)  # 五年分別
    if years := _years(clause, end, len(run)):
        return years
    begin, stop = stripped(clause, clause.span.start, end)
    if word and (three := _three_industries(clause, state, begin, stop, first, len(run))):
        return three
    return _named_items(clause, begin, stop, run)


def _same_again(clause: Clause, state: Carried, run: Sequence[Quantity]) -> list[Item]:
    """Values without a list of their own are of the list before, where they are as many."""
    goes_on = _GOES_ON.match(clause.folded, clause.span.start, run[0].span.start)
    if len(run) != len(state.items) or goes_on is None:
        return []
    begin, stop = stripped(clause, goes_on.end(), run[0].span.start)
    if begin < stop and not goes_on["share"]:
        return []
    share = ""
    if goes_on["share"]:
        begin, stop = stripped(clause, goes_on.start("share"), run[0].span.start)
        share = clause.text[begin:stop]
    return [Item(item.metric + share, item.period, item.entity) for item in state.items]


def _named_before(clause: Clause, state: Carried, run: Sequence[Quantity], word: re.Match[str] | None) -> list[Item]:
    """Values that an earlier part of the sentence lists the things of.

    They are the names of a list (在甲鎮、乙鎮和丙鎮設廠,年產能分別為…), or, of changes, what the last values are of
    (遊客300萬人次,收入5億元,分別增長4%和7%).
    """
    if word is None or word.end() > run[0].span.start:
        return []
    begin, stop = stripped(clause, clause.span.start, word.start())
    if begin >= stop:
        levels = [level for level in state.levels[-len(run) :] if level.clause != clause.span]
        same_again = len(levels) == len(run) and all(q.unit == "%" for q in run)
        return [Item(level.metric, "", level.entity) for level in levels] if same_again else []
    names = _list_of_names(clause, len(run))
    return [Item(clause.text[begin:stop], "", name) for name in names]


def _list_of_names(clause: Clause, n: int) -> list[str]:
    """The last list of ``n`` nouns that stand side by side in the sentence before a clause; empty without one."""
    words = [token for token in clause.tokens if token.end <= clause.span.start]
    found: list[str] = []
    named: list[str] = []
    for before, token in pairwise([*words, None]):
        noun = before is not None and before.tag[:1] in "nj" and before.end - before.start > 1
        if noun and before is not None:
            named.append(clause.text[before.start : before.end])
        goes_on = noun and token is not None and token.word in _JOINS
        if not goes_on and not (before is not None and before.word in _JOINS and named):
            found = named if len(named) == n else found
            named = []
    return found


_JOINS = frozenset("、 和 及 与 以及".split())


def _years(clause: Clause, end: int, n: int) -> list[Item]:
    """The times of 2021年、2022年、2023年營業收入分別為, each with what is measured after the last."""
    times = [time for time in clause.times if time.period and time.end <= end]
    for index in range(len(times) - n + 1):
        named = times[index : index + n]
        gaps = [clause.folded[a.end : b.start] for a, b in pairwise(named)]
        if gaps and all(_BETWEEN_TIMES.fullmatch(gap) for gap in gaps):
            begin, stop = stripped(clause, named[-1].end, end)
            before = stripped(clause, clause.span.start, named[0].start)
            metric = clause.text[slice(*before)] + clause.text[begin:stop]
            return [Item(metric, time.period) for time in named]
    return []


def _three_industries(clause: Clause, state: Carried, begin: int, stop: int, value: int, n: int) -> list[Item]:
    """Three values for 三次產業 are those of the first, the second and the third."""
    folded, text = clause.folded, clause.text
    industries = _INDUSTRIES.match(folded, begin, stop)
    if n != 3 or (industries is None and not (begin >= stop and state.industries)):
        return []
    state.industries = True
    rest = stripped(clause, industries.end(), stop) if industries else (stop, stop)
    if rest[0] >= rest[1]:
        word = _DISTRIBUTIVE.search(folded, begin, value)
        rest = stripped(clause, word.end() if word else begin, value)
    kind = text[industries.end() - 2 : industries.end()] if industries else "产业"
    return [Item(f"第{ordinal}{kind}{text[slice(*rest)]}") for ordinal in "一二三"]


def _named_items(clause: Clause, begin: int, stop: int, run: Sequence[Quantity]) -> list[Item]:
    parts = _split(clause.folded, begin, stop, len(run))
    if not parts:
        return _urban_and_rural(clause, begin, stop, len(run))
    return _subjects(clause, parts) or _with_tail(clause, parts, run)


def _split(folded: str, start: int, end: int, n: int) -> list[tuple[int, int]]:
    """Split a list into ``n`` items at 、, and at 和/及/与 in its last part if need be; empty when it fails."""
    for pattern in _CUTS:
        cuts = [match.span() for match in pattern.finditer(folded[start:end])]
        if len(cuts) == n - 1:
            edges = [0, *[edge for cut in cuts for edge in cut], end - start]
            parts = [(start + edges[2 * i], start + edges[2 * i + 1]) for i in range(n)]
            return parts if all(a < b for a, b in parts) else []
    return []


def _urban_and_rural(clause: Clause, begin: int, stop: int, n: int) -> list[Item]:
    """Two values of 城鄉居民 are those of the towns and of the country."""
    found = _URBAN_RURAL.search(clause.folded, begin, stop)
    if n != 2 or found is None:
        return []
    language = language_of(clause.text[clause.sentence.start : clause.sentence.end])
    before, after = clause.text[begin : found.start()], clause.text[found.end() : stop]
    return [Item(before + to_language(kind, language) + after) for kind in ("城镇", "农村")]


def _subjects(clause: Clause, parts: Sequence[tuple[int, int]]) -> list[Item]:
    """A list of places or organisations: 北京、上海、廣州三地員工依次為."""
    names = [_name(clause, *part) for part in parts]
    if any(end is None for end in names) or any(
        end != stop for (_, stop), end in zip(parts[:-1], names[:-1], strict=True)
    ):
        return []
    stop, named = parts[-1][1], names[-1] or 0
    several = _SEVERAL.match(clause.folded, named, stop)
    begin, stop = stripped(clause, several.end() if several else named, stop)
    metric = clause.text[begin:stop]
    return [Item(metric, "", clause.text[a:end]) for (a, _), end in zip(parts, names, strict=True)]


def _name(clause: Clause, start: int, stop: int) -> int | None:
    """Where the name ends that an item begins with."""
    found = subject_at(clause.folded, clause.tokens, start, stop)
    return found[1] if found and found[0] == start else None


def _with_tail(clause: Clause, parts: Sequence[tuple[int, int]], run: Sequence[Quantity]) -> list[Item]:
    """Items that lack the last one's attribute share it, where all values are of one unit."""
    text, folded = clause.text, clause.folded
    shapes = (_ENGLISH_TAIL,) if folded[parts[-1][0] : parts[-1][1]].isascii() else _TAILS
    tail = next((found for shape in shapes if (found := shape.fullmatch(folded, *parts[-1]))), None)
    complete = any(_HAS_ATTRIBUTE.search(folded, a, b) for a, b in parts[:-1])
    shared = text[slice(*tail.span("tail"))] if tail and len({q.unit for q in run}) == 1 else ""
    if complete and shared:
        shared = shared[shared.find("占") :] if "占" in shared else ""
    short = [n for n, (a, b) in enumerate(parts[:-1]) if b - a <= _SHORT_ITEM]
    words = within(clause.tokens, *parts[-1])
    own = parts[-1][0] + _SHORT_ITEM
    if shared and not complete and len(short) == len(parts) - 1 and _can_be_cut(folded[slice(*parts[-1])]):
        shared = text[own : parts[-1][1]]  # 城镇和农村|居民人均可支配收入
    if not shared and short and not complete and len(words) > 1 and words[-1].tag[:1] == "n":
        shared = text[words[-1].start : words[-1].end]  # 刑事、治安案件
    items = []
    for n, (a, b) in enumerate(parts):
        times = [t.period for t in clause.times if a <= t.start and t.end <= b and t.period]
        name = text[a:b].strip(PUNCTUATION)
        items.append(Item(name if n == len(parts) - 1 else name + shared, times[0] if times else ""))
    return items


def _can_be_cut(phrase: str) -> bool:
    """Whether a phrase begins with a word of two characters, which is no part of a longer one: 农村居民 is two."""
    first = rjieba.cut(phrase, False)[0]
    two = len(first) == 2 * _SHORT_ITEM and all(map(rjieba.has_word, (first[:_SHORT_ITEM], first[_SHORT_ITEM:])))
    return len(first) == _SHORT_ITEM or two
