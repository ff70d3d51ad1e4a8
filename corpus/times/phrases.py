"""Times in questions."""

from __future__ import annotations

from datetime import date

from corpus.times.find import find_times
from corpus.types import TimeExpression


def resolve_phrase(words: str, *, asked_on: date) -> TimeExpression | None:
    """Return the time that a few words of a question name, or None: "last week", "in march 2021", "since 2019".

    Capitals do not matter. Of several times the longest in words wins, the first of equals. A preposition before it
    is left to the caller, outside the span.
    """
    return max(find_times(words, asked_on, any_case=True), key=lambda time: time.end - time.start, default=None)
