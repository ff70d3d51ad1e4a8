"""Rules for weeks, months, quarters, seasons and years told from publication: last month, next spring, in May."""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.times.anchoring import choose
from corpus.times.dates import YEAR_TAIL, candidate_years, settle
from corpus.times.intervals import (
    Interval,
    month_interval,
    quarter_interval,
    season_interval,
    shift_day,
    unit_interval,
)
from corpus.times.rule import Reading, Rule
from corpus.times.tense import Tense
from corpus.times.vocabulary import (
    ENDS,
    FULL_MONTH,
    MONTHS,
    ORDINALS,
    SEASON,
    SEASONS,
)
from corpus.types import Anchor

ALWAYS_MONTHS = frozenset("january february july september october november december".split())
"""Months whose names are hardly ever anything else; April, June, August, March and May need a word before them."""

SEASON_REST_DAYS = 60
"""A season over for less than this is still "this spring"; "last spring" is then the one a year before."""

_MONTH_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|to|of|during|through|for|before|after|between|and|or|that|around|than|both|"
    r"either|previous|following|only|late|early|mid|an?|the|its|his|her|their)\s|[(–-]\s?)$"
)
_DEMONSTRATION = re.compile(r"\s(?:on|for|of|against)\s(?:the\s)?(?:[a-z]+)")
_ARTICLE = re.compile(r"\b(?:an?|the|its|his|her|their)\s$")
_PLAIN_LEAD = re.compile(r"\b(?:in|since|by|until|till|from|of|during|before|after|between|around)\s$")
"""Without capitals fewer words will do: "or may" and "to march" are verbs then."""

_EARLY_IN_WEEK = 3
"""Up to Wednesday "over the weekend" is the one that is past."""

_FIGURES_REACH = 150
_FIGURES = re.compile(
    r"\b(?:profits?|revenues?|sales|earnings|gdp|growth|grew|results?|econom\w+|shares?|bank|compan\w+|percent|"
    r"per cent|exports?|orders|margins?|forecasts?|income|loss(?:es)?|prices|inflation|subscribers|deliveries)\b|%"
)
_GAME = re.compile(
    r"\b(?:touchdowns?|game|yards|quarterback|running back|rebounds?|\w*-pointers?|foul|halftime|overtime|team|coach)\b"
)


def resolve_period(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve last, this or next week, weekend, month, quarter, year, decade or century."""
    if reading.published is None:
        return None
    day = shift_day(reading.published, step_of(match["which"]), match["unit"])
    return unit_interval(match["unit"], day).against(Anchor.PUBLICATION)


def resolve_weekend(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "the weekend": the one that is on or was last, the next one in the future tense."""
    if reading.published is None:
        return None
    this = unit_interval("weekend", reading.published)
    tense = reading.tense_at(match.start(), match.end())
    just_over = reading.published.weekday() < _EARLY_IN_WEEK and reading.lowered.endswith("over ", 0, match.start())
    if reading.published < this.earliest and (just_over or tense in (Tense.PAST, Tense.UNKNOWN)):
        this = unit_interval("weekend", shift_day(reading.published, -1, "week"))
    return this.against(Anchor.PUBLICATION)


def resolve_month_alone(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a month without a year, alone or after last, next, this."""
    word = match["month"]
    if word == "march" and _DEMONSTRATION.match(reading.lowered, match.end()):
        return None
    if not reading.capital_at(match.start("month")):
        return None
    before = reading.lowered[max(0, match.start() - 12) : match.start()]
    lead = _PLAIN_LEAD if reading.any_case else _MONTH_LEAD
    if not match["which"] and word not in ALWAYS_MONTHS and not lead.search(before):
        return None
    return _yearly(match, reading, MONTHS[word], month_interval, rest_days=0)


def _is_attribute(match: re.Match[str], reading: Reading) -> bool:
    """Whether a month belongs to a noun, "the June record", and not to the verb: what "is" now was then."""
    return bool(_ARTICLE.search(reading.lowered, max(0, match.start() - 6), match.start()))


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
    if _GAME.search(around) or not _FIGURES.search(around):
        return None  # a quarter of a game, not of a year
    word = match["quarter"]
    return _yearly(match, reading, int(word) if word.isdecimal() else ORDINALS[word], quarter_interval, rest_days=0)


def _yearly(
    match: re.Match[str], reading: Reading, number: int, make: Callable[[int, int], Interval], *, rest_days: int
) -> Interval | None:
    """Return the one that is meant of a unit that comes every year: a month, a season, a quarter.

    "next spring" is the one of next year; where this year's is still to come, that is a guess.
    """
    published, which = reading.published, match["which"]
    if published is None:
        return None
    candidates = [make(published.year + step, number) for step in (-2, -1, 0, 1)]
    if not which:
        tense = reading.tense_of_bound(match.start(), match.end())
        if tense is Tense.FUTURE and _is_attribute(match, reading):
            tense = Tense.UNKNOWN
        return choose(candidates, published, tense)
    certain = True
    if which in ("last", "this past"):
        over = shift_day(published, -rest_days, "day") if which == "last" else published
        chosen = [interval for interval in candidates if interval.latest < over][-1]
    elif which == "next":
        ahead = [interval for interval in candidates if interval.earliest > published]
        following = [interval for interval in ahead if interval.latest.year > published.year]
        chosen, certain = (following or ahead)[0], len(following) == len(ahead)
    elif which in ("coming", "this coming"):
        chosen = next(interval for interval in candidates if interval.earliest > published)
    else:
        within = [interval for interval in candidates if interval.earliest <= published <= interval.latest]
        chosen = (within or candidates[2:3])[0]
    return chosen.against(Anchor.PUBLICATION, certain=certain)


def step_of(which: str) -> int:
    """Return -1, 0 or 1 for last, this and next."""
    if which in ("last", "this past"):
        return -1
    return 1 if which in ("next", "the coming", "coming") else 0


WHICH = r"(?P<which>this past|this coming|last|next|this|coming)\s"
RULES = (
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
        rf"(?P<which>)(?<=\s(?:in|by)\s)the\s(?P<season>{SEASON}){ENDS}",
        resolve_season_alone,
    ),
    Rule(
        "quarter",
        r"(?P<which>)the\s(?P<quarter>first|second|third|fourth)\squarter(?!\s(?:of|century|final))",
        resolve_quarter_alone,
    ),
    Rule("month", rf"(?:{WHICH})?(?P<month>{FULL_MONTH})", resolve_month_alone),
)
