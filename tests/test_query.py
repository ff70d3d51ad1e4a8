"""What a question asks for."""

from datetime import date

import pytest

from qa.errors import QuestionError
from qa.followup import standalone_question
from qa.kinds import answer_kind
from qa.query import MAX_CHARACTERS, implied_words, name_sources, understand, without_as_of
from qa.types import AnswerKind, Ordering

ASKED = date(2022, 9, 20)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("when was the first India-Japan 2+2", AnswerKind.DAY),
        ("In which year did the bridge open?", AnswerKind.DAY),
        ("The bridge: when did it open?", AnswerKind.DAY),
        ("Who is the chief executive of Halden Foods?", AnswerKind.PERSON),
        ("Where was the second meeting held?", AnswerKind.PLACE),
        ("In what city did they meet", AnswerKind.PLACE),
        ("How many people were hurt?", AnswerKind.COUNT),
        ("how many days did the strike last", AnswerKind.DURATION),
        ("How much did the ferry cost?", AnswerKind.AMOUNT),
        ("How long did the hearing last?", AnswerKind.DURATION),
        ("Why was the launch put off?", AnswerKind.REASON),
        ("Which company won the contract?", AnswerKind.NAME),
        ("Which Peruvian foreign minister opened the talks?", AnswerKind.PERSON),
        ("which Danish vice-minister signed", AnswerKind.PERSON),
        ("Which party did the minister leave?", AnswerKind.NAME),
        ("Which country's president visited Lund?", AnswerKind.PLACE),
        ("Which company’s founder was arrested?", AnswerKind.NAME),
        ("Which minister’s pay was cut?", AnswerKind.PERSON),
        ("Which club sacked coach Jan Orde?", AnswerKind.NAME),
        ("Which country elected president Holm?", AnswerKind.PLACE),
        ("Which airport strike ended in May?", AnswerKind.NAME),
        ("Which airport was closed?", AnswerKind.PLACE),
        ("What closed Tarn airport in 2019?", AnswerKind.STATEMENT),
        ("Wen Jiabao met whom in Lund?", AnswerKind.PERSON),
        ("When the bridge collapsed, who was mayor?", AnswerKind.PERSON),
        ("When was the bridge, which Anna Holm built, closed?", AnswerKind.DAY),
        ("Where was the man who robbed the bank arrested?", AnswerKind.PLACE),
        ("What did the people who fled say?", AnswerKind.STATEMENT),
        ("What small island village was cut off?", AnswerKind.PLACE),
        ("wen did the bridge open", AnswerKind.DAY),
        ("Did the mayor resign?", AnswerKind.YES_NO),
        ("What did the ministers agree on?", AnswerKind.STATEMENT),
        ("What happened between March and May 2021?", AnswerKind.TIMELINE),
    ],
)
def test_the_kind_of_answer_is_read_from_the_way_of_asking(question: str, kind: AnswerKind) -> None:
    assert answer_kind(question) is kind


@pytest.mark.parametrize(
    ("question", "ordering", "ordinal"),
    [
        ("When was the first India-Japan 2+2?", Ordering.FIRST, 1),
        ("When was the inaugural India-Japan 2+2?", Ordering.FIRST, 1),
        ("Where was the second India-Japan 2+2?", Ordering.NTH, 2),
        ("What is the latest death toll?", Ordering.LATEST, None),
        ("Who scored in the second half?", Ordering.NONE, None),
        ("What did the First Minister say?", Ordering.NONE, None),
        ("What did the ministers say?", Ordering.NONE, None),
    ],
)
def test_first_latest_and_nth_are_told_from_words_that_only_look_like_them(
    question: str, ordering: Ordering, ordinal: int | None
) -> None:
    query = understand(question, asked_on=ASKED)
    assert (query.ordering, query.ordinal) == (ordering, ordinal)


