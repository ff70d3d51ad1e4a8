"""The web chat: builds the page over one pipeline, mounts it in the HTTP application and serves that."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from corpus.errors import DatelineError
from qa.chat.blocks import build_page, mount_page
from qa.chat.guard import Guard
from qa.chat.types import Answerer
from qa.errors import SettingsError
from qa.settings import Settings, read_settings

if TYPE_CHECKING:
    from uvicorn import Server

FINISH_WITHIN_S = 10  # an answer under way when the server is stopped has this long


def build_application(answerer: Answerer, *, today: Callable[[], date]) -> Guard:
    """Return the HTTP application: the page at `/`, without any route that it does not need."""
    # Built outside a running event loop, Gradio opens loops of its own and never closes them.
    return asyncio.run(_assemble(answerer, today))


async def _assemble(answerer: Answerer, today: Callable[[], date]) -> Guard:
    from fastapi import FastAPI

    application = FastAPI(title="Dateline", docs_url=None, redoc_url=None, openapi_url=None)
    mount_page(application, build_page(answerer, today=today))
    return Guard(application)


def build_server(application: Guard) -> Server:
    """Return a server that, told to stop, lets the answers under way finish and then lets the open pages go."""
    import uvicorn

    class ChatServer(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            application.let_go()
            await super().shutdown(sockets)

    config = uvicorn.Config(application, log_level="warning", server_header=False)
    config.timeout_graceful_shutdown = FINISH_WITHIN_S
    return ChatServer(config)


def open_listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes any free one. Raises SettingsError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            f"cannot listen at {host}, port {port}: {reason}: choose others by --host, --port"
        ) from error


def main(settings: Settings, host: str, port: int) -> None:
    """Serve the chat until interrupted."""
    from qa.pipeline import Pipeline

    with open_listener(host, port) as listener, Pipeline.open(settings) as pipeline, suppress(KeyboardInterrupt):
        server = build_server(build_application(pipeline, today=local_day))
        for line in greeting(*listener.getsockname()[:2]):
            print(line, file=sys.stderr, flush=True)
        server.run(sockets=[listener])


def greeting(host: str, port: int) -> Iterator[str]:
    """Yield the lines that say where the chat is, and who may come."""
    address = ip_address(host)
    shown = f"[{host}]" if address.version == 6 else host
    yield f"Dateline is at http://{shown}:{port} (stop it with Ctrl+C)"
    if not address.is_loopback:
        yield "It has no login: whoever can reach this machine can read the archive."


def local_day() -> date:
    """Return the current day where the server is."""
    return datetime.now().astimezone().date()


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Return what `python app.py` was told."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve Dateline's web chat.")
    parser.add_argument("--host", help="address to listen at (default: 127.0.0.1, only this machine)")
    parser.add_argument("--port", type=int, help="port to listen at (default: 7860)")
    parser.add_argument("--index", help="folder of the index (default: DATELINE_INDEX, else the user's data folder)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    told = read_arguments(sys.argv[1:])
    try:
        chosen = read_settings(os.environ, index=told.index, host=told.host, port=told.port)
        main(chosen, chosen.host, chosen.port)
    except DatelineError as problem:
        sys.exit(f"dateline: {problem}")
