"""Suggested questions of each assistant that the page serves: prepared once, ready when somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from yinju.suggest import Suggestion, checked_questions, examples_of, follow_ups
from yinju.text import Language
from yinju.types import Turn

if TYPE_CHECKING:
    from yinju.assistant import Assistant


class Suggestions:
    """Questions that were asked and answered before they are suggested."""

    def __init__(self) -> None:
        self._pools: WeakKeyDictionary[Assistant, tuple[Suggestion, ...]] = WeakKeyDictionary()
        self._lock = Lock()

    def prepare(self, assistant: Assistant) -> None:
        """Ask the questions that could be suggested, unless that is done."""
        with self._lock:
            if assistant not in self._pools:
                index = assistant.index
                self._pools[assistant] = checked_questions(index.ledger, index.documents, assistant.ask)

    def examples(self, assistant: Assistant, language: Language) -> tuple[str, ...]:
        """Questions to begin with, for readers of a language."""
        return examples_of(self._pools.get(assistant, ()), language)

    def after(self, assistant: Assistant, turns: Sequence[Turn], language: Language) -> tuple[str, ...]:
        """Questions to go on with after the last turn, for readers of a language."""
        return follow_ups(turns, self._pools.get(assistant, ()), language)
