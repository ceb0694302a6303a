"""Reading: the words of the retrieved passages that answer a question, or that nothing does.

Every sentence of the passages is a candidate (``evidence.py``); the trained reader looks at the passages of the most
promising ones and names the words it takes for the answer. The best candidate is cut to the clauses around those
words; lists and explanations take their companions along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from yinju.asked import Asked, Asks, Term, coverage, covers_term
from yinju.evidence import (
    BEFORE_CHARS,
    Candidate,
    candidates,
    features,
    fits,
    log_odds,
    names_moment,
    points_back,
)
from yinju.logistic import probability
from yinju.reader import SpanScore
from yinju.text import clauses, fold, sentences
from yinju.types import Hit, Passage, Span

MAX_ANSWER_CHARS = 64
"""Longest direct answer; the contract asks for about 60 characters of prose."""
MAX_SENTENCES = 5
"""Longest explanation or list, in sentences (contract)."""
N_PROMISING = 6
"""Sentences that are weighed besides those in which the reader found something."""
N_READ = 4
"""Passages that the reader reads, the first of the retrieved ones."""
_COMPANION_ODDS = 1.5
"""An explanation takes sentences along whose log odds are at most so far below the best one's."""

FindSpans = Callable[[Passage], Sequence[SpanScore]]
"""Passage → the spans of its text that the reader takes for the question's answer, best first."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a document that may answer.

    Attributes:
        document: ``Document.name``.
        answer: The words that answer.
        sentence: The sentence around them, for the citation.
        exact: The reader's words within ``answer``, if it found any there.
    """

    document: str
    answer: Span
    sentence: Span
    exact: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading came to: extracts in document order, the probability that they answer, and what is missing."""

    asked: Asked
    extracts: tuple[Extract, ...]
    probability: float
    missing: tuple[str, ...] = ()
    missing_years: tuple[str, ...] = ()
    nearest: Extract | None = None


def read(asked: Asked, hits: Sequence[Hit], texts: Mapping[str, str], find_spans: FindSpans) -> Reading:
    """Find the words that answer among retrieved passages.

    Args:
        asked: What :func:`~yinju.asked.understand` made of the question.
        hits: Retrieved passages, best first; may be empty.
        texts: Folded readable text of each document by name.
        find_spans: The reader, with the question.

    Returns:
        A reading; ``extracts`` is empty only if there are no passages. ``probability`` says how likely they answer.
    """
    missing = missing_names(asked, texts.values())
    ranked = rank(asked, gather(asked, hits, texts, find_spans), len(missing))
    if not ranked:
        return Reading(asked, (), 0.0, missing, asked.years)
    odds, best = ranked[0]
    chosen = [_extract(asked, candidate) for candidate in _choose(asked, ranked)]
    if asked.asks in _EXPLAINS:
        chosen = _in_context(chosen, texts)
    extracts = (*_leading_up(asked, chosen[0], texts), *chosen, *_leading_on(asked, chosen[-1], texts))
    years = _missing_years(asked, best)
    return Reading(asked, extracts, probability(odds), missing, years, _extract(asked, best))


def missing_names(asked: Asked, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the question that no document knows."""
    known = tuple(texts)
    return tuple(term.word for term in asked.terms if term.is_name and not _is_known(term, known))


def _is_known(term: Term, texts: Iterable[str]) -> bool:
    return any(covers_term(term, text) >= 0.5 for text in texts)


def _missing_years(asked: Asked, candidate: Candidate) -> tuple[str, ...]:
    return tuple(year for year in asked.years if year not in fold(candidate.passage.readable))


def gather(asked: Asked, hits: Sequence[Hit], texts: Mapping[str, str], find_spans: FindSpans) -> list[Candidate]:
    """Return the most promising sentences, the first passages read; in no particular order."""
    everything = [candidate for hit in hits for candidate in candidates(asked, hit, texts)]
    everything.sort(key=lambda found: (-found.first_look, found.passage.document, found.span))
    found = {hit.passage.id: _read_passage(hit.passage, find_spans) for hit in hits[:N_READ]}
    everything = [replace(row, found=_within(row.span, found.get(row.passage.id))) for row in everything]
    heads = {spans[0] for spans in found.values() if spans}
    return [row for place, row in enumerate(everything) if place < N_PROMISING or heads & frozenset(row.found or ())]


