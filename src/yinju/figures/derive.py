"""Values the text does not state but two figures of one statement give.

The start value behind a growth rate, the whole behind a share, the other side of a difference, a value per unit, a
yearly mean. Each takes rows that stand together; nothing is put together from different sentences but totals and
the counts they are divided by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import rjieba

import yinju.figures.cues as cues
from yinju.figures.compute import (
    Refusal,
    base_of_multiple,
    base_value,
    compute,
    literal,
    same_measure,
    start_value,
    whole_value,
)
from yinju.figures.constraints import PERCENTS, RATES, SCOPE_WORDS
from yinju.figures.grid import Grid, speaks_of_all, speaks_of_mean
from yinju.figures.matching import Candidate
from yinju.figures.operations import ASKS_WHICH, MOST, Operation
from yinju.figures.periods import FOREVER, Months, read_period, year_months
from yinju.figures.profiles import Profile, Profiles, covers
from yinju.figures.quantity import read_quantities
from yinju.figures.query import FigureQuestion, Term, in_words_of, read_plain, timeless
from yinju.figures.sameness import same_metric
from yinju.figures.search import Result, Search, scored
from yinju.figures.units import unit_kind
from yinju.text import fold
from yinju.types import TIMES, Computation, Figure, Kind, Role

_BACKWARDS = re.compile(
    r"倒推|倒算|反推|推算|推断|估算|算出|算一下|换算|[按照由用].{0,12}(?:增[速幅长]|占比|比重|比例|涨幅|幅度)"
    r"|judging by|based on|implied|work(?:ing)? back"
)
_HOW_MUCH = re.compile(r"how (?:much|many)\b(?!.*\b(?:percent|grow|grew|rise|rose|increase[ds]? by))")
_YEARLY_MEAN = re.compile(r"平均每年|每年平均|年均|平均一年|averaged? over|a year on average|per year on average")
_WHICH_YEAR = re.compile(r"哪一?年|何年|which year|what year")
_GIVEN_COUNT = re.compile(r"(?P<n>[两二三四五六七八九十]|\d+)(?P<unit>[\u4e00-\u9fff])")
_DIGITS = {"两": 2, **{digit: i for i, digit in enumerate("一二三四五六七八九十", 1)}}
_LOWER = re.compile(r"低于|落后|少于|慢于|低")
MIN_SCORE = 0.35
"""Least score of the row a derived value starts from; its companion is found by place, not by score."""
MIN_BELIEF = 0.25
"""Least belief in that row: a value worked out from the wrong one looks as exact as any."""
N_WITH_MULTIPLE = 12
MAX_YEARS = 12
MIN_NOUN = 0.8
"""Coverage of the noun that a value is spread over by the words of its count."""
MIN_COUNT_COVERAGE = 0.3


def derive(question: FigureQuestion, search: Search) -> Result | None:
    """Return a value that two figures of one statement give, with its score; ``None`` when none is to be had."""
    ways: list[Callable[[FigureQuestion, Search], Result | None]] = [_over_rows, _per_unit, _per_year]
    absolute = _asks_absolutely(question)
    if absolute:
        ways.append(_start)
    if absolute and works_back(question):
        ways.append(_whole)
    ways.append(_other_side)
    return next((found for way in ways if (found := way(question, search)) is not None), None)


def before_growth(question: FigureQuestion, search: Search) -> Result | None:
    """Return the value of the year before the one of which the text states it with its growth."""
    return _start(question, search) if _asks_absolutely(question) else None


def _asks_absolutely(question: FigureQuestion) -> bool:
    asks_amount = question.unit or question.role is not Role.CHANGE or _HOW_MUCH.search(fold(question.text))
    return question.unit not in RATES and bool(asks_amount)


def derive_as_asked(question: FigureQuestion, search: Search) -> Result | None:
    """Return the value that the operation of a question derives; ``None`` where it names none, or none is to be had."""
    ways = {Operation.PER_YEAR: _per_year, Operation.START_VALUE: _start, Operation.WHOLE: _whole}
    way = ways.get(question.operation)
    return way(question, search) if way else None


def asks_to_derive(question: FigureQuestion) -> bool:
    """Whether the words of a question ask for a value per unit, a yearly mean, or one worked back from a rate."""
    asked = fold(question.text)
    return bool(question.per) or any(p.search(asked) for p in (_BACKWARDS, cues.PER_ANY, _YEARLY_MEAN))


def works_back(question: FigureQuestion) -> bool:
    """Whether a question says that its answer has to be worked out from a rate."""
    return question.operation in {Operation.START_VALUE, Operation.WHOLE} or bool(
        _BACKWARDS.search(fold(question.text))
    )


def convertible(unit: str) -> str:
    """The unit asked for where a result can be put into it; counts keep the words of the text."""
    return "" if unit in RATES or unit_kind(unit) is Kind.COUNT or unit == "年" else unit


def companions(profile: Profile, profiles: Profiles) -> list[Profile]:
    """The rows after a row in its sentence that say more of it: its growth, share and lead, up to the next level."""
    row = [p for p in profiles.of_sentence(profile.figure) if p.figure.quantity.kind not in TIMES]
    found = []
    for other in row[row.index(profile) + 1 :] if profile in row else []:
        if other.figure.quantity.unit not in RATES and other.figure.role is Role.LEVEL:
            break
        found.append(other)
    return found


def _fitting(question: FigureQuestion, search: Search) -> list[Candidate]:
    return [c for c in search.plausible(question, MIN_SCORE) if c.belief >= MIN_BELIEF]


# ── back from a rate ────────────────────────────────────────────────────────────────────────


def _start(question: FigureQuestion, search: Search) -> Result | None:
    """The value a year earlier, from a level and its growth."""
    unit = convertible(question.unit)
    wanted = replace(timeless(question, question.label), role=None, kinds=frozenset())
    for level in _fitting(wanted, search)[:3]:
        months = level.profile.months
        rate = level.figure.quantity.unit in RATES and level.figure.quantity.unit != "%"
        if months is None or rate or level.figure.role is Role.CHANGE or not _year_before(question, months.last_year):
            continue
        for other in companions(level.profile, search.profiles):
            if _adds_points(other.figure, level.figure):
                return scored(base_value(level.figure, other.figure, other.figure.quantity.value < 0), level.score)
            if _adds_to(other.figure, level.figure):
                done = compute(Operation.DIFFERENCE, (level.figure, other.figure), unit, question.scale)
                return scored(done, level.score)
            if other.figure.role is Role.CHANGE and other.figure.quantity.unit == "%":
                if not works_back(question) and _REAL.search(f"{fold(level.figure.metric)} {level.profile.sentence}"):
                    return None
                return scored(start_value(level.figure, other.figure, unit, question.scale), level.score)
    return None


def _adds_points(change: Figure, level: Figure) -> bool:
    """Whether a figure says by how many points a percentage has changed: 68.3%，比上年提高1.1個百分點."""
    return change.role is Role.CHANGE and fold(change.quantity.unit) == "个百分点" and level.quantity.unit == "%"


def _adds_to(change: Figure, level: Figure) -> bool:
    """Whether a figure says by how much a level has grown, in its own unit: 39.8萬人，比上年增加5938人."""
    grown = change.role in {Role.CHANGE, Role.INCREMENT} and 0 < change.quantity.value < level.quantity.value
    return grown and same_measure(change.quantity.unit, level.quantity.unit)


_REAL = re.compile(r"生产总值|gdp|增加值|可比|不变价|constant|real terms")
"""What grows at a rate with prices taken out: the amount of the year before does not follow from it."""


def _year_before(question: FigureQuestion, year: int) -> bool:
    if question.operation is Operation.START_VALUE and not question.has_period:
        return True
    earlier = year_months(year - 1)
    return any(earlier.contains(asked) for asked in question.periods) or any(o == -1 for o, _ in question.offsets)


def _whole(question: FigureQuestion, search: Search) -> Result | None:
    """The whole, from a part and its share of it."""
    wanted = replace(question, role=None, scopes=(), kinds=frozenset(), operation=Operation.LOOKUP)
    if question.operation is Operation.WHOLE and (share := _given_share(question)):
        for part in _fitting(wanted, search)[:3]:
            if part.figure.quantity.unit not in RATES:
                return scored(whole_value(part.figure, share, convertible(question.unit), question.scale), part.score)
    for part in search.rank(wanted)[:12]:
        if part.figure.quantity.unit in RATES or part.figure.role is not Role.LEVEL or part.score < MIN_SCORE:
            continue
        for other in companions(part.profile, search.profiles):
            share = other.figure
            if share.quantity.kind in PERCENTS and share.role is Role.SHARE and _of_whole(question, other):
                return scored(whole_value(part.figure, share, convertible(question.unit), question.scale), part.score)
    return None


def _given_share(question: FigureQuestion) -> Figure | None:
    """The share that a question itself gives: 要是它占全省兩成."""
    folded = fold(question.text)
    shares = [q for q in read_quantities(folded) if q.unit in {"%", "‰"} and 0 < q.value <= 100]
    return literal(shares[0].value, shares[0].span.of(question.text), "%") if len(shares) == 1 else None


def _of_whole(question: FigureQuestion, share: Profile) -> bool:
    """Whether a question asks for what a share is of rather than for the part."""
    told = f"{fold(share.figure.base)} {share.own}"
    if any(word in told for scope in question.scopes for word in SCOPE_WORDS.get(scope, (scope,))):
        return True
    asked = fold(question.text)
    return any(f"{word}总" in asked or f"全部{word}" in asked for word in ("", fold(share.figure.base)) if word)


def _other_side(question: FigureQuestion, search: Search) -> Result | None:
    """What a figure is compared with, from the figure and its lead: 3.5%，高於全市2.8個百分點; 7.66%，是全國的3倍."""
    if not question.scopes or question.operands:
        return None
    wanted = replace(question, scopes=(), operation=Operation.LOOKUP)
    if question.role is Role.CHANGE or question.kinds & PERCENTS:
        for own in _fitting(wanted, search)[:5]:
            for other in companions(own.profile, search.profiles):
                difference = other.figure
                points = fold(difference.quantity.unit) == "个百分点" and own.figure.quantity.unit == "%"
                if _is_against(question, other) and points:
                    below = bool(_LOWER.search(f"{fold(difference.base)} {other.own}"))
                    return scored(base_value(own.figure, difference, below), own.score)
    return _of_multiple(wanted, question, search)


def _of_multiple(wanted: FigureQuestion, question: FigureQuestion, search: Search) -> Result | None:
    """What a figure is so many times of, where the text says so of the very thing: 7.66%，是全國的3倍."""
    if Kind.MULTIPLE in question.kinds:  # it is the multiple that is asked for
        return None
    kinds = question.kinds - {Kind.RATIO} or frozenset({Kind.PERCENT, Kind.COUNT, Kind.AMOUNT})
    role = None if question.role is Role.SHARE else question.role
    ranked = search.rank(replace(wanted, kinds=kinds, unit=convertible(question.unit), role=role, per=""))
    able = [own for own in ranked if own.can_answer and own.score >= MIN_SCORE and not own.unspoken]
    for own in able[:N_WITH_MULTIPLE]:
        for other in companions(own.profile, search.profiles)[:1]:
            of_it = other.figure.metric == own.figure.metric and other.figure.quantity.unit == "倍"
            if of_it and _is_against(question, other):
                return scored(base_of_multiple(own.figure, other.figure, question.scale), own.score)
    return None


def _is_against(question: FigureQuestion, difference: Profile) -> bool:
    """Whether a figure says how another compares with the scope that a question asks about."""
    told = f"{fold(difference.figure.base)} {difference.own}"
    named = any(w in told for s in question.scopes for w in SCOPE_WORDS.get(s, (s,)))
    return difference.figure.role is Role.DIFFERENCE and named


# ── per unit and per year ───────────────────────────────────────────────────────────────────


def _per_unit(question: FigureQuestion, search: Search) -> Result | None:
    """A total by the number of what shares it."""
    match = cues.PER.search(fold(question.text)) or cues.PER_ANY.search(fold(question.text))
    groups = match.groupdict() if match else {}
    unit = question.per or groups.get("any") or groups.get("each")
    if match is None or not unit or unit == "年" or question.role is Role.CHANGE:
        return None
    rest = question.text[: match.start()] + " " + question.text[match.end() :]
    asked = in_words_of(replace(read_plain(rest, question.language), is_numeric=True), search.profiles.text)
    noun = _noun_per(fold(question.text))
    named = _counts(unit, noun, asked, search) if noun else []
    noun = noun if named else ""
    if asked.unit == unit and not noun:
        return None
    asked = replace(asked, per="", role=asked.role if asked.role is Role.INCREMENT else None)
    asked = replace(asked, kinds=frozenset() if asked.kinds <= PERCENTS else asked.kinds)
    if any(term.weight >= 1.0 and term.text != noun for term in asked.terms):  # what is spread is another thing
        weaker = tuple(replace(term, weight=0.5) if term.text == noun else term for term in asked.terms)
        asked = replace(asked, terms=weaker, unit="" if asked.unit == unit else asked.unit)
    totals = [c for c in _fitting(asked, search)[:6] if c.figure.quantity.unit not in RATES and not c.profile.per]
    if (count := _given_count(rest, unit)) and totals:
        together = [c for c in totals if c.figure.sentence == totals[0].figure.sentence]
        for total in sorted(together, key=lambda c: -c.figure.quantity.value):
            return scored(compute(Operation.PER_UNIT, (total.figure, count), asked.unit, asked.scale), total.score)
    grid = search.profiles.grid
    for total in totals[:1]:
        for count_beside in grid.beside(total.figure, unit, noun):
            done = compute(Operation.PER_UNIT, (total.figure, count_beside), asked.unit, asked.scale)
            return scored(done, total.score)
    counts = named or _counts(unit, "", asked, search)
    pairs = [
        (_joined(t, c), t, c) for t in totals for c in counts if t.figure.id != c.figure.id and of_one_place((t, c))
    ]
    pairs.sort(key=lambda pair: -pair[0])
    pairs += [(c.coverage, t, c) for c in counts[:2] if c.coverage >= 0.4 for t in _beside(c, asked, search)]
    for score, total, shared_by in pairs:
        done = compute(Operation.PER_UNIT, (total.figure, shared_by.figure), asked.unit, asked.scale)
        if not isinstance(done, Refusal):
            return done, min(1.0, score)
    return None


def _given_count(text: str, unit: str) -> Figure | None:
    for match in _GIVEN_COUNT.finditer(fold(text)):
        if match["unit"] == unit[:1]:
            n = _DIGITS.get(match["n"]) or int(match["n"])
            return literal(Decimal(n), match.group(), unit)
    return None


_NOUN_AFTER = re.compile(r"\s*[\u4e00-\u9fff]{2,}")


def _noun_per(folded: str) -> str:
    """The noun that a value is spread over, of a folded question: 遊客 in 平均每位遊客."""
    match = cues.PER_ANY.search(folded)
    after = _NOUN_AFTER.match(folded, match.end()) if match else None
    words = [(word, tag) for word, tag in rjieba.tag(after.group().strip(), True)] if after else []
    return words[0][0] if words and words[0][1][:1] == "n" and len(words[0][0]) > 1 else ""


def _counts(unit: str, noun: str, asked: FigureQuestion, search: Search) -> list[Candidate]:
    terms = asked.terms
    if noun and unit_kind(unit) is not Kind.AREA:
        named = Term(noun, 1.0, cues.SYNONYMS.get(noun, ()))
        wanted = replace(asked, terms=(named,), unit="", scale=Decimal(1), kinds=frozenset({Kind.COUNT}), role=None)
        rows = [c for c in search.rank(wanted, by_words_alone=True) if c.failure is None]
        return [c for c in rows if covers(c.profile.own, named.forms) >= MIN_NOUN][:6]
    if unit == "人":
        terms = (Term("户籍" if "户籍" in fold(asked.text) else "常住"), Term("人口"))
    elif unit_kind(unit) is Kind.AREA:
        terms = (*terms, Term("面积", 1.0, ("土地", "占地", "区域")))
    kinds = frozenset({Kind.AREA}) if unit_kind(unit) is Kind.AREA else frozenset({Kind.COUNT})
    wanted = replace(asked, terms=terms, unit=unit, scale=Decimal(1), kinds=kinds, role=None)
    fitting = [c for c in search.rank(wanted, by_words_alone=True) if c.failure is None]
    return [c for c in fitting if c.coverage >= MIN_COUNT_COVERAGE][:6]


def _beside(count: Candidate, asked: FigureQuestion, search: Search) -> list[Candidate]:
    """The total in the clause of a count or in the one before it: 投入135億元，全力抓好60件民生實事."""
    profiles = list(search.profiles)
    at = profiles.index(count.profile)
    before = profiles[at - 1] if at else count.profile
    fits = fold(before.figure.quantity.unit) == asked.unit and before.figure.sentence == count.figure.sentence
    near = before.clause in (count.profile.clause, count.profile.prior)
    return [replace(count, profile=before)] if fits and near else []


def of_one_place(rows: Sequence[Candidate]) -> bool:
    """Whether rows may be of one place or body, so that one is spread over the other."""
    return len({row.figure.entity for row in rows if row.figure.entity}) <= 1


def _joined(total: Candidate, count: Candidate) -> float:
    clause = total.figure.clause == count.figure.clause
    sentence = total.figure.sentence == count.figure.sentence
    return total.score + 0.5 * count.coverage + (0.3 if clause else 0.2 if sentence else 0.0)


def _per_year(question: FigureQuestion, search: Search) -> Result | None:
    """What several years brought together, by their number."""
    match = _YEARLY_MEAN.search(fold(question.text))
    if question.operation is Operation.PER_YEAR:
        asked = replace(question, operation=Operation.LOOKUP)
    elif match is None or question.role is Role.CHANGE:
        return None
    else:
        rest = question.text[: match.start()] + " " + question.text[match.end() :]
        asked = in_words_of(replace(read_plain(rest, question.language), is_numeric=True), search.profiles.text)
    for total in _fitting(asked, search)[:3]:
        months, quantity = total.profile.months, total.figure.quantity
        if quantity.kind not in {Kind.AMOUNT, Kind.COUNT} or "/" in quantity.unit:
            continue
        if months is None or months.end >= FOREVER or months.end - months.start < 24:
            continue
        n_years = (months.end - months.start) // 12
        years = literal(Decimal(n_years), f"{n_years}年", "年")
        return scored(compute(Operation.PER_UNIT, (total.figure, years), asked.unit, asked.scale), total.score)
    return None


def most(question: FigureQuestion, search: Search) -> tuple[Computation, str] | None:
    """The most or least of the things that a table or a sentence lists, and what the text calls it.

    A day, a month or a person that is asked for has to be what the text calls it.
    """
    found = _most_listed(question, search)
    return found if found is not None and _is_such(fold(question.text), found[1]) else None


_WHICH_DAY = re.compile(r"哪一?个?(?:天|日|月|季)|几月|几号|(?:which|what) (?:day|month|quarter|date)\b")
_DAY = re.compile(
    r"\d|[一二三四五六七八九十]+[日月]|季|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|quarter|day\b"
)
_WHICH_PERSON = re.compile(r"哪一?位")


def _is_such(asked: str, label: str) -> bool:
    """Whether a label is of the sort that is asked for, where that is told."""
    if _WHICH_DAY.search(asked):
        return bool(_DAY.search(fold(label)))
    if _WHICH_PERSON.search(asked):
        return any(tag.startswith("nr") for _, tag in rjieba.tag(label, True)[:1])
    return True


def _most_listed(question: FigureQuestion, search: Search) -> tuple[Computation, str] | None:
    """The most or least of a list; a total beside it is left out."""
    kinds = question.kinds - TIMES or (PERCENTS if question.role is Role.CHANGE else frozenset())
    terms = tuple(term for term in question.terms if not (ASKS_WHICH.match(term.text) or MOST.fullmatch(term.text)))
    wanted = replace(question, terms=terms, kinds=kinds)
    fitting = _told(wanted, search)
    for best in fitting[:5]:
        fitting_ids = {c.figure.id for c in fitting}
        if search.profiles.grid.place(best.figure):
            return _most_of_table(question, best.figure, search.profiles.grid)
        rows = [
            row for row in _without_total(family(best.profile, search.profiles, ())) if row.figure.id in fitting_ids
        ]
        if len(rows) < 2 or best.figure.quantity.kind in TIMES:
            continue
        done = compute(question.operation, tuple(row.figure for row in rows))
        if not isinstance(done, Refusal):
            winner = done.operands[0]
            named_by_whom = winner.entity and len({row.figure.metric for row in rows}) == 1
            return done, winner.entity if named_by_whom else winner.metric
    return None


def _told(question: FigureQuestion, search: Search) -> list[Candidate]:
    """Rows that fail nothing and fit, those of a table first whose measure the question names."""
    asked, grid = fold(question.text), search.profiles.grid
    able = [c for c in search.rank(question) if c.failure is None]
    named = [c for c in able if grid.names_measure(c.figure, asked)]
    return named or [c for c in able if c.score >= MIN_SCORE]


def _most_of_table(question: FigureQuestion, figure: Figure, grid: Grid) -> tuple[Computation, str] | None:
    which_year = _WHICH_YEAR.search(fold(question.text))
    rows = [(f.period, f) for f in grid.times(figure)] if which_year else grid.line(figure)
    done = compute(question.operation, tuple(other for _, other in rows)) if len(rows) > 1 else None
    if done is None or isinstance(done, Refusal):
        return None
    label = next(head for head, other in rows if other is done.operands[0])
    return done, f"{label}年" if which_year and label.isdigit() and question.language != "en" else label


def _over_rows(question: FigureQuestion, search: Search) -> Result | None:
    """The sum or the mean of what the rows of a table say, where a question speaks of all of them and no row does."""
    asked = fold(question.text)
    operation = Operation.MEAN if speaks_of_mean(asked) else Operation.SUM if speaks_of_all(asked) else None
    if operation is None or question.operands or question.kinds & PERCENTS:
        return None
    wanted = replace(question, operation=operation, per="")
    first = next(iter(_told(wanted, search)), None)
    grid = search.profiles.grid
    if first is not None and (place := grid.place(first.figure)) is not None:
        shared_by = _noun_per(asked)
        if place.names_thing(asked) or (shared_by and any(shared_by in measure for measure in place.measures)):
            return None
    if first is None or grid.place(first.figure) is None:
        return None
    rows = [figure for _, figure in grid.line(first.figure)]
    if len(rows) < 2:
        dated = [(figure, read_period(figure.period)) for figure in grid.times(first.figure)]
        rows = [
            f for f, its in dated if its and (not question.periods or any(p.contains(its) for p in question.periods))
        ]
    if len(rows) < 2:
        return None
    return scored(compute(operation, tuple(rows), convertible(question.unit), question.scale), first.score)


def over_years(question: FigureQuestion, search: Search) -> Result | None:
    """The sum or the mean of what a text states for each of several years, where no question names but the years."""
    if not asks_over_years(question) or question.kinds & PERCENTS:
        return None
    operation = Operation.MEAN if speaks_of_mean(fold(question.text)) else Operation.SUM
    years = _years_asked(question)
    found: list[Candidate] = []
    for year in years[:MAX_YEARS]:
        wanted = replace(question, periods=(year_months(year),), offsets=(), operation=Operation.LOOKUP)
        best = next(iter(_fitting(wanted, search)), None)
        if best is None or (best.profile.months or year_months(0)) != year_months(year):
            return None
        found.append(best)
    first = found[0].profile
    alike = all(same_metric(first, c.profile) and first.entity == c.profile.entity for c in found[1:])
    figures = tuple(c.figure for c in found)
    done = compute(operation, figures, convertible(question.unit), question.scale) if alike else None
    return scored(done, min(c.score for c in found)) if done is not None else None


def asks_over_years(question: FigureQuestion) -> bool:
    """Whether a question asks for the sum or the mean of several years that it names."""
    asked = fold(question.text)
    plain = not question.operands and not question.per and question.role is None
    return plain and len(_years_asked(question)) > 1 and (speaks_of_mean(asked) or speaks_of_all(asked))


def _years_asked(question: FigureQuestion) -> list[int]:
    return sorted({year for months in question.periods for year in _years_of(months)})


def _years_of(months: Months) -> range:
    """The whole years that a run of months is made of, both ends included."""
    return range(months.start // 12, months.last_year + 1) if months.end < FOREVER else range(0)


def _without_total(rows: list[Profile]) -> list[Profile]:
    values = [row.figure.quantity.value for row in rows]
    whole = max(values, default=Decimal(0))
    parts = sum(values, Decimal(0)) - whole
    near = abs(whole - parts) <= abs(whole) / 200
    return [row for row in rows if not (near and row.figure.quantity.value == whole)] if len(rows) > 2 else rows


def family(profile: Profile, profiles: Profiles, words: Sequence[str]) -> list[Profile]:
    """The rows of a sentence that measure one thing of several: same unit, role and base, the words asked near each."""
    figure = profile.figure
    return [
        other
        for other in profiles
        if other.figure.document == figure.document
        and other.figure.sentence == figure.sentence
        and other.figure.role is figure.role
        and other.figure.quantity.unit == figure.quantity.unit
        and (not words or max(covers(f"{other.own} {other.clause}", (word,)) for word in words) >= 0.5)
    ]
