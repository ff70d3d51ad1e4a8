"""What the reader learns from: questions, the passages that hold the answer, and passages that do not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to be read: its header (title | source | date) and its words."""

    id: str
    article_id: str
    header: str
    words: str


@dataclass(frozen=True, slots=True)
class Positive:
    """A passage that answers a question, and each place in `words` where the answer stands."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question. Unanswerable ones have no positives.

    `near` are passages close to the question that are known not to answer it; more are found by retrieval among all
    texts, but for those that `answers` or `excluded` (ids of articles) rule out.
    """

    id: str
    source: str
    question: str
    answers: tuple[str, ...]
    positives: tuple[Positive, ...] = ()
    near: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()

    @property
    def answerable(self) -> bool:
        """Whether any passage answers the question."""
        return bool(self.positives)


def share_of(key: str, *, salt: str = "dateline-reader-1") -> float:
    """Return a number in [0, 1) that depends on the key alone: for splits that never move."""
    return int.from_bytes(hashlib.sha256(f"{salt}/{key}".encode()).digest()[:8], "big") / 2**64
