"""An answer out of candidates: admit, merge repeats, choose in time, cite, or refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from corpus.times import describe, describe_day
from corpus.types import Anchor, Article
from qa.admission import admit
from qa.agreement import merge_equal
from qa.chronology import Choice, in_time
from qa.citing import cite
from qa.composed import Composed
from qa.kinds import FIGURES
from qa.refusal import refuse
from qa.revisions import find_revisions, follow
from qa.sources import Sources
from qa.timeline import compose_timeline
from qa.together import asks_for_several, names_alone
from qa.types import (
    Alternative,
    AnswerKind,
    Candidate,
    Citation,
    Ordering,
    Query,
    Retrieved,
    Sentence,
    Status,
)
from qa.verify import PUBLICATION_DATE, RESOLVED_DATE, unsupported

__all__ = ["Composed", "Sources", "compose", "merge_equal", "short_answer"]

MAX_SUPPORT = 3  # citations of one sentence: more is no more convincing
MAX_ALTERNATIVES = 2  # rivals shown beside an answer
NEARLY = 0.75  # of the best score: below it, a plainer wording is not worth a weaker sentence
DISAGREES = 0.35  # of the answer's score: a figure less likely than that is no other account of the same thing


def compose(
    query: Query,
    candidates: Sequence[Candidate],
    retrieved: Sequence[Retrieved],
    sources: Sources,
    *,
    threshold: float,
    time: bool = True,
) -> Composed:
    """Answer with the best-supported candidate when it reaches `threshold`; else refuse.

    Each sentence is verified against what it cites, and one that fails is not said. Without `time`, for measuring what
    it is worth, no candidate is ruled out or preferred for its days.
    """
    if time and query.kind is AnswerKind.TIMELINE and (told := compose_timeline(query, retrieved, sources)):
        return told
    able = admit(query, candidates, sources.articles, sources.times) if time else candidates
    groups = merge_equal(able, sources)
    nothing = none_is_right(candidates)
    if not groups:
        return refuse(query, retrieved, sources, confidence=nothing)
    choice = (
        in_time(query, groups, sources.articles, sources.times) if time else Choice(groups[0], (), "", groups[0].score)
    )
    if time:
        choice = follow(query, choice, find_revisions(query, retrieved, sources), sources)
    if choice.supported < threshold:
        return refuse(query, retrieved, sources, confidence=nothing)
    return _answer(query, choice, sources) or refuse(query, retrieved, sources, confidence=nothing)


def none_is_right(candidates: Iterable[Candidate]) -> float:
    """Return the chance that none of some candidates is the answer; each score is the chance that just that one is.

    Candidates that were ruled out count: what makes a refusal doubtful is that the reader saw an answer somewhere.
    """
    return max(0.0, 1.0 - sum(candidate.score for candidate in candidates))


def _answer(query: Query, choice: Choice, sources: Sources) -> Composed | None:
    """Return the answer chosen, cited, or None when no sentence of it stands the check."""
    group = _plainest_first(choice.group.candidates)
    best = group[0]
    own = [cite(number, candidate, sources) for number, candidate in enumerate(group[:MAX_SUPPORT], start=1)]
    alternatives, others = _alternatives(query, choice, sources, first=len(own) + 1)
    citations = (*own, *others)
    by_number = {citation.number: citation for citation in citations}
    said = [*_revised(choice, own, others, sources), *_sentences(best, own, sources)]
    sentences = tuple(
        sentence for sentence in said if not unsupported(sentence, by_number, sources.articles, sources.times)
    )
    if not sentences:
        return None
    partial = query.kind is AnswerKind.DAY and best.time is None
    return Composed(
        status=Status.PARTIAL if partial else Status.ANSWERED,
        short_answer=answer_to(query, best, sources.articles[best.passage.article_id]),
        sentences=sentences,
        citations=citations,
        confidence=choice.supported,
        notes=(choice.note,) if choice.note else (),
        alternatives=alternatives,
    )


def _alternatives(
    query: Query, choice: Choice, sources: Sources, *, first: int
) -> tuple[tuple[Alternative, ...], list[Citation]]:
    """Return the value that was put right, and another source's figure of the same days, with their citations."""
    shown: list[tuple[Candidate, float, str]] = []
    day = _day(choice.group.candidates[0], sources)
    if choice.replaced is not None:
        given = _day(choice.replaced, sources)
        note = "given at first" if query.ordering is not Ordering.ORIGINAL else "given later"
        shown.append((choice.replaced, 0.0, f"{note}, in the article of {describe_day(given)}" if given else note))
    source = sources.articles[choice.group.candidates[0].passage.article_id].source
    for rival in choice.rivals:
        candidate = rival.group.candidates[0]
        article = sources.articles[candidate.passage.article_id]
        same_days = (
            day is not None and article.published_day is not None and abs((article.published_day - day).days) <= 1
        )
        figure = query.kind in FIGURES and rival.score >= DISAGREES * choice.group.score
        if figure and same_days and article.source != source and not rival.told.replaced:
            shown.append(
                (candidate, rival.score, f"{article.source or 'another article'} has this figure of the same days")
            )
    citations = [cite(number, each[0], sources) for number, each in enumerate(shown[:MAX_ALTERNATIVES], start=first)]
    return tuple(
        Alternative(
            short_answer(candidate, sources.articles[candidate.passage.article_id]), (citation.number,), score, note
        )
        for (candidate, score, note), citation in zip(shown, citations, strict=False)
    ), citations


def _day(candidate: Candidate, sources: Sources) -> date | None:
    return sources.articles[candidate.passage.article_id].published_day


def _revised(choice: Choice, own: Sequence[Citation], others: Sequence[Citation], sources: Sources) -> list[Sentence]:
    """Say what an answer was revised from, and when: "12,400: revised on 4 May 2021 from 9,800." """
    best, old = choice.group.candidates[0], choice.replaced
    day = _day(best, sources)
    if old is None or day is None or not choice.revised:
        return []
    new, before = (short_answer(each, sources.articles[each.passage.article_id]) for each in (best, old))
    cited = (own[0].number, *(citation.number for citation in others[:1]))
    rules = (PUBLICATION_DATE, RESOLVED_DATE) if best.time else (PUBLICATION_DATE,)
    return [Sentence(f"{new}: revised on {describe_day(day)} from {before}.", cited, rules)]


def _plainest_first(group: Sequence[Candidate]) -> list[Candidate]:
    """Put before the best candidate one that names the same day outright, when it is nearly as good.

    "on 30 November 2019" needs no explaining; "tomorrow" does.
    """

    def rank(candidate: Candidate) -> tuple[bool, float]:
        outright = candidate.time is not None and candidate.time.anchor is Anchor.ABSOLUTE
        return not (outright and candidate.score >= NEARLY * group[0].score), -candidate.score

    return sorted(group, key=rank)


def answer_to(query: Query, candidate: Candidate, article: Article) -> str:
    """Return a candidate as the short answer to a question: of several people, their names alone."""
    short = short_answer(candidate, article)
    return names_alone(short) if query.kind is AnswerKind.PERSON and asks_for_several(query) else short


def short_answer(candidate: Candidate, article: Article) -> str:
    """Return the answer in a few words: the span itself, or the days it means."""
    if candidate.time is not None:
        return describe(candidate.time)
    return " ".join(article.text[candidate.start : candidate.end].split())


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
    by = f"the article of {describe_day(day)} says" if day else "the article says"
    lead = Sentence(f"{said}: {by} “{words}”.", every, (RESOLVED_DATE, PUBLICATION_DATE))
    return [lead, replace(quoted, citations=(1,))]
