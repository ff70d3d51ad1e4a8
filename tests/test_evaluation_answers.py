"""Short answers compared with gold ones."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from qa.evaluation.answers import Setting, days_of, denoted_days, right, squad_f1, squad_normal

TUESDAY = date(2022, 9, 6)
WEDNESDAY = date(2022, 9, 7)


def test_case_articles_and_punctuation_do_not_count() -> None:
    assert squad_normal("The  Cat, sat!") == "cat sat"
    assert squad_normal("An apple a day; the end.") == "apple day end"
    assert squad_normal("then, a theatre") == "then theatre"
    assert right("the United Nations", ["United Nations."]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("given", "gold", "f1"),
    [
        ("New Delhi", "in New Delhi", 0.8),
        ("a b c d", "e f", 0.0),
        ("", "", 1.0),
        ("x", "", 0.0),
        ("the", "a", 1.0),
        ("w w x", "w y", 0.4),
        ("Denver Broncos", "The Denver Broncos!", 1.0),
        ("cat", "cat cat cat", 0.5),
    ],
)
def test_f1_is_that_of_shared_words_as_the_official_script_counts_them(given: str, gold: str, f1: float) -> None:
    assert squad_f1(given, gold) == pytest.approx(f1)


@for_all(st.text(max_size=30), st.text(max_size=30))
def test_f1_is_symmetric_bounded_and_one_for_equal_answers(one: str, other: str) -> None:
    assert squad_f1(one, other) == pytest.approx(squad_f1(other, one))
    assert 0.0 <= squad_f1(one, other) <= 1.0
    assert squad_f1(one, one) == 1.0


@pytest.mark.parametrize("given", ["30 November 2019", "2019-11-30", "November 30, 2019", "on 30 November 2019"])
def test_the_same_day_is_right_however_it_is_written(given: str) -> None:
    assert right(given, ["2019-11-30"]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("given", "gold"),
    [("in 2019", "2019"), ("in the summer of 2022", "summer 2022"), ("the 1990s", "1990s"), ("Nov. 2019", "2019-11")],
)
def test_a_year_a_season_or_a_month_is_equal_to_itself_in_other_words(given: str, gold: str) -> None:
    assert right(given, [gold]) == (1.0, 1.0)


def test_a_gold_weekday_is_resolved_against_the_day_its_article_was_published() -> None:
    stands = Setting(published=(date(2019, 3, 15),))
    assert right("13 March 2019", ["on Wednesday"], stands=stands) == (1.0, 1.0)
    assert right("13 March 2019", ["Wednesday"])[0] == 0.0
    assert right("14 March 2019", ["Wednesday"], stands=stands)[0] == 0.0


def test_a_weekday_means_what_it_means_in_its_article() -> None:
    stands = Setting(times=(("tomorrow (Wednesday)", (WEDNESDAY, WEDNESDAY)),), published=(TUESDAY,))
    assert days_of("Wednesday", stands) == {(WEDNESDAY, WEDNESDAY)}
    assert right("7 September 2022", ["Wednesday"], stands=stands)[0] == 1.0
    assert right("31 August 2022", ["Wednesday"], stands=stands)[0] == 0.0


def test_a_given_weekday_is_resolved_against_what_it_cites() -> None:
    said = Setting(times=(("Wednesday", (WEDNESDAY, WEDNESDAY)),))
    assert right("on Wednesday", ["2022-09-07"], said=said) == (1.0, 1.0)
    assert right("on Wednesday", ["2022-09-07"])[0] == 0.0


def test_another_day_of_the_same_month_is_wrong_and_a_month_is_not_a_day() -> None:
    assert right("29 November 2019", ["2019-11-30"])[0] == 0.0
    assert right("November 2019", ["30 November 2019"])[0] == 0.0
    assert right("November 2019", ["2019-11"])[0] == 1.0


def test_a_sentence_that_only_holds_a_date_denotes_no_day() -> None:
    assert denoted_days("They met on 30 November 2019 in Delhi", None) is None


def test_the_best_gold_answer_counts() -> None:
    assert right("Pell", ["Ingrid Pell", "Pell"]) == (1.0, 1.0)
    assert right("Ms Pell", ["Ingrid Pell", "Pell"]) == (0.0, pytest.approx(2 / 3))


def test_a_blank_answer_is_never_right() -> None:
    assert right("", ["x"]) == (0.0, 0.0)
    assert right(" ", [" "]) == (0.0, 0.0)
