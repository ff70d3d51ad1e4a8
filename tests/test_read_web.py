"""Saved pages and feeds give their articles, nothing is fetched, and monstrous ones are refused at once."""

from __future__ import annotations

import socket
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFileError
from corpus.read import read_file
from corpus.types import Article, Unreadable
from corpus.web import fragment_text, parse_html

TODAY = date(2025, 6, 1)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(folder: Path, content: str | bytes, name: str) -> list[Article | Unreadable]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_file(path, today=TODAY))


def refusal(folder: Path, content: str | bytes, name: str) -> str:
    with pytest.raises(UnreadableFileError) as told:
        read(folder, content, name)
    assert "\n" not in str(told.value)
    return str(told.value)


PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Talks in Delhi | The Herald</title>
<meta property="og:title" content="Talks in Delhi"><meta property="og:site_name" content="The Herald">
<meta property="article:published_time" content="2022-09-06T23:30:00+05:30">
<meta property="article:modified_time" content="2022-09-07T08:00:00+05:30">
<meta name="author" content="Jane Roe"><link rel="canonical" href="https://herald.example/talks">
<script>var x = "<p>not this</p>";</script></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<article><h1>Talks in Delhi</h1>
<p>The ministers of the two countries met in <b>Delhi</b> on Tuesday and talked for three hours.</p>
<p>They will meet again in Tokyo next year, a spokesman said, but he would not name a day for it.</p></article>
<footer>Copyright 2024 The Herald. All rights reserved. <a href="/terms">Terms of use</a></footer></body></html>"""


def test_a_page_gives_its_main_text_and_what_it_states_about_itself(tmp_path: Path) -> None:
    (article,) = read(tmp_path, PAGE, "page.html")
    assert isinstance(article, Article)
    india = timezone(timedelta(hours=5, minutes=30))
    assert article.title == "Talks in Delhi"
    assert article.published == datetime(2022, 9, 6, 23, 30, tzinfo=india)
    assert article.updated == datetime(2022, 9, 7, 8, 0, tzinfo=india)
    assert (article.source, article.author, article.url) == ("The Herald", "Jane Roe", "https://herald.example/talks")
    assert article.text == (
        "The ministers of the two countries met in Delhi on Tuesday and talked for three hours.\n\n"
        "They will meet again in Tokyo next year, a spokesman said, but he would not name a day for it."
    )
    assert "Terms" not in article.text
    assert "not this" not in article.text
    assert "Sport" not in article.text


def test_a_page_without_a_date_is_undated(tmp_path: Path) -> None:
    text = "The company was founded in 1995 and moved to Lyon in 2004, where it has 300 people at work today."
    (article,) = read(tmp_path, f"<html><head><title>A firm</title></head><body><p>{text}</p></body></html>", "a.htm")
    assert isinstance(article, Article)
    assert (article.published, article.text) == (None, text)


def test_a_page_is_decoded_as_it_declares(tmp_path: Path) -> None:
    words = "Министр иностранных дел прибыл в Москву в среду, и переговоры начнутся завтра утром."
    page = f'<html><head><meta charset="koi8-r"><title>Визит</title></head><body><p>{words}</p></body></html>'
    (article,) = read(tmp_path, page.encode("koi8-r"), "a.html")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Визит", words)


@pytest.mark.parametrize(
    "bomb",
    [
        "<html><body>" + "<div>" * 200_000 + "some words",
        "<html><body><p>" + "<span>some words</span> " * 50_000,
        "<html><body><p " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">some words</p>",
        "<html><body>" + "<script>" * 500_000 + "some words",
        "<html><body>" + "<meta " * 500_000,
        "<" * 3_000_000,
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body>' + "<b>" * 30_000,
        "<html><body><p>" + "word " * 3_000_000,
    ],
    ids=["nested", "siblings", "attributes", "scripts", "open tags", "brackets", "entities", "one line"],
)
def test_a_page_made_to_keep_a_reader_busy_is_refused_quickly(tmp_path: Path, bomb: str) -> None:
    began = time.perf_counter()
    reason = refusal(tmp_path, bomb, "bomb.html")
    assert reason.startswith(("its HTML", "no article is found in its HTML", "it has 15 MB"))
    assert time.perf_counter() - began < 5


def test_a_page_of_links_or_scripts_has_no_article(tmp_path: Path) -> None:
    for page in ("<html><body><script>app()</script></body></html>", "<html></html>", "<a href='x'>x</a>"):
        assert refusal(tmp_path, page, "a.html").startswith("no article is found in its HTML")


def test_a_fragment_gives_its_blocks_as_paragraphs() -> None:
    fragment = (
        "<p>One &amp; <b>two</b><br>three</p><script>no()</script><ul><li>four<li>five</ul> six <img src=x> &#x1f600;"
    )
    assert fragment_text(fragment) == "One & two\n\nthree\n\nfour\n\nfive\n\nsix 😀"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_fragment(text: str) -> None:
    assert isinstance(fragment_text(text), str)
    assert isinstance(fragment_text(f"<p>{text}</p><!{text}><{text}>&{text};"), str)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div>", "<a href=", "words and words. ", "<!--", "-->", "&", "<table>", "]]>"])
    )
)
def test_any_page_is_read_or_refused(parts: list[str]) -> None:
    try:
        assert parse_html("<html><body>" + "".join(parts)).text
    except UnreadableFileError as error:
        told = str(error)
        assert "\n" not in told


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Herald &amp; Post</title><language>en-gb</language>
<item><title>Talks &lt;b&gt;end&lt;/b&gt;</title><link>https://herald.example/1</link><guid>https://herald.example/?p=1</guid>
<pubDate>Tue, 06 Sep 2022 23:30:00 -0400</pubDate><author>jane@herald.example (Jane Roe)</author>
<description>Short form.</description>
<content:encoded><![CDATA[<p>The ministers met.</p><p>They <i>left</i> &amp; said no more.</p><img src="http://t.example/x.gif">]]></content:encoded></item>
<item><title>No words</title><guid isPermaLink="false">2</guid></item>
<item><guid isPermaLink="false">3</guid><pubDate>2022-09-07</pubDate><description>They met again.</description></item>
<item><pubDate>last week</pubDate><description>They met.</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Agency</title><entry><id>urn:a:1</id><title>Talks</title>
<published>2022-09-06T10:00:00+02:00</published><updated>2022-09-06T12:00:00+02:00</updated><author><name>Max</name></author>
<link href="https://agency.example/1"/><content type="html">&lt;p&gt;They met.&lt;/p&gt;</content></entry></feed>"""


