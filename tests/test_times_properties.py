"""What holds of times in any text, on any day of publication."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.times import find_times
from corpus.times.find import OPENINGS, TABLE, scanner
from corpus.types import Anchor, Granularity, TimeExpression

GREGORIAN_CYCLE_WEEKS = 20_871
"""Weeks in 400 years: after these the calendar repeats itself, weekdays and leap years included."""

GOLD = [
    json.loads(line)
    for name in ("times_dev.jsonl", "times_test.jsonl")
    for line in (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
]
SENTENCES = [gold["text"] for gold in GOLD]
FRAGMENTS = st.sampled_from(
    "on in the last next this every Friday friday May may March 5 12 2019 1815 30/11/2019 2021-02-30 week weeks month "
    "year ago later a two 7-10 from to between and – ' ’ “ \" ( ) , . end of early mid- Sept. Q2 31 February quarter İ "
    "1990s '90s century second day before after yesterday will met tomorrow \n \t 00 9999 0001 th nd".split(" ")
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(FRAGMENTS, max_size=30).map(" ".join),
    st.text(alphabet=string.digits + "/-–.,: ", max_size=60),
    st.sampled_from(SENTENCES),
)
DAYS = st.dates()
NEWS_DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
EXACT_RULES = frozenset(("day-word", "day-beyond", "day-part", "weekday", "weekday-of-week", "ago"))
"""Rules that count in days or weeks, and so move with publication by any number of weeks."""


@given(TEXTS, st.one_of(st.none(), DAYS))
@settings(max_examples=300, deadline=None)
def test_finding_never_raises_and_every_span_lies_inside_the_text(text: str, published: date | None) -> None:
    times = find_times(text, published)
    for time in times:
        assert 0 <= time.start < time.end <= len(text)
        assert text[time.start : time.end].strip() == text[time.start : time.end]
        assert time.earliest <= time.latest
    assert [time.start for time in times] == sorted(time.start for time in times)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_an_undated_text_holds_nothing_told_from_publication(text: str) -> None:
    assert all(time.anchor is not Anchor.PUBLICATION for time in find_times(text, None))


def shifted(time: TimeExpression, weeks: int) -> TimeExpression:
    step = timedelta(weeks=weeks)
    return replace(time, earliest=time.earliest + step, latest=time.latest + step)


@given(st.sampled_from(SENTENCES), NEWS_DAYS)
@settings(max_examples=300, deadline=None)
def test_400_years_of_weeks_move_every_time_told_from_publication_and_no_absolute_one(
    text: str, published: date
) -> None:
    before = find_times(text, published)
    after = find_times(text, published + timedelta(weeks=GREGORIAN_CYCLE_WEEKS))
    assert pure(after) == [
        time if time.anchor is Anchor.ABSOLUTE else shifted(time, GREGORIAN_CYCLE_WEEKS) for time in pure(before)
    ]


def pure(times: list[TimeExpression]) -> list[TimeExpression]:
    """Return the times less those with a foot in both camps.

    These are times told from an event, which may stand in the calendar or not, and ranges with one end in it.
    """
    fixed = [time for time in times if time.anchor is Anchor.ABSOLUTE]
    return [
        time
        for time in times
        if time in fixed
        or (
            time.anchor is Anchor.PUBLICATION
            and not any(time.start <= end.start and end.end <= time.end for end in fixed)
        )
    ]


@given(st.sampled_from(SENTENCES), NEWS_DAYS, st.integers(1, 500))
@settings(max_examples=300, deadline=None)
def test_any_number_of_weeks_moves_every_time_that_counts_days_or_weeks_and_no_absolute_one(
    text: str, published: date, weeks: int
) -> None:
    before, after = find_times(text, published), find_times(text, published + timedelta(weeks=weeks))
    assert [time for time in after if time.anchor is Anchor.ABSOLUTE] == [
        time for time in before if time.anchor is Anchor.ABSOLUTE
    ]
    counted = [time for time in before if time.rule in EXACT_RULES and in_days(time)]
    assert [time for time in after if time.rule in EXACT_RULES and in_days(time)] == [
        shifted(time, weeks) for time in counted
    ]


def in_days(time: TimeExpression) -> bool:
    return time.granularity in (Granularity.DAY, Granularity.WEEK) and time.anchor is Anchor.PUBLICATION


@given(st.dates(date(1000, 1, 1), date(2099, 12, 31)), st.one_of(st.none(), NEWS_DAYS))
@settings(max_examples=200, deadline=None)
def test_a_day_written_in_full_is_that_day_in_every_order(day: date, published: date | None) -> None:
    month = day.strftime("%B")
    for words in (
        f"{day.day} {month} {day.year:04d}",
        f"{month} {day.day}, {day.year:04d}",
        f"{day:%A}, {day.day} {month} {day.year:04d}",
        day.isoformat(),
    ):
        text = f"It was signed on {words}, in the rain."
        (time,) = find_times(text, published)
        assert (text[time.start : time.end], time.earliest, time.latest) == (words, day, day)


@given(NEWS_DAYS)
@settings(max_examples=200, deadline=None)
def test_intervals_hold_the_plain_meaning_of_their_words(published: date) -> None:
    def only(text: str) -> TimeExpression:
        (time,) = find_times(text, published)
        return time

    one = timedelta(days=1)
    assert only("It closed yesterday.").earliest == published - one
    assert only("It opens tomorrow.").earliest == published + one
    for text in ("It closed this week.", "It closed this month.", "It closed this year."):
        assert only(text).earliest <= published <= only(text).latest
    for unit in ("week", "month", "year"):
        last, this, following = (only(f"Sales rose {which} {unit}.") for which in ("last", "this", "next"))
        assert last.latest + one == this.earliest
        assert this.latest + one == following.earliest
    friday = only("They met on Friday.")
    assert friday.earliest.weekday() == 4
    assert timedelta(0) <= published - friday.earliest < timedelta(days=7)
    friday = only("They will meet on Friday.")
    assert friday.earliest.weekday() == 4
    assert timedelta(0) <= friday.earliest - published < timedelta(days=7)


def test_the_quick_look_at_first_words_misses_nothing() -> None:
    quick, thorough = scanner(TABLE, OPENINGS), scanner(TABLE, "")
    for text in SENTENCES:
        lowered = text.lower()
        assert [m.span() for m in quick.finditer(lowered)] == [m.span() for m in thorough.finditer(lowered)]
