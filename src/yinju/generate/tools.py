"""The numeric tools that a language model may call: look figures up, calculate with them.

What a tool finds becomes evidence with an id of its own; the model cites it like any other and is checked alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yinju.figures.compute import Refusal, compute
from yinju.figures.ledger import Ledger
from yinju.figures.operations import Operation
from yinju.generate.evidence import Archive, Evidence, Item, Sort
from yinju.generate.prompt import line
from yinju.text import Language

MAX_ROWS = 8
MAX_OPERANDS = 12

SPECIFICATIONS: tuple[dict[str, Any], ...] = (
    {
        "type": "function",
        "function": {
            "name": "search_figures",
            "description": "List figures of the documents whose subject, metric or sentence holds all the words given.",
            "parameters": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "Words, separated by blanks."},
                    "unit": {"type": "string", "description": "Unit, such as 元 or %; may be left out."},
                    "period": {"type": "string", "description": "Year, such as 2024; may be left out."},
                },
                "required": ["text"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "calculate",
            "description": "Do exact arithmetic on figures, named by their numbers in the material.",
            "parameters": {
                "type": "object",
                "properties": {
                    "operation": {
                        "type": "string",
                        "enum": [str(operation) for operation in Operation if operation is not Operation.LOOKUP],
                    },
                    "ids": {
                        "type": "array",
                        "items": {"type": "integer"},
                        "description": "Numbers of figures, in order.",
                    },
                    "unit": {"type": "string", "description": "Unit of the result; for conversions."},
                },
                "required": ["operation", "ids"],
            },
        },
    },
)


class Toolbox:
    """The tools over one index."""

    def __init__(self, archive: Archive, ledger: Ledger) -> None:
        self._archive, self._ledger = archive, ledger
        self._tools: dict[str, Callable[[Mapping[str, Any], Evidence], list[Item] | str]] = {
            "search_figures": self._search,
            "calculate": self._calculate,
        }

    def call(
        self, name: str, arguments: Mapping[str, Any], evidence: Evidence, language: Language
    ) -> tuple[Evidence, str]:
        """Run a tool.

        Args:
            name: Of the tool, as the model wrote it.
            arguments: As the model wrote them; anything may be wrong with them.
            evidence: What there is so far.
            language: Of the reply.

        Returns:
            The evidence with what was found, and the reply to the model.
        """
        tool = self._tools.get(name)
        found = tool(arguments, evidence) if tool else f"No tool is called {name[:40]!r}."
        if isinstance(found, str):
            return evidence, found
        n_before = len(evidence.items)
        for item in found:
            evidence = evidence.with_item(item)
        return evidence, "\n".join(line(item, language) for item in evidence.items[n_before:])

    def _search(self, arguments: Mapping[str, Any], evidence: Evidence) -> list[Item] | str:
        text, unit, period = (str(arguments.get(key) or "")[:200] for key in ("text", "unit", "period"))
        rows = self._ledger.search(text, unit=unit or None, period=period or None)
        items = (self._archive.figure(figure) for figure in rows[:MAX_ROWS])
        return [item for item in items if item.sources] or "Nothing found."

    def _calculate(self, arguments: Mapping[str, Any], evidence: Evidence) -> list[Item] | str:
        chosen, ids = str(arguments.get("operation")), arguments.get("ids")
        if chosen not in list(Operation) or not isinstance(ids, list) or not 0 < len(ids) <= MAX_OPERANDS:
            return "Give an operation of the list and the numbers of figures."
        figures = [item.rows[0].figure for item in evidence.items for id_ in ids if item.id == id_ and _is_figure(item)]
        if len(figures) != len(ids):
            return "Only figures of the material can be calculated with."
        in_order = {item.id: item.rows[0].figure for item in evidence.items if _is_figure(item)}
        try:
            done = compute(Operation(chosen), [in_order[id_] for id_ in ids], str(arguments.get("unit") or "")[:20])
        except (ArithmeticError, IndexError, ValueError):
            return "These figures cannot be combined in this way."
        if isinstance(done, Refusal):
            return f"These figures cannot be combined: {', '.join(done.detail)}."
        return [self._archive.calculation(done)]


def _is_figure(item: Item) -> bool:
    return item.sort is Sort.FIGURE and bool(item.rows)
