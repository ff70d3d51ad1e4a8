"""The web chat: builds the page over one pipeline, mounts it in the HTTP application and serves that."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import DatelineError
from qa.settings import Settings, default_access, default_memory, read_settings

if TYPE_CHECKING:
    from qa.memory.memory import Memory
    from qa.server.application import Doors, Served
    from qa.server.desk import Answering
    from qa.uploads import Uploads


def build_application(
    pipeline: Answering,
    *,
    memory: Memory,
    today: Callable[[], date],
    doors: Doors | None = None,
    uploads: Uploads | None = None,
) -> Served:
    """Return the HTTP application: the page at `/`, the API beside it; without `doors`, for this machine alone."""
    # Built outside a running event loop, Gradio opens loops of its own and never closes them.
    return asyncio.run(_assemble(pipeline, memory, today, doors, uploads))


async def _assemble(
    pipeline: Answering, memory: Memory, today: Callable[[], date], doors: Doors | None, uploads: Uploads | None
) -> Served:
    from qa.chat.blocks import build_page, mount_page
    from qa.server.access import Access
    from qa.server.application import Doors, build_http
    from qa.server.desk import LEAST_AT_ONCE, Desk
    from qa.server.listener import LOOPBACK_NAMES
    from qa.server.metrics import Metrics
    from qa.server.services import Services
    from vectorstore.processor import core_count

    metrics = Metrics()
    desk = Desk(pipeline, metrics, at_once=max(LEAST_AT_ONCE, core_count()))
    services = Services(desk, metrics, today, uploads)
    page = build_page(desk, memory=memory, uploads=uploads, today=today)
    alone = Doors(Access(Path(os.devnull) / "none"), LOOPBACK_NAMES, 0)
    return build_http(services, doors or alone, partial(mount_page, page=page))


def main(settings: Settings, host: str, port: int) -> None:
    """Serve the chat until interrupted."""
    from qa.memory.memory import Memory
    from qa.pipeline import Pipeline
    from qa.server.access import Access
    from qa.server.application import Doors
    from qa.server.listener import build_server, check_reach, greeting, host_names, open_listener
    from qa.server.log import log_to
    from qa.uploads import Uploads

    access = Access(settings.access or default_access())
    check_reach(host, access)
    log_to(level=settings.log)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: what is open is closed
    with (
        open_listener(host, port) as listener,
        Memory.open(settings.memory or default_memory()) as memory,
        Pipeline.open(settings) as pipeline,
        suppress(KeyboardInterrupt),
    ):
        doors = Doors(access, host_names(host, access), settings.rate)
        uploads = Uploads(pipeline.store)
        application = build_application(pipeline, memory=memory, today=local_day, doors=doors, uploads=uploads)
        host, port = listener.getsockname()[:2]  # port 0 has become a free one
        for line in greeting(host, port, access):
            print(line, file=sys.stderr, flush=True)
        build_server(application).run(sockets=[listener])


def local_day() -> date:
    """Return the current day where the server is."""
    return datetime.now().astimezone().date()


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Return what `python app.py` was told."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve Dateline's web chat.")
    parser.add_argument("--host", help="address to listen at (default: 127.0.0.1, only this machine)")
    parser.add_argument("--port", type=int, help="port to listen at (default: 7860)")
    parser.add_argument("--index", help="folder of the index (default: DATELINE_INDEX, else the user's data folder)")
    parser.add_argument("--memory", help="file of conversations and feedback (default: DATELINE_MEMORY)")
    parser.add_argument("--access", help="file of users and API keys (default: DATELINE_ACCESS)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    try:
        chosen = read_settings(os.environ, **vars(read_arguments(sys.argv[1:])))
        main(chosen, chosen.host, chosen.port)
    except DatelineError as problem:
        sys.exit(f"dateline: {problem}")
