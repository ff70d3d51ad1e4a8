"""One writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import IndexBusyError, about_storage

LOCK = "writer.lock"
HOLDER = "writer.pid"


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the one writer of an index. Raises IndexBusyError at once when another process, or thread, is."""
    holder = folder / HOLDER
    lock = FileLock(folder / LOCK)
    with about_storage(folder):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexBusyError(
                f"{_named(holder)} is writing to the index at {folder}: wait until it is done"
            ) from None
    try:
        with about_storage(folder):
            holder.write_text(f"{os.getpid()}\n", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _named(holder: Path) -> str:
    """Return who holds the lock; it notes its number a moment after it has it."""
    try:
        number = holder.read_text(encoding="utf-8").strip()
    except OSError:
        number = ""
    return f"process {number}" if number else "another process"
