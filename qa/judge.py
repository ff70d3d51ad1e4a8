"""Judges a trained reader's candidates once more, by what stands around them.

A span reader is good at "such words answer such a question" and poor at "but this is another country's meeting". What
the sentence, its neighbours and its article hold of the question's words, ordinal and days tells the two apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.types import Article, TimeExpression
from qa.around import AROUND, Around
from qa.reader import Floats, Reader, SentenceEmbedder
from qa.types import Candidate, Query, Retrieved

JUDGED = 12  # candidates looked at again: past these the right one has hardly ever been
FEATURES = (
    "reader",  # log odds of the reader's own score
    "meaning",  # cosine of question and sentence
    "agreement",  # logarithm of how many other articles' candidates say the same
    *AROUND,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Weights of `FEATURES` in a choice between the candidates and no answer (McFadden's conditional logit).

    `nothing` is the utility of no answer; `threshold` the probability below which it is better to refuse.
    """

    coefficients: tuple[float, ...]
    nothing: float
    threshold: float

    def __post_init__(self) -> None:
        if len(self.coefficients) != len(FEATURES):
            raise ValueError(f"{len(self.coefficients)} weights for {len(FEATURES)} features")


# Fitted by benchmarks/fit_judge.py on questions that the reader was not trained on.
VERDICT = Verdict(
    (
        0.61,
        1.74,
        -0.1,
        1.55,
        -0.85,
        1.68,
        -0.35,
        0.63,
        0.2,
        -0.58,
        1.3,
        -0.27,
        0.54,
        0.24,
        -0.03,
        0.19,
        0.93,
        0.93,
        0.72,
        -0.29,
        0.66,
    ),
    2.5,
    0.3,
)


class JudgedReader:
    """A reader whose candidates are weighed against one another and against no answer."""

    def __init__(self, reader: Reader, embedder: SentenceEmbedder, verdict: Verdict = VERDICT) -> None:
        self._reader = reader
        self._embedder = embedder
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
        """Return the reader's best candidates, best first; their scores and that of no answer add up to one."""
        candidates, features = self.features(query, passages, articles, times)
        utilities = features @ np.asarray(self._verdict.coefficients, np.float32)
        highest = max([self._verdict.nothing, *utilities.tolist()])
        total = math.exp(self._verdict.nothing - highest) + float(np.exp(utilities - highest).sum())
        scored = [
            replace(candidate, score=math.exp(float(utility) - highest) / total)
            for candidate, utility in zip(candidates, utilities, strict=True)
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
        if not candidates:
            return [], np.zeros((0, len(FEATURES)), np.float32)
        around = Around(query, passages, articles, times)
        meaning = self._meaning(query, candidates, articles)
        rows = [
            (
                _log_odds(candidate.score),
                meaning[candidate.passage.article_id, candidate.sentence_start],
                _agreement(candidate, candidates, articles),
                *around.row(candidate),
            )
            for candidate in candidates
        ]
        return candidates, np.asarray(rows, np.float32)

    def _meaning(
        self, query: Query, candidates: Sequence[Candidate], articles: Mapping[str, Article]
    ) -> dict[tuple[str, int], float]:
        """Return the cosine of the question and each candidate's sentence, by article and start of sentence."""
        texts = {
            (c.passage.article_id, c.sentence_start): articles[c.passage.article_id].text[
                c.sentence_start : c.sentence_end
            ]
            for c in candidates
        }
        vectors = self._embedder.embed_queries([query.standalone, *texts.values()])
        return dict(zip(texts, (vectors[1:] @ vectors[0]).tolist(), strict=True))


def _agreement(candidate: Candidate, candidates: Sequence[Candidate], articles: Mapping[str, Article]) -> float:
    """Return the logarithm of how many articles' candidates say the same; a month agrees with a day in it."""
    agreeing = {
        other.passage.article_id
        for other in candidates
        if other.passage.article_id == candidate.passage.article_id or _agree(candidate, other, articles)
    }
    return math.log(len(agreeing))


def _agree(one: Candidate, other: Candidate, articles: Mapping[str, Article]) -> bool:
    a, b = one.time, other.time
    if a is not None and b is not None:
        return (a.earliest <= b.earliest and b.latest <= a.latest) or (
            b.earliest <= a.earliest and a.latest <= b.latest
        )
    return a is b and _words(one, articles) == _words(other, articles)


def _within(inner: TimeExpression, outer: TimeExpression) -> bool:
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest


def _words(candidate: Candidate, articles: Mapping[str, Article]) -> str:
    return articles[candidate.passage.article_id].text[candidate.start : candidate.end].casefold()


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
