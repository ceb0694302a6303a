"""What every request passes first: the password where one is set, and a name for each visitor.

Plain ASGI around the whole server, so that the page, the endpoints, the uploads, MCP and ``/v1`` are behind one door.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Any

from yinju.errors import SettingsError

SESSION_COOKIE = "yinju_session"
_SESSION = re.compile(r"[0-9a-f]{32}")
# Gradio asks itself for this path while it starts; nothing of anyone is in the answer.
_OPEN_PATHS = ("/gradio_api/startup-events",)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Gate:
    """ASGI middleware: refuses requests without the password, and gives each browser a cookie nobody can guess.

    Attributes:
        password: What is asked for, as HTTP Basic (any user name) or as a bearer token; empty asks for nothing.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], password: str = "") -> None:
        self.app, self.password = app, password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if self.password and scope["path"] not in _OPEN_PATHS and not self._knows(headers.get("authorization", "")):
            return await _refuse(send)
        added = list(_HEADERS)
        if scope["type"] == "http" and session_in(headers.get("cookie", "")) is None:
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            cookie = f"{SESSION_COOKIE}={secrets.token_hex(16)}; Path=/; HttpOnly; SameSite=Lax{secure}"
            # Only the page itself hands one out: a program that keeps no cookies is told apart by Gradio's session.
            added += [(b"set-cookie", cookie.encode())] if scope["path"] == "/" else []

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        return await self.app(scope, receive, send_with_headers)

    def _knows(self, authorization: str) -> bool:
        kind, _, value = authorization.partition(" ")
        if kind.lower() == "basic":
            try:
                value = b64decode(value).decode("utf-8").partition(":")[2]
            except ValueError:
                return False
        elif kind.lower() == "bearer":
            value = value.encode("latin-1", "replace").decode("utf-8", "replace")
        else:
            return False
        return secrets.compare_digest(value.encode(), self.password.encode())


async def _refuse(send: Send) -> None:
    headers = [
        (b"www-authenticate", b'Basic realm="yinju", charset="UTF-8"'),
        (b"content-type", b"text/plain; charset=utf-8"),
    ]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": b"This page asks for a password.\n"})


def session_in(cookie: str) -> str | None:
    """Return the visitor's session from a ``Cookie`` header; ``None`` where there is none of our making."""
    try:
        found = SimpleCookie(cookie).get(SESSION_COOKIE)
    except CookieError:
        return None
    return found.value if found is not None and _SESSION.fullmatch(found.value) else None


def visitor(cookies: Mapping[str, str], session_hash: str | None) -> str:
    """Name the visitor: a browser by its cookie, a program by Gradio's session; empty for one with neither."""
    cookie = cookies.get(SESSION_COOKIE, "")
    return cookie if _SESSION.fullmatch(cookie) else (session_hash or "")


def check_address(host: str, password: str, public: bool) -> None:
    """Refuse to serve strangers without a password.

    Raises:
        SettingsError: The address can be reached from other machines, there is no password and ``public`` is not set.
    """
    if password or public or _is_loopback(host):
        return
    raise SettingsError(
        f"{host} can be reached from other machines and no password is set.",
        "Set YINJU_PASSWORD, or YINJU_PUBLIC=1 if everyone may use the page, or serve on 127.0.0.1.",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
