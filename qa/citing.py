"""Citations: the sentence that holds a candidate, with when its event was."""

from __future__ import annotations

from datetime import date

from corpus.times import describe_interval
from qa.sources import Sources
from qa.told import event_of
from qa.types import Candidate, Citation


def cite(number: int, candidate: Candidate, sources: Sources, *, event: str | None = None) -> Citation:
    """Cite the sentence that holds a candidate; `event` says when it was, where that is known already."""
    article = sources.articles[candidate.passage.article_id]
    start, end = candidate.sentence_start, candidate.sentence_end
    if event is None:
        event = iso_days(event_of(candidate, article, sources.times.get(article.id, ())))
    return Citation(
        number=number,
        article_id=article.id,
        title=article.title,
        published=article.published.isoformat() if article.published else "",
        source=article.source,
        url=article.url,
        start=start,
        end=end,
        quote=article.text[start:end],
        also_in=sources.copies.get(candidate.passage.id, ()),
        event=event,
    )


def iso_days(days: tuple[date, date] | None) -> str:
    """Return days in ISO 8601: one day, an interval with a slash, or "" for none."""
    if days is None:
        return ""
    return days[0].isoformat() if days[0] == days[1] else f"{days[0]}/{days[1]}"


def event_words(iso: str) -> str:
    """Return an ISO 8601 day or interval `2019-11-01/2019-11-30` in words: `November 2019` where it is one month."""
    first, _, last = iso.partition("/")
    try:
        return describe_interval(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError:
        return iso.strip()
