"""What the page's scripts ask the server for: documents, figures, findings, exports; and what they tell it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import gradio as gr

from yinju.errors import YinjuError
from yinju.ui_document import render_document
from yinju.ui_feedback import keep_verdict
from yinju.ui_figures import check_documents, figure_rows, render_findings
from yinju.ui_history import export_json, export_markdown, revive
from yinju.ui_visit import visit_of

if TYPE_CHECKING:
    from yinju.assistant import Assistant
    from yinju.figures.audit import AuditFinding
    from yinju.ui_shelves import Shelves

logger = logging.getLogger(__name__)

MAX_SENT_CHARS = 2_000_000
"""A page sends no more than this at once: the largest conversation to be exported."""


class Panels:
    """Functions that the page's scripts call; each answers for the visitor who calls it.

    Each takes one value and the request, and gives back a value that JSON can carry; what goes wrong comes back as
    ``{"error": sentence}``.
    """

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._findings: WeakKeyDictionary[Assistant, list[AuditFinding]] = WeakKeyDictionary()
        self._checking = Lock()

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """The functions under the names the scripts use."""

        def read_document(name: str, request: gr.Request) -> str:
            document = self._of(request).index.documents.get(str(name))
            return "" if document is None else render_document(document, visit_of(request).words)

        def list_figures(_: object, request: gr.Request) -> list[dict[str, Any]]:
            index = self._of(request).index
            return figure_rows(index.ledger, index.documents, visit_of(request).language)

        def check(_: object, request: gr.Request) -> str:
            assistant = self._of(request)
            visit, documents = visit_of(request), assistant.index.documents
            return render_findings(self.findings(assistant), documents, visit.words, visit.language)

        def export(sent: str, request: gr.Request) -> dict[str, str]:
            return _answered(lambda: {"text": self._export(sent, request)}, request)

        def verdict(sent: str, request: gr.Request) -> dict[str, str]:
            return _answered(lambda: self._keep(sent, request), request)

        return [read_document, list_figures, check, export, verdict]

    def findings(self, assistant: Assistant) -> list[AuditFinding]:
        """What the audit of an assistant's documents found; done once, when first asked for."""
        with self._checking:
            if assistant not in self._findings:
                self._findings[assistant] = check_documents(assistant.index.ledger, assistant.index.documents)
            return self._findings[assistant]

    def _of(self, request: gr.Request) -> Assistant:
        return self._shelves.assistant(visit_of(request).visitor)

    def _export(self, sent: str, request: gr.Request) -> str:
        asked = _read(sent)
        turns, documents = revive(asked.get("records", [])), self._of(request).index.documents
        if asked.get("form") == "json":
            return export_json(turns, documents)
        return export_markdown(turns, documents, str(asked.get("title", ""))[:200])

    def _keep(self, sent: str, request: gr.Request) -> dict[str, str]:
        said, words = _read(sent), visit_of(request).words
        turns, right = revive(said.get("records", [])), bool(said.get("right"))
        if not turns:
            return {"error": words["failed"]}
        earlier = tuple(turn.question for turn in turns[:-1])
        path = self._of(request).settings.feedback
        if keep_verdict(path, turns[-1], earlier, right, str(said.get("correction", ""))):
            return {"said": words["thanks"]}
        return {"said": words["not_kept_right" if right else "not_kept_wrong"], "asks": "" if right else "correction"}


def _read(sent: str) -> dict[str, Any]:
    value = json.loads(sent[:MAX_SENT_CHARS])
    return value if isinstance(value, dict) else {}


def _answered(do: Callable[[], dict[str, str]], request: gr.Request) -> dict[str, str]:
    try:
        return do()
    except YinjuError as error:
        return {"error": visit_of(request).told(error)}
    except Exception:  # the page's edge: the user gets a sentence, the log the traceback
        logger.exception("a panel failed")
        return {"error": visit_of(request).words["failed"]}
