"""What a question demands of a row, and why a row fails: another unit, role, base, subject, scope or time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain

import rjieba

import yinju.figures.cues as cues
from yinju.figures.compute import same_measure
from yinju.figures.grid import Place, speaks_of_all, speaks_of_mean
from yinju.figures.periods import FOREVER, MONTHS_A_YEAR, Months, year_months
from yinju.figures.profiles import PER_UNIT, Profile, Profiles, core, covers, is_name, is_place, whole_of
from yinju.figures.query import FigureQuestion, Operation, Term
from yinju.figures.units import convert, unit_kind
from yinju.text import fold, orders_machine
from yinju.types import TIMES, Figure, Kind, Quantity, Reason, Role

_RATE_OF_CHANGE = re.compile(r"增长率|增速|增幅|涨幅")
_NEW = re.compile(r"新增|新设|新登记|新建|新注册|新认定|净增")
_IN_ALL = re.compile(r"累计|共有|总数|年末|至年末|期末|达到")
_ALL_OF_THEM = re.compile(r"总共|一共|共有|总数|现有|如今|目前|\bin total\b|altogether")
_OPEN_SHARE = re.compile(r"占比|比重|份额|比例")
MULTIPLES = frozenset({Kind.MULTIPLE, Kind.RATIO})
PERCENTS = frozenset({Kind.PERCENT, Kind.RATIO})
_PER_FREE = frozenset({Kind.PERCENT, Kind.RATIO, Kind.MULTIPLE, Kind.YEAR, Kind.DATE, Kind.RANK, Kind.DURATION})
RATES = frozenset({"%", "个百分点", "倍", "‰"})
_COMPARISONS = frozenset({Operation.DIFFERENCE, Operation.TIMES, Operation.SHARE})
SCOPE_WORDS = {
    "全国": ("全国", "我国", "中国", "国内"), "我国": ("全国", "我国", "中国"),
    "国内": ("国内", "全国", "我国", "中国"),
    "全球": ("全球", "世界", "国际"), "世界": ("全球", "世界"), "全世界": ("全球", "世界"),
}  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
"""Bare numbers of tables between these may be years."""
_SLIGHT = 1000
"""A value so many times smaller than the unit asked for was hardly meant: 36439元 for 多少億."""
DOUBTS = (
    "change", "level", "new", "target", "unit", "bare", "per", "counterpart", "base", "cell", "neighbour", "place",
    "elsewhere", "name", "stranger", "time", "reckoned",
)  # fmt: skip
"""What speaks against a row and proves nothing, as a question's words, or a text's, may have been read wrongly.

