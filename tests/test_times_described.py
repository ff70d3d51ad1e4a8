"""Times said in words, never more finely than they were written."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.times import describe, find_times


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They met on Saturday.", "3 September 2022"),
        ("They met on 30 November 2019.", "30 November 2019"),
        ("They met in November 2019.", "November 2019"),
        ("They met in 2019.", "2019"),
        ("The ministers visit Japan (September 7-10).", "7–10 September 2022"),
        ("Orders fell in the second quarter of 2021.", "the second quarter of 2021"),
        ("It closed last week.", "the week of 29 August 2022"),
        ("It closed in the winter of 2020.", "winter 2020–21"),
        ("It closed in early June.", "early June 2022"),
        ("It closed in mid-2021.", "mid-2021"),
        ("It was built in the 1990s.", "the 1990s"),
        ("It was built in the late 1960s.", "late 1960s"),
        ("It closes at the end of next month.", "the end of October 2022"),
        ("It closes at the end of 2023.", "the end of 2023"),
        ("It opens later this year.", "2022"),
        ("It opens in the last week of November.", "the last week of November 2022"),
        ("It opened in the first week of May 2021.", "the first week of May 2021"),
        ("It ran from November 2019 to February 2020.", "November 2019 – February 2020"),
        ("It ran from 2015 to 2019.", "2015–2019"),
        ("It ran from 28 September to 4 October 2020.", "28 September – 4 October 2020"),
        ("It was dry for the past ten years.", "2012–2022"),
        ("It belongs to the 19th century.", "1800–1899"),
    ],
)
def test_a_time_is_said_as_finely_as_it_was_written(text: str, words: str) -> None:
    assert describe(find_times(text, date(2022, 9, 6))[0]) == words
