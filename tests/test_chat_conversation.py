"""How a conversation grows, and what is made of what a browser sends."""

from __future__ import annotations

from datetime import date

import pytest
from chat_fakes import ARTICLES, FakePipeline

from qa.chat.conversation import OUR_MISTAKE, converse, stop
from qa.chat.request import read_asking, read_target
from qa.chat.types import Asking, Failed, Stopped, Target, Turn, Working
from qa.errors import QuestionError
from qa.types import Answer, Status
from vectorstore.types import Filters

TODAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"
PIPELINE = FakePipeline(ARTICLES)


def test_a_question_passes_the_stages_and_is_answered() -> None:
    outcomes = [turns[-1].outcome for turns in converse(PIPELINE, {"question": FIRST}, (), TODAY)]
    assert [outcome.stage for outcome in outcomes[:-1] if isinstance(outcome, Working)] == [
        "searching",
        "searching",
        "reading",
        "checking",
    ]
    assert isinstance(outcomes[-1], Answer)
    assert outcomes[-1].short_answer == "30 November 2019"


def test_earlier_questions_are_passed_on_oldest_first() -> None:
    turns = (Turn("one?", Stopped()), Turn(FIRST, Stopped()))
    *_, grown = converse(PIPELINE, {"question": "And the US?"}, turns, TODAY)
    assert grown[:2] == turns
    assert isinstance(grown[2].outcome, Answer)
    assert grown[2].outcome.standalone_question == f"And the US? (after: {FIRST})"


def test_an_edited_question_takes_the_place_of_its_turn_and_of_all_that_followed() -> None:
    turns = (Turn("one?", Stopped()), Turn("two?", Stopped()), Turn("three?", Stopped()))
    *_, grown = converse(PIPELINE, {"question": FIRST, "replaces": "1"}, turns, TODAY)
    assert [turn.question for turn in grown] == ["one?", FIRST]


def test_the_scope_narrows_the_search_and_is_told() -> None:
    *_, ((turn),) = converse(PIPELINE, {"question": FIRST, "to": "2020-12-31", "source": "capital post"}, (), TODAY)
    assert turn.scope == "published up to 31 December 2020, by capital post"
    assert isinstance(turn.outcome, Answer)
    assert {citation.title for citation in turn.outcome.citations} == {"India and the United States meet"}


def test_a_question_may_count_as_asked_on_another_day() -> None:
    *_, ((turn),) = converse(PIPELINE, {"question": "What day is today?", "today": "2022-09-06"}, (), TODAY)
    assert isinstance(turn.outcome, Answer)
    assert turn.outcome.notes == ("asked on 2022-09-06",)
    assert turn.scope == "as if asked on 6 September 2022"


def test_a_problem_is_told_in_its_own_words_and_a_defect_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    *_, ((turn),) = converse(PIPELINE, {"question": "fail"}, (), TODAY)
    assert turn.outcome == Failed("the index is being rebuilt: ask again in a minute")
    *_, ((turn),) = converse(PIPELINE, {"question": "burst"}, (), TODAY)
    assert turn.outcome == Failed(OUR_MISTAKE)
    assert "a defect" in caplog.text


def test_stopping_ends_the_turn_under_way_and_leaves_the_others() -> None:
    answered, *_ = [turns[0] for turns in converse(PIPELINE, {"question": FIRST}, (), TODAY)][-1:]
    assert stop((answered, Turn("two?", Working("reading")))) == (answered, Turn("two?", Stopped()))


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"question": "   "}, "there is no question"),
        ({}, "there is no question"),
        ("when", "there is no question"),
        ({"question": ["when"]}, "there is no question"),
        ({"question": "when", "from": "2022-13-45"}, "'2022-13-45' is not a day"),
        (
            {"question": "when", "from": "2022-02-02", "to": "2021-01-01"},
            "the first day, 2022-02-02, is after the last",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(sent: object, problem: str) -> None:
    with pytest.raises(QuestionError, match=problem):
        read_asking(sent)
    *_, ((turn),) = converse(PIPELINE, sent, (), TODAY)
    assert isinstance(turn.outcome, Failed)
    assert problem in turn.outcome.message


def test_a_question_is_read_with_its_scope() -> None:
    sent = {"question": " when? ", "from": "2020-01-01", "to": "", "source": "A", "replaces": None, "more": 1}
    assert read_asking(sent) == Asking("when?", Filters(date(2020, 1, 1), None, frozenset({"A"})))
    later = {"question": "when?", "today": "2022-09-06", "replaces": "3"}
    assert read_asking(later) == Asking("when?", Filters(), date(2022, 9, 6), replaces=3)


def test_a_link_is_read_as_the_words_it_opens() -> None:
    sent = {"article": "a1", "start": "3", "end": "9", "digest": "00", "number": "2"}
    assert read_target(sent) == Target("a1", 3, 9, "00", 2)
    assert read_target({"article": "a1"}) == Target("a1")


@pytest.mark.parametrize("sent", [None, [], "a1", {"start": "-1"}, {"start": "9", "end": "3"}, {"start": "x"}])
def test_what_is_no_link_is_refused(sent: object) -> None:
    with pytest.raises(ValueError, match=r"object|span|invalid literal"):
        read_target(sent)


def test_the_fake_refuses_what_its_articles_do_not_say() -> None:
    assert PIPELINE.ask("Who won the regatta?", today=TODAY).status is Status.NOT_IN_CORPUS
