"""What every HTTP answer carries, and which routes of the web framework stay shut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Routes of Gradio 6.31 that the page does not use: uploads, streams, proxying, traffic and run history.
SHUT = (
    "/gradio_api/upload",
    "/gradio_api/stream",
    "/gradio_api/proxy=",
    "/gradio_api/process_recording",
    "/gradio_api/runs",
    "/gradio_api/run-history",
    "/gradio_api/deep_link",
    "/gradio_api/vibe",
    "/monitoring",
)

# Gradio evaluates its templates, hence 'unsafe-eval', and writes its configuration in a script element of the page.
# No handler written as an attribute runs, and nothing is fetched from or sent to another host.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = (
    (b"content-security-policy", POLICY.encode("ascii")),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


# A question has at most ten thousand characters; a conversation's worth of them, escaped, stays far below this.
MOST_BYTES = 1_000_000

# A page that is open holds this stream, which never ends by itself.
HEARTBEAT = "/gradio_api/heartbeat/"


class Guard:
    """ASGI application around another: shuts routes, refuses large bodies, adds headers, can let open pages go."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._ending = asyncio.Event()

    def let_go(self) -> None:
        """End the streams that open pages hold, so that a server may stop without breaking them off."""
        self._ending.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif refusal := _refusal(scope):
            status, reason = refusal
            await send({"type": "http.response.start", "status": status, "headers": list(HEADERS)})
            await send({"type": "http.response.body", "body": reason})
        elif scope["path"].startswith(HEARTBEAT):
            await self._application(scope, self._receive_until_ending(receive), _with_headers(send))
        else:
            await self._application(scope, receive, _with_headers(send))

    def _receive_until_ending(self, receive: Receive) -> Receive:
        async def receive_or_end() -> Message:
            message, ending = asyncio.ensure_future(receive()), asyncio.ensure_future(self._ending.wait())
            try:
                await asyncio.wait((message, ending), return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                ending.cancel()

        return receive_or_end


def _refusal(scope: Scope) -> tuple[int, bytes] | None:
    if scope["path"].startswith(SHUT):
        return 404, b"not found"
    length = dict(scope["headers"]).get(b"content-length", b"")
    if scope["method"] in {"POST", "PUT", "PATCH"} and not length.isdigit():
        return 411, b"a body needs a Content-Length"
    if length.isdigit() and int(length) > MOST_BYTES:
        return 413, b"the body is too large"
    return None


def _with_headers(send: Send) -> Send:
    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return send_guarded
