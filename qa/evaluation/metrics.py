"""Every score, with what it means. Each is computed for many resamples of the questions at once.

A resample is a row of `counts`, float64 (resamples, questions): how often each question was drawn. The score of the
questions themselves is that of a row of ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.outcome import Outcome

Array = NDArray[np.float64]
Share = tuple[float, float]  # what a question adds above and below the line of a ratio
Statistic = Callable[[Array], Array]

CUTOFFS = (1, 3, 5, 10, 20)
BINS = 10  # of confidence, equally wide, as Guo et al. 2017 plot calibration
NOTHING: Share = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One score. `prepare` makes its statistic for some questions: one value a resample, NaN where that has none.

    `counted` is how many questions bear on it. `timing` marks what differs from run to run.
    """

    name: str
    label: str
    meaning: str
    prepare: Callable[[Sequence[Outcome]], Statistic]
    counted: Callable[[Outcome], bool]
    lower_is_better: bool = False
    timing: bool = False


def _ratio(name: str, label: str, meaning: str, share: Callable[[Outcome], Share]) -> Metric:
    """Return a score that is one sum over questions divided by another."""

    def prepare(outcomes: Sequence[Outcome]) -> Statistic:
        shares = np.array([share(outcome) for outcome in outcomes], np.float64).reshape(-1, 2)
        return lambda counts: _divide(*(counts @ shares).T)

    return Metric(name, label, meaning, prepare, lambda outcome: share(outcome)[1] > 0)


def _answered(outcome: Outcome) -> bool:
    return not outcome.refused


def risk_coverage_auc(outcomes: Sequence[Outcome]) -> Statistic:
    """Score the mean, over the answers given, of the share wrong among the answers at least as confident.

    The area under the risk-coverage curve (Geifman and El-Yaniv 2017); answers of one confidence count together, so
    that their order does not matter.
    """
    given = np.array([_answered(outcome) for outcome in outcomes], bool)
    confidence = np.array([outcome.confidence for outcome in outcomes], np.float64)[given]
    wrong = np.array([not outcome.right for outcome in outcomes], np.float64)[given]
    order = np.argsort(-confidence, kind="stable")
    confidence, wrong, places = confidence[order], wrong[order], np.flatnonzero(given)[order]
    last_of_equals = np.searchsorted(-confidence, -confidence, side="right") - 1

    def statistic(counts: Array) -> Array:
        drawn = counts[:, places]
        covered = np.cumsum(drawn, axis=1)[:, last_of_equals]
        missed = np.cumsum(drawn * wrong, axis=1)[:, last_of_equals]
        risk = np.divide(missed, covered, out=np.zeros_like(missed), where=covered > 0)
        return _divide((risk * drawn).sum(axis=1), drawn.sum(axis=1))

    return statistic


def calibration_error(outcomes: Sequence[Outcome]) -> Statistic:
    """Score how far confidence is from the share right, on average over ten bins (ECE, Naeini et al. 2015)."""
    given = np.array([_answered(outcome) for outcome in outcomes], bool)
    confidence = np.array([outcome.confidence for outcome in outcomes], np.float64)[given]
    correct = np.array([outcome.right for outcome in outcomes], np.float64)[given]
    excess = np.zeros((len(confidence), BINS))
    excess[np.arange(len(confidence)), bin_of(confidence)] = confidence - correct

    def statistic(counts: Array) -> Array:
        drawn = counts[:, given]
        return _divide(np.abs(drawn @ excess).sum(axis=1), drawn.sum(axis=1))

    return statistic


def bin_of(confidence: Array) -> NDArray[np.int64]:
    """Return the bin of each confidence, 0 to 9; a bound belongs to the bin above, and 1.0 to the last."""
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def _latency(name: str, label: str, share: float) -> Metric:
    def prepare(outcomes: Sequence[Outcome]) -> Statistic:
        """Score the smallest time that `share` of the questions do not exceed (nearest rank)."""
        timed = np.array([outcome.total_ms is not None for outcome in outcomes], bool)
        spent = np.array([outcome.total_ms or 0.0 for outcome in outcomes], np.float64)[timed]
        order = np.argsort(spent, kind="stable")
        spent, places = spent[order], np.flatnonzero(timed)[order]

        def statistic(counts: Array) -> Array:
            reached = np.cumsum(counts[:, places], axis=1)
            total = reached[:, -1:] if len(spent) else np.zeros((len(counts), 1))
            if not total.any():
                return np.full(len(counts), np.nan)
            times: Array = spent[np.argmax(reached >= np.maximum(np.ceil(share * total), 1), axis=1)]
            return np.where(total[:, 0] > 0, times, np.nan)

        return statistic

    meaning = f"milliseconds that {share:.0%} of the questions took at most"
    return Metric(name, label, meaning, prepare, lambda o: o.total_ms is not None, lower_is_better=True, timing=True)


