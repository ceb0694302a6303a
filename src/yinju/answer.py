"""Everything found → one checked answer.

Numbers come from the ledger, words from the reader, and each quotation is compared with the document once more
before the answer leaves.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from time import perf_counter

from yinju import question as questions
from yinju import wording
from yinju.asked import Asks, understand
from yinju.consult import UNREAD, Consultation
from yinju.errors import ProofError
from yinju.figures.audit import AuditFinding, audit
from yinju.figures.lookup import Evidence, Finding, look_up
from yinju.figures.parser import Parser, load_parser
from yinju.figures.profiles import Profile, Profiles
from yinju.figures.query import FigureQuestion, Operation, parse_question, readings
from yinju.figures.stated import notes_on
from yinju.index import Index
from yinju.read import Reading, read
from yinju.reader import load_reader
from yinju.retrieve import Retriever, synonyms
from yinju.text import Language, fold, language_of
from yinju.types import (
    TIMES,
    Answer,
    Citation,
    CitedFigure,
    Computation,
    Document,
    Figure,
    Hit,
    Kind,
    Reason,
    Result,
    Span,
    Status,
)

READ_THRESHOLD = 0.35
"""Least probability at which an extract is given as the answer; chosen on the development halves of evals/."""
N_LOOKED_AT = 10
"""Passages in which the reader looks at figures, at most."""
N_LIKELIEST = 7
"""How many of them by retrieval alone; the others are where the first rows stand."""
MAX_BEFORE_A_FIGURE = 3
"""Characters before a figure, such as 大約, up to which words are that figure and no more."""
CACHED_LOOKS = 256
"""Looks that are kept: the parts of a calculation come back to the same passages."""

# Questions whether figures agree with each other, folded.
_CHECKS = re.compile(
    r"对得上|对不上|一致|矛盾|吻合|复算|核算|验算|自洽|冲突|算出来的?.{0,6}(?:一样|相同)"
    r"|\bconsistent|\bcontradict|\bagree\b|add up|match(?:es)?\b"
)


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap to ``stage``."""
        now = perf_counter()
        self.timings[stage] = self.timings.get(stage, 0.0) + 1000 * (now - self._last)
        self._last = now


@dataclass(frozen=True, slots=True)
class _Ask:
    """One question on its way: as asked, as understood, and in which language to answer."""

    question: str
    standalone: str
    core: str
    language: Language


