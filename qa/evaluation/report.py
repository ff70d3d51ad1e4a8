"""A report: scores with their intervals, by type, and what became of each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

import numpy as np

from qa.evaluation.bootstrap import Score, score, score_by_type
from qa.evaluation.compare import Comparison
from qa.evaluation.metrics import BINS, bin_of
from qa.evaluation.outcome import Examination, Outcome

CURVE_POINTS = 200  # of the risk-coverage curve: more cannot be seen, and a report of many answers stays small


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers given with a confidence of at least `low` and less than `high` (the last bin has 1.0 too).

    `confidence` and `right` are means over them, 0 where there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that an evaluation found. `by_type` maps a type to its scores; `risk` has (coverage, risk) points.

    Timings differ from run to run and all else does not: `peak_memory_mb` is None where nothing was answered.
    """

    name: str
    version: str
    examination: Examination
    scores: dict[str, Score]
    by_type: dict[str, dict[str, Score]]
    reliability: tuple[Bin, ...]
    risk: tuple[tuple[float, float], ...]
    comparison: Comparison | None = None
    warnings: tuple[str, ...] = ()
    peak_memory_mb: float | None = None


def make_report(
    name: str,
    examination: Examination,
    *,
    comparison: Comparison | None = None,
    warnings: Sequence[str] = (),
    peak_memory_mb: float | None = None,
) -> Report:
    """Score an examination. `name` says what was asked: the name of the file of questions."""
    outcomes = examination.outcomes
    return Report(
        name=name,
        version=metadata.version("dateline-qa"),
        examination=examination,
        scores=score(outcomes),
        by_type=score_by_type(outcomes),
        reliability=reliability(outcomes),
        risk=risk_curve(outcomes),
        comparison=comparison,
        warnings=tuple(warnings),
        peak_memory_mb=peak_memory_mb,
    )


def reliability(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    """Return the answers given in ten bins of confidence (a reliability diagram, Guo et al. 2017)."""
    given = [outcome for outcome in outcomes if not outcome.refused]
    confidence = np.array([outcome.confidence for outcome in given], np.float64)
    correct = np.array([outcome.right for outcome in given], np.float64)
    bins = bin_of(confidence)
    found = []
    for number in range(BINS):
        inside = bins == number
        count = int(inside.sum())
        means = (float(confidence[inside].mean()), float(correct[inside].mean())) if count else (0.0, 0.0)
        found.append(Bin(number / BINS, (number + 1) / BINS, count, *means))
    return tuple(found)


def risk_curve(outcomes: Sequence[Outcome]) -> tuple[tuple[float, float], ...]:
    """Return points of coverage (share of all questions answered) and risk (share of those wrong).

    One point for each confidence from which on answers might be shown, the surest first; at most 200.
    """
    given = sorted((outcome for outcome in outcomes if not outcome.refused), key=lambda outcome: -outcome.confidence)
    points = []
    wrong = 0
    for place, outcome in enumerate(given, start=1):
        wrong += not outcome.right
        if place == len(given) or given[place].confidence != outcome.confidence:
            points.append((place / len(outcomes), wrong / place))
    if len(points) <= CURVE_POINTS:
        return tuple(points)
    kept = np.linspace(0, len(points) - 1, CURVE_POINTS).round().astype(int)
    return tuple(points[place] for place in kept)
