"""Corrections, updates and disagreement: the value that stands, and what it took the place of."""

from datetime import date

from time_fakes import answer, article, asking, chosen, retrieved, sources

from qa.revisions import find_revisions
from qa.types import Status

RECALL = article("recall", "Halden Foods is recalling 9,800 jars of Tarrow Gold sauce.", date(2021, 4, 29))
WIDENED = article(
    "widened",
    "Halden Foods widened its recall of Tarrow Gold to 12,400 jars on Tuesday, revised from the 9,800 that it gave.",
    date(2021, 5, 4),
    source="The Gazette",
)
JARS = ((RECALL, "9,800", 0.6), (WIDENED, "12,400", 0.1))


def test_a_revised_figure_is_given_with_the_day_and_the_one_before() -> None:
    composed = answer("How many jars of Tarrow Gold did Halden Foods recall?", *JARS)
    assert composed.status is Status.ANSWERED
    assert composed.short_answer == "12,400"
    assert composed.sentences[0].text == "12,400: revised on 4 May 2021 from 9,800."
    (rival,) = composed.alternatives
    assert (rival.short_answer, rival.note) == ("9,800", "given at first, in the article of 29 April 2021")
    assert composed.citations[rival.citations[0] - 1].article_id == "recall"


def test_the_first_figure_is_given_when_it_is_asked_for() -> None:
    assert chosen("How many jars of Tarrow Gold did Halden Foods first say it recalled?", *JARS) == "9,800"


def test_as_of_a_day_before_the_revision_the_figure_is_the_old_one() -> None:
    assert chosen("How many jars of Tarrow Gold were recalled as of 1 May 2021?", *JARS) == "9,800"


def test_a_sentence_that_gives_both_is_a_revision_and_one_about_something_else_is_none() -> None:
    query = asking("How many jars of Tarrow Gold were recalled?")
    other = article("other", "The tower was raised to 90 metres from 80 last year.", date(2021, 5, 4))
    found = find_revisions(query, retrieved(WIDENED, other), sources(WIDENED, other))
    values = [(each.new.passage.text[each.new.start : each.new.end], each.old.start) for each in found]
    assert values == [("12,400", WIDENED.text.index("9,800"))]


def test_a_rate_that_changed_later_is_not_that_of_the_days_asked_about() -> None:
    held = article("held", "The bank kept its rate at 6.25 percent.", date(2023, 5, 12))
    cut = article("cut", "The bank lowered its rate to 5.75 percent from 6.25 percent on Thursday.", date(2024, 6, 14))
    assert chosen(
        "What was the rate of the bank in December 2023?", (held, "6.25 percent", 0.5), (cut, "5.75 percent", 0.3)
    ) == ("6.25 percent")


def test_sources_of_the_same_day_that_disagree_are_both_shown() -> None:
    mail = article("mail", "The fair drew 31,000 people.", date(2022, 9, 5), source="The Mail")
    post = article("post", "The fair drew 22,000 people.", date(2022, 9, 5), source="The Post")
    composed = answer("How many people did the fair draw?", (mail, "31,000", 0.5), (post, "22,000", 0.3))
    assert composed.short_answer == "31,000"
    assert [(rival.short_answer, rival.note) for rival in composed.alternatives] == [
        ("22,000", "The Post has this figure of the same days")
    ]


def test_a_value_and_the_one_that_it_took_the_place_of_support_each_other() -> None:
    first = article("first", "Halden Foods is recalling 9,800 jars of sauce.", date(2021, 4, 29))
    later = article("later", "Halden Foods recalled 12,400 jars of sauce, revised from 9,800.", date(2021, 5, 4))
    two = ((first, "9,800", 0.2), (later, "12,400", 0.2))
    assert answer("How many jars of sauce did Halden Foods recall?", *two).short_answer == "12,400"
    assert answer("How many jars of sauce did Haldane Foods recall?", *two).short_answer == ""
    assert answer("How many jars of sauce did Halden Foods recall?", two[0]).short_answer == ""


def test_all_that_was_ever_given_supports_what_stood_in_the_end() -> None:
    early = article("early", "The museum costs 54 million euros.", date(2010, 4, 29))
    late = article("late", "The museum opened, for 68 million euros.", date(2012, 5, 4))
    two = ((early, "54 million euros", 0.2), (late, "68 million euros", 0.15))
    assert answer("How much did the museum cost in the end?", *two).short_answer == "68 million euros"


def test_a_figure_is_not_revised_from_one_that_only_stands_beside_it() -> None:
    item = article(
        "visits",
        "Most came on the second visit, 11,300; on the first it was 5,940, a figure given at the time as 5,800.",
        date(2020, 1, 17),
    )
    (revision,) = find_revisions(asking("How many came on the first visit?"), retrieved(item), sources(item))
    said = [item.text[value.start : value.end] for value in (revision.new, revision.old)]
    assert said == ["5,940", "5,800"]
