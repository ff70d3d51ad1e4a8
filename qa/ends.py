"""Which part of a run of days a question asks for: its first day, its last, or all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Granularity, TimeExpression

LONGEST_RUN = 62  # days: two ends further apart are months or years, whose days nobody named
# To teach a new way of asking, add a word to a row.
_WHEN = r"\b(?:when|(?:what|which) (?:day|date))\b[^?]*\b"
BEGINNING = re.compile(
    _WHEN + r"(?:start(?:s|ed|ing)?|beg[iau]ns?|beginning|open(?:s|ed|ing)?|commenced?|set out|set off)\b",
    re.IGNORECASE,
)
ENDING = re.compile(
    _WHEN + r"(?:end(?:s|ed)?|clos(?:e|es|ed)|finish(?:es|ed)?|conclud(?:e|es|ed)|over|run until)\b", re.IGNORECASE
)
WHOLE = re.compile(
    r"\bbetween (?:what|which) (?:dates|days)\b|\bfrom when (?:to|until|till) when\b|\b(?:what|which) (?:dates|days)\b",
    re.IGNORECASE,
)


def first_day(time: TimeExpression) -> TimeExpression:
    """Return the day with which a run of days begins."""
    return replace(time, latest=time.earliest, granularity=Granularity.DAY)


def last_day_of(time: TimeExpression) -> TimeExpression:
    """Return the day with which a run of days ends."""
    return replace(time, earliest=time.latest, granularity=Granularity.DAY)


def part_asked(question: str, time: TimeExpression, times: Sequence[TimeExpression]) -> TimeExpression:
    """Return the part of a run of days that a question asks for; `times` are those that the article names."""
    if WHOLE.search(question):
        runs = (one for one in times if is_run(one) and one.start <= time.start and time.end <= one.end)
        return next(runs, time)
    if is_run(time) and BEGINNING.search(question):
        return first_day(time)
    if is_run(time) and ENDING.search(question):
        return last_day_of(time)
    return time


def is_run(time: TimeExpression) -> bool:
    """Whether a time is a run of single days: "from 24 to 26 May", and not "2012 to 2016"."""
    return time.granularity is Granularity.RANGE and (time.latest - time.earliest).days <= LONGEST_RUN
