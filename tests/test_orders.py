"""Which of several a question asks for, and the days it speaks about, by the tables of rules."""

from datetime import date

import pytest

from qa.orders import order_asked
from qa.query import understand
from qa.types import Ordering
from qa.windows import days_asked

ASKED = date(2022, 9, 20)


@pytest.mark.parametrize(
    ("question", "ordering", "ordinal"),
    [
        ("On which date was the meeting originally planned?", Ordering.ORIGINAL, None),
        ("How many people were first reported killed?", Ordering.ORIGINAL, None),
        ("What was the provisional count?", Ordering.ORIGINAL, None),
        ("How many died in the end?", Ordering.FINAL, None),
        ("When did the trial actually begin?", Ordering.FINAL, None),
        ("When did they last meet?", Ordering.LATEST, None),
        ("Who is in charge now?", Ordering.LATEST, None),
        ("When is the next round?", Ordering.NEXT, None),
        ("Who was mayor before Ines Whitlock?", Ordering.PREVIOUS, None),
        ("Who took over from Ines Whitlock?", Ordering.FOLLOWING, None),
        ("Where was the third round?", Ordering.NTH, 3),
        ("When was the 29th AUSMIN?", Ordering.NTH, 29),
        ("When did they meet for the second time?", Ordering.NTH, 2),
        ("How long did the hearing last?", Ordering.NONE, None),
        ("Who won last year?", Ordering.NONE, None),
        ("What is the second largest city?", Ordering.NONE, None),
        ("When was its 800th birthday?", Ordering.NONE, None),
    ],
)
def test_the_order_is_read_from_a_table(question: str, ordering: Ordering, ordinal: int | None) -> None:
    assert order_asked(question) == (ordering, ordinal)


def test_the_words_of_a_date_ask_for_no_order() -> None:
    query = understand("What did they earn in the third quarter of 2019?", asked_on=ASKED)
    assert query.ordering is Ordering.NONE


def test_a_follow_up_s_own_number_comes_before_the_one_it_points_back_at() -> None:
    query = understand("And where was the second one?", asked_on=ASKED, history=["When was the first India-Japan 2+2?"])
    assert (query.ordering, query.ordinal) == (Ordering.NTH, 2)
    assert "first" not in query.standalone


@pytest.mark.parametrize(
    ("question", "earliest", "latest", "as_of"),
    [
        ("Who was mayor as of 1 June 2020?", None, date(2020, 6, 1), True),
        ("As things stood on 1 June 2020, who was mayor?", None, date(2020, 6, 1), True),
        ("How many had come by the end of 2021?", None, date(2021, 12, 31), False),
        ("Who was mayor before 1 June 2020?", None, date(2020, 5, 31), False),
        ("When was the last strike before the one of August 2021?", None, date(2021, 7, 31), False),
        ("Who was mayor after 2019?", date(2020, 1, 1), None, False),
        ("What has happened since 2019?", date(2019, 1, 1), None, False),
        ("What happened between March and May 2021?", date(2021, 3, 1), date(2021, 5, 31), False),
        ("What happened from 3 March 2020 to 5 May 2021?", date(2020, 3, 3), date(2021, 5, 5), False),
        ("Who led it in the summer of 2021?", date(2021, 6, 1), date(2021, 8, 31), False),
        ("Who won last week?", date(2022, 9, 12), date(2022, 9, 18), False),
        ("What did they say yesterday?", date(2022, 9, 19), date(2022, 9, 19), False),
    ],
)
def test_the_window_is_read_from_a_table(
    question: str, earliest: date | None, latest: date | None, as_of: bool
) -> None:
    window = days_asked(question, ASKED).window
    assert window is not None
    assert (window.earliest, window.latest, window.as_of) == (earliest, latest, as_of)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What does the 2008 declaration say?", "2008"),
        ("Who represented France in the 2017 dialogue?", "2017"),
        ("What was agreed in the July 2020 talks?", "July 2020"),
        ("What was the budget for 2023?", "2023"),
        ("desert lantern 2017 start date", "2017"),
    ],
)
def test_a_date_that_names_the_subject_bounds_nothing(question: str, words: str) -> None:
    days = days_asked(question, ASKED)
    assert days.window is None
    assert days.subject is not None
    assert days.subject.words == words


@pytest.mark.parametrize(
    "question",
    ["Who spoke on August 15?", "May I ask who won?", "How many move in the next five years?", "?!", "1/1/0001"],
)
def test_what_cannot_be_dated_for_certain_is_no_filter(question: str) -> None:
    assert days_asked(question, ASKED).window is None
