"""Fits the confidence: how likely a span with such odds is to be right, on questions that were not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.span_reader import UNFITTED, Confidence
from qa.training.examples import share_of
from qa.training.measure import Outcome

RIGHT_F1 = 0.5  # an answer that shares this much with a gold one counts as right
RIDGE = 1e-2  # keeps the weights finite where few outcomes separate perfectly
BINS = 10
FOLDS = 5

Floats = NDArray[np.float64]


def fit_confidence(outcomes: Sequence[Outcome], *, steps: int = 50) -> Confidence:
    """Fit the logistic regression by Newton's method with a small ridge; without outcomes, the model's own odds."""
    if not outcomes:
        return UNFITTED
    features, labels = _table(outcomes)
    weights = np.zeros(features.shape[1])
    for _ in range(steps):
        chances = _logistic(features @ weights)
        gradient = features.T @ (chances - labels) + RIDGE * weights
        curvature = (features * (chances * (1 - chances))[:, None]).T @ features + RIDGE * np.eye(len(weights))
        change = np.linalg.solve(curvature, gradient)
        weights = weights - change
        if np.abs(change).max() < 1e-8:
            break
    return Confidence(*(float(round(weight, 6)) for weight in weights))


def cross_validated(outcomes: Sequence[Outcome]) -> list[float]:
    """Return each outcome's probability from a fit on the other folds; an article's questions share a fold."""
    folds = [int(share_of(_article(outcome.id), salt="fold") * FOLDS) for outcome in outcomes]
    chances = [0.0] * len(outcomes)
    for fold in range(FOLDS):
        others = [outcome for outcome, own in zip(outcomes, folds, strict=True) if own != fold]
        fitted = fit_confidence(others or outcomes)
        for place, outcome in enumerate(outcomes):
            if folds[place] == fold:
                chances[place] = fitted.probability(outcome.features)
    return chances


def calibration_error(chances: Sequence[float], labels: Sequence[float]) -> float:
    """Return the expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    return sum(count * abs(chance - share) for chance, share, count in reliability(chances, labels)) / max(
        len(chances), 1
    )


def reliability(chances: Sequence[float], labels: Sequence[float]) -> list[tuple[float, float, int]]:
    """Return (mean probability, share right, count) of each bin that has any."""
    bins: dict[int, list[tuple[float, float]]] = {}
    for chance, label in zip(chances, labels, strict=True):
        bins.setdefault(min(int(chance * BINS), BINS - 1), []).append((chance, label))
    rows = []
    for _, entries in sorted(bins.items()):
        count = len(entries)
        rows.append((sum(c for c, _ in entries) / count, sum(label for _, label in entries) / count, count))
    return rows


def is_right(outcome: Outcome) -> float:
    """Return 1 where the answer given is right, else 0; an unanswerable question has no right answer."""
    return float(outcome.answerable and outcome.f1 >= RIGHT_F1)


def best_threshold(chances: Sequence[float], outcomes: Sequence[Outcome]) -> float:
    """Return the probability below which refusing gives the best mean of F1 and right refusals."""
    ordered = sorted(zip(chances, outcomes, strict=True), key=lambda entry: entry[0])
    score = sum(outcome.f1 for _, outcome in ordered if outcome.answerable)
    best, threshold = score, 0.0
    for place, (chance, outcome) in enumerate(ordered):
        score += -outcome.f1 if outcome.answerable else 1.0
        if score > best:
            following = ordered[place + 1][0] if place + 1 < len(ordered) else 1.0
            best, threshold = score, (chance + following) / 2
    return threshold


def _table(outcomes: Sequence[Outcome]) -> tuple[Floats, Floats]:
    features = np.array([[1.0, *outcome.features] for outcome in outcomes])
    return features, np.array([is_right(outcome) for outcome in outcomes])


def _logistic(odds: Floats) -> Floats:
    chances: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
    return chances


def _article(identifier: str) -> str:
    return identifier.rsplit("-", 1)[0]
