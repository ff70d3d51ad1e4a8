"""The parts of an answer that depend on what was read."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Alternative, Citation, NearArticle, Sentence, Status, TimelineEntry


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer without its question: see `qa.types.Answer`."""

    status: Status
    short_answer: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    nearest: tuple[NearArticle, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
