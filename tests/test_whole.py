"""Names and lengths of time in whole."""

from datetime import date

import pytest

from corpus.types import Article, Passage
from qa.query import understand
from qa.types import Candidate
from qa.whole import told_whole


@pytest.mark.parametrize(
    ("question", "text", "marked", "widened"),
    [
        ("How many years in prison did Holm get?", "Holm got six years on Friday.", "six", "six years"),
        ("How long was the strike?", "It was a 12-day strike.", "12", "12-day"),
        ("How long did it last?", "It took 1.5 hours.", "1.5", "1.5 hours"),
        ("How long did it last?", "It took six years.", "six years", "six years"),
        ("How long did it last?", "Six of them slept.", "Six", "Six"),
        ("How many people came?", "Six weeks later, six people came.", "six", "six"),
        ("Who chaired it?", "Ada Quill chaired it.", "Quill", "Ada Quill"),
        ("Who chaired it?", "It was chaired by Ada B. Quill.", "Quill", "Ada B. Quill"),
        ("Who chaired it?", "It was chaired by Jan van der Quill.", "Quill", "Jan van der Quill"),
        ("Who chaired it?", "Mayor Quill chaired it.", "Quill", "Quill"),
        ("Who chaired it?", "Foreign Minister Ada Quill chaired it.", "Quill", "Ada Quill"),
        ("Who chaired it?", "Yesterday Quill chaired it.", "Quill", "Quill"),
        ("Who chaired it?", "On Tuesday Quill chaired it.", "Quill", "Quill"),
        ("Who chaired it?", "Tarn's Quill and the Danish Quill met.", "Quill", "Quill"),
        ("Who chaired it?", "They met, and so did Holm, Quill said.", "Quill", "Quill"),
        ("How many chapters were agreed?", "Nine of eleven are.", "Nine of eleven", "Nine"),
        ("How many are in use?", "Only 4 out of the 11 are in use.", "4 out of the 11", "4"),
        ("How many are agreed?", "Twenty-one of thirty chapters are.", "Twenty-one of thirty chapters", "Twenty-one"),
        ("How many seats are there?", "They won one of 27.", "one of 27", "one of 27"),
        ("How many are in use?", "Four of them are in use.", "Four of them", "Four of them"),
        ("Which company won?", "Port Ellery won.", "Ellery", "Ellery"),
    ],
)
def test_a_part_is_widened_to_what_it_is_a_part_of_and_no_further(
    question: str, text: str, marked: str, widened: str
) -> None:
    article = Article("a", "Title", text, date(2022, 9, 6), "a")
    start = text.index(marked)
    candidate = Candidate(Passage("a#0", "a", 0, len(text), text), start, start + len(marked), 0, len(text), 0.5, None)
    found = told_whole(understand(question, asked_on=date(2023, 1, 1)), candidate, article)
    assert text[found.start : found.end] == widened
