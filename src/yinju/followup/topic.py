"""What a conversation has established: its questions written out, whom or what they are about, people and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from yinju.figures import cues
from yinju.figures.periods import periods_in, read_period
from yinju.figures.query import Operation
from yinju.followup.pieces import INSTITUTION, REGION, parsed, pieces, tokens
from yinju.text import Language, fold, language_of, to_language
from yinju.types import Document, Figure, Kind, Span, Status, Turn

MAX_NAME = 24
"""An answer of this length at most can be the name a pronoun stands for."""
HEADS = (
    "公司|企业|集团|基金|园区|区|市|县|省|地方|地区|城市|平台|项目|产业|行业|机构|大学|学校|学院|系统|产品|方案|计划|政策|街道|实验室|"
    "中心|人|银行|医院|工程|科学家|作者|作家|导演|演员|球员|国家|岛|山|河|湖|寺|建筑|书|小说|电影|动物|植物|组织|团队|品牌|模型|指标|"
    "领域|创始人|老师|教授"
)
"""Common nouns by which a demonstrative names what it points to."""


class Sources(Protocol):
    """What of an index is looked at here."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """By name."""

    @property
    def ledger(self) -> Iterable[Figure]:
        """Their figures."""


@dataclass(frozen=True, slots=True)
class Context:
    """A conversation so far.

    Attributes:
        turns: What was asked and answered, oldest first, in the script of the follow-up; at least one.
        index: Documents and ledger.
        script: In which the follow-up is to be written out.
    """

    turns: tuple[Turn, ...]
    index: Sources
    script: Language

    @property
    def last(self) -> str:
        """The latest question, written out."""
        return standalone(self.turns[-1])

    @property
    def plain(self) -> tuple[str, ...]:
        """The questions that were not themselves made of earlier ones (兩個加起來呢); all, where there is no other."""
        own = tuple(turn for turn in self.turns if not _is_composed(turn))
        return tuple(re.sub(r"[換换]算成.+?是多少", "是多少", standalone(turn)) for turn in own or self.turns)

    @property
    def base(self) -> str:
        """The latest of them."""
        return self.plain[-1]


def standalone(turn: Turn) -> str:
    """A turn's question, written out."""
    return (turn.answer.standalone_question or turn.question).strip()


def in_script(turn: Turn, script: Language) -> Turn:
    """A turn with its question and answer in another script."""
    if script == "en":
        return turn
    question, text = to_language(standalone(turn), script), to_language(turn.answer.text, script)
    return replace(turn, answer=replace(turn.answer, standalone_question=question, text=text))


def with_last(context: Context, question: str) -> Context:
    """The conversation as if another question, of which nothing was answered, had been the last."""
    last = context.turns[-1]
    answer = replace(last.answer, standalone_question=question, text="")
    return replace(context, turns=(*context.turns[:-1], replace(last, question=question, answer=answer)))


_COMPOSED = frozenset(
    {Operation.ARGMAX, Operation.ARGMIN, Operation.SUM, Operation.DIFFERENCE, Operation.TIMES, Operation.MEAN}
)


def _is_composed(turn: Turn) -> bool:
    if fold(standalone(turn)) == fold(turn.question.strip()):
        return False
    question = parsed(standalone(turn))
    is_change = bool(re.search(cues.CHANGE_WORD, fold(question.text)))
    return question.operation in _COMPOSED and len(question.operands) > 1 and not is_change


# ── topics ──────────────────────────────────────────────────────────────────────────────────

_ASKS_NAME = re.compile(
    r"谁|哪一?(?:家|个|所|座|位|支|只|款|项|种)|什么(?:公司|企业|人|基金|平台|园区|大学|机构|名字|地方)|"
    r"\bwho\b|\bwhich\b|what company|what is the name"
)
_WHO = re.compile(r"谁|什么人|哪一?位|\bwho\b")


def topic(context: Context, fits: Callable[[str], bool] = bool) -> str:
    """Return what the conversation is about, in its latest words: a name asked for and given, or the last subject.

    Persons given as the answer to 誰 come into question only where there is nothing else, and so do 全國 and the like.

    Args:
        context: The conversation.
        fits: Which names come into question.

    Returns:
        The name, or the empty string where nothing fits.
    """
    persons = {name for turn in context.turns if _asks_who(turn) and (name := _given_name(turn))}
    second_best = ""
    for turn in reversed(context.turns):
        names = [name for name in (_given_name(turn), *subjects_of(standalone(turn))) if name and fits(name)]
        second_best = second_best or next(iter(names), "")
        if any(REGION.match(fold(name)) for name in names) or all(_is_common(name) for name in names):
            continue
        if named := [name for name in names if name not in persons]:
            return _shortest(named[0], context, fits)
    return second_best


