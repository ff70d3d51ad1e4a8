"""Rules for dates that name a day or a month: 30 November 2019, April 11, 2019-11-30, 30/11/2019, May 2021."""

from __future__ import annotations

import re
from datetime import date

from corpus.times.anchoring import choose
from corpus.times.intervals import Interval, day_interval, month_interval, range_interval
from corpus.times.rule import Reading, Rule
from corpus.times.vocabulary import (
    ANY_WEEKDAY,
    DAY,
    MONTH,
    ORDINAL,
    TO,
    YEAR,
    day_number,
    month_number,
    weekday_number,
)
from corpus.types import Anchor, Granularity

PIVOT = 50
"""Two digits below this are years of this century: 30/11/19 is 2019, 30/11/84 is 1984."""

YEAR_TAIL = (
    rf"(?:(?:,?\s|,|-)(?P<year>{YEAR})|,?\s(?:of\s)?(?P<which>last|this|next)\syear"
    r"|,?\s(?:of\s)?(?P<same>that|the\ssame)\syear)"
)
WEEKDAY_LEAD = rf"(?:(?P<weekday>{ANY_WEEKDAY}),?\s(?:the\s)?)?"


def candidate_years(match: re.Match[str], reading: Reading) -> tuple[list[int], Anchor]:
    """Return the years that a date may lie in, and what says so: its own words, or the day of publication."""
    groups = match.groupdict()
    if groups.get("year"):
        return [int(groups["year"])], Anchor.ABSOLUTE
    if groups.get("same"):
        return [event.earliest.year for event in reading.found[-1:]], Anchor.NARRATIVE
    if year := _year_told(match.start(), reading):
        return [year], Anchor.NARRATIVE
    if reading.published is None:
        return [], Anchor.PUBLICATION
    this = reading.published.year
    if groups.get("which"):
        return [this + {"last": -1, "this": 0, "next": 1}[groups["which"]]], Anchor.PUBLICATION
    return [this - 1, this, this + 1], Anchor.PUBLICATION


def _year_told(start: int, reading: Reading) -> int | None:
    """Return the year that a clause before has just named for this one: "in 2016, when it opened on March 4"."""
    last = reading.found[-1] if reading.found else None
    if last is None or last.granularity is not Granularity.YEAR or last.anchor is not Anchor.ABSOLUTE:
        return None
    return last.earliest.year if _WHEN.fullmatch(reading.lowered[last.end : start]) else None


_WHEN = re.compile(r",? when\b[^.;!?\n]{0,120}")


def settle(candidates: list[Interval], anchor: Anchor, match: re.Match[str], reading: Reading) -> Interval | None:
    """Return the only candidate, or the one that tense and closeness point to; None when there is none."""
    if not candidates:
        return None
    if len(candidates) == 1 and (anchor is not Anchor.PUBLICATION or match.groupdict().get("which")):
        return candidates[0].against(anchor)
    assert reading.published is not None
    return choose(candidates, reading.published, reading.tense_of_bound(match.start(), match.end()))


def possible_day(year: int, month: int, day: int) -> date | None:
    """Return a day of the calendar, or None for one that does not exist, such as 30 February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def resolve_day(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a day with its month, and with or without weekday and year."""
    if not reading.capital_at(match.start("month")):
        return None
    years, anchor = candidate_years(match, reading)
    month, number = month_number(match["month"]), day_number(match["day"])
    days = [day for year in years if (day := possible_day(year, month, number))]
    if match["weekday"] and anchor is Anchor.PUBLICATION:
        agreeing = [day for day in days if day.weekday() == weekday_number(match["weekday"])]
        days = agreeing or days
    interval = settle([day_interval(day) for day in days], anchor, match, reading)
    if interval and match["weekday"] and interval.earliest.weekday() != weekday_number(match["weekday"]):
        return interval.against(interval.anchor, certain=False)
    return interval


