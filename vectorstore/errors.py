"""What can be wrong with an index or a model, each with what mends it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import DatelineError

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ModelError(DatelineError):
    """An embedding model that cannot be loaded, or whose weights are not what they should be."""


class IndexProblemError(DatelineError):
    """Any problem of an index folder."""


class IndexMissingError(IndexProblemError):
    """A folder that holds no index where one is needed."""


class IndexMismatchError(IndexProblemError):
    """An index that was built with another recipe (model, window or splitter) than the settings ask for."""


class OutdatedTimesError(IndexMismatchError):
    """An index of this recipe, but for its times, which other tables found: they are found anew without embedding."""


class NewerIndexError(IndexProblemError):
    """An index that a newer version of Dateline wrote."""


class IndexBusyError(IndexProblemError):
    """An index that another process is writing to."""


class IndexDamagedError(IndexProblemError):
    """An index whose database cannot be read."""


class StorageError(IndexProblemError):
    """A folder that cannot be read or written to."""


class DiskFullError(StorageError):
    """A disk on which there is no room for what has to be stored."""


@contextmanager
def about_storage(folder: Path) -> Iterator[None]:
    """Tell what SQLite and the disk refuse as errors that say what to do: the one seam where they are mapped."""
    try:
        yield
    except sqlite3.Error as error:
        raise _database_problem(folder, error) from error
    except OSError as error:
        raise _disk_problem(folder, error.strerror or str(error), full=error.errno in _DISK_FULL) from error


def _database_problem(folder: Path, error: sqlite3.Error) -> IndexProblemError:
    # Python 3.10 gives no error code, so that what happened is told by SQLite's own words for it.
    said = str(error)
    if isinstance(error, sqlite3.OperationalError):
        if "locked" in said:
            return IndexBusyError(f"the index at {folder} is locked by another process: wait until it is done")
        if "no such" not in said:
            return _disk_problem(folder, said, full="full" in said)
    return IndexDamagedError(f"index at {folder} is damaged ({said}): delete the folder and index the articles again")


def _disk_problem(folder: Path, reason: str, *, full: bool) -> StorageError:
    told = f"cannot use the index at {folder} ({reason}):"
    if full:
        return DiskFullError(f"{told} make room on the disk and run the command again")
    return StorageError(f"{told} check that the disk has room and the folder can be written to")
