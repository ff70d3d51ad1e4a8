"""The truth: articles, passages, the times they name and each passage's vector, in one SQLite file (WAL)."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import RLock

import numpy as np

from corpus.types import Article, Passage, TimeExpression
from vectorstore.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    NewerIndexError,
    StorageError,
)
from vectorstore.rows import article_row, passage_id, time_row
from vectorstore.types import Manifest
from vectorstore.vectors import Vectors

SCHEMA = 1
FILE = "articles.sqlite"
STORED = np.dtype("<f2")  # half precision: 768 bytes a passage; it moves a cosine by less than 0.0005
BUSY_TIMEOUT_S = 30.0  # a writer holds the file for the milliseconds of one commit
ROWS_TOGETHER = 900  # SQLite takes at most 999 parameters in its oldest builds

_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files(path TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles(
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, title TEXT NOT NULL,
  text TEXT NOT NULL, published TEXT, day INTEGER, updated TEXT, source TEXT NOT NULL, folded_source TEXT NOT NULL,
  author TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL, content_hash TEXT NOT NULL, metadata TEXT NOT NULL);
CREATE INDEX articles_path ON articles(path);
CREATE INDEX articles_day ON articles(day);
CREATE INDEX articles_source ON articles(folded_source);
CREATE TABLE passages(
  key INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles(key) ON DELETE CASCADE,
  start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX passages_article ON passages(article);
CREATE INDEX passages_generation ON passages(generation);
CREATE TABLE times(
  article INTEGER NOT NULL REFERENCES articles(key) ON DELETE CASCADE, start INTEGER NOT NULL, end INTEGER NOT NULL,
  earliest TEXT NOT NULL, latest TEXT NOT NULL, granularity TEXT NOT NULL, anchor TEXT NOT NULL, rule TEXT NOT NULL,
  certain INTEGER NOT NULL);
CREATE INDEX times_article ON times(article);
CREATE TABLE removed(passage INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE INDEX removed_generation ON removed(generation);
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: its file, passages, times, and vectors float32 (passages, dimension)."""

    path: str
    article: Article
    passages: tuple[Passage, ...]
    times: tuple[TimeExpression, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What the derived indexes need of a passage; `day` is the proleptic ordinal of publication, or None."""

    key: int
    passage_id: str
    article_id: str
    title: str
    source: str
    day: int | None
    text: str


class Database:
    """One connection to an index's SQLite file. Safe to share between threads: each call takes its lock."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = RLock()

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, *, create: bool = False, any_recipe: bool = False) -> Database:
        """Open the database of an index; with `create`, make it where there is none.

        `any_recipe` opens one that was built with another manifest, to rebuild it. Raises IndexMissingError,
        NewerIndexError, IndexMismatchError, IndexDamagedError or StorageError.
        """
        path = folder / FILE
        if not path.exists() and not create:
            raise IndexMissingError(
                f'there is no index at {folder}: make one with "dateline index --index {folder} PATH"'
            )
        with about_storage(folder):
            folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None)
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                database = cls(folder, connection)
                database._prepare(manifest)
            except BaseException:
                connection.close()
                raise
        if not any_recipe:
            _check_recipe(folder, database.manifest, manifest)
        return database

    def _prepare(self, manifest: Manifest) -> None:
        with self.transaction():
            if self._has_tables():
                schema = int(self.meta("schema"))
                if schema > SCHEMA:
                    raise NewerIndexError(
                        f"index at {self.folder} was written by a newer Dateline (format {schema}, this one reads "
                        f"{SCHEMA}): update Dateline, or name another folder with --index"
                    )
                return
            for statement in _TABLES.split(";\n"):
                self._connection.execute(statement)
            self.set_meta("schema", str(SCHEMA))
            self.set_meta("generation", "0")
            self.set_recipe(manifest)

    def _has_tables(self) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is stored together or not at all."""
        with self._lock, about_storage(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Run one statement and return its rows."""
        with self._lock, about_storage(self.folder):
            return self._connection.execute(statement, tuple(values)).fetchall()

    def rows_where(self, statement: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        """Run a statement that ends with `IN`, with all the values, however many there are."""
        found: list[tuple[object, ...]] = []
        for start in range(0, len(values), ROWS_TOGETHER):
            some = values[start : start + ROWS_TOGETHER]
            found += self.rows(f"{statement} ({', '.join('?' * len(some))})", some)
        return found

    def meta(self, key: str) -> str:
        """Return one value of the index's own notes, "" where there is none."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return str(found[0][0]) if found else ""

    def set_meta(self, key: str, value: str) -> None:
        """Note a value."""
        self.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    @property
    def generation(self) -> int:
        """How many batches have been stored; every change of what can be found makes a new one."""
        return int(self.meta("generation"))

    @property
    def identity(self) -> str:
        """A name that changes when the index is rebuilt: derived files of another identity are no use."""
        return self.meta("identity")

    @property
    def manifest(self) -> Manifest:
        """The recipe that the index was built with."""
        return Manifest(**json.loads(self.meta("manifest")))

    def set_recipe(self, manifest: Manifest) -> None:
        """Note a recipe and take a new identity. Call it inside a transaction."""
        self.set_meta("manifest", json.dumps(asdict(manifest)))
        self.set_meta("identity", uuid.uuid4().hex[:12])

    def next_generation(self) -> int:
        """Begin a new generation and return it. Call it inside a transaction."""
        generation = self.generation + 1
        self.set_meta("generation", str(generation))
        return generation

    def put(self, items: Iterable[Prepared], generation: int) -> None:
        """Store articles, each in place of the one with its id. Call it inside a transaction."""
        for item in items:
            self.take_out([item.article.id], generation)
            row = article_row(item.article, item.path)
            self.rows(
                f"INSERT INTO articles({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )
            key = self._connection.execute("SELECT last_insert_rowid()").fetchone()[0]
            self._connection.executemany(
                "INSERT INTO passages(article, start, end, vector, generation) VALUES (?, ?, ?, ?, ?)",
                [
                    (key, passage.start, passage.end, vector.astype(STORED).tobytes(), generation)
                    for passage, vector in zip(item.passages, item.vectors, strict=True)
                ],
            )
            self._connection.executemany(
                "INSERT INTO times VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [(key, *time_row(time)) for time in item.times]
            )

    def take_out(self, ids: Sequence[str], generation: int) -> int:
        """Remove articles by id and return how many there were. Call it inside a transaction."""
        keys = [row[0] for row in self.rows_where("SELECT key FROM articles WHERE id IN", ids)]
        for key in keys:
            self.rows("INSERT INTO removed SELECT key, ? FROM passages WHERE article = ?", [generation, key])
            self.rows("DELETE FROM articles WHERE key = ?", [key])
        return len(keys)

    def passages_since(self, generation: int) -> Iterator[tuple[PassageRow, Vectors]]:
        """Yield the passages stored after a generation, in order, each with its vector (dimension,)."""
        last = 0
        while found := self.rows(
            "SELECT p.key, a.id, p.start, p.end, a.title, a.source, a.day,"
            " substr(a.text, p.start + 1, p.end - p.start), p.vector"
            " FROM passages p JOIN articles a ON a.key = p.article WHERE p.generation > ? AND p.key > ? ORDER BY p.key LIMIT ?",
            [generation, last, ROWS_TOGETHER],
        ):
            for key, article_id, start, end, title, source, day, text, vector in found:
                assert isinstance(key, int)
                assert isinstance(start, int)
                assert isinstance(end, int)
                assert isinstance(vector, bytes)
                name = passage_id(str(article_id), start, end)
                row = PassageRow(
                    key,
                    name,
                    str(article_id),
                    str(title),
                    str(source),
                    day if isinstance(day, int) else None,
                    str(text),
                )
                yield row, np.frombuffer(vector, STORED).astype(np.float32)
                last = key

    def removed_since(self, generation: int) -> list[int]:
        """Return the keys of the passages removed after a generation."""
        return [int(str(row[0])) for row in self.rows("SELECT passage FROM removed WHERE generation > ?", [generation])]


def _check_recipe(folder: Path, built: Manifest, asked: Manifest) -> None:
    if (built.model, built.model_digest, built.dimension) != (asked.model, asked.model_digest, asked.dimension):
        raise IndexMismatchError(
            f"index at {folder} was built with '{built.model}' ({built.dimension} dimensions) but the settings ask for "
            f"'{asked.model}' ({asked.dimension}): rebuild it with \"dateline index --rebuild\""
        )
    if (built.window, built.splitter) != (asked.window, asked.splitter):
        raise IndexMismatchError(
            f"index at {folder} was split by '{built.splitter}' for a window of {built.window} but this Dateline "
            f"splits by '{asked.splitter}' for {asked.window}: rebuild it with \"dateline index --rebuild\""
        )


@contextmanager
def about_storage(folder: Path) -> Iterator[None]:
    """Tell what SQLite and the disk refuse as errors that say what to do: the one seam where they are mapped."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"cannot use the index at {folder} ({error}): check that the disk has room and the folder can be written to"
        ) from error
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(
            f"index at {folder} is damaged ({error}): delete the folder and index the articles again"
        ) from error
    except OSError as error:
        raise StorageError(
            f"cannot use the index at {folder} ({error.strerror or error}): "
            "check that the disk has room and the folder can be written to"
        ) from error
