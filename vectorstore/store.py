"""The store: one index folder, searched by meaning and by words. The database is the truth; the rest is derived."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import RLock
from types import TracebackType

from filelock import FileLock, Timeout

from corpus.passages import SPLITTER
from corpus.types import Article, Passage, TimeExpression
from vectorstore.database import FILE, SCHEMA, Database, about_storage
from vectorstore.dense import DenseIndex, saved_files
from vectorstore.embedder import Embedder
from vectorstore.errors import IndexBusyError, IndexMismatchError
from vectorstore.lexical import FOLDER, LexicalIndex
from vectorstore.rows import ARTICLE_COLUMNS, TIME_COLUMNS, to_article, to_passage, to_time
from vectorstore.types import Filters, Hit, Manifest, Origin, SourceCount, StoreStatus
from vectorstore.vectors import Vectors

LOCK = "writer.lock"
HOLDER = "writer.pid"
REBUILDING = "rebuilding"  # the note of a rebuild that is not finished
_log = logging.getLogger(__name__)


def manifest_of(embedder: Embedder) -> Manifest:
    """Return the recipe of an index that this Dateline builds with an embedder."""
    return Manifest(
        schema=SCHEMA,
        model=embedder.name,
        model_digest=embedder.digest,
        dimension=embedder.dimension,
        window=embedder.window,
        splitter=SPLITTER,
    )


class Store:
    """An open index. Reading is safe from any thread and never waits for a writer."""

    def __init__(self, database: Database, embedder: Embedder, dense: DenseIndex, lexical: LexicalIndex) -> None:
        self.database = database
        self.embedder = embedder
        self._dense = dense
        self._lexical = lexical
        self._lock = RLock()
        self._sources: tuple[int, tuple[SourceCount, ...]] = (-1, ())

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, *, create: bool = False, rebuild: bool = False) -> Store:
        """Open the index in a folder; with `create`, make an empty one where there is none.

        Derived indexes that are missing, damaged or behind are made anew from the database, with nothing embedded
        again. `rebuild` opens an index of another recipe, for `sync` to rebuild. Raises IndexProblemError.
        """
        manifest = manifest_of(embedder)
        database = Database.open(folder, manifest, create=create, any_recipe=rebuild)
        try:
            if database.meta(REBUILDING) and not rebuild:
                raise IndexMismatchError(
                    f'index at {folder} was being rebuilt and is not finished: run "dateline index --rebuild"'
                )
            dense = DenseIndex.load(folder, database.manifest.dimension, database.identity)
            lexical = LexicalIndex.open(folder, database.identity, writable=False)
            store = cls(database, embedder, dense, lexical)
            if not rebuild:
                store._heal()
        except BaseException:
            database.close()
            raise
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    @property
    def folder(self) -> Path:
        """The index's folder."""
        return self.database.folder

    @property
    def generation(self) -> int:
        """How many batches have been stored."""
        return self.database.generation

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer of this index. Raises IndexBusyError at once when another process is."""
        holder = self.folder / HOLDER
        lock = FileLock(self.folder / LOCK)
        with about_storage(self.folder):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                pid = holder.read_text(encoding="utf-8").strip() if holder.exists() else "unknown"
                raise IndexBusyError(
                    f"another process (pid {pid}) is writing to the index at {self.folder}: wait until it is done"
                ) from None
        try:
            with about_storage(self.folder):
                from os import getpid

                holder.write_text(f"{getpid()}\n", encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def derive(self) -> None:
        """Bring both derived indexes up to the database and save them. For the one writer."""
        with self._lock:
            if self._dense.identity != self.database.identity:
                self._dense = DenseIndex.empty(self.database.manifest.dimension, self.database.identity)
            if self._lexical.identity != self.database.identity or not self._lexical.stored:
                self._lexical = LexicalIndex.open(self.folder, self.database.identity, writable=True)
            self._lexical.catch_up(self.database)
            self._dense.catch_up(self.database)
            self._dense.save(self.folder)

    def _heal(self) -> None:
        """Catch up what a crash or a deleted file left behind, unless a writer is at work and will do it."""
        generation = self.generation
        if self._dense.generation == generation == self._lexical.generation:
            return
        try:
            with self.writing():
                self.derive()
        except IndexBusyError:
            self._follow()
        except OSError as error:
            _log.warning("the index is read as it is: %s", error)
            self._follow()

    def _follow(self) -> None:
        """See what a writer has stored since the last search."""
        if self._dense.generation == self.generation == self._lexical.generation:
            return
        with self._lock:
            if self.database.meta(REBUILDING):
                raise IndexBusyError(f"the index at {self.folder} is being rebuilt: ask again when it is done")
            if self._dense.identity != self.database.identity:
                self._dense = DenseIndex.load(self.folder, self.database.manifest.dimension, self.database.identity)
            self._dense.catch_up(self.database)
            if self._lexical.identity != self.database.identity or not self._lexical.stored:
                self._lexical = LexicalIndex.open(self.folder, self.database.identity, writable=False)
            self._lexical.reload()

    def search_dense(self, texts: Sequence[str], k: int, filters: Filters | None = None) -> list[list[Hit]]:
        """Return the k nearest passages by meaning for each text, best first, their score the cosine."""
        return self.search_vectors(self.embedder.embed_queries(texts), k, filters)

    def search_vectors(self, vectors: Vectors, k: int, filters: Filters | None = None) -> list[list[Hit]]:
        """Return the k nearest passages for each unit-norm vector, float32 (n, dimension)."""
        _check_k(k)
        self._follow()
        allowed = None if filters is None or filters.empty else self._keys(filters)
        return [self._hits(found, Origin.DENSE) for found in self._dense.search(vectors, k, allowed)]

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters | None = None) -> list[list[Hit]]:
        """Return the k best passages by words for each text, best first, their score BM25."""
        _check_k(k)
        self._follow()
        return [self._hits(self._lexical.search(text, k, filters or Filters()), Origin.LEXICAL) for text in texts]

    def _hits(self, found: Sequence[tuple[int, float]], origin: Origin) -> list[Hit]:
        """Return hits for keys; one removed since the derived index was caught up is no hit."""
        rows = self.database.rows_where(
            "SELECT p.key, a.id, p.start, p.end, substr(a.text, p.start + 1, p.end - p.start)"
            " FROM passages p JOIN articles a ON a.key = p.article WHERE p.key IN",
            [key for key, _ in found],
        )
        passages = {key: to_passage(str(name), *span) for key, name, *span in rows}  # type: ignore[arg-type]
        hits = [Hit(passages[key], score, origin) for key, score in found if key in passages]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))

    def _keys(self, filters: Filters) -> list[int]:
        """Return the keys of the passages that may be searched."""
        clauses, values = ["1"], list[object]()
        if filters.published_from:
            clauses.append("a.day >= ?")
            values.append(filters.published_from.toordinal())
        if filters.published_to:
            clauses.append("a.day <= ?")
            values.append(filters.published_to.toordinal())
        for column, wanted in (
            ("a.folded_source", sorted({source.casefold() for source in filters.sources})),
            ("a.id", sorted(filters.article_ids)),
        ):
            if wanted:
                clauses.append(f"{column} IN ({', '.join('?' * len(wanted))})")
                values += wanted
        rows = self.database.rows(
            f"SELECT p.key FROM passages p JOIN articles a ON a.key = p.article WHERE {' AND '.join(clauses)}", values
        )
        return [int(str(row[0])) for row in rows]

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles with these ids, by id; an unknown id is left out."""
        rows = self.database.rows_where(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN", list(ids))
        return {article.id: article for article in map(to_article, rows)}

    def times(self, ids: Sequence[str]) -> dict[str, tuple[TimeExpression, ...]]:
        """Return the time expressions of each article, in order of place, by article id."""
        rows = self.database.rows_where(
            f"SELECT a.id, {TIME_COLUMNS} FROM times t JOIN articles a ON a.key = t.article WHERE a.id IN", list(ids)
        )
        found: dict[str, list[TimeExpression]] = {article_id: [] for article_id in ids}
        for article_id, *row in rows:
            found[str(article_id)].append(to_time(row))
        return {key: tuple(sorted(times, key=lambda time: (time.start, time.end))) for key, times in found.items()}

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in order; an unknown one has none."""
        rows = self.database.rows(
            "SELECT p.start, p.end, substr(a.text, p.start + 1, p.end - p.start)"
            " FROM passages p JOIN articles a ON a.key = p.article WHERE a.id = ? ORDER BY p.start",
            [article_id],
        )
        return [to_passage(article_id, *row) for row in rows]  # type: ignore[arg-type]

    def sources(self) -> tuple[SourceCount, ...]:
        """Return the sources of the articles, those with most first; articles that name none are left out."""
        generation = self.generation
        if self._sources[0] != generation:
            rows = self.database.rows(
                "SELECT source, count(*) FROM articles WHERE source != '' GROUP BY source"
                " ORDER BY count(*) DESC, source"
            )
            self._sources = generation, tuple(SourceCount(str(source), int(str(count))) for source, count in rows)
        return self._sources[1]

    def remove(self, ids: Sequence[str]) -> int:
        """Remove articles and return how many there were; they cannot be found when this returns."""
        with self.writing():
            with self.database.transaction():
                removed = self.database.take_out(list(dict.fromkeys(ids)), self.database.next_generation())
            self.derive()
        return removed

    def status(self) -> StoreStatus:
        """Return what the index holds and whether its parts agree."""
        self._follow()
        (articles, undated, first, last), *_ = self.database.rows(
            "SELECT count(*), count(*) - count(day), min(day), max(day) FROM articles"
        )
        passages = int(str(self.database.rows("SELECT count(*) FROM passages")[0][0]))
        problems = [
            f"the {name} index has {count} of {passages} passages"
            for name, count in (("dense", self._dense.count), ("lexical", self._lexical.count))
            if count != passages
        ]
        return StoreStatus(
            folder=str(self.folder),
            articles=int(str(articles)),
            undated=int(str(undated)),
            passages=passages,
            earliest=date.fromordinal(first) if isinstance(first, int) else None,
            latest=date.fromordinal(last) if isinstance(last, int) else None,
            sources=self.sources(),
            manifest=self.database.manifest,
            generation=self.generation,
            bytes_on_disk=_sizes(self.folder),
            healthy=not problems,
            problems=tuple(problems),
        )


def _check_k(k: int) -> None:
    if k < 1:
        raise ValueError(f"k is {k}: at least one passage must be asked for")


def _sizes(folder: Path) -> dict[str, int]:
    return {
        "database": sum(path.stat().st_size for path in folder.glob(f"{FILE}*")),
        "dense": sum(path.stat().st_size for path in saved_files(folder)),
        "lexical": sum(path.stat().st_size for path in (folder / FOLDER).glob("*") if path.is_file()),
    }
