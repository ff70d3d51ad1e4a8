"""Who may come to the server, and what is refused at the door."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chat_fakes import ARTICLES, FakePipeline, served
from http_calls import Response, call
from openai import AuthenticationError, OpenAI

from qa.memory.types import browser_owner, user_owner
from qa.server.access import Access
from qa.server.application import Doors
from qa.server.asgi import Message, Receive, Scope, Send
from qa.server.guard import MOST_BYTES, Guard
from qa.server.identify import BROWSER, OWNER_HEADER, SESSION, Identified, Sessions
from qa.server.limits import RateLimit
from qa.server.listener import LOOPBACK_NAMES, PatientProtocol
from qa.server.metrics import Metrics

QUESTION = {"question": "When was the first India-Japan 2+2?"}
PASSWORD = "correct horse"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Access:
    """Return a file with a user, ana, and a key, ci."""
    made = Access(tmp_path_factory.mktemp("access") / "access.json")
    made.add_user("ana", PASSWORD)
    return made


@pytest.fixture(scope="module")
def key(access: Access) -> str:
    """Return a key."""
    return access.add_key("ci")


@pytest.fixture(scope="module")
def locked(access: Access, key: str) -> Iterator[str]:
    """Give the address of a server to which only ana and ci may come."""
    with served(FakePipeline(ARTICLES), doors=Doors(access, LOOPBACK_NAMES, 0)) as url:
        yield url


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an open server that bears two questions a minute."""
    with served(
        FakePipeline(ARTICLES), doors=Doors(Access(tmp_path_factory.mktemp("a") / "none"), LOOPBACK_NAMES, 2)
    ) as url:
        yield url


def sign_in(address: str, name: str, password: str) -> Response:
    return call(address, "/login", body=f"name={name}&password={password}".encode(), headers=FORM)


def test_without_a_key_nothing_is_told_but_that_the_server_lives(locked: str) -> None:
    for path, sent in (("/api/v1/ask", QUESTION), ("/api/v1/articles", None), ("/v1/models", None), ("/metrics", None)):
        given = call(locked, path, sent)
        assert (given.status, given.record["error"]["type"]) == (401, "authentication_error")
        assert given.headers["www-authenticate"] == "Bearer"
    assert call(locked, "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).status == 401
    assert call(locked, "/gradio_api/info").status == 401
    assert call(locked, "/", headers={"accept": "text/html"}).headers["location"] == "/login"
    assert (call(locked, "/healthz").status, call(locked, "/readyz").status) == (200, 200)


def test_a_key_opens_the_api_to_openais_client_too(locked: str, key: str) -> None:
    assert call(locked, "/api/v1/ask", QUESTION, headers={"authorization": f"Bearer {key}"}).status == 200
    with OpenAI(base_url=f"{locked}v1", api_key=key, max_retries=0) as client:
        assert [model.id for model in client.models.list()] == ["dateline"]
    with (
        OpenAI(base_url=f"{locked}v1", api_key="dl-wrong", max_retries=0) as client,
        pytest.raises(AuthenticationError),
    ):
        client.models.list()


def test_a_user_signs_in_asks_and_signs_out(locked: str) -> None:
    assert 'action="/login"' in call(locked, "/login").text
    given = sign_in(locked, "ana", PASSWORD.replace(" ", "+"))
    assert (given.status, given.headers["location"]) == (303, "/")
    told = given.headers["set-cookie"]
    assert told.startswith(f"{SESSION}=")
    assert "HttpOnly; SameSite=Lax" in told
    headers = {"cookie": told.partition(";")[0]}
    assert call(locked, "/api/v1/ask", QUESTION, headers=headers).status == 200
    assert call(locked, "/", headers=headers).status == 200
    assert call(locked, "/logout", method="POST", body=b"", headers=headers).status == 303
    assert call(locked, "/api/v1/ask", QUESTION, headers=headers).status == 401


def test_who_guesses_has_to_wait(locked: str) -> None:
    tries = [sign_in(locked, "bob", f"guess+number+{number}") for number in range(12)]
    assert {given.status for given in tries} == {401, 429}
    assert tries[-1].status == 429
    assert int(tries[-1].headers["retry-after"]) >= 1
    assert "do not go together" in tries[0].text


def test_a_client_that_asks_too_often_is_told_when_to_come_back(slow: str) -> None:
    statuses = [call(slow, "/api/v1/ask", QUESTION) for _ in range(3)]
    assert [given.status for given in statuses] == [200, 200, 429]
    assert statuses[-1].record["error"]["type"] == "rate_limit_error"
    assert 1 <= int(statuses[-1].headers["retry-after"]) <= 31
    assert call(slow, "/api/v1/articles").status == 200


def exchange(address: str, sent: bytes) -> str:
    """Return all that comes back for some bytes."""
    with socket.create_connection(urlsplit(address).netloc.split(":"), timeout=10) as connection:
        connection.sendall(sent)
        with connection.makefile("rb") as answer:
            return answer.read().decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example:7860"}, 421),
        ({"host": ""}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"transfer-encoding": "chunked"}, 411),
        ({"content-length": str(MOST_BYTES + 1)}, 413),
        ({"content-length": "9" * 19}, 413),
    ],
)
def test_what_no_honest_client_sends_is_refused_in_one_form(slow: str, headers: dict[str, str], status: int) -> None:
    netloc = urlsplit(slow).netloc
    told = {"host": netloc, "content-length": "0", **headers}
    if "transfer-encoding" in told:
        del told["content-length"]
    head = "POST /api/v1/ask HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in told.items()) + "\r\n"
    answer = exchange(slow, head.encode())
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert '"error": {"message": ' in answer


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00" * 20 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_bytes_that_are_no_request_are_refused(slow: str, sent: bytes) -> None:
    assert exchange(slow, sent).startswith("HTTP/1.1 4")


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST /api/v1/ask HTTP/1.1\r\nhost: 127"])
def test_a_connection_on_which_no_request_comes_to_be_is_closed(
    slow: str, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "headers_within_s", 0.3)
    begun = time.monotonic()
    assert exchange(slow, sent) == ""
    assert 0.2 < time.monotonic() - begun < 8


