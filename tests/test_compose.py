"""Candidates become a cited answer, or a refusal."""

from datetime import date

import pytest

from corpus.sentences import sentence_spans
from corpus.times import find_times
from corpus.types import Article, Passage
from qa.compose import Sources, compose, merge_equal
from qa.query import understand
from qa.types import Candidate, Query, Retrieved, Status
from vectorstore.types import Hit, Origin

TODAY = date(2022, 9, 20)


def article(name: str, text: str, day: date | None = date(2022, 9, 6), source: str = "Harbour Wire") -> Article:
    return Article(name, f"Title of {name}", text, day, name, source=source)


def whole(item: Article) -> Passage:
    return Passage(f"{item.id}#0", item.id, 0, len(item.text), item.text)


def sources(*items: Article, copies: dict[str, tuple[str, ...]] | None = None) -> Sources:
    times = {item.id: tuple(find_times(item.text, item.published_day)) for item in items}
    return Sources({item.id: item for item in items}, times, copies or {})


def candidate(item: Article, words: str, score: float) -> Candidate:
    start = item.text.index(words)
    bounds = next((a, b) for a, b in sentence_spans(item.text) if a <= start < b)
    time = next(
        (t for t in find_times(item.text, item.published_day) if (t.start, t.end) == (start, start + len(words))), None
    )
    return Candidate(whole(item), start, start + len(words), *bounds, score, time)


def retrieved(*items: Article) -> list[Retrieved]:
    return [Retrieved(Hit(whole(item), 1.0, Origin.FUSED)) for item in items]


def ask(question: str) -> Query:
    return understand(question, asked_on=TODAY)


FIRST = article("a", "The first meeting was held in New Delhi on 30 November 2019. It rained.")
AGAIN = article("b", "They first met on November 30, 2019. Nobody minded.", source="The Courier")
COMING = article("c", "The ministers meet tomorrow (Wednesday). They will talk.")


def test_an_answer_quotes_its_sentence_exactly_and_cites_it() -> None:
    composed = compose(
        ask("When was the first meeting?"),
        [candidate(FIRST, "30 November 2019", 0.9)],
        retrieved(FIRST),
        sources(FIRST),
        threshold=0.5,
    )
    assert composed.status is Status.ANSWERED
    assert composed.short_answer == "30 November 2019"
    assert composed.citations[0].quote == "The first meeting was held in New Delhi on 30 November 2019."
    assert composed.sentences[0].text == composed.citations[0].quote
    assert composed.confidence == 0.9


def test_a_relative_day_is_said_as_the_day_it_means_and_how_it_is_known() -> None:
    composed = compose(
        ask("When do the ministers meet?"),
        [candidate(COMING, "tomorrow", 0.9)],
        retrieved(COMING),
        sources(COMING),
        threshold=0.5,
    )
    assert composed.short_answer == "7 September 2022"
    assert composed.sentences[0].text == "7 September 2022: the article of 6 September 2022 says “tomorrow”."
    assert composed.sentences[1].text == "The ministers meet tomorrow (Wednesday)."


def test_two_articles_that_say_the_same_day_support_one_answer() -> None:
    found = [candidate(FIRST, "30 November 2019", 0.5), candidate(AGAIN, "November 30, 2019", 0.3)]
    (group,) = merge_equal(found, sources(FIRST, AGAIN))
    assert [c.passage.article_id for c in group.candidates] == ["a", "b"]
    assert group.score == pytest.approx(0.8)
    composed = compose(
        ask("When was the first meeting?"), found, retrieved(FIRST, AGAIN), sources(FIRST, AGAIN), threshold=0.5
    )
    assert [citation.article_id for citation in composed.citations] == ["a", "b"]


