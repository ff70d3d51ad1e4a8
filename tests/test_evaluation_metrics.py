"""Scores over questions, with their intervals, worked out by hand."""

import math

import numpy as np
import pytest
from evaluation_fakes import outcome
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.bootstrap import compare_scores, draws, score, score_by_type
from qa.evaluation.metrics import METRICS, bin_of
from qa.evaluation.outcome import Outcome
from qa.evaluation.retrieval import RankScores


def values(outcomes: list[Outcome]) -> dict[str, float | None]:
    return {name: found.value for name, found in score(outcomes).items()}


def test_answers_are_scored_over_answerable_questions_and_a_refusal_scores_nothing() -> None:
    found = values(
        [
            outcome("a"),
            outcome("b", exact=0.0, f1=0.5),
            outcome("c", refused=True, exact=0.0, f1=0.0),
            outcome("d", answerable=False, refused=True, exact=0.0, f1=0.0),
        ]
    )
    assert found["em"] == pytest.approx(1 / 3)
    assert found["f1"] == pytest.approx(0.5)
    assert found["accuracy"] == pytest.approx(2 / 4)


def test_refusals_are_scored_by_precision_recall_and_f1() -> None:
    def of(answerable: bool, refused: bool) -> Outcome:
        return outcome(answerable=answerable, refused=refused, exact=0.0)

    outcomes = [of(False, True)] * 3 + [of(False, False)] * 1 + [of(True, True)] * 2 + [of(True, False)] * 4
    found = values(outcomes)
    assert found["refusal_precision"] == pytest.approx(3 / 5)
    assert found["refusal_recall"] == pytest.approx(3 / 4)
    assert found["refusal_f1"] == pytest.approx(2 * 0.6 * 0.75 / (0.6 + 0.75))


def test_risk_coverage_is_the_mean_risk_as_coverage_grows() -> None:
    outcomes = [
        outcome("a", confidence=0.9),
        outcome("b", confidence=0.8, exact=0.0),
        outcome("c", confidence=0.7),
        outcome("refused", refused=True, confidence=1.0, exact=0.0),
    ]
    assert values(outcomes)["risk_coverage_auc"] == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_equal_confidences_count_together_whatever_their_order() -> None:
    outcomes = [outcome("a", confidence=0.5), outcome("b", confidence=0.5, exact=0.0)]
    assert values(outcomes)["risk_coverage_auc"] == values(outcomes[::-1])["risk_coverage_auc"] == pytest.approx(0.5)


def test_an_answer_to_an_unanswerable_question_is_a_risk() -> None:
    assert values([outcome(answerable=False, exact=0.0)])["risk_coverage_auc"] == 1.0


def test_calibration_error_is_the_distance_from_the_share_right_bin_by_bin() -> None:
    outcomes = [outcome(confidence=0.95), outcome(confidence=0.95, exact=0.0), outcome(confidence=0.25)]
    assert values(outcomes)["calibration_error"] == pytest.approx((2 * abs(0.95 - 0.5) + abs(0.25 - 1.0)) / 3)
    assert bin_of(np.array([0.0, 0.09, 0.1, 0.99, 1.0])).tolist() == [0, 0, 1, 9, 9]


def test_citations_are_counted_one_by_one_and_recall_question_by_question() -> None:
    found = values(
        [
            outcome("a", citations=3, citations_right=2, quotes_exact=3),
            outcome("b", citations=1, citations_right=0, quotes_exact=0),
            outcome("c", citations=0, citations_right=0, quotes_exact=0, refused=True),
        ]
    )
    assert found["citation_precision"] == pytest.approx(2 / 4)
    assert found["citation_recall"] == pytest.approx(1 / 2)
    assert found["quote_exactness"] == pytest.approx(3 / 4)


def test_evidence_is_scored_where_it_is_given() -> None:
    ranks = RankScores(mrr=0.5, map=0.25, ndcg=0.4)
    found = values([outcome("a", found_at=(2, 7, None), ranks=ranks), outcome("b")])
    assert (found["evidence_recall@1"], found["evidence_recall@5"]) == (0.0, pytest.approx(1 / 3))
    assert found["evidence_recall@10"] == pytest.approx(2 / 3)
    assert (found["hit@1"], found["hit@3"], found["all_evidence@20"]) == (0.0, 1.0, 0.0)
    assert (found["mrr@10"], found["map@10"], found["ndcg@10"]) == (0.5, 0.25, 0.4)


