"""How likely what a candidate says of time leaves it: ordinals, days asked about, plans and what became of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.sentences import sentence_spans
from corpus.types import Article, TimeExpression
from qa.terms import find_terms
from qa.told import Told, says_first, told, without_firsts_of_another
from qa.types import AnswerKind, Candidate, Ordering, Query, Window

_SINCE_WHEN = re.compile(r"\bsince (?:when|what)\b", re.IGNORECASE)
REPORTED_WITHIN = timedelta(days=10)  # news of an event is printed within days of it


@dataclass(frozen=True, slots=True)
class Said:
    """A candidate with what its words say of time, and the ordinals in its sentence, beside it and in its article."""

    query: Query
    candidate: Candidate
    told: Told
    own: int | None
    beside: frozenset[int]
    anywhere: frozenset[int]
    first: bool

    @property
    def is_day(self) -> bool:
        """Whether a day is asked for."""
        return self.query.kind is AnswerKind.DAY


@dataclass(frozen=True, slots=True)
class Weight:
    """What a candidate may say of time, and how much of its chance that leaves it."""

    name: str
    times: float
    holds: Callable[[Said], bool]


def _asks(said: Said, *orderings: Ordering) -> bool:
    return said.query.ordering in orderings


def _numbered(said: Said) -> int | None:
    return said.query.ordinal if said.query.ordering is Ordering.NTH else None


# To teach another sign, add a row. The numbers are round: halving or doubling them changes few answers. None is above
# one: a right sign of time makes nothing an answer, a wrong one makes it none.
WEIGHTS = (
    Weight("numbers another one", 0.15, lambda s: _numbered(s) is not None and s.own not in (None, _numbered(s))),
    Weight(
        "stands beside the number",
        0.8,
        lambda s: _numbered(s) is not None and s.own is None and _numbered(s) in s.beside,
    ),
    Weight(
        "is far from the number",
        0.5,
        lambda s: _numbered(s) is not None and s.own is None and _numbered(s) not in s.beside,
    ),
    Weight("has the number nowhere", 0.5, lambda s: _numbered(s) is not None and _numbered(s) not in s.anywhere),
    Weight("tells of a later one", 0.3, lambda s: _asks(s, Ordering.FIRST) and s.is_day and s.own not in (None, 1)),
    Weight(
        "was replaced",
        0.4,
        lambda s: s.told.replaced and not _asks(s, Ordering.ORIGINAL, Ordering.PREVIOUS) and _states(s),
    ),
    Weight("was a plan that failed", 0.4, lambda s: s.is_day and s.told.at_first and not _asks(s, Ordering.ORIGINAL)),
    Weight("is still to come", 0.1, lambda s: s.is_day and _asks(s, Ordering.LATEST) and _still_to_come(s)),
    Weight("has left", 0.3, lambda s: _asks(s, Ordering.LATEST) and s.told.ended),
    Weight(
        "is another's day", 0.4, lambda s: s.is_day and s.told.another and not _SINCE_WHEN.search(s.query.standalone)
    ),
    Weight("is told before the days asked about", 0.7, lambda s: _side(s) < 0),
    Weight("is told after the days asked about", 0.4, lambda s: _side(s) > 0),
    Weight("tells of a later day", 0.4, lambda s: _side(s) > 0 and s.told.event is not None),
    Weight("is a day outside those asked about", 0.15, lambda s: s.is_day and _outside(s.query.window, s)),
    Weight("is a day outside those of the subject", 0.4, lambda s: s.is_day and _outside(s.query.subject, s)),
)


def time_weight(
    query: Query,
    candidate: Candidate,
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> float:
    """Return how much of its chance what a candidate says of time leaves it."""
    article = articles[candidate.passage.article_id]
    said = Said(
        query,
        candidate,
        told(candidate, articles, times),
        nearest_ordinal(article.text, candidate),
        _beside(article, candidate),
        _ordinals(f"{article.title} {article.text}") if query.ordering is Ordering.NTH else frozenset(),
        says_first(candidate, article),
    )
    product = 1.0
    for weight in WEIGHTS:
        if weight.holds(said):
            product *= weight.times
    return product


def _states(said: Said) -> bool:
    """Whether the answer is a value that may be put right: a figure, a day, somebody in office."""
    return said.query.kind not in (AnswerKind.REASON, AnswerKind.YES_NO, AnswerKind.PLACE)


def _still_to_come(said: Said) -> bool:
    window = said.query.window
    day = window.latest if window and window.latest else said.query.asked_on
    return said.told.event is not None and said.told.event[0] > day


def _asks_since(said: Said) -> bool:
    """Whether a day before another event is asked for: since when, or when last before."""
    return _asks(said, Ordering.LATEST) or _SINCE_WHEN.search(said.query.standalone) is not None


def _side(said: Said) -> int:
    """Return whether what is not a day is told in the days asked about, or not to say (0), before (-1) or after (1)."""
    asked = said.query.window or said.query.subject
    if asked is None or asked.as_of or said.is_day:
        return 0
    event, day = said.told.event, said.told.published
    if (event is not None and meets(asked, event)) or day is None or meets(asked, (days_before(day), day)):
        return 0
    return -1 if asked.earliest is not None and day < asked.earliest else 1


def _outside(asked: Window | None, said: Said) -> bool:
    return asked is not None and not asked.as_of and said.told.event is not None and not meets(asked, said.told.event)


def days_before(day: date) -> date:
    """Return the first day on which what was reported on `day` may have come about."""
    return day - REPORTED_WITHIN if day - date.min >= REPORTED_WITHIN else date.min  # undated is the first of all days


def meets(window: Window, days: tuple[date, date]) -> bool:
    """Whether some of the days lie in the window."""
    return (window.earliest or date.min) <= days[1] and days[0] <= (window.latest or date.max)


def nearest_ordinal(text: str, candidate: Candidate) -> int | None:
    """Return the number of the ordinal that stands nearest to a candidate in its sentence, those before it first."""
    start, end = candidate.sentence_start, candidate.sentence_end
    found = [
        (term.start, term.end, number)
        for term in find_terms(without_firsts_of_another(text[start:end]))
        if (number := _number(term.key))
    ]
    before = [number for _, last, number in found if start + last <= candidate.start]
    after = [number for first, _, number in found if start + first >= candidate.end]
    return before[-1] if before else (after[0] if after else None)


def _number(key: str) -> int | None:
    return int(key[1:]) if key[0] == "#" and key[1:].isdigit() else None


def _ordinals(text: str) -> frozenset[int]:
    return frozenset(number for term in find_terms(text) if (number := _number(term.key)))


def _beside(article: Article, candidate: Candidate) -> frozenset[int]:
    """Return the ordinals in the title of a candidate's article and in the sentences next to its own."""
    passage = candidate.passage
    bounds = [(passage.start + a, passage.start + b) for a, b in sentence_spans(passage.text)]
    near = [
        article.text[a:b]
        for n, (a, b) in enumerate(bounds)
        if any(s <= candidate.start < e for s, e in bounds[max(n - 1, 0) : n + 2])
    ]
    return _ordinals(" ".join([article.title, *near]))
