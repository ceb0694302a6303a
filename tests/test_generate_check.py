"""The check of prose against evidence: what stands, what is removed and why, and that no wrong number passes."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from small_world import indexed
from writing import CHINESE, ENGLISH, IN_ENGLISH, QUESTION, RIGHT, evidence
from yinju.generate.check import Verdict, check
from yinju.generate.evidence import Evidence, Sort
from yinju.generate.numbers import mentions
from yinju.generate.prose import begin, draft, split, with_markers

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return evidence(indexed(tmp_path_factory.mktemp("zh"), {"a.txt": CHINESE}), QUESTION)[1]


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return evidence(indexed(tmp_path_factory.mktemp("en"), {"a.txt": ENGLISH}), IN_ENGLISH)[1]


def verdict(prose: str, given_evidence: Evidence, language: str = "zh-Hant") -> Verdict:
    (sentence,) = check(prose, given_evidence, language).sentences  # type: ignore[arg-type]
    return sentence.verdict


def test_the_evidence_is_as_the_tests_below_cite_it(chinese: Evidence) -> None:
    assert [item.sort for item in chinese.items] == [Sort.PASSAGE, Sort.FIGURE, Sort.PASSAGE]
    assert [item.id for item in chinese.items] == [1, 2, 3]
    assert chinese.answering == {1, 2}
    assert "412.6億元" in chinese.items[1].text
    assert "45平方公里" in chinese.items[2].text


STANDS = [
    RIGHT,
    "2023年東嶺市的地區生產總值為四百一十二點六億元，比上年增長6.4%[1]。",
    "東嶺市2023年的地區生產總值為0.04126萬億元[2]。",
    "東嶺市2023年GDP為412.6億元[1]。",
    "根據資料，東嶺市地區生產總值約412.6億元[1]。",
    "東嶺市常住人口為38.4萬人[1]。",
    "東嶺市常住人口為384000人[1]。",
    "東嶺市有216家上市企業[3]。",
    "製造業企業超過80家，占比近四成[3]。",
    "製造業企業逾80家，占比近40%[3]。",
    "東嶺市計劃2025年地區生產總值達到500億元[3]。",
    "白河區的地區生產總值為300億元，下降2.1%[3]。",
    "市長陳立文表示，“創新是第一動力”[3]。",
    "東嶺市、白河區的綠地面積分別為120平方公里和45平方公里[3]。",
    "白河區的綠地面積為45平方公里[3]。",
    "東嶺市每萬人擁有專利23.5件[3]。",
    "東嶺市共有5G基站1200座[3]。",
    "2022年東嶺市地區生產總值為387.8億元，2023年為412.6億元[1][3]。",
]


@pytest.mark.parametrize("prose", STANDS)
def test_what_the_evidence_says_stands(prose: str, chinese: Evidence) -> None:
    assert verdict(prose, chinese) is Verdict.KEPT


HOSTILE = {
    "another number": ("2023年,東嶺市地區生產總值為412.7億元[1]。", Verdict.NUMBER),
    "digits turned": ("2023年,東嶺市地區生產總值為421.6億元[1]。", Verdict.NUMBER),
    "rounded": ("2023年,東嶺市地區生產總值約413億元[1]。", Verdict.NUMBER),
    "scale": ("2023年,東嶺市地區生產總值為412.6萬元[1]。", Verdict.NUMBER),
    "currency": ("2023年,東嶺市地區生產總值為412.6億美元[1]。", Verdict.NUMBER),
    "no unit": ("2023年,東嶺市地區生產總值為412.6，單位萬元[1]。", Verdict.NUMBER),
    "a blank inside": ("2023年,東嶺市地區生產總值為9 412.6億元[1]。", Verdict.NUMBER),
    "spelled out": ("2023年,東嶺市地區生產總值為九千五百億元[1]。", Verdict.NUMBER),
    "spelled out formally": ("2023年,東嶺市地區生產總值為玖仟伍佰億元[1]。", Verdict.NUMBER),
    "spelled out in part": ("2023年,東嶺市地區生產總值為4百12.6億元[1]。", Verdict.NUMBER),
    "circled": ("東嶺市地區生產總值為⑨億元[1]。", Verdict.NUMBER),
    "full width": ("2023年,東嶺市地區生產總值為９５０１億元[1]。", Verdict.NUMBER),
    "percent for points": ("東嶺市地區生產總值比上年增長6.4個百分點[1]。", Verdict.NUMBER),
    "per mille": ("東嶺市地區生產總值比上年增長6.4‰[1]。", Verdict.NUMBER),
    "sign": ("東嶺市地區生產總值比上年下降6.4%[1]。", Verdict.NUMBER),
    "multiple": ("東嶺市地區生產總值比上年增長6.4倍[1]。", Verdict.NUMBER),
    "doubled": ("東嶺市地區生產總值比上年翻了一番[1]。", Verdict.NUMBER),
    "doubled in a word": ("東嶺市地區生產總值成倍增長，為雙倍[1]。", Verdict.NUMBER),
    "half": ("東嶺市地區生產總值占全省一半[1]。", Verdict.NUMBER),
    "added qualifier": ("東嶺市地區生產總值超過412.6億元[1]。", Verdict.NUMBER),
    "qualifier dropped": ("製造業企業80家[3]。", Verdict.NUMBER),
    "qualifier turned": ("製造業企業不到80家[3]。", Verdict.NUMBER),
    "range": ("東嶺市地區生產總值為400億元至500億元[1]。", Verdict.NUMBER),
    "rank": ("東嶺市地區生產總值排名第三[1]。", Verdict.NUMBER),
    "name with digits": ("東嶺市共有6G基站1200座[3]。", Verdict.NUMBER),
    "year": ("2021年,東嶺市地區生產總值為412.6億元[1]。", Verdict.NUMBER),
    "year in words": ("二〇二一年,東嶺市地區生產總值為412.6億元[1]。", Verdict.NUMBER),
    "date": ("2023年7月,東嶺市地區生產總值為412.6億元[1]。", Verdict.NUMBER),
    "uncited item's number": ("東嶺市有216家上市企業[1]。", Verdict.NUMBER),
    "people for companies": ("東嶺市有216人[3]。", Verdict.NUMBER),
    "square metres": ("白河區的綠地面積為45平方米[3]。", Verdict.NUMBER),
    "unsupported thing counted": ("東嶺市有216家醫院[3]。", Verdict.UNSUPPORTED),
    "years swapped": ("2022年,東嶺市地區生產總值為412.6億元[1][3]。", Verdict.MISATTRIBUTED),
    "places swapped": ("白河區地區生產總值為412.6億元，東嶺市為300億元[1][3]。", Verdict.MISATTRIBUTED),
    "place taken": ("白河區地區生產總值為412.6億元[1][3]。", Verdict.MISATTRIBUTED),
    "metrics swapped": ("2023年,白河區地區生產總值增長6.4%[3]。", Verdict.MISATTRIBUTED),
    "list turned": ("東嶺市、白河區的綠地面積分別為45平方公里和120平方公里[3]。", Verdict.MISATTRIBUTED),
    "names of the list turned": ("白河區、東嶺市的綠地面積分別為120平方公里和45平方公里[3]。", Verdict.MISATTRIBUTED),
    "other half of the list": ("東嶺市的綠地面積為45平方公里[3]。", Verdict.MISATTRIBUTED),
    "per head left out": ("東嶺市擁有專利23.5件[3]。", Verdict.MISATTRIBUTED),
    "plan as fact": ("2025年東嶺市地區生產總值達到500億元[3]。", Verdict.CONTRADICTED),
    "denied": ("東嶺市地區生產總值沒有達到412.6億元[1]。", Verdict.CONTRADICTED),
    "level as growth": ("東嶺市地區生產總值增長412.6億元[1]。", Verdict.CONTRADICTED),
    "growth as level": ("東嶺市地區生產總值為6.4%[1]。", Verdict.CONTRADICTED),
    "altered quotation": ("市長陳立文表示，“創新是首要動力”[3]。", Verdict.QUOTATION),
    "quotation of nobody": ("市長陳立文表示，「創新就是發展」[3]。", Verdict.QUOTATION),
    "another name": ("市長王大明表示，“創新是第一動力”[3]。", Verdict.UNSUPPORTED),
    "a title in marks": ("《東嶺日報》報道，東嶺市地區生產總值為412.6億元[1]。", Verdict.QUOTATION),
    "rank in words": ("東嶺市是全國最大的城市[1]。", Verdict.UNSUPPORTED),
    "invented cause": ("因為政策，東嶺市地區生產總值為412.6億元[1]。", Verdict.UNSUPPORTED),
    "advice": ("建議投資東嶺市的上市企業[3]。", Verdict.UNSUPPORTED),
    "knowledge": ("東嶺市以溫泉和絲綢聞名於世[1]。", Verdict.UNSUPPORTED),
    "yes": ("是的[1]。", Verdict.UNSUPPORTED),
    "no id": ("2023年,東嶺市地區生產總值為412.6億元。", Verdict.NO_SOURCE),
    "unknown id": ("2023年,東嶺市地區生產總值為412.6億元[9]。", Verdict.UNKNOWN_SOURCE),
    "id zero": ("2023年,東嶺市地區生產總值為412.6億元[0]。", Verdict.UNKNOWN_SOURCE),
    "one id of two unknown": ("2023年,東嶺市地區生產總值為412.6億元[1, 8]。", Verdict.UNKNOWN_SOURCE),
    "range of ids": ("2023年,東嶺市地區生產總值為412.6億元[1-3]。", Verdict.NO_SOURCE),
    "a marker inside the number": ("東嶺市地區生產總值為412.6[1]萬元。", Verdict.NUMBER),
    "a marker that makes another number": ("東嶺市地區生產總值為4[1]9.6億元。", Verdict.NUMBER),
    "unseen characters": ("東嶺市地區生產總值為9\u200b412.6億元[1]。", Verdict.NUMBER),
    "right to left": ("東嶺市地區生產總值為\u202e6.214億元[1]。", Verdict.NUMBER),
    "markup inside the number": ("東嶺市地區生產總值為412.6**萬**元[1]。", Verdict.NUMBER),
    "address": ("東嶺市地區生產總值見 http://example.com [1]。", Verdict.MARKUP),
    "picture": ("![](http://e.example/412.6億元)東嶺市[1]。", Verdict.MARKUP),
    "tag": ("<b>東嶺市</b>地區生產總值為412.6億元[1]。", Verdict.MARKUP),
    "English": ("The GDP of Dongling in 2023 was 41.26 billion yuan [1].", Verdict.LANGUAGE),
    "Japanese": ("東嶺市のGDPは412.6億元です[1]。", Verdict.LANGUAGE),
    "Russian": ("ВВП 東嶺市 412.6億元[1]。", Verdict.LANGUAGE),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_prose_is_removed(case: str, chinese: Evidence) -> None:
    prose, expected = HOSTILE[case]
    checked = check(prose, chinese, "zh-Hant")
    assert checked.kept == ()
    assert expected in {sentence.verdict for sentence in checked.sentences}


def test_blocked_numbers_are_named(chinese: Evidence) -> None:
    checked = check("東嶺市地區生產總值為500億元，人口40萬人[1]。另有7家[1]。" + RIGHT, chinese, "zh-Hant")
    assert checked.blocked_numbers == ("500億元", "40萬人", "7家")
    assert [sentence.verdict for sentence in checked.sentences][-1] is Verdict.KEPT


@pytest.mark.parametrize(
    "prose",
    [
        "In 2023, the population of Easton was 384,000 people [1].",
        "Easton had a population of 0.384 million people in 2023 [1].",
        "The gross domestic product of Easton was 41.2 billion yuan [1].",
        "Helen Marsh is the mayor of Easton [4].",
        "The Port of Easton handled 125 million tonnes of cargo in 2023 [3].",
    ],
)
def test_english_prose_stands(prose: str, english: Evidence) -> None:
    assert verdict(prose, english, "en") is Verdict.KEPT


@pytest.mark.parametrize(
    "prose",
    [
        "In 2023, the population of Easton was 348,000 people [1].",
        "In 2023, the population of Easton was three hundred thousand people [1].",
        "In 2022, the population of Easton was 384,000 people [1].",
        "In 2023, the population of Easton was 384,000 households [1].",
        "The gross domestic product of Easton was 41.2 million yuan [1].",
        "The gross domestic product of Easton was 41.2 billion dollars [1].",
        "The population of Easton was not 384,000 people [1].",
        "The population of Easton doubled to 384,000 people [1].",
        "The population of Easton was over 384,000 people [1].",
        "The population of Weston was 384,000 people [1].",
        "Jack Doe is the mayor of Easton [4].",
        "Helen Marsh is not the mayor of Easton [4].",
        "The Port of Easton handled 41.2 billion yuan of cargo [3].",
        "Easton is the largest port in the country [3].",
        "The library was opened in June 2022 [4].",
        "In 2023, the population of Easton was 384,000 people.",
        "2023年Easton的人口是384,000人[1]。",
    ],
)
def test_hostile_english_prose_is_removed(prose: str, english: Evidence) -> None:
    assert check(prose, english, "en").kept == ()


def test_the_script_follows_the_question(chinese: Evidence) -> None:
    told = "2023年,东岭市地区生产总值为412.6亿元[1]。"
    (sentence,) = check(told, chinese, "zh-Hant").kept
    assert "東嶺市地區生產總值" in sentence.text
    assert not set("东岭区产亿") & set(sentence.text)
    (sentence,) = check(RIGHT, chinese, "zh-Hans").kept
    assert sentence.text == "2023年,东岭市地区生产总值为412.6亿元。"
    (sentence,) = check("2023年,東嶺市地区生产總值為412.6亿元[1]。", chinese, "zh-Hant").kept
    assert not set("区产亿") & set(sentence.text)


def test_repetitions_are_removed(chinese: Evidence) -> None:
    assert [s.verdict for s in check(RIGHT * 3, chinese, "zh-Hant").sentences] == [
        Verdict.KEPT, Verdict.REPEATED, Verdict.REPEATED,
    ]  # fmt: skip


def test_a_sentence_that_stands_brings_its_proof(chinese: Evidence) -> None:
    (sentence,) = check("東嶺市有216家上市企業[3]。", chinese, "zh-Hant").kept
    (source,) = sentence.sources
    assert source.text.startswith("全市共有216家上市企業")
    assert [row.figure.quantity.surface for row in sentence.rows] == ["216家"]


def test_thoughts_are_no_prose(chinese: Evidence) -> None:
    assert check(f"<think>也許是999億元[1]。</think>{RIGHT}", chinese, "zh-Hant").kept[0].text == RIGHT.replace(
        "[1]", ""
    )
    assert check("<think>" + RIGHT, chinese, "zh-Hant").sentences == ()


# ── properties ──


@QUICK
@given(value=st.decimals(min_value=Decimal("0.1"), max_value=Decimal("99999"), places=1), unit=st.sampled_from(
    ["億元", "萬元", "元", "億美元", "%", "億", "萬億元", "億人", "家", "倍", ""]))  # fmt: skip
def test_no_number_but_the_right_one_passes(value: Decimal, unit: str, chinese: Evidence) -> None:
    text = f"2023年,東嶺市地區生產總值為{value}{unit}[1]。"
    right = {("412.6", "億元")}
    assert bool(check(text, chinese, "zh-Hant").kept) == ((str(value), unit) in right)


@QUICK
@given(prose=st.text(alphabet="2023年東嶺市地區生產總值為412.6億元%[]1[1]。 \n.“”百千9五美*_<>!abc", max_size=60))
@example(prose="[1]。[1]")
@example(prose="2023年[1].")
def test_whatever_stands_has_only_numbers_of_the_document(prose: str, chinese: Evidence) -> None:
    for sentence in check(prose, chinese, "zh-Hant").kept:
        digits = set(re.findall(r"\d+(?:\.\d+)?", sentence.text))
        assert digits <= {"2023", "412.6", "0.04126", "4126", "6.4", "38.4", "41260000000"}
        assert len(mentions(sentence.text)) <= len(sentence.text)


@QUICK
@given(prose=st.text(max_size=80))
def test_nothing_makes_the_check_fail(prose: str, chinese: Evidence) -> None:
    for language in ("zh-Hant", "zh-Hans", "en"):
        check(prose, chinese, language)  # type: ignore[arg-type]
        check(prose + "[1]。", chinese, language)  # type: ignore[arg-type]


PIECES = st.lists(
    st.sampled_from(
        [RIGHT, "A is [1]. ", "一。", "！？", "[1]", "[", "]", " ", "\n", "3.", "1. x", "文”。", "<think>", "</think>"]
    ),
    max_size=12,
)


@QUICK
@given(PIECES)
def test_unfinished_prose_gives_the_first_sentences_of_the_finished(pieces: list[str]) -> None:
    prose = "".join(pieces)
    finished = split(prose)
    for end in range(len(prose)):
        begun, rest = begin(prose[:end])
        assert begun == finished[: len(begun)]
        assert begun + split(rest + prose[end:]) == finished


@pytest.mark.parametrize(
    ("raw", "text", "ids"),
    [
        ("文。[1][2]", "文。", (1, 2)),
        ("文[1，2]。", "文。", (1, 2)),
        ("文【1】。", "文。", (1,)),
        ("文 [^3] 。", "文。", (3,)),
        ("1. **文**[2]。", "文。", (2,)),
        ("- 文。[12]", "文。", (12,)),
        ("[1] 文。", "文。", (1,)),
        ("文[abc]。", "文[abc]。", ()),
    ],
)
def test_markers_and_markup_are_taken_out(raw: str, text: str, ids: tuple[int, ...]) -> None:
    drafted = draft(raw, "zh-Hant")
    assert (drafted.text, drafted.ids) == (text, ids)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("文。", "文[1][2]。"), ("文", "文[1][2]。"), ("Text.", "Text[1][2]."), ("他說“文。”", "他說“文。”[1][2]")],
)
def test_markers_are_put_before_the_stop(text: str, shown: str) -> None:
    assert with_markers(text, (1, 2)) == shown
