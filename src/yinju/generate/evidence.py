"""What a language model is given to write from: numbered passages, ledger rows and results of arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from yinju.figures.ledger import describe
from yinju.figures.quantity import read_quantities
from yinju.text import clauses, fold, orders_machine, sentences
from yinju.types import Answer, Approx, Computation, Document, Figure, Hit, Kind, Passage, Quantity, Span

MAX_PASSAGES = 5
"""Passages given besides what the answer cites; more of them mislead small models."""


class Sort(StrEnum):
    """What a piece of evidence is."""

    PASSAGE = "passage"
    FIGURE = "figure"
    CALCULATION = "calculation"


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of a document: ``text`` is its readable form, as the model is shown it."""

    document: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A ledger row inside a piece of evidence, and the folded words that are its own."""

    figure: Figure
    words: str
    clause: str
    source: Source


@dataclass(frozen=True)
class Item:
    """One piece of evidence.

    Attributes:
        id: The number by which prose cites it, from 1.
        sort: Passage, ledger row or calculation.
        text: What the model is shown.
        sources: The sentences that prove it; for a calculation those of its operands.
        context: Headings above it; its words support prose, its numbers do not.
        rows: Ledger rows that stand in the sources; for a calculation its operands.
        results: Quantities that stand in no document: the result of a calculation.
        computation: The arithmetic of a calculation.
    """

    id: int
    sort: Sort
    text: str
    sources: tuple[Source, ...]
    context: str = ""
    rows: tuple[Row, ...] = ()
    results: tuple[Quantity, ...] = ()
    computation: Computation | None = None

    @cached_property
    def folded(self) -> str:
        """Text, sources and context, folded: the words that support prose."""
        return fold("\n".join((self.text, *(source.text for source in self.sources), self.context)))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity it holds."""
        read = [quantity for source in self.sources for quantity in read_quantities(source.text)]
        return (*(row.figure.quantity for row in self.rows), *read, *self.results)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything prose may say: the items by id, the question, and which items answer it.

    Attributes:
        items: In order of their ids, which are 1, 2, 3, …
        question: The standalone question; its words are taken as said of what answers it.
        answering: Ids of the items that the extractive answer rests on.
    """

    items: tuple[Item, ...]
    question: str = ""
    answering: frozenset[int] = frozenset()

    def with_item(self, item: Item) -> Evidence:
        """Return the evidence with one more item, which gets the next id."""
        return replace(self, items=(*self.items, replace(item, id=len(self.items) + 1)))


class Archive:
    """Documents and ledger, from which evidence is cut."""

    def __init__(self, documents: Mapping[str, Document], figures: Iterable[Figure]) -> None:
        self._documents = documents
        self.figures: dict[str, Figure] = {figure.id: figure for figure in figures}
        self._by_document: dict[str, list[Figure]] = {}
        for figure in self.figures.values():
            self._by_document.setdefault(figure.document, []).append(figure)

    def gather(self, answer: Answer, hits: Sequence[Hit], computation: Computation | None = None) -> Evidence:
        """Gather the evidence for one answer.

        What the answer cites comes first, then its figures and its arithmetic, then the passages retrieved. A sentence
        that gives orders to machines is left out.
        """
        found = [self._cited(citation.document, citation.span) for citation in answer.citations]
        found += [self.figure(cited.figure) for cited in answer.figures]
        if computation is not None:
            found.append(self.calculation(computation))
        n_answering = len(found)
        cited = {source.span for item in found for source in item.sources}
        passages = (self._passage(hit.passage) for hit in hits[:MAX_PASSAGES])
        found += [item for item in passages if not {source.span for source in item.sources} <= cited]
        kept = [(place < n_answering, item) for place, item in enumerate(found) if item.sources]
        items = tuple(replace(item, id=number) for number, (_, item) in enumerate(kept, 1))
        answering = frozenset(item.id for item, (is_answer, _) in zip(items, kept, strict=True) if is_answer)
        return Evidence(items, answer.standalone_question, answering)

    def figure(self, figure: Figure) -> Item:
        """Return a ledger row as evidence, without an id yet."""
        sources = self._sources(figure.document, figure.sentence)
        text = f"{describe(figure)} = {self._readable(figure.document, figure.quantity.span)}"
        if figure.quantity.approx is not None:
            text = f"{describe(figure)} = {self._readable(figure.document, figure.clause)}"
        rows = tuple(row for row in self._rows(sources) if row.figure.id == figure.id)
        return Item(0, Sort.FIGURE, text, sources, self._context(figure.document, figure.sentence), rows)

    def calculation(self, computation: Computation) -> Item:
        """Return arithmetic as evidence, without an id yet."""
        operands = [self.figure(figure) for figure in computation.operands]
        sources = tuple(dict.fromkeys(source for item in operands for source in item.sources))
        if any(not item.sources for item in operands):
            sources = ()
        rows = tuple(row for item in operands for row in item.rows)
        text = "; ".join((computation.formula, *(describe(figure) for figure in computation.operands)))
        context = "\n".join(dict.fromkeys(item.context for item in operands))
        return Item(0, Sort.CALCULATION, text, sources, context, rows, results_of(computation), computation)

    def _cited(self, document: str, span: Span) -> Item:
        sources = self._sources(document, span)
        text = "".join(f"{source.text} " if source.text[-1:].isascii() else source.text for source in sources).strip()
        return Item(0, Sort.PASSAGE, text, sources, self._context(document, span), tuple(self._rows(sources)))

    def _passage(self, passage: Passage) -> Item:
        item = self._cited(passage.document, passage.span)
        return replace(item, context=f"{item.context}\n{passage.context}")

    def _sources(self, document: str, span: Span) -> tuple[Source, ...]:
        readable = self._documents[document].readable
        found = (local.shift(span.start) for local in sentences(span.of(readable)))
        sources = (Source(document, place, _shown(place.of(readable))) for place in found)
        return tuple(source for source in sources if not _addresses_machine(fold(source.text)))

    def _readable(self, document: str, span: Span) -> str:
        return _shown(span.of(self._documents[document].readable))

    def _context(self, name: str, span: Span) -> str:
        """Return title and headings above a place: the nearest of each level."""
        document = self._documents[name]
        nearest = {h.level: h.title for h in document.headings if h.span.start <= span.start}
        title = next(iter(sentences(document.readable[:200])), Span(0, 0)).of(document.readable)
        shown = [name, title, *nearest.values()]
        return "\n".join(text for text in shown if not _addresses_machine(fold(text)))

    def _rows(self, sources: Sequence[Source]) -> Iterator[Row]:
        for source in sources:
            here = self._figures(source)
            for figure in here:
                clause = self._readable(source.document, figure.clause)
                own = self._own(figure, here)
                told: tuple[str, ...] = (figure.entity, figure.metric, figure.base, figure.per, figure.period, own)
                if listed := _listed(clause, [f for f in here if f.clause == figure.clause].index(figure)):
                    told = (figure.per, figure.period, listed)
                elif figure.quantity.kind in (Kind.YEAR, Kind.DATE):
                    told = (own,)
                yield Row(figure, fold(" ".join(told)), fold(clause), source)

    def _figures(self, source: Source) -> list[Figure]:
        """Return the ledger rows of a sentence, and as nameless ones the quantities that the ledger leaves out."""
        known = [f for f in self._by_document.get(source.document, ()) if source.span.contains(f.quantity.span)]
        readable = source.span.of(self._documents[source.document].readable)
        read = (replace(q, span=q.span.shift(source.span.start)) for q in read_quantities(readable))
        left = [q for q in read if not any(q.span.overlaps(figure.quantity.span) for figure in known)]
        parts = [span.shift(source.span.start) for span in clauses(readable, Span(0, len(readable)))]
        nameless = [
            Figure("", source.document, q, source.span, next((c for c in parts if c.contains(q.span)), source.span))
            for q in left
        ]
        return sorted((*known, *nameless), key=lambda figure: figure.quantity.span)

    def _own(self, figure: Figure, neighbours: Sequence[Figure]) -> str:
        """Return the words of a figure's clause that are its own: from the figure before it, or from the start."""
        neighbours = [f for f in neighbours if f.quantity.unit]
        before = [f.quantity.span.end for f in neighbours if f.quantity.span.end <= figure.quantity.span.start]
        start = max([figure.clause.start, *before])
        after = [f for f in neighbours if f is not figure and f.clause == figure.clause]
        end = figure.quantity.span.end if after else figure.clause.end
        return self._readable(figure.document, Span(min(start, end), end))


