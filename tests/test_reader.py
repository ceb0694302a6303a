"""The trained reader: words of the text, the same every time, and less sure where the text does not say."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings

import strategies
from yinju.config import Settings
from yinju.errors import ModelError
from yinju.figures import parser
from yinju.reader import WEIGHTS, WINDOW, Reader, load_reader
from yinju.trained import load_trained, weights_path
from yinju.types import Span

TEXT = "市立博物館由建築師林曉舟設計，二○一六年開館，館藏以陶瓷為主。館長陳明遠每週三在北門廣場導覽。"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Settings.load().cache_dir)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("博物館是誰設計的?", "林曉舟"),
        ("导览在哪里进行?", "北門廣場"),
        ("館長叫什麼名字?", "陳明遠"),
        ("博物館的收藏主要是什麼?", "陶瓷"),
    ],
)
def test_the_words_that_answer_are_found(reader: Reader, question: str, answer: str) -> None:
    best = reader.read(question, TEXT)[0].span.of(TEXT)
    assert answer in best
    assert len(best) <= len(answer) + 10


def test_a_text_that_does_not_say_scores_lower(reader: Reader) -> None:
    other = "當地氣候溫和，夏季多雨，附近的山區以茶園聞名，每年秋天有登山節。"
    question = "博物館是誰設計的?"
    assert reader.read(question, TEXT)[0].score > reader.read(question, other)[0].score + 1


def test_beyond_the_window_is_read_too(reader: Reader) -> None:
    filler = "街道兩旁種著樹木，居民在樹下散步聊天。" * (WINDOW // 8)
    text = filler + TEXT + filler
    best = reader.read("博物館是誰設計的?", text)[0].span.of(text)
    assert "林曉舟" in best


@given(strategies.questions, strategies.documents)
@settings(max_examples=25, deadline=None)
def test_spans_lie_in_the_text_best_first_and_apart(question: str, text: str) -> None:
    reader = load_reader(Settings.load().cache_dir)
    found = reader.read(question, text)
    assert found == reader.read(question, text)
    assert [row.score for row in found] == sorted((row.score for row in found), reverse=True)
    for i, row in enumerate(found):
        assert row.span.of(text).strip() == row.span.of(text) != ""
        assert Span(0, len(text)).contains(row.span)
        assert not any(row.span.overlaps(other.span) for other in found[:i])


def test_given_spans_are_weighed_by_their_best_part(reader: Reader) -> None:
    question = "博物館是誰設計的?"
    best, *_ = reader.read(question, TEXT)
    whole, part, elsewhere = reader.weigh(question, TEXT, [Span(0, len(TEXT)), best.span, Span(0, 2)])
    assert part >= best.score > elsewhere
    assert whole >= part


@pytest.mark.parametrize("name", [WEIGHTS, parser.WEIGHTS])
def test_the_model_card_names_the_weights(name: str) -> None:
    card = (Path(__file__).parents[1] / "training" / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(weights_path(name).read_bytes()).hexdigest() in card


def test_weights_that_are_missing_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.safetensors") as caught:
        load_trained(tmp_path / "none.safetensors", Settings.load().cache_dir, ["head"])
    assert "Install" in caught.value.hint


def test_weights_of_another_model_are_refused() -> None:
    with pytest.raises(ModelError, match=r"reader\.safetensors"):
        load_trained(weights_path(WEIGHTS), Settings.load().cache_dir, ["operation"])
