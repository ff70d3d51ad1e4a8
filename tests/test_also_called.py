"""What articles call otherwise than questions do is searched for and read under both names."""

import pytest

from qa.also_called import as_told, with_other_names


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("the second Japan-UK round", "the second Japan-UK round britain"),
        ("the Peruvian and Japanese ministers in Japan", "the Peruvian and Japanese ministers in Japan peru"),
        ("what did they tell us", "what did they tell us"),
        ("who won", "who won"),
    ],
)
def test_a_country_is_searched_for_by_its_own_name_too(question: str, words: str) -> None:
    assert with_other_names(question) == words


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("the second 2+2", " foreign and defence ministers"),
        ("two-plus-two talks of foreign ministers", " and defence"),
        ("the second round", ""),
    ],
)
def test_a_thing_with_a_short_name_is_searched_for_by_what_it_is_too(question: str, added: str) -> None:
    assert with_other_names(question) == question + added


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When was the first 2+2?", "When was the first meeting of foreign and defence ministers?"),
        ("the 2+2 talks in Oslo", "the talks of foreign and defence ministers in Oslo"),
        ("the first 2+2 ministerial meeting", "the first meeting of foreign and defence ministers"),
        ("the “2+2” dialogue in Oslo", "the dialogue of foreign and defence ministers in Oslo"),
        ("the 2+2s", "the 2+2s"),
        ("two-plus-two dates", "meeting of foreign and defence ministers dates"),
        ("what is 2+20", "what is 2+20"),
        ("the second round", "the second round"),
    ],
)
def test_a_question_is_read_in_the_words_of_articles(question: str, told: str) -> None:
    assert as_told(question) == told
