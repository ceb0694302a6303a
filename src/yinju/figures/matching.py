"""How well rows fit a question in meaning, once the constraints are seen to.

A score joins how far the row's words cover the question's, weighted by rarity and by where they stand, the similarity
of embeddings for words that differ, and the rank of the passage the row stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import rjieba

import yinju.figures.cues as cues
from yinju.figures.constraints import PERCENTS, Constraints, Failure, all_forms
from yinju.figures.periods import MONTHS_A_YEAR
from yinju.figures.profiles import Profile, Profiles, core, covers
from yinju.figures.query import FigureQuestion, Term
from yinju.figures.sameness import metric_words
from yinju.text import fold
from yinju.types import TIMES, Figure, Role

if TYPE_CHECKING:
    import numpy as np

SPECIFIC_PENALTY = 0.15
"""What a row loses that measures something narrower than was asked; set on the development halves of evals/."""
OTHER_PENALTY = 0.1
"""What a row loses besides where the question's words are missing from it as well; set likewise."""
DIFFERENT_KIND = 0.25
MEANS_IT, COVERS_IT = 0.6, 0.35
"""Similarity and coverage from which a row is taken to speak of what was asked in other words; set likewise."""
N_PROMISING = 12
"""Rows that the reader is asked about, at most."""
LONG_AGO = 5
"""Years before a document's main year from which a row is history, unless the question asks for its time."""
# Where a word stands tells how surely it belongs to the figure; set on the development halves of evals/.
_ZONES: tuple[tuple[Callable[[Profile], str], float], ...] = (
    (lambda profile: profile.own, 1.0),
    (lambda profile: profile.entity, 0.85),
    (lambda profile: profile.clause, 0.8),
    (lambda profile: profile.prior, 0.75),
    (lambda profile: profile.sentence, 0.6),
    (lambda profile: profile.before, 0.4),
)
_RATE_NOUN = re.compile(r"率|强度|比|密度|\brate|ratio|percent")
_NO_NAME_START = frozenset("年月日的在是和与及到从对为了个家这那有多少几每被把将")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:大学|学院|医院|银行|集团|公司|研究院|实验室|科学城)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What retrieval knows about a question, all of it optional.

    Attributes:
        passage_scores: Fused retrieval score of the passage a figure stands in, 0 to 1.
        similarity: Cosine of the question with each figure's description, in the ledger's order.
        texts: Readable text of each document by name.
        profiles: The ledger profiled once, to save doing it for each question.
        opinions: The reader's scores of figures as the answer, by ``Figure.id``, above 0 where it believes them; given
            the question and the promising ones, best first. It need not look at them all, and may look at others.
    """

    passage_scores: Callable[[Figure], float] | None = None
    similarity: np.ndarray | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    profiles: Profiles | None = None
    opinions: Callable[[str, Sequence[Figure]], Mapping[str, float]] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row, how well it fits in meaning (0 to 1), how far its words cover the question's, and the demands it fails.

    ``content`` is the coverage of the words that are no names, 1 when there are none. ``unspoken`` tells that the row
    does not speak of what was asked to be measured, in words at least. ``meaning`` is the likeness of the row's
    description to the question, 0 to 1 over the ledger, ``opinion`` the reader's score; ``None`` where nobody looked.
    ``behind`` is how far that lies below its score of any figure, those that fail a constraint included.
    ``off_time`` tells that it is of long before the document's main year and the question asks for no time, or that
    it is the change within another time than the years asked for. ``planned`` tells that it is a plan or a forecast
    and the question does not say whether it wants one. ``foreign`` tells that question and document are in different
    languages, so that words say less. ``named_cell`` tells that it is a cell whose row and column the question names
    outright.
    ``chance`` is its share of the competition with the others that fail nothing, 0 to 1, once all is weighed, and
    ``belief`` the probability that it answers, in the light of what speaks against them all.
    """

    profile: Profile
    score: float
    coverage: float
    failures: tuple[Failure, ...] = ()
    content: float = 1.0
    unspoken: bool = False
    off_time: bool = False
    planned: bool = False
    foreign: bool = False
    named_cell: bool = False
    meaning: float | None = None
    opinion: float | None = None
    behind: float = 0.0
    chance: float = 0.0
    belief: float = 0.0

    @property
    def figure(self) -> Figure:
        """The ledger row."""
        return self.profile.figure

    @property
    def failure(self) -> Failure | None:
        """The first demand it fails, to be put into words."""
        return next(iter(self.failures), None)

    @property
    def doubts(self) -> frozenset[str]:
        """Which of the question's demands the row may not meet, where that is no more than a doubt."""
        return frozenset(failure.doubt for failure in self.failures if failure.doubt)

    @property
    def can_answer(self) -> bool:
        """Whether nothing, or nothing but doubts, speaks against the row."""
        return all(failure.doubt for failure in self.failures)


