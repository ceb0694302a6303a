"""The assistant as LlamaIndex parts: retriever, query engine, chat engine, tools."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Generator
from typing import Any, Protocol

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.tools import FunctionTool

from yinju.figures.ledger import Ledger
from yinju.types import Answer, Hit, Turn


class Conversation(Protocol):
    """What is used of a chat."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far."""

    def ask(self, question: str) -> Answer:
        """Answer a question in the light of the conversation."""


class Answering(Protocol):
    """What is used of an assistant."""

    @property
    def figures(self) -> Ledger:
        """Every figure."""

    def ask(self, question: str) -> Answer:
        """Answer a standalone question."""

    def retrieve(self, question: str, top_k: int | None = None) -> list[Hit]:
        """Rank passages, best first."""

    def chat(self) -> Conversation:
        """Begin a conversation."""


def retriever(assistant: Answering, top_k: int) -> BaseRetriever:
    """Return the hybrid retriever; ``top_k`` nodes with spans in their metadata."""
    return _Retriever(assistant, top_k)


def query_engine(assistant: Answering) -> BaseQueryEngine:
    """Return a query engine whose responses are checked answers; ``metadata`` is the answer's JSON."""
    return _QueryEngine(assistant)


def chat_engine(assistant: Answering) -> BaseChatEngine:
    """Return a chat engine that holds one conversation."""
    return _ChatEngine(assistant)


def tools(assistant: Answering) -> list[FunctionTool]:
    """Return tools for agents; each gives JSON text."""

    def ask_documents(question: str) -> str:
        """Answer a standalone question from the documents, with verbatim citations, or say why it cannot."""
        return json.dumps(assistant.ask(question).to_json(), ensure_ascii=False)

    def search_figures(text: str = "", unit: str = "", period: str = "") -> str:
        """List figures of the documents whose entity, metric or sentence holds the text; unit and period narrow it."""
        found = assistant.figures.search(text, unit=unit or None, period=period or None)
        return json.dumps(found.to_rows(), ensure_ascii=False)

    return [FunctionTool.from_defaults(fn=ask_documents), FunctionTool.from_defaults(fn=search_figures)]


class _Retriever(BaseRetriever):
    def __init__(self, assistant: Answering, top_k: int) -> None:
        super().__init__()
        self._assistant, self._top_k = assistant, top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(hit) for hit in self._assistant.retrieve(query_bundle.query_str, self._top_k)]


class _QueryEngine(BaseQueryEngine):
    def __init__(self, assistant: Answering) -> None:
        super().__init__(callback_manager=CallbackManager())
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str)
        return Response(answer.text, source_nodes=_cited_nodes(answer), metadata=answer.to_json())

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class _ChatEngine(BaseChatEngine):
    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant
        self._chat: Conversation = assistant.chat()

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a message; a given ``chat_history`` replaces the conversation held."""
        if chat_history is not None:
            self._chat = self._assistant.chat()
            for earlier in chat_history:
                if earlier.role == MessageRole.USER and earlier.content:
                    self._chat.ask(earlier.content)
        answer = self._chat.ask(message)
        return AgentChatResponse(answer.text, source_nodes=_cited_nodes(answer), metadata=answer.to_json())

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """Answer a message; the answer is checked before any of it is shown, so it comes in one piece."""
        response = self.chat(message, chat_history)

        def pieces() -> Generator[Any, None, None]:
            from llama_index.core.base.llms.types import ChatResponse

            reply = ChatMessage(role=MessageRole.ASSISTANT, content=response.response)
            yield ChatResponse(message=reply, delta=response.response)

        return StreamingAgentChatResponse(
            response.response, chat_stream=pieces(), source_nodes=response.source_nodes, is_writing_to_memory=False
        )

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a message."""
        return self.chat(message, chat_history)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """Answer a message in one piece."""
        response = self.chat(message, chat_history)

        async def pieces() -> AsyncGenerator[Any, None]:
            from llama_index.core.base.llms.types import ChatResponse

            reply = ChatMessage(role=MessageRole.ASSISTANT, content=response.response)
            yield ChatResponse(message=reply, delta=response.response)

        return StreamingAgentChatResponse(
            response.response, achat_stream=pieces(), source_nodes=response.source_nodes, is_writing_to_memory=False
        )

    def reset(self) -> None:
        """Forget the conversation."""
        self._chat = self._assistant.chat()

    @property
    def chat_history(self) -> list[ChatMessage]:
        """The conversation so far."""
        return [
            message
            for turn in self._chat.turns
            for message in (
                ChatMessage(role=MessageRole.USER, content=turn.question),
                ChatMessage(role=MessageRole.ASSISTANT, content=turn.answer.text),
            )
        ]


def _node(hit: Hit) -> NodeWithScore:
    passage = hit.passage
    metadata = {"document": passage.document, "start": passage.span.start, "end": passage.span.end}
    return NodeWithScore(node=TextNode(id_=passage.id, text=passage.text, metadata=metadata), score=hit.score)


def _cited_nodes(answer: Answer) -> list[NodeWithScore]:
    nodes = []
    for citation in answer.citations:
        metadata = {"document": citation.document, "start": citation.span.start, "end": citation.span.end}
        node = TextNode(text=citation.quote, metadata={**metadata, "citation": citation.index})
        nodes.append(NodeWithScore(node=node, score=answer.confidence))
    return nodes
