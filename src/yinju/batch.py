"""A file of questions in, a file of answers out, one JSON value a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from yinju.errors import UsageError, YinjuError

if TYPE_CHECKING:
    from yinju.assistant import Assistant
    from yinju.types import Answer

Progress = Callable[[str, int, int | None], None]


class BatchQuestion(BaseModel):
    """One input line; unknown keys are ignored so that evaluation sets can be fed as they are."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str = ""
    question: str
    history: tuple[str, ...] = ()


class Counts(NamedTuple):
    """How many lines were written, and how many of them say only why there is no answer."""

    lines: int
    failed: int


def read_text(path: Path, wanted: str) -> str:
    """Read a file of UTF-8 text; ``wanted`` is the next step where there is none.

    Raises:
        YinjuError: There is no such file, it may not be read, or it is not UTF-8.
    """
    if not path.is_file():
        raise YinjuError(f"{path} is a folder." if path.is_dir() else f"There is no file {path}.", wanted)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise YinjuError(f"{path} is not UTF-8 text.", "Save it as UTF-8 and try again.") from error
    except OSError as error:
        raise YinjuError(f"{path} cannot be read ({error.strerror}).", "Check its permissions.") from error


def read_questions(path: Path) -> list[BatchQuestion]:
    """Read a JSON Lines file of questions; blank lines are skipped.

    Raises:
        YinjuError: The file cannot be read, or a line is not a question (its number is in the message).
    """
    lines = read_text(path, 'Give a JSON Lines file of {"id", "question", "history"}.').split("\n")
    return [_read_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _read_line(path: Path, number: int, line: str) -> BatchQuestion:
    try:
        return BatchQuestion.model_validate_json(line)
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(map(str, detail["loc"])) or "the line"
        raise YinjuError(
            f"{path}, line {number}: {where}: {detail['msg']}.",
            'Each line has the form {"id": "1", "question": "…", "history": ["earlier question"]}.',
        ) from error


def answer_file(open_assistant: Callable[[], Assistant], source: Path, target: Path, progress: Progress) -> Counts:
    """Answer every question of ``source`` into ``target`` and count them.

    The target is written beside its final place and renamed at the end, so that it is whole or absent. A question
    that cannot be answered at all (empty or too long, say) becomes a line ``{"id", "question", "error", "hint"}``.
    """
    questions = read_questions(source)
    if not target.parent.is_dir():
        raise YinjuError(f"There is no folder {target.parent}.", "Make it, or write the answers elsewhere.")
    if target.exists() and target.samefile(source):
        raise UsageError(f"{target} holds the questions.", "Write the answers to another file.")
    assistant = open_assistant()
    draft = target.with_name(f".{target.name}.part")
    n_failed = 0
    try:
        with draft.open("w", encoding="utf-8") as file:
            for number, question in enumerate(questions, 1):
                line = _answer_line(assistant.ask, question)
                n_failed += "error" in line
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                progress("answering", number, len(questions))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return Counts(len(questions), n_failed)


def _answer_line(ask: Callable[[str, Sequence[str]], Answer], question: BatchQuestion) -> dict[str, Any]:
    try:
        return replace(ask(question.question, question.history), id=question.id).to_json()
    except YinjuError as error:
        return {"id": question.id, "question": question.question, "error": error.message, "hint": error.hint}