class Answerer:
    """Answers standalone questions over one index."""

    def __init__(self, index: Index, retriever: Retriever) -> None:
        self._index = index
        self._retriever = retriever
        self._weighed = lru_cache(CACHED_LOOKS)(self._weigh)

    def answer(self, question: str, standalone: str) -> Answer:
        """Answer a question.

        Args:
            question: As asked.
            standalone: The same with everything filled in that the conversation established.

        Raises:
            UsageError: It is empty or too long.
            ProofError: The answer failed its own citation check.
        """
        watch = Stopwatch()
        question = questions.check(question, self._index.settings)
        core = questions.core(standalone)
        if language_of(core) != "en":
            core = questions.mend_latin(core, self._everything)
        ask = _Ask(question, standalone, core, language_of(core or standalone))
        answer = self._answer(ask, watch) if core else _abstain(ask, Reason.NOT_A_QUESTION, "")
        verify(answer, self._index.documents)
        return replace(answer, timings_ms=watch.timings)

    def _answer(self, ask: _Ask, watch: Stopwatch) -> Answer:
        asked, *otherwise = readings(ask.core, self._parser.parse(ask.core))
        hits = self._retriever.retrieve(ask.core, self._index.settings.top_k)
        watch.lap("retrieve")
        finding = None
        if asked.is_numeric:
            finding = self._look_up(asked, otherwise)
            contradiction = self._contradiction(ask, finding)
            watch.lap("figures")
            if contradiction:
                return contradiction
            if not (_may_be_words(asked) and (finding.status is Status.ABSTAINED or _is_stated_time(finding))):
                return self._numeric(ask, finding)
        reading = self._read(ask, hits)
        watch.lap("read")
        if finding and finding.status is not Status.ABSTAINED and finding.confidence >= reading.probability:
            return self._numeric(ask, finding)
        return self._verbal(ask, reading)

    # ── numbers ─────────────────────────────────────────────────────────────────────────────

    def _look_up(self, asked: FigureQuestion, otherwise: Sequence[FigureQuestion]) -> Finding:
        """Find what the ledger says, to the question read otherwise where it says nothing to the likeliest reading."""
        evidence = self.evidence(asked)
        found = [look_up(asked, self._index.ledger, evidence)]
        for other in otherwise:
            if found[-1].status is Status.ABSTAINED:
                found.append(look_up(other, self._index.ledger, evidence))
        return next((finding for finding in found if finding.status is not Status.ABSTAINED), found[0])

    def evidence(self, asked: FigureQuestion) -> Evidence:
        """Return what retrieval and the reader know about a question for a figure."""
        scores = self._retriever.scores(asked.text)
        similarity = self._index.figure_vectors @ self._retriever.embed_question(asked.text)
        return Evidence(self._passage_score(scores), similarity, self._readable, self._profiles, self._opinions)

    def _opinions(self, question: str, figures: Sequence[Figure]) -> dict[str, float]:
        """Let the reader score figures as the answer, in the likeliest passages and where the first of them stand."""
        scores = self._retriever.scores(question)
        likeliest = sorted(scores, key=lambda position: (-scores[position], position))[:N_LIKELIEST]
        homes = [self._home[figure.id] for figure in figures]
        positions = list(dict.fromkeys([*homes[:1], *likeliest, *homes]))[:N_LOOKED_AT]
        return {id: score for position in positions for id, score in self._weighed(question, position).items()}

    def _weigh(self, question: str, position: int) -> dict[str, float]:
        """Return the reader's scores of all figures of the passage at a position, by ``Figure.id``."""
        passage, inside = self._index.passages[position], self._inside.get(position, [])
        if not inside:
            return {}
        spans = [figure.quantity.span.shift(-passage.span.start) for figure in inside]
        scores = self.consultation.weigh(question, passage, spans)
        return {figure.id: score for figure, score in zip(inside, scores, strict=True) if score != UNREAD}

    @cached_property
    def _inside(self) -> dict[int, list[Figure]]:
        """The figures of each passage that has any, by its position."""
        inside: dict[int, list[Figure]] = {}
        for figure in self._index.ledger:
            inside.setdefault(self._home[figure.id], []).append(figure)
        return inside

    def _contradiction(self, ask: _Ask, finding: Finding) -> Answer | None:
        """Answer with what the audit found against a figure, where it matters to the question.

        Another value for the very same thing always does; arithmetic that fails does when the question asks whether
        figures agree.
        """
        if finding.status is Status.ABSTAINED or not finding.figures:
            return None
        checks = _CHECKS.search(fold(ask.core))
        mine = {figure.id for figure in (finding.figures if checks else finding.figures[:1])}
        for found in self._failed_checks:
            if not mine & {figure.id for figure in found.figures}:
                continue
            if checks or (found.kind == "conflict" and finding.computation is None):
                return self._contradicted(ask, found, finding.confidence)
        return None

    @cached_property
    def _failed_checks(self) -> list[AuditFinding]:
        return [found for found in audit(self._index.ledger.with_texts(self._readable)) if not found.holds]

    def _contradicted(self, ask: _Ask, found: AuditFinding, confidence: float) -> Answer:
        citations, places = self._cite_figures(found.figures)
        if found.kind == "conflict":
            text = _differing(found.figures, places, ask.language)
        else:
            text = wording.disagreement(found.formula, ask.language)
        return Answer(
            ask.question, ask.standalone, Status.CONFLICT, text, ask.language,
            figures=tuple(CitedFigure(figure, places[figure.id]) for figure in found.figures),
            formula=None if found.kind == "conflict" else found.formula,
            citations=citations, confidence=min(1.0, confidence),
        )  # fmt: skip

    @cached_property
    def _readable(self) -> dict[str, str]:
        return {name: document.readable for name, document in self._index.documents.items()}

    @cached_property
    def _profiles(self) -> Profiles:
        tables = {name: document.tables for name, document in self._index.documents.items()}
        return Profiles(self._index.ledger, self._readable, tables)

    def _numeric(self, ask: _Ask, finding: Finding) -> Answer:
        if finding.status is Status.ABSTAINED:
            return self._refuse(ask, finding)
        operands = finding.computation.operands if finding.computation else finding.figures
        if finding.status is Status.ANSWERED and not finding.computation:
            operands = operands[:1]
        citations, places = self._cite_figures(operands)
        cited = tuple(CitedFigure(figure, places[figure.id]) for figure in operands)
        common = Answer(
            ask.question, ask.standalone, finding.status, "", ask.language,
            figures=cited, citations=citations, confidence=min(1.0, finding.confidence),
        )  # fmt: skip
        if finding.status is Status.CONFLICT:
            return replace(common, text=_differing(operands, places, ask.language))
        if finding.computation:
            return _computed(common, finding.computation, ask.language, finding.notes.get("label", ""))
        return self._with_denial(_stated(common, finding, ask.language), finding.figures[0], ask.language)

    def _with_denial(self, answer: Answer, figure: Figure, language: Language) -> Answer:
        """Show beside a stated figure the arithmetic of the document's own figures that denies it, if the audit has it.

        The answer stays what the document states: it says no other value anywhere.
        """
        denying = (found for found in self._failed_checks if found.kind != "conflict" and found.figures[-1] == figure)
        if (found := next(denying, None)) is None:
            return answer
        operands = (figure, *(each for each in found.figures if each.id != figure.id))
        citations, places = self._cite_figures(operands)
        text = wording.with_denial(answer.text.rstrip("。."), found.formula, language)
        return replace(
            answer, text=wording.sentence(text, language), contradiction=found.formula, citations=citations,
            figures=tuple(CitedFigure(each, places[each.id]) for each in operands),
        )  # fmt: skip

    def _refuse(self, ask: _Ask, finding: Finding) -> Answer:
        nearest = finding.nearest
        reason = finding.reason or Reason.NO_EVIDENCE
        citations, _ = self._cite_figures([nearest] if nearest else [])
        quote = self._told(nearest) if nearest else ""
        text = wording.abstention(reason, finding.asked, quote, ask.language)
        return _abstain(ask, reason, text, citations, 1.0 - min(0.5, finding.confidence))

    def _told(self, figure: Figure) -> str:
        """The clause of a figure, or the row of one that is a cell of a table."""
        text = self._index.documents[figure.document].text
        clause = figure.clause.of(text)
        if len(clause) > len(figure.quantity.surface) + 1:
            return clause
        return " ".join(self._cited_with(figure).of(text).split())

    def _passage_score(self, scores: Mapping[int, float]) -> Callable[[Figure], float]:
        return lambda figure: scores.get(self._home.get(figure.id, -1), 0.0)

    @cached_property
    def _home(self) -> dict[str, int]:
        """Position of the passage that each figure stands in."""
        starts: dict[str, list[tuple[int, int]]] = {}
        for position, passage in enumerate(self._index.passages):
            starts.setdefault(passage.document, []).append((passage.span.start, position))
        homes = {}
        for figure in self._index.ledger:
            rows = starts[figure.document]
            row = bisect_right(rows, (figure.quantity.span.start, len(self._index.passages))) - 1
            homes[figure.id] = rows[max(row, 0)][1]
        return homes

    # ── words ───────────────────────────────────────────────────────────────────────────────

    def _read(self, ask: _Ask, hits: Sequence[Hit]) -> Reading:
        asked = understand(ask.core, self._rarity, self._everything, synonyms(ask.core))
        return read(asked, hits, self._texts, partial(self.consultation.read, asked.question))

    @cached_property
    def consultation(self) -> Consultation:
        """The reader, as it is asked about the passages of this index."""
        reader = load_reader(self._index.settings.cache_dir)
        return Consultation(reader, self._profiles, self._index.documents)

    @cached_property
    def _parser(self) -> Parser:
        return load_parser(self._index.settings.cache_dir)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Folded readable text of each document."""
        return {name: fold(text) for name, text in self._readable.items()}

    @cached_property
    def _everything(self) -> str:
        return "\n".join(self._texts.values())

    def _rarity(self, word: str) -> float:
        """Inverse document frequency over the passages, 0 and up."""
        n_passages = len(self._folded)
        n_holding = sum(word in text for text in self._folded)
        return math.log(1 + (n_passages - n_holding + 0.5) / (n_holding + 0.5))

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(passage.readable) for passage in self._index.passages]

    def _verbal(self, ask: _Ask, reading: Reading) -> Answer:
        if reading.probability < READ_THRESHOLD or not reading.extracts:
            return self._not_said(ask, reading)
        if profile := self._figure_in(reading):
            notes = notes_on(parse_question(ask.core), profile)
            found = Finding(Status.ANSWERED, (profile.figure,), confidence=reading.probability, notes=notes)
            return self._contradiction(ask, found) or self._numeric(ask, found)
        citations = self._cite([(extract.document, extract.sentence) for extract in reading.extracts])
        pieces = [extract.answer.of(self._index.documents[extract.document].readable) for extract in reading.extracts]
        text = " ".join(wording.sentence(shown(piece), ask.language) for piece in pieces)
        return Answer(
            ask.question, ask.standalone, Status.ANSWERED, text, ask.language,
            citations=citations, confidence=reading.probability,
        )  # fmt: skip

    def _figure_in(self, reading: Reading) -> Profile | None:
        """The figure that the words which answer are, where they are one: the question asked for a number after all."""
        extract = reading.extracts[0]
        if reading.asked.asks is not Asks.THING or len(reading.extracts) > 1 or extract.exact is None:
            return None
        for profile in self._profiles:
            span = profile.figure.quantity.span
            if profile.figure.document == extract.document and extract.exact.contains(span):
                is_all = extract.exact.end == span.end and span.start <= extract.exact.start + MAX_BEFORE_A_FIGURE
                return profile if is_all and profile.figure.quantity.kind not in TIMES else None
        return None

    def _not_said(self, ask: _Ask, reading: Reading) -> Answer:
        nearest = reading.nearest
        citations = self._cite([(nearest.document, nearest.sentence)]) if nearest else ()
        quote = nearest.answer.of(self._index.documents[nearest.document].readable) if nearest else ""
        reason, asked = Reason.NO_EVIDENCE, ""
        if reading.missing:
            reason, asked = Reason.OTHER_ENTITY, as_asked(ask.core, reading.missing[0])
        elif reading.missing_years:
            reason, asked = Reason.OTHER_PERIOD, wording.period_text(reading.missing_years[0], ask.language)
        text = wording.abstention(reason, asked, shown(quote), ask.language)
        return _abstain(ask, reason, text, citations, 1.0 - reading.probability)

    # ── proof ───────────────────────────────────────────────────────────────────────────────

    def _cite(self, places: Iterable[tuple[str, Span]]) -> tuple[Citation, ...]:
        """Number the places from 1, each once."""
        distinct = list(dict.fromkeys(places))
        return tuple(self._citation(i, document, span) for i, (document, span) in enumerate(distinct, 1))

    def _citation(self, index: int, name: str, span: Span) -> Citation:
        return cite(index, self._index.documents[name], span)

    def _cite_figures(self, figures: Sequence[Figure]) -> tuple[tuple[Citation, ...], dict[str, int]]:
        """Cite the sentence of each figure; return the citations and each figure's citation number by its id."""
        places = {figure.id: (figure.document, self._cited_with(figure)) for figure in figures}
        citations = self._cite(places[figure.id] for figure in figures)
        number = {(citation.document, citation.span): citation.index for citation in citations}
        return citations, {id_: number[place] for id_, place in places.items()}

    def _cited_with(self, figure: Figure) -> Span:
        """The sentence of a figure; of one in a table, which is a sentence to the ledger, its row."""
        span, within = figure.sentence, figure.quantity.span
        text = self._index.documents[figure.document].text
        start = text.rfind("\n", span.start, within.start) + 1 or span.start
        end = text.find("\n", within.end, span.end)
        return Span(start, span.end if end < 0 else end)