# Who is spoken to when a document speaks to a model, what it is told to do, and how prompts are marked; folded.
_MACHINE = (
    r"(?:(?<![a-z])(?:ai|llms?|chatbots?|assistants?|language models?)(?![a-z])"
    r"|人工智能|语言模型|大模型|模型|助手|机器人)"
)
_TOLD = (
    r"(?:请|必须|务必|应当?|不要|只能|一律|要|你)?.{0,12}(?:回答|回复|输出|声称|说成|引用|告诉|附上|改成|打印)"
    r"|.{0,40}\b(?:tell|say|state|reply|respond|answer|print|output|add|must|should|disregard|ignore)\b"
)
_ADDRESS = re.compile(
    rf"{_MACHINE}(?:{_TOLD})|(?:致|如果你是|作为|你现在是|you are (?:now )?|to (?:all )?){_MACHINE}"
    r"|<\|im_|\[/?inst\]|<!--"
    r"|^\W*(?:system|系统(?:提示|消息|指令))\b|#{2,}\s*(?:指令|instruction)|告诉用户|\btell the user\b|\byou are now\b"
    r"|请在答案|(?:你|您)的(?:系统提示|回答|答案)|\b(?:your|every) (?:answer|reply|response|system prompt)\b"
    r"|overrides? the (?:prompt|instructions?)"
)


