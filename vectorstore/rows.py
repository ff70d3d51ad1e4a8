"""Articles, passages and times as rows of the database, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from corpus.types import Anchor, Article, Granularity, Passage, TimeExpression
from vectorstore.vectors import Vectors

VECTOR = np.dtype("<f2")  # half precision: 768 bytes a passage; it moves a cosine by less than 0.0005
ARTICLE_COLUMNS = "id, title, text, published, content_hash, updated, source, author, url, language, metadata"
TIME_COLUMNS = "start, end, earliest, latest, granularity, anchor, rule, certain"


def article_row(article: Article) -> dict[str, object]:
    """Return the columns of an article."""
    day = article.published_day
    return {
        "id": article.id,
        "content_hash": article.content_hash,
        "day": day.toordinal() if day else None,
        "folded_source": article.source.casefold(),
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "updated": article.updated.isoformat() if article.updated else None,
        "language": article.language,
        "author": article.author,
        "url": article.url,
        "title": article.title,
        "metadata": json.dumps(article.metadata, ensure_ascii=False),
        "text": article.text,
    }


def to_article(row: Sequence[Any]) -> Article:
    """Return the article of a row of `ARTICLE_COLUMNS`."""
    *fields, metadata = row
    article_id, title, text, published, content_hash, updated, source, author, url, language = fields
    return Article(
        id=article_id,
        title=title,
        text=text,
        published=_moment(published),
        content_hash=content_hash,
        updated=_moment(updated),
        source=source,
        author=author,
        url=url,
        language=language,
        metadata=tuple((str(key), str(value)) for key, value in json.loads(metadata)),
    )


def to_passage(article_id: str, start: int, end: int, text: str) -> Passage:
    """Return a passage of an article, named as `split_passages` names it: its id is its article and its span."""
    return Passage(f"{article_id}#{start}-{end}", article_id, start, end, text)


def time_row(time: TimeExpression) -> tuple[object, ...]:
    """Return the values of `TIME_COLUMNS`."""
    return (
        time.start,
        time.end,
        time.earliest.isoformat(),
        time.latest.isoformat(),
        time.granularity.value,
        time.anchor.value,
        time.rule,
        int(time.certain),
    )


def to_time(row: Sequence[Any]) -> TimeExpression:
    """Return the time expression of a row of `TIME_COLUMNS`."""
    start, end, earliest, latest, granularity, anchor, rule, certain = row
    return TimeExpression(
        start=start,
        end=end,
        earliest=date.fromisoformat(earliest),
        latest=date.fromisoformat(latest),
        granularity=Granularity(granularity),
        anchor=Anchor(anchor),
        rule=rule,
        certain=bool(certain),
    )


def vector_bytes(vectors: Vectors) -> list[bytes]:
    """Return each row of float32 (n, dimension) as it is stored."""
    return [row.tobytes() for row in vectors.astype(VECTOR)]


def to_vectors(stored: Sequence[bytes], dimension: int) -> Vectors:
    """Return stored vectors, float32 (n, dimension)."""
    return np.frombuffer(b"".join(stored), VECTOR).reshape(len(stored), dimension).astype(np.float32)


def _moment(text: str | None) -> date | datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
