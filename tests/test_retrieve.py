"""Candidates fused, copies folded."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Passage
from qa.query import understand
from qa.retrieve import RRF_K, Ranking, fold_copies, fuse, retrieve
from vectorstore.types import Filters, Hit, Origin

WIRE = (
    "The harbour authority said on Friday that the new ferry would sail "
    "from the north quay at dawn every day of the week."
)


def passage(article: str, text: str = "Some words.", start: int = 0) -> Passage:
    return Passage(f"{article}:{start}", article, start, start + len(text), text)


def ranking(*articles: str, origin: Origin = Origin.DENSE, weight: float = 1.0) -> Ranking:
    hits = [Hit(passage(article), 1.0 - rank / 10, origin) for rank, article in enumerate(articles)]
    return Ranking(tuple(hits), weight)


def test_a_passage_in_both_lists_counts_once_and_scores_the_sum_of_its_reciprocal_ranks() -> None:
    fused = fuse([ranking("a", "b"), ranking("b", "c", origin=Origin.LEXICAL)])
    assert [hit.passage.article_id for hit in fused] == ["b", "a", "c"]
    assert fused[0].score == pytest.approx(1 / (RRF_K + 2) + 1 / (RRF_K + 1))


def test_equal_scores_go_by_article_so_that_the_order_is_always_the_same() -> None:
    fused = fuse([ranking("b", "x"), ranking("a", "y", origin=Origin.LEXICAL)])
    assert [hit.passage.article_id for hit in fused] == ["a", "b", "x", "y"]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4))
def test_fusing_keeps_every_passage_exactly_once(lists: list[list[str]]) -> None:
    fused = fuse([ranking(*names) for names in lists])
    assert sorted(hit.passage.article_id for hit in fused) == sorted({name for names in lists for name in names})
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


def test_a_trimmed_wire_copy_is_folded_into_the_better_one_and_kept_beside_it() -> None:
    copy = WIRE.replace(" every day of the week", "")
    hits = [
        Hit(passage(name, text), 1.0, Origin.FUSED) for name, text in (("a", WIRE), ("b", copy), ("c", "Other news."))
    ]
    kept = fold_copies(hits, limit=5)
    assert [(item.hit.passage.article_id, [p.article_id for p in item.copies]) for item in kept] == [
        ("a", ["b"]),
        ("c", []),
    ]


def test_two_passages_of_one_article_are_never_folded() -> None:
    hits = [Hit(passage("a", WIRE, start), 1.0, Origin.FUSED) for start in (0, 200)]
    assert len(fold_copies(hits, limit=5)) == 2


class TwoLists:
    """An index whose lists are fixed and which remembers what it was asked."""

    def __init__(self) -> None:
        self.filters: list[Filters] = []

    def search_dense(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        self.filters.append(filters)
        return [[Hit(passage(name), 0.5, Origin.DENSE) for name in "abcdef"[:k]] for _ in texts]

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        self.filters.append(filters)
        return [[Hit(passage(name), 7.0, Origin.LEXICAL) for name in "fedcba"[:k]] for _ in texts]


def test_k_is_honoured_and_both_scores_are_kept() -> None:
    found = retrieve(TwoLists(), understand("Who won?", asked_on=date(2022, 1, 1)), 4)
    assert len(found) == 4
    assert all(item.dense == 0.5 and item.lexical == 7.0 for item in found)
    with pytest.raises(ValueError, match="k is 0"):
        retrieve(TwoLists(), understand("Who won?", asked_on=date(2022, 1, 1)), 0)


def test_filters_reach_every_search_and_a_named_source_never_widens_them() -> None:
    index = TwoLists()
    filters = Filters(published_from=date(2020, 1, 1), sources=frozenset({"The Age"}))
    query = understand(
        "What do Fortune and The Age say?", asked_on=date(2022, 1, 1), filters=filters, sources=["Fortune", "The Age"]
    )
    retrieve(index, query, 4)
    assert all(asked.published_from == date(2020, 1, 1) and asked.sources == {"The Age"} for asked in index.filters)
