"""Articles for LangChain: a loader that gives one Document an article."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from corpus.errors import UnreadableFileError
from corpus.read import read_file
from corpus.types import Article, Unreadable
from corpus.walk import walk

_LOGGER = logging.getLogger(__name__)


class ArticleLoader(BaseLoader):
    """Load the articles under files and folders, in any form that Dateline reads.

    What cannot be read is logged as a warning and the rest is loaded. Dates more than two days after `today`
    (default: the current day) cannot be.
    """

    def __init__(self, paths: str | Path | Iterable[str | Path], *, today: date | None = None) -> None:
        listed = [paths] if isinstance(paths, (str, Path)) else list(paths)
        self.paths = [Path(path) for path in listed]
        self.today = today

    def lazy_load(self) -> Iterator[Document]:
        """Yield one Document an article, as it is read; raises MissingPathError for a path that does not exist."""
        for found in walk(self.paths):
            for item in [found] if isinstance(found, Unreadable) else _articles(found, self.today):
                if isinstance(item, Article):
                    yield article_document(item)
                else:
                    _LOGGER.warning("%s", " ".join(filter(None, (f"{item.path}:", item.entry, item.reason))))


def _articles(path: Path, today: date | None) -> Iterator[Article | Unreadable]:
    try:
        yield from read_file(path, today=today)
    except UnreadableFileError as error:
        yield Unreadable(path, "", str(error))


def article_document(article: Article) -> Document:
    """Return an article as a Document: its whole text, from `start` 0 to `end`, in code points; dates in ISO 8601."""
    return Document(
        id=article.id,
        page_content=article.text,
        metadata={
            "id": article.id,
            "title": article.title,
            "source": article.source,
            "published": article.published.isoformat() if article.published else "",
            "url": article.url,
            "author": article.author,
            "start": 0,
            "end": len(article.text),
        },
    )
