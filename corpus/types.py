"""The values that the corpus produces. Frozen; nothing here reads or writes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Article:
    """One news article.

    `text` is Unicode NFC with `\\n` line ends, normalised once when it was read and never again: every span in
    Dateline counts code points in it. `published` and `updated` are a day, an aware datetime, or None when unknown.
    `content_hash` is the SHA-256, in hexadecimal, of everything a reader would see.
    """

    id: str
    title: str
    text: str
    published: date | datetime | None
    content_hash: str
    updated: date | datetime | None = None
    source: str = ""
    author: str = ""
    url: str = ""
    language: str = ""
    metadata: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        for moment in (self.published, self.updated):
            if isinstance(moment, datetime) and moment.tzinfo is None:
                raise ValueError(f"article {self.id!r} has a time without a zone: {moment}")

    @property
    def published_day(self) -> date | None:
        """The day of publication where it was published, or None for an undated article."""
        return as_day(self.published)


def as_day(moment: date | datetime | None) -> date | None:
    """Return the calendar day of a moment in its own zone."""
    return moment.date() if isinstance(moment, datetime) else moment


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or one entry of it (`line 7`, `entry 3`), that holds no article, and why; the rest goes on."""

    path: Path
    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: `article.text[start:end] == text`, in code points."""

    id: str
    article_id: str
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.text) != self.end - self.start:
            raise ValueError(f"passage {self.id!r} spans [{self.start}:{self.end}] but has {len(self.text)} characters")


class Granularity(Enum):
    """How fine a time expression is: `last month` is a MONTH, never an invented day."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    RANGE = "range"


class Anchor(Enum):
    """What a time expression was resolved against."""

    ABSOLUTE = "absolute"
    PUBLICATION = "publication"
    NARRATIVE = "narrative"


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words of an article that name a time, and the days they mean.

    `start` and `end` are the words' own span in `article.text`. `earliest` and `latest` bound the interval of days,
    both included. `rule` names the rule that resolved it; `certain` is False where the rule had to guess.
    """

    start: int
    end: int
    earliest: date
    latest: date
    granularity: Granularity
    anchor: Anchor
    rule: str
    certain: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty span [{self.start}:{self.end}]")
        if self.earliest > self.latest:
            raise ValueError(f"interval ends before it begins: {self.earliest} > {self.latest}")
