"""The store: one index folder, searched by meaning and by words. The database is the truth; the rest is derived."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType

from corpus.passages import SPLITTER
from corpus.times import TIME_TABLES
from corpus.types import Article, Passage, TimeExpression
from vectorstore import contents
from vectorstore.database import FILE, Database
from vectorstore.dense import DenseIndex, saved_files
from vectorstore.embedder import Embedder
from vectorstore.errors import DiskFullError, IndexBusyError, IndexMismatchError, StorageError
from vectorstore.lexical import FOLDER, LexicalIndex
from vectorstore.lock import only_writer
from vectorstore.schema import SCHEMA, check_recipe
from vectorstore.types import Filters, Hit, Listing, Manifest, Origin, SourceCount, StoreStatus
from vectorstore.vectors import Vectors

REBUILDING = "rebuilding"  # the note of a rebuild that is not finished
REBUILD_UNFINISHED = 'a rebuild is not finished: run "dateline index --rebuild"'
# The lexical index may be a moment ahead of the database as a search sees it; the search is then made again.
TRIES = 3
_COUNTS = "SELECT count(*), count(day), min(day), max(day), total(passages) FROM articles"
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
        times=TIME_TABLES,
    )


def unfinished(folder: Path) -> IndexMismatchError:
    """Return the error of an index whose rebuild was cut short."""
    return IndexMismatchError(
        f'index at {folder} was being rebuilt and is not finished: run "dateline index --rebuild --index {folder}"'
    )


class Store:
    """An open index. Reading is safe from any thread, never waits for a writer, and sees what writers have stored."""

    def __init__(self, database: Database, embedder: Embedder, dense: DenseIndex, lexical: LexicalIndex) -> None:
        self.database = database
        self.embedder = embedder
        self._dense = dense
        self._lexical = lexical
        self._sources: tuple[int, tuple[SourceCount, ...]] = (-1, ())

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, *, create: bool = False, rebuild: bool = False) -> Store:
        """Open the index in a folder; with `create`, make an empty one where there is none.

        Derived indexes that are missing, damaged or behind are made anew from the database, with nothing embedded
        again. `rebuild` opens an index of another recipe, for `sync` to rebuild. Raises IndexProblemError.
        """
        database = Database.open(folder, manifest_of(embedder), create=create, any_recipe=rebuild)
        try:
            if database.meta(REBUILDING) and not rebuild:
                raise unfinished(folder)
            dense = DenseIndex.load(folder, database.manifest.dimension, database.identity)
            store = cls(database, embedder, dense, LexicalIndex.open(folder, database.identity))
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
        with only_writer(self.folder):
            yield

    def derive(self) -> None:
        """Bring both derived indexes up to the database. For the one writer."""
        identity = self.database.identity
        if self._lexical.identity != identity or not self._lexical.stored:
            self._lexical = LexicalIndex.create(self.folder, identity)
        try:
            self._lexical.catch_up(self.database)
        except DiskFullError:
            raise
        except StorageError as error:
            _log.warning("the lexical index is made anew: %s", error)
            self._lexical = LexicalIndex.create(self.folder, identity)
            self._lexical.catch_up(self.database)
        with self.database.snapshot():
            if self._dense.identity != identity:
                self._dense = DenseIndex.empty(self.database.manifest.dimension, identity)
            self._dense.catch_up(self.database)

    def save(self) -> None:
        """Bring both derived indexes up to the database, and save what is kept in memory. For the one writer."""
        self.derive()
        self._dense.save(self.folder)
        contents.forget_removals(self.database)

    def _heal(self) -> None:
        """Write what a crash or a deleted file left behind, unless a writer is at work and will do it."""
        if self._lexical.generation == self.generation:
            return
        try:
            with self.writing():
                self.save()
        except IndexBusyError:
            self._follow()
        except StorageError as error:
            _log.warning("what is missing of the lexical index is made in memory: %s", error)
            self._lexical = LexicalIndex.in_memory(self.database.identity)
            self._lexical.catch_up(self.database)

    def _follow(self) -> None:
        """See by words what a writer has stored since the last search."""
        if self._lexical.generation == self.generation:
            return
        self.refuse_rebuilding()
        identity = self.database.identity
        if self._lexical.identity == identity and self._lexical.stored:
            self._lexical.reload()
            return
        there = LexicalIndex.open(self.folder, identity)
        if there.stored or self._lexical.identity != identity:
            self._lexical = there
        elif self._lexical.generation:  # made in memory, for want of a folder that can be written to
            self._lexical.catch_up(self.database)

    def _follow_dense(self) -> DenseIndex:
        """Return the dense index as the database is in the snapshot that this is called in."""
        if self._dense.generation != self.generation:
            self.refuse_rebuilding()
            if self._dense.identity != self.database.identity:
                check_recipe(self.folder, self.database.manifest, manifest_of(self.embedder))
                self._dense = DenseIndex.load(self.folder, self.embedder.dimension, self.database.identity)
            self._dense.catch_up(self.database)
        return self._dense

    def refuse_rebuilding(self) -> None:
        """Raise IndexBusyError while the index is being rebuilt, or was and is not finished."""
        if self.database.meta(REBUILDING):
            raise IndexBusyError(f"the index at {self.folder} is being rebuilt: ask again when it is done")

    def search_dense(self, texts: Sequence[str], k: int, filters: Filters | None = None) -> list[list[Hit]]:
        """Return the k nearest passages by meaning for each text, best first, their score the cosine.

        A blank text has none. Raises ValueError for a k below 1.
        """
        told = [text for text in texts if text.strip()]
        found = iter(self.search_vectors(self.embedder.embed_queries(told), k, filters))
        return [next(found) if text.strip() else [] for text in texts]

    def search_vectors(self, vectors: Vectors, k: int, filters: Filters | None = None) -> list[list[Hit]]:
        """Return the k nearest passages for each unit-norm vector, float32 (n, dimension)."""
        wanted = filters or Filters()

        def search() -> list[contents.Found]:
            articles = None if wanted.empty else contents.filtered_articles(self.database, wanted)
            return self._follow_dense().search(vectors, k, articles)

        return self._search(search, k, Origin.DENSE)

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters | None = None) -> list[list[Hit]]:
        """Return the k best passages by words for each text, best first, their score BM25."""
        wanted = filters or Filters()

        def search() -> list[contents.Found]:
            lexical, ids = self._lexical, wanted.article_ids
            articles = contents.article_keys(self.database, ids) if ids else None
            gone = contents.removed_since(self.database, lexical.generation).tolist()
            return [lexical.search(text, k, wanted, articles=articles, without=gone) for text in texts]

        return self._search(search, k, Origin.LEXICAL)

    def _search(self, search: Callable[[], list[contents.Found]], k: int, origin: Origin) -> list[list[Hit]]:
        if k < 1:
            raise ValueError(f"k is {k}: at least one passage must be asked for")
        for _ in range(TRIES):
            self._follow()
            with self.database.snapshot():
                found = search()
                keys = {key for row in found for key, _ in row}
                passages = contents.read_passages(self.database, keys)
            if len(passages) == len(keys):
                break
        return [_hits([(passages[key], score) for key, score in row if key in passages], origin) for row in found]

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles with these ids, by id; an unknown id is left out."""
        return contents.read_articles(self.database, ids)

    def times(self, ids: Sequence[str]) -> dict[str, tuple[TimeExpression, ...]]:
        """Return the time expressions of each article, in order of place, by article id."""
        return contents.read_times(self.database, ids)

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in order; an unknown one has none."""
        return contents.passages_of(self.database, article_id)

    def sources(self) -> tuple[SourceCount, ...]:
        """Return the sources of the articles, those with most first; articles that name none are left out."""
        generation = self.generation
        if self._sources[0] != generation:
            self._sources = generation, contents.count_sources(self.database)
        return self._sources[1]

    def list_articles(self, filters: Filters | None = None, *, offset: int = 0, limit: int = 50) -> Listing:
        """Return a page of the articles that the filters admit, latest first and undated ones last."""
        return contents.list_articles(self.database, filters or Filters(), offset=offset, limit=limit)

    def days(self) -> dict[date, int]:
        """Return how many articles were published on each day, oldest first; undated ones are not counted."""
        return contents.count_days(self.database)

    def remove(self, ids: Sequence[str]) -> int:
        """Remove articles and return how many there were; they cannot be found when this returns.

        An article whose file is still there comes back when the file is indexed again.
        """
        with self.writing():
            with self.database.transaction():
                removed = contents.take_out(self.database, ids)
            if not self.database.meta(REBUILDING):
                self.save()
        return removed

    def status(self) -> StoreStatus:
        """Return what the index holds and whether its parts agree."""
        problems = [REBUILD_UNFINISHED] if self.database.meta(REBUILDING) else self._disagreements()
        (articles, dated, first, last, passages), *_ = self.database.rows(_COUNTS)
        return StoreStatus(
            folder=str(self.folder),
            articles=articles,
            undated=articles - dated,
            passages=int(passages),
            earliest=date.fromordinal(first) if dated else None,
            latest=date.fromordinal(last) if dated else None,
            sources=self.sources(),
            manifest=self.database.manifest,
            generation=self.generation,
            bytes_on_disk=_sizes(self.folder),
            healthy=not problems,
            problems=tuple(problems),
        )

    def _disagreements(self) -> list[str]:
        self._follow()
        with self.database.snapshot():
            passages = int(self.database.rows(_COUNTS)[0][-1])
            parts = {"dense": self._follow_dense().count}
            if self._lexical.generation == self.generation:
                parts["lexical"] = self._lexical.count
        return [
            f"the {name} index has {count} of {passages} passages" for name, count in parts.items() if count != passages
        ]


def _hits(found: Sequence[tuple[Passage, float]], origin: Origin) -> list[Hit]:
    """Return hits, best first; those that are equally good in order of article and place."""
    hits = [Hit(passage, score, origin) for passage, score in found]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))


def _sizes(folder: Path) -> dict[str, int]:
    return {
        "database": sum(path.stat().st_size for path in folder.glob(f"{FILE}*")),
        "dense": sum(path.stat().st_size for path in saved_files(folder)),
        "lexical": sum(path.stat().st_size for path in (folder / FOLDER).glob("*") if path.is_file()),
    }
