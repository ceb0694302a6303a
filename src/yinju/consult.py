"""The reader, asked about passages of documents: each in its own words, and as far as the document itself says it all.

A question is put in the script of a passage and without what its document establishes (``established.py``), tables are
told in sentences (``told.py``), and what the reader finds is led back to the passage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from yinju.asked import INTERROGATIVE, Asked
from yinju.established import Setting, without_established
from yinju.figures.profiles import Profiles
from yinju.read import FindSpans
from yinju.reader import Reader, SpanScore
from yinju.retrieve import Retriever
from yinju.text import language_of, to_language
from yinju.told import Told, tell
from yinju.types import Document, Passage, Span

UNREAD = float("-inf")
"""Score of a span that the reader was not shown."""


class Consultation:
    """A reader with the documents that it is asked about."""

    def __init__(
        self, reader: Reader, retriever: Retriever, profiles: Profiles, documents: Mapping[str, Document]
    ) -> None:
        self._reader, self._retriever, self._profiles, self._documents = reader, retriever, profiles, documents
        self._told: dict[str, Told] = {}

    def finder(self, asked: Asked) -> FindSpans:
        """Return what asks the reader for the spans of a passage that answer a question."""
        worded = self._wording(asked.question, INTERROGATIVE[asked.asks])

        def find(passage: Passage) -> list[SpanScore]:
            told = self.told(passage)
            found = [
                (told.source(row.span), row) for row in self._reader.read(worded(passage, told.text), told.text)
            ]
            return [replace(row, span=source) for source, row in found if source]

        return find

    def weigh(self, question: str, passage: Passage, spans: Sequence[Span]) -> list[float]:
        """Return the reader's score of each span of a passage as the answer; :data:`UNREAD` where it was not shown."""
        told = self.told(passage)
        places = [told.told(span) for span in spans]
        shown = [place for place in places if place]
        worded = self._wording(question, "多少")(passage, told.text)
        scores = iter(self._reader.weigh(worded, told.text, shown) if shown else ())
        return [next(scores) if place else UNREAD for place in places]

    def told(self, passage: Passage) -> Told:
        """Return a passage as the reader sees it."""
        if (told := self._told.get(passage.id)) is None:
            document = self._documents[passage.document]
            told = self._told[passage.id] = tell(document.readable, passage.span, document.tables)
        return told

    def _wording(self, question: str, interrogative: str) -> Callable[[Passage, str], str]:
        """Return how to word a question for a passage and what is told of it.

        It is in its script, an English question in its Chinese words, and leaves out what its document establishes.
        """
        if words := self._retriever.chinese_keywords(question):
            question = f"{' '.join(words)} {interrogative}?"

        def worded(passage: Passage, text: str) -> str:
            setting = Setting.of(passage.document, self._profiles)
            return to_language(without_established(question, passage, setting, text), language_of(text))

        return worded
