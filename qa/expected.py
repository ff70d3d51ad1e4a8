"""How much work lies ahead, near enough for a progress bar."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from pathlib import Path

from corpus.errors import MissingPathError
from corpus.read import suffix_of
from corpus.walk import walk

LINE_EACH = (".jsonl", ".jsonl.gz", ".csv")  # forms with an article a line; all others are counted as one
BLOCK_BYTES = 1 << 20


def expected_articles(paths: Iterable[Path]) -> int:
    """Return about how many articles there are under some paths, without reading any of them as one."""
    try:
        return sum(_count(item) for item in walk(paths) if isinstance(item, Path))
    except MissingPathError:  # it went away since the command began, which then says so
        return 0


def _count(path: Path) -> int:
    if suffix_of(path) not in LINE_EACH:
        return 1
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return max(1, sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b"")))
    except (OSError, EOFError, zlib.error):  # it will be told as a failure, with its reason
        return 1
