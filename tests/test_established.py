"""What a document establishes need not be in the question that the reader is asked about one passage."""

from __future__ import annotations

import pytest

from yinju.established import Setting, without_established
from yinju.types import Passage, Span

TEXT = "全省生產總值增長4.2%，其中梧州港吞吐量增長9%。"


def passage(text: str = TEXT, context: str = "報告 > 岳嵐省政府工作報告 > 三、昆山院區") -> Passage:
    return Passage("p", "d", "報告.txt", Span(0, len(text)), text, text, context)


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("岳岚省2023年的GDP增幅是多少?", "GDP增幅是多少?"),
        ("2023年GDP增幅是多少?", "GDP增幅是多少?"),
        ("二〇二三年GDP增幅是多少?", "GDP增幅是多少?"),
        ("去年GDP涨了多少?", "GDP涨了多少?"),
        ("昆山院區去年收了多少病人?", "院區收了多少病人?"),
        ("What was the growth of output in 2023?", "What was the growth of output ?"),
    ],
)
def test_what_the_document_says_once_is_left_out(question: str, left: str) -> None:
    setting = Setting("岳岚省", 2023, 2024)
    assert without_established(question, passage(), setting) == left


@pytest.mark.parametrize(
    "question",
    [
        "2022年GDP增幅是多少?",  # another year
        "今年GDP要增长多少?",  # counted from the year of writing: the year after
        "去年上半年GDP增幅是多少?",  # part of the year
        "2021年到2025年GDP一共涨了多少?",
        "南嶼省GDP增幅是多少?",  # another place
        "梧州港吞吐量增长多少?",  # a name that the passage has
    ],
)
def test_what_tells_things_apart_stays(question: str) -> None:
    assert without_established(question, passage(), Setting("岳岚省", 2023, 2024)) == question


def test_a_year_or_name_that_the_passage_has_stays() -> None:
    text = "岳岚省2023年生产总值增长4.2%，2022年增长5%。"
    asked = "岳岚省2023年GDP增幅是多少?"
    assert without_established(asked, passage(text), Setting("岳岚省", 2023, 2024)) == asked


def test_a_name_of_the_title_that_is_not_its_subject_stays() -> None:
    asked = "临海市的GDP是多少?"
    context = "統計公報 > 临海市北屏区统计公报"
    assert without_established(asked, passage("全区GDP为98亿元。", context), Setting("北屏区", 2023, 2024)) == asked


def test_nothing_is_left_out_where_nothing_is_established_or_would_be_left() -> None:
    asked = "岳岚省2023年的GDP增幅是多少?"
    assert without_established(asked, passage(), Setting()) == asked
    assert without_established("岳岚省呢?", passage(), Setting("岳岚省", 2023, 2024)) == "岳岚省呢?"
