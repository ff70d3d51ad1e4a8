"""Stand-ins that are functions of their input, so that rankings can be asserted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np

from corpus.types import Article
from vectorstore.embedder import WindowError
from vectorstore.vectors import Vectors, unit_norm

_PIECE = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class FakeEmbedder:
    """An embedder of words: texts are as near as the words they share, whatever their order or case.

    A piece is a word or a mark; as in the real one, two special pieces count towards the window.
    """

    name: str = "fake words"
    digest: str = "0" * 64
    dimension: int = 64
    window: int = 256

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension)."""
        for text in texts:
            if (pieces := len(self.piece_spans(text)) + 2) > self.window:
                raise WindowError(f"{pieces} pieces in a window of {self.window}")
        return self.embed_queries(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension); a text without words has a vector of its own."""
        rows = [np.sum([_word_vector(word, self.dimension) for word in _words(text)], axis=0) for text in texts]
        return unit_norm(np.asarray(rows, np.float32).reshape(-1, self.dimension))

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of words and marks."""
        return [match.span() for match in _PIECE.finditer(text)]


def _words(text: str) -> list[str]:
    return [word for word in _PIECE.findall(text.lower()) if word[0].isalnum()] or [""]


@lru_cache(maxsize=100_000)
def _word_vector(word: str, dimension: int) -> np.ndarray:
    """Return a fixed random direction for a word, float32 (dimension,)."""
    seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


def make_article(
    article_id: str = "a1",
    text: str = "The ferry sailed from the north quay at dawn.",
    *,
    title: str = "",
    published: date | datetime | None = None,
    source: str = "",
    url: str = "",
) -> Article:
    """Return an article whose hash tells its words, title, day and source."""
    told = repr((text, title, published, source, url))
    return Article(
        id=article_id,
        title=title or article_id,
        text=text,
        published=published,
        content_hash=blake2b(told.encode(), digest_size=32).hexdigest(),
        source=source,
        url=url,
    )


def write_article(path: Path, text: str, **fields: str) -> Path:
    """Write an article in the archive's own form: a line for each field (`date`, `title`, …), then the text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name}: {value}" if name != "date" else f"date {value}" for name, value in fields.items()]
    path.write_text("\n".join([*lines, text]) + "\n", encoding="utf-8")
    return path


def write_lines(path: Path, *articles: dict[str, str]) -> Path:
    """Write articles as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path
