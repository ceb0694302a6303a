"""Ranking passages, with an embedder and an index whose numbers can be worked out by hand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinju.retrieve import DOCUMENT_BONUS, LEXICAL_WEIGHT, Retriever, content_words, synonyms
from yinju.text import fold, words
from yinju.types import Passage, Span

FEATURES = "人企水山"


class CountingEmbedder:
    """Counts four characters in the folded text; one more dimension keeps vectors from being zero."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        return np.array([vector_of(text) for text in texts], np.float32)


class OverlapIndex:
    """Dense search by brute force; the lexical score is how many of the words a passage holds."""

    def __init__(self, texts: Sequence[str], names: Sequence[str] | None = None) -> None:
        names = names or ["a.txt"] * len(texts)
        self.passages = [
            Passage(f"{i}", name, name, Span(0, len(text)), text, text)
            for i, (text, name) in enumerate(zip(texts, names, strict=True))
        ]
        self._vectors = np.array([vector_of(text) for text in texts]).reshape(len(texts), len(FEATURES) + 1)
        self._words = [Counter(words(text)) for text in texts]

    def search_dense(self, vector: npt.NDArray[np.float32], top_k: int) -> list[tuple[int, float]]:
        return _ranked(self._vectors @ vector, top_k)

    def search_lexical(self, words: Sequence[str], top_k: int) -> list[tuple[int, float]]:
        return [
            (i, s)
            for i, s in _ranked(np.array([sum(w in c for w in words) for c in self._words], float), top_k)
            if s > 0
        ]


def vector_of(text: str) -> npt.NDArray[np.float64]:
    counts = np.array([*(fold(text).count(character) for character in FEATURES), 1.0])
    vector: npt.NDArray[np.float64] = counts / np.linalg.norm(counts)
    return vector


def _ranked(scores: npt.NDArray[np.float64], top_k: int) -> list[tuple[int, float]]:
    return [(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:top_k]]


TEXTS = [
    "全市常住人口達到80萬人。",
    "上市企業共有36家,企業研發投入增長。",
    "水庫的水位上升。",
    "山林面積為12平方公里。",
]


@pytest.fixture
def retriever() -> Retriever:
    return Retriever(OverlapIndex(TEXTS), CountingEmbedder())


def found(retriever: Retriever, question: str) -> list[str]:
    return [hit.passage.id for hit in retriever.retrieve(question, 4)]


@pytest.mark.parametrize(
    ("question", "best"),
    [("常住人口是多少?", "0"), ("有幾家上市企業?", "1"), ("水位怎麼樣?", "2"), ("山林有多大?", "3")],
)
def test_the_right_passage_comes_first(retriever: Retriever, question: str, best: str) -> None:
    assert found(retriever, question)[0] == best


def test_scores_are_the_sum_of_z_scores() -> None:
    retriever = Retriever(OverlapIndex(["山", "水"]), CountingEmbedder())
    best, other = retriever.retrieve("山", 2)
    # Two passages: every z-score is +1 or -1.
    assert (best.score, other.score) == pytest.approx((1 + LEXICAL_WEIGHT, -1 - LEXICAL_WEIGHT))
    assert (best.dense, other.dense) == pytest.approx((1.0, 0.5))
    assert (best.lexical, other.lexical) == (1.0, 0.0)
    assert retriever.scores("山") == pytest.approx({0: 1.0, 1: 0.0})


@pytest.mark.parametrize(
    "question",
    ["上市企业有多少家?", "上市企業有多少家?", "上市企業有多少家？", "上市企業　有多少家?"],
)
def test_script_and_width_make_no_difference(retriever: Retriever, question: str) -> None:
    reference = retriever.retrieve("上市企業有多少家?", 4)
    hits = retriever.retrieve(question, 4)
    assert [hit.passage.id for hit in hits] == [hit.passage.id for hit in reference]
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in reference])


def test_the_question_is_embedded_in_the_script_of_the_documents() -> None:
    for texts, form in ((TEXTS, "國內企業"), (["国内企业发展"], "国内企业")):
        embedder = CountingEmbedder()
        for question in ("國內企業", "国内企业"):
            Retriever(OverlapIndex(texts), embedder).embed_question(question)
        assert embedder.asked == [form, form]


