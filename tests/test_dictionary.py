"""English and pinyin to Chinese words, with the real dictionary."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import LINEAR, growth
from yinju.dictionary import chinese_words, is_common_word, pinyin_match, terms_in_documents, translate_keywords
from yinju.text import fold

DOCUMENT = fold(
    "青海省上市公司达到36家,市场份额提高。亚洲金融危机之后,人均可支配收入增长。研发投入占GDP比重为1.2%。"
    "星河实验室由周立群创办,西坪湖科教城面积为12平方公里,消费级无人机由Falco公司制造。"
)


def best(question: str, text: str = DOCUMENT) -> dict[str, str]:
    return {term.term: term.candidates[0][0] if term.candidates else "" for term in terms_in_documents(question, text)}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("listed companies", "上市公司"),
        ("market share", "市场份额"),
        ("research and development", "研发"),
        ("added value", "增加值"),
        ("financial crisis", "金融危机"),
    ],
)
def test_expressions_come_before_their_words(english: str, chinese: str) -> None:
    terms = chinese_words(f"How about {english} then?")
    longest = max(terms, key=lambda term: len(term.term))
    assert longest.term == english
    assert chinese in [word for word, _weight in longest.candidates]


def test_spans_point_into_the_question_and_weights_fall() -> None:
    question = "How many listed companies were founded in 1993?"
    for term in chinese_words(question):
        assert term.span.of(question) == term.term
        weights = [weight for _word, weight in term.candidates]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)


def test_stop_words_and_numbers_give_no_terms() -> None:
    assert chinese_words("What was it in 2024 and who are they?") == ()


@pytest.mark.parametrize("form", ["company", "companies", "Company's", "COMPANIES"])
def test_inflections_meet(form: str) -> None:
    assert best(form)[form.removesuffix("'s")] == "公司"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("new urban jobs", "城镇新增就业"),
        ("self-employed businesses", "个体工商户"),
        ("China-Europe freight trains", "中欧班列"),
        ("days with good air", "优良天数"),
        ("take-home pay", "可支配收入"),
        ("electricity use", "用电量"),
        ("urbanisation rate", "城镇化率"),
        ("practicing doctors", "执业医师"),
    ],
)
def test_words_of_bulletins_are_known(english: str, chinese: str) -> None:
    candidates = [word for term in chinese_words(english) for word, _weight in term.candidates]
    assert chinese in candidates
    assert chinese in [term.candidates[0][0] for term in terms_in_documents(english, chinese) if term.candidates]


@pytest.mark.parametrize(
    ("english", "other"),
    [("plants", "电厂"), ("the book", "预订"), ("customs", "通关"), ("future", "期货"), ("moved", "电影")],
)
def test_ordinary_words_keep_their_sense(english: str, other: str) -> None:
    candidates = [word for term in chinese_words(english) for word, _weight in term.candidates]
    assert other not in candidates


def test_words_of_one_root_meet() -> None:
    assert best("the Asian crisis")["Asian"] == "亚洲"


def test_the_outer_term_gives_way_when_only_inner_ones_occur() -> None:
    assert best("listed companies", "上市的公司") == {"listed": "上市", "companies": "公司"}


def test_only_words_of_the_documents_are_taken() -> None:
    assert best("drone") == {"drone": "无人机"}
    assert best("drone", "雄蜂") == {"drone": "雄蜂"}
    assert best("drone", "天气") == {"drone": ""}


def test_names_are_found_by_sound() -> None:
    assert best("Who is Zhou Liqun?") == {"Zhou Liqun": "周立群"}
    found = best("How large is Xiping Lake?")
    assert (found["Xiping"], found["Lake"]) == ("西坪", "湖")


def test_a_place_in_the_dictionary_needs_no_sound() -> None:
    assert best("listed companies in Qinghai")["Qinghai"] in ("青海", "青海省")


def test_latin_names_match_themselves() -> None:
    assert best("What does Falco make?")["Falco"] == "falco"
    assert best("GDP")["GDP"] == "gdp"


def test_pinyin_match_prefers_the_frequent_word() -> None:
    assert pinyin_match("Yun-jing", "云鲸与云鲸和运经") == ("云鲸", "运经")


@pytest.mark.parametrize("word", ["", "Xi", "Strength", "12", "a" * 400, "an" * 200])
def test_what_is_no_name_in_pinyin_matches_nothing(word: str) -> None:
    assert pinyin_match(word, "安安安安安安安安,西") == ()


def test_keywords_keep_numbers_and_unknown_names() -> None:
    keywords = translate_keywords("How many listed companies did Zyxxo have in 2024?", DOCUMENT)
    assert keywords == ["上市公司", "Zyxxo", "2024"]


def test_keywords_without_documents() -> None:
    assert translate_keywords("unemployment of listed companies") == ["失业", "上市公司"]


def test_chinese_needs_no_dictionary() -> None:
    code = "import sys; import yinju.dictionary as d; sys.exit(d._dictionary.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("word", "common"),
    [("太阳", True), ("上岗", True), ("长江", False), ("新加坡", False), ("朝阳", False), ("不见于词典", False)],
)
def test_a_word_with_a_small_reading_names_nobody(word: str, common: bool) -> None:
    assert is_common_word(word) is common


def test_a_long_question_stays_bounded() -> None:
    assert growth(lambda n: chinese_words("industrial city development " * n), 500) < LINEAR


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x9FFF), max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for term in terms_in_documents(text, DOCUMENT):
        assert term.span.of(text) == term.term
        assert all(word in DOCUMENT for word, _weight in term.candidates)
