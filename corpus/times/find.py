"""Finding the times in a text: one pass of one pattern, and the rule that each match belongs to."""

from __future__ import annotations

import re
from datetime import date, datetime

from corpus.times import dates, days, holidays, narrative, not_times, offsets, parts, periods, years
from corpus.times.intervals import Interval
from corpus.times.openings import OPENINGS
from corpus.times.quotations import inside, quotation_spans
from corpus.times.ranges import join_ranges
from corpus.times.rule import Reading, Rule
from corpus.types import Anchor, TimeExpression, as_day

TABLE: tuple[Rule, ...] = (
    *not_times.RULES,
    *dates.RULES,
    *holidays.RULES,
    *days.RULES,
    *narrative.RULES,
    *offsets.RULES,
    *parts.RULES,
    *periods.RULES,
    *years.RULES,
)
"""Every rule, in the order in which they are tried at each word."""


def _whole_words(pattern: str) -> str:
    return rf"(?<!\w)(?:{pattern})(?!\w)"


def scanner(table: tuple[Rule, ...], openings: str) -> re.Pattern[str]:
    """Join the patterns into one whose last group names the row; their own groups and back-references are loosened."""
    rows = []
    for number, rule in enumerate(table):
        bare = re.sub(r"\(\?P<\w+>", "(?:", rule.pattern).replace("(?P=mark)", "[-/.]")
        rows.append(rf"(?P<r{number}>{bare})")
    return re.compile(_whole_words(rf"(?={openings})(?:{'|'.join(rows)})"))


PATTERNS = tuple(re.compile(_whole_words(rule.pattern)) for rule in TABLE)
SCANNER = scanner(TABLE, OPENINGS)


def find_times(text: str, published: date | datetime | None, *, any_case: bool = False) -> list[TimeExpression]:
    """Return the times that `text` names, in order, resolved against the day it was published.

    Without that day only what says its own year is returned. Capitals are ignored in a text that has none, and
    with `any_case`: questions are typed in a hurry. Never raises on any text.
    """
    lowered = same_length_lower(text)
    reading = Reading(text, lowered, as_day(published), any_case or text == lowered)
    position = 0
    while match := SCANNER.search(reading.lowered, position):
        position = _take(match, reading) or match.start() + 1
    return _doubt_quoted(text, join_ranges(reading.lowered, reading.found))


def _take(match: re.Match[str], reading: Reading) -> int | None:
    """Add the time at a match; return where to go on, or None when no rule accepts the words."""
    start = match.start()
    for number in range(int(str(match.lastgroup)[1:]), len(TABLE)):
        rule = TABLE[number]
        own = PATTERNS[number].match(reading.lowered, start)
        if own is None:
            continue
        if rule.resolve is None:
            return own.end()
        try:
            interval = rule.resolve(own, reading)
        except (ValueError, OverflowError):  # a day outside the years 1 to 9999
            interval = None
        if interval:
            reading.found.append(_expression(own, interval, rule.name))
            return own.end()
    return None


def _expression(match: re.Match[str], interval: Interval, rule: str) -> TimeExpression:
    return TimeExpression(
        match.start(),
        match.end(),
        interval.earliest,
        interval.latest,
        interval.granularity,
        interval.anchor,
        rule,
        interval.certain,
    )


def _doubt_quoted(text: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """Mark what is told from the day of publication inside a quotation: the speaker may have spoken another day."""
    if all(time.anchor is Anchor.ABSOLUTE for time in found):
        return found
    quotations = quotation_spans(text)
    return [
        time if time.anchor is Anchor.ABSOLUTE or not inside(quotations, time.start) else _doubtful(time)
        for time in found
    ]


def _doubtful(time: TimeExpression) -> TimeExpression:
    return TimeExpression(
        time.start, time.end, time.earliest, time.latest, time.granularity, time.anchor, time.rule, certain=False
    )


def same_length_lower(text: str) -> str:
    """Return `text` in lower case, letter for letter: the few capitals that would grow are kept."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
