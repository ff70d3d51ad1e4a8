"""First, latest, as of a day."""

from collections.abc import Sequence
from datetime import date

from corpus.times import find_times
from corpus.types import Article, Passage
from qa.chronology import in_time
from qa.query import understand
from qa.types import Agreement, Candidate


def article(name: str, text: str, day: date) -> Article:
    return Article(name, name, text, day, name)


def group(item: Article, words: str, score: float) -> Agreement:
    start = item.text.index(words)
    passage = Passage(f"{item.id}#0", item.id, 0, len(item.text), item.text)
    times = {(time.start, time.end): time for time in find_times(item.text, item.published_day)}
    span = (start, start + len(words))
    return Agreement((Candidate(passage, *span, 0, len(item.text), score, times.get(span)),), score)


def first_of(question: str, groups: Sequence[Agreement], *items: Article, asked_on: date) -> str:
    query = understand(question, asked_on=asked_on)
    chosen = in_time(query, groups, {item.id: item for item in items})
    return chosen.candidates[0].passage.article_id


PELL = article("pell", "Ingrid Pell is the chief executive of Halden.", date(2016, 3, 3))
REHN = article("rehn", "Tomas Rehn is the chief executive of Halden.", date(2019, 12, 2))
GROUPS = [group(PELL, "Ingrid Pell", 0.9), group(REHN, "Tomas Rehn", 0.8)]


def test_who_is_asks_for_the_last_one_reported() -> None:
    assert first_of("Who is the chief executive of Halden?", GROUPS, PELL, REHN, asked_on=date(2024, 1, 1)) == "rehn"


def test_who_is_asked_on_an_earlier_day_knows_nothing_of_later_ones() -> None:
    assert first_of("Who is the chief executive of Halden?", GROUPS, PELL, REHN, asked_on=date(2017, 1, 1)) == "pell"


def test_as_of_a_day_takes_the_value_then() -> None:
    question = "Who was the chief executive of Halden as of 1 June 2018?"
    assert first_of(question, GROUPS, PELL, REHN, asked_on=date(2024, 1, 1)) == "pell"


def test_an_unlikely_rival_is_none_however_late() -> None:
    groups = [GROUPS[0], group(REHN, "Tomas Rehn", 0.2)]
    assert first_of("Who is the chief executive of Halden?", groups, PELL, REHN, asked_on=date(2024, 1, 1)) == "pell"


def test_the_first_is_the_one_said_to_be_first() -> None:
    early = article("early", "The league met on 3 May 2011.", date(2011, 5, 4))
    named = article("named", "The first meeting of the league was on 2 June 2015.", date(2015, 6, 3))
    groups = [group(early, "3 May 2011", 0.8), group(named, "2 June 2015", 0.7)]
    assert first_of("When was the first meeting?", groups, early, named, asked_on=date(2024, 1, 1)) == "named"


def test_the_first_is_the_earliest_event_when_no_words_say_so() -> None:
    later = article("later", "The league met on 2 June 2015.", date(2015, 6, 3))
    early = article("early", "The league met on 3 May 2011.", date(2020, 5, 4))
    groups = [group(later, "2 June 2015", 0.8), group(early, "3 May 2011", 0.7)]
    assert first_of("When was the first meeting?", groups, early, later, asked_on=date(2024, 1, 1)) == "early"


def test_a_question_without_order_keeps_the_most_likely() -> None:
    assert first_of("Who led Halden?", GROUPS, PELL, REHN, asked_on=date(2024, 1, 1)) == "pell"
