"""Articles by their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.types import Article
from qa.errors import UnknownArticleError


class Shelf(Protocol):
    """What holds articles."""

    def articles(self, ids: Sequence[str]) -> Mapping[str, Article]:
        """Return the articles with these ids, by id; an unknown id is left out."""


def find_article(shelf: Shelf, article_id: str) -> Article:
    """Return one article. Raises UnknownArticleError."""
    return find_articles(shelf, [article_id])[0]


def find_articles(shelf: Shelf, ids: Sequence[str]) -> list[Article]:
    """Return the articles with these ids, in their order. Raises UnknownArticleError when one is not held."""
    held = shelf.articles(ids)
    missing = [article_id for article_id in ids if article_id not in held]
    if missing:
        names = ", ".join(repr(article_id) for article_id in missing)
        raise UnknownArticleError(f"the archive has no article {names}: `dateline search` shows which it has")
    return [held[article_id] for article_id in ids]
