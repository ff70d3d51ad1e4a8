"""Files of many entries: what an entry that holds no article does to the rest, which is nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from corpus.draft import Draft, finish
from corpus.errors import UnreadableFileError
from corpus.limits import MAX_BAD_ENTRIES
from corpus.types import Article, Unreadable


def finish_entries(
    path: Path, entries: Iterable[tuple[str, Callable[[], Draft]]], today: date
) -> Iterator[Article | Unreadable]:
    """Yield the article of each entry, given by its place and what drafts it, or why there is none.

    Raises UnreadableFileError once so many are bad that the file is not what its name says.
    """
    bad = 0
    for place, draft in entries:
        try:
            yield finish(draft(), today)
        except UnreadableFileError as error:
            yield Unreadable(path, place, str(error))
            bad += 1
        if bad >= MAX_BAD_ENTRIES:
            raise UnreadableFileError(f"{bad:,} of its entries hold no article: the rest is left unread")
