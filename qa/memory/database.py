"""The file: its tables, its transactions, and what can be wrong with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from qa.errors import MemoryFileError, MemoryFullError, NewerMemoryError

SCHEMA = 1  # raised with every change of the tables; an older file is brought up to it when it is opened
BUSY_TIMEOUT_S = 30.0  # another process holds the file for the milliseconds of one commit

TABLES = (
    """CREATE TABLE conversations (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
    )""",
    "CREATE INDEX conversations_of ON conversations (owner, updated)",
    """CREATE TABLE turns (
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        place INTEGER NOT NULL, question TEXT NOT NULL, turn TEXT NOT NULL,
        PRIMARY KEY (conversation, place)
    ) WITHOUT ROWID""",
    """CREATE TABLE feedback (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL,
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        place INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL,
        right_answer TEXT NOT NULL, question TEXT NOT NULL, turn TEXT NOT NULL, history TEXT NOT NULL,
        given TEXT NOT NULL, UNIQUE (conversation, place, question)
    )""",
)


class Database:
    """One connection to the file. Safe to share between threads: each transaction takes its lock."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = RLock()

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open the file, made where there is none, for its user's eyes only. Raises MemoryFileError."""
        with _about(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None)
            database = cls(path, connection)
            try:
                database._prepare()
            except BaseException:
                connection.close()
                raise
        return database

    def _prepare(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        with self.transaction():
            version = self.rows("PRAGMA user_version")[0][0]
            if version > SCHEMA:
                raise NewerMemoryError(
                    f"a newer Dateline wrote {self.path} (version {version}, this one reads {SCHEMA}): "
                    "update Dateline or name another file by --memory"
                )
            if version == 0:
                if self.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
                    raise MemoryFileError(f"{self.path} is the database of another program: name another by --memory")
                for statement in TABLES:
                    self.rows(statement)
                self.rows(f"PRAGMA user_version = {SCHEMA}")

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is stored together or not at all."""
        with self._lock, _about(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # not where SQLite has rolled it back itself
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._lock, _about(self.path):
            return self._connection.execute(statement, values).fetchall()

    def changed(self, statement: str, *values: object) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock, _about(self.path):
            return self._connection.execute(statement, values).rowcount


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Tell what SQLite and the disk refuse as errors that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _problem(path, str(error)) from error
    except OSError as error:
        raise _problem(path, error.strerror or str(error)) from error


def _problem(path: Path, said: str) -> MemoryFileError:
    # Python 3.10 gives no error code, so that what happened is told by SQLite's own words for it.
    if "full" in said or "No space" in said or "quota" in said:
        return MemoryFullError(f"cannot store anything in {path} ({said}): make room on the disk")
    if "locked" in said:
        return MemoryFileError(f"{path} is locked by another process: wait until it is done")
    if "not a database" in said or "malformed" in said:
        return MemoryFileError(f"{path} is damaged ({said}): move it away, and a new one is made")
    return MemoryFileError(f"cannot use {path} ({said}): check that it can be written to, or name another by --memory")
