"""Passages for a question: dense and lexical candidates, fused, with near-identical copies folded together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.types import Passage
from qa.terms import find_terms
from qa.types import Query, Retrieved
from vectorstore.types import Filters, Hit, Origin

RRF_K = 60  # Cormack, Clarke and Büttcher 2009: results are flat from 20 to 100
DEPTH = 100  # candidates from each list; past that a fused rank cannot reach the first twenty
SOURCE_DEPTH = 30  # candidates from each source that the question names
SHINGLE_WORDS = 5
COPY_OVERLAP = 0.7  # share of the shorter passage's shingles found in the other: a trimmed wire copy keeps more


_Shingles = frozenset[tuple[str, ...]]


class Index(Protocol):
    """What retrieval needs of a store: both searches, each with its filters applied before the search."""

    def search_dense(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        """Return the k nearest passages by meaning for each text, best first."""

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        """Return the k best passages by words for each text, best first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One list of hits, best first, and how much its ranks count when lists are fused."""

    hits: tuple[Hit, ...]
    weight: float


def retrieve(index: Index, query: Query, k: int) -> list[Retrieved]:
    """Return at most `k` passages for `query`, best first; wire copies are folded into the best of them."""
    if k < 1:
        raise ValueError(f"k is {k}: at least one passage must be asked for")
    rankings = _rankings(index, query)
    dense, lexical = (
        {hit.passage.id: hit.score for ranking in rankings for hit in ranking.hits if hit.origin is origin}
        for origin in (Origin.DENSE, Origin.LEXICAL)
    )
    return [
        replace(item, dense=dense.get(item.hit.passage.id), lexical=lexical.get(item.hit.passage.id))
        for item in fold_copies(fuse(rankings), limit=k)
    ]


def _rankings(index: Index, query: Query) -> list[Ranking]:
    """Search as asked; and once more inside each source the question names, since such a question wants them all."""
    text = query.standalone
    rankings = [
        Ranking(tuple(index.search_dense([text], DEPTH, query.filters)[0]), 1.0),
        Ranking(tuple(index.search_lexical([text], DEPTH, query.filters)[0]), 1.0),
    ]
    for source in query.sources_named:
        if query.filters.sources and source.casefold() not in {name.casefold() for name in query.filters.sources}:
            continue
        inside = replace(query.filters, sources=frozenset({source}))
        rankings.append(Ranking(tuple(index.search_dense([text], SOURCE_DEPTH, inside)[0]), 1.0))
        rankings.append(Ranking(tuple(index.search_lexical([text], SOURCE_DEPTH, inside)[0]), 1.0))
    return rankings


def fuse(rankings: Iterable[Ranking]) -> list[Hit]:
    """Return every passage once, scored by weighted reciprocal rank (RRF), best first; ties go by article and place."""
    scores: dict[str, float] = {}
    passages: dict[str, Passage] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking.hits, start=1):
            passages[hit.passage.id] = hit.passage
            scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + ranking.weight / (RRF_K + rank)
    fused = [Hit(passages[key], score, Origin.FUSED) for key, score in scores.items()]
    return sorted(fused, key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))


def fold_copies(hits: Sequence[Hit], *, limit: int) -> list[Retrieved]:
    """Return the first `limit` passages that differ; each carries the near-identical ones of other articles."""
    kept: list[Retrieved] = []
    shingles: list[_Shingles] = []
    for hit in hits:
        own = _shingles(hit.passage.text)
        twin = next((i for i, seen in enumerate(shingles) if _copies(kept[i], hit.passage, seen, own)), None)
        if twin is not None:
            kept[twin] = replace(kept[twin], copies=(*kept[twin].copies, hit.passage))
        elif len(kept) < limit:
            kept.append(Retrieved(hit))
            shingles.append(own)
        else:
            break
    return kept


def _copies(item: Retrieved, passage: Passage, seen: _Shingles, own: _Shingles) -> bool:
    if item.hit.passage.article_id == passage.article_id or not own or not seen:
        return False
    return len(own & seen) >= COPY_OVERLAP * min(len(own), len(seen))


def _shingles(text: str) -> _Shingles:
    """Return the runs of five words of a text (Broder 1997), by which copies are told from neighbours."""
    words = [term.key for term in find_terms(text)]
    return frozenset(tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1))