def test_a_connection_serves_one_request_after_the_other(slow: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(slow).netloc, timeout=10)
    for _ in range(3):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"alive"}'
    connection.close()


async def through(
    guard: Guard | Identified, *, headers: dict[str, str], body: Receive, path: str = "/"
) -> list[Message]:
    """Return what a piece of the server sends for a request."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": path, "scheme": "http", "headers": raw, "client": ("1.2.3.4", 5)}
    await guard(scope, body, send)
    return sent


async def test_a_body_that_stops_coming_is_answered_and_let_go() -> None:
    import asyncio

    async def dripping() -> Message:
        await asyncio.sleep(0.03)
        return {"type": "http.request", "body": b"x", "more_body": True}

    seen: list[Message] = []

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "http.disconnect":
            seen.append(message)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    guard = Guard(reading, Metrics(), body_within_s=0.1)
    sent = await through(guard, headers={"content-length": "1000"}, body=dripping)
    assert [message.get("status") for message in sent] == [408, None]
    assert 1 <= len(seen) <= 4


async def nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def owners(access: Access, sessions: Sessions, *, headers: dict[str, str]) -> list[str]:
    """Return whom the application is told that a request is from."""
    told: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        told.extend(value.decode() for name, value in scope["headers"] if name == OWNER_HEADER.encode())
        await send({"type": "http.response.start", "status": 200, "headers": []})

    identified = Identified(application, access, sessions, RateLimit(0), Metrics())
    await through(identified, headers=headers, body=nothing)
    return told


async def test_nobody_can_say_that_they_are_somebody_else(access: Access, key: str, tmp_path: Path) -> None:
    forged = {OWNER_HEADER: user_owner("ana")}
    sessions, nobody = Sessions(), Access(tmp_path / "none")
    assert await owners(access, sessions, headers=forged) == []
    assert await owners(access, sessions, headers={**forged, "authorization": f"Bearer {key}"}) == ["key:ci"]
    cookie = {"cookie": f"{SESSION}={sessions.begin('ana')}"}
    assert await owners(access, sessions, headers={**forged, **cookie}) == [user_owner("ana")]
    gone = {"cookie": f"{SESSION}={sessions.begin('bob')}"}
    assert await owners(access, sessions, headers=gone) == []
    browser = "k" * 43
    known = await owners(nobody, sessions, headers={**forged, "cookie": f"{BROWSER}={browser}"})
    assert known == [browser_owner(browser)]
    (stranger,) = await owners(nobody, sessions, headers=forged)
    assert stranger.startswith("browser:")
    assert stranger != known[0]


def test_a_browser_is_given_a_key_once_where_nobody_signs_in(slow: str) -> None:
    first = call(slow, "/")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{BROWSER}=")
    assert "HttpOnly; SameSite=Lax" in cookie
    assert "set-cookie" not in call(slow, "/", headers={"cookie": cookie.partition(";")[0]}).headers
