"""Questions to start with and to go on with, made from what the documents themselves hold.

Candidates come from well-described figures (who, what and when are all known) and from headings; a candidate
is shown only once it has been asked and answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import rjieba

from yinju.dictionary import english_name
from yinju.text import Language, fold, language_of
from yinju.types import Answer, Document, Figure, Heading, Kind, Role, Status, Turn

MAX_EXAMPLES = 4
MAX_FOLLOW_UPS = 3
MAX_POOL = 24
"""So many questions are kept ready, from which examples and follow-ups are taken."""
MAX_TRIED = 40
_YEAR = re.compile(r"(?:19|20)\d{2}")
# Pointing words and aspect particles anywhere, place and time words and 占 at the end: such a phrase names nothing.
_NO_NAME = re.compile(r"[这那该此其们了着过]|[上下中里内外时前后占]$")
_ASKED_KINDS = (Kind.PERCENT, Kind.AMOUNT, Kind.COUNT, Kind.AREA, Kind.MULTIPLE, Kind.OTHER)
# A heading that can be asked about is a phrase, not a label such as 「一、」 or a whole sentence.
_HEADING_CHARS = range(4, 31)
_METRIC_CHARS = range(2, 19)
_ENTITY_CHARS = range(2, 13)
_ENGLISH_FACTOR = 3
"""English says the same in about three times the characters."""
# Between an English subject and its figure: the subject is whole there, and it is what the figure measures.
_IS_MEASURED = re.compile(
    r"(?:,? (?:in|for|during) (?:(?:19|20)\d{2}),?)? (?:was|were|is|are|stood at|reached|totall?ed|"
    r"(?:amounted|came|rose|grew|increased|climbed|fell|dropped|declined|decreased) to)"
    r"(?: (?:about|around|approximately|roughly|nearly|almost|over|more than|under|less than|at least|at most|only|"
    r"just|some|a total of|an estimated))* "
)
# English words that name nothing: such a subject points to what was named before, or is no subject.
_POINTS = re.compile(
    r"\b(?:it|its|they|their|he|his|she|her|we|our|this|that|these|those|there|here|who|whose|which|what|where|when|"
    r"now|then|former|latter|same)\b|^(?:and|or|but|yet|so|also|some|most|more|one|each|both|all|another|others?|only|"
    r"not|as|at|by|for|from|in|of|on|than|to|up|with)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r" (?:of|in|on|at|for|per|to|from|by|with|among|within|under|between) ")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that was asked and answered, and the figure it asks for; ``None`` where it asks for words."""

    question: str
    figure: Figure | None
    document: str
    position: int


def checked_questions(
    figures: Iterable[Figure], documents: Mapping[str, Document], ask: Callable[[str], Answer]
) -> tuple[Suggestion, ...]:
    """Return at most :data:`MAX_POOL` questions that the documents answer, kinds of question taking turns.

    Args:
        figures: The ledger's rows.
        documents: Documents by name.
        ask: Answers a question; called at most :data:`MAX_TRIED` times.
    """
    return tuple(islice(_answered(islice(candidate_questions(figures, documents), MAX_TRIED), ask), MAX_POOL))


def _answered(candidates: Iterable[tuple[str, Figure | None]], ask: Callable[[str], Answer]) -> Iterator[Suggestion]:
    for question, figure in candidates:
        answer = ask(question)
        if _is_answered(answer, figure):
            first = answer.citations[0]
            yield Suggestion(question, figure, first.document, first.span.start)


def examples_of(pool: Sequence[Suggestion], language: Language) -> tuple[str, ...]:
    """Return the questions an empty conversation shows: the first of the pool, which are of different kinds.

    Only those that a reader of the language can read; others only where there are none of these.
    """
    return tuple(suggestion.question for suggestion in _readable(pool, language)[:MAX_EXAMPLES])


def _readable(pool: Sequence[Suggestion], language: Language) -> Sequence[Suggestion]:
    return [suggestion for suggestion in pool if _is_for(suggestion, language)] or pool


def _is_for(suggestion: Suggestion, language: Language) -> bool:
    """Tell whether a question is English for the English, or Chinese of either script for the others."""
    return (language_of(suggestion.question) == "en") == (language == "en")


