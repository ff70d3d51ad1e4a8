"""Joining two times into the run of days between them: from Monday to Wednesday, between 2012 and 2016."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from corpus.times.anchoring import weekday_after, weekday_in_week
from corpus.times.dates import possible_day
from corpus.times.intervals import month_interval
from corpus.types import Anchor, Granularity, TimeExpression

_TO = re.compile(r"\s?[-–—]\s?|,?\s(?:up\s)?(?:to|through|thru|until|till)\s(?:on\s)?")
_AND = re.compile(r",?\sand\s(?:on\s)?")
_LIST = re.compile(r",?\s(?:and|or)\s(?:on\s)?|,\s")
_MOVED = re.compile(
    r"\b(?:moved|moving|moves|postponed|delayed|rescheduled|switched|shifted|brought forward|pushed back|put off|"
    r"put back|changed|extended|advanced|deferred)\b[^.;\n]{0,40}\bfrom\s$"
)
_YEARLESS = frozenset(("day-month", "month-day", "month"))
"""Rules that infer a year when it is not given: beside a time with a year, that year is theirs too."""

_NAMED_DAYS = frozenset(("day-month", "month-day", "weekday"))

BARE_WEEKDAY = len("wednesday")
"""Characters that a weekday by itself has at most; "last Friday" says its week itself."""

LEAD = 60
"""Characters looked at before a range: enough for "moved the meeting from"."""


def join_ranges(lowered: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """Return the times found, with the range that two of them span before its ends.

    The ends stay, each in its own place: "from 24 January to 10 June 2016" names a range and two days. An end without
    a year takes it from the other.
    """
    joined: list[TimeExpression] = []
    for time in found:
        if joined:
            _join(lowered, joined, time)
        else:
            joined.append(time)
    return joined


def _join(lowered: str, joined: list[TimeExpression], last: TimeExpression) -> None:
    first = joined[-1]
    between = lowered[first.end : last.start]
    if len(between) > 12 or Granularity.RANGE in (first.granularity, last.granularity):
        joined.append(last)
        return
    before = lowered[max(0, first.start - LEAD) : first.start]
    is_range = bool(_is_range(before, between, first, last))
    if is_range or _LIST.fullmatch(between):
        first, last = _share(first, last)
        joined[-1] = first
    if is_range:
        last = _after(first, last)
    if not is_range or first.earliest > last.latest or first.earliest == last.earliest:
        joined.append(last)
        return
    anchors = {first.anchor, last.anchor} - {Anchor.ABSOLUTE}
    joined[-1:] = [
        TimeExpression(
            first.start,
            last.end,
            first.earliest,
            last.latest,
            Granularity.RANGE,
            anchors.pop() if anchors else Anchor.ABSOLUTE,
            "range",
            first.certain and last.certain,
        ),
        first,
        last,
    ]


def _is_range(before: str, between: str, first: TimeExpression, last: TimeExpression) -> bool:
    if _TO.fullmatch(between):
        said = before.rstrip().endswith("from") or first.granularity is last.granularity
        return said and not _MOVED.search(before)
    if _AND.fullmatch(between):
        consecutive = first.rule == last.rule and first.rule in _NAMED_DAYS
        return before.endswith(("between ", "between the ")) or (
            consecutive and last.earliest - first.earliest == timedelta(days=1)
        )
    return False


def _share(first: TimeExpression, last: TimeExpression) -> tuple[TimeExpression, TimeExpression]:
    """Give the end without a year or week those of the other, or the neighbouring one where the order asks for it."""
    if (first.rule, last.rule) == ("weekday", "weekday-of-week") and first.end - first.start <= BARE_WEEKDAY:
        day = weekday_in_week(last.earliest, first.earliest.weekday())
        if day < last.earliest:
            return replace(first, earliest=day, latest=day), last
    if first.rule in _YEARLESS and first.anchor is Anchor.PUBLICATION and last.anchor is Anchor.ABSOLUTE:
        for year in (last.earliest.year, last.earliest.year - 1):
            moved = _in_year(first, year)
            if moved and moved.earliest <= last.earliest:
                return moved, last
    if last.rule in _YEARLESS and last.anchor is Anchor.PUBLICATION and first.anchor is Anchor.ABSOLUTE:
        for year in (first.earliest.year, first.earliest.year + 1):
            moved = _in_year(last, year)
            if moved and moved.earliest >= first.earliest:
                return first, moved
    return first, last


def _after(first: TimeExpression, last: TimeExpression) -> TimeExpression:
    """Move an end that was resolved to before its beginning to the first such day or month after it."""
    if last.earliest >= first.earliest:
        return last
    if last.rule == "weekday":
        day = weekday_after(first.earliest, last.earliest.weekday())
        return replace(last, earliest=day, latest=day)
    moved = _in_year(last, last.earliest.year + 1) if last.rule in _YEARLESS else None
    return replace(moved, anchor=last.anchor) if moved else last


def _in_year(time: TimeExpression, year: int) -> TimeExpression | None:
    if time.granularity is Granularity.MONTH:
        month = month_interval(year, time.earliest.month)
        return _moved(time, month.earliest, month.latest)
    day = possible_day(year, time.earliest.month, time.earliest.day)
    return _moved(time, day, day) if day else None


def _moved(time: TimeExpression, earliest: date, latest: date) -> TimeExpression:
    return replace(time, earliest=earliest, latest=latest, anchor=Anchor.ABSOLUTE, certain=True)
