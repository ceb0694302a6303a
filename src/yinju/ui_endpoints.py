"""For programs: ``/ask``, ``/figures``, ``/audit`` and ``/build`` over HTTP, and the same as MCP tools.

Endpoints come in pairs because Gradio hands an MCP client ``str()`` of what an endpoint returns: for a ``dict``,
Python's notation instead of JSON. What a program calls gives values, what an MCP client calls gives JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from yinju.errors import UsageError, YinjuError
from yinju.figures.ledger import Ledger
from yinju.types import Figure
from yinju.ui_panels import Panels
from yinju.ui_shelves import Shelves
from yinju.ui_visit import visit_of

ASK = """Answer a question from the indexed documents, with verbatim citations.

Args:
    question: The question, in Chinese or English.
    history: Earlier questions of the same conversation, oldest first.

Returns:
    The answer as JSON: status, answer, result, figures, formula, citations (document, start, end, quote), reason.
"""
FIGURES = """List the figures of the indexed documents: every number with whom, what and when it is about.

Args:
    text: Only figures whose entity, metric, sentence or surface has these words; empty means all.
    limit: At most so many.

Returns:
    JSON rows: id, document, start, end, surface, value (exact decimal in the base unit), unit, entity, metric, period …
"""
AUDIT = """List contradictions and failed arithmetic inside the indexed documents.

Args:
    everything: Also what was checked and holds.

Returns:
    JSON findings: kind, holds, summary, formula, figures with their places, documents.
"""
MAX_ROWS = 1000
Explain = Callable[[Exception, gr.Request | None], gr.Error]


class Endpoints:
    """The named endpoints of one page.

    Args:
        shelves: Finds the assistant of each caller.
        panels: Has the findings of the audit.
        explain: Makes of an error what a caller may see.
    """

    def __init__(self, shelves: Shelves, panels: Panels, explain: Explain) -> None:
        self._shelves, self._panels, self._explain = shelves, panels, explain

    def add(self, ask_lane: str, build_lane: str) -> None:
        """Register the endpoints on the Blocks being laid out; questions and builds wait in the lanes named."""
        asking = {"concurrency_id": ask_lane, "concurrency_limit": 1}
        building = {"concurrency_id": build_lane, "concurrency_limit": 1}
        self._pair(self._ask_function(), "ask", ASK, asking)
        self._pair(self._figures_function(), "figures", FIGURES, asking)
        self._pair(self._audit_function(), "audit", AUDIT, building)
        files = gr.File(visible=False, file_count="multiple")
        gr.Button(visible=False).click(
            self._build_function(), files, gr.JSON(visible=False), api_name="build", show_progress="hidden", **building
        )

    def _pair(self, value: Callable[..., Any], name: str, description: str, lane: dict[str, Any]) -> None:
        text = _as_text(value, name)
        value.__doc__ = text.__doc__ = description
        # Gradio lists as tools what carries no type of its own or the type "tool".
        value._mcp_type = "http"  # type: ignore[attr-defined]
        gr.api(value, api_name=name, **lane)
        gr.api(text, api_name=f"{name}_text", **lane)

    def _ask_function(self) -> Callable[..., Any]:
        def ask_value(
            question: str, history: list[str] | None = None, request: gr.Request | None = None
        ) -> dict[str, Any]:
            found: dict[str, Any] = self._explained(
                lambda: self._of(request).ask(question, list(history or ())[-MAX_ROWS:]).to_json(), request
            )
            return found

        return ask_value

    def _figures_function(self) -> Callable[..., Any]:
        def figures_value(
            text: str = "", limit: int = MAX_ROWS, request: gr.Request | None = None
        ) -> list[dict[str, Any]]:
            return _rows(self._of(request).index.ledger, text)[: max(0, min(int(limit), MAX_ROWS))]

        return figures_value

    def _audit_function(self) -> Callable[..., Any]:
        def audit_value(everything: bool = False, request: gr.Request | None = None) -> list[dict[str, Any]]:
            findings = self._panels.findings(self._of(request))
            return [finding.to_json() for finding in findings if everything or not finding.holds]

        return audit_value

    def _build_function(self) -> Callable[..., Any]:
        def build(files: list[str] | None, request: gr.Request) -> dict[str, Any]:
            """Index files for this session alone, beside the shared documents; returns the report of the build."""

            def add() -> dict[str, Any]:
                if not files:
                    raise UsageError("No files were given.", "Send at least one.")
                given = [(Path(file).name, Path(file)) for file in files]
                report = self._shelves.add(visit_of(request).visitor, given, lambda stage, done, total: None)
                return {**report.to_json(), "index": ""}

            done: dict[str, Any] = self._explained(add, request)
            return done

        build._mcp_type = "http"  # type: ignore[attr-defined]
        return build

    def _of(self, request: gr.Request | None) -> Any:
        return self._shelves.assistant(visit_of(request).visitor)

    def _explained(self, do: Callable[[], Any], request: gr.Request | None) -> Any:
        try:
            return do()
        except YinjuError as error:
            raise self._explain(error, request) from error


def _rows(figures: Sequence[Figure], text: str) -> list[dict[str, Any]]:
    ledger = figures if isinstance(figures, Ledger) else Ledger(figures)
    return (ledger.search(text) if text else ledger).to_rows()


def _as_text(value: Callable[..., Any], name: str) -> Callable[..., str]:
    """The same endpoint, giving its value as JSON text."""
    from functools import wraps

    @wraps(value)
    def text(*arguments: Any, **named: Any) -> str:
        return json.dumps(value(*arguments, **named), ensure_ascii=False)

    text.__name__ = name
    text.__annotations__ = {**value.__annotations__, "return": str}
    return text
