"""How right the figure ledger is, on `evals/ledger.jsonl`: `python evals/score_ledger.py [--split dev] [--wrong]`.

The gold marks every figure inside stretches of five documents (form: evals/README.md). Found means that a row of the
ledger has exactly the span and exactly the value of a gold figure; precision counts the rows inside the stretches that
are, recall the gold figures that have one. Who, what and when are judged on found figures alone. Whatever the gold
leaves open (null) is not judged, and rows over `optional` spans count neither way. Of the frozen half only totals are
shown.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yinju.config import Settings
from yinju.evaluate import find_document
from yinju.figures.ledger import read_figures
from yinju.ingest import discover, document_id, read_document
from yinju.text import fold
from yinju.types import Approx, Document, Figure, Kind, Role, Span, plain

GOLD = Path(__file__).with_name("ledger.jsonl")
ATTRIBUTES = ("unit", "kind", "approx", "period", "entity", "metric", "role", "per", "base")
"""What is judged of a found figure, in the order of the table."""
HEADS = {"precision": "prec", "recall": "rec", "approx": "appr", "period": "when", "entity": "who", "metric": "what"}
"""Column heads that differ from the measure's name: the table has to fit a terminal of 80 characters."""

Words = tuple[str, ...]


class Marked(BaseModel):
    """A half-open span of a document, in code points of its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    document: str
    split: Literal["dev", "frozen"]
    start: int
    end: int

    def covers(self, start: int, end: int) -> bool:
        """Tell whether ``[start, end)`` lies inside."""
        return self.start <= start and end <= self.end

    def overlaps(self, figure: Figure) -> bool:
        """Tell whether the figure shares a character with this span."""
        return figure.quantity.span.start < self.end and self.start < figure.quantity.span.end


class Stretch(Marked):
    """A run of text in which every figure is in the gold."""

    type: Literal["stretch"]


class Optional(Marked):
    """Words that a careful reader may or may not call a figure (一個, “十四五”, 三次產業)."""

    type: Literal["optional"]
    surface: str


class GoldFigure(Marked):
    """A figure as a careful reader writes it down. Lists hold accepted alternatives; ``None`` is not judged.

    Attributes:
        surface: The characters of the span: qualifier excluded, unit included.
        also: Other surfaces from the same start that are as good (2024年, 2024年底).
        value, high: Exact decimal in the base unit; the upper end of a range.
        unit, kind, approx: As in a row of the ledger; no ``approx`` means stated plainly.
        entity: Spellings of whom it is about.
        metric: Alternatives; all words of one have to stand in the row's metric, and no word that begins with ``!``.
        period: In the notation of ``Figure.period``; the empty string where the text does not say.
        role, target: What the value says of the metric, and whether it is a plan.
        per, base: A word that has to stand in the row's ``per`` or ``base``.
    """

    type: Literal["figure"]
    surface: str
    also: Words = ()
    value: Decimal | None
    high: Decimal | None = None
    unit: Words | None
    kind: tuple[Kind, ...]
    approx: tuple[Approx, ...] = ()
    entity: Words | None
    metric: tuple[Words, ...] | None
    period: Words | None
    role: tuple[Role, ...] | None
    target: bool = False
    per: str | None = None
    base: str | None = None

    def is_found(self, row: Figure) -> bool:
        """Tell whether the row has exactly this span and value."""
        quantity = row.quantity
        spans = {Span(self.start, self.start + len(surface)) for surface in (self.surface, *self.also)}
        values = (self.value in (None, quantity.value)) and self.high in (None, quantity.high)
        return quantity.span in spans and values

    def judge(self, row: Figure) -> dict[str, bool]:
        """Tell which attributes of a found row are right; attributes that are open are left out."""
        quantity = row.quantity
        verdicts: dict[str, bool | None] = {
            "unit": _any_equal(self.unit, quantity.unit),
            "kind": quantity.kind in self.kind,
            "approx": quantity.approx in (self.approx or (None,)),
            "period": _any_equal(self.period, row.period),
            "entity": _any_equal(self.entity, row.entity),
            "metric": None if self.metric is None else any(_has_words(row.metric, words) for words in self.metric),
            "role": None if self.role is None else row.role in self.role and row.target == self.target,
            "per": None if self.per is None else _has_words(row.per, (self.per,)),
            "base": None if self.base is None else _has_words(row.base, (self.base,)),
        }
        return {name: verdict for name, verdict in verdicts.items() if verdict is not None}

    def expected(self, attribute: str) -> str:
        """Return what the gold accepts for an attribute, for people."""
        accepted = getattr(self, attribute)
        if attribute == "metric":
            accepted = ["+".join(words) for words in accepted]
        if attribute == "role" and self.target:
            accepted = [f"{role} (target)" for role in accepted]
        return accepted if isinstance(accepted, str) else "|".join(map(str, accepted)) or "none"


_LINE = TypeAdapter[Stretch | Optional | GoldFigure](
    Annotated[Stretch | Optional | GoldFigure, Field(discriminator="type")]
)


def _any_equal(accepted: Words | None, text: str) -> bool | None:
    return None if accepted is None else fold(text) in {fold(variant) for variant in accepted}


def _has_words(text: str, words: Words) -> bool:
    folded = fold(text)
    return all((fold(word[1:]) not in folded) if word.startswith("!") else (fold(word) in folded) for word in words)


@dataclass(frozen=True, slots=True)
class Found:
    """A gold figure and its row of the ledger, with the verdict on each attribute that is judged."""

    gold: GoldFigure
    row: Figure
    verdicts: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of the stretches of one document.

    Attributes:
        document: The document.
        found: Figures found with exact span and value.
        missed: Gold figures without such a row.
        false: Rows inside a stretch that are no gold figure.
    """

    document: Document
    found: tuple[Found, ...]
    missed: tuple[GoldFigure, ...]
    false: tuple[Figure, ...]


