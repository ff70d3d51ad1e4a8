"""Times found in articles, as sentences say them and as days."""

from __future__ import annotations

from datetime import date, datetime, timezone
from hashlib import sha256

import pytest

from corpus.times import TIME_TABLES, find_times, resolve_phrase
from corpus.times.find import TABLE
from corpus.types import Anchor


def found(text: str, published: date | None) -> list[tuple[str, str, str, str]]:
    """Return words, first day, last day and granularity of the times in a text."""
    return [
        (text[time.start : time.end], time.earliest.isoformat(), time.latest.isoformat(), time.granularity.value)
        for time in find_times(text, published)
    ]


def day(words: str, iso: str) -> tuple[str, str, str, str]:
    return words, iso, iso, "day"


def test_a_day_explained_in_brackets_is_one_day() -> None:
    assert found("The visit starts tomorrow (Wednesday).", date(2022, 9, 6)) == [
        day("tomorrow", "2022-09-07"),
        day("Wednesday", "2022-09-07"),
    ]


def test_last_month_is_a_month_and_not_a_day() -> None:
    assert found("The plant closed last month.", date(2020, 6, 11)) == [
        ("last month", "2020-05-01", "2020-05-31", "month")
    ]


def test_an_undated_article_resolves_only_what_names_its_year() -> None:
    assert found("They met on Friday, on 30 November 2019 and last year.", None) == [
        day("30 November 2019", "2019-11-30")
    ]


def test_the_same_weekday_is_the_last_one_in_the_past_tense_and_the_next_one_in_the_future_tense() -> None:
    wednesday = date(2021, 3, 10)
    assert found("They met on Friday.", wednesday) == [day("Friday", "2021-03-05")]
    assert found("They will meet on Friday.", wednesday) == [day("Friday", "2021-03-12")]
    assert found("They are due to meet on Friday.", wednesday) == [day("Friday", "2021-03-12")]
    assert found("They had planned nothing, he said on Friday.", wednesday) == [day("Friday", "2021-03-05")]


def test_the_weekday_of_publication_is_the_day_itself() -> None:
    assert found("Parliament approved it on Wednesday.", date(2021, 3, 10)) == [day("Wednesday", "2021-03-10")]


def test_a_year_is_inferred_from_tense_and_closeness() -> None:
    assert found("The dialogue was held on April 11.", date(2022, 9, 6)) == [day("April 11", "2022-04-11")]
    assert found("The hearing begins on January 13.", date(2019, 6, 1)) == [day("January 13", "2020-01-13")]
    assert found("The ship sailed on December 24.", date(2021, 3, 10)) == [day("December 24", "2020-12-24")]


def test_a_weekday_beside_a_date_without_a_year_chooses_the_year() -> None:
    assert found("The concert is on Wednesday, Dec. 7.", date(2021, 4, 7)) == [day("Wednesday, Dec. 7", "2022-12-07")]


def test_an_ambiguous_numeric_date_is_read_day_first_and_not_certain() -> None:
    (time,) = find_times("Signed 04/05/2021.", date(2021, 6, 1))
    assert (time.earliest, time.certain) == (date(2021, 5, 4), False)
    (time,) = find_times("Signed 11/30/2019.", date(2021, 6, 1))
    assert (time.earliest, time.certain) == (date(2019, 11, 30), True)


def test_a_relative_time_in_a_quotation_resolves_against_publication_but_is_not_certain() -> None:
    text = "“We resign tomorrow,” he said. He resigns tomorrow."
    quoted, said = find_times(text, date(2021, 3, 10))
    assert (quoted.earliest, quoted.certain) == (date(2021, 3, 11), False)
    assert (said.earliest, said.certain) == (date(2021, 3, 11), True)


