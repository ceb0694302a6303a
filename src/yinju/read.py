"""Reading: what a question asks for, and the words of the passages that answer it, or that nothing does.

Every sentence of the retrieved passages is scored by how much of the question it covers (weighted by rarity), by
meaning (cosine of the embeddings) and by its passage; the best one is cut down to the clauses that hold what was asked
for. A logistic model turns the evidence into a probability. No part of this is trained on any document.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import rjieba

from yinju.dictionary import terms_in_documents
from yinju.text import Language, clauses, fold, language_of, sentences
from yinju.types import Hit, Passage, Span

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
    """A content word of the question.

    Attributes:
        word: Folded, as asked.
        weight: Its rarity in the documents, 0 and up.
        is_name: A place, person, organisation or foreign word: the documents have to know it.
        is_noun: A noun: what is asked about rather than how.
        alternatives: Folded words that say the same, such as synonyms or translations.
    """

    word: str
    weight: float
    is_name: bool = False
    is_noun: bool = False
    alternatives: tuple[str, ...] = ()


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
    (asks, re.compile("|".join(patterns)))
    for asks, patterns in (
        (
            Asks.REASON,
            ("为什么|为何|为啥|何以|怎么会|凭什么|原因|缘故|缘由|理由", r"\bwhy\b|\breasons?\b|what caused|how come"),
        ),
        (
            Asks.LIST,
            (
                "哪些|哪几|哪[两二三四五六七八九十]|有什么[^?]*[和与]|分别[是为叫]|各是|列出|列举|罗列|逐一|都有什么|有哪|包括什么|包含什么",
                r"\blist\b|\bname the\b|what are\b|which .*\bare\b|\bwhich (?:two|three|four|five|six|seven)\b",
            ),
        ),
        (Asks.PERSON, ("谁|何人|哪位|哪个人|什么人", r"\bwho(?:se|m)?\b")),
        (
            Asks.TIME,
            (
                "什么时候|何时|何年|哪一?年|哪一?天|哪个?月|几时|几月|啥时候|什么年代|几几年",
                r"\bwhen\b|what year|which year|what date",
            ),
        ),
        (
            Asks.PLACE,
            (
                "哪里|哪儿|何处|何地|什么地方|在哪|啥地方|位于|哪个?(?:国家|城市|省|市|区|县|地方|街道|地区|州)",
                r"\bwhere\b|which (?:city|country|district|place|province)",
            ),
        ),
        (
            Asks.ORGANISATION,
            (
                "哪一?家|哪个?(?:公司|企业|机构|单位|部门|大学|学校|组织|集团)|什么(?:公司|企业|机构)",
                r"\b(?:which|what) (?:company|firm|organi[sz]ation|institution|university)",
            ),
        ),
        (
            Asks.MANNER,
            (
                "怎么|怎样|如何|靠什么|用什么(?:办法|方法|方式)|什么(?:办法|方法|方式|途径|手段)",
                r"\bhow (?!many|much|large|big|long|old|far|high)",
            ),
        ),
        (
            Asks.DESCRIPTION,
            (
                "介绍|说说|谈谈|讲讲|讲一下|概述|概括|总结|描述|解释|怎么回事|什么意思|含义|体现在|干嘛|干什么用|做什么用",
                r"\bdescribe\b|\bexplain\b|tell me about|\bsummar",
            ),
        ),
        (
            Asks.VERDICT,
            (
                "是不是|是否|有没有|能不能|会不会|可不可以|吗|对不对",
                "^(?:is|are|was|were|does|do|did|has|have|can) ",
            ),
        ),
    )
)
# Closed-class words of questions; they say how something is asked, not about what.
_FUNCTION = frozenset(
    [
        "的",
        "了",
        "是",
        "在",
        "有",
        "和",
        "与",
        "及",
        "或",
        "呢",
        "吗",
        "吧",
        "啊",
        "请",
        "请问",
        "问",
        "什么",
        "多少",
        "哪",
        "哪些",
        "哪个",
        "哪家",
        "哪里",
        "哪儿",
        "哪位",
        "谁",
        "几",
        "几个",
        "怎么",
        "怎样",
        "如何",
        "为什么",
        "为何",
        "为啥",
        "何时",
        "时候",
        "什么样",
        "到底",
        "究竟",
        "一下",
        "一共",
        "总共",
        "大概",
        "大约",
        "知道",
        "想",
        "想知道",
        "告诉",
        "告诉我",
        "我",
        "你",
        "您",
        "它",
        "他",
        "她",
        "他们",
        "它们",
        "这",
        "那",
        "这个",
        "那个",
        "其",
        "该",
        "被",
        "把",
        "由",
        "对",
        "从",
        "到",
        "于",
        "以",
        "为",
        "因",
        "而",
        "则",
        "都",
        "也",
        "还",
        "就",
        "又",
        "才",
        "会",
        "能",
        "可以",
        "要",
        "得",
        "地",
        "着",
        "过",
        "么",
        "啥",
        "叫",
        "叫做",
        "叫什么",
        "名字",
        "属于",
        "来",
        "去",
        "上",
        "下",
        "里",
        "中",
        "内",
        "后",
        "前",
        "时",
        "年",
        "月",
        "日",
        "个",
        "家",
        "人",
        "项",
        "文中",
        "文章",
        "文",
        "里面",
        "提到",
        "提及",
        "说",
        "介绍",
        "哪一",
        "哪年",
        "主要",
        "具体",
        "分别",
        "有没有",
        "是不是",
        "是否",
        "关于",
        "根据",
        "按照",
        "之",
        "所",
        "让",
        "给",
        "跟",
        "用",
        "靠",
        "做",
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "how",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "that",
        "this",
        "these",
        "those",
        "it",
        "its",
        "by",
        "with",
        "from",
        "as",
        "about",
        "please",
        "tell",
        "me",
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "many",
        "much",
        "there",
        "their",
        "his",
        "her",
        "than",
        "then",
        "according",
        "document",
        "text",
        "article",
    ]
)
# The hundred or so most frequent surnames, folded (Ministry of Public Security, report on names, 2021).
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏"
    "付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_CONTENT_TAGS = ("n", "v", "a", "eng", "m", "j", "i", "l", "z", "s", "t", "f", "b", "q", "x", "g", "vn", "nz")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)(?=\s*年|[^\d万亿%.]|$)")
_PLACE_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|新区|地区|[省市区县镇乡州])$")


def understand(
    question: str, rarity: Callable[[str], float], everything: str, synonyms: Mapping[str, tuple[str, ...]]
) -> Asked:
    """Read a question: what sort of thing it wants, its content words with weights, the years it names.

    Args:
        question: A standalone question.
        rarity: Word (folded) → weight, 0 and up; inverse document frequency is meant.
        everything: Folded text of all documents; English words are translated into words of it.
        synonyms: Words of the question → folded words that say the same.
    """
    folded = fold(question)
    language = language_of(question)
    asks = next((asks for asks, pattern in _ASKS if pattern.search(folded)), Asks.THING)
    years = tuple(dict.fromkeys(_YEAR.findall(folded)))
    if language == "en":
        terms = _english_terms(question, rarity, everything)
    else:
        terms = _chinese_terms(folded, rarity, synonyms)
    return Asked(question, asks, language, tuple(term for term in terms if term.word not in years), years)


def _chinese_terms(folded: str, rarity: Callable[[str], float], synonyms: Mapping[str, tuple[str, ...]]) -> list[Term]:
    found: dict[str, Term] = {}
    for word, tag in rjieba.tag(folded):
        if _is_content(word, tag):
            found[word] = Term(word, rarity(word), _is_name(word, tag), tag.startswith("n"), synonyms.get(word, ()))
    return list(found.values())


def _english_terms(question: str, rarity: Callable[[str], float], everything: str) -> list[Term]:
    found: dict[str, Term] = {}
    for term in terms_in_documents(question, everything):
        word = term.term.lower()
        candidates = [fold(candidate) for candidate, _ in term.candidates]
        # A single character says little: 长 of 市长 stands in a hundred other words.
        alternatives = tuple(word for word in candidates if len(word) > 1) or tuple(candidates)
        weight = max((rarity(alternative) for alternative in alternatives), default=0.0)
        is_name = not alternatives and term.term[:1].isupper() and term.span.start > 0
        if word not in _FUNCTION and (alternatives or is_name):
            found[word] = Term(word, weight or rarity(word), is_name, alternatives=alternatives)
    return list(found.values())


def _is_name(word: str, tag: str) -> bool:
    """Tell whether a word names something; common words that a tagger takes for persons do not."""
    if len(word) < 2:
        return False
    if tag in ("nr", "nrt", "nrfg"):
        return word[0] in _SURNAMES and len(word) <= 3 and not rjieba.has_word(word)
    return tag in ("ns", "nt") or (word.isascii() and word.isalpha())


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


def covers_term(term: Term, text: str) -> float:
    """Tell how far folded ``text`` holds a term or one of its alternatives, 0 to 1."""
    own = covers(term.word, text)
    return own if own == 1.0 else max(own, 0.95 * any(word in text for word in term.alternatives))


def coverage(terms: Sequence[Term], text: str) -> float:
    """Return the weighted share of the terms that folded ``text`` covers, 0 to 1; 0 without terms."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * covers_term(term, text) for term in terms) / total if total else 0.0


