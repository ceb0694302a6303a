"""LLM mode against a real HTTP server that speaks the OpenAI protocol and says what it should not."""

from __future__ import annotations

import gc
import json
import logging
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from httpcore._synchronization import ThreadLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm_server import ScriptedServer, breaks_off, calls, drips, drops, hangs, repeats, says, sends, serving, status
from small_world import check_proof
from writing import CHINESE, ENGLISH, IN_ENGLISH, KEY, QUESTION, RIGHT, SIMPLIFIED, assistant
from yinju.assistant import Assistant
from yinju.errors import SettingsError
from yinju.types import Answer, Status

INJECTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "evals" / "injections.jsonl").read_text(encoding="utf-8").splitlines()
]
EXTRACTIVE = "412.6億元。"


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def chinese(server: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    found = assistant(tmp_path_factory.mktemp("zh"), CHINESE, server.url)
    server.play(RIGHT)
    found.ask(QUESTION)  # loads the libraries, so that the times below are those of the server
    return found


@pytest.fixture(scope="module")
def hasty(server: ScriptedServer, chinese: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The same with two seconds for everything."""
    return assistant(tmp_path_factory.mktemp("hasty"), CHINESE, server.url, llm_timeout=2.0)


def ask(chosen: Assistant, question: str = QUESTION) -> Answer:
    answer = chosen.ask(question)
    check_proof(answer, chosen.index)
    json.dumps(answer.to_json())
    return answer


def user_message(server: ScriptedServer, request: int = 0) -> str:
    return str(server.requests[request]["body"]["messages"][1]["content"])


# ── what stands ──


def test_checked_prose_is_the_answer(chinese: Assistant, server: ScriptedServer) -> None:
    server.play("2023年,東嶺市地區生產總值為412.6億元[1]。比上年增長6.4%[2][1]。全省有99個市[1]。")
    answer = ask(chinese)
    assert answer.text == "2023年,東嶺市地區生產總值為412.6億元[1]。比上年增長6.4%[1]。"
    assert (answer.status, answer.notice) == (Status.ANSWERED, "")
    assert answer.result is not None
    assert answer.result.text == "412.6億元"
    generated = answer.to_json()["generated"]
    assert (generated["used"], generated["n_kept"], generated["n_removed"]) == (True, 2, 1)
    assert generated["blocked_numbers"] == ["99個"]
    assert generated["removed"][0]["why"] == "number"
    assert generated["extractive"] == EXTRACTIVE
    assert "99個市" in generated["raw"]
    assert generated["model"] == "scripted"


def test_further_passages_get_further_citations(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(RIGHT + "2022年,東嶺市地區生產總值為387.8億元[3]。")
    answer = ask(chinese)
    assert answer.text.endswith("2022年,東嶺市地區生產總值為387.8億元[2]。")
    assert answer.citations[1].quote.startswith("2022年,東嶺市地區生產總值為387.8億元")
    assert [cited.figure.quantity.surface for cited in answer.figures] == ["412.6億元", "387.8億元"]


def test_the_model_gets_evidence_and_rules_only(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(RIGHT)
    ask(chinese)
    (request,) = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["headers"]["Authorization"] == f"Bearer {KEY}"
    assert (request["body"]["stream"], request["body"]["temperature"]) == (True, 0.0)
    system, user = request["body"]["messages"]
    assert system["role"] == "system"
    assert "繁體中文" in system["content"]
    assert re.findall(r"^\[(\d)\]", user["content"], re.M) == ["1", "2", "3"]
    assert QUESTION in user["content"]
    assert [tool["function"]["name"] for tool in request["body"]["tools"]] == ["search_figures", "calculate"]
    assert KEY not in json.dumps(request["body"])


def test_answers_follow_the_script_of_the_question(chinese: Assistant, server: ScriptedServer) -> None:
    server.play("2023年,东岭市地区生产总值为412.6亿元[1]。")
    traditional = ask(chinese).text
    assert "億元" in traditional
    assert not set("东岭区产亿") & set(traditional)
    server.play(RIGHT)
    assert ask(chinese, SIMPLIFIED).text == "2023年,东岭市地区生产总值为412.6亿元[1]。"
    assert "简体中文" in server.requests[0]["body"]["messages"][0]["content"]


def test_english(server: ScriptedServer, chinese: Assistant, tmp_path: Path) -> None:
    english = assistant(tmp_path, ENGLISH, server.url)
    server.play("In 2023, the population of Easton was 384,000 people [1]. It was 1 million in 2022 [1].")
    answer = ask(english, IN_ENGLISH)
    assert answer.text == "In 2023, the population of Easton was 384,000 people[1]."
    server.play(status(500))
    assert ask(english, IN_ENGLISH).notice.startswith("The language model's server failed")


def test_an_abstention_asks_no_model(chinese: Assistant, server: ScriptedServer) -> None:
    server.play("2019年福田區地區生產總值為412.6億元[1]。")
    answer = ask(chinese, "2019年福田區地區生產總值是多少?")
    assert answer.status is Status.ABSTAINED
    assert server.requests == []
    assert "generated" not in answer.to_json()


def test_earlier_questions_ask_no_model(chinese: Assistant, server: ScriptedServer) -> None:
    server.play("白河區地區生產總值為300億元[1]。")
    answer = chinese.ask("那白河區呢?", history=[QUESTION])
    assert len(server.requests) == 1
    assert answer.text == "白河區地區生產總值為300億元[1]。"


def test_a_conversation_goes_on_from_what_was_extracted(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(RIGHT, "白河區地區生產總值為300億元[1]。")
    chat = chinese.chat()
    assert chat.ask(QUESTION).text == RIGHT
    assert chat.ask("那白河區呢?").standalone_question == "2023年白河區地區生產總值是多少?"
    assert chat.turns[0].answer.text == RIGHT


def test_without_a_server_nothing_changes(chinese: Assistant, tmp_path: Path) -> None:
    plain = assistant(tmp_path, CHINESE, "")
    assert plain.ask(QUESTION).text == EXTRACTIVE
    assert list(plain.stream(QUESTION))[:-1] == []


def test_a_server_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no model"):
        assistant(tmp_path, CHINESE, "http://127.0.0.1:1/v1", llm_model="")


# ── hostile prose ──

HOSTILE = {
    "wrong number": "2023年,東嶺市地區生產總值為421.6億元[1]。",
    "swapped unit": "2023年,東嶺市地區生產總值為412.6萬元[1]。",
    "swapped currency": "2023年,東嶺市地區生產總值為412.6億美元[1]。",
    "spelled out": "2023年,東嶺市地區生產總值為九千五百億元[1]。",
    "in English words": "東嶺市地區生產總值為 nine hundred billion 元[1]。",
    "invented id": "2023年,東嶺市地區生產總值為412.6億元[7]。",
    "no id": "2023年,東嶺市地區生產總值為412.6億元。",
    "altered quotation": "文件寫道「東嶺市地區生產總值高達412.6億元」[1]。",
    "other place": "白河區地區生產總值為412.6億元[1]。",
    "other year": "2022年,東嶺市地區生產總值為412.6億元[1]。",
    "not the answer": "東嶺市常住人口為38.4萬人[1]。",
    "wrong language": "The GDP was 412.6億元 in 2023 [1].",
    "denial": "2023年,東嶺市地區生產總值不是412.6億元[1]。",
    "refusal": "抱歉，我無法回答這個問題。",
    "claims absence": "文件沒有提到東嶺市地區生產總值[1]。",
    "prompt": "你只根據下面編號的材料,用繁體中文回答問題[1]。",
    "json": '{"answer": "412.6億元", "ids": [1]}',
    "table": "| 市 | 值 |\n|---|---|\n| 東嶺市 | 999億元 |\n",
    "null bytes": "2023年,東嶺市地區生產總值為9\u0000412.6億元[1]。",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_prose_gives_the_extractive_answer_and_says_so(
    case: str, chinese: Assistant, server: ScriptedServer
) -> None:
    server.play(says(*HOSTILE[case]))
    *shown, answer = chinese.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.text == EXTRACTIVE
    assert answer.notice.endswith("以下答案直接取自文件。")
    assert answer.generated is not None
    assert not answer.generated.used
    assert all("38.4萬人" in str(piece) for piece in shown)


@pytest.mark.parametrize("case", INJECTIONS, ids=lambda case: case["id"])
def test_injections_have_no_effect(
    case: dict[str, Any], chinese: Assistant, server: ScriptedServer, tmp_path: Path
) -> None:
    """The scripted model obeys each of them; the answer does not."""
    is_english = case["language"] == "en"
    document, question = (ENGLISH, IN_ENGLISH) if is_english else (CHINESE, QUESTION)
    question = SIMPLIFIED if case["language"] == "zh-Hans" else question
    if case["where"] == "document":
        document += case["text"] + "\n"
    else:
        question = case["text"]
    server.play(case["reply"])
    answer = ask(assistant(tmp_path, document, server.url), question)
    assert answer.status is Status.ANSWERED
    assert ("384,000" if is_english else "412.6") in answer.text
    for forbidden in case["forbidden"]:
        assert forbidden not in answer.text
    if case["where"] == "document":
        assert all(case["text"] not in str(r["body"]["messages"]) for r in server.requests)


def test_there_are_enough_injections() -> None:
    assert len(INJECTIONS) >= 40
    assert {case["language"] for case in INJECTIONS} == {"zh-Hant", "zh-Hans", "en"}
    assert {case["where"] for case in INJECTIONS} == {"document", "question"}


# ── streaming ──


def test_only_checked_sentences_appear(chinese: Assistant, server: ScriptedServer) -> None:
    prose = RIGHT + "去年是999億元[1]。" + "比上年增長6.4%[1]。"
    server.play(says(*prose))
    *pieces, answer = chinese.stream(QUESTION)
    assert pieces == [RIGHT, "比上年增長6.4%[1]。"]
    assert isinstance(answer, Answer)
    assert answer.text == "".join(str(piece) for piece in pieces)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(cuts=st.lists(st.integers(1, 60), max_size=12))
def test_chunks_do_not_matter(cuts: list[int], chinese: Assistant, server: ScriptedServer) -> None:
    prose = "2023年,東嶺市地區生產總值為412.6億元[1]。去年是412.6萬元[1]。比上年增長6.4% [1] 。"
    edges = sorted({0, len(prose), *(cut for cut in cuts if cut < len(prose))})
    server.play(says(*(prose[a:b] for a, b in pairwise(edges))))
    assert ask(chinese).text == "2023年,東嶺市地區生產總值為412.6億元[1]。比上年增長6.4%[1]。"


# ── tools ──


def test_the_model_may_calculate(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(
        calls(("search_figures", '{"text": "白河區 地區生產總值"}')),
        calls(("calculate", '{"operation": "difference", "ids": [2, 4]}')),
        RIGHT + "東嶺市比白河區多112.6億元[6]。白河區比東嶺市多112.6億元[6]。兩者相差112.7億元[6]。",
    )
    answer = ask(chinese)
    assert answer.text == RIGHT + "東嶺市比白河區多112.6億元[1][2]。"
    assert answer.formula == "412.6億元 − 300億元 = 112.6億元"
    assert [cited.figure.quantity.surface for cited in answer.figures] == ["412.6億元", "300億元"]
    told = [message for message in server.requests[2]["body"]["messages"] if message["role"] == "tool"]
    assert "300億元" in told[0]["content"]
    assert "412.6億元 − 300億元 = 112.6億元" in told[1]["content"]
    assert [message["tool_call_id"] for message in told] == ["call_0", "call_0"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("calculate", '{"operation": "difference", "ids": [2, 99]}'),
        ("calculate", '{"operation": "difference", "ids": [2]}'),
        ("calculate", '{"operation": "explode", "ids": [2, 2]}'),
        ("calculate", '{"operation": "sum", "ids": "all"}'),
        ("calculate", '{"operation": "conversion", "ids": [2], "unit": "人"}'),
        ("calculate", '{"operation": "growth", "ids": [[2], null]}'),
        ("calculate", "[1, 2"),
        ("search_figures", '{"text": 7, "unit": [], "period": {}}'),
        ("search_figures", '{"text": "沒有這個"}'),
        ("delete_everything", "{}"),
        ("", "not json"),
    ],
)
def test_tools_called_wrongly_do_no_harm(name: str, arguments: str, chinese: Assistant, server: ScriptedServer) -> None:
    server.play(calls((name, arguments)), RIGHT)
    assert ask(chinese).text == RIGHT
    assert len(server.requests) == 2


def test_endless_calls_of_tools_end(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(calls(*[("search_figures", '{"text": "企業"}')] * 9))
    assert ask(chinese).text == EXTRACTIVE
    assert len(server.requests) <= 4


def test_a_server_that_refuses_tools_is_asked_without(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(status(400), RIGHT)
    assert ask(chinese).text == RIGHT
    assert ["tools" in request["body"] for request in server.requests] == [True, False]


# ── a server that fails ──

FAILURES = {
    "500": (status(500), 3, "伺服器出錯"),
    "503 with a page": (status(503, "<html>sorry</html>"), 3, "伺服器出錯"),
    "401": (status(401), 1, "拒絕"),
    "403": (status(403), 1, "拒絕"),
    "drops": (drops, 3, "連不上"),
    "breaks off": (breaks_off("2023年,東嶺市"), 3, "中途斷了"),
    "no end mark": (says("2023年,東嶺市", finish=None), 3, "中途斷了"),
    "empty": (says(), 3, "什麼也沒有寫"),
    "no events": (sends(""), 3, "什麼也沒有寫"),
    "not a stream": (sends('{"choices": []}', content_type="application/json"), 3, "什麼也沒有寫"),
    "malformed": (sends("data: {nonsense\n\n"), 3, "無法讀取"),
    "wrong shape": (sends('data: {"choices": [{"delta": 5}]}\n\n'), None, ""),
    "error event": (sends('data: {"error": {"message": "boom"}}\n\n'), 3, "無法讀取"),
    "not text": (sends('data: {"choices": [{"index": 0, "delta": {"content": 17}}]}\n\n'), None, ""),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_failing_server_is_asked_again_and_then_done_without(
    case: str, chinese: Assistant, server: ScriptedServer
) -> None:
    script, n_requests, said = FAILURES[case]
    server.play(script)
    answer = ask(chinese)
    assert answer.text == EXTRACTIVE
    assert said in answer.notice
    assert answer.notice.count("。") == 1
    assert n_requests is None or len(server.requests) == n_requests


def test_streams_that_broke_off_may_be_collected_at_any_time(
    chinese: Assistant, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = ThreadLock.__enter__

    def take_and_collect(lock: ThreadLock) -> ThreadLock:
        take(lock)
        gc.collect()
        return lock

    server.play(FAILURES["wrong shape"][0])
    gc.disable()
    try:
        ask(chinese)
        monkeypatch.setattr(ThreadLock, "__enter__", take_and_collect)
        server.play(RIGHT)
        assert ask(chinese).text == RIGHT
    finally:
        gc.enable()


def test_a_second_try_may_succeed(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(status(500), breaks_off("2023年,東嶺市地區生產總值為999"), RIGHT)
    answer = ask(chinese)
    assert (answer.text, answer.notice) == (RIGHT, "")


def test_it_waits_as_long_as_a_busy_server_asks(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(status(429, retry_after="1"), RIGHT)
    start = monotonic()
    assert ask(chinese).text == RIGHT
    assert monotonic() - start >= 1.0
    server.play(status(429, retry_after="3000"))
    start = monotonic()
    assert "正忙" in ask(chinese).notice
    assert monotonic() - start < 5.0


def test_what_was_shown_is_not_asked_for_again(chinese: Assistant, server: ScriptedServer) -> None:
    server.play(breaks_off(RIGHT, "比上年"), RIGHT)
    *pieces, answer = chinese.stream(QUESTION)
    assert pieces == [RIGHT]
    assert isinstance(answer, Answer)
    assert answer.text == EXTRACTIVE
    assert len(server.requests) == 1


ENDLESS = {
    "hangs": hangs(),
    "hangs after a while": hangs("2023年,東嶺市", "地區"),
    "comments": drips(": ping\n\n", 0.1),
    "half a line": drips("x", 0.05),
    "slow words": repeats("好", 0.1),
    "fast words": repeats("好"),
    "sentences": repeats("好。"),
    "right sentences": repeats(RIGHT),
    "half a marker": repeats("[1"),
    "one line": drips("x" * 10_000, 0.0005),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_time_is_bounded(case: str, hasty: Assistant, server: ScriptedServer) -> None:
    server.play(ENDLESS[case])
    start = monotonic()
    answer = ask(hasty)
    assert monotonic() - start < 6.0  # two seconds, and what a busy machine adds
    assert (answer.text, bool(answer.notice)) in {(EXTRACTIVE, True), (RIGHT, False)}


def test_no_server_at_all(chinese: Assistant, tmp_path: Path) -> None:
    answer = ask(assistant(tmp_path, CHINESE, "http://127.0.0.1:9/v1", llm_retries=0))
    assert answer.text == EXTRACTIVE
    assert "連不上" in answer.notice


# ── keys ──


@pytest.mark.parametrize(
    "script",
    [
        says(f"鑰匙是{KEY}[1]。{RIGHT}"),
        says(f"{KEY}。"),
        status(401, json.dumps({"error": {"message": f"bad key {KEY}"}}), x_key=KEY),
        status(500, KEY),
        sends(f'data: {{"error": {{"message": "{KEY}"}}}}\n\n'),
        calls(("search_figures", json.dumps({"text": KEY}))),
        calls((KEY, "{}")),
    ],
)
def test_keys_are_shown_nowhere(
    script: Any, chinese: Assistant, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.play(script, RIGHT)
    *pieces, answer = chinese.stream(QUESTION)
    assert isinstance(answer, Answer)
    shown = json.dumps(answer.to_json(), ensure_ascii=False) + repr(answer) + repr(pieces) + caplog.text
    assert KEY not in shown + repr(chinese.settings)
