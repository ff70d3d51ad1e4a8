"""Rules for parts of periods: early June, the end of next month, later this year, the last week of November."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.times.dates import YEAR_TAIL, candidate_years, possible_day, settle
from corpus.times.intervals import (
    Interval,
    decade_or_century,
    month_interval,
    part_interval,
    range_interval,
    season_interval,
    shift_day,
    unit_interval,
    week_interval,
    year_interval,
)
from corpus.times.periods import resolve_period, step_of
from corpus.times.rule import Reading, Resolver, Rule
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

_PARTS = {"beginning": "start", "middle": "mid", "close": "end"}


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
        year, anchor = reading.published.year + step_of(match["which"]), Anchor.PUBLICATION
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
        rf"(?<!\sa\s)(?:the\s)?week\s(?:of|beginning|starting|ending)\s(?:(?P<month_first>{MONTH})\s(?P<day_last>{DAY})"
        rf"|(?P<day>{DAY})\s(?P<month>{MONTH}))(?:{YEAR_TAIL})?",
        resolve_week_of_day,
    ),
)
