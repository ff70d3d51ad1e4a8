"""Whether somebody holds the office that is asked about."""

from datetime import date

import pytest
from time_fakes import article, candidate, chosen

from qa.offices import holds_another_office

DAY = date(2022, 9, 6)


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("Who is the mayor?", "Deputy mayor Ada Brill opened the fair.", True),
        ("Who is the mayor?", "Ada Brill remains deputy mayor.", True),
        ("Who is the mayor?", "Mayor Ada Brill opened the fair.", False),
        ("Who is the deputy mayor?", "Deputy mayor Ada Brill opened the fair.", False),
        ("Who is the mayor?", "Acting mayor Ada Brill opened the fair.", False),
        ("Who is the finance director?", "The firm named Ada Brill its chief executive.", True),
        ("Who chairs the board as chairwoman?", "The chair, Ada Brill, agreed.", False),
        ("Who is the head of the firm?", "The director, Ada Brill, agreed.", False),
        ("Who opened the fair?", "Deputy mayor Ada Brill opened the fair.", False),
    ],
)
def test_the_deputy_is_not_the_mayor_and_whoever_leads_may_be_called_anything(
    question: str, text: str, another: bool
) -> None:
    item = article("item", text, DAY)
    assert holds_another_office(question, candidate(item, "Ada Brill", 0.5), item) is another


def test_who_holds_another_office_gives_way() -> None:
    item = article("town", "Deputy mayor Ada Brill spoke first. Mayor Jon Teague thanked her.", DAY)
    two = ((item, "Ada Brill", 0.4), (item, "Jon Teague", 0.3))
    assert chosen("Who was mayor of the town?", *two) == "Jon Teague"
