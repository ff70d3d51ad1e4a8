"""Reads passages with a question: whether each holds the answer, and which words may be it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qa.span_inputs import Input, PieceReader, Pieces, join_pieces, pad_batch
from vectorstore.models import SMALLEST_SHARE, batches
from vectorstore.processor import core_count, run_on_cores

if TYPE_CHECKING:
    from torch import Tensor

    from qa.span_model import SpanModel

Span = tuple[int, int]

SPANS_KEPT = 3  # of a passage, none overlapping a better one
SPANS_LOOKED_AT = 40
BATCH_PIECES = {"cpu": 2048, "cuda": 65_536}  # in one pass, padding included: see vectorstore.models


@dataclass(frozen=True, slots=True)
class Marked:
    """Words `[start:end]` of a passage, with their log odds against no answer at all."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage says to a question: the log odds that it holds the answer, and its best spans, best first."""

    presence: float
    spans: tuple[Marked, ...]


class Scorer(Protocol):
    """Anything that reads passages, each given as (header, words), with a question."""

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what each passage says, in their order."""

    def piece_spans(self, text: str) -> Sequence[Span]:
        """Return the spans of a text's word pieces."""


class SpanScorer:
    """Reads with a span model: all passages of a question in passes of like length, one pass a core at a time."""

    def __init__(self, model: SpanModel, pieces: PieceReader, *, device: str) -> None:
        self._model = model
        self._pieces = pieces
        self._device = device

    def piece_spans(self, text: str) -> Sequence[Span]:
        """Return the spans of a text's word pieces."""
        return self._pieces.cut([text])[0].spans

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what each passage, given as (header, words), says, in their order."""
        if not passages:
            return []
        asked, *parts = self._pieces.cut([question, *(part for passage in passages for part in passage)])
        words = parts[1::2]
        inputs = [
            join_pieces(self._pieces, asked, header, text) for header, text in zip(parts[::2], words, strict=True)
        ]
        readings: dict[int, Reading] = {}

        def read(batch: list[int]) -> None:
            for place, reading in zip(
                batch, self._pass([inputs[i] for i in batch], [words[i] for i in batch]), strict=True
            ):
                readings[place] = reading

        self._run(read, inputs)
        return [readings[place] for place in range(len(inputs))]

    def _run(self, read: object, inputs: Sequence[Input]) -> None:
        lengths = [entry.length for entry in inputs]
        if self._device != "cpu":
            for batch in batches(lengths, BATCH_PIECES[self._device]):
                read(batch)  # type: ignore[operator]
            return
        most = min(BATCH_PIECES["cpu"], max(sum(lengths) // core_count(), SMALLEST_SHARE))
        run_on_cores(read, list(batches(lengths, most)))  # type: ignore[arg-type]

    def _pass(self, inputs: Sequence[Input], words: Sequence[Pieces]) -> list[Reading]:
        import torch

        from qa.span_scores import all_spans, presence

        batch = pad_batch(inputs)
        with torch.inference_mode():
            starts, ends, here = self._model(
                batch.ids.to(self._device), batch.segments.to(self._device), batch.real.to(self._device)
            )
            scores = all_spans(starts.cpu(), ends.cpu(), here.cpu(), batch.answer)
            present = presence(scores)
            best = scores.flatten(1).topk(min(SPANS_LOOKED_AT, scores[0].numel()), dim=1)
        return [
            Reading(
                float(present[row]), _best_spans(best.values[row], best.indices[row], entry, pieces, scores.shape[2])
            )
            for row, (entry, pieces) in enumerate(zip(inputs, words, strict=True))
        ]


def _best_spans(values: Tensor, places: Tensor, entry: Input, pieces: Pieces, widths: int) -> tuple[Marked, ...]:
    """Return the best spans that do not overlap a better one, in characters of the passage."""
    kept: list[tuple[int, int, float]] = []
    for score, place in zip(values.tolist(), places.tolist(), strict=True):
        first = place // widths - entry.passage
        last = first + place % widths
        if not 0 <= first <= last < len(pieces.spans) or len(kept) == SPANS_KEPT:
            continue
        if all(last < a or b < first for a, b, _ in kept):
            kept.append((first, last, score))
    return tuple(Marked(pieces.spans[a][0], pieces.spans[b][1], score) for a, b, score in kept)
