"""The way of a question: understand, retrieve, read, compose. One place builds the parts and passes them on."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter
from types import TracebackType

from corpus.types import Article
from qa.admission import last_day
from qa.articles import find_article
from qa.comparing import Comparison, compare, compare_asked, is_of_two
from qa.compose import compose, none_is_right
from qa.composed import Composed
from qa.errors import QuestionError
from qa.followup import Earlier, earlier_to_answer
from qa.judge import JudgedReader
from qa.query import implied_words, on_one_line, understand, without_as_of
from qa.reader import Reader, SentenceReader
from qa.refusal import refuse
from qa.retrieve import retrieve, worth_reading
from qa.settings import Settings
from qa.sources import Sources
from qa.span_reader import RANK_PRIOR, UNFITTED, SpanReader, load_reader
from qa.types import Answer, Candidate, Ordering, Query, Retrieved, Weighed
from vectorstore.embedder import Embedder, load_embedder
from vectorstore.store import Store
from vectorstore.types import Filters, Hit

SENTENCES = "sentences"  # the setting that asks for the reader that needs no training
STAGES = ("searching", "reading", "checking")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, and how sure an answer must be: a probability, or None for what the reader was fitted to.

    Without `time`, for measuring what it is worth, nothing is made of the days that questions and articles name.
    """

    passages: int = 10
    threshold: float | None = None
    time: bool = True


class Pipeline:
    """Answers questions over one index. Built from finished parts; `open` builds them from settings."""

    def __init__(self, store: Store, reader: Reader, limits: Limits) -> None:
        self.store = store
        self._reader = reader
        self._limits = limits

    @classmethod
    def open(cls, settings: Settings) -> Pipeline:
        """Open the index that the settings name. Raises DatelineError when it cannot be used."""
        embedder = load_embedder(settings.model, device=settings.device, dtype=settings.dtype)
        store = Store.open(Path(settings.index), embedder)
        try:
            reader = open_reader(settings, embedder)
        except BaseException:
            store.close()
            raise
        return cls(store, reader, Limits(settings.passages, settings.threshold))

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        self.store.close()

    def ask(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
    ) -> Answer:
        """Answer one question. Raises QuestionError when it is blank or too long.

        Without `implied`, only `filters` bound the days: what the question itself says of time is not heeded.
        """
        *_, answer = self.stages(question, today=today, history=history, filters=filters, implied=implied)
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
    ) -> Iterator[str | Answer]:
        """Yield the name of each stage of `STAGES` as it begins, then the answer.

        The names come again for each other question that must be answered first.
        """
        watch = _Watch(self.store.generation)
        time = self._limits.time
        understood = partial(self.understand, question, today=today, history=history, filters=filters)
        query = understood(implied=implied and time)
        if earlier := earlier_to_answer(query.text, [on_one_line(text) for text in history]):
            name = yield from self._named(earlier, query, watch, implied=implied)
            query = understood(implied=implied and time, earlier_answer=name)
        comparison = compare_asked(query.standalone) if time else None
        if comparison is not None:
            # Its "first", "before" and "after" are of the two: they bound no days.
            query = replace(query, ordering=Ordering.NONE, ordinal=None, window=None, subject=None)
            if answer := (yield from self._compared(comparison, query, watch, implied=implied)):
                yield answer
                return
        yield (yield from self._read(query, comparison, watch, implied=implied))

    def _read(
        self, query: Query, comparison: Comparison | None, watch: _Watch, *, implied: bool
    ) -> Generator[str, None, Answer]:
        """Name the stages of answering a query from the passages found for it, and return the answer."""
        yield STAGES[0]
        retrieved = retrieve(
            self.store, self._bounded(query) if implied and self._limits.time else query, self._limits.passages
        )
        watch.lap("retrieve")
        yield STAGES[1]
        sources = self._sources(query, retrieved)
        candidates = self._reader.read(without_as_of(query), worth_reading(retrieved), sources.articles, sources.times)
        watch.lap("read")
        yield STAGES[2]
        threshold = self._reader.threshold if self._limits.threshold is None else self._limits.threshold
        composed = compose(query, candidates, retrieved, sources, threshold=threshold, time=self._limits.time)
        if comparison is not None and composed.sentences and not is_of_two(comparison, composed.short_answer):
            composed = refuse(query, retrieved, sources, confidence=none_is_right(candidates))
        watch.lap("compose")
        hits = tuple(item.hit for item in retrieved)
        return self._answer(query, composed, hits, weigh(retrieved, candidates), watch)

    def _named(self, earlier: Earlier, query: Query, watch: _Watch, *, implied: bool) -> Generator[str, None, str]:
        """Ask whom a follow-up's "he" or "her" points at, and return the name, "" for none."""
        try:
            answer = yield from self._asked(earlier.question, query, watch, history=earlier.history, implied=implied)
        except QuestionError:  # the earlier question is too long to be asked: that is no fault of this one
            return ""
        return answer.short_answer

    def _compared(
        self, comparison: Comparison, query: Query, watch: _Watch, *, implied: bool
    ) -> Generator[str, None, Answer | None]:
        """Ask for the days of two events, and return which came first; None where their days do not say."""
        dated: list[Answer | None] = []
        try:
            for event in comparison.events:
                dated.append(
                    None if event.days else (yield from self._asked(event.question, query, watch, implied=implied))
                )
        except QuestionError:  # with the names of the other event, it is too long
            return None
        composed = compare(comparison, dated)
        if composed is None:
            return None
        answers = [answer for answer in dated if answer]
        found = sorted((hit for answer in answers for hit in answer.hits), key=lambda hit: hit.score)
        hits = {hit.passage.id: hit for hit in found}.values()  # of a passage found for both, its better score
        best_first = sorted(hits, key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))
        weighed = {key: why for answer in answers for key, why in answer.weighed.items()}
        return self._answer(query, composed, tuple(best_first), weighed, watch)

    def _asked(
        self, question: str, query: Query, watch: _Watch, *, implied: bool, history: Sequence[str] = ()
    ) -> Generator[str, None, Answer]:
        """Name the stages of asking what must be known before a query is answered, and return its answer.

        What they take counts as the query's own.
        """
        steps = self.stages(question, today=query.asked_on, history=history, filters=query.filters, implied=implied)
        for step in steps:
            if isinstance(step, Answer):
                watch.count(step)
                return step
            yield step
        raise AssertionError("no question ends without an answer")

    def _answer(
        self,
        query: Query,
        composed: Composed,
        hits: tuple[Hit, ...],
        weighed: Mapping[str, Weighed],
        watch: _Watch,
    ) -> Answer:
        return Answer(
            question=query.text,
            standalone_question=query.standalone,
            status=composed.status,
            short_answer=composed.short_answer,
            sentences=composed.sentences,
            citations=composed.citations,
            confidence=composed.confidence,
            hits=hits,
            nearest=composed.nearest,
            reason=composed.reason,
            timings_ms=watch.timings_ms(),
            generation=watch.generation,
            notes=composed.notes,
            alternatives=composed.alternatives,
            timeline=composed.timeline,
            implied=implied_words(query),
            weighed=weighed,
        )

    def understand(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
        earlier_answer: str = "",
    ) -> Query:
        """Read a question in the light of the archive's own sources; `earlier_answer` as in `qa.query.understand`."""
        return understand(
            question,
            asked_on=today,
            history=history,
            filters=filters,
            sources=[count.source for count in self.store.sources()],
            implied=implied,
            earlier_answer=earlier_answer,
        )

    def search(self, text: str, *, k: int, today: date, filters: Filters | None = None) -> list[Retrieved]:
        """Return the `k` best passages for a query, best first."""
        return retrieve(self.store, self.understand(text, today=today, filters=filters), k)

    def article(self, article_id: str) -> Article:
        """Return one article. Raises UnknownArticleError."""
        return find_article(self.store, article_id)

    def _bounded(self, query: Query) -> Query:
        """Leave out of the search what was published after the day that a question is asked, or asked as of."""
        last, covers = last_day(query), self._covers()
        if covers is None or covers[1] <= last:
            return query
        try:
            filters = replace(query.filters, published_to=min(query.filters.published_to or last, last))
        except ValueError:  # the user's first day is later: nothing that was known then is looked for
            return query
        return replace(query, filters=filters)

    def _covers(self) -> tuple[date, date] | None:
        days = self.store.days()
        return (min(days), max(days)) if days else None

    def _sources(self, query: Query, retrieved: Sequence[Retrieved]) -> Sources:
        ids = sorted({passage.article_id for item in retrieved for passage in (item.hit.passage, *item.copies)})
        articles = self.store.articles(ids)
        times = self.store.times(ids) if self._limits.time else {}
        covers = self._covers() if query.window or query.subject else None
        return Sources(articles, times, _copies(retrieved, articles), covers)


