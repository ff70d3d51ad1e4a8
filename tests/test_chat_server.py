"""The chat over HTTP: what programs may call, what stays shut, and how the server stops."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from chat_fakes import ARTICLES, FakePipeline, served

from app import greeting, open_listener, read_arguments
from qa.chat.guard import MOST_BYTES, SHUT
from qa.errors import SettingsError
from qa.records import answer_record

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


def call(address: str, name: str, *values: Any) -> Any:
    """Return what an endpoint gives for its parameters."""
    _, text, _ = fetch(f"{address}gradio_api/run/{name}", {"data": list(values)})
    return json.loads(text)["data"][0]


def test_only_ask_and_search_are_published(address: str) -> None:
    described = json.loads(fetch(f"{address}gradio_api/info")[1])
    assert sorted(described["named_endpoints"]) == ["/ask", "/search"]
    assert described["unnamed_endpoints"] == {}
    parameters = [parameter["parameter_name"] for parameter in described["named_endpoints"]["/ask"]["parameters"]]
    assert parameters == ["question", "history", "published_from", "published_to", "source", "today"]


def test_ask_gives_the_record_of_the_answer(address: str) -> None:
    expected = answer_record(FakePipeline(ARTICLES).ask(FIRST, today=TODAY))
    assert call(address, "ask", FIRST, None, "", "", "", "") == json.loads(json.dumps(expected))


def test_ask_takes_history_and_scope(address: str) -> None:
    record = call(address, "ask", "And the 2+2?", [FIRST], "", "2020-12-31", "Capital Post", "")
    assert record["standalone_question"] == f"And the 2+2? (after: {FIRST})"
    assert {hit["article_id"] for hit in record["hits"]} == {ARTICLES[1].id}


def test_search_gives_passages_best_first(address: str) -> None:
    record = call(address, "search", "harbour bridge", 1, "", "", "", "")
    assert record["query"] == "harbour bridge"
    assert [hit["text"] for hit in record["hits"]] == ["The harbour bridge of Ostrava opened on 3 May 2021."]


@pytest.mark.parametrize(
    ("name", "values", "problem"),
    [
        ("ask", ["", None, "", "", "", ""], "there is no question"),
        ("ask", [FIRST, None, "2021-13-01", "", "", ""], "'2021-13-01' is not a day"),
        ("search", ["bridge", 0, "", "", "", ""], "k is 0, but it must be from 1 to 100"),
        ("ask", ["fail", None, "", "", "", ""], "the index is being rebuilt"),
    ],
)
def test_what_is_wrong_with_a_request_is_told(address: str, name: str, values: list[Any], problem: str) -> None:
    _, text, _ = fetch(f"{address}gradio_api/run/{name}", {"data": values})
    assert problem in json.loads(text)["error"]


def test_a_defect_is_not_shown_to_programs(address: str) -> None:
    _, text, _ = fetch(f"{address}gradio_api/run/ask", {"data": ["burst", None, "", "", "", ""]})
    assert "a defect" not in text


@pytest.mark.parametrize("path", [path.lstrip("/") for path in SHUT] + ["monitoring/summary", "docs", "openapi.json"])
def test_routes_that_the_page_does_not_need_are_shut(address: str, path: str) -> None:
    assert fetch(address + path)[0] == 404
    assert fetch(address + path, {})[0] in {404, 405}


def test_large_bodies_and_bodies_of_unknown_length_are_refused(address: str) -> None:
    for header, status in (({"Content-Length": str(MOST_BYTES + 1)}, 413), ({"Transfer-Encoding": "chunked"}, 411)):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("POST", "/gradio_api/run/ask", headers=header)  # the body need not even be sent
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


def test_the_greeting_gives_the_address_and_warns_where_others_can_come() -> None:
    assert list(greeting("127.0.0.1", 7860)) == ["Dateline is at http://127.0.0.1:7860 (stop it with Ctrl+C)"]
    assert list(greeting("::1", 7860)) == ["Dateline is at http://[::1]:7860 (stop it with Ctrl+C)"]
    assert "no login" in list(greeting("0.0.0.0", 7860))[1]


def test_flags_that_are_not_given_leave_the_settings_alone() -> None:
    assert vars(read_arguments([])) == {"host": None, "port": None, "index": None}
    told = read_arguments(["--host", "127.0.0.2", "--port", "1234", "--index", "folder"])
    assert vars(told) == {"host": "127.0.0.2", "port": 1234, "index": "folder"}
