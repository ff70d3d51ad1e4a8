"""Where questions queue: in the order in which they came, as many at once as the machine bears, the same one once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Protocol

from corpus.types import Article
from qa.server.crew import Crew
from qa.server.metrics import Metrics
from qa.types import Answer, Retrieved
from vectorstore.types import Filters, Listing, SourceCount, StoreStatus

LEAST_AT_ONCE = 2  # one is searched for while the models read another
WAITING_AT_MOST = 256  # at some tens of milliseconds a question, the last of them waits for about half a minute
REMEMBERED = 512  # answers, each with the ten passages that were found for it: some 40 kB


class Shelf(Protocol):
    """What the server reads of a store."""

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


class Answering(Protocol):
    """What the server asks of a pipeline."""

    @property
    def store(self) -> Shelf:
        """The archive that is asked."""

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


Asked = tuple[str, date, tuple[str, ...], Filters, bool]
Key = tuple[str, date, tuple[str, ...], Filters, bool, int]  # with the archive's generation


class Desk:
    """Answers as the pipeline behind it, in turn; an answer is remembered until the archive changes.

    Where an asker is not `patient`, BusyError is raised unless nothing else is being answered.
    """

    def __init__(
        self,
        pipeline: Answering,
        metrics: Metrics,
        *,
        at_once: int = LEAST_AT_ONCE,
        waiting_at_most: int = WAITING_AT_MOST,
        remembered: int = REMEMBERED,
    ) -> None:
        self._pipeline = pipeline
        self._metrics = metrics
        self._crew = Crew(at_once, waiting_at_most)
        self._most = remembered
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    @property
    def store(self) -> Shelf:
        """The archive that is asked."""
        return self._pipeline.store

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._crew.waiting

    def article(self, article_id: str) -> Article:
        """Return an article. Raises UnknownArticleError."""
        return self._pipeline.article(article_id)

    def search(self, text: str, *, k: int, today: date, filters: Filters | None = None) -> Sequence[Retrieved]:
        """Return the passages nearest to a text, best first. Raises QuestionError, BusyError."""
        (found,) = self._crew.work(lambda: iter((self._pipeline.search(text, k=k, today=today, filters=filters),)))
        return found

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
        """Answer a question. Raises QuestionError, BusyError."""
        *_, answer = self.stages(
            question, today=today, history=history, filters=filters, implied=implied, patient=patient
        )
        assert isinstance(answer, Answer)
        return answer

    def stages(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
        patient: bool = True,
    ) -> Iterator[str | Answer]:
        """Return what names each stage as it begins, then gives the answer; a remembered answer has no stages.

        The work begins, or queues, with the call and not with the first step that is asked for. Raises BusyError.
        """
        asked = (question, today, tuple(history), filters or Filters(), implied)
        if known := self._recall((*asked, self.store.generation)):
            return iter((known,))
        return self._crew.work(lambda: self._answered(asked), patient=patient)

    def _answered(self, asked: Asked) -> Iterator[str | Answer]:
        if known := self._recall((*asked, self.store.generation)):  # somebody before us in the queue has asked it
            yield known
            return
        question, today, history, filters, implied = asked
        for step in self._pipeline.stages(question, today=today, history=history, filters=filters, implied=implied):
            if isinstance(step, Answer):
                self._remember((*asked, step.generation), step)
            yield step

    def _recall(self, key: Key) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
                self._metrics.remembered.inc()
                self._metrics.answers.labels(answer.status.value).inc()
            return answer

    def _remember(self, key: Key, answer: Answer) -> None:
        self._metrics.answers.labels(answer.status.value).inc()
        for stage, spent_ms in answer.timings_ms.items():
            self._metrics.stage_s.labels(stage).observe(spent_ms / 1000)
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
