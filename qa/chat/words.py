"""How days, confidence and scopes read in a sentence."""

from __future__ import annotations

from datetime import date

from corpus.times import describe_day
from vectorstore.types import Filters

# The confidence is a fitted probability: these are the tenths at which an honest speaker would change their words.
CONFIDENCE_WORDS = ((0.9, "Very likely right"), (0.7, "Likely right"), (0.5, "More likely right than wrong"))
LEAST_CONFIDENT = "Unsure: read the source"

STAGE_WORDS = {
    "searching": "Searching the archive",
    "reading": "Reading the passages found",
    "checking": "Checking every word against its source",
}


def confidence_words(confidence: float) -> str:
    """Return what a confidence between 0 and 1 means in words."""
    return next((words for least, words in CONFIDENCE_WORDS if confidence >= least), LEAST_CONFIDENT)


def stage_words(stage: str) -> str:
    """Return what the pipeline does in a stage, in words for the one who waits."""
    return STAGE_WORDS.get(stage, stage[:1].upper() + stage[1:])


def moment_words(iso: str) -> str:
    """Return the day of an ISO 8601 day or timestamp as `6 September 2022`; other words as they are, blank undated."""
    try:
        return describe_day(date.fromisoformat(iso[:10]))
    except ValueError:
        return iso.strip() or "undated"


def scope_words(filters: Filters, asked_on: date | None = None) -> str:
    """Return what a search was restricted to and when it counts as made, in words, or nothing."""
    parts = []
    if filters.published_from and filters.published_to:
        parts.append(f"published {describe_day(filters.published_from)} to {describe_day(filters.published_to)}")
    elif filters.published_from:
        parts.append(f"published from {describe_day(filters.published_from)}")
    elif filters.published_to:
        parts.append(f"published up to {describe_day(filters.published_to)}")
    if filters.sources:
        parts.append("by " + ", ".join(sorted(filters.sources)))
    if asked_on:
        parts.append(f"as if asked on {describe_day(asked_on)}")
    return ", ".join(parts)


def count_words(count: int, noun: str) -> str:
    """Return `1 article`, `26,829 articles`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
