"""Brings an index in line with files: adds what is new, replaces what changed, leaves the rest."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.errors import UnreadableFileError
from corpus.passages import embedded_text, passage_header, split_passages
from corpus.read import read_file
from corpus.times import find_times
from corpus.types import Article, Passage, TimeExpression, Unreadable
from corpus.walk import walk
from vectorstore.database import Prepared
from vectorstore.rows import ARTICLE_COLUMNS, to_article
from vectorstore.store import REBUILDING, Store, manifest_of
from vectorstore.types import Failure, SyncReport
from vectorstore.vectors import Vectors

BATCH_PASSAGES = 1024  # stored together: what a crash can lose, a few seconds of work
BATCHES_AHEAD = 2  # prepared while the one before is embedded
DERIVE_EVERY = 32  # batches: how long new articles wait to be found by words while a long run goes on
READ_BYTES = 1 << 20

Progress = Callable[[int, int], None]  # articles and passages done so far


def sync(
    store: Store,
    paths: Iterable[Path],
    *,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index in line with files and folders; run twice, the second changes nothing.

    A file whose bytes are those last read is not read again. `prune` also removes articles that came from under these
    paths and are gone; `rebuild` first splits and embeds every stored article anew. Raises IndexBusyError when another
    process is writing, MissingPathError for a path that does not exist; a file that cannot be read is reported.
    """
    with store.writing():
        run = _Run(store, progress or (lambda articles, passages: None))
        try:
            if rebuild:
                run.rebuild()
            files = [Path(path) for path in paths]
            run.read(walk(files), prune=prune)
            run.finish()
            if prune:
                run.prune(files)
        finally:
            run.close()
            store.derive()
    return run.report()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An article split, with its vectors still to be made."""

    path: str
    article: Article
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    times: tuple[TimeExpression, ...]


@dataclass(frozen=True, slots=True)
class _Settling:
    """A file that has been read: once `after` articles are stored, `gone` go and its digest is noted."""

    after: int
    path: str
    digest: str
    gone: tuple[str, ...]


@dataclass(slots=True)
class _File:
    """What one file has shown so far: ids met, and new articles by id with what else may tell them apart."""

    ids: set[str] = field(default_factory=set)
    added: dict[str, tuple[str, str]] = field(default_factory=dict)
    failed: bool = False


class _Run:
    """One sync: this thread reads and splits while another embeds; batches are stored in order, each at once."""

    def __init__(self, store: Store, progress: Progress) -> None:
        self._store = store
        self._database = store.database
        self._progress = progress
        self._counts: Counter[str] = Counter()
        self._failures: list[Failure] = []
        self._waiting: list[_Waiting] = []
        self._embedding: deque[tuple[list[_Waiting], Future[Vectors]]] = deque()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="embed")
        self._settling: deque[_Settling] = deque()
        self._prepared = self._stored = 0
        self._done = [0, 0]
        self._batches = 0
        self._database.rows("DROP TABLE IF EXISTS temp.seen")
        self._database.rows("CREATE TEMP TABLE seen(id TEXT PRIMARY KEY, hash TEXT, path TEXT) WITHOUT ROWID")

    def close(self) -> None:
        """Let go of the other thread."""
        self._pool.shutdown(cancel_futures=True)

    def report(self) -> SyncReport:
        """Return what was done."""
        count = self._counts
        return SyncReport(count["added"], count["updated"], count["unchanged"], count["removed"], tuple(self._failures))

    def read(self, found: Iterable[Path | Unreadable], *, prune: bool) -> None:
        """Take in every file."""
        for item in found:
            if isinstance(item, Unreadable):
                self._fail(item)
            else:
                self._read_file(item, prune=prune)

    def _read_file(self, path: Path, *, prune: bool) -> None:
        name = str(path.resolve())
        try:
            digest = _digest(path)
        except OSError as error:
            self._failures.append(Failure(str(path), f"it cannot be opened ({error.strerror or error})"))
            return
        if self._database.rows("SELECT 1 FROM files WHERE path = ? AND digest = ?", [name, digest]):
            self._database.rows(
                "INSERT OR IGNORE INTO seen SELECT id, content_hash, path FROM articles WHERE path = ?", [name]
            )
            rows = self._database.rows("SELECT count(*) FROM articles WHERE path = ?", [name])
            self._count_unchanged(int(str(rows[0][0])))
            return
        file = _File()
        try:
            for item in read_file(path):
                if isinstance(item, Unreadable):
                    file.failed = True
                    self._fail(item)
                else:
                    self._take(item, name, file)
        except UnreadableFileError as error:
            file.failed = True
            self._failures.append(Failure(str(path), str(error)))
        self._settle_file(name, digest, file, prune=prune)

    def _fail(self, item: Unreadable) -> None:
        place = f"{item.path}, {item.entry}" if item.entry else str(item.path)
        self._failures.append(Failure(place, item.reason))

    def _take(self, article: Article, path: str, file: _File) -> None:
        """Decide what one article is to the index: new, changed, unchanged, or a second of its id in this run."""
        file.ids.add(article.id)
        if seen := self._database.rows("SELECT hash, path FROM seen WHERE id = ?", [article.id]):
            if seen[0][0] == article.content_hash:
                self._count_unchanged(1)
            else:
                file.failed = True
                self._failures.append(Failure(path, f"its id {article.id!r} is that of an article of {seen[0][1]} too"))
            return
        self._database.rows("INSERT INTO seen VALUES (?, ?, ?)", [article.id, article.content_hash, path])
        stored = self._database.rows("SELECT content_hash, path FROM articles WHERE id = ?", [article.id])
        if not stored:
            file.added[article.id] = (article.url, article.title)
            self._counts["added"] += 1
        elif stored[0][0] == article.content_hash:
            if stored[0][1] != path:
                self._database.rows("UPDATE articles SET path = ? WHERE id = ?", [path, article.id])
            self._count_unchanged(1)
            return
        else:
            self._counts["updated"] += 1
        self._prepare(article, path)

    def _count_unchanged(self, count: int) -> None:
        self._counts["unchanged"] += count
        self._done[0] += count
        self._progress(*self._done)

    def _prepare(self, article: Article, path: str) -> None:
        embedder = self._store.embedder
        passages = tuple(split_passages(article, piece_spans=embedder.piece_spans, window=embedder.window))
        header = passage_header(article, piece_spans=embedder.piece_spans, window=embedder.window)
        texts = tuple(embedded_text(header, passage) for passage in passages)
        times = tuple(find_times(article.text, article.published_day))
        self._prepared += 1
        self._waiting.append(_Waiting(path, article, passages, texts, times))
        if sum(len(item.passages) for item in self._waiting) >= BATCH_PASSAGES:
            self._send()

    def _send(self) -> None:
        """Hand what waits to the other thread; store what it has done."""
        if self._waiting:
            texts = [text for item in self._waiting for text in item.texts]
            self._embedding.append((self._waiting, self._pool.submit(self._embed, texts)))
            self._waiting = []
        while self._embedding and (len(self._embedding) >= BATCHES_AHEAD or self._embedding[0][1].done()):
            self._store_batch()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._store.embedder.dimension), np.float32)
        return self._store.embedder.embed_passages(texts)

    def _store_batch(self) -> None:
        batch, future = self._embedding.popleft()
        vectors = future.result()
        with self._database.transaction():
            self._database.put(_with_vectors(batch, vectors), self._database.next_generation())
        self._stored += len(batch)
        self._settle()
        self._batches += 1
        if self._batches % DERIVE_EVERY == 0 and not self._database.meta(REBUILDING):
            self._store.derive()
        self._done[0] += len(batch)
        self._done[1] += len(vectors)
        self._progress(*self._done)

    def finish(self) -> None:
        """Embed and store all that waits."""
        self._send()
        while self._embedding:
            self._store_batch()
        self._settle()

    def _settle_file(self, path: str, digest: str, file: _File, *, prune: bool) -> None:
        """Decide what a changed file no longer holds; it is replaced once all that the file holds is stored."""
        stored = self._database.rows("SELECT id, url, title FROM articles WHERE path = ?", [path])
        vanished = [(str(i), str(url), str(title)) for i, url, title in stored if i not in file.ids]
        replaced = _replaced(vanished, file) if not file.failed else []
        gone = [article_id for article_id, _, _ in vanished if prune and not file.failed and article_id not in replaced]
        self._counts["added"] -= len(replaced)
        self._counts["updated"] += len(replaced)
        self._counts["removed"] += len(gone)
        self._settling.append(_Settling(self._prepared, path, "" if file.failed else digest, (*replaced, *gone)))

    def _settle(self) -> None:
        """Finish the files all of whose articles are stored: only now is a file known, so a crash reads it again."""
        due = []
        while self._settling and self._settling[0].after <= self._stored:
            due.append(self._settling.popleft())
        if not due:
            return
        with self._database.transaction():
            if gone := [article_id for settling in due for article_id in settling.gone]:
                self._database.take_out(gone, self._database.next_generation())
            for settling in due:
                if settling.digest:
                    self._database.rows("INSERT OR REPLACE INTO files VALUES (?, ?)", [settling.path, settling.digest])

    def prune(self, roots: Sequence[Path]) -> None:
        """Remove the articles of files that lay under `roots` and are gone."""
        resolved = [root.resolve() for root in roots]
        for (name,) in self._database.rows("SELECT DISTINCT path FROM articles ORDER BY path"):
            path = Path(str(name))
            if not path.exists() and any(path.is_relative_to(root) for root in resolved):
                ids = [
                    str(row[0]) for row in self._database.rows("SELECT id FROM articles WHERE path = ?", [str(path)])
                ]
                with self._database.transaction():
                    self._counts["removed"] += self._database.take_out(ids, self._database.next_generation())
                    self._database.rows("DELETE FROM files WHERE path = ?", [str(path)])

    def rebuild(self) -> None:
        """Split and embed every stored article again, under the present recipe; after a crash, go on where it was."""
        if not self._database.meta(REBUILDING):
            with self._database.transaction():
                self._database.set_meta(REBUILDING, str(self._database.next_generation()))
        began = int(self._database.meta(REBUILDING))
        for path, article in self._stale(began):
            self._prepare(article, path)
        self.finish()
        with self._database.transaction():
            self._database.set_recipe(manifest_of(self._store.embedder))
            self._database.set_meta(REBUILDING, "")

    def _stale(self, began: int) -> Iterator[tuple[str, Article]]:
        rows = self._database.rows(
            "SELECT id FROM articles a WHERE NOT EXISTS"
            " (SELECT 1 FROM passages p WHERE p.article = a.key AND p.generation > ?) ORDER BY key",
            [began],
        )
        for (article_id,) in rows:
            (path, *row), *_ = self._database.rows(
                f"SELECT path, {ARTICLE_COLUMNS} FROM articles WHERE id = ?", [article_id]
            )
            yield str(path), to_article(row)


def _with_vectors(batch: Sequence[_Waiting], vectors: Vectors) -> Iterator[Prepared]:
    start = 0
    for item in batch:
        end = start + len(item.passages)
        yield Prepared(item.path, item.article, item.passages, item.times, vectors[start:end])
        start = end


def _replaced(vanished: Sequence[tuple[str, str, str]], file: _File) -> list[str]:
    """Return the vanished ids that a new article of the same file replaces: by its URL, its title, or being the one."""
    if len(vanished) == 1 and len(file.added) == 1 and len(file.ids) == 1:
        return [vanished[0][0]]
    replaced = []
    new = dict(file.added)
    for article_id, url, title in vanished:
        twin = next((i for i, (u, t) in new.items() if (url and u == url) or (title and t == title)), None)
        if twin is not None:
            del new[twin]
            replaced.append(article_id)
    return replaced


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()
