"""Which part of a run of days a question asks for."""

from datetime import date

import pytest
from time_fakes import answer, article

FAIR = article("fair", "The fair ran from 4 to 6 May 2021 in Brill. It cost 9 crowns to come in.", date(2021, 5, 8))


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        ("When did the fair start?", "4 to 6 May 2021", "4 May 2021"),
        ("On what date should the fair have begun?", "4 to 6 May 2021", "4 May 2021"),
        ("On which day did the fair end?", "4 to 6 May 2021", "6 May 2021"),
        ("When was the fair?", "4 to 6 May 2021", "4–6 May 2021"),
        ("Between which dates was the fair held?", "6 May 2021", "4–6 May 2021"),
    ],
)
def test_the_beginning_the_end_or_all_of_the_days(question: str, words: str, said: str) -> None:
    given = answer(question, (FAIR, words, 0.6))
    assert given.short_answer == said
    assert given.sentences[0].text == f"{said}: the article of 8 May 2021 says “4 to 6 May 2021”." or (
        said == "4–6 May 2021" and said in given.sentences[0].text
    )


def test_a_run_of_years_has_no_first_day() -> None:
    item = article("line", "The line was built from 2012 to 2016 by two firms.", date(2021, 5, 8))
    assert answer("When did the line start to be built?", (item, "2012 to 2016", 0.6)).short_answer == "2012–2016"
