"""Rules for feasts whose day is known: Christmas Day, New Year's Eve, Good Friday."""

from __future__ import annotations

import re
from datetime import date

from dateutil.easter import easter

from corpus.times.anchoring import weekday_after, weekday_before
from corpus.times.dates import YEAR_TAIL, candidate_years, settle
from corpus.times.intervals import Interval, day_interval, month_interval, shift_day
from corpus.times.rule import Reading, Rule
from corpus.times.vocabulary import ENDS

HOLIDAYS = {
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
    "st patrick's day": (3, 17),
    "may day": (5, 1),
    "juneteenth": (6, 19),
    "fourth of july": (7, 4),
    "bastille day": (7, 14),
    "halloween": (10, 31),
    "all saints' day": (11, 1),
    "armistice day": (11, 11),
    "veterans day": (11, 11),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
}
"""Month and day of feasts that fall on the same day everywhere."""

_PLAIN_WORDS = frozenset(("may day", "halloween"))
"""Feasts whose words mean something else without their capitals: "they may day by day improve"."""

EASTER_DAYS = {
    "shrove tuesday": -47,
    "ash wednesday": -46,
    "palm sunday": -7,
    "maundy thursday": -3,
    "good friday": -2,
    "easter": 0,
    "easter sunday": 0,
    "easter monday": 1,
    "ascension day": 39,
    "whit sunday": 49,
    "whit monday": 50,
}
"""Days from Easter Sunday."""


def _named(words: str) -> str:
    """Return a feast's name as the tables have it, however its words are set apart: "Memorial\\nDay"."""
    return " ".join(words.split())


def resolve_holiday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a feast with a fixed day, with or without its year."""
    if match["holiday"] in _PLAIN_WORDS and not reading.capital_at(match.start("holiday")):
        return None
    month, day = HOLIDAYS[_named(match["holiday"]).replace("’", "'").replace("st. ", "st ")]
    years, anchor = candidate_years(match, reading)
    return settle([day_interval(date(year, month, day)) for year in years], anchor, match, reading)


AMERICAN_DAYS = {"thanksgiving": (11, 3, 4), "memorial day": (5, 0, -1), "labor day": (9, 0, 1)}
"""Month, weekday (Monday is 0) and which of them in the month, -1 for the last."""


def resolve_american(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve Thanksgiving, Memorial Day, Labor Day, as the United States keep them."""
    if not reading.capital_at(match.start()):
        return None
    month, weekday, nth = AMERICAN_DAYS[_named(match["holiday"])]
    years, anchor = candidate_years(match, reading)
    days = [
        weekday_before(month_interval(year, month + 1).earliest, weekday)
        if nth < 0
        else shift_day(weekday_after(shift_day(date(year, month, 1), -1, "day"), weekday), nth - 1, "week")
        for year in years
    ]
    return settle([day_interval(day) for day in days], anchor, match, reading)


def resolve_christmas(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "by Christmas" to Christmas Day, and not for certain: the feast may mean the days around it."""
    years, anchor = candidate_years(match, reading)
    interval = settle([day_interval(date(year, 12, 25)) for year in years], anchor, match, reading)
    return interval and interval.against(anchor, certain=False)


def resolve_easter(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve Good Friday, Easter Sunday, Easter Monday, and "before Easter" to its Sunday."""
    years, anchor = candidate_years(match, reading)
    offset = EASTER_DAYS[_named(match["feast"])]
    days = [day_interval(shift_day(easter(year), offset, "day")) for year in years]
    interval = settle(days, anchor, match, reading)
    return interval and interval.against(anchor, certain=interval.certain and match["feast"] != "easter")


ON = r"(?:(?<=\bon\s)|(?<=\bat\s)|(?<=\bby\s)|(?<=before\s)|(?<=until\s)|(?<=since\s)|(?<=after\s))"
LEAD = r"(?:(?<=by\s)|(?<=before\s)|(?<=until\s)|(?<=since\s))"
RULES = (
    Rule(
        "holiday",
        r"(?P<holiday>new year['’]s (?:eve|day)|valentine['’]s day|christmas (?:eve|day)|boxing day"
        rf"|{ON}(?:st\.? patrick['’]s day|may day|juneteenth|fourth of july|bastille day|halloween|all saints['’] day"
        rf"|(?:armistice|veterans) day))(?:{YEAR_TAIL})?",
        resolve_holiday,
    ),
    Rule(
        "holiday",
        rf"{ON}(?P<holiday>thanksgiving|memorial\sday|labor\sday)(?:\sday)?(?:{YEAR_TAIL})?{ENDS}",
        resolve_american,
    ),
    Rule("holiday", rf"{LEAD}christmas(?:{YEAR_TAIL})?{ENDS}", resolve_christmas),
    Rule(
        "holiday",
        r"(?P<feast>shrove\stuesday|ash\swednesday|palm\ssunday|maundy\sthursday|good\sfriday|easter\s(?:sunday|monday)"
        rf"|ascension\sday|whit\s(?:sunday|monday))(?:{YEAR_TAIL})?",
        resolve_easter,
    ),
    Rule("holiday", rf"{LEAD}(?P<feast>easter)(?:{YEAR_TAIL})?{ENDS}", resolve_easter),
)
