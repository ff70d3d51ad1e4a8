"""What every HTTP answer carries, what is refused before anything looks at it, and how open pages are let go."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from qa.server.asgi import Application, Message, Receive, Scope, Send, header, raw_headers, refuse
from qa.server.metrics import Metrics
from qa.uploads import MOST_UPLOAD_BYTES

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
# What is not the chat runs no script and loads nothing but its own style.
PLAIN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PLAIN = ("/api", "/v1", "/mcp", "/login", "/logout", "/healthz", "/readyz", "/metrics")

HEADERS = raw_headers(
    (
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    )
)

# A question has at most ten thousand characters; a conversation's worth of them, escaped, stays far below this.
MOST_BYTES = 1_000_000
UPLOADS = "/api/v1/articles"
MOST_UPLOADED = MOST_UPLOAD_BYTES + 100_000  # the file, and the form around it
LONGEST_LENGTH = 12  # digits: what has more is too large without being reckoned
BODY_WITHIN_S = 30.0  # the largest upload needs 5 Mbit/s; who is slower than that holds a connection for nothing

# A page that is open holds this stream, which never ends by itself.
HEARTBEAT = "/gradio_api/heartbeat/"

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served: `status` is HTTP's."""

    status: int
    message: str
    code: str


class Guard:
    """ASGI application around another: shuts routes, refuses what no honest client sends, adds headers."""

    def __init__(
        self,
        application: Application,
        metrics: Metrics,
        *,
        hosts: frozenset[str] | None = None,
        body_within_s: float = BODY_WITHIN_S,
    ) -> None:
        """Serve `application`; `hosts` are the names it may be called by, None for any."""
        self._application = application
        self._metrics = metrics
        self._hosts = hosts
        self._body_within_s = body_within_s
        self._ending = asyncio.Event()

    def let_go(self) -> None:
        """End the streams that open pages hold, so that a server may stop without breaking them off."""
        self._ending.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._application(scope, receive, send)
        else:
            await self._serve(scope, receive, _with_headers(scope["path"], send))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := _refusal(scope, self._hosts):
            self._metrics.refused.labels(refusal.code).inc()
            await refuse(send, refusal.status, refusal.message, code=refusal.code, headers={"connection": "close"})
        elif scope["path"].startswith(HEARTBEAT):
            await self._application(scope, self._receive_until_ending(receive), send)
        else:
            timed = _InTime(receive, send, self._metrics, self._body_within_s)
            await self._application(scope, timed.receive, timed.send)

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


class _InTime:
    """A request whose body has to come in time, and the answer to it."""

    def __init__(self, receive: Receive, send: Send, metrics: Metrics, within_s: float) -> None:
        self._receive, self._send, self._metrics = receive, send, metrics
        self._due_s = monotonic() + within_s
        self._complete = self._begun = self._refused = False

    async def receive(self) -> Message:
        """Receive the next part of the body; answer a request whose body has stopped coming, and call it gone."""
        if self._complete:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._due_s - monotonic()))
        except asyncio.TimeoutError:
            self._complete = True
            await self._refuse()
            return {"type": "http.disconnect"}
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer, unless the request has been refused."""
        self._begun = True
        if not self._refused:
            await self._send(message)

    async def _refuse(self) -> None:
        self._metrics.refused.labels("slow_body").inc()
        if not self._begun:
            self._refused = True
            told = {"connection": "close"}
            await refuse(self._send, 408, "the body did not come in time", code="slow_body", headers=told)


def _refusal(scope: Scope, hosts: frozenset[str] | None) -> Refusal | None:
    if scope["path"].startswith(SHUT):
        return Refusal(404, "not found", "not_found")
    if hosts is not None and _host_name(header(scope, "host")) not in hosts:
        return Refusal(421, "this server goes by another name", "wrong_host")  # a page elsewhere has renamed itself us
    unsafe = scope["method"] in UNSAFE
    if unsafe and _from_another_site(scope):
        return Refusal(403, "this was sent by a page of another site", "cross_site")
    length = header(scope, "content-length")
    if header(scope, "transfer-encoding") or (scope["method"] in {"POST", "PUT", "PATCH"} and not length.isdecimal()):
        return Refusal(411, "a body needs a Content-Length", "length_required")
    most = MOST_UPLOADED if scope["path"].rstrip("/") == UPLOADS else MOST_BYTES
    if length and (len(length) > LONGEST_LENGTH or int(length) > most):
        return Refusal(413, f"the body is too large: send at most {most:,} bytes", "body_too_large")
    return None


def _from_another_site(scope: Scope) -> bool:
    """Whether a browser says that another site's page made it send this: no cookie of ours is to help that page."""
    if header(scope, "sec-fetch-site") in {"cross-site", "same-site"}:
        return True
    origin = header(scope, "origin")
    return bool(origin) and urlsplit(origin).netloc.lower() != header(scope, "host").lower()


def _host_name(host: str) -> str:
    """Return the host of a Host header without its port, in lower case."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _with_headers(path: str, send: Send) -> Send:
    """Return a `send` that adds the headers that every answer carries."""
    policy = PLAIN_POLICY if path.startswith(PLAIN) else POLICY
    added = [*HEADERS, (b"content-security-policy", policy.encode("ascii"))]

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *added]
        await send(message)

    return send_guarded
