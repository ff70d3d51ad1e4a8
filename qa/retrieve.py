"""Passages for a question: dense and lexical candidates, fused, with near-identical copies folded together."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from qa.also_called import with_other_names
from qa.orders import NOT_ORDER
from qa.terms import countries_of, keys, ordinal_key
from qa.types import Ordering, Query, Retrieved
from vectorstore.types import Filters, Hit, Origin
from vectorstore.vectors import Vectors

DENSE_SHARE = 0.3  # of a fused score, the rest being lexical: 0.2 to 0.5 did alike, equal ranks (RRF) did worse
NAMED_SOURCE = 0.2  # added for a source that the question names: "as the Courier reported"
NAMED_DAY = 0.1  # added for publication on a day that the question names, or the day after
# Added for the number asked for: "the second India-Japan 2+2" wants a passage that says "second", where others tell of
# the first in more of its words. Of 28 such development questions the first passage answered .39, and .57 with it.
NUMBERED = 0.15
# Added where an article names each of several countries asked about: of "the second India-Japan 2+2" the report of
# another country's second round with Japan has as many words.
OF_THESE_COUNTRIES = 0.1
# Passages found with less than this share of the best score are not worth a reader's time, past the first few: of 739
# development questions .714 were answered rightly with all ten read, and .719 without these, two in five of them.
WORTH_READING = 0.6
READ_AT_LEAST = 3
SAME_ARTICLE = 0.03  # taken off for each passage chosen before from the same article: evidence is often spread
DEPTH = 100  # candidates of each search; 50 found the same
NAMED_DEPTH = 30  # candidates of each search inside a named source or day
SHINGLE_WORDS = 5
COPY_OVERLAP = 0.7  # share of the shorter passage's shingles found in the other: a trimmed wire copy keeps more

_MONTHS = "|".join(calendar.month_name[1:])
_OF_A_MONTH = re.compile(  # "the 29th of May" is no 29th meeting
    rf"\b\d{{1,2}}(?:st|nd|rd|th) (?:{_MONTHS})\b|\b\w+ of (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)\b"
)
_WORD = re.compile(r"\w+")
_Shingles = frozenset[tuple[str, ...]]


class QuestionEmbedder(Protocol):
    """What retrieval needs of an embedder."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension)."""


class Index(Protocol):
    """What retrieval needs of a store: both searches, each with its filters applied before the search."""

    @property
    def embedder(self) -> QuestionEmbedder:
        """What turns a question into a vector."""

    def search_vectors(self, vectors: Vectors, k: int, filters: Filters) -> list[list[Hit]]:
        """Return the k nearest passages by meaning for each vector, best first."""

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        """Return the k best passages by words for each text, best first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits of one search, best first, and what is added to each passage in it for being found there."""

    hits: tuple[Hit, ...]
    bonus: float = 0.0


def retrieve(index: Index, query: Query, k: int) -> list[Retrieved]:
    """Return at most `k` passages for `query`, best first; wire copies are folded into the best of them."""
    if k < 1:
        raise ValueError(f"k is {k}: at least one passage must be asked for")
    rankings = list(_searches(index, query))
    dense, lexical = (_scores(rankings, origin) for origin in (Origin.DENSE, Origin.LEXICAL))
    signs = [(NUMBERED, _numbered(query, rankings)), (OF_THESE_COUNTRIES, _of_these_countries(query, rankings))]
    added = bonuses(rankings, signs)
    chosen = spread(fold_copies(fuse(rankings, added), limit=max(2 * k, DEPTH)), k)
    return [
        replace(item, dense=dense.get(key), lexical=lexical.get(key), named=added.get(key, 0.0))
        for item in chosen
        for key in (item.hit.passage.id,)
    ]


def worth_reading(found: Sequence[Retrieved]) -> list[Retrieved]:
    """Return the passages, given best first, whose scores come near enough to the best that an answer may be there."""
    least = WORTH_READING * found[0].hit.score if found else 0.0
    return [item for place, item in enumerate(found) if place < READ_AT_LEAST or item.hit.score >= least]


def _searches(index: Index, query: Query) -> Iterator[Ranking]:
    """Search as asked, and once more inside each source and day that the question names: it wants evidence of each."""
    vectors = index.embedder.embed_queries([query.standalone])
    words = with_other_names(query.standalone)
    for depth, bonus, filters in [(DEPTH, 0.0, query.filters), *_named(query)]:
        yield Ranking(tuple(index.search_vectors(vectors, depth, filters)[0]), bonus)
        yield Ranking(tuple(index.search_lexical([words], depth, filters)[0]), bonus)


def _named(query: Query) -> Iterator[tuple[int, float, Filters]]:
    allowed = {name.casefold() for name in query.filters.sources}
    for source in query.sources_named:
        if not allowed or source.casefold() in allowed:
            yield NAMED_DEPTH, NAMED_SOURCE, replace(query.filters, sources=frozenset({source}))
    first, last = query.filters.published_from, query.filters.published_to
    for day in query.days_named:
        earliest, latest = max(day, first or day), min(day + timedelta(days=1), last or day + timedelta(days=1))
        if earliest <= latest:
            yield NAMED_DEPTH, NAMED_DAY, replace(query.filters, published_from=earliest, published_to=latest)


