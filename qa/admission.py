"""Which candidates can answer a question at all: of its kind, told by the day it is asked, and in the days it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from corpus.types import Article, TimeExpression
from qa.ends import part_asked
from qa.likelihood import time_weight
from qa.terms import NUMBER_WORDS, content_terms, find_terms
from qa.together import named_together
from qa.told import nearest_time
from qa.types import AnswerKind, Candidate, Ordering, Query
from qa.whole import told_whole

_NAMED = frozenset({AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.NAME})
_COUNTED = frozenset({AnswerKind.COUNT, AnswerKind.AMOUNT, AnswerKind.DURATION})
_NUMBER = re.compile(
    r"\d|\b(?:" + "|".join([*NUMBER_WORDS, "half", "thousand", "million", "none", "nobody"]) + r")\b", re.I
)
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)


def admit(
    query: Query,
    candidates: Sequence[Candidate],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> list[Candidate]:
    """Return the candidates that can be the answer, best first, each as likely as what it says of time makes it.

    A score is a chance, and what is left to one is that of no answer. Each chance is multiplied by how much more often
    a right answer than a wrong one says such a thing of time (`WEIGHTS`), and all are brought back to one.
    """
    able = [_widened(query, _dated(query, candidate, articles, times), articles) for candidate in candidates]
    weighed = [
        (candidate, candidate.score * time_weight(query, candidate, articles, times))
        for candidate in able
        if _can_answer(query, candidate, articles)
    ]
    none = 1 - sum(candidate.score for candidate in candidates)
    total = none + sum(score for _, score in weighed) if none > 0 else 1.0
    scored = [replace(candidate, score=min(score / total, 1.0)) for candidate, score in weighed if score > 0]
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.passage.article_id, candidate.start))


def last_day(query: Query) -> date:
    """Return the last day whose articles may answer: the day asked, or the one the question is asked as of."""
    if query.window is not None and query.window.as_of and query.window.latest is not None:
        return min(query.window.latest, query.asked_on)
    return query.asked_on


def _dated(
    query: Query, candidate: Candidate, articles: Mapping[str, Article], times: Mapping[str, Sequence[TimeExpression]]
) -> Candidate:
    """Return a whole sentence given for a day as the time that it names, and of a run of days what is asked for."""
    if query.kind is not AnswerKind.DAY:
        return candidate
    article = articles[candidate.passage.article_id]
    if candidate.time is not None:
        return replace(candidate, time=part_asked(query.standalone, candidate.time, times.get(article.id, ())))
    inside = (candidate.start, candidate.end)
    time = nearest_time(candidate.start, *inside, article.text, times.get(article.id, ()))
    return replace(candidate, start=time.start, end=time.end, time=time) if time else candidate


def _widened(query: Query, candidate: Candidate, articles: Mapping[str, Article]) -> Candidate:
    """Return a candidate in whole, and with the names that are told together with it where several are asked for."""
    article = articles[candidate.passage.article_id]
    return named_together(query, told_whole(query, candidate, article), article)


def _can_answer(query: Query, candidate: Candidate, articles: Mapping[str, Article]) -> bool:
    article = articles[candidate.passage.article_id]
    published = article.published_day
    if published is not None and published > last_day(query):
        return False
    return _is_of_kind(query, candidate, article) and _is_new_day(query, candidate)


def _is_of_kind(query: Query, candidate: Candidate, article: Article) -> bool:
    words = article.text[candidate.start : candidate.end]
    if query.kind is AnswerKind.PERSON and not any(letter.isupper() for letter in words):
        return False
    if query.kind in _NAMED:
        if candidate.time is not None:
            return False
        return bool(_CHOICE.search(query.standalone)) or _says_something_new(query, words)
    if query.kind in _COUNTED:
        return candidate.time is None and _NUMBER.search(words) is not None
    return True


def _says_something_new(query: Query, words: str) -> bool:
    asked = {term.key for term in find_terms(query.standalone)}
    own = content_terms(words)
    return not own or any(term.key not in asked for term in own)


def _is_new_day(query: Query, candidate: Candidate) -> bool:
    """Whether a day asked for is still to come where it must be, and is not just the question's days again."""
    time = candidate.time
    if query.kind is not AnswerKind.DAY or time is None:
        return True
    if query.ordering is Ordering.NEXT and time.latest < query.asked_on:
        return False
    for asked in (query.window, query.subject):
        if asked is not None and (asked.earliest, asked.latest) == (time.earliest, time.latest):
            return False
    return True
