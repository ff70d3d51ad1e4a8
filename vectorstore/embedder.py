"""Embedders: texts in, unit-norm vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from vectorstore.vectors import Vectors


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near they are in meaning.

    `window` is the most word pieces a passage may have, special ones included; `digest` is the SHA-256 of the weights.
    """

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the weights, in hexadecimal."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @property
    def window(self) -> int:
        """The most word pieces a passage may have, special ones included."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension). Raises WindowError for a text beyond the window."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension); a text beyond the window is the mean of its windows."""

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of a text's word pieces, in code points, without special ones."""


class WindowError(ValueError):
    """A passage that does not fit the embedder's window: its splitter was wrong."""


def load_embedder(model: str | None = None, *, device: str | None = None, dtype: str | None = None) -> Embedder:
    """Return the embedder of a sentence-transformers model; None is the one that is installed with Dateline.

    `device` is `cpu` or `cuda` (None: CUDA where there is one); `dtype` is `float32` or `bfloat16` (None: what the
    device is good at). Raises ModelError.
    """
    from vectorstore.models import load_packaged_model, load_sentence_model

    if model is None:
        return load_packaged_model(device=device, dtype=dtype)
    return load_sentence_model(model, device=device, dtype=dtype)