def test_each_question_is_embedded_once() -> None:
    embedder = CountingEmbedder()
    retriever = Retriever(OverlapIndex(TEXTS), embedder)
    vector = retriever.embed_question("人口")
    retriever.retrieve("人口", 3)
    retriever.scores("人口")
    assert embedder.asked == ["人口"]
    assert np.linalg.norm(vector) == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "best"),
    [("What is the resident population?", "0"), ("How many listed companies are there?", "1"), ("forest area", "3")],
)
def test_english_reaches_chinese(retriever: Retriever, question: str, best: str) -> None:
    assert found(retriever, question)[0] == best


def test_a_name_in_pinyin_reaches_its_passage() -> None:
    texts = ["紅岩鎮的工業園區建成。", "星川鎮的工業園區建成。", "青田鎮的工業園區建成。"]
    assert found(Retriever(OverlapIndex(texts), CountingEmbedder()), "What was built in Xingchuan?")[0] == "1"


def test_rare_terms_count_more_than_common_ones() -> None:
    texts = ["工業園區有學校。", "工業園區有醫院。", "工業園區有碼頭。"]
    hits = Retriever(OverlapIndex(texts), CountingEmbedder()).retrieve("industrial park hospital", 3)
    assert hits[0].passage.id == "1"
    rare = math.log(1 + (3 - 1 + 0.5) / 1.5)
    assert hits[0].lexical - hits[1].lexical == pytest.approx(rare)


def test_equal_scores_keep_the_order_of_the_passages() -> None:
    retriever = Retriever(OverlapIndex(["水", "水", "水"]), CountingEmbedder())
    assert found(retriever, "火") == ["0", "1", "2"]
    assert retriever.scores("火") == {0: 0.0, 1: 0.0, 2: 0.0}


def test_without_a_common_word_dense_decides(retriever: Retriever) -> None:
    hits = retriever.retrieve("人", 4)
    assert hits[0].passage.id == "0"
    assert all(math.isfinite(hit.score) for hit in hits)


def test_an_empty_index_gives_nothing() -> None:
    retriever = Retriever(OverlapIndex([]), CountingEmbedder())
    assert retriever.retrieve("人口", 5) == []
    assert retriever.scores("人口") == {}


def test_top_k_limits(retriever: Retriever) -> None:
    assert len(retriever.retrieve("人口", 2)) == 2
    assert len(retriever.retrieve("人口", 100)) == 4


def test_a_document_named_in_the_question_is_preferred() -> None:
    index = OverlapIndex(["人口80萬。", "人口80萬。", "人口80萬。"], ["海州2025.txt", "青川2025.txt", "青川2025.txt"])
    hits = Retriever(index, CountingEmbedder()).retrieve("青川人口", 3)
    assert [hit.passage.id for hit in hits] == ["1", "2", "0"]
    assert hits[0].score - hits[2].score == pytest.approx(DOCUMENT_BONUS)


def test_asking_words_are_left_out() -> None:
    assert content_words("請問南江有多少家企業?") == ("南江", "有", "家", "企业")
    assert content_words("多少") == ("多少",)


def test_synonyms_of_the_longest_word_only() -> None:
    assert sorted(synonyms("高新技术企业的增长率")) == ["企业", "增长率"]
    assert "生产总值" in synonyms("去年GDP是多少")["gdp"]
    assert synonyms("天气") == {}


def test_a_word_that_the_documents_never_use_is_asked_for_in_other_words() -> None:
    texts = ["地區生產總值為五百。", "財政收入為三百。", "森林覆蓋率為四成。"]
    assert found(Retriever(OverlapIndex(texts), CountingEmbedder()), "GDP為多少?")[0] == "0"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40), st.integers(1, 6))
def test_any_question_gives_a_stable_ranking(question: str, top_k: int) -> None:
    first = Retriever(OverlapIndex(TEXTS), CountingEmbedder()).retrieve(question, top_k)
    again = Retriever(OverlapIndex(TEXTS), CountingEmbedder()).retrieve(question, top_k)
    assert first == again
    assert [hit.score for hit in first] == sorted((hit.score for hit in first), reverse=True)
