"""Reading: what a question asks for, and the words of the passages that answer it, or that nothing does.

This first reader has no trained head: it scores every sentence of the retrieved passages by how much of the
question it covers (weighted by rarity), by meaning (cosine of the embeddings) and by its passage, and cuts the
best one down to the clauses that hold what was asked for. A logistic model turns the evidence into a probability.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import rjieba

from yinju.text import Language, clauses, fold, language_of, sentences
from yinju.types import Document, Hit, Passage, Span

MAX_ANSWER_CHARS = 64
"""Longest direct answer; the contract asks for about 60 characters of prose."""
MAX_SENTENCES = 5
"""Longest explanation or list, in sentences (contract)."""

Similarity = Callable[[Sequence[str]], Sequence[float]]
"""Cosines of the question with texts, -1 to 1."""


class Asks(StrEnum):
    """What sort of thing a question wants."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    ORGANISATION = "organisation"
    REASON = "reason"
    MANNER = "manner"
    LIST = "list"
    VERDICT = "verdict"
    DESCRIPTION = "description"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question: ``weight`` is its rarity in the documents; a name has to be found."""

    word: str
    weight: float
    is_name: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the reader understands it."""

    question: str
    asks: Asks
    language: Language
    terms: tuple[Term, ...]
    years: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a document that may answer.

    Attributes:
        document: ``Document.name``.
        answer: The words that answer.
        sentence: The sentence around them, for the citation.
        score: Higher is better; comparable within one question.
        coverage: Share of the question's weight that sentence and surroundings cover, 0 to 1.
        similarity: Cosine of question and sentence.
    """

    document: str
    answer: Span
    sentence: Span
    score: float
    coverage: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading came to: extracts in document order, the probability that they answer, and what is missing."""

    asked: Asked
    extracts: tuple[Extract, ...]
    probability: float
    missing: tuple[str, ...] = ()
    missing_years: tuple[str, ...] = ()
    nearest: Extract | None = None


# ── the question ────────────────────────────────────────────────────────────────────────────

# Question words of both languages, folded; the first pattern that matches decides.
_ASKS: tuple[tuple[Asks, re.Pattern[str]], ...] = tuple(
    (asks, re.compile(pattern))
    for asks, pattern in (
        (Asks.REASON, r"为什么|为何|为啥|何以|怎么会|凭什么|原因|缘故|缘由|理由|\bwhy\b|\breasons?\b|what caused|how come"),
        (Asks.LIST, r"哪些|哪几|有什么[^?]*[和与]|分别[是为叫]|各是|列出|列举|罗列|逐一|都有什么|有哪|包括什么|包含什么"
                    r"|\blist\b|\bname the\b|what are\b|which .*\bare\b|\bwhich (?:two|three|four|five|six|seven)\b"),
        (Asks.PERSON, r"谁|何人|哪位|哪个人|什么人|\bwho(?:se|m)?\b"),
        (Asks.TIME, r"什么时候|何时|哪一?年|哪一?天|哪个?月|几时|几月|几年(?=成立|开始|建)|啥时候|什么年代|\bwhen\b|what year|which year|what date"),
        (Asks.PLACE, r"哪里|哪儿|何处|何地|什么地方|在哪|啥地方|位于|哪个?(?:国家|城市|省|市|区|县|地方|街道|地区|州)|\bwhere\b|which (?:city|country|district|place|province)"),
        (Asks.ORGANISATION, r"哪一?家|哪个?(?:公司|企业|机构|单位|部门|大学|学校|组织|集团)|什么(?:公司|企业|机构)|\b(?:which|what) (?:company|firm|organi[sz]ation|institution|university)"),
        (Asks.MANNER, r"怎么|怎样|如何|靠什么|用什么(?:办法|方法|方式)|什么(?:办法|方法|方式|途径|手段)|怎么办|\bhow (?!many|much|large|big|long|old|far|high)"),
        (Asks.DESCRIPTION, r"介绍|说说|谈谈|讲讲|讲一下|概述|概括|总结|描述|解释|怎么回事|什么意思|含义|\bdescribe\b|\bexplain\b|tell me about|\bsummar"),
        (Asks.VERDICT, r"是不是|是否|有没有|能不能|会不会|可不可以|吗|对不对|对吗|^(?:is|are|was|were|does|do|did|has|have|can) "),
    )
)  # fmt: skip
# Closed-class words of questions; they say how something is asked, not about what.
_FUNCTION = frozenset(
    "的 了 是 在 有 和 与 及 或 呢 吗 吧 啊 请 请问 问 什么 多少 哪 哪些 哪个 哪家 哪里 哪儿 哪位 谁 几 几个 怎么 怎样 如何 为什么 为何 为啥 何时 "
    "时候 什么样 到底 究竟 一下 一共 总共 大概 大约 知道 想 想知道 告诉 告诉我 我 你 您 它 他 她 他们 它们 这 那 这个 那个 其 该 被 把 由 对 "
    "从 到 于 以 为 因 而 则 都 也 还 就 又 才 会 能 可以 要 得 地 着 过 吗 么 啥 叫 叫做 叫什么 名字 属于 来 去 上 下 里 中 内 后 前 时 年 月 日 "
    "个 家 人 项 文中 文章 文 里面 提到 提及 说 介绍 哪一 哪年 主要 具体 分别 有没有 是不是 是否 关于 根据 按照 之 所 让 给 跟 用 靠 做 "
    "the a an of in on at to for and or is are was were be been do does did has have had how what which who whom whose when where why "
    "that this these those it its by with from as about please tell me i you we they he she many much there their his her than then "
    "according document text article".split()
)
_NAME_TAGS = frozenset({"nr", "ns", "nt", "nrt", "nrfg", "eng"})
_CONTENT_TAGS = ("n", "v", "a", "eng", "m", "j", "i", "l", "z", "s", "t", "f", "b", "q", "x", "g", "vn", "nz")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)(?=\s*年|[^\d万亿%.]|$)")
_PLACE_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|新区|地区|[省市区县镇乡州])$")


def understand(question: str, rarity: Callable[[str], float], extra: Sequence[str] = ()) -> Asked:
    """Read a question: what sort of thing it wants, its content words with weights, the years it names.

    Args:
        question: A standalone question.
        rarity: Word (folded) → weight, 0 and up; inverse document frequency is meant.
        extra: Further content words to look for, such as translations of English ones.
    """
    folded = fold(question)
    asks = next((asks for asks, pattern in _ASKS if pattern.search(folded)), Asks.THING)
    years = tuple(dict.fromkeys(_YEAR.findall(folded)))
    found: dict[str, Term] = {}
    for word, tag in rjieba.tag(folded):
        if _is_content(word, tag) and word not in years:
            found[word] = Term(word, rarity(word), tag in _NAME_TAGS and len(word) > 1)
    for word in extra:
        found.setdefault(word, Term(word, rarity(word), is_name=False))
    return Asked(question, asks, language_of(question), tuple(found.values()), years)


def _is_content(word: str, tag: str) -> bool:
    if word in _FUNCTION or not any(character.isalnum() for character in word):
        return False
    return tag.startswith(_CONTENT_TAGS) and not (len(word) == 1 and not word.isdigit() and tag not in ("n", "eng"))


# ── coverage ────────────────────────────────────────────────────────────────────────────────


def covers(word: str, text: str) -> float:
    """Tell how far folded ``text`` holds ``word``: 1 for the word itself, less for its parts, 0 for nothing.

    A Chinese compound half of whose characters stand together counts in part (創辦 for 創立 shares 創); a Latin
    word counts whole or not at all.
    """
    if word in text:
        return 1.0
    if word.isascii():
        return 0.0
    stem = _PLACE_SUFFIX.sub("", word)
    if len(stem) >= 2 and stem != word and stem in text:
        return 0.9
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    n_pairs = sum(pair in text for pair in pairs)
    if n_pairs:
        return 0.8 * n_pairs / len(pairs)
    return 0.3 * sum(character in text for character in word) / len(word)


def coverage(terms: Sequence[Term], text: str) -> float:
    """Return the weighted share of the terms that folded ``text`` covers, 0 to 1; 0 without terms."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * covers(term.word, text) for term in terms) / total if total else 0.0


# ── sentences ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Sentence:
    hit: Hit
    span: Span
    folded: str
    own: float
    around: float
    fit: float
    lexical: float


def read(
    asked: Asked,
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    similarity: Similarity,
) -> Reading:
    """Find the words that answer among retrieved passages.

    Args:
        asked: What :func:`understand` made of the question.
        hits: Retrieved passages, best first; may be empty.
        documents: The indexed documents by name.
        similarity: Cosine of the question with each of some sentences.

    Returns:
        A reading; ``extracts`` is empty only if there are no passages. ``probability`` says how likely they answer.
    """
    everywhere = "\n".join(fold(document.readable) for document in documents.values())
    missing = tuple(term.word for term in asked.terms if term.is_name and covers(term.word, everywhere) < 0.5)
    ranked = _rank(asked, hits, similarity)
    if not ranked:
        return Reading(asked, (), 0.0, missing, asked.years)
    best, best_similarity, score = ranked[0]
    missing_years = tuple(year for year in asked.years if year not in fold(best.hit.passage.readable))
    chosen = _choose(asked, ranked)
    extracts = tuple(_extract(asked, sentence, cosine, score) for sentence, cosine, score in chosen)
    probability = _probability(asked, best, best_similarity, len(missing), len(missing_years))
    nearest = _extract(asked, best, best_similarity, score)
    return Reading(asked, extracts, probability, missing, missing_years, nearest)


def _rank(asked: Asked, hits: Sequence[Hit], similarity: Similarity) -> list[tuple[_Sentence, float, float]]:
    found = [sentence for hit in hits for sentence in _sentences(asked, hit)]
    found.sort(key=lambda sentence: (-sentence.lexical, sentence.hit.passage.document, sentence.span))
    shortlist = found[:16]
    cosines = similarity([sentence.hit.passage.readable[_local(sentence)] for sentence in shortlist])
    scored = [
        (sentence, cosine, sentence.lexical + 4.0 * cosine) for sentence, cosine in zip(shortlist, cosines, strict=True)
    ]
    return sorted(scored, key=lambda row: (-row[2], row[0].hit.passage.document, row[0].span))


def _local(sentence: _Sentence) -> slice:
    offset = sentence.hit.passage.span.start
    return slice(sentence.span.start - offset, sentence.span.end - offset)


def _sentences(asked: Asked, hit: Hit) -> list[_Sentence]:
    passage = hit.passage
    folded = fold(passage.readable)
    around = coverage(asked.terms, fold(passage.context) + " " + folded)
    found = []
    for span in sentences(passage.readable):
        text = span.of(folded)
        own, fit = coverage(asked.terms, text), _fits(asked, text)
        year = 0.3 if asked.years and any(year in text for year in asked.years) else 0.0
        lexical = 1.0 * own + 0.4 * around + 0.25 * fit + year + 0.25 * hit.score
        found.append(_Sentence(hit, span.shift(passage.span.start), text, own, around, fit, lexical))
    return found


# What an answer of a sort looks like, in folded text.
_CAUSE = re.compile(
    r"因为|由于|原因|所以|因此|源于|得益于|归功于|为了|旨在|以便|从而|导致|使得|受限于|背景下|正是|because|due to|since"
)
_MEANS = re.compile(
    r"通过|依托|利用|借助|凭借|采取|采用|推动|建立|实施|打造|将.{1,20}[为成]|以.{1,20}为|\bby\b|through|using"
)
_MOMENT = re.compile(r"\d{4}年|\d+世纪|\d+月|[一二三四五六七八九十]+月|年代|\b(?:19|20)\d{2}\b")
_ENUMERATION = re.compile(r"[^、]+、[^、]+(?:、|和|与|及|以及)[^、]+|一是|二是|首先|其次|第一[,，、]|[;；]")
_TAGS_OF: Mapping[Asks, frozenset[str]] = {
    Asks.PERSON: frozenset({"nr", "nrt", "nrfg"}),
    Asks.PLACE: frozenset({"ns", "s"}),
    Asks.ORGANISATION: frozenset({"nt", "nz", "ns", "eng"}),
}
_PATTERN_OF: Mapping[Asks, re.Pattern[str]] = {
    Asks.REASON: _CAUSE, Asks.MANNER: _MEANS, Asks.TIME: _MOMENT, Asks.LIST: _ENUMERATION,
}  # fmt: skip


def _fits(asked: Asked, folded: str) -> float:
    """Tell whether a text holds the sort of thing asked for, beyond the question's own words; 0 or 1."""
    if pattern := _PATTERN_OF.get(asked.asks):
        return float(bool(pattern.search(folded)))
    if tags := _TAGS_OF.get(asked.asks):
        known = {term.word for term in asked.terms}
        return float(any(tag in tags and word not in known for word, tag in rjieba.tag(folded)))
    return 0.5


