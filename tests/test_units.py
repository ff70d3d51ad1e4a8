"""Numbers, and what they count time in."""

from datetime import date

import pytest

from corpus.types import Article, Passage
from qa.query import understand
from qa.types import Candidate
from qa.units import with_unit


@pytest.mark.parametrize(
    ("question", "text", "marked", "widened"),
    [
        ("How many years in prison did Holm get?", "Holm got six years on Friday.", "six", "six years"),
        ("How long was the strike?", "It was a 12-day strike.", "12", "12-day"),
        ("How long did it last?", "It took 1.5 hours.", "1.5", "1.5 hours"),
        ("How long did it last?", "It took six years.", "six years", "six years"),
        ("How long did it last?", "Six of them slept.", "Six", "Six"),
        ("How many people came?", "Six weeks later, six people came.", "six", "six"),
    ],
)
def test_a_bare_number_takes_its_unit_where_a_length_of_time_is_asked_for(
    question: str, text: str, marked: str, widened: str
) -> None:
    article = Article("a", "Title", text, date(2022, 9, 6), "a")
    start = text.index(marked)
    candidate = Candidate(Passage("a#0", "a", 0, len(text), text), start, start + len(marked), 0, len(text), 0.5, None)
    found = with_unit(understand(question, asked_on=date(2023, 1, 1)), candidate, article)
    assert text[found.start : found.end] == widened