def test_a_year_that_is_part_of_a_name_is_told_apart_by_its_rule() -> None:
    times = find_times("In 2019 they cited the 2008 Joint Declaration.", date(2022, 9, 6))
    assert [(time.earliest.year, time.rule, time.anchor) for time in times] == [
        (2019, "year", Anchor.ABSOLUTE),
        (2008, "year-modifier", Anchor.ABSOLUTE),
    ]


def test_a_range_comes_with_its_ends_and_gives_them_its_year() -> None:
    assert found("It was closed from January 24 to June 10, 2016.", date(2024, 9, 13)) == [
        ("January 24 to June 10, 2016", "2016-01-24", "2016-06-10", "range"),
        day("January 24", "2016-01-24"),
        day("June 10, 2016", "2016-06-10"),
    ]


def test_a_meeting_moved_from_one_day_to_another_is_no_range() -> None:
    assert found("The vote was moved from October 10 to November 14.", date(2019, 10, 8)) == [
        day("October 10", "2019-10-10"),
        day("November 14", "2019-11-14"),
    ]


def test_the_following_day_counts_from_the_event_and_not_from_what_lay_before_it() -> None:
    text = (
        "Restorers found it on Tuesday. It had been sent away on February 26. Police closed the case the following day."
    )
    assert found(text, date(2016, 5, 12))[-1] == day("the following day", "2016-05-11")


def test_days_after_an_event_told_behind_a_day_date_the_event() -> None:
    text = "He arrived on Thursday, eight days after the court ruled."
    assert found(text, date(2022, 6, 17)) == [day("Thursday", "2022-06-16"), day("eight days after", "2022-06-08")]


@pytest.mark.parametrize(
    "text",
    [
        "The 12-year-old signed a two-year deal and waited for two weeks.",
        "The market is held every Monday and on Sundays.",
        "Orlow won 2-1 before the 2+2 meeting; 2019 people paid 2,000 crowns each.",
        "They may march, prices may fall, and a second spring broke.",
        "Theresa May read the Sunday Times on Super Tuesday.",
        "It runs on version 3.11 and costs $2015 at 1900 GMT.",
        "It was the first visit in three years and the third storm in two weeks.",
    ],
)
def test_what_only_looks_like_a_time_is_not_returned(text: str) -> None:
    assert found(text, date(2024, 2, 29)) == []


def test_a_moment_of_publication_counts_by_its_own_calendar_day() -> None:
    moment = datetime(2021, 3, 10, 23, 30, tzinfo=timezone.utc)
    assert [time.earliest for time in find_times("It closed yesterday.", moment)] == [date(2021, 3, 9)]


def test_capitals_do_not_matter_in_a_question_without_any() -> None:
    assert found("who resigned in may", date(2022, 9, 6)) == [("may", "2022-05-01", "2022-05-31", "month")]
    assert found("who may resign", date(2022, 9, 6)) == []


@pytest.mark.parametrize(
    ("words", "named", "earliest", "latest"),
    [
        ("last week", "last week", "2022-08-29", "2022-09-04"),
        ("in march 2021", "march 2021", "2021-03-01", "2021-03-31"),
        ("since 2019", "2019", "2019-01-01", "2019-12-31"),
        ("before June 2020", "June 2020", "2020-06-01", "2020-06-30"),
        ("may", "may", "2022-05-01", "2022-05-31"),
        ("between 2015 and 2019", "2015 and 2019", "2015-01-01", "2019-12-31"),
    ],
)
def test_a_phrase_of_a_question_resolves_against_the_day_it_is_asked(
    words: str, named: str, earliest: str, latest: str
) -> None:
    time = resolve_phrase(words, asked_on=date(2022, 9, 6))
    assert time is not None
    assert (words[time.start : time.end], time.earliest.isoformat(), time.latest.isoformat()) == (
        named,
        earliest,
        latest,
    )


def test_a_phrase_without_a_time_resolves_to_nothing() -> None:
    assert resolve_phrase("the second India-Japan 2+2", asked_on=date(2022, 9, 6)) is None


