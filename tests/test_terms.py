"""Words brought to one form."""

import pytest

from qa.terms import COUNTRIES, content_terms, countries_of, find_terms, keys, ordinal_of, ordinal_word, term_key


def test_inflections_ordinals_and_nationalities_compare_equal() -> None:
    assert term_key("meetings") == term_key("meeting")
    assert term_key("inaugural") == term_key("first") == term_key("1st") == "#1"
    assert term_key("Indian") == term_key("India")
    assert term_key("U.S.") == term_key("American")
    assert term_key("12,400") == "12400"
    assert term_key("three") == "3"


def test_two_plus_two_is_one_word_however_it_is_written() -> None:
    assert "2+2" in keys("the 2+2 dialogue")
    assert "2+2" in keys("a two-plus-two dialogue")


def test_terms_stand_at_their_own_places() -> None:
    text = "The U.S. and Japan’s ministers met"
    assert [text[term.start : term.end] for term in find_terms(text)] == [
        "The",
        "U.S.",
        "and",
        "Japan’s",
        "ministers",
        "met",
    ]


def test_stop_words_are_left_out_and_each_key_stands_once() -> None:
    assert [term.key for term in content_terms("When was the India meeting of the Indian ministers?")] == [
        term_key("india"),
        term_key("meeting"),
        term_key("minister"),
    ]


def test_an_ordinal_in_figures_is_one_word() -> None:
    assert [term.key for term in find_terms("the 29th and the 2nd of 29 rounds")] == [
        "the", "#29", "and", "the", "#2", "of", "29", "round",
    ]  # fmt: skip


def test_countries_compare_as_their_people_do() -> None:
    assert term_key("Peruvian") == term_key("Peru")
    assert {term_key("Germany"), term_key("Peru")} <= COUNTRIES


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("the Indian ministers and their guests from the United States", {"India", "America"}),
        ("India-US talks in the United Kingdom", {"India", "America", "Britain"}),
        ("Tell us who came from Peru", {"Peru"}),
        ("Between us and Peru, ask us of the UNITED STATES", {"Peru", "America"}),
        ("A European and a South American country in the Indian Ocean", set()),
        ("a Turkiye of the EU", {"Turkey"}),
        ("who came", set()),
    ],
)
def test_the_countries_of_a_text_are_those_it_names_in_any_form(text: str, countries: set[str]) -> None:
    assert countries_of(text) == {term_key(name) for name in countries}


def test_an_ordinal_is_said_in_a_word_up_to_twenty_and_then_in_figures() -> None:
    numbers = (1, 2, 12, 20, 21, 22, 23, 24, 101, 111, 112)
    assert [ordinal_word(number) for number in numbers] == (
        "first second twelfth twentieth 21st 22nd 23rd 24th 101st 111th 112th".split()
    )
    assert [ordinal_of(term_key(ordinal_word(number))) for number in numbers] == list(numbers)
    assert ordinal_of(term_key("round")) is None
