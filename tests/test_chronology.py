"""First, latest, original, final, as of a day: which of several answers a question asks for."""

from datetime import date

from time_fakes import article, choose, chosen

PELL = article("pell", "Ingrid Pell is the chief executive of Halden.", date(2016, 3, 3))
REHN = article("rehn", "Tomas Rehn is the chief executive of Halden.", date(2019, 12, 2))
BOTH = ((PELL, "Ingrid Pell", 0.45), (REHN, "Tomas Rehn", 0.4))


def test_who_is_asks_for_the_last_one_reported() -> None:
    assert chosen("Who is the chief executive of Halden?", *BOTH) == "Tomas Rehn"


def test_who_is_asked_on_an_earlier_day_knows_nothing_of_later_ones() -> None:
    assert chosen("Who is the chief executive of Halden?", *BOTH, asked_on=date(2017, 1, 1)) == "Ingrid Pell"


def test_as_of_a_day_takes_the_value_then() -> None:
    assert chosen("Who was the chief executive of Halden as of 1 June 2018?", *BOTH) == "Ingrid Pell"


def test_in_a_year_without_reports_the_last_one_before_it_counts() -> None:
    later = article("later", "Adaeze Farrow is the chief executive of Halden.", date(2024, 2, 9))
    three = (*BOTH, (later, "Adaeze Farrow", 0.4))
    assert chosen("Who was the chief executive of Halden in 2022?", *three) == "Tomas Rehn"


def test_an_unlikely_rival_is_none_however_late() -> None:
    weak = (BOTH[0], (REHN, "Tomas Rehn", 0.05))
    assert chosen("Who is the chief executive of Halden?", *weak) == "Ingrid Pell"


def test_who_has_left_is_not_who_is_there_now() -> None:
    left = article(
        "left", "Tomas Rehn resigned as chief executive of Halden. Adaeze Farrow took over.", date(2024, 2, 9)
    )
    assert chosen("Who is the chief executive of Halden?", (left, "Tomas Rehn", 0.4), (left, "Adaeze Farrow", 0.3)) == (
        "Adaeze Farrow"
    )


def test_the_first_is_the_one_said_to_be_first() -> None:
    early = article("early", "The league met on 3 May 2011.", date(2011, 5, 4))
    named = article("named", "The first meeting of the league was on 2 June 2015.", date(2015, 6, 3))
    assert (
        chosen("When was the first meeting?", (early, "3 May 2011", 0.5), (named, "2 June 2015", 0.4)) == "2 June 2015"
    )


def test_the_first_is_the_earliest_event_when_no_words_say_so_and_not_the_earliest_article() -> None:
    later = article("later", "The league met on 2 June 2015.", date(2015, 6, 3))
    early = article("early", "The league met on 3 May 2011.", date(2020, 5, 4))
    assert (
        chosen("When was the first meeting?", (later, "2 June 2015", 0.5), (early, "3 May 2011", 0.4)) == "3 May 2011"
    )


def test_the_first_since_another_and_the_first_woman_are_no_first_meeting() -> None:
    first = article("first", "The first meeting was on 3 May 2011.", date(2011, 5, 4))
    since = article("since", "The meeting of 2 June 2009 was the first since 1998.", date(2009, 6, 3))
    online = article("online", "The first online meeting was on 9 March 2010.", date(2010, 3, 10))
    assert (
        chosen("When was the first meeting?", (since, "2 June 2009", 0.4), (first, "3 May 2011", 0.3)) == "3 May 2011"
    )
    assert (
        chosen("When was the first meeting?", (online, "9 March 2010", 0.4), (first, "3 May 2011", 0.3)) == "3 May 2011"
    )


def test_an_anniversary_is_not_the_event_that_it_remembers() -> None:
    text = "The bridge opened ten years ago today. A party was held on Monday."
    item = article("party", text, date(2024, 6, 4))
    choice = choose("When did the bridge open?", (item, "ten years ago today", 0.6))
    assert choice is not None
    time = choice.group.candidates[0].time
    assert time is not None
    assert (time.earliest, time.latest) == (date(2014, 6, 4), date(2014, 6, 4))


def test_the_second_is_the_one_beside_its_number() -> None:
    text = "The first round was held in May 2011, the second in June 2015, and the third in July 2019."
    rounds = article("rounds", text, date(2020, 1, 2))
    three = ((rounds, "May 2011", 0.4), (rounds, "June 2015", 0.3), (rounds, "July 2019", 0.2))
    assert chosen("When was the second round?", *three) == "June 2015"
    assert chosen("When was the third round?", *three) == "July 2019"