def test_a_week_from_a_day_and_the_day_before_that_are_counted() -> None:
    assert found("The funeral is a week tomorrow.", date(2024, 11, 14)) == [day("a week tomorrow", "2024-11-22")]
    text = "Two were killed on Thursday, and the day before that hoardings were torn down."
    assert found(text, date(2019, 12, 13)) == [day("Thursday", "2019-12-12"), day("the day before that", "2019-12-11")]


def test_votes_that_are_counted_are_no_verb_in_the_present() -> None:
    assert found("He won by 214 votes in the election on Thursday.", date(2023, 5, 6)) == [
        day("Thursday", "2023-05-04")
    ]


def test_a_date_in_a_clause_about_a_year_is_of_that_year() -> None:
    assert found("Its best year was 2016, when the stern came home on March 4.", date(2022, 6, 15)) == [
        ("2016", "2016-01-01", "2016-12-31", "year"),
        day("March 4", "2016-03-04"),
    ]


@pytest.mark.parametrize(
    ("text", "published", "words", "iso"),
    [
        # A verb's own tense, whatever stands near.
        ("The pilot had to break off on Tuesday.", "2020-11-13", "Tuesday", "2020-11-10"),
        ("The hostages were set free on Wednesday.", "2018-09-21", "Wednesday", "2018-09-19"),
        ("The vote was set for Wednesday.", "2018-09-21", "Wednesday", "2018-09-26"),
        ("Chairman Kypris resigned on Wednesday.", "2017-03-10", "Wednesday", "2017-03-08"),
        ("The search ended at sunset on Wednesday.", "2018-02-16", "Wednesday", "2018-02-14"),
        ("The voyage ended in Rhodes as planned on Tuesday.", "2019-07-19", "Tuesday", "2019-07-16"),
        ("The board chose her by five votes to four on Tuesday.", "2022-01-28", "Tuesday", "2022-01-25"),
        ("Both sides agreed to it on Tuesday.", "2019-03-22", "Tuesday", "2019-03-19"),
        ("Both sides agreed to meet on Tuesday.", "2019-03-22", "Tuesday", "2019-03-26"),
        ("On Friday it asked to be released.", "2018-02-06", "Friday", "2018-02-02"),
        ("She was chosen on Wednesday to be secretary.", "2024-09-13", "Wednesday", "2024-09-11"),
        ("The men were let go on Monday.", "2019-02-28", "Monday", "2019-02-25"),
        ("Boats may leave from Friday.", "2022-04-13", "Friday", "2022-04-15"),
        ("A deer was seen in May and again on Friday.", "2022-06-13", "Friday", "2022-06-10"),
        # What lasted until a day is past, and what was put off until one is not.
        ("The talks went on until Thursday.", "2019-05-24", "Thursday", "2019-05-23"),
        ("The plan was not signed until 7 May.", "2021-10-08", "7 May", "2021-05-07"),
        ("The talks were put off until Thursday.", "2019-05-24", "Thursday", "2019-05-30"),
        # Nobody means a day most of a year ahead by words that fit one of last month.
        ("The case was brought forward to 7 November.", "2016-12-07", "7 November", "2016-11-07"),
        ("The next run is on September 8.", "2023-09-11", "September 8", "2024-09-08"),
        # Weekdays with what says of which week they are.
        ("They met on Friday last from nine to five.", "2016-05-06", "Friday last", "2016-04-29"),
        ("The games end on Sunday next.", "2014-06-23", "Sunday next", "2014-06-29"),
        ("The treaty came into force last Thursday.", "2018-11-23", "last Thursday", "2018-11-15"),
        (
            "The office said so on Friday of the week before last.",
            "2020-01-22",
            "Friday of the week before last",
            "2020-01-10",
        ),
        ("It met on Thursday and Friday of last week.", "2023-03-17", "Thursday", "2023-03-09"),
        ("They voted on Thursday, and the Monday before, in Oslo.", "2015-12-11", "the Monday before", "2015-12-07"),
        # Days of a month.
        ("The ban was lifted on the 13th after a row.", "2014-10-24", "the 13th", "2014-10-13"),
        ("It has been open since the 8th.", "2019-05-17", "the 8th", "2019-05-08"),
        ("It was set for 11 January but began on the 25th.", "2016-02-26", "the 25th", "2016-01-25"),
        # Feasts.
        ("The prize was given on Ash Wednesday.", "2017-03-03", "Ash Wednesday", "2017-03-01"),
        ("Work should begin on St Patrick’s Day 2016.", "2015-08-28", "St Patrick’s Day 2016", "2016-03-17"),
        ("The store opened on Thanksgiving.", "2019-12-03", "Thanksgiving", "2019-11-28"),
        ("Prices fell after Memorial Day 2018.", "2019-01-03", "Memorial Day 2018", "2018-05-28"),
    ],
)
def test_a_day_is_the_one_that_its_sentence_means(text: str, published: str, words: str, iso: str) -> None:
    assert day(words, iso) in found(text, date.fromisoformat(published))


