"""Saying what days an expression means, never more finely than its words did."""

from __future__ import annotations

from datetime import date

from corpus.times.intervals import Interval, part_interval, season_interval, unit_interval
from corpus.times.vocabulary import MONTHS
from corpus.types import Granularity, TimeExpression

MONTH_NAMES = tuple(name.capitalize() for name in list(MONTHS)[:12])
SEASON_NAMES = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
ORDINAL_NAMES = ("first", "second", "third", "fourth")
PARTS = {"early": "early {}", "mid": "mid-{}", "late": "late {}"}
MONTHS_TOLD_IN_DAYS = 32
YEARS_TOLD_IN_DAYS = 365
LAST_COUNTED_WEEK = 23
"""Weeks of a month are counted from its first day up to the fourth; the last is counted from its end."""


def describe(time: TimeExpression) -> str:
    """Return the days of an expression in words: 30 November 2019, late May 2020, the second quarter of 2021."""
    if time.rule == "span":
        return _describe_span(time.earliest, time.latest)
    if time.rule.startswith("edge-of-"):
        whole = _whole(time.earliest, time.granularity)
        edge = "start" if time.earliest == whole.earliest else "end"
        return f"the {edge} of {_name(whole)}"
    return describe_days(time.earliest, time.latest, time.granularity)


def describe_day(day: date) -> str:
    """Return a day as 30 November 2019."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def describe_days(earliest: date, latest: date, granularity: Granularity) -> str:
    """Return an interval of days in words, both ends included, as finely as `granularity` and no finer."""
    if granularity is Granularity.DAY:
        return describe_day(earliest)
    if granularity is Granularity.RANGE:
        return describe_interval(earliest, latest)
    if granularity is Granularity.WEEK and earliest.weekday():
        return _describe_week_of_month(earliest, latest)
    whole = _whole(earliest, granularity)
    name = _name(whole)
    if (earliest, latest) == (whole.earliest, whole.latest):
        return name
    for part, words in PARTS.items():
        if (earliest, latest) == (part_interval(whole, part).earliest, part_interval(whole, part).latest):
            return words.format(name.removeprefix("the "))
    return name


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
        return _month(first)
    if whole.granularity is Granularity.QUARTER:
        return f"the {ORDINAL_NAMES[first.month // 3]} quarter of {first.year}"
    if whole.granularity is Granularity.SEASON:
        last = whole.latest.year
        years = f"{first.year}" if first.year == last else f"{first.year}–{last % 100:02d}"
        return f"{SEASON_NAMES[first.month]} {years}"
    return f"the {first.year}s" if whole.granularity is Granularity.DECADE else f"{first.year}"


def _describe_week_of_month(earliest: date, latest: date) -> str:
    """Say a week that does not begin on a Monday: one counted from the first or the last day of its month."""
    month = _month(earliest)
    if earliest.day % 7 == 1 and earliest.day < LAST_COUNTED_WEEK:
        return f"the {ORDINAL_NAMES[earliest.day // 7]} week of {month}"
    return f"the last week of {month}" if latest == _whole(earliest, Granularity.MONTH).latest else f"a week in {month}"


def _describe_span(earliest: date, latest: date) -> str:
    """Say a span counted from publication as coarsely as it was counted: years in years, months in months."""
    days = (latest - earliest).days
    if days >= YEARS_TOLD_IN_DAYS:
        return f"{earliest.year}–{latest.year}"
    if days >= MONTHS_TOLD_IN_DAYS:
        return f"{_month(earliest)} – {_month(latest)}"
    return describe_interval(earliest, latest)


def describe_interval(earliest: date, latest: date) -> str:
    """Return an interval of days in words, both ends included: 2–4 September 2022, November 2019, 2015–2018."""
    whole_months = earliest.day == 1 and latest == _whole(latest, Granularity.MONTH).latest
    if whole_months and (earliest.month, latest.month) == (1, 12):
        return f"{earliest.year}" if earliest.year == latest.year else f"{earliest.year}–{latest.year}"
    if whole_months and (earliest.year, earliest.month) == (latest.year, latest.month):
        return _month(earliest)
    if whole_months:
        first = MONTH_NAMES[earliest.month - 1] if earliest.year == latest.year else _month(earliest)
        return f"{first} – {_month(latest)}"
    if earliest == latest:
        return describe_day(earliest)
    if (earliest.year, earliest.month) == (latest.year, latest.month):
        return f"{earliest.day}–{describe_day(latest)}"
    if earliest.year == latest.year:
        return f"{earliest.day} {MONTH_NAMES[earliest.month - 1]} – {describe_day(latest)}"
    return f"{describe_day(earliest)} – {describe_day(latest)}"


def _month(day: date) -> str:
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"
