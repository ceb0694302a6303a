"""The line to an OpenAI-compatible server: bounded time and size, retries with back-off, and silence about keys.

The only place that knows LlamaIndex's ``OpenAILike``. Whatever a server does, one of three things comes out: text,
calls of tools, or a :class:`ReplyError`.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any

from yinju.config import Settings
from yinju.errors import SettingsError

if TYPE_CHECKING:
    import httpx
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.llms.openai_like import OpenAILike

MAX_REPLY_BYTES = 4 * 2**20
"""A reply longer than this on the wire is endless."""
MAX_REPLY_CHARS = 20_000
"""The same for its text."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
"""Seconds before the first repetition, doubled for each further one."""
_PASSING = frozenset({408, 409, 425, 429})
"""HTTP codes after which the same request may succeed; so may it after 5xx (RFC 9110, RFC 6585)."""


class Trouble(StrEnum):
    """What went wrong with a server."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    BUSY = "busy"
    REFUSED = "refused"
    FAILED = "failed"
    BROKEN = "broken"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    ENDLESS = "endless"


class ReplyError(Exception):
    """A reply that did not come; never shows what the server said, which could hold a key.

    Attributes:
        trouble: What went wrong.
        passing: Whether it may go right the next time.
        status: The HTTP code, 0 without one.
        pause: Seconds that the server asks to wait, 0 without such.
    """

    def __init__(self, trouble: Trouble, passing: bool = False, status: int = 0, pause: float = 0.0) -> None:
        super().__init__(trouble.value + (f" ({status})" if status else ""))
        self.trouble, self.passing, self.status, self.pause = trouble, passing, status, pause


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool: ``arguments`` is the JSON object that the model wrote, empty where it is none."""

    id: str
    name: str
    arguments: dict[str, Any]


