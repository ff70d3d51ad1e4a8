"""Timelines, in the answer and as Markdown; refusals that know the calendar."""

from datetime import date

import pytest
from time_fakes import article, asking, retrieved, sources

from qa.compose import Composed, compose
from qa.export import answer_markdown, escape
from qa.types import Answer, AnswerKind, Query, Status

FIRST = article(
    "first", "The Halden ferry strike began on 3 May 2021. Nobody sang.", date(2021, 5, 4), source="Harbour Wire"
)
COPY = article("copy", "The Halden ferry strike began on Monday, 3 May 2021.", date(2021, 5, 5), source="The Mail")
ENDED = article("ended", "The Halden ferry strike ended yesterday.", date(2021, 5, 20), source="The Mail")
OTHER = article("other", "A bakery in Port Ellery opened on 10 May 2021.", date(2021, 5, 11), source="The Mail")


def told(question: str) -> tuple[Query, Composed]:
    items = (ENDED, FIRST, COPY, OTHER)
    query = asking(question)
    return query, compose(query, [], retrieved(*items), sources(*items), threshold=0.5)


def test_a_timeline_is_in_order_of_time_without_repeats_and_each_line_is_cited() -> None:
    query, composed = told("Timeline of the Halden ferry strike")
    assert query.kind is AnswerKind.TIMELINE
    assert [(entry.day, entry.text) for entry in composed.timeline] == [
        ("2021-05-03", "The Halden ferry strike began on 3 May 2021."),
        ("2021-05-19", "The Halden ferry strike ended yesterday."),
    ]
    assert [composed.citations[entry.citations[0] - 1].article_id for entry in composed.timeline] == ["first", "ended"]


def test_a_timeline_keeps_to_the_days_asked_about() -> None:
    _, composed = told("What happened in the Halden ferry strike between 10 May 2021 and 30 May 2021?")
    assert [entry.day for entry in composed.timeline] == ["2021-05-19"]


def test_nothing_in_the_days_asked_about_is_a_refusal() -> None:
    _, composed = told("What happened in the Halden ferry strike between 10 May 2019 and 30 May 2019?")
    assert composed.status is Status.NOT_IN_CORPUS


def test_a_refusal_says_what_days_the_archive_covers() -> None:
    query = asking("Who won the Halden regatta in 1998?")
    composed = compose(
        query, [], retrieved(FIRST), sources(FIRST, covers=(date(2015, 1, 4), date(2025, 6, 30))), threshold=0.5
    )
    assert composed.reason == "The archive covers 2015-01-04 to 2025-06-30, and the question asks about “in 1998”."


def test_a_refusal_says_that_no_such_number_is_told() -> None:
    query = asking("When was the fourth Halden strike?")
    composed = compose(query, [], retrieved(FIRST), sources(FIRST), threshold=0.5)
    assert composed.reason == "The archive does not hold the answer: the nearest articles tell of no fourth one."


def test_a_timeline_in_markdown_is_a_table_with_numbered_sources() -> None:
    query, composed = told("Timeline of the Halden ferry strike")
    answer = Answer(
        query.text,
        query.standalone,
        composed.status,
        composed.short_answer,
        composed.sentences,
        composed.citations,
        0.9,
        (),
        notes=composed.notes,
        timeline=composed.timeline,
    )
    lines = answer_markdown(answer).splitlines()
    assert lines[0] == "# Timeline of the Halden ferry strike"
    assert "| 2021\\-05\\-03 |" not in lines
    assert "| 2021-05-03 | The Halden ferry strike began on 3 May 2021. \\[1\\] |" in lines
    assert (
        lines[-2]
        == "1. First (Harbour Wire, 2021-05-04; event 2021-05-03): “The Halden ferry strike began on 3 May 2021.”"
    )


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "![x](http://e.example/a.png)", "| a |", "`b` *c* [d](e)"]
)
def test_what_articles_say_is_no_markup_in_markdown(text: str) -> None:
    escaped = escape(text)
    for mark in "<>[]|`*":
        assert escaped.count(mark) == escaped.count("\\" + mark)
