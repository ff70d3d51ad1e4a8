"""The values that the store takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from corpus.types import Passage


class Origin(Enum):
    """What gave a hit its score. Scores compare within one origin only."""

    DENSE = "dense"
    LEXICAL = "lexical"
    FUSED = "fused"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its score: higher is better, comparable within one origin only."""

    passage: Passage
    score: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be searched. Days are days of publication, both ends included; an empty set means any.

    Sources compare without regard to case. A day filter leaves undated articles out.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: frozenset[str] = frozenset()
    article_ids: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError(f"the first day, {self.published_from}, is after the last, {self.published_to}")

    @property
    def empty(self) -> bool:
        """Whether nothing is restricted."""
        return not (self.published_from or self.published_to or self.sources or self.article_ids)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or an entry of one, that could not be indexed, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What bringing the index in line with some files did. Counts are of articles.

    `rebuilt` are those brought under another recipe because it was asked for, whatever else became of them.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = ()
    rebuilt: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """The recipe an index was built with; opening it with another recipe is refused."""

    schema: int
    model: str
    model_digest: str
    dimension: int
    window: int
    splitter: str
    times: str = ""  # not noted before it was asked for


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many articles one source has."""

    source: str
    articles: int


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """What an index holds. `bytes_on_disk` maps each part (database, dense, lexical) to its size in bytes."""

    folder: str
    articles: int
    undated: int
    passages: int
    earliest: date | None
    latest: date | None
    sources: tuple[SourceCount, ...]
    manifest: Manifest
    generation: int
    bytes_on_disk: dict[str, int]
    healthy: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in a list: what is known of it without its text. `published` is None for an undated one."""

    id: str
    title: str
    published: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list of articles, latest first and undated ones last, and how many there are in all."""

    total: int
    articles: tuple[ListedArticle, ...]
