"""Times in questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from corpus.times.find import find_times
from corpus.types import TimeExpression

LEAD = "in "
"""Put before a phrase, so that a lone "may" or "1815" is read as a time."""


def resolve_phrase(words: str, *, asked_on: date) -> TimeExpression | None:
    """Return the time that a few words of a question name, or None: "last week", "in march 2021", "since 2019".

    Capitals do not matter. Of several times the longest in words wins, the first of equals. A preposition before it
    is left to the caller, outside the span, which counts in `words`.
    """
    times = [time for time in find_times(LEAD + words, asked_on, any_case=True) if time.start >= len(LEAD)]
    longest = max(times, key=lambda time: time.end - time.start, default=None)
    return longest and replace(longest, start=longest.start - len(LEAD), end=longest.end - len(LEAD))
