"""Articles, candidates and the choice between them in time, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corpus.sentences import sentence_spans
from corpus.times import find_times
from corpus.types import Article, Passage
from qa.admission import admit
from qa.agreement import merge_equal
from qa.chronology import Choice, in_time
from qa.compose import Composed, compose
from qa.query import understand
from qa.revisions import find_revisions, follow
from qa.sources import Sources
from qa.types import Candidate, Query, Retrieved
from vectorstore.types import Hit, Origin

ASKED = date(2025, 7, 1)
Scored = tuple[Article, str, float]


def article(name: str, text: str, day: date | None, *, source: str = "Harbour Wire") -> Article:
    return Article(name, name.replace("-", " ").title(), text, day, name, source=source)


def passage(item: Article) -> Passage:
    return Passage(f"{item.id}#0", item.id, 0, len(item.text), item.text)


def candidate(item: Article, words: str, score: float) -> Candidate:
    """Return the first place of some words in an article as a candidate, with the time that they name."""
    start = item.text.index(words)
    end = start + len(words)
    bounds = next((a, b) for a, b in sentence_spans(item.text) if a <= start < b)
    overlaps = (t for t in find_times(item.text, item.published_day) if t.start < end and start < t.end)
    time = next((t for t in overlaps if 2 * (t.end - t.start) >= end - start), None)
    return Candidate(passage(item), start, end, *bounds, score, time)


def retrieved(*items: Article) -> list[Retrieved]:
    return [Retrieved(Hit(passage(item), 1.0, Origin.FUSED)) for item in items]


def sources(*items: Article, covers: tuple[date, date] | None = None) -> Sources:
    times = {item.id: tuple(find_times(item.text, item.published_day)) for item in items}
    return Sources({item.id: item for item in items}, times, {}, covers)


def asking(question: str, asked_on: date = ASKED) -> Query:
    return understand(question, asked_on=asked_on)


def choose(question: str, *scored: Scored, asked_on: date = ASKED) -> Choice | None:
    """Return the choice between candidates, as `compose` makes it; None when none can be the answer."""
    items, query = list({id(item): item for item, _, _ in scored}.values()), asking(question, asked_on)
    read = sources(*items)
    groups = merge_equal(admit(query, candidates(scored), read.articles, read.times), read)
    if not groups:
        return None
    choice = in_time(query, groups, read.articles, read.times)
    return follow(query, choice, find_revisions(query, retrieved(*items), read), read)


def chosen(question: str, *scored: Scored, asked_on: date = ASKED) -> str:
    """Return the words chosen, "" for none."""
    choice = choose(question, *scored, asked_on=asked_on)
    if choice is None:
        return ""
    best = choice.group.candidates[0]
    return best.passage.text[best.start : best.end]


def candidates(scored: Sequence[Scored]) -> list[Candidate]:
    return [candidate(*each) for each in scored]


def answer(question: str, *scored: Scored, asked_on: date = ASKED, threshold: float = 0.3) -> Composed:
    """Return the answer composed out of candidates."""
    items = list({id(item): item for item, _, _ in scored}.values())
    query = asking(question, asked_on)
    return compose(query, candidates(scored), retrieved(*items), sources(*items), threshold=threshold)
