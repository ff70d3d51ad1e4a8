"""Ranks of evidence, with scores worked out by hand."""

from math import log2

import pytest
from evaluation_fakes import TEXTS, place
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.given import Place
from qa.evaluation.retrieval import Ranked, rank_evidence, score_ranks
from qa.questions import Evidence

KROHN = place("talks", "Defence Minister Ida Krohn leads the delegation.")
FIRST_ROUND = place("talks", "The first round was held on 30 November 2019.")
PIER = place("bridge", "its third pier had sunk by nine centimetres")
MAYOR = place("bridge", "Mayor Penn said so on Monday.")


def test_a_quote_is_found_by_the_first_passage_that_contains_it_blanks_ignored() -> None:
    evidence = [Evidence("talks", "held on\n30  November 2019"), Evidence("bridge", "third pier")]
    ranked = rank_evidence(evidence, [KROHN, FIRST_ROUND, MAYOR, PIER, PIER], TEXTS)
    assert ranked == Ranked(found_at=(2, 4), relevant=(2, 4))
    assert [ranked.recall(k) for k in (1, 2, 3, 4)] == [0.0, 0.5, 0.5, 1.0]


def test_evidence_without_a_quote_is_found_by_any_passage_of_its_article() -> None:
    assert rank_evidence([Evidence("bridge")], [KROHN, MAYOR, PIER], TEXTS).found_at == (2,)


def test_a_passage_may_hold_several_pieces_and_half_a_quote_is_none() -> None:
    evidence = [Evidence("talks", "Ida Krohn"), Evidence("talks", "leads the"), Evidence("talks", "delegation. The")]
    assert rank_evidence(evidence, [KROHN], TEXTS) == Ranked((1, 1, None), (1,))


def test_a_passage_of_no_known_article_holds_nothing() -> None:
    assert rank_evidence([Evidence("talks", "Ida")], [Place("gone", 0, 9), KROHN], TEXTS).found_at == (2,)


def test_scores_are_those_worked_out_by_hand() -> None:
    scores = score_ranks(
        {
            "both, at 2 and 4": Ranked((2, 4), (2, 4)),
            "one of three": Ranked((3, None, None), (3,)),
            "none": Ranked((None,), ()),
            "too late": Ranked((11,), (11,)),
            "first": Ranked((1,), (1,)),
        }
    )
    both = scores["both, at 2 and 4"]
    assert both.mrr == pytest.approx(1 / 2)
    assert both.map == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert both.ndcg == pytest.approx((1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3)))
    one = scores["one of three"]
    assert one.mrr == pytest.approx(1 / 3)
    assert one.map == pytest.approx(1 / 3 / 3)
    assert one.ndcg == pytest.approx((1 / log2(4)) / (1 + 1 / log2(3) + 1 / log2(4)))
    for key in ("none", "too late"):
        assert (scores[key].mrr, scores[key].map, scores[key].ndcg) == (0.0, 0.0, 0.0)
    assert (scores["first"].mrr, scores["first"].map, scores["first"].ndcg) == (1.0, 1.0, 1.0)


def test_no_questions_have_no_scores() -> None:
    assert score_ranks({}) == {}


@given(st.lists(st.one_of(st.none(), st.integers(1, 20)), min_size=1, max_size=5))
def test_any_ranking_scores_as_by_the_formulas(found_at: list[int | None]) -> None:
    relevant = tuple(sorted({rank for rank in found_at if rank is not None}))
    ranked = Ranked(tuple(found_at), relevant)
    (scores,) = score_ranks({"q": ranked}).values()
    near = [rank for rank in relevant if rank <= 10]
    ideal = sum(1 / log2(place + 1) for place in range(1, min(ranked.wanted, 10) + 1))
    assert scores.mrr == pytest.approx(1 / near[0] if near else 0.0)
    assert scores.map == pytest.approx(sum((n + 1) / rank for n, rank in enumerate(near)) / ranked.wanted)
    assert scores.ndcg == pytest.approx(sum(1 / log2(rank + 1) for rank in near) / ideal)