def _divide(above: Array, below: Array) -> Array:
    """Return the quotients, NaN where there is nothing below the line."""
    quotient = np.full(len(below), np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def _cut(name: str, label: str, meaning: str, score: Callable[[Sequence[int | None], int], float]) -> list[Metric]:
    def at(k: int) -> Metric:
        def share(outcome: Outcome) -> Share:
            return (score(outcome.found_at, k), 1.0) if outcome.found_at is not None else NOTHING

        return _ratio(f"{name}@{k}", f"{label} @{k}", meaning.format(k=k), share)

    return [at(k) for k in CUTOFFS]


def _found(found_at: Sequence[int | None], k: int) -> int:
    return sum(rank is not None and rank <= k for rank in found_at)


METRICS: tuple[Metric, ...] = (
    _ratio(
        "accuracy",
        "Accuracy",
        "share of all questions answered exactly or rightly refused",
        lambda o: (float(o.right), 1.0),
    ),
    _ratio(
        "em",
        "Exact match",
        "share of answerable questions answered as gold, after SQuAD's normalisation or as the same days",
        lambda o: (o.exact, 1.0) if o.answerable else NOTHING,
    ),
    _ratio(
        "f1",
        "F1",
        "words shared with the best gold answer (SQuAD), over answerable questions; a refusal scores 0",
        lambda o: (o.f1, 1.0) if o.answerable else NOTHING,
    ),
    _ratio(
        "refusal_precision",
        "Refusal precision",
        "share of refusals that were of unanswerable questions",
        lambda o: (float(not o.answerable), 1.0) if o.refused else NOTHING,
    ),
    _ratio(
        "refusal_recall",
        "Refusal recall",
        "share of unanswerable questions that were refused",
        lambda o: (float(o.refused), 1.0) if not o.answerable else NOTHING,
    ),
    _ratio(
        "refusal_f1",
        "Refusal F1",
        "harmonic mean of refusal precision and recall",
        lambda o: (2.0 * (o.refused and not o.answerable), float(o.refused) + float(not o.answerable)),
    ),
    Metric(
        "risk_coverage_auc",
        "Risk–coverage AUC",
        "mean share wrong among the answers at least as confident as each answer given",
        risk_coverage_auc,
        _answered,
        lower_is_better=True,
    ),
    Metric(
        "calibration_error",
        "Calibration error",
        "mean distance between confidence and share right, in ten bins of confidence",
        calibration_error,
        _answered,
        lower_is_better=True,
    ),
    _ratio(
        "citation_precision",
        "Citation precision",
        "share of citations whose sentence holds or entails what is claimed and, with evidence, is from its articles",
        lambda o: (float(o.citations_right or 0), float(o.citations or 0)),
    ),
    _ratio(
        "citation_recall",
        "Citation recall",
        "share of answered questions with at least one such citation",
        lambda o: (float(o.citations_right > 0), 1.0) if o.citations_right is not None and not o.refused else NOTHING,
    ),
    _ratio(
        "quote_exactness",
        "Quote exactness",
        "share of citations whose quote stands in the article at its span, byte for byte",
        lambda o: (float(o.quotes_exact or 0), float(o.citations or 0)),
    ),
    *_cut(
        "evidence_recall",
        "Evidence recall",
        "share of the pieces of evidence held by the first {k} passages",
        lambda found_at, k: _found(found_at, k) / len(found_at),
    ),
    *_cut(
        "all_evidence",
        "All evidence",
        "share of questions all of whose evidence the first {k} passages hold",
        lambda found_at, k: float(_found(found_at, k) == len(found_at)),
    ),
    *_cut(
        "hit",
        "Hit",
        "share of questions any of whose evidence the first {k} passages hold",
        lambda found_at, k: float(_found(found_at, k) > 0),
    ),
    _ratio(
        "mrr@10",
        "MRR @10",
        "mean of 1 / the rank of the first passage with evidence",
        lambda o: (o.ranks.mrr, 1.0) if o.ranks else NOTHING,
    ),
    _ratio(
        "map@10",
        "MAP @10",
        "mean average precision of the passages that hold new evidence",
        lambda o: (o.ranks.map, 1.0) if o.ranks else NOTHING,
    ),
    _ratio(
        "ndcg@10",
        "nDCG @10",
        "normalised discounted cumulative gain of the passages that hold new evidence",
        lambda o: (o.ranks.ndcg, 1.0) if o.ranks else NOTHING,
    ),
    _latency("latency_p50_ms", "Latency p50 (ms)", 0.50),
    _latency("latency_p95_ms", "Latency p95 (ms)", 0.95),
    _latency("latency_p99_ms", "Latency p99 (ms)", 0.99),
)

BY_NAME = {metric.name: metric for metric in METRICS}
