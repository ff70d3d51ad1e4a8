"""The way of articles into an index: split, embedded, stored, a batch at a time."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from types import TracebackType

import numpy as np

from corpus.passages import embedded_text, passage_header, split_passages
from corpus.times import find_times
from corpus.types import Article, Passage, TimeExpression
from vectorstore import holdings
from vectorstore.contents import Prepared, put_articles, take_out
from vectorstore.embedder import Embedder, WindowError
from vectorstore.holdings import Met
from vectorstore.store import REBUILDING, Store
from vectorstore.types import Failure
from vectorstore.vectors import Vectors

# Stored together, and what a crash can lose: some seconds of work. Fewer passages pad each other more when they are
# embedded, and many batches of few make more commits than work.
BATCH_PASSAGES = 1024
BATCH_ARTICLES = 256
BATCHES_AHEAD = 2  # one is embedded while the next one is split
# Threads that embed ask for Python's lock between operations. By its default of 5 ms, each would wait that long while
# this thread splits: then they do a quarter less.
SWITCH_INTERVAL_S = 0.0002


class Outcome(Enum):
    """What became of an article."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REBUILT = "rebuilt"


@dataclass(slots=True)
class Settling:
    """A file being read. `complete`: each of its entries could be; `ended`: it was read to its end."""

    file: int
    path: str
    digest: str
    complete: bool = True
    ended: bool = True
    entries: int = 0
    added: int = 0
    after: int = 0  # it can be settled when so many articles of the run are stored


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An article split, with its vectors still to be made."""

    article: Article
    outcome: Outcome
    settling: Settling | None
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    times: tuple[TimeExpression, ...]


class Intake:
    """This thread reads and splits while another embeds; batches are stored in order, each in one transaction."""

    def __init__(self, store: Store, progress: Callable[[int, int], None]) -> None:
        self._store = store
        self._database = store.database
        self._progress = progress
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="embed")
        self._waiting: list[_Waiting] = []
        self._passages = 0  # of those waiting
        self._embedding: deque[tuple[list[_Waiting], Future[list[Vectors | WindowError]]]] = deque()
        self._settling: deque[Settling] = deque()
        self._taken = self._stored = 0
        self._done = [0, 0]
        self.counts: Counter[Outcome] = Counter()
        self.failures: list[Failure] = []

    def __enter__(self) -> Intake:
        self._usual_interval_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        sys.setswitchinterval(self._usual_interval_s)

    def count(self, outcome: Outcome, articles: int) -> None:
        """Count articles that need not be embedded."""
        self.counts[outcome] += articles
        self._tell(articles, 0)

    def take(self, article: Article, outcome: Outcome, settling: Settling | None = None) -> None:
        """Split an article, to be embedded and stored with its batch; it came from the file of `settling`, or none."""
        embedder = self._store.embedder
        passages = tuple(split_passages(article, piece_spans=embedder.piece_spans, window=embedder.window))
        header = passage_header(article, piece_spans=embedder.piece_spans, window=embedder.window)
        texts = tuple(embedded_text(header, passage) for passage in passages)
        times = tuple(find_times(article.text, article.published_day))
        self._waiting.append(_Waiting(article, outcome, settling, passages, texts, times))
        self._passages += len(passages)
        self._taken += 1
        if self._passages >= BATCH_PASSAGES or len(self._waiting) >= BATCH_ARTICLES:
            self._send()

    def settle(self, settling: Settling) -> None:
        """Note what a file holds, as soon as all of it is stored: until then, a crash makes it be read again."""
        settling.after = self._taken
        self._settling.append(settling)
        if self._stored == self._taken:
            self._settle()

    def finish(self) -> None:
        """Embed and store all that waits."""
        self._send()
        while self._embedding:
            self._store_batch()
        self._settle()

    def _send(self) -> None:
        """Hand what waits to the other thread; store what it has done."""
        if self._waiting:
            texts = [item.texts for item in self._waiting]
            self._embedding.append((self._waiting, self._pool.submit(embed_articles, self._store.embedder, texts)))
            self._waiting, self._passages = [], 0
        while self._embedding and (len(self._embedding) >= BATCHES_AHEAD or self._embedding[0][1].done()):
            self._store_batch()

    def _store_batch(self) -> None:
        batch, future = self._embedding.popleft()
        stored: list[Prepared] = []
        with self._database.transaction():
            for item, vectors in zip(batch, future.result(), strict=True):
                if isinstance(vectors, WindowError):
                    self._refuse(item, vectors)
                    continue
                stored.append(Prepared(item.article, item.passages, item.times, vectors))
                self._note(item)
            put_articles(self._database, stored)
        self._stored += len(batch)
        self._settle()
        self._tell(len(batch), sum(len(item.passages) for item in stored))
        if not self._database.meta(REBUILDING):
            self._store.derive()  # now, so that what replaces an article is found by words as soon as it is gone

    def _note(self, item: _Waiting) -> None:
        self.counts[item.outcome] += 1
        if item.settling:
            item.settling.added += item.outcome is Outcome.ADDED
            holdings.hold(self._database, item.settling.file, Met(item.article.id, item.article.content_hash))

    def _refuse(self, item: _Waiting, error: WindowError) -> None:
        if item.settling:
            item.settling.complete = False
        place = item.settling.path if item.settling else item.article.id
        self.failures.append(Failure(place, f"article {item.article.id!r} cannot be embedded ({error})"))

    def _settle(self) -> None:
        """Settle the files all of whose articles are stored."""
        due: list[Settling] = []
        while self._settling and self._settling[0].after <= self._stored:
            due.append(self._settling.popleft())
        if due:
            with self._database.transaction():
                for settling in due:
                    self._settle_file(settling)

    def _settle_file(self, settling: Settling) -> None:
        replaced: list[str] = []
        if settling.ended:
            replaced = holdings.replaced(self._database, settling.file, whole=settling.complete)
        if settling.complete:
            orphans = holdings.settle(self._database, settling.file, settling.digest, settling.entries, replaced)
        else:
            orphans = holdings.leave_open(self._database, settling.file, replaced)
        removed = take_out(self._database, orphans)
        # What stands in their place was counted as added, or as unchanged where a run before this one stored it.
        added = min(removed, settling.added)
        self.counts[Outcome.ADDED] -= added
        self.counts[Outcome.UNCHANGED] -= removed - added
        self.counts[Outcome.UPDATED] += removed

    def _tell(self, articles: int, passages: int) -> None:
        self._done[0] += articles
        self._done[1] += passages
        self._progress(*self._done)


def embed_articles(embedder: Embedder, articles: Sequence[Sequence[str]]) -> list[Vectors | WindowError]:
    """Return the vectors of each article's texts, or why they have none, float32 (texts, dimension)."""
    try:
        return list(_embed(embedder, articles))
    except WindowError:
        return [_embed_alone(embedder, texts) for texts in articles]


def _embed_alone(embedder: Embedder, texts: Sequence[str]) -> Vectors | WindowError:
    try:
        return _embed(embedder, [texts])[0]
    except WindowError as error:
        return error


def _embed(embedder: Embedder, articles: Sequence[Sequence[str]]) -> list[Vectors]:
    texts = [text for article in articles for text in article]
    parts = [
        embedder.embed_passages(texts[start : start + BATCH_PASSAGES]) for start in range(0, len(texts), BATCH_PASSAGES)
    ]
    vectors = np.concatenate([np.zeros((0, embedder.dimension), np.float32), *parts])
    ends = np.cumsum([len(article) for article in articles])
    return np.split(vectors, ends[:-1]) if articles else []
