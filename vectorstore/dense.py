"""Passages by meaning: an exact FAISS index, derived from the database and caught up with it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.database import Database, about_storage
from vectorstore.vectors import Vectors

ADDED_TOGETHER = 4096  # vectors: 6 MB at 384 dimensions
_PREFIX, _SUFFIX = "dense-", ".faiss"
_log = logging.getLogger(__name__)

Keys = NDArray[np.int64]


class DenseIndex:
    """Inner products over unit-norm vectors, by passage key; holds what the database held at `generation`."""

    def __init__(self, index: Any, identity: str, generation: int) -> None:
        self._index = index
        self.identity = identity
        self.generation = generation

    @classmethod
    def empty(cls, dimension: int, identity: str) -> DenseIndex:
        """Return an index of nothing."""
        import faiss

        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)), identity, 0)

    @classmethod
    def load(cls, folder: Path, dimension: int, identity: str) -> DenseIndex:
        """Return the newest saved index of this identity, or an empty one where none can be read."""
        import faiss

        for path in sorted(saved_files(folder), key=_generation_of, reverse=True):
            if not path.name.startswith(f"{_PREFIX}{identity}-"):
                continue
            try:
                index = faiss.read_index(str(path))
            except RuntimeError as error:
                _log.warning("the dense index is made anew: %s cannot be read (%s)", path, error)
                continue
            if index.d == dimension:
                return cls(index, identity, _generation_of(path))
        return cls.empty(dimension, identity)

    @property
    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.ntotal)

    def catch_up(self, database: Database) -> bool:
        """Take in what changed in the database since `generation`; return whether anything did."""
        generation = database.generation
        if generation == self.generation:
            return False
        if gone := database.removed_since(self.generation):
            self._index.remove_ids(np.asarray(gone, np.int64))
        changed = ((row.key, vector) for row, vector in database.passages_since(self.generation))
        while some := list(islice(changed, ADDED_TOGETHER)):
            self.add([key for key, _ in some], np.stack([vector for _, vector in some]))
        self.generation = generation
        return True

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add unit-norm vectors, float32 (n, dimension)."""
        self._index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(keys, np.int64))

    def save(self, folder: Path) -> None:
        """Write the index under its generation, whole or not at all, and delete the ones before it."""
        import faiss

        target = folder / f"{_PREFIX}{self.identity}-{self.generation}{_SUFFIX}"
        if target.exists():
            return
        part = folder / f".{target.name}.{os.getpid()}.part"
        with about_storage(folder):
            try:
                try:
                    faiss.write_index(self._index, str(part))
                except RuntimeError as error:
                    raise OSError(str(error)) from error
                with part.open("rb") as written:
                    os.fsync(written.fileno())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        for path in saved_files(folder):
            if path != target:
                path.unlink(missing_ok=True)

    def search(self, vectors: Vectors, k: int, allowed: Iterable[int] | None = None) -> list[list[tuple[int, float]]]:
        """Return for each vector the `k` nearest keys and their cosines, best first; ties go by key.

        `allowed` restricts the candidates before the search. The one place that calls FAISS: its padding of -1 for
        "no more" ends here.
        """
        import faiss

        k = min(k, self._index.ntotal)
        if k < 1:
            return [[] for _ in vectors]
        parameters = None
        if allowed is not None:
            keys = np.fromiter(allowed, np.int64)
            if not len(keys):
                return [[] for _ in vectors]
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(keys))  # type: ignore[call-arg]  # its stubs lag
        scores, keys = self._index.search(np.ascontiguousarray(vectors), k, params=parameters)
        return [
            sorted(
                ((int(key), float(score)) for key, score in zip(row_keys, row_scores, strict=True) if key != -1),
                key=lambda found: (-found[1], found[0]),
            )
            for row_keys, row_scores in zip(keys, scores, strict=True)
        ]


def saved_files(folder: Path) -> list[Path]:
    """Return the dense indexes saved in a folder, whatever their identity."""
    return [path for path in folder.glob(f"{_PREFIX}*{_SUFFIX}") if path.stem.rsplit("-", 1)[-1].isdigit()]


def _generation_of(path: Path) -> int:
    return int(path.stem.rsplit("-", 1)[-1])
