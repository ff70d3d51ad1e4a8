"""Two events, and which came first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_fakes import pipeline_over

from qa.comparing import compare, compare_asked, is_of_two
from qa.pipeline import STAGES, Pipeline
from qa.types import Answer, Citation, Sentence, Status

TODAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("Which came first, the strike or the merger?", "When was the strike?", "When was the merger?"),
        (
            "Which opened first in Tarn, the bridge or the ferry pier?",
            "When was it that the bridge opened in Tarn?",
            "When was it that the ferry pier opened in Tarn?",
        ),
        (
            "Which country held its first round of talks earlier, Peru or Chile?",
            "When was it that Peru held its first round of talks?",
            "When was it that Chile held its first round of talks?",
        ),
        (
            "Did Anna Holm resign before or after the bridge was closed?",
            "When did Anna Holm resign?",
            "When was the bridge closed?",
        ),
        (
            "Which came first, the first talks of the two countries or the pact of Peru with Chile?",
            "When was the first talks of the two countries (Peru Chile)?",
            "When was the pact of Peru with Chile?",
        ),
        (
            "Did Peru take up talks with Chile before or after Bolivia?",
            "When did Peru take up talks with Chile?",
            "When did Peru take up talks with Bolivia?",
        ),
        (
            "Did Anna Holm resign before or after she was charged?",
            "When did Anna Holm resign?",
            "When was she charged (Anna Holm)?",
        ),
        (
            "Did Peru hold its first round before or after Chile joined the Lund pact?",
            "When did Peru hold its first round?",
            "When was it that Chile joined the Lund pact?",
        ),
        (
            "Did Anna Holm become mayor before or after the bridge was closed (Tarn)?",
            "When did Anna Holm become mayor (Tarn)?",
            "When was the bridge closed?",
        ),
        (
            "What did the minister announce first, tax cuts or a new hospital?",
            "When did the minister announce tax cuts?",
            "When did the minister announce a new hospital?",
        ),
        (
            "Which Peruvian minister resigned first, Sala or Reis?",
            "When was it that Sala resigned?",
            "When was it that Reis resigned?",
        ),
        (
            "Which race was run earlier, the men's or the women's?",
            "When was the men's race run?",
            "When was the women's race run?",
        ),
        (
            "Which came first, talks with Peru or the pact held in Lund?",
            "When was talks with Peru?",
            "When was the pact held in Lund?",
        ),
        (
            "Did the strike end before or after Chile's pact?",
            "When did the strike end?",
            "When was Chile's pact?",
        ),
    ],
)
def test_each_of_two_events_gets_a_question_of_its_own(question: str, first: str, second: str) -> None:
    comparison = compare_asked(question)
    assert comparison is not None
    assert tuple(event.question for event in comparison.events) == (first, second)


def test_what_a_follow_up_names_in_brackets_is_no_part_of_an_event_s_name() -> None:
    comparison = compare_asked("Did it open before or after the pier was closed (Tarn bridge)?")
    assert comparison is not None
    assert [event.name for event in comparison.events] == ["it open", "the pier was closed"]


@pytest.mark.parametrize(
    "question",
    [
        "Who came first, Anna or Bob?",
        "Who was first to leave, the mayor or his deputy?",
        "When was the first India-Japan 2+2?",
        "Which country was the first to recognise it, Peru or Chile?",
        "Did they meet before the summit?",
        "Was it the first or the second round?",
        "Did the second round take place before or after the first?",
        "Was it built before or after May?",
        "Did the strike end before or after Christmas?",
        "Was Anna Holm elected before or after Ben Cole?",
        "Did the mill close before or after getting the subsidy?",
        "Were more people arrested before or after the match?",
        "Which party came first in the election, Norland First or the Greens?",
        "Which team finished last in the league, Orlby or Kelby?",
        "Which bank failed first, Lund Savings or Tarn Mutual?",
    ],
)
def test_other_questions_with_first_before_or_after_compare_nothing(question: str) -> None:
    assert compare_asked(question) is None


@given(
    st.text(max_size=60),
    st.text(max_size=40),
    st.sampled_from(["Did {} before or after {}?", "Which {} first, {} or {}?"]),
)
def test_any_words_in_the_place_of_an_event_make_two_events_or_none(one: str, other: str, asked: str) -> None:
    comparison = compare_asked(asked.format(one, other, other))
    if comparison is not None:
        assert all(event.question.endswith("?") or event.days for event in comparison.events)


def dated(event: str, confidence: float = 0.8, number: int = 3) -> Answer:
    quote = f"It was on {event}."
    cited = Citation(number, f"article-of-{event}", "Title", event, "Wire", "", 0, len(quote), quote, (), event)
    return Answer("q", "q", Status.ANSWERED, event, (Sentence(quote, (number,)),), (cited,), confidence, ())


REFUSED = Answer("q", "q", Status.NOT_IN_CORPUS, "", (), (), 0.9, ())


@pytest.mark.parametrize(
    ("question", "days", "said"),
    [
        ("Which came first, the strike or the merger?", ("2020-05-01", "2019-02-03"), "the merger"),
        ("Which came last, the strike or the merger?", ("2020-05-01", "2019-02-03"), "the strike"),
        ("Did the strike end before or after the merger?", ("2020-05-01", "2019-02-03"), "after"),
        ("Did the strike end before or after the merger?", ("2018-05-01", "2019-01-01/2019-12-31"), "before"),
    ],
)
def test_the_earlier_day_decides_and_both_are_cited_in_their_order(
    question: str, days: tuple[str, str], said: str
) -> None:
    comparison = compare_asked(question)
    assert comparison is not None
    composed = compare(comparison, (dated(days[0], 0.9), dated(days[1], 0.6)))
    assert composed is not None
    assert composed.short_answer == said
    assert [citation.event for citation in composed.citations] == sorted(days)
    assert [citation.number for citation in composed.citations] == [1, 2]
    assert [sentence.citations for sentence in composed.sentences] == [(1,), (2,)]
    assert composed.confidence == 0.6


@pytest.mark.parametrize(
    "answers",
    [
        (dated("2020-05-01"), REFUSED),
        (dated("2020-05-01"), dated("2020-05-01")),
        (dated("2020-05-01"), dated("2020-01-01/2020-12-31")),
        (dated("2020-05-01"), dated("")),
    ],
)
def test_nothing_is_compared_where_a_day_is_unknown_or_the_days_meet(answers: tuple[Answer, Answer]) -> None:
    comparison = compare_asked("Which came first, the strike or the merger?")
    assert comparison is not None
    assert compare(comparison, answers) is None


@pytest.mark.parametrize(
    ("date_alone", "said"), [("1995", "after"), ("May 2021", "before"), ("3 June 2020", "before"), ("2020", "")]
)
def test_an_event_is_compared_with_a_date_that_the_question_gives(date_alone: str, said: str) -> None:
    comparison = compare_asked(f"Did the strike end before or after {date_alone}?")
    assert comparison is not None
    composed = compare(comparison, (dated("2020-05-01"), None))
    assert (composed.short_answer if composed else "") == said
    if composed:
        assert [citation.event for citation in composed.citations] == ["2020-05-01"]
        assert date_alone in composed.notes[0]


def test_an_answer_found_without_the_days_must_be_one_of_the_two() -> None:
    which = compare_asked("Which came first, the dock strike or the merger?")
    side = compare_asked("Did the strike end before or after the merger?")
    assert which is not None
    assert side is not None
    assert is_of_two(which, "the strike")
    assert not is_of_two(which, "Ines Whitlock")
    assert is_of_two(side, "Before")
    assert not is_of_two(side, "no meeting")
    assert not is_of_two(which, "the mayor")


def test_a_sentence_keeps_all_that_it_cites() -> None:
    comparison = compare_asked("Which came first, the strike or the merger?")
    strike, merger = dated("2020-05-01", number=1), dated("2021-02-03", number=1)
    assert comparison is not None
    cited = (strike.citations[0], replace(strike.citations[0], number=2), replace(strike.citations[0], number=4))
    said = (Sentence("It began.", (1, 4)), Sentence("It was long.", (2,)))
    composed = compare(comparison, (replace(strike, citations=cited, sentences=said), merger))
    assert composed is not None
    assert [sentence.citations for sentence in composed.sentences] == [(1, 2), (3,)]
    assert [citation.event for citation in composed.citations] == ["2020-05-01", "2020-05-01", "2021-02-03"]


FILES = {
    "ferry.txt": "date 2021-03-05\nid: ferry\ntitle: Ferry named\nsource: Harbour Wire\n\n"
    "The new ferry was named Aurora on Wednesday. It cost €4.5 million.",
    "bridge.txt": "date 2022-06-01\nid: bridge\ntitle: Bridge opens\nsource: Harbour Wire\n\n"
    "The Tarn bridge was opened by Mayor Ines Whitlock on 30 May 2022.",
}


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    with pipeline_over(tmp_path, FILES) as built:
        yield built


def test_two_articles_are_read_and_the_answer_names_the_days_of_both(pipeline: Pipeline) -> None:
    question = "Was the new ferry named before or after the Tarn bridge was opened?"
    *stages, answer = pipeline.stages(question, today=TODAY)
    assert isinstance(answer, Answer)
    assert stages == [*STAGES, *STAGES]  # of each event
    assert answer.short_answer == "before"
    assert [citation.article_id for citation in answer.citations] == ["ferry", "bridge"]
    assert [citation.event for citation in answer.citations] == ["2021-03-03", "2022-05-30"]
    assert answer.notes[0].startswith("3 March 2021 (“the new ferry named”) is before 30 May 2022")
    assert {hit.passage.article_id for hit in answer.hits} == {"ferry", "bridge"}
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
    assert answer.implied == ()
    assert set(answer.timings_ms) == {"total", "retrieve", "read", "compose"}


def test_one_article_is_enough_where_the_question_gives_a_date(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Was the new ferry named before or after May 2022?", today=TODAY)
    assert answer.short_answer == "before"
    assert [citation.article_id for citation in answer.citations] == ["ferry"]
    assert answer.notes == ("3 March 2021 (“the new ferry named”) is before May 2022.",)


def test_an_event_that_no_article_dates_makes_a_refusal_and_not_a_guess(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Was the new ferry named before or after Anna Holm drowned in Quito?", today=TODAY)
    assert answer.status is Status.NOT_IN_CORPUS
