"""The source panel: the whole article, the quoted words marked, and nothing of it taken for markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from html.parser import HTMLParser

import pytest
from chat_fakes import make_article
from hypothesis import given
from hypothesis import strategies as st

from qa.chat.source import CHANGED, SHOWN_CHARACTERS, render_source, render_text, safe_url
from qa.chat.types import Target, quote_digest

TEXT = "The talks opened on Monday.\nThe first 2+2 was held in New Delhi.\n\nBoth sides agreed to meet again."
ARTICLE = make_article("Talks", TEXT, published=date(2022, 9, 6), source="Meridian Wire", author="A. Rao")


class Reading(HTMLParser):
    """What a browser would read: the text of the article's paragraphs, what is marked in it, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.marked = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "p":
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if "p" in self._open:
            self.paragraphs[-1] += data
        if "mark" in self._open:
            self.marked += data


def target_of(quote: str) -> Target:
    start = TEXT.index(quote)
    return Target(ARTICLE.id, start, start + len(quote), quote_digest(quote), number=1)


# A browser reads a lone carriage return as a line end; articles hold none, nor any other control character.
ARTICLE_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\n<>&\"'{}$`"), max_size=200)


@given(ARTICLE_TEXT, st.integers(0, 200), st.integers(0, 200))
def test_the_marked_words_are_the_span_and_the_paragraphs_are_the_whole_text(text: str, one: int, other: int) -> None:
    start, end = min(one, other, len(text)), min(max(one, other), len(text))
    reading = Reading(render_text(text, start, end))
    assert reading.marked == text[start:end].replace("\n", "")
    assert reading.paragraphs == [line for line in text.split("\n") if line]


def test_the_panel_names_title_source_day_author_and_number() -> None:
    html = render_source(ARTICLE, target_of("The first 2+2 was held in New Delhi."))
    assert Reading(html).marked == "The first 2+2 was held in New Delhi."
    for said in (
        "Source 1",
        ">Talks</h2>",
        "Meridian Wire",
        '<time datetime="2022-09-06">6 September 2022</time>',
        "A. Rao",
    ):
        assert said in html


def test_an_article_opened_as_a_whole_has_nothing_marked() -> None:
    html = render_source(ARTICLE, Target(ARTICLE.id))
    assert "<mark" not in html
    assert CHANGED not in html


def test_words_that_are_no_longer_at_their_place_are_not_marked_and_the_reader_is_told() -> None:
    changed = replace(ARTICLE, text="Correction. " + TEXT)
    html = render_source(changed, target_of("The first 2+2 was held in New Delhi."))
    assert "<mark" not in html
    assert CHANGED in html


def test_the_day_shown_is_that_of_the_place_of_publication() -> None:
    late = datetime(2022, 9, 6, 23, 30, tzinfo=timezone.utc)
    assert "6 September 2022" in render_source(replace(ARTICLE, published=late), Target(ARTICLE.id))
    assert "undated" in render_source(replace(ARTICLE, published=None), Target(ARTICLE.id))


@pytest.mark.parametrize(
    "url", ["https://news.example/a?b=1&c=2", "http://news.example:8080/", " https://news.example "]
)
def test_web_addresses_are_linked_in_a_new_page_that_learns_nothing(url: str) -> None:
    tags = Reading(render_source(replace(ARTICLE, url=url), Target(ARTICLE.id))).tags
    (link,) = [attributes for tag, attributes in tags if tag == "a"]
    assert (link["href"], link["target"], link["rel"]) == (url.strip(), "_blank", "noopener noreferrer")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://news.example",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//news.example/a",
        "https://",
        "https://news.example/a b",
        "https:\\\\news.example",
        "http://[broken",
        "news.example",
        "",
    ],
)
def test_anything_else_in_the_url_is_not_linked(url: str) -> None:
    assert safe_url(url) == ""
    assert "<a " not in render_source(replace(ARTICLE, url=url), Target(ARTICLE.id))


def test_a_very_long_article_is_cut_around_its_mark_and_says_so() -> None:
    text = "x" * 3 * SHOWN_CHARACTERS + "QUOTE" + "y" * 3 * SHOWN_CHARACTERS
    start = text.index("QUOTE")
    html = render_text(text, start, start + 5)
    assert Reading(html).marked == "QUOTE"
    assert len(html) < 1.1 * SHOWN_CHARACTERS
    assert f"{len(text):,} characters" in html


def test_an_article_opened_from_an_answer_leads_back_to_all_of_its_sources() -> None:
    assert 'data-evidence="2"' in render_source(ARTICLE, Target(ARTICLE.id, turn=2))
    assert "data-evidence" not in render_source(ARTICLE, Target(ARTICLE.id))


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="no span runs from 3 to 2"):
        Target("a", 3, 2)
