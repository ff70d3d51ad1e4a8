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
from qa.reader import Floats, Reader
from qa.types import Candidate, Query, Retrieved

JUDGED = 12  # candidates looked at again: past these the right one has hardly ever been
FEATURES = (
    "reader",  # log odds of the reader's own score
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
    (0.57, 0.65, 0.87, 0.23, 0.26, 0.36, 0.05, 0.39, 0.20, 0.91, -0.23, 0.63, 0.32, -0.49, -0.11), 1.424, 0.25
)


class JudgedReader:
    """A reader whose candidates are weighed against one another and against no answer."""

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
        rows = [(_log_odds(candidate.score), *around.row(candidate)) for candidate in candidates]
        return candidates, np.asarray(rows, np.float32)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
