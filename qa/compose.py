"""An answer out of candidates: pick, merge repeats, cite, or refuse with the reason and the nearest articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.times import describe
from corpus.types import Anchor, Article, TimeExpression
from qa.chronology import in_time
from qa.terms import content_terms, keys
from qa.types import (
    Agreement,
    Alternative,
    AnswerKind,
    Candidate,
    Citation,
    NearArticle,
    Query,
    Retrieved,
    Sentence,
    Status,
    TimelineEntry,
)
from qa.verify import PUBLICATION_DATE, RESOLVED_DATE, unsupported

NEAREST = 3  # articles named when refusing: enough to judge by, few enough to read
MAX_SUPPORT = 3  # citations of one sentence: more is no more convincing
NEARLY = 0.75  # of the best score: below it, a plainer wording is not worth a weaker sentence
MAX_MISSING = 3  # words a refusal names as not found


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read, by article id; `copies` maps a passage's id to the articles that carry the same words."""

    articles: Mapping[str, Article]
    times: Mapping[str, Sequence[TimeExpression]]
    copies: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Composed:
    """The parts of an answer that depend on what was read."""

    status: Status
    short_answer: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    nearest: tuple[NearArticle, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()


def compose(
    query: Query,
    candidates: Sequence[Candidate],
    retrieved: Sequence[Retrieved],
    sources: Sources,
    *,
    threshold: float,
) -> Composed:
    """Answer with the best-supported candidate when it reaches `threshold`; else refuse.

    Each sentence is verified against what it cites, and one that fails is not said.
    """
    groups = merge_equal(candidates, sources)
    if not groups or groups[0].score < threshold:
        return refuse(query, retrieved, sources, confidence=1 - groups[0].score if groups else 1.0)
    chosen = in_time(query, groups, sources.articles)
    group = _plainest_first(chosen.candidates)
    best = group[0]
    citations = tuple(cite(number, candidate, sources) for number, candidate in enumerate(group[:MAX_SUPPORT], start=1))
    by_number = {citation.number: citation for citation in citations}
    sentences = tuple(
        sentence
        for sentence in _sentences(best, citations, sources)
        if not unsupported(sentence, by_number, sources.articles, sources.times)
    )
    if not sentences:
        return refuse(query, retrieved, sources, confidence=0.5)
    partial = query.kind is AnswerKind.DAY and best.time is None
    return Composed(
        status=Status.PARTIAL if partial else Status.ANSWERED,
        short_answer=short_answer(best, sources.articles[best.passage.article_id]),
        sentences=sentences,
        citations=citations,
        confidence=chosen.score,
    )


def merge_equal(candidates: Sequence[Candidate], sources: Sources) -> list[Agreement]:
    """Group candidates that denote the same answer, the best group first.

    Days are equal when they are the same interval, other answers when they have the same words. What several say adds
    up: each score is the chance that just that span is the one.
    """
    groups: dict[object, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.passage.article_id, c.start)):
        groups.setdefault(_denotes(candidate, sources), []).append(candidate)
    merged = [Agreement(_one_an_article(group), min(sum(c.score for c in group), 1.0)) for group in groups.values()]
    return sorted(merged, key=lambda group: -group.score)


def _one_an_article(group: Sequence[Candidate]) -> tuple[Candidate, ...]:
    kept: dict[str, Candidate] = {}
    for candidate in group:
        kept.setdefault(candidate.passage.article_id, candidate)
    return tuple(kept.values())


def _denotes(candidate: Candidate, sources: Sources) -> object:
    if candidate.time is not None:
        return candidate.time.earliest, candidate.time.latest
    article = sources.articles[candidate.passage.article_id]
    return tuple(sorted(keys(article.text[candidate.start : candidate.end])))


def _plainest_first(group: Sequence[Candidate]) -> list[Candidate]:
    """Put before the best candidate one that names the same day outright, when it is nearly as good.

    "on 30 November 2019" needs no explaining; "tomorrow" does.
    """

    def rank(candidate: Candidate) -> tuple[bool, float]:
        outright = candidate.time is not None and candidate.time.anchor is Anchor.ABSOLUTE
        return not (outright and candidate.score >= NEARLY * group[0].score), -candidate.score

    return sorted(group, key=rank)


def short_answer(candidate: Candidate, article: Article) -> str:
    """Return the answer in a few words: the span itself, or the days it means."""
    if candidate.time is not None:
        return describe(candidate.time)
    return " ".join(article.text[candidate.start : candidate.end].split())


def cite(number: int, candidate: Candidate, sources: Sources) -> Citation:
    """Cite the sentence that holds a candidate."""
    article = sources.articles[candidate.passage.article_id]
    start, end = candidate.sentence_start, candidate.sentence_end
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
    )


def _sentences(best: Candidate, citations: Sequence[Citation], sources: Sources) -> list[Sentence]:
    article = sources.articles[best.passage.article_id]
    every = tuple(citation.number for citation in citations)
    quoted = Sentence(" ".join(citations[0].quote.split()), every)
    if best.time is None:
        return [quoted]
    words = " ".join(article.text[best.time.start : best.time.end].split())
    said = describe(best.time)
    if said == words:
        return [quoted]
    day = article.published_day
    by = f"the article of {long_day(day)} says" if day else "the article says"
    lead = Sentence(f"{said}: {by} “{words}”.", every, (RESOLVED_DATE, PUBLICATION_DATE))
    return [lead, replace(quoted, citations=(1,))]


def long_day(day: date) -> str:
    """Return a day as `6 September 2022`."""
    return f"{day.day} {day:%B %Y}"


def refuse(query: Query, retrieved: Sequence[Retrieved], sources: Sources, *, confidence: float) -> Composed:
    """Refuse: name the words of the question that what was found does not hold, and the nearest articles."""
    nearest: dict[str, NearArticle] = {}
    for item in retrieved:
        article = sources.articles[item.hit.passage.article_id]
        published = article.published.isoformat() if article.published else ""
        nearest.setdefault(article.id, NearArticle(article.id, article.title, published, article.source))
    near = tuple(nearest.values())[:NEAREST]
    if not near:
        reason = "Nothing in the archive fits the question" + (" and its filters." if not query.filters.empty else ".")
        return Composed(Status.NOT_IN_CORPUS, confidence=confidence, reason=reason)
    missing = _missing(query, near, sources)
    found = f"the nearest articles do not mention {missing}" if missing else "the nearest articles do not say it"
    return Composed(
        Status.NOT_IN_CORPUS,
        confidence=confidence,
        nearest=near,
        reason=f"The archive does not hold the answer: {found}.",
    )


def _missing(query: Query, near: Sequence[NearArticle], sources: Sources) -> str:
    held = frozenset().union(
        *(
            keys(f"{sources.articles[article.article_id].title} {sources.articles[article.article_id].text}")
            for article in near
        )
    )
    words = [
        query.standalone[term.start : term.end] for term in content_terms(query.standalone) if term.key not in held
    ]
    return ", ".join(f"“{word}”" for word in words[:MAX_MISSING])