def test_a_month_and_a_day_in_it_agree_and_the_day_is_the_answer() -> None:
    vague = article("m", "The first meeting, in November 2019, was short.", date(2021, 3, 1))
    found = [candidate(vague, "November 2019", 0.5), candidate(FIRST, "30 November 2019", 0.2)]
    (group,) = merge_equal(found, sources(vague, FIRST))
    assert [c.passage.article_id for c in group.candidates] == ["a"]
    assert group.score == pytest.approx(0.7)


def test_a_weak_day_is_another_events_and_leaves_the_month_alone() -> None:
    vague = article("m", "The first meeting, in November 2019, was short.", date(2021, 3, 1))
    day = article("d", "A strike began on 30 November 2019.")
    found = [candidate(vague, "November 2019", 0.5), candidate(day, "30 November 2019", 0.05)]
    assert [group.score for group in merge_equal(found, sources(vague, day))] == [0.5, 0.05]


def test_a_day_of_another_month_does_not_agree() -> None:
    vague = article("m", "The first meeting, in October 2019, was short.", date(2021, 3, 1))
    found = [candidate(vague, "October 2019", 0.5), candidate(FIRST, "30 November 2019", 0.3)]
    assert [group.score for group in merge_equal(found, sources(vague, FIRST))] == [0.5, 0.3]


def test_a_day_named_outright_is_cited_before_one_that_must_be_resolved() -> None:
    preview = article("p", "They meet for the first time tomorrow. It may rain.", date(2019, 11, 29))
    found = [candidate(preview, "tomorrow", 0.9), candidate(FIRST, "30 November 2019", 0.8)]
    composed = compose(
        ask("When was the first meeting?"), found, retrieved(preview, FIRST), sources(preview, FIRST), threshold=0.5
    )
    assert [citation.article_id for citation in composed.citations] == ["a", "p"]
    assert composed.confidence == 1.0


def test_copies_of_what_is_cited_are_named() -> None:
    composed = compose(
        ask("When was the first meeting?"),
        [candidate(FIRST, "30 November 2019", 0.9)],
        retrieved(FIRST),
        sources(FIRST, copies={"a#0": ("The Courier",)}),
        threshold=0.5,
    )
    assert composed.citations[0].also_in == ("The Courier",)


def test_below_the_threshold_it_refuses_and_names_what_is_missing_and_the_nearest() -> None:
    composed = compose(
        ask("When was the first meeting in Brazil?"),
        [candidate(FIRST, "30 November 2019", 0.4)],
        retrieved(FIRST),
        sources(FIRST),
        threshold=0.5,
    )
    assert composed.status is Status.NOT_IN_CORPUS
    assert composed.sentences == ()
    assert composed.short_answer == ""
    assert composed.reason == "The archive does not hold the answer: the nearest articles do not mention “Brazil”."
    assert [near.article_id for near in composed.nearest] == ["a"]


def test_a_refusal_is_less_sure_with_each_answer_that_may_be_right() -> None:
    rain = article("r", "It rained on 3 March 2017 and again on 5 March 2017.")
    found = [candidate(FIRST, "30 November 2019", 0.4), candidate(rain, "3 March 2017", 0.3)]
    composed = compose(
        ask("When was the first meeting?"), found, retrieved(FIRST, rain), sources(FIRST, rain), threshold=0.5
    )
    assert composed.status is Status.NOT_IN_CORPUS
    assert composed.confidence == pytest.approx(0.3)


def test_an_empty_archive_is_a_refusal_that_says_so() -> None:
    composed = compose(ask("When was the first meeting?"), [], [], sources(), threshold=0.5)
    assert composed.status is Status.NOT_IN_CORPUS
    assert composed.confidence == 1.0
    assert composed.reason.startswith("Nothing in the archive fits the question")


def test_a_day_asked_for_but_not_found_is_a_partial_answer() -> None:
    composed = compose(
        ask("When did it rain?"), [candidate(FIRST, "It rained.", 0.9)], retrieved(FIRST), sources(FIRST), threshold=0.5
    )
    assert composed.status is Status.PARTIAL
    assert composed.short_answer == "It rained."
