"""Rules for weeks, months, quarters, seasons and years told from publication, and for parts of any of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from corpus.times.anchoring import choose
from corpus.times.dates import YEAR_TAIL, candidate_years, possible_day, settle
from corpus.times.intervals import (
    Interval,
    decade_or_century,
    month_interval,
    part_interval,
    quarter_interval,
    range_interval,
    season_interval,
    shift_day,
    unit_interval,
    week_interval,
    year_interval,
)
from corpus.times.rule import Reading, Resolver, Rule
from corpus.times.tense import Tense
from corpus.times.vocabulary import (
    DAY,
    FULL_MONTH,
    MONTH,
    MONTHS,
    ORDINALS,
    SEASON,
    SEASONS,
    YEAR,
    day_number,
    month_number,
)
from corpus.types import Anchor, Granularity

ALWAYS_MONTHS = frozenset("january february july september october november december".split())
"""Months whose names are hardly ever anything else; April, June, August, March and May need a word before them."""

SEASON_REST_DAYS = 60
"""A season over for less than this is still "this spring"; "last spring" is then the one a year before."""

_MONTH_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|to|of|during|through|for|before|after|between|and|or|that|around|than|both|"
    r"either|previous|following|only|late|early|mid)\s|[(–-]\s?)$"
)
_PLAIN_LEAD = re.compile(r"\b(?:in|since|by|until|till|from|of|during|before|after|between|around)\s$")
"""Without capitals fewer words will do: "or may" and "to march" are verbs then."""

_EARLY_IN_WEEK = 3
"""Up to Wednesday "over the weekend" is the one that is past."""

_FIGURES_REACH = 150
_FIGURES = re.compile(
    r"\b(?:profits?|revenues?|sales|earnings|gdp|growth|grew|results?|econom\w+|shares?|bank|compan\w+|percent|"
    r"per cent|exports?|orders|margins?|forecasts?|income|loss(?:es)?|prices|inflation|subscribers|deliveries)\b|%"
)
_PARTS = {"beginning": "start", "middle": "mid", "close": "end"}


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
    tense = reading.tense_at(match.start(), match.end())
    just_over = reading.published.weekday() < _EARLY_IN_WEEK and reading.lowered.endswith("over ", 0, match.start())
    if reading.published < this.earliest and (just_over or tense not in (Tense.FUTURE, Tense.FUTURE_OF_PAST)):
        this = unit_interval("weekend", shift_day(reading.published, -1, "week"))
    return this.against(Anchor.PUBLICATION)


def resolve_month_alone(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a month without a year, alone or after last, next, this."""
    word = match["month"]
    if not reading.capital_at(match.start("month")):
        return None
    before = reading.lowered[max(0, match.start() - 12) : match.start()]
    lead = _PLAIN_LEAD if reading.any_case else _MONTH_LEAD
    if not match["which"] and word not in ALWAYS_MONTHS and not lead.search(before):
        return None
    return _yearly(match, reading, MONTHS[word], month_interval, rest_days=0)