class Matcher:
    """Ranks the rows of a ledger for one question."""

    def __init__(self, profiles: Profiles, evidence: Evidence) -> None:
        self.profiles = profiles
        self.evidence = evidence
        self.constraints = Constraints(profiles)
        self._meaning = _standardised(evidence.similarity, len(profiles))

    def rank(self, question: FigureQuestion, by_words_alone: bool = False) -> list[Candidate]:
        """All rows, best first; ties in the document's order."""
        question = self._with_names(self._with_subjects(self._as_written(question)))
        candidates = [self._candidate(question, i, by_words_alone) for i in range(len(self.profiles))]
        return sorted(candidates, key=lambda c: (-c.score, c.figure.document, c.figure.quantity.span))

    def with_opinions(self, question: FigureQuestion, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Ask the reader about the first of some candidates, in whose order they come back."""
        if self.evidence.opinions is None:
            return list(candidates)
        said = self.evidence.opinions(question.text, [c.figure for c in candidates[:N_PROMISING]])
        most = max(said.values(), default=0.0)
        return [
            c if (own := said.get(c.figure.id)) is None else replace(c, opinion=own, behind=most - own)
            for c in candidates
        ]

    def _as_written(self, question: FigureQuestion) -> FigureQuestion:
        """Mend words cut wrongly: a piece no document has gives way to a word across its edges that one has."""
        folded = fold(question.text)
        terms = tuple(self._mended(term, folded) for term in question.terms)
        return replace(question, terms=terms) if terms != question.terms else question

    def _mended(self, term: Term, folded: str) -> Term:
        at = folded.find(term.text)
        if term.name or term.text.isascii() or len(term.text) > 2 or at < 0 or self.profiles.mentions(term.text):
            return term
        for length in (3, 2):
            for start in range(max(0, at - length + 1), at + len(term.text)):
                word = folded[start : start + length]
                crosses = start < at or start + length > at + len(term.text)
                if not (crosses and len(word) == length and _HAN.fullmatch(word) and rjieba.has_word(word)):
                    continue
                if self.profiles.mentions(word):
                    return term if word in cues.STOP else replace(term, text=word, alternatives=(), name=False)
        return term

    def _with_subjects(self, question: FigureQuestion) -> FigureQuestion:
        """Read the name of whom a document is about whole, which the dictionary may not know; 那條新路 names nobody."""
        folded = fold(question.text)
        terms = tuple(
            replace(term, name=False) if term.name and self._only_pointed_at(term, folded) else term
            for term in question.terms
        )
        for subject in map(core, self.profiles.subjects.values()):
            whole = any(term.name and subject in term.text for term in terms)
            if len(subject) > 1 and subject in folded and not whole:
                terms = (*(term for term in terms if term.text not in subject), Term(subject, name=True))
        return replace(question, terms=terms) if terms != question.terms else question

    def _only_pointed_at(self, term: Term, folded: str) -> bool:
        pointed = re.search(rf"[那这]一?[条座家间所个款种位支批群]{re.escape(term.text)}", folded)
        return pointed is not None and not self.profiles.mentions(term.text)

    def _with_names(self, question: FigureQuestion) -> FigureQuestion:
        """Add names that the dictionary cuts to pieces but the documents hold whole (南方科技大學)."""
        known = [term.text for term in question.terms if term.name]
        found = [
            word[start:]
            for word in _ORGANISATION.findall(fold(question.text))
            for start in range(len(word) - 3)
            if word[start] not in _NO_NAME_START
            if self.profiles.mentions(word[start:]) and not any(name in word[start:] for name in known)
        ]
        proper = [name for name in found if not _is_one_common_word(name)]
        names = tuple(Term(max(proper, key=len), name=True) for _ in proper[:1])
        return replace(question, terms=question.terms + names)

    def _candidate(self, question: FigureQuestion, index: int, by_words_alone: bool) -> Candidate:
        profile = self.profiles[index]
        coverage = self._coverage(question.terms, profile)
        meaning = None if self._meaning is None else self._meaning[index]
        if by_words_alone:
            score = coverage
        else:
            passage = self.evidence.passage_scores(profile.figure) if self.evidence.passage_scores else 0.0
            score = _blend(coverage, meaning, passage)
        failures = self.constraints.failures(question, profile)
        words = question.metric_terms
        content = self._coverage(words, profile) if words else 1.0
        meant = (meaning or 0.0) >= MEANS_IT and coverage >= COVERS_IT
        unspoken = not meant and self._unspoken(question, profile)
        off_time = self._is_history(question, profile) or self._is_within(question, profile)
        planned = profile.target and question.target is None
        foreign = (question.language == "en") != self.profiles.is_english(profile.figure.document)
        grid = self.profiles.grid
        named_cell = grid.place(profile.figure) is not None and grid.names_cell(profile.figure, fold(question.text))
        found = Candidate(
            profile, score, coverage, failures, content, unspoken, off_time, planned, foreign, named_cell, meaning
        )
        if by_words_alone:
            return found
        narrower = self._unasked(question, profile) * max(0.0, 2 * coverage - 1)
        # Words missing on both sides: another thing of the same sort (戶籍人口, 常住人口).
        other = min(1.0 - coverage, narrower)
        score -= DIFFERENT_KIND * self._of_another_sort(question, profile)
        score += self.preference(question, profile) - SPECIFIC_PENALTY * narrower - OTHER_PENALTY * other
        return replace(found, score=max(0.0, score))

    def _unspoken(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether what is asked to be measured is nowhere up to the figure.

        The last noun of a question is what it wants measured (工業增加值是多少 → 增加值); it has to stand before the
        figure in its sentence or in its own words, the others in reach of it. A noun the documents do not have at all
        may be a paraphrase and is forgiven while another noun is there; one they have elsewhere means that other thing.
        """
        head = _asked_at_the_end(question)
        nouns = [t for t in question.terms if not t.name and (t.weight >= 1.0 or t is head)]
        if not nouns or profile.figure.quantity.kind in TIMES:
            return False
        figure = profile.figure
        ahead = profile.sentence[: figure.quantity.span.end - figure.sentence.start]
        near = " ".join((profile.own, profile.clause, ahead, profile.entity))
        zones = [f"{near} {profile.before}"] * (len(nouns) - 1) + [near]
        gaps = [t for t, zone in zip(nouns, zones, strict=True) if covers(zone, t.forms) < 0.5]
        elsewhere = [t for t in gaps if any(map(self.profiles.mentions, t.forms))]
        if question.language == "en":  # translations miss too often for more
            return len(gaps) == len(nouns)
        if len(nouns) <= 2:
            return bool(elsewhere) or len(gaps) == len(nouns)
        return len(elsewhere) >= len(nouns) - 1

    def _coverage(self, terms: Sequence[Term], profile: Profile) -> float:
        total = covered = 0.0
        for term in terms:
            weight = term.weight * (0.35 + 0.65 * max(self.profiles.rarity(form) for form in term.forms))
            if term.name and self._is_subject(term, profile):
                weight *= 0.1
            total += weight
            covered += weight * self.found(term, profile)
        return covered / total if total else 0.0

    def found(self, term: Term, profile: Profile) -> float:
        """How far a row speaks of a term, 0 to 1, by the nearest place that has it."""
        words = all_forms(term) if term.name else term.forms
        best = max(share * covers(zone(profile), words) for zone, share in _ZONES)
        return max(best, 0.9) if term.name and self._is_subject(term, profile) else best

    def _is_subject(self, term: Term, profile: Profile) -> bool:
        return any(self.profiles.is_subject(form, profile) for form in term.forms)

    def preference(self, question: FigureQuestion, profile: Profile) -> float:
        """Small moves between rows that fit alike: results before plans, the latest year, the unit asked for."""
        figure = profile.figure
        bonus = self._of_time(question, profile) + _of_role(question, profile)
        if question.given and _bare(figure.quantity.surface) in map(_bare, question.given):
            bonus += 0.6
        if question.unit and fold(figure.quantity.unit) == question.unit:
            bonus += 0.1
        if figure.quantity.approx is None:
            bonus += 0.02
        others = any(t.name and not self._is_subject(t, profile) for t in question.terms)
        if not others and not question.scopes and profile.entity:
            subject = self.profiles.subjects.get(figure.document, "")
            bonus -= 0.0 if self.constraints.belongs(profile.entity, subject, question) else 0.1
        return bonus - 0.15 * self._named_far_off(question, profile)

    def _of_time(self, question: FigureQuestion, profile: Profile) -> float:
        months, is_time = profile.months, profile.figure.quantity.kind in TIMES
        main = self.profiles.main_years.get(profile.figure.document)
        if question.first:
            early = 0.1 if months is None or months.last_year != main else -0.1
            return early + (0.12 if profile.is_start else 0.0)
        bonus = -0.2 if profile.is_start else 0.0
        if question.has_period:
            if months is None:
                return bonus - (0.0 if is_time else 0.05)
            return bonus + (0.06 if months in self.constraints.asked_months(question, profile) else 0.0)
        if question.kinds & TIMES or months is None:
            return bonus
        if self._is_history(question, profile):
            return bonus - 0.12
        return bonus + (0.04 if main is not None and months.last_year >= main and not profile.target else -0.04)

    def _is_history(self, question: FigureQuestion, profile: Profile) -> bool:
        main = self.profiles.main_years.get(profile.figure.document)
        timeless = not (question.first or question.has_period or question.kinds & TIMES)
        old = main is not None and profile.months is not None and profile.months.last_year < main - LONG_AGO
        return timeless and old

    def _is_within(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether several years are asked for and the row says what came in one of them."""
        asked = self.constraints.asked_months(question, profile)
        comes = profile.figure.role in (Role.CHANGE, Role.INCREMENT)
        return comes and any(m.end - m.start > MONTHS_A_YEAR for m in asked) and profile.months not in asked

    def _of_another_sort(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether what was asked has one attribute and the row another: 戶籍人口 against 常住人口."""
        asked, measured = fold(question.text), fold(profile.figure.metric)
        if profile.figure.quantity.kind in TIMES:
            return False
        for attribute, head in zip(question.terms, question.terms[1:], strict=False):
            if f"{attribute.text}{head.text}" not in asked or attribute.name or attribute.weight < 1.0:
                continue
            at = measured.find(head.text)
            other = measured[max(0, at - len(attribute.text)) : at]
            here = (profile.own, profile.clause, profile.prior)
            missing = all(covers(zone, attribute.forms) < 0.5 for zone in here)
            if at >= 2 and missing and len(other) >= 2 and other not in asked:
                return True
        return False

    def _named_far_off(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether a name asked for stands neither in the row's sentence nor in its entity, only before them."""
        near = (profile.own, profile.entity, profile.sentence)
        names = [t for t in question.terms if t.name and not self.profiles.is_subject(t.text, profile)]
        return any(all(covers(z, all_forms(t)) < 0.85 for z in near) for t in names)

    def _unasked(self, question: FigureQuestion, profile: Profile) -> float:
        """How much of what a row measures the question does not speak of, 0 to 1: 外來 in 外來常住人口."""
        measured = metric_words(profile)
        if not measured or not question.terms or profile.figure.quantity.kind in TIMES:
            return 0.0
        forms = [form for term in question.terms for form in term.forms]
        asked = fold(question.text)
        left = [w for w in measured if w not in asked and not any(w in form or form in w for form in forms)]
        return len("".join(left)) / len("".join(measured))


_AT_THE_END = re.compile(r"(?:的|一共|总共)?(?:是|为|有|达|约|大约)*(?:多少|几)[\u4e00-\u9fff]{0,3}[?？。]?$")


def _asked_at_the_end(question: FigureQuestion) -> Term | None:
    """The word a question ends with before 是多少: it is what is to be measured, noun or not (估值是多少)."""
    folded = fold(question.text).strip()
    match = _AT_THE_END.search(folded)
    if match is None:
        return None
    asked = folded[: match.start()]
    return next((t for t in question.terms if t.weight >= 0.5 and len(t.text) > 1 and asked.endswith(t.text)), None)


def _of_role(question: FigureQuestion, profile: Profile) -> float:
    quantity, role = profile.figure.quantity, profile.figure.role
    bonus = -0.12 if question.target is None and profile.target else 0.0
    open_kind = not question.kinds and not question.unit and question.role is None
    if open_kind and quantity.kind in PERCENTS and not _RATE_NOUN.search(fold(question.text)):
        bonus -= 0.25
    if question.role is Role.INCREMENT and role is Role.INCREMENT:
        bonus += 0.05
    if question.falling and role is Role.CHANGE:
        bonus += 0.03 if quantity.value < 0 else -0.08
    return bonus


def _is_one_common_word(text: str) -> bool:
    """Whether the dictionary has a text as one common noun (上市公司), which names nobody."""
    tagged = rjieba.tag(text, True)
    return len(tagged) == 1 and not tagged[0][1].startswith(("ns", "nt", "nr", "nz"))


def _bare(surface: str) -> str:
    """A number as written, without unit and separators: 656.19億元 → 656.19亿."""
    match = re.match(r"[\d.,]+[百千万亿]*%?", fold(surface))
    return match.group().replace(",", "") if match else fold(surface)


def _standardised(similarity: np.ndarray | None, n: int) -> list[float] | None:
    """Similarities as 0 to 1: nothing below the mean, everything from four standard deviations above it."""
    if similarity is None or len(similarity) != n or n == 0:
        return None
    spread = float(similarity.std()) or 1.0
    mean = float(similarity.mean())
    return [min(1.0, max(0.0, (float(value) - mean) / (4 * spread))) for value in similarity]


def _blend(coverage: float, meaning: float | None, passage: float) -> float:
    if meaning is None:
        return 0.85 * coverage + 0.15 * passage
    return 0.65 * coverage + 0.25 * meaning + 0.1 * passage
