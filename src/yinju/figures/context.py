"""Who, what and when of every quantity of a document, from the clause it stands in and what stands before it.

Grammar only: closed classes of verbs, prepositions and adverbs around a number tell the thing measured from the way it
is said. All matching is done in folded text; what is reported is cut from the readable text at the same offsets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from yinju.figures.attribution import Attribution
from yinju.figures.names import own_nouns
from yinju.figures.quantity import read_quantities
from yinju.figures.reading import Carried, Clause, Reading, Section, is_moment
from yinju.figures.subjects import STAND_IN, Token, defined_subject, main_subject, subject_at, tokenise, within
from yinju.figures.tables import Setting, read_tables
from yinju.figures.times import find_times, first_year, last_year
from yinju.text import clauses, fold, sentences
from yinju.types import Document, Quantity, Span, Table

SHORT_PARAGRAPH = 450
"""In longer paragraphs a subject does not hold beyond its own sentence: they run through many topics."""
_SAMPLE = 12000
_OPENING_REACH = 40
"""How far into a paragraph the time may stand that it opens with, in characters."""

_PLAN_HEADING = re.compile(r"目标|安排|任务|工作(?:重点|部署|思路|打算|建议)|重点工作|总体要求|规划|展望|计划|预期")
_REVIEW_HEADING = re.compile(r"回顾|总结|成就|成效|情况|完成|进展")
_EXAMPLE = re.compile(r"以(?P<who>[^,，、]{2,14}?)为(?:例|代表)")
_THIS_ONE = re.compile(r"(?:这[家所个座]|该)[^,，;；。]{0,24}?(?P<what>公司|企业|机构|集团|大学|医院|银行)")
_STARTS_COMPARING = re.compile(
    r"(?:[大远明]幅?)?(?:高于|低于|高出|超过|不及|不到|比|较|为|是|达到?|相当于|接近|占|居|位居|快于|优于|好于)"
)
_GOES_ON = re.compile(r"分[^,，。]{1,6}看|其中|从[^,，。]{1,8}看|按[^,，。]{1,6}(?:分|看)")
_YEARS_PAST = re.compile(
    r"(?:过去)?[一二两三四五六七八九十0-9]{1,2}年来(?=[,，])|[“\"]?十[一二三四五]五[”\"]?(?:时期|以来|"
    r"期间)(?=[,，])|过去[五5]年(?=[,，])"
)
_ENGLISH_ORGANISATION = (
    "City|Province|County|District|State|Town|Township|Village|Group|Company|Corporation|Corp|Inc|Ltd|University|"
    "College|Hospital|Bank|Institute|Museum|School"
)
_ENGLISH_SUBJECT = re.compile(rf"(?:[Tt]he )?(?P<who>[A-Z][\w-]+(?: [A-Z][\w-]+){{0,4}} (?:{_ENGLISH_ORGANISATION}))\b")
_ENGLISH_STAND_IN = re.compile(rf"(?:the|its) (?:{_ENGLISH_ORGANISATION.lower()})\b")
_SOURCE = re.compile(r"(?:根?据|按照)[^,，]{1,16}(?:报道|介绍|了解|统计|显示|消息|透露|数据|核算)$")
_TITLE_OF_PLAN = re.compile(r"工作报告|计划|规划|方案|要点|目标|展望|部署|预算|\b(?:plan|budget|outlook|agenda)\b")
# A date on which a text was written, and not one up to which it counts: 截至2024年12月31日.
_DATED = re.compile(
    r"(?<![至自从于在到])(20[0-9]{2})(?:年[ ]?[0-9]{1,2}月(?:[0-9]{1,2}日)?|-[0-9]{2}-[0-9]{2})(?![0-9日至到—-])"
)
_TITLE_OF_RECORD = re.compile(
    r"公报|年鉴|年报|统计|报告|实绩|回顾|总结|简报|年度|\b(?:bulletin|report|yearbook|communique|review|results|accounts|statement)\b"
)
_SUBTITLE = re.compile(r"\s*(?:[—－-]{1,2}|[（(])[^\r\n。]{2,60}|\n[a-z][^\n.!?;]{4,90}(?=\n)")
_OPENING = 200
"""How far below the title a text may say what year it is about, in characters."""
_NEAR_TITLE = 60
"""How far below the title a line with a date tells when the text was written, in characters."""
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]+[章节部]|"
    r"[（(][一二三四五六七八九十]{1,3}[)）]|#{1,6} )"
)
_OPENS = re.compile(r"(?:各位(?:代表|委员)[,，:：]\s*)?[^,，。;；]{0,12}")
_RANK_LEFT = re.compile(r"省|市|区|县|州|镇|乡|村|特别行政区|[\u4e00-\u9fff]{0,3}自治[区州县]|新区|街道")
_IS_ABOUT_A_YEAR = re.compile(r"[^,，]{0,8}(?:19|20)[0-9]{2}年(?:是|[,，])")
_SHORTEST_TOPIC, _LONGEST_TOPIC = 2, 14
_UNIT_ALONE = re.compile(r"(?:单位\s*[:：]\s*|[（(])$")


def read_contexts(document: Document) -> Iterator[Reading]:
    """Read the quantities of a document with their context, in order of their place."""
    readings = list(_Walker(document).readings())
    yield from sorted(readings, key=lambda reading: reading.quantity.span)


class _Walker:
    """One walk through one document."""

    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.readable
        self.folded = fold(self.text)
        self.quantities = list(_outside_tables(self.folded, read_quantities(self.text), document.tables))
        self.title_end = _title_end(self.folded)
        if any(table.span.start < self.title_end for table in document.tables):
            self.title_end = 0
        self.year = self._speaking_year()
        sample = tokenise(self.folded, 0, min(len(self.folded), _SAMPLE))
        main = main_subject(self.folded, self.title_end, sample)
        opening = None if self.title_end else defined_subject(self.folded)
        main = opening or main
        english = _ENGLISH_SUBJECT.search(self.text, 0, self.title_end)
        self.main = self.text[slice(*main)] if main else english["who"] if english else ""
        self.own_nouns = own_nouns(fold(self.main))
        self.titled = bool(self.main) and (opening is not None or fold(self.main) in self.folded[: self.title_end])
        self.default = self._title_period()
        self.plans = bool(_TITLE_OF_PLAN.search(self.folded[: self.title_end]))
        self.last_named = self.last_period = ""

    def readings(self) -> Iterator[Reading]:
        section, index = Section(self.default), 0
        for line in re.finditer(r"[^\r\n\u2028\u2029\f]+", self.text):
            start, end = line.span()
            if _is_heading(self.folded[start:end]):
                section = self._section(start, end, section)
            section = self._narrowed(start, end, section)
            first = index
            while index < len(self.quantities) and self.quantities[index].span.start < end:
                index += 1
            if not self.default and (year := self._announced(start, end, self.quantities[first:index])):
                self.default, section = year, Section(year, section.plan)
            if index > first:
                yield from self._paragraph(Span(start, end), self.quantities[first:index], section)
            elif end - start <= SHORT_PARAGRAPH:
                self._remember_subject(Span(start, end))
        yield from read_tables(self.document, Setting(self.main, self.year, self.default or self._titled_year()))

    # ── the document ──

    def _speaking_year(self) -> int | None:
        """The year in which the document speaks: of the first full date near its beginning, else of its title."""
        head = self.folded[: max(self.title_end, 0) + 200]
        date = _DATED.search(head)
        if date and self.title_end:
            return int(date[1])
        title = re.search(r"(20[0-9]{2})年", self.folded[: self.title_end])
        return int(title[1]) if title else None

    def _title_period(self) -> str:
        title = self.folded[: self.title_end]
        if _TITLE_OF_PLAN.search(title) or not _TITLE_OF_RECORD.search(title):
            return ""
        times = [time.period for time in find_times(title, 0, self.title_end, None, "") if time.period]
        bare = re.search(r"\b(?:19|20)[0-9]{2}\b", title)
        return times[0] if times else bare.group() if bare else ""

    def _announced(self, start: int, end: int, quantities: Sequence[Quantity]) -> str:
        """The one year that an opening without figures says the text is about: 我把2023年的賬念一念."""
        if not self.title_end <= start <= self.title_end + _OPENING or not all(map(is_moment, quantities)):
            return ""
        times = find_times(self.folded, start, end, self.year, "")
        years = {time.period for time in times if not time.baseline and len(time.period) == 4}
        return years.pop() if len(years) == 1 and len(times) == 1 and not self.plans else ""

    def _titled_year(self) -> str:
        """The time that the title names, for tables: they state what was, unless it is a plan's."""
        title = self.folded[: self.title_end]
        times = [] if _TITLE_OF_PLAN.search(title) else find_times(title, 0, self.title_end, None, "")
        return next((time.period for time in times if time.period), "")

    def _section(self, start: int, end: int, above: Section) -> Section:
        heading = re.split("[。！？!?]", self.folded[start : min(end, start + 60)])[0]
        if start <= self.title_end + _NEAR_TITLE and self.title_end and _DATED.search(heading):
            return above  # when it was written
        times = [t for t in find_times(self.folded, start, start + len(heading), self.year, self.default) if t.period]
        if heading.lstrip()[:1] in "（(" or not _HEADING.match(heading.lstrip()):
            return Section(times[0].period, above.plan) if times else above
        plan = bool(_PLAN_HEADING.search(heading)) and not _REVIEW_HEADING.search(heading)
        return Section(times[0].period if times else self.default, plan)

    def _narrowed(self, start: int, end: int, section: Section) -> Section:
        """The section from a paragraph on that opens with years (五年來) or with one of the section's (2025年)."""
        if span := _YEARS_PAST.search(self.folded, start, min(end, start + 120)):
            times = find_times(self.folded, span.start(), span.end(), self.year, section.period)
            period = next((time.period for time in times if time.period), section.period)
            return Section(period, section.plan)
        if "/" not in section.period:
            return section
        for time in find_times(self.folded, start, min(end, start + _OPENING_REACH), self.year, section.period):
            opens = self.folded[time.end : time.end + 1] in {",", "，"} and _OPENS.fullmatch(
                self.folded, start, time.start
            )
            year = time.period if len(time.period) == 4 else ""
            if opens and year and (first_year(section.period) or 9999) <= int(year) <= (last_year(section.period) or 0):
                return Section(year, section.plan)
        return section

    # ── paragraphs, sentences, clauses ──

    def _paragraph(self, line: Span, quantities: Sequence[Quantity], section: Section) -> Iterator[Reading]:
        tokens = tokenise(self.folded, line.start, line.end)
        goes_on = _GOES_ON.match(self.folded, line.start, line.end)
        state = Carried(
            self.main or self.last_named, self.last_period if goes_on and not section.period else section.period
        )
        state.strict = len(line) > SHORT_PARAGRAPH
        index = token_index = 0
        for span in sentences(self.text[line.start : line.end]):
            sentence, token_end = span.shift(line.start), token_index
            while token_end < len(tokens) and tokens[token_end].start < sentence.end:
                token_end += 1
            end = index
            while end < len(quantities) and quantities[end].span.start < sentence.end:
                end += 1
            yield from self._sentence(sentence, tokens[token_index:token_end], quantities[index:end], state, section)
            index, token_index = end, token_end
        self.last_named = self.last_named if STAND_IN.fullmatch(fold(state.subject)) else state.subject
        self.last_period = state.period

    def _sentence(
        self, sentence: Span, tokens: Sequence[Token], quantities: Sequence[Quantity], state: Carried, section: Section
    ) -> Iterator[Reading]:
        if state.strict:
            state.subject = self.main
        state.topic = state.metric or state.topic
        state.metric, state.target, state.last, state.industries, state.levels = "", False, None, False, ()
        held, before, index = state.subject, state.period, 0
        used: list[str] = []
        for number, span in enumerate(clauses(self.text, sentence)):
            first = index
            while index < len(quantities) and quantities[index].span.start < span.end:
                index += 1
            inside = quantities[first:index]
            self._enter_clause(span, tokens, state, held, bool(inside))
            if number == 0 and (inside or not self.titled):
                held = state.subject
            times = find_times(self.folded, span.start, span.end, self.year, state.period)
            clause = Clause(self.text, self.folded, sentence, span, tokens, times, inside)
            if not inside:
                state.topic = self._topic(clause) or state.topic
            who = self._subject_in(tokens, state)
            for reading in Attribution(clause, state, section, self.year, self.plans, who).readings():
                if not is_moment(reading.quantity):
                    used.append(reading.period)
                yield reading
        state.subject = held
        state.period = self._held_on(state, before, used, sentence)

    def _held_on(self, state: Carried, before: str, used: Sequence[str], sentence: Span) -> str:
        """Return the time that holds for the next sentence: what this one began with, or the one it ends on.

        Args:
            state: As it is at the end of the sentence.
            before: The time carried into it.
            used: The times of its figures, in order.
            sentence: Its place.
        """
        if state.period not in {before, *used} and not _IS_ABOUT_A_YEAR.match(
            self.folded, sentence.start, sentence.end
        ):
            return before  # when something else happened
        if used and (last_year(state.period) or 9999) < (first_year(used[0]) or 0):
            return used[0]  # the year that figures are compared with at the end: 上年為34.4%
        if state.target and (first_year(state.period) or 0) > (last_year(before) or 9999):
            return before  # a plan's year
        return state.period

    def _topic(self, clause: Clause) -> str:
        """The noun phrase a clause without figures begins with: 「市場經營主體｜增量提質」."""
        start, end = clause.span.start, clause.span.start
        for token in within(clause.tokens, clause.span.start, clause.span.end):
            if token.tag[:1] not in "nbjl" and token.tag not in {"vn", "eng"}:
                break
            end = token.end
        return self.text[start:end] if _SHORTEST_TOPIC <= end - start <= _LONGEST_TOPIC else ""

    def _remember_subject(self, line: Span) -> None:
        """Keep whom a paragraph without figures ends on: the next may begin with 這家公司."""
        last = next(iter(reversed(sentences(self.text[line.start : line.end]))), None)
        if last is not None:
            state, sentence = Carried(), last.shift(line.start)
            tokens = tokenise(self.folded, sentence.start, min(sentence.end, sentence.start + 40))
            self._enter_clause(sentence, tokens, state, "", False)
            self.last_named = state.subject or self.last_named

    def _enter_clause(
        self, clause: Span, tokens: Sequence[Token], state: Carried, held: str, has_figures: bool
    ) -> None:
        """Bring the subject up to date with the head of a clause."""
        passing, state.passing = state.passing, False
        named = self._plainly_named(clause)
        if named:
            state.subject = named
            return
        if _SOURCE.match(self.folded, clause.start, clause.end) or _STARTS_COMPARING.match(
            self.folded, clause.start, clause.end
        ):
            state.passing = passing
            return
        start = clause.start
        for time in find_times(self.folded, clause.start, clause.end, self.year, state.period):
            if time.start - start <= 3:
                start = time.end
        found = self._subject_in(tokens, state)(start, clause.end)
        located = found and self.folded[found[0] - 1 : found[0]] in {"在", "占", "居"}
        if found and self.folded[found[0] : found[1]] != "全国" and not located:
            # Whom a report names in passing, without a figure, is not what the next noun phrase is of.
            state.subject, state.passing = found[2], self.titled and not has_figures and found[2] != self.main
        elif passing:
            state.passing = self._says_of_it(clause, tokens)
            state.subject = state.subject if state.passing else held

    def _plainly_named(self, clause: Span) -> str:
        """Whom a clause names by the way it begins: 以…為例, 這家公司, an English name; empty otherwise."""
        start, end = clause.start, clause.end
        if example := _EXAMPLE.match(self.folded, start, end):
            return self.text[slice(*example.span("who"))]
        if english := _ENGLISH_SUBJECT.match(self.text, start, end):
            return english["who"]
        if self.main and _ENGLISH_STAND_IN.match(self.folded, start, end):
            return self.main
        return self.last_named if _THIS_ONE.match(self.folded, start, end) else ""

    def _says_of_it(self, clause: Span, tokens: Sequence[Token]) -> bool:
        """Whether a clause begins with what the subject before does or has: a verb, an adverb, 其."""
        first = next(iter(within(tokens, clause.start, clause.end)), None)
        return first is not None and (first.tag[:1] in {"v", "d"} or first.word == "其")

    def _subject_in(self, tokens: Sequence[Token], state: Carried) -> Callable[[int, int], tuple[int, int, str] | None]:
        def subject_in(start: int, end: int) -> tuple[int, int, str] | None:
            own = next((noun for noun in self.own_nouns if self.folded.startswith(noun, start)), "")
            if own and start + len(own) < end and self.folded[start + len(own)] not in "制化法治股债":
                return start, start + len(own), self.main
            main = fold(self.main)
            if main and self.folded.startswith(main, start) and start + len(main) <= end:
                further = subject_at(self.folded, tokens, start, end, True)
                return (*further, self._named(*further)) if further else (start, start + len(main), self.main)
            found = subject_at(self.folded, tokens, start, end, state.strict or self.titled, self.own_nouns)
            return None if found is None else (*found, self._named(*found))

        return subject_in

    def _named(self, start: int, end: int) -> str:
        """A subject in the text's words; one that stands for the document's own subject is written out."""
        words, main = self.folded[start:end], fold(self.main)
        stand_in = STAND_IN.fullmatch(words)
        if stand_in and stand_in["level"] and main.endswith(stand_in["level"]):
            return self.main
        return (
            self.main
            if words in self.own_nouns or main == words or _is_short_for(words, main)
            else self.text[start:end]
        )


