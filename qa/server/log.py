"""Logs as JSON, one record a line, each with the id of the request that it is about."""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import TextIO

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
FIT = re.compile(r"[A-Za-z0-9._-]{1,64}")  # of an id that a caller brings along: it goes into logs and headers
REQUESTS = logging.getLogger("dateline.requests")


def begin_request(brought: str) -> str:
    """Note the id of the request that is being served, the caller's own where it is fit, and return it."""
    identity = brought if FIT.fullmatch(brought) else uuid.uuid4().hex
    REQUEST_ID.set(identity)
    return identity


class JsonFormatter(logging.Formatter):
    """Writes a record on one line; what was passed as `extra={"fields": {...}}` are members of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON, in ASCII: nothing in it moves a terminal's cursor."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identity := REQUEST_ID.get():
            told["request_id"] = identity
        told.update(getattr(record, "fields", {}))
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


def log_to(stream: TextIO | None = None, *, level: str = "warning") -> None:
    """Send all logs of this process to a stream (default: standard error) from a level on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in ("httpx", "httpcore", "mcp", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
