"""What the words around a candidate say of time."""

from datetime import date

import pytest
from time_fakes import article, candidate, sources

from qa.likelihood import nearest_ordinal
from qa.terms import keys
from qa.told import event_of, in_dateline, says_first, told
from qa.types import Candidate

DAY = date(2022, 9, 6)


def around(text: str, words: str) -> tuple[Candidate, list[str]]:
    """Return a candidate and the names of what its words say."""
    item = article("item", text, DAY)
    found = candidate(item, words, 0.5)
    said = told(found, {item.id: item}, sources(item).times)
    signs = ("planned", "replaced", "ended", "at_first", "began", "another", "corrects")
    return found, [sign for sign in signs if getattr(said, sign)]


@pytest.mark.parametrize(
    ("text", "words", "signs"),
    [
        ("The toll was cut from eleven to seven.", "eleven", ["replaced", "corrects"]),
        ("They recalled 12,400 jars, not 9,800 as reported.", "9,800", ["replaced"]),
        ("The figure of 2,300 given at the time was too high.", "2,300", ["replaced"]),
        ("Police had spoken of 12 dead.", "12", ["replaced", "at_first"]),
        ("The trial will open on 17 January 2023.", "17 January 2023", ["planned"]),
        ("The trial was to have opened on 17 May 2022.", "17 May 2022", ["planned", "at_first"]),
        ("Tomas Rehn resigned on Thursday.", "Tomas Rehn", ["ended"]),
        ("Ottilie Trethewey, who succeeded her mother, spoke.", "Ottilie Trethewey", ["began"]),
        ("It was the worst flood since 1953.", "1953", ["another"]),
        ("The toll has risen to 26.", "26", ["corrects"]),
        ("The bridge opened on 3 May 2020.", "3 May 2020", []),
        ("The hall is open from Monday.", "Monday", ["planned"]),
        ("Talks due to start on 5 September 2022, opened on 6 September 2022.", "6 September 2022", []),
        ("Talks due to start on 5 September 2022, opened on 6 September 2022.", "5 September 2022", ["planned"]),
        ("It was 5,940, a figure given at the time as 5,800.", "5,800", ["replaced"]),
        ("It was 5,940, a figure given at the time as 5,800.", "5,940", []),
        ("Hamish Orde has won the election.", "Hamish Orde", ["began"]),
        ("Okoro is the fourth mayor, after Hurd and Tallow.", "Tallow", ["ended"]),
        ("The first vote failed, after which Lucia Venn was elected.", "Lucia Venn", ["began"]),
        ("On her second attempt, after a recount, Lucia Venn won.", "Lucia Venn", ["corrects"]),
        ("Asier Olano won a confidence vote.", "Asier Olano", []),
        ("Originally due on 5 September 2022, talks opened on 6 September 2022.", "6 September 2022", []),
        ("As planned, it would have opened on 3 May 2020.", "3 May 2020", ["planned"]),
        ("The 5,940 given at the time as 5,800 was right.", "5,940", []),
    ],
)
def test_plans_corrections_and_changes_of_office_are_told_by_their_words(
    text: str, words: str, signs: list[str]
) -> None:
    assert around(text, words)[1] == signs


def test_the_event_is_the_nearest_time_of_the_sentence_and_not_the_other_event_s() -> None:
    item = article("item", "The bridge, closed since 2019, was opened on Monday by Ines Whitlock.", DAY)
    found = candidate(item, "Ines Whitlock", 0.5)
    assert event_of(found, item, sources(item).times[item.id]) == (date(2022, 9, 5), date(2022, 9, 5))


def test_all_days_of_a_sentence_are_known() -> None:
    item = article("item", "Of ten who left on 3 May 2020, eight had come on 6 June 2019.", DAY)
    said = told(candidate(item, "eight", 0.5), {item.id: item}, sources(item).times)
    assert said.days == ((date(2020, 5, 3),) * 2, (date(2019, 6, 6),) * 2)


def test_a_sentence_without_a_time_tells_no_event() -> None:
    item = article("item", "Ines Whitlock opened the bridge.", DAY)
    assert event_of(candidate(item, "Ines Whitlock", 0.5), item, ()) is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The first meeting was in Delhi.", True),
        ("It was the inaugural meeting.", True),
        ("It was the first meeting since 2018.", False),
        ("It was the first in-person meeting.", False),
        ("She is the first woman to lead it.", False),
        ("They met again.", False),
    ],
)
def test_the_first_of_all_is_told_from_the_first_of_some_sort(text: str, first: bool) -> None:
    item = article("item", text, DAY)
    assert says_first(Candidate(candidate(item, text[:3], 0.5).passage, 0, 3, 0, len(text), 0.5), item) is first


def test_the_number_beside_a_candidate_is_the_one_before_it() -> None:
    text = "The first was in May 2011, the second in June 2015."
    item = article("item", text, DAY)
    assert [nearest_ordinal(text, candidate(item, words, 0.5)) for words in ("May 2011", "June 2015")] == [1, 2]


@pytest.mark.parametrize(
    ("text", "words", "number"),
    [
        ("The meeting in Brill was the 26th, the one in Orrel in June 2017 the 27th.", "June 2017", 27),
        ("It is the second regency of the state; the first was in 1941.", "1941", 1),
        ("The third candidate, Ada Brill, kept her deposit.", "Ada Brill", None),
        ("The league came third with Ada Brill.", "Ada Brill", None),
        ("He will be the third mayor, after Ada Brill.", "Ada Brill", 3),
        ("The third round of talks was led by Ada Brill.", "Ada Brill", 3),
    ],
)
def test_an_ordinal_counts_what_is_asked_about_and_stands_in_the_same_clause(
    text: str, words: str, number: int | None
) -> None:
    item = article("item", text, DAY)
    assert nearest_ordinal(text, candidate(item, words, 0.5), keys("Who was the third mayor or regency?")) == number


def test_the_day_in_a_dateline_is_told_from_one_in_the_news() -> None:
    item = article("item", "ORREL, September 17 (CPA) - The mayor resigns on October 1.", date(2021, 9, 17))
    assert [in_dateline(candidate(item, words, 0.5), item) for words in ("September 17", "October 1")] == [True, False]


@pytest.mark.parametrize(
    ("text", "words", "planned"),
    [
        ("The works opened next to the river in May 2020.", "May 2020", False),
        ("The line, which would have turned ten, closed in May 2020.", "May 2020", False),
        ("The works would open in May 2020.", "May 2020", True),
        ("It plans to open next spring, in May 2020.", "May 2020", True),
    ],
)
def test_a_plan_is_told_from_words_that_only_look_like_one(text: str, words: str, planned: bool) -> None:
    item = article("item", text, date(2020, 6, 1))
    assert told(candidate(item, words, 0.5), {item.id: item}, {}).planned is planned


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Ada Brill, mayor since 2021, at first for a month only, did not stand again.", True),
        ("The club dismissed manager Ada Brill.", True),
        ("Ada Brill, the captain's predecessor, sent flowers.", True),
        ("Ada Brill, mayor since 2021, opened the fair.", False),
    ],
)
def test_who_has_left_is_told_from_who_is_there(text: str, ended: bool) -> None:
    item = article("item", text, DAY)
    assert told(candidate(item, "Ada Brill", 0.5), {item.id: item}, {}).ended is ended


def test_where_something_was_last_done_is_another_day() -> None:
    item = article("item", "They won promotion to the league, where they last played in 1974.", DAY)
    assert told(candidate(item, "1974", 0.5), {item.id: item}, {}).another is True
