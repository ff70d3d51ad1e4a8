"""The words of ASGI, and answers that need no framework."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# The kind of a problem, in the words of OpenAI's API, whose form of errors all of ours have.
KINDS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
REQUEST_IS_WRONG, SERVER_IS_WRONG = "invalid_request_error", "server_error"


def header(scope: Scope, name: str) -> str:
    """Return the value of a request's header, "" where it has none."""
    wanted = name.encode("ascii")
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), "")


def cookie(scope: Scope, name: str) -> str:
    """Return the value of a request's cookie, "" where it has none."""
    try:
        found = SimpleCookie(header(scope, "cookie")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def problem_record(status: int, message: str, *, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    """Return the record of what is wrong with a request."""
    kind = KINDS.get(status) or (SERVER_IS_WRONG if status >= 500 else REQUEST_IS_WRONG)
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


async def refuse(
    send: Send, status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> None:
    """Answer a request with what is wrong with it."""
    body = json.dumps(problem_record(status, message, code=code)).encode("ascii")
    told = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    await send({"type": "http.response.start", "status": status, "headers": raw_headers(told.items())})
    await send({"type": "http.response.body", "body": body})


def raw_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI sends them."""
    return [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers]
