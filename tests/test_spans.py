"""Spans of the kind asked for."""

from datetime import date

import pytest

from corpus.times import find_times
from qa.kinds import answer_kind
from qa.spans import mark_spans
from qa.terms import content_terms

PUBLISHED = date(2022, 9, 6)


def best(question: str, sentence: str, offset: int = 0) -> str:
    text = " " * offset + sentence
    spans = mark_spans(
        answer_kind(question),
        sentence,
        offset=offset,
        question=content_terms(question),
        times=find_times(text, PUBLISHED),
    )
    return text[spans[0].start : spans[0].end] if spans else ""


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("When did the bridge open?", "The bridge opened on 3 May 2021, after a strike in 2019.", "3 May 2021"),
        ("Who leads Halden Foods?", "Halden Foods is led by chief executive Marit Solberg.", "Marit Solberg"),
        ("Where did the ministers meet?", "The ministers met in Port Ellery on Monday.", "Port Ellery"),
        ("How many people were hurt?", "At least 14 people were hurt, police said.", "14 people"),
        ("How much did the ferry cost?", "The ferry cost €4.5 million to build.", "€4.5 million"),
        ("How long did the hearing last?", "The hearing lasted three hours.", "three hours"),
        ("Which company won the contract?", "The contract was won by Orrin Marine.", "Orrin Marine"),
        ("Why was the launch delayed?", "The launch was delayed because of a fuel leak.", "a fuel leak"),
        ("What did the ministers say?", "The ministers met in Port Ellery.", ""),
    ],
)
def test_the_span_of_the_kind_asked_for_is_marked(question: str, sentence: str, answer: str) -> None:
    assert best(question, sentence) == answer
    assert best(question, sentence, offset=40) == answer


def test_names_that_only_repeat_the_question_are_no_answer() -> None:
    assert best("Who does Marit Solberg succeed?", "Marit Solberg succeeds Jon Falk.") == "Jon Falk"


def test_a_day_carries_the_interval_it_was_resolved_to() -> None:
    sentence = "The ministers meet tomorrow."
    spans = mark_spans(
        answer_kind("When do they meet?"), sentence, offset=0, question=[], times=find_times(sentence, PUBLISHED)
    )
    assert spans[0].time is not None
    assert spans[0].time.earliest == spans[0].time.latest == date(2022, 9, 7)