def load_document(name: str, settings: Settings) -> Document | None:
    """Load a document of the gold by its name; ``None`` when it is not here.

    After a ``#`` stands the id of a paragraph of a reading comprehension file (SQuAD form): its context is the text.
    """
    file, _, paragraph_id = name.partition("#")
    source = find_document(file, GOLD, settings)
    if source is None:
        return None
    if not paragraph_id:
        return read_document(discover([source])[0], settings)
    articles = json.loads(source.read_text(encoding="utf-8"))["data"]
    paragraphs = (paragraph for article in articles for paragraph in article["paragraphs"])
    text = next(paragraph["context"] for paragraph in paragraphs if paragraph["id"] == paragraph_id)
    return Document(document_id(name, text), name, text, text, str(source), "", "text/plain")


def read_gold(path: Path, split: str) -> dict[str, list[Marked]]:
    """Read the marks of one half of the gold, by document."""
    marks: dict[str, list[Marked]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        mark = _LINE.validate_json(line)
        if mark.split == split:
            marks[mark.document].append(mark)
    return dict(marks)


def score_document(document: Document, rows: Sequence[Figure], marks: Sequence[Marked]) -> Score:
    """Compare the rows of a document with its gold."""
    golds = [mark for mark in marks if isinstance(mark, GoldFigure)]
    by_start = {row.quantity.span.start: row for row in rows}
    found = []
    for gold in golds:
        row = by_start.get(gold.start)
        if row is not None and gold.is_found(row):
            found.append(Found(gold, row, gold.judge(row)))
    right = {one.row.id for one in found}
    known = {one.gold.id for one in found}
    return Score(
        document,
        tuple(found),
        tuple(gold for gold in golds if gold.id not in known),
        tuple(row for row in rows if row.id not in right and _counts(row, marks)),
    )


def _counts(row: Figure, marks: Iterable[Marked]) -> bool:
    span = row.quantity.span
    if any(isinstance(mark, Optional) and mark.overlaps(row) for mark in marks):
        return False
    return any(isinstance(mark, Stretch) and mark.covers(span.start, span.end) for mark in marks)


def summarise(scores: Sequence[Score]) -> dict[str, Any]:
    """Return counts, precision, recall and the share of right attributes; shares in percent, ``None`` without any."""
    found = [one for score in scores for one in score.found]
    n_missed, n_false = sum(len(score.missed) for score in scores), sum(len(score.false) for score in scores)
    summary: dict[str, Any] = {
        "n": len(found) + n_missed,
        "precision": _percent(len(found), len(found) + n_false),
        "recall": _percent(len(found), len(found) + n_missed),
    }
    for name in ATTRIBUTES:
        verdicts = [one.verdicts[name] for one in found if name in one.verdicts]
        summary[name] = _percent(sum(verdicts), len(verdicts))
    return summary


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def show(console: Console, summaries: dict[str, dict[str, Any]], split: str) -> None:
    """Print summaries as a table, one line each."""
    table = Table(title=f"ledger, {split} (percent)", title_justify="left", box=SIMPLE_HEAD, padding=0)
    table.add_column("document", no_wrap=True)
    columns = ("n", "precision", "recall", *ATTRIBUTES)
    for name in columns:
        table.add_column(HEADS.get(name, name), justify="right", no_wrap=True)
    for name, summary in summaries.items():
        cells = ("–" if summary[key] is None else f"{summary[key]:.4g}" for key in columns)
        shown = name.rpartition("#")[2].removesuffix(".txt")
        table.add_row(escape(shown), *cells, style="bold" if name == "all" else None)
    console.print(table)


def errors(score: Score) -> Iterator[str]:
    """Say every error of a document in a line or two, with the sentence it stands in."""
    text = score.document.text
    for gold in score.missed:
        around = text[max(0, gold.start - 30) : gold.end + 15].replace("\n", " ")
        yield f"missed {gold.surface} = {gold.value}\n    {around}"
    for row in score.false:
        quantity = row.quantity
        yield f"false  {quantity.surface} = {plain(quantity.value)} {quantity.unit}\n    {_sentence(text, row)}"
    for one in score.found:
        wrong = [name for name, right in one.verdicts.items() if not right]
        for name in wrong:
            got = _attribute(one.row, name)
            yield f"{name:6} {one.gold.surface}: {got!r} for {one.gold.expected(name)}\n    {_sentence(text, one.row)}"


def _attribute(row: Figure, name: str) -> str:
    if name == "role":
        return f"{row.role}{' (target)' if row.target else ''}"
    return str(getattr(row.quantity if name in ("unit", "kind", "approx") else row, name))


def _sentence(text: str, row: Figure) -> str:
    """Return the row's sentence, the figure between brackets."""
    start, end = row.quantity.span.start, row.quantity.span.end
    return f"{text[row.sentence.start : start]}【{text[start:end]}】{text[end : row.sentence.end]}".replace("\n", " ")


def main() -> None:
    """Score one half and print it."""
    parser = argparse.ArgumentParser(description="How right the figure ledger is, on evals/ledger.jsonl.")
    parser.add_argument("--split", choices=["dev", "frozen"], default="dev")
    parser.add_argument("--wrong", action="store_true", help="list every error with its sentence (dev only)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file as well")
    options = parser.parse_args()
    if options.wrong and options.split == "frozen":
        parser.error("errors of the frozen half are not shown; leave out --wrong or take --split dev")
    console, settings = Console(), Settings.load()
    scores = []
    for name, marks in read_gold(GOLD, options.split).items():
        document = load_document(name, settings)
        if document is None:
            sys.stderr.write(f"{name} is not here; skipped\n")
            continue
        scores.append(score_document(document, read_figures(document), marks))
    by_document = {score.document.name: summarise([score]) for score in scores} if options.split == "dev" else {}
    summaries = {**by_document, "all": summarise(scores)}
    show(console, summaries, options.split)
    if options.wrong:
        for score in scores:
            console.print(f"[bold]{escape(score.document.name)}[/]")
            for line in errors(score):
                console.print(escape(line), soft_wrap=True, highlight=False)
    if options.json:
        text = json.dumps({"set": "ledger", "split": options.split, "metrics": summaries}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
