"""What the reader is asked about a passage, and how what it finds is led back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from yinju.consult import UNREAD, Consultation
from yinju.figures.ledger import Ledger
from yinju.figures.profiles import Profiles
from yinju.formats import read_markdown
from yinju.reader import Reader, SpanScore
from yinju.types import Document, Passage, Span

TEXT = """# 河西各館

| 館 | 2023年藏書（萬冊） | 備註 |
|---|---|---|
| 東館 | 20.4 | — |
| 西館 | 53.9 | 4月閉館 |
"""


class FakeReader:
    """Finds some words, and remembers what it was asked."""

    def __init__(self, words: str) -> None:
        self.words, self.asked = words, [("", "")]

    def read(self, question: str, text: str, *_: Any) -> list[SpanScore]:
        self.asked.append((question, text))
        return [SpanScore(span, 1.0) for span in self._found(text)]

    def weigh(self, question: str, text: str, spans: Sequence[Span]) -> list[float]:
        self.asked.append((question, text))
        return [2.0 if span.of(text) == self.words else 0.0 for span in spans]

    def _found(self, text: str) -> list[Span]:
        start = text.find(self.words)
        return [Span(start, start + len(self.words))] if start >= 0 else []


def consulted(words: str, text: str = TEXT) -> tuple[Consultation, FakeReader, Document]:
    tables = read_markdown(text).tables
    document = Document("d", "館.md", text, text, "", "", "text/markdown", tables=tables)
    reader = FakeReader(words)
    return Consultation(cast(Reader, reader), Profiles(Ledger()), {"館.md": document}), reader, document


def passage(document: Document, span: Span) -> Passage:
    text = span.of(document.text)
    return Passage("p", document.id, document.name, span, text, text)


def test_a_cell_is_found_in_its_row_and_led_back() -> None:
    consultation, reader, document = consulted("53.9")
    row = passage(document, Span(TEXT.index("| 西館"), len(TEXT)))
    found = consultation.read("西館有多少書?", row)
    assert [each.span.of(row.text) for each in found] == ["53.9"]
    assert "西館：2023年藏書（萬冊） 53.9，備註 4月閉館。" in reader.asked[-1][1]


def test_words_of_a_head_beyond_the_passage_are_no_answer() -> None:
    consultation, _, document = consulted("備註")
    assert consultation.read("哪一欄?", passage(document, Span(TEXT.index("| 西館"), len(TEXT)))) == []


def test_what_was_not_shown_has_no_score() -> None:
    consultation, _, document = consulted("20.4")
    whole = passage(document, Span(0, len(TEXT)))
    cell, bar = TEXT.index("20.4"), TEXT.index("|---")
    assert consultation.weigh("東館有多少書?", whole, [Span(cell, cell + 4), Span(bar, bar + 4)]) == [2.0, UNREAD]
    assert consultation.weigh("東館有多少書?", whole, [Span(bar, bar + 4)]) == [UNREAD]


def test_a_question_keeps_its_language_and_takes_the_script_of_the_passage() -> None:
    consultation, reader, document = consulted("53.9")
    whole = passage(document, Span(0, len(TEXT)))
    consultation.read("How many books does 西館 hold?", whole)
    assert reader.asked[-1][0] == "How many books does 西館 hold?"
    consultation.read("西馆有多少册书?", whole)
    assert reader.asked[-1][0] == "西館有多少冊書?"
