"""How likely what a candidate says of time leaves it: ordinals, days asked about, plans and what became of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.sentences import sentence_spans
from corpus.types import Article, TimeExpression
from qa.offices import holds_another_office
from qa.terms import Term, content_terms, countries_of, find_terms, keys
from qa.told import Told, in_dateline, says_first, told, without_firsts_of_another
from qa.types import AnswerKind, Candidate, Ordering, Query, Window

_SINCE_WHEN = re.compile(r"\bsince (?:when|what)\b", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:came|comes?|finish\w*|ended|placed|lies|lying|ranked)\s+$", re.IGNORECASE)
_COUNTED_THING = re.compile(
    r"(?:\s(?!(?:of|in|on|at|to|for|with|by|from|since|and|or|was|were|is|are|has|had|that|which|who|will|would)\b)"
    r"[\w'’+-]+){1,4}"
)
_MEETINGS = keys(  # words for what questions count, whatever they call it
    "round meeting session edition time one dialogue talks summit consultation conference such joint year row try"
)
_BREAK = re.compile(r"[,;:]|\band\b")
LEAD = 200  # characters of an article that say what it is about, after its title
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
    other_first: bool
    dateline: bool
    office: bool
    pair: bool
    unnamed: bool

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
    Weight("has the number nowhere", 0.2, lambda s: _numbered(s) is not None and _numbered(s) not in s.anywhere),
    Weight("tells of a later one", 0.3, lambda s: _asks(s, Ordering.FIRST) and s.is_day and s.own not in (None, 1)),
    Weight("is the first of something else", 0.5, lambda s: s.other_first),
    Weight(
        "was replaced",
        0.4,
        lambda s: s.told.replaced and not _asks(s, Ordering.ORIGINAL, Ordering.PREVIOUS) and _states(s),
    ),
    Weight("was a plan that failed", 0.4, lambda s: s.is_day and s.told.at_first and not _asks(s, Ordering.ORIGINAL)),
    Weight("is still to come", 0.1, lambda s: s.is_day and _asks(s, Ordering.LATEST) and _still_to_come(s)),
    Weight("is the day in a dateline", 0.3, lambda s: s.is_day and s.dateline),
    Weight("holds another office", 0.3, lambda s: s.office),
    Weight("is of other countries", 0.1, lambda s: s.pair),
    Weight("never names one of the countries", 0.3, lambda s: s.unnamed),
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
    said = said_of(query, candidate, articles, times)
    product = 1.0
    for weight in WEIGHTS:
        if weight.holds(said):
            product *= weight.times
    return product


def said_of(
    query: Query,
    candidate: Candidate,
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> Said:
    """Return what a candidate says of time, and of the ordinals and names that a question asks about."""
    article = articles[candidate.passage.article_id]
    return Said(
        query,
        candidate,
        told(candidate, articles, times),
        nearest_ordinal(article.text, candidate, keys(query.standalone)),
        _beside(article, candidate),
        _ordinals(f"{article.title} {article.text}") if query.ordering is Ordering.NTH else frozenset(),
        says_first(candidate, article),
        query.ordering is Ordering.FIRST and first_of_something_else(article.text, candidate, keys(query.standalone)),
        in_dateline(candidate, article),
        query.kind is AnswerKind.PERSON and holds_another_office(query.standalone, candidate, article),
        of_another_pair(query, candidate, article),
        leaves_a_country_out(query, article),
    )


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
    day = said.told.published
    if any(meets(asked, days) for days in said.told.days) or day is None or meets(asked, (days_before(day), day)):
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


def nearest_ordinal(text: str, candidate: Candidate, asked: frozenset[str] = frozenset()) -> int | None:
    """Return the number of the ordinal nearest to a candidate in its sentence: with fewest commas between, else before.

    "The meeting in Boston was the 26th, the one in Sydney in June 2017 the 27th." One that numbers something else than
    what is `asked` about, "the third candidate" beside the third mayor, is none.
    """
    start, end = candidate.sentence_start, candidate.sentence_end
    sentence = without_firsts_of_another(text[start:end])
    best: tuple[int, bool, int] | None = None
    for term in find_terms(sentence):
        number = _number(term.key)
        first, last = start + term.start, start + term.end
        if number is None or (first < candidate.end and candidate.start < last):
            continue
        if asked and numbers_another(sentence, term, asked):
            continue
        after = first >= candidate.end
        between = text[candidate.end : first] if after else text[last : candidate.start]
        apart = len(_BREAK.findall(between)), after, len(between)
        if best is None or apart < best:
            best, nearest = apart, number
    return nearest if best else None


def numbers_another(sentence: str, ordinal: Term, asked: frozenset[str]) -> bool:
    """Whether an ordinal counts something else than is asked about: "third candidate" or "came third", for a round."""
    if _PLACED.search(sentence[: ordinal.start]):
        return True
    words = _COUNTED_THING.match(sentence, ordinal.end)
    counted = [term.key for term in content_terms(words.group())] if words else []
    return bool(counted) and asked.isdisjoint(counted) and _MEETINGS.isdisjoint(counted)


def first_of_something_else(text: str, candidate: Candidate, asked: frozenset[str]) -> bool:
    """Whether a candidate's sentence has firsts and all count something else: the first launch, for the first orbit."""
    sentence = without_firsts_of_another(text[candidate.sentence_start : candidate.sentence_end])
    firsts = [term for term in find_terms(sentence) if _number(term.key) == 1]
    return bool(firsts) and all(numbers_another(sentence, term, asked) for term in firsts)


def of_another_pair(query: Query, candidate: Candidate, article: Article) -> bool:
    """Whether a candidate's sentence, or its article where that names none, tells of another country than is asked."""
    asked = countries_of(query.standalone)
    if len(asked) < 2:
        return False
    sentence = article.text[candidate.sentence_start : candidate.sentence_end]
    told = countries_of(sentence) or countries_of(f"{article.title} {article.text[:LEAD]}")
    return bool(told & asked) and bool(told - asked) and not asked <= told


def leaves_a_country_out(query: Query, article: Article) -> bool:
    """Whether an article never names one of the two countries or more that a question is about."""
    asked = countries_of(query.standalone)
    return len(asked) >= 2 and not asked <= countries_of(f"{article.title} {article.text}")


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