def _choose(asked: Asked, ranked: Sequence[tuple[_Sentence, float, float]]) -> list[tuple[_Sentence, float, float]]:
    """Take the best sentence, and for explanations its best companions in the same passage, in order."""
    best = ranked[0]
    if asked.asks not in (Asks.REASON, Asks.MANNER, Asks.DESCRIPTION):
        return [best]
    near = [row for row in ranked if row[0].hit.passage.id == best[0].hit.passage.id and row[2] >= best[2] - 0.6]
    return sorted(near[:3], key=lambda row: row[0].span)


def _extract(asked: Asked, sentence: _Sentence, cosine: float, score: float) -> Extract:
    passage = sentence.hit.passage
    answer = sentence.span
    if asked.asks not in (Asks.REASON, Asks.MANNER, Asks.DESCRIPTION, Asks.LIST):
        answer = _shorten(asked, passage, sentence)
    own = max(sentence.own, 0.8 * sentence.around)
    return Extract(passage.document, answer, sentence.span, score, own, cosine)


def _shorten(asked: Asked, passage: Passage, sentence: _Sentence) -> Span:
    """Cut a sentence to the run of clauses that covers most of the question and holds what is asked for."""
    if len(sentence.span) <= MAX_ANSWER_CHARS:
        return sentence.span
    offset = passage.span.start
    parts = clauses(passage.readable, Span(sentence.span.start - offset, sentence.span.end - offset))
    best, best_score = parts[0], -math.inf
    for first in range(len(parts)):
        for last in range(first, len(parts)):
            window = Span(parts[first].start, parts[last].end)
            if len(window) > MAX_ANSWER_CHARS and last > first:
                break
            text = fold(window.of(passage.readable))
            score = coverage(asked.terms, text) + 0.35 * _fits(asked, text) - 0.002 * len(window)
            if score > best_score:
                best, best_score = window, score
    return best.shift(offset)


def _probability(asked: Asked, best: _Sentence, cosine: float, n_missing: int, n_missing_years: int) -> float:
    """Turn the evidence into the probability that the best sentence answers (logistic model)."""
    evidence = -6.2 + 3.5 * best.own + 2.0 * best.around + 0.8 * best.fit + 4.0 * cosine
    evidence -= 3.0 * n_missing + 3.0 * n_missing_years
    return 1.0 / (1.0 + math.exp(-evidence))


def extract_span(question: str, context: str, similarity: Similarity) -> str:
    """Return the words of ``context`` that answer ``question``, given that it does; for benchmarks of reading."""
    document = Document("", "context", context, context, "", "", "text/plain")
    passage = Passage("", "", "context", Span(0, len(context)), context, context)
    asked = understand(question, lambda word: float(len(word)))
    reading = read(asked, [Hit(passage, 1.0, 0.0, 0.0)], {"context": document}, similarity)
    return reading.extracts[0].answer.of(context) if reading.extracts else ""
