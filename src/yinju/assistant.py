"""The loaded whole: what :func:`yinju.open` returns.

An :class:`Assistant` holds resources (index, model) and no conversation; a :class:`Chat` holds one user's
conversation. Both give the same :class:`~yinju.types.Answer`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from yinju.answer import Answerer
from yinju.config import Settings
from yinju.conversation import ask_back, understand
from yinju.embed import Embedder, load_embedder
from yinju.figures.ledger import Ledger
from yinju.generate.write import Writer
from yinju.index import BuildReport, Index, build_index, load_index
from yinju.retrieve import Retriever
from yinju.types import Answer, Hit, Turn

if TYPE_CHECKING:
    from collections.abc import Callable


def build(paths: Sequence[str | os.PathLike[str]] = ("seeds",), index: str | os.PathLike[str] = "index",
          progress: Callable[..., None] | None = None) -> BuildReport:  # fmt: skip
    """Index files and folders; unchanged files are not done again, and files that are gone are dropped.

    Raises:
        NothingToIndexError: No file could be indexed; the old index is untouched.
    """
    settings = Settings.load(index=Path(index))
    return build_index([Path(path) for path in paths], settings, progress=progress)


def open_assistant(index: str | os.PathLike[str] | None = None, settings: Settings | None = None) -> Assistant:
    """Open an index for questions.

    Args:
        index: Its folder; default is the setting ``index``.
        settings: Default is what the environment and ``yinju.toml`` say.

    Raises:
        IndexMissingError: There is no index there.
        IndexCorruptError: It is damaged, or made with other settings or versions.
    """
    chosen = settings or Settings.load(index=None if index is None else Path(index))
    if settings is not None and index is not None:
        chosen = settings.model_copy(update={"index": Path(index)})
    return Assistant(load_index(chosen))


MAX_HISTORY = 12
"""Earlier questions that are looked at, the latest ones; each is answered again, so a cap keeps a question quick."""


class Assistant:
    """Answers questions over one index. Safe to share between threads that only ask.

    Where the settings name a language model, it words the answers; its words are checked sentence by sentence.
    """

    def __init__(self, index: Index, embedder: Embedder | None = None) -> None:
        """Load what answers need; ``embedder`` is the model already loaded, where several indexes share it."""
        self.index = index
        self.embedder = embedder or load_embedder(index.settings)
        self.retriever = Retriever(index, self.embedder)
        self._answerer = Answerer(index, self.retriever)
        asks_model = bool(index.settings.llm_base_url)
        self._writer = Writer(index.settings, index.documents, index.ledger) if asks_model else None

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.index.settings

    @property
    def figures(self) -> Ledger:
        """The ledger of every figure: iterate it, search it, ``to_frame()`` it."""
        return self.index.ledger

    def retrieve(self, question: str, top_k: int | None = None) -> list[Hit]:
        """Return the passages nearest to a standalone question, best first."""
        return self.retriever.retrieve(question, top_k or self.settings.top_k)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question; ``history`` holds the earlier questions of the conversation, oldest first.

        Raises:
            UsageError: The question is empty or too long.
        """
        return self.answer(question, self._earlier(history))

    def answer(self, question: str, turns: Sequence[Turn]) -> Answer:
        """Answer a question that follows ``turns``."""
        *_, answer = self.stream(question, turns)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str, turns: Sequence[Turn] = ()) -> Iterator[str | Answer]:
        """Answer a question that follows ``turns`` while a language model writes.

        Yields:
            Checked sentences as they come, none without a language model; then the answer, which holds them all, or
            takes their place where they were not enough.
        """
        start = perf_counter()
        for piece in self._told(question, turns):
            if isinstance(piece, Answer):
                piece = replace(piece, timings_ms={**piece.timings_ms, "total": 1000 * (perf_counter() - start)})
            yield piece

    def _told(self, question: str, turns: Sequence[Turn]) -> Iterator[str | Answer]:
        answer = self._extract(question, [_extractive(turn) for turn in turns])
        if self._writer is None or answer.choices:
            yield answer
        else:
            yield from self._writer.write(answer, self.retrieve(answer.standalone_question))

    def _extract(self, question: str, turns: Sequence[Turn]) -> Answer:
        start = perf_counter()
        understood = understand(question, turns, self.index)
        rewritten = perf_counter()
        if understood.choices:
            return replace(ask_back(question, understood.choices), timings_ms={"rewrite": 1000 * (rewritten - start)})
        answer = self._answerer.answer(question, understood.standalone)
        return replace(answer, timings_ms={"rewrite": 1000 * (rewritten - start), **answer.timings_ms})

    def _earlier(self, history: Sequence[str]) -> list[Turn]:
        """Answer the earlier questions of a conversation again, without a language model."""
        turns: list[Turn] = []
        for earlier in history[-MAX_HISTORY:]:
            turns.append(Turn(earlier, self._extract(earlier, turns)))
        return turns

    def chat(self, history: Sequence[str] = ()) -> Chat:
        """Begin a conversation, or go on with one whose earlier questions are ``history``, oldest first."""
        return Chat(self, self._earlier(history))

    def as_retriever(self, top_k: int | None = None) -> Any:
        """Return a LlamaIndex ``BaseRetriever``; nodes carry spans in their metadata."""
        return self._engines.retriever(self, top_k or self.settings.top_k)

    def as_query_engine(self) -> Any:
        """Return a LlamaIndex query engine; the answer's JSON is in the response's metadata."""
        return self._engines.query_engine(self)

    def as_chat_engine(self) -> Any:
        """Return a LlamaIndex chat engine with a conversation of its own."""
        return self._engines.chat_engine(self)

    def as_tools(self) -> list[Any]:
        """Return LlamaIndex ``FunctionTool``s: ask, look up figures."""
        tools: list[Any] = self._engines.tools(self)
        return tools

    @cached_property
    def _engines(self) -> Any:
        # LlamaIndex takes seconds to import and plain questions do not need it.
        import yinju.engines

        return yinju.engines


class Chat:
    """One conversation."""

    def __init__(self, assistant: Assistant, turns: Sequence[Turn] = ()) -> None:
        self._assistant = assistant
        self._turns = list(turns)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far."""
        return tuple(self._turns)

    def ask(self, question: str) -> Answer:
        """Answer a question in the light of the conversation, and remember both."""
        *_, answer = self.stream(question)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str) -> Iterator[str | Answer]:
        """Answer like :meth:`ask`; yields checked sentences as they come, then the answer."""
        for piece in self._assistant.stream(question, self._turns):
            if isinstance(piece, Answer):
                self._turns.append(Turn(question, piece))
            yield piece


def _extractive(turn: Turn) -> Turn:
    """Return a turn as it was before a language model worded it: what follows is understood from that."""
    generated = turn.answer.generated
    return turn if generated is None else Turn(turn.question, replace(turn.answer, text=generated.extractive))
