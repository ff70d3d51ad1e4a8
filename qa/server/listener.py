"""Where the server listens, and how it stops: what has been asked is answered."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.errors import SettingsError
from qa.server.access import Access
from qa.server.application import Served

FINISH_WITHIN_S = 10  # an answer under way when the server is stopped has this long
HEADERS_WITHIN_S = 10.0  # from the opening of a connection, or from the first byte of a request on it
# Longer than clients and proxies keep an unused connection (httpx 5 s, many proxies 60 s): who closes it should
# be they, or a request may meet a connection that is just being closed. Nginx waits as long.
KEEP_ALIVE_S = 75
MOST_CONNECTIONS = 1000
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which no request comes to be; uvicorn waits for one without end."""

    headers_within_s = HEADERS_WITHIN_S
    _waiting: asyncio.TimerHandle | None = None
    _served: Any = None  # the request that was served last: another one means that the headers have come

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting, unless this completes the head of a request."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._waiting is None:
            self._wait()
        super().data_received(data)
        if self._waiting is not None and self.cycle is not self._served:
            self._served = self.cycle
            self._waiting.cancel()
            self._waiting = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.headers_within_s, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def build_server(served: Served) -> uvicorn.Server:
    """Return a server that, told to stop, lets the answers under way finish and then lets the open pages go."""

    class ChatServer(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            served.let_go()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        served.application,
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=FINISH_WITHIN_S,
    )
    return ChatServer(config)


def open_listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes any free one. Raises SettingsError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=MOST_CONNECTIONS)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            f"cannot listen at {host}, port {port}: {reason}: choose others by --host, --port"
        ) from error


def check_reach(host: str, access: Access) -> None:
    """Raise SettingsError where others could come and nobody would have to sign in."""
    if not access.required and not is_loopback(host):
        raise SettingsError(
            f"{host} can be reached from other machines, and nobody would have to sign in: "
            'first add a user with "dateline user add NAME" or a key with "dateline key add NAME"'
        )


def is_loopback(host: str) -> bool:
    """Whether a listener at a host is reached from this machine alone."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return False  # it cannot be listened at either, which is told then
    return all(ip_address(str(address).partition("%")[0]).is_loopback for address in found)


def host_names(host: str, access: Access) -> frozenset[str] | None:
    """Return the names that the server goes by: on this machine alone, its own, so that no page of another site that
    has its name point here can ask; elsewhere any, for then whoever asks has to sign in.
    """
    if access.required and not is_loopback(host):
        return None
    return LOOPBACK_NAMES | {host.lower()}


def greeting(host: str, port: int, access: Access) -> Iterator[str]:
    """Yield the lines that say where the chat is, and who may come."""
    address = ip_address(host)
    shown = f"[{host}]" if address.version == 6 else host
    yield f"Dateline is at http://{shown}:{port}, its API at http://{shown}:{port}/api (stop it with Ctrl+C)"
    if access.required:
        yield f"Whoever comes has to sign in or send a key; who may is in {access.path}"
    if not address.is_loopback:
        yield "Passwords and answers cross the network in the clear, unless a proxy in front of it speaks TLS."
