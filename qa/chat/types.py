"""The values that the chat shows: turns of a conversation, and where a click wants to go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Protocol

from corpus.types import Article
from qa.memory.types import Opinion
from qa.types import Answer, Retrieved
from vectorstore.types import Filters, Listing, SourceCount, StoreStatus


@dataclass(frozen=True, slots=True)
class Working:
    """A question that is being answered; `stage` is the pipeline's name for what it is doing."""

    stage: str


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer of which the first `told` sentences are shown so far."""

    answer: Answer
    told: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """A question whose asker stopped it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A question that could not be answered because something went wrong; `message` is one line for its asker."""

    message: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was put, and what came of it so far.

    `scope` says in words what was searched, or is empty. `implied` is whether what the question itself says of time was
    heeded. `opinion` is what its asker thinks of the answer, and `problem` why it could not be kept, or empty.
    """

    question: str
    outcome: Answer | Arriving | Working | Stopped | Failed
    scope: str = ""
    implied: bool = True
    opinion: Opinion | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it is shown; `id` is empty while it has not begun."""

    id: str = ""
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """What a visitor asks for.

    `asked_on` is the day the question counts as asked, or None for the current one; `replaces` is the index of the
    turn whose place the question takes, or None; `conversation` is empty for a new one; `implied` is whether what the
    question itself says of time is heeded.
    """

    question: str
    filters: Filters
    asked_on: date | None = None
    replaces: int | None = None
    conversation: str = ""
    implied: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A question to begin with, offered where the archive holds the article that answers it."""

    question: str
    article_id: str


@dataclass(frozen=True, slots=True)
class Target:
    """Words of an article that a link opens: `article.text[start:end]`, whose digest was `digest` when it was cited.

    `number` is what the link showed, for a citation of an answer, and None for an article opened as a whole; `turn` is
    the index of the turn that the link belongs to, None for a link elsewhere.
    """

    article_id: str
    start: int = 0
    end: int = 0
    digest: str = ""
    number: int | None = None
    turn: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span runs from {self.start} to {self.end}")


def quote_digest(quote: str) -> str:
    """Return 16 hexadecimal digits that tell whether the words at a span are still the words that were quoted."""
    return sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Shelf(Protocol):
    """What the chat reads of a store."""

    @property
    def generation(self) -> int:
        """A number that changes with every change of the archive."""

    def status(self) -> StoreStatus:
        """Return what the archive holds."""

    def sources(self) -> Sequence[SourceCount]:
        """Return the archive's sources with how many articles each has."""

    def articles(self, article_ids: Sequence[str]) -> Mapping[str, Article]:
        """Return those of the articles that there are, by id."""

    def list_articles(self, filters: Filters | None = None, *, offset: int = 0, limit: int = 50) -> Listing:
        """Return a page of the articles that the filters admit, latest first."""

    def days(self) -> Mapping[date, int]:
        """Return how many articles were published on each day, oldest first."""


class Answerer(Protocol):
    """What the chat asks of a pipeline."""

    @property
    def store(self) -> Shelf:
        """The archive that is asked."""

    def ask(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
        patient: bool = True,
    ) -> Answer:
        """Answer a question; where the asker is not patient, only if nothing else is asked: else raise BusyError."""

    def stages(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
    ) -> Iterator[str | Answer]:
        """Name each stage as it begins, then give the answer."""

    def search(self, text: str, *, k: int, today: date, filters: Filters | None = None) -> Sequence[Retrieved]:
        """Return the passages nearest to a text, best first."""

    def article(self, article_id: str) -> Article:
        """Return an article, or raise a DatelineError when the archive has none of that id."""
