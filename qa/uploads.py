"""Articles that arrive through the server: a file is kept beside the index and indexed, or leaves nothing behind."""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from threading import Lock

from corpus.errors import UnreadableFileError
from corpus.read import SUFFIXES, read_file, suffix_of
from corpus.types import Article
from qa.articles import find_article
from qa.errors import UploadError, about_file
from vectorstore import holdings
from vectorstore.store import Store
from vectorstore.sync import sync
from vectorstore.types import SyncReport

FOLDER = "uploads"  # in the folder of the index
MOST_UPLOAD_BYTES = 20_000_000  # a long report as PDF; what is larger is for `dateline index`
LONGEST_NAME = 200  # bytes, less than any file system takes
FORBIDDEN = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f]")


class Uploads:
    """Takes articles into an index and out of it, one at a time: further callers wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = Lock()

    def take_in(self, name: str, content: bytes) -> SyncReport:
        """Keep a file in the uploads folder and index it; its report counts articles and names entries that failed.

        Raises UploadError when the name is unsafe or of no readable form, the file is too large or holds no article;
        IndexBusyError when another process is writing. Then nothing of it is left.
        """
        name = safe_name(name)
        if len(content) > MOST_UPLOAD_BYTES:
            raise UploadError(f"{name} has {len(content):,} bytes: upload at most {MOST_UPLOAD_BYTES:,}")
        folder = self._store.folder / FOLDER / sha256(content).hexdigest()[:16]  # no upload takes another's place
        with self._turn:
            was_there = (folder / name).exists()
            try:
                with about_file("keep", folder / name):
                    folder.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes(content)
                _check_readable(folder / name)
                return self._index(folder / name)
            except BaseException:
                if not was_there:
                    _discard(folder / name)
                raise

    def _index(self, path: Path) -> SyncReport:
        report = sync(self._store, [path])
        if report.failed and not (report.added or report.updated or report.unchanged):
            raise UploadError(f"{path.name} was not taken in: {report.failed[0].reason}")
        return report

    def paste(self, text: str, *, title: str = "", published: date | None = None, source: str = "") -> SyncReport:
        """Take in a text that was typed or pasted. Raises as `take_in` does."""
        record = {"title": " ".join(title.split()), "source": " ".join(source.split()), "text": text}
        if published:
            record["date"] = published.isoformat()
        line = json.dumps({name: value for name, value in record.items() if value})
        return self.take_in("pasted.jsonl", line.encode("utf-8"))

    def remove(self, article_id: str) -> Article:
        """Take one article out of the index and return it as it was. Raises UnknownArticleError, IndexBusyError.

        A file outside the uploads folder that holds it stays, and brings it back when it is indexed again.
        """
        with self._turn:
            article = find_article(self._store, article_id)
            self._store.remove([article_id])
            ours = (self._store.folder / FOLDER).resolve()
            for path in holdings.emptied(self._store.database, article_id):
                if path.is_relative_to(ours):
                    _discard(path)
            return article


def safe_name(name: str) -> str:
    """Return the name of a file as it may stand in a folder of ours. Raises UploadError for one that may not."""
    shown = repr(name[:80])
    if not name or FORBIDDEN.search(name) or name.startswith(".") or name != name.strip():
        raise UploadError(f"{shown} is not the plain name of a file: rename it")
    try:
        length = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        raise UploadError(f"{shown} is not UTF-8 text: rename it") from None
    if length > LONGEST_NAME:
        raise UploadError(f"{shown}… is a name of {length} bytes: use at most {LONGEST_NAME}")
    if not suffix_of(name):
        raise UploadError(f"{shown} is of no form that can be read: use one of {', '.join(SUFFIXES)}")
    return name


def _check_readable(path: Path) -> None:
    """Raise UploadError where the file's first entries hold no article: the index then never hears of it."""
    reason = "there is no article in it"
    try:
        for item in read_file(path):
            if isinstance(item, Article):
                return
            reason = item.reason
    except UnreadableFileError as problem:
        reason = str(problem)
    raise UploadError(f"{path.name} was not taken in: {reason}")


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        if folder.is_dir() and not any(folder.iterdir()):
            rmtree(folder, ignore_errors=True)
