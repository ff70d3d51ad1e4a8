"""Passages by meaning: an exact FAISS index, derived from the database and caught up with it."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.contents import Found, Keys, remembers, removed_since, vectors_since
from vectorstore.database import Database
from vectorstore.errors import about_storage
from vectorstore.schema import PASSAGE_BITS
from vectorstore.vectors import Vectors

# A saved index may lag by this share of its passages, and by this many at least: reading them from the database on
# open takes milliseconds, and saving a large index for the sake of one article would take longer than indexing it.
LAG_SHARE = 0.02
LAG_PASSAGES = 1000
# Passages as good as the k-th are asked for too, so that ties are broken by key and not by place.
SPARE = 16
_PREFIX, _SUFFIX = "dense-", ".faiss"
_log = logging.getLogger(__name__)


class DenseIndex:
    """Inner products over unit-norm vectors, by passage key; holds what the database held at `generation`.

    Vectors are kept in half precision, as the database has them: the same scores as in single precision, from half
    the memory, in half the time. Safe to share between threads.
    """

    def __init__(self, index: Any, identity: str, generation: int) -> None:
        self._index = index
        self._keys = _keys_of(index)
        self._lock = RLock()
        self._changed = 0  # since it was saved
        self.identity = identity
        self.generation = generation

    @classmethod
    def empty(cls, dimension: int, identity: str) -> DenseIndex:
        """Return an index of nothing."""
        return cls(_empty(dimension), identity, 0)

    @classmethod
    def load(cls, folder: Path, dimension: int, identity: str) -> DenseIndex:
        """Return the newest saved index of this identity, or an empty one where none can be read."""
        import faiss

        for path in sorted(saved_files(folder), key=_generation_of, reverse=True):
            if not path.name.startswith(f"{_PREFIX}{identity}-"):
                continue
            try:
                index = faiss.read_index(str(path))
            except (RuntimeError, MemoryError) as error:
                _log.warning("the dense index is made anew: %s cannot be read (%s)", path, " ".join(str(error).split()))
                continue
            if isinstance(index, faiss.IndexIDMap) and index.d == dimension:
                return cls(index, identity, _generation_of(path))
        return cls.empty(dimension, identity)

    @property
    def count(self) -> int:
        """How many passages it holds."""
        return len(self._keys)

    def catch_up(self, database: Database) -> None:
        """Take in what changed in the database since `generation`."""
        if database.generation == self.generation:
            return
        with database.snapshot(), self._lock:  # in this order everywhere
            if not remembers(database, self.generation):
                self._index, self.generation = _empty(self._index.d), 0
                self._keys = _keys_of(self._index)
            generation = database.generation
            self._drop(removed_since(database, self.generation))
            for keys, vectors in vectors_since(database, self.generation, self._index.d):
                self.add(keys, vectors)
            self.generation = generation

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Add unit-norm vectors, float32 (n, dimension)."""
        with self._lock:
            self._index.add_with_ids(np.ascontiguousarray(vectors), keys)
            self._keys = _keys_of(self._index)
            self._changed += len(keys)

    def _drop(self, articles: Keys) -> None:
        import faiss

        gone = self._keys[np.isin(self._keys >> PASSAGE_BITS, articles)]
        if len(gone):
            self._index.remove_ids(faiss.IDSelectorBatch(gone))
            self._changed += len(gone)
            self._keys = _keys_of(self._index)

    def save(self, folder: Path) -> None:
        """Write the index under its generation, whole or not at all, where the saved one lags by much."""
        with self._lock, about_storage(folder):
            lags = self._changed > max(LAG_PASSAGES, LAG_SHARE * self.count)
            if lags:
                self._write(folder / self._name)
                self._changed = 0
            for path in saved_files(folder):
                if not path.name.startswith(f"{_PREFIX}{self.identity}-") or (lags and path.name != self._name):
                    path.unlink(missing_ok=True)

    @property
    def _name(self) -> str:
        return f"{_PREFIX}{self.identity}-{self.generation}{_SUFFIX}"

    def _write(self, target: Path) -> None:
        import faiss

        part = target.with_name(f".{target.name}.part")  # there is one writer: what it finds of this name is litter
        try:
            with part.open("wb") as file:
                # FAISS's own writer takes no notice of a disk that is full when it closes the file.
                writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined]  # its stubs lag behind
                faiss.write_index(self._index, writer)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def search(self, vectors: Vectors, k: int, articles: Keys | None = None) -> list[Found]:
        """Return for each vector the `k` nearest keys and their cosines, best first; ties go by key.

        `articles` are the keys of those whose passages alone are candidates: they are chosen before the search. The
        one place that calls FAISS: its padding of -1 for "no more" ends here.
        """
        import faiss

        with self._lock:
            parameters, candidates = None, self.count
            if articles is not None:
                allowed = _allowed(self._keys >> PASSAGE_BITS, articles)
                candidates = int(np.count_nonzero(allowed))
                bits = np.packbits(allowed, bitorder="little")
                selector = faiss.IDSelectorBitmap(bits)  # type: ignore[arg-type, call-arg]  # as above
                parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            if min(k, candidates, len(vectors)) < 1:
                return [[] for _ in vectors]
            # FAISS divides one question between cores too, and waits for the slowest: on a busy machine, 9 ms of it.
            faiss.omp_set_num_threads(1)
            # By place rather than by key: a bitmap of places is the quickest selector.
            flat = faiss.downcast_index(self._index.index)
            asked = min(k + SPARE, candidates)
            scores, places = flat.search(np.ascontiguousarray(vectors), asked, params=parameters)
            return [
                _best(self._keys[row[row != -1]], row_scores[row != -1], k)
                for row, row_scores in zip(places, scores, strict=True)
            ]


def _empty(dimension: int) -> Any:
    import faiss

    quantizer = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexIDMap(faiss.IndexScalarQuantizer(dimension, quantizer, faiss.METRIC_INNER_PRODUCT))


def _keys_of(index: Any) -> Keys:
    import faiss

    keys: Keys = faiss.vector_to_array(index.id_map)
    return keys


def _allowed(owners: Keys, articles: Keys) -> NDArray[np.bool_]:
    """Return for each owner of a passage whether it is one of some articles."""
    if not len(owners) or not len(articles):
        return np.zeros(len(owners), np.bool_)
    chosen = np.zeros(int(max(owners.max(), articles.max())) + 1, np.bool_)
    chosen[articles] = True
    return chosen[owners]


def _best(keys: Keys, scores: NDArray[np.float32], k: int) -> Found:
    order = np.lexsort((keys, -scores))[:k]
    return [(int(keys[i]), float(scores[i])) for i in order]


def saved_files(folder: Path) -> list[Path]:
    """Return the dense indexes saved in a folder, whatever their identity."""
    return [path for path in folder.glob(f"{_PREFIX}*{_SUFFIX}") if path.stem.rsplit("-", 1)[-1].isdigit()]


def _generation_of(path: Path) -> int:
    return int(path.stem.rsplit("-", 1)[-1])
