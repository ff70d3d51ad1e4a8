"""Every request has an id, is counted, and is written to the log; what goes wrong in it is told to nobody else."""

from __future__ import annotations

import logging
from time import perf_counter

from qa.server.asgi import Application, Message, Receive, Scope, Send, header, refuse
from qa.server.log import REQUESTS, begin_request
from qa.server.metrics import Metrics

# Paths by themselves would be counted without bound: anyone can make them up.
ROUTES = ("/api/v1", "/v1", "/mcp", "/gradio_api", "/login", "/logout", "/healthz", "/readyz", "/metrics", "/api")
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})
OUR_MISTAKE = "Something went wrong inside Dateline, and its log says what."

log = logging.getLogger(__name__)


class Observed:
    """ASGI application around another: ids, counts and logs its requests, and answers where it breaks down."""

    def __init__(self, application: Application, metrics: Metrics) -> None:
        self._application = application
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        begun_s, seen = perf_counter(), _Seen(begin_request(header(scope, "x-request-id")), send)
        try:
            await self._application(scope, receive, seen.send)
        except Exception:
            log.exception("a request could not be served")
            if not seen.status:
                await refuse(seen.send, 500, OUR_MISTAKE, code="internal_error", headers={"connection": "close"})
            elif not seen.complete:
                raise  # the answer has begun: only breaking it off can tell
        finally:
            self._tell(scope, seen.status, perf_counter() - begun_s)

    def _tell(self, scope: Scope, status: int, spent_s: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_s.labels(route).observe(spent_s)
        fields = {
            "method": scope["method"],
            "path": scope["path"][:200],  # without the query, which may hold somebody's question
            "status": status,
            "ms": round(spent_s * 1000, 1),
            "client": (scope.get("client") or ("",))[0],
            "user": scope.get("dateline.client", ""),
        }
        REQUESTS.info("request", extra={"fields": fields})


class _Seen:
    """Remembers how an answer began, and gives it the request's id."""

    def __init__(self, identity: str, send: Send) -> None:
        self.status = 0
        self.complete = False
        self._identity = identity
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), (b"x-request-id", self._identity.encode("ascii"))]
        elif message["type"] == "http.response.body":
            self.complete = not message.get("more_body", False)
        await self._send(message)


def _route(scope: Scope) -> str:
    route = getattr(scope.get("route"), "path_format", "")
    if route.startswith(("/api/v1", "/v1")):
        return str(route)
    return next((known for known in ROUTES if scope["path"].startswith(known)), "page")
