"""Rules for feasts whose day is known: Christmas Day, New Year's Eve, Good Friday."""

from __future__ import annotations

import re
from datetime import date

from dateutil.easter import easter

from corpus.times.dates import YEAR_TAIL, candidate_years, settle
from corpus.times.intervals import Interval, day_interval, shift_day
from corpus.times.rule import Reading, Rule
from corpus.times.vocabulary import ENDS

HOLIDAYS = {
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
}
"""Month and day of feasts that fall on the same day everywhere."""

EASTER_DAYS = {"good friday": -2, "easter": 0, "easter sunday": 0, "easter monday": 1}
"""Days from Easter Sunday."""


def resolve_holiday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a feast with a fixed day, with or without its year."""
    month, day = HOLIDAYS[match["holiday"].replace("’", "'")]
    years, anchor = candidate_years(match, reading)
    return settle([day_interval(date(year, month, day)) for year in years], anchor, match, reading)


def resolve_christmas(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "by Christmas" to Christmas Day, and not for certain: the feast may mean the days around it."""
    years, anchor = candidate_years(match, reading)
    interval = settle([day_interval(date(year, 12, 25)) for year in years], anchor, match, reading)
    return interval and interval.against(anchor, certain=False)


def resolve_easter(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve Good Friday, Easter Sunday, Easter Monday, and "before Easter" to its Sunday."""
    years, anchor = candidate_years(match, reading)
    offset = EASTER_DAYS[match["feast"]]
    days = [day_interval(shift_day(easter(year), offset, "day")) for year in years]
    interval = settle(days, anchor, match, reading)
    return interval and interval.against(anchor, certain=interval.certain and match["feast"] != "easter")


LEAD = r"(?:(?<=by\s)|(?<=before\s)|(?<=until\s)|(?<=since\s))"
RULES = (
    Rule(
        "holiday",
        r"(?P<holiday>new year['’]s (?:eve|day)|valentine['’]s day|christmas (?:eve|day)|boxing day)"
        rf"(?:{YEAR_TAIL})?",
        resolve_holiday,
    ),
    Rule("holiday", rf"{LEAD}christmas(?:{YEAR_TAIL})?{ENDS}", resolve_christmas),
    Rule(
        "holiday",
        rf"(?P<feast>good\sfriday|easter\s(?:sunday|monday))(?:{YEAR_TAIL})?",
        resolve_easter,
    ),
    Rule("holiday", rf"{LEAD}(?P<feast>easter)(?:{YEAR_TAIL})?{ENDS}", resolve_easter),
)
