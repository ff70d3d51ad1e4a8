"""Is a short answer right? SQuAD's exact match and F1, with days compared as days."""

from __future__ import annotations

import re
import string
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.times import find_times

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_LEADING = re.compile(r"^(?:(?:on|in|at|by|since|from|during)\s+)?(?:the\s+(?=\w+\s+of\b|\d{4}s))?", re.IGNORECASE)
_ISO_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])")

Interval = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the words of an answer stand, so that a weekday among them can be resolved.

    `times` are the times named in the quoted words, each with the days it was resolved to when its article was
    indexed; `published` are the days of publication, which resolve what `times` does not hold.
    """

    times: tuple[tuple[str, Interval], ...] = ()
    published: tuple[date, ...] = ()


NOWHERE = Setting()


@lru_cache(maxsize=100_000)
def squad_normal(text: str) -> str:
    """Return a text as SQuAD's official script compares it: lower case, no punctuation, no articles, single blanks."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def squad_f1(given: str, gold: str) -> float:
    """Return the F1 of the words of two answers (Rajpurkar et al. 2016); two blank ones agree."""
    ours, theirs = squad_normal(given).split(), squad_normal(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(ours), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)


@lru_cache(maxsize=100_000)
def denoted_days(text: str, published: date | None) -> Interval | None:
    """Return the days that a whole text denotes, both included, or None when it is not just a time.

    A weekday, or "yesterday", is resolved against the day its article was published.
    """
    words = _LEADING.sub("", _plain(text))
    if month := _ISO_MONTH.fullmatch(words):
        first = date(int(month[1]), int(month[2]), 1)
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    for time in find_times(words, published):
        if time.start == 0 and time.end == len(words):
            return time.earliest, time.latest
    return None


def days_of(text: str, where: Setting) -> set[Interval]:
    """Return what days a short answer may denote: by itself, else as its article means it, else by publication."""
    if days := denoted_days(text, None):
        return {days}
    words = _LEADING.sub("", _plain(text)).casefold()
    named = {days for said, days in where.times if words and words in _plain(said).casefold()}
    if named:
        return named
    return {days for day in where.published if (days := denoted_days(text, day))}


def right(
    given: str, golds: Iterable[str], *, said: Setting = NOWHERE, stands: Setting = NOWHERE
) -> tuple[float, float]:
    """Return exact match and F1 of a short answer, each the best over the gold answers.

    An answer that denotes the same days as a gold one is equal to it. `said` is what the answer cites, against which
    its own weekdays are resolved; `stands` is the evidence, against which those of the gold answers are.
    """
    if not given.strip():
        return 0.0, 0.0
    days = days_of(given, said)
    exact = f1 = 0.0
    for gold in golds:
        same = squad_normal(given) == squad_normal(gold) or _meet(days, gold, stands)
        exact = max(exact, float(same))
        f1 = max(f1, 1.0 if same else squad_f1(given, gold))
    return exact, f1


def _meet(days: Collection[Interval], gold: str, stands: Setting) -> bool:
    return bool(days) and not days_of(gold, stands).isdisjoint(days)


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .,")
