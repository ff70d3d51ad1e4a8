"""txtai's hybrid index (`hybrid=True`, `content=True`) over paragraphs, as its own segmentation makes them."""

from __future__ import annotations

import re
from typing import Any

from protocol import Search, serve
from txtai import Embeddings


def index(articles: list[dict[str, Any]], job: dict[str, Any]) -> tuple[Search, int]:
    """Split, embed and index."""
    paragraphs = [part.strip() for article in articles for part in re.split(r"\n{2,}", article["text"]) if part.strip()]
    embeddings = Embeddings(path=job["model"], hybrid=True, content=True)
    embeddings.index(paragraphs)
    return lambda question, k: [found["text"] for found in embeddings.search(question, k)], len(paragraphs)


if __name__ == "__main__":
    serve(index)
