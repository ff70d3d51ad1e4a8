"""The installed model, loaded when it is first needed: bringing an index in line with unchanged files needs none."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from vectorstore.embedder import Embedder, load_embedder
from vectorstore.models import PACKAGED_DIGEST, PACKAGED_NAME, PACKAGED_WINDOW
from vectorstore.vectors import Vectors

PACKAGED_DIMENSION = 384  # `hidden_size` of its config.json


class DeferredEmbedder:
    """The embedder of the installed model, whose recipe is known before its weights are read."""

    name = PACKAGED_NAME
    digest = PACKAGED_DIGEST
    dimension = PACKAGED_DIMENSION
    window = PACKAGED_WINDOW

    def __init__(self, *, device: str | None = None, dtype: str | None = None) -> None:
        self._device = device
        self._dtype = dtype
        self._lock = Lock()
        self._loaded: Embedder | None = None

    @property
    def loaded(self) -> bool:
        """Whether the weights were needed so far."""
        return self._loaded is not None

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension). Raises WindowError and, the first time, ModelError."""
        return self._model().embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension). Raises ModelError the first time."""
        return self._model().embed_queries(texts)

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of a text's word pieces, in code points, without special ones."""
        return self._model().piece_spans(text)

    def _model(self) -> Embedder:
        with self._lock:
            if self._loaded is None:
                self._loaded = load_embedder(device=self._device, dtype=self._dtype)
            return self._loaded
