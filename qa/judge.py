"""Judges a trained reader's candidates once more, by what their sentences and articles say of the question's own words.

A span reader is good at "these words answer such a question" and poor at "this is the other country's meeting". Which
words of the question the sentence, its neighbours and its article hold, and whether the ordinal is the one asked for,
tells the two apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.types import Article, TimeExpression
from qa.reader import SUPPORT, Floats, Reader, ReadSentence, find_sentences, support, term_weights
from qa.terms import content_terms, keys
from qa.types import AnswerKind, Candidate, Query, Retrieved

JUDGED = 12  # candidates looked at again: past these the reader's own score has never been near the best
FEATURES = ("reader", *SUPPORT, "article", "absent", "time")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A logistic regression over `FEATURES`, and the probability below which it is better to refuse."""

    intercept: float
    coefficients: tuple[float, ...]
    threshold: float


VERDICT = Verdict(0.0, (1.0, *([0.0] * (len(FEATURES) - 1))), 0.5)


class JudgedReader:
    """A reader whose candidates are scored again, with their words' support weighed in."""

    def __init__(self, reader: Reader, verdict: Verdict = VERDICT) -> None:
        self._reader = reader
        self._verdict = verdict

    @property
    def threshold(self) -> float:
        """The score below which it is better to refuse."""
        return self._verdict.threshold

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return the reader's best candidates with new scores, best first."""
        candidates, features = self.features(query, passages, articles, times)
        logits = features @ np.asarray(self._verdict.coefficients, np.float32) + self._verdict.intercept
        scored = [
            replace(candidate, score=1.0 / (1.0 + math.exp(-float(logit))))
            for candidate, logit in zip(candidates, logits, strict=True)
        ]
        return sorted(scored, key=lambda candidate: (-candidate.score, candidate.passage.article_id, candidate.start))

    def features(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> tuple[list[Candidate], Floats]:
        """Return the reader's best candidates and `FEATURES` of each, float32 (candidates, features)."""
        candidates = self._reader.read(query, passages, articles, times)[:JUDGED]
        sentences = find_sentences(query, passages, articles, times)
        rows = dict(
            zip(((s.passage.article_id, s.start) for s in sentences), support(query, sentences, articles), strict=True)
        )
        weights = _weights(query, sentences)
        held = {
            article_id: keys(f"{articles[article_id].title} {articles[article_id].source} {articles[article_id].text}")
            for article_id in {candidate.passage.article_id for candidate in candidates}
        }
        features = [
            (
                _log_odds(candidate.score),
                *_row(candidate, sentences, rows),
                *_absence(weights, held[candidate.passage.article_id]),
                float(candidate.time is not None) if query.kind is AnswerKind.DAY else 0.5,
            )
            for candidate in candidates
        ]
        return candidates, np.asarray(features, np.float32).reshape(-1, len(FEATURES))


def _weights(query: Query, sentences: Sequence[ReadSentence]) -> dict[str, float]:
    return term_weights(content_terms(query.standalone), [sentence.around for sentence in sentences])


def _absence(weights: Mapping[str, float], held: frozenset[str]) -> tuple[float, float]:
    """Return the share of the question's weighted words in the whole article, and whether its rarest is missing."""
    total = sum(weights.values())
    if not total:
        return 1.0, 0.0
    share = sum(weight for key, weight in weights.items() if key in held) / total
    return share, float(max(weights, key=lambda key: weights[key]) not in held)


def _row(
    candidate: Candidate, sentences: Sequence[ReadSentence], rows: Mapping[tuple[str, int], Floats]
) -> tuple[float, ...]:
    """Return the support of the sentence where a candidate begins; none for one that was cut differently."""
    article_id = candidate.passage.article_id
    row = rows.get((article_id, candidate.sentence_start))
    if row is None:
        within = (
            s.start for s in sentences if s.passage.article_id == article_id and s.start <= candidate.start < s.end
        )
        row = rows.get((article_id, next(within, -1)))
    return tuple(float(value) for value in row) if row is not None else (0.0,) * len(SUPPORT)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
