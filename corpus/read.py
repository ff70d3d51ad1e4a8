"""Files to articles: one function for every form a file may have, chosen by its name's ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from pathlib import Path

from corpus.errors import UnreadableFileError
from corpus.types import Article, Unreadable

_Reader = Callable[[Path, date], Iterator[Article | Unreadable]]

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".jsonl", ".jsonl.gz", ".csv", ".xml", ".rss", ".atom")


def suffix_of(path: Path | str) -> str:
    """Return the ending by which a file is read, or nothing where it is of no form we know."""
    name = str(path).lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def read_file(path: Path, *, today: date | None = None) -> Iterator[Article | Unreadable]:
    """Yield the articles of a file, and an Unreadable for each entry that holds none; nothing is ever fetched.

    Dates more than two days after `today` (default: the current day) are refused. Raises UnreadableFileError, with the
    reason alone as its text, for a file that cannot be read at all, or not to its end: what was yielded stands.
    """
    reader = _reader(suffix_of(path))
    try:
        yield from reader(path, today or datetime.now(timezone.utc).date())
    except OSError as error:
        raise UnreadableFileError(f"it cannot be opened ({error.strerror or error})") from error


def _reader(suffix: str) -> _Reader:
    """Import and return the reader of one form: each brings libraries that the others do without."""
    if suffix in (".txt", ".md"):
        from corpus import plain

        return plain.read_text if suffix == ".txt" else plain.read_markdown
    if suffix in (".html", ".htm"):
        from corpus.web import read_html

        return read_html
    if suffix in (".pdf", ".docx"):
        from corpus import documents

        return documents.read_pdf if suffix == ".pdf" else documents.read_docx
    if suffix in (".jsonl", ".jsonl.gz", ".csv"):
        from corpus import tables

        return tables.read_csv if suffix == ".csv" else tables.read_json_lines
    if suffix:
        from corpus.feeds import read_feed

        return read_feed
    raise UnreadableFileError(f"it is of no form that can be read: use one of {', '.join(SUFFIXES)}")
