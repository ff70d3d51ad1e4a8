"""Times found in articles, as sentences say them and as days."""

from __future__ import annotations

from datetime import date

from corpus.times import find_times


def found(text: str, published: date | None) -> list[tuple[str, str, str, str]]:
    return [
        (text[time.start : time.end], time.earliest.isoformat(), time.latest.isoformat(), time.granularity.value)
        for time in find_times(text, published)
    ]


def test_a_day_explained_in_brackets_is_one_day() -> None:
    assert found("The visit starts tomorrow (Wednesday).", date(2022, 9, 6)) == [
        ("tomorrow", "2022-09-07", "2022-09-07", "day"),
        ("Wednesday", "2022-09-07", "2022-09-07", "day"),
    ]


def test_last_month_is_a_month_and_not_a_day() -> None:
    assert found("The plant closed last month.", date(2020, 6, 11)) == [
        ("last month", "2020-05-01", "2020-05-31", "month")
    ]


def test_an_undated_article_resolves_only_what_names_its_year() -> None:
    assert found("They met on Friday, on 30 November 2019 and last year.", None) == [
        ("30 November 2019", "2019-11-30", "2019-11-30", "day")
    ]