# ── evidence ────────────────────────────────────────────────────────────────────────────────

N_COMPARED = 6
"""Sentences whose embeddings are compared with the question's."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a retrieved passage and what speaks for it.

    Attributes:
        hit: The passage.
        span: In the document.
        own: Coverage of the question by the sentence, what stands just before it counting for less.
        around: The same by passage and headings.
        fit: 1 if it holds the sort of thing asked for, 0 if not, 0.5 if nobody can tell.
        hole: Largest share of the question's weight that lies on one noun which is not covered, 0 to 1.
        dated: How many of the question's years stand in the sentence, or half as much just before it.
        cosine: Of question and sentence; ``None`` when not compared.
    """

    hit: Hit
    span: Span
    own: float
    around: float
    fit: float
    hole: float = 0.0
    dated: float = 0.0
    cosine: float | None = None

    @property
    def text(self) -> str:
        offset = self.hit.passage.span.start
        return self.hit.passage.readable[self.span.start - offset : self.span.end - offset]

    @property
    def score(self) -> float:
        return self.own + 0.4 * self.around + 0.25 * self.fit + 0.5 * self.dated + 0.1 * self.hit.score


def read(asked: Asked, hits: Sequence[Hit], texts: Mapping[str, str], similarity: Similarity) -> Reading:
    """Find the words that answer among retrieved passages.

    Args:
        asked: What :func:`understand` made of the question.
        hits: Retrieved passages, best first; may be empty.
        texts: Folded readable text of each document by name.
        similarity: Cosine of the question with each of some sentences.

    Returns:
        A reading; ``extracts`` is empty only if there are no passages. ``probability`` says how likely they answer.
    """
    missing = tuple(term.word for term in asked.terms if term.is_name and not _is_known(term, texts.values()))
    ranked = _rank(asked, hits, texts, similarity)
    if not ranked:
        return Reading(asked, (), 0.0, missing, asked.years)
    best = ranked[0]
    missing_years = tuple(year for year in asked.years if year not in fold(best.hit.passage.readable))
    chosen = [_extract(asked, sentence) for sentence in _choose(asked, ranked)]
    extracts = (*_leading_up(asked, chosen[0], texts), *chosen, *_leading_on(asked, chosen[-1], texts))
    probability = _probability(asked, best, len(missing), len(missing_years))
    return Reading(asked, extracts, probability, missing, missing_years, _extract(asked, best))


