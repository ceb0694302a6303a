from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinju.text import clauses, fold, language_of, lines, plain_radicals, sentences, to_language, trim, words
from yinju.types import Span


def cut(text: str) -> list[str]:
    return [sentence.of(text) for sentence in sentences(text)]


def parts(text: str) -> list[str]:
    return [clause.of(text) for clause in clauses(text, Span(0, len(text)))]


# ── folding ─────────────────────────────────────────────────────────────────────────────────


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF)))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_script_width_and_case_fold_together() -> None:
    assert fold("臺灣ＧＤＰ１２％，發展") == fold("台灣gdp12%,发展")


# ── language ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("去年的產值是多少？", "zh-Hant"),
        ("去年的产值是多少？", "zh-Hans"),
        ("What was the output last year?", "en"),
        ("What is 水利局?", "en"),
        ("How many readers did 泉北分館 have in 2023?", "en"),
        ("Who leads 水利局?", "en"),
        ("Which branch lent most books, 東館 or 西館?", "en"),
        ("《The Lord of the Rings》的作者是誰？", "zh-Hant"),
        ("Bank of the West 2023年的營收是多少?", "zh-Hant"),
        ("把 the One 和 of the 這兩個計劃各花了多少錢說一說", "zh-Hant"),
        ("GDP是多少", "zh-Hant"),
        ("", "zh-Hant"),
    ],
)
def test_language_of_a_question(text: str, language: str) -> None:
    assert language_of(text) == language


def test_text_is_written_in_the_script_of_a_language() -> None:
    assert to_language("發展", "zh-Hans") == "发展"
    assert to_language("发展", "zh-Hant") == "發展"
    assert to_language("发展", "en") == "发展"


def test_words_are_folded_and_without_punctuation() -> None:
    assert "发展" in words("「經濟發展」，GDP。")
    assert "gdp" in words("「經濟發展」，GDP。")
    assert not {"，", ",", "。", "「"} & set(words("「經濟發展」，GDP。"))


# ── sentences ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("天晴了。路乾了。", ["天晴了。", "路乾了。"]),
        ("天晴了!路乾了?是的", ["天晴了!", "路乾了?", "是的"]),
        ("他說：“天晴了。”我們出發。", ["他說：“天晴了。”", "我們出發。"]),
        ("他說:「天晴了!」我們出發。", ["他說:「天晴了!」", "我們出發。"]),
        ("怎麼回事？！沒人知道……後來呢？", ["怎麼回事？！", "沒人知道……", "後來呢？"]),
        ("水庫（建於前年。現已滿水）很大。好看。", ["水庫（建於前年。現已滿水）很大。", "好看。"]),
        ("第一行\n第二行\r\n\r\n第三行", ["第一行", "第二行", "第三行"]),
        ("增長3.5%,達到1.2萬噸。", ["增長3.5%,達到1.2萬噸。"]),
        (
            "It rose 3.5%. Dr. Lee agreed. So did U.S. farmers.",
            ["It rose 3.5%.", "Dr. Lee agreed.", "So did U.S. farmers."],
        ),
        ('He said "It rained." Then he left.', ['He said "It rained."', "Then he left."]),
        ("1. 農業情況良好。", ["1. 農業情況良好。"]),
        ("一. 農業情況良好. 工業也是.", ["一. 農業情況良好.", "工業也是."]),
        ("（甲）》乙（丙。丁）戊。己。", ["（甲）》乙（丙。丁）戊。", "己。"]),
        ("見附表）。完畢。", ["見附表）。", "完畢。"]),
        ("  前後有空白。  \u3000", ["前後有空白。"]),
        ("", []),
        ("。", ["。"]),
        ("（他指著西邊。）眾人點頭。", ["（他指著西邊。）", "眾人點頭。"]),
        ("《水經注》寫道。好。", ["《水經注》寫道。", "好。"]),
        ("括號（沒有閉合。下一句。\n新的一行。", ["括號（沒有閉合。", "下一句。", "新的一行。"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@settings(deadline=None)
@given(st.text(st.sampled_from("字a1 。！.?”“（）《》…\n\r\u3000,，")))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    spans = [Span(0, 0), *sentences(text), Span(len(text), len(text))]
    for before, after in pairwise(spans):
        assert before.end <= after.start
        assert not text[before.end : after.start].strip()
    assert all(len(span) and trim(text, span) == span for span in spans[1:-1])


# ── clauses ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("產量增長，銷量下降；價格持平。", ["產量增長", "銷量下降", "價格持平。"]),
        ("產量1,200噸,銷量900噸。", ["產量1,200噸", "銷量900噸。"]),
        ("水庫（深，廣）已滿，可用。", ["水庫（深，廣）已滿", "可用。"]),
        ("比例為3:1,上年為2:1。", ["比例為3:1", "上年為2:1。"]),
        ("結果——意外——很好。", ["結果", "意外", "很好。"]),
        ("一句", ["一句"]),
        ("，，", []),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@given(st.text(st.sampled_from("字1,，：:；（）—\n ")))
def test_clauses_are_ordered_pieces_of_the_sentence(text: str) -> None:
    spans = clauses(text, Span(0, len(text)))
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(len(span) and span.start >= 0 and span.end <= len(text) for span in spans)


# ── lines ───────────────────────────────────────────────────────────────────────────────────


@given(st.text(st.sampled_from("字 \n\r\u2028\f")))
def test_lines_hold_everything_but_line_breaks(text: str) -> None:
    kept = "".join(line.of(text) for line in lines(text))
    assert kept == "".join(character for character in text if character not in "\n\r\u2028\f")


def test_radicals_are_read_as_the_characters_they_look_like() -> None:
    assert plain_radicals("⼈⼝⻓期") == "人口长期"
    assert fold("⼈⼝⾧⻓") == "人口长长"
