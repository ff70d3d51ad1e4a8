"""Short answers compared with gold ones."""

from datetime import date

import pytest

from qa.evaluation.answers import denoted_days, right, squad_f1, squad_normal


def test_case_articles_and_punctuation_do_not_count() -> None:
    assert squad_normal("The  Cat, sat!") == "cat sat"
    assert right("the United Nations", ["United Nations."]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("given", "gold", "f1"),
    [("New Delhi", "in New Delhi", 0.8), ("a b c d", "e f", 0.0), ("", "", 1.0), ("x", "", 0.0), ("w w x", "w y", 0.4)],
)
def test_f1_is_that_of_shared_words(given: str, gold: str, f1: float) -> None:
    assert squad_f1(given, gold) == pytest.approx(f1)


@pytest.mark.parametrize("given", ["30 November 2019", "2019-11-30", "November 30, 2019", "on 30 November 2019"])
def test_the_same_day_is_right_however_it_is_written(given: str) -> None:
    assert right(given, ["2019-11-30"]) == (1.0, 1.0)


def test_a_gold_weekday_is_resolved_against_its_article() -> None:
    assert right("13 March 2019", ["on Wednesday"], [date(2019, 3, 15)]) == (1.0, 1.0)
    assert right("13 March 2019", ["Wednesday"])[0] == 0.0
    assert right("14 March 2019", ["Wednesday"], [date(2019, 3, 15)])[0] == 0.0


def test_another_day_of_the_same_month_is_wrong_and_a_month_is_not_a_day() -> None:
    assert right("29 November 2019", ["2019-11-30"])[0] == 0.0
    assert right("November 2019", ["30 November 2019"])[0] == 0.0
    assert right("November 2019", ["2019-11"])[0] == 1.0


def test_a_sentence_that_only_holds_a_date_denotes_no_day() -> None:
    assert denoted_days("They met on 30 November 2019 in Delhi", None) is None


def test_a_blank_answer_is_never_right() -> None:
    assert right("", ["x"]) == (0.0, 0.0)
    assert right(" ", [" "]) == (0.0, 0.0)
