"""A real HTTP server that speaks the OpenAI protocol and says what a test tells it to, well or badly formed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    """One request: noted, then answered by the script whose turn it is (the last one again and again)."""

    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.requests.append({"path": self.path, "headers": dict(self.headers), "body": body})
            script = self.server.scripts[min(len(self.server.requests), len(self.server.scripts)) - 1]
        try:
            script(self, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def begin(self, content_type: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send(self, text: str) -> None:
        piece = text.encode()
        self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.flush()

    def event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
        self.send(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n")

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def hang_up(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


class ScriptedServer(ThreadingHTTPServer):
    """The server; ``requests`` holds what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock, self.stopped = threading.Lock(), threading.Event()
        self.scripts: list[Script] = []
        self.requests: list[dict[str, Any]] = []

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def play(self, *scripts: Script | str) -> None:
        """Answer the next requests by these, a text standing for saying it."""
        self.scripts = [says(script) if isinstance(script, str) else script for script in scripts]
        self.requests = []


@contextmanager
def serving() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


# ── what it may say ─────────────────────────────────────────────────────────────────────────


def says(*chunks: str, finish: str | None = "stop") -> Script:
    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        handler.event({"role": "assistant", "content": ""})
        for chunk in chunks:
            handler.event({"content": chunk})
        if finish:
            handler.event({}, finish)
            handler.send("data: [DONE]\n\n")
        handler.end()

    return script


def calls(*tools: tuple[str, str]) -> Script:
    """Call tools by name, with arguments as JSON text, which is split over chunks."""

    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        for index, (name, arguments) in enumerate(tools):
            call = {"index": index, "id": f"call_{index}", "type": "function"}
            handler.event({"tool_calls": [{**call, "function": {"name": name, "arguments": ""}}]})
            for piece in (arguments[:5], arguments[5:]):
                handler.event({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        handler.event({}, "tool_calls")
        handler.send("data: [DONE]\n\n")
        handler.end()

    return script


def status(code: int, body: str = '{"error": {"message": "no"}}', **headers: str) -> Script:
    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return script


def breaks_off(*chunks: str) -> Script:
    """Say something, then hang up in the middle of the stream."""

    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        for chunk in chunks:
            handler.event({"content": chunk})
        handler.hang_up()

    return script


def sends(*texts: str, content_type: str = "text/event-stream") -> Script:
    """Send anything as the body."""

    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin(content_type)
        for text in texts:
            handler.send(text)
        handler.end()

    return script


def hangs(*chunks: str) -> Script:
    """Say something, then nothing more, the line held open."""

    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        for chunk in chunks:
            handler.event({"content": chunk})
        handler.server.stopped.wait(20)

    return script


def drips(text: str, pause: float) -> Script:
    """Send the same piece again and again, for ever."""

    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        while not handler.server.stopped.wait(pause):
            handler.send(text)

    return script


def repeats(chunk: str, pause: float = 0.0) -> Script:
    """Say the same for ever."""

    def script(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        while not handler.server.stopped.wait(pause) if pause else not handler.server.stopped.is_set():
            handler.event({"content": chunk})

    return script


def drops(handler: Handler, _: dict[str, Any]) -> None:
    """Hang up without a word."""
    handler.hang_up()
