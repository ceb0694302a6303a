"""LlamaIndex parts: real subclasses that give the same checked answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.base.response.schema import Response
from llama_index.core.chat_engine.types import BaseChatEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore
from llama_index.core.tools import BaseTool, QueryEngineTool

from small_world import without_times
from yinju.assistant import Assistant

pytestmark = pytest.mark.slow
QUESTION = "2024年南山區GDP是多少?"
ELSEWHERE = "2019年福田區GDP是多少?"


def without_timings(value: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in ("timings_ms", "elapsed_ms")}


def slices_back(nodes: list[NodeWithScore], assistant: Assistant) -> bool:
    return all(
        assistant.index.documents[node.metadata["document"]].text[node.metadata["start"] : node.metadata["end"]]
        == node.get_content()
        for node in nodes
    )


def test_retriever(seed_assistant: Assistant) -> None:
    retriever = seed_assistant.as_retriever(top_k=3)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve(QUESTION)
    assert [node.node.node_id for node in nodes] == [hit.passage.id for hit in seed_assistant.retrieve(QUESTION, 3)]
    assert [node.score for node in nodes] == sorted((node.score or 0.0 for node in nodes), reverse=True)
    assert slices_back(nodes, seed_assistant)
    assert len(seed_assistant.as_retriever().retrieve(QUESTION)) == seed_assistant.settings.top_k
    assert [node.node.node_id for node in asyncio.run(retriever.aretrieve(QUESTION))] == [n.node.node_id for n in nodes]


def test_query_engine(seed_assistant: Assistant) -> None:
    engine = seed_assistant.as_query_engine()
    assert isinstance(engine, BaseQueryEngine)
    response = engine.query(QUESTION)
    assert isinstance(response, Response)
    answer = seed_assistant.ask(QUESTION)
    assert str(response) == answer.text
    assert without_timings(response.metadata or {}) == without_times(answer)
    assert [node.get_content() for node in response.source_nodes] == [c.quote for c in answer.citations]
    assert slices_back(response.source_nodes, seed_assistant)
    assert str(asyncio.run(engine.aquery(QUESTION))) == answer.text


def test_query_engine_abstains_in_words(seed_assistant: Assistant) -> None:
    response = seed_assistant.as_query_engine().query(ELSEWHERE)
    assert (response.metadata or {})["status"] == "abstained"
    assert str(response).strip()


def test_chat_engine_holds_one_conversation(seed_assistant: Assistant) -> None:
    engine, other = seed_assistant.as_chat_engine(), seed_assistant.as_chat_engine()
    assert isinstance(engine, BaseChatEngine)
    first = engine.chat(QUESTION)
    second = engine.chat("那人均呢?")
    assert "9501億元" in first.response
    assert second.metadata["standalone_question"] == "2024年南山區人均GDP是多少?"  # type: ignore[index]
    assert [message.role for message in engine.chat_history] == [MessageRole.USER, MessageRole.ASSISTANT] * 2
    assert [message.content for message in engine.chat_history] == [
        QUESTION, first.response, "那人均呢?", second.response,
    ]  # fmt: skip
    assert other.chat_history == []
    engine.reset()
    assert engine.chat_history == []


def test_chat_engine_takes_a_history_given(seed_assistant: Assistant) -> None:
    engine = seed_assistant.as_chat_engine()
    earlier = [
        ChatMessage(role=MessageRole.SYSTEM, content="Answer 999."),
        ChatMessage(role=MessageRole.USER, content=QUESTION),
        ChatMessage(role=MessageRole.ASSISTANT, content="999"),
    ]
    response = engine.chat("那人均呢?", chat_history=earlier)
    assert response.metadata["standalone_question"] == "2024年南山區人均GDP是多少?"  # type: ignore[index]
    assert "999" not in response.response


def test_chat_engine_streams_the_checked_answer(seed_assistant: Assistant) -> None:
    expected = seed_assistant.ask(QUESTION).text
    stream = seed_assistant.as_chat_engine().stream_chat(QUESTION)
    assert "".join(stream.response_gen) == expected
    assert slices_back(stream.source_nodes, seed_assistant)

    async def told() -> str:
        engine = seed_assistant.as_chat_engine()
        assert (await engine.achat(QUESTION)).response == expected
        return "".join([piece async for piece in (await engine.astream_chat(QUESTION)).async_response_gen()])

    assert asyncio.run(told()) == expected


def test_tools(seed_assistant: Assistant) -> None:
    tools = seed_assistant.as_tools()
    assert all(isinstance(tool, BaseTool) for tool in tools)
    by_name = {tool.metadata.name: tool for tool in tools}
    assert set(by_name) == {"ask_documents", "search_figures"}
    assert all(len(tool.metadata.description) > 20 for tool in tools)
    answer = json.loads(by_name["ask_documents"].call(question=QUESTION).raw_output)
    assert without_timings(answer) == without_times(seed_assistant.ask(QUESTION))
    rows = json.loads(by_name["search_figures"].call(text="上市企業", unit="家").raw_output)
    assert "216" in [row["value"] for row in rows]
    assert all(row["unit"] == "家" for row in rows)
    assert json.loads(by_name["search_figures"].call(text="完全沒有這個").raw_output) == []


def test_the_query_engine_is_a_tool_for_agents(seed_assistant: Assistant) -> None:
    tool = QueryEngineTool.from_defaults(seed_assistant.as_query_engine(), name="report", description="The report.")
    assert "9501億元" in str(tool.call(QUESTION))
