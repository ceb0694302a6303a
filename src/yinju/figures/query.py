"""What a question asks of the ledger: which kind of number, of whom, when, and what to do with it.

Closed-class words of Chinese and English only; nothing here knows any document. Everything is read from the
folded question (Simplified, half width, small letters), so that offsets stay those of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import yinju.figures.cues as cues
from yinju.dictionary import HAN_RUN, english_words, terms_in_documents
from yinju.figures.claims import Claim, find_claim
from yinju.figures.comparatives import Comparative, comparative_in
from yinju.figures.numerals import ENGLISH_SCALE
from yinju.figures.operations import (
    EXTREMES,
    Operation,
    Parts,
    compared,
    find_operation,
    listed,
    remainder,
    superlative,
    taken_apart,
)
from yinju.figures.parser import N_OPERANDS, Parse, joined
from yinju.figures.periods import AskedPeriod, Months, joined_range, periods_in
from yinju.figures.terms import Term, content_terms
from yinju.figures.units import UNIT, canonical_unit, unit_kind
from yinju.text import Language, fold, language_of
from yinju.types import Kind, Role, Span

__all__ = ["FigureQuestion", "Operation", "Term", "in_words_of", "parse_question", "read_plain"]


# A question that names both ends of a change, or the time between them.
_SPANS_TIME = re.compile(
    r"从|由|至今|以来|相比|期间|年间|这些年|累计|十[一二三四五]五|[比较](?!上年|上一年|去年|前一年|同期)|前后|\d{4}年?[到至]|[到至]\d{4}年|(?<![上前\d])(?:\d{1,2}|[几一二两三四五六七八九十]+)年(?![前后底末初级度代均]|计划|规划|平均)"
    r"|\bfrom\b|\bsince\b|\bbetween\b|\bover the\b|compared"
)


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """A question as the ledger understands it.

    Attributes:
        text: As asked.
        language: ``zh-Hant``, ``zh-Hans`` or ``en``.
        is_numeric: Whether it asks for a number at all.
        operation: What to do with the figures found.
        kinds: Kinds of quantity that can answer; empty when any can.
        unit: Unit asked for (多少家 → 家), folded; empty when the question leaves it open.
        scale: Scale of the unit asked for (多少萬元 → 10000); 1 when none is named.
        role: What the value has to say of its metric; ``None`` when the question leaves it open.
        target: ``True`` for plans and forecasts, ``False`` for results, ``None`` when left open.
        periods: Absolute times named; a figure has to fit one of them.
        offsets: Relative times as (years from the document's own, part of the year in months).
        terms: Content words, names among them.
        scopes: Scope words (全國, 全省, 全市, 全區 …), folded.
        first: The question is about the beginning (當初, 最早, 剛…的時候).
        per: Unit of a per-unit question (人均 → 人, 每平方公里 → 平方公里), folded; empty otherwise.
        operands: Questions for the operands of an operation, in its order.
        given: Numbers that stand in the question itself, as written.
        falling: ``True`` when the question speaks of a fall, ``False`` of a rise, ``None`` of neither.
        compared_with: What a difference, multiple or share is against, folded; empty when not named.
        claim: What a yes-or-no question claims; the rest is then read from the open question behind it.
        label: What the question calls an operand, or the one thing that something is to be done with; else empty.
    """

    text: str
    language: Language
    is_numeric: bool
    operation: Operation = Operation.LOOKUP
    kinds: frozenset[Kind] = frozenset()
    unit: str = ""
    scale: Decimal = Decimal(1)
    role: Role | None = None
    target: bool | None = None
    periods: tuple[Months, ...] = ()
    offsets: tuple[tuple[int, tuple[int, int]], ...] = ()
    terms: tuple[Term, ...] = ()
    scopes: tuple[str, ...] = ()
    first: bool = False
    per: str = ""
    operands: tuple[FigureQuestion, ...] = field(default=())
    given: tuple[str, ...] = ()
    falling: bool | None = None
    compared_with: str = ""
    claim: Claim | None = None
    label: str = ""

    @property
    def spans_time(self) -> bool:
        """Whether the question names both ends of a change, or the time between them."""
        return self.operation is Operation.CHANGE or bool(_SPANS_TIME.search(fold(self.text)))

    @property
    def metric_terms(self) -> list[Term]:
        """The words for what is to be measured: those that are no names and carry weight."""
        return [term for term in self.terms if not term.name and term.weight >= 0.5]

    @property
    def has_period(self) -> bool:
        """Whether the question names any time."""
        return bool(self.periods or self.offsets)


# ── reading a question ──────────────────────────────────────────────────────────────────────


def parse_question(question: str, parse: Parse | None = None) -> FigureQuestion:
    """Read what a question asks of the ledger.

    Args:
        question: As asked, in either script or in English.
        parse: What the trained parser made of it; rules decide where it is not sure, or was not asked.

    Returns:
        What is asked; ``is_numeric`` is ``False`` for questions that no number answers. English words stand for
        themselves until :func:`in_words_of` gives them the words of a document.
    """
    language = language_of(question)
    if claim := find_claim(question):
        return replace(read_plain(claim.open, language), is_numeric=True, claim=claim)
    parsed = read_plain(question, language)
    if cues.REASON.search(fold(question)):
        return replace(parsed, is_numeric=False)
    if parse is not None and _is_sure(parse, parsed) and remainder(fold(question)) is None:
        (operation, parts), is_numeric = taken_apart(parse), True
    else:
        (operation, parts), is_numeric = find_operation(fold(question)), parsed.is_numeric
    if not parts:
        return replace(parsed, operation=operation)
    if operation is Operation.SHARE and parsed.unit and parsed.unit not in _PERCENT:  # 占比折合多少億元
        return replace(parsed, operation=Operation.PART_OF_WHOLE)
    parts = tuple(_without_names_of_others(question, part, parts) for part in parts)
    operands = tuple(_operand(question, part, language) for part in parts)
    if operation in _OF_ONE:
        return _of_one(operation, parsed, operands[0])
    if operation is Operation.DIFFERENCE:
        operands = _number_apart(operands, language)
    operands = tuple(map(_headed, operands))
    if operation is Operation.TIMES and parsed.kinds & {Kind.PERCENT}:
        operation = Operation.SHARE
    if operation is Operation.GROWTH and parsed.unit and parsed.unit not in {*_PERCENT, "倍"}:
        operation = Operation.DIFFERENCE
    operation, operands = _by_adjective(operation, operands, question)
    completed = _complete(operation, parsed, operands)
    return replace(parsed, is_numeric=is_numeric, operation=operation, operands=completed)


def readings(question: str, parse: Parse) -> tuple[FigureQuestion, ...]:
    """Return the ways to read a question, the likelier first: with the trained parser, and by rules if they differ.

    Where the parser reads arithmetic, a plain figure is no second reading: what it asks for would not be stated.

    Args:
        question: As asked, in either script or in English.
        parse: What the trained parser made of it.
    """
    by_rules = parse_question(question)
    if not _is_sure(parse, by_rules):
        return (by_rules,)
    first = parse_question(question, parse)
    return (first, by_rules) if by_rules.is_numeric and by_rules.operands and first != by_rules else (first,)


SURE_PARSE = 0.7
"""Probability from which the trained parser is followed; set on the development halves of evals/."""
_OF_ONE = frozenset(
    {Operation.CHANGE, Operation.PER_YEAR, Operation.START_VALUE, Operation.WHOLE, Operation.PART_OF_WHOLE}
)


_CONVERTS = re.compile(r"换算成|折合成?|折成|\bconvert(?:ed)?\b")
_COMPARES = re.compile(r".(?<![占对相可同环])比(?![重例率值赛亚]).|\bthan\b")
"""What stands between two operands and never inside one."""
_TIMES_AS_MANY = re.compile(r"[几少]倍|翻了|\btimes\b")
_RATE_OF_CHANGE = re.compile(r"[增涨降跌升][速幅]|增长率|growth rate|rate of growth")


def _is_sure(parse: Parse, plainly: FigureQuestion) -> bool:
    n_operands, folded = len(parse.operands), fold(plainly.text)
    if any(_COMPARES.search(fold(item)) or len(item) == 1 for item in parse.items):
        return False
    if parse.operation == Operation.PART_OF_WHOLE and plainly.kinds and plainly.kinds <= {Kind.PERCENT, Kind.RATIO}:
        return False
    if parse.operation == Operation.PER_UNIT and _CONVERTS.search(folded):
        return False
    if parse.operation == Operation.SHARE and plainly.unit and plainly.unit not in {"%", "‰"}:
        return False
    if parse.operation == Operation.CHANGE and not (cues.CHANGE.search(folded) or _TIMES_AS_MANY.search(folded)):
        return False
    if parse.operation == Operation.PER_YEAR and _RATE_OF_CHANGE.search(folded):  # stated as such, if at all
        return False
    return parse.probability >= SURE_PARSE and n_operands > 0 and n_operands in N_OPERANDS[parse.operation]


def _without_names_of_others(question: str, part: tuple[Span, ...], parts: Parts) -> tuple[Span, ...]:
    """Leave out of an operand what it is said to share with another one that names whom only that one is about."""

    def is_foreign(piece: Span) -> bool:
        inside = any(other[0].contains(piece) for other in parts if other is not part)
        return inside and any(term.name for term in content_terms(fold(piece.of(question)), ()))

    return (part[0], *(piece for piece in part[1:] if not is_foreign(piece)))


def _operand(question: str, part: Sequence[Span], language: Language) -> FigureQuestion:
    words = " ".join(span.of(question).strip(" ,，") for span in joined(sorted(part)))
    return replace(read_plain(words, language), is_numeric=True, label=part[0].of(question).strip(" ,，"))


def _of_one(operation: Operation, whole: FigureQuestion, operand: FigureQuestion) -> FigureQuestion:
    """Let a question about one thing be about that thing's words, not those that say what to do with it."""
    role = Role.CHANGE if operation is Operation.CHANGE else None
    return replace(whole, is_numeric=True, operation=operation, role=role, terms=operand.terms, label=operand.text)


def _number_apart(operands: tuple[FigureQuestion, ...], language: Language) -> tuple[FigureQuestion, ...]:
    """Give what stands with a number to the other side: 2024年離一萬億GDP還差 → 2024年GDP, 一萬億."""
    if len(operands) != 2 or _measures(operands[0]):
        return operands
    first, second = operands
    match = _ROUND_NUMBER.match(fold(second.text))
    rest = second.text[match.end() :].strip() if match else ""
    if not match or not rest:
        return operands
    texts = (f"{first.text}{rest}", second.text[: match.end()])
    return tuple(replace(read_plain(text, language), is_numeric=True, label=text) for text in texts)


_ROUND_NUMBER = re.compile(r"(?:\d[\d.,]*|[一二两三四五六七八九十百千]+)[百千]*[万亿]+(?:元|人|吨|斤|美元)?")


MIN_THING = 2
"""Characters that say by themselves what is meant."""
_BEFORE_TIME = re.compile(r"(?:\s*\b(?:in|for|during|of|by|at)\s+(?:the\s+)?|[从自到至在])$")
_AFTER_TIME = re.compile(r"(?:[底末初](?=[的,，、\s]|$))?(?:的|[,，、])?\s*")


def timeless(question: FigureQuestion, words: str = "") -> FigureQuestion:
    """Ask for a thing whenever, of the ledger and of the reader alike.

    Args:
        question: A question about it.
        words: What it calls the thing, where that is told apart from the rest; the whole question otherwise.
    """
    text = words if len(words) >= MIN_THING else question.text
    folded = fold(text)
    times = periods_in(folded)
    if len(times) == 1:  # of several, what stands between them would be left
        span = times[0].span
        before, after = _BEFORE_TIME.search(folded[: span.start]), _AFTER_TIME.match(folded, span.end)
        left = text[: before.start() if before else span.start] + text[after.end() if after else span.end :]
        rest = left.strip(" ,，、")
        text = rest if len(rest) >= MIN_THING else text
    return replace(question, text=text, periods=(), offsets=(), operation=Operation.LOOKUP)


def in_words_of(question: FigureQuestion, text: str) -> FigureQuestion:
    """Give a question the words of documents in another language; in their own it comes back as it is.

    Args:
        question: As parsed.
        text: Folded text of the documents.
    """
    if question.language != "en":
        return _in_english(question, text) if _is_latin(text) else question
    found = terms_in_documents(question.text, text)
    terms = tuple(
        Term(
            fold(term.term),
            0.25 if term.candidates and term.candidates[0][0] in cues.LIGHT else 1.0,
            tuple(fold(word) for word, _weight in term.candidates[:6] if len(word) > 1),
            name=_is_english_name(term.term, question.text) and all(len(w) > 1 for w, _weight in term.candidates[:1]),
        )
        for term in found
        if not _ENGLISH_FRAME.fullmatch(term.term.lower())
    )
    operands = tuple(in_words_of(operand, text) for operand in question.operands)
    completed = _complete(question.operation, replace(question, terms=terms), operands)
    return replace(question, terms=_with_implied(terms, question.unit), operands=completed)


def _in_english(question: FigureQuestion, text: str) -> FigureQuestion:
    terms = tuple(
        replace(term, alternatives=(*term.alternatives, *english_words(term.text, text)[:6])) for term in question.terms
    )
    operands = tuple(_in_english(operand, text) for operand in question.operands)
    return replace(question, terms=terms, operands=operands)


@lru_cache(maxsize=16)
def _is_latin(text: str) -> bool:
    """Whether a text is written in Latin letters rather than in Chinese."""
    sample = text[:4000]
    return sum("a" <= character <= "z" for character in sample) > len(sample) / 2


_MONTHS = frozenset("january february march april may june july august september october november december".split())


def _is_english_name(word: str, question: str) -> bool:
    """What is in Chinese is a name; so is a word with a capital letter, but at the beginning every word has one."""
    if HAN_RUN.fullmatch(word):
        return True
    starts = question.lstrip().startswith(word) and not question.lstrip()[len(word) :].startswith(("'", "’"))
    return word[:1].isupper() and not starts and word.lower() not in _MONTHS


_ENGLISH_FRAME = re.compile(
    r"share|percentage|percent|proportion|fraction|account(?:s|ed)?(?: for)?|number|amount|total|combined|sum|"
    r"difference|times|ratio|"
    r"rate|growth|growth rate|grow|grew|grown|increased?|year|years|average|target|planned|expected|people|per|"
    r"capita|covers?|covered|hectares?|acres?|convert(?:ed)?|judging|based|larger|bigger|"
    r"higher|lower|more|less|fewer|square|kilomet(?:re|er)s?|square kilomet(?:re|er)s?|reach(?:ed)?|district|area|"
    r"size|large|big|"
    r"ignore|document|value|value of|level|new|newly|by|old|long|much|many|exact|figure|overall|currently|now|would"
)


def read_plain(question: str, language: Language) -> FigureQuestion:
    """Read a question or a piece of one, without looking for an operation."""
    folded = fold(question)
    asked = _without_bases(folded, periods_in(folded))
    unit, scale = _unit(folded)
    return FigureQuestion(
        text=question,
        language=language,
        is_numeric=_is_numeric(folded),
        kinds=_kinds(folded, unit),
        unit=unit,
        scale=scale,
        role=_role(folded),
        target=True if cues.TARGET.search(folded) else False if cues.RESULT.search(folded) else None,
        periods=_absolute(folded, asked),
        offsets=tuple((period.offset, period.part) for period in asked if period.offset is not None),
        terms=_with_implied(content_terms(folded, periods_in(folded)), unit),
        scopes=tuple(dict.fromkeys(cues.SCOPE_ENGLISH.get(m, m) for m in cues.SCOPE.findall(folded))),
        first=bool(cues.FIRST.search(folded)),
        per=_per(folded),
        given=_given(folded, asked),
        falling=True if cues.FALL.search(folded) else False if cues.RISE.search(folded) else None,
    )


def _with_implied(terms: tuple[Term, ...], unit: str) -> tuple[Term, ...]:
    """Say what a bare unit asks for: 某地有多少人 wants its population, 某地多少平方公里 its area."""
    if any(not term.name and term.weight >= 0.5 for term in terms):
        return terms
    if unit == "人":
        return (*terms, Term("人口", 1.0, ("人数", "居民")))
    if unit and unit_kind(unit) is Kind.AREA:
        return (*terms, Term("面积", 1.0, ("占地", "土地", "区域", "幅员")))
    return terms


def _is_numeric(folded: str) -> bool:
    if cues.STRONG.search(folded) or compared(folded) or listed(folded) or superlative(folded):
        return True
    if cues.YES_NO.search(folded) and _given(folded, periods_in(folded)):
        return True
    return bool(cues.WEAK.search(folded)) and not cues.OPEN.search(folded)


def _given(folded: str, asked: Sequence[AskedPeriod]) -> tuple[str, ...]:
    found = [m for m in cues.GIVEN.finditer(folded) if not any(p.span.overlaps(Span(*m.span())) for p in asked)]
    return tuple(m.group().strip() for m in found if re.search(r"\d[^\d.,\s]", m.group()))


def _without_bases(folded: str, asked: tuple[AskedPeriod, ...]) -> tuple[AskedPeriod, ...]:
    """Leave out the times a change is measured from (比2023年增長多少, 比去年多)."""
    kept = tuple(
        p for p in asked if not re.search(r"(?:比|较|相比|compared (?:with|to)|than|over)\s*$", folded[: p.span.start])
    )
    return kept if kept or _CHANGE_BASE.search(folded) else asked


_CHANGE_BASE = re.compile(r"(?:比|较)(?:上年|去年|上一年|前一年)")


def _absolute(folded: str, asked: Sequence[AskedPeriod]) -> tuple[Months, ...]:
    for first, second in pairwise(asked):
        if joined := joined_range(folded, first, second):
            return (joined,)
    return tuple(period.months for period in asked if period.months is not None)


def names_unit(question: FigureQuestion) -> bool:
    """Whether a question says in which unit it wants the number; "how large" only says that it is an area."""
    folded = fold(question.text)
    if question.language == "en":
        return question.unit != "平方公里" or "square" in folded
    named = any(unit for *_, unit in cues.asked_units(folded))
    return named or bool(_CONVERTED_TO.search(folded)) or question.unit in folded


def _unit(folded: str) -> tuple[str, Decimal]:
    best = ("", Decimal(1))
    if re.search(r"(?:几|多少)个点|百分之(?:几|多少)|几成", folded):
        return "%", Decimal(1)
    for _start, _end, scales, unit in cues.asked_units(folded):
        if unit:
            scale = Decimal(1)
            for character in scales:
                scale *= cues.SCALES[character]
            best = (canonical_unit(cues.UNIT_NAMES.get(unit, unit)), scale)
    if best[0]:
        return best
    if english := _english_unit(folded):
        return english
    if _CONVERTED_TO.search(folded) and (unit := _CONVERTED_TO.search(folded)["unit"]):  # type: ignore[index]
        return canonical_unit(unit), Decimal(1)
    if re.search(r"(?:人口|人数)[^,，率比占率]{0,5}(?:多少|几)(?![\u4e00-\u9fff])", folded):
        return "人", Decimal(1)
    if re.search(r"多少亿(?![\u4e00-\u9fff])|几亿(?![\u4e00-\u9fff])", folded) and not re.search("人口|人数", folded):
        return "元", Decimal(10**8)
    return next((unit for pattern, unit in cues.NOUN_UNITS.items() if re.search(pattern, folded)), ""), Decimal(1)


_HOW_MANY = re.compile(r"how many (?:(?P<scale>million|billion|thousand)s? )?(?:of )?(?P<unit>(?:[a-z]+ )?[a-z-]+)")


def _english_unit(folded: str) -> tuple[str, Decimal] | None:
    """The unit of measure after "how many"; countable things are none."""
    match = _HOW_MANY.search(folded)
    if match is None:
        return None
    for words in (match["unit"], match["unit"].split()[0]):
        unit = canonical_unit(words)
        if not unit.isascii() and unit not in {"人", "户", "年"}:
            return unit, Decimal(ENGLISH_SCALE.get(match["scale"] or "", 1))
    return None


_CONVERTED_TO = re.compile(rf"(?:折|合|换算|换|折算|折合)成(?:以)?(?P<unit>{UNIT.pattern.replace('?P<unit>', '?:')})")


def _kinds(folded: str, unit: str) -> frozenset[Kind]:
    for pattern, kinds in cues.KINDS:
        if re.search(pattern, folded) and not (Kind.PERCENT in kinds and _COUNTS_THINGS.search(folded)):
            # 占…多少亿元 asks for an amount although it speaks of a share.
            return frozenset() if Kind.PERCENT in kinds and unit and unit not in _PERCENT else kinds
    if unit in _PERCENT or re.search(r"增速|增长率|增幅|涨幅|降幅|减幅|跌幅|同比|growth rate|多快|how fast", folded):
        return frozenset({Kind.PERCENT, Kind.RATIO})
    if unit and unit_kind(unit) is Kind.AMOUNT:
        return frozenset({Kind.AMOUNT})
    if not unit and "how many" in folded:
        return _COUNTED
    plain = not unit and not _role(folded) and not cues.CHANGE_TO.search(folded)
    return frozenset({Kind.AMOUNT}) if plain and cues.AMOUNT_NOUN.search(folded) else frozenset()


_COUNTS_THINGS = re.compile(r"\bhow many\b(?!.*\bper ?cent|.*percentage|.*\btimes\b)")
"""How many customers were on a cheaper rate is no question for a rate."""
_COUNTED = frozenset({Kind.COUNT, Kind.OTHER, Kind.RANGE})
_PERCENT = frozenset({"%", "‰", "个百分点"})


def _role(folded: str) -> Role | None:
    change = cues.CHANGE.search(folded)
    compared = change and change.group()[:1] in "多少" and "比" in folded
    if change and not compared and not cues.CHANGE_TO.search(folded):
        return Role.CHANGE
    if cues.INCREMENT.search(folded):
        return Role.INCREMENT
    if cues.SHARE.search(folded):
        return Role.SHARE
    return None


def _per(folded: str) -> str:
    match = cues.PER.search(folded)
    if match is None:
        return ""
    if match["english"]:
        return cues.PER_ENGLISH.get(match["english"], "平方公里" if match["english"].startswith("square") else "人")
    if match.group()[:2] in {"户均", "亩均"}:
        return match.group()[0]
    if "平方公里" in match.group() or match.group() == "地均":
        return "平方公里"
    return match["unit"] or match["head"] or match["one"] or "人"


# ── operands ────────────────────────────────────────────────────────────────────────────────

_AMONG = re.compile(r"^(.{2,}?)(?:之中|当中|[中里])[,，]")
_AMONG_WEIGHT = 0.3


def _headed(operand: FigureQuestion) -> FigureQuestion:
    """Let the words of a frame (…單位中,規上企業) weigh less than the thing itself: the whole is not its part."""
    frame = _AMONG.match(fold(operand.text))
    if not frame:
        return operand
    terms = (
        replace(term, weight=_AMONG_WEIGHT * term.weight) if not term.name and term.text in frame[1] else term
        for term in operand.terms
    )
    return replace(operand, terms=tuple(terms))


_PACE = re.compile(r"[快慢猛]|增[速幅]|涨幅|\bfast|\bslow")


def _by_adjective(
    operation: Operation, operands: tuple[FigureQuestion, ...], question: str
) -> tuple[Operation, tuple[FigureQuestion, ...]]:
    """Ask of each of some things compared for what the adjective measures, where it says so itself."""
    if operation not in EXTREMES or (comparative := comparative_in(question)) is None:
        return operation, operands
    return comparative.operation or operation, tuple(_measured(operand, comparative) for operand in operands)


def _measured(operand: FigureQuestion, comparative: Comparative) -> FigureQuestion:
    """Ask of one of the things compared for what the adjective measures: 1號線 → its length."""
    chinese, english = comparative.measure
    text = f"{english} of {operand.text}" if operand.language == "en" else f"{operand.text}的{chinese}"
    return replace(read_plain(text, operand.language), is_numeric=True, label=operand.label, kinds=comparative.kinds)


_OWN_KINDS = frozenset(
    {Operation.TIMES, Operation.SHARE, Operation.YEARS_BETWEEN, Operation.GROWTH, Operation.PER_UNIT}
)


def _complete(
    operation: Operation, whole: FigureQuestion, operands: tuple[FigureQuestion, ...]
) -> tuple[FigureQuestion, ...]:
    """Give each operand what it leaves to be understood from its siblings and the whole question."""
    return tuple(_complete_one(operation, whole, operand, operands) for operand in operands)


def _complete_one(
    operation: Operation, whole: FigureQuestion, operand: FigureQuestion, siblings: tuple[FigureQuestion, ...]
) -> FigureQuestion:
    others = [sibling for sibling in siblings if sibling is not operand]
    own = operation in _OWN_KINDS
    total = operation is Operation.PER_UNIT and operand is siblings[0]
    sources = others if own else [*others, whole]
    bare = not _measures(operand)
    kinds = operand.kinds or next((other.kinds for other in sources if other.kinds and (bare or not own)), frozenset())
    kinds = kinds - {Kind.RATIO} if Kind.PERCENT in kinds else kinds  # no arithmetic is done with 1∶3
    role = operand.role or next((other.role for other in sources if other.role), None)
    if operation in EXTREMES and role is Role.CHANGE and not operand.unit and _PACE.search(fold(whole.text)):
        kinds = frozenset({Kind.PERCENT})  # which of them grew faster: not what each amounts to
    if operation is Operation.PER_UNIT and not total:
        kinds, role = frozenset({Kind.COUNT, Kind.AREA}), None
    if operation is Operation.REMAINDER and operand is not siblings[0]:
        counted = frozenset({unit_kind(whole.unit)}) if whole.unit else frozenset({Kind.COUNT, Kind.AMOUNT, Kind.AREA})
        kinds, role = (kinds or counted) | {Kind.PERCENT}, None
    if operation is Operation.YEARS_BETWEEN:
        kinds, role = frozenset({Kind.YEAR, Kind.DATE}), None
    unit = operand.unit if operand.unit or (own and not total) else _plain_unit(whole.unit)
    rest, shares = operation is Operation.REMAINDER and operand is siblings[0], operation is Operation.SHARE
    if operation is Operation.REMAINDER and not rest:
        unit = operand.unit
    timed = operand.has_period
    dated = others if operation is Operation.YEARS_BETWEEN else [*others, whole]
    return replace(
        operand,
        operation=Operation.REMAINDER if rest else operand.operation,
        kinds=kinds,
        role=role,
        unit=unit,
        target=operand.target if any(s.target is not None for s in siblings) else whole.target,
        per=operand.per or ("" if _measures(operand) else next((other.per for other in others if other.per), "")),
        periods=operand.periods if timed else next((o.periods for o in dated if o.periods), ()),
        offsets=operand.offsets if timed else next((o.offsets for o in dated if o.offsets), ()),
        terms=_without_rest(operand, unit) if rest else operand.terms + _inherited(operand, others, shares),
    )


def _without_rest(operand: FigureQuestion, unit: str) -> tuple[Term, ...]:
    """What a whole is of which something is left: its own words, or what its unit implies, never the part's."""
    return _with_implied(operand.terms, unit)


def _measures(operand: FigureQuestion) -> bool:
    return any(not term.name and term.weight > 0.3 for term in operand.terms)


def _plain_unit(unit: str) -> str:
    return "" if unit in {"个百分点", "倍", "年"} else unit


def _inherited(operand: FigureQuestion, others: Sequence[FigureQuestion], whole_only: bool = False) -> tuple[Term, ...]:
    """Names and the measured thing that an elliptical operand (比第二產業, 比2023年) takes from its sibling."""
    own = {term.text for term in operand.terms}
    named = any(term.name for term in operand.terms) or bool(operand.scopes)
    metrics = [term for term in operand.terms if not term.name and term.weight > 0.3]
    for other in others:
        theirs = [term for term in other.terms if not term.name and term.weight > 0.3]
        names = () if named or metrics else tuple(term for term in other.terms if term.name)
        heads: tuple[Term, ...] = ()
        if not metrics:
            # The whole that a share is of is wider than the part: 都市圈的經濟占全省.
            heads = tuple(theirs[-1:] if whole_only and operand.scopes else theirs)
        elif len(theirs) > len(metrics):
            heads = tuple(replace(term, weight=0.5) for term in theirs[-1:])
        if inherited := tuple(term for term in (*names, *heads) if term.text not in own):
            return inherited
    return ()
