"""LlamaIndex parts in LLM mode, and inside LlamaIndex agents whose own model is scripted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from llama_index.core.agent.workflow import FunctionAgent, ReActAgent
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.tools import QueryEngineTool, ToolOutput
from llama_index.llms.openai_like import OpenAILike

from llm_server import ScriptedServer, calls, says, serving
from writing import CHINESE, QUESTION, RIGHT, assistant
from yinju.assistant import Assistant

EXTRACTIVE = "412.6億元。"


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def writing(server: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant(tmp_path_factory.mktemp("llm"), CHINESE, server.url, llm_timeout=60.0)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant(tmp_path_factory.mktemp("plain"), CHINESE, "")


def agent_model(server: ScriptedServer) -> OpenAILike:
    return OpenAILike(
        model="agent",
        api_base=server.url,
        api_key="k",
        is_chat_model=True,
        is_function_calling_model=True,
        max_retries=0,
    )


def slices_back(nodes: list[Any], chosen: Assistant) -> bool:
    return bool(nodes) and all(
        chosen.index.documents[node.metadata["document"]].text[node.metadata["start"] : node.metadata["end"]]
        == node.get_content()
        for node in nodes
    )


def test_the_query_engine_words_its_answers(writing: Assistant, server: ScriptedServer) -> None:
    server.play(RIGHT + "有99家[1]。")
    response = writing.as_query_engine().query(QUESTION)
    assert str(response) == RIGHT
    assert response.metadata["generated"]["n_removed"] == 1  # type: ignore[index]
    assert slices_back(response.source_nodes, writing)


def test_the_chat_engine_streams_checked_sentences(writing: Assistant, server: ScriptedServer) -> None:
    prose = RIGHT + "有99家[1]。比上年增長6.4%[1]。"
    server.play(says(*prose))
    engine = writing.as_chat_engine()
    response = engine.stream_chat(QUESTION)
    assert list(response.response_gen) == [RIGHT, "比上年增長6.4%[1]。", ""]
    assert slices_back(response.source_nodes, writing)
    assert engine.chat_history[-1].content == RIGHT + "比上年增長6.4%[1]。"


def test_what_was_shown_and_does_not_answer_is_followed_by_the_answer(
    writing: Assistant, server: ScriptedServer
) -> None:
    server.play("東嶺市常住人口為38.4萬人[1]。")
    told = list(writing.as_chat_engine().stream_chat(QUESTION).response_gen)
    assert told == ["東嶺市常住人口為38.4萬人[1]。", "\n" + EXTRACTIVE]


def test_asynchronous_calls_leave_the_loop_free(writing: Assistant, server: ScriptedServer) -> None:
    async def both() -> tuple[str, str]:
        server.play(RIGHT)
        asked = await writing.as_query_engine().aquery(QUESTION)
        stream = await writing.as_chat_engine().astream_chat(QUESTION)
        return str(asked), "".join([piece async for piece in stream.async_response_gen()])

    assert asyncio.run(both()) == (RIGHT, RIGHT)


def test_a_history_given_asks_the_model_once(writing: Assistant, server: ScriptedServer) -> None:
    server.play("2022年,東嶺市地區生產總值為387.8億元[1]。")
    earlier = [ChatMessage(role=MessageRole.USER, content=QUESTION)]
    response = writing.as_chat_engine().chat("那2022年呢?", chat_history=earlier)
    assert response.response == "2022年,東嶺市地區生產總值為387.8億元[1]。"
    assert len(server.requests) == 1


@pytest.mark.parametrize("mode", ["plain", "writing"])
def test_a_function_agent_uses_the_tools(mode: str, server: ScriptedServer, request: pytest.FixtureRequest) -> None:
    chosen: Assistant = request.getfixturevalue(mode)
    asks = calls(("ask_documents", json.dumps({"question": QUESTION})))
    server.play(asks, *([RIGHT] if mode == "writing" else []), "That is 412.6億元.")
    agent = FunctionAgent(tools=chosen.as_tools(), llm=agent_model(server), streaming=True)

    async def run() -> Any:
        return await agent.run(QUESTION)

    result = asyncio.run(run())
    assert str(result) == "That is 412.6億元."
    (called,) = result.tool_calls
    answer = json.loads(called.tool_output.raw_output)
    assert answer["answer"] == (RIGHT if mode == "writing" else EXTRACTIVE)
    (citation,) = answer["citations"]
    assert CHINESE[citation["start"] : citation["end"]] == citation["quote"]
    told = server.requests[-1]["body"]["messages"][-1]
    assert (told["role"], "412.6億元" in told["content"]) == ("tool", True)


def test_a_react_agent_uses_the_query_engine(plain: Assistant, server: ScriptedServer) -> None:
    act = f'Thought: I need the report.\nAction: report\nAction Input: {{"input": "{QUESTION}"}}\n'
    server.play(act, "Thought: I can answer without using any more tools.\nAnswer: 412.6億元。")
    tool = QueryEngineTool.from_defaults(plain.as_query_engine(), name="report", description="The yearly report.")
    agent = ReActAgent(tools=[tool], llm=agent_model(server), streaming=True)

    async def run() -> Any:
        return await agent.run(QUESTION)

    result = asyncio.run(run())
    assert "412.6億元" in str(result)
    (called,) = result.tool_calls
    output: ToolOutput = called.tool_output
    assert slices_back(output.raw_output.source_nodes, plain)
    assert output.raw_output.metadata["status"] == "answered"
