"""Saying what days an expression means, never more finely than its words did."""

from __future__ import annotations

from datetime import date

from corpus.times.intervals import Interval, part_interval, season_interval, unit_interval
from corpus.times.vocabulary import MONTHS
from corpus.types import Granularity, TimeExpression

MONTH_NAMES = tuple(name.capitalize() for name in list(MONTHS)[:12])
SEASON_NAMES = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
QUARTER_NAMES = ("first", "second", "third", "fourth")


def describe(time: TimeExpression) -> str:
    """Return the days of an expression in words: 30 November 2019, late May 2020, the second quarter of 2021."""
    return describe_days(time.earliest, time.latest, time.granularity)


def describe_day(day: date) -> str:
    """Return a day as 30 November 2019."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def describe_days(earliest: date, latest: date, granularity: Granularity) -> str:
    """Return an interval of days in words, both ends included, as finely as `granularity` and no finer."""
    if granularity is Granularity.DAY:
        return describe_day(earliest)
    if granularity is Granularity.RANGE:
        return _describe_range(earliest, latest)
    whole = _whole(earliest, granularity)
    name = _name(whole)
    if (earliest, latest) == (whole.earliest, whole.latest):
        return name
    for part, words in _PARTS.items():
        if (earliest, latest) == (part_interval(whole, part).earliest, part_interval(whole, part).latest):
            return words.format(name.removeprefix("the "))
    return name


_PARTS = {"early": "early {}", "mid": "mid-{}", "late": "late {}", "start": "the start of {}", "end": "the end of {}"}


def _whole(day: date, granularity: Granularity) -> Interval:
    if granularity is Granularity.SEASON:
        months = day.year * 12 + day.month - 1
        first = months - day.month % 3
        return season_interval(first // 12, first % 12 + 1)
    return unit_interval(granularity.value, day)


def _name(whole: Interval) -> str:
    first = whole.earliest
    if whole.granularity is Granularity.WEEK:
        return f"the week of {describe_day(first)}"
    if whole.granularity is Granularity.MONTH:
        return f"{MONTH_NAMES[first.month - 1]} {first.year}"
    if whole.granularity is Granularity.QUARTER:
        return f"the {QUARTER_NAMES[first.month // 3]} quarter of {first.year}"
    if whole.granularity is Granularity.SEASON:
        last = whole.latest.year
        years = f"{first.year}" if first.year == last else f"{first.year}–{last % 100:02d}"
        return f"{SEASON_NAMES[first.month]} {years}"
    return f"the {first.year}s" if whole.granularity is Granularity.DECADE else f"{first.year}"


def _describe_range(earliest: date, latest: date) -> str:
    if (earliest.month, earliest.day, latest.month, latest.day) == (1, 1, 12, 31):
        return f"{earliest.year}" if earliest.year == latest.year else f"{earliest.year}–{latest.year}"
    if earliest == latest:
        return describe_day(earliest)
    if (earliest.year, earliest.month) == (latest.year, latest.month):
        return f"{earliest.day}–{describe_day(latest)}"
    if earliest.year == latest.year:
        return f"{earliest.day} {MONTH_NAMES[earliest.month - 1]} – {describe_day(latest)}"
    return f"{describe_day(earliest)} – {describe_day(latest)}"
