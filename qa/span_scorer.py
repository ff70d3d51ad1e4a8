"""Reads passages with a question: whether each holds the answer, and which words may be it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qa.span_inputs import PASSAGE_PIECES, Input, PieceReader, Pieces, join_pieces, pad_batch
from vectorstore.models import SMALLEST_SHARE, batches
from vectorstore.processor import core_count, run_on_cores

if TYPE_CHECKING:
    from qa.span_model import SpanModel

Span = tuple[int, int]

SPANS_KEPT = 3  # of a passage, none overlapping a better one
SPANS_LOOKED_AT = 40
OVERLAP_PIECES = 40  # of the parts in which a long passage is read: more than an answer has
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """A passage, or a part of a long one: which passage it is, its words, their pieces, and what the model is given."""

    passage: int
    words: str
    pieces: Pieces
    inputs: Input


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
        entries = self._entries(question, passages)
        readings: dict[int, Reading] = {}

        def read(batch: list[int]) -> None:
            some = [entries[place] for place in batch]
            readings.update(zip(batch, self._pass(some), strict=True))

        lengths = [entry.inputs.length for entry in entries]
        if self._device == "cpu":
            most = min(BATCH_PIECES["cpu"], max(sum(lengths) // core_count(), SMALLEST_SHARE))
            run_on_cores(read, list(batches(lengths, most)))
        else:
            for batch in batches(lengths, BATCH_PIECES[self._device]):
                read(batch)
        parts: list[list[Reading]] = [[] for _ in passages]
        for place, entry in enumerate(entries):
            parts[entry.passage].append(readings[place])
        return [_merged(some) for some in parts]

    def _entries(self, question: str, passages: Sequence[tuple[str, str]]) -> list[_Entry]:
        asked, *cut = self._pieces.cut([question, *(part for passage in passages for part in passage)])
        entries = []
        for place, (header, pieces) in enumerate(zip(cut[::2], cut[1::2], strict=True)):
            for start in range(0, max(len(pieces.ids) - OVERLAP_PIECES, 1), PASSAGE_PIECES - OVERLAP_PIECES):
                part = pieces.part(start, start + PASSAGE_PIECES)
                inputs = join_pieces(self._pieces, asked, header, part)
                entries.append(_Entry(place, passages[place][1], part, inputs))
        return entries

    def _pass(self, entries: Sequence[_Entry]) -> list[Reading]:
        import torch

        from qa.span_scores import all_spans, presence

        batch = pad_batch([entry.inputs for entry in entries])
        with torch.inference_mode():
            starts, ends, here = self._model(
                batch.ids.to(self._device), batch.segments.to(self._device), batch.real.to(self._device)
            )
            scores = all_spans(starts.cpu(), ends.cpu(), here.cpu(), batch.answer)
            present = presence(scores).tolist()
            best = scores.flatten(1).topk(min(SPANS_LOOKED_AT, scores[0].numel()), dim=1)
        found = zip(entries, present, best.values.tolist(), best.indices.tolist(), strict=True)
        return [
            Reading(odds, _best_spans(entry, values, places, scores.shape[2])) for entry, odds, values, places in found
        ]


def _best_spans(entry: _Entry, values: Sequence[float], places: Sequence[int], widths: int) -> tuple[Marked, ...]:
    """Return the best spans, in characters of the passage, that stay in a paragraph and overlap no better one."""
    kept: list[Marked] = []
    spans = entry.pieces.spans
    for score, place in zip(values, places, strict=True):
        first = place // widths - entry.inputs.passage
        last = first + place % widths
        if not 0 <= first <= last < len(spans) or len(kept) == SPANS_KEPT:
            continue
        start, end = spans[first][0], spans[last][1]
        apart = all(end <= other.start or other.end <= start for other in kept)
        if apart and "\n" not in entry.words[start:end]:
            kept.append(Marked(start, end, score))
    return tuple(kept)


def _merged(parts: Sequence[Reading]) -> Reading:
    """Return what the parts of a passage say together."""
    if len(parts) == 1:
        return parts[0]
    highest = max(part.presence for part in parts)
    presence = highest + math.log(sum(math.exp(part.presence - highest) for part in parts))
    spans = sorted((span for part in parts for span in part.spans), key=lambda span: -span.score)
    distinct = {(span.start, span.end): span for span in reversed(spans)}
    kept = sorted(distinct.values(), key=lambda span: -span.score)[:SPANS_KEPT]
    return Reading(presence, tuple(kept))
