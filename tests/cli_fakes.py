"""The command line over an index of words: everything is real but the embedding model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fakes import FakeEmbedder

from qa.pipeline import Limits, Pipeline
from qa.reader import SentenceReader
from qa.settings import Settings
from qa.surroundings import Surroundings
from vectorstore.embedder import Embedder
from vectorstore.store import Store

TODAY = date(2022, 9, 7)

ARTICLES = {
    "delhi.txt": (
        "date 2019-12-01\ntitle: India and Japan hold first 2+2\nsource: The Wire\n\n"
        "India and Japan held their first 2+2 meeting on 30 November 2019 in New Delhi. "
        "Four ministers took part in the meeting and agreed on an exercise of fighter aircraft."
    ),
    "tokyo.txt": (
        "date 2022-09-06\ntitle: Second India-Japan 2+2 in Tokyo\nsource: Harbour Post\n\n"
        "The second India-Japan 2+2 meeting will be held in Tokyo on Thursday. "
        "Ministers will discuss the [bold]Indo-Pacific[/bold] and maritime security."
    ),
    "bridge.md": "---\ntitle: Bridge closed\n---\n\nThe old bridge over the Orrel was closed for repairs last week.",
}


def write_articles(folder: Path) -> Path:
    """Write the articles into a new folder and return it."""
    folder.mkdir(parents=True)
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def open_pipeline(settings: Settings) -> Pipeline:
    """Open an index of words for questions."""
    model = FakeEmbedder()
    store = Store.open(settings.index, model)
    return Pipeline(store, SentenceReader(model), Limits(settings.passages, settings.threshold))


@dataclass
class Served:
    """Remembers with which settings the chat was served."""

    settings: list[Settings] = field(default_factory=list)


def surroundings(index: Path, served: Served | None = None) -> Surroundings:
    """Return surroundings in which an index of words is the default one."""
    seen = served or Served()

    def load_model(settings: Settings) -> Embedder:
        return FakeEmbedder(name=settings.model or "fake words")

    return Surroundings(
        environ={"DATELINE_INDEX": str(index)},
        open_pipeline=open_pipeline,
        load_model=load_model,
        serve=seen.settings.append,
        today=lambda: TODAY,
    )


@contextmanager
def interrupted(settings: Settings) -> Iterator[Pipeline]:
    """Stand for a pipeline that is interrupted as it opens, as by Ctrl-C."""
    raise KeyboardInterrupt
    yield


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line that says what the problem was."""
        assert self.status == 1
        lines = self.err.splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("dateline: ")
        return lines[0].removeprefix("dateline: ")


Run = Callable[..., Ended]


def ids_by_title(run: Run) -> dict[str, str]:
    """Return the id of each article that is found."""
    hits = run("search", "2+2 meeting bridge", "--json").record["hits"]
    return {hit["title"]: hit["article_id"] for hit in hits}
