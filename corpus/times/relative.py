"""Rules for times told from the day of publication: yesterday, on Friday, last month, two weeks ago, in May."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from corpus.times.anchoring import choose, weekday_after, weekday_before, weekday_in_week
from corpus.times.intervals import (
    Interval,
    day_interval,
    month_interval,
    range_interval,
    season_interval,
    shift_day,
    unit_interval,
)
from corpus.times.rule import Reading, Rule
from corpus.times.tense import Tense
from corpus.times.vocabulary import (
    COUNT,
    DAY_PART,
    FULL_MONTH,
    MONTHS,
    SEASON,
    SEASONS,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    count_value,
)
from corpus.types import Anchor, Granularity

DAY_WORDS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
ALWAYS_MONTHS = frozenset("january february july september october november december".split())
"""Months whose names are hardly ever anything else; April, June, August, March and May need a word before them."""

UNIT = r"day|week|month|year|decade|century|centurie"
MONTH_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|to|of|during|through|for|before|after|between|late|early|mid|and|or|last|next|this|"
    r"that|every|around|than|both|either|previous|following)|mid-|[(,–-])\s?$"
)


def resolve_day_word(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve today, tonight, yesterday, tomorrow, and the days beyond them."""
    if reading.published is None:
        return None
    offset = DAY_WORDS[match["word"]] * (2 if match.groupdict().get("beyond") else 1)
    return _day(shift_day(reading.published, offset, "day"))


