"""Scores that must be reached: `--min em=0.6`."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.evaluation.bootstrap import Score
from qa.evaluation.metrics import BY_NAME


@dataclass(frozen=True, slots=True)
class Minimum:
    """A score, by name, and the least it may be."""

    name: str
    least: float


def parse_minimum(text: str) -> Minimum:
    """Return what `METRIC=VALUE` asks for; the name's case does not matter. Raises ValueError with what is wrong."""
    name, equals, value = text.partition("=")
    name = name.strip().lower().replace("-", "_")
    if not equals:
        raise ValueError(f"{text!r} is not METRIC=VALUE, as em=0.6")
    if name not in BY_NAME:
        nearest = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=0.0)[0]
        raise ValueError(f"there is no score {name!r}; the nearest is {nearest!r}; all are: {', '.join(BY_NAME)}")
    if BY_NAME[name].lower_is_better:
        raise ValueError(f"{name} is better the lower it is, so it has no minimum")
    try:
        least = float(value)
    except ValueError:
        least = math.nan
    if not 0 <= least <= 1:
        raise ValueError(f"{value.strip()!r} is not a number from 0 to 1")
    return Minimum(name, least)


def missed_minimums(scores: Mapping[str, Score], minimums: Sequence[Minimum]) -> list[str]:
    """Return a line for each minimum that is not reached; a score of nothing reaches none."""
    missed = []
    for minimum in minimums:
        value = scores[minimum.name].value
        if value is None:
            missed.append(f"{minimum.name} has nothing to be scored on, so that {minimum.least:g} is not reached")
        elif value < minimum.least:
            missed.append(f"{minimum.name} is {value:.4f}, which is below {minimum.least:g}")
    return missed