def _is_known(term: Term, texts: Iterable[str]) -> bool:
    return any(covers_term(term, text) >= 0.5 for text in texts)


def _rank(asked: Asked, hits: Sequence[Hit], texts: Mapping[str, str], similarity: Similarity) -> list[_Sentence]:
    found = sorted((sentence for hit in hits for sentence in _sentences(asked, hit, texts)), key=_rank_key)
    compared = found[:N_COMPARED]
    cosines = similarity([sentence.text for sentence in compared])
    pairs = zip(compared, cosines, strict=True)
    return sorted((replace(sentence, cosine=cosine) for sentence, cosine in pairs), key=_rank_key)


def _rank_key(sentence: _Sentence) -> tuple[float, str, Span]:
    meaning = 0.0 if sentence.cosine is None else 4.0 * sentence.cosine
    return -(sentence.score + meaning), sentence.hit.passage.document, sentence.span


BEFORE_CHARS = 120
"""How far before a sentence its subject may stand."""
_BEFORE_WEIGHT = 0.6
_HEADING_WEIGHT = 0.5


def _sentences(asked: Asked, hit: Hit, texts: Mapping[str, str]) -> list[_Sentence]:
    passage, document = hit.passage, texts[hit.passage.document]
    heading = fold(passage.context)
    around = coverage(asked.terms, heading + " " + passage.span.of(document))
    found = []
    for local in sentences(passage.readable):
        span = local.shift(passage.span.start)
        text = span.of(document)
        # A sentence that points back may point beyond its passage, another does not.
        earliest = 0 if _ANAPHOR.match(text) else passage.span.start
        before = document[max(earliest, span.start - BEFORE_CHARS) : span.start]
        own = _coverage_in_place(asked.terms, text, before, heading)
        dated = sum(1.0 if year in text else 0.5 * (year in before) for year in asked.years)
        found.append(_Sentence(hit, span, own, around, _fits(asked, text), _hole(asked.terms, text + before), dated))
    return found