def _read_passage(passage: Passage, find_spans: FindSpans) -> list[SpanScore]:
    """Let the reader read a passage; return what it found, as spans of the document, best first."""
    return [replace(row, span=row.span.shift(passage.span.start)) for row in find_spans(passage)]


def _within(sentence: Span, found: Sequence[SpanScore] | None) -> tuple[SpanScore, ...] | None:
    """Keep the spans that begin in a sentence; ``None`` when its passage was not read."""
    return None if found is None else tuple(row for row in found if sentence.start <= row.span.start < sentence.end)


def rank(asked: Asked, gathered: Sequence[Candidate], n_missing: int) -> list[tuple[float, Candidate]]:
    """Return (log odds, candidate), best first."""
    rows = [
        (log_odds(features(asked, candidate, n_missing, len(_missing_years(asked, candidate)))), candidate)
        for candidate in gathered
    ]
    return sorted(rows, key=lambda row: (-row[0], row[1].passage.document, row[1].span))


# ── neighbours of the answer ────────────────────────────────────────────────────────────────

_EXPLAINS = frozenset({Asks.REASON, Asks.MANNER, Asks.DESCRIPTION})
MAX_EXPLANATION_CHARS = 320
"""A cause is seldom told in one sentence: its neighbours in the paragraph are given up to this length of all."""
_LABEL = re.compile(r"(?:\d+[.、)）]|[(（]?[一二三四五六七八九十]+[)）、.]|[“「《])|^[^，,;；]*$")
MAX_LABEL_CHARS = 30
"""A sentence up to this long that lists nothing may be the label of what follows (「四網融合」。指…)."""


def _in_context(chosen: Sequence[Extract], texts: Mapping[str, str]) -> list[Extract]:
    """Give sentences with those before and after them in their paragraph, as far as they fit."""
    first, last = chosen[0], chosen[-1]
    document = texts[first.document]
    begin = document.rfind("\n", 0, first.sentence.start) + 1
    end = document.find("\n", last.sentence.end)
    paragraph = document[begin : len(document) if end < 0 else end]
    around = [span.shift(begin) for span in sentences(paragraph)]
    before = [span for span in around if span.end <= first.sentence.start]
    after = [span for span in around if span.start >= last.sentence.end]
    room = MAX_EXPLANATION_CHARS - sum(len(extract.sentence) for extract in chosen)
    found = list(chosen)
    for neighbours in (before[-1:], after[:2]):
        for span in neighbours:
            if len(span) > room or len(found) >= MAX_SENTENCES - 1:
                break
            room -= len(span)
            found.append(Extract(first.document, span, span))
    return sorted(found, key=lambda extract: extract.sentence)


def _leading_on(asked: Asked, last: Extract, texts: Mapping[str, str]) -> tuple[Extract, ...]:
    """Give the sentence after one that only names what was asked for, as a heading or an entry of a glossary does."""
    document = texts[last.document]
    text = last.sentence.of(document)
    if asked.asks not in _EXPLAINS | {Asks.LIST, Asks.THING} or len(text) > MAX_LABEL_CHARS or fits(asked, text) == 1.0:
        return ()
    if asked.asks is Asks.THING and not _LABEL.match(text):
        return ()
    end = last.sentence.end
    following = [span.shift(end) for span in sentences(document[end : end + 4 * BEFORE_CHARS])]
    return (Extract(last.document, following[0], following[0]),) if following else ()


