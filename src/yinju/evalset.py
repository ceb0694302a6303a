"""Evaluation sets: questions with gold and evidence, read from JSON Lines and checked against the documents.

The form is described in evals/README.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yinju.errors import EvaluationError
from yinju.text import Language
from yinju.types import Reason, Span, Status

Type = Literal[
    "figure", "compute", "compare", "conflict", "span", "list", "explain", "followup", "robust", "unanswerable"
]
Split = Literal["dev", "frozen"]
Text = Annotated[str, Field(min_length=1)]
Variants = Annotated[tuple[Text, ...], Field(min_length=1)]
"""Spellings of one thing; any one of them counts."""

FORM = "See evals/README.md for the form of a line."


class Gold(BaseModel):
    """What a right answer holds. Every part that is given has to be met.

    Attributes:
        status: How the question comes out.
        value: Exact decimal in the base unit; ``None`` where no number is asked for.
        unit: Base unit of the value or the values.
        values: All values of a conflict, in ``unit``.
        texts: Short answers, any one of which is enough.
        items: Members of a list, all of which are needed.
        points: Key points of an explanation; two thirds of them are enough.
        reason: The one sensible reason of an abstention.
        tolerance: Relative tolerance of the value or the values, 0 to 0.2; ``None`` means exact.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    value: Decimal | None = None
    unit: str | None = None
    values: tuple[Decimal, ...] = ()
    texts: tuple[Text, ...] = ()
    items: tuple[Variants, ...] = ()
    points: tuple[Variants, ...] = ()
    reason: Reason | None = None
    tolerance: Annotated[Decimal, Field(ge=0, le=Decimal("0.2"))] | None = None

    def parts(self) -> set[str]:
        """Names of the parts an answer has to meet besides the status."""
        parts = {name for name in ("values", "texts", "items", "points") if getattr(self, name)}
        return parts | ({"value"} if self.value is not None else set())


# What each type of question needs at least one of; the other types take any part.
_NEEDS: Mapping[str, frozenset[str]] = {
    "figure": frozenset({"value"}),
    "compute": frozenset({"value"}),
    "conflict": frozenset({"values"}),
    "list": frozenset({"items"}),
    "explain": frozenset({"points", "texts"}),
}


class Question(BaseModel):
    """One line of an evaluation set.

    Attributes:
        document: File name of the document the gold is from.
        index: What the index that is asked holds: that ``document`` alone, or all files of its ``folder`` with the
            same ending, where the question has to name what it is about.
        evidence: Quotes from ``document``.
        evidence_any: Whether one of the quotes is enough.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    type: Type
    split: Split
    question: Text
    history: tuple[Text, ...] = ()
    language: Language
    document: Text
    index: Literal["document", "folder"] = "document"
    gold: Gold
    evidence: tuple[Text, ...] = ()
    evidence_any: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the document answers the question, be it with several values."""
        return self.gold.status is not Status.ABSTAINED

    @model_validator(mode="after")
    def _complete(self) -> Self:
        parts = self.gold.parts()
        if (self.type == "unanswerable") and self.answerable:
            raise ValueError("an unanswerable question has the gold status 'abstained'")
        if not self.answerable:
            if parts:
                raise ValueError(f"the gold status is 'abstained', so there can be no {', '.join(sorted(parts))}")
            return self
        needed = _NEEDS.get(self.type, frozenset({"value", "values", "texts", "items", "points"}))
        if not parts & needed:
            raise ValueError(f"a question of type '{self.type}' needs one of: {', '.join(sorted(needed))}")
        if self.gold.status is Status.CONFLICT and len(set(self.gold.values)) < 2:
            raise ValueError("a conflict has at least two different values")
        if not self.evidence:
            raise ValueError("a question that can be answered needs evidence")
        return self


@dataclass(frozen=True, slots=True)
class EvalSet:
    """A set of questions.

    Attributes:
        name: The file's name without its ending.
        questions: In the order of the file.
        lines: Line number of each question, from 1, by id.
        sha256: Hash of the file's bytes.
    """

    name: str
    path: Path
    questions: tuple[Question, ...]
    lines: Mapping[str, int]
    sha256: str

    @property
    def documents(self) -> tuple[str, ...]:
        """Names of the documents asked about, in the order of their first question."""
        return tuple(dict.fromkeys(question.document for question in self.questions))


def read_set(path: Path) -> EvalSet:
    """Read an evaluation set; blank lines are skipped.

    Raises:
        EvaluationError: The file is missing or not UTF-8, a line is not in the form, or an id comes twice.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise EvaluationError(
            f"The evaluation set {path} cannot be read: {error.strerror}.", "Check the path; the sets are in evals/."
        ) from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    questions: dict[str, Question] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            question = _read_line(path, number, line)
            if question.id in questions:
                raise EvaluationError(
                    f"{path}, line {number}: the id '{question.id}' is taken by line {lines[question.id]}.",
                    "Give every question an id of its own.",
                )
            questions[question.id], lines[question.id] = question, number
    if not questions:
        raise EvaluationError(f"{path} holds no questions.", FORM)
    return EvalSet(path.stem, path, tuple(questions.values()), lines, hashlib.sha256(content).hexdigest())


def _read_line(path: Path, number: int, line: str) -> Question:
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ")
        raise EvaluationError(f"{path}, line {number}: {where + ': ' if where else ''}{message}.", FORM) from error


def check_evidence(eval_set: EvalSet, texts: Mapping[str, str]) -> None:
    """Check that every evidence quote stands in its document.

    Args:
        eval_set: The set.
        texts: Texts of the documents by the name that the set uses; documents left out are not checked.

    Raises:
        EvaluationError: A quote is not verbatim; the message names the line.
    """
    for question in eval_set.questions:
        text = texts.get(question.document)
        for quote in question.evidence if text is not None else ():
            if quote not in (text or ""):
                raise EvaluationError(
                    f"{eval_set.path}, line {eval_set.lines[question.id]}: the evidence 「{quote}」 does not stand in "
                    f"{question.document}.",
                    "Copy the words from the document, character by character.",
                )


def find_evidence(question: Question, text: str) -> tuple[tuple[Span, ...], ...]:
    """Return for each evidence quote every place where it stands in ``text``."""
    return tuple(_places(quote, text) for quote in question.evidence)


def _places(quote: str, text: str) -> tuple[Span, ...]:
    places, start = [], text.find(quote)
    while start >= 0:
        places.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return tuple(places)
