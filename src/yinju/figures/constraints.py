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
_SLIGHT = 1000
"""A value so many times smaller than the unit asked for was hardly meant: 36439元 for 多少億."""
DOUBTS = ("change", "level", "new", "target", "unit", "per")
"""What of a question its words only hint at.

It may want a change, a level or what is new, a plan or a result, another measure word, a value per head or not.
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

    def failure(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """Return the first demand that a row does not meet, doubts last; ``None`` when it meets them all."""
        if orders_machine(profile.sentence):
            return Failure(Reason.OTHER_METRIC, "", "")
        doubt = self._role(question, profile)
        checks = (self._measure, self._contrast, self._base, self._cell, self._in_list)
        for check in (*checks, self._numbered, self._entity, self._scope, self._period):
            failure = check(question, profile)
            if failure and not failure.doubt:
                return replace(doubt or failure, doubt="")
            doubt = doubt or failure
        return doubt

    def _measure(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        quantity = profile.figure.quantity
        asked = question.unit or "/".join(sorted(question.kinds))
        failure = Failure(Reason.OTHER_METRIC, asked, quantity.unit or str(quantity.kind))
        if not _kind_fits(question, profile.figure):
            return failure
        if not _unit_fits(question, profile.figure):
            return replace(failure, doubt="unit" if _are_counted(question.unit, quantity) else "")
        if abs(quantity.value) * _SLIGHT < question.scale:
            return replace(failure, doubt="unit")
        # The year of an anniversary is not that of the event.
        if question.kinds & TIMES and "周年" in fold(profile.sentence) and "周年" not in fold(question.text):
            return failure
        if bool(question.per) != bool(profile.per) and not _PER_FREE & {quantity.kind}:
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

    def _contrast(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """A row that speaks of the counterpart of what was asked (支出 for 收入) is another thing."""
        asked, own = fold(question.text), fold(profile.figure.metric) or profile.own
        for pattern, counterpart in cues.CONTRASTS:
            named = pattern.search(asked)
            here = f"{profile.own} {profile.clause}"
            if not named or counterpart.search(asked) or pattern.search(here):
                continue
            if other := counterpart.search(own):
                return Failure(Reason.OTHER_METRIC, named.group(), other.group())
        return None

    def _role(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        role = profile.figure.role
        wanted = {Role.CHANGE: "change", Role.INCREMENT: "new"}.get(question.role or Role.LEVEL, "level")
        failure = Failure(Reason.OTHER_ROLE, str(question.role or Role.LEVEL), str(role), wanted)
        if question.target is not None and profile.figure.quantity.kind not in TIMES:
            if question.target and not profile.target:
                return Failure(Reason.OTHER_ROLE, str(Role.TARGET), str(role), "target")
            if not question.target and profile.target:
                return Failure(Reason.OTHER_ROLE, "result", str(Role.TARGET), "target")
        if question.role is Role.CHANGE and profile.figure.quantity.kind is Kind.MULTIPLE and not question.spans_time:
            return failure
        if question.role is Role.CHANGE:
            named = role is Role.LEVEL and _RATE_OF_CHANGE.search(fold(profile.figure.metric))
            return None if role is Role.CHANGE or named else failure
        if question.role is Role.INCREMENT:
            new = role is Role.INCREMENT or bool(_NEWLY.search(f"{profile.own} {profile.prior}"))
            listed = role is Role.LEVEL and _NEW.search(_ahead(profile)) and not _IN_ALL.search(profile.clause)
            return None if new or listed else failure
        if role is Role.CHANGE or (
            role is Role.INCREMENT and question.role is None and not _NEWLY.search(fold(question.text))
        ):
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
        terms = [t for t in question.operands[1].terms if not t.name and t.weight >= 0.5]
        if not terms or profile.figure.quantity.kind not in PERCENTS:
            return None
        if not profile.figure.base and _OPEN_SHARE.search(profile.own):
            return None
        near = " ".join((profile.own, profile.clause, profile.prior))
        if any(covers(near, (t.text, *t.alternatives)) >= 0.5 for t in terms):
            return None
        return Failure(Reason.OTHER_METRIC, terms[0].text, fold(profile.figure.base))

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
        return None if _tells_apart(question.terms, place) else Failure(Reason.OTHER_ENTITY, "", place.thing)

    def _in_list(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """Of a list with its values (A、B分別增長5%、7%), what the question names is meant, not its neighbour."""
        others = self.profiles.listed_with(profile)
        if not others:
            return None
        terms = [t for t in question.terms if t.weight >= 1.0 and not _is_verb((t.text, *t.alternatives))]
        for other in others:
            mine, its = _told_apart(profile, other)
            apart = [(t, covers(its, _forms(t)) >= 0.8, covers(mine, _forms(t)) >= 0.5) for t in terms]
            named = [t for t, of_other, of_this in apart if of_other and not of_this]
            if named and not any(covers(mine, _forms(t)) >= 0.8 and not of_other for t, of_other, _ in apart):
                return Failure(Reason.OTHER_METRIC, named[0].text, fold(profile.figure.metric))
        return None

    def _is_known(self, term: Term) -> bool:
        return any(map(self.profiles.mentions, (term.text, *term.alternatives)))

    def _entity(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        names = [term for term in question.terms if term.name]
        subject = self.profiles.subjects.get(profile.figure.document, "")
        others = [
            term
            for term in names
            if not any(self.profiles.is_subject(form, profile) for form in (term.text, *term.alternatives))
        ]
        if failure := self._other_place(question, profile, names, others) or self._unnamed(question, profile, others):
            return failure
        if not is_name(profile.entity) or _names_one_of(f"{profile.entity} {profile.own}", names):
            return None
        if names and not self.belongs(profile.entity, subject, question):
            return Failure(Reason.OTHER_ENTITY, names[0].text, profile.entity)
        # Asked for one name with another named beside the figure: 深圳 has 42.3%, 南山 has 56%.
        if others and any(self._closer(question, profile, term) for term in others):
            return Failure(Reason.OTHER_ENTITY, others[0].text, profile.entity)
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
                return Failure(Reason.OTHER_ENTITY, term.text, greater.group())
        for term in others:
            if not is_place(term.text):
                continue
            named = any(covers(zone, _forms(term)) >= 0.85 for zone in near)
            other = not named or _names_a_part(term, profile, question) or _elsewhere(term, profile)
            if other and not _is_part_of_a_name(term, question, profile.sentence):
                return Failure(Reason.OTHER_ENTITY, term.text, profile.entity)
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
            if not any(covers(zone, _forms(term)) >= 0.85 for zone in around):
                return Failure(Reason.OTHER_ENTITY, term.text, profile.entity or subject)
        return None

    def _closer(self, question: FigureQuestion, profile: Profile, asked: Term) -> bool:
        """Whether the row's own entity is named in its clause and the name asked for is not."""
        words = (asked.text, *asked.alternatives, core(asked.text))
        if _is_part_of_a_name(asked, question, profile.sentence):
            return False
        return core(profile.entity) in profile.clause and not any(word in profile.clause for word in words)

    def belongs(self, entity: str, subject: str, question: FigureQuestion) -> bool:
        """Whether an entity is the subject, a whole of it, or something the question speaks of."""
        if not subject or core(subject) in entity or entity in subject or entity in whole_of(subject):
            return True
        if any(scope in entity for scope in question.scopes):
            return True
        return any(
            covers(entity, (t.text, *t.alternatives)) >= 0.5 for t in question.terms if not t.name and t.weight > 0.3
        )

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
            return None if profile.figure.role is Role.CHANGE else Failure(Reason.OTHER_PERIOD, "-1", "")
        if profile.figure.role is Role.CHANGE and any(_measured_from(months, profile) for months in asked):
            return None
        document = profile.figure.document
        main = self.profiles.main_years.get(document)
        months = profile.months or (year_months(main) if main else None)
        if not asked or months is None or any(_time_fits(wanted, months) for wanted in asked):
            return None
        # What five years ended with is the level of the last of them.
        if profile.figure.role is Role.LEVEL and any(wanted.end == months.end for wanted in asked):
            return None
        return Failure(Reason.OTHER_PERIOD, " ".join(map(str, asked)), str(months))

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
        forms = _forms(term)
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


