"""Values that news puts right: "to 12,400 jars, revised from 9,800", "thirteen, not fourteen", "to 4.50 from 3.75"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.sentences import sentence_spans
from corpus.types import Passage, TimeExpression
from qa.admission import last_day
from qa.chronology import Choice
from qa.sources import Sources
from qa.spans import mark_spans
from qa.subject import holds, names_held, names_of
from qa.terms import NUMBER_WORDS, content_terms, keys
from qa.told import is_replaced
from qa.types import Agreement, AnswerKind, Candidate, Ordering, Query, Retrieved

_MEASURED = (AnswerKind.AMOUNT, AnswerKind.COUNT, AnswerKind.DURATION)
_REVISES = re.compile(
    r"\b(?:revis\w+|correct\w*|restat\w+|amend\w+|recount\w*|miscount\w*|widen\w*|rais(?:ed|es|ing)|lower(?:ed|"
    r"s|ing)|"
    r"cut|cuts|rose|risen|fell|fallen|climbed|grew|up from|down from|instead of|rather than|not|wrongly|earlier|"
    r"first|"
    r"originally|previously|initially|moved|put off|put back|brought forward|postponed|delayed|later than|from)\b",
    re.IGNORECASE,
)
_REVISED = frozenset({*_MEASURED, AnswerKind.DAY})
_OTHER_ORDERS = frozenset({Ordering.FIRST, Ordering.NTH, Ordering.NEXT})
_NUMBERS = re.compile(r"\d[\d.,]*\d|\d")
_NUMBER_KEYS = frozenset(NUMBER_WORDS.values())
_PUTS_RIGHT = re.compile(
    r"\b(?:revis\w+|correct\w*|restat\w+|amend\w+|recount\w*|miscount\w*|wrong\w*|estimate\w*|in error|"
    r"mistak\w+|instead of|"
    r"rather than|not)\b",
    re.IGNORECASE,
)
LEAST_SHARED = 2  # content words of the question in the sentence of a revision or its article's title


@dataclass(frozen=True, slots=True)
class Revision:
    """One sentence that gives a value and the one it takes the place of."""

    new: Candidate
    old: Candidate


def find_revisions(query: Query, retrieved: Sequence[Retrieved], sources: Sources) -> list[Revision]:
    """Return what the passages that were found put right, in their order."""
    asked = {term.key for term in content_terms(query.standalone)}
    found: list[Revision] = []
    for item in retrieved:
        passage = item.hit.passage
        article = sources.articles[passage.article_id]
        if article.published_day is not None and article.published_day > last_day(query):
            continue
        known = sources.times.get(article.id, ())
        for start, end in sentence_spans(passage.text):
            sentence = passage.text[start:end]
            if _REVISES.search(sentence) and len(asked & keys(f"{article.title} {sentence}")) >= LEAST_SHARED:
                found.extend(_pairs(query.kind, passage, (start, end), known))
    return found


def _pairs(
    kind: AnswerKind, passage: Passage, sentence: tuple[int, int], times: Sequence[TimeExpression]
) -> Iterator[Revision]:
    """Yield each replaced value of a sentence with the nearest value in it that stands."""
    values = list(_values(kind, passage, sentence, times))
    for old in values:
        if not is_replaced(passage, old):
            continue
        standing = [
            value
            for value in values
            if not is_replaced(passage, value) and _said(passage, value) != _said(passage, old) and _alike(value, old)
        ]
        if standing:
            yield Revision(min(standing, key=lambda value: abs(value.start - old.start)), old)


def _values(
    kind: AnswerKind, passage: Passage, sentence: tuple[int, int], times: Sequence[TimeExpression]
) -> Iterator[Candidate]:
    first, last = (passage.start + at for at in sentence)
    words = passage.text[sentence[0] : sentence[1]]
    if kind is AnswerKind.DAY:
        for time in times:
            if first <= time.start and time.end <= last:
                yield Candidate(passage, time.start, time.end, first, last, 0.0, time)
        return
    kinds = (kind,) if kind is AnswerKind.DURATION else (AnswerKind.AMOUNT, AnswerKind.COUNT)
    taken: list[tuple[int, int]] = [(time.start, time.end) for time in times if first <= time.start < last]
    for each in kinds:
        for span in mark_spans(each, words, offset=first, question=(), times=()):
            if not any(span.start < end and start < span.end for start, end in taken):
                taken.append((span.start, span.end))
                yield Candidate(passage, span.start, span.end, first, last, 0.0)


def _said(passage: Passage, candidate: Candidate) -> str:
    return passage.text[candidate.start - passage.start : candidate.end - passage.start].casefold()


def _alike(one: Candidate, other: Candidate) -> bool:
    return (one.time is None) == (other.time is None)


def follow(query: Query, choice: Choice, revisions: Sequence[Revision], sources: Sources) -> Choice:
    """Return the value that took the place of the one chosen, or, for the ORIGINAL, the one that it took the place of.

    Only an article that was published no earlier than the value itself puts it right.
    """
    best = choice.group.candidates[0]
    if query.kind not in _REVISED or query.ordering in _OTHER_ORDERS:
        return choice
    back = query.ordering is Ordering.ORIGINAL
    said = _denoted(best, sources)
    names = names_held(query, best, sources.articles)
    revisions = [revision for revision in revisions if holds(names, revision.new, sources.articles)]
    for revision in revisions:
        wanted, given = (revision.old, revision.new) if back else (revision.new, revision.old)
        later = _day(revision.new, sources) >= _day(best, sources)
        if _denoted(given, sources) == said and (back or (later and _holds_then(query, revision, sources))):
            candidate = replace(wanted, score=best.score)
            group = Agreement((candidate,), choice.group.score)
            supported = _together(query, choice, wanted, sources)
            return replace(
                choice, group=group, supported=supported, replaced=best if not back else given, revised=not back
            )
    for revision in revisions:
        if not back and _denoted(revision.new, sources) == said:
            supported = _together(query, choice, revision.old, sources)
            return replace(choice, supported=supported, replaced=_as_given(revision.old, choice, sources), revised=True)
    return choice


def _together(query: Query, choice: Choice, other: Candidate, sources: Sources) -> float:
    """Return the chance of the value chosen and of the other one of its revision: which one it is, is settled.

    That is so only where the article tells of all that the question names.
    """
    article = sources.articles[other.passage.article_id]
    if not names_of(query) <= keys(f"{article.title} {article.text}"):
        return choice.supported
    said = _denoted(other, sources)
    beside = sum(rival.score for rival in choice.rivals if _denoted(rival.group.candidates[0], sources) == said)
    return min(max(choice.supported, choice.group.score + beside), 1.0)


def _as_given(old: Candidate, choice: Choice, sources: Sources) -> Candidate:
    """Return the value that was replaced as an article gave it before, when one was read."""
    said = _denoted(old, sources)
    given = (c for rival in choice.rivals for c in rival.group.candidates if _denoted(c, sources) == said)
    return min(given, key=lambda candidate: _day(candidate, sources), default=old)


def _holds_then(query: Query, revision: Revision, sources: Sources) -> bool:
    """Whether the new value is that of the days asked about: told by then, or put right since, not merely changed."""
    asked = query.window or query.subject
    if asked is None or asked.latest is None or _day(revision.new, sources) <= asked.latest:
        return True
    passage = revision.new.passage
    first, last = (at - passage.start for at in (revision.new.sentence_start, revision.new.sentence_end))
    return _PUTS_RIGHT.search(passage.text[first:last]) is not None


def _denoted(candidate: Candidate, sources: Sources) -> object:
    if candidate.time is not None:
        return candidate.time.earliest, candidate.time.latest
    article = sources.articles[candidate.passage.article_id]
    numbers = _NUMBERS.findall(article.text[candidate.start : candidate.end])
    words = keys(article.text[candidate.start : candidate.end])
    return tuple(numbers) or tuple(sorted(words & _NUMBER_KEYS)) or words


def _day(candidate: Candidate, sources: Sources) -> date:
    return sources.articles[candidate.passage.article_id].published_day or date.min
