"""An OpenAI-compatible ``/v1/chat/completions`` beside the page, for programs that already speak that form.

The last user message is the question, the user messages before it are its history; what the assistant said is answered
anew, so a conversation cannot be forged. Citations come as ``annotations`` of the message, the whole answer as
``yinju``. Errors have OpenAI's form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from yinju.errors import YinjuError
from yinju.types import Answer, Citation

MODEL = "yinju"
MAX_BODY_BYTES = 1_000_000
MAX_MESSAGES = 200
MAX_WAITING = 64
"""So many questions wait their turn; further ones are refused at once."""
_PIECE = 16
"""Characters a streamed piece holds."""

Ask = Callable[[str, list[str]], Answer]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")
    type: str
    text: str = ""


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    role: str
    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")
    messages: list[_Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    model: str = MODEL
    stream: bool = False


def openai_routes(ask: Ask) -> list[Route]:
    """Return the routes ``/v1/chat/completions`` and ``/v1/models``.

    Args:
        ask: Answers a question with the questions before it, oldest first; may raise :class:`YinjuError`.
    """
    lane = CapacityLimiter(1)

    async def complete(request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BODY_BYTES:
            return _error(413, f"The request has {len(body)} bytes; at most {MAX_BODY_BYTES} are taken.")
        try:
            asked = _Completion.model_validate_json(body)
        except ValidationError as error:
            first = error.errors()[0]
            return _error(400, f"{'.'.join(map(str, first['loc']))}: {first['msg']}.")
        questions = [message.text for message in asked.messages if message.role == "user" and message.text.strip()]
        if not questions:
            return _error(400, "There is no user message with a question in it.")
        if lane.statistics().tasks_waiting >= MAX_WAITING:
            return _error(429, "Too many questions are waiting; ask again in a minute.")
        try:
            answer = await to_thread.run_sync(ask, questions[-1], questions[:-1], limiter=lane)
        except YinjuError as error:
            return _error(400, f"{error.message} {error.hint}")
        if asked.stream:
            return StreamingResponse(_events(answer), media_type="text/event-stream")
        return JSONResponse(_completion(answer))

    async def models(request: Request) -> Response:
        return JSONResponse(
            {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}
        )

    return [
        Route("/v1/chat/completions", complete, methods=["POST"]),
        Route("/v1/models", models, methods=["GET"]),
    ]


def _completion(answer: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": _annotations(answer)}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**_envelope(answer, "chat.completion"), "choices": [choice], "usage": _usage(), "yinju": answer.to_json()}


def _events(answer: Answer) -> Iterator[str]:
    """The answer in pieces, as server-sent events; the last piece carries the citations."""
    envelope = _envelope(answer, "chat.completion.chunk")
    deltas: list[Mapping[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": answer.text[at : at + _PIECE]} for at in range(0, len(answer.text), _PIECE)]
    deltas.append({"annotations": _annotations(answer)})
    for delta in deltas:
        yield _event({**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield _event({**envelope, "choices": [end], "yinju": answer.to_json()})
    yield "data: [DONE]\n\n"


def _event(value: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _envelope(answer: Answer, kind: str) -> dict[str, Any]:
    seed = f"{answer.standalone_question}\0{answer.text}"
    name = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return {"id": f"chatcmpl-{name}", "object": kind, "created": 0, "model": MODEL}


def _annotations(answer: Answer) -> list[dict[str, Any]]:
    """Citations in the form that OpenAI's clients read, with what proves them besides."""
    return [_annotation(citation, answer.text) for citation in answer.citations]


def _annotation(citation: Citation, text: str) -> dict[str, Any]:
    marker = f"[{citation.index}]"
    at = text.find(marker)
    span = (at, at + len(marker)) if at >= 0 else (0, len(text))
    return {
        "type": "url_citation",
        "url_citation": {
            "url": f"yinju:{citation.document}#{citation.span.start}-{citation.span.end}",
            "title": citation.document,
            "start_index": span[0],
            "end_index": span[1],
        },
        "quote": citation.quote,
        "document": citation.document,
        "start": citation.span.start,
        "end": citation.span.end,
    }


def _usage() -> dict[str, int]:
    """No model is paid by tokens here; clients want the field."""
    return {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def _error(status: int, message: str) -> Response:
    return JSONResponse(
        {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}},
        status_code=status,
    )