def cite(index: int, document: Document, span: Span) -> Citation:
    """Quote a document, with the page and, where the quote is damaged, its repaired reading."""
    damaged = any(repair.span.overlaps(span) for repair in document.repairs)
    page = next((page.number for page in document.pages if page.span.contains(Span(span.start, span.start))), None)
    readable = shown(span.of(document.readable)) if damaged else None
    return Citation(index, document.name, span, span.of(document.text), page, readable)


def shown(text: str) -> str:
    """Return readable text for people: the filling of repairs is dropped, a lost character is shown as □."""
    return text.replace("\u200b", "").replace("\ufffd", "□")


def as_asked(question: str, word: str) -> str:
    """Return a folded word in the question's own script and width."""
    place = fold(question).find(word)
    return question[place : place + len(word)] if place >= 0 else word


def verify(answer: Answer, documents: Mapping[str, Document]) -> None:
    """Compare every quotation with its document, character by character, and every figure with its quotation.

    Raises:
        ProofError: A quotation is not what the document says, a figure lies outside its citation, or an answer
            comes without any citation.
    """
    hint = "Please report the question and the document; nothing is answered rather than something unproven."
    for citation in answer.citations:
        document = documents.get(citation.document)
        if document is None or citation.span.of(document.text) != citation.quote:
            raise ProofError(f"Citation {citation.index} is not what {citation.document} says.", hint)
    by_index = {citation.index: citation for citation in answer.citations}
    for cited in answer.figures:
        proof, quantity = by_index.get(cited.citation), cited.figure.quantity
        if proof is None or proof.document != cited.figure.document or not proof.span.contains(quantity.span):
            raise ProofError(f"The figure {quantity.surface} lies outside its citation.", hint)
        if quantity.span.of(documents[proof.document].text) != quantity.surface:
            raise ProofError(f"The figure {quantity.surface} is not what {proof.document} says.", hint)
    if answer.status is not Status.ABSTAINED and not answer.citations:
        raise ProofError("An answer without a citation was about to be given.", hint)