def test_the_latest_event_is_no_plan() -> None:
    met = article("met", "The ministers met on 3 May 2023.", date(2023, 5, 4))
    plan = article("plan", "The ministers will meet on 9 July 2025.", date(2024, 5, 4))
    two = ((plan, "9 July 2025", 0.5), (met, "3 May 2023", 0.4))
    assert chosen("When did the ministers last meet?", *two) == "3 May 2023"
    assert chosen("When is the next meeting of the ministers?", *two, asked_on=date(2025, 1, 1)) == "9 July 2025"


def test_a_plan_gives_way_to_the_report_of_what_happened_and_the_original_is_the_plan() -> None:
    plan = article("plan", "The trial is to open on 17 January 2022.", date(2021, 8, 13))
    began = article("began", "The trial had begun on 31 January 2022.", date(2022, 6, 9))
    two = ((plan, "17 January 2022", 0.5), (began, "31 January 2022", 0.4))
    assert chosen("When did the trial begin?", *two) == "31 January 2022"
    assert chosen("When was the trial originally due to begin?", *two) == "17 January 2022"


def test_a_plan_does_not_give_way_to_what_its_own_article_tells_of() -> None:
    died = article("died", "Ann Ray died on Sunday. The funeral is to be held tomorrow.", date(2023, 4, 28))
    two = ((died, "tomorrow", 0.45), (died, "Sunday", 0.25))
    assert chosen("On which day is the funeral of Ann Ray?", *two) == "tomorrow"


def test_what_was_compared_is_said() -> None:
    choice = choose("Who is the chief executive of Halden?", *BOTH)
    assert choice is not None
    assert choice.note == "Latest of 2 answers found, in articles of 2016–2019."


def test_a_question_without_order_keeps_the_most_likely() -> None:
    assert chosen("Who led Halden?", *BOTH) == "Ingrid Pell"


def test_an_undated_article_has_no_day_before_it() -> None:
    undated = article("undated", "Ingrid Pell is the chief executive of Halden.", None)
    both = ((undated, "Ingrid Pell", 0.45), (REHN, "Tomas Rehn", 0.4))
    assert chosen("Who was the chief executive of Halden in 2020?", *both) == "Tomas Rehn"
    assert chosen("Who was the chief executive of Halden in 2020?", (undated, "Ingrid Pell", 0.45)) == "Ingrid Pell"


def test_who_left_in_the_last_report_is_not_in_office_though_an_earlier_one_says_so() -> None:
    early = article("early", "The new chief executive, Tomas Rehn, takes over in May.", date(2019, 4, 2))
    late = article("late", "Tomas Rehn resigned as chief executive. Adaeze Farrow leads it for now.", date(2024, 2, 9))
    three = ((early, "Tomas Rehn", 0.3), (late, "Tomas Rehn", 0.1), (late, "Adaeze Farrow", 0.2))
    assert chosen("Who is the chief executive of Halden?", *three) == "Adaeze Farrow"


def test_who_came_after_is_whoever_is_said_to_have_come() -> None:
    before = article("before", "Coach Asier Olano called it bad news.", date(2023, 2, 14))
    after = article("after", "New coach Lucia Berrade, who replaced Asier Olano, was cheerful.", date(2023, 9, 18))
    two = ((before, "Asier Olano", 0.4), (after, "Lucia Berrade", 0.1))
    assert chosen("Who took over from him as coach?", *two) == "Lucia Berrade"


def test_whoever_holds_an_office_below_it_is_not_in_the_office_however_late_the_report() -> None:
    won = article("won", "Hamish Orde has won the election for mayor of Orrel.", date(2019, 5, 7))
    stays = article("stays", "Lucia Venn remains deputy mayor of Orrel.", date(2019, 5, 8))
    both = ((won, "Hamish Orde", 0.4), (stays, "Lucia Venn", 0.5))
    assert chosen("Who is mayor of Orrel?", *both) == "Hamish Orde"
    assert chosen("Who is deputy mayor of Orrel?", *both) == "Lucia Venn"


def test_whoever_rose_from_another_office_holds_the_one_they_came_into() -> None:
    older = article("older", "Hamish Orde is mayor of Orrel.", date(2019, 5, 7))
    newer = article("newer", "Deputy mayor Lucia Venn was sworn in as mayor of Orrel on Monday.", date(2020, 5, 8))
    assert chosen("Who is mayor of Orrel?", (older, "Hamish Orde", 0.4), (newer, "Lucia Venn", 0.6)) == "Lucia Venn"