def _scores(rankings: Iterable[Ranking], origin: Origin) -> dict[str, float]:
    return {hit.passage.id: hit.score for ranking in rankings for hit in ranking.hits if hit.origin is origin}


def bonuses(rankings: Sequence[Ranking], signs: Iterable[tuple[float, Collection[str]]] = ()) -> dict[str, float]:
    """Return what each passage has added to it for a search of its own that found it, and for `signs`: each once."""
    added: dict[str, float] = {}
    for bonus, found in signs:
        for key in found:
            added[key] = added.get(key, 0.0) + bonus
    for bonus in sorted({ranking.bonus for ranking in rankings if ranking.bonus}):
        for key in {hit.passage.id for ranking in rankings if ranking.bonus == bonus for hit in ranking.hits}:
            added[key] = added.get(key, 0.0) + bonus
    return added


def _numbered(query: Query, rankings: Sequence[Ranking]) -> set[str]:
    """Return the ids of the passages that say the number of the event asked for."""
    if query.ordering is not Ordering.NTH or query.ordinal is None:
        return set()
    number = ordinal_key(query.ordinal)
    found = {hit.passage.id: hit.passage.text for ranking in rankings for hit in ranking.hits}
    return {
        key
        for key, text in found.items()
        if number in keys(text) and number in keys(_OF_A_MONTH.sub(" ", NOT_ORDER.sub(" ", text)))
    }


def _of_these_countries(query: Query, rankings: Sequence[Ranking]) -> set[str]:
    """Return the ids of the passages whose article, by what was found of it, names all of several countries asked."""
    asked = countries_of(query.standalone)
    if len(asked) < 2:
        return set()
    found = {hit.passage.id: hit.passage for ranking in rankings for hit in ranking.hits}
    named: dict[str, frozenset[str]] = {}
    for passage in found.values():
        named[passage.article_id] = named.get(passage.article_id, frozenset()) | (countries_of(passage.text) & asked)
    return {key for key, passage in found.items() if named[passage.article_id] == asked}


def fuse(rankings: Sequence[Ranking], added: Mapping[str, float] | None = None) -> list[Hit]:
    """Return every passage once, scored by the weighted sum of its scores, best first; ties go by article and place.

    Each origin's scores are divided by its best (a convex combination with the theoretical minimum 0: Bruch, Gai and
    Ingber 2023). A passage that a search did not return scores there as the last one that it did. `added` has,
    by passage id, what is added to it: see `bonuses`.
    """
    passages = {hit.passage.id: hit.passage for ranking in rankings for hit in ranking.hits}
    totals = dict.fromkeys(passages, 0.0)
    for origin, share in ((Origin.DENSE, DENSE_SHARE), (Origin.LEXICAL, 1 - DENSE_SHARE)):
        scores = _scores(rankings, origin)
        best = max(scores.values(), default=0.0)
        if best <= 0:
            continue
        whole = next((r.hits for r in rankings if r.hits and r.hits[0].origin is origin), ())
        floor = whole[-1].score if whole else 0.0
        for key in totals:
            totals[key] += share * max(scores.get(key, floor), 0.0) / best
    for key, bonus in (added or {}).items():
        totals[key] += bonus
    fused = [Hit(passage, totals[key], Origin.FUSED) for key, passage in passages.items()]
    return sorted(fused, key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.start))


def spread(items: Sequence[Retrieved], k: int) -> list[Retrieved]:
    """Choose `k` greedily, each passage giving way by `SAME_ARTICLE` for every one of its article chosen before."""
    left = list(items)
    chosen: list[Retrieved] = []
    taken: Counter[str] = Counter()
    while left and len(chosen) < k:
        best = max(left, key=lambda item: item.hit.score - SAME_ARTICLE * taken[item.hit.passage.article_id])
        left.remove(best)
        score = best.hit.score - SAME_ARTICLE * taken[best.hit.passage.article_id]
        chosen.append(replace(best, hit=replace(best.hit, score=score)))
        taken[best.hit.passage.article_id] += 1
    return chosen


def fold_copies(hits: Sequence[Hit], *, limit: int) -> list[Retrieved]:
    """Return the first `limit` passages that differ; each carries the near-identical ones of other articles."""
    kept: list[Retrieved] = []
    sizes: list[int] = []
    owners: dict[tuple[str, ...], int] = {}  # which passage kept first had each shingle
    for hit in hits:
        own = _shingles(hit.passage.text)
        shared = Counter(owners[shingle] for shingle in own if shingle in owners)
        twin, count = shared.most_common(1)[0] if shared else (0, 0)
        if count and count >= COPY_OVERLAP * min(len(own), sizes[twin]) and _elsewhere(kept[twin], hit):
            kept[twin] = replace(kept[twin], copies=(*kept[twin].copies, hit.passage))
        elif len(kept) < limit:
            for shingle in own:
                owners.setdefault(shingle, len(kept))
            kept.append(Retrieved(hit))
            sizes.append(len(own))
        else:
            break
    return kept


def _elsewhere(item: Retrieved, hit: Hit) -> bool:
    return item.hit.passage.article_id != hit.passage.article_id


def _shingles(text: str) -> _Shingles:
    """Return the runs of five words of a text (Broder 1997), by which copies are told from neighbours."""
    words = _WORD.findall(text.casefold())
    return frozenset(zip(*(words[i:] for i in range(SHINGLE_WORDS)), strict=False))
