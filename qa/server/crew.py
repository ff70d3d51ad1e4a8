"""Threads that do the work of questions, so that no question waits for what becomes of another one's answer.

A question that was worked at in its asker's own thread would hold its turn while the page, which has few threads, is
busy with others that wait for a turn: then all would wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock
from typing import Generic, TypeVar, cast

from qa.errors import BusyError

T = TypeVar("T")
TOO_MANY = "too many questions are waiting: ask again in a minute"
OTHERS_FIRST = "other questions come first"


@dataclass(frozen=True, slots=True)
class _End:
    problem: BaseException | None = None


class Crew:
    """Works at `at_once` jobs at a time, and at the rest in the order in which they came."""

    def __init__(self, at_once: int, waiting_at_most: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, "question")
        self._at_once = at_once
        self._most = at_once + waiting_at_most
        self._held = 0  # jobs under way, and those that wait
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread."""
        return max(0, self._held - self._at_once)

    def work(self, steps: Callable[[], Iterator[T]], *, patient: bool = True) -> Iterator[T]:
        """Yield what `steps` yields, in a thread of the crew; it ends when nobody listens any more.

        Raises BusyError when too many wait and, for a job that is not patient, when there is any other.
        """
        job = Job(steps, self._ended)
        with self._lock:
            if self._held and not patient:
                raise BusyError(OTHERS_FIRST)
            if self._held >= self._most:
                raise BusyError(TOO_MANY)
            self._held += 1
            # Queued before the lock is given up, or somebody who came later could be before us. The context has the
            # request's id, for the log.
            begun = self._threads.submit(copy_context().run, job.work)
        listening = job.listen(begun)
        next(listening)  # from here on it notices that nobody listens, even if nobody ever has
        return listening

    def _ended(self) -> None:
        with self._lock:
            self._held -= 1


class Job(Generic[T]):
    """Steps that one thread takes and another one hears of."""

    def __init__(self, steps: Callable[[], Iterator[T]], ended: Callable[[], None]) -> None:
        self._steps = steps
        self._ended = ended
        self._told: SimpleQueue[T | _End] = SimpleQueue()
        self._left = False

    def work(self) -> None:
        """Take the steps, unless nobody listens."""
        problem: BaseException | None = None
        try:
            for step in self._steps():
                self._told.put(step)
                if self._left:
                    break
        except BaseException as raised:  # it is raised again where somebody listens
            problem = raised
        self._ended()  # first: whoever has heard the end may ask again at once
        self._told.put(_End(problem))

    def listen(self, begun: Future[None]) -> Iterator[T]:
        """Yield nothing of meaning once, and then the steps as they are taken."""
        try:
            yield cast(T, None)
            while not isinstance(step := self._told.get(), _End):
                yield step
            if step.problem is not None:
                raise step.problem
        finally:
            self._left = True
            if begun.cancel():  # it was still waiting
                self._ended()
