"""Candidates fused, copies folded."""

from collections.abc import Sequence
from datetime import date

import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Passage
from qa.query import understand
from qa.retrieve import DENSE_SHARE, Ranking, bonuses, fold_copies, fuse, retrieve, spread, worth_reading
from qa.types import Retrieved
from vectorstore.types import Filters, Hit, Origin
from vectorstore.vectors import Vectors

WIRE = (
    "The harbour authority said on Friday that the new ferry would sail "
    "from the north quay at dawn every day of the week."
)


def passage(article: str, text: str = "Some words.", start: int = 0) -> Passage:
    return Passage(f"{article}:{start}", article, start, start + len(text), text)


def ranking(*scores: tuple[str, float], origin: Origin = Origin.DENSE, bonus: float = 0.0) -> Ranking:
    return Ranking(tuple(Hit(passage(article), score, origin) for article, score in scores), bonus)


def test_a_passage_in_both_lists_counts_once_and_scores_the_weighted_sum_of_its_shares_of_the_best() -> None:
    fused = fuse([ranking(("a", 0.8), ("b", 0.4)), ranking(("b", 20.0), ("c", 10.0), origin=Origin.LEXICAL)])
    scores = {hit.passage.article_id: hit.score for hit in fused}
    assert list(scores) == ["b", "a", "c"]
    assert scores["b"] == pytest.approx(DENSE_SHARE * 0.5 + (1 - DENSE_SHARE))
    assert scores["a"] == pytest.approx(DENSE_SHARE + (1 - DENSE_SHARE) * 0.5), "absent words score as the last found"


def test_equal_scores_go_by_article_so_that_the_order_is_always_the_same() -> None:
    fused = fuse([ranking(("b", 1.0), ("a", 1.0)), ranking(("a", 1.0), ("b", 1.0), origin=Origin.LEXICAL)])
    assert [hit.passage.article_id for hit in fused] == ["a", "b"]


def test_a_bonus_is_added_once_however_many_searches_earn_it() -> None:
    named = [ranking(("b", 0.5), bonus=0.2), ranking(("b", 1.0), origin=Origin.LEXICAL, bonus=0.2)]
    plain = [ranking(("a", 1.0), ("b", 0.5)), ranking(("a", 2.0), ("b", 1.0), origin=Origin.LEXICAL)]
    without, with_bonus = ({h.passage.article_id: h.score for h in fuse(r, bonuses(r))} for r in (plain, plain + named))
    assert with_bonus["b"] == pytest.approx(without["b"] + 0.2)
    assert with_bonus["a"] == without["a"]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4))
def test_fusing_keeps_every_passage_exactly_once(lists: list[list[str]]) -> None:
    fused = fuse([ranking(*((name, 1.0) for name in names)) for names in lists])
    assert sorted(hit.passage.article_id for hit in fused) == sorted({name for names in lists for name in names})
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


def test_a_second_passage_of_one_article_gives_way_to_a_near_equal_of_another() -> None:
    hits = [Hit(passage("a"), 0.90, Origin.FUSED), Hit(passage("a", start=50), 0.89, Origin.FUSED)]
    items = [Retrieved(hit) for hit in [*hits, Hit(passage("b"), 0.87, Origin.FUSED)]]
    assert [item.hit.passage.id for item in spread(items, 3)] == ["a:0", "b:0", "a:50"]


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

    embedder = FakeEmbedder()

    def __init__(self) -> None:
        self.filters: list[Filters] = []

    def search_vectors(self, vectors: Vectors, k: int, filters: Filters) -> list[list[Hit]]:
        self.filters.append(filters)
        return [[Hit(passage(name), 0.5, Origin.DENSE) for name in "abcdef"[:k]] for _ in vectors]

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        self.filters.append(filters)
        return [[Hit(passage(name), 7.0, Origin.LEXICAL) for name in "fedcba"[:k]] for _ in texts]


def test_k_is_honoured_and_both_scores_are_kept() -> None:
    found = retrieve(TwoLists(), understand("Who won?", asked_on=date(2022, 1, 1)), 4)
    assert len(found) == 4
    assert all(item.dense == 0.5 and item.lexical == 7.0 for item in found)
    with pytest.raises(ValueError, match="k is 0"):
        retrieve(TwoLists(), understand("Who won?", asked_on=date(2022, 1, 1)), 0)


