"""First, latest, as of a day: which of several supported answers a question asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from corpus.types import Article
from qa.terms import keys
from qa.types import Agreement, AnswerKind, Candidate, Ordering, Query

# An answer this near to the best score is weighed by time; a weaker one is no rival, however late or early.
RIVAL = 0.5
REPORTED_WITHIN = timedelta(days=10)  # news of an event is printed within days of it


def in_time(query: Query, groups: Sequence[Agreement], articles: Mapping[str, Article]) -> Agreement:
    """Return the group of candidates that the question's order or its day asks for; the best one when neither does.

    The latest is the last reported by the day the question is asked, or as of the day that it names; the first is the
    earliest event, when no rival's own words say which one was first.
    """
    return _choose(query, [group for group in groups if group.score >= RIVAL * groups[0].score], articles)


def _choose(query: Query, rivals: Sequence[Agreement], articles: Mapping[str, Article]) -> Agreement:
    if query.ordering is Ordering.LATEST:
        return _latest(
            rivals, articles, by=query.window.latest if query.window and query.window.latest else query.asked_on
        )
    if query.kind is not AnswerKind.DAY and query.window is not None and query.window.latest is not None:
        return _as_of(rivals, articles, query.window.earliest, query.window.latest)
    if query.kind is AnswerKind.DAY and query.ordering is Ordering.FIRST:
        return _first(rivals, articles)
    return rivals[0]


def _latest(rivals: Sequence[Agreement], articles: Mapping[str, Article], *, by: date) -> Agreement:
    known = [(day, group) for group in rivals if (day := _reported(group, articles, by)) is not None]
    return max(known, key=lambda entry: (entry[0], entry[1].score))[1] if known else rivals[0]


def _as_of(
    rivals: Sequence[Agreement], articles: Mapping[str, Article], earliest: date | None, latest: date
) -> Agreement:
    """Return the best rival told inside the window, else the last one told before it."""
    inside = [
        group
        for group in rivals
        for candidate in group.candidates
        if (day := articles[candidate.passage.article_id].published_day) is not None
        and (earliest or date.min) <= day <= latest + REPORTED_WITHIN
    ]
    return inside[0] if inside else _latest(rivals, articles, by=latest)


def _first(rivals: Sequence[Agreement], articles: Mapping[str, Article]) -> Agreement:
    said = [group for group in rivals if any(_says_first(candidate, articles) for candidate in group.candidates)]
    if said:
        return said[0]
    dated = [(time.earliest, group) for group in rivals if (time := group.candidates[0].time) is not None]
    return min(dated, key=lambda entry: entry[0])[1] if dated else rivals[0]


def _says_first(candidate: Candidate, articles: Mapping[str, Article]) -> bool:
    article = articles[candidate.passage.article_id]
    return "#1" in keys(article.text[candidate.sentence_start : candidate.sentence_end])


def _reported(group: Agreement, articles: Mapping[str, Article], by: date) -> date | None:
    """Return the last day by `by` on which an article gave this answer."""
    days = (articles[candidate.passage.article_id].published_day for candidate in group.candidates)
    return max((day for day in days if day is not None and day <= by), default=None)