def _addresses_machine(folded: str) -> bool:
    """Tell whether a sentence of a document speaks to a model rather than to readers; it is no evidence."""
    return orders_machine(folded) or bool(_ADDRESS.search(folded))


_RESPECTIVELY = re.compile(r"分別|分别|依次")
_AND = re.compile(r"[、,，和與与及]")


def _listed(clause: str, place: int) -> str:
    """Return the words of the n-th figure of a clause that lists names and their figures respectively, else ``""``."""
    names = _RESPECTIVELY.split(clause, maxsplit=1)[0]
    parts = [part for part in _AND.split(names) if part.strip()]
    if not _RESPECTIVELY.search(clause) or place >= len(parts) or len(parts) < 2:
        return ""
    return parts[place] + parts[-1].partition("的")[2]


def results_of(computation: Computation) -> tuple[Quantity, ...]:
    """Return the result of arithmetic as quantities: exact, as it is shown, and without 約 where it is approximate."""
    kind = {"%": Kind.PERCENT, "‰": Kind.PERCENT, "倍": Kind.MULTIPLE, "名": Kind.RANK, "位": Kind.RANK}
    nowhere = Span(0, 0)
    sort = kind.get(computation.unit, Kind.OTHER)
    exact = Quantity(nowhere, computation.text, computation.value, computation.unit, sort, approx=computation.approx)
    shown = [replace(q, approx=computation.approx) for q in read_quantities(computation.text)]
    free = [replace(q, approx=None) for q in (exact, *shown)] if computation.approx is Approx.ABOUT else []
    return (exact, *shown, *free)


def _shown(text: str) -> str:
    return " ".join(text.replace("\u200b", "").replace("\ufffd", "□").split())
