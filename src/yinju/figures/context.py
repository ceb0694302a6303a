"""Who, what and when of every quantity of a document, from the clause it stands in and what stands before it.

Grammar only: closed classes of verbs, prepositions and adverbs around a number tell the thing measured from the way it
is said. All matching is done in folded text; what is reported is cut from the readable text at the same offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from yinju.figures.quantity import read_cell, read_quantities
from yinju.figures.subjects import STAND_IN, Token, main_subject, subject_at, tokenise
from yinju.figures.times import TimeMention, find_times, first_year, last_year
from yinju.figures.units import canonical_unit
from yinju.text import clauses, fold, sentences
from yinju.types import Document, Kind, Quantity, Role, Span, Table

MAX_METRIC = 40
SHORT_PARAGRAPH = 450
"""In longer paragraphs a subject does not hold beyond its own sentence: they run through many topics."""
_SAMPLE = 12000

_LEAD = re.compile(
    r"[\s、,，;；:：（）()《》·\-—]+|(?:以及|和|及|与|或)(?!谐|平)|其中|目前|如今|现在|截至|截止|至(?!少|"
    r"今)|(?:到|于)(?=[0-9]|年|目|现)|"
    r"年[末底初]|[末底初](?=[^级])|度(?=[^假])|全年|当年|同年|同时|此外|另外|同期|期间|时期|以来|初步核算|"
    r"据.{1,6}(?:核算|统计|介绍|显示|了解|悉)|数据显示|"
    r"按.{1,6}计算|按可比口径|累计(?!完成)|预计|预期|共有|共计|共|已经|已|还|也|则|均(?!衡)|都(?!市)|"
    r"又(?!好)|并(?!购|网)|而|但|且|使得?|让|通过|随着|对于|"
    r"在(?!校|册|建|线|库|岗|职|园|营|孵)|从(?!业|事)|由|将|力争|争取|确保|努力|进一步|继续|仅|只(?!有?的)|"
    r"就(?!业|诊|读|医|学)|曾(?:有过?|经)?|历史上|率先|"
    r"(?:园区|公司|集团)(?=实现|完成|共|拥有|营业|年|计划|预计|累计|现有|已有|有)|计划(?=到|在|使|新)|"
    r"更是|包括|包含|(?:全|本|我|该)(?:省|市|区|县|州)(?!域|级|重|属|直|场|民|委)|完成(?!率|情况|度)|包括|"
    r"包含|(?:从|由|自|在)[^,，、]{1,8}?[时初前](?:的|期)|实现|拥有|具有|现有|设有|建有|下辖|达到|达|约|"
    r"超过|超|近|有(?![色机效望关序])|是|为|的|了|其|分别|连续|总计|合计"
)
_TRAIL = re.compile(
    r"(?:[\s：:]+|新增|净增|成为|大?约为?|将?近|接近|逼近|超过|超出|超|突破|达到|达|为|是|有|共有|共计|共|"
    r"至|到|已经|已|均|都|就|仅|只|还|又|分别|合计|总计|"
    r"不到|不足|不及|至少|最高|最低|最多|不低于|不少于|不超过|不高于|稳定在|保持在|维持在|控制在|处于|位居|"
    r"稳居|跃居|位列|居|排名|排|实现了?|完成了?|增至|升至|"
    r"降至|减至|扩至|在|由|从|的|了|预计|预期|将|也|同比|环比|比上年(?:同期|末|底)?|较上年(?:同期|末|底)?|"
    r"比去年(?:同期|末|底)?|较去年(?:同期|末|底)?|"
    r"比上期|年均|年平均|平均每年|累计|再|净(?=$)|需|要|应|可|能|能够|拥有|包括|包含|连续|逾|高达|多达|力争|"
    r"争取|确保|进一步|稳步|持续|快速|较快|"
    r"(?:增加|提高|提升|上升|下降|减少|扩大|跃升|增长|降低|缩小|上涨|发展|拓展|扩展|收窄|优化|调整|调成|"
    r"转变|变)(?:到|至|为|成)|"
    r"(?:增长|增加(?!值)|提高|提升|上升|上涨|回升|降低|下降|减少|下滑|回落|下跌|扩大|缩小|收窄|翻|增|降|涨|"
    r"升|跌|增幅|降幅|涨幅)(?:了|约|幅度)?)$"
)
_CHANGE = re.compile(
    r"(?:(?:增长|增加(?!值)|增值|提高|提升|上升|上涨|回升|降低|下降|减少|下滑|回落|下跌|扩大|缩小|收窄|翻|扩容|压减|"
    r"(?<![新净])增(?!值)|降|涨|升|跌|净增|净减|加快|放缓|减)(?:了|约|近|超过|超|逾|不到|不足|幅度|分别|预计|再|又)*"
    r"|(?:增速|增幅|降幅|涨幅|(?<!自然)增长率|增长幅度|下降幅度)(?:均|都|也|就|分别|预计|仅|约|近|超过|超|"
    r"突破|达到|达|为|是|在|保持|稳定|接近|不低于|高于)*"
    r"|\b(?:up|down|rose|risen|grew|grown|increased|decreased|fell|declined|climbed|growth of|increase of|"
    r"rise of)(?: by)?[ ](?:about |over |nearly |some )?)$"
)
_COMPARE = re.compile(
    r"(?P<verb>高于|低于|高出|高过|多于|少于|快于|慢于|好于|优于|领先于?|落后于?|超过|超出|"
    r"(?<![同环占对可])比(?!例|重|率|价)|(?<![相])较)(?P<base>[^,，;；。、高低]{2,20}?)"
    r"(?P<way>增长|增加|提高|提升|上升|下降|减少|回落|降低|上涨|高出?|低|多|少|快|慢|大|小|扩大|缩小|"
    r"收窄)?(?:了|约|近|超过?|达|分别|预计|将)*$"
)
_MULTIPLE_OF = re.compile(
    r"(?:是|为|相当于|达到?|接近|超过|约为?|只有|仅为?|不及|不到|不足|近|"
    r"有)+(?P<base>[^,，;；。、]{2,20}?)的(?:近|约|超过|超)?$"
)
_TIME_BASE = re.compile(
    r"上年|去年|同期|年初|上期|前年|上季|上月|(?:19|20)[0-9]{2}年|预期|计划|以往|往年|“?十[一二三四]五|过去|"
    r"年末|年底|\d+月"
)
_SHARE_OF = re.compile(
    r"占(?!地(?!方|区)|据|用|比|领|有)(?:到|全部|据)?(?P<base>[^,，;；。、(（]{0,18}?)(?:总?的?(?:比重|比例|"
    r"份额|百分比|比))?(?:[(（][^()（）]{0,12}[)）])?"
    r"(?:已|均|都|也|就|仅|只|约|近|超过|超|突破|达到|达|为|是|在|接近|不到|不足|的|提升到|提高到|"
    r"[提升降]至|上升到|(?:由|从)(?:[0-9]{4}年|[去上]年)?[末底初]?的?)*$"
)
_WHOLE_BEFORE = re.compile(
    r"(?<!占)(?P<base>全[国省市区球县州]|世界)(?:的?比重|市场)?(?:的|近|约|超过?|达到?|接近|不到|不足|突破)*$"
)
_GOES_TO = re.compile(
    r"(?:左右|以上)?(?:提升|提高|增加|上升|扩大|跃升|增长|下降|降低|减少|缩小|调整|优化|回落|上涨|提|升|降|"
    r"增|减|扩)?(?:到|至|为|成)(?:了|约|近|超过|超|目前的?|现在的?|如今的?)*"
)
_SHARE_WORD = re.compile(r"占|比重|占比|份额|比例|覆盖率|渗透率")
_INCREMENT = re.compile(
    r"新增|净增|新设|新登记|新培育|新建|新开|新引进|新获批|新认定|增设|新当选|新入库|新签|新入选|新引育|"
    r"新创建|newly|\bnew\b"
)
_AFTER_NOT_NOUN = re.compile(
    r"以[上下内]|之[内间后]|左右|上下|前后|不等|多[、,]|余[、,]|的?(?:平均)?(?:水平|均值|平均值)|大关|"
    r"的?(?:速度|增速|幅度)|、|[和及与](?=.{0,14}[0-9])|以及|等[,，。;]|"
    r"后(?![勤备])|时(?![代间])|中[,，]|起(?!步)|(?:跃升|提升|提高|增加|增长|上升|扩大|下降|降低|降|减少|升|"
    r"增|缩小|调整|调成|达到|居(?!民|家|住)|位居|稳居|跃居|均居|列)|[提降]?至|到(?!期)|"
    r"其中|且|并(?!网|购)|为|是|被|在(?!校|册|建|线|库|岗|职)|由|将|已|以"
)
_PARTICLE_DE = re.compile(r"(?:(?:以上|以下|左右|以内)的?|的)(?=[\u4e00-\u9fffa-z“])(?!(?:的?平均)?水平|速度|增速)")
_TARGET_WORD = re.compile(
    r"力争|(?<!新)争取(?=[^,，]{0,8}(?:达|实现|完成|突破|到|在))|目标(?:是|为|[:：]|值)|预期目标|计划(?=新|"
    r"建|投|完成|到|在|于|开|用|总|引进|培)|预计|预期|拟(?!合|人)|确保|努力(?:实现|使)|有望|"
    r"将(?=突破|达|超|继续|建|新|实现|增|完成|于|在|投|有|会|成为|进一步|提|推|形成|培育|升|降|扩|占|由|从|迎|再|分)|"
    r"要(?=达|实现|超|完成|建|突破)|\b(?:will|plans? to|aims? to|target(?:ed|s)?|expected to|forecast|"
    r"is to reach|by 20[3-9][0-9])\b"
)
_PLAN_HEADING = re.compile(r"目标|安排|任务|工作(?:重点|部署|思路|打算|建议)|重点工作|总体要求|规划|展望|计划|预期")
_REVIEW_HEADING = re.compile(r"回顾|总结|成就|成效|情况|完成|进展")
_DONE = re.compile(r"(?:已|了(?!解))(?![0-9]?年)|已经|超额完成|实际(?!控制)")
_PER = re.compile(
    r"人均|户均|亩均|地均|单位(?:面积|GDP|gdp|产值|生产总值)|(?:平均)?每(?:[百千万亿十0-9]*)(?:平方公里|"
    r"平方米|公顷|亩|人口|人|户|家|名|个|辆|台|吨|床|天|年|月)(?:每月|每年)?|"
    r"万元(?:gdp|产值|生产总值)|per (?:capita|person|square kilomet\w+|household|hectare|"
    r"\d+[\d,]* (?:people|residents))"
)
_ATTRIBUTE_GOES_ON = re.compile(r"(?:级|以[上下]|及以上)+的?(?![、,])")
_RISES_FROM = re.compile(r"(?:从|由)(?:近|约|超过?|不足|不到)?$")
_RISES_TO = re.compile(r"[至到为成]")
_RANK_SCOPE = re.compile(
    r"(?P<base>(?:全[国省市区球县]|世界|亚洲|国内|[中西东]部|各省区市?|各地)[^,，;；。、]{0,6}?)(?:的?)$"
)
_STARTS_COMPARING = re.compile(
    r"(?:[大远明]幅?)?(?:高于|低于|高出|超过|不及|不到|比|较|为|是|达到?|相当于|接近|占|居|位居|快于|优于|好于)"
)
_EXAMPLE = re.compile(r"以(?P<who>[^,，、]{2,14}?)为(?:例|代表)")
_THIS_ONE = re.compile(r"(?:这[家所个座]|该)[^,，;；。]{0,24}?(?P<what>公司|企业|机构|集团|大学|医院|银行)")
_GOES_ON = re.compile(r"分[^,，。]{1,6}看|其中|从[^,，。]{1,8}看|按[^,，。]{1,6}(?:分|看)")
_YEARS_PAST = re.compile(
    r"(?:过去)?[一二两三四五六七八九十0-9]{1,2}年来(?=[,，])|[“\"]?十[一二三四五]五[”\"]?(?:时期|以来|"
    r"期间)(?=[,，])|过去[五5]年(?=[,，])"
)
_ENGLISH_SUBJECT = re.compile(
    r"[A-Z][\w-]+(?: [A-Z][\w-]+){0,4} (?:City|Province|County|District|State|Group|Company|Corporation|"
    r"Corp|Inc|Ltd|University)\b"
)
_ENGLISH_WHOLE = re.compile(r" of (?:the |all |its )?(?P<base>[a-z][a-z ]{1,40})")
_ENGLISH_TAIL = re.compile(
    r"(?:[ ](?:reached|rose|fell|grew|was|were|is|are|to|of|at|by|stood|amounted|totall?ed|accounted|for|"
    r"about|over|nearly|some|"
    r"more|less|than|increased|decreased|declined|climbed|has|have|had|around|exceed(?:ed|ing)|up|down))+[ ]?$"
)
_ENGLISH_HEAD = re.compile(r"(?:(?:the|up|down|about|of which|of|by|in|to|and|its|an?|with|while|or)(?:[ ]|$))+")
_SOURCE = re.compile(r"(?:根?据|按照)[^,，]{1,16}(?:报道|介绍|了解|统计|显示|消息|透露|数据|核算)$")
_INDUSTRIES = re.compile(r"三次产业|三大产业")
_DISTRIBUTIVE = re.compile(r"分别|依次|各自|respectively")
_ITEM_TAIL = re.compile(
    r"[^、]*?(?P<tail>(?:总?产值|增加值|零售额|产量|出口额?|进口额?|进出口额?|收入|投资|占比|比重|面积|规模|"
    r"数量|人数|增速|销量|支出|余额|总额|总量|[^、]{0,2}[额量值率数]))$"
)
_TITLE_OF_PLAN = re.compile(r"工作报告|计划|规划|方案|要点|目标|展望|部署|预算|\b(?:plan|budget|outlook|agenda)\b")
_TITLE_OF_RECORD = re.compile(r"公报|年鉴|年报|统计|bulletin|annual report|yearbook|communique")
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]+[章节部]|"
    r"[（(][一二三四五六七八九十]{1,3}[)）]|#{1,6} )"
)
_UNIT_NOTE = re.compile(r"单位[:：]\s*(?P<unit>[^\s，,。;；)）]{1,8})|[（(](?P<in>[^（）()]{1,8})[)）]\s*$")
_PUNCTUATION = "、,，;；:：。！!？? \t（）()“”\"'·—"


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity and what its surroundings say about it; the fields are those of ``Figure``."""

    quantity: Quantity
    sentence: Span
    clause: Span
    entity: str = ""
    metric: str = ""
    period: str = ""
    role: Role = Role.LEVEL
    target: bool = False
    per: str = ""
    base: str = ""


