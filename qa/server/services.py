"""What the routes of the server share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import ParamSpec, TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from corpus.errors import DatelineError
from qa.errors import BusyError, UnknownArticleError, UnknownConversationError
from qa.server.desk import WAITING_AT_MOST, Desk
from qa.server.metrics import Metrics
from qa.uploads import Uploads
from vectorstore.errors import IndexProblemError

P = ParamSpec("P")
T = TypeVar("T")
END = object()


@dataclass(frozen=True, slots=True)
class Services:
    """What answers requests. `uploads` is None where the archive cannot be written to."""

    desk: Desk
    metrics: Metrics
    today: Callable[[], date]
    uploads: Uploads | None = None
    # Threads that wait for their turn at the desk: not those of the page, which would wait for them otherwise.
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(WAITING_AT_MOST + 16))

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function that takes its time returns."""
        return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self.threads)

    async def iterate(self, steps: Iterator[T]) -> AsyncIterator[T]:
        """Yield what an iterator that takes its time yields; it is closed when nobody listens any more."""
        try:
            while (step := await to_thread.run_sync(next, steps, END, limiter=self.threads)) is not END:
                yield step  # type: ignore[misc]  # what is not END is of the iterator
        finally:
            close = getattr(steps, "close", None)
            if close is not None:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(close, limiter=self.threads)


def status_of(problem: DatelineError) -> int:
    """Return HTTP's status for a problem that a user can mend."""
    if isinstance(problem, (UnknownArticleError, UnknownConversationError)):
        return 404
    if isinstance(problem, (BusyError, IndexProblemError)):
        return 503
    return 400


def code_of(problem: DatelineError) -> str:
    """Return a name for a problem that programs may compare: `QuestionError` is `question`."""
    name = type(problem).__name__.removesuffix("Error")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
