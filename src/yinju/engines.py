"""The assistant as LlamaIndex parts: retriever, query engine, chat engine, tools."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from typing import Protocol

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
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

    def stream(self, question: str) -> Iterator[str | Answer]:
        """Answer it while the answer is written: checked sentences, then the answer."""


class Answering(Protocol):
    """What is used of an assistant."""

    @property
    def figures(self) -> Ledger:
        """Every figure."""

    def ask(self, question: str) -> Answer:
        """Answer a standalone question."""

    def retrieve(self, question: str, top_k: int | None = None) -> list[Hit]:
        """Rank passages, best first."""

    def chat(self, history: Sequence[str] = ()) -> Conversation:
        """Begin a conversation, or go on with one."""


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
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class _ChatEngine(BaseChatEngine):
    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant
        self._chat: Conversation = assistant.chat()

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a message; a given ``chat_history`` replaces the conversation held."""
        answer = self._conversation(chat_history).ask(message)
        return AgentChatResponse(answer.text, source_nodes=_cited_nodes(answer), metadata=answer.to_json())

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """Answer a message; each sentence is checked before it is given, so without a model all comes in one piece."""
        nodes: list[NodeWithScore] = []
        response = StreamingAgentChatResponse(source_nodes=nodes, is_writing_to_memory=False)
        response.chat_stream = _pieces(self._conversation(chat_history).stream(message), response)
        return response

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a message."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """Answer a message while the answer is written."""
        response = await asyncio.to_thread(self.stream_chat, message, chat_history)
        response.achat_stream = _from_thread(response.chat_stream or iter(()))
        return response

    def _conversation(self, chat_history: list[ChatMessage] | None) -> Conversation:
        if chat_history is not None:
            asked = [earlier.content for earlier in chat_history if earlier.role == MessageRole.USER]
            self._chat = self._assistant.chat([question for question in asked if question])
        return self._chat

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


def _pieces(told: Iterator[str | Answer], response: StreamingAgentChatResponse) -> Generator[ChatResponse, None, None]:
    """Pass checked sentences on, then the answer where it is another; note its text and proof in the response."""
    shown = ""
    for piece in told:
        delta = piece
        if isinstance(piece, Answer):
            response.response = piece.text
            response.source_nodes[:] = _cited_nodes(piece)
            delta = "" if piece.text == shown else f"\n{piece.text}" if shown else piece.text
        shown += str(delta)
        yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=shown), delta=str(delta))


async def _from_thread(pieces: Iterator[ChatResponse]) -> AsyncGenerator[ChatResponse, None]:
    """Take the pieces on another thread, so that the event loop goes on meanwhile."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


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