def resolve_season_alone(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a season without a year: last spring, this summer, in the autumn."""
    return _yearly(match, reading, SEASONS[match["season"]], season_interval, rest_days=SEASON_REST_DAYS)


def resolve_season(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a season with its year; a winter belongs to the year it begins in."""
    years, anchor = candidate_years(match, reading)
    return settle([season_interval(year, SEASONS[match["season"]]) for year in years], anchor, match, reading)


def resolve_quarter_alone(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "the second quarter" of the year that tense and closeness point to."""
    around = reading.lowered[max(0, match.start() - _FIGURES_REACH) : match.end() + _FIGURES_REACH]
    if not _FIGURES.search(around):
        return None  # a quarter of a game, not of a year
    word = match["quarter"]
    return _yearly(match, reading, int(word) if word.isdecimal() else ORDINALS[word], quarter_interval, rest_days=0)


def _yearly(
    match: re.Match[str], reading: Reading, number: int, make: Callable[[int, int], Interval], *, rest_days: int
) -> Interval | None:
    """Return the one that is meant of a unit that comes every year: a month, a season, a quarter."""
    published, which = reading.published, match["which"]
    if published is None:
        return None
    candidates = [make(published.year + step, number) for step in (-2, -1, 0, 1)]
    if not which:
        return choose(candidates, published, reading.tense_at(match.start(), match.end()))
    if which in ("last", "this past"):
        over = shift_day(published, -rest_days, "day") if which == "last" else published
        chosen = [interval for interval in candidates if interval.latest < over][-1]
    elif which in ("next", "coming"):
        chosen = next(interval for interval in candidates if interval.earliest > published)
    else:
        within = [interval for interval in candidates if interval.earliest <= published <= interval.latest]
        chosen = (within or candidates[2:3])[0]
    return chosen.against(Anchor.PUBLICATION)


def resolve_part_of_month(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve early June, the end of May 2021."""
    if not reading.capital_at(match.start("month")):
        return None
    years, anchor = candidate_years(match, reading)
    months = [month_interval(year, MONTHS[match["month"]]) for year in years]
    return settle([part_interval(month, _part(match)) for month in months], anchor, match, reading)


def resolve_part_of_season(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve late summer, early spring 2021."""
    years, anchor = candidate_years(match, reading)
    seasons = [season_interval(year, SEASONS[match["season"]]) for year in years]
    return settle([part_interval(season, _part(match)) for season in seasons], anchor, match, reading)


def resolve_part_of_year(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve mid-2021, the end of 2022."""
    return part_interval(year_interval(int(match["year"])), _part(match))


def resolve_part_of_decade(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the early 1970s."""
    return part_interval(decade_or_century(match["decade"]), _part(match))


def resolve_part_of_period(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the end of next month, early this week, the start of the year."""
    whole = resolve_period(match, reading)
    return whole and part_interval(whole, _part(match))


def resolve_rest_of_period(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve later this year to the days from publication on, earlier this year to those up to it."""
    published = reading.published
    if published is None:
        return None
    whole = unit_interval(match["unit"], published).against(Anchor.PUBLICATION)
    if whole.earliest > published:
        return whole
    return replace(whole, earliest=published) if match["side"] == "later" else replace(whole, latest=published)


def resolve_half(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the first half of 2021, the second half of next year."""
    if match["year"]:
        year, anchor = int(match["year"]), Anchor.ABSOLUTE
    elif reading.published:
        year, anchor = reading.published.year + _step(match["which"]), Anchor.PUBLICATION
    else:
        return None
    whole = year_interval(year)
    middle = month_interval(year, 6).latest
    first = match["half"] == "first"
    half = (
        range_interval(whole.earliest, middle) if first else range_interval(shift_day(middle, 1, "day"), whole.latest)
    )
    return half.against(anchor)


def resolve_week_of_month(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the first week of May to its first seven days, the last week to its last seven."""
    years, anchor = candidate_years(match, reading)
    weeks = []
    for year in years:
        month = month_interval(year, MONTHS[match["month"]])
        if match["nth"] in ("last", "final"):
            first = shift_day(month.latest, -6, "day")
        else:
            first = shift_day(month.earliest, ORDINALS[match["nth"]] - 1, "week")
        weeks.append(Interval(first, shift_day(first, 6, "day"), Granularity.WEEK))
    return settle(weeks, anchor, match, reading)


def resolve_week_of_day(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the week of 15 March."""
    years, anchor = candidate_years(match, reading)
    month, number = month_number(match["month"] or match["month_first"]), day_number(match["day"] or match["day_last"])
    weeks = [week_interval(day) for year in years if (day := possible_day(year, month, number))]
    return settle(weeks, anchor, match, reading)


def _part(match: re.Match[str]) -> str:
    word = match["part"].removesuffix(" of").split()[-1]
    return _PARTS.get(word, word)


def _step(which: str) -> int:
    if which in ("last", "this past"):
        return -1
    return 1 if which in ("next", "the coming", "coming") else 0


WHICH = r"(?P<which>this past|last|next|this|coming)\s"
PART = r"(?P<part>early|mid|late|(?:the\s)?middle\sof)(?:\sin)?[\s-]"
EDGE = r"(?P<part>(?:the\s)?(?:very\s)?(?:start|beginning|end|close)\sof)\s"


def _parts_and_edges(name: str, whole: str, resolve: Resolver) -> tuple[Rule, Rule]:
    """Return the rows for "early June" and for "the end of June": the same days, said differently."""
    return Rule(f"part-of-{name}", PART + whole, resolve), Rule(f"edge-of-{name}", EDGE + whole, resolve)


RULES = (
    *_parts_and_edges("month", rf"(?P<month>{FULL_MONTH})(?:(?:\sof)?{YEAR_TAIL})?", resolve_part_of_month),
    *_parts_and_edges("year", rf"(?P<year>{YEAR})", resolve_part_of_year),
    *_parts_and_edges("decade", r"(?:the\s)?['’]?(?P<decade>1[5-9]\d0|20[0-4]0|[2-9]0)['’]?s", resolve_part_of_decade),
    *_parts_and_edges("season", rf"(?P<season>{SEASON})(?:(?:\sof)?{YEAR_TAIL})?", resolve_part_of_season),
    *_parts_and_edges(
        "period",
        r"(?P<which>last|next|this|the coming|the)\s(?P<unit>week|month|quarter|year|decade)",
        resolve_part_of_period,
    ),
    Rule(
        "rest-of-period",
        r"(?P<side>later|earlier)\s(?:in\sthe|this)\s(?P<unit>week|month|quarter|year|decade)",
        resolve_rest_of_period,
    ),
    Rule(
        "half-year",
        rf"(?:the\s)?(?P<half>first|second)\shalf\sof\s(?:(?P<year>{YEAR})|(?P<which>last|this|next|the)\syear)",
        resolve_half,
    ),
    Rule(
        "week-of-month",
        rf"(?:the\s)?(?P<nth>first|second|third|fourth|last|final)\sweek\s(?:of|in)\s(?P<month>{FULL_MONTH})"
        rf"(?:{YEAR_TAIL})?",
        resolve_week_of_month,
    ),
    Rule(
        "week-of-day",
        rf"(?:the\s)?week\s(?:of|beginning|starting|ending)\s(?:(?P<month_first>{MONTH})\s(?P<day_last>{DAY})"
        rf"|(?P<day>{DAY})\s(?P<month>{MONTH}))(?:{YEAR_TAIL})?",
        resolve_week_of_day,
    ),
    Rule(
        "period",
        r"(?P<which>this past|last|next|this|the coming)\s(?P<unit>week|weekend|month|quarter|year|decade|century)",
        resolve_period,
    ),
    Rule("weekend", r"the\sweekend(?!\s(?:of|before|after)\b)", resolve_weekend),
    Rule("season-year", rf"(?P<season>{SEASON})(?:\sof)?{YEAR_TAIL}", resolve_season),
    Rule("season", rf"{WHICH}(?P<season>{SEASON})", resolve_season_alone),
    Rule(
        "season",
        rf"(?P<which>)(?<=\s(?:in|by)\s)the\s(?P<season>{SEASON})(?!\s(?:of|in|back|forward|line|issue))",
        resolve_season_alone,
    ),
    Rule(
        "quarter",
        r"(?P<which>)the\s(?P<quarter>first|second|third|fourth)\squarter(?!\s(?:of|century|final))",
        resolve_quarter_alone,
    ),
    Rule("month", rf"(?:{WHICH})?(?P<month>{FULL_MONTH})", resolve_month_alone),
)