def _coverage_in_place(terms: Sequence[Term], text: str, before: str, heading: str) -> float:
    """Return the coverage of a sentence; a subject named just before it or in a heading is carried over."""
    total = covered = 0.0
    for term in terms:
        total += term.weight
        covered += term.weight * max(
            covers_term(term, text),
            _BEFORE_WEIGHT * covers_term(term, before),
            _HEADING_WEIGHT * covers_term(term, heading),
        )
    return covered / total if total else 0.0


MAX_LABEL_CHARS = 30
"""A sentence up to this long that lists nothing may be the label of what follows (「四網融合」。指…)."""


def _leading_on(asked: Asked, last: Extract, texts: Mapping[str, str]) -> tuple[Extract, ...]:
    """Give the sentence after one that only names what was asked for, as a heading or an entry of a glossary does."""
    document = texts[last.document]
    text = last.sentence.of(document)
    if (
        asked.asks not in _EXPLAINS | {Asks.LIST, Asks.THING}
        or len(text) > MAX_LABEL_CHARS
        or _fits(asked, text) == 1.0
    ):
        return ()
    if asked.asks is Asks.THING and not _LABEL.match(text):
        return ()
    end = last.sentence.end
    following = [span.shift(end) for span in sentences(document[end : end + 4 * BEFORE_CHARS])]
    return (replace(last, answer=following[0], sentence=following[0]),) if following else ()


def _hole(terms: Sequence[Term], text: str) -> float:
    total = sum(term.weight for term in terms)
    gaps = (term.weight * (1.0 - covers_term(term, text)) for term in terms if term.is_noun)
    return max(gaps, default=0.0) / total if total else 0.0


# A sentence that begins so speaks of what stands before it.
_ANAPHOR = re.compile(r"这|该|其|他|她|它|此|那|同年|当年|同期")


def _leading_up(asked: Asked, first: Extract, texts: Mapping[str, str]) -> tuple[Extract, ...]:
    """Give the sentence before the answer where the answer leans on it: for its time, or for whom it speaks of."""
    document = texts[first.document]
    text = first.sentence.of(document)
    begin = max(0, first.sentence.start - BEFORE_CHARS)
    leans = asked.asks in (Asks.PERSON, Asks.ORGANISATION) and _ANAPHOR.match(text)
    lacks_time = asked.asks is Asks.TIME and not _MOMENT.search(text)
    if not (leans or lacks_time):
        return ()
    earlier = [span.shift(begin) for span in sentences(document[begin : first.sentence.start])]
    if lacks_time:
        earlier = [span for span in earlier if _MOMENT.search(span.of(document))]
    return (replace(first, answer=earlier[-1], sentence=earlier[-1]),) if earlier else ()


# What an answer of a sort looks like, in folded text.
_CAUSE = re.compile(
    r"因为|由于|原因|所以|因此|源于|得益于|归功于|为了|旨在|以便|从而|导致|使得|受限于|背景下|正是|because|due to|since"
)
_MEANS = re.compile(
    r"通过|依托|利用|借助|凭借|采取|采用|推动|建立|实施|打造|将.{1,20}[为成]|以.{1,20}为|\bby\b|through|using"
)
_MOMENT = re.compile(r"\d{4}年|\d+世纪|\d+月|[一二三四五六七八九十]+月|年代|\b(?:19|20)\d{2}\b")
_LABEL = re.compile(r"(?:\d+[.、)）]|[(（]?[一二三四五六七八九十]+[)）、.]|[“「《])|^[^，,;；]*$")
_ENUMERATION = re.compile(r"[^、]+、[^、]+|一是|二是|首先|其次|第一[,，、]|[;；]")
_TAGS_OF: Mapping[Asks, frozenset[str]] = {
    Asks.PLACE: frozenset({"ns", "s"}),
    Asks.ORGANISATION: frozenset({"nt", "nz", "ns", "eng"}),
}
_PATTERN_OF: Mapping[Asks, re.Pattern[str]] = {
    Asks.REASON: _CAUSE,
    Asks.MANNER: _MEANS,
    Asks.TIME: _MOMENT,
    Asks.LIST: _ENUMERATION,
}
_EXPLAINS = frozenset({Asks.REASON, Asks.MANNER, Asks.DESCRIPTION})