def resolve_days(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a run of days in one month: 7-10 September, May 3 to 5."""
    if not reading.capital_at(match.start("month")):
        return None
    years, anchor = candidate_years(match, reading)
    month, first, last = month_number(match["month"]), day_number(match["day"]), day_number(match["last"])
    ranges = []
    for year in years:
        earliest, latest = possible_day(year, month, first), possible_day(year, month, last)
        if earliest and latest and earliest < latest:
            ranges.append(range_interval(earliest, latest))
    return settle(ranges, anchor, match, reading)


def resolve_adjoining_days(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve two days of one month joined by "and", when the one follows the other or "between" stands before."""
    between = reading.lowered.endswith("between ", 0, match.start())
    if day_number(match["last"]) - day_number(match["day"]) != 1 and not between:
        return None
    return resolve_days(match, reading)


def resolve_month(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a month with its year, or with words that give one."""
    if not reading.capital_at(match.start("month")):
        return None
    years, anchor = candidate_years(match, reading)
    months = [month_interval(year, month_number(match["month"])) for year in years]
    return settle(months, anchor, match, reading)


def resolve_iso(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve year, month and day in this order."""
    day = possible_day(int(match["year"]), int(match["month"]), int(match["day"]))
    return day_interval(day) if day else None


def resolve_numeric(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve 30/11/2019 and 11/30/2019; where both readings exist, day before month, and not certain."""
    digits = match["year"]
    year = int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < PIVOT else 1900)
    one, two = int(match["one"]), int(match["two"])
    british, american = possible_day(year, two, one), possible_day(year, one, two)
    day = british or american
    if day is None:
        return None
    return day_interval(day).against(Anchor.ABSOLUTE, certain=not (british and american) or british == american)


NOT_AFTER_DIGITS = r"(?<![\d.,/:-])"
RULES = (
    Rule(
        "iso-date",
        NOT_AFTER_DIGITS + r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?![\d-]|[/.:]\d)"
        r"(?:t\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?",
        resolve_iso,
    ),
    Rule(
        "numeric-date",
        NOT_AFTER_DIGITS + r"(?P<one>\d\d?)(?P<mark>[-/.])(?P<two>\d\d?)(?P=mark)(?P<year>\d{4})(?![\d-]|[/.:]\d)",
        resolve_numeric,
    ),
    Rule(
        "numeric-date",
        NOT_AFTER_DIGITS + r"(?P<one>\d\d?)/(?P<two>\d\d?)/(?P<year>\d\d)(?![\d/-]|[.:]\d)",
        resolve_numeric,
    ),
    Rule("days-of-month", rf"(?P<month>{MONTH})\s(?P<day>{DAY}){TO}(?P<last>{DAY})(?:{YEAR_TAIL})?", resolve_days),
    Rule(
        "days-of-month",
        rf"(?P<day>{DAY}){TO}(?P<last>{DAY})\s(?:of\s)?(?P<month>{MONTH})(?:{YEAR_TAIL})?",
        resolve_days,
    ),
    Rule(
        "days-of-month",
        rf"(?P<month>{MONTH})\s(?P<day>{DAY})\sand\s(?P<last>{DAY})(?:{YEAR_TAIL})?",
        resolve_adjoining_days,
    ),
    Rule(
        "days-of-month",
        rf"(?P<day>{DAY})\sand\s(?P<last>{DAY})\s(?:of\s)?(?P<month>{MONTH})(?:{YEAR_TAIL})?",
        resolve_adjoining_days,
    ),
    Rule(
        "day-month",
        rf"{WEEKDAY_LEAD}(?P<day>{DAY}|{ORDINAL})(?:\sof\s|\s|-)(?P<month>{MONTH})(?:{YEAR_TAIL})?",
        resolve_day,
    ),
    Rule(
        "month-day",
        rf"{WEEKDAY_LEAD}(?P<month>{MONTH})\s(?:the\s)?(?P<day>{DAY})(?!\s?[ap]\.?m\b)(?:{YEAR_TAIL})?",
        resolve_day,
    ),
    Rule("month-year", rf"(?P<month>{MONTH})(?:\sof)?{YEAR_TAIL}", resolve_month),
)