def test_latency_is_the_time_that_a_share_of_the_questions_do_not_exceed() -> None:
    found = values([outcome(total_ms=float(n)) for n in range(1, 101)])
    assert [found[f"latency_p{p}_ms"] for p in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert values([outcome(total_ms=7.0)])["latency_p50_ms"] == 7.0


def test_what_there_is_nothing_of_has_no_score() -> None:
    found = values([outcome(citations=None, citations_right=None, quotes_exact=None, refused=True, exact=0.0)])
    for name in ("refusal_recall", "citation_precision", "citation_recall", "mrr@10", "hit@1", "latency_p50_ms"):
        assert found[name] is None
    assert found["risk_coverage_auc"] is None
    assert found["refusal_precision"] == 0.0


def test_the_interval_of_a_share_is_near_that_of_the_binomial() -> None:
    outcomes = [outcome(exact=float(n % 4 != 0)) for n in range(400)]
    em = score(outcomes)["em"]
    spread = 1.96 * math.sqrt(0.75 * 0.25 / 400)
    assert (em.value, em.count) == (0.75, 400)
    assert em.low == pytest.approx(0.75 - spread, abs=0.01)
    assert em.high == pytest.approx(0.75 + spread, abs=0.01)


def test_each_draw_is_of_all_questions_and_the_same_every_time() -> None:
    once, again = (np.concatenate(list(draws(7, resamples=230))) for _ in range(2))
    assert once.shape == (230, 7)
    assert (once.sum(axis=1) == 7).all()
    assert (once == again).all()


def test_each_type_is_scored_by_itself() -> None:
    outcomes = [outcome("a", types=("when", "first")), outcome("b", types=("when",), exact=0.0)]
    by_type = score_by_type(outcomes)
    assert list(by_type) == ["first", "when"]
    assert (by_type["first"]["em"].value, by_type["when"]["em"].value) == (1.0, 0.5)
    assert by_type["when"]["em"].count == 2


def test_a_difference_on_the_same_questions_is_told_from_noise() -> None:
    hard = [outcome(exact=float(n % 2)) for n in range(100)]
    better = [outcome(exact=1.0 if n < 20 else float(n % 2)) for n in range(100)]
    change = compare_scores(hard, better)["em"]
    assert (change.before, change.after) == (0.5, 0.6)
    assert change.real
    assert change.p < 0.01
    one_more = [outcome(exact=1.0 if n < 1 else float(n % 2)) for n in range(100)]
    assert not compare_scores(hard, one_more)["em"].real


def test_no_difference_is_none() -> None:
    same = [outcome(exact=float(n % 2), total_ms=float(n)) for n in range(20)]
    changes = compare_scores(same, same)
    assert all((change.change, change.low, change.high, change.p) == (0, 0, 0, 1) for change in changes.values())
    assert "latency_p50_ms" not in changes


OUTCOMES = st.builds(
    lambda exact, answerable, refused, confidence, ms: outcome(
        exact=float(exact and answerable and not refused),
        f1=float(exact and answerable and not refused),
        answerable=answerable,
        refused=refused,
        confidence=confidence,
        total_ms=ms,
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]),
    st.one_of(st.none(), st.floats(0, 1e6)),
)


@given(st.lists(OUTCOMES, min_size=1, max_size=12))
def test_drawing_each_question_twice_changes_no_score(outcomes: list[Outcome]) -> None:
    once, twice = np.ones((1, len(outcomes))), np.full((1, len(outcomes)), 2.0)
    for metric in METRICS:
        doubled = metric.prepare(outcomes + outcomes)(np.ones((1, 2 * len(outcomes))))
        one, two = metric.prepare(outcomes)(once), metric.prepare(outcomes)(twice)
        assert one == pytest.approx(two, nan_ok=True), metric.name
        assert doubled == pytest.approx(two, nan_ok=True), metric.name


@given(st.lists(OUTCOMES, min_size=1, max_size=12), st.randoms())
def test_the_order_of_the_questions_changes_no_score(outcomes: list[Outcome], random: object) -> None:
    shuffled = list(outcomes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    once = np.ones((1, len(outcomes)))
    for metric in METRICS:
        same = metric.prepare(shuffled)(once)
        assert metric.prepare(outcomes)(once) == pytest.approx(same, nan_ok=True), metric.name
