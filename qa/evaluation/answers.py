"""Is a short answer right? SQuAD's exact match and F1, with days compared as days."""

from __future__ import annotations

import re
import string
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from corpus.times import find_times

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation)
_LEADING = re.compile(r"^(?:on|in|at|by|since|from|during)\s+", re.IGNORECASE)
_ISO_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])")

Interval = tuple[date, date]


def squad_normal(text: str) -> str:
    """Return a text as SQuAD's official script compares it: lower case, no punctuation, no articles, single blanks."""
    lowered = "".join(character for character in text.lower() if character not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", lowered).split())


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
    words = _LEADING.sub("", " ".join(text.split()).strip(" .,"))
    if month := _ISO_MONTH.fullmatch(words):
        first = date(int(month[1]), int(month[2]), 1)
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    for time in find_times(words, published):
        if time.start == 0 and time.end == len(words):
            return time.earliest, time.latest
    return None


def right(given: str, golds: Iterable[str], published: Iterable[date | None] = ()) -> tuple[float, float]:
    """Return exact match and F1 of a short answer, each the best over the gold answers.

    An answer that denotes the same days as a gold one is equal to it. `published` are the days of the articles in which
    the answer stands, against which a gold weekday is resolved.
    """
    if not given.strip():
        return 0.0, 0.0
    days = denoted_days(given, None)
    anchors = list(dict.fromkeys([None, *published]))
    exact = f1 = 0.0
    for gold in golds:
        same_days = days is not None and any(denoted_days(gold, anchor) == days for anchor in anchors)
        same = same_days or squad_normal(given) == squad_normal(gold)
        exact = max(exact, float(same))
        f1 = max(f1, 1.0 if same else squad_f1(given, gold))
    return exact, f1
