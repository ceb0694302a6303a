"""The reader, asked about passages of documents: each in its own words, and as far as the document itself says it all.

A question is put in the script of a passage, stays in its own language, and goes without what its document establishes
(``established.py``); tables are told in sentences (``told.py``), and what the reader finds is led back to the passage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from yinju.established import Setting, without_established
from yinju.figures.profiles import Profiles
from yinju.reader import Reader, SpanScore
from yinju.text import has_han, script_of, to_language
from yinju.told import Told, tell
from yinju.types import Document, Passage, Span

UNREAD = float("-inf")
"""Score of a span that the reader was not shown."""


class Consultation:
    """A reader with the documents that it is asked about."""

    def __init__(self, reader: Reader, profiles: Profiles, documents: Mapping[str, Document]) -> None:
        self._reader, self._profiles, self._documents = reader, profiles, documents
        self._told: dict[str, Told] = {}

    def read(self, question: str, passage: Passage) -> list[SpanScore]:
        """Return the spans of a passage that best answer a question, best first."""
        told = self.told(passage)
        found = self._reader.read(self.worded(question, passage), told.text)
        led_back: dict[Span, SpanScore] = {}
        for row in found:
            if source := told.source(row.span):
                led_back.setdefault(source, replace(row, span=source))
        return list(led_back.values())

    def weigh(self, question: str, passage: Passage, spans: Sequence[Span]) -> list[float]:
        """Return the reader's score of each span of a passage as the answer; :data:`UNREAD` where it was not shown."""
        told = self.told(passage)
        places = [told.told(span) for span in spans]
        shown = [place for place in places if place]
        scores = iter(self._reader.weigh(self.worded(question, passage), told.text, shown) if shown else ())
        return [next(scores) if place else UNREAD for place in places]

    def told(self, passage: Passage) -> Told:
        """Return a passage as the reader sees it."""
        if (told := self._told.get(passage.id)) is None:
            document = self._documents[passage.document]
            told = self._told[passage.id] = tell(document.readable, passage.span, document.tables)
        return told

    def worded(self, question: str, passage: Passage) -> str:
        """Word a question for a passage: in its script, without what its document establishes."""
        told = self.told(passage)
        setting = Setting.of(passage.document, self._profiles)
        short = without_established(question, passage, setting, told.text)
        return to_language(short, script_of(told.text)) if has_han(told.text) else short