def test_each_entry_of_a_feed_is_an_article_and_one_without_text_is_told(tmp_path: Path) -> None:
    first, second, third, fourth = read(tmp_path, RSS, "feed.rss")
    assert isinstance(first, Article)
    assert (first.id, first.title, first.source) == ("https://herald.example/?p=1", "Talks end", "The Herald & Post")
    assert first.text == "The ministers met.\n\nThey left & said no more."
    assert (first.url, first.language) == ("https://herald.example/1", "en-gb")
    assert first.published == datetime(2022, 9, 6, 23, 30, tzinfo=timezone(-timedelta(hours=4)))
    assert "Jane Roe" in first.author
    assert isinstance(second, Unreadable)
    assert (second.entry, second.reason) == ("entry 2", "it has no text")
    assert isinstance(third, Article)
    assert (len(third.id), third.title, third.published) == (16, "They met again.", date(2022, 9, 7))
    assert isinstance(fourth, Unreadable)
    assert fourth.reason == "the date 'last week' cannot be understood"


def test_atom_is_read_with_both_its_times(tmp_path: Path) -> None:
    (article,) = read(tmp_path, ATOM, "feed.atom")
    assert isinstance(article, Article)
    zone = timezone(timedelta(hours=2))
    assert (article.published, article.updated) == (
        datetime(2022, 9, 6, 10, tzinfo=zone),
        datetime(2022, 9, 6, 12, tzinfo=zone),
    )
    assert (article.id, article.author, article.text) == ("urn:a:1", "Max", "They met.")


def test_a_feed_cut_short_gives_its_whole_entries(tmp_path: Path) -> None:
    found = read(tmp_path, RSS[: RSS.index("<item><title>No words") + 15], "feed.xml")
    assert isinstance(found[0], Article)
    assert found[0].id == "https://herald.example/?p=1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>',
            "it declares XML entities",
        ),
        ("<html><body>Hello</body></html>", "it is not an RSS or Atom feed"),
        ("https://feeds.example/rss.xml", "it is not an RSS or Atom feed"),
        ('<rss version="2.0"><channel><title>x</title></channel></rss>', "the feed has no entries"),
        (b"\x00\x01\x02", "it is not an RSS or Atom feed"),
        ("", "it is empty"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert refusal(tmp_path, content, "feed.xml").startswith(reason)


def test_a_feed_nested_without_end_is_refused(tmp_path: Path) -> None:
    began = time.perf_counter()
    reason = refusal(tmp_path, "<rss version='2.0'><channel>" + "<item>" * 20_000, "feed.xml")
    assert reason == "1,000 of its entries hold no article: the rest is left unread"
    assert time.perf_counter() - began < 20
