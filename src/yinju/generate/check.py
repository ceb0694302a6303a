"""The check of what a language model wrote: prose and evidence → sentences, each kept or removed with the reason.

A pure function. Nothing is believed: a sentence is kept only if its numbers, names, quotations and words are those of
the evidence that it cites itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import yinju.figures.cues as cues
import yinju.generate.words as words
from yinju.dictionary import terms_in_documents
from yinju.figures.compute import same_measure
from yinju.figures.periods import read_period
from yinju.figures.quantity import read_quantities
from yinju.generate.evidence import Evidence, Item, Row, Source
from yinju.generate.numbers import Mention, bare_numbers, bare_year, holds, holds_time, is_time, mentions, token_stands
from yinju.generate.prose import Draft, draft, split
from yinju.text import Language, clauses, fold
from yinju.types import Computation, Kind, Quantity, Role, Span

RIVAL_MARGIN, OTHER_MARGIN = 0.08, 0.25
"""By so much another row, of the same unit or of another, may fit the words around a number better than its own."""


class Verdict(StrEnum):
    """What became of a sentence."""

    KEPT = "kept"
    NO_SOURCE = "no_source"
    UNKNOWN_SOURCE = "unknown_source"
    LANGUAGE = "language"
    MARKUP = "markup"
    NUMBER = "number"
    MISATTRIBUTED = "misattributed"
    QUOTATION = "quotation"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence after the check.

    Attributes:
        raw: As written.
        text: As it is shown, without markers.
        verdict: Kept, or why not.
        ids: Evidence that it cites.
        blocked: Its numbers that no cited evidence holds.
        stated: Quantities of the evidence that it states.
        sources: Sentences of documents that prove it.
        rows: Ledger rows whose figures it states.
        computations: Arithmetic whose results it states.
    """

    raw: str
    text: str
    verdict: Verdict
    ids: tuple[int, ...] = ()
    blocked: tuple[str, ...] = ()
    stated: tuple[Quantity, ...] = ()
    sources: tuple[Source, ...] = ()
    rows: tuple[Row, ...] = ()
    computations: tuple[Computation, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Prose after the check, sentence by sentence, in order."""

    sentences: tuple[Sentence, ...]

    @property
    def kept(self) -> tuple[Sentence, ...]:
        """What stood."""
        return tuple(sentence for sentence in self.sentences if sentence.verdict is Verdict.KEPT)

    @property
    def removed(self) -> tuple[Sentence, ...]:
        """What did not."""
        return tuple(sentence for sentence in self.sentences if sentence.verdict is not Verdict.KEPT)

    @property
    def blocked_numbers(self) -> tuple[str, ...]:
        """Numbers that no cited evidence holds, as written."""
        return tuple(number for sentence in self.sentences for number in sentence.blocked)


def check(prose: str, evidence: Evidence, language: Language) -> Checked:
    """Check finished prose.

    Args:
        prose: Anything at all.
        evidence: What the model was given.
        language: The language and script that the prose should be in; Chinese in the other script is converted.
    """
    seen: list[Sentence] = []
    for raw in split(prose):
        seen.append(check_sentence(raw, evidence, language, seen))
    return Checked(tuple(seen))


def check_sentence(raw: str, evidence: Evidence, language: Language, before: Sequence[Sentence] = ()) -> Sentence:
    """Check one raw sentence; one that repeats a sentence ``before`` is removed."""
    drafted = draft(raw, language)
    if any(earlier.text == drafted.text for earlier in before):
        return Sentence(raw, drafted.text, Verdict.REPEATED, drafted.ids)
    if verdict := _form(drafted, evidence, language):
        return Sentence(raw, drafted.text, verdict, drafted.ids)
    return _Examination(drafted, evidence, language).sentence()


def _form(drafted: Draft, evidence: Evidence, language: Language) -> Verdict | None:
    known = {item.id for item in evidence.items}
    if words.has_markup(drafted.raw):
        return Verdict.MARKUP
    if not drafted.ids:
        return Verdict.NO_SOURCE
    if not set(drafted.ids) <= known:
        return Verdict.UNKNOWN_SOURCE
    return Verdict.LANGUAGE if words.wrong_language(drafted.text, language) else None


@dataclass(frozen=True, slots=True)
class _Bound:
    """A number of the prose, the words that go with it, and the ledger rows that have it.

    Attributes:
        mention: The number.
        segment: The words that go with it, all numbers blanked.
        around: The same folded, with only this number taken out.
        rows: Rows of the cited evidence that have the number.
    """

    mention: Mention
    segment: str
    around: str
    rows: tuple[Row, ...]


class _Examination:
    """One sentence held against the evidence that it cites."""

    def __init__(self, drafted: Draft, evidence: Evidence, language: Language) -> None:
        self.drafted, self.language, self.text = drafted, language, drafted.text
        self.items = [item for item in evidence.items if item.id in drafted.ids]
        self.mentions = mentions(self.text)
        self.folded = fold(self.text)
        self.known = "\n".join(item.folded for item in self.items)
        answers = bool(evidence.answering & set(drafted.ids))
        self.asked = fold(evidence.question) if answers else ""
        self.headings = "\n".join(fold(item.context) for item in self.items)
        self.support = f"{self.known}\n{self.asked}"

    def sentence(self) -> Sentence:
        """Return the verdict with what it rests on."""
        blocked = tuple(mention.surface for mention in self.mentions if not self._holds(mention))
        verdict = Verdict.NUMBER if blocked else self._verdict()
        stated = tuple(q for m in self.mentions if m.quantity for q in self._equal(m.quantity))
        raw, ids = self.drafted.raw, self.drafted.ids
        if verdict is not Verdict.KEPT:
            return Sentence(raw, self.text, verdict, ids, blocked)
        rows = {bound.mention: next(r for r in bound.rows if self._belongs(bound, r)) for bound in self.bounds}
        done = tuple(item.computation for item in self.items if item.computation and set(item.results) & set(stated))
        counted = tuple(row for mention, row in rows.items() if not is_time(mention))
        return Sentence(raw, self.text, verdict, ids, (), stated, tuple(self._sources(rows.values())), counted, done)

    def _verdict(self) -> Verdict:
        if words.false_quotations(self.text, self.known):
            return Verdict.QUOTATION
        if not self._supported():
            return Verdict.UNSUPPORTED
        if self._repeats_numbers() or not all(map(self._attributed, self.bounds)) or not self._in_order():
            return Verdict.MISATTRIBUTED
        return Verdict.CONTRADICTED if self._turned_round() or self._compares_wrongly() else Verdict.KEPT

    # ── numbers ──

    def _holds(self, mention: Mention) -> bool:
        if mention.quantity is None:
            if bare_year(mention):
                return self._holds_time(read_quantities(f"{mention.surface}年")[0])
            return any(token_stands(token, self.known, self._bare) for token in self._in_place(mention))
        if is_time(mention) or _is_years(mention.quantity):
            return self._holds_time(mention.quantity)
        return bool(self._equal(mention.quantity))

    def _in_place(self, mention: Mention) -> tuple[str, ...]:
        """Return a token as the evidence has to have it: an ordinal (第一) with what it stands before or behind."""
        if not mention.surface.startswith("第"):
            return (mention.surface,)
        start, end = mention.span.start, mention.span.end
        return self.folded[max(0, start - 1) : end], self.folded[start : end + 1]

    @cached_property
    def _bare(self) -> frozenset[str]:
        return frozenset().union(*(bare_numbers(item.text) for item in self.items))

    def _holds_time(self, stated: Quantity) -> bool:
        headings = [q for item in self.items for q in read_quantities(item.context)]
        known = [q for item in self.items for q in item.quantities] + headings
        return holds_time(stated, known, {row.figure.period for item in self.items for row in item.rows})

    def _equal(self, stated: Quantity) -> list[Quantity]:
        return [q for item in self.items for q in item.quantities if holds(stated, q) or self._counts(stated, q, item)]

    def _counts(self, stated: Quantity, known: Quantity, item: Item) -> bool:
        """An English noun counts what a Chinese measure word does, if it is the noun in the evidence."""
        if not (stated.unit.isascii() and stated.unit.isalpha() and known.kind is Kind.COUNT):
            return False
        if stated.value != known.value or stated.approx != known.approx or stated.high != known.high:
            return False
        return any(term.candidates for term in terms_in_documents(stated.unit, item.folded))

    # ── whose numbers ──

    @cached_property
    def bounds(self) -> tuple[_Bound, ...]:
        """The numbers that ledger rows have, times aside."""
        return tuple(self._bind())

    def _bind(self) -> Iterator[_Bound]:
        cuts = clauses(self.text, Span(0, len(self.text)))
        for mention in self.mentions:
            clause = next((cut for cut in cuts if cut.contains(mention.span)), Span(0, len(self.text)))
            if mention.quantity is None or (is_time(mention) and self._dates(mention, clause)):
                continue
            stated = mention.quantity
            rows = tuple(row for item in self.items for row in item.rows if holds(stated, row.figure.quantity))
            result = any(holds(stated, result) for item in self.items for result in item.results)
            if rows and not result:
                place = self._segment(mention, clause)
                around = self.folded[place.start : mention.span.start] + " " + self.folded[mention.span.end : place.end]
                yield _Bound(mention, self._blank(place), around, rows)

    def _dates(self, time: Mention, clause: Span) -> bool:
        """Tell whether a time dates another number of its clause; then it is bound with that."""
        return any(clause.contains(m.span) and m.quantity and not is_time(m) for m in self.mentions if m is not time)

    def _segment(self, mention: Mention, clause: Span) -> Span:
        """Return what goes with a number: its clause from the number before it, to its end if it is the last one."""
        others = [
            m.span
            for m in self.mentions
            if m.span != mention.span and clause.contains(m.span) and m.quantity and m.quantity.unit and not is_time(m)
        ]
        start = max([clause.start, *(span.end for span in others if span.end <= mention.span.start)])
        last = all(span.end <= mention.span.start for span in others)
        return Span(start, clause.end if last else mention.span.end)

    def _blank(self, span: Span) -> str:
        """Return a piece of the text with its numbers blanked."""
        characters = list(self.text)
        for mention in self.mentions:
            if mention.quantity is not None:
                characters[mention.span.start : mention.span.end] = " " * len(mention.span)
        return "".join(characters[span.start : span.end])

    def _attributed(self, bound: _Bound) -> bool:
        return any(self._belongs(bound, row) for row in bound.rows)

    def _belongs(self, bound: _Bound, row: Row) -> bool:
        """Tell whether a row is the one that the words around a number speak of, and at that time."""
        if not self._same_time(bound.mention, row):
            return False
        if row.figure.per and not cues.PER.search(self.folded) and fold(row.figure.per) not in self.folded:
            return False
        content = words.content_words(bound.segment, self.language, self.known)
        around = "\n".join((fold(row.source.text), row.words, self.headings, self.asked))
        if words.coverage(content, around) < words.LEAST_OWN_COVERAGE:
            return False
        own = self._closeness(bound, content, row)
        missing = [word for word in self._names(bound, content) if word.found(row.words) < words.LEAST_NAME]
        return not any(
            self._closeness(bound, content, rival) > own + margin
            or (margin == RIVAL_MARGIN and any(word.found(rival.words) >= words.LEAST_NAME for word in missing))
            for rival, margin in self._rivals(bound)
        )

    def _closeness(self, bound: _Bound, content: Sequence[words.Word], row: Row) -> float:
        """Return how far the words around a number are a row's own, 0 to 1: whole words and, in Chinese, pairs."""
        covered = words.coverage(content, row.words)
        return covered if self.language == "en" else (covered + words.shared_pairs(bound.around, row.words)) / 2

    def _repeats_numbers(self) -> bool:
        """Tell whether a number is said more often than any one sentence of the evidence says it."""
        said = Counter((m.quantity.value, m.quantity.unit) if m.quantity else m.surface for m in self.mentions)
        often = [key for key, times in said.items() if times > 1]
        if not often:
            return False
        texts = {source.text for item in self.items for source in item.sources} | {item.text for item in self.items}
        known = [Counter((m.quantity.value, m.quantity.unit) if m.quantity else m.surface for m in mentions(text))
                 for text in texts]  # fmt: skip
        return any(all(count[key] < said[key] for count in known) for key in often)

    def _names(self, bound: _Bound, content: Sequence[words.Word]) -> list[words.Word]:
        """Return the names that go with a number: those beside it, else the last ones before it."""
        if names := [word for word in content if word.is_name]:
            return names
        for clause in reversed(clauses(self.text, Span(0, bound.mention.span.start))):
            before = words.content_words(self._blank(clause), self.language, self.known)
            if names := [word for word in before if word.is_name]:
                return names
        return []

    def _rivals(self, bound: _Bound) -> Iterator[tuple[Row, float]]:
        """Yield rows that could have been meant but have another value, which the clause does not give.

        With each comes by how much it may fit better; rows of another unit share words more easily.
        """
        given = [mention.quantity for mention in self._clause_mates(bound.mention) if mention.quantity]
        for item in self.items:
            for row in item.rows:
                quantity = row.figure.quantity
                alike = same_measure(quantity.unit, bound.rows[0].figure.quantity.unit)
                if not any(holds(stated, quantity) for stated in given):
                    yield row, RIVAL_MARGIN if alike else OTHER_MARGIN

    def _clause_mates(self, mention: Mention) -> list[Mention]:
        cuts = clauses(self.text, Span(0, len(self.text)))
        clause = next((cut for cut in cuts if cut.contains(mention.span)), Span(0, len(self.text)))
        return [other for other in self.mentions if clause.contains(other.span)]

    def _same_time(self, mention: Mention, row: Row) -> bool:
        period = read_period(row.figure.period)
        said = self._times_of(mention)
        if period is None or not said:
            return True
        spans = [span for time in said if (span := read_period(_notation(time)))]
        return any(span.overlaps(period) for span in spans) or any(fold(time.surface) in row.clause for time in said)

    def _times_of(self, mention: Mention) -> list[Quantity]:
        """Return the times said in a number's clause, else the last one said before it."""
        times = [m for m in self.mentions if m.quantity and (is_time(m) or _is_years(m.quantity))]
        here = [m.quantity for m in self._clause_mates(mention) if m in times and m.quantity]
        before = [m.quantity for m in times if m.span.end <= mention.span.start and m.quantity]
        return here or before[-1:]

    def _in_order(self) -> bool:
        """Tell whether numbers that the evidence lists for several things respectively come in its order."""
        for item in self.items:
            for clause in {row.clause for row in item.rows if "分别" in row.clause or "依次" in row.clause}:
                spans = [
                    min(row.figure.quantity.span.start for row in bound.rows if row.clause == clause)
                    for bound in self.bounds
                    if any(row.clause == clause for row in bound.rows)
                ]
                if spans != sorted(spans) or not self._names_in_order(clause, len(spans)):
                    return False
        return True

    def _names_in_order(self, clause: str, n_numbers: int) -> bool:
        if n_numbers == 0:
            return True
        content = words.content_words(self._blank(Span(0, len(self.text))), self.language, self.known)
        shared = [word.text for word in content if word.text in clause and word.text in self.folded]
        there = sorted(dict.fromkeys(shared), key=clause.find)
        here = sorted(dict.fromkeys(shared), key=self.folded.find)
        return there == here

    # ── words ──

    def _supported(self) -> bool:
        content = words.content_words(self._blank(Span(0, len(self.text))), self.language, self.support)
        if not content and not any(mention.quantity for mention in self.mentions):
            return False
        if words.strange_names(content, self.support) or words.new_claims(self.folded, self.support):
            return False
        covered = words.coverage(content, self.support) >= words.LEAST_COVERAGE[self.language]
        return covered and (words.hole(content, self.support) <= words.MOST_HOLE if content else True)

    def _turned_round(self) -> bool:
        planned = words.plans(self.folded)
        for bound in self.bounds:
            segment = fold(bound.segment)
            rows = [row for row in bound.rows if self._belongs(bound, row)]
            if not any(self._says(segment, row, planned) for row in rows):
                return True
        return any(self._denies(clause) for clause in self._clauses_without_numbers())

    def _says(self, segment: str, row: Row, planned: bool) -> bool:
        if row.figure.target and not planned:
            return False
        if row.figure.role is Role.CHANGE and not words.says_change(self.folded):
            return False
        newly, is_new = words.says_newly(segment), words.says_newly(row.clause)
        return newly == is_new and not words.turns_round(segment, row.clause)

    def _clauses_without_numbers(self) -> Iterator[str]:
        bound = [mention.span for mention in self.mentions if mention.quantity]
        for clause in clauses(self.text, Span(0, len(self.text))):
            if not any(clause.contains(span) for span in bound):
                yield clause.of(self.text)

    def _denies(self, clause: str) -> bool:
        """Tell whether a clause turns the clause of the evidence round that it is most like."""
        content = words.content_words(clause, self.language, self.known)
        references = [
            fold(span.of(source.text))
            for item in self.items
            for source in item.sources
            for span in clauses(source.text, Span(0, len(source.text)))
        ]
        best = max(references, key=lambda reference: words.likeness(content, reference), default="")
        alike = words.likeness(content, best) >= words.LEAST_LIKENESS
        if not alike:
            return words.negates(fold(clause)) and not words.negates(self.known)
        return words.turns_round(fold(clause), best)

    def _compares_wrongly(self) -> bool:
        """Tell whether a difference is told the wrong way round, or so that nobody can tell."""
        said_more, said_less = words.says_more(self.folded), words.says_less(self.folded)
        for item in self.items:
            done = item.computation
            if done is None or done.operation != "difference" or said_more == said_less:
                continue
            marks = [fold(figure.entity) for figure in done.operands]
            if marks[0] == marks[1]:
                marks = [figure.period[:4] for figure in done.operands]
            places = [self.folded.find(mark) if mark else -1 for mark in marks]
            if min(places) < 0 or places[0] == places[1]:
                return True
            larger_first = (places[0] < places[1]) != words.compares_with_first(self.folded, min(places))
            if larger_first != said_more:
                return True
        return False

    # ── proof ──

    def _sources(self, rows: Iterable[Row]) -> Iterator[Source]:
        """Yield the sentences that prove this one: those of its numbers, and of each item the most alike."""
        chosen: dict[Source, None] = dict.fromkeys(row.source for row in rows)
        content = words.content_words(self.text, self.language, self.known)
        for item in self.items:
            if item.computation is not None:
                chosen |= dict.fromkeys(item.sources)
            elif not any(source in chosen for source in item.sources):
                best = max(item.sources, key=lambda source: words.coverage(content, fold(source.text)))
                chosen[best] = None
        yield from chosen


def _is_years(quantity: Quantity) -> bool:
    return quantity.kind is Kind.RANGE and quantity.high is not None and 1000 <= quantity.value <= quantity.high <= 2999


def _notation(time: Quantity) -> str:
    """Write a year, date or run of years in the notation of ``Figure.period``."""
    digits = f"{int(time.value)}"
    if time.high is not None:
        return f"{digits}/{int(time.high)}"
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