def _is_short_for(words: str, main: str) -> bool:
    """Whether a name is that of the document's subject without its rank: 江苏 for 江苏省."""
    return len(words) > 1 and bool(_RANK_LEFT.fullmatch(main.removeprefix(words))) and main.startswith(words)


def _outside_tables(folded: str, quantities: Sequence[Quantity], tables: Sequence[Table]) -> Iterator[Quantity]:
    """The quantities of running text: not those of tables, nor units that stand alone (單位：億元)."""
    spans = iter(sorted(table.span for table in tables))
    table = next(spans, None)
    for quantity in quantities:
        while table is not None and table.end <= quantity.span.start:
            table = next(spans, None)
        alone = not any(c.isdigit() for c in quantity.surface) and _UNIT_ALONE.search(
            folded, max(0, quantity.span.start - 8), quantity.span.start
        )
        if not alone and (table is None or not table.contains(quantity.span)):
            yield quantity


def _title_end(folded: str) -> int:
    """Where the title ends: a short first line without a full stop, and a line set off by a dash; 0 without one."""
    match = re.match(r"\s*(?P<title>[^\r\n]{2,80})(?=[\r\n])", folded)
    if match is None or re.search(r"[。；;]|[,，].*[,，]", match["title"]):
        return 0
    below = _SUBTITLE.match(folded, match.end())
    return below.end() if below else match.end()


def _is_heading(line: str) -> bool:
    stripped = line.strip()
    return bool(_HEADING.match(stripped)) or (len(stripped) <= 30 and not re.search(r"[。！？!?,，;；：:]", stripped))