def follow_ups(turns: Sequence[Turn], pool: Sequence[Suggestion], language: Language) -> tuple[str, ...]:
    """Return the questions of the pool that go on best from the last answer; none that was asked or answered already.

    They are such as the reader of a language can read, if there are any. Nearer is what has the same subject, then what
    is measured in like words, then what stands nearby in the document.
    """
    if not turns:
        return ()
    asked = {fold(turn.question) for turn in turns}
    known = {cited.figure.id for turn in turns for cited in turn.answer.figures}
    fresh = (
        suggestion
        for suggestion in _readable(pool, language)
        if fold(suggestion.question) not in asked and (suggestion.figure is None or suggestion.figure.id not in known)
    )
    nearest = sorted(fresh, key=lambda each: _distance(each, turns[-1].answer))
    return tuple(suggestion.question for suggestion in nearest[:MAX_FOLLOW_UPS])


def _distance(suggestion: Suggestion, answer: Answer) -> tuple[bool, int, bool, int]:
    figures = [cited.figure for cited in answer.figures]
    entities = {fold(figure.entity) for figure in figures if figure.entity}
    measured = {pair for figure in figures for pair in _pairs(figure.metric)}
    own = suggestion.figure
    citation = answer.citations[0] if answer.citations else None
    return (
        own is None or fold(own.entity) not in entities,
        -len(measured & _pairs(own.metric)) if own else 0,
        citation is None or suggestion.document != citation.document,
        abs(suggestion.position - citation.span.start) if citation else 0,
    )


def _pairs(text: str) -> set[str]:
    folded = fold(text)
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


def candidate_questions(
    figures: Iterable[Figure], documents: Mapping[str, Document]
) -> Iterator[tuple[str, Figure | None]]:
    """Yield questions and the figure each asks for, none twice; kinds of figure, headings and documents take turns."""
    by_kind: dict[Kind, list[tuple[str, Figure | None]]] = {kind: [] for kind in _ASKED_KINDS}
    in_english: list[tuple[str, Figure | None]] = []
    seen: set[str] = set()
    rows = list(figures)
    crowd = Counter(_clause(figure) for figure in rows if figure.quantity.kind not in (Kind.YEAR, Kind.DATE))
    for figure in _in_turns(rows):
        if figure.metric in seen or crowd[_clause(figure)] > 1 or not _is_well_described(figure):
            continue
        if question := _figure_question(figure, documents.get(figure.document)):
            seen.add(figure.metric)
            by_kind[figure.quantity.kind].append((question, figure))
        if question := _translated_question(figure):
            in_english.append((question, figure))
    headings: list[tuple[str, Figure | None]] = [
        (_heading_question(heading), None)
        for document in documents.values()
        for heading in document.headings
        if heading.level > 1 and _fits(heading.title.strip(), _HEADING_CHARS)
    ]
    rounds = chain.from_iterable(zip_longest(*by_kind.values(), headings, in_english))
    yield from dict(candidate for candidate in rounds if candidate).items()


def _in_turns(rows: Iterable[Figure]) -> Iterator[Figure]:
    """Yield figures as they stand in their documents, one of each document at a time."""
    by_document: dict[str, list[Figure]] = {}
    for row in rows:
        by_document.setdefault(row.document, []).append(row)
    yield from (row for turn in zip_longest(*by_document.values()) for row in turn if row is not None)


def _clause(figure: Figure) -> tuple[str, int]:
    """Where the figure's clause stands; one that shares it with another may have the other's subject or time."""
    return figure.document, figure.clause.start


def _is_answered(answer: Answer, figure: Figure | None) -> bool:
    found = figure is None or figure.id in {cited.figure.id for cited in answer.figures}
    return found and answer.status is Status.ANSWERED and bool(answer.citations)


def _is_well_described(figure: Figure) -> bool:
    return (
        figure.quantity.kind in _ASKED_KINDS
        and figure.role in (Role.LEVEL, Role.SHARE)
        and not figure.target
        and not figure.per
        and figure.quantity.high is None
        and bool(_YEAR.fullmatch(figure.period))
        and _fits(figure.metric, _METRIC_CHARS)
        and not any(character.isdigit() for character in figure.metric + figure.entity)
    )


