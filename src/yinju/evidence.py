"""What speaks for each sentence of the retrieved passages as the answer to a question, and the odds it comes to.

Evidence is: covered words (weighted by rarity), whether the sort of thing asked for stands there, what is missing,
the passage's rank and the trained reader's opinion. One logistic model turns it into a
probability; it ranks the sentences as well. Its weights are fitted by ``training/fit_evidence.py``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import rjieba

from yinju import logistic
from yinju.asked import SURNAMES, Asked, Asks, Term, coverage, covers_term
from yinju.reader import SpanScore
from yinju.text import fold, orders_machine, sentences
from yinju.types import Hit, Passage, Span

BEFORE_CHARS = 120
"""How far before a sentence its subject may stand."""
_BEFORE_WEIGHT = 0.6
_HEADING_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage and what speaks for it.

    Attributes:
        hit: The passage.
        span: In the document.
        own: Coverage of the question by the sentence, what stands just before it counting for less.
        around: The same by passage and headings.
        fit: 1 if it holds the sort of thing asked for, 0 if not, 0.5 if nobody can tell.
        hole: Largest share of the question's weight that lies on one noun which is not covered, 0 to 1.
        strange: How many names of the question its passage does not know.
        opposed: The question says that something rose (won, opened …) and the sentence says only the contrary.
        dated: How many of the question's years stand in the sentence, or half as much just before it.
        found: What the reader found in it, best first; ``None`` when it was not read.
    """

    hit: Hit
    span: Span
    own: float
    around: float
    fit: float
    hole: float = 0.0
    strange: int = 0
    opposed: bool = False
    dated: float = 0.0
    found: tuple[SpanScore, ...] | None = None

    @property
    def passage(self) -> Passage:
        """The passage it stands in."""
        return self.hit.passage

    @property
    def text(self) -> str:
        """Its readable text."""
        offset = self.passage.span.start
        return self.passage.readable[self.span.start - offset : self.span.end - offset]

    @property
    def first_look(self) -> float:
        """How it ranks before the reader is asked; higher is better."""
        return self.own + 0.4 * self.around + 0.25 * self.fit + 0.5 * self.dated + 0.1 * self.hit.score


def candidates(asked: Asked, hit: Hit, texts: Mapping[str, str]) -> list[Candidate]:
    """Return the sentences of a retrieved passage, orders to the machine left out.

    Args:
        asked: The question.
        hit: The passage.
        texts: Folded readable text of each document by name.
    """
    passage, document = hit.passage, texts[hit.passage.document]
    heading = fold(passage.context)
    around = coverage(asked.terms, heading + " " + passage.span.of(document))
    near = heading + " " + document[max(0, passage.span.start - 2 * BEFORE_CHARS) : passage.span.end]
    strange = sum(term.is_name and covers_term(term, near) < 0.5 for term in asked.terms)
    found = []
    for span in (local.shift(passage.span.start) for local in sentences(passage.readable)):
        text = span.of(document)
        if orders_machine(text):
            continue
        # A sentence that points back may point beyond its passage, another does not.
        earliest = 0 if points_back(text) else passage.span.start
        before = document[max(earliest, span.start - BEFORE_CHARS) : span.start]
        own = _coverage_in_place(asked.terms, text, before, heading)
        dated = sum(1.0 if year in text else 0.5 * (year in before) for year in asked.years)
        hole = _hole(asked.terms, text + before)
        contrary = opposed(fold(asked.question), text)
        found.append(Candidate(hit, span, own, around, fits(asked, text), hole, strange, contrary, dated))
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


def _hole(terms: Sequence[Term], text: str) -> float:
    total = sum(term.weight for term in terms)
    gaps = (term.weight * (1.0 - covers_term(term, text)) for term in terms if term.is_noun)
    return max(gaps, default=0.0) / total if total else 0.0


# ── the sort of thing asked for ─────────────────────────────────────────────────────────────

_ANAPHOR = re.compile(r"这|该|其|他|她|它|此|那|同年|当年|同期")
_CAUSE = re.compile(
    r"因为|由于|原因|所以|因此|源于|得益于|归功于|为了|旨在|以便|从而|导致|使得|受限于|背景下|正是|because|due to|since"
)
_MEANS = re.compile(
    r"通过|依托|利用|借助|凭借|采取|采用|推动|建立|实施|打造|将.{1,20}[为成]|以.{1,20}为|\bby\b|through|using"
)
_MOMENT = re.compile(r"\d{4}年|\d+世纪|\d+月|[一二三四五六七八九十]+月|年代|\b(?:19|20)\d{2}\b")
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


def fits(asked: Asked, folded: str) -> float:
    """Tell whether folded text holds the sort of thing asked for: 1, 0, or 0.5 if nobody can tell."""
    if pattern := _PATTERN_OF.get(asked.asks):
        return float(bool(pattern.search(folded)))
    known = frozenset(term.word for term in asked.terms)
    if asked.asks is Asks.PERSON:
        return float(_names_person(folded, known))
    if tags := _TAGS_OF.get(asked.asks):
        return float(any(tag in tags and word not in known for word, tag in rjieba.tag(folded)))
    return 0.5


