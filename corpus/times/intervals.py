"""Intervals of days: weeks from Monday to Sunday, months, quarters, seasons, years, decades, and parts of them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus.types import Anchor, Granularity

MONTHS_IN = {
    Granularity.MONTH: 1,
    Granularity.QUARTER: 3,
    Granularity.SEASON: 3,
    Granularity.YEAR: 12,
    Granularity.DECADE: 120,
}
"""Calendar months in a whole unit; days and weeks are counted in days."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `earliest` to `latest`, both included, before they are tied to words of a text."""

    earliest: date
    latest: date
    granularity: Granularity
    anchor: Anchor = Anchor.ABSOLUTE
    certain: bool = True

    def against(self, anchor: Anchor, *, certain: bool = True) -> Interval:
        """Return the same days as resolved against `anchor`."""
        return replace(self, anchor=anchor, certain=self.certain and certain)


def day_interval(day: date) -> Interval:
    """Return one day."""
    return Interval(day, day, Granularity.DAY)


def week_interval(day: date) -> Interval:
    """Return the week, Monday to Sunday, that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return Interval(monday, monday + timedelta(days=6), Granularity.WEEK)


def months_interval(year: int, month: int, granularity: Granularity) -> Interval:
    """Return a whole unit of calendar months that begins with `month`, which may lie outside 1–12."""
    first = year * 12 + month - 1
    last = first + MONTHS_IN[granularity] - 1
    return Interval(_month_start(first), _month_end(last), granularity)


def month_interval(year: int, month: int) -> Interval:
    """Return a calendar month; `month` may lie outside 1–12 and carries into the year."""
    return months_interval(year, month, Granularity.MONTH)


def quarter_interval(year: int, quarter: int) -> Interval:
    """Return a calendar quarter; `quarter` may lie outside 1–4 and carries into the year."""
    return months_interval(year, 3 * quarter - 2, Granularity.QUARTER)


def season_interval(year: int, first_month: int) -> Interval:
    """Return the season of three months that begins in `first_month` of `year`."""
    return months_interval(year, first_month, Granularity.SEASON)


def year_interval(year: int) -> Interval:
    """Return a calendar year."""
    return months_interval(year, 1, Granularity.YEAR)


def decade_interval(year: int) -> Interval:
    """Return the decade of calendar years that holds `year`: 1990–1999."""
    return months_interval(year // 10 * 10, 1, Granularity.DECADE)


def decade_or_century(digits: str) -> Interval:
    """Return what 1990, 90 or 1800 mean with an s: a decade, but the hundreds up to 1900 are a century."""
    year = int(digits) if len(digits) == 4 else 1900 + int(digits)
    if year % 100 == 0 and year <= 1900:
        return century_interval(year // 100 + 1)
    return decade_interval(year)


def range_interval(earliest: date, latest: date) -> Interval:
    """Return the days from one to another, both included."""
    return Interval(earliest, latest, Granularity.RANGE)


def unit_interval(unit: str, day: date) -> Interval:
    """Return the calendar day, week, weekend, month, quarter, year, decade or century that holds `day`."""
    if unit == "day":
        return day_interval(day)
    if unit == "week":
        return week_interval(day)
    if unit == "weekend":
        saturday = week_interval(day).earliest + timedelta(days=5)
        return range_interval(saturday, saturday + timedelta(days=1))
    if unit == "month":
        return month_interval(day.year, day.month)
    if unit == "quarter":
        return quarter_interval(day.year, (day.month + 2) // 3)
    if unit == "year":
        return year_interval(day.year)
    if unit == "decade":
        return decade_interval(day.year)
    return century_interval(day.year // 100 + 1)


def century_interval(number: int) -> Interval:
    """Return a century as newspapers count them: the 20th is 1900–1999."""
    return range_interval(date(max(100 * (number - 1), 1), 1, 1), date(100 * number - 1, 12, 31))


def shift_day(day: date, count: int, unit: str) -> date:
    """Return `day` moved by `count` units; a day that a shorter month lacks becomes its last."""
    if unit in ("day", "week", "weekend"):
        return day + timedelta(days=count * (1 if unit == "day" else 7))
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def part_interval(whole: Interval, part: str) -> Interval:
    """Return the early, mid or late third of an interval, or its start or end.

    Thirds of a month end on the 10th and 20th, thirds of a year in April and August; the start and the end of a
    year are its first and last month. Early in a week is Monday and Tuesday, late is from Friday. The granularity
    stays that of the whole.
    """
    first, last = whole.earliest, whole.latest
    if whole.granularity is Granularity.MONTH:
        tenth, twentieth = first.replace(day=10), first.replace(day=20)
    elif whole.granularity is Granularity.YEAR and part in ("start", "end"):
        tenth, twentieth = date(first.year, 1, 31), date(first.year, 11, 30)
    elif whole.granularity is Granularity.YEAR:
        tenth, twentieth = date(first.year, 4, 30), date(first.year, 8, 31)
    elif whole.granularity in (Granularity.QUARTER, Granularity.SEASON):
        tenth = month_interval(first.year, first.month).latest
        twentieth = month_interval(first.year, first.month + 1).latest
    elif whole.granularity is Granularity.DECADE:
        tenth, twentieth = date(first.year + 3, 12, 31), date(first.year + 6, 12, 31)
    elif whole.granularity is Granularity.WEEK:
        tenth, twentieth = first + timedelta(days=1), first + timedelta(days=3)
    elif last.year - first.year >= 99:
        tenth, twentieth = date(first.year + 32, 12, 31), date(first.year + 65, 12, 31)
    else:
        raise ValueError(f"no early or late part of {whole.granularity.value} {first}–{last}")
    one = timedelta(days=1)
    if part in ("early", "start"):
        return replace(whole, latest=tenth)
    if part == "mid":
        return replace(whole, earliest=min(tenth + one, twentieth), latest=twentieth)
    return replace(whole, earliest=min(twentieth + one, last))


def _month_start(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1)


def _month_end(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])
