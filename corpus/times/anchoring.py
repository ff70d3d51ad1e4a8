"""Choosing the day, month or year that words without one mean, from the day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from corpus.times.intervals import Interval
from corpus.times.tense import Tense
from corpus.types import Anchor

FAR_DAYS = 270
"""Further back than this and in another year, writers give the year: a past tense that points there was misread."""

NEAR_DAYS = 95
"""Nearer than this after publication, closeness then overrules the past tense."""


SURE_DAYS = 60
"""Without a tense to go by, only what is nearer than this is certain."""


def choose(candidates: Sequence[Interval], published: date, tense: Tense) -> Interval:
    """Return the candidate that the tense points to, or the closest one where it points nowhere or absurdly far."""
    closest = min(candidates, key=lambda interval: distance(interval, published))
    if tense in (Tense.UNKNOWN, Tense.FUTURE_OF_PAST):
        return closest.against(Anchor.PUBLICATION, certain=distance(closest, published) <= SURE_DAYS)
    past = tense is Tense.PAST
    if past:
        fitting = [interval for interval in candidates if interval.earliest <= published]
    else:
        fitting = [interval for interval in candidates if interval.latest >= published]
    if not fitting:
        return closest.against(Anchor.PUBLICATION, certain=False)
    chosen = min(fitting, key=lambda interval: distance(interval, published))
    far = distance(chosen, published) > FAR_DAYS and chosen.earliest.year != published.year
    if past and far and distance(closest, published) < NEAR_DAYS:
        return closest.against(Anchor.PUBLICATION, certain=False)
    return chosen.against(Anchor.PUBLICATION)


def distance(interval: Interval, day: date) -> int:
    """Return how many days lie between an interval and a day; 0 inside it."""
    return max((interval.earliest - day).days, (day - interval.latest).days, 0)


def weekday_before(day: date, weekday: int) -> date:
    """Return the last such weekday before `day`, at least one day earlier."""
    return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)


def weekday_after(day: date, weekday: int) -> date:
    """Return the next such weekday after `day`, at least one day later."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def weekday_in_week(day: date, weekday: int) -> date:
    """Return such a weekday of the week, Monday to Sunday, that holds `day`."""
    return day + timedelta(days=weekday - day.weekday())
