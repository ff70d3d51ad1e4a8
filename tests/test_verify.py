"""Nothing is said that the cited words do not hold."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.times import find_times
from corpus.types import Article
from qa.types import Citation, Sentence
from qa.verify import PUBLICATION_DATE, RESOLVED_DATE, quote_is_exact, unsupported

TEXT = "Ministers of Norland will visit Estavia tomorrow (Wednesday) with 14 officials. “We are ready,” Ann Lund said."
ARTICLE = Article("a1", "Visit", TEXT, date(2022, 9, 6), "hash", source="Harbour Wire")
CITATION = Citation(1, "a1", "Visit", "2022-09-06", "Harbour Wire", "", 0, len(TEXT), TEXT)
TIMES = {"a1": tuple(find_times(TEXT, date(2022, 9, 6)))}


def missing(text: str, *rules: str) -> tuple[str, ...]:
    return unsupported(Sentence(text, (1,), rules), {1: CITATION}, {"a1": ARTICLE}, TIMES)


@pytest.mark.parametrize(
    "text",
    ["Ministers of Norland will visit Estavia.", "Ann Lund said “We are ready,” with 14 officials.", "it went ahead"],
)
def test_words_of_the_cited_span_may_be_said(text: str) -> None:
    assert missing(text) == ()


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("Ministers of Norland will visit Portugal.", "Portugal"),
        ("Ministers came with 15 officials.", "15"),
        ("Ann Lund said “We are not ready”.", "We are not ready"),
        ("Ministers of Norland visit on 7 September 2022.", "September"),
    ],
)
def test_an_invented_name_number_quotation_or_date_is_caught(text: str, invented: str) -> None:
    assert invented in missing(text)


def test_a_date_may_be_said_when_the_rule_resolves_the_cited_words_to_it() -> None:
    assert (
        missing("7 September 2022: the article of 6 September 2022 says “tomorrow”.", RESOLVED_DATE, PUBLICATION_DATE)
        == ()
    )


def test_a_rule_excuses_only_the_day_it_derives() -> None:
    assert "8" in missing("8 September 2022", RESOLVED_DATE, PUBLICATION_DATE)
    assert missing("6 September 2022", RESOLVED_DATE) != ()


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_a_quote_is_exact_only_at_its_own_span(start: int, end: int) -> None:
    quoted = replace(CITATION, start=start, end=end)
    assert quote_is_exact(quoted, ARTICLE) == (TEXT[start:end] == TEXT)
    assert quote_is_exact(replace(quoted, quote=TEXT[start:end]), ARTICLE)
    assert not quote_is_exact(CITATION, replace(ARTICLE, id="another"))
