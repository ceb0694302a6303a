"""What readers say of answers, kept as an evaluation set: one line a verdict, in the form of ``evals/README.md``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Lock
from typing import Any

from yinju.errors import UsageError
from yinju.evalset import Gold, Question
from yinju.text import Language, language_of
from yinju.types import Answer, Status, Turn
from yinju.ui_document import LANGUAGES

MAX_CORRECTION_CHARS = 500
MAX_FILE_MB = 10
_LOCK = Lock()


def keep_verdict(path: Path, turn: Turn, history: tuple[str, ...], right: bool, correction: str = "") -> bool:
    """Keep a verdict in the file; it takes the place of an earlier one on the same question.

    An answer called right becomes a question with that answer as gold; one called wrong becomes one with the correction
    as gold, or none without a correction, since nobody knows then what is right.

    Returns:
        Whether the verdict is in the file now.

    Raises:
        UsageError: The correction is too long, or the file is full.
    """
    if len(correction) > MAX_CORRECTION_CHARS:
        raise UsageError(f"A correction has at most {MAX_CORRECTION_CHARS} characters.", "Say it in fewer words.")
    question = _question(turn, history, right, correction.strip())
    with _LOCK:
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if len(old) > MAX_FILE_MB * 2**20:
            raise UsageError("The file of verdicts is full.", "Tell whoever runs this page to move it away.")
        lines = [line for line in old.splitlines(keepends=True) if f'"id":"{_id(turn, history)}"' not in line]
        if question is not None:
            lines.append(question.model_dump_json(exclude_none=True) + "\n")
        if "".join(lines) != old:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(lines), encoding="utf-8")
    return question is not None


def _id(turn: Turn, history: tuple[str, ...]) -> str:
    """Names what was asked of which document, whatever is said of the answer."""
    seed = f"{history}\0{turn.question}\0{_document(turn.answer)}"
    return f"feedback-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"


def _document(answer: Answer) -> str:
    return next((citation.document for citation in answer.citations), "")


def _question(turn: Turn, history: tuple[str, ...], right: bool, correction: str) -> Question | None:
    answer = turn.answer
    gold = _gold(answer) if right else _corrected(correction)
    document = _document(answer)
    if gold is None or not document or (gold.status is Status.CONFLICT and len(set(gold.values)) < 2):
        return None
    quotes = tuple(dict.fromkeys(citation.quote for citation in answer.citations if citation.document == document))
    values: dict[str, Any] = {
        "type": _type(answer, gold, history), "split": "dev", "question": turn.question, "history": history,
        "language": _language(answer), "document": document, "gold": gold,
        "evidence": quotes if gold.status is not Status.ABSTAINED else (), "evidence_any": True,
    }  # fmt: skip
    return Question(id=_id(turn, history), **values)


def _gold(answer: Answer) -> Gold:
    if answer.status is Status.ABSTAINED:
        return Gold(status=answer.status)
    if answer.status is Status.CONFLICT:
        return Gold(status=answer.status, values=tuple(cited.figure.quantity.value for cited in answer.figures))
    if answer.result is not None:
        return Gold(status=answer.status, value=answer.result.value, unit=answer.result.unit)
    return Gold(status=answer.status, texts=(answer.text,))


def _corrected(correction: str) -> Gold | None:
    return Gold(status=Status.ANSWERED, texts=(correction,)) if correction else None


def _type(answer: Answer, gold: Gold, history: tuple[str, ...]) -> str:
    if gold.status is Status.ABSTAINED:
        return "unanswerable"
    if history:
        return "followup"
    if gold.status is Status.CONFLICT:
        return "conflict"
    if gold.value is None:
        return "span"
    return "compute" if answer.formula else "figure"


def _language(answer: Answer) -> Language:
    return next((known for known in LANGUAGES if known == answer.language), language_of(answer.question))
