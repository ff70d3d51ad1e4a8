"""How sure a score is: the questions are drawn again and again, and the score computed each time (Efron 1979)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation.metrics import METRICS, Array, Metric
from qa.evaluation.outcome import Outcome

RESAMPLES = 1000  # the bounds of a 95 % interval then rest on 25 draws each
SEED = 20190
LOW, HIGH = 2.5, 97.5  # percentiles of a 95 % interval
_DRAWN_TOGETHER = 100  # rows of counts held at a time: 8 MB for 10,000 questions


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its 95 % interval. `value` is None where there is nothing to score; `count` is of questions."""

    value: float | None
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A score less that of the baseline, on the same questions, with its 95 % interval and two-sided p."""

    before: float
    after: float
    low: float
    high: float
    p: float

    @property
    def change(self) -> float:
        """How much it rose; negative where it fell."""
        return self.after - self.before

    @property
    def real(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def draws(questions: int, *, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Array]:
    """Yield blocks of counts, float64 (rows, questions): how often each draw of all questions took each of them."""
    generator = np.random.default_rng(seed)
    for first in range(0, resamples, _DRAWN_TOGETHER):
        rows = min(_DRAWN_TOGETHER, resamples - first)
        drawn = generator.integers(0, questions, (rows, questions))
        yield np.stack([np.bincount(row, minlength=questions) for row in drawn]).astype(np.float64)


def score(outcomes: Sequence[Outcome], *, metrics: Sequence[Metric] = METRICS) -> dict[str, Score]:
    """Return every score of these questions, by name."""
    counts_of = {metric.name: sum(map(metric.counted, outcomes)) for metric in metrics}
    useful = [metric for metric in metrics if counts_of[metric.name]]
    statistics = {metric.name: metric.prepare(outcomes) for metric in useful}
    once = np.ones((1, len(outcomes)))
    drawn: dict[str, list[Array]] = {metric.name: [] for metric in useful}
    for counts in draws(len(outcomes)) if useful else ():
        for name, statistic in statistics.items():
            drawn[name].append(statistic(counts))
    scores = {metric.name: Score(None, None, None, 0) for metric in metrics}
    for metric in useful:
        low, high = _bounds(np.concatenate(drawn[metric.name]))
        value = float(statistics[metric.name](once)[0])
        scores[metric.name] = Score(value, low, high, counts_of[metric.name])
    return scores


def score_by_type(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Score]]:
    """Return every score of the questions of each type, the types in order of their names."""
    types = sorted({label for outcome in outcomes for label in outcome.types})
    return {label: score([outcome for outcome in outcomes if label in outcome.types]) for label in types}


def compare_scores(before: Sequence[Outcome], after: Sequence[Outcome]) -> dict[str, Difference]:
    """Return the difference of each score that both have, for the same questions in the same order.

    The bootstrap is paired: both are scored on the same draws, so what makes a question hard cancels out.
    """
    useful = [
        metric
        for metric in METRICS
        if not metric.timing and any(map(metric.counted, before)) and any(map(metric.counted, after))
    ]
    statistics = {metric.name: (metric.prepare(before), metric.prepare(after)) for metric in useful}
    once = np.ones((1, len(before)))
    drawn: dict[str, list[Array]] = {metric.name: [] for metric in useful}
    for counts in draws(len(before)) if useful else ():
        for name, (old, new) in statistics.items():
            drawn[name].append(new(counts) - old(counts))
    found = {}
    for name, (old, new) in statistics.items():
        changes = np.concatenate(drawn[name])
        found[name] = Difference(float(old(once)[0]), float(new(once)[0]), *_bounds(changes), _p(changes))
    return found


def _bounds(values: Array) -> tuple[float, float]:
    """Return the percentile interval of the draws that had anything to score."""
    low, high = np.nanpercentile(values, (LOW, HIGH))
    return float(low), float(high)


def _p(changes: Array) -> float:
    """Return how often a difference at least as far from zero would be drawn on the other side, both sides counted."""
    known = changes[~np.isnan(changes)]
    return float(min(1.0, 2 * min(np.mean(known <= 0), np.mean(known >= 0))))
