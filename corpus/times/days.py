"""Rules for days told from the day of publication: yesterday, last night, on Friday, next Monday."""

from __future__ import annotations

import re
from datetime import date

from corpus.times.anchoring import choose, weekday_after, weekday_before, weekday_in_week
from corpus.times.dates import YEAR_TAIL, candidate_years, possible_day, settle
from corpus.times.intervals import Interval, day_interval, month_interval, shift_day
from corpus.times.rule import Reading, Rule
from corpus.times.tense import Tense
from corpus.times.vocabulary import DAY_PART, ENDS, FULL_MONTH, MONTHS, ORDINALS, WEEKDAY, WEEKDAYS, day_number
from corpus.types import Anchor, Granularity

DAY_WORDS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_SPORT_REACH = 150
_SPORT = re.compile(
    r"\b(?:birdie[sd]?|bogey(?:s|ed)?|parred|holes?|par|green|tee|teed|eagle|fairway|a shot|strokes?|\w*putt\w*"
    r"|innings?|homered|wickets?|overs|\d+(?:st|nd|rd|th) (?:floors?|centur(?:y|ies)))\b"
)
_MID_SENTENCE = re.compile(r"[a-z] $")
_SHOUTED = re.compile(r"[A-Z]{2} $")


def resolve_day_word(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve today, tonight, yesterday, tomorrow, and the days beyond them."""
    if reading.published is None or _is_name(match.start(), reading):
        return None
    offset = DAY_WORDS[match["word"]] * (2 if match.groupdict().get("beyond") else 1)
    return _published_day(shift_day(reading.published, offset, "day"))


def _is_name(start: int, reading: Reading) -> bool:
    """Whether a capital in mid-sentence makes "Today" a title, or capitals all through make it part of one."""
    if reading.any_case or not reading.text[start].isupper():
        return False
    return bool(_MID_SENTENCE.search(reading.text, max(0, start - 20), start)) or bool(
        reading.text[start + 1].isupper() and _SHOUTED.search(reading.text, max(0, start - 20), start)
    )


def resolve_day_part(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve last night to the day before publication, this morning to the day itself."""
    if reading.published is None:
        return None
    return _published_day(shift_day(reading.published, -1 if match["which"] == "last night" else 0, "day"))


def resolve_weekday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a weekday, alone or with a word such as last, next, this.

    "next Friday" is the one of next week; where this week's is still to come, that is a guess.
    """
    if reading.published is None or not reading.capital_at(match.start("weekday")):
        return None
    published, weekday = reading.published, WEEKDAYS[match["weekday"]]
    which = match["which"] or {"next": "coming", "last": "this past", None: ""}[match.groupdict().get("behind")]
    this_week = weekday_in_week(published, weekday)
    if which in ("last", "this past"):
        day = weekday_before(published, weekday)
        # On a Friday nobody calls yesterday "last Thursday"; on a Monday some do say "last Sunday".
        yesterday = match["which"] == "last" and (published - day).days == 1 and day.weekday() < WEEKDAYS["friday"]
        return _published_day(shift_day(day, -1, "week") if yesterday else day, certain=not yesterday)
    if which == "next":
        return _published_day(shift_day(this_week, 1, "week"), certain=this_week <= published)
    if which in ("coming", "this coming"):
        return _published_day(weekday_after(published, weekday))
    if which == "this":
        return _published_day(this_week)
    return _plain_weekday(match, reading, published, weekday)


def _plain_weekday(match: re.Match[str], reading: Reading, published: date, weekday: int) -> Interval:
    explained = _explained_day(match, reading)
    if explained and explained.weekday() == weekday:
        return _published_day(explained)
    tense = reading.tense_at(match.start(), match.end())
    certain = tense is not Tense.UNKNOWN
    if weekday == published.weekday():
        return _published_day(published, certain=certain)
    if tense in (Tense.FUTURE, Tense.FUTURE_OF_PAST):
        return _published_day(weekday_after(published, weekday), certain=certain)
    return _published_day(weekday_before(published, weekday), certain=certain)


def _explained_day(match: re.Match[str], reading: Reading) -> date | None:
    """Return the day just named, when these words stand in brackets after it: tomorrow (Wednesday)."""
    if not reading.found:
        return None
    named = reading.found[-1]
    between = reading.text[named.end : match.start()]
    return named.earliest if named.granularity is Granularity.DAY and between.strip() in ("(", "(on") else None


def resolve_weekday_of_week(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve Friday next week, Monday of last week, Tuesday of the week before last."""
    if reading.published is None or not reading.capital_at(match.start("weekday")):
        return None
    week = shift_day(reading.published, _WEEKS[match["which"] or match["further"]], "week")
    return _published_day(weekday_in_week(week, WEEKDAYS[match["weekday"]]))


_WEEKS = {"last": -1, "this": 0, "next": 1, "before last": -2, "after next": 2}


def resolve_weekday_and_week(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the British "Friday week" and "a week on Friday": the Friday after next."""
    if reading.published is None:
        return None
    return _published_day(shift_day(weekday_after(reading.published, WEEKDAYS[match["weekday"]]), 1, "week"))


def resolve_week_from_day(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the British "a week today", "a week tomorrow", "a week yesterday"."""
    if reading.published is None:
        return None
    days = DAY_WORDS[match["word"]]
    past = days < 0 or match["ago"] is not None
    return _published_day(shift_day(reading.published, days + (-7 if past else 7), "day"))


def resolve_nth_weekday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the first Tuesday of November, the last Monday in August 2022."""
    years, anchor = candidate_years(match, reading)
    weekday = WEEKDAYS[match["weekday"]]
    days = [_nth_weekday(year, MONTHS[match["month"]], weekday, match["nth"]) for year in years]
    return settle([day_interval(day) for day in days if day], anchor, match, reading)


def resolve_day_of_month(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "on the 15th", of the month that tense and closeness point to, or "the 15th of this month"."""
    published = reading.published
    if published is None:
        return None
    which = match["which"]
    around = reading.lowered[max(0, match.start() - _SPORT_REACH) : match.end() + _SPORT_REACH]
    if not which and _SPORT.search(around):
        return None
    steps = (-1, 0, 1) if not which else ({"last": -1, "this": 0, "next": 1}[which],)
    months = [month_interval(published.year, published.month + step).earliest for step in steps]
    number = day_number(match["day"])
    if not which and (day := _month_goes_on(match, reading, number)):
        return day_interval(day).against(Anchor.NARRATIVE, certain=False)
    days = [day_interval(day) for month in months if (day := possible_day(month.year, month.month, number))]
    if which:
        return days[0].against(Anchor.PUBLICATION) if days else None
    chosen = choose(days, published, reading.tense_at(match.start(), match.end())) if days else None
    return chosen and chosen.against(Anchor.PUBLICATION, certain=False)


def _month_goes_on(match: re.Match[str], reading: Reading, number: int) -> date | None:
    """Return the day of the month that the same sentence has just named: "set for 11 January but began on the 25th"."""
    last = reading.found[-1] if reading.found else None
    if last is None or last.granularity not in (Granularity.DAY, Granularity.RANGE) or last.rule not in _WITH_MONTH:
        return None
    if not _SAME_SENTENCE.fullmatch(reading.lowered[last.end : match.start()]) or number <= last.latest.day:
        return None
    return possible_day(last.latest.year, last.latest.month, number)


_WITH_MONTH = frozenset(("day-month", "month-day", "days-of-month"))
_SAME_SENTENCE = re.compile(r"[^.;!?\n]{0,120}")


def _nth_weekday(year: int, month: int, weekday: int, nth: str) -> date | None:
    whole = month_interval(year, month)
    if nth == "last":
        return weekday_before(shift_day(whole.latest, 1, "day"), weekday)
    first = weekday_after(shift_day(whole.earliest, -1, "day"), weekday)
    return possible_day(year, month, first.day + 7 * (ORDINALS[nth] - 1))


def _published_day(day: date, *, certain: bool = True) -> Interval:
    return day_interval(day).against(Anchor.PUBLICATION, certain=certain)


_GOES_ON = r"after|before|without|from|has|have|would|will"
PART_TAIL = rf"(?:\s(?:{DAY_PART}))?"
RULES = (
    Rule("day-beyond", r"(?:the\s)?(?P<beyond>day\s(?:before|after))\s(?P<word>yesterday|tomorrow)", resolve_day_word),
    Rule("day-word", rf"(?P<word>today|tonight|yesterday|tomorrow){PART_TAIL}", resolve_day_word),
    Rule("day-part", r"(?P<which>last night|this (?:morning|afternoon|evening))", resolve_day_part),
    Rule("week-from-day", r"a\sweek\s(?P<ago>ago\s)?(?P<word>today|tomorrow|yesterday)", resolve_week_from_day),
    Rule(
        "nth-weekday",
        rf"(?:the\s)?(?P<nth>first|second|third|fourth|last)\s(?P<weekday>{WEEKDAY})\s(?:of|in)\s(?P<month>{FULL_MONTH})"
        rf"(?:{YEAR_TAIL})?",
        resolve_nth_weekday,
    ),
    Rule(
        "weekday-of-week",
        rf"(?P<weekday>{WEEKDAY}){PART_TAIL},?\s(?:of\s)?"
        r"(?:(?P<which>last|this|next)\sweek|the\sweek\s(?P<further>before\slast|after\snext))",
        resolve_weekday_of_week,
    ),
    Rule("weekday-and-week", rf"(?:a\sweek\son\s(?P<weekday>{WEEKDAY}))", resolve_weekday_and_week),
    Rule("weekday-and-week", rf"(?:(?P<weekday>{WEEKDAY})\sweek)", resolve_weekday_and_week),
    Rule(
        "weekday",
        rf"(?P<which>)(?P<weekday>{WEEKDAY})\s(?P<behind>last|next)(?!\sto\b)(?:{ENDS}|(?=\sfrom\b))",
        resolve_weekday,
    ),
    Rule(
        "weekday",
        rf"(?:(?P<which>this past|this coming|last|next|this|coming)\s)?(?P<weekday>{WEEKDAY}){PART_TAIL}",
        resolve_weekday,
    ),
    Rule(
        "day-of-month",
        r"(?:(?<=\son\s)|(?<=since\s)|(?<=until\s)|(?<=\sby\s)|(?<=morning of\s)|(?<=evening of\s)|(?<=night of\s))"
        r"the\s(?P<day>(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th))"
        r"(?!,?\s(?:and|or|to)\s(?:the\s|early\s|late\s|mid\s)*(?:\d|final|last|top))"
        rf"(?:\sof\s(?P<which>this|last|next)\smonth|(?P<alone>)(?:{ENDS}|(?=\s(?:{_GOES_ON})\b)))",
        resolve_day_of_month,
    ),
)