def _shortest(name: str, context: Context, fits: Callable[[str], bool]) -> str:
    """What was spoken of before a name was made of it and something of it (雲天勵飛專利 → 雲天勵飛)."""
    if INSTITUTION.search(fold(name)):
        return name
    known = (subject for turn in context.turns for subject in subjects_of(standalone(turn)))
    shorter = [subject for subject in known if 1 < len(subject) < len(name) and name.startswith(subject)]
    return max((subject for subject in shorter if fits(subject) and not _is_common(subject)), key=len, default=name)


def _is_common(name: str) -> bool:
    """Whether a name is but one common noun of the dictionary (專利)."""
    words = tokens(fold(name))
    return len(words) == 1 and words[0][1] in {"n", "vn", "v", "an"}


def _asks_who(turn: Turn) -> bool:
    return bool(_WHO.search(fold(standalone(turn)))) and not INSTITUTION.search(fold(turn.answer.text))


def _given_name(turn: Turn) -> str:
    """The name an answer gives to a question that asks for one."""
    question, answer = fold(standalone(turn)), turn.answer.text.strip().rstrip("。.!！…")
    is_name = 1 < len(answer) <= MAX_NAME and not re.search(r"[、,，;；\d]", answer)
    return answer if is_name and turn.answer.status != Status.ABSTAINED and _ASKS_NAME.search(question) else ""


_ORDER = re.compile(r"(?:请)?(?:(?:介绍|说明|讲|说|谈|描述|解释|总结|概括|列出|列举)(?:一?下|说|谈|讲)?(?:关于)?)?")


def subjects_of(question: str) -> list[str]:
    """What a question is about, the best candidate first: institutions, else places, else other nouns."""
    if language_of(question) == "en":
        return english_subjects(question)
    question = question[_ORDER.match(fold(question)).end() :]  # type: ignore[union-attr]
    texts = [(piece.sort, piece.span.of(question)) for piece in pieces(question)]
    nouns = [_thing(text) for sort, text in texts if sort == "noun" and not re.fullmatch(HEADS, fold(text))]
    if len(nouns) > 1:
        nouns = [noun for noun in nouns if not _is_adverbial(noun, question)] or nouns
    places = [text for sort, text in texts if sort == "place"]
    named = [noun for noun in nouns if INSTITUTION.search(fold(noun)) and not _is_common(noun)]
    if places and not named:
        return [*places, *nouns]
    return [*named, *(noun for noun in nouns if noun not in named), *places]


def _is_adverbial(noun: str, question: str) -> bool:
    """Whether a noun only says where or with whom, behind a preposition and before the verb (他在某公司做什麼)."""
    at = question.find(noun)
    return at > 1 and question[at - 1] in "在从從对對向由被跟给給" and not question.startswith("在")


def _thing(noun: str) -> str:
    """A noun without the measure of it, where a name is left: 概念驗證基金規模 → 概念驗證基金."""
    match = re.search(r"(?:的)?(?:总)?(?:规模|面积|数量|总数|人数|用户数)$", fold(noun))
    rest = noun[: match.start()] if match else noun
    return rest if INSTITUTION.search(fold(rest)) else noun


def person(context: Context) -> str:
    """The person spoken of last: given as the answer to 誰, else a personal name in an answer or a question."""
    for turn in reversed(context.turns):
        question = standalone(turn)
        if _WHO.search(fold(question)) and (name := _given_name(turn)):
            return name
        if match := re.fullmatch(r"(.+?)(?:是|叫)(?:[誰谁]|什[麼么]名字)[?？]?", question):
            return match.group(1)
        for text in (question, turn.answer.text):
            named = [Span(start, start + len(word)).of(text) for word, tag, start in tokens(fold(text)) if tag == "nr"]
            if fitting := [name for name in named if 2 <= len(name) <= 4]:
                return fitting[-1]
    return ""


