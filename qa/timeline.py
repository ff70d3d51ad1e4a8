"""What happened, in order of time: a dated line for each sentence on the subject, each cited, none told twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.sentences import sentence_spans
from corpus.times import describe_interval
from corpus.types import Granularity, TimeExpression
from qa.citing import cite, iso_days
from qa.composed import Composed
from qa.sources import Sources
from qa.terms import content_terms, keys
from qa.told import nearest_time
from qa.types import Candidate, Query, Retrieved, Sentence, Status, TimelineEntry, Window

MOST_LINES = 20
LEAST_SHARED = 0.5  # of the question's words of meaning, in a sentence, its article's title or the sentence before
TOLD_ALREADY = 0.5  # of a line's words of meaning, in another line of the same days
FINE = frozenset({Granularity.DAY, Granularity.RANGE, Granularity.WEEK, Granularity.MONTH})
_ASKING = keys("timeline chronology events happened happen between from since until what list give show course history")


@dataclass(frozen=True, slots=True)
class _Line:
    candidate: Candidate
    days: tuple[date, date]
    words: frozenset[str]


def compose_timeline(query: Query, retrieved: Sequence[Retrieved], sources: Sources) -> Composed | None:
    """Return a timeline of what the passages tell, None when they tell of nothing in the days asked about."""
    lines = _distinct(sorted(_lines(query, retrieved, sources), key=lambda line: (line.days, -line.candidate.score)))
    best = sorted(lines, key=lambda line: -line.candidate.score)[:MOST_LINES]
    chosen = [line for line in lines if line in best]
    if not chosen:
        return None
    citations = tuple(
        cite(number, line.candidate, sources, event=iso_days(line.days)) for number, line in enumerate(chosen, start=1)
    )
    entries = tuple(
        TimelineEntry(citation.event, " ".join(citation.quote.split()), (citation.number,)) for citation in citations
    )
    return Composed(
        status=Status.ANSWERED,
        short_answer=describe_interval(chosen[0].days[0], max(line.days[1] for line in chosen)),
        sentences=tuple(Sentence(entry.text, entry.citations) for entry in entries),
        citations=citations,
        confidence=sum(line.candidate.score for line in chosen) / len(chosen),
        notes=(f"{len(entries)} dated lines out of {len({c.article_id for c in citations})} articles.",),
        timeline=entries,
    )


def _lines(query: Query, retrieved: Sequence[Retrieved], sources: Sources) -> Iterator[_Line]:
    """Yield each sentence on the subject that names the days of its event; its score is how much of it is on it."""
    subject = {term.key for term in content_terms(query.standalone)} - _ASKING - _dated_words(query)
    for item in retrieved:
        passage = item.hit.passage
        article = sources.articles[passage.article_id]
        if article.published_day is not None and article.published_day > query.asked_on:
            continue
        known = sources.times.get(article.id, ())
        title = keys(article.title)
        before: frozenset[str] = frozenset()
        for start, end in sentence_spans(passage.text):
            sentence = passage.text[start:end]
            first, last = passage.start + start, passage.start + end
            own = keys(sentence)
            share = len(subject & (own | title | before)) / len(subject) if subject else 1.0
            before = own
            time = _event(first, last, article.text, known)
            days = (time.earliest, time.latest) if time else None
            if days and share >= LEAST_SHARED and _inside(query.window or query.subject, days):
                candidate = Candidate(passage, first, last, first, last, share, None)
                yield _Line(candidate, days, frozenset(term.key for term in content_terms(sentence)))


def _dated_words(query: Query) -> set[str]:
    asked = query.window or query.subject
    return set(keys(asked.words)) if asked else set()


def _event(first: int, last: int, text: str, times: Sequence[TimeExpression]) -> TimeExpression | None:
    fine = [time for time in times if time.granularity in FINE]
    return nearest_time(first, first, last, text, fine)


def _inside(window: Window | None, days: tuple[date, date]) -> bool:
    if window is None:
        return True
    return (window.earliest is None or days[0] >= window.earliest) and (
        window.latest is None or days[1] <= window.latest
    )


def _distinct(lines: Sequence[_Line]) -> list[_Line]:
    """Leave out a line whose days, or days within them, another tells in much the same words."""
    kept: list[_Line] = []
    for line in lines:
        twin = next((other for other in kept if _same(line, other)), None)
        if twin is None:
            kept.append(line)
        elif line.candidate.score > twin.candidate.score and line.days == twin.days:
            kept[kept.index(twin)] = line
    return kept


def _same(line: _Line, other: _Line) -> bool:
    if line.days[0] > other.days[1] or other.days[0] > line.days[1]:
        return False
    shared = len(line.words & other.words)
    return shared >= TOLD_ALREADY * max(min(len(line.words), len(other.words)), 1)
