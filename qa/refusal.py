"""What is said when the archive does not hold the answer: why, what it covers, and the nearest articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.composed import Composed
from qa.sources import Sources
from qa.terms import content_terms, keys, ordinal_key, ordinal_word
from qa.types import NearArticle, Ordering, Query, Retrieved, Status

NEAREST = 3  # articles named when refusing: enough to judge by, few enough to read
# "Before or after" says how two things are compared: that no article has the words is no reason to name.
_COMPARING = keys("before after earlier later sooner")
MAX_MISSING = 3  # words a refusal names as not found


def refuse(query: Query, retrieved: Sequence[Retrieved], sources: Sources, *, confidence: float) -> Composed:
    """Refuse: name the days that the archive covers, or what the nearest articles do not hold, and these articles."""
    nearest: dict[str, NearArticle] = {}
    for item in retrieved:
        article = sources.articles[item.hit.passage.article_id]
        published = article.published.isoformat() if article.published else ""
        nearest.setdefault(article.id, NearArticle(article.id, article.title, published, article.source))
    near = tuple(nearest.values())[:NEAREST]
    return Composed(Status.NOT_IN_CORPUS, confidence=confidence, nearest=near, reason=_reason(query, near, sources))


def _reason(query: Query, near: Sequence[NearArticle], sources: Sources) -> str:
    if outside := _outside(query, sources.covers):
        return outside
    if not near:
        return "Nothing in the archive fits the question" + (" and its filters." if not query.filters.empty else ".")
    if ordinal := _ordinal_missing(query, near, sources):
        return f"The archive does not hold the answer: the nearest articles tell of no {ordinal} one."
    missing = _missing(query, near, sources)
    found = f"the nearest articles do not mention {missing}" if missing else "the nearest articles do not say it"
    return f"The archive does not hold the answer: {found}."


def _outside(query: Query, covers: tuple[date, date] | None) -> str:
    """Return what to say when the days asked about are not those that the archive covers, else nothing."""
    asked = query.window or query.subject
    if asked is None or covers is None:
        return ""
    before = asked.latest is not None and asked.latest < covers[0]
    after = asked.earliest is not None and asked.earliest > covers[1]
    if not before and not after:
        return ""
    first, last = covers
    return f"The archive covers {first} to {last}, and the question asks about “{asked.words}”."


def _ordinal_missing(query: Query, near: Sequence[NearArticle], sources: Sources) -> str:
    """Return the ordinal that a question asks for when no article nearby has it."""
    if query.ordering is not Ordering.NTH or query.ordinal is None:
        return ""
    if ordinal_key(query.ordinal) in _held(near, sources):
        return ""
    return ordinal_word(query.ordinal)


def _held(near: Sequence[NearArticle], sources: Sources) -> frozenset[str]:
    return frozenset().union(
        *(
            keys(f"{sources.articles[article.article_id].title} {sources.articles[article.article_id].text}")
            for article in near
        )
    )


def _missing(query: Query, near: Sequence[NearArticle], sources: Sources) -> str:
    held = _held(near, sources)
    words = [
        query.standalone[term.start : term.end]
        for term in content_terms(query.standalone)
        if term.key not in held and term.key not in _COMPARING
    ]
    return ", ".join(f"“{word}”" for word in words[:MAX_MISSING])
