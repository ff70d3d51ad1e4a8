"""What a candidate's own words say of time: when the event was, whether it was to come, whether it was put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.types import Article, Passage, TimeExpression
from qa.marks import (
    AT_FIRST,
    BEGAN_AFTER,
    BEGAN_BEFORE,
    CHANGED_FROM,
    CORRECTS,
    DATELINE,
    ENDED_AFTER,
    ENDED_BEFORE,
    FIRST,
    FIRST_OF_ANOTHER,
    HAPPENED,
    MOVED_FROM,
    OTHER_EVENT,
    PLANNED,
    PLANNED_AT_FIRST,
    REPLACED_AFTER,
    REPLACED_BEFORE,
    SINCE,
)
from qa.types import Candidate


@dataclass(frozen=True, slots=True)
class Told:
    """What the words around a candidate say of time.

    `event` is the days on which what the sentence tells took place, None where it names none, and `days` are all that
    it names; `published` is the day of its article. `planned` says that it was still to come, `replaced` that another
    value took its place in the same words, `at_first` that it was given or planned at first. `began` and `ended` say
    that a person came into an office or left it; `another` that a date is another event's ("the first since 2018");
    `corrects` that the sentence or its article's title puts something right.
    """

    event: tuple[date, date] | None
    days: tuple[tuple[date, date], ...]
    published: date | None
    planned: bool
    replaced: bool
    ended: bool
    at_first: bool
    began: bool
    another: bool
    corrects: bool

    @property
    def day(self) -> date | None:
        """The first day of the event, else the day of publication."""
        return self.event[0] if self.event else self.published


def told(candidate: Candidate, articles: Mapping[str, Article], times: Mapping[str, Sequence[TimeExpression]]) -> Told:
    """Return what the words around a candidate say of time."""
    article = articles[candidate.passage.article_id]
    text, published = article.text, article.published_day
    sentence = text[candidate.sentence_start : candidate.sentence_end]
    known = times.get(article.id, ())
    event = event_of(candidate, article, known)
    ahead = event is not None and published is not None and event[0] > published
    before = text[candidate.sentence_start : candidate.start]
    own = last_clause(before)
    return Told(
        event=event,
        days=tuple(
            (time.earliest, time.latest)
            for time in known
            if candidate.sentence_start <= time.start and time.end <= candidate.sentence_end
        ),
        published=published,
        planned=ahead or bool(PLANNED.search(own[-60:])),
        replaced=is_replaced(candidate.passage, candidate),
        ended=bool(ENDED_AFTER.match(text[candidate.end : candidate.sentence_end]) or ENDED_BEFORE.search(before)),
        at_first=bool(PLANNED_AT_FIRST.search(own) if candidate.time is not None else AT_FIRST.search(before)),
        began=bool(BEGAN_BEFORE.search(before) or BEGAN_AFTER.match(text[candidate.end : candidate.sentence_end])),
        another=bool(SINCE.search(before)),
        corrects=bool(CORRECTS.search(sentence) or CORRECTS.search(article.title)),
    )


def last_clause(before: str) -> str:
    """Return the last clause of what stands before some words, where it has a verb of its own in the past.

    "Due to start on Monday, it opened on Wednesday": the Wednesday was not planned.
    """
    clause = before.rpartition(", ")[2]
    return clause if HAPPENED.search(clause) else before


def is_replaced(passage: Passage, candidate: Candidate) -> bool:
    """Whether the words of a candidate's sentence say that another value took its place."""
    at = passage.start
    before = passage.text[max(candidate.sentence_start - at, 0) : candidate.start - at]
    after = passage.text[candidate.end - at : candidate.sentence_end - at]
    moved = MOVED_FROM if candidate.time is not None else CHANGED_FROM
    return bool(REPLACED_BEFORE.search(before) or moved.search(before) or REPLACED_AFTER.match(after))


def event_of(candidate: Candidate, article: Article, times: Sequence[TimeExpression]) -> tuple[date, date] | None:
    """Return the days of what the candidate's sentence tells: its own time, else the nearest in its sentence."""
    if candidate.time is not None:
        return candidate.time.earliest, candidate.time.latest
    time = nearest_time(candidate.start, candidate.sentence_start, candidate.sentence_end, article.text, times)
    return (time.earliest, time.latest) if time else None


def nearest_time(at: int, start: int, end: int, text: str, times: Sequence[TimeExpression]) -> TimeExpression | None:
    """Return the time in a sentence that stands nearest to `at` and is that of the event, not of another one."""
    inside = [time for time in times if start <= time.start and time.end <= end]
    own = [time for time in inside if not OTHER_EVENT.search(text[start : time.start])]
    return min(own, key=lambda time: (abs(time.start - at), time.start), default=None)


def without_firsts_of_another(sentence: str) -> str:
    """Return a sentence with "first" blanked out where it is the first since another, or the first of some sort."""
    return FIRST_OF_ANOTHER.sub(" " * len("first"), sentence)


def says_first(candidate: Candidate, article: Article) -> bool:
    """Whether a candidate's sentence says that it tells of the first one of all, and not of the first since another."""
    sentence = article.text[candidate.sentence_start : candidate.sentence_end]
    return FIRST.search(without_firsts_of_another(sentence)) is not None


def in_dateline(candidate: Candidate, article: Article) -> bool:
    """Whether a candidate stands in what its article opens with, before its first words: place, day and agency."""
    opening = DATELINE.match(article.text)
    return opening is not None and candidate.end <= opening.end()
