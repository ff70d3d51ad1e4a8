"""Who a request is from: a signed-in user, the holder of an API key, or a browser that is known by a cookie."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic

from qa.errors import AccessError
from qa.memory.types import browser_owner, user_owner
from qa.server.access import Access
from qa.server.asgi import Application, Message, Receive, Scope, Send, cookie, header, raw_headers, refuse
from qa.server.limits import RateLimit
from qa.server.metrics import Metrics

OWNER_HEADER = "x-dateline-owner"  # set here alone: what a caller sends under this name is dropped
SESSION, BROWSER = "dateline_session", "dateline_browser"
SESSION_S = 7 * 24 * 3600
BROWSER_S = 400 * 24 * 3600  # the longest that browsers keep a cookie
MOST_SESSIONS = 10_000
OPEN = ("/login", "/healthz", "/readyz")
# What makes the models work; everything else is quickly done.
ASKING = ("/api/v1/ask", "/api/v1/search", "/api/v1/articles", "/v1/chat/completions", "/mcp", "/gradio_api/queue/join")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request is from: `client` for limits and logs, `owner` for what is remembered, "" for nothing."""

    client: str
    owner: str
    new_browser_key: str = ""


class Sessions:
    """Who is signed in, by the token in their cookie. A restart signs everybody out."""

    def __init__(self, *, clock_s: Callable[[], float] = monotonic) -> None:
        self._clock_s = clock_s
        self._users: dict[str, tuple[str, float]] = {}
        self._lock = Lock()

    def begin(self, user: str) -> str:
        """Sign a user in and return the token, of 256 random bits."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._users[_digest(token)] = user, self._clock_s() + SESSION_S
            while len(self._users) > MOST_SESSIONS:
                del self._users[next(iter(self._users))]
        return token

    def user(self, token: str) -> str | None:
        """Return who is signed in by a token, or None."""
        name, until_s = self._users.get(_digest(token), ("", 0.0))
        return name if name and self._clock_s() < until_s else None

    def end(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._users.pop(_digest(token), None)


class Identified:
    """ASGI application around another: lets in who may come and tells it who they are; who asks too much waits."""

    def __init__(
        self, application: Application, access: Access, sessions: Sessions, rate: RateLimit, metrics: Metrics
    ) -> None:
        self._application = application
        self._access = access
        self._sessions = sessions
        self._rate = rate
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        try:
            visitor = self._visitor(scope)
        except AccessError as problem:
            await refuse(send, 503, str(problem), code="access_unreadable")
            return
        if visitor is None and not scope["path"].startswith(OPEN):
            await self._turn_away(scope, send)
        elif visitor is not None and (wait_s := self._too_soon(scope, visitor)):
            self._metrics.refused.labels("rate_limit").inc()
            again = str(int(wait_s) + 1)
            await refuse(
                send,
                429,
                f"too many questions from here: ask again in {again} s",
                code="rate_limit_exceeded",
                headers={"retry-after": again},
            )
        else:
            await self._application(_told(scope, visitor), receive, _remembering(scope, send, visitor))

    def _visitor(self, scope: Scope) -> Visitor | None:
        """Return who a request is from, None for nobody who may come. Raises AccessError."""
        address = str((scope.get("client") or ("",))[0])
        if not self._access.required:
            key = cookie(scope, BROWSER)
            fresh = "" if len(key) == KEY_LENGTH else secrets.token_urlsafe(KEY_BYTES)
            return Visitor(address, browser_owner(fresh or key), fresh)
        scheme, _, key = header(scope, "authorization").partition(" ")
        if scheme.lower() == "bearer":
            holder = self._access.holder_of(key.strip())
            return Visitor(f"key:{holder}", f"key:{holder}") if holder else None
        user = self._sessions.user(cookie(scope, SESSION))
        if user is None or user not in self._access.entries().users:
            return None
        return Visitor(user_owner(user), user_owner(user))

    def _too_soon(self, scope: Scope, visitor: Visitor) -> float:
        asking = scope["method"] == "POST" and scope["path"].startswith(ASKING)
        return self._rate.wait_s(visitor.client) if asking else 0.0

    async def _turn_away(self, scope: Scope, send: Send) -> None:
        self._metrics.refused.labels("unauthorized").inc()
        if scope["method"] == "GET" and "text/html" in header(scope, "accept"):
            await send({"type": "http.response.start", "status": 303, "headers": raw_headers([("location", "/login")])})
            await send({"type": "http.response.body", "body": b""})
        else:
            told = "sign in at /login, or send an API key as Authorization: Bearer KEY"
            await refuse(send, 401, told, code="invalid_api_key", headers={"www-authenticate": "Bearer"})


KEY_BYTES = 32
KEY_LENGTH = len(secrets.token_urlsafe(KEY_BYTES))


def _told(scope: Scope, visitor: Visitor | None) -> Scope:
    """Return the request with who it is from, where the page and the log find it."""
    name = OWNER_HEADER.encode("ascii")
    kept = [(key, value) for key, value in scope["headers"] if key != name]
    if visitor is not None:
        scope["dateline.client"] = visitor.client
        kept.append((name, visitor.owner.encode("ascii")))
    scope["headers"] = kept
    return scope


def _remembering(scope: Scope, send: Send, visitor: Visitor | None) -> Send:
    """Return a `send` that gives a browser which is new here the key to what it will have remembered."""
    if visitor is None or not visitor.new_browser_key or scope["path"] != "/":
        return send
    given = set_cookie(scope, BROWSER, visitor.new_browser_key, BROWSER_S)

    async def send_with_key(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *raw_headers([("set-cookie", given)])]
        await send(message)

    return send_with_key


def set_cookie(scope: Scope, name: str, value: str, age_s: int) -> str:
    """Return the header that sets a cookie which no script reads and no other site's page sends along."""
    secure = "; Secure" if scope["scheme"] == "https" else ""
    return f"{name}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}"


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
