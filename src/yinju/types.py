"""The values that pass between the stages: frozen, slotted, without behaviour beyond their own meaning.

All offsets are half-open and count Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

CONTRACT = 1
"""Version of the public answer format."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points; ``0 <= start <= end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def shift(self, offset: int) -> Self:
        """Return the span moved right by ``offset`` code points."""
        return type(self)(self.start + offset, self.end + offset)

    def contains(self, other: Span) -> bool:
        """Tell whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


# ── documents ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged run of a document and what it read before the damage.

    Attributes:
        span: The damaged run in ``Document.text``.
        text: The repaired run, exactly as long as the span: a character that is lost for good is U+FFFD, and
            the rest is filled up with U+200B (zero-width space).
        codec: The double-byte encoding whose bytes were shifted, such as ``gbk`` or ``big5``.
    """

    span: Span
    text: str
    codec: str

    def __post_init__(self) -> None:
        if len(self.text) != len(self.span):
            raise ValueError(f"a repair keeps its length: {len(self.span)} expected, {len(self.text)} given")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: ``title`` stands at ``span``; ``level`` is 1 for the topmost."""

    span: Span
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paged source: ``number`` counts from 1 and the page's text is ``span``."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table inside a document: cells as spans of ``Document.text``, row by row.

    Attributes:
        span: The whole table.
        rows: Rows of cells; the first ``n_header_rows`` rows are headers. Rows may differ in length.
        n_header_rows: How many rows at the top are headers; 0 when the source does not say.
    """

    span: Span
    rows: tuple[tuple[Span, ...], ...]
    n_header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as text.

    Attributes:
        id: Content hash of name and text (16 hex digits).
        name: How the document is cited: the path relative to the folder that was indexed, with ``/``.
        text: The text that offsets refer to; for a plain text file the file decoded, unchanged.
        readable: ``text`` with the repairs laid over the damaged runs, of exactly the same length, so that one
            offset means the same place in both. Everything that searches or analyses reads this; everything
            that quotes reads ``text``.
        source: Absolute path of the file.
        sha256: Hash of the file's bytes.
        media_type: Such as ``text/plain`` or ``application/pdf``.
        encoding: Such as ``utf-8``, ``utf-8-sig``, ``utf-16-le``, ``gb18030``, ``big5``; empty for PDF and DOCX.
    """

    id: str
    name: str
    text: str
    readable: str
    source: str
    sha256: str
    media_type: str
    encoding: str = ""
    repairs: tuple[Repair, ...] = ()
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()

    def __post_init__(self) -> None:
        if len(self.readable) != len(self.text):
            raise ValueError("Document.readable has to be exactly as long as Document.text")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence-aligned piece of a document, the unit of retrieval.

    Attributes:
        id: Content hash (16 hex digits) of document id and span.
        document_id: ``Document.id``.
        document: ``Document.name``.
        span: Where it stands: ``span.of(document.text) == text``.
        text: The author's characters.
        readable: The same, damaged runs repaired; same length.
        context: Title of the document and headings above the passage, for search only; may be empty.
        page: Page on which it starts, ``None`` where the source has no pages.
    """

    id: str
    document_id: str
    document: str
    span: Span
    text: str
    readable: str
    context: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage.

    Attributes:
        passage: What was found.
        score: Fused score; higher is better; comparable only within one question.
        dense: Cosine similarity of question and passage, -1 to 1.
        lexical: BM25 score, 0 and up, unbounded.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float


# ── figures ─────────────────────────────────────────────────────────────────────────────────


class Approx(StrEnum):
    """How exactly the text states a quantity (about 約/左右, nearly 近, over 超/多/余, under 不到 …)."""

    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Kind(StrEnum):
    """What sort of quantity a figure is."""

    AMOUNT = "amount"
    COUNT = "count"
    PERCENT = "percent"
    RATIO = "ratio"
    MULTIPLE = "multiple"
    AREA = "area"
    RANK = "rank"
    YEAR = "year"
    DATE = "date"
    DURATION = "duration"
    RANGE = "range"
    OTHER = "other"


TIMES = frozenset({Kind.YEAR, Kind.DATE})
"""Kinds that name a time rather than measure anything."""