def is_of_time(question: str) -> bool:
    """Whether a question asks for a year or a date."""
    return bool(parsed(question).kinds & {Kind.YEAR, Kind.DATE})


def last_time(context: Context) -> str:
    """The time spoken of last: given as the answer to 何時, else named in a question."""
    for turn in reversed(context.turns):
        for text in (turn.answer.text if is_of_time(standalone(turn)) else "", standalone(turn)):
            if spans := [period.span for period in periods_in(fold(text))]:
                return spans[-1].of(text)
    return ""


# ── what the documents say of it ────────────────────────────────────────────────────────────


@lru_cache(maxsize=256)
def folded_lines(text: str) -> tuple[str, ...]:
    """The lines of a text, folded."""
    return tuple(line for line in fold(text).splitlines() if line.strip())


def belongs(text: str, name: str, index: Sources) -> bool:
    """Whether the nouns of a question are told of a name in the documents, or told of nobody there.

    A document that names it in its first line tells everything of it.
    """
    terms = [term for term in parsed(text).terms if term.weight > 0.3]
    if not terms or any(term.name for term in terms):
        return False
    wanted = [(term.text, *term.alternatives) for term in terms]
    folded, is_told = fold(name), False
    for document in index.documents.values():
        lines = folded_lines(document.readable)
        # What stands in the line after its name is told of it, too.
        told = [
            (before, line)
            for before, line in pairwise(("", *lines))
            if all(any(word in line for word in words) for words in wanted)
        ]
        if told and (folded in lines[0] or any(folded in before + line for before, line in told)):
            return True
        is_told = is_told or bool(told)
    return not is_told


def same_time(text: str, base: str, index: Sources) -> str:
    """The date of the last question, where the ledger has what a question asks for at that date; else empty."""
    dates = [date for date in periods_in(fold(base)) if date.months is not None]
    question = parsed(text)
    if len(dates) != 1 or question.has_period or not question.is_numeric or question.kinds & {Kind.YEAR, Kind.DATE}:
        return ""
    wanted = [(term.text, *term.alternatives) for term in question.terms if term.weight > 0.3]
    for figure in index.ledger:
        about = fold(figure.entity + figure.metric)
        months = read_period(figure.period)
        is_then = months is not None and dates[0].months is not None and months.overlaps(dates[0].months)
        if is_then and wanted and all(any(word in about for word in words) for words in wanted):
            return dates[0].span.of(base)
    return ""


# ── English ─────────────────────────────────────────────────────────────────────────────────

_NAME = re.compile(
    r"(?:(?<=\s)|^)(?:the\s+)?[A-Z][\w&-]*(?:['’](?!s\b)\w+)?"
    r"(?:\s+(?:of\s+|and\s+)?(?:[A-Z][\w&-]*))*"
)
_NOT_NAMES = frozenset(
    ["What", "How", "Who", "When", "Where", "Which", "Why", "Is", "Are", "Was", "Were", "Does", "Do", "Did", "Has",
     "Have", "The", "And", "In", "By", "GDP", "R&D", "AI", "It", "Its", "He", "She", "They", "That", "This", "Can",
     "Could", "Tell", "US", "RMB"]
)  # fmt: skip
_ENGLISH_SUBJECT = re.compile(
    r"\b(?:is|are|was|were|did|does|do|of|in)\s+(?P<noun>(?:the|a|an)\s+[\w' -]+?)"
    r"(?=\s+(?:in|have|has|founded|start|make|made|sell|\d)|[?.]|$)",
    re.I,
)


def _is_no_name(words: list[str]) -> bool:
    """Whether a run of words begins with one that no name begins with (the GDP of …)."""
    first = words[1] if words[0] == "the" and len(words) > 1 else words[0]
    return first in _NOT_NAMES or words[0] in {"of", "and"}


def english_names(text: str) -> list[Span]:
    """Where names stand in an English text: runs of capitalised words that are not function words."""
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and (_is_no_name(words)):
            words = words[1:]
        if words:
            found.append(Span(match.end() - len(" ".join(words)), match.end()))
    return found


def english_subjects(question: str) -> list[str]:
    """What an English question is about: its names, else the noun phrase after its verb."""
    if names := [re.sub(r"['’]s$", "", span.of(question)) for span in english_names(question)]:
        return names
    match = _ENGLISH_SUBJECT.search(question)
    return [match["noun"]] if match else []