def weigh(retrieved: Sequence[Retrieved], candidates: Sequence[Candidate]) -> dict[str, Weighed]:
    """Return, by passage id, why each passage was found and the score of the best candidate in it."""
    best: dict[str, float] = {}
    for candidate in candidates:
        key = candidate.passage.id
        best[key] = max(candidate.score, best.get(key, candidate.score))
    return {
        key: Weighed(item.dense, item.lexical, item.named, best.get(key))
        for item in retrieved
        for key in (item.hit.passage.id,)
    }


def _copies(retrieved: Sequence[Retrieved], articles: Mapping[str, Article]) -> dict[str, tuple[str, ...]]:
    """Map each passage's id to the sources of its copies, each once, in order."""
    return {
        item.hit.passage.id: tuple(dict.fromkeys(articles[copy.article_id].source for copy in item.copies))
        for item in retrieved
        if item.copies
    }


def open_reader(settings: Settings, embedder: Embedder) -> Reader:
    """Return the reader that the settings name. Raises ReaderError when it cannot be loaded."""
    if settings.reader == SENTENCES:
        return SentenceReader(embedder)
    trained = load_reader(settings.reader, device=settings.device, dtype=settings.dtype)
    # The judge is fitted to the odds that the model gives: to fit them to anything else before would change nothing.
    return JudgedReader(SpanReader(trained.scorer, UNFITTED, rank_prior=RANK_PRIOR))


class _Watch:
    """Measures the stages of one question, in milliseconds; `generation` is the archive's when it was asked."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self._started = self._lap = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self._laps[stage] = self._laps.get(stage, 0.0) + (now - self._lap) * 1000
        self._lap = now

    def count(self, answer: Answer) -> None:
        """Count as this question's what each stage of another took that was answered for it."""
        for stage, spent_ms in answer.timings_ms.items():
            if stage != "total":
                self._laps[stage] = self._laps.get(stage, 0.0) + spent_ms
        self._lap = perf_counter()

    def timings_ms(self) -> dict[str, float]:
        """Return the whole first, then each stage."""
        return {"total": (self._lap - self._started) * 1000, **self._laps}