@dataclass(slots=True)
class _Carried:
    """What holds from clause to clause: subject, time, thing measured, and whether plans are being told."""

    subject: str = ""
    period: str = ""
    metric: str = ""
    last: Reading | None = None
    target: bool = False
    industries: bool = False
    strict: bool = False
    level_metric: str = ""


@dataclass(slots=True)
class _Section:
    """What the heading above says: its time and whether it announces plans."""

    period: str = ""
    plan: bool = False


def read_contexts(document: Document) -> Iterator[Reading]:
    """Read the quantities of a document with their context, in order of their place."""
    readings = list(_Walker(document).readings())
    yield from sorted(readings, key=lambda reading: reading.quantity.span)


class _Walker:
    """One walk through one document."""

    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.readable
        self.folded = fold(self.text)
        tables = [table.span for table in document.tables]
        self.quantities = [q for q in read_quantities(self.text) if not any(t.contains(q.span) for t in tables)]
        self.title_end = _title_end(self.folded)
        self.year = self._speaking_year()
        sample = tokenise(self.folded, 0, min(len(self.folded), _SAMPLE))
        main = main_subject(self.folded, self.title_end, sample)
        english = _ENGLISH_SUBJECT.search(self.text, 0, self.title_end)
        self.main = self.text[slice(*main)] if main else english.group() if english else ""
        self.default = self._title_period()
        self.last_named = self.last_period = ""

    def readings(self) -> Iterator[Reading]:
        section, index = _Section(self.default), 0
        for line in re.finditer(r"[^\r\n\u2028\u2029\f]+", self.text):
            start, end = line.span()
            if _is_heading(self.folded[start:end]):
                section = self._section(start, end, section)
            first = index
            while index < len(self.quantities) and self.quantities[index].span.start < end:
                index += 1
            if span := _YEARS_PAST.search(self.folded, start, min(end, start + 120)):
                times = [
                    t for t in find_times(self.folded, span.start(), span.end(), self.year, section.period) if t.period
                ]
                section = _Section(times[0].period if times else section.period, section.plan)
            if index > first:
                yield from self._paragraph(Span(start, end), self.quantities[first:index], section)
            elif end - start <= SHORT_PARAGRAPH:
                self._remember_subject(Span(start, end))
        for table in self.document.tables:
            yield from self._table(table)

    # ── the document ──

    def _speaking_year(self) -> int | None:
        """The year in which the document speaks: of the first full date near its beginning, else of its title."""
        head = self.folded[:600]
        date = re.search(r"(20[0-9]{2})(?:年[ ]?[0-9]{1,2}月|-[0-9]{2}-[0-9]{2})", head[: max(self.title_end, 0) + 200])
        if date and self.title_end:
            return int(date[1])
        title = re.search(r"(20[0-9]{2})年", self.folded[: self.title_end])
        if title is None:
            return None
        # A report that is no plan looks back: it is written when its year is over.
        looks_ahead = _TITLE_OF_PLAN.search(self.folded[: self.title_end])
        return int(title[1]) + (looks_ahead is None)

    def _title_period(self) -> str:
        title = self.folded[: self.title_end]
        times = find_times(self.folded, 0, self.title_end, None, "")
        return times[0].period if times and _TITLE_OF_RECORD.search(title) else ""

    def _section(self, start: int, end: int, above: _Section) -> _Section:
        heading = re.split("[。！？!?]", self.folded[start : min(end, start + 60)])[0]
        times = [t for t in find_times(self.folded, start, start + len(heading), self.year, self.default) if t.period]
        if heading.lstrip()[:1] in "（(" or not _HEADING.match(heading.lstrip()):
            return _Section(times[0].period, above.plan) if times else above
        plan = bool(_PLAN_HEADING.search(heading)) and not _REVIEW_HEADING.search(heading)
        return _Section(times[0].period if times else self.default, plan)

    # ── paragraphs, sentences, clauses ──

    def _paragraph(self, line: Span, quantities: Sequence[Quantity], section: _Section) -> Iterator[Reading]:
        tokens = tokenise(self.folded, line.start, line.end)
        goes_on = _GOES_ON.match(self.folded, line.start, line.end)
        state = _Carried(
            self.main or self.last_named, self.last_period if goes_on and not section.period else section.period
        )
        state.strict = len(line) > SHORT_PARAGRAPH
        text, index, token_index = self.text[: line.end], 0, 0
        for sentence in _shifted(sentences(text[line.start :]), line.start):
            token_end = token_index
            while token_end < len(tokens) and tokens[token_end].start < sentence.end:
                token_end += 1
            own_tokens, token_index = tokens[token_index:token_end], token_end
            if state.strict:
                state.subject = self.main
            state.metric, state.target, state.last, state.industries = "", False, None, False
            held, before = state.subject, state.period
            for number, clause in enumerate(clauses(text, sentence)):
                first = index
                while index < len(quantities) and quantities[index].span.start < clause.end:
                    index += 1
                inside = quantities[first:index]
                self._enter_clause(clause, own_tokens, state)
                if number == 0:
                    held = state.subject
                yield from _Clause(self, sentence, clause, inside, own_tokens, state, section).readings()
            state.subject = held
            if state.target and (first_year(state.period) or 0) > (last_year(before) or 9999):
                state.period = before  # a plan's year does not hold for the sentences after it
        self.last_named = self.last_named if STAND_IN.fullmatch(fold(state.subject)) else state.subject
        self.last_period = state.period

    def _remember_subject(self, line: Span) -> None:
        """Keep whom a paragraph without figures ends on: the next may begin with 這家公司."""
        last = next(iter(reversed(sentences(self.text[line.start : line.end]))), None)
        if last is not None:
            state, sentence = _Carried(), last.shift(line.start)
            self._enter_clause(
                sentence, tokenise(self.folded, sentence.start, min(sentence.end, sentence.start + 40)), state
            )
            self.last_named = state.subject or self.last_named

    def _enter_clause(self, clause: Span, tokens: Sequence[Token], state: _Carried) -> None:
        start = clause.start
        if example := _EXAMPLE.match(self.folded, start, clause.end):
            state.subject = self.text[slice(*example.span("who"))]
            return
        if self.last_named and _THIS_ONE.match(self.folded, start, clause.end):
            state.subject = self.last_named
            return
        if _SOURCE.match(self.folded, start, clause.end) or _STARTS_COMPARING.match(self.folded, start, clause.end):
            return
        for time in find_times(self.folded, clause.start, clause.end, self.year, state.period):
            if time.start - start <= 3:
                start = time.end
        found = subject_at(self.folded, tokens, start, clause.end, state.strict)
        if (
            found
            and self.folded[found[0] : found[1]] != "全国"
            and self.folded[found[0] - 1 : found[0]] not in {"在", "占", "居"}
        ):
            state.subject = self._named(*found)

    def _named(self, start: int, end: int) -> str:
        """A subject in the text's words; a stand-in for the document's own subject is written out."""
        words = self.folded[start:end]
        stand_in = STAND_IN.fullmatch(words)
        if stand_in and stand_in["level"] and self.main and fold(self.main).endswith(stand_in["level"]):
            return self.main
        return self.text[start:end]

    # ── tables ──

    def _table(self, table: Table) -> Iterator[Reading]:
        headers = table.rows[: table.n_header_rows]
        caption = self.text[max(0, table.span.start - 80) : table.span.start]
        for row in table.rows[table.n_header_rows :]:
            for column, cell in enumerate(row):
                heads = [header[column].of(self.text).strip() for header in headers if column < len(header)]
                yield from self._cell(table, cell, row[0].of(self.text).strip() if column else "", heads, caption)

    def _cell(self, table: Table, cell: Span, row: str, heads: Sequence[str], caption: str) -> Iterator[Reading]:
        quantity = read_cell(cell.of(self.text)) if row or heads else None
        if quantity is None:
            return
        head = " ".join(heads)
        note = _UNIT_NOTE.search(fold(head)) or _UNIT_NOTE.search(fold(row)) or _UNIT_NOTE.search(fold(caption))
        quantity = _with_unit(
            replace(quantity, span=quantity.span.shift(cell.start)), (note["unit"] or note["in"]) if note else ""
        )
        times = find_times(fold(f"{head} {row}"), 0, len(head) + len(row) + 1, self.year, self.default)
        metric = " ".join(part for part in (row, head) if part)
        role = Role.CHANGE if re.search(r"增长|增速|增幅|同比|change|growth", fold(head)) else Role.LEVEL
        period = next((time.period for time in times if time.period), self.default)
        yield Reading(quantity, table.span, cell, self.main, metric, period, role)


