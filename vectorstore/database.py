"""The truth: one SQLite file (WAL), its transactions, and what an index notes of itself."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from typing import Any

from vectorstore.errors import IndexMissingError, about_storage
from vectorstore.schema import SCHEMA, TABLES, check_recipe, check_schema
from vectorstore.types import Manifest

FILE = "articles.sqlite"
BUSY_TIMEOUT_S = 30.0  # a writer holds the file for the milliseconds of one commit
_GENERATION = "SELECT value FROM meta WHERE key = 'generation'"


class Database:
    """One connection to an index's SQLite file. Safe to share between threads: each call takes its lock."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = RLock()
        self._inside = False  # a transaction or snapshot, of the thread that has the lock

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
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            database = cls(folder, _connect(path))
            try:
                database._prepare(manifest, create=create, any_recipe=any_recipe)
            except BaseException:
                database.close()
                raise
        return database

    def _prepare(self, manifest: Manifest, *, create: bool, any_recipe: bool) -> None:
        if not self._has_tables():
            with self.transaction():
                if not self._has_tables():  # another process may have been quicker
                    self._make_tables(manifest)
        check_schema(self.folder, int(self.meta("schema")))
        if any_recipe or self.manifest == manifest:
            return
        if self.rows("SELECT 1 FROM articles LIMIT 1"):
            check_recipe(self.folder, self.manifest, manifest)
        elif create:  # an index of nothing takes any recipe
            with self.transaction():
                self.set_recipe(manifest)

    def _has_tables(self) -> bool:
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"))

    def _make_tables(self, manifest: Manifest) -> None:
        for statement in TABLES.split(";\n"):
            self.run(statement)
        self.set_meta("schema", str(SCHEMA))
        self.set_meta("generation", "0")
        self.set_recipe(manifest)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is stored together or not at all; one inside another is part of it."""
        with self._between("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever another process or thread stores meanwhile."""
        with self._between("BEGIN"):
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        with self._lock, about_storage(self.folder):
            if self._inside:
                yield
                return
            self._connection.execute(begin)
            self._inside = True
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # not where SQLite has rolled it back itself
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._inside = False

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._lock, about_storage(self.folder):
            return self._connection.execute(statement, values).fetchall()

    def run(self, statement: str, *values: object) -> int:
        """Run one statement and return the key of the row it inserted last."""
        with self._lock, about_storage(self.folder):
            return self._connection.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of some rows."""
        with self._lock, about_storage(self.folder):
            self._connection.executemany(statement, rows)

    def meta(self, key: str) -> str:
        """Return one value of the index's own notes, "" where there is none."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return str(found[0][0]) if found else ""

    def set_meta(self, key: str, value: str) -> None:
        """Note a value."""
        self.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    @property
    def generation(self) -> int:
        """How many batches have been stored; every change of what can be found makes a new one."""
        return int(self.rows(_GENERATION)[0][0])

    def next_generation(self) -> int:
        """Begin a new generation and return it. Call it inside a transaction."""
        generation = self.generation + 1
        self.set_meta("generation", str(generation))
        return generation

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


def json_list(values: Iterable[object]) -> str:
    """Return values as `json_each` reads them: one parameter, however many they are."""
    return json.dumps(list(values))


def _connect(path: Path) -> sqlite3.Connection:
    """Connect to a database, read-only where its folder cannot be written to."""
    writable = os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    # Where nobody can write, no log is being written either, and SQLite needs none of its own beside the file.
    frozen = not writable and not path.with_name(f"{FILE}-wal").exists()
    mode = "mode=rwc" if writable else f"mode=ro{'&immutable=1' if frozen else ''}"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,
        isolation_level=None,
    )
    try:
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection
