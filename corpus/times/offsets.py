"""Rules for times counted from publication: three days ago, in two weeks, the past ten years."""

from __future__ import annotations

import re
from datetime import date

from corpus.times.anchoring import weekday_after, weekday_in_week
from corpus.times.intervals import Interval, day_interval, range_interval, shift_day, unit_interval
from corpus.times.rule import Reading, Rule
from corpus.times.vocabulary import COUNT, WEEKDAY, WEEKDAYS, count_value
from corpus.types import Anchor

REACH = 120
"""Characters on either side in which a promise or a superlative is looked for: about a clause."""

_WILL = r"\b(?:will|won['’]t|shall|is to|are to|due|set to|scheduled|going to|would)\b|['’]ll\b"
_PROMISE = re.compile(rf"(?:{_WILL})[^.;\n]*$")
_PROMISE_AFTER = re.compile(rf",?[^.;,\n]*(?:{_WILL})")
_RARE = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|only|once|twice|times?|worst|most|least|\w{2,}est)\b[^.;\n]*$"
)
UNIT = r"day|week|month|year|decade|century|centurie"


def offset_interval(count: int, unit: str, start: date, sign: int) -> Interval:
    """Return the day, week, month or year that lies `count` units before or after `start`.

    One week is taken for seven days, with a doubt; several for the week they end in, as nobody counts them to the
    day. Decades and centuries give the year, with a doubt.
    """
    day = shift_day(start, sign * count, unit)
    if unit == "week" and count == 1:
        return day_interval(day).against(Anchor.PUBLICATION, certain=False)
    round_number = unit in ("decade", "century")
    return unit_interval("year" if round_number else unit, day).against(Anchor.PUBLICATION, certain=not round_number)


def resolve_ago(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve three days ago, two weeks ago, a year ago."""
    if reading.published is None:
        return None
    return counted(match, reading.published, -1)


def resolve_ago_today(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve ten years ago today, a year ago this week."""
    if reading.published is None:
        return None
    day = shift_day(reading.published, -count_value(match["count"]), unit_of(match))
    return unit_interval({"today": "day"}.get(match["same"], match["same"]), day).against(Anchor.PUBLICATION)


def resolve_ago_weekday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "81 years ago on Thursday" to that Thursday's date so long ago, "a week ago Friday" to that week's."""
    published = reading.published
    if published is None:
        return None
    weekday, count, unit = WEEKDAYS[match["weekday"]], count_value(match["count"]), unit_of(match)
    if unit in ("day", "week", "month"):
        day = weekday_in_week(shift_day(published, -count, unit), weekday)
        return day_interval(day).against(Anchor.PUBLICATION, certain=unit == "week")
    day = published if published.weekday() == weekday else weekday_after(published, weekday)
    return day_interval(shift_day(day, -count, unit)).against(Anchor.PUBLICATION)


def resolve_ahead(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "in two weeks" under a verb of the future, "in two weeks' time" and "three days from now" always."""
    if reading.published is None:
        return None
    if match["lead"] and not match["time"] and not _promised(match, reading):
        return None
    return counted(match, reading.published, 1)


def _promised(match: re.Match[str], reading: Reading) -> bool:
    """Whether "in two weeks" tells when something will be, and not how long it takes or how rare it is."""
    before = reading.lowered[max(0, match.start() - REACH) : match.start()]
    after = reading.lowered[match.end() : match.end() + REACH]
    return not _RARE.search(before) and bool(_PROMISE.search(before) or _PROMISE_AFTER.match(after))


def resolve_span(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "the past two weeks" and "the next ten years": up to or from the day of publication."""
    if reading.published is None:
        return None
    count = count_value(match["count"])
    back = match["which"] in ("last", "past", "previous", "preceding")
    far = shift_day(reading.published, -count if back else count, unit_of(match))
    return range_interval(min(far, reading.published), max(far, reading.published)).against(Anchor.PUBLICATION)


def counted(match: re.Match[str], start: date, sign: int) -> Interval:
    """Return the time that lies the counted units before or after `start`; words such as "about" leave a doubt."""
    interval = offset_interval(count_value(match["count"]), unit_of(match), start, sign)
    return interval.against(Anchor.PUBLICATION, certain=not (match["about"] or match["count"].startswith("a coup")))


def unit_of(match: re.Match[str]) -> str:
    """Return the unit a match counts in, in the singular."""
    return "century" if match["unit"] == "centurie" else match["unit"] or "day"


ABOUT = (
    r"(?:(?P<about>about|some|around|nearly|almost|roughly|more than|over|just over|less than|at least|barely|"
    r"just under)\s)?"
)
COUNTED = rf"(?<![\d./-]){ABOUT}(?P<count>{COUNT})\s(?P<unit>{UNIT})s?"
RULES = (
    Rule("ago-weekday", rf"{COUNTED}\sago\s(?:on|this|next|last)?\s?(?P<weekday>{WEEKDAY})", resolve_ago_weekday),
    Rule("ago-today", rf"{COUNTED}\sago\s(?:this\s)?(?P<same>today|week|month)", resolve_ago_today),
    Rule("ago", rf"{COUNTED}\sago", resolve_ago),
    Rule("ahead", rf"(?P<lead>in)\s{COUNTED}(?P<time>['’]?\stime)?(?!\sand\sage)", resolve_ahead),
    Rule("ahead", rf"(?P<lead>){COUNTED}(?P<time>)\sfrom\s(?:now|today)", resolve_ahead),
    Rule(
        "span",
        rf"(?:the|these)\s(?P<which>past|last|next|coming|previous|preceding)\s(?P<count>{COUNT})\s(?P<unit>{UNIT})s?",
        resolve_span,
    ),
    Rule(
        "span",
        r"the\s(?P<which>past|last|coming)(?P<count>)\s(?P<unit>day|week|month|year|decade)(?!\sof)",
        resolve_span,
    ),
)
