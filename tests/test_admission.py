"""Which candidates can answer a question, and how likely what they say of time leaves them."""

from datetime import date

import pytest
from time_fakes import answer, article, asking, candidate, chosen, sources

from qa.admission import admit, last_day

FAIR = article(
    "fair",
    "The Lantern Fair was held on 2 September 2022 in Brennick. Next year's will be on 1 September 2023. "
    "Ines Whitlock led it.",
    date(2022, 9, 5),
)


def test_what_was_published_after_the_day_asked_answers_nothing() -> None:
    assert chosen("Where was the Lantern Fair?", (FAIR, "Brennick", 0.6), asked_on=date(2022, 9, 4)) == ""
    assert chosen("Where was the Lantern Fair?", (FAIR, "Brennick", 0.6), asked_on=date(2022, 9, 5)) == "Brennick"


def test_the_last_day_is_the_one_asked_as_of_and_never_after_the_day_asked() -> None:
    assert last_day(asking("Who led it as of May 2020?")) == date(2020, 5, 31)
    assert last_day(asking("Who led it as of May 2030?", date(2025, 1, 1))) == date(2025, 1, 1)
    assert last_day(asking("Who led it in May 2020?", date(2025, 1, 1))) == date(2025, 1, 1)


def test_a_day_asked_for_lies_in_the_days_asked_about() -> None:
    two = ((FAIR, "1 September 2023", 0.5), (FAIR, "2 September 2022", 0.3))
    assert chosen("When was the fair held in 2022?", *two) == "2 September 2022"
    assert chosen("When was the fair of 2022?", *two) == "2 September 2022"
    assert answer("When was the fair held in 2019?", *two).short_answer == ""


def test_the_days_of_the_question_are_not_its_answer() -> None:
    again = article("again", "The fair of 2022 drew 31,000 people.", date(2022, 9, 5))
    assert chosen("When in 2022 was the fair?", (again, "2022", 0.9)) == ""


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who led the fair?", "2 September 2022"),
        ("How many people came?", "Brennick"),
        ("Where was the Lantern Fair?", "Lantern Fair"),
    ],
)
def test_words_of_another_kind_or_the_question_s_own_are_no_answer(question: str, words: str) -> None:
    assert chosen(question, (FAIR, words, 0.9)) == ""


def test_a_sentence_given_for_a_day_becomes_the_day_that_it_names() -> None:
    query, read = asking("When was the Lantern Fair held?"), sources(FAIR)
    sentence = candidate(FAIR, "The Lantern Fair was held on 2 September 2022 in Brennick.", 0.9)
    (given,) = admit(query, [sentence], read.articles, read.times)
    assert FAIR.text[given.start : given.end] == "2 September 2022"


def test_the_chance_of_what_is_ruled_out_goes_to_the_rest_in_proportion() -> None:
    query, read = asking("Where was the fair?"), sources(FAIR)
    given = admit(
        query,
        [candidate(FAIR, "2 September 2022", 0.5), candidate(FAIR, "Brennick", 0.25)],
        read.articles,
        read.times,
    )
    assert [round(entry.score, 6) for entry in given] == [0.5]


def test_another_number_beside_a_candidate_takes_most_of_its_chance() -> None:
    item = article("rounds", "The first round was in May 2011.", date(2015, 6, 3))
    query, read = asking("When was the second round?"), sources(item)
    (given,) = admit(query, [candidate(item, "May 2011", 0.8)], read.articles, read.times)
    assert given.score < 0.3


def test_who_was_there_before_is_told_by_who_followed() -> None:
    item = article("chair", "Ines Whitlock, who succeeded Ferris Okonedo in January, lit it.", date(2022, 9, 5))
    two = ((item, "Ines Whitlock", 0.3), (item, "Ferris Okonedo", 0.25))
    assert chosen("Who led the committee before Ines Whitlock?", *two) == "Ferris Okonedo"


def test_another_country_s_meeting_gives_way() -> None:
    ours = article("ours", "Peru and Japan met on 3 May 2019 for their second round.", date(2019, 5, 4))
    other = article("other", "Chile and Japan met on 8 June 2019 for their second round.", date(2019, 6, 9))
    two = ((other, "8 June 2019", 0.45), (ours, "3 May 2019", 0.3))
    assert chosen("When was the second meeting of Japan and Peru?", *two) == "3 May 2019"
    assert chosen("When was the second meeting of Japan?", *two) == "8 June 2019"


def test_the_first_of_something_else_gives_way() -> None:
    launch = article("launch", "The first launch of the Kestrel rocket failed on 19 July 2018.", date(2018, 7, 20))
    orbit = article("orbit", "A Kestrel rocket reached orbit on 16 January 2020.", date(2020, 1, 17))
    two = ((orbit, "16 January 2020", 0.5), (launch, "19 July 2018", 0.35))
    assert chosen("When did the Kestrel rocket first reach orbit?", *two) == "16 January 2020"
    assert chosen("When was the first launch of the Kestrel rocket?", *two) == "19 July 2018"


def test_an_article_about_other_countries_is_none_about_those_asked_where_its_sentence_names_none() -> None:
    theirs = article("theirs", "Japan and Britain met. The second meeting was on 8 January 2016.", date(2016, 1, 9))
    ours = article("ours", "Japan and India met again. The second meeting was on 8 September 2022.", date(2022, 9, 9))
    both = ((theirs, "8 January 2016", 0.5), (ours, "8 September 2022", 0.3))
    assert chosen("When was the second meeting of India and Japan?", *both) == "8 September 2022"
    assert chosen("When was the second meeting of Britain and Japan?", *both) == "8 January 2016"


def test_an_article_that_never_names_one_of_two_countries_is_not_about_both() -> None:
    theirs = article(
        "theirs", "Japan met its guests again. The second meeting was on 8 January 2016.", date(2016, 1, 9)
    )
    ours = article("ours", "Japan and the United States met. The second meeting was on 8 May 2022.", date(2022, 5, 9))
    both = ((theirs, "8 January 2016", 0.5), (ours, "8 May 2022", 0.3))
    assert chosen("When was the second meeting of America and Japan?", *both) == "8 May 2022"
    assert chosen("When was the second meeting of Japan?", *both) == "8 January 2016"


def test_what_is_told_later_of_the_days_asked_about_is_told_in_them() -> None:
    then = article("then", "Lunde won thirteen seats of thirty-five.", date(2019, 6, 20))
    later = article("later", "Of ten who left on 3 May 2020, eight had come in June 2019.", date(2020, 5, 9))
    both = ((then, "thirty-five", 0.1), (later, "eight", 0.6))
    assert chosen("How many of the ten had come in June 2019?", *both) == "eight"


def test_an_article_that_says_the_number_nowhere_gives_way_to_a_far_weaker_one_that_does() -> None:
    none = article("none", "The talks of the two ministers were held on 8 January 2016.", date(2016, 1, 9))
    second = article("second", "It was the second meeting. The talks were held on 8 May 2022.", date(2022, 5, 9))
    both = ((none, "8 January 2016", 0.85), (second, "8 May 2022", 0.13))
    assert chosen("When was the second meeting?", *both) == "8 May 2022"