_EVENT = r"[\u4e00-\u9fff]{0,3}(?:危机|风暴|战争|大战|海啸|地震|疫情|会议|峰会|运动会|奥运会?|亚运会?|博览会|锦标赛|杯)"


def _is_part_of_a_name(term: Term, question: FigureQuestion, sentence: str) -> bool:
    """Whether a sentence has the longer name that a name begins: 深圳高新區, or an event as 亞洲金融危機."""
    name = re.escape(core(term.text))
    if re.search(name + _EVENT, fold(question.text)) and re.search(name + _EVENT, sentence):
        return True
    following = next((b for a, b in zip(question.terms, question.terms[1:], strict=False) if a is term), None)
    return following is not None and bool(re.search(f"{name}.{{0,2}}{re.escape(following.text)}", sentence))


def _forms(term: Term) -> tuple[str, ...]:
    return (term.text, *term.alternatives, core(term.text))


def _elsewhere(term: Term, profile: Profile) -> bool:
    """Whether a row's own words list other places and not the one asked about: 荆州、孝感 for 襄阳."""
    if covers(f"{profile.own} {profile.clause}", _forms(term)) >= 0.85:
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


def _unit_fits(question: FigureQuestion, figure: Figure) -> bool:
    unit, asked = fold(figure.quantity.unit), question.unit
    if unit == "大":
        return False
    if not asked or question.kinds & (TIMES | {Kind.RANK}):
        return True
    if asked in RATES:
        return figure.quantity.kind in PERCENTS | MULTIPLES
    if (
        (asked, unit) == ("人", "人次")
        or same_measure(asked, unit)
        or convert(Decimal(1), unit or "?", asked) is not None
    ):
        return True
    kind = unit_kind(asked)
    if kind is Kind.AMOUNT:
        return asked == "元" and figure.quantity.kind is Kind.AMOUNT
    if kind is Kind.COUNT:
        # Measure words and English nouns do not tell each other: 几位大夫, 31 doctors.
        return figure.quantity.kind is Kind.COUNT and (not unit or asked == "个" or unit.isascii() != asked.isascii())
    return False


def _are_counted(asked: str, quantity: Quantity) -> bool:
    """Whether things counted one by one are asked for and stated, by whatever measure word: 几块奖牌, 111枚."""
    if asked == "人":
        return False
    return unit_kind(asked) in {Kind.COUNT, Kind.OTHER} and quantity.kind is Kind.COUNT


def _same_per(asked: str, found: str) -> bool:
    return asked in found or (asked == "人" and "人" in found) or found.endswith(asked[-1:])


def _names_one_of(entity: str, terms: Sequence[Term]) -> bool:
    names = [term for term in terms if term.name]
    return any(
        core(word) in entity or core(entity) == word for term in names for word in (term.text, *term.alternatives)
    )


def _time_fits(asked: Months, found: Months) -> bool:
    if found.end >= FOREVER:
        return asked.start >= found.start and asked.start - found.start < 12
    if asked.contains(found):
        return True
    return found.contains(asked) and found.end - found.start <= 12 and asked.end - asked.start >= 12
