"""Plain HTTP for the tests of the server: what is sent is exactly what a test says."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def record(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.text)

    @property
    def problem(self) -> str:
        """What is said to be wrong."""
        return str(self.record["error"]["message"])


def call(
    address: str,
    path: str,
    sent: object = None,
    *,
    method: str = "",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return what is at a path of a server, having sent JSON or bytes there where some are given."""
    told = dict(headers or {})
    if sent is not None:
        body = json.dumps(sent).encode()
        told.setdefault("content-type", "application/json")
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request(method or ("GET" if body is None else "POST"), path, body=body, headers=told)
        response = connection.getresponse()
        text = response.read().decode()
        return Response(response.status, text, {name.lower(): value for name, value in response.getheaders()})
    finally:
        connection.close()


def form(name: str, content: bytes) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a form that uploads a file."""
    head = f'--line\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--line--\r\n"
    return body, {"content-type": "multipart/form-data; boundary=line"}
