"""The days that a question speaks about, by a table of the words that stand before its dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.times import find_times
from corpus.types import Anchor, Granularity, TimeExpression
from qa.types import Window

Bounds = tuple[date | None, date | None]
DAY = timedelta(days=1)
_YEARLESS = frozenset({"month", "day-month", "month-day"})  # "on August 15": the question does not say which year's


@dataclass(frozen=True, slots=True)
class WindowRule:
    """What stands right before a date, and the days that it then bounds, both ends included, None being open.

    `as_of` marks words that ask for what was known by then; `yearless` says that a date without a year will do.
    """

    name: str
    before: re.Pattern[str]
    bounds: Callable[[TimeExpression], Bounds]
    as_of: bool = False
    yearless: bool = False


def _rule(
    name: str, words: str, bounds: Callable[[TimeExpression], Bounds], *, as_of: bool = False, yearless: bool = False
) -> WindowRule:
    return WindowRule(name, re.compile(rf"\b(?:{words})\s+(?:the\s+)?$", re.IGNORECASE), bounds, as_of, yearless)


def _whole(time: TimeExpression) -> Bounds:
    return time.earliest, time.latest


def _up_to(time: TimeExpression) -> Bounds:
    return None, time.latest


def _is_range(time: TimeExpression) -> bool:
    return time.granularity is Granularity.RANGE


# Read from the top; the first whose words stand before the date decides. To teach a new way of asking, add a row.
WINDOW_RULES = (
    _rule("as of", r"as (?:of|at)|as (?:things|it|matters) stood (?:on|in|at|by)", _up_to, as_of=True, yearless=True),
    _rule("by", r"by|until|till|up to|no later than", _up_to, yearless=True),
    _rule(
        "before the one of",
        r"(?:before|prior to) the (?:[\w-]+ ){1,3}(?:of|in)",
        lambda time: (None, time.earliest - DAY),
    ),
    _rule("before", r"before|prior to|ahead of|earlier than", lambda time: (None, time.earliest - DAY)),
    _rule("after the one of", r"after the (?:[\w-]+ ){1,3}(?:of|in)", lambda time: (time.latest + DAY, None)),
    _rule("after", r"after|following|later than", lambda time: (time.latest + DAY, None)),
    _rule(
        "since", r"since|starting (?:in|on)?|beginning (?:in|on)?", lambda time: (time.earliest, None), yearless=True
    ),
    _rule("from", r"from", lambda time: (time.earliest, time.latest if _is_range(time) else None)),
    _rule("between", r"between", _whole, yearless=True),
    _rule("in", r"in|on|during|at|over|throughout|within|around|about|early in|late in", _whole),
)
_WITHIN = frozenset({"in", "from", "between", "by"})
_NAMING = frozenset({"year-modifier", "years"})  # rules of dates that stand before a noun: the 2019-20 budget


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """What the dates of a question mean: the `window` that bounds its answer, and the days that name its `subject`."""

    window: Window | None = None
    subject: Window | None = None


_NOUN_AFTER = re.compile(
    r"\s(?!(?:and|or|for|to|in|on|at|by|was|were|is|did|do|does|had|has|when|who|what|the|a)\b)[a-z]"
)
_THING_BEFORE = re.compile(r"\b(?:the|its|their|his|her|[\w-]+['’]s)\s+$", re.IGNORECASE)


def days_asked(question: str, asked_on: date) -> DaysAsked:
    """Return the window of a question and the days that name its subject; a date that cannot be read is neither."""
    window = subject = None
    for time in find_times(question, asked_on, any_case=True):
        rule = _rule_before(question, time)
        if rule is not None:
            if rule.yearless or not _yearless(time):
                window = window or _bounded(question, time, rule)
        elif time.anchor is Anchor.PUBLICATION and time.rule not in _YEARLESS:
            window = window or Window(*_whole(time), question[time.start : time.end])
        elif not _yearless(time):
            subject = subject or Window(*_whole(time), question[time.start : time.end])
    ahead = window is not None and window.earliest is not None and window.earliest >= asked_on
    return DaysAsked(None if ahead else window, subject)


def _yearless(time: TimeExpression) -> bool:
    return time.rule in _YEARLESS and time.anchor is Anchor.PUBLICATION


def _rule_before(question: str, time: TimeExpression) -> WindowRule | None:
    """Return the rule whose words stand before a date, unless the date names a thing: "in the 2017 dialogue"."""
    before = question[: time.start]
    rule = next((rule for rule in WINDOW_RULES if rule.before.search(before)), None)
    named = time.rule in _NAMING or (
        _THING_BEFORE.search(before) is not None and _NOUN_AFTER.match(question[time.end :]) is not None
    )
    if rule and named and time.anchor is Anchor.ABSOLUTE and rule.name in _WITHIN:
        return None
    return rule


def _bounded(question: str, time: TimeExpression, rule: WindowRule) -> Window | None:
    found = rule.before.search(question[: time.start])
    assert found is not None
    try:
        earliest, latest = rule.bounds(time)
    except OverflowError:  # the day before the first of all days
        return None
    return Window(earliest, latest, question[found.start() : time.end], rule.as_of)