def _abstain(
    ask: _Ask, reason: Reason, text: str, citations: tuple[Citation, ...] = (), confidence: float = 1.0
) -> Answer:
    return Answer(
        ask.question, ask.standalone, Status.ABSTAINED, text or wording.abstention(reason, "", "", ask.language),
        ask.language, citations=citations, reason=reason, confidence=confidence,
    )  # fmt: skip


def _differing(figures: Sequence[Figure], places: Mapping[str, int], language: Language) -> str:
    """Say that figures which ought to be one differ, each with the number of its citation."""
    values = [f"{wording.quantity_text(figure.quantity, language)}[{places[figure.id]}]" for figure in figures]
    return wording.conflict(values, language)


def _stated(common: Answer, finding: Finding, language: Language) -> Answer:
    """Give a figure as the document states it."""
    quantity = finding.figures[0].quantity
    text = wording.quantity_text(quantity, language)
    if finding.notes.get("fall"):
        quantity = replace(quantity, value=-quantity.value)
        text = wording.quantity_text(quantity, language) if language == "en" else text
    if period := finding.notes.get("period_assumed"):
        text = wording.with_period(text, period, language)
    if finding.notes.get("target"):
        text = wording.as_plan(text, language)
    if verdict := finding.notes.get("verdict"):
        text = wording.with_verdict(text, verdict == "yes", language)
    result = Result(wording.quantity_text(quantity, language), quantity.value, quantity.unit)
    return replace(common, text=wording.sentence(text, language), result=result)


def _computed(common: Answer, computation: Computation, language: Language, label: str = "") -> Answer:
    """Give the result of arithmetic, with the formula; of a comparison, who came out on top as well."""
    result = Result(computation.text, computation.value, computation.unit)
    shown = wording.labelled(label, computation.text, language) if label else computation.text
    text = wording.sentence(shown, language)
    return replace(common, text=text, result=result, formula=computation.formula)


def _is_stated_time(finding: Finding) -> bool:
    """Tell whether a time is given as it stands in the text: who reads the sentences may know it better."""
    return finding.computation is None and finding.figures[0].quantity.kind in {Kind.YEAR, Kind.DATE}


def _may_be_words(asked: FigureQuestion) -> bool:
    """Tell whether a question for a number may be answered in words after all, as one for a time may."""
    which = asked.operation in {Operation.ARGMAX, Operation.ARGMIN}
    return which or bool(asked.kinds & {Kind.YEAR, Kind.DATE, Kind.DURATION})
