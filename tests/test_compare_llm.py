"""Four ways to answer, compared: each judged by the same golds, and wrong numbers counted where they are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.embeddings import BaseEmbedding

from llm_server import Handler, ScriptedServer, hangs, says, sends, serving, status
from scripts import script
from small_world import RemainderEmbedder
from writing import CHINESE, QUESTION, RIGHT, assistant
from yinju.assistant import Assistant
from yinju.evalset import Question

bare = script("evals/bare_text.py")
comparing = script("evals/compare_llm.py")

WRONG = "2023年,東嶺市地區生產總值為999.9億元[1],比上年增長6.4%[1]。"
DOES_NOT_SAY = "文中沒有提到青石市的地區生產總值。"


class RemainderEmbedding(BaseEmbedding):
    """The vectors of the small world as LlamaIndex takes them."""

    def _get_text_embedding(self, text: str) -> list[float]:
        vector: list[float] = RemainderEmbedder().passages([text])[0].tolist()
        return vector

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def question(text: str, language: str = "zh-Hant", **gold: Any) -> Question:
    kind = "unanswerable" if gold["status"] == "abstained" else "robust"
    evidence = [] if kind == "unanswerable" else ["東嶺市地區生產總值為412.6億元"]
    value = {"id": "a", "type": kind, "split": "dev", "question": text, "language": language, "document": "a.txt"}
    return Question.model_validate({**value, "gold": gold, "evidence": evidence})


GDP = question(QUESTION, status="answered", value="41260000000", unit="元")
ELSEWHERE = question("2023年青石市地區生產總值是多少?", status="abstained")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def ways(server: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Assistant, Assistant]:
    """The same assistant without a model and with one."""
    alone = assistant(tmp_path_factory.mktemp("alone"), CHINESE, "")
    return alone, assistant(tmp_path_factory.mktemp("writing"), CHINESE, server.url, llm_retries=0)


def tells(text: str) -> Any:
    """Say a text in the form that was asked for: as a stream or whole."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}

    def play(handler: Handler, body: dict[str, Any]) -> None:
        form = says(text) if body.get("stream") else sends(json.dumps(whole), content_type="application/json")
        form(handler, body)

    return play


def compare(ways: tuple[Assistant, Assistant], asked: Question) -> Any:
    alone, writing = ways
    engine = comparing.citation_engine(alone.index, RemainderEmbedding(), writing.settings)
    return comparing.compare(asked, alone, writing, engine, bare.known_of(alone.index), writing.settings.llm_timeout)


def test_four_columns_and_a_wrong_number_where_it_is_shown(
    ways: tuple[Assistant, Assistant], server: ScriptedServer
) -> None:
    server.play(tells(WRONG))
    first = compare(ways, GDP)
    assert tuple(first) == comparing.COLUMNS
    assert [outcome.right for outcome in first.values()] == [True, True, False, False]
    assert [outcome.wrong_numbers for outcome in first.values()] == [(), (), ("999.9億元",), ("999.9億元",)]
    checked = first["checked"]
    assert (checked.text, checked.prose, checked.blocked) == ("412.6億元。", "replaced", ("999.9億元",))
    assert [why for _, why in checked.removed] == ["number"]
    server.play(tells(DOES_NOT_SAY))
    second = compare(ways, ELSEWHERE)
    assert [outcome.right for outcome in second.values()] == [True] * 4
    assert second["unchecked"].prose == "not asked"
    assert len(server.requests) == 1  # of the citation engine alone
    lines = comparing.table([first, second]).splitlines()
    assert lines[0] == "2 questions, the model asked for 1"
    counts = {line[:36].strip(): line[36:].split() for line in lines[2:]}
    assert counts["right"] == ["2", "2", "1", "1"]
    assert counts["with a wrong number"] == ["0", "0", "1", "1"]
    assert counts["the extractive answer instead"] == counts["numbers blocked"] == ["1"]


def test_right_prose_is_right_everywhere(ways: tuple[Assistant, Assistant], server: ScriptedServer) -> None:
    server.play(tells(RIGHT))
    found = compare(ways, GDP)
    assert all(outcome.right and not outcome.wrong_numbers for outcome in found.values())
    assert found["checked"].prose == "used"


@pytest.mark.parametrize("trouble", [status(500), hangs("412.6億元")])
def test_a_server_that_fails_has_not_answered(
    trouble: Any, ways: tuple[Assistant, Assistant], server: ScriptedServer, tmp_path: Path
) -> None:
    server.play(trouble)
    hasty = assistant(tmp_path, CHINESE, server.url, llm_retries=0, llm_timeout=1.0)
    found = compare((ways[0], hasty), GDP)
    assert [bool(outcome.text) for outcome in found.values()] == [True, True, False, False]
    assert [outcome.right for outcome in found.values()] == [True, True, False, False]
    assert comparing.table([found]).splitlines()[5].split()[2:] == ["0", "0", "1", "1"]


# ── bare text ──


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("東嶺市的地區生產總值是412.6億元。", True),
        ("In 2023 it was 41.26 billion yuan, after 38.78 billion yuan [2].", True),
        ("约412.6亿。", True),
        ("It was 412.6 billion yuan.", False),
        ("387.8億元。", False),
        ("", False),
    ],
)
def test_a_value_has_to_stand_in_bare_text(text: str, right: bool) -> None:
    assert bare.judge_text(GDP, text).right is right


def test_short_answers_and_lists_have_to_stand_in_bare_text() -> None:
    short = question(QUESTION, status="answered", texts=["陳立文", "陳市長"])
    assert bare.judge_text(short, "市長是" + "很" * 200 + "陈立文[1]。").right
    both = question(QUESTION, status="answered", items=[["東嶺市"], ["白河區"]])
    assert bare.judge_text(both, "东岭市、白河区").right
    assert not bare.judge_text(both, "東嶺市").right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("文件沒有提及這一點。", True),
        ("材料中未提供该数据。", True),
        ("The sources do not explicitly mention it.", True),
        ("None of the sources are helpful.", True),
        ("它是3億元。", False),
        ("It grew notably.", False),
    ],
)
def test_bare_text_has_to_say_that_the_document_does_not(text: str, right: bool) -> None:
    assert bare.judge_text(ELSEWHERE, text).right is right


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("1. 2023年[1]为41.26 billion yuan\n2. 下降了2.1%[2, 3]", ()),
        ("Source 7 gives 384,000 people; see sources 8 and 9.", ()),
        ("412.6億元 − 387.8億元 = 24.8億元,增長6.39%。", ("6.39%",)),
        ("412.6 ÷ 387.8 = 1.2", ("1.2",)),
        ("上市企業217家,其中製造業80個。", ("217家",)),
        ("38.4億人", ("38.4億人",)),
        ("2031年", ("2031年",)),
        ("共三個區,一年一次", ()),
        ("下降百分之二點一,占近四成。", ()),
        ("增長百分之四到五,是五倍。", ("百分之四", "五倍")),
    ],
)
def test_numbers_that_stand_nowhere_are_wrong(text: str, wrong: tuple[str, ...]) -> None:
    known = bare.Known().plus(CHINESE)
    assert bare.wrong_numbers(bare.clean(GDP, text), known, GDP.gold) == wrong


def test_the_gold_is_never_wrong() -> None:
    gold = question(QUESTION, status="answered", value="24.8", unit="%", tolerance="0.01").gold
    assert bare.wrong_numbers("24.9%,26%", bare.Known(), gold) == ("26%",)