class Role(StrEnum):
    """What the value says of its metric."""

    LEVEL = "level"
    CHANGE = "change"
    """Growth or decline against an earlier time (同比增長6%, 下降6.4%, 提高2個百分點)."""
    DIFFERENCE = "difference"
    """Distance to another entity's or period's value (高於全國8.5個百分點, 是全國平均的3倍)."""
    SHARE = "share"
    """Part of a whole (占GDP比重56%)."""
    INCREMENT = "increment"
    """Newly added within the period (新增2.68萬戶), as against the total."""
    TARGET = "target"
    """A plan, forecast or requirement, not a result."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as read from text, before anyone knows what it is about.

    Attributes:
        span: Where it stands, qualifiers excluded, unit included (「超過80%」→「80%」,「120多倍」→「120多倍」).
        surface: The characters of the span.
        value: Exact decimal in the base unit; percents as written (56% → 56), a fall is negative.
        high: Upper end of a range (then ``value`` is the lower end), else ``None``.
        scale: How it was written: 1E+8 for 億, 1 without a scale word.
        unit: Base unit: 元, 美元, 家, 人, 平方公里, 平方米, %, 個百分點, 倍, 年, 名 …; empty for a bare number.
        approx: How exactly it is stated; ``None`` when stated plainly.
        kind: What sort of quantity.
    """

    span: Span
    surface: str
    value: Decimal
    unit: str
    kind: Kind
    scale: Decimal = Decimal(1)
    high: Decimal | None = None
    approx: Approx | None = None

    @property
    def written(self) -> str:
        """The surface, with the scale and unit that a table may keep in its header (72 → 72億元)."""
        bare = self.surface.strip()
        digits = bare.rstrip("百千萬万億亿")
        number = all(character.isdigit() or character in ".,，．-−－" for character in digits)
        if not number or self.kind in TIMES or self.scale not in _SCALE_NAMES:
            return bare
        scale = _SCALE_NAMES[self.scale] if digits == bare else ""
        unit = spelled(self.unit)
        return f"{bare}{scale}{unit if scale or digits != bare else set_apart(unit)}"


def set_apart(unit: str) -> str:
    """A unit as it stands behind a number: after a space where it begins with a Latin letter (1,315 pupils)."""
    return f" {unit}" if unit[:1].isascii() and unit[:1].isalpha() else unit


def spelled(unit: str) -> str:
    """A unit of the ledger, where all letters are small, as people write it: ``teu`` → TEU."""
    return _SPELLED.get(unit, unit)