def points_back(folded: str) -> bool:
    """Tell whether a sentence begins by speaking of what stands before it."""
    return bool(_ANAPHOR.match(folded))


def names_moment(folded: str) -> bool:
    """Tell whether a text names a year, a month, a century."""
    return bool(_MOMENT.search(folded))


_POST = r"(?:[省市区县州乡镇校院会局厅行馆部处科所站队团社]长|主任|书记|总裁|经理|主席|主编)"
# Contraries, folded: what a question takes for granted and a text may deny.
_CONTRARIES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (
            r"上升|增长|提高|提升|增加|上涨|扩大|扩张|回升|走高|涨|变多|变大|\b(?:r[io]se|gr[eo]w|increas|expand|climb)",
            r"下降|减少|降低|下跌|萎缩|下滑|缩小|收缩|回落|走低|负增长|跌|变少|变小|\b(?:f[ae]ll|declin|decreas|drop|shr[aiu]nk)",
        ),
        (rf"(?<!副){_POST}", rf"副{_POST}"),
        (r"盈利|赚钱|\bprofit", r"亏损|亏钱|赔钱|\bloss"),
        (r"关闭|关停|停办|倒闭|撤销|取消|\bclos", r"开放|开业|开办|成立|设立|启用|\bopen"),
        (r"失败|落选|\bfail|\blost\b", r"成功|获胜|入选|当选|\bw[io]n\b|\bsucce"),
        (r"反对|拒绝|\brefus|\boppos", r"支持|同意|赞成|\bsupport|\bagree"),
        (
            r"最少|最小|最低|最晚|最后|\b(?:least|smallest|lowest|last)\b",
            r"最多|最大|最高|最早|首个|\b(?:most|largest|highest|first)\b",
        ),
    )
)


def opposed(question: str, text: str) -> bool:
    """Tell whether a folded question takes for granted what folded text says only the contrary of."""
    return any(
        mine.search(question) and not its.search(question) and its.search(text) and not mine.search(text)
        for one, other in _CONTRARIES
        for mine, its in ((one, other), (other, one))
    )


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


# ── odds ────────────────────────────────────────────────────────────────────────────────────

MAX_HOLE_FOR_PERSONS = 0.25
"""Above it the office or deed asked about is not in the text: a deputy is not the head."""
AT_LENGTH = frozenset({Asks.REASON, Asks.MANNER, Asks.DESCRIPTION, Asks.LIST})
"""Answers to these are longer than what the reader was trained to find."""
READER_SCALE = 4.0
"""Reader scores are squashed by tanh(score / this): far from zero they say no more."""


def features(asked: Asked, candidate: Candidate, n_missing: int, n_missing_years: int) -> dict[str, float]:
    """Return the evidence for a candidate as numbers of like size.

    Args:
        asked: The question.
        candidate: Read, if at all.
        n_missing: How many names of the question no document knows.
        n_missing_years: How many of its years the passage does not name.
    """
    best = max((found.score for found in candidate.found or ()), default=-2 * READER_SCALE)
    opinion = math.tanh(best / READER_SCALE)
    wants_person = asked.asks is Asks.PERSON
    english = float(asked.language == "en")
    return {
        "own": candidate.own,
        "around": candidate.around,
        "fit": candidate.fit,
        "hole": max(0.0, candidate.hole - 0.2),
        "strange": float(min(2, candidate.strange)),
        "opposed": float(candidate.opposed),
        "dated": candidate.dated,
        "rank": candidate.hit.score / 4,
        "reader": opinion,
        "reader_at_length": opinion * (asked.asks in AT_LENGTH),
        "at_length": float(asked.asks in AT_LENGTH),
        "english": english,
        "english_own": english * candidate.own,
        "english_reader": english * opinion,
        "missing": float(min(2, n_missing)),
        "missing_years": float(min(2, n_missing_years)),
        "no_person": float(wants_person and (not candidate.fit or candidate.hole > MAX_HOLE_FOR_PERSONS)),
    }


BIAS = -1.78
WEIGHTS: Mapping[str, float] = {
    "own": 0.94, "around": -0.14, "fit": 0.40, "hole": -0.13, "strange": -0.03, "dated": 0.10, "rank": 1.45,
    "reader": 2.63, "reader_at_length": -0.2, "at_length": -0.08, "english": -0.75, "english_own": -0.02,
    "english_reader": -0.16, "missing_years": -1.0,
    # Set by hand: fitted they are next to nothing, as the reader has learned of them, but a few traps are not in its
    # questions.
    "no_person": -0.5, "opposed": -0.5, "missing": -0.4,
}  # fmt: skip
"""Fitted by ``training/fit_evidence.py``; corrected for the last stage of the reader, as ``figures/belief.py`` is."""


def log_odds(evidence: Mapping[str, float]) -> float:
    """Return the log odds that a candidate with this evidence answers."""
    return logistic.log_odds(BIAS, WEIGHTS, evidence)