def resolve_day_part(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve last night and this morning."""
    if reading.published is None:
        return None
    return _day(shift_day(reading.published, -1 if match["which"] == "last" else 0, "day"))


def resolve_weekday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a weekday, alone or with a word such as last, next, this.

    "next Friday" is the one of next week; where this week's is still to come, that is a guess.
    """
    if reading.published is None or not reading.capital_at(match.start("weekday")):
        return None
    published, weekday = reading.published, WEEKDAYS[match["weekday"]]
    which = match["which"] or ""
    if which in ("last", "this past", "this last"):
        return _day(weekday_before(published, weekday))
    if which in ("next", "this coming", "coming", "this"):
        this_week = weekday_in_week(published, weekday)
        upcoming = weekday_after(published, weekday)
        if which != "next":
            return _day(this_week if this_week >= published or which == "this" else upcoming)
        return _day(shift_day(this_week, 1, "week"), certain=this_week <= published)
    return _plain_weekday(match, reading, published, weekday)


def _plain_weekday(match: re.Match[str], reading: Reading, published: date, weekday: int) -> Interval:
    explained = _explained_day(match, reading)
    if explained and explained.weekday() == weekday:
        return _day(explained)
    if weekday == published.weekday():
        return _day(published)
    if reading.tense_at(match.start(), match.end()) is Tense.FUTURE:
        return _day(weekday_after(published, weekday))
    return _day(weekday_before(published, weekday))


def _explained_day(match: re.Match[str], reading: Reading) -> date | None:
    """Return the day just named, when these words stand in brackets after it: tomorrow (Wednesday)."""
    if not reading.found or not reading.text.startswith("(", match.start() - 1):
        return None
    named = reading.found[-1]
    if named.granularity is not Granularity.DAY or reading.text[named.end : match.start()].strip() != "(":
        return None
    return named.earliest


def resolve_weekday_of_week(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve Friday next week, Monday of last week."""
    if reading.published is None:
        return None
    week = shift_day(reading.published, _step(match["which"]), "week")
    return _day(weekday_in_week(week, WEEKDAYS[match["weekday"]]))


def resolve_period(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve last, this or next week, weekend, month, quarter, year, decade or century."""
    if reading.published is None:
        return None
    day = shift_day(reading.published, _step(match["which"]), match["unit"])
    return unit_interval(match["unit"], day).against(Anchor.PUBLICATION)


def resolve_weekend(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "the weekend": the one that is on or was last, the next one in the future tense."""
    if reading.published is None:
        return None
    this = unit_interval("weekend", reading.published)
    if reading.published < this.earliest and reading.tense_at(match.start(), match.end()) is not Tense.FUTURE:
        this = unit_interval("weekend", shift_day(reading.published, -1, "week"))
    return this.against(Anchor.PUBLICATION)


def resolve_ago(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "three days ago" to its day, weeks, months and years to the one that holds the day so long before."""
    if reading.published is None:
        return None
    return offset_interval(match, reading.published, -1).against(Anchor.PUBLICATION)


def resolve_ahead(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "in two weeks" under a verb of the future, and "three days from now"."""
    if reading.published is None:
        return None
    if match["lead"] and not match["time"] and reading.tense_at(match.start(), match.end()) is not Tense.FUTURE:
        return None
    return offset_interval(match, reading.published, 1).against(Anchor.PUBLICATION)


def offset_interval(match: re.Match[str], start: date, sign: int) -> Interval:
    """Return the day, week, month or year that lies a counted number of units from `start`.

    A single week is taken for seven days, more of them for the week they end in: nobody counts them to the day.
    """
    count = count_value(match["count"])
    unit = _unit(match["unit"])
    certain = not (
        match.groupdict().get("about") or unit in ("decade", "century") or match["count"].startswith("a coup")
    )
    day = shift_day(start, sign * count, unit)
    if unit == "week" and count == 1:
        return day_interval(day).against(Anchor.PUBLICATION, certain=False)
    return unit_interval("year" if unit in ("decade", "century") else unit, day).against(
        Anchor.PUBLICATION, certain=certain
    )


def resolve_span(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "the past two weeks" and "the next ten years": from or to the day of publication."""
    if reading.published is None:
        return None
    count = count_value(match["count"]) if match["count"] else 1
    sign = -1 if match["which"] in ("last", "past", "previous", "preceding") else 1
    far = shift_day(reading.published, sign * count, _unit(match["unit"]))
    return range_interval(min(far, reading.published), max(far, reading.published)).against(Anchor.PUBLICATION)


def resolve_month_alone(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a month without a year, alone or after last, next, this."""
    word, which = match["month"], match["which"]
    if reading.published is None or not reading.capital_at(match.start("month")):
        return None
    before = reading.lowered[max(0, match.start() - 12) : match.start()]
    if not which and word not in ALWAYS_MONTHS and not MONTH_LEAD.search(before):
        return None
    return _recurring(match, reading, MONTHS[word], month_interval)


def resolve_season_alone(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a season without a year: last spring, this summer, in the autumn."""
    return _recurring(match, reading, SEASONS[match["season"]], season_interval)


def resolve_season(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a season with its year; a winter belongs to the year it begins in."""
    return season_interval(int(match["year"]), SEASONS[match["season"]])


def _recurring(
    match: re.Match[str], reading: Reading, number: int, make: Callable[[int, int], Interval]
) -> Interval | None:
    published, which = reading.published, match["which"]
    if published is None:
        return None
    candidates = [make(published.year + step, number) for step in (-2, -1, 0, 1)]
    if not which:
        return choose(candidates, published, reading.tense_at(match.start(), match.end()))
    if which in ("last", "this past"):
        fitting = [interval for interval in candidates if interval.latest < published]
        return fitting[-1].against(Anchor.PUBLICATION) if fitting else None
    if which in ("next", "this coming", "coming"):
        fitting = [interval for interval in candidates if interval.earliest > published]
        return fitting[0].against(Anchor.PUBLICATION) if fitting else None
    within = [interval for interval in candidates if interval.earliest <= published <= interval.latest]
    return (within or candidates[2:3])[0].against(Anchor.PUBLICATION)


def _step(which: str) -> int:
    if which in ("last", "this past", "past"):
        return -1
    return 1 if which in ("next", "the coming", "coming") else 0


def _unit(word: str) -> str:
    return "century" if word.startswith("centur") else word


def _day(day: date, *, certain: bool = True) -> Interval:
    return day_interval(day).against(Anchor.PUBLICATION, certain=certain)


ABOUT = r"(?:(?P<about>about|some|around|nearly|almost|roughly|more than|over|less than|at least|barely|just over)\s)?"
WHICH = r"(?P<which>this past|this coming|last|next|this|coming)\s"
RULES = (
    Rule(
        "day-beyond",
        r"(?:the\s)?(?P<beyond>day\s(?:before|after))\s(?P<word>yesterday|tomorrow)",
        resolve_day_word,
    ),
    Rule(
        "day-word",
        rf"(?P<word>today|tonight|yesterday|tomorrow)(?:\s(?:{DAY_PART}))?",
        resolve_day_word,
    ),
    Rule("day-part", r"(?P<which>last\snight|this\s(?:morning|afternoon|evening))", resolve_day_part),
    Rule(
        "weekday-of-week",
        rf"(?P<weekday>{WEEKDAY})(?:\s(?:{DAY_PART}))?,?\s(?:of\s)?(?P<which>last|this|next)\sweek",
        resolve_weekday_of_week,
    ),
    Rule("weekday", rf"(?:{WHICH})?(?P<weekday>{WEEKDAY})(?:\s(?:{DAY_PART}))?", resolve_weekday),
    Rule(
        "span",
        rf"(?:the|these)\s(?P<which>past|last|next|coming|previous|preceding)\s(?P<count>{COUNT})\s(?P<unit>{UNIT})s?",
        resolve_span,
    ),
    Rule("span", rf"the\s(?P<which>past|last|coming)(?P<count>)\s(?P<unit>{UNIT})(?!\sof)", resolve_span),
    Rule(
        "period",
        r"(?P<which>this past|this coming|last|next|this|the coming)\s"
        r"(?P<unit>week|weekend|month|quarter|year|decade|century)",
        resolve_period,
    ),
    Rule("weekend", r"the\sweekend", resolve_weekend),
    Rule("ago", rf"{ABOUT}(?P<count>{COUNT})\s(?P<unit>{UNIT})s?\sago", resolve_ago),
    Rule("ahead", rf"(?P<lead>in)\s{ABOUT}(?P<count>{COUNT})\s(?P<unit>{UNIT})s?(?P<time>['’]?\stime)?", resolve_ahead),
    Rule(
        "ahead",
        rf"(?P<lead>){ABOUT}(?P<count>{COUNT})\s(?P<unit>{UNIT})s?(?P<time>)\sfrom\s(?:now|today)",
        resolve_ahead,
    ),
    Rule("season-year", rf"(?P<season>{SEASON})(?:\sof)?,?\s(?P<year>{YEAR})", resolve_season),
    Rule(
        "season",
        rf"(?:{WHICH}|(?<=in\s)the\s|(?<=by\s)the\s)(?P<season>{SEASON})(?!\s(?:of|back|forward))",
        resolve_season_alone,
    ),
    Rule("month", rf"(?:{WHICH})?(?P<month>{FULL_MONTH})", resolve_month_alone),
)
