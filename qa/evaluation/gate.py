"""The gate: which scores have fallen below a baseline by more than its intervals allow."""

from __future__ import annotations

from typing import Any

from qa.evaluation.metrics import METRICS

ALWAYS = {"quote_exactness": 1.0}  # an article's words are its words: no interval excuses another quote


def fallen_scores(now: dict[str, Any], baseline: dict[str, Any]) -> list[str]:
    """Return a line for each score of a report's record that is out of the baseline's interval on the bad side.

    Timings are left out, for they are the machine's; a score that the baseline has must be there.
    """
    fallen = []
    for metric in METRICS:
        if metric.timing or baseline["scores"].get(metric.name, {}).get("value") is None:
            continue
        value, was = now["scores"][metric.name]["value"], baseline["scores"][metric.name]
        low, high = was["low"], was["high"]
        spread = f"the baseline is {was['value']:.4f} ({low:.4f} to {high:.4f})"
        if value is None:
            fallen.append(f"{metric.name} has nothing to be scored on; {spread}")
        elif metric.lower_is_better and value > high:
            fallen.append(f"{metric.name} rose to {value:.4f}; {spread}")
        elif not metric.lower_is_better and value < max(low, ALWAYS.get(metric.name, low)):
            fallen.append(f"{metric.name} fell to {value:.4f}; {spread}")
    return fallen


def stale(now: dict[str, Any], baseline: dict[str, Any]) -> list[str]:
    """Return the ids of questions that one of two reports has and the other has not, or asks otherwise."""
    asked, once = (
        {item["id"]: (item["question"], item["expected"]) for item in each["outcomes"]} for each in (now, baseline)
    )
    return sorted(key for key in asked.keys() | once.keys() if asked.get(key) != once.get(key))