class Rounds(TwoLists):
    """An index of four rounds of talks, all alike but for their number; the first is found first."""

    def search_vectors(self, vectors: Vectors, k: int, filters: Filters) -> list[list[Hit]]:
        return [[Hit(item, 0.9 - place / 50, Origin.DENSE) for place, item in enumerate(self._rounds)]] * len(vectors)

    def search_lexical(self, texts: Sequence[str], k: int, filters: Filters) -> list[list[Hit]]:
        return [[Hit(item, 9 - place / 5, Origin.LEXICAL) for place, item in enumerate(self._rounds)]] * len(texts)

    _rounds = tuple(
        passage(word, f"The {word} round of the talks was held in {town}.")
        for word, town in (("first", "Oslo"), ("2nd", "Quito"), ("third", "Rabat"), ("fourth", "Perth"))
    )


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Where was the third round?", "third"),
        ("Where was the second round?", "2nd"),
        ("Where was the first round?", "first"),
        ("Where was the ninth round?", "first"),
    ],
)
def test_a_passage_that_says_the_number_asked_for_comes_before_its_like(question: str, best: str) -> None:
    found = retrieve(Rounds(), understand(question, asked_on=date(2022, 1, 1)), 4)
    assert found[0].hit.passage.article_id == best


class Pairs(Rounds):
    """Second rounds of three pairs of countries; the second passage of an article names neither of its pair."""

    _rounds = (
        passage("japan-britain", "The second round of Japan and Britain was held in Rabat."),
        passage("japan-chile", "The second round of Japan and Chile was held in Perth."),
        Passage("japan-india#60", "japan-india", 60, 89, "The second was held in Quito."),
        passage("japan-india", "Japanese and Indian ministers met."),
    )


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Where was the second round of India and Japan?", "japan-india"),
        ("Where was the second Japan-Chile round?", "japan-chile"),
        ("Where was the second round of Japan?", "japan-britain"),
    ],
)
def test_an_article_that_names_all_the_countries_asked_about_comes_before_its_like(question: str, best: str) -> None:
    found = retrieve(Pairs(), understand(question, asked_on=date(2023, 1, 1)), 4)
    assert found[0].hit.passage.article_id == best


class OtherNumbers(Rounds):
    """Talks whose first three passages have the word or the number of something else than a round."""

    _rounds = tuple(
        passage(name, text)
        for name, text in (
            ("day", "The round of the talks was held on the 2nd of May in Oslo."),
            ("month", "The round of the talks was held on May 2nd in Quito."),
            ("half", "The round of the talks was held in the second half of June in Perth."),
            ("round", "The second round of the talks was held in Rabat."),
        )
    )


def test_a_day_of_a_month_and_a_second_half_say_no_number_that_is_asked_for() -> None:
    found = retrieve(OtherNumbers(), understand("Where was the second round?", asked_on=date(2022, 1, 1)), 4)
    assert found[0].hit.passage.article_id == "round"
    assert [item.named for item in found if item.hit.passage.article_id != "round"] == [0.0, 0.0, 0.0]


def test_a_named_day_is_searched_by_itself_inside_the_users_own_days() -> None:
    index = TwoLists()
    filters = Filters(published_to=date(2023, 11, 1))
    query = understand("What did the report of November 1, 2023 say?", asked_on=date(2024, 1, 1), filters=filters)
    retrieve(index, query, 4)
    assert {(f.published_from, f.published_to) for f in index.filters} == {
        (None, date(2023, 11, 1)),
        (date(2023, 11, 1), date(2023, 11, 1)),
    }


def test_filters_reach_every_search_and_a_named_source_never_widens_them() -> None:
    index = TwoLists()
    filters = Filters(published_from=date(2020, 1, 1), sources=frozenset({"The Age"}))
    query = understand(
        "What do Fortune and The Age say?", asked_on=date(2022, 1, 1), filters=filters, sources=["Fortune", "The Age"]
    )
    retrieve(index, query, 4)
    assert all(asked.published_from == date(2020, 1, 1) and asked.sources == {"The Age"} for asked in index.filters)


@pytest.mark.parametrize(
    ("scores", "read"),
    [
        ([1.0, 0.9, 0.61, 0.6, 0.59, 0.2], 4),
        ([1.0, 0.1, 0.1, 0.1], 3),
        ([0.5, 0.4, 0.35, 0.3], 4),
        ([1.0], 1),
        ([], 0),
    ],
)
def test_the_first_passages_and_those_near_the_best_are_worth_reading(scores: list[float], read: int) -> None:
    found = [Retrieved(Hit(passage(f"a{n}", "It rained."), score, Origin.FUSED)) for n, score in enumerate(scores)]
    assert worth_reading(found) == found[:read]
