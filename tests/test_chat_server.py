"""The chat over HTTP: what programs may call, what stays shut, and how the server stops."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from chat_fakes import ARTICLES, FakePipeline, served

from app import read_arguments
from qa.errors import SettingsError
from qa.server.access import Access
from qa.server.guard import MOST_BYTES, SHUT
from qa.server.listener import check_reach, greeting, host_names, open_listener

TODAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a chat over the articles of the fakes."""
    with served(FakePipeline(ARTICLES)) as url:
        yield url


def fetch(url: str, sent: object = None) -> tuple[int, str, dict[str, str]]:
    """Return status, text and headers of what is at an address, having sent JSON there where some is given."""
    body = None if sent is None else json.dumps(sent).encode()
    request = Request(url, data=body, headers={"content-type": "application/json"})
    try:
        with urlopen(request, timeout=10) as response:
            return (
                response.status,
                response.read().decode(),
                {name.lower(): value for name, value in response.headers.items()},
            )
    except HTTPError as refusal:
        return refusal.code, refusal.read().decode(), {}


def test_the_page_publishes_nothing_of_gradios(address: str) -> None:
    described = json.loads(fetch(f"{address}gradio_api/info")[1])
    assert (described["named_endpoints"], described["unnamed_endpoints"]) == ({}, {})


@pytest.mark.parametrize("path", [path.lstrip("/") for path in SHUT] + ["monitoring/summary", "docs", "openapi.json"])
def test_routes_that_the_page_does_not_need_are_shut(address: str, path: str) -> None:
    assert fetch(address + path)[0] == 404
    assert fetch(address + path, {})[0] in {404, 405}


def test_large_bodies_and_bodies_of_unknown_length_are_refused(address: str) -> None:
    for header, status in (({"Content-Length": str(MOST_BYTES + 1)}, 413), ({"Transfer-Encoding": "chunked"}, 411)):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("POST", "/api/v1/ask", headers=header)  # the body need not even be sent
        assert connection.getresponse().status == status
        connection.close()


def test_the_page_names_no_other_host_to_fetch_from(address: str) -> None:
    status, page, headers = fetch(address)
    assert status == 200
    fetched = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert {urlsplit(link).hostname for link in fetched} <= {None}
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "script-src-attr 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_an_open_page_does_not_keep_the_server_from_stopping() -> None:
    with served(FakePipeline(ARTICLES)) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", "/gradio_api/heartbeat/abc")
        heartbeat = connection.getresponse()
        assert heartbeat.status == 200
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 3
    connection.close()


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen at 127.0.0.1, port {port}: .* choose others"):
            open_listener("127.0.0.1", port)
    with pytest.raises(SettingsError, match=r"cannot listen at 203\.0\.113\.1"):
        open_listener("203.0.113.1", 0)  # of a block kept for documentation: no machine has it


@pytest.fixture
def access(tmp_path: Path) -> Access:
    """Return a file of users and keys that is not there yet."""
    return Access(tmp_path / "access.json")


def test_the_greeting_gives_the_address_and_who_may_come(access: Access) -> None:
    where = "Dateline is at http://127.0.0.1:7860, its API at http://127.0.0.1:7860/api (stop it with Ctrl+C)"
    assert list(greeting("127.0.0.1", 7860, access)) == [where]
    assert next(greeting("::1", 7860, access)).startswith("Dateline is at http://[::1]:7860,")
    access.add_key("ci")
    assert "has to sign in" in list(greeting("127.0.0.1", 7860, access))[1]
    assert "in the clear" in list(greeting("0.0.0.0", 7860, access))[2]


def test_others_can_come_only_where_they_have_to_sign_in(access: Access) -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        check_reach(host, access)
        assert "localhost" in host_names(host, access)
    for host in ("0.0.0.0", "::", "203.0.113.1"):
        with pytest.raises(SettingsError, match="nobody would have to sign in: first add a user"):
            check_reach(host, access)
    access.add_key("ci")
    check_reach("0.0.0.0", access)
    assert host_names("0.0.0.0", access) is None


def test_flags_that_are_not_given_leave_the_settings_alone() -> None:
    assert vars(read_arguments([])) == dict.fromkeys(("host", "port", "index", "memory", "access"))
    told = vars(read_arguments(["--host", "127.0.0.2", "--port", "1234", "--index", "folder"]))
    assert told == {"host": "127.0.0.2", "port": 1234, "index": "folder", "memory": None, "access": None}