def _leading_up(asked: Asked, first: Extract, texts: Mapping[str, str]) -> tuple[Extract, ...]:
    """Give the sentence before the answer where the answer leans on it: for its time, or for whom it speaks of."""
    document = texts[first.document]
    text = first.sentence.of(document)
    begin = max(0, first.sentence.start - BEFORE_CHARS)
    leans = asked.asks in (Asks.PERSON, Asks.ORGANISATION) and points_back(text)
    lacks_time = asked.asks is Asks.TIME and not names_moment(text)
    if not (leans or lacks_time):
        return ()
    earlier = [span.shift(begin) for span in sentences(document[begin : first.sentence.start])]
    if lacks_time:
        earlier = [span for span in earlier if names_moment(span.of(document))]
    return (Extract(first.document, earlier[-1], earlier[-1]),) if earlier else ()


# ── the answer ──────────────────────────────────────────────────────────────────────────────


def _choose(asked: Asked, ranked: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """Take the best sentence, and for explanations its best companions in the same passage, in order."""
    odds, best = ranked[0]
    if asked.asks not in _EXPLAINS:
        return [best]
    near = [row for its, row in ranked if row.passage.id == best.passage.id and its >= odds - _COMPANION_ODDS]
    return sorted(near[:3], key=lambda row: row.span)


def _extract(asked: Asked, candidate: Candidate) -> Extract:
    whole = asked.asks in _EXPLAINS or asked.asks is Asks.LIST
    exact = candidate.found[0].span if candidate.found else None
    if exact and exact.end > candidate.span.end:
        exact = Span(exact.start, candidate.span.end)
    answer = _around(candidate, exact) if whole else _shorten(asked, candidate, exact)
    if exact and not answer.contains(exact):
        exact = None
    return Extract(candidate.passage.document, answer, candidate.span, exact)


MAX_WHOLE_CHARS = 110
"""Longest sentence that is given whole as a list or an explanation, if the reader found words in it: reports have
sentences of several hundred characters on as many things."""


def _around(candidate: Candidate, exact: Span | None) -> Span:
    """Keep a sentence whole, but of an over-long one the part between semicolons, or the clauses, around the words."""
    sentence, text, offset = candidate.span, candidate.passage.readable, candidate.passage.span.start
    if exact is None or len(sentence) <= MAX_WHOLE_CHARS:
        return sentence
    ends = (found.end() + offset for found in re.finditer("[；;]", text))
    marks = [end for end in ends if sentence.start < end < sentence.end]
    edges = [sentence.start, *marks, sentence.end]
    parts = [Span(a, b) for a, b in pairwise(edges) if a < exact.end and b > exact.start]
    part = Span(parts[0].start, parts[-1].end)
    if len(part) <= MAX_WHOLE_CHARS:
        return part
    runs = _runs_of_clauses(candidate.passage, part, MAX_WHOLE_CHARS)
    return max((run for run in runs if run.contains(exact)), key=len, default=part)


def _shorten(asked: Asked, candidate: Candidate, exact: Span | None) -> Span:
    """Cut a sentence to the run of clauses that holds the reader's words or, without them, covers the question."""
    passage, sentence = candidate.passage, candidate.span
    if len(sentence) <= MAX_ANSWER_CHARS:
        return sentence
    windows = _runs_of_clauses(passage, sentence)
    if exact and len(exact) <= MAX_ANSWER_CHARS:
        windows = [window for window in windows if window.contains(exact)] or [exact]

    def worth(window: Span) -> float:
        text = fold(window.shift(-passage.span.start).of(passage.readable))
        return coverage(asked.terms, text) + 0.35 * fits(asked, text) - 0.002 * len(window)

    return max(windows, key=worth)


def _runs_of_clauses(passage: Passage, sentence: Span, max_chars: int = MAX_ANSWER_CHARS) -> list[Span]:
    """Return the clauses of a sentence and the runs of neighbours that are short enough for an answer."""
    offset = passage.span.start
    parts = [part.shift(offset) for part in clauses(passage.readable, sentence.shift(-offset))]
    return [
        Span(parts[first].start, parts[last].end)
        for first in range(len(parts))
        for last in range(first, len(parts))
        if last == first or parts[last].end - parts[first].start <= max_chars
    ]
