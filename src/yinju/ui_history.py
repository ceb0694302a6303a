"""Conversations outside the server: as records that a browser keeps, and as files that can be checked again.

A record is a turn as JSON, nothing left out; it is validated when it comes back, and what it cites is compared with the
documents of now. An export carries each quotation with its offsets, its hash and the hash of its document, so that
``yinju verify`` can tell later whether a word of it was changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from yinju.errors import UsageError
from yinju.types import CONTRACT, Answer, Citation, Document, Turn

MAX_TURNS = 100
"""Only so many turns of a conversation are kept."""
MAX_RECORD_CHARS = 200_000
_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)


def record(turn: Turn) -> str:
    """Return a turn as JSON text; :func:`revive` gives an equal turn back."""
    return _TURN.dump_json(turn).decode()


def revive(records: Sequence[object]) -> tuple[Turn, ...]:
    """Read records back, oldest first; one that is not in the form, and all after it, are left out."""
    turns: list[Turn] = []
    for each in records[-MAX_TURNS:]:
        if not isinstance(each, str) or len(each) > MAX_RECORD_CHARS:
            break
        try:
            turns.append(_TURN.validate_json(each))
        except (ValidationError, ValueError):
            break
    return tuple(turns)


# ── export ──────────────────────────────────────────────────────────────────────────────────


def export_json(turns: Sequence[Turn], documents: Mapping[str, Document]) -> str:
    """Return a conversation as one JSON document: answers in the public form, hashes of quotations and documents."""
    cited = {citation.document for turn in turns for citation in turn.answer.citations}
    value = {
        "contract": CONTRACT,
        "documents": [
            {"name": name, "sha256": document.sha256, "text_sha256": _sha256(document.text)}
            for name, document in documents.items()
            if name in cited
        ],
        "turns": [_exported(turn.answer) for turn in turns],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _exported(answer: Answer) -> dict[str, Any]:
    value = answer.to_json()
    for citation in value["citations"]:
        citation["quote_sha256"] = _sha256(citation["quote"])
    return value


def export_markdown(turns: Sequence[Turn], documents: Mapping[str, Document], title: str) -> str:
    """Return a conversation to be read, with the export as JSON in a comment at its end for ``yinju verify``."""
    parts = [f"# {_line(title)}"]
    for turn in turns:
        parts.append(f"## {_line(turn.question)}\n\n{_literal(turn.answer.text)}")
        if turn.answer.formula:
            parts.append(f"`{turn.answer.formula}`")
        parts += [_quotation(citation, documents) for citation in turn.answer.citations]
    # The end of a comment inside the JSON is written with an escape that JSON reads back.
    machine = export_json(turns, documents).replace("--", "\\u002d\\u002d")
    return "\n\n".join(parts) + f"\n\n<!-- yinju-export\n{machine}-->\n"


def _quotation(citation: Citation, documents: Mapping[str, Document]) -> str:
    document = documents.get(citation.document)
    hashed = f", sha256 {document.sha256[:16]}…" if document else ""
    place = f"{citation.document}, {citation.span.start}–{citation.span.end}{hashed}"
    quote = "\n".join(f"> {_literal(line)}" for line in citation.quote.splitlines())
    return f"{quote}\n>\n> \\[{citation.index}\\] {_literal(place)}"


def _line(text: str) -> str:
    return _literal(" ".join(text.split()))


def _literal(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~" else character for character in text)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ── verify ──────────────────────────────────────────────────────────────────────────────────


class _Quote(BaseModel):
    model_config = ConfigDict(extra="ignore")
    index: int
    document: str
    start: int
    end: int
    quote: str
    quote_sha256: str


class _Exported(BaseModel):
    model_config = ConfigDict(extra="ignore")
    question: str
    citations: list[_Quote]


class _Hash(BaseModel):
    name: str
    sha256: str
    text_sha256: str


class _Export(BaseModel):
    contract: Literal[1]
    documents: list[_Hash]
    turns: list[_Exported]


@dataclass(frozen=True, slots=True)
class Checked:
    """One quotation of an export, compared with the documents.

    Attributes:
        question: Of the answer it belongs to.
        citation: Its number there.
        document: Name of the document.
        problem: What is wrong with it, in a sentence; empty where every character stands.
    """

    question: str
    citation: int
    document: str
    problem: str

    @property
    def ok(self) -> bool:
        """Whether the quotation stands."""
        return not self.problem

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "question": self.question, "citation": self.citation, "document": self.document,
            "ok": self.ok, "problem": self.problem or None,
        }  # fmt: skip


def verify_export(text: str, documents: Mapping[str, Document]) -> list[Checked]:
    """Compare every quotation of an export (JSON or Markdown) with the documents, character by character.

    Raises:
        UsageError: The text is not an export.
    """
    export = _read_export(text)
    hashes = {document.name: document for document in export.documents}
    return [
        Checked(turn.question, quote.index, quote.document, _problem(quote, hashes, documents))
        for turn in export.turns
        for quote in turn.citations
    ]


def _read_export(text: str) -> _Export:
    _, marker, after = text.rpartition("<!-- yinju-export\n")
    machine = after.rpartition("-->")[0] if marker else text
    try:
        return _Export.model_validate_json(machine)
    except ValidationError as error:
        raise UsageError(
            "This file is not an export of a conversation.", "Export one on the page, as JSON or Markdown."
        ) from error


def _problem(quote: _Quote, hashes: Mapping[str, _Hash], documents: Mapping[str, Document]) -> str:
    if _sha256(quote.quote) != quote.quote_sha256:
        return "The quotation was changed after the export."
    document = documents.get(quote.document)
    if document is None:
        return "The document is not in this index."
    if document.text[quote.start : quote.end] == quote.quote:
        return ""
    known = hashes.get(quote.document)
    if known is not None and known.text_sha256 == _sha256(document.text):
        return "The words do not stand at this place of the document."
    return "The document is another than it was, and these words do not stand at this place."
