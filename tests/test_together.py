"""People told together answer a question for several of them."""

from datetime import date

import pytest
from time_fakes import article, asking, candidate, chosen

from qa.together import named_together

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


def test_the_answer_to_a_question_for_several_people_names_them_all() -> None:
    assert chosen("Who were the hosts of the talks in Brennick?", (TALKS, "Pia Lund", 0.9)) == "Pia Lund and Bo R. Holt"
