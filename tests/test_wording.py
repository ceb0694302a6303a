"""Answers in words: three languages, one sentence, nothing that the figure does not say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinju import wording
from yinju.text import Language
from yinju.types import Approx, Kind, Quantity, Reason, Span

LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")


def quantity(surface: str, value: str, unit: str, approx: Approx | None = None, high: str | None = None) -> Quantity:
    return Quantity(
        Span(0, len(surface)), surface, Decimal(value), unit, Kind.AMOUNT,
        high=None if high is None else Decimal(high), approx=approx,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "language", "text"),
    [
        (quantity("412.6億元", "41260000000", "元"), "zh-Hant", "412.6億元"),
        (quantity("412.6億元", "41260000000", "元"), "zh-Hans", "412.6亿元"),
        (quantity("412.6亿元", "41260000000", "元"), "zh-Hant", "412.6億元"),
        (quantity("80%", "80", "%", Approx.OVER), "zh-Hant", "超過80%"),
        (quantity("80%", "80", "%", Approx.OVER), "zh-Hans", "超过80%"),
        (quantity("80%", "80", "%", Approx.OVER), "en", "over 80%"),
        (quantity("90%", "90", "%", Approx.NEARLY), "zh-Hant", "近90%"),
        (quantity("5個", "5", "個", Approx.AT_LEAST), "zh-Hant", "至少5個"),
        (quantity("120多倍", "120", "倍", Approx.OVER), "zh-Hant", "120多倍"),
    ],
)
def test_quantities_as_the_document_states_them(told: Quantity, language: Language, text: str) -> None:
    assert wording.quantity_text(told, language) == text


def test_english_gives_the_plain_number_and_the_authors_words() -> None:
    text = wording.quantity_text(quantity("412.6億元", "41260000000", "元"), "en")
    assert "41,260,000,000 yuan" in text
    assert "412.6億元" in text
    assert wording.quantity_text(quantity("2.5萬平方公里", "25000", "平方公里"), "en").startswith("25,000 square")


def test_a_quotation_has_the_marks_of_its_language() -> None:
    assert wording.quoted("South Bay", "en") == "“South Bay”"
    assert wording.quoted("南灣", "zh-Hans") == "「南湾」"


def test_every_unit_that_english_texts_write_has_an_english_name() -> None:
    from yinju.figures.units import _UNITS

    written = [name for name, (_, others) in _UNITS.items() if any(each.isascii() for each in others.split())]
    assert [name for name in written if not wording.unit_name(name, "en").isascii()] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_abstention_is_a_sentence(reason: Reason, language: Language) -> None:
    for asked, nearest in (("", ""), ("2019年", ""), ("2019年", "人口為20萬人"), ("", "長" * 300)):
        text = wording.abstention(reason, asked, nearest, language)
        assert text[-1] == ("." if language == "en" else "。")
        assert "{" not in text
        assert len(text) < 90 + wording.MAX_QUOTE_CHARS + len(asked)
        if language == "zh-Hans":
            assert "沒" not in text


def test_conflicts_name_every_value() -> None:
    values = ["832.56件[1]", "676.9件[2]"]
    for language in LANGUAGES:
        text = wording.conflict(values, language)
        assert all(value in text for value in values)


@pytest.mark.parametrize(
    ("period", "chinese"),
    [("2024", "2024年"), ("2024-07", "2024年7月"), ("2024-07-01", "2024年7月1日"), ("2021/2025", "2021年至2025年"),
     ("2024Q1", "2024年第一季度"), ("2024H2", "2024年下半年"), ("1998/", "1998年")],
)  # fmt: skip
def test_periods_for_people(period: str, chinese: str) -> None:
    assert wording.period_text(period, "zh-Hant") == chinese
    assert "/" not in wording.period_text(period, "en")


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_a_sentence_has_one_full_stop_at_its_end(text: str, language: Language) -> None:
    closed = wording.sentence(text, language)
    assert closed[-1] in "。."
    assert closed[:-1] == closed[:-1].rstrip("。.!?！？;；,，:：、 ")
    assert wording.sentence(closed, language) == closed
