"""The values of one clause, each with who, what, when and how: from the clause's words, else from what is carried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import yinju.figures.roles as roles
from yinju.figures.lists import items_of
from yinju.figures.names import place_at
from yinju.figures.phrases import MAX_METRIC, noun_after, stripped, tidy
from yinju.figures.reading import PUNCTUATION, Carried, Clause, Item, Reading, Section, is_moment
from yinju.figures.subjects import STAND_IN, within
from yinju.figures.times import TimeMention, first_year, last_year
from yinju.figures.units import canonical_unit
from yinju.text import fold
from yinju.types import Kind, Quantity, Role

_ATTRIBUTE_GOES_ON = re.compile(r"(?:级|以[上下]|及以上)+的?(?![、,])")
# A threshold inside the noun phrase of a count: 3個｜過三千億元城市.
_THRESHOLD = re.compile(r"(?:产值|营收|收入|规模|总量)?(?:过|超过?|突破|破|逾)?")
_RISES_FROM = re.compile(r"(?:从|由)(?:近|约|超过?|不足|不到)?$|\bfrom $")
_RISES_TO = re.compile(r"[至到为成→]|\bto\b|->")
_COMPARED_LEVEL = re.compile(r"(?:超过|高于|低于|超出|不及)(?P<who>[^,，;；。、]{2,10})$")
_NOT_OWN = frozenset(
    "增加值的 其中 比 较 达 计 总 再 净 同比 上年 比上年 上年末 较上年 年均 并 位 比上年末 较上年末 比上年同期 增长 "
    "下降 提高".split()
)
_BARE_SHARE = re.compile(r"占|比重|占比|份额|比例|所占")
_SIZE = (
    "总产量|产量|总产值|产值|增加值|总面积|面积|总收入|收入|总金额|金额|总额|数量|总量|总数|总规模|规模|人数|均价|单价|总投资|"
    "种植面积|播种面积|年产量|年产值|成交额"
)
_ONLY_SIZE = re.compile(rf"(?:其)?(?:{_SIZE})")
_ENDS_IN_SIZE = re.compile(rf"(?:{_SIZE}|增量|增速|占比|比重)$")
_ONLY_RELATION = re.compile(
    r"(?:其|年均|同比|平均)?(?:增速|增量|增幅|占比|比重|份额|占全[国省市区县]的?(?:比重|比例)?)"
)
_ONLY_NEW = re.compile(r"新登记|新增|新设|新建|在建|新开工|新入库|新签|新注册")
_FOR_TOTAL = re.compile(r"^(?:新增|新设|新登记|新培育|新建|新认定|净增)")
_EACH_NAMED = re.compile(r"分别[为是有](?=[\u4e00-\u9fff]{2})")
_OF_NOUN = re.compile(r"(?:以上|以下|左右|以内)?的")
_TOTAL = re.compile(r"总|累计|达到?|增至|突破|共|均|为|现有|占|保持|稳定")
_FROM_BEFORE = re.compile(r"(?:up |down )?from|(?:as )?(?:compared (?:with|to)|against|versus|vs\.?)")
"""What an English value stands after that tells the same thing at another time."""
_WAS_THEN = re.compile(r"(?:同期|末|底|度)?(?:则|则?[为是]|仅|只|有|约|[\u4e00-\u9fff]{2,4}[为是])")
_GROWTH_NAMED = re.compile("增[速长幅]$")


@dataclass(slots=True)
class Attribution:
    """Reads the values of one clause; ``state`` is read and brought up to date on the way.

    Attributes:
        clause: The clause.
        state: What holds so far.
        section: What the heading above says.
        year: Year in which the document speaks; ``None`` when unknown.
        plans: It plans for that year, as its title says.
        subject_in: Finds a subject between two offsets: its name and where it ends, or ``None``.
    """

    clause: Clause
    state: Carried
    section: Section
    year: int | None
    plans: bool
    subject_in: Callable[[int, int], tuple[int, int, str] | None]
    previous_value: int = 0
    previous_start: int = 0

    def readings(self) -> Iterator[Reading]:
        """Yield one reading for each quantity of the clause, in order."""
        state, clause = self.state, self.clause
        if roles.announces_plan(clause):
            state.target = True
        start = self.previous_value = self.previous_start = clause.span.start
        held = state.period
        items = items_of(clause, state)
        for number, quantity in enumerate(clause.quantities):
            if is_moment(quantity):
                yield self._moment(quantity)
                continue
            own_start = self._own_start(start, quantity)
            reading = self._reading(quantity, start, own_start, self._following(number))
            if (item := items.get(quantity.span)) is not None:
                reading = _of_item(reading, item)
            yield reading
            start = quantity.span.end
            if quantity.kind is not Kind.RANK:
                self._remember(reading)
                self.previous_value, self.previous_start = quantity.span.end, own_start
        for time in clause.times:
            if time.period and not time.baseline and not time.local:
                state.period = time.period
        if self._looks_back(held):
            state.period = held

    def _looks_back(self, held: str) -> bool:
        """Whether a clause only says what it was before: 上年同期為16.20億元, 2023年為4.32億人次."""
        if not self.clause.times or not self.clause.quantities:
            return False
        time, begin = self.clause.times[0], self.clause.span.start
        if time.start > begin + 1 or not _WAS_THEN.match(self.clause.folded, time.end):
            return False
        earlier = (last_year(time.period) or 9999) < (first_year(held) or self.year or 0)
        return earlier or (not held and self.clause.folded.startswith(("上年", "去年", "前一年"), begin))

    def _remember(self, reading: Reading) -> None:
        state = self.state
        state.last, state.metric = reading, reading.metric or state.metric
        if reading.role in {Role.LEVEL, Role.TARGET, Role.INCREMENT}:
            state.level_metric = reading.metric
            state.levels = (*state.levels, reading)

    def _following(self, number: int) -> int:
        """Where the words after a value end: at the next value, one inside the same noun phrase aside."""
        clause, end = self.clause, self.clause.quantities[number].span.end
        for later in clause.quantities[number + 1 :]:
            between = clause.folded[end : later.span.start]
            inside = later.kind is Kind.RANK and len(between) <= 4
            threshold = later.kind is Kind.AMOUNT and _THRESHOLD.fullmatch(between) and self._has_noun(later)
            if not inside and not threshold:
                return later.span.start
            end = later.span.end
        return clause.span.end

    def _has_noun(self, quantity: Quantity) -> bool:
        return bool(noun_after(self.clause, quantity, self.clause.span.end))

    def _reading(self, quantity: Quantity, start: int, own_start: int, following: int) -> Reading:
        clause, state = self.clause, self.state
        period = self._period(quantity)
        role, base = roles.role_of(clause, start, quantity, state.last)
        limit = roles.before_comparison(clause, own_start, quantity.span.start)
        entity, subject_end = self._entity(own_start, quantity, limit)
        if self._is_origin(own_start, quantity, following):
            period = self._origin_period(quantity, period)
        metric, own = self._metric(quantity, max(own_start, subject_end), following, role)
        per = roles.per_what(clause, own_start, quantity.span.start)
        if not own and state.last and role is not Role.DIFFERENCE:
            per = per or state.last.per
        target = self._is_target(period)
        if role is Role.LEVEL:
            role = Role.INCREMENT if self._is_listed_increment(own_start, quantity) else role
            role = Role.TARGET if target else role
        return Reading(quantity, clause.sentence, clause.span, entity, metric, period, role, target, per, base)

    def _moment(self, quantity: Quantity) -> Reading:
        """A year or date: what happened then is the rest of the clause, or the next clause."""
        clause, end = self.clause, quantity.span.end
        rest = clause.text[end : clause.span.end].strip(PUNCTUATION)
        if len(rest) < 2:
            rest = clause.text[end : min(clause.sentence.end, end + MAX_METRIC)].strip(PUNCTUATION)
        period = next((t.period for t in clause.times if t.start <= quantity.span.start < t.end), "")
        return Reading(quantity, clause.sentence, clause.span, self.state.subject, rest[:MAX_METRIC], period)

    def _own_start(self, start: int, quantity: Quantity) -> int:
        """Where the words that belong to a value begin: after the noun that the value before belongs to."""
        folded, end = self.clause.folded, quantity.span.start
        if start == self.clause.span.start or start >= end or folded[start] in PUNCTUATION:
            return start
        cut = re.search(r"、|(?:以及|和|及|与|并)$", folded[start:end].rstrip())
        if cut is None and _ATTRIBUTE_GOES_ON.match(folded, start, end):
            return self.previous_start
        return start + cut.end() if cut else start

    def _is_listed_increment(self, own_start: int, quantity: Quantity) -> bool:
        """Whether a count goes on a list of what is new: 新增4個甲、4個乙; 新增甲4個、乙4個."""
        last, folded = self.state.last, self.clause.folded
        if last is None or last.role is not Role.INCREMENT or last.clause != self.clause.span:
            return False
        listed = folded[own_start - 1] in "、和及与" or folded[last.quantity.span.end] in "、和及与"
        words = within(self.clause.tokens, own_start, quantity.span.start)
        first = next((token for token in words if token.tag != "x"), None)
        acts = first is not None and first.tag[:1] == "v"
        return listed and not acts and not _TOTAL.search(folded, own_start, quantity.span.start)

    # ── when ──

    def _period(self, quantity: Quantity) -> str:
        local, start, end = "", self.previous_value, quantity.span.start
        for time in self.clause.times:
            if time.period and time.baseline and self._is_of_baseline(time, quantity):
                return time.period
            if not time.period or time.baseline:
                continue
            if start <= time.start and time.end <= end:
                if time.local:
                    local = time.period
                else:
                    self.state.period, local = time.period, ""
            elif time.after and 0 <= time.start - quantity.span.end <= 1:
                return time.period
        return local or self.state.period

    def _is_of_baseline(self, time: TimeMention, quantity: Quantity) -> bool:
        """Whether a value is what something is compared with: 比2022年的2億元增長30%."""
        ratio = quantity.kind in {Kind.PERCENT, Kind.MULTIPLE, Kind.RATIO}
        return (
            not ratio
            and time.end <= quantity.span.start
            and self.clause.folded[time.end : quantity.span.start] in {"的", "之"}
        )

    def _is_origin(self, start: int, quantity: Quantity, following: int) -> bool:
        """Whether a value is the earlier end of 從A升至B or A→B."""
        clause, end = self.clause, quantity.span.end
        later = any(q.span.start >= end and q.unit == quantity.unit for q in clause.quantities)
        if not later:
            return False
        if clause.folded[end : end + 2].strip()[:1] in {"→", "⟶"}:
            return True
        rises = _RISES_FROM.search(clause.folded, start, quantity.span.start)
        return bool(rises and _RISES_TO.search(clause.folded, end, following))

    def _origin_period(self, quantity: Quantity, period: str) -> str:
        """The earlier end of 從A升至B is not of the time that B is of, unless it says its own."""
        clause = self.clause
        own = any(
            (t.period and t.local and self.previous_value <= t.start < quantity.span.start)
            or (t.after and 0 <= t.start - quantity.span.end <= 1)
            for t in clause.times
        )  # fmt: skip
        return period if own else ""

    def _is_target(self, period: str) -> bool:
        begin, end, now = first_year(period), last_year(period), self.year
        past = end is not None and now is not None and end < now
        future = begin is not None and now is not None and ((end or begin) > now or (self.plans and begin == now))
        if self.state.target or future:
            return not roles.is_done(self.clause)
        return self.section.plan and not past

    # ── who ──

    def _entity(self, start: int, quantity: Quantity, limit: int) -> tuple[str, int]:
        """The subject of the value, and where what belongs to it begins."""
        clause, value = self.clause, quantity.span.start
        compared = _COMPARED_LEVEL.search(clause.folded, start, value)
        average = clause.folded.startswith(("的平均", "的水平", "的均值"), quantity.span.end)
        if compared and quantity.unit in {"%", "‰"} and average:
            return clause.text[compared.start("who") : value], value
        skipped = start
        for time in clause.times:
            if skipped <= time.start <= skipped + 3 and time.end <= value:
                skipped = time.end
        each = _EACH_NAMED.search(clause.folded, skipped, limit)
        if each and (named := self._named_from(each.end(), limit)):
            return named[2], start
        found = self.subject_in(skipped, limit)
        if found is None or self._only_located(found):
            return self.state.subject, start
        begin, end, name = found
        words = clause.folded[begin:end]
        if quantity.kind is Kind.RANK and words.startswith("全"):
            return self.state.subject, start
        if start == clause.span.start and words != "全国":
            self.state.subject = name
        return name, end

    def _named_from(self, start: int, limit: int) -> tuple[int, int, str] | None:
        """The place or organisation whose name begins right at ``start``."""
        if (end := place_at(self.clause.folded, start, limit)) is not None:
            return start, end, self.clause.text[start:end]
        found = self.subject_in(start, limit)
        return found if found and found[0] == start else None

    def _only_located(self, found: tuple[int, int, str]) -> bool:
        """A whole that the value is compared with or stands in (在全市, 占全省) is not its subject."""
        folded, (begin, end, _) = self.clause.folded, found
        return bool(STAND_IN.fullmatch(folded, begin, end)) and folded[begin - 1 : begin] in set("在占居列较比")

    # ── what ──

    def _metric(self, quantity: Quantity, start: int, following: int, role: Role) -> tuple[str, bool]:
        """What is measured, and whether the value's own words say so."""
        clause, state = self.clause, self.state
        limit = roles.before_scope(clause, start, quantity, role)
        if (each := _EACH_NAMED.search(clause.folded, start, limit)) and each.end() < limit:
            return self._of_each(start, each, limit), True
        begin, stop = stripped(clause, start, limit)
        metric = clause.text[begin:stop]
        if role is not Role.CHANGE or (begin >= stop and _OF_NOUN.match(clause.folded, quantity.span.end)):
            noun = noun_after(clause, quantity, following)
            metric = metric + noun if len(metric) + len(noun) <= MAX_METRIC else noun or metric
        folded = fold(metric)
        own = bool(metric.strip(PUNCTUATION)) and folded not in _NOT_OWN and not _FROM_BEFORE.fullmatch(folded)
        if not own:
            return self._carried_metric(role, quantity), own
        after_among = clause.folded[max(0, begin - 2) : begin] == "其中" and len(metric) <= 2
        if role is Role.SHARE and _BARE_SHARE.match(folded) and state.metric:
            metric = _own_part(state.metric) + metric
        elif after_among and state.metric and folded not in fold(state.metric):
            metric = state.metric + metric
        else:
            metric = self._completed(metric, folded)
        return tidy(metric, fold(metric)), own

    def _of_each(self, start: int, each: re.Match[str], limit: int) -> str:
        """The metric of 人口分別為台門鎮23527人: what is stated of each, with what it is named unless that is whom."""
        clause = self.clause
        metric, name = (
            clause.text[slice(*stripped(clause, *part))] for part in ((start, each.start()), (each.end(), limit))
        )
        found = self._named_from(each.end(), limit)
        return metric if found and found[1] >= limit else tidy(name + metric, fold(name + metric))

    def _completed(self, metric: str, folded: str) -> str:
        """Say of what a bare attribute is: 總產量 after 油料種植面積 is that of 油料."""
        state = self.state
        head = state.metric or state.topic
        head = head[len(state.subject) :] if fold(head).startswith(fold(state.subject)) else head
        if _ONLY_RELATION.fullmatch(folded):
            return head + metric
        if _ONLY_SIZE.fullmatch(folded):
            bare = _FOR_TOTAL.sub("", fold(head))
            head = head[len(head) - len(bare) :]
            end = _ENDS_IN_SIZE.search(bare)
            return (head[: end.start()] if end and end.start() else head) + metric
        if _ONLY_NEW.fullmatch(folded):
            end = _ENDS_IN_SIZE.search(fold(head))
            return metric + (head[: end.start()] if end else head)
        return metric

    def _carried_metric(self, role: Role, quantity: Quantity) -> str:
        state, last = self.state, self.state.last
        points = canonical_unit(quantity.unit) == "个百分点"
        if last is not None and role is Role.DIFFERENCE and last.role is Role.CHANGE and points:
            return last.metric if _GROWTH_NAMED.search(fold(last.metric)) else f"{last.metric}增速"
        if last is None and not state.metric and self.clause.text[slice(*_ends(quantity))].isascii():
            # 「1,200 companies」 at the head of an English sentence
            return re.sub(r"^[^a-zA-Z]+", "", quantity.surface)
        if role is Role.CHANGE and quantity.unit in {"%", "倍"} and _BARE_SHARE.search(fold(state.metric)):
            return state.level_metric or state.metric
        return state.metric


def _ends(quantity: Quantity) -> tuple[int, int]:
    return quantity.span.start, quantity.span.end


def _own_part(metric: str) -> str:
    """What a carried share is a share of nothing more: 「工業增加值占GDP比重」→「工業增加值」."""
    return re.split("占|比重|佔", metric)[0] or metric


def _of_item(reading: Reading, item: Item) -> Reading:
    """Give a value the thing, time or subject that its place in the list tells."""
    metric = tidy(item.metric, fold(item.metric)) if item.metric else reading.metric
    if item.period and not item.metric:
        metric = reading.metric
    return replace(reading, metric=metric, period=item.period or reading.period, entity=item.entity or reading.entity)