The question may want a change, a level or what is new, a plan or a result, another measure word, a unit that the row
leaves open, a value per head or not, the counterpart, a share of something else, a cell that its words do not tell
apart, another member of a list, another place than that of a thing or of a place, another's figure, somebody no text
knows, another time, or the year beside the one that 去年 was taken for.
"""
OVER_ROWS = frozenset({Operation.ARGMAX, Operation.ARGMIN, Operation.SUM, Operation.MEAN})
"""What is done with all the rows of a table."""
_WIDE = ("全国", "全球", "世界", "全省", "全市", "我国")


@dataclass(frozen=True, slots=True)
class Failure:
    """A constraint of the question that a row does not meet.

    Attributes:
        reason: Which, for machines.
        asked: What the question wants, in its words.
        found: What the row has instead.
        doubt: One of :data:`DOUBTS` where the question may have been read wrongly: evidence against the row, and
            no proof that it does not answer. Empty for a row that cannot answer.
    """

    reason: Reason
    asked: str
    found: str
    doubt: str = ""


class Constraints:
    """The demands of questions on the rows of one ledger."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles

    def failures(self, question: FigureQuestion, profile: Profile) -> tuple[Failure, ...]:
        """Return the demands that a row does not meet, in the order in which they are put into words.

        They end with the first that proves that it does not answer: the later ones are not looked at.
        """
        if orders_machine(profile.sentence):
            return (Failure(Reason.OTHER_METRIC, "", ""),)
        found: list[Failure] = []
        checks = (self._role, self._measure, self._contrast, self._base, self._cell, self._in_list)
        for check in (*checks, self._numbered, self._entity, self._scope, self._period):
            if failure := check(question, profile):
                failure = replace(failure, doubt="") if self._is_proof(failure, question, profile) else failure
                found.append(failure)
                if not failure.doubt:
                    break
        return tuple(found)

    def _is_proof(self, failure: Failure, question: FigureQuestion, profile: Profile) -> bool:
        """Whether a doubt is beyond doubt: of a place or a year that no text has, or a year that a sentence denies."""
        if failure.doubt in {"place", "elsewhere"}:
            return not self._is_known(next((t for t in question.terms if t.text == failure.asked), Term(failure.asked)))
        if failure.doubt != "time":
            return False
        asked = {str(months.start // 12) for months in self.asked_months(question, profile)}
        told = set(_YEAR.findall(profile.sentence)) if profile.months else set()
        return bool(asked) and not asked & told and (bool(told) or not any(map(self.profiles.mentions, asked)))

    def _measure(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        quantity = profile.figure.quantity
        asked = question.unit or "/".join(sorted(question.kinds))
        failure = Failure(Reason.OTHER_METRIC, asked, quantity.unit or str(quantity.kind))
        if not _kind_fits(question, profile.figure):
            return replace(failure, doubt=self._bare(question, profile))
        if not _unit_fits(question, profile.figure):
            counted = "unit" if _are_counted(question.unit, quantity) else ""
            return replace(failure, doubt=self._bare(question, profile) or counted)
        if abs(quantity.value) * _SLIGHT < question.scale:
            return replace(failure, doubt="unit")
        # The year of an anniversary is not that of the event.
        if question.kinds & TIMES and "周年" in fold(profile.sentence) and "周年" not in fold(question.text):
            return failure
        if (
            bool(question.per) != bool(profile.per)
            and not _PER_FREE & {quantity.kind}
            and not _is_per(question, profile)
        ):
            return Failure(Reason.OTHER_METRIC, question.per, profile.per, "per")
        rate = quantity.kind in PERCENTS | MULTIPLES
        counts = not question.kinds and not question.unit and question.role is None and rate
        if counts and cues.COUNTED.search(fold(question.text)):
            return Failure(Reason.OTHER_ROLE, str(Role.LEVEL), str(profile.figure.role))
        if question.per and not profile.per and not PER_UNIT.search(f"{profile.clause} {profile.prior}"):
            return Failure(Reason.OTHER_METRIC, question.per, "", "per")
        if question.per and profile.per and not _same_per(question.per, profile.per):
            return Failure(Reason.OTHER_METRIC, question.per, profile.per)
        return None

    def _bare(self, question: FigureQuestion, profile: Profile) -> str:
        """The doubt about a cell that leaves its unit to words elsewhere, and so may be of the unit asked for."""
        quantity = profile.figure.quantity
        unitless = not quantity.unit and quantity.kind in {Kind.OTHER, Kind.COUNT}
        if not unitless or self.profiles.grid.place(profile.figure) is None:
            return ""
        may_be = not question.kinds & TIMES or _FIRST_YEAR <= quantity.value < _LAST_YEAR
        return "bare" if may_be else ""

    def _contrast(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """A row that speaks of the counterpart of what was asked (支出 for 收入) is another thing."""
        asked, own = fold(question.text), fold(profile.figure.metric) or profile.own
        for pattern, counterpart in cues.CONTRASTS:
            named = pattern.search(asked)
            here = f"{profile.own} {profile.clause}"
            if not named or counterpart.search(asked) or pattern.search(here):
                continue
            if other := counterpart.search(own):
                return Failure(Reason.OTHER_METRIC, named.group(), other.group(), "counterpart")
        return None

    def _role(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        role = profile.figure.role
        wanted = {Role.CHANGE: "change", Role.INCREMENT: "new"}.get(question.role or Role.LEVEL, "level")
        failure = Failure(Reason.OTHER_ROLE, str(question.role or Role.LEVEL), str(role), wanted)
        if question.target is not None and profile.figure.quantity.kind not in TIMES:
            if question.target and not profile.target:
                return Failure(Reason.OTHER_ROLE, str(Role.TARGET), str(role), "target")
            if not question.target and profile.target:
                doubt = "" if cues.IN_FACT.search(fold(question.text)) else "target"
                return Failure(Reason.OTHER_ROLE, "result", str(Role.TARGET), doubt)
        multiple = profile.figure.quantity.kind is Kind.MULTIPLE and not question.kinds & MULTIPLES
        if question.role is Role.CHANGE and multiple and not question.spans_time:
            return failure
        if question.role is Role.CHANGE:
            named = role is Role.LEVEL and _RATE_OF_CHANGE.search(fold(profile.figure.metric))
            added = role is Role.INCREMENT and not question.kinds & PERCENTS
            return None if role is Role.CHANGE or named or added else failure
        if question.role is Role.INCREMENT:
            new = role is Role.INCREMENT or bool(_NEWLY.search(f"{profile.own} {profile.prior}"))
            listed = role is Role.LEVEL and _NEW.search(_ahead(profile)) and not _IN_ALL.search(profile.clause)
            return None if new or listed else failure
        if role is Role.CHANGE or (
            role is Role.INCREMENT and question.role is None and not _MAKES.search(fold(question.text))
        ):
            if question.target and profile.target and not question.unit:
                return None  # what is planned of a thing may be its growth
            plainly_all = role is Role.INCREMENT and _ALL_OF_THEM.search(fold(question.text))
            return replace(failure, doubt="") if plainly_all else failure
        if role is Role.DIFFERENCE:
            comparing = question.operation in _COMPARISONS or question.kinds & MULTIPLES
            return None if comparing else failure
        return None

    def _base(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """A share has to be of what was asked, as far as both say of what."""
        if question.operation is not Operation.SHARE or len(question.operands) != 2 or question.kinds - PERCENTS:
            return None
        terms = question.operands[1].metric_terms
        if not terms or profile.figure.quantity.kind not in PERCENTS:
            return None
        if not profile.figure.base and _OPEN_SHARE.search(profile.own):
            return None
        near = " ".join((profile.own, profile.clause, profile.prior))
        if any(covers(near, t.forms) >= 0.5 for t in terms):
            return None
        return Failure(Reason.OTHER_METRIC, terms[0].text, fold(profile.figure.base), "base")

    def _cell(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """Of a table, what the question names is meant; the total where it means all; else what its words tell apart.

        A question that tells no row from the others means none of them, however like the question one of them is.
        """
        place = self.profiles.grid.place(profile.figure)
        if place is None:
            return None
        asked = fold(question.text)
        if other := place.other_measure(asked):
            return Failure(Reason.OTHER_METRIC, other, place.measure)
        if place.is_of_all:
            if question.operation in OVER_ROWS or speaks_of_mean(asked):
                return Failure(Reason.OTHER_ENTITY, "", place.thing)
            unknown = (t.text for t in question.terms if t.weight >= 0.5 and not self._is_known(t))
            one = (t.text for t in question.terms if any(t.text in thing for thing in place.things))
            whole = speaks_of_all(asked) or question.operation is Operation.REMAINDER
            failing = "" if whole else next(chain(unknown, one), "")
            return Failure(Reason.OTHER_ENTITY, failing, place.thing) if failing else None
        if other := place.other_thing(asked):
            return Failure(Reason.OTHER_ENTITY, other, place.thing)
        if question.operation in OVER_ROWS or len(place.things) < 2 or place.names_thing(asked):
            return None
        if _tells_apart(question.terms, place):
            return None
        return Failure(Reason.OTHER_ENTITY, "", place.thing, "" if speaks_of_all(asked) else "cell")

    def _in_list(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """Of a list with its values (A、B分別增長5%、7%), what the question names is meant, not its neighbour."""
        others = self.profiles.listed_with(profile)
        if not others:
            return None
        terms = [t for t in question.terms if t.weight >= 0.5]
        for other in others:
            if other.is_start != profile.is_start:  # 由29分鐘放寬至120分鐘 is of one thing
                continue
            mine, its = _told_apart(profile, other)
            apart = [(t, covers(its, all_forms(t)) >= 0.8, covers(mine, all_forms(t)) >= 0.5) for t in terms]
            named = [t for t, of_other, of_this in apart if of_other and not of_this and _could_name(t)]
            if named and not any(covers(mine, all_forms(t)) >= 0.8 and not of_other for t, of_other, _ in apart):
                return Failure(Reason.OTHER_METRIC, named[0].text, fold(profile.figure.metric), "neighbour")
        return None

    def _is_known(self, term: Term) -> bool:
        return any(map(self.profiles.mentions, term.forms))

    def _entity(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        names = [term for term in question.terms if term.name]
        subject = self.profiles.subjects.get(profile.figure.document, "")
        others = [term for term in names if not any(self.profiles.is_subject(form, profile) for form in term.forms)]
        if failure := self._other_place(question, profile, names, others) or self._unnamed(question, profile, others):
            return failure
        if not is_name(profile.entity) or _names_one_of(f"{profile.entity} {profile.own}", names):
            return None
        if names and not self.belongs(profile.entity, subject, question):
            return Failure(Reason.OTHER_ENTITY, names[0].text, profile.entity, "name")
        # Asked for one name with another named beside the figure: 深圳 has 42.3%, 南山 has 56%.
        closer = [term for term in others if self._closer(question, profile, term)]
        if closer:
            doubt = "" if _is_titled(closer[0], question) else "name"
            return Failure(Reason.OTHER_ENTITY, closer[0].text, profile.entity, doubt)
        return None

    def _other_place(
        self, question: FigureQuestion, profile: Profile, names: Sequence[Term], others: Sequence[Term]
    ) -> Failure | None:
        """What is said of a part is not said of the whole, nor of a region named after it, nor of its neighbour."""
        near = [profile.entity, profile.own, profile.clause]
        if not profile.entity:  # nobody else is known to be spoken of
            subject = self.profiles.subjects.get(profile.figure.document, "")
            near += [profile.sentence] if subject else [profile.sentence, profile.before]
        for term in names:
            if len(term.text) > 3 and not _RANKED.search(term.text):
                continue  # itself a region: 成都平原
            greater = re.search(
                rf"{re.escape(core(term.text))}[省市区县]?[\u4e00-\u9fff]{{0,2}}?{_GREATER}",
                f"{profile.own} {profile.clause}",
            )
            if greater and greater.group() not in fold(question.text):
                return Failure(Reason.OTHER_ENTITY, term.text, greater.group(), "name")
        for term in others:
            if not is_place(term.text):
                continue
            named = any(covers(zone, all_forms(term)) >= 0.85 for zone in near)
            other = not named or _names_a_part(term, profile, question) or _elsewhere(term, profile)
            if other and not _is_part_of_a_name(term, question, profile.sentence):
                doubt = "elsewhere" if is_place(profile.entity) else "place"
                told_of = any(form in profile.sentence for form in all_forms(term))
                own = not told_of or self._closer(question, profile, term)
                if own and _is_region(term, question) and _RANKED.search(profile.entity):
                    doubt = ""
                return Failure(Reason.OTHER_ENTITY, term.text, profile.entity, doubt)
        return None

    def _numbered(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """A thing with a number is not its namesake with another: 地鐵3號線, 地鐵1號線."""
        asked = set(_NUMBERED.findall(fold(question.text)))
        if not asked:
            return None
        near = f"{profile.own} {profile.clause}"
        told = set(_NUMBERED.findall(near)) or set(_NUMBERED.findall(_ahead(profile))[-1:])
        kinds = {kind for _, kind in told}
        missing = [f"{number}{kind}" for number, kind in asked if kind in kinds and (number, kind) not in told]
        return Failure(Reason.OTHER_ENTITY, missing[0], profile.entity) if missing else None

    def _unnamed(self, question: FigureQuestion, profile: Profile, others: Sequence[Term]) -> Failure | None:
        subject = self.profiles.subjects.get(profile.figure.document, "")
        around = [profile.entity, profile.own, profile.sentence]
        if not profile.entity or profile.entity == subject or _POINTS_BACK.match(profile.sentence):
            around.append(profile.before)
        for term in others:
            if not any(covers(zone, all_forms(term)) >= 0.85 for zone in around):
                doubt = "name" if self._is_known(term) else "stranger"
                # A titled name (光明科學城) is surely one; the figures of something else are not its own.
                if _is_titled(term, question) and (doubt == "stranger" or profile.entity):
                    doubt = ""
                return Failure(Reason.OTHER_ENTITY, term.text, profile.entity or subject, doubt)
        return None

    def _closer(self, question: FigureQuestion, profile: Profile, asked: Term) -> bool:
        """Whether the row's own entity is named in its clause and the name asked for is not."""
        words = all_forms(asked)
        if _is_part_of_a_name(asked, question, profile.sentence):
            return False
        return core(profile.entity) in profile.clause and not any(word in profile.clause for word in words)

    def belongs(self, entity: str, subject: str, question: FigureQuestion) -> bool:
        """Whether an entity is the subject, a whole of it, or something the question speaks of."""
        if not subject or core(subject) in entity or entity in subject or entity in whole_of(subject):
            return True
        if any(scope in entity for scope in question.scopes):
            return True
        return any(covers(entity, t.forms) >= 0.5 for t in question.terms if not t.name and t.weight > 0.3)

    def _scope(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        subject = self.profiles.subjects.get(profile.figure.document, "")
        own = whole_of(subject)
        for scope in question.scopes:
            if scope in own:
                continue
            words = SCOPE_WORDS.get(scope, (scope,))
            if not any(word in profile.entity + profile.clause + fold(profile.figure.base) for word in words):
                return Failure(Reason.OTHER_ENTITY, scope, profile.entity or subject)
        foreign = [scope for scope in _WIDE if scope in profile.entity and scope not in own]
        if foreign and not set(foreign) & set(question.scopes) and not _names_one_of(profile.entity, question.terms):
            return Failure(Reason.OTHER_ENTITY, subject, profile.entity)
        return None

    def _period(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        if not question.has_period or (question.kinds & TIMES and profile.figure.quantity.kind in TIMES):
            return None
        asked = self.asked_months(question, profile)
        if not asked and _YEAR_BEFORE.search(fold(question.text)) and not _YEAR_BEFORE.search(profile.clause):
            return None if profile.figure.role is Role.CHANGE else Failure(Reason.OTHER_PERIOD, "-1", "", "time")
        if profile.figure.role is Role.CHANGE and any(_measured_from(months, profile) for months in asked):
            return None
        document = profile.figure.document
        main = self.profiles.main_years.get(document)
        months = profile.months or (year_months(main) if main else None)
        if not asked or months is None or any(_time_fits(wanted, months) for wanted in asked):
            return None
        # What five years ended with is the level of the last of them.
        final = profile.figure.role in {Role.LEVEL, Role.TARGET}
        if final and any(wanted.end == months.end for wanted in asked):
            return None
        # Whether 去年 is the year before a report was written or the one it reports on is left to its reader.
        beside = not question.periods and any(_time_fits(w.later(years), months) for w in asked for years in (-1, 1))
        return Failure(
            Reason.OTHER_PERIOD, " ".join(dict.fromkeys(map(str, asked))), str(months), "reckoned" if beside else "time"
        )

    def asked_months(self, question: FigureQuestion, profile: Profile) -> tuple[Months, ...]:
        """The times asked, relative ones counted from the year the row's document was written in."""
        year = self.profiles.years.get(profile.figure.document)
        if year is None:
            return question.periods
        relative = (
            Months(12 * (year + offset) + start, 12 * (year + offset) + end)
            for offset, (start, end) in question.offsets
        )
        return (*question.periods, *relative)


_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_NUMBERED = re.compile(
    r"(?<![\d.])(\d{1,3}|[一二三四五六七八九十]{1,3})(号线|号楼|号机组?|号馆|号厂|号仓|号炉|期工程|号店|号桥)"
)


def _ahead(profile: Profile) -> str:
    """The sentence up to the value."""
    return profile.sentence[: profile.figure.quantity.span.start - profile.figure.sentence.start]


def _told_apart(profile: Profile, other: Profile) -> tuple[str, str]:
    """What two members of a list are: by whom and what they are of, or else by the words before each value."""
    mine, its = (f"{_without_verb(fold(p.figure.metric))} {p.entity}" for p in (profile, other))
    return (mine, its) if mine != its else (profile.own, other.own)


def _could_name(term: Term) -> bool:
    """Whether a word may tell which member of a list is meant."""
    return term.weight >= 1.0 and not _is_verb(term.forms)


@lru_cache(maxsize=4096)
def _is_verb(forms: tuple[str, ...]) -> bool:
    """Whether a word does, in one of its forms, what all members of a list have in common: 辦理, handled."""
    return any([tag for _, tag in rjieba.tag(form, True)] == ["v"] for form in forms)


@lru_cache(maxsize=4096)
def _without_verb(metric: str) -> str:
    tagged = rjieba.tag(metric, True)
    verb = tagged[0][0] if len(tagged) > 1 and tagged[0][1] in {"v", "vn"} else ""
    return metric.removeprefix(verb)


def _begins(thing: str, forms: Sequence[str]) -> bool:
    """Whether a head begins with a word, or has it where words stand apart: names are told apart at their front."""
    return any(thing.startswith(form) or (form.isascii() and covers(thing, (form,)) >= 0.5) for form in forms)


def _tells_apart(terms: Sequence[Term], place: Place) -> bool:
    """Whether a word of a question is of this thing of a table and not of all of them."""
    for term in terms:
        forms = all_forms(term)
        if term.weight >= 0.5 and _begins(place.thing, forms) and not all(_begins(one, forms) for one in place.things):
            return True
    return False


_YEAR_BEFORE = re.compile(
    r"(?<!比)(?:上一?年|前一年|上年度|上一年度)|\b(?:year before|previous year|prior year|year earlier)\b"
)


def _measured_from(asked: Months, profile: Profile) -> bool:
    """Whether a change is told against the year asked for: 比2020年下降65.3%."""
    whole_year = asked.end - asked.start == MONTHS_A_YEAR
    return whole_year and re.search(rf"[比较]{asked.last_year}年", profile.sentence) is not None


# A region named after a place is not the place: 武漢都市圈.
_GREATER = "(?:大?都市圈|都市区|城市群|城市圈|经济圈|经济区|经济带|湾区|三角洲|流域|机场|港区)"
_RANKED = re.compile(r"[省市区县州]$")
_POINTS_BACK = re.compile(r"这|该|其|它|他|她|此|本|公司|集团|企业")
# 新 as in 新增, not as in 高新技術 or 創新.
_NEWLY = re.compile(r"出生|(?<![高创革更翻刷特])新(?!兴|闻|华|疆|能源|材料|区|型|质|时代|技术|世纪)")


_MAKES = re.compile(
    rf"{_NEWLY.pattern}|[建盖修造添增装招设办开加弄]|多出|又多|再多|"
    r"\b(?:new|built|build|refitted|added?|more|extra|opened|signed up|hired|joined)\b"
)
"""Things made or added are asked for, in whatever words: 蓋了多少個."""


_EVENT = r"[\u4e00-\u9fff]{0,3}(?:危机|风暴|战争|大战|海啸|地震|疫情|会议|峰会|运动会|奥运会?|亚运会?|博览会|锦标赛|杯)"


def _is_part_of_a_name(term: Term, question: FigureQuestion, sentence: str) -> bool:
    """Whether a sentence has the longer name that a name begins: 深圳高新區, or an event as 亞洲金融危機."""
    name = re.escape(core(term.text))
    if re.search(name + _EVENT, fold(question.text)) and re.search(name + _EVENT, sentence):
        return True
    following = next((b for a, b in zip(question.terms, question.terms[1:], strict=False) if a is term), None)
    return following is not None and bool(re.search(f"{name}.{{0,2}}{re.escape(following.text)}", sentence))


def all_forms(term: Term) -> tuple[str, ...]:
    """Return the forms of a term, and the name of a place without its rank: 深圳 of 深圳市."""
    return (*term.forms, core(term.text))


def _elsewhere(term: Term, profile: Profile) -> bool:
    """Whether a row's own words list other places and not the one asked about: 荆州、孝感 for 襄阳."""
    if covers(f"{profile.own} {profile.clause}", all_forms(term)) >= 0.85:
        return False
    return len(_places(profile.clause)) > 1


@lru_cache(maxsize=4096)
def _places(text: str) -> tuple[str, ...]:
    return tuple(word for word, tag in rjieba.tag(text, True) if tag == "ns" and len(word) > 1)


def _names_a_part(term: Term, profile: Profile, question: FigureQuestion) -> bool:
    """Whether a row names a part of the place asked about: 北京市海淀區 for 北京市."""
    part = re.search(
        rf"{re.escape(core(term.text))}[省市]?([\u4e00-\u9fff]{{2,3}}(?:新区|区|县|市|镇|乡|村|街道))",
        f"{profile.entity} {profile.own} {profile.clause}",
    )
    return part is not None and core(part.group(1)) not in fold(question.text)


def _kind_fits(question: FigureQuestion, figure: Figure) -> bool:
    kind = figure.quantity.kind
    if question.operation is Operation.DIFFERENCE and figure.role is Role.DIFFERENCE:
        return True
    if kind is Kind.RANGE:
        kind = unit_kind(figure.quantity.unit) if figure.quantity.unit else Kind.COUNT
    if question.kinds:
        return kind in question.kinds
    if kind is Kind.RANK or (kind is Kind.DURATION and not question.unit):
        return False
    if question.unit:
        return kind not in TIMES
    return kind not in TIMES


_ASKED_AS = ({"人", "人次"}, {"人", "份"}, {"年", "岁"})
"""Units that are asked for in each other's place (几份工: 48万人), but neither added nor compared."""


def _unit_fits(question: FigureQuestion, figure: Figure) -> bool:
    unit, asked = fold(figure.quantity.unit), question.unit
    if unit == "大":
        return False
    if not asked or question.kinds & (TIMES | {Kind.RANK}):
        return True
    if asked in RATES:
        return figure.quantity.kind in PERCENTS | MULTIPLES
    if {asked, unit} in _ASKED_AS or same_measure(asked, unit) or convert(Decimal(1), unit or "?", asked) is not None:
        return True
    kind = unit_kind(asked)
    if kind is Kind.AMOUNT:
        return asked == "元" and figure.quantity.kind is Kind.AMOUNT
    if kind is Kind.COUNT:
        # Measure words and English nouns do not tell each other: 几位大夫, 31 doctors.
        # A cell may leave its unit to the words of its head: 手术台次.
        counted = figure.quantity.kind is Kind.COUNT or (figure.quantity.kind is Kind.OTHER and not unit)
        return counted and (not unit or asked == "个" or unit.isascii() != asked.isascii())
    return False


def _are_counted(asked: str, quantity: Quantity) -> bool:
    """Whether things counted one by one are asked for and stated, by whatever measure word: 几块奖牌, 111枚."""
    return unit_kind(asked) in {Kind.COUNT, Kind.OTHER} and quantity.kind is Kind.COUNT


_TITLED = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:公司|集团|企业|大学|学院|中学|小学|医院|银行|工厂|研究[院所]|实验室|基金会?|协会|机场|"
    r"港|码头|车站|[科新]?[学技]?城|园区?|广场|大厦|大桥|隧道|公路|铁路|高速|水库|电站|体育场|[院馆])"
)


_BY_THE_WAY = re.compile(r"(?:从|到|往|对|向|跟|和|与|同|由|给|去|来自|途经)$")
_LANDSCAPE = re.compile(r"[江河湖海山岛湾洋峡港]$")


def _is_region(term: Term, question: FigureQuestion) -> bool:
    """Whether a question is about a city, a district, a province: told by its rank, or known to the dictionary."""
    at = (folded := fold(question.text)).find(term.text)
    if at < 0 or _BY_THE_WAY.search(folded[:at]):
        return False
    if _RANKED.search(term.text) or re.match(r"(?:新?区|[省市县州])(?![内里中间])", folded[at + len(term.text) :]):
        return True
    return rjieba.has_word(term.text) and is_place(term.text) and not _LANDSCAPE.search(term.text)


_ENGLISH_TITLE = (
    "(?:district|province|city|county|town|village|company|group|university|college|school|hospital|bank|airport|port|"
    "station|museum|institute|ltd|inc|corp)"
)


def _is_titled(term: Term, question: FigureQuestion) -> bool:
    """Whether a question says what a name names (華星公司): it is surely one then, and no word taken for one."""
    at = (folded := fold(question.text)).find(term.text)
    if term.text.isascii():
        word = re.escape(term.text)
        return re.search(rf"\b(?:in|at) (?:the )?{word}\b|\b{word} {_ENGLISH_TITLE}\b", folded) is not None
    return at >= 0 and _TITLED.match(folded, at) is not None


_A_PERSON = frozenset("个名位")


def _same_per(asked: str, found: str) -> bool:
    person = asked == "人" or asked in _A_PERSON
    return asked in found or (person and "人" in found) or found.endswith(asked[-1:])


_ON_AVERAGE = re.compile(r"平均|均摊|\b(?:average|each|apiece|a head)\b")


def _is_per(question: FigureQuestion, profile: Profile) -> bool:
    """Whether a question asks for a value per unit in other words: 一股賺多少, 一噸水收多少, 平均能活多大."""
    asked = fold(question.text)
    if not profile.per or question.per:
        return False
    return bool(_ON_AVERAGE.search(asked)) or f"一{profile.per[-1]}" in asked or f"一个{profile.per[-1]}" in asked


def _names_one_of(entity: str, terms: Sequence[Term]) -> bool:
    names = [term for term in terms if term.name]
    return any(core(word) in entity or core(entity) == word for term in names for word in term.forms)


def _time_fits(asked: Months, found: Months) -> bool:
    if found.end >= FOREVER:
        return asked.start >= found.start and asked.start - found.start < 12
    if asked.contains(found):
        return True
    return found.contains(asked) and found.end - found.start <= 12 and asked.end - asked.start >= 12
