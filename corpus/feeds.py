"""RSS and Atom feeds saved in a file: one article an entry. Nothing is ever fetched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from corpus.decode import read_limited
from corpus.draft import Draft
from corpus.entries import finish_entries
from corpus.errors import UnreadableFileError
from corpus.limits import MAX_FEED_BYTES
from corpus.moments import parse_loosely
from corpus.types import Article, Unreadable
from corpus.web import fragment_text


def read_feed(path: Path, today: date) -> Iterator[Article | Unreadable]:
    """Yield the article of each entry of a feed."""
    raw = read_limited(path, MAX_FEED_BYTES)
    if b"<!ENTITY" in raw.upper():
        raise UnreadableFileError("it declares XML entities, which no feed needs: remove the declarations")
    import feedparser

    # A stream, never a name: feedparser opens strings that look like an address or a path.
    parsed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version"):
        raise UnreadableFileError("it is not an RSS or Atom feed")
    if not parsed.entries:
        raise UnreadableFileError("the feed has no entries")
    entries = (
        (f"entry {number}", partial(_draft, entry, parsed.feed)) for number, entry in enumerate(parsed.entries, 1)
    )
    yield from finish_entries(path, entries, today)


def _draft(entry: Any, feed: Any) -> Draft:
    given_id = str(entry.get("id") or "")
    return Draft(
        text=_text(entry),
        id=given_id if ":" in given_id else "",  # a bare number is an id within its own feed only
        title=fragment_text(entry.get("title") or ""),
        date=_moment(entry, "published", "created") or _moment(entry, "updated"),
        updated=_moment(entry, "updated") if entry.get("published") else None,
        source=fragment_text(feed.get("title") or ""),
        author=entry.get("author") or "",
        url=entry.get("link") or "",
        language=entry.get("language") or feed.get("language") or "",
    )


def _text(entry: Any) -> str:
    """Return the words of the longest form of an entry that the feed gives."""
    forms = [part.get("value") or "" for part in entry.get("content") or ()]
    return max((fragment_text(form) for form in (*forms, entry.get("summary") or "")), key=len)


def _moment(entry: Any, *names: str) -> Any:
    # Asked for an update it does not have, an entry warns and gives its publication.
    given = [entry[name] for name in names if name in entry]
    return parse_loosely(given[0]) if given and given[0] else None