@pytest.mark.parametrize(
    ("question", "earliest", "latest"),
    [
        ("Who won in March 2021?", date(2021, 3, 1), date(2021, 3, 31)),
        ("Who was mayor before June 2020?", None, date(2020, 5, 31)),
        ("What has happened since 2019?", date(2019, 1, 1), None),
        ("What happened last month?", date(2022, 8, 1), date(2022, 8, 31)),
    ],
)
def test_a_time_in_the_question_is_a_window_of_days(question: str, earliest: date | None, latest: date | None) -> None:
    window = understand(question, asked_on=ASKED).window
    assert window is not None
    assert (window.earliest, window.latest) == (earliest, latest)


def test_what_the_question_implies_is_said_in_words_and_can_be_left_out() -> None:
    question = "When was the second meeting before June 2020?"
    assert implied_words(understand(question, asked_on=ASKED)) == (
        "the second",
        "up to 2020-05-31 (“before June 2020”)",
    )
    plain = understand(question, asked_on=ASKED, implied=False)
    assert (plain.ordering, plain.window, implied_words(plain)) == (Ordering.NONE, None, ())


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who was mayor of Orrel as of 1 January 2017?", "Who was mayor of Orrel?"),
        ("As things stood on 1 May 2020, who led the firm?", "who led the firm?"),
        ("Who was mayor (as of 3 May 2020)?", "Who was mayor?"),
        ("How many, as of 3 May 2021, had died?", "How many, had died?"),
        ("As of 3 May 2020: who led?", "who led?"),
        ("As of 3 May 2020", "As of 3 May 2020"),
        ("Who was mayor of Orrel in 2017?", "Who was mayor of Orrel in 2017?"),
        ("Who was mayor?", "Who was mayor?"),
    ],
)
def test_the_day_that_an_answer_must_be_known_by_is_not_looked_for_in_articles(question: str, read: str) -> None:
    asked = understand(question, asked_on=date(2025, 1, 1))
    assert without_as_of(asked).standalone == read
    assert without_as_of(asked).window == asked.window


def test_a_date_that_names_the_subject_is_no_window() -> None:
    assert understand("What does the 2008 declaration say?", asked_on=ASKED).window is None


@pytest.mark.parametrize("blank", ["", "   ", "?!", "\n\t"])
def test_a_blank_question_is_refused_with_an_example(blank: str) -> None:
    with pytest.raises(QuestionError, match="blank"):
        understand(blank, asked_on=ASKED)


def test_a_question_past_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(QuestionError, match=r"10,000 characters: ask it in at most 2,000"):
        understand("a" * 10_000, asked_on=ASKED)
    assert understand("a" * MAX_CHARACTERS, asked_on=ASKED).text


@pytest.mark.parametrize(
    "question", ["第一次会议是什么时候？", "متى كان الاجتماع؟", 'NEAR("x" AND y) title:z*', "🚀 when?"]
)
def test_any_script_and_any_operators_are_only_words(question: str) -> None:
    assert understand(question, asked_on=ASKED).text == question


def test_sources_are_named_only_as_whole_words() -> None:
    sources = ["The Age", "TechCrunch", "Fortune"]
    assert name_sources("What did TechCrunch's report say, and The Age?", sources) == ("The Age", "TechCrunch")
    assert name_sources("How did the ageing fortunes change?", sources) == ()


def test_a_follow_up_takes_what_it_points_at_from_the_question_before() -> None:
    standalone = standalone_question("Where was it held?", ["When was the first India-Japan 2+2?"])
    assert standalone.startswith("Where was it held (")
    assert {"India", "Japan", "2+2", "first"} <= set(standalone.replace("(", " ").replace(")", " ").split())


def test_what_about_asks_the_same_of_something_else() -> None:
    standalone = standalone_question("What about the second?", ["When was the first India-Japan 2+2?"])
    assert answer_kind(standalone) is AnswerKind.DAY
    assert "India-Japan" in standalone
    assert "second" in standalone


def test_a_question_that_stands_alone_is_left_as_it_is() -> None:
    question = "Who won the Calder Cup in 2019?"
    assert standalone_question(question, ["When was the first India-Japan 2+2?"]) == question