_SPELLED = {
    "teu": "TEU", "kb": "KB", "mb": "MB", "gb": "GB", "tb": "TB", "pb": "PB", "mbps": "Mbps", "gbps": "Gbps",
    "eflops": "EFLOPS", "pflops": "PFLOPS", "tops": "TOPS",
}  # fmt: skip
_SCALE_NAMES = {
    Decimal(1): "", Decimal(1000): "千", Decimal(10) ** 4: "萬", Decimal(10) ** 6: "百萬", Decimal(10) ** 8: "億",
    Decimal(10) ** 9: "十億", Decimal(10) ** 12: "萬億",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A ledger row: one quantity of a document with who, what and when.

    Attributes:
        id: Content hash (12 hex digits) of document, span and surface.
        document: ``Document.name``.
        quantity: Value, unit, span, kind, qualifier.
        entity: Whom it is about, in the text's words (「深圳全市」); empty when the text does not say.
        metric: What is measured, in the text's words (「戰略性新興產業增加值占GDP比重」).
        period: When: ``2024``, ``2024-07``, ``2024Q1``, ``2024-01/2024-09`` (first three quarters), ``2021/2025``,
            ``1998/``; empty when the text does not say.
        role: What the value says of the metric.
        target: A plan or forecast rather than a result, whatever the role.
        per: For per-unit values, the unit (「每萬人」,「人均」), else empty.
        base: What a share is of, or what a difference is against (「全國平均水平」), else empty.
        sentence: The sentence it stands in.
        clause: The clause it stands in.
    """

    id: str
    document: str
    quantity: Quantity
    sentence: Span
    clause: Span
    entity: str = ""
    metric: str = ""
    period: str = ""
    role: Role = Role.LEVEL
    target: bool = False
    per: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Computation:
    """Exact arithmetic on figures.

    Attributes:
        operation: Such as ``difference``, ``ratio``, ``share``, ``sum``, ``growth``, ``conversion``.
        value: The exact result, in the base unit.
        text: The result, sensibly rounded, with scale and unit, ready to be shown.
        unit: Base unit of the result.
        formula: The calculation in the document's units, ``9501億元 ÷ 78億元 = 121.8``.
        operands: The figures that went in, in the order of the formula.
        approx: How exact the result is, given its operands.
    """

    operation: str
    value: Decimal
    text: str
    unit: str
    formula: str
    operands: tuple[Figure, ...]
    approx: Approx | None = None


# ── answers ─────────────────────────────────────────────────────────────────────────────────


class Status(StrEnum):
    """How a question came out."""

    ANSWERED = "answered"
    CONFLICT = "conflict"
    ABSTAINED = "abstained"


class Reason(StrEnum):
    """Why an answer was withheld, for machines."""

    NO_EVIDENCE = "no_evidence"
    """Nothing in the documents speaks about it."""
    OTHER_PERIOD = "other_period"
    """The documents have the figure, but of another time."""
    OTHER_ENTITY = "other_entity"
    """The documents have the metric, but of another entity."""
    OTHER_METRIC = "other_metric"
    """The documents have the entity, but not the metric or attribute."""
    OTHER_ROLE = "other_role"
    """Target against result, growth against level, new against total."""
    FALSE_PREMISE = "false_premise"
    """The question takes for granted what the documents deny or do not say."""
    INCOMPATIBLE = "incompatible"
    """The arithmetic asked for would mix units, periods or scopes."""
    NOT_A_QUESTION = "not_a_question"
    """A greeting, an instruction or noise rather than something a document could answer."""
    AMBIGUOUS = "ambiguous"
    """The question can be read in several ways; the answer asks back."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: ``text[start:end] == quote`` in the document named.

    Attributes:
        index: Number shown in the answer, from 1.
        document: ``Document.name``.
        span: Half-open, code points of the document's text.
        quote: The author's own characters.
        page: Page number, ``None`` without pages.
        repaired: The repaired reading where the quote lies in a damaged run, else ``None``.
    """

    index: int
    document: str
    span: Span
    quote: str
    page: int | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The headline value of a numeric answer: ``text`` as shown, ``value`` exact in the base unit ``unit``."""

    text: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class CitedFigure:
    """A figure in an answer and the number of the citation that proves it."""

    figure: Figure
    citation: int


@dataclass(frozen=True, slots=True)
class Generated:
    """What a language model wrote for an answer, and what came of it. None of it was believed unchecked.

    Attributes:
        model: Name of the model.
        raw: Everything it wrote, for inspection; the key of its server is blacked out.
        extractive: The answer without the model; equal to ``Answer.text`` where nothing of the model's was used.
        used: Whether ``Answer.text`` is the model's checked prose.
        n_kept: Sentences that stood the check.
        removed: Sentences that did not, as ``(sentence, why)``.
        blocked_numbers: Numbers that no cited evidence holds, as written.
    """

    model: str
    raw: str
    extractive: str
    used: bool = False
    n_kept: int = 0
    removed: tuple[tuple[str, str], ...] = ()
    blocked_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What every face of the program gives: text, proof, and how it was found.

    Attributes:
        question: As asked.
        standalone_question: As understood, follow-ups written out.
        status: Answered, conflict or abstained.
        text: Short and direct, in the question's language and script.
        language: ``zh-Hant``, ``zh-Hans`` or ``en``.
        result: The headline value of a numeric answer.
        figures: Figures used, each with its citation.
        formula: The calculation of a computed answer.
        citations: The proof; at least one unless abstained.
        reason: Why it was withheld, ``None`` unless abstained.
        choices: The questions to choose from where the reason is ``ambiguous``, else empty.
        confidence: Estimated probability that the answer is right, 0 to 1.
        timings_ms: Milliseconds by stage, with ``total``.
        id: The caller's id in batch mode, else empty.
        generated: What a language model wrote, where one was asked.
        contradiction: Arithmetic on the document's own figures that does not give the figure stated. Mostly empty.
        notice: One sentence to be shown beside the answer: why the model's prose is not used. Mostly empty.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    language: str
    result: Result | None = None
    figures: tuple[CitedFigure, ...] = ()
    formula: str | None = None
    citations: tuple[Citation, ...] = ()
    reason: Reason | None = None
    choices: tuple[str, ...] = ()
    confidence: float = 0.0
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    id: str = ""
    generated: Generated | None = None
    contradiction: str = ""
    notice: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain JSON values in the public form (see the contract).

        ``contradiction`` is there only where there is one, ``generated`` and ``notice`` where a model was asked.
        """
        value = {
            "contract": CONTRACT,
            "id": self.id,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "status": str(self.status),
            "answer": self.text,
            "result": None if self.result is None else _result_json(self.result),
            "figures": [_cited_figure_json(cited) for cited in self.figures],
            "formula": self.formula,
            "citations": [_citation_json(citation) for citation in self.citations],
            "reason": None if self.reason is None else str(self.reason),
            "choices": list(self.choices),
            "confidence": round(self.confidence, 2),
            "language": self.language,
            "timings_ms": {stage: round(ms, 1) for stage, ms in self.timings_ms.items()},
            "elapsed_ms": round(self.timings_ms.get("total", 0.0), 1),
        }
        if self.contradiction:
            value |= {"contradiction": self.contradiction}
        if self.generated is not None:
            value |= {"generated": _generated_json(self.generated), "notice": self.notice}
        return value


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and its answer."""

    question: str
    answer: Answer


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros: ``9.501E+11`` → ``950100000000``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _result_json(result: Result) -> dict[str, Any]:
    return {"text": result.text, "value": plain(result.value), "unit": result.unit}


def _cited_figure_json(cited: CitedFigure) -> dict[str, Any]:
    figure, quantity = cited.figure, cited.figure.quantity
    return {
        "id": figure.id,
        "surface": quantity.surface,
        "value": plain(quantity.value),
        "unit": quantity.unit,
        "approx": None if quantity.approx is None else str(quantity.approx),
        "entity": figure.entity,
        "metric": figure.metric,
        "period": figure.period,
        "citation": cited.citation,
    }


def _generated_json(generated: Generated) -> dict[str, Any]:
    return {
        "model": generated.model,
        "used": generated.used,
        "raw": generated.raw,
        "extractive": generated.extractive,
        "n_kept": generated.n_kept,
        "n_removed": len(generated.removed),
        "removed": [{"sentence": sentence, "why": why} for sentence, why in generated.removed],
        "n_blocked_numbers": len(generated.blocked_numbers),
        "blocked_numbers": list(generated.blocked_numbers),
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "index": citation.index,
        "document": citation.document,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
        "page": citation.page,
        "repaired": citation.repaired,
    }