def _fits(text: str, lengths: range) -> bool:
    factor = _ENGLISH_FACTOR if language_of(text) == "en" else 1
    return lengths.start <= len(text) < lengths.stop * factor


def _figure_question(figure: Figure, document: Document | None) -> str:
    """Ask for a figure; empty where its subject or metric does not read as a name."""
    if language_of(figure.entity + figure.metric) == "en":
        return _english_question(figure, document) if document else ""
    return _chinese_question(figure)


def _chinese_question(figure: Figure) -> str:
    names = (fold(figure.metric), fold(figure.entity))
    if figure.quantity.kind is Kind.OTHER or not _fits(figure.entity, _ENTITY_CHARS):
        return ""
    if any(_NO_NAME.search(name) for name in names) or not _is_a_name(names[0], figure.quantity.kind):
        return ""
    entity = "" if figure.metric.startswith(figure.entity) else figure.entity
    ending = "有多少？" if figure.quantity.kind is Kind.COUNT else "是多少？"
    return f"{figure.period}年{entity}{figure.metric}{ending}"


def _translated_question(figure: Figure) -> str:
    """Ask in English for a figure of a Chinese text, whose measure has an English name; empty for others."""
    name = english_name(fold(figure.metric))
    if not name or figure.quantity.kind is Kind.OTHER or not figure.entity:
        return ""
    if figure.quantity.kind is Kind.COUNT:
        return f"How many {_plural(name)} were there in {figure.period}?"
    return f"What was the {name} in {figure.period}?"


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return name if name.endswith("s") else f"{name}s"


def _is_a_name(metric: str, kind: Kind) -> bool:
    """Tell whether words name a thing: they begin with no verb, adverb, preposition or place word.

    What is counted is a thing itself; with a verb inside, such words tell what somebody did.
    """
    tags = [tag for _, tag in rjieba.tag(metric)]
    return tags[0] not in ("v", "d", "p", "f", "c", "zg", "uj") and not (kind is Kind.COUNT and "v" in tags)


# ── English ─────────────────────────────────────────────────────────────────────────────────


def _english_question(figure: Figure, document: Document) -> str:
    """Ask for what is the subject of its sentence, in a sentence that says itself of which year it speaks."""
    metric, sentence = figure.metric, figure.sentence.of(document.text)
    before, found, after = sentence[: figure.quantity.span.start - figure.sentence.start].rpartition(metric)
    if not found or not _IS_MEASURED.fullmatch(after) or _POINTS.search(metric) or figure.period not in sentence:
        return ""
    name = _inside_a_sentence(metric, before, document)
    # Who is not named in the sentence itself is only thought to be its subject: the question leaves it open.
    if figure.entity in sentence and figure.entity.lower() not in metric.lower():
        name += f" of {figure.entity}"
    has_article = " of " in name or before.lower().endswith("the ")
    verb = "were" if _is_plural(_PREPOSITION.split(metric)[0]) else "was"
    return f"What {verb} {'the ' if has_article else ''}{name} in {figure.period}?"


def _inside_a_sentence(metric: str, before: str, document: Document) -> str:
    """The metric as it is written inside a sentence: a capital that only began one becomes small."""
    first = metric.split(" ")[0]
    is_a_name = re.search(rf"[a-z,] {re.escape(first)}\b", document.text)
    if before.strip() or not first.istitle() or is_a_name:
        return metric
    return metric[0].lower() + metric[1:]


def _is_plural(phrase: str) -> bool:
    return phrase.endswith("s") and not phrase.endswith(("ss", "us", "is"))


# ── headings ────────────────────────────────────────────────────────────────────────────────


def _heading_question(heading: Heading) -> str:
    title = heading.title.strip().rstrip("。.:：")
    language = language_of(title)
    if language == "en":
        return f"What does it say about “{title}”?"
    return f"關於「{title}」說了什麼？" if language == "zh-Hant" else f"关于“{title}”说了什么？"