@dataclass(slots=True)
class _Clause:
    """One clause and its quantities."""

    walker: _Walker
    sentence: Span
    span: Span
    quantities: Sequence[Quantity]
    tokens: Sequence[Token]
    state: _Carried
    section: _Section
    times: list[TimeMention] = field(default_factory=list)
    previous_value: int = 0
    previous_start: int = 0

    def readings(self) -> Iterator[Reading]:
        folded, state = self.walker.folded, self.state
        self.times = find_times(folded, self.span.start, self.span.end, self.walker.year, state.period)
        if _TARGET_WORD.search(folded, self.span.start, self.span.end):
            state.target = True
        start = self.span.start
        self.previous_value = start
        items = self._items()
        for number, quantity in enumerate(self.quantities):
            following = self._following(number)
            reading = self._reading(quantity, start, following)
            if items and quantity.kind not in {Kind.YEAR, Kind.DATE}:
                reading = self._distributed(reading, items.pop(0))
            yield reading
            if quantity.kind not in {Kind.YEAR, Kind.DATE}:
                start = quantity.span.end
            if quantity.kind not in {Kind.YEAR, Kind.DATE, Kind.RANK} and not self._is_year_range(quantity):
                state.last, state.metric = reading, reading.metric or state.metric
                if reading.role in {Role.LEVEL, Role.TARGET, Role.INCREMENT}:
                    state.level_metric = reading.metric
                self.previous_value, self.previous_start = quantity.span.end, quantity.span.start
        for time in self.times:
            self._pass(time)

    def _following(self, number: int) -> int:
        """Where the words after a value end: at the next value, a rank inside the same noun phrase aside."""
        end = self.quantities[number].span.end
        for later in self.quantities[number + 1 :]:
            if later.kind is not Kind.RANK or later.span.start - end > 4:
                return later.span.start
            end = later.span.end
        return self.span.end

    @staticmethod
    def _is_year_range(quantity: Quantity) -> bool:
        return quantity.kind is Kind.RANGE and quantity.unit == "年" and quantity.value >= 1000

    def _pass(self, time: TimeMention) -> None:
        if time.period and not time.baseline and not time.local:
            self.state.period = time.period

    def _reading(self, quantity: Quantity, start: int, following: int) -> Reading:
        if quantity.kind in {Kind.YEAR, Kind.DATE} or self._is_year_range(quantity):
            return self._moment(quantity)
        period = self._period(self.previous_value, quantity.span.start)
        role, base = self._role(start, quantity)
        start = self._own_start(start, quantity)
        entity, subject_end = self._entity(start, quantity, self._before_comparison(start, quantity.span.start))
        if _RISES_FROM.search(self.walker.folded, start, quantity.span.start):
            period = self._origin_period(quantity, following, period)
        metric, own = self._metric(quantity, max(start, subject_end), following, role)
        found = _PER.search(self.walker.folded, start, quantity.span.start)
        per = self.walker.text[slice(*found.span())] if found else ""
        if not own and self.state.last and role is not Role.DIFFERENCE:
            per = per or self.state.last.per
        target = self._is_target(period)
        if target and role is Role.LEVEL:
            role = Role.TARGET
        return Reading(
            quantity, self.sentence, self.span, entity, metric, period, role, target,
            per, base,
        )  # fmt: skip

    def _moment(self, quantity: Quantity) -> Reading:
        """A year or date: what happened then is the rest of the clause, or the next clause."""
        text, end = self.walker.text, quantity.span.end
        rest = text[end : self.span.end].strip(_PUNCTUATION)
        if len(rest) < 2:
            rest = text[end : min(self.sentence.end, end + MAX_METRIC)].strip(_PUNCTUATION)
        period = next((t.period for t in self.times if t.start <= quantity.span.start < t.end), "")
        return Reading(quantity, self.sentence, self.span, self.state.subject, rest[:MAX_METRIC], period)

    def _own_start(self, start: int, quantity: Quantity) -> int:
        """Where the words that belong to a value begin: after the noun that the value before belongs to."""
        folded, end = self.walker.folded, quantity.span.start
        if start == self.span.start or start >= end or folded[start] in _PUNCTUATION:
            return start
        cut = re.search(r"、|(?:以及|和|及|与|并)$", folded[start:end].rstrip())
        if cut is None and _ATTRIBUTE_GOES_ON.match(folded, start, end):
            return self.previous_start
        return start + cut.end() if cut else start

    # ── when ──

    def _period(self, start: int, end: int) -> str:
        local = ""
        for time in self.times:
            if start <= time.start and time.end <= end and time.period and not time.baseline:
                if time.local:
                    local = time.period
                else:
                    self.state.period, local = time.period, ""
        return local or self.state.period

    def _origin_period(self, quantity: Quantity, following: int, period: str) -> str:
        """The earlier end of 從A升至B is not of the time that B is of."""
        folded, end = self.walker.folded, quantity.span.end
        later = any(q.span.start == following and q.unit == quantity.unit for q in self.quantities)
        local = any(t.local and self.previous_value <= t.start < quantity.span.start for t in self.times)
        return "" if later and not local and _RISES_TO.search(folded, end, following) else period

    def _is_target(self, period: str) -> bool:
        begin, end, now = first_year(period), last_year(period), self.walker.year
        past = end is not None and now is not None and end < now
        future = begin is not None and now is not None and (begin >= now or (end or begin) > now)
        if self.state.target or future:
            return not _DONE.search(self.walker.folded, self.span.start, self.span.end)
        return self.section.plan and not past

    # ── who ──

    def _entity(self, start: int, quantity: Quantity, limit: int) -> tuple[str, int]:
        """The subject of the value, and where what belongs to it begins."""
        folded, value = self.walker.folded, quantity.span.start
        compared = re.search(r"(?:超过|高于|低于|超出|不及)(?P<who>[^,，;；。、]{2,10})$", folded[start:value])
        if (
            compared
            and quantity.unit in {"%", "‰"}
            and folded.startswith(("的平均", "的水平", "的均值"), quantity.span.end)
        ):
            return self.walker.text[start + compared.start("who") : value], value
        skipped = start
        for time in self.times:
            if skipped <= time.start <= skipped + 3 and time.end <= value:
                skipped = time.end
        found = subject_at(folded, self.tokens, skipped, limit, self.state.strict)
        if found is None or self._only_located(found):
            return self.state.subject, start
        if quantity.kind is Kind.RANK and folded[found[0] : found[1]].startswith("全"):
            return self.state.subject, start
        name = self.walker._named(*found)
        if start == self.span.start and folded[found[0] : found[1]] != "全国":
            self.state.subject = name
        return name, found[1]

    def _only_located(self, found: tuple[int, int]) -> bool:
        """A whole that the value is compared with or stands in (在全市, 占全省) is not its subject."""
        folded = self.walker.folded
        return bool(STAND_IN.fullmatch(folded, *found)) and folded[found[0] - 1 : found[0]] in {
            "在",
            "占",
            "居",
            "列",
            "较",
            "比",
        }

    # ── how ──

    def _role(self, start: int, quantity: Quantity) -> tuple[Role, str]:
        """What the value says of its metric, and what it is compared with or a share of."""
        end, last = quantity.span.start, self.state.last
        if last is not None and self._goes_to(start, end, quantity):
            return last.role, last.base
        if quantity.kind is Kind.RANK:
            scope = _RANK_SCOPE.search(self.walker.folded, start, end)
            return Role.LEVEL, self._words(scope)
        found = self._comparison(start, quantity) or self._change(start, quantity) or self._share(start, quantity)
        if found:
            return found
        return (Role.INCREMENT if _INCREMENT.search(self.walker.folded, start, end) else Role.LEVEL), ""

    def _words(self, match: re.Match[str] | None) -> str:
        """The text's words for the group ``base`` of a match."""
        return self.walker.text[slice(*match.span("base"))].strip("的") if match else ""

    def _comparison(self, start: int, quantity: Quantity) -> tuple[Role, str] | None:
        folded, end = self.walker.folded, quantity.span.start
        found = _COMPARE.search(folded, start, end)
        if found and (found["way"] or found["verb"] not in {"比", "较"}):
            if _TIME_BASE.search(found["base"]):
                return Role.CHANGE, self._words(found)
            if not _may_be_share(quantity) or found["way"]:
                return Role.DIFFERENCE, self._words(found)
        if (quantity.unit == "倍" or quantity.kind is Kind.RATIO) and (
            multiple := _MULTIPLE_OF.search(folded, start, end)
        ):
            return Role.DIFFERENCE, self._words(multiple)
        return None

    def _change(self, start: int, quantity: Quantity) -> tuple[Role, str] | None:
        end, last = quantity.span.start, self.state.last
        if "番" in quantity.surface or _CHANGE.search(self.walker.folded, start, end):
            return Role.CHANGE, ""
        goes_on = last is not None and self._continues(start, end) and last.quantity.unit == quantity.unit
        if last is not None and goes_on and last.role in {Role.CHANGE, Role.DIFFERENCE}:
            return last.role, last.base
        return None

    def _share(self, start: int, quantity: Quantity) -> tuple[Role, str] | None:
        folded, end = self.walker.folded, quantity.span.start
        if not _may_be_share(quantity):
            return None
        if found := _WHOLE_BEFORE.search(folded, start, end) or _SHARE_OF.search(folded, start, end):
            return Role.SHARE, self._words(found)
        if _SHARE_WORD.search(folded, start, end):
            return Role.SHARE, ""
        if of := _ENGLISH_WHOLE.match(folded, quantity.span.end, self.span.end):
            return Role.SHARE, self._words(of)
        noun = self._noun_after(quantity, self.span.end)
        return (Role.SHARE, noun) if noun else None

    def _goes_to(self, start: int, end: int, quantity: Quantity) -> bool:
        """Whether this value is the later end of 由A提升至B, in the same clause."""
        last, folded = self.state.last, self.walker.folded
        if (
            last is None
            or last.clause != self.span
            or last.quantity.span.end != start
            or last.quantity.unit != quantity.unit
        ):
            return False
        times = [t for t in self.times if start <= t.start < end]
        between = (
            folded[start : times[0].start] + folded[times[-1].end : end].lstrip("的") if times else folded[start:end]
        )
        return bool(_GOES_TO.fullmatch(between.strip()))

    def _continues(self, start: int, end: int) -> bool:
        """Whether only a list sign stands between this value and the one before."""
        return self.walker.folded[start:end].strip() in {"、", "和", "及", "与", "以及"}

    # ── what ──

    def _metric(self, quantity: Quantity, start: int, following: int, role: Role) -> tuple[str, bool]:
        """What is measured, and whether the value's own words say so."""
        folded, text, end = self.walker.folded, self.walker.text, quantity.span.start
        if role is Role.DIFFERENCE or role is Role.CHANGE:
            end = self._before_comparison(start, end)
        if quantity.kind is Kind.RANK and (scope := _RANK_SCOPE.search(folded, start, end)):
            end = scope.start()
        whole = _WHOLE_BEFORE.search(folded, start, end) if role is Role.SHARE else None
        begin, stop = self._stripped(start, whole.start() if whole else end)
        metric = text[begin:stop]
        if role is not Role.CHANGE:
            noun = self._noun_after(quantity, following)
            metric = metric + noun if len(metric) + len(noun) <= MAX_METRIC else noun or metric
        own = bool(metric.strip(_PUNCTUATION)) and fold(metric) not in _EMPTY
        if not own:
            metric = self._carried_metric(role, quantity)
        elif fold(metric) in _OF_SOMETHING:
            metric = f"{self.state.metric}{metric}"
        elif role is Role.SHARE and _BARE_SHARE.match(folded, begin) and self.state.metric:
            metric = f"{_own_part(self.state.metric)}{metric}"
        elif folded[begin - 2 : begin] == "其中" and len(metric) <= 2 and self.state.metric:
            metric = f"{self.state.metric}{metric}"
        return _tidy(metric), own

    def _carried_metric(self, role: Role, quantity: Quantity) -> str:
        last = self.state.last
        if (
            last is not None
            and role is Role.DIFFERENCE
            and last.role is Role.CHANGE
            and canonical_unit(quantity.unit) == "个百分点"
        ):
            return last.metric if re.search("增[速长幅]$", fold(last.metric)) else f"{last.metric}增速"
        if (
            last is None
            and not self.state.metric
            and self.walker.text[quantity.span.start : quantity.span.end].isascii()
        ):
            return re.sub(
                r"^[^a-zA-Z]+", "", quantity.surface
            )  # 「1,200 companies」 at the head of an English sentence
        if role is Role.CHANGE and last is not None and last.role is Role.SHARE and quantity.unit in {"%", "倍"}:
            return self.state.level_metric or self.state.metric
        return self.state.metric

    def _before_comparison(self, start: int, end: int) -> int:
        folded = self.walker.folded
        if found := _COMPARE.search(folded, start, end) or _MULTIPLE_OF.search(folded, start, end):
            return found.start()
        return end

    def _stripped(self, start: int, end: int) -> tuple[int, int]:
        folded = self.walker.folded
        while start < end:
            time = next((t for t in self.times if t.start == start and t.end <= end), None)
            lead = _LEAD.match(folded, start, end)
            if time is None and lead is None:
                break
            start = time.end if time else lead.end() if lead else start
        while start < end:
            time = next((t for t in self.times if t.end == end and t.start >= start), None)
            trail = _TRAIL.search(folded, start, end)
            if time is None and trail is None:
                break
            end = time.start if time else trail.start() if trail else end
        if head := _ENGLISH_HEAD.match(folded, start, end):
            start = head.end()
        if tail := _ENGLISH_TAIL.search(folded, start, end):
            end = tail.start()
        while start < end and folded[end - 1] in _PUNCTUATION:
            end -= 1
        return start, end

    def _noun_after(self, quantity: Quantity, following: int) -> str:
        """The noun phrase a value stands before as an attribute: 「71所｜境內外高校資源」; empty when it does not."""
        folded, text, start = self.walker.folded, self.walker.text, quantity.span.end
        if particle := _PARTICLE_DE.match(folded, start):
            start = particle.end()
        if (
            start >= following
            or not (folded[start].isalnum() or folded[start] in "“「《")
            or _AFTER_NOT_NOUN.match(folded, start)
        ):
            return ""
        end = start
        while end < following and folded[end] not in ",，;；。、:：！？!?（()）\n" and end - start < 24:
            end += 1
        end = self._noun_end(start, end)
        while end > start and (trail := _TRAIL.search(folded, start, end)):
            end = trail.start()
        return text[start:end].strip(_PUNCTUATION)

    def _noun_end(self, start: int, end: int) -> int:
        """End a noun phrase before an adverb or preposition, and before a verb once it has four characters."""
        inside = [token for token in self.tokens if start <= token.start and token.end <= end]
        for n, token in enumerate(inside[1:], 1):
            after = inside[n + 1].word if n + 1 < len(inside) else ""
            if token.tag in {"d", "p", "ad"} and token.word not in {"最", "较"}:
                return token.start
            if (
                token.tag == "v"
                and token.start - start >= 4
                and after != "的"
                and not token.word.endswith(("化", "发"))
            ):
                return token.start
        return end

    # ── lists ──

    def _items(self) -> list[tuple[str, str]]:
        """Items of a list that values follow in the same order: (what, period), one for each value; empty if none."""
        folded = self.walker.folded
        values = [q for q in self.quantities if q.kind not in {Kind.YEAR, Kind.DATE}]
        if len(values) < 2:
            return []
        head = folded[self.span.start : values[0].span.start]
        found = _DISTRIBUTIVE.search(head)
        if found is None:
            return []
        consecutive = [values[0]]
        for value in values[1:]:
            if len(folded[consecutive[-1].span.end : value.span.start].strip()) > 2:
                break
            consecutive.append(value)
        begin, stop = self._stripped(self.span.start, self.span.start + found.start())
        if three := self._three_industries(begin, stop, values[0].span.start, len(consecutive)):
            return three
        parts = _split_items(folded, begin, stop, len(consecutive))
        return self._with_tail(parts) if parts else []

    def _three_industries(self, begin: int, stop: int, value: int, n: int) -> list[tuple[str, str]]:
        """Three values for 三次產業 are those of the first, the second and the third."""
        folded, text = self.walker.folded, self.walker.text
        industries = _INDUSTRIES.match(folded, begin, stop)
        if n != 3 or (industries is None and not (begin >= stop and self.state.industries)):
            return []
        self.state.industries = True
        rest = self._stripped(industries.end(), stop) if industries else (stop, stop)
        if rest[0] >= rest[1]:
            distributive = _DISTRIBUTIVE.search(folded, begin, value)
            rest = self._stripped(distributive.end() if distributive else begin, value)
        word = text[industries.end() - 2 : industries.end()] if industries else "产业"
        return [(f"第{ordinal}{word}{text[slice(*rest)]}", "") for ordinal in "一二三"]

    def _with_tail(self, parts: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
        text, folded = self.walker.text, self.walker.folded
        tail = _ITEM_TAIL.fullmatch(folded, *parts[-1])
        shared = (
            text[slice(*tail.span("tail"))]
            if tail and not any(folded[a:b].endswith(tail["tail"][-1]) for a, b in parts[:-1])
            else ""
        )
        items = []
        for n, (a, b) in enumerate(parts):
            times = [t.period for t in self.times if a <= t.start and t.end <= b and t.period]
            name = text[a:b].strip(_PUNCTUATION)
            items.append((name if n == len(parts) - 1 else name + shared, times[0] if times else ""))
        return items

    def _distributed(self, reading: Reading, item: tuple[str, str]) -> Reading:
        name, period = item
        if period:
            return replace(reading, period=period)
        return replace(reading, metric=name)


_OF_SOMETHING = frozenset("数量 总量 总数 总规模 总额 规模".split())
_EMPTY = frozenset(
    "增加值的 其中 比 较 达 计 总 再 净 同比 上年 比上年 较上年 年均 并 位 比上年末 较上年末 比上年同期".split()
)


def _may_be_share(quantity: Quantity) -> bool:
    return quantity.unit in {"%", "‰"} or quantity.kind is Kind.RATIO


_BARE_SHARE = re.compile(r"占|比重|占比|份额|比例|所占")


def _tidy(metric: str) -> str:
    """Drop punctuation at the ends and a bracket that is opened or closed on one side only."""
    tidy = metric.strip(_PUNCTUATION.replace("“", "").replace("”", ""))
    if len(re.findall("[(（]", tidy)) > len(re.findall("[)）]", tidy)):
        tidy = tidy[: max(tidy.rfind("("), tidy.rfind("（"))]
    if tidy.count("”") != tidy.count("“") or tidy.count('"') % 2:
        tidy = re.sub('^[“"]|[”"]$', "", tidy) if tidy.count("”") + tidy.count("“") == 1 else tidy.strip('“”"')
    return tidy[-MAX_METRIC:].strip(_PUNCTUATION.replace("“", "").replace("”", ""))


def _own_part(metric: str) -> str:
    """What a carried share is a share of nothing more: 「工業增加值占GDP比重」→「工業增加值」."""
    return re.split("占|比重|佔", metric)[0] or metric


def _split_items(folded: str, start: int, end: int, n: int) -> list[tuple[int, int]]:
    """Split a list into ``n`` items at 、, and at 和/及/与 in its last part if need be; empty when it fails."""
    if re.fullmatch(r"三次产业|三产", folded[start:end]) and n == 3:
        return []
    for pattern in (r"、", r"、|以及|[和及与](?=[^和及与、]+$)", r"、|以及|[和及与]"):
        cuts = [m.span() for m in re.finditer(pattern, folded[start:end])]
        if len(cuts) == n - 1:
            edges = [0, *[edge for cut in cuts for edge in cut], end - start]
            return [(start + edges[2 * i], start + edges[2 * i + 1]) for i in range(n)]
    return []


def _with_unit(quantity: Quantity, unit: str) -> Quantity:
    from yinju.figures.units import split_scale, unit_kind

    if quantity.unit or not unit:
        return quantity
    scale, name = split_scale(unit)
    return replace(
        quantity, value=quantity.value * scale, scale=quantity.scale * scale, unit=name, kind=unit_kind(name)
    )


def _title_end(folded: str) -> int:
    """Where the title ends: a short first line without a full stop; 0 when the text begins without one."""
    match = re.match(r"\s*(?P<title>[^\r\n]{2,80})(?=[\r\n])", folded)
    return match.end() if match and not re.search(r"[。；;]|[,，].*[,，]", match["title"]) else 0


def _is_heading(line: str) -> bool:
    stripped = line.strip()
    return bool(_HEADING.match(stripped)) or (len(stripped) <= 30 and not re.search(r"[。！？!?,，;；：:]", stripped))


def _shifted(spans: Sequence[Span], offset: int) -> Iterator[Span]:
    return (span.shift(offset) for span in spans)
