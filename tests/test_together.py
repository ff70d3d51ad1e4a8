"""People told together answer a question for several of them."""

from datetime import date
from time import perf_counter

import pytest
from time_fakes import answer, article, asking, candidate, chosen

from qa.together import named_together, names_alone

MOST_SECONDS = 5.0  # a pattern that goes back over its words takes hours
TALKS = article(
    "talks",
    "Pia Lund and Bo R. Holt received the guests in Brennick. The delegation of Sorrain was led by Mr Vane, Ines Okoro "
    "and Lars Whit-Hale, according to the ministry and The Courier. Germany and Ines Okoro agreed.",
    date(2022, 9, 5),
)


@pytest.mark.parametrize(
    ("question", "marked", "widened"),
    [
        ("Who were the hosts?", "Pia Lund", "Pia Lund and Bo R. Holt"),
        ("who are the two hosts?", "Bo R. Holt", "Pia Lund and Bo R. Holt"),
        ("Which delegates led Sorrain's side?", "Mr Vane", "Mr Vane, Ines Okoro and Lars Whit-Hale"),
        ("Which three people led Sorrain's side?", "Lars Whit-Hale", "Mr Vane, Ines Okoro and Lars Whit-Hale"),
        ("Who was the host?", "Pia Lund", "Pia Lund"),
        ("Who were the hosts?", "Pia Lund and Bo R. Holt", "Pia Lund and Bo R. Holt"),
    ],
)
def test_names_are_joined_where_several_people_are_asked_for(question: str, marked: str, widened: str) -> None:
    found = named_together(asking(question), candidate(TALKS, marked, 0.9), TALKS)
    assert TALKS.text[found.start : found.end] == widened


def test_a_country_before_names_is_none_of_them() -> None:
    for country in ("Japan", "the United States", "South Korea"):
        told = article("spoke", f"Ada would speak for {country}, Pia Lund and Bo Holt for Germany.", date(2022, 9, 5))
        for marked in ("Pia Lund", "Bo Holt"):
            found = named_together(asking("Who were the German ministers?"), candidate(told, marked, 0.9), told)
            assert told.text[found.start : found.end] == "Pia Lund and Bo Holt"
    alone = article("alone", "Ada would speak for Japan, and Bo Holt for Germany.", date(2022, 9, 5))
    found = named_together(asking("Who were the German ministers?"), candidate(alone, "Bo Holt", 0.9), alone)
    assert alone.text[found.start : found.end] == "Bo Holt"


@pytest.mark.parametrize(
    ("question", "told", "marked", "whole"),
    [
        ("Who were the singers?", "Jordan, Bo Holt and Ann Ray sang.", "Ann Ray", "Jordan, Bo Holt and Ann Ray"),
        ("Which three parties signed?", "Signed by France, NATO and Peru.", "Peru", "France, NATO and Peru"),
    ],
)
def test_whoever_has_a_country_s_name_and_a_country_that_is_asked_for_stay_in_the_list(
    question: str, told: str, marked: str, whole: str
) -> None:
    item = article("list", told, date(2022, 9, 5))
    found = named_together(asking(question), candidate(item, marked, 0.9), item)
    assert item.text[found.start : found.end] == whole


HOSTS = article(
    "hosts",
    "Pia Lund, the foreign minister, and Bo Holt, then the defence minister, were the hosts. Sorrain was "
    "represented by Foreign Minister Ines Okoro and Defence Minister Lars Vane. Ada Quill, who came "
    "late, left with Ann Ray.",
    date(2022, 9, 5),
)


@pytest.mark.parametrize("marked", ["Pia Lund", "Bo Holt"])
def test_names_are_joined_over_the_offices_that_stand_between_them(marked: str) -> None:
    found = named_together(asking("Who were the hosts?"), candidate(HOSTS, marked, 0.9), HOSTS)
    assert HOSTS.text[found.start : found.end] == "Pia Lund, the foreign minister, and Bo Holt"
    alone = named_together(asking("Who were the late guests?"), candidate(HOSTS, "Ada Quill", 0.9), HOSTS)
    assert HOSTS.text[alone.start : alone.end] == "Ada Quill"


@pytest.mark.parametrize(
    ("question", "marked", "short"),
    [
        ("Who were the hosts?", "Bo Holt", "Pia Lund and Bo Holt"),
        ("Who represented Sorrain?", "Lars Vane", "Ines Okoro and Lars Vane"),
        ("Who was the host?", "Bo Holt", "Bo Holt"),
    ],
)
def test_an_answer_for_several_people_has_their_names_and_not_their_offices(
    question: str, marked: str, short: str
) -> None:
    assert answer(question, (HOSTS, marked, 0.9)).short_answer == short


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Mr Vane, Ines Okoro and Lars Whit-Hale", "Mr Vane, Ines Okoro and Lars Whit-Hale"),
        ("Pia Lund, the host, Bo Holt, the cook, and Ann Ray", "Pia Lund, Bo Holt and Ann Ray"),
        ("Mayor Ada Quill and External Affairs Minister Bo Holt", "Ada Quill and Bo Holt"),
        ("prime minister Ada Quill and Vice-President Bo Holt", "Ada Quill and Bo Holt"),
        ("Martin Luther King Jr and Ann Ray", "Martin Luther King Jr and Ann Ray"),
        ("King Charles III and Queen Camilla", "King Charles III and Queen Camilla"),
        (
            "Governor General Ann Ray and Editor-in-Chief Bo Holt",
            "Governor General Ann Ray and Editor-in-Chief Bo Holt",
        ),
        ("Chief Executive Officer Ann Ray and Chief Justice Bo Holt",) * 2,
        ("Ada Quill, her daughter Ann Quill, and Bo Holt",) * 2,
        ("Peru, the Netherlands, and Chile",) * 2,
    ],
)
def test_offices_are_no_part_of_names(words: str, names: str) -> None:
    assert names_alone(words) == names


def test_the_answer_to_a_question_for_several_people_names_them_all() -> None:
    assert chosen("Who were the hosts of the talks in Brennick?", (TALKS, "Pia Lund", 0.9)) == "Pia Lund and Bo R. Holt"


def test_ships_and_companies_keep_all_of_their_names() -> None:
    ships = article("ships", "The winners were President Polk and Ocean Star.", date(2022, 9, 5))
    assert answer("Which two ships won?", (ships, "Ocean Star", 0.9)).short_answer == "President Polk and Ocean Star"


def test_a_place_is_not_told_together_with_whoever_is_named_after_it() -> None:
    met = article("met", "Modi met Mr Abe in Tokyo and President Xi in Beijing.", date(2022, 9, 5))
    assert answer("Who were the leaders whom Modi met?", (met, "Xi", 0.9)).short_answer == "Xi"


@pytest.mark.parametrize("words", ["x-", "Ada ", "Ada, ", "prime minister ", ", the a "])
def test_names_of_any_length_and_form_take_no_time(words: str) -> None:
    began = perf_counter()
    names_alone(words * 3_000)
    assert perf_counter() - began < MOST_SECONDS