def _fits(asked: Asked, folded: str) -> float:
    if pattern := _PATTERN_OF.get(asked.asks):
        return float(bool(pattern.search(folded)))
    known = {term.word for term in asked.terms}
    if asked.asks is Asks.PERSON:
        return float(any(_is_person(word, tag) and word not in known for word, tag in rjieba.tag(folded)))
    if tags := _TAGS_OF.get(asked.asks):
        return float(any(tag in tags and word not in known for word, tag in rjieba.tag(folded)))
    return 0.5


def _is_person(word: str, tag: str) -> bool:
    return tag in ("nr", "nrt", "nrfg") and 2 <= len(word) <= 4 and (word[0] in _SURNAMES or "·" in word)


# ── the answer ──────────────────────────────────────────────────────────────────────────────


def _choose(asked: Asked, ranked: Sequence[_Sentence]) -> list[_Sentence]:
    """Take the best sentence, and for explanations its best companions in the same passage, in order."""
    best = ranked[0]
    if asked.asks not in _EXPLAINS:
        return [best]
    least = _rank_key(best)[0] + 1.2
    near = [row for row in ranked if row.hit.passage.id == best.hit.passage.id and _rank_key(row)[0] <= least]
    return sorted(near[:3], key=lambda row: row.span)


def _extract(asked: Asked, sentence: _Sentence) -> Extract:
    answer = sentence.span
    if asked.asks not in _EXPLAINS and asked.asks is not Asks.LIST:
        answer = _shorten(asked, sentence.hit.passage, sentence.span)
    covered = max(sentence.own, 0.8 * sentence.around)
    return Extract(
        sentence.hit.passage.document, answer, sentence.span, sentence.score, covered, sentence.cosine or 0.0
    )


def _shorten(asked: Asked, passage: Passage, sentence: Span) -> Span:
    """Cut a sentence to the run of clauses that covers most of the question and holds what is asked for."""
    if len(sentence) <= MAX_ANSWER_CHARS:
        return sentence
    offset = passage.span.start
    parts = clauses(passage.readable, Span(sentence.start - offset, sentence.end - offset))
    windows = [
        Span(parts[first].start, parts[last].end)
        for first in range(len(parts))
        for last in range(first, len(parts))
        if last == first or parts[last].end - parts[first].start <= MAX_ANSWER_CHARS
    ]

    def worth(window: Span) -> float:
        text = fold(window.of(passage.readable))
        return coverage(asked.terms, text) + 0.35 * _fits(asked, text) - 0.002 * len(window)

    return max(windows, key=worth).shift(offset)


# Weights of the evidence; set by hand on the development halves of evals/, all four sets together.
_BIAS, _OWN, _AROUND, _FIT, _COSINE, _HOLE = -5.2, 2.5, 1.2, 1.2, 4.0, 3.0
_NAME_MISSING = _YEAR_MISSING = 3.0
_NO_PERSON = 2.5


def _probability(asked: Asked, best: _Sentence, n_missing: int, n_missing_years: int) -> float:
    """Turn the evidence into the probability that the best sentence answers (logistic model)."""
    evidence = _BIAS + _OWN * best.own + _AROUND * best.around + _FIT * best.fit + _COSINE * (best.cosine or 0.0)
    evidence -= _HOLE * max(0.0, best.hole - 0.2) + _NAME_MISSING * n_missing + _YEAR_MISSING * n_missing_years
    if asked.asks is Asks.PERSON and not best.fit:
        evidence -= _NO_PERSON
    return 1.0 / (1.0 + math.exp(-evidence))


def extract_span(question: str, context: str, similarity: Similarity) -> str:
    """Return the words of ``context`` that answer ``question``, given that it does; for benchmarks of reading."""
    passage = Passage("", "", "context", Span(0, len(context)), context, context)
    asked = understand(question, lambda word: float(len(word)), fold(context), {})
    reading = read(asked, [Hit(passage, 1.0, 0.0, 0.0)], {"context": fold(context)}, similarity)
    return reading.extracts[-1].answer.of(context) if reading.extracts else ""