class Client:
    """One model on one server."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            SettingsError: A server is named, but no model.
        """
        if not settings.llm_model:
            raise SettingsError("YINJU_LLM_BASE_URL names a server, but no model is set.", "Set YINJU_LLM_MODEL too.")
        self._settings = settings

    @property
    def model(self) -> str:
        """Name of the model."""
        return self._settings.llm_model

    def scrub(self, text: str) -> str:
        """Return text with the key blacked out."""
        key = self._settings.llm_api_key.get_secret_value()
        return text.replace(key, "•••") if key else text

    def prepare(self) -> None:
        """Load the libraries, which takes seconds the first time; nothing is sent yet."""
        import_module("openai.resources.chat")  # else the first request would
        _ = self._model

    def stream(
        self,
        messages: Sequence[ChatMessage],
        deadline: float,
        tools: Sequence[dict[str, Any]] = (),
        may_restart: Callable[[], bool] = lambda: True,
    ) -> Iterator[str | Call | None]:
        """Send one request and yield the text of the reply as it comes, then the tools it calls.

        Args:
            messages: The conversation.
            deadline: When all has to be over, on the clock of ``time.monotonic``.
            tools: Tools in OpenAI's form.
            may_restart: Whether a reply that broke off may be asked for again; then ``None`` is yielded, and what
                came before it is void.

        Raises:
            ReplyError: No reply, or only the beginning of one.
        """
        pause = FIRST_PAUSE
        for attempt in range(self._settings.llm_retries + 1):
            begun = False
            try:
                for piece in self._attempt(messages, deadline, tools):
                    begun = True
                    yield piece
                return
            except ReplyError as failure:
                wait = max(pause, failure.pause)
                last = attempt == self._settings.llm_retries
                if last or not failure.passing or monotonic() + wait >= deadline or (begun and not may_restart()):
                    raise
                threading.Event().wait(wait)
                if begun:
                    yield None
            pause = min(2 * pause, LONGEST_PAUSE)

    def _attempt(
        self, messages: Sequence[ChatMessage], deadline: float, tools: Sequence[dict[str, Any]]
    ) -> Iterator[str | Call]:
        """Read one reply on a thread of its own: a server may keep a read waiting beyond any deadline."""
        pieces: queue.Queue[str | Call | ReplyError | None] = queue.Queue(maxsize=256)
        given_up = threading.Event()

        def put(piece: str | Call | ReplyError | None) -> None:
            while not given_up.is_set():
                try:
                    return pieces.put(piece, timeout=0.2)
                except queue.Full:
                    continue

        def work() -> None:
            try:
                for piece in self._reply(messages, deadline, tools):
                    if given_up.is_set():
                        return
                    put(piece)
                put(None)
            except Exception as error:  # the edge: a foreign server can provoke anything
                put(_failure(error))

        threading.Thread(target=work, name="yinju-llm", daemon=True).start()
        try:
            while (piece := _next(pieces, deadline)) is not None:
                yield piece
        finally:
            given_up.set()

    def _reply(
        self, messages: Sequence[ChatMessage], deadline: float, tools: Sequence[dict[str, Any]]
    ) -> Iterator[str | Call]:
        offered: dict[str, Any] = {"tools": list(tools)} if tools else {}
        n_chars, finished, calls = 0, False, False
        response: ChatResponse | None = None
        for response in self._model.stream_chat(list(messages), timeout=max(0.1, deadline - monotonic()), **offered):
            finished = finished or _finish_reason(response) is not None
            if delta := response.delta:
                n_chars += len(delta)
                yield delta
            if n_chars > MAX_REPLY_CHARS:
                raise ReplyError(Trouble.ENDLESS)
        if response is not None:
            for call in _calls(self._model, response):
                calls = True
                yield call
        if not finished:
            raise ReplyError(Trouble.BROKEN if n_chars or calls else Trouble.EMPTY, passing=True)
        if not n_chars and not calls:
            raise ReplyError(Trouble.EMPTY, passing=True)

    @cached_property
    def _model(self) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        # These log addresses, and headers when debugging.
        for name in ("openai", "httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        settings = self._settings
        # Not all of these are fields of the model, so they go in by name.
        more: dict[str, Any] = {"http_client": _http_client()}
        return OpenAILike(
            model=settings.llm_model,
            api_base=settings.llm_base_url,
            api_key=settings.llm_api_key.get_secret_value() or "none",
            is_chat_model=True,
            is_function_calling_model=True,
            temperature=0.0,
            max_tokens=settings.llm_max_tokens,
            max_retries=0,
            timeout=settings.llm_timeout,
            **more,
        )


def _next(pieces: queue.Queue[str | Call | ReplyError | None], deadline: float) -> str | Call | None:
    left = deadline - monotonic()
    try:
        if left <= 0.0:
            raise queue.Empty
        piece = pieces.get(timeout=left)
    except queue.Empty:
        raise ReplyError(Trouble.SLOW) from None
    if isinstance(piece, ReplyError):
        raise piece
    return piece


def _http_client() -> httpx.Client:
    """Return a client that stops reading a reply of more than :data:`MAX_REPLY_BYTES`.

    Each request has a pool of connections of its own. A stream that broke off is closed whenever Python collects it,
    which may be while the same thread holds the lock of a pool: of a shared one, it would then wait for itself, and
    every later request for it.
    """
    import httpx

    trust = httpx.create_ssl_context()

    class Capped(httpx.SyncByteStream):
        def __init__(self, response: httpx.Response, pool: httpx.Client) -> None:
            self._response, self._pool = response, pool

        def __iter__(self) -> Iterator[bytes]:
            n_bytes = 0
            for chunk in self._response.iter_raw():
                n_bytes += len(chunk)
                if n_bytes > MAX_REPLY_BYTES:
                    raise ReplyError(Trouble.ENDLESS)
                yield chunk

        def close(self) -> None:
            self._response.close()
            self._pool.close()

    class Fresh(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            pool = httpx.Client(verify=trust)
            try:
                response = pool.send(request, stream=True)
            except BaseException:
                pool.close()
                raise
            return httpx.Response(
                response.status_code,
                headers=response.headers,
                stream=Capped(response, pool),
                extensions=response.extensions,
            )

    return httpx.Client(headers={"Accept-Encoding": "identity"}, transport=Fresh())


def _finish_reason(response: ChatResponse) -> str | None:
    choices = getattr(response.raw, "choices", None)
    return choices[0].finish_reason if choices else None


def _calls(model: OpenAILike, response: ChatResponse) -> Iterator[Call]:
    for chosen in model.get_tool_calls_from_response(response, error_on_no_tool_call=False):
        arguments = chosen.tool_kwargs if isinstance(chosen.tool_kwargs, dict) else {}
        yield Call(chosen.tool_id, chosen.tool_name, arguments)


def _failure(error: Exception) -> ReplyError:
    """Say what an exception means, without what the server said."""
    import httpx
    import openai

    if isinstance(error, ReplyError):
        return error
    if isinstance(error.__cause__, ReplyError):
        return error.__cause__
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return ReplyError(Trouble.SLOW, passing=True)
    if isinstance(error, openai.APIStatusError):
        return _refusal(error)
    if isinstance(error, openai.APIConnectionError | httpx.ConnectError):
        return ReplyError(Trouble.UNREACHABLE, passing=True)
    if isinstance(error, httpx.HTTPError):
        return ReplyError(Trouble.BROKEN, passing=True)
    if isinstance(error, json.JSONDecodeError | UnicodeError):
        return ReplyError(Trouble.UNREADABLE, passing=True)
    return ReplyError(Trouble.UNREADABLE, passing=isinstance(error, openai.APIError))


def _refusal(error: Any) -> ReplyError:
    status = int(error.status_code)
    passing = status in _PASSING or status >= 500
    try:
        pause = min(float(error.response.headers.get("retry-after", 0)), 3600.0)
    except ValueError:
        pause = 0.0
    trouble = Trouble.BUSY if status == 429 else Trouble.FAILED if status >= 500 else Trouble.REFUSED
    return ReplyError(trouble, passing, status, max(0.0, pause))
