"""Dateline, driven as the others are: `sync`, then `Pipeline.search`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from protocol import Search, serve

from qa.pipeline import Pipeline
from qa.settings import read_settings
from vectorstore.embedder import load_embedder
from vectorstore.store import Store
from vectorstore.sync import sync

TODAY = date(2026, 1, 1)


def index(articles: list[dict[str, Any]], job: dict[str, Any]) -> tuple[Search, int]:
    """Split, embed and index; title, source and date come with the articles."""
    folder = Path(job["folder"])
    with Store.open(folder, load_embedder(), create=True) as store:
        sync(store, [Path(job["articles"])])
        passages = store.status().passages
    pipeline = Pipeline.open(read_settings({}, index=folder, reader="sentences"))

    def search(question: str, k: int) -> list[str]:
        return [found.hit.passage.text for found in pipeline.search(question, k=k, today=TODAY)]

    return search, passages


if __name__ == "__main__":
    serve(index)
