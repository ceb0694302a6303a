"""Question and ledger → the figure that answers, the figures that contradict each other, or why there is none.

Constraints come first: a row of another time, subject, unit, role or scope is no answer, however alike its words.
Meaning comes second: how far the row's words cover the question's, weighted by rarity, with the similarity of
embeddings for words that differ and the rank of the passage it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import rjieba

from yinju.figures import cues
from yinju.figures.compute import Refusal, compute, same_measure
from yinju.figures.ledger import Ledger
from yinju.figures.periods import FOREVER, Months, year_months
from yinju.figures.profiles import Profile, Profiles, core, covers, is_name, whole_of
from yinju.figures.query import FigureQuestion, Operation, Term, in_words_of
from yinju.figures.units import convert, unit_kind
from yinju.text import fold, words
from yinju.types import Approx, Computation, Figure, Kind, Reason, Role, Status

if TYPE_CHECKING:
    import numpy as np

ANSWER_SCORE = 0.55
"""Score from which a row that meets every constraint answers, its lead counted in; set on the dev halves of evals/."""
LEAD_WEIGHT, MAX_LEAD = 0.4, 0.4
"""What a lead over the next value adds: a row that stands alone is right at a lower score."""
OPERAND_SCORE = 0.4
"""The same for an operand of a calculation, whose partner is evidence besides."""
NEAR_SCORE = 0.4
"""Score from which a row that fails a constraint is worth naming."""
CONFLICT_MARGIN = 0.2
SPECIFIC_PENALTY = 0.15
"""What a row loses that measures something narrower than was asked; set on the development halves of evals/."""
SURE_SCORE, OUTSHONE = 0.7, 0.25
"""Below the first, a row gives way to one that fails a constraint but is better by the second; set likewise."""
DIFFERENT_KIND = 0.25
OTHER_PENALTY = 0.1
"""What a row loses besides where the question's words are missing from it as well; set likewise."""
N_OPERAND_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What retrieval knows about a question, all of it optional.

    Attributes:
        passage_scores: Fused retrieval score of the passage a figure stands in, 0 to 1.
        similarity: Cosine of the question with each figure's description, in the ledger's order.
        texts: Readable text of each document by name.
        profiles: The ledger profiled once, to save doing it for each question.
    """

    passage_scores: Callable[[Figure], float] | None = None
    similarity: np.ndarray | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    profiles: Profiles | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A constraint of the question that a row does not meet.

    Attributes:
        reason: Which, for machines.
        asked: What the question wants, in its words.
        found: What the row has instead.
    """

    reason: Reason
    asked: str
    found: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the ledger says to a question.

    Attributes:
        status: Answered, conflict or abstained.
        figures: Best first; operands in the order of the formula for a computation; all values of a conflict.
        computation: The arithmetic, where there was any.
        reason: Why there is no answer; ``None`` unless abstained.
        failure: The constraint that failed, to be put into words.
        nearest: The figure nearest to what was asked, when abstained.
        confidence: 0 to 1.
        notes: Assumptions made, such as ``{"period_assumed": "2024"}``.
    """

    status: Status
    figures: tuple[Figure, ...] = ()
    computation: Computation | None = None
    reason: Reason | None = None
    failure: Failure | None = None
    nearest: Figure | None = None
    confidence: float = 0.0
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """What is missing, in words; empty when nothing particular is."""
        return self.failure.asked if self.failure else ""

    @property
    def assumed_period(self) -> str:
        """The period taken because the question names none, in the ledger's notation; empty when it names one."""
        return self.notes.get("period_assumed", "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row, how well it fits in meaning (0 to 1), how far its words cover the question's, and what it fails."""

    profile: Profile
    score: float
    coverage: float
    failure: Failure | None = None

    @property
    def figure(self) -> Figure:
        """The ledger row."""
        return self.profile.figure


def look_up(question: FigureQuestion, ledger: Ledger, evidence: Evidence | None = None) -> Finding:
    """Find what the ledger says to a question.

    Args:
        question: As parsed.
        ledger: Every figure of the documents.
        evidence: What retrieval knows.

    Returns:
        The finding; the same for the same input, always.
    """
    evidence = evidence or Evidence()
    profiles = evidence.profiles or _profiled(ledger, evidence.texts)
    search = _Search(profiles, evidence)
    question = in_words_of(question, profiles.text)
    if question.role is Role.CHANGE or _only_time(question.operands[-1:]):
        changed = search.change(question)
        if changed is not None:
            return changed
    if question.operands or question.operation is Operation.PART_OF_WHOLE:
        computed = search.calculation(question)
        if computed is not None:
            return computed
        return search.instead(question)
    return search.direct(question)


_PROFILED: list[tuple[Ledger, Profiles]] = []


def _profiled(ledger: Ledger, texts: Mapping[str, str]) -> Profiles:
    """The profiles of the ledger asked last, made once."""
    for known, profiles in _PROFILED:
        if known is ledger:
            return profiles
    _PROFILED[:] = [(ledger, Profiles(ledger, texts)), *_PROFILED[:3]]
    return _PROFILED[0][1]


class _Search:
    """One question's walk through the profiles."""

    def __init__(self, profiles: Profiles, evidence: Evidence) -> None:
        self.profiles = profiles
        self.evidence = evidence
        self._meaning = _standardised(evidence.similarity, len(profiles))

    # ── one figure ──────────────────────────────────────────────────────────────────────────

    def direct(self, question: FigureQuestion) -> Finding:
        ranked = self.rank(question)
        fitting = [candidate for candidate in ranked if candidate.failure is None]
        if fitting and _convinces(fitting) and not _outshone(ranked, fitting[0]):
            return self._answer(question, fitting)
        return self._abstain(question, ranked)

    def rank(self, question: FigureQuestion, by_words_alone: bool = False) -> list[Candidate]:
        """All rows, best first; ties in the document's order."""
        question = self._with_names(self._as_written(question))
        candidates = [self._candidate(question, i, by_words_alone) for i in range(len(self.profiles))]
        return sorted(candidates, key=lambda c: (-c.score, c.figure.document, c.figure.quantity.span))

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
                if crosses and len(word) == length and _HAN.fullmatch(word) and self.profiles.mentions(word):
                    return term if word in cues.STOP else replace(term, text=word, alternatives=(), name=False)
        return term

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
        if by_words_alone:
            score = coverage
        else:
            passage = self.evidence.passage_scores(profile.figure) if self.evidence.passage_scores else 0.0
            score = _blend(coverage, self._meaning[index] if self._meaning is not None else None, passage)
        failure = self._failure(question, profile)
        if by_words_alone:
            return Candidate(profile, score, coverage, failure)
        narrower = self._unasked(question, profile) * max(0.0, 2 * coverage - 1)
        # Words missing on both sides: another thing of the same sort (戶籍人口, 常住人口).
        other = min(1.0 - coverage, narrower)
        score -= DIFFERENT_KIND * self._of_another_sort(question, profile)
        score += self._preference(question, profile) - SPECIFIC_PENALTY * narrower - OTHER_PENALTY * other
        return Candidate(profile, max(0.0, score), coverage, failure)

    def _coverage(self, terms: Sequence[Term], profile: Profile) -> float:
        total = covered = 0.0
        for term in terms:
            forms = (term.text, *term.alternatives)
            weight = term.weight * (0.35 + 0.65 * max(self.profiles.rarity(form) for form in forms))
            if term.name and self._is_subject(term.text, profile):
                weight *= 0.1
            total += weight
            covered += weight * self._found(term, forms, profile)
        return covered / total if total else 0.0

    def _found(self, term: Term, words: Sequence[str], profile: Profile) -> float:
        if term.name:
            words = (*words, core(term.text))
        best = max(share * covers(zone(profile), words) for zone, share in _ZONES)
        return max(best, 0.9) if term.name and self._is_subject(term.text, profile) else best

    def _is_subject(self, name: str, profile: Profile) -> bool:
        subject = self.profiles.subjects.get(profile.figure.document, "")
        return bool(subject) and (core(name) in subject or subject in name)

    # ── constraints ─────────────────────────────────────────────────────────────────────────

    def _failure(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        for check in (self._measure, self._role, self._base, self._entity, self._scope, self._period):
            if failure := check(question, profile):
                return failure
        return None

    def _measure(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        quantity = profile.figure.quantity
        asked = question.unit or "/".join(sorted(question.kinds))
        failure = Failure(Reason.OTHER_METRIC, asked, quantity.unit or str(quantity.kind))
        if not _kind_fits(question, profile.figure) or not _unit_fits(question, profile.figure):
            return failure
        if bool(question.per) != bool(profile.per) and not _PER_FREE & {quantity.kind}:
            return Failure(Reason.OTHER_METRIC, question.per, profile.per)
        if question.per and profile.per and not _same_per(question.per, profile.per):
            return Failure(Reason.OTHER_METRIC, question.per, profile.per)
        return None

    def _role(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        role = profile.figure.role
        failure = Failure(Reason.OTHER_ROLE, str(question.role or Role.LEVEL), str(role))
        if question.target is not None and profile.figure.quantity.kind not in _TIMES:
            if question.target and not profile.target:
                return Failure(Reason.OTHER_ROLE, str(Role.TARGET), str(role))
            if not question.target and profile.target:
                return Failure(Reason.OTHER_ROLE, "result", str(Role.TARGET))
        if question.role is Role.CHANGE:
            named = role is Role.LEVEL and _RATE_OF_CHANGE.search(fold(profile.figure.metric))
            return None if role is Role.CHANGE or named else failure
        if question.role is Role.INCREMENT:
            new = role is Role.INCREMENT or "新" in profile.own + profile.prior
            ahead = profile.sentence[: profile.figure.quantity.span.start - profile.figure.sentence.start]
            listed = role is Role.LEVEL and _NEW.search(ahead) and not _IN_ALL.search(profile.clause)
            return None if new or listed else failure
        if role is Role.CHANGE or (role is Role.INCREMENT and question.role is None and "新" not in question.text):
            return failure
        if role is Role.DIFFERENCE:
            comparing = question.operation in _COMPARISONS or question.kinds & _MULTIPLES
            return None if comparing else failure
        return None

    def _base(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        """A share has to be of what was asked, as far as both say of what."""
        if question.operation is not Operation.SHARE or len(question.operands) != 2 or question.kinds - _PERCENTS:
            return None
        terms = [t for t in question.operands[1].terms if not t.name and t.weight >= 0.5]
        if not terms or profile.figure.quantity.kind not in _PERCENTS:
            return None
        if not profile.figure.base and _OPEN_SHARE.search(profile.own):
            return None
        near = " ".join((profile.own, profile.clause, profile.prior))
        if any(covers(near, (t.text, *t.alternatives)) >= 0.5 for t in terms):
            return None
        return Failure(Reason.OTHER_METRIC, terms[0].text, fold(profile.figure.base))

    def _entity(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        names = [term for term in question.terms if term.name]
        subject = self.profiles.subjects.get(profile.figure.document, "")
        others = [term for term in names if not self._is_subject(term.text, profile)]
        for term in others:
            words = (term.text, *term.alternatives, core(term.text))
            around = (profile.entity, profile.own, profile.sentence, profile.before)
            if not any(covers(zone, words) >= 0.85 for zone in around):
                return Failure(Reason.OTHER_ENTITY, term.text, profile.entity or subject)
        if not is_name(profile.entity) or _names_one_of(f"{profile.entity} {profile.own}", names):
            return None
        if names and not self._belongs(profile.entity, subject, question):
            return Failure(Reason.OTHER_ENTITY, names[0].text, profile.entity)
        # Asked for one name with another named beside the figure: 深圳 has 42.3%, 南山 has 56%.
        if others and any(self._closer(question, profile, term) for term in others):
            return Failure(Reason.OTHER_ENTITY, others[0].text, profile.entity)
        return None

    def _closer(self, question: FigureQuestion, profile: Profile, asked: Term) -> bool:
        """Whether the row's own entity is named in its clause and the name asked for is not."""
        words = (asked.text, *asked.alternatives, core(asked.text))
        for name, following in zip(question.terms, question.terms[1:], strict=False):
            # 深圳高新區 is a name of its own: the sentence has it even where the clause has not.
            if name is asked and re.search(
                f"{re.escape(core(name.text))}.{{0,2}}{re.escape(following.text)}", profile.sentence
            ):
                return False
        return core(profile.entity) in profile.clause and not any(word in profile.clause for word in words)

    def _belongs(self, entity: str, subject: str, question: FigureQuestion) -> bool:
        """Whether an entity is the subject, a whole of it, or something the question speaks of."""
        if not subject or core(subject) in entity or entity in subject or entity in whole_of(subject):
            return True
        if any(scope in entity for scope in question.scopes):
            return True
        return any(
            covers(entity, (t.text, *t.alternatives)) >= 0.5 for t in question.terms if not t.name and t.weight > 0.3
        )

    def _scope(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        subject = self.profiles.subjects.get(profile.figure.document, "")
        own = whole_of(subject)
        for scope in question.scopes:
            if scope in own:
                continue
            words = _SCOPE_WORDS.get(scope, (scope,))
            if not any(word in profile.entity + profile.clause + fold(profile.figure.base) for word in words):
                return Failure(Reason.OTHER_ENTITY, scope, profile.entity or subject)
        foreign = [scope for scope in _WIDE if scope in profile.entity and scope not in own]
        if foreign and not set(foreign) & set(question.scopes) and not _names_one_of(profile.entity, question.terms):
            return Failure(Reason.OTHER_ENTITY, subject, profile.entity)
        return None

    def _period(self, question: FigureQuestion, profile: Profile) -> Failure | None:
        if not question.has_period or (question.kinds & _TIMES and profile.figure.quantity.kind in _TIMES):
            return None
        asked = self.asked_months(question, profile)
        document = profile.figure.document
        main = self.profiles.main_years.get(document)
        months = profile.months or (year_months(main) if main else None)
        if not asked or months is None or any(_time_fits(wanted, months) for wanted in asked):
            return None
        # What five years ended with is the level of the last of them.
        if profile.figure.role is Role.LEVEL and any(wanted.end == months.end for wanted in asked):
            return None
        return Failure(Reason.OTHER_PERIOD, " ".join(map(str, asked)), str(months))

    def asked_months(self, question: FigureQuestion, profile: Profile) -> tuple[Months, ...]:
        """The times asked, relative ones counted from the year the row's document was written in."""
        year = self.profiles.years.get(profile.figure.document)
        if year is None:
            return question.periods
        relative = (
            Months(12 * (year + offset) + start, 12 * (year + offset) + end)
            for offset, (start, end) in question.offsets
        )
        return (*question.periods, *relative)

    def _preference(self, question: FigureQuestion, profile: Profile) -> float:
        """Small moves between rows that fit alike: results before plans, the latest year, the unit asked for."""
        bonus = 0.0
        if question.target is None and profile.target:
            bonus -= 0.12
        if question.given and _bare(profile.figure.quantity.surface) in map(_bare, question.given):
            bonus += 0.6
        if question.first:
            bonus += 0.12 if profile.is_start else 0.0
            main = self.profiles.main_years.get(profile.figure.document)
            bonus += 0.1 if profile.months is None or profile.months.last_year != main else -0.1
        open_kind = not question.kinds and not question.unit and question.role is None
        if open_kind and profile.figure.quantity.kind in _PERCENTS and not _RATE_NOUN.search(fold(question.text)):
            bonus -= 0.12
        if not question.has_period and not question.first and not question.kinds & _TIMES and profile.months:
            main = self.profiles.main_years.get(profile.figure.document)
            latest = main is not None and profile.months.last_year >= main and not profile.target
            bonus += 0.04 if latest else -0.04
        if question.has_period and profile.months:
            bonus += 0.06 if profile.months in self.asked_months(question, profile) else 0.0
        if question.has_period and profile.months is None and profile.figure.quantity.kind not in _TIMES:
            bonus -= 0.05
        if question.unit and fold(profile.figure.quantity.unit) == question.unit:
            bonus += 0.1
        if profile.figure.quantity.approx is None:
            bonus += 0.02
        if question.role is Role.INCREMENT and profile.figure.role is Role.INCREMENT:
            bonus += 0.05
        bonus -= 0.15 * self._named_far_off(question, profile)
        if profile.is_start and not question.first:
            bonus -= 0.08
        if question.falling and profile.figure.role is Role.CHANGE:
            bonus += 0.03 if profile.figure.quantity.value < 0 else -0.08
        if not any(t.name for t in question.terms) and not question.scopes and profile.entity:
            subject = self.profiles.subjects.get(profile.figure.document, "")
            bonus += 0.0 if self._belongs(profile.entity, subject, question) else -0.1
        return bonus

    # ── outcomes ────────────────────────────────────────────────────────────────────────────

    def _answer(self, question: FigureQuestion, fitting: list[Candidate]) -> Finding:
        best = fitting[0]
        rivals = [c for c in fitting[1:] if self._rivals(question, best, c)]
        notes = self._notes(question, best)
        if rivals:
            figures = _distinct(best.figure, *(c.figure for c in rivals))
            return Finding(Status.CONFLICT, figures, confidence=best.score, notes=notes)
        agreeing = [c.figure for c in fitting[1:] if c.score >= best.score - CONFLICT_MARGIN and _agree(best, c)]
        computation = self._converted(question, best.figure)
        confidence = min(1.0, best.score)
        return Finding(Status.ANSWERED, (best.figure, *agreeing[:2]), computation, confidence=confidence, notes=notes)

    def _converted(self, question: FigureQuestion, figure: Figure) -> Computation | None:
        unit = figure.quantity.unit
        scaled = question.scale != 1 and question.scale != figure.quantity.scale
        if not question.unit or (same_measure(question.unit, unit) and not scaled):
            return None
        if convert(Decimal(1), unit, question.unit) is None:
            return None
        done = compute(Operation.CONVERSION, (figure,), question.unit, question.scale)
        return None if isinstance(done, Refusal) else done

    def _of_another_sort(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether what was asked has one attribute and the row another: 戶籍人口 against 常住人口."""
        asked, measured = fold(question.text), fold(profile.figure.metric)
        if profile.figure.quantity.kind in _TIMES:
            return False
        for attribute, head in zip(question.terms, question.terms[1:], strict=False):
            if f"{attribute.text}{head.text}" not in asked or attribute.name or attribute.weight < 1.0:
                continue
            at = measured.find(head.text)
            other = measured[max(0, at - len(attribute.text)) : at]
            here = (profile.own, profile.clause, profile.prior)
            missing = all(covers(zone, (attribute.text, *attribute.alternatives)) < 0.5 for zone in here)
            if at >= 2 and missing and len(other) >= 2 and other not in asked:
                return True
        return False

    def _named_far_off(self, question: FigureQuestion, profile: Profile) -> bool:
        """Whether a name asked for stands neither in the row's sentence nor in its entity, only before them."""
        near = (profile.own, profile.entity, profile.sentence)
        names = [t for t in question.terms if t.name and not self._is_subject(t.text, profile)]
        return any(all(covers(z, (t.text, *t.alternatives, core(t.text))) < 0.85 for z in near) for t in names)

    def _unasked(self, question: FigureQuestion, profile: Profile) -> float:
        """How much of what a row measures the question does not speak of, 0 to 1: 外來 in 外來常住人口."""
        measured = _metric_words(profile)
        if not measured or not question.terms or profile.figure.quantity.kind in _TIMES:
            return 0.0
        forms = [form for term in question.terms for form in (term.text, *term.alternatives)]
        asked = fold(question.text)
        left = [w for w in measured if w not in asked and not any(w in form or form in w for form in forms)]
        return len("".join(left)) / len("".join(measured))

    def _notes(self, question: FigureQuestion, best: Candidate) -> dict[str, str]:
        notes = {}
        if not question.has_period and best.profile.months and best.figure.quantity.kind not in _TIMES:
            notes["period_assumed"] = best.figure.period
        if question.target is None and best.profile.target:
            notes["target"] = "true"
        return notes

    def _rivals(self, question: FigureQuestion, best: Candidate, other: Candidate) -> bool:
        """Whether another row states a different value for the very same thing."""
        if other.score < max(OPERAND_SCORE, best.score - CONFLICT_MARGIN) or other.coverage < best.coverage - 0.25:
            return False
        if not _comparable(best, other):
            return False
        if _values_agree(best.figure, other.figure):
            return False
        return _same_metric(best.profile, other.profile) and best.figure.quantity.kind not in _TIMES

    def _abstain(self, question: FigureQuestion, ranked: list[Candidate]) -> Finding:
        missing = self._missing_name(question)
        worth = (c for c in ranked if c.failure is not None and c.score >= NEAR_SCORE)
        near = next((c for c in worth if question.kinds & _TIMES or c.figure.quantity.kind not in _TIMES), None)
        best = ranked[0] if ranked else None
        if missing is not None:
            nearest = near.figure if near else None
            failure = Failure(Reason.OTHER_ENTITY, missing, near.profile.entity if near else "")
            return Finding(Status.ABSTAINED, reason=Reason.OTHER_ENTITY, failure=failure, nearest=nearest)
        if near is not None and near.failure is not None:
            return Finding(Status.ABSTAINED, reason=near.failure.reason, failure=near.failure, nearest=near.figure)
        if best is None or best.score < 0.2:
            return Finding(Status.ABSTAINED, reason=Reason.NO_EVIDENCE)
        return Finding(Status.ABSTAINED, reason=Reason.OTHER_METRIC, nearest=best.figure, confidence=best.score)

    def _missing_name(self, question: FigureQuestion) -> str | None:
        """A place, person or organisation of the question that no document mentions."""
        for term in question.terms:
            if term.name and not any(self.profiles.mentions(w) for w in (core(term.text), *term.alternatives)):
                return term.text
        return None

    def change(self, question: FigureQuestion) -> Finding | None:
        """A change the text does not state but gives both ends of (由71所整合為47所)."""
        wanted = replace(question, role=None, target=None, operation=Operation.LOOKUP, periods=(), offsets=())
        relative = bool(question.kinds & _PERCENTS)
        if relative:
            wanted = replace(wanted, kinds=frozenset(), unit="")
        elif self._states_change(question):
            return None
        ranked = [c for c in self.rank(wanted) if c.failure is None and c.score >= ANSWER_SCORE]
        ends = self._ends(ranked[0].profile) if ranked else None
        if ends is None or (relative and self._states_change(question)):
            return None
        operation = Operation.GROWTH if relative else Operation.DIFFERENCE
        done = compute(operation, ends, _convertible(question.unit), question.scale)
        if isinstance(done, Refusal):
            return None
        return Finding(Status.ANSWERED, done.operands, done, confidence=min(1.0, ranked[0].score))

    def _states_change(self, question: FigureQuestion) -> bool:
        asked = replace(question, role=Role.CHANGE, operation=Operation.LOOKUP)
        fitting = [c for c in self.rank(asked) if c.failure is None]
        return bool(fitting) and _convinces(fitting)

    def _ends(self, profile: Profile) -> tuple[Figure, Figure] | None:
        """Both ends of the change a row is one end of; lists in parallel are taken in their order."""
        row = [p for p in self.profiles if p.figure.sentence == profile.figure.sentence]
        row = [p for p in row if p.figure.document == profile.figure.document and p.figure.quantity.kind not in _TIMES]
        at = next((i for i, p in enumerate(row) if p.is_start), None)
        if at is None:
            return None
        later = next((i for i in range(at + 1, len(row)) if _ARRIVES.search(self._between(row[i - 1], row[i]))), None)
        if later is None:
            return None
        n, index = later - at, row.index(profile)
        first = index if at <= index < later else index - n
        if not at <= first < later or first + n >= len(row):
            return None
        return row[first].figure, row[first + n].figure

    def _between(self, left: Profile, right: Profile) -> str:
        start = left.figure.sentence.start
        return left.sentence[left.figure.quantity.span.end - start : right.figure.quantity.span.start - start]

    # ── several figures ─────────────────────────────────────────────────────────────────────

    def calculation(self, question: FigureQuestion) -> Finding | None:
        """Answer with the stated result if there is one, else calculate; ``None`` leaves it to :meth:`direct`."""
        if question.operation in _STATED and not any(operand.given for operand in question.operands):
            stated = self._stated(question)
            if stated is not None:
                return stated
        if question.operation is Operation.PART_OF_WHOLE:
            return self._part_of_whole(question)
        ranked = [self._operand_candidates(operand, question) for operand in question.operands]
        if not all(ranked):
            return None
        best = self._best_combination(question, ranked)
        if best is None:
            return None
        score, chosen, computation = best
        notes = {k: v for c in chosen for k, v in self._notes(question, c).items()}
        figures = computation.operands
        return Finding(Status.ANSWERED, figures, computation, confidence=min(1.0, score), notes=notes)

    def instead(self, question: FigureQuestion) -> Finding:
        """What to say when the calculation asked for cannot be done: a stated result, or that it is missing."""
        kinds = _STATED.get(question.operation)
        if kinds:
            return self.direct(
                replace(question, kinds=kinds, unit="" if question.unit not in _RATES else question.unit)
            )
        if question.operation is Operation.DIFFERENCE:
            finding = self.direct(replace(question, operation=Operation.LOOKUP, role=question.role or Role.CHANGE))
            if finding.status is not Status.ABSTAINED:
                return finding
        for operand in question.operands:
            found = self.direct(operand)
            if found.status is Status.ABSTAINED:
                return found
        return Finding(Status.ABSTAINED, reason=Reason.INCOMPATIBLE)

    def _stated(self, question: FigureQuestion) -> Finding | None:
        """A row that says the result itself, about all the operands."""
        wanted = replace(
            question, kinds=_STATED[question.operation], unit=question.unit if question.unit in _RATES else ""
        )
        fitting = [c for c in self.rank(wanted) if c.failure is None]
        if question.operation is Operation.DIFFERENCE:
            fitting = [c for c in fitting if c.figure.role is Role.DIFFERENCE]
        if not fitting or fitting[0].score < ANSWER_SCORE or fitting[0].coverage < 0.7:
            return None
        if not all(self._speaks_of(operand, fitting[0].profile) for operand in question.operands):
            return None
        return self._answer(wanted, fitting)

    def _speaks_of(self, operand: FigureQuestion, profile: Profile) -> bool:
        terms = [t for t in operand.terms if t.weight >= 0.5]
        found = [self._found(t, (t.text, *t.alternatives), profile) for t in terms]
        scopes = all(any(w in profile.sentence for w in _SCOPE_WORDS.get(s, (s,))) for s in operand.scopes)
        return scopes and (not found or sum(found) / len(found) >= 0.5)

    def _operand_candidates(self, operand: FigureQuestion, whole: FigureQuestion) -> list[Candidate]:
        ranked = [c for c in self.rank(operand) if c.failure is None and c.score >= OPERAND_SCORE]
        return ranked[:N_OPERAND_CANDIDATES]

    def _best_combination(
        self, question: FigureQuestion, ranked: Sequence[list[Candidate]]
    ) -> tuple[float, tuple[Candidate, ...], Computation] | None:
        best: tuple[float, tuple[Candidate, ...], Computation] | None = None
        for chosen in product(*ranked) if len(ranked) <= 4 else [tuple(row[0] for row in ranked)]:
            if len({c.figure.id for c in chosen}) < len(chosen):
                continue
            score = sum(c.score for c in chosen) / len(chosen) + _togetherness(chosen)
            if best is not None and score <= best[0]:
                continue
            unit = question.unit if question.operation not in {Operation.TIMES, Operation.SHARE} else ""
            done = compute(question.operation, tuple(c.figure for c in chosen), _convertible(unit), question.scale)
            if not isinstance(done, Refusal):
                best = score, chosen, done
        return best

    def _part_of_whole(self, question: FigureQuestion) -> Finding | None:
        share_question = replace(question, kinds=_PERCENTS, unit="", role=Role.SHARE, scale=Decimal(1))
        shares = [
            c for c in self.rank(share_question, by_words_alone=True) if c.failure is None and c.score >= OPERAND_SCORE
        ]
        for share in shares[:3]:
            base = fold(share.figure.base)
            terms = tuple(Term(word) for word in (base,) if word) or _DEFAULT_WHOLE
            kinds = frozenset({unit_kind(question.unit)}) if question.unit else frozenset({Kind.AMOUNT, Kind.AREA})
            wanted = replace(question, terms=terms, kinds=kinds, role=None, operation=Operation.LOOKUP)
            ranked = self.rank(wanted, by_words_alone=True)
            ranked.sort(key=lambda c: -self._preference(wanted, c.profile) - c.score)
            wholes = [c for c in ranked if c.failure is None and c.score >= OPERAND_SCORE]
            for whole in wholes[:3]:
                done = compute(
                    question.operation, (share.figure, whole.figure), _convertible(question.unit), question.scale
                )
                if not isinstance(done, Refusal):
                    confidence = min(share.score, whole.score)
                    return Finding(Status.ANSWERED, done.operands, done, confidence=confidence)
        return None


# Where a word stands tells how surely it belongs to the figure; set on the development halves of evals/.
_ZONES: tuple[tuple[Callable[[Profile], str], float], ...] = (
    (lambda profile: profile.own, 1.0),
    (lambda profile: profile.entity, 0.85),
    (lambda profile: profile.clause, 0.8),
    (lambda profile: profile.prior, 0.75),
    (lambda profile: profile.sentence, 0.6),
    (lambda profile: profile.before, 0.4),
)

# ── constraints on one row ──────────────────────────────────────────────────────────────────

_ARRIVES = re.compile(r"(?:到|至|为)(?:\d{4}年)?\D{0,6}$")
_RATE_OF_CHANGE = re.compile(r"增长率|增速|增幅|涨幅")
_NEW = re.compile(r"新增|新设|新登记|新建|新注册|新认定|净增")
_IN_ALL = re.compile(r"累计|共有|总数|年末|至年末|期末|达到")
_OPEN_SHARE = re.compile(r"占比|比重|份额|比例")
_RATE_NOUN = re.compile(r"率|强度|比|密度|\brate|ratio|percent")
_TIMES = frozenset({Kind.YEAR, Kind.DATE})
_MULTIPLES = frozenset({Kind.MULTIPLE, Kind.RATIO})
_PERCENTS = frozenset({Kind.PERCENT, Kind.RATIO})
_PER_FREE = frozenset({Kind.PERCENT, Kind.RATIO, Kind.MULTIPLE, Kind.YEAR, Kind.DATE, Kind.RANK, Kind.DURATION})
_RATES = frozenset({"%", "个百分点", "倍", "‰"})
_COMPARISONS = frozenset({Operation.DIFFERENCE, Operation.TIMES, Operation.SHARE})
_STATED: dict[Operation, frozenset[Kind]] = {
    Operation.DIFFERENCE: frozenset(),
    Operation.TIMES: _MULTIPLES,
    Operation.SHARE: _PERCENTS,
    Operation.GROWTH: frozenset({Kind.PERCENT, Kind.MULTIPLE}),
    Operation.YEARS_BETWEEN: frozenset({Kind.DURATION}),
}
_DEFAULT_WHOLE = (Term("gdp", 1.0, ("生产总值", "总面积", "土地")),)
_SCOPE_WORDS = {
    "全国": ("全国", "我国", "中国", "国内"), "我国": ("全国", "我国", "中国"), "国内": ("国内", "全国", "我国", "中国"),
    "全球": ("全球", "世界", "国际"), "世界": ("全球", "世界"), "全世界": ("全球", "世界"),
}  # fmt: skip
_WIDE = ("全国", "全球", "世界", "全省", "全市", "我国")


def _kind_fits(question: FigureQuestion, figure: Figure) -> bool:
    kind = figure.quantity.kind
    if question.operation is Operation.DIFFERENCE and figure.role is Role.DIFFERENCE:
        return True
    if kind is Kind.RANGE:
        kind = unit_kind(figure.quantity.unit) if figure.quantity.unit else Kind.COUNT
    if question.kinds:
        return kind in question.kinds
    if kind is Kind.RANK:
        return False
    if question.unit:
        return kind not in _TIMES
    return kind not in _TIMES


def _unit_fits(question: FigureQuestion, figure: Figure) -> bool:
    unit, asked = fold(figure.quantity.unit), question.unit
    if unit == "大":
        return False
    if not asked or question.kinds & (_TIMES | {Kind.RANK}):
        return True
    if asked in _RATES:
        return figure.quantity.kind in _PERCENTS | _MULTIPLES
    if same_measure(asked, unit) or convert(Decimal(1), unit or "?", asked) is not None:
        return True
    kind = unit_kind(asked)
    if kind is Kind.AMOUNT:
        return asked == "元" and figure.quantity.kind is Kind.AMOUNT
    if kind is Kind.COUNT:
        return figure.quantity.kind is Kind.COUNT and (not unit or asked == "个")
    return False


def _is_one_common_word(text: str) -> bool:
    """Whether the dictionary has a text as one common noun (上市公司), which names nobody."""
    tagged = rjieba.tag(text, True)
    return len(tagged) == 1 and not tagged[0][1].startswith(("ns", "nt", "nr", "nz"))


def _only_time(operands: Sequence[FigureQuestion]) -> bool:
    """Whether an operand is nothing but a time: 比五年前, 比2020年."""
    return any(
        _PAST.fullmatch(fold(operand.text).strip()) or _YEAR_ONLY.fullmatch(fold(operand.text)) for operand in operands
    )


_PAST = re.compile(r"(?:[一二两三四五六七八九十\d]+年前|以前|之前|过去|原来|当初|改造前|调整前|期初|年初)的?")
_YEAR_ONLY = re.compile(r"\d{4}年[底末初]?的?")


def _bare(surface: str) -> str:
    """A number as written, without unit and separators: 656.19億元 → 656.19亿."""
    match = re.match(r"[\d.,]+[百千万亿]*%?", fold(surface))
    return match.group().replace(",", "") if match else fold(surface)


def _same_per(asked: str, found: str) -> bool:
    return asked in found or (asked == "人" and "人" in found) or found.endswith(asked[-1:])


def _names_one_of(entity: str, terms: Sequence[Term]) -> bool:
    names = [term for term in terms if term.name]
    return any(
        core(word) in entity or core(entity) == word for term in names for word in (term.text, *term.alternatives)
    )


def _time_fits(asked: Months, found: Months) -> bool:
    if found.end >= FOREVER:
        return asked.start >= found.start and asked.start - found.start < 12
    if asked.contains(found):
        return True
    return found.contains(asked) and found.end - found.start <= 12 and asked.end - asked.start >= 12


# ── scores ──────────────────────────────────────────────────────────────────────────────────


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


def _outshone(ranked: Sequence[Candidate], best: Candidate) -> bool:
    """Whether the document speaks of what was asked far more plainly in a row that fails a constraint."""
    if best.score >= SURE_SCORE:
        return False
    return any(c.failure and c.score > best.score + OUTSHONE and c.figure.quantity.kind not in _TIMES for c in ranked)


def _convinces(fitting: Sequence[Candidate]) -> bool:
    best = fitting[0]
    value = best.figure.quantity.value
    rival = next((c.score for c in fitting[1:] if c.figure.quantity.value != value), 0.0)
    return best.score + LEAD_WEIGHT * min(MAX_LEAD, best.score - rival) >= ANSWER_SCORE


def _togetherness(chosen: Sequence[Candidate]) -> float:
    """Operands from one sentence, of one kind and one time belong together."""
    first = chosen[0]
    bonus = 0.0
    for other in chosen[1:]:
        bonus += 0.06 if other.figure.sentence == first.figure.sentence else 0.0
        bonus += 0.06 if other.figure.quantity.unit == first.figure.quantity.unit else 0.0
        bonus += 0.03 if other.figure.role is first.figure.role else -0.1
        timed = first.profile.months and other.profile.months
        bonus += 0.04 if timed and first.profile.months == other.profile.months else 0.0
    return bonus / max(1, len(chosen) - 1)


def _convertible(unit: str) -> str:
    return "" if unit in _RATES or unit_kind(unit) is Kind.COUNT or unit == "年" else unit


# ── sameness ────────────────────────────────────────────────────────────────────────────────


def _comparable(best: Candidate, other: Candidate) -> bool:
    a, b = best.figure, other.figure
    same_role = (a.role, best.profile.target, bool(best.profile.per)) == (
        b.role,
        other.profile.target,
        bool(other.profile.per),
    )
    if not same_role or not same_measure(a.quantity.unit, b.quantity.unit) or a.document != b.document:
        return False
    if best.profile.entity and other.profile.entity and best.profile.entity != other.profile.entity:
        x, y = core(best.profile.entity), core(other.profile.entity)
        if x not in y and y not in x:
            return False
    if best.profile.months and other.profile.months:
        return best.profile.months == other.profile.months
    # Where a time is not stated, values far apart are of different times rather than of different opinions.
    low, high = sorted((abs(a.quantity.value), abs(b.quantity.value)))
    return high <= low * Decimal("1.5")


def _agree(best: Candidate, other: Candidate) -> bool:
    return (
        _comparable(best, other)
        and _values_agree(best.figure, other.figure)
        and _same_metric(best.profile, other.profile)
    )


def _same_metric(a: Profile, b: Profile) -> bool:
    """Whether the words of two rows measure one thing: those of one are, but for a few, among those of the other."""
    x, y = _metric_words(a), _metric_words(b)
    only_x = [word for word in x if not any(word in other or other in word for other in y)]
    only_y = [word for word in y if not any(word in other or other in word for other in x)]
    return bool(x and y) and all(word in _SAYS_NOTHING for word in (*only_x, *only_y))


def _metric_words(profile: Profile) -> frozenset[str]:
    text = fold(profile.figure.metric) or profile.own
    text = text.replace(profile.per, "") if profile.per else text
    kept = {w for w in words(text) if w not in cues.STOP and w not in _SHARE_WORDS and w != profile.entity}
    return frozenset(w for w in kept if not any(w != other and w in other for other in kept))


_NO_NAME_START = frozenset("年月日的在是和与及到从对为了个家这那有多少几每被把将")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:大学|学院|医院|银行|集团|公司|研究院|实验室|科学城)")
_SAYS_NOTHING = cues.LIGHT | frozenset(
    ["增加值", "gdp", "生产总值", "全社会", "拥有", "拥有量", "企业", "共有", "累计", "现有", "全部", "同比", "比上年"]
)
"""Words that one statement of a thing may have and another leave out."""
_SHARE_WORDS = frozenset(
    [
        "占",
        "比",
        "占比",
        "比重",
        "份额",
        "比例",
        "达",
        "达到",
        "超",
        "超过",
        "近",
        "接近",
        "突破",
        "全区",
        "全市",
        "全省",
        "本区",
        "其中",
    ]
)


def _values_agree(a: Figure, b: Figure) -> bool:
    """Whether two stated values can be one: equal after rounding to the coarser, or within what 約, 近, 超 allow."""
    x, y = a.quantity, b.quantity
    (low_x, high_x), (low_y, high_y) = _interval(a), _interval(b)
    return x.value == y.value or (low_x < high_y and low_y < high_x)


def _interval(figure: Figure) -> tuple[Decimal, Decimal]:
    """What a stated value can stand for: half its last digit either way, or as far as 約, 近, 超 usually go."""
    quantity = figure.quantity
    low, high = quantity.value, quantity.high if quantity.high is not None else quantity.value
    half = _last_digit(low, quantity.scale) / 2
    digit = Decimal(1).scaleb(_last_place(low)) if low else Decimal(0)
    twentieth = abs(low) / 20
    match quantity.approx:
        case Approx.OVER | Approx.AT_LEAST:
            return low - half, high + max(2 * twentieth, digit)
        case Approx.NEARLY:
            return low - min(twentieth, digit), high
        case Approx.UNDER | Approx.AT_MOST:
            return low - max(2 * twentieth, digit), high + half
        case Approx.ABOUT:
            return low - twentieth, high + twentieth
    return low - half, high + half


def _last_digit(value: Decimal, scale: Decimal) -> Decimal:
    """The place of the last digit written: 0.01 for 7.66, 100 million for 9501億."""
    exponent = (value / scale).normalize().as_tuple().exponent
    return scale * Decimal(1).scaleb(min(0, exponent)) if isinstance(exponent, int) else Decimal(1)


def _last_place(value: Decimal) -> int:
    """The power of ten of the last digit that is not zero: 12 for two trillion."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _distinct(*figures: Figure) -> tuple[Figure, ...]:
    kept: list[Figure] = []
    for figure in figures:
        if all(figure.quantity.value != other.quantity.value for other in kept):
            kept.append(figure)
    return tuple(kept)
