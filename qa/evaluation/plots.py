"""Where the points, bars and rows of the page's plots go, in units of their drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluation.bootstrap import Score
from qa.evaluation.report import Bin

LEFT, TOP, SIDE = 44.0, 12.0, 260.0  # the square that both plots of confidence are drawn in
ROW_HEIGHT = 24.0
LABEL_WIDTH, ROW_WIDTH = 190.0, 420.0
LONGEST_LABEL = 26  # characters that fit the width of a label


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, as an SVG polyline takes them, and the same points as words."""

    points: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the reliability plot; `mark` is where its mean confidence lies."""

    x: float
    y: float
    width: float
    height: float
    mark: float
    told: str
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """A score of one type: its point, and the ends of its interval, in units across."""

    label: str
    full_label: str
    y: float
    low: float
    at: float
    high: float
    told: str


def across(share: float) -> float:
    """Return how far right a share from 0 to 1 lies."""
    return round(LEFT + SIDE * share, 1)


def down(share: float) -> float:
    """Return how far down a share from 0 to 1 lies; 1 is at the top."""
    return round(TOP + SIDE * (1 - share), 1)


def draw_risk(points: Sequence[tuple[float, float]]) -> Curve:
    """Return the line of risk over coverage; it begins at the surest answers."""
    return Curve(
        " ".join(f"{across(coverage)},{down(risk)}" for coverage, risk in points),
        tuple((f"{100 * coverage:.0f}", f"{100 * risk:.1f}") for coverage, risk in points),
    )


def draw_reliability(bins: Sequence[Bin]) -> tuple[Bar, ...]:
    """Return a bar for each bin that has answers: as high as the share of them that is right."""
    return tuple(
        Bar(
            x=across(bin_.low) + 1,
            y=down(bin_.right),
            width=round(SIDE * (bin_.high - bin_.low) - 2, 1),
            height=round(SIDE * bin_.right, 1),
            mark=across(bin_.confidence),
            told=(
                f"{bin_.count} answers at {bin_.low:.1f}–{bin_.high:.1f}: mean confidence "
                f"{100 * bin_.confidence:.0f} %, right {100 * bin_.right:.0f} %"
            ),
            count=bin_.count,
        )
        for bin_ in bins
        if bin_.count
    )


def draw_types(scores: Sequence[tuple[str, Score]]) -> tuple[Row, ...]:
    """Return a row for each score, one below the other."""

    def place(share: float | None) -> float:
        return round(LABEL_WIDTH + ROW_WIDTH * (share or 0.0), 1)

    return tuple(
        Row(
            label=label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…",
            full_label=label,
            y=ROW_HEIGHT * (number + 0.5),
            low=place(score.low),
            at=place(score.value),
            high=place(score.high),
            told=(
                f"{label}: {100 * (score.value or 0):.1f} % "
                f"({100 * (score.low or 0):.1f}–{100 * (score.high or 0):.1f}), n {score.count}"
            ),
        )
        for number, (label, score) in enumerate(scores)
    )