@pytest.mark.parametrize(
    "text",
    [
        "They live on the 5th floor.",
        "They came by the 2nd gate.",
        "Thanksgiving dinner was late.",
        "They may day by day improve.",
        "The film Halloween was shown.",
        "They stood at 90 for two by the 20th over.",
        "It lies between the 18th and the 19th hole.",
        "It was upheld by the 9th and 11th circuits.",
        "The Ash Wednesday fires killed dozens.",
        "He two-putted on the 18th to win by one.",
        "England won on the 3rd and final day.",
        "The fire began on the 12th and spread to the 14th floor.",
        "The tradition lasted until the 19th and early 20th centuries.",
        "The Bastille Day attack in Nice killed 86 people.",
        "The Ash Wednesday blaze killed 75 people.",
        "The Palm Sunday bombings killed 45 people.",
        "The Whit Friday contest was won by Brighouse.",
        "Congress made Juneteenth a federal holiday.",
    ],
)
def test_no_day_is_found_in_what_names_none(text: str) -> None:
    assert found(text, date(2020, 11, 13)) == []


@pytest.mark.parametrize("blank", ["\n", "\t", "\u00a0"])
@pytest.mark.parametrize("feast", ["Memorial Day", "Labor Day", "Ash Wednesday", "Good Friday", "Whit Monday"])
def test_a_feast_is_found_however_its_words_are_set_apart(feast: str, blank: str) -> None:
    (plain,) = found(f"It closed on {feast}, he said.", date(2020, 11, 13))
    (apart,) = found(f"It closed on {feast.replace(' ', blank)}, he said.", date(2020, 11, 13))
    assert apart[1:] == plain[1:]


@pytest.mark.parametrize(
    ("text", "words", "iso"),
    [
        ("The row over fees began on the 5th.", "the 5th", "2023-03-05"),
        ("The talks may proceed on Friday.", "Friday", "2023-03-17"),
        ("They may need help on Friday.", "Friday", "2023-03-17"),
        ("Profits more than doubled on Friday.", "Friday", "2023-03-10"),
        ("They were told on Friday to be ready.", "Friday", "2023-03-10"),
        ("After the May elections he left on Friday.", "Friday", "2023-03-10"),
    ],
)
def test_words_that_look_like_others(text: str, words: str, iso: str) -> None:
    assert day(words, iso) in found(text, date(2023, 3, 15))


def test_other_tables_have_another_name_so_that_an_index_made_with_these_is_refused() -> None:
    told = sha256("\n".join(f"{rule.name} {rule.pattern}" for rule in TABLE).encode()).hexdigest()
    assert (TIME_TABLES, told[:12]) == ("times-7", "748050950d87"), "give TIME_TABLES its next name, and this test both"
