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

import rjieba

from yinju.asked import SURNAMES, Asked, Asks, Term, coverage, covers_term, understand
from yinju.text import clauses, fold, orders_machine, sentences
from yinju.types import Hit, Passage, Span

MAX_ANSWER_CHARS = 64
"""Longest direct answer; the contract asks for about 60 characters of prose."""
MAX_SENTENCES = 5
"""Longest explanation or list, in sentences (contract)."""

Similarity = Callable[[Sequence[str]], Sequence[float]]
"""Cosines of the question with texts, -1 to 1."""


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
        strange: How many proper names of the question its passage does not know.
        dated: How many of the question's years stand in the sentence, or half as much just before it.
        cosine: Of question and sentence; ``None`` when not compared.
    """

    hit: Hit
    span: Span
    own: float
    around: float
    fit: float
    hole: float = 0.0
    strange: int = 0
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
    near = heading + " " + document[max(0, passage.span.start - 2 * BEFORE_CHARS) : passage.span.end]
    found = []
    for local in sentences(passage.readable):
        span = local.shift(passage.span.start)
        if orders_machine(span.of(document)):
            continue
        text = span.of(document)
        # A sentence that points back may point beyond its passage, another does not.
        earliest = 0 if _ANAPHOR.match(text) else passage.span.start
        before = document[max(earliest, span.start - BEFORE_CHARS) : span.start]
        own = _coverage_in_place(asked.terms, text, before, heading)
        dated = sum(1.0 if year in text else 0.5 * (year in before) for year in asked.years)
        strange = sum(term.is_proper and covers_term(term, near) < 0.5 for term in asked.terms)
        hole = _hole(asked.terms, text + before)
        found.append(_Sentence(hit, span, own, around, _fits(asked, text), hole, strange, dated))
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
    known = frozenset(term.word for term in asked.terms)
    if asked.asks is Asks.PERSON:
        return float(_names_person(folded, known))
    if tags := _TAGS_OF.get(asked.asks):
        return float(any(tag in tags and word not in known for word, tag in rjieba.tag(folded)))
    return 0.5


_TITLE = re.compile(r".*(?:长|书记|总裁|经理|主任|教授|院士|委员|先生|女士|博士|代表|人|家|师|员)$")
_PERSONS_DO = frozenset("说 表示 介绍 指出 认为 创立 创办 担任 出任 强调 解释 主持 率领 带领".split())


def _names_person(folded: str, known: frozenset[str]) -> bool:
    """Tell whether a text names a person other than those known; a tagger takes much for a name, hence the care."""
    tagged = rjieba.tag(folded)
    around = ["", *(word for word, _ in tagged), ""]
    return any(
        _is_person(word, tag, around[i], around[i + 2]) for i, (word, tag) in enumerate(tagged) if word not in known
    )


def _is_person(word: str, tag: str, before: str, after: str) -> bool:
    if tag not in ("nr", "nrt", "nrfg") or not 2 <= len(word) <= 4:
        return False
    if "·" in word:
        return True
    if word[0] not in SURNAMES:
        return False
    given_is_word = len(word) == 3 and rjieba.has_word(word[1:])  # 高水平 is no Ms Gao
    return not given_is_word or bool(_TITLE.fullmatch(before)) or after in _PERSONS_DO


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
_STRANGE = 1.5
_MAX_HOLE_FOR_PERSONS = 0.25
"""Above it the office or deed asked about is not in the text: a deputy is not the head."""


def _probability(asked: Asked, best: _Sentence, n_missing: int, n_missing_years: int) -> float:
    """Turn the evidence into the probability that the best sentence answers (logistic model)."""
    evidence = _BIAS + _OWN * best.own + _AROUND * best.around + _FIT * best.fit + _COSINE * (best.cosine or 0.0)
    evidence -= _HOLE * max(0.0, best.hole - 0.2) + _NAME_MISSING * n_missing + _YEAR_MISSING * n_missing_years
    evidence -= _STRANGE * best.strange
    if asked.asks is Asks.PERSON and (not best.fit or best.hole > _MAX_HOLE_FOR_PERSONS):
        evidence -= _NO_PERSON
    return 1.0 / (1.0 + math.exp(-evidence))


def extract_span(question: str, context: str, similarity: Similarity) -> str:
    """Return the words of ``context`` that answer ``question``, given that it does; for benchmarks of reading."""
    passage = Passage("", "", "context", Span(0, len(context)), context, context)
    asked = understand(question, lambda word: float(len(word)), fold(context), {})
    reading = read(asked, [Hit(passage, 1.0, 0.0, 0.0)], {"context": fold(context)}, similarity)
    return reading.extracts[-1].answer.of(context) if reading.extracts else ""
